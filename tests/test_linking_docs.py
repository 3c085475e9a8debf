"""docs/linking.md: its commands print what it says, its queries are asked, every rule, kind and predicate is named."""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
from pathlib import Path

from kgtool.build import open_built
from kgtool.link.kinds import PREDICATES
from kgtool.link.rules import RULES
from kgtool.link.suggest.model import read_model
from kgtool.linksets.targets import KINDS
from kgtool.namespaces import compress, read_prefixes
from kgtool.project import Project
from kgtool.terms import IRI
from tests.test_tutorial import matches, read_steps

_ROOT = Path(__file__).parent.parent
_PAGE = (_ROOT / "docs" / "linking.md").read_text(encoding="utf-8")


def test_every_command_prints_what_the_page_says() -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    steps = list(read_steps(_PAGE))
    assert len(steps) == 3
    for step in steps:
        environment = {**os.environ, "PATH": path}
        done = subprocess.run(
            ["bash", "-c", step.command], cwd=_ROOT, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        assert matches(step.output, done.stdout), f"docs/linking.md:{step.line}: {done.stdout}{done.stderr}"


def test_every_query_of_the_page_is_answered() -> None:
    store = open_built(Project(_ROOT))
    prefixes = read_prefixes(_ROOT / "ontology" / "prefixes.ttl")
    evidence, latitude = re.findall(r"```sparql\n(.*?)```", _PAGE, re.DOTALL)
    ((confidence, words, author),) = store.query(evidence, prefixes=prefixes).rows()
    assert confidence is not None
    assert words is not None
    assert (confidence.value, words.value) == ("0.95", "four public repositories agree")
    assert author == IRI("https://w3id.org/industrial-park/authors")
    assert list(store.query(latitude, prefixes=prefixes).rows()) == []


def test_the_page_names_every_rule_kind_and_predicate() -> None:
    known = {**read_prefixes(_ROOT / "ontology" / "prefixes.ttl")}
    for name in (*RULES, *KINDS, *(compress(iri, known) for iri in PREDICATES)):
        assert f"`{name}`" in _PAGE, f"docs/linking.md does not explain {name}"


def test_the_page_says_what_the_first_and_the_last_outcome_of_a_feature_is_worth() -> None:
    features = {one["output_column_name"]: one["comparison_levels"] for one in read_model()["comparisons"]}
    for name in ("standing", "parents", "kind", "country", "codes"):
        levels = [level for level in features[name] if not level.get("is_null_level")]
        row = next(line for line in _PAGE.splitlines() if line.startswith(f"| `{name}` |") and "bits" not in line)
        for level in (levels[0], levels[-1]):
            bits = f"{math.log2(level['m_probability'] / level['u_probability']):+.1f}".replace("-", "−")
            assert bits in row, f"docs/linking.md: {name}, {level['label_for_charts']}: {bits}"

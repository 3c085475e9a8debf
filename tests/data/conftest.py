"""What the tests of checks share: tiny graphs that a check finds fault with, and that a repair makes sound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kgtool.namespaces import compress, read_prefixes
from kgtool.queries.checks import PLACEHOLDER, CheckQuery, read_check
from kgtool.store.drafts import Draft

_ROOT = Path(__file__).parent.parent.parent
_OWN = {"ex": "https://example.org/id/", "s": "https://example.org/article/a/s", "graph": "https://example.org/graph/"}
_PREFIXES = read_prefixes(_ROOT / "ontology" / "prefixes.ttl") | _OWN
_HEADER = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in _PREFIXES.items())

#: Run a check on both readings of a case: the things that it finds in the broken one, and in the sound one.
Judge = Callable[[str, str], tuple[list[str], list[str]]]


@pytest.fixture(scope="session")
def checks() -> dict[str, CheckQuery]:
    """Every check of the project by name."""
    return {file.stem: read_check(file) for file in sorted((_ROOT / "queries" / "checks").rglob("*.rq"))}


@pytest.fixture(scope="session")
def judge(checks: dict[str, CheckQuery]) -> Judge:
    """Judge a case: a tiny TriG graph whose lines that start with ``-`` are the fault, those with ``+`` the repair."""

    def judge_case(name: str, case: str) -> tuple[list[str], list[str]]:
        return _find(checks[name], _reading(case, "-")), _find(checks[name], _reading(case, "+"))

    return judge_case


def _reading(case: str, mark: str) -> str:
    """Keep the lines of a case that have no mark, or this one."""
    kept = [line for line in case.splitlines() if line[:1] == mark or line[:1] not in ("-", "+")]
    return "\n".join(line.removeprefix(mark) for line in kept)


def _find(check: CheckQuery, data: str) -> list[str]:
    """Run a check on a tiny graph; what its texts have in braces must be bound in every row."""
    result = _union(data).query(check.text, file=check.file)
    named = {name for text in (*check.message.values(), *check.repair.values()) for name in PLACEHOLDER.findall(text)}
    found = set()
    for row in result.rows():
        bound = {variable: term for variable, term in zip(result.variables, row, strict=True) if term is not None}
        assert set(bound) >= named | {"focus"}, f"{check.file}: a row does not bind what its message says"
        found.add(compress(bound["focus"].value, _PREFIXES))
    return sorted(found)


def _union(data: str) -> Draft:
    """Load a tiny TriG graph as a build does: what is in its named graphs is in the default graph too."""
    draft = Draft()
    draft.load((_HEADER + data).encode(), "trig", file="case.trig")
    draft.unite(without=["graph:none"])
    return draft

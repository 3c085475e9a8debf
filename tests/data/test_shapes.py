"""Every shape refuses the example that names it, and nothing else; what is valid passes; the real graph conforms."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from kgtool.namespaces import IP, OWL, RDF, RDFS, SH, SKOS, compress, read_prefixes
from kgtool.positions import read_positions
from kgtool.project import Project
from kgtool.report import Finding
from kgtool.shacl.source import ExactSource
from kgtool.store.exact import ExactStore
from kgtool.terms import IRI, BlankNode, Literal, Term
from kgtool.validate import validate_project
from kgtool.validate.compiled import run_compiled
from kgtool.validate.shacl import run_shapes
from kgtool.validate.shapes import Shape, Shapes, read_shapes
from kgtool.validate.triples import Triples

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "ontology" / "examples"
SURROUNDINGS = EXAMPLES / "surroundings.ttl"
VALID = [SURROUNDINGS, *sorted(EXAMPLES.glob("*/valid-*.ttl"))]
INVALID = sorted(EXAMPLES.glob("*/invalid-*.ttl"))
SHAPE = "https://w3id.org/industrial-park/shapes/"


def compiled(shapes: Shapes, data: Triples) -> list[Finding]:
    store = ExactStore()
    store.extend(data)
    return run_compiled(shapes, ExactSource(store, lambda text: text.language or ""))


ENGINES = {"compiled": compiled, "pyshacl": run_shapes}

#: What a closed shape allows besides the paths of its class.
ALWAYS_ALLOWED = {RDF + "type", SKOS + "prefLabel", SKOS + "altLabel", SKOS + "hiddenLabel"}


def name_of(file: Path) -> str:
    return str(file.relative_to(EXAMPLES).with_suffix(""))


@cache
def read(*files: Path) -> Triples:
    return Triples((named(p.subject), p.predicate, named(p.object)) for file in files for p in read_positions(file))


def named(term: Term) -> Term:
    """Give a blank node a label that an engine takes."""
    return BlankNode(f"b{term.value.strip('[]')}") if isinstance(term, BlankNode) else term


def fires(file: Path) -> set[str]:
    """Return the shapes that an example says it breaks."""
    return set(re.findall(r"^# fires: (\S+)$", file.read_text(encoding="utf-8"), re.MULTILINE))


def texts(shapes: Shapes, node: Term, predicate: str) -> dict[str, str]:
    values = shapes.triples.values(node, IRI(predicate))
    return {(v.language or ""): v.value for v in values if isinstance(v, Literal)}


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return read_shapes(Project(ROOT).shape_files())


@pytest.fixture(scope="module")
def targeted(shapes: Shapes) -> list[Shape]:
    return shapes.targeted()


@pytest.fixture(scope="module")
def ontology() -> Triples:
    return read(*Project(ROOT).ontology_files())


@pytest.fixture(scope="module", params=["compiled", "pyshacl"])
def fired(request: pytest.FixtureRequest, shapes: Shapes, ontology: Triples) -> dict[str, set[str]]:
    """The shapes that each example breaks, as the store and as pySHACL find them.

    pySHACL needs a second for one example, most of it for the shapes, and two for all. No two files share an IRI
    (tested below), so they are validated in one go, and a finding belongs to the file that describes its focus.
    """
    owner: dict[Term, str] = {}
    triples = list(ontology)
    for file in [*VALID, *INVALID]:
        example = read(file)
        triples += example
        owner |= dict.fromkeys(example.subjects(), name_of(file))
    found: dict[str, set[str]] = {}
    for finding in ENGINES[request.param](shapes, Triples(triples)):
        assert finding.focus is not None
        assert isinstance(finding.shape, IRI), f"a shape without a name: {finding.check}"
        name = owner.get(finding.focus, f"no example: {finding.focus.value}")
        found.setdefault(name, set()).add(finding.shape.value.replace(SHAPE, "shape:"))
    return found


@pytest.mark.parametrize("file", VALID, ids=name_of)
def test_a_valid_example_has_no_finding(file: Path, fired: dict[str, set[str]]) -> None:
    assert fired.get(name_of(file), set()) == set()


@pytest.mark.parametrize("file", INVALID, ids=name_of)
def test_an_invalid_example_breaks_the_shapes_it_names_and_no_other(file: Path, fired: dict[str, set[str]]) -> None:
    assert fires(file), f"{file}: begin with '# fires: shape:…'"
    assert fired.get(name_of(file), set()) == fires(file)


def test_every_finding_belongs_to_an_example(fired: dict[str, set[str]]) -> None:
    assert [name for name in fired if name.startswith("no example")] == []


def test_every_shape_has_an_example_that_it_refuses(targeted: list[Shape]) -> None:
    refused = set().union(*map(fires, INVALID))
    missing = sorted({f"shape:{shape.name}" for shape in targeted} - refused)
    assert missing == [], "add ontology/examples/<class>/invalid-<what>.ttl for each"


def test_every_folder_of_examples_has_a_valid_and_an_invalid_one() -> None:
    folders = {folder.name for folder in EXAMPLES.iterdir() if folder.is_dir()}
    assert folders == {file.parent.name for file in VALID[1:]} == {file.parent.name for file in INVALID}


def test_no_two_examples_describe_the_same_thing() -> None:
    seen: dict[Term, str] = {}
    for file in [*VALID, *INVALID]:
        for subject in read(file).subjects():
            assert seen.setdefault(subject, name_of(file)) == name_of(file), subject


def test_every_example_is_about_an_invented_city() -> None:
    """Nothing in them is of Kunming, so that they hold for any project."""
    found = [name_of(file) for file in [*VALID, *INVALID] if "industrial-park/kunming" in file.read_text("utf-8")]
    assert found == []


def test_every_class_of_the_ontology_has_a_shape(targeted: list[Shape], ontology: Triples) -> None:
    looked_at = {value for shape in targeted for kind, value in shape.targets if kind == "targetClass"}
    missing = [
        compress(class_.value, {"ip": IP})
        for class_ in ontology.subjects()
        if isinstance(class_, IRI) and class_.value.startswith(IP) and IRI(OWL + "Class") in ontology.types(class_)
        if looked_at.isdisjoint(superclasses(class_, ontology))
    ]
    assert missing == []


def superclasses(class_: Term, ontology: Triples) -> set[Term]:
    found, waiting = {class_}, [class_]
    while waiting:
        above = [c for c in ontology.values(waiting.pop(), IRI(RDFS + "subClassOf")) if c not in found]
        found.update(above)
        waiting += above
    return found


def test_every_shape_has_a_name_a_message_and_a_repair_in_both_languages(shapes: Shapes, targeted: list[Shape]) -> None:
    both = {"en", "zh-Hans"}
    for shape in targeted:
        node = shape.node
        name = SH + "name" if shapes.path(node) is not None else RDFS + "label"
        for predicate in (name, SH + "message", IP + "repair"):
            assert set(texts(shapes, node, predicate)) == both, f"{shape.name}: {predicate}"


def test_every_shape_has_an_iri_of_its_own(targeted: list[Shape]) -> None:
    assert [shape.name for shape in targeted if not isinstance(shape.node, IRI)] == []
    assert [shape.node.value for shape in targeted if not shape.node.value.startswith(SHAPE)] == []


def test_a_property_shape_begins_with_the_name_of_its_family(targeted: list[Shape]) -> None:
    assert [shape.name for shape in targeted if not re.fullmatch(r"([A-Z]\w+Shape|statement)(-\w+)?", shape.name)] == []


def test_shapes_are_core_only(shapes: Shapes) -> None:
    """SPARQL constraints run once for each thing: whole-graph rules are queries/checks/*.rq."""
    assert shapes.triples.pairs(IRI(SH + "sparql")) == []


def test_no_shape_hands_its_things_on_one_by_one(shapes: Shapes, targeted: list[Shape]) -> None:
    """A target on the property shape itself lets pySHACL check a class at once: 1 s instead of 7."""
    assert [shape.name for shape in targeted if shapes.triples.values(shape.node, IRI(SH + "property"))] == []


def test_a_closed_shape_allows_what_the_shapes_of_its_class_speak_of(shapes: Shapes, targeted: list[Shape]) -> None:
    closed = [shape for shape in targeted if shapes.triples.values(shape.node, IRI(SH + "closed"))]
    assert closed
    for shape in closed:
        (head,) = shapes.triples.values(shape.node, IRI(SH + "ignoredProperties"))
        allowed = {term.value for term in shapes.triples.items(head)}
        targets = set(shape.targets)
        paths = [shapes.path(other.node) for other in targeted if targets <= set(other.targets)]
        spoken_of = {path.value for path in paths if isinstance(path, IRI)}
        assert allowed == spoken_of | ALWAYS_ALLOWED, shape.name


def test_the_real_graph_conforms() -> None:
    project = Project(ROOT)
    prefixes = read_prefixes(project.prefixes_file)
    findings = [finding for finding in validate_project(project).findings if finding.shape is not None]
    assert [(f.check, compress(f.focus.value, prefixes) if f.focus else None) for f in findings] == []

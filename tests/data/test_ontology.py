"""The ontology: its size, its texts in each language and script, and that everything defined is used and vice versa."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from kgtool.namespaces import IP, OWL, RDF, RDFS, SH, SKOS, read_prefixes
from kgtool.positions import read_positions
from kgtool.project import Project
from kgtool.terms import IRI, Literal
from kgtool.text.scripts import simplified_only_characters, traditional_only_characters
from kgtool.validate.triples import Triples

ROOT = Path(__file__).parent.parent.parent
PROJECT = Project(ROOT)
HEADER = IRI("https://w3id.org/industrial-park/ns")
PREFIXES = read_prefixes(PROJECT.prefixes_file)
DCTERMS, VANN, VS = PREFIXES["dcterms"], PREFIXES["vann"], PREFIXES["vs"]
CLASS = IRI(OWL + "Class")
PROPERTIES = [IRI(OWL + kind) for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")]

#: Prefixes of the examples: each file's own things, and the invented city.
OF_EXAMPLES = {"ex", "city"}

RDF_FILES = sorted(
    file for part in ("ontology", "graph") for file in (ROOT / part).rglob("*") if file.suffix in (".ttl", ".trig")
)
#: Files that may only use terms that exist. Invalid examples misspell some, and core.ttl is what defines them.
USING = [
    *(file for file in RDF_FILES if not file.name.startswith("invalid-")),
    *sorted((ROOT / "queries").rglob("*.rq")),
    *sorted((ROOT / "kgtool").rglob("*.py")),
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "README.md",
]


@cache
def read(*files: Path) -> Triples:
    return Triples((p.subject, p.predicate, p.object) for file in files for p in read_positions(file))


def ontology() -> Triples:
    return read(*PROJECT.ontology_files())


def of_kind(*kinds: IRI) -> list[IRI]:
    terms = ontology()
    return [
        t for t in terms.subjects() if isinstance(t, IRI) and t.value.startswith(IP) and set(kinds) & {*terms.types(t)}
    ]


def terms() -> list[IRI]:
    return of_kind(CLASS, *PROPERTIES)


def local(iri: IRI) -> str:
    return iri.value.removeprefix(IP)


def languages(subject: IRI, predicate: str) -> list[str]:
    return sorted(v.language or "" for v in ontology().values(subject, IRI(predicate)) if isinstance(v, Literal))


@cache
def mentions(file: Path) -> frozenset[str]:
    """Return the local names of our terms in a file: in code, comments and text."""
    form = r"(?:(?<![\w:?-])ip:|\bIP \+ \"|\{IP\})([A-Za-z][\w-]*)"
    return frozenset(re.findall(form, file.read_text(encoding="utf-8")))


def relative(file: Path) -> str:
    return str(file.relative_to(ROOT))


def test_there_are_35_to_45_classes() -> None:
    assert 35 <= len(of_kind(CLASS)) <= 45


def test_there_are_55_to_75_properties() -> None:
    assert 55 <= len(of_kind(*PROPERTIES)) <= 75


@pytest.mark.parametrize("term", terms(), ids=local)
def test_a_term_is_labelled_in_three_languages_and_defined_in_two(term: IRI) -> None:
    assert languages(term, RDFS + "label") == ["en", "zh-Hans", "zh-Hant"]
    assert languages(term, SKOS + "definition") == ["en", "zh-Hans"]


def test_every_term_says_what_defines_it_and_how_settled_it_is() -> None:
    said = ontology()
    assert [t for t in terms() if said.values(t, IRI(RDFS + "isDefinedBy")) != [HEADER]] == []
    assert [t for t in terms() if len(said.values(t, IRI(VS + "term_status"))) != 1] == []


def test_every_code_indicator_industry_and_component_is_named_defined_and_of_a_status() -> None:
    """What is no class or property is a term as well: its name is a skos:prefLabel, or the label of a component."""
    said = ontology()
    base = "https://w3id.org/industrial-park/"
    own = {t for t in said.subjects() if isinstance(t, IRI) and t.value.startswith(base)} - {HEADER}
    assert len(own) > 200
    names = {t: sorted(languages(t, SKOS + "prefLabel") + languages(t, RDFS + "label")) for t in own}
    assert {t.value for t in own if names[t] != ["en", "zh-Hans", "zh-Hant"]} == set()
    assert {t.value for t in own if languages(t, SKOS + "definition") != ["en", "zh-Hans"]} == set()
    assert {t.value for t in own if said.values(t, IRI(RDFS + "isDefinedBy")) != [HEADER]} == set()
    assert {t.value for t in own if len(said.values(t, IRI(VS + "term_status"))) != 1} == set()


def test_no_two_terms_have_one_label() -> None:
    """A class and a property may share a word (batch, indicator), two classes or two properties may not."""
    for kinds in ([CLASS], PROPERTIES):
        seen: dict[Literal, str] = {}
        for term in of_kind(*kinds):
            for label in ontology().values(term, IRI(RDFS + "label")):
                assert isinstance(label, Literal)
                assert seen.setdefault(label, local(term)) == local(term), label.value


def test_the_core_has_no_domains_or_ranges() -> None:
    """Light OWL: shapes say what may stand where. The ranges that Data Cube wants of its components are in vocab/."""
    core = read(ROOT / "ontology" / "core.ttl")
    assert core.predicates & {IRI(RDFS + "domain"), IRI(RDFS + "range")} == set()


def test_the_header_is_complete() -> None:
    said = ontology()

    def value(predicate: str) -> str:
        (only,) = said.values(HEADER, IRI(predicate))
        return only.value

    assert said.types(HEADER) == [IRI(OWL + "Ontology")]
    assert languages(HEADER, DCTERMS + "title") == ["en", "zh-Hans", "zh-Hant"]
    assert languages(HEADER, DCTERMS + "description") == ["en", "zh-Hans"]
    assert value(DCTERMS + "license") == "https://creativecommons.org/licenses/by/4.0/"
    assert value(OWL + "versionIRI") == f"{HEADER.value}/{value(OWL + 'versionInfo')}"
    assert value(VANN + "preferredNamespacePrefix") == "ip"
    assert value(VANN + "preferredNamespaceUri") == IP
    assert value(DCTERMS + "created") <= value(DCTERMS + "modified")


@pytest.mark.parametrize("file", USING, ids=relative)
def test_a_file_uses_terms_that_exist(file: Path) -> None:
    defined = {local(t) for t in ontology().subjects() if isinstance(t, IRI) and t.value.startswith(IP)}
    assert sorted(mentions(file) - defined) == [], "define it in ontology/core.ttl or vocab/, or correct the spelling"


def test_every_term_is_used() -> None:
    """In the graph, a shape, a rule or a code list: its own definition and alignment do not count."""
    counts = [f for f in USING if f.suffix in (".ttl", ".trig", ".rq") and f.name != "core.ttl"]
    used = set().union(*(mentions(f) for f in counts if "alignments" not in f.parts and "examples" not in f.parts))
    assert sorted({local(term) for term in terms()} - used) == []


def test_the_graph_has_every_class_and_property_that_a_rule_does_not_make() -> None:
    graph = read(
        *PROJECT.entity_files(), *(f for folder in PROJECT.article_folders() for f in sorted(folder.iterdir()))
    )
    instances = {type_ for subject in graph.subjects() for type_ in graph.types(subject)}
    made = "\n".join(file.read_text(encoding="utf-8") for file in PROJECT.derive_files())
    missing = [t for t in of_kind(CLASS) if t not in instances and not read_vocabularies().instances(t)]
    missing += [
        t for t in of_kind(*PROPERTIES) if t not in graph.predicates and t not in read_vocabularies().predicates
    ]
    shapes = read(*PROJECT.shape_files())
    left = [local(t) for t in missing if f"ip:{local(t)} " not in made and t not in shapes.predicates]
    assert left == []


def read_vocabularies() -> Triples:
    return read(*sorted((ROOT / "ontology" / "vocab").glob("*.ttl")))


def test_superclasses_of_other_vocabularies_stand_in_the_alignments() -> None:
    core = read(ROOT / "ontology" / "core.ttl")
    pairs = core.pairs(IRI(RDFS + "subClassOf")) + core.pairs(IRI(RDFS + "subPropertyOf"))
    assert [(s, o) for s, o in pairs if not o.value.startswith(IP)] == []


def test_every_concept_scheme_has_concepts() -> None:
    said = ontology()
    schemes = said.instances(IRI(SKOS + "ConceptScheme"))
    used = {value for _, value in said.pairs(IRI(SKOS + "inScheme"))}
    assert schemes == used


@pytest.mark.parametrize("file", RDF_FILES, ids=relative)
def test_a_file_declares_the_prefixes_it_uses_as_the_project_does(file: Path) -> None:
    own = OF_EXAMPLES if "examples" in file.parts else set()
    declared = {prefix: iri for prefix, iri in read_prefixes(file).items() if prefix not in own}
    assert declared == {p: PREFIXES[p] for p in declared if p in PREFIXES}, "take the lines of ontology/prefixes.ttl"
    text = re.sub(r"^@prefix .*$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    unused = [p for p in declared if not re.search(rf"(?<![\w:-]){re.escape(p)}:", text)]
    assert file == PROJECT.prefixes_file or unused == [], "delete their lines"


def test_prefixes_are_declared_for_shacl_as_well() -> None:
    said = read(PROJECT.prefixes_file)
    declared = {}
    for node in said.values(HEADER, IRI(SH + "declare")):
        (prefix,), (namespace,) = said.values(node, IRI(SH + "prefix")), said.values(node, IRI(SH + "namespace"))
        declared[prefix.value] = namespace.value
    assert declared == PREFIXES


def chinese(language: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a language in the ontology, the shapes and the entities, with the file it stands in."""
    for file in RDF_FILES:
        if "examples" in file.parts:
            continue
        for position in read_positions(file):
            value = position.object
            if isinstance(value, Literal) and (value.language or "").lower() == language:
                yield relative(file), value.value


def test_texts_in_traditional_chinese_hold_no_simplified_characters() -> None:
    assert [(file, text) for file, text in chinese("zh-hant") if simplified_only_characters(text)] == []


def test_texts_in_simplified_chinese_hold_no_traditional_characters() -> None:
    assert [(file, text) for file, text in chinese("zh-hans") if traditional_only_characters(text)] == []


def test_every_type_of_the_ontology_is_known() -> None:
    """A misspelt owl:Clas would hide a term from every test here."""
    said = ontology()
    namespaces = (OWL, RDF, RDFS, SKOS, PREFIXES["qb"], PREFIXES["qudt"], IP)
    types = {type_ for subject in said.subjects() for type_ in said.types(subject)}
    assert sorted(t.value for t in types if not t.value.startswith(namespaces)) == []
    own = {IP + local(t) for t in of_kind(CLASS)}
    assert sorted(t.value for t in types if t.value.startswith(IP) and t.value not in own) == []

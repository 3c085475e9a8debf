"""What the rules of ``queries/derive/`` make of the Kunming graph, and of a few figures of an invented city."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from kgtool.build import build
from kgtool.project import Project, shipped_root
from kgtool.store import Store, open_store
from kgtool.terms import IRI

_IP = "https://w3id.org/industrial-park/ns#"
_DERIVED = "https://w3id.org/industrial-park/kunming/derived/"

#: Worked out by hand from the article's numbers: value, least, greatest, how exact, unit.
#: A figure rounded to its last digit lies half a unit either way: 33.6 between 33.55 and 33.65.
_EXPECTED = {
    # 3.7 − 1; 3.65 − 1.5; 3.75 − 0.5
    "counterpart-growth/obs-output-growth-gap-kunming": ("2.7", "2.15", "3.25", "Exact", "PERCENT"),
    # 3.7 − 3.9; 3.65 − 3.95; 3.75 − 3.85
    "counterpart-growth/obs-output-growth-gap-yunnan-parks": ("-0.2", "-0.3", "-0.1", "Exact", "PERCENT"),
    # 9 − 2; 8.5 − 2.5; 9.5 − 1.5
    "counterpart-growth/obs-value-added-growth-gap-kunming": ("7", "6", "8", "Exact", "PERCENT"),
    # 9 − 0.7; 8.5 − 0.75; 9.5 − 0.65
    "counterpart-growth/obs-value-added-growth-gap-yunnan-parks": ("8.3", "7.75", "8.85", "Exact", "PERCENT"),
    "elapsed-days/tour-2023-01--meeting-economic-2023": ("11", "11", "11", "Exact", "DAY"),
    # 67.72 − 65, a target: 67.715 − 65; 67.725 − 65
    "exact-difference/obs-fumin-over-target": ("2.72", "2.715", "2.725", "Exact", "PercentagePoint"),
    # 71.25 − 13.4: 71.245 − 13.45; 71.255 − 13.35
    "exact-difference/obs-phosphogypsum-rise-2020": ("57.85", "57.795", "57.905", "Exact", "PercentagePoint"),
    "exact-difference/obs-phosphogypsum-rise-2021": ("53.81", "53.8", "53.82", "Exact", "PercentagePoint"),
    "exact-difference/obs-phosphogypsum-rise-2022": ("31.76", "31.75", "31.77", "Exact", "PercentagePoint"),
    # 38 / 65 = 58.4615 %, two counts
    "field-share/obs-blockchain-filed-enterprises": ("58.46", "58.46", "58.47", "Approximate", "PERCENT"),
    # 103.2 / 398.4 = 25.9036 %; 103.15 / 398.45 = 25.8878 %; 103.25 / 398.35 = 25.9194 %
    "field-share/obs-hi-tech-biomedicine-output": ("25.9", "25.88", "25.92", "Approximate", "PERCENT"),
    # 154.3 / 398.4 = 38.7299 %; 154.25 / 398.45 = 38.7125 %; 154.35 / 398.35 = 38.7473 %
    "field-share/obs-hi-tech-precious-metal-output": ("38.73", "38.71", "38.75", "Approximate", "PERCENT"),
    # 918 / 0.81 = 1133.33; 918 / 0.815 = 1126.38; 918 / 0.805 = 1140.37: whole numbers from 1127 to 1140
    "implied-total/obs-enterprises-share-kunming": ("1133", "1127", "1140", "Approximate", "NUM"),
    # 918 / 0.33 = 2781.82; 918 / 0.335 = 2740.30; 918 / 0.325 = 2824.62
    "implied-total/obs-enterprises-share-yunnan-parks": ("2782", "2741", "2824", "Approximate", "NUM"),
    # 4 / 0.4445 = 8.9989; 4 / 0.4435 = 9.0192: 9 alone
    "implied-total/obs-national-bases-share": ("9", "9", "9", "Exact", "NUM"),
    # 4486.20 / 0.898 = 4995.768; 4486.195 / 0.8985 = 4992.983; 4486.205 / 0.8975 = 4998.557
    "implied-total/obs-output-share-kunming": ("4995.77", "4992.98", "4998.56", "Approximate", "CNY"),
    # 4486.20 / 0.336 = 13351.786; 4486.195 / 0.3365 = 13331.932; 4486.205 / 0.3355 = 13371.699
    "implied-total/obs-output-share-yunnan-parks": ("13351.79", "13331.93", "13371.7", "Approximate", "CNY"),
    # 11 / 0.2565 = 42.885; 11 / 0.2555 = 43.053: 43 alone
    "implied-total/obs-provincial-bases-share": ("43", "43", "43", "Exact", "NUM"),
    # 4 / 0.405 = 9.877; 4 / 0.395 = 10.127: 10 alone
    "implied-total/obs-provincial-clusters-share": ("10", "10", "10", "Exact", "NUM"),
    # 398.4 − 103.2 − 154.3, three figures rounded to one digit: 0.15 either way
    "remainder/obs-hi-tech-leading-output": ("140.9", "140.75", "141.05", "Exact", "CNY"),
    # 65 − 38, two counts
    "remainder/obs-blockchain-residents": ("27", "27", "27", "Exact", "NUM"),
    # 27 / 65 = 41.5385 %
    "remainder-share/obs-blockchain-residents": ("41.54", "41.53", "41.54", "Approximate", "PERCENT"),
    # 140.9 / 398.4 = 35.3665 %; 1 − 257.6 / 398.35 = 35.3332 %; 1 − 257.4 / 398.45 = 35.3997 %
    "remainder-share/obs-hi-tech-leading-output": ("35.37", "35.33", "35.4", "Approximate", "PERCENT"),
    "span-in-years/plan-digital-revival": ("4", "4", "4", "Exact", "YR"),
    "span-in-years/plan-digital-three-year": ("3", "3", "3", "Exact", "YR"),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return _built(Project(shipped_root()), tmp_path_factory.mktemp("kunming"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the Kunming project, free to change."""
    for part in ("ontology", "graph", "queries"):
        shutil.copytree(shipped_root() / part, tmp_path / "copy" / part)
    return tmp_path / "copy"


def _built(project: Project, folder: Path) -> Store:
    return open_store(build(project, into=folder).folder / "store")


def _rows(store: Store, pattern: str) -> list[tuple[str, ...]]:
    """Ask for the variables of a pattern, in the order in which it names them, as plain text."""
    names = list(dict.fromkeys(re.findall(r"\?(\w+)", pattern)))
    prefixes = {
        "ip": _IP,
        "prov": "http://www.w3.org/ns/prov#",
        "qb": "http://purl.org/linked-data/cube#",
        "schema": "https://schema.org/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
    }
    select = " ".join(f"?{name}" for name in names)
    answer = store.query(f"SELECT DISTINCT {select} WHERE {{ {pattern} }} ORDER BY {select}", prefixes=prefixes)
    return [tuple("" if term is None else term.value for term in row) for row in answer.rows()]


def _local_name(iri: str) -> str:
    return re.sub(".*[/#]", "", iri)


def _values(store: Store) -> dict[str, tuple[str, ...]]:
    pattern = """
        ?derived a ip:DerivedObservation ; ip:value ?value ; ip:lowerBound ?lower ; ip:upperBound ?upper ;
            ip:qualifier ?qualifier ; ip:unit ?unit .
    """
    return {
        derived.removeprefix(_DERIVED): (value, lower, upper, _local_name(qualifier), _local_name(unit))
        for derived, value, lower, upper, qualifier, unit in _rows(store, pattern)
    }


def _remove(project: Path, statement: str) -> None:
    """Remove all that the facts say of a statement, in every sentence."""
    facts = project / "graph" / "articles" / "kunming-parks-2023" / "facts.trig"
    text = facts.read_text(encoding="utf-8")
    shorter = re.sub(rf"^    {re.escape(statement)}\n(?:        .*\n)+    \.\n", "", text, flags=re.MULTILINE)
    assert shorter != text
    facts.write_text(shorter, encoding="utf-8")


def _change(project: Path, old: str, new: str) -> None:
    facts = project / "graph" / "articles" / "kunming-parks-2023" / "facts.trig"
    text = facts.read_text(encoding="utf-8")
    assert old in text
    facts.write_text(text.replace(old, new), encoding="utf-8")


def test_derived_values_are_those_worked_out_by_hand(store: Store) -> None:
    assert _values(store) == _EXPECTED


def test_every_value_lies_within_its_bounds(store: Store) -> None:
    assert _rows(store, "?d ip:lowerBound ?l ; ip:value ?v ; ip:upperBound ?u FILTER(?v < ?l || ?v > ?u)") == []


def test_no_derived_value_counts_as_a_stated_one(store: Store) -> None:
    assert _rows(store, "?d a ip:DerivedObservation, ip:Observation") == []


def test_every_derived_value_has_all_five_dimensions_in_the_data_set_of_its_own(store: Store) -> None:
    pattern = """
        ?d a ip:DerivedObservation, qb:Observation ; qb:dataSet ?dataset ; ip:subject ?subject ;
            ip:indicator ?indicator ; ip:statisticType ?type ; ip:counterpart ?counterpart ; ip:period ?period .
    """
    rows = _rows(store, pattern)
    assert len(rows) == len(_EXPECTED)
    assert {row[1] for row in rows} == {"https://w3id.org/industrial-park/kunming/dataset/derived"}


def test_no_two_derived_values_share_their_dimensions(store: Store) -> None:
    dimensions = "ip:subject ?s ; ip:indicator ?i ; ip:statisticType ?t ; ip:counterpart ?c ; ip:period ?p"
    key = f"a ip:DerivedObservation ; {dimensions}"
    assert _rows(store, f"?a {key} . ?b {key} FILTER(?a != ?b)") == []


def test_no_derived_value_rests_on_an_approximation_or_a_bound(store: Store) -> None:
    pattern = "?d a ip:DerivedObservation ; prov:wasDerivedFrom ?input . ?input ip:qualifier ?q FILTER(?q != ip:Exact)"
    assert _rows(store, pattern) == []


def test_the_inputs_of_derived_values_are_stated_figures_targets_and_sentences(store: Store) -> None:
    rows = _rows(store, "?d a ip:DerivedObservation ; prov:wasDerivedFrom ?input . ?input a ?kind")
    kinds = {kind.removeprefix(_IP) for _, _, kind in rows if kind.startswith(_IP)}
    assert kinds == {"Observation", "Target", "Sentence"}
    assert {row[0].removeprefix(_DERIVED) for row in rows} == set(_EXPECTED)


def test_every_derived_value_names_its_formula_and_its_rule(store: Store) -> None:
    rows = _rows(store, "?d a ip:DerivedObservation ; ip:formula ?formula ; prov:hadPlan ?rule . ?rule a prov:Plan")
    assert {d.removeprefix(_DERIVED): re.sub(".*/", "", rule) for d, _, rule in rows} == {
        name: {
            "counterpart-growth": "counterpart-growth",
            "elapsed-days": "elapsed-days",
            "exact-difference": "exact-differences",
            "field-share": "field-shares",
            "implied-total": "implied-totals",
            "remainder": "remainder-of-fields",
            "remainder-share": "remainder-of-fields",
            "span-in-years": "span-in-years",
        }[name.partition("/")[0]]
        for name in _EXPECTED
    }
    formulas = {d.removeprefix(_DERIVED): formula for d, formula, _ in rows}
    assert formulas["implied-total/obs-output-share-yunnan-parks"] == "round(4486.20 ÷ 33.6 %, 2) = 13351.79"
    assert formulas["implied-total/obs-provincial-bases-share"] == "11 ÷ 25.6 % ∈ [42.884, 43.053] → 43"
    assert formulas["remainder/obs-hi-tech-leading-output"] == "398.4 − 103.2 − 154.3 = 140.9"


def test_the_remainder_belongs_to_no_industry(store: Store) -> None:
    remainder = f"<{_DERIVED}remainder/obs-hi-tech-leading-output>"
    rows = _rows(store, f"{remainder} ip:counterpart/prov:hadMember ?part")
    assert [part.rpartition("/")[2] for (part,) in rows] == [
        "obs-hi-tech-biomedicine-output",
        "obs-hi-tech-precious-metal-output",
    ]


def test_the_shares_of_a_whole_and_of_what_no_field_covers_add_up(store: Store) -> None:
    pattern = "?d a ip:DerivedObservation ; ip:statisticType ip:Share ; ip:counterpart ?whole ; ip:value ?value"
    shares: dict[str, float] = {}
    for _, whole, value in _rows(store, pattern):
        shares[_local_name(whole)] = shares.get(_local_name(whole), 0) + float(value)
    assert {whole: round(share, 2) for whole, share in shares.items()} == {
        "leading-industry-output": 100.0,
        "resident-enterprises": 100.0,
    }


def test_figures_recognitions_and_rankings_have_one_label_in_each_language(store: Store) -> None:
    kinds = "VALUES ?kind { qb:Observation ip:Recognition ip:Ranking }"
    labelled = _rows(store, f"{kinds} ?thing a ?kind ; skos:prefLabel ?label BIND(LANG(?label) AS ?language)")
    languages: dict[str, list[str]] = {}
    for _, thing, _, language in labelled:
        languages.setdefault(thing, []).append(language.lower())
    assert {tuple(sorted(found)) for found in languages.values()} == {("en", "zh-hans", "zh-hant")}
    assert set(languages) == {thing for _, thing in _rows(store, f"{kinds} ?thing a ?kind")}


@pytest.mark.parametrize(
    ("thing", "label"),
    [
        (
            "derived/implied-total/obs-provincial-clusters-share",
            "Yunnan Province: provincial advanced manufacturing clusters (level, first half of 2023, derived)",
        ),
        (
            "id/obs-national-bases-share",
            (
                "Kunming: national new-type industrialisation demonstration bases"
                " (share of Yunnan Province, as of now (the day of publication))"
            ),
        ),
        (
            "id/obs-output-growth-gap-kunming",
            (
                "all industrial parks of Kunming: gross industrial output value"
                " (difference in growth from Kunming, January to November 2023)"
            ),
        ),
        (
            "id/recognition-green-qidian-park",
            "Qidian Industrial Park: Yunnan green low-carbon demonstration industrial park (granted)",
        ),
    ],
)
def test_labels_say_what_is_measured_of_whom_how_and_when(store: Store, thing: str, label: str) -> None:
    base = "https://w3id.org/industrial-park/kunming/"
    found = store.query(
        "SELECT ?label { ?thing skos:prefLabel ?label FILTER(LANGMATCHES(LANG(?label), 'en')) }",
        bindings={"thing": IRI(base + thing)},
        prefixes={"skos": "http://www.w3.org/2004/02/skos/core#"},
    )
    assert [row[0].value for row in found.rows() if row[0]] == [label]


def test_labels_are_made_after_everything_else_is_derived() -> None:
    names = [file.name for file in Project(shipped_root()).derive_files()]
    assert names[-1] == "statement-labels.rq"


@pytest.mark.parametrize(
    ("removed", "lost"),
    [
        (
            "km:obs-output-growth",
            {
                "counterpart-growth/obs-output-growth-gap-kunming",
                "counterpart-growth/obs-output-growth-gap-yunnan-parks",
            },
        ),
        (
            "km:obs-enterprises",
            {"implied-total/obs-enterprises-share-kunming", "implied-total/obs-enterprises-share-yunnan-parks"},
        ),
        ("km:obs-national-bases-share", {"implied-total/obs-national-bases-share"}),
        ("km:obs-phosphogypsum-use-rate-2021", {"exact-difference/obs-phosphogypsum-rise-2021"}),
        ("km:target-fumin-leading-share", {"exact-difference/obs-fumin-over-target"}),
        (
            "km:obs-hi-tech-leading-output",
            {
                "field-share/obs-hi-tech-biomedicine-output",
                "field-share/obs-hi-tech-precious-metal-output",
                "remainder/obs-hi-tech-leading-output",
                "remainder-share/obs-hi-tech-leading-output",
            },
        ),
        ("km:meeting-economic-2023", {"elapsed-days/tour-2023-01--meeting-economic-2023"}),
        ("km:plan-digital-revival", {"span-in-years/plan-digital-revival"}),
    ],
)
def test_without_an_input_nothing_is_derived(copy: Path, tmp_path: Path, removed: str, lost: set[str]) -> None:
    _remove(copy, removed)
    derived = _values(_built(Project(copy), tmp_path / "builds"))
    assert derived == {name: value for name, value in _EXPECTED.items() if name not in lost}


def test_without_a_field_the_remainder_is_larger(copy: Path, tmp_path: Path) -> None:
    _remove(copy, "km:obs-hi-tech-biomedicine-output")
    derived = _values(_built(Project(copy), tmp_path / "builds"))
    assert derived["remainder/obs-hi-tech-leading-output"] == ("244.1", "244", "244.2", "Exact", "CNY")
    # 244.1 / 398.4 = 61.2701 %; 1 − 154.35 / 398.35 = 61.2527 %; 1 − 154.25 / 398.45 = 61.2875 %
    share = derived["remainder-share/obs-hi-tech-leading-output"]
    assert share == ("61.27", "61.25", "61.29", "Approximate", "PERCENT")


def test_a_hedged_field_leaves_no_share_and_no_remainder(copy: Path, tmp_path: Path) -> None:
    value = '        ip:value "103.2"^^xsd:decimal ;\n        ip:unit cur:CNY ;\n'
    scale = '        ip:scale "100000000"^^xsd:decimal ;\n'
    _change(copy, f"{value}{scale}        ip:qualifier ip:Exact", f"{value}{scale}        ip:qualifier ip:Approximate")
    derived = _values(_built(Project(copy), tmp_path / "builds"))
    lost = {
        "field-share/obs-hi-tech-biomedicine-output",
        "remainder/obs-hi-tech-leading-output",
        "remainder-share/obs-hi-tech-leading-output",
    }
    assert derived == {name: value for name, value in _EXPECTED.items() if name not in lost}


def test_the_rules_hold_for_another_city(tiny_project: Project, tmp_path: Path) -> None:
    facts = tiny_project.root / "graph" / "articles" / "harbour" / "facts.trig"
    facts.write_text(_HARBOUR, encoding="utf-8")
    store = _built(tiny_project, tmp_path / "builds")
    pattern = """
        ?d a ip:DerivedObservation ; ip:subject ?s ; ip:value ?v ; ip:lowerBound ?l ; ip:upperBound ?u ;
            qb:dataSet ?in .
    """
    base = "https://example.org/tiny/"
    assert [tuple(cell.removeprefix(base) for cell in row) for row in _rows(store, pattern)] == [
        # 5.25 − 1.5; 5.245 − 1.55; 5.255 − 1.45
        ("derived/counterpart-growth/gap", "id/city", "3.75", "3.695", "3.805", "dataset/derived"),
        # 7 of 50 %: whole numbers from 7 / 0.505 = 13.9 to 7 / 0.495 = 14.1
        ("derived/implied-total/berths-share", "id/city", "14", "14", "14", "dataset/derived"),
    ]


#: Two sentences about an invented city: a growth and its gap, a count and its share, and a share that is hedged.
_HARBOUR = """\
@prefix ex: <https://example.org/tiny/id/> .
@prefix indicator: <https://w3id.org/industrial-park/indicator/> .
@prefix ip: <https://w3id.org/industrial-park/ns#> .
@prefix period: <https://example.org/tiny/period/> .
@prefix s: <https://example.org/tiny/article/harbour/s> .
@prefix unit: <http://qudt.org/vocab/unit/> .

GRAPH s:1 {
    ex:growth a ip:Observation ; ip:subject ex:harbour-park ; ip:indicator indicator:gross-output ;
        ip:statisticType ip:Growth ; ip:counterpart ip:NotApplicable ; ip:period period:2030 ;
        ip:value 5.25 ; ip:unit unit:PERCENT ; ip:qualifier ip:Exact ; ip:valueAsWritten "5.25%" .
    ex:gap a ip:Observation ; ip:subject ex:harbour-park ; ip:indicator indicator:gross-output ;
        ip:statisticType ip:Difference ; ip:counterpart ex:city ; ip:period period:2030 ; ip:minuend ex:growth ;
        ip:value 1.5 ; ip:unit ip:PercentagePoint ; ip:qualifier ip:Exact ; ip:valueAsWritten "1.5个百分点" .
}

GRAPH s:2 {
    ex:berths a ip:Observation ; ip:subject ex:harbour-park ; ip:indicator indicator:resident-enterprises ;
        ip:statisticType ip:Level ; ip:counterpart ip:NotApplicable ; ip:period period:2030 ;
        ip:value 7.0 ; ip:unit unit:NUM ; ip:qualifier ip:Exact ; ip:valueAsWritten "7家" .
    ex:berths-share a ip:Observation ; ip:subject ex:harbour-park ; ip:indicator indicator:resident-enterprises ;
        ip:statisticType ip:Share ; ip:counterpart ex:city ; ip:period period:2030 ;
        ip:value 50.0 ; ip:unit unit:PERCENT ; ip:qualifier ip:Exact ; ip:valueAsWritten "50%" .
    ex:berths-share-of-province a ip:Observation ; ip:subject ex:harbour-park ;
        ip:indicator indicator:resident-enterprises ;
        ip:statisticType ip:Share ; ip:counterpart ex:province ; ip:period period:2030 ;
        ip:value 10.0 ; ip:unit unit:PERCENT ; ip:qualifier ip:Approximate ; ip:valueAsWritten "约10%" .
}
"""

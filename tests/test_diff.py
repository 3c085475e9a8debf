"""Two graphs compared: quad by quad, whatever they are in, blank nodes by what is said of them."""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtool.build import build
from kgtool.diff import Change, compare, isomorphism, open_side, records
from kgtool.diff.isomorphism import canonical
from kgtool.errors import DataError, StoreError
from kgtool.project import Project

Run = Callable[..., tuple[int, str, str]]

_HEAD = "@prefix ex: <https://example.org/> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], str]:
    """Write a file of RDF; Turtle and TriG have prefixes ready."""

    def file(name: str, text: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((_HEAD if name.endswith((".ttl", ".trig")) else "") + text, encoding="utf-8")
        return str(path)

    return file


def _changes(a: str, b: str) -> list[str]:
    """Compare and write each change on a line, with ``ex:`` for our own names."""
    return [_line(change) for change in compare(open_side(a), open_side(b))]


def _line(change: Change) -> str:
    quad = (change.subject, change.predicate, change.object, change.graph)
    text = " ".join(term for term in quad if term)
    return ("+ " if change.added else "- ") + re.sub(r"<https://example\.org/([^>]*)>", r"ex:\1", text)


# What counts as a difference -----------------------------------------------------------------------------------------


def test_a_changed_triple_is_removed_and_added(write: Callable[[str, str], str]) -> None:
    a = write("a.ttl", 'ex:a ex:p 1 ; ex:q "x" .')
    b = write("b.ttl", 'ex:a ex:p 1 ; ex:q "y" .')
    assert _changes(a, b) == ['- ex:a ex:q "x"', '+ ex:a ex:q "y"']
    assert _changes(a, a) == []


def test_the_graph_of_a_triple_counts(write: Callable[[str, str], str]) -> None:
    a = write("a.trig", "ex:a ex:p ex:b . ex:g { ex:a ex:p ex:b } ex:h { ex:a ex:p ex:c }")
    b = write("b.trig", "ex:g { ex:a ex:p ex:b , ex:c }")
    expected = ["- ex:a ex:p ex:b", "+ ex:a ex:p ex:c ex:g", "- ex:a ex:p ex:c ex:h"]
    assert _changes(a, b) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4486.20", "4486.2"),
        ("1", "01"),
        ('"1"', "1"),
        ('"x"', '"x"@en'),
        ('"x"@en', '"x"@en-GB'),
        ('"a\\tb"', '"a b"'),
        ('"é"', '"e\\u0301"'),
        ('"true"^^xsd:boolean', '"1"^^xsd:boolean'),
    ],
)
def test_files_are_compared_as_they_are_spelt(write: Callable[[str, str], str], one: str, other: str) -> None:
    a, b = write("a.ttl", f"ex:a ex:p {one} ."), write("b.ttl", f"ex:a ex:p {other} .")
    assert [line[0] for line in _changes(a, b)] == ["-", "+"]


def test_order_repeats_prefixes_and_the_case_of_language_tags_do_not_count(write: Callable[[str, str], str]) -> None:
    a = write("a.ttl", 'ex:a ex:p "x"@zh-Hans , "y" ; ex:p "y" .')
    b = write("b.nt", '<https://example.org/a> <https://example.org/p> "y" .\n' * 2)
    c = write("c.ttl", '@prefix e: <https://example.org/> . e:a e:p "x"@ZH-hans .')
    assert _changes(a, b) == ['- ex:a ex:p "x"@zh-hans']
    assert _changes(a, c) == ['- ex:a ex:p "y"']


def test_every_format_is_read(write: Callable[[str, str], str]) -> None:
    ttl = write("a.ttl", 'ex:a ex:p "一" ; ex:q [ ex:r ex:b ] .')
    others = {
        "a.nt": '<https://example.org/a> <https://example.org/p> "一" .\n'
        "<https://example.org/a> <https://example.org/q> _:x .\n"
        "_:x <https://example.org/r> <https://example.org/b> .\n",
        "a.jsonld": '{"@context": {"@vocab": "https://example.org/"}, "@id": "https://example.org/a", "p": "一",'
        ' "q": {"r": {"@id": "https://example.org/b"}}}',
        "a.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="https://example.org/">'
        '<rdf:Description rdf:about="https://example.org/a"><p>一</p><q rdf:parseType="Resource">'
        '<r rdf:resource="https://example.org/b"/></q></rdf:Description></rdf:RDF>',
        "a.trig": 'ex:a ex:q [ ex:r ex:b ] ; ex:p "一" .',
    }
    for name, text in others.items():
        assert (name, _changes(ttl, write(name, text))) == (name, [])


def test_triple_terms_of_rdf_12_are_compared(write: Callable[[str, str], str]) -> None:
    a = write("a.ttl", 'ex:a ex:p <<( ex:s ex:q "x )>> y" )>> .')
    b = write("b.trig", 'ex:g { ex:a ex:p <<( ex:s ex:q "x )>> y" )>> }')
    triple = '<<( ex:s ex:q "x )>> y" )>>'
    assert _changes(a, b) == [f"- ex:a ex:p {triple}", f"+ ex:a ex:p {triple} ex:g"]


def test_a_folder_of_files_is_one_graph(write: Callable[[str, str], str], tmp_path: Path) -> None:
    write("one/x.ttl", "ex:a ex:p _:x . _:x ex:q 1 .")
    write("one/deeper/y.ttl", "ex:b ex:p _:x . _:x ex:q 2 .")
    write("one/readme.md", "nothing")
    both = write("both.ttl", "ex:a ex:p [ ex:q 1 ] . ex:b ex:p [ ex:q 2 ] .")
    assert _changes(str(tmp_path / "one"), both) == []


# Blank nodes ---------------------------------------------------------------------------------------------------------


def test_labels_of_blank_nodes_do_not_count(write: Callable[[str, str], str]) -> None:
    a = write("a.ttl", "ex:a ex:p _:x . _:x ex:q _:y , 1 . _:y ex:r _:x .")
    b = write("b.ttl", "_:y ex:q 1 , _:z . _:z ex:r _:y . ex:a ex:p _:y .")
    assert _changes(a, b) == []


def test_two_blank_nodes_of_which_the_same_is_said_are_two(write: Callable[[str, str], str]) -> None:
    a = write("a.ttl", "[] ex:q 1 . [] ex:q 1 .")
    b = write("b.ttl", "[] ex:q 1 .")
    assert [line[0] for line in _changes(a, b)] == ["-"]


def test_of_a_blank_node_only_what_differs_is_reported_with_the_thing_it_belongs_to(
    write: Callable[[str, str], str],
) -> None:
    shape = "ex:S ex:property [ ex:path ex:a ; ex:min 1 ] , [ ex:path ex:b ; ex:or ( 1 2 {} ) ; ex:min {} ] ."
    a, b = write("a.ttl", shape.format(3, 1)), write("b.ttl", shape.format(4, 0))
    changes = list(compare(open_side(a), open_side(b)))
    assert {change.thing for change in changes} == {"<https://example.org/S>"}
    assert sorted(re.sub(r"_:b\d+", "_:b", _line(change)) for change in changes) == sorted(
        [
            '- _:b <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "3"^^<http://www.w3.org/2001/XMLSchema#integer>',
            '+ _:b <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "4"^^<http://www.w3.org/2001/XMLSchema#integer>',
            '- _:b ex:min "1"^^<http://www.w3.org/2001/XMLSchema#integer>',
            '+ _:b ex:min "0"^^<http://www.w3.org/2001/XMLSchema#integer>',
        ]
    )


def test_blank_nodes_named_in_several_graphs_are_one(write: Callable[[str, str], str]) -> None:
    a = write("a.trig", "ex:g { ex:a ex:p _:x } ex:h { _:x ex:q 1 } _:x { ex:s ex:p 2 }")
    b = write("b.trig", "ex:g { ex:a ex:p _:x } ex:h { _:y ex:q 1 } _:x { ex:s ex:p 2 }")
    assert _changes(a, a) == []
    assert _changes(a, b)


def _shuffled(lines: Sequence[bytes], seed: int) -> list[bytes]:
    rng = random.Random(seed)
    nodes = sorted({node for line in lines for node in re.findall(rb"_:\w+", line)})
    labels = dict(zip(nodes, rng.sample([b"_:n%d" % i for i in range(len(nodes))], len(nodes)), strict=True))
    return rng.sample([re.sub(rb"_:\w+", lambda m: labels[m[0]], line) for line in lines], len(lines))


def _edge(source: int, target: int, predicate: bytes = b"p") -> bytes:
    return b" _:e%d <%s> _:e%d" % (source, predicate, target)


_ALIKE = {
    "all with all": [_edge(i, j) for i in range(12) for j in range(12) if i != j],
    "a circle": [_edge(i, (i + 1) % 200) for i in range(200)],
    "a list of one value": [line for i in range(1000) for line in (_edge(i, i + 1), b' _:e%d <f> "x"' % i)],
    "the same many times below one": [
        line for i in range(1, 60, 3) for line in (_edge(0, i), _edge(i, i + 1, b"q"), _edge(i, i + 2, b"q"))
    ],
    "a torus": [
        line
        for i in range(6)
        for j in range(6)
        for line in (_edge(6 * i + j, 6 * i + (j + 1) % 6), _edge(6 * i + j, 6 * ((i + 1) % 6) + j))
    ],
    "Petersen's": [
        line
        for i in range(5)
        for one, other in ((i, (i + 1) % 5), (i, i + 5), (5 + i, 5 + (i + 2) % 5))
        for line in (_edge(one, other), _edge(other, one))
    ],
}


@pytest.mark.parametrize("name", _ALIKE)
def test_blank_nodes_that_are_alike_are_compared_all_the_same(name: str) -> None:
    lines = _ALIKE[name]
    assert canonical(_shuffled(lines, 1)) == canonical(_shuffled(lines, 2))
    assert canonical(lines[1:]) != canonical(lines)


def test_what_only_looks_alike_is_told_apart() -> None:
    hub = [_edge(9, i) for i in range(6)]
    hexagon = [_edge(i, (i + 1) % 6) for i in range(6)]
    triangles = [_edge(3 * (i // 3) + i % 3, 3 * (i // 3) + (i + 1) % 3) for i in range(6)]
    assert canonical(hub + hexagon) != canonical(hub + triangles)


def _renamed(lines: set[bytes], labels: dict[bytes, bytes]) -> set[bytes]:
    return {re.sub(rb"_:\w+", lambda match: labels[match[0]], line) for line in lines}


def _isomorphic(one: set[bytes], other: set[bytes]) -> bool:
    """Try every way to rename."""
    ours, theirs = (sorted({node for line in g for node in re.findall(rb"_:\w+", line)}) for g in (one, other))
    if len(ours) != len(theirs):
        return False
    return any(_renamed(one, dict(zip(ours, order, strict=True))) == other for order in itertools.permutations(theirs))


_EDGES = st.sets(
    st.builds(_edge, st.integers(0, 4), st.integers(0, 4), st.sampled_from([b"p", b"q"])), min_size=1, max_size=7
)


@settings(max_examples=300, deadline=None)
@given(_EDGES, _EDGES, st.integers(0, 99), st.booleans())
def test_the_canonical_form_is_that_of_isomorphic_graphs_and_no_others(
    one: set[bytes], other: set[bytes], seed: int, same: bool
) -> None:
    if same:
        other = set(_shuffled(sorted(one), seed))
    assert (canonical(one) == canonical(other)) == _isomorphic(one, other)


def test_blank_nodes_too_alike_are_refused_not_waited_for(
    write: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isomorphism, "_PATIENCE", 20)
    text = "".join(f"_:a{i} ex:p _:a{j} .\n" for i in range(9) for j in range(9) if (i - j) % 9 in (1, 3, 4))
    a = write("a.ttl", text)
    with pytest.raises(DataError) as error:
        _changes(a, a)
    assert str(error.value) == (
        f"{a}: 9 blank nodes are too alike to be compared; give them names, or say something of each that tells it"
        " from the others"
    )


# Large and small -----------------------------------------------------------------------------------------------------

_TERMS = st.sampled_from(["ex:a", "ex:b", "_:x", "_:y", "_:z"])
_QUADS = st.lists(
    st.tuples(_TERMS, st.sampled_from(["ex:p", "ex:q"]), st.one_of(_TERMS, st.sampled_from(["1", '"é\\n"@en'])))
)


@settings(max_examples=60, deadline=None)
@given(_QUADS, _QUADS)
def test_every_named_triple_that_differs_is_reported_and_the_reverse_reports_as_many(
    tmp_path_factory: pytest.TempPathFactory,
    one: list[tuple[str, str, str]],
    other: list[tuple[str, str, str]],
) -> None:
    folder = tmp_path_factory.mktemp("sides")
    a, b = folder / "a.ttl", folder / "b.ttl"
    for file, triples in ((a, one), (b, other)):
        file.write_text(_HEAD + "".join(f"{' '.join(triple)} .\n" for triple in triples), encoding="utf-8")
    changes = list(compare(open_side(str(a)), open_side(str(b))))
    assert not list(compare(open_side(str(a)), open_side(str(a))))
    swapped = list(compare(open_side(str(b)), open_side(str(a))))
    assert len(changes) == len(swapped)
    ground = [change for change in changes if "_:" not in change.subject + change.object]
    ours, theirs = ({" ".join(t) for t in triples if "_:" not in t[0] + t[2]} for triples in (one, other))
    assert sum(c.added for c in ground) == len(theirs - ours)
    assert sum(not c.added for c in ground) == len(ours - theirs)


def test_what_does_not_fit_into_memory_is_sorted_in_files(
    write: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f'<urn:s{i % 40}> <urn:p> "{i} . <urn:x>" <urn:g{i % 3}> .\n_:b{i} <urn:q> "{i}" .\n' for i in range(400)]
    a, b = write("a.nq", "".join(lines)), write("b.nq", "".join(reversed(lines[1:])))
    monkeypatch.setattr(records, "_RUN", 2_000)
    expected = ['- _:b1 <urn:q> "0"', '- <urn:s0> <urn:p> "0 . <urn:x>" <urn:g0>']
    assert _changes(a, b) == expected
    monkeypatch.undo()
    assert _changes(a, b) == expected


def test_a_full_disk_is_said(write: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    a = write("a.ttl", "ex:a ex:p 1 .")

    def full(records: object) -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kgtool.diff.comparison.Spool", full)
    with pytest.raises(StoreError) as error:
        _changes(a, a)
    assert str(error.value) == ("cannot sort the quads: No space left on device; make room where TMPDIR is, or set it")


# Projects and stores -------------------------------------------------------------------------------------------------


def test_a_project_is_built_and_its_named_graphs_are_compared(kgtool: Run, tiny_project: Project) -> None:
    store = build(tiny_project).folder
    assert kgtool("diff", tiny_project.root, store) == (0, "no difference\n", "")
    facts = tiny_project.root / "graph" / "articles" / "harbour" / "facts.trig"
    text = facts.read_text(encoding="utf-8")
    facts.write_text(text.replace("ex:shipbuilding, ex:optics", "ex:optics").replace("12.50 ;", "12.5 ;"), "utf-8")
    code, out, err = kgtool("diff", store / "store", tiny_project.root, "--lang", "en", "--format", "csv")
    assert (code, err.startswith("kgtool: built the store: ")) == (1, True)
    rows = [row for row in csv.DictReader(io.StringIO(out)) if "/article/" in row["graph"]]
    assert [
        (row["change"], row["sentence"], row["subject_label"], row["predicate"], row["object_label"]) for row in rows
    ] == [
        (
            "removed",
            "2",
            "Harbour Park",
            "<https://w3id.org/industrial-park/ns#hasLeadingIndustry>",
            "Shipbuilding",
        )
    ]


def test_a_store_equals_the_file_it_was_loaded_from(write: Callable[[str, str], str], built_project: Project) -> None:
    """Its engine keeps 12.50 as 12.5, and its default graph holds every triple again."""
    store = build(built_project).folder / "store"
    facts = built_project.root / "graph" / "articles" / "harbour" / "facts.trig"
    removed = [change for change in compare(open_side(str(store)), open_side(str(facts))) if change.added]
    assert removed == []
    twice = write(
        "twice.trig",
        facts.read_text(encoding="utf-8") + "ex:optics ex:p ex:optics .\n"
        "<https://example.org/tiny/id/harbour-park> ip:hasLeadingIndustry"
        " <https://example.org/tiny/id/optics> .",
    )
    added = [_line(change) for change in compare(open_side(str(store)), open_side(twice)) if change.added]
    assert added == ["+ ex:tiny/id/optics ex:tiny/id/p ex:tiny/id/optics"]


# The command ---------------------------------------------------------------------------------------------------------

_BEFORE = 'ex:g { ex:a ex:p "a|b\\n\\"c\\", d" }'
_AFTER = "ex:g { ex:a ex:p ex:b }"


def test_the_table_groups_by_graph_and_thing_with_labels(
    kgtool: Run, built_project: Project, write: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(built_project.root)
    prefixes = "@prefix t: <https://example.org/tiny/id/> . @prefix ip: <https://w3id.org/industrial-park/ns#> .\n"
    sentence = prefixes + "<https://example.org/tiny/article/harbour/s2> {{ t:harbour-park {} }}"
    a = write("a.trig", sentence.format("ip:hasLeadingIndustry t:optics"))
    b = write("b.trig", sentence.format('ip:hasLeadingIndustry t:shipbuilding ; ip:quote "产\\u001b[1m值"@zh'))
    expected = """\
sentence 2 (s:2)
  Harbour Park (ex:harbour-park)
    - has leading industry: Optics (ex:optics)
    + has leading industry: Shipbuilding (ex:shipbuilding)
    + quote: "产\\x1b[1m值"@zh

2 added, 1 removed in 1 graph
"""
    assert kgtool("diff", a, b, "--lang", "en") == (1, expected, "")
    assert kgtool("diff", a, a) == (0, "no difference\n", "")


def test_json_has_counts_terms_and_labels(kgtool: Run, write: Callable[[str, str], str]) -> None:
    a, b = write("a.trig", _BEFORE), write("b.trig", _AFTER)
    code, out, _ = kgtool("diff", a, b, "--format", "json")
    graph = {"type": "uri", "value": "https://example.org/g"}
    thing = {"type": "uri", "value": "https://example.org/a"}
    common = {
        "graph": graph,
        "thing": thing,
        "subject": thing,
        "predicate": {"type": "uri", "value": "https://example.org/p"},
    }
    assert (code, json.loads(out)) == (
        1,
        {
            "a": a,
            "b": b,
            "same": False,
            "added": 1,
            "removed": 1,
            "graphs": [{"graph": graph, "added": 1, "removed": 1}],
            "changes": [
                {"change": "removed", **common, "object": {"type": "literal", "value": 'a|b\n"c", d'}},
                {"change": "added", **common, "object": {"type": "uri", "value": "https://example.org/b"}},
            ],
        },
    )
    code, out, _ = kgtool("diff", a, a, "--format", "json")
    assert (code, json.loads(out)["same"], json.loads(out)["changes"]) == (0, True, [])


def test_csv_can_be_read_again(kgtool: Run, write: Callable[[str, str], str]) -> None:
    a, b = write("a.trig", _BEFORE), write("b.trig", _AFTER)
    code, out, _ = kgtool("diff", a, b, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (code, [(row["change"], row["object"]) for row in rows]) == (
        1,
        [("removed", '"a|b\\n\\"c\\", d"'), ("added", "<https://example.org/b>")],
    )
    assert kgtool("diff", a, a, "--format", "csv")[:2] == (0, out.splitlines()[0] + "\n")


def test_a_patch_is_one_transaction_and_nothing_is_an_empty_one(kgtool: Run, write: Callable[[str, str], str]) -> None:
    a, b = write("a.trig", _BEFORE), write("b.trig", _AFTER + " ex:s ex:q 5 .")
    expected = """\
TX .
A <https://example.org/s> <https://example.org/q> "5"^^<http://www.w3.org/2001/XMLSchema#integer> .
D <https://example.org/a> <https://example.org/p> "a|b\\n\\"c\\", d" <https://example.org/g> .
A <https://example.org/a> <https://example.org/p> <https://example.org/b> <https://example.org/g> .
TC .
"""
    assert kgtool("diff", a, b, "--format", "patch") == (1, expected, "")
    assert kgtool("diff", a, a, "--format", "patch") == (0, "", "")


def test_a_file_is_written_whole(kgtool: Run, write: Callable[[str, str], str], tmp_path: Path) -> None:
    a, b = write("a.trig", _BEFORE), write("b.trig", _AFTER)
    target = tmp_path / "out.csv"
    assert kgtool("diff", a, b, "--format", "csv", "-o", target) == (
        1,
        "",
        f"kgtool: 1 added, 1 removed; written to {target}\n",
    )
    assert target.read_text(encoding="utf-8").count("\n") == 3


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("none.ttl", None, "none.ttl: cannot read it: No such file or directory; give RDF files that exist"),
        ("none", None, "none: cannot read it: No such file or directory; give RDF files that exist"),
        ("x.txt", "hello", "x.txt: no format for triples has the extension '.txt'; use .ttl, .trig, .nt, .nq,"),
        ("x.ttl", "ex:a ex:p .", "x.ttl:3: syntax error at column"),
        ("x.ttl", "foo:a ex:p 1 .", "x.ttl:3: unknown prefix 'foo'; add '@prefix foo: <…> .' at the top"),
        ("empty/note.md", "x", "neither a project, nor a store, nor a folder with RDF files; give a folder with"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_2(
    kgtool: Run, write: Callable[[str, str], str], tmp_path: Path, name: str, text: str | None, message: str
) -> None:
    good = write("good.ttl", "ex:a ex:p 1 .")
    path = str(tmp_path / name) if text is None else write(name, text)
    location = str(tmp_path / "empty") if name.startswith("empty") else path
    for sides in ((good, location), (location, good)):
        code, out, err = kgtool("diff", *sides)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert message in err


def test_two_graphs_are_needed(kgtool: Run) -> None:
    assert kgtool("diff", "one") == (2, "", "kgtool: Missing argument 'B'; see 'kgtool diff --help'\n")

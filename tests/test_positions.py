"""Positions: the same triples as the engine's parser finds, each with its line."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtool.errors import DataError
from kgtool.positions import Position, read_positions
from kgtool.terms import IRI, BlankNode, Literal, Term, n3

ROOT = Path(__file__).parent.parent
RDF_FILES = sorted(
    file
    for folder in ("ontology", "graph")
    for suffix in ("ttl", "trig")
    for file in (ROOT / folder).rglob(f"*.{suffix}")
)
XSD = "http://www.w3.org/2001/XMLSchema#"


def write(folder: Path, text: str, name: str = "data.trig") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def statement(position: Position) -> str:
    """Write a position as N-Quads; brackets of unlabelled blank nodes become letters."""
    terms: list[Term | None] = [position.subject, position.predicate, position.object, position.graph]
    written = (n3(t) if not isinstance(t, BlankNode) else f"_:{t.value.translate(_LABEL)}" for t in terms if t)
    return " ".join(written) + " ."


_LABEL = str.maketrans({"[": "anonymous", "]": None})


def canonical(quads: list[pyoxigraph.Quad]) -> pyoxigraph.Dataset:
    dataset = pyoxigraph.Dataset(quads)
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def assert_same_triples(file: Path) -> None:
    kind = pyoxigraph.RdfFormat.TRIG if file.suffix == ".trig" else pyoxigraph.RdfFormat.TURTLE
    expected = list(pyoxigraph.parse(path=file, format=kind))
    found = "\n".join(statement(p) for p in read_positions(file))
    actual = list(pyoxigraph.parse(found.encode(), format=pyoxigraph.RdfFormat.N_QUADS))
    assert len(actual) == len(expected)
    assert canonical(actual) == canonical(expected)


@pytest.mark.parametrize("file", RDF_FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_of_the_repository_has_the_triples_the_engine_finds(file: Path) -> None:
    if "unparsable" in file.name:
        pytest.skip("an example of what cannot be parsed")
    assert_same_triples(file)


# Generated files -----------------------------------------------------------------------------------------------------

_plain = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\\\"'\ufeff"), max_size=8)
_escapes = st.sampled_from([r"\t", r"\n", r"\"", r"\'", r"\\", r"\u4E91", r"\U0001F3ED"])
_inside = st.lists(_plain | _escapes, max_size=3).map("".join)
_strings = st.one_of(
    _inside.map(lambda s: f'"{s}"'),
    _inside.map(lambda s: f"'{s}'"),
    _inside.map(lambda s: f'"""{s}\n"x{s}""{s}\n"""'),
    _inside.map(lambda s: f"'''{s}\n'x{s}''{s}\n'''"),
)
_literals = st.one_of(
    _strings,
    st.builds(lambda s, tag: f"{s}@{tag}", _strings, st.sampled_from(["zh", "zh-Hans", "en-GB"])),
    st.builds(lambda s: f"{s}^^ex:type", _strings),
    st.sampled_from(["1", "-12", "+0.50", ".5", "4486.20", "1e6", "1.E-3", "-.5E+1", "true", "false"]),
)
_locals = ["a", "b-1", "云南", "x.y", "1:2", r"a\,b", "a%20b", r"\~", "_", "é·"]
_iris = st.one_of(
    st.sampled_from([f"ex:{name}" for name in _locals] + ["ex:", ":", ":b"]),
    st.sampled_from(
        ["<http://x.example/云>", r"<http://x.example/\u4E91>", "<rel>", "<../up>", "<#f>", "<?q>", "<//h/p>", "<>"]
    ),
)
_blanks = st.sampled_from(["_:a", "_:b.c", "_:1-2", "[]"])
_space = st.sampled_from([" ", "\n", "\t\n ", " # a 'comment' <with> .\n"])


def _predicates(objects: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    verb = st.one_of(st.just("a"), _iris)
    values = st.lists(objects, min_size=1, max_size=3)
    pair = st.builds(lambda v, gap, values: f"{v}{gap}" + f"{gap},{gap}".join(values), verb, _space, values)
    return st.builds(
        lambda pairs, gap, end: f"{gap};{gap}".join(pairs) + end,
        st.lists(pair, min_size=1, max_size=3),
        _space,
        st.sampled_from(["", " ;", " ; ;"]),
    )


_objects = st.recursive(
    st.one_of(_literals, _iris, _blanks),
    lambda inner: st.one_of(
        _predicates(inner).map(lambda p: f"[ {p} ]"),
        st.lists(inner, max_size=3).map(lambda items: f"( {' '.join(items)} )"),
    ),
    max_leaves=5,
)
_subjects = st.one_of(_iris, _blanks, st.lists(_objects, min_size=1, max_size=2).map(lambda i: f"({' '.join(i)})"))
_triples = st.one_of(
    st.builds(lambda s, gap, p: f"{s}{gap}{p}", _subjects, _space, _predicates(_objects)),
    _predicates(_objects).map(lambda p: f"[ {p} ]"),
)
_graph_names = st.one_of(_iris, st.sampled_from(["_:g", "[]"]))
_blocks = st.builds(
    lambda head, triples, dot: f"{head} {{ {' . '.join(triples)} {dot if triples else ''} }}",
    st.one_of(st.just(""), _graph_names, _graph_names.map(lambda g: f"GRAPH {g}")),
    st.lists(_triples, max_size=3),
    st.sampled_from(["", "."]),
)
_directives = st.sampled_from(
    ["@prefix ex: <http://ex.example/other/> .", "PREFIX ex: <rel#>", "@base <http://base.example/x/y/> .", "BASE <z/>"]
)
_HEADER = "@base <http://base.example/a/b?c> .\n@prefix ex: <http://ex.example/ns#> .\nprefix : <#>\n"


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(_triples.map(lambda t: f"{t} ."), _directives), max_size=6))
def test_any_turtle_has_the_triples_the_engine_finds(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str]
) -> None:
    assert_same_triples(write(tmp_path_factory.getbasetemp(), _HEADER + "\n".join(parts), "generated.ttl"))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(_triples.map(lambda t: f"{t} ."), _blocks, _directives), max_size=6))
def test_any_trig_has_the_triples_the_engine_finds(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    assert_same_triples(write(tmp_path_factory.getbasetemp(), _HEADER + "\n".join(parts), "generated.trig"))


# Lines and forms -----------------------------------------------------------------------------------------------------


def test_the_line_is_that_of_the_object(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        '''\
@prefix ex: <http://ex.example/> . # the first line

GRAPH ex:s1 {
    ex:park ex:label """两
行"""@zh-Hans ,
        "Park"@en ;
        ex:area
            4486.20 .
}
ex:park a ex:Park .
''',
    )
    ex = "http://ex.example/"
    park, graph = IRI(f"{ex}park"), IRI(f"{ex}s1")
    assert list(read_positions(file)) == [
        Position(graph, park, IRI(f"{ex}label"), Literal("两\n行", "zh-Hans"), 4),
        Position(graph, park, IRI(f"{ex}label"), Literal("Park", "en"), 6),
        Position(graph, park, IRI(f"{ex}area"), Literal("4486.20", None, f"{XSD}decimal"), 8),
        Position(None, park, IRI("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), IRI(f"{ex}Park"), 10),
    ]


def test_lines_end_with_carriage_returns_too(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_bytes(b"\xef\xbb\xbf@prefix ex: <http://ex.example/> .\r\nex:a ex:b 1 ,\r\n 2 .\r\n")
    assert [(p.object, p.line) for p in read_positions(file)] == [
        (Literal("1", None, f"{XSD}integer"), 2),
        (Literal("2", None, f"{XSD}integer"), 3),
    ]


def test_relative_iris_start_from_the_base_that_is_given(tmp_path: Path) -> None:
    file = write(tmp_path, "<a> <b> <c> .")
    assert next(read_positions(file, base="https://example.org/x/")).subject == IRI("https://example.org/x/a")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\nfoaf:a a foaf:b .", "2: unknown prefix 'foaf'; declare it at the top of the file"),
        ("<http://a> a\n\n .", "3: expected an IRI, found '.'"),
        ("<http://a> a <http://b>", "1: expected '.', found 'the end of the file'"),
        ("<http://a> a <rel> .", "1: relative IRI <rel> without a base; declare one with @base"),
        ("# nothing\n\n  §!", "3: unexpected '§!'"),
        ('<http://a> a "\\q" .', "1: unknown escape '\\q' in a string; write '\\\\' for a backslash"),
    ],
)
def test_what_is_not_turtle_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(DataError) as caught:
        list(read_positions(file))
    assert str(caught.value) == f"{file}:{message}"


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_bytes("<http://a> <http://b> '云' .".encode("gb18030"))
    with pytest.raises(DataError, match=r":\d+: not UTF-8: byte 0x\w\w cannot be decoded; save the file as UTF-8"):
        list(read_positions(file))

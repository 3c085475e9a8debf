"""SERVICE: a query asks this graph and an allowed endpoint; every other way of asking one is refused unsent."""

from __future__ import annotations

import json
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph
import pytest

from kgtool.build import build
from kgtool.errors import QueryError, ServiceError, StoreError
from kgtool.evidence import prove
from kgtool.namespaces import read_prefixes
from kgtool.project import Project, shipped_root
from kgtool.queries import read_catalogue, run
from kgtool.queries.golden import run_golden_tests, with_stand_ins
from kgtool.store import Store, open_store
from kgtool.store.drafts import Draft
from kgtool.store.remote import RemoteStore
from kgtool.store.services import allow, read_services
from kgtool.terms import IRI, Literal
from tests.store.conftest import Reply, Server, Unfriendly

_WIKIDATA = "https://query.wikidata.org/sparql"
_EXTRACT = shipped_root() / "queries" / "services" / "wikidata.ttl"
_PREFIXES = {
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
}
_HERE = """\
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix wd: <http://www.wikidata.org/entity/> .
<urn:kunming> owl:sameAs wd:Q182852 . <urn:yunnan> owl:sameAs wd:Q43194 . <urn:nowhere> owl:sameAs wd:Q0, [] .
<urn:paris> <urn:unsure> wd:Q90 .
"""
_NAMES = "SELECT ?s ?l { ?s owl:sameAs ?w . SERVICE <https://query.wikidata.org/sparql> { ?w rdfs:label ?l } }"


@pytest.fixture
def here() -> Draft:
    draft = Draft()
    draft.load(_HERE.encode(), "turtle", file="here.ttl")
    return draft


@pytest.fixture(scope="module")
def wikidata(oxigraph: Server) -> Iterator[str]:
    """A second endpoint: the Oxigraph server with the extract in Wikidata's shape."""
    _put(oxigraph, _EXTRACT.read_bytes())
    yield oxigraph.endpoint
    _put(oxigraph, b"")


def _put(server: Server, turtle: bytes) -> None:
    target = f"{server.graph_store}?default"
    request = urllib.request.Request(target, turtle, {"Content-Type": "text/turtle"}, method="PUT")
    urllib.request.urlopen(request, timeout=30).close()


def _rows(store: Store, query: str) -> list[tuple[object, ...]]:
    return list(store.query(query, prefixes=_PREFIXES).rows())


def _refused(store: Store, query: str) -> str:
    with pytest.raises(QueryError) as error:
        _rows(store, query)
    return str(error.value)


def _asked(server: Unfriendly) -> list[str]:
    """Return the queries that a server was sent: in the address, or as a form."""
    return [parse_qs(request.body or urlsplit(request.path).query)["query"][0] for request in server.requests]


# The answer ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        _NAMES,
        "SELECT ?s ?n { ?s owl:sameAs ?w OPTIONAL { SERVICE <@> { ?w wdt:P1082 ?n } } FILTER(!ISBLANK(?w)) }",
        "SELECT ?s ?c ?n { ?s owl:sameAs ?w OPTIONAL { SERVICE <@> { ?w wdt:P442 ?c } FILTER(?c > '530050') } }",
        "SELECT ?s ?n ?l { SERVICE <@> { ?w wdt:P1082 ?n } ?s owl:sameAs ?w . SERVICE <@> { ?w rdfs:label ?l } }",
        "SELECT ?s ?l { OPTIONAL { ?s <urn:unsure> ?w } SERVICE <@> { ?w rdfs:label ?l FILTER(LANG(?l) = 'mul') } }",
        "SELECT ?s ?l { OPTIONAL { ?s <urn:no> ?w } SERVICE <@> { ?w rdfs:label ?l FILTER(LANG(?l) = 'mul') } }",
        "SELECT ?s ?l { { ?s owl:sameAs ?w } UNION { ?s <urn:unsure> ?o } SERVICE <@> { ?w rdfs:label ?l } }",
        "SELECT ?w (COUNT(*) AS ?n) { ?s owl:sameAs ?w . SERVICE <@> { ?w ?p ?o } } GROUP BY ?w HAVING (COUNT(*) > 3)",
        "SELECT ?s ?n { ?s owl:sameAs ?w MINUS { ?s owl:sameAs wd:Q43194 } SERVICE <@> { ?w rdfs:label ?n } }",
        "SELECT ?s ?n { ?s owl:sameAs ?w SERVICE <@> { SELECT ?w (MAX(?l) AS ?n) { ?w rdfs:label ?l } GROUP BY ?w } }",
        "SELECT ?l { ?s owl:sameAs ?w SERVICE <@> { ?w rdfs:label ?l } } VALUES ?w { wd:Q43194 wd:Q90 }",
        "SELECT ?s { ?s owl:sameAs ?w SERVICE SILENT <@> { ?w wdt:P442 '530100' } }",
        "SELECT ?s ?w { ?s <urn:no> ?w SERVICE <@> { ?w rdfs:label ?l } }",
        "SELECT ?a ?b { SERVICE <@> { ?a wdt:P442 ?c } { SELECT ?a { ?b owl:sameAs ?a } } }",
    ],
)
def test_the_answer_is_that_of_the_engines_own_service(here: Draft, wikidata: str, query: str) -> None:
    text = "".join(f"PREFIX {name}: <{iri}> " for name, iri in _PREFIXES.items())
    text += query.replace("@", wikidata).replace(_WIKIDATA, wikidata)
    engine = pyoxigraph.Store()
    engine.load(_HERE.encode(), pyoxigraph.RdfFormat.TURTLE)
    expected, answer = engine.query(text), allow(here, {wikidata: wikidata}).query(text).answer
    assert isinstance(expected, pyoxigraph.QuerySolutions)
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    rows, others = (sorted(str([v and str(v) for v in row]) for row in one) for one in (answer, expected))
    assert rows == others
    assert rows or "urn:no>" in query


def test_yes_or_no_and_triples_come_from_two_graphs_as_well(here: Draft, wikidata: str) -> None:
    store = allow(here, {_WIKIDATA: wikidata})
    where = f"{{ ?s owl:sameAs ?w SERVICE <{_WIKIDATA}> {{ ?w wdt:P442 ?code }} }}"
    assert store.query(f"ASK {where}", prefixes=_PREFIXES).boolean
    made = store.query(f"CONSTRUCT {{ ?s <urn:code> ?code }} WHERE {where}", prefixes=_PREFIXES).triples()
    assert sorted(made) == [
        (IRI("urn:kunming"), IRI("urn:code"), Literal("530100")),
        (IRI("urn:yunnan"), IRI("urn:code"), Literal("530000")),
    ]


def test_parameters_reach_the_endpoint(here: Draft, wikidata: str) -> None:
    store = allow(here, {_WIKIDATA: wikidata})
    rows = store.query(_NAMES, bindings={"s": IRI("urn:yunnan")}, prefixes=_PREFIXES).rows()
    assert {term.value for _, term in rows if term is not None} == {"云南省", "雲南省", "Yunnan"}


def test_a_graph_behind_an_endpoint_is_asked_too_and_told_of_no_other(wikidata: str, unfriendly: Unfriendly) -> None:
    columns = ["w"], ["w", "s", "l"]
    item = {"type": "uri", "value": "http://www.wikidata.org/entity/Q43194"}
    bodies = [
        json.dumps({"head": {"vars": names}, "results": {"bindings": [dict.fromkeys(names, item)]}})
        for names in columns
    ]
    unfriendly.replies = [Reply(body=body) for body in bodies]
    store = allow(RemoteStore(unfriendly.url), {_WIKIDATA: wikidata})
    assert len(_rows(store, _NAMES)) == 1
    asked = _asked(unfriendly)
    assert "SELECT DISTINCT ?w" in asked[0]
    assert '"云南省"@zh' in asked[1]
    assert not [text for text in asked if "SERVICE" in text]


@pytest.mark.parametrize("name", ["names-in-wikidata", "places-in-wikidata"])
def test_saved_questions_join_the_graph_with_a_second_endpoint(name: str, wikidata: str, tmp_path: Path) -> None:
    project = Project(shipped_root())
    prefixes = read_prefixes(project.prefixes_file)
    kunming = open_store(build(project).folder / "store")
    query = read_catalogue(project)[name]
    got = list(run(allow(kunming, {_WIKIDATA: wikidata}), query, prefixes=prefixes).rows())
    assert got == list(run(with_stand_ins(kunming, query), query, prefixes=prefixes).rows())
    assert len(got) == {"names-in-wikidata": 8, "places-in-wikidata": 3}[name]
    with pytest.raises(QueryError, match="SERVICE is off"):
        run(kunming, query, prefixes=prefixes)
    with pytest.raises(QueryError, match="SERVICE asks another graph"):
        prove(allow(kunming, {_WIKIDATA: wikidata}), query.text, prefixes=prefixes)


def test_a_saved_question_without_a_file_for_its_endpoint_has_no_golden_answer(here: Draft, tmp_path: Path) -> None:
    file = tmp_path / "names.rq"
    file.write_text(f"#+ summary: x\n{_NAMES}\n", encoding="utf-8")
    from kgtool.queries import read_query

    (result,) = run_golden_tests(here, [read_query(file)], prefixes=_PREFIXES)
    assert result.status == "error"
    assert "SERVICE is off" in result.message


# What is asked -------------------------------------------------------------------------------------------------------


def test_only_what_fits_is_asked_for_in_batches(unfriendly: Unfriendly) -> None:
    many = Draft()
    rows = "".join(f"<urn:s{n}> owl:sameAs <urn:w{n}> .\n" for n in range(450))
    many.load(f"@prefix owl: <http://www.w3.org/2002/07/owl#> .\n{rows}".encode(), "turtle", file="many.ttl")
    unfriendly.replies = [Reply(body='{"head": {"vars": ["w", "l"]}, "results": {"bindings": []}}')]
    assert _rows(allow(many, {_WIKIDATA: unfriendly.url}), _NAMES) == []
    asked = _asked(unfriendly)
    assert [text.count("<urn:w") for text in asked] == [200, 200, 50]
    assert all("rdfs:label" in text and "urn:s" not in text and "owl" not in text for text in asked)


def test_nothing_is_asked_where_nothing_could_fit(here: Draft, unfriendly: Unfriendly) -> None:
    unfriendly.replies = [Reply()]
    query = _NAMES.replace("owl:sameAs", "owl:differentFrom")
    assert _rows(allow(here, {_WIKIDATA: unfriendly.url}), query) == []
    assert unfriendly.requests == []


def test_log_ins_meant_for_other_servers_are_not_shown(
    here: Draft, unfriendly: Unfriendly, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KGTOOL_TOKEN", "secret")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ada password secret\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    challenge = (("WWW-Authenticate", 'Basic realm="x"'),)
    unfriendly.replies = [
        Reply(401, "", challenge),
        Reply(body='{"head": {"vars": ["w", "l"]}, "results": {"bindings": []}}'),
    ]
    with pytest.raises(StoreError, match="wants a log-in"):
        _rows(allow(here, {_WIKIDATA: unfriendly.url}), _NAMES)
    assert [request for request in unfriendly.requests if "Authorization" in request.headers] == []
    unfriendly.replies.insert(0, Reply(401, "", challenge))
    assert _rows(allow(here, {_WIKIDATA: unfriendly.url.replace("//", "//ada:own@")}), _NAMES) == []
    assert unfriendly.requests[-1].headers["Authorization"].startswith("Basic ")


# What is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }", "is not allowed, line 1; allowed is <https://"),
        ("SELECT * { SERVICE silent <http://127.0.0.1:%d/> { ?s ?p ?o } }", "is not allowed"),
        ("PREFIX x: <http://127.0.0.1:%d/> SELECT * { SERVICE x:a { ?s ?p ?o } }", "a> is not allowed"),
        ("PREFIX x: <http://127.0.0.1:%d/> SELECT * { SERVICEx:a { ?s ?p ?o } }", "SERVICE or a prefix, 'SERVICEx:a'?"),
        ("PREFIX x: <http://127.0.0.1:%d/> SELECT * { ?s ?p 1.SERVICE x:a { ?s ?p ?o } }", "a> is not allowed"),
        ("PREFIX x: <http://127.0.0.1:%d/> SELECT * { ?s ?p 1.SERVICEx:a { ?s ?p ?o } }", "SERVICE is off"),
        ("BASE <http://127.0.0.1:%d/> SELECT * { SERVICE <a> { ?s ?p ?o } }", "BASE and SERVICE do not go together"),
        ("SELECT * { VALUES ?w { <http://127.0.0.1:%d/> } SERVICE ?w { ?s ?p ?o } }", "does not name an endpoint"),
        ("SELECT * { BIND(%d AS ?x) { SERVICE <@> { ?s ?p ?o } } }", "SERVICE stands too deep"),
        ("SELECT * { { SELECT * { SERVICE <@> { ?s ?p %d } } } }", "SERVICE stands too deep"),
        ("SELECT * { OPTIONAL { ?s ?p %d SERVICE <@> { ?s ?p ?o } } }", "SERVICE stands too deep"),
        ("SELECT * { ?s ?p %d FILTER EXISTS { SERVICE <@> { ?s ?p ?o } } }", "SERVICE stands too deep"),
        ("SELECT (EXISTS { SERVICE <@> { ?s ?p %d } } AS ?x) { ?s ?p ?o }", "SERVICE stands too deep"),
        ("SELECT * { ?s ?p ?o FILTER(?o < %d) SERVICE <@> { ?s ?q ?x } }", "a FILTER stands before SERVICE"),
        ("SELECT * { SERVICE <@> { ?s ?p %d SERVICE <@> { ?s ?q ?x } } }", "a SERVICE within a SERVICE"),
        ("SELECT * { SERVICE <@> { <urn:s> <urn:p> %d } }", "SERVICE finds no variable"),
        ("SELECT * { SERVICE <@> { ?s ?p %d FILTER( } }", "syntax error near"),
    ],
)
def test_what_cannot_be_answered_is_refused_and_nothing_is_sent(here: Draft, query: str, message: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.02)
        port = server.getsockname()[1]
        store = allow(here, {_WIKIDATA: f"http://127.0.0.1:{port}/"})
        text = query.replace("%d", str(port)).replace("@", _WIKIDATA)
        assert message in _refused(store, text)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_refusal_says_where() -> None:
    with pytest.raises(QueryError) as error:
        allow(Draft(), {_WIKIDATA: "x.ttl"}).query("ASK {\n  SERVICE <urn:x> { ?s ?p ?o }\n}", file="a.rq")
    assert str(error.value) == f"a.rq:2: SERVICE <urn:x> is not allowed; allowed is <{_WIKIDATA}>"


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(302, "", (("Location", "http://other.example/"),)), "redirects to http://other.example/"),
        (Reply(500, "no", (("Content-Type", "text/plain"),)), "HTTP 500: no"),
        (Reply(body="{"), "the answer is malformed"),
        (Reply(body="<html>", headers=(("Content-Type", "text/html"),)), "answers a web page"),
        (Reply(cut=9), "breaks off 9 bytes early"),
    ],
)
def test_an_endpoint_that_does_not_behave_is_named(
    here: Draft, unfriendly: Unfriendly, reply: Reply, message: str
) -> None:
    unfriendly.replies = [reply]
    store = allow(here, {_WIKIDATA: unfriendly.url})
    with pytest.raises(ServiceError, match=message) as error:
        _rows(store, _NAMES)
    assert error.value.file == unfriendly.url
    silent = _NAMES.replace("SERVICE", "SERVICE SILENT")
    assert [label for _, label in _rows(store, silent)] == [None] * 4


def test_a_silent_endpoint_is_given_up(here: Draft, unfriendly: Unfriendly, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGTOOL_TIMEOUT", "0.1")
    unfriendly.replies = [Reply(wait=True)]
    with pytest.raises(ServiceError, match=r"no answer within 0\.1 s"):
        _rows(allow(here, {_WIKIDATA: unfriendly.url}), _NAMES)


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("_MOST_BYTES", "answers with more than 3 bytes"),
        ("_MOST_ROWS", "answers with more than 3 rows"),
        ("_MOST_THINGS", "SERVICE would be asked about more than 3 things"),
    ],
)
def test_limits_hold(here: Draft, wikidata: str, monkeypatch: pytest.MonkeyPatch, limit: str, message: str) -> None:
    store = allow(here, {_WIKIDATA: wikidata})
    assert len(_rows(store, _NAMES)) == 7
    monkeypatch.setattr(f"kgtool.store.services.{limit}", 3)
    with pytest.raises((QueryError, ServiceError), match=message):
        _rows(store, _NAMES)


def test_a_blank_node_of_another_store_is_refused(here: Draft, unfriendly: Unfriendly) -> None:
    row = '{"w": {"type": "uri", "value": "urn:w"}, "l": {"type": "bnode", "value": "b"}}'
    unfriendly.replies = [Reply(body=f'{{"head": {{"vars": ["w", "l"]}}, "results": {{"bindings": [{row}]}}}}')]
    assert "answers with a blank node" in _refused(allow(here, {_WIKIDATA: unfriendly.url}), _NAMES)


# The list ------------------------------------------------------------------------------------------------------------


def test_endpoints_are_allowed_by_name_and_place() -> None:
    assert read_services(["https://a.example/sparql", f"https://b.example/={_EXTRACT}", "urn:c=http://localhost/"]) == {
        "https://a.example/sparql": "https://a.example/sparql",
        "https://b.example/": str(_EXTRACT),
        "urn:c": "http://localhost/",
    }


@pytest.mark.parametrize("word", ["wikidata", "*", "urn:c", "https://a.example/=missing.ttl", "file:///etc/passwd", ""])
def test_what_names_no_endpoint_is_refused(word: str) -> None:
    with pytest.raises(QueryError, match="does not name an endpoint to allow"):
        read_services([word])


def test_an_endpoint_is_in_one_place() -> None:
    with pytest.raises(QueryError, match="is allowed twice"):
        read_services(["https://a.example/", "https://a.example/=http://localhost/"])

"""Pages without a server: what they say, in which language, and where their links lead."""

from __future__ import annotations

import json

import pytest

from kgtool.errors import NotFoundError, QueryError
from kgtool.explorer.pages import PAGES, error_page
from kgtool.explorer.visit import About, Sources, Visit
from kgtool.labels import LANGUAGES
from tests.explorer.conftest import Show, shows

_ID = "https://example.org/tiny/id/"


# Home ----------------------------------------------------------------------------------------------------------------


def test_home_shows_parks_against_industries_and_what_can_be_asked(show: Show) -> None:
    page = show("home")
    assert page.status == 200
    assert "Tiny" in page.text
    assert {"/id/harbour-park.html", "/id/optics.html", "/queries/leading-industries"} <= set(page.links())
    marks = [attributes for tag, attributes in page.elements if attributes.get("class") == "mark"]
    assert len(marks) == 1 + 2  # the legend's, and one for each industry


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_says_its_language_and_links_to_the_others(show: Show, language: str) -> None:
    page = show("home", language=language)
    assert page.all("html") == [{"lang": language}]
    switch = [link for link in page.all("a") if "hreflang" in link]
    assert [(link["hreflang"], link["href"]) for link in switch] == [(one, f"/?lang={one}") for one in LANGUAGES]
    assert [link["hreflang"] for link in switch if "aria-current" in link] == [language]


def test_links_keep_a_language_that_was_chosen(show: Show) -> None:
    assert "/id/harbour-park.html?lang=en" in show("home", chosen=True).links()
    assert "/id/harbour-park.html" in show("home", chosen=False).links()


def test_words_are_in_both_scripts(show: Show) -> None:
    assert "搜索" in show("quality", "/quality", language="zh-Hans").text
    assert "質量" in show("quality", "/quality", language="zh-Hant").text
    assert "Quality" not in show("quality", "/quality", language="zh-Hant").text


# A thing -------------------------------------------------------------------------------------------------------------


def test_thing_tells_each_fact_with_its_sentences(show: Show) -> None:
    page = show("document", "/id/harbour-park.html")
    assert page.text.count("Shipbuilding") == 1
    facts = page.text[page.text.index("Shipbuilding") : page.text.index("Optics")]
    # What two sentences say has both.
    assert "sentence 1" in facts or "sentence 2" in facts
    assert {"/article/harbour.html#s1", "/article/harbour.html#s2"} & set(page.links())


def test_thing_is_named_in_every_language_with_its_tag(show: Show) -> None:
    page = show("document", "/id/harbour-park.html")
    tagged = [attributes["lang"] for tag, attributes in page.elements if tag == "bdi" and "lang" in attributes]
    assert {"zh-Hans", "zh-Hant"} <= set(tagged)
    assert "临港园区" in page.text
    assert "臨港園區" in page.text


def test_figures_are_a_table_with_the_value_as_written(show: Show) -> None:
    page = show("document", "/id/harbour-park.html")
    assert "12.50亿元" in page.text
    assert "12.5" in page.text


def test_thing_has_its_documents_and_itself_as_json_ld(show: Show) -> None:
    page = show("document", "/id/harbour-park.html")
    assert {"/id/harbour-park.ttl", "/id/harbour-park.jsonld", "/id/harbour-park.nt", "/id/harbour-park.rdf"} <= set(
        page.links()
    )
    (block,) = page.data
    assert f"{_ID}harbour-park" in json.dumps(json.loads(block))


def test_links_elsewhere_say_how_sure_they_are(kunming_show: Show) -> None:
    page = kunming_show("document", "/id/kunming.html")
    assert "http://www.wikidata.org/entity/Q182852" in page.links()
    after = page.pieces[page.pieces.index("wd:Q182852") :]
    assert [piece for piece in after if piece.strip()][1:4] == [
        "www.wikidata.org",
        "0.95",
        "four public repositories agree",
    ]


def test_thing_named_elsewhere_has_a_page_by_its_iri(show: Show) -> None:
    page = show("thing", "/thing", iri=f"{_ID}optics")
    assert page.status == 200
    assert "Optics" in page.text


@pytest.mark.parametrize("iri", ["https://example.org/nothing", "", "not an iri", "javascript:alert(1)"])
def test_nothing_is_said_of_what_is_not_there(show: Show, iri: str) -> None:
    with pytest.raises(NotFoundError, match=r"^nothing is said of"):
        show("thing", "/thing", iri=iri)


# The article ---------------------------------------------------------------------------------------------------------


def test_article_tells_every_sentence_with_its_facts(show: Show) -> None:
    page = show("document", "/article/harbour.html")
    anchors = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert {"s1", "s2", "s3"} <= anchors
    assert "2 of 3 sentences state something." in page.text
    assert "产值12.50亿元" in page.text
    assert "/id/shipbuilding.html" in page.links()
    # The one article is the page of all articles, too.
    assert "2 of 3 sentences" in show("articles", "/articles").text


def test_article_shows_its_words_in_either_script_with_quotes_marked(sources: Sources) -> None:
    text = "甲" * 15 + "乙，產值12.50億元，丙丙" + "。\n" + "丁" * 14
    at_hand = {"https://example.org/tiny/article/harbour": {"text": text, "coverage": {}}}
    show = shows(sources._replace(about=sources.about._replace(texts=at_hand), kept={}))
    simplified = show("document", "/article/harbour.html", script="hans")
    assert "产值12.50亿元" in simplified.text
    assert len(simplified.all("mark")) == 1
    assert "產值12.50億元" in show("document", "/article/harbour.html", script="hant").text
    # A fact's sentence is shown where the fact is, too.
    assert "乙，產值12.50億元，丙丙" in show("document", "/id/harbour-park.html").text
    assert "乙，产值12.50亿元，丙丙" in show("document", "/id/harbour-park.html", language="zh-Hans").text


# Questions -----------------------------------------------------------------------------------------------------------


def test_questions_are_searched(show: Show) -> None:
    assert "/queries/leading-industries" in show("queries", "/queries", q="industries").links()
    assert "/queries/leading-industries" not in show("queries", "/queries", q="gibberish").links()


def test_answer_has_the_sentences_of_each_row(show: Show) -> None:
    page = show("query", "/queries/leading-industries")
    assert page.text.count("Harbour Park") == 2
    assert len([one for one in page.all("details") if one.get("class") == "proof"]) == 3
    assert "/queries/leading-industries.csv" in page.links()
    assert any(link.startswith("/sparql?query=") for link in page.links())


def test_answer_without_sentences_has_none(show: Show) -> None:
    page = show("query", "/queries/leading-industries", evidence="0")
    assert page.text.count("Harbour Park") == 2
    assert not [one for one in page.all("details") if one.get("class") == "proof"]


def test_parameter_that_is_not_there_is_a_problem_on_the_page(show: Show) -> None:
    page = show("query", "/queries/leading-industries", nonsense="1")
    assert page.status == 400
    assert "has no parameter 'nonsense'" in page.text


def test_question_that_is_not_saved_is_not_found(show: Show) -> None:
    with pytest.raises(NotFoundError, match="no saved query 'leading'; did you mean leading-industries"):
        show("query", "/queries/leading")


# SPARQL --------------------------------------------------------------------------------------------------------------


def test_sparql_answers_with_labels_and_files(show: Show) -> None:
    query = "SELECT ?park { ?park a ip:IndustrialPark }"
    page = show("sparql", "/sparql", query=query)
    assert "Harbour Park" in page.text
    assert any("format=csv" in link for link in page.links())


def test_sparql_error_is_marked_with_its_place(show: Show) -> None:
    page = show("sparql", "/sparql", query="SELECT ?s\n{ ?s ?p")
    assert page.status == 400
    (section,) = [one for one in page.all("section") if one.get("id") == "answer"]
    assert (section["data-line"], section["data-column"].isdecimal()) == ("2", True)


def test_sparql_says_yes_or_no_and_draws_graphs(show: Show) -> None:
    assert "Yes" in show("sparql", "/sparql", query="ASK { ?s a ip:IndustrialPark }").text
    drawn = show("sparql", "/sparql", query="CONSTRUCT { ?s ip:hasIndustry ?o } { ?s ip:hasLeadingIndustry ?o }")
    assert len([one for one in drawn.all("span") if "data-edge" in one]) == 2
    assert "There is no answer" in show("sparql", "/sparql", query="SELECT ?s { ?s a ip:Nothing }").text


def test_sparql_page_refuses_what_it_would_ignore(show: Show) -> None:
    with pytest.raises(QueryError, match="no parameter 'default-graph-uri'"):
        show("sparql", "/sparql", query="ASK {}", **{"default-graph-uri": "urn:x"})


def test_numbers_make_a_chart(show: Show) -> None:
    query = 'SELECT ?name ?number { VALUES (?name ?number) { ("a" 1) ("b" 2.5) } }'
    (chart,) = show("sparql", "/sparql", query=query).all("kg-chart")
    assert (chart["data-labels"], chart["data-values"]) == ("0", "1")
    assert show("sparql", "/sparql", query=query.replace("2.5", '"x"')).all("kg-chart") == []


# The others ----------------------------------------------------------------------------------------------------------


def test_graph_around_a_thing_is_drawn_and_listed(show: Show) -> None:
    page = show("graph", "/graph", of="Harbour Park")
    nodes = {one["data-node"] for one in page.all("span") if "data-node" in one}
    assert {"ex:harbour-park", "ex:optics", "ex:shipbuilding"} <= nodes
    rows = [one for one in page.all("tr") if "data-source" in one]
    assert len(rows) == len([one for one in page.all("span") if "data-edge" in one])


def test_graph_around_nothing_is_not_found(show: Show) -> None:
    with pytest.raises(NotFoundError, match=r"^nothing is called 'gibberish'"):
        show("graph", "/graph", of="gibberish")


def test_search_finds_in_any_script(show: Show) -> None:
    for words in ("临港", "臨港", "harbour", "lingang"):
        assert "/id/harbour-park.html" in show("find", "/search", q=words).links()
    assert "Nothing is called that" in show("find", "/search", q="东京").text


def test_suggestions_are_options_of_a_listbox(show: Show) -> None:
    page = show("find", "/search", q="harbour", part="list")
    assert page.all("html") == []
    assert {"role": "option", "href": "/id/harbour-park.html"}.items() <= page.all("a")[0].items()


def test_quality_counts_and_validates(show: Show) -> None:
    assert "3 sentences" in show("quality", "/quality").text.replace("of 3 sentences", "3 sentences")
    assert "checks" in show("quality", "/quality", part="validation").text


def test_vocabulary_has_anchors_at_terms(kunming_show: Show) -> None:
    page = kunming_show("vocabulary", "/vocabulary")
    anchors = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert {"IndustrialPark", "hasLeadingIndustry", "Observation", "Level"} <= set(anchors)
    assert len(anchors) == len(set(anchors))
    assert "A park has at most one ip:parkType" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(PAGES.keys() - {"document", "thing", "query"}))
def test_every_page_of_the_shipped_graph_is_made(kunming_show: Show, name: str, language: str) -> None:
    page = kunming_show(name, language=language)
    assert page.status == 200
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1


def test_every_thing_of_the_shipped_graph_has_a_page(kunming_sources: Sources, kunming_show: Show) -> None:
    query = "SELECT DISTINCT ?s { ?s a ?c FILTER(STRSTARTS(STR(?s), ?base)) } ORDER BY ?s"
    base = f'"{kunming_sources.base}id/"'
    found = [s.value for (s,) in kunming_sources.store.query(query.replace("?base", base)).rows() if s is not None]
    assert len(found) > 200
    for iri in found[::7]:
        page = kunming_show("thing", "/thing", iri=iri)
        assert page.status == 200
        assert iri in page.text


def test_every_question_of_the_shipped_graph_is_answered(kunming_sources: Sources, kunming_show: Show) -> None:
    for name, query in kunming_sources.queries.items():
        page = kunming_show("query", f"/queries/{name}", language="zh-Hans")
        assert page.status == 200, name
        needs = [one.name for one in query.parameters if one.required]
        assert needs or "无法回答" not in page.text


def test_problem_is_a_page_without_a_store() -> None:
    problem = {"status": 404, "code": "not-found", "message": "no", "where": None, "hint": "<b>"}
    page = error_page(Visit("zh-Hans", False, "/x"), About("tiny"), problem)
    assert "这里没有内容" in page
    assert "&lt;b&gt;" in page

"""What problems say in detail, in the reader's language: messages as the program really makes them."""

from __future__ import annotations

import re

import pytest

from kgtool.errors import KgError, StoreError
from kgtool.explorer import details
from kgtool.explorer.pages import Made, error_page
from kgtool.explorer.visit import Sources, Visit
from kgtool.explorer.words import words_in
from kgtool.server.errors import Problem, problem_of
from kgtool.server.process import TIMEOUT
from tests.explorer.conftest import Show, Taken

_ALL = sorted({*details._DETAILS, *details.IN_BROWSER.values()})


@pytest.mark.parametrize("text", _ALL)
def test_message_keeps_its_values(text: str) -> None:
    names = re.findall(r"%\((\w+)\)s", text)
    values = {name: f"{place}@x" for place, name in enumerate(names)}
    said = details.detail_in(words_in("zh-Hans"), text % values)
    assert said == words_in("zh-Hans").gettext(text) % values
    assert said != text % values


def test_what_the_catalogue_does_not_know_stays() -> None:
    assert details.detail_in(words_in("zh-Hans"), "the moon is blue") == "the moon is blue"
    assert details.detail_in(words_in("en"), "nothing is called 'x'") == "nothing is called 'x'"
    # A value that looks like a message, or like a place for a value, is a value.
    assert details.detail_in(words_in("zh-Hans"), "no saved query '%(name)s'") == "没有名为“%(name)s”的已存查询"


_LEADING, _BETWEEN, _YEAR = "/queries/leading-industries", "/queries/events-between", "/queries/plans-for-year"


@pytest.mark.parametrize(
    ("page", "path", "given", "said"),
    [
        ("query", _LEADING, {"park": "gibberish"}, "没有名为 'gibberish' 且属于 ip:IndustrialPark 的事物"),
        ("query", _LEADING, {"prak": "x"}, "查询“leading-industries”没有参数“prak” 您是不是要找“park”？"),
        ("query", _LEADING, {"park": "km:kunming"}, "'km:kunming' 不属于 ip:IndustrialPark"),
        ("query", _BETWEEN, {"since": "2023-02-30"}, "参数“since”：“2023-02-30”不是日期（如 2023-12-31）"),
        ("query", _YEAR, {"year": "soon"}, "参数“year”：“soon”不是整数（如 12）"),
        ("query", "/queries/parks-ranked", {"by": "colour"}, "参数“by”：“colour”不在可选值之列"),
        ("sparql", "/sparql", {"query": "SELECT ?s {"}, "语法错误，位于“SELECT ?s {”附近"),
        ("sparql", "/sparql", {"query": "SELECT ?s { ?s foo:a ?o }"}, "未知前缀“foo”，第 16 列"),
        ("sparql", "/sparql", {"query": "ASK { SERVICE <http://a/> {} }"}, "SERVICE 已关闭：查询只读取本数据"),
        ("sparql", "/sparql", {"query": "INSERT"}, "不是查询"),
        ("ask", "/ask", {"q": "gibberish"}, "没有已存查询能回答“gibberish”"),
    ],
)
def test_problem_of_a_page_is_told_in_chinese(
    kunming_show: Show, page: str, path: str, given: dict[str, str], said: str
) -> None:
    shown = kunming_show(page, path, language="zh-Hans", **given)
    assert shown.status in (400, 404)
    assert said in shown.text


@pytest.mark.parametrize(
    ("page", "path", "said"),
    [
        ("query", "/queries/leading-industry", "沒有名為“leading-industry”的已存查詢 您是不是要找 leading-industries"),
        ("document", "/id/nothing.html", "圖譜沒有關於“https://w3id.org/industrial-park/kunming/id/nothing”的陳述"),
    ],
)
def test_page_that_is_not_there_is_told_in_traditional_chinese(
    kunming_show: Show, kunming_sources: Sources, page: str, path: str, said: str
) -> None:
    with pytest.raises(KgError) as caught:
        kunming_show(page, path, language="zh-Hant")
    problem = problem_of(caught.value)
    html = error_page(Visit("zh-Hant"), kunming_sources.about, {**problem._asdict(), "status": problem.status})
    assert said in Taken(Made(404, "", html)).text


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (TIMEOUT, "查询用时过长，已被终止 请缩小范围，或以更长的 --timeout 启动服务"),
        (problem_of(StoreError("gone", file="/secret")), "无法读取图谱 请告知服务的管理者；其日志有详情"),
    ],
)
def test_problem_of_the_server_is_told_in_chinese(kunming_sources: Sources, problem: Problem, said: str) -> None:
    html = error_page(Visit("zh-Hans"), kunming_sources.about, {**problem._asdict(), "status": problem.status})
    assert said in Taken(Made(problem.status, "", html)).text

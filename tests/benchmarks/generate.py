"""A nation of industrial parks that does not exist, as N-Quads or as a project: for benchmarks at any size.

    python tests/benchmarks/generate.py 1000000 > parks.nq
    python tests/benchmarks/generate.py 100000 --project DIR

Parks x industries x indicators x years: every article reviews one city's parks in one year, in sentences that are named
graphs with observations, recognitions, plans and direct edges, labels in three languages. A few parks are large and
named often, most are small (Zipf). The same arguments give the same bytes; an article does not depend on the others, so
they can be made in any order. ``--errors N`` breaks N figures in ways that the shapes refuse, and lists them on stderr.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate, cycle, islice
from pathlib import Path
from typing import NamedTuple, TextIO

from kgtool.files import replace_text
from kgtool.namespaces import DCTERMS, IP, OA, QB, RDF, SCHEMA, SKOS, XSD

__all__ = ["ERRORS", "Nation", "Quad", "article_quads", "entity_quads", "generate", "plan", "write_project"]

BASE = "https://example.org/nation/"
TYPE = f"<{RDF}type>"

#: Terms of one quad as N-Quads writes them; the graph last.
Quad = tuple[str, str, str, str]

#: Syllables of names: Simplified, Traditional, pinyin.
_SYLLABLES = [
    "安安an",
    "宁寧ning",
    "云雲yun",
    "龙龍long",
    "东東dong",
    "阳陽yang",
    "马馬ma",
    "湾灣wan",
    "兴興xing",
    "丰豐feng",
    "华華hua",
    "乐樂le",
    "义義yi",
    "广廣guang",
    "陆陸lu",
    "泽澤ze",
    "岭嶺ling",
    "桥橋qiao",
    "锦錦jin",
    "宝寶bao",
    "临臨lin",
    "江江jiang",
    "山山shan",
    "清清qing",
    "平平ping",
    "石石shi",
    "林林lin",
    "海海hai",
]
_SPECIALITIES = [
    "钛鈦titanium",
    "药藥pharmaceutical",
    "车車vehicle",
    "电電electronics",
    "锂鋰lithium",
    "钢鋼steel",
    "铝鋁aluminium",
    "磷磷phosphorus",
    "纺紡textile",
    "药械藥械device",
    "数据數據data",
    "光伏光伏solar",
    "风电風電wind",
    "食品食品food",
    "家具家具furniture",
    "船船ship",
]
#: Indicator, unit, scale, unit as it is written, largest value.
_INDICATORS = (
    ("gross-output", "currency/CNY", 8, "亿元", 5000),
    ("value-added", "currency/CNY", 8, "亿元", 2000),
    ("enterprise-count", "unit/NUM", 0, "户", 900),
    ("signed-projects", "unit/NUM", 0, "个", 60),
    ("agreed-investment", "currency/CNY", 8, "亿元", 800),
    ("leading-industry-output", "currency/CNY", 8, "亿元", 1500),
    ("phosphogypsum-use", "unit/TONNE", 4, "万吨", 1500),
    ("innovative-smes", "unit/NUM", 0, "家", 200),
)
_YEARS = range(2013, 2024)
#: Triples of one article, its record and its facts, on the average (measured).
_PER_ARTICLE = 850
#: Sentences of an article unless told otherwise.
_SENTENCES = 24
#: One sentence in so many says of a park that it has a title.
_RECOGNITION = 6

#: How a figure can be broken, and which shape then refuses it.
ERRORS = {
    "no value": "ObservationShape-value",
    "two values": "ObservationShape-value",
    "value as text": "ObservationShape-value",
    "no unit": "ObservationShape-unit",
    "unit as text": "ObservationShape-unit",
    "no period": "ObservationShape-period",
    "unknown type": "ObservationShape-statisticType",
    "unknown qualifier": "ObservationShape-qualifier",
    "indicator is a park": "ObservationShape-indicator",
    "unknown property": "ObservationShape",
}


class Nation(NamedTuple):
    """How much there is of what, worked out from the number of triples wanted."""

    seed: int
    cities: int
    parks: int
    industries: int
    articles: int
    #: Articles (by number) with the ways in which to break a figure of each.
    broken: dict[int, list[str]]
    #: Sentences of each article.
    sentences: int = _SENTENCES


def plan(triples: int, *, seed: int = 1, errors: int = 0, sentences: int = _SENTENCES) -> Nation:
    """Work out a nation of about so many triples."""
    articles = max(1, round(triples / (_PER_ARTICLE * sentences / _SENTENCES)))
    cities = max(1, articles // len(_YEARS) + (articles % len(_YEARS) > 0))
    broken: dict[int, list[str]] = {}
    choose = random.Random(f"{seed} errors")
    for kind in islice(cycle(ERRORS), errors):
        broken.setdefault(choose.randrange(articles), []).append(kind)
    return Nation(seed, cities, cities * 6, min(400, 12 + cities // 2), articles, broken, sentences)


def generate(nation: Nation, *, note: TextIO | None = None) -> Iterator[Quad]:
    """Make every quad of a nation: its entities, then one article after the other."""
    yield from entity_quads(nation)
    for number in range(nation.articles):
        yield from article_quads(nation, number, note=note)


# Names ---------------------------------------------------------------------------------------------------------------


def _split(word: str) -> tuple[str, str, str]:
    """Take ``宁寧ning`` apart.

    >>> _split("药械藥械device")
    ('药械', '藥械', 'device')
    """
    characters = next(at for at, ch in enumerate(word) if ch.isascii())
    return word[: characters // 2], word[characters // 2 : characters], word[characters:]


def _name(number: int, syllables: int = 2) -> tuple[str, str, str]:
    """Return the number-th name of a place in three scripts; names repeat after 28 to the power of the syllables."""
    parts = []
    for _ in range(syllables):
        number, at = divmod(number, len(_SYLLABLES))
        parts.append(_split(_SYLLABLES[at]))
    simplified, traditional, pinyin = ("".join(column) for column in zip(*parts, strict=True))
    return simplified, traditional, pinyin.capitalize()


def _literal(text: str, tag: str = "", datatype: str = "") -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' + (f"@{tag}" if tag else f"^^<{XSD}{datatype}>" if datatype else "")


def _labels(node: str, names: tuple[str, str, str], graph: str) -> Iterator[Quad]:
    for tag, name in zip(("zh-Hans", "zh-Hant", "en"), names, strict=True):
        yield node, f"<{SKOS}prefLabel>", _literal(name, tag), graph


def _iri(path: str) -> str:
    return f"<{BASE}{path}>"


# Entities ------------------------------------------------------------------------------------------------------------

_CITY = ("市", "市", " City")
_PARK = ("产业园区", "產業園區", " Industrial Park")
_INDUSTRY = ("制造业", "製造業", " manufacturing")


def _with(name: tuple[str, str, str], ending: tuple[str, str, str]) -> tuple[str, str, str]:
    return name[0] + ending[0], name[1] + ending[1], name[2] + ending[2]


def _park_name(number: int) -> tuple[str, str, str]:
    city, own = _name(number // 6), _name(number % 6 + number // 6 * 7, 1)
    return _with((city[0] + own[0], city[1] + own[1], f"{city[2]} {own[2]}"), _PARK)


def _industry_name(number: int) -> tuple[str, str, str]:
    rest, at = divmod(number, len(_SPECIALITIES))
    one = _split(_SPECIALITIES[at])
    place = _name(rest - 1, 1) if rest else ("", "", "")
    return _with((place[0] + one[0], place[1] + one[1], f"{place[2]} {one[2]}".strip()), _INDUSTRY)


def entity_quads(nation: Nation) -> Iterator[Quad]:
    """Make the things that articles speak of: cities, parks, industries, titles, periods, the two data cubes."""
    graph = _iri("graph/entities")
    for number in range(nation.cities):
        node = _iri(f"id/city-{number}")
        yield node, TYPE, f"<{IP}AdministrativeArea>", graph
        yield from _labels(node, _with(_name(number), _CITY), graph)
    for number in range(nation.parks):
        node = _iri(f"id/park-{number}")
        yield node, TYPE, f"<{IP}IndustrialPark>", graph
        yield from _labels(node, _park_name(number), graph)
        yield node, f"<{IP}parkType>", f"<{IP}IndustryPark>", graph
    scheme = _iri("industries")
    yield scheme, TYPE, f"<{SKOS}ConceptScheme>", graph
    yield from _labels(scheme, ("产业", "產業", "industries"), graph)
    yield scheme, f"<{SKOS}definition>", _literal("Industries that articles name.", "en"), graph
    yield scheme, f"<{SKOS}definition>", _literal("文章所点名的产业。", "zh-Hans"), graph
    for number in range(nation.industries):
        node = _iri(f"id/industry-{number}")
        yield node, TYPE, f"<{IP}Industry>", graph
        yield node, TYPE, f"<{SKOS}Concept>", graph
        yield from _labels(node, _industry_name(number), graph)
        yield node, f"<{SKOS}inScheme>", scheme, graph
    for year in _YEARS[: nation.articles]:
        for at in range(_RECOGNITION, nation.sentences + 1, _RECOGNITION):
            node = _iri(f"id/title-{year}-{at}")
            yield node, TYPE, f"<{IP}Title>", graph
            yield node, TYPE, f"<{SKOS}Concept>", graph
            names = _with(_name(at, 1), (f"级示范园（{year}年）", f"級示範園（{year}年）", f" model park of {year}"))
            yield from _labels(node, names, graph)
    bureau = _iri("id/bureau")
    yield bureau, TYPE, f"<{IP}PublicBody>", graph
    yield from _labels(bureau, ("园区局", "園區局", "parks bureau"), graph)
    paper = _iri("id/newspaper")
    yield paper, TYPE, f"<{SCHEMA}NewsMediaOrganization>", graph
    yield from _labels(paper, ("园区报", "園區報", "Park Daily"), graph)
    for year in range(_YEARS.start, _YEARS.stop + 1):
        node = _iri(f"period/{year}")
        yield node, TYPE, f"<{IP}Period>", graph
        yield from _labels(node, (f"{year}年", f"{year}年", f"year {year}"), graph)
        yield node, f"<{IP}start>", _literal(f"{year}-01-01", datatype="date"), graph
        yield node, f"<{IP}end>", _literal(f"{year}-12-31", datatype="date"), graph
        yield node, f"<{IP}cumulative>", _literal("true", datatype="boolean"), graph
    yield from _dataset_quads()


def _dataset_quads() -> Iterator[Quad]:
    graph, node = _iri("graph/dataset"), _iri("dataset/observations")
    yield node, TYPE, f"<{QB}DataSet>", graph
    yield from _labels(node, ("陈述的观测", "陳述的觀測", "stated observations"), graph)
    yield node, f"<{DCTERMS}description>", _literal("Figures stated by the articles.", "en"), graph
    yield node, f"<{DCTERMS}description>", _literal("文章陈述的数字。", "zh-Hans"), graph
    yield node, f"<{QB}structure>", f"<{IP}ObservationStructure>", graph


# Articles ------------------------------------------------------------------------------------------------------------


class _Article:
    """One article while it is being written: who is chosen, and what a sentence says."""

    def __init__(self, nation: Nation, number: int) -> None:
        self.nation, self.number = nation, number
        self.choose = random.Random(f"{nation.seed} {number}")
        self.city, self.year = number // len(_YEARS), _YEARS[number % len(_YEARS)]
        self.slug = f"city-{self.city}-{self.year}"
        self.node = _iri(f"article/{self.slug}")
        self.graph = _iri(f"graph/article/{self.slug}")
        # Zipf: the n-th park of a city is named a (n+1)-th as often as its first; the largest of the nation everywhere.
        self.parks = [self.city * 6 + at for at in range(6)] + [0]
        self.weights = list(accumulate([1, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6, 1 / 4]))
        self.figures: set[tuple[int, str, str]] = set()

    def sentence(self, number: int) -> str:
        return _iri(f"article/{self.slug}/s{number}")

    def park(self) -> int:
        return self.parks[bisect_left(self.weights, self.choose.random() * self.weights[-1])]

    def industry(self, at: int) -> int:
        """Choose an industry, early ones far more often; the first articles see to it that each is named once."""
        chosen = int(self.nation.industries * self.choose.random() ** 3)
        unnamed = self.number * self.nation.sentences + at - 1
        return unnamed // 2 if at % 3 == 1 and unnamed // 2 < self.nation.industries else chosen


def article_quads(nation: Nation, number: int, *, note: TextIO | None = None) -> Iterator[Quad]:
    """Make one article: its record, then what each of its sentences says.

    :param note: told of every figure that is broken on purpose, as JSON lines.
    """
    article = _Article(nation, number)
    yield from _record(article)
    left = list(nation.broken.get(number, ()))
    for at in range(1, nation.sentences + 1):
        graph = article.sentence(at)
        # Whoever reviews the nation's largest park, its titles are its own city's to tell.
        park = article.park() if at % _RECOGNITION else article.parks[(at + article.number) % 6]
        subject = _iri(f"id/park-{park}")
        if at % _RECOGNITION == 0:
            yield from _recognition(article, subject, park, at, graph)
        elif at % 6 == 3:
            yield from _planned(article, subject, park, at, graph)
        else:
            industry = article.industry(at)
            # Said again where it was said before: the union has it once.
            yield subject, f"<{IP}hasLeadingIndustry>", _iri(f"id/industry-{industry}"), graph
            if at == 1:
                for own in article.parks[:6]:
                    yield _iri(f"id/park-{own}"), f"<{SCHEMA}containedInPlace>", _iri(f"id/city-{article.city}"), graph
        for _ in range(2):
            figure = list(_figure(article, subject, park, at, graph))
            if figure and left:
                kind = left.pop()
                figure = _break(figure, kind)
                if note is not None:
                    row = {"figure": figure[0][0][1:-1], "error": kind, "shape": ERRORS[kind]}
                    note.write(json.dumps(row) + "\n")
            yield from figure


def _record(article: _Article) -> Iterator[Quad]:
    node, graph = article.node, article.graph
    yield node, TYPE, f"<{IP}NewsArticle>", graph
    name = _name(article.city)
    title = (f"{name[0]}园区{article.year}年综述", f"{name[1]}園區{article.year}年綜述", f"{name[2]} in {article.year}")
    yield from _labels(node, title, graph)
    digest = f"{article.number:064x}"
    yield node, f"<{IP}sha256>", _literal(digest), graph
    yield node, f"<{IP}simplifiedSha256>", _literal(digest), graph
    yield node, f"<{IP}length>", _literal(str(article.nation.sentences * 40), datatype="integer"), graph
    yield node, f"<{SCHEMA}inLanguage>", _literal("zh"), graph
    yield node, f"<{SCHEMA}headline>", _literal(title[1], "zh"), graph
    yield node, f"<{SCHEMA}datePublished>", _literal(f"{article.year + 1}-01-08", datatype="date"), graph
    yield node, f"<{SCHEMA}publisher>", _iri("id/newspaper"), graph
    part = _iri(f"article/{article.slug}/part-1")
    yield part, TYPE, f"<{IP}Section>", graph
    yield part, f"<{DCTERMS}isPartOf>", node, graph
    yield part, f"<{IP}number>", _literal("1", datatype="integer"), graph
    yield from _labels(part, (f"{title[0]}正文", f"{title[1]}正文", f"{title[2]}: text"), graph)
    for at in range(1, article.nation.sentences + 1):
        sentence = article.sentence(at)
        yield sentence, TYPE, f"<{IP}Sentence>", graph
        yield sentence, f"<{DCTERMS}isPartOf>", node, graph
        yield sentence, f"<{IP}number>", _literal(str(at), datatype="integer"), graph
        yield sentence, f"<{IP}paragraph>", _literal(str((at + 5) // 6), datatype="integer"), graph
        yield sentence, f"<{IP}section>", part, graph
        yield sentence, f"<{OA}start>", _literal(str((at - 1) * 40), datatype="integer"), graph
        yield sentence, f"<{OA}end>", _literal(str(at * 40), datatype="integer"), graph
        yield sentence, f"<{IP}gist>", _literal(f"{article.city}/{article.year}: what sentence {at} says", "en"), graph
        yield sentence, f"<{IP}gist>", _literal(f"{article.year}年第{at}句所说", "zh-Hans"), graph
        yield sentence, f"<{IP}sentenceRole>", f"<{IP}Factual>", graph


def _figure(article: _Article, subject: str, park: int, at: int, graph: str) -> Iterator[Quad]:
    """Make a level or a growth rate of a park; nothing if the article has it already."""
    indicator, unit, scale, written, largest = article.choose.choice(_INDICATORS)
    growth = article.choose.random() < 0.35
    key = (park, indicator, "Growth" if growth else "Level")
    # Park 0 is written about by every city: whose figure it is, is said by who reviews it.
    if key in article.figures or (park == 0 and article.city):
        return
    article.figures.add(key)
    node = _iri(f"id/fig-{park}-{indicator}-{article.year}" + ("-growth" if growth else ""))
    rank = park % 6 + 1
    value = (
        f"{article.choose.uniform(-9, 30):.1f}" if growth else f"{largest / rank * article.choose.uniform(0.5, 1):.2f}"
    )
    if not scale and not growth:
        value = str(round(float(value)))
    about = article.choose.random() < 0.25
    phrase = ("约" if about else "") + (f"{value}%" if growth else value + written)
    yield node, TYPE, f"<{IP}Observation>", graph
    yield node, TYPE, f"<{QB}Observation>", graph
    yield node, f"<{QB}dataSet>", _iri("dataset/observations"), graph
    yield node, f"<{IP}subject>", subject, graph
    yield node, f"<{IP}indicator>", f"<https://w3id.org/industrial-park/indicator/{indicator}>", graph
    yield node, f"<{IP}statisticType>", f"<{IP}{key[2]}>", graph
    yield node, f"<{IP}counterpart>", f"<{IP}NotApplicable>", graph
    yield node, f"<{IP}period>", _iri(f"period/{article.year}"), graph
    yield node, f"<{IP}value>", _literal(value, datatype="decimal"), graph
    yield node, f"<{IP}unit>", f"<http://qudt.org/vocab/{'unit/PERCENT' if growth else unit}>", graph
    if scale and not growth:
        yield node, f"<{IP}scale>", _literal(str(10**scale), datatype="decimal"), graph
    yield node, f"<{IP}qualifier>", f"<{IP}{'Approximate' if about else 'Exact'}>", graph
    yield node, f"<{IP}valueAsWritten>", _literal(phrase), graph
    yield node, f"<{IP}quote>", _literal(phrase, "zh"), graph
    simplified, traditional, english = _park_name(park)
    what = f"{indicator} growth" if growth else indicator
    names = (f"{simplified} {what}（{article.year}年）", f"{traditional} {what}（{article.year}年）")
    yield from _labels(node, (*names, f"{english}: {what} ({article.year})"), graph)


def _recognition(article: _Article, subject: str, park: int, at: int, graph: str) -> Iterator[Quad]:
    node = _iri(f"id/recognition-{article.slug}-{at}")
    granted = article.choose.random() < 0.7
    yield node, TYPE, f"<{IP}Recognition>", graph
    done = ("获评", "獲評", " recognised") if granted else ("备案", "備案", " filed")
    yield from _labels(node, _numbered(_with(_park_name(park), done), article, at), graph)
    yield node, f"<{IP}recognizedEntity>", subject, graph
    yield node, f"<{IP}title>", _iri(f"id/title-{article.year}-{at}"), graph
    yield node, f"<{IP}status>", f"<{IP}{'Granted' if granted else 'Filed'}>", graph
    yield node, f"<{IP}grantingBody>", _iri("id/bureau"), graph
    yield node, f"<{IP}period>", _iri(f"period/{article.year}"), graph
    yield node, f"<{IP}quote>", _literal(done[1], "zh"), graph


def _planned(article: _Article, subject: str, park: int, at: int, graph: str) -> Iterator[Quad]:
    node = _iri(f"id/plan-{article.slug}-{at}")
    yield node, TYPE, f"<{IP}PlannedMeasure>", graph
    names = _with(_park_name(park), ("将扩建", "將擴建", " will expand"))
    yield from _labels(node, _numbered(names, article, at), graph)
    yield node, f"<{IP}actor>", subject, graph
    yield node, f"<{IP}period>", _iri(f"period/{article.year + 1}"), graph
    yield node, f"<{IP}concerns>", _iri(f"id/industry-{article.industry(at)}"), graph
    yield node, f"<{IP}quote>", _literal("計劃擴建", "zh"), graph


def _numbered(names: tuple[str, str, str], article: _Article, at: int) -> tuple[str, str, str]:
    """Tell statements of one kind apart by who reviews when and in which sentence."""
    ending = f"（{article.city}，{article.year}，{at}）"
    return _with(names, (ending, ending, f" ({article.city}, {article.year}, {at})"))


def _break(figure: list[Quad], kind: str) -> list[Quad]:
    """Break a figure in one way."""
    node, graph = figure[0][0], figure[0][3]
    broken = {
        "no value": ("value", None),
        "two values": ("", (f"<{IP}value>", _literal("-1", datatype="decimal"))),
        "value as text": ("value", (f"<{IP}value>", _literal("many"))),
        "no unit": ("unit", None),
        "unit as text": ("unit", (f"<{IP}unit>", _literal("yuan"))),
        "no period": ("period", None),
        "unknown type": ("statisticType", (f"<{IP}statisticType>", f"<{IP}Average>")),
        "unknown qualifier": ("qualifier", (f"<{IP}qualifier>", f"<{IP}Perhaps>")),
        "indicator is a park": ("indicator", (f"<{IP}indicator>", _iri("id/park-0"))),
        "unknown property": ("", (f"<{IP}colour>", _literal("red"))),
    }
    gone, added = broken[kind]
    kept = [quad for quad in figure if not gone or quad[1] != f"<{IP}{gone}>"]
    return kept if added is None else [*kept, (node, *added, graph)]


# Writing -------------------------------------------------------------------------------------------------------------


def write_quads(quads: Iterable[Quad], stream: TextIO, *, union: bool) -> int:
    """Write quads as N-Quads, and their triples in the default graph too if wanted; return how many triples."""
    count = 0
    for s, p, o, g in quads:
        count += 1
        stream.write(f"{s} {p} {o} {g} .\n")
        if union:
            stream.write(f"{s} {p} {o} .\n")
    return count


def write_project(nation: Nation, folder: Path, *, note: TextIO | None = None) -> None:
    """Write a nation as a project that ``kgtool --project DIR build`` builds, one folder per article."""
    for name in ("graph/entities", "graph/articles", "ontology", "queries"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    described = (
        f"<{BASE}> a <http://rdfs.org/ns/void#Dataset> ;\n"
        f'    <{DCTERMS}title> "A nation of parks"@en, "园区之国"@zh-Hans, "園區之國"@zh-Hant ;\n'
        f'    <{DCTERMS}description> "Invented."@en, "虚构。"@zh-Hans ;\n    <{DCTERMS}language> "zh-Hans", "en" ;\n'
        f"    <{DCTERMS}license> <https://creativecommons.org/licenses/by/4.0/> ;\n"
        f'    <http://rdfs.org/ns/void#uriSpace> "{BASE}" ;\n.\n'
    )
    replace_text(folder / "graph/dataset.ttl", described + _triples(_dataset_quads()))
    entities = (quad for quad in entity_quads(nation) if quad[3] != _iri("graph/dataset"))
    replace_text(folder / "graph/entities/all.ttl", _triples(entities))
    for number in range(nation.articles):
        article = _Article(nation, number)
        record, blocks = [], dict[str, list[Quad]]()
        for quad in article_quads(nation, number, note=note):
            if quad[3] == article.graph:
                record.append(quad)
            else:
                blocks.setdefault(quad[3], []).append(quad)
        place = folder / "graph/articles" / article.slug
        place.mkdir(exist_ok=True)
        replace_text(place / "article.ttl", _triples(record))
        facts = "".join(f"GRAPH {graph} {{\n{_triples(quads)}}}\n" for graph, quads in blocks.items())
        replace_text(place / "facts.trig", facts)


def _triples(quads: Iterable[Quad]) -> str:
    return "".join(f"{s} {p} {o} .\n" for s, p, o, _ in quads)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("triples", type=int, help="about how many, without the ontology")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="figures to break")
    parser.add_argument("--sentences", type=int, default=_SENTENCES, metavar="N", help="of every article")
    parser.add_argument("--union", action="store_true", help="the default graph has every triple too")
    parser.add_argument("--project", type=Path, metavar="DIR", help="write a project instead of N-Quads to stdout")
    given = parser.parse_args()
    nation = plan(given.triples, seed=given.seed, errors=given.errors, sentences=given.sentences)
    note = sys.stderr if given.errors else None
    if given.project:
        write_project(nation, given.project, note=note)
    else:
        write_quads(generate(nation, note=note), sys.stdout, union=given.union)


if __name__ == "__main__":
    main()

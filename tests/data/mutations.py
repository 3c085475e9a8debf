"""Faults to break the Kunming graph with, and what finds each: the table of test_mutations.py.

A quote that is changed here is a short phrase or our own words.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["MUTATIONS", "Edit", "Mutation", "edited"]

FACTS = "graph/articles/kunming-parks-2023/facts.trig"
ARTICLE = "graph/articles/kunming-parks-2023/article.ttl"
GROUPS = "graph/entities/groups.ttl"
PARKS = "graph/entities/parks.ttl"
PERIODS = "graph/entities/periods.ttl"
CUBE = "ontology/vocab/cube.ttl"
DATASET = "graph/dataset.ttl"

_KUNMING = "https://w3id.org/industrial-park/kunming/"


class Edit(NamedTuple):
    """A change of a file: of every block of a subject, or of the whole file.

    :param old: what is replaced; where it is empty, ``new`` is added to the block.
    :param within: the sentence whose graph is changed, where it is not every one; without a subject, it is removed.
    """

    file: str
    of: str
    old: str
    new: str
    within: str = ""


class Mutation(NamedTuple):
    """A fault: what it does to the files, and every finding there is then, as ``check thing``."""

    name: str
    edits: tuple[Edit, ...]
    finds: frozenset[str]
    #: Whether only the article's text can show it.
    needs_text: bool = False
    #: Whether it hides other faults, so that it must be the only one.
    alone: bool = False


def edited(text: str, edit: Edit) -> str:
    """Return a file's text with a change made.

    :raises ValueError: if there is nothing to change.
    """
    if edit.within:
        start = text.index(f"GRAPH {edit.within} {{\n")
        end = text.index("\n}\n", start)
        if not edit.of:
            return text[:start] + text[end + len("\n}\n") :]
        return text[:start] + edited(text[start:end], edit._replace(within="")) + text[end:]
    if not edit.of:
        changed = text.replace(edit.old, edit.new) if edit.old else text + edit.new
    else:
        block = re.compile(rf"^( *){re.escape(edit.of)}\n(?:.*\n)*?\1\.$", re.MULTILINE)
        changed = block.sub(lambda match: _edited_block(match[0], edit), text)
    if changed == text:
        raise ValueError(f"{edit.file} has no {edit.old!r} in {edit.of or 'it'}")
    return changed


def _edited_block(block: str, edit: Edit) -> str:
    if edit.old:
        return block.replace(edit.old, edit.new)
    return f"{block.removesuffix('.')}    {edit.new}\n."


def _fact(of: str, old: str, new: str, within: str = "") -> Edit:
    return Edit(FACTS, of, old, new, within)


def _add(of: str, new: str, within: str) -> Edit:
    return Edit(FACTS, of, "", new, within)


def _break(name: str, *edits: Edit, finds: str, needs_text: bool = False, alone: bool = False) -> Mutation:
    lines = frozenset(line.strip() for line in finds.strip().splitlines())
    return Mutation(name, edits, lines, needs_text, alone)


MUTATIONS = (
    # Figures
    _break(
        "the digits of a count are swapped",
        _fact("km:obs-enterprises", '"918"^^', '"981"^^'),
        finds="value-differs-from-written km:obs-enterprises",
    ),
    _break(
        "a scale is ten times too great",
        _fact("km:obs-agreed-investment", '"100000000"', '"1000000000"'),
        finds="value-differs-from-written km:obs-agreed-investment",
    ),
    _break(
        "a scale is forgotten",
        _fact("km:obs-phosphogypsum-use", 'ip:scale "10000"^^xsd:decimal ;', ""),
        finds="value-differs-from-written km:obs-phosphogypsum-use",
    ),
    _break(
        "a Chinese numeral is misread",
        _fact("km:obs-anning-joint-committees", '"4"^^', '"14"^^'),
        finds="value-differs-from-written km:obs-anning-joint-committees",
    ),
    _break(
        "growth is in pieces",
        _fact("km:obs-hi-tech-biomedicine-growth", "unit:PERCENT", "unit:NUM"),
        finds="unit-unfit-for-statistic-type km:obs-hi-tech-biomedicine-growth",
    ),
    _break(
        "money is in tonnes",
        _fact("km:obs-output", "cur:CNY", "unit:TONNE"),
        finds="unit-differs-from-written km:obs-output",
    ),
    _break(
        "a gap of percentages is in pieces",
        _fact("km:obs-output-growth-gap-kunming", "ip:PercentagePoint", "unit:NUM"),
        finds="difference-unit-unlike-minuend km:obs-output-growth-gap-kunming",
    ),
    _break(
        "two observations of an indicator are in two units",
        _fact("km:obs-voltage-yuneng", "unit:KiloV", "unit:KiloM"),
        _fact("km:obs-voltage-yuneng", '"110kV"', '"110公里"'),
        _fact("km:obs-voltage-yuneng", "110kV供電", "110公里供電"),
        finds="""
            indicator-in-two-units km:obs-voltage-yuneng
            quote-names-another km:obs-voltage-yuneng
        """,
    ),
    _break(
        "a share is above 100 per cent",
        _fact("km:obs-value-added-share-kunming", "87.8", "187.8"),
        finds="percentage-outside-0-100 km:obs-value-added-share-kunming",
    ),
    _break(
        "a share is of nothing",
        _fact("km:obs-provincial-clusters-share", "km:yunnan", "ip:NotApplicable"),
        finds="""
            counterpart-unfit-for-statistic-type km:obs-provincial-clusters-share
            quote-names-another km:obs-provincial-clusters-share
        """,
    ),
    _break(
        "a bound is taken for an exact figure",
        _fact("km:obs-phosphogypsum-output", "ip:AtLeast", "ip:Exact"),
        finds="qualifier-differs-from-written km:obs-phosphogypsum-output",
    ),
    _break(
        "a count is of one and a half",
        _fact("km:obs-cluster-plan-parks", '"6"^^', '"1.5"^^'),
        _fact("km:obs-cluster-plan-parks", '"6家"', '"1.5家"'),
        _fact("km:obs-cluster-plan-parks", "6家園區", "1.5家園區"),
        finds="count-not-whole km:obs-cluster-plan-parks",
    ),
    _break(
        "a figure is not in its quote",
        _fact("km:obs-lines-built", "線路建設20公里", "線路建設"),
        finds="number-not-in-quote km:obs-lines-built",
    ),
    _break(
        "a stated size is not in its quote",
        _fact("km:group-phosphogypsum-producers", "statedSize 17", "statedSize 71"),
        finds="stated-number-not-in-quote km:group-phosphogypsum-producers",
    ),
    _break(
        "a part is greater than its whole",
        _fact("km:obs-hi-tech-precious-metal-output", "154.3", "454.3"),
        finds="part-exceeds-whole km:obs-hi-tech-precious-metal-output",
    ),
    _break(
        "a difference is not that of its figures",
        _fact("km:obs-fumin-over-target", "2.72", "5.72"),
        finds="difference-unsupported km:obs-fumin-over-target",
    ),
    _break(
        "a target is not reached",
        _fact("km:target-fumin-leading-share", "65", "70.44"),
        finds="target-missed km:target-fumin-leading-share",
    ),
    _break(
        "a difference is of another period than its minuend",
        _fact("km:obs-value-added-growth-gap-yunnan-parks", "period:2023-m01-m11", "period:2023-h1"),
        finds="difference-unlike-minuend km:obs-value-added-growth-gap-yunnan-parks",
    ),
    _break(
        "a difference is from a year it does not take away",
        _fact("km:obs-phosphogypsum-rise-2022", "ip:counterpart period:2022", "ip:counterpart km:yunnan"),
        finds="difference-counterpart-unlike-subtrahend km:obs-phosphogypsum-rise-2022",
    ),
    _break(
        "an observation is made twice",
        _fact(
            "",
            "GRAPH s:55 {\n",
            "GRAPH s:55 {\n    km:obs-twice a ip:Observation, qb:Observation ;\n"
            "        qb:dataSet <https://w3id.org/industrial-park/kunming/dataset/observations> ;\n"
            "        ip:subject km:anning-park ; ip:indicator indicator:lines-relocated ; ip:statisticType ip:Level ;\n"
            "        ip:counterpart ip:NotApplicable ; ip:period period:2023 ; ip:value 31.0 ; ip:unit unit:KiloM ;\n"
            '        ip:qualifier ip:Exact ; ip:valueAsWritten "31公里" ; ip:quote "31公里"@zh .\n',
        ),
        finds="""
            contradicting-figures km:obs-twice
            ic-12-duplicate-observation km:obs-twice
        """,
    ),
    _break(
        "a figure has no unit",
        _fact("km:obs-page-views", "ip:unit unit:NUM ;", ""),
        finds="""
            ObservationShape-unit km:obs-page-views
            ic-13-required-attribute-missing km:obs-page-views
        """,
    ),
    _break(
        "a figure has no period",
        _fact("km:obs-weekly-year", "ip:period period:2024 ;", ""),
        finds="""
            GeneratedLabelShape-missing km:obs-weekly-year
            ObservationShape-period km:obs-weekly-year
            ic-11-dimension-missing km:obs-weekly-year
        """,
    ),
    _break(
        "a figure has no value",
        _fact("km:obs-shilin-trips", 'ip:value "10"^^xsd:decimal ;', ""),
        finds="""
            ObservationShape-value km:obs-shilin-trips
            ic-14-measure-missing km:obs-shilin-trips
        """,
    ),
    _break(
        "a value is a text",
        _fact("km:obs-shilin-negotiations", '"60"^^xsd:decimal', '"60"'),
        finds="ObservationShape-value km:obs-shilin-negotiations",
    ),
    _break(
        "a stated figure is in the data set of derived ones",
        _fact("km:obs-signed-projects", "dataset/observations", "dataset/derived"),
        finds="data-set-mixes-stated-and-derived km:obs-signed-projects",
    ),
    _break(
        "a statistic type is a qualifier",
        _fact("km:obs-replicated-items", "statisticType ip:Level", "statisticType ip:Exact"),
        finds="""
            ObservationShape-statisticType km:obs-replicated-items
            ic-19-code-not-in-list km:obs-replicated-items
        """,
    ),
    _break(
        "a figure is in no data set",
        _fact(
            "km:obs-voltage-shanshan",
            "qb:dataSet <https://w3id.org/industrial-park/kunming/dataset/observations> ;",
            "",
        ),
        finds="""
            ObservationShape-dataSet km:obs-voltage-shanshan
            ic-01-observation-without-one-data-set km:obs-voltage-shanshan
        """,
    ),
    _break(
        "a rank is below the last",
        _fact("km:ranking-ftz", "ip:rank 6", "ip:rank 19"),
        _fact("km:ranking-ftz", "ip:rankedAmong 19", "ip:rankedAmong 6"),
        finds="RankingShape-rank km:ranking-ftz",
    ),
    _break(
        "two ranks of an entity are under one aspect",
        _fact("km:ranking-blockchain-investment", "attracting industry", "overall"),
        finds="contradicting-ranks km:ranking-blockchain-overall",
    ),
    _break(
        "a period ends before it starts",
        Edit(PERIODS, "period:2023-05", "2023-05-31", "2023-04-30"),
        finds="PeriodShape-start period:2023-05",
    ),
    _break(
        "an action is of the future",
        Edit(PERIODS, "period:2024-q1", "2024-01-01", "2024-02-01"),
        _add("km:action-energy-quality", "ip:period period:2024-q1 ;", "s:63"),
        finds="statement-of-the-future km:action-energy-quality",
    ),
    _break(
        "a plan is of the past",
        _fact("km:plan-capital", "period:2024", "period:2022"),
        finds="plan-of-the-past km:plan-capital",
    ),
    _break(
        "a rule derives from bounds",
        Edit(
            "queries/derive/implied-totals.rq",
            "",
            "        ip:qualifier ip:Exact ;\n        ip:subject",
            "        ip:subject",
        ),
        finds=f"""
            derived-from-inexact {_KUNMING}derived/implied-total/obs-phosphogypsum-share-china
            derived-from-inexact {_KUNMING}derived/implied-total/obs-phosphogypsum-share-yunnan
        """,
    ),
    _break(
        "a ratio is called growth",
        _fact("km:obs-implementation-rate", "ip:Ratio", "ip:Growth"),
        finds="statistic-type-differs-from-quote km:obs-implementation-rate",
    ),
    _break(
        "a count has a measure",
        _fact("km:obs-wuhua-innovative-smes", "unit:NUM", "unit:KiloM"),
        finds="unit-differs-from-written km:obs-wuhua-innovative-smes",
    ),
    _break(
        "half a year is not cumulative",
        Edit(PERIODS, "period:2023-h1", "ip:cumulative true", "ip:cumulative false"),
        finds="period-not-cumulative period:2023-h1",
    ),
    _break(
        "a gap is taken from nothing",
        _fact("km:obs-value-added-growth-gap-kunming", "ip:minuend km:obs-value-added-growth ;", ""),
        finds="difference-without-minuend km:obs-value-added-growth-gap-kunming",
    ),
    _break(
        "a comparison goes the other way",
        _fact("km:comparison-phosphogypsum", "ip:Above", "ip:Below"),
        finds="comparison-differs-from-quote km:comparison-phosphogypsum",
    ),
    _break(
        "a plan's period is not that of its name",
        _fact("km:plan-digital-revival", "period:2022-2025", "period:2023-2025"),
        finds="period-unlike-name km:plan-digital-revival",
    ),
    _break(
        "one main industry is two",
        _fact("km:structure-fumin", "ip:mainCount 1", "ip:mainCount 2"),
        finds="stated-number-not-in-quote km:structure-fumin",
    ),
    # The cube
    _break(
        "a data set has no structure",
        Edit(DATASET, f"<{_KUNMING}dataset/derived>", "qb:structure ip:ObservationStructure ;", ""),
        finds=f"""
            DataSetShape-structure {_KUNMING}dataset/derived
            ic-02-data-set-without-one-structure {_KUNMING}dataset/derived
        """,
    ),
    _break(
        "a dimension has no range",
        Edit(CUBE, "ip:subject", "rdfs:range rdfs:Resource ;", ""),
        finds="ic-04-dimension-without-range ip:subject",
    ),
    _break(
        "a dimension has no code list",
        Edit(CUBE, "ip:statisticType", "qb:codeList ip:StatisticTypes ;", ""),
        finds="ic-05-concept-dimension-without-code-list ip:statisticType",
    ),
    _break(
        "a dimension is optional",
        Edit(CUBE, "ip:component-period", "", "qb:componentRequired false ;"),
        finds="ic-06-optional-component-not-an-attribute ip:component-period",
    ),
    # What is planned, done, filed and granted
    _break(
        "what was filed is granted",
        _fact("km:recognition-green-dongchuan-park", "ip:Filed", "ip:Granted"),
        finds="status-differs-from-quote km:recognition-green-dongchuan-park",
    ),
    _break(
        "a filing is with nobody",
        _fact("km:recognition-green-jinning-park", "ip:grantingBody km:provincial-department ;", ""),
        finds="filed-with-nobody km:recognition-green-jinning-park",
    ),
    _break(
        "a park was granted what it filed for",
        _fact("km:recognition-green-etdz", "Entity km:etdz", "Entity km:dongchuan-park"),
        finds="""
            filed-also-granted km:recognition-green-etdz
            quote-names-another km:recognition-green-etdz
        """,
    ),
    _break(
        "a title is granted twice",
        _fact(
            "km:recognition-cluster-electronic-information",
            "km:cluster-electronic-information",
            "km:cluster-biomedicine",
        ),
        finds="""
            recognition-twice km:recognition-cluster-electronic-information
            statement-twice-in-sentence km:recognition-cluster-electronic-information
        """,
    ),
    _break(
        "a planned mechanism is in use as well",
        _add("km:digital-economy-zone", "ip:usesMechanism km:mechanism-chain-leader ;", "s:35"),
        finds="MechanismUserShape-uses km:digital-economy-zone",
    ),
    _break(
        "what a measure plans is in use",
        _add("km:plan-champions", "ip:concerns km:mechanism-whistle ;", "s:35"),
        _add("km:digital-economy-zone", "ip:usesMechanism km:mechanism-whistle ;", "s:34"),
        finds="planned-also-used km:digital-economy-zone",
    ),
    _break(
        "no measure plans the planned mechanism",
        _fact("km:plan-chain-leader", "km:mechanism-chain-leader", "industry:digital-economy"),
        finds="planned-without-measure km:digital-economy-zone",
    ),
    _break(
        "what is planned was achieved",
        _add("km:action-shilin-investment", "ip:hasResult km:cultivation-pool ; ip:actor km:shilin ;", "s:37"),
        finds="""
            mechanism-of-action-unused km:shilin-leaders
            planned-also-achieved km:plan-cultivation-pool
        """,
    ),
    _break(
        "a plan is an action as well",
        _add("km:plan-weak-links", "a ip:ReportedAction ;", "s:35"),
        finds="""
            UnachievedShape km:plan-weak-links
            thing-of-two-kinds km:plan-weak-links
        """,
    ),
    _break(
        "a demand becomes a deed",
        _fact("km:directive-etdz-initiative", "a ip:Directive", "a ip:ReportedAction"),
        finds="ActionShape km:directive-etdz-initiative",
    ),
    _break(
        "a cluster has another's title",
        _fact("km:recognition-cluster-precious-metal", "title-advantageous-cluster", "title-growth-cluster"),
        finds="""
            orphan-entity km:title-advantageous-cluster
            quote-names-another km:recognition-cluster-precious-metal
        """,
    ),
    _break(
        "a park acts by a mechanism that it does not use",
        _fact("km:anning-park", "ip:usesMechanism km:mechanism-corps ;", ""),
        finds="mechanism-of-action-unused km:anning-park",
    ),
    # How things hang together
    _break(
        "two committees join one chain",
        _fact("km:joint-committee-batteries", "km:chain-batteries", "km:chain-metallurgy"),
        finds="chain-of-two-committees km:joint-committee-metallurgy",
    ),
    _break(
        "a chain is in another's industry",
        _fact("km:chain-metallurgy", "industry:metallurgy", "industry:petrochemicals"),
        finds="industry-unlike-name km:chain-metallurgy",
    ),
    _break(
        "a demand is made of a park that was not visited",
        _fact("km:directive-hi-tech-effort", "addressedTo km:hi-tech-zone", "addressedTo km:wuhua-park"),
        finds="demand-on-unvisited-park km:directive-hi-tech-effort",
    ),
    _break(
        "a group is complete with half of its members",
        _fact("km:group-cluster-plan-parks", "membershipComplete false", "membershipComplete true"),
        finds="membership-complete-and-short km:group-cluster-plan-parks",
    ),
    _break(
        "a complete group is called incomplete",
        _fact("km:group-shilin-focus", "membershipComplete true", "membershipComplete false"),
        finds="membership-complete-unsaid km:group-shilin-focus",
    ),
    _break(
        "a group has more members than it counts",
        _fact("km:group-three-economies", "statedSize 3", "statedSize 2"),
        _fact("km:group-three-economies", "三大經濟", "兩大經濟"),
        finds="more-members-than-stated km:group-three-economies",
    ),
    _break(
        "a member is of another kind",
        _fact("km:group-chains-anning", "hadMember km:chain-environment", "hadMember km:phosphogypsum"),
        finds="""
            industries-unlike-counted km:anning-park
            member-of-another-kind km:group-chains-anning
        """,
    ),
    _break(
        "a leading industry is left out",
        _fact("km:hi-tech-zone", "ip:hasLeadingIndustry industry:biomedicine ;", ""),
        finds="industries-unlike-counted km:hi-tech-zone",
    ),
    _break(
        "the main industry does not lead",
        _fact("km:digital-economy-zone", "ip:hasLeadingIndustry", "ip:hasFocusIndustry"),
        finds="main-industry-not-leading km:structure-digital",
    ),
    _break(
        "five officers are four",
        _fact("km:mechanism-five-officers", "componentCount 5", "componentCount 4"),
        _fact("km:mechanism-five-officers", "五大員", "四大員"),
        finds="more-components-than-stated km:mechanism-five-officers",
    ),
    _break(
        "the type of a park is not in its name",
        Edit(PARKS, "km:anning-park", "ip:IndustryPark", "ip:HighTechZone"),
        finds="park-type-not-in-name km:anning-park",
    ),
    _break(
        "a city is in its district",
        _add("km:xishan", "schema:containedInPlace km:dongchuan ;", "s:61"),
        _add("km:dongchuan", "schema:containedInPlace km:xishan ;", "s:61"),
        finds="""
            cycle-of-parts km:dongchuan
            cycle-of-parts km:xishan
        """,
    ),
    _break(
        "an action concerns itself",
        _add("km:action-green-level", "ip:concerns km:action-green-level ;", "s:57"),
        finds="statement-about-itself km:action-green-level",
    ),
    _break(
        "an IRI is misspelt",
        _fact("km:directive-breakthrough", "ip:concerns km:kunming", "ip:concerns km:kunmin"),
        finds="undescribed-thing km:directive-breakthrough",
    ),
    _break(
        "a property is misspelt",
        _fact("km:fumin-park", "ip:attractsProjectsIn industry:titanium", "ip:attractsProjectIn industry:titanium"),
        finds="undefined-term km:fumin-park",
    ),
    _break(
        "a property that a figure cannot have",
        _add("km:obs-implementation-rate", "ip:actor km:kunming ;", "s:18"),
        finds="""
            ObservationShape km:obs-implementation-rate
            repeated-statement-differs km:obs-implementation-rate
        """,
    ),
    _break(
        "a fact is of a thing that is misspelt",
        _fact("km:strategy-3815", "km:strategy-3815", "km:strategy-3816"),
        finds="""
            data-no-shape-looks-at km:strategy-3816
            facts-of-undescribed-thing km:strategy-3816
        """,
    ),
    _break(
        "a thing is of two kinds",
        Edit("graph/entities/organisations.ttl", "km:yunnan-shanshan", "", "a ip:University ;"),
        finds="thing-of-two-kinds km:yunnan-shanshan",
    ),
    _break(
        "nothing mentions an entity",
        Edit(
            PARKS,
            "",
            "",
            '\nkm:harbour-park a ip:IndustrialPark ; skos:prefLabel "临港产业园区"@zh-Hans, "臨港產業園區"@zh-Hant, '
            '"Harbour Industrial Park"@en ; ip:parkType ip:IndustryPark .\n',
        ),
        finds="orphan-entity km:harbour-park",
    ),
    _break(
        "a fact is among the entities",
        Edit(PARKS, "km:wuhua-park", "", "ip:hasIndustry <https://w3id.org/industrial-park/industry/blockchain> ;"),
        finds="fact-without-sentence km:wuhua-park",
    ),
    # Sentences and what they say
    _break(
        "a sentence has two graphs",
        _fact("", "GRAPH s:59 {", "GRAPH s:58 {"),
        alone=True,
        finds="data-unreadable facts.trig",
    ),
    _break(
        "the graph of a sentence is gone",
        _fact("", "", "", within="s:16"),
        finds="factual-sentence-without-fact s:16",
    ),
    _break(
        "rhetoric states a fact",
        Edit(
            ARTICLE,
            "s:57",
            "ip:sentenceRole ip:Factual ;",
            'ip:sentenceRole ip:Rhetoric ; ip:roleReason "a mood"@en, "气氛"@zh-Hans ;',
        ),
        finds="rhetoric-with-fact s:57",
    ),
    _break(
        "a sentence that is no fact gives no reason",
        Edit(ARTICLE, "s:26", 'ip:roleReason "只作承接，无事实"@zh-Hans ;', ""),
        Edit(ARTICLE, "s:26", 'ip:roleReason "it links passages and states no fact"@en ;', ""),
        finds="ReasonedSentenceShape s:26",
    ),
    _break(
        "a sentence does not say what it relies on",
        _fact("s:40", "ip:reliesOn s:39 ;", "a ip:Sentence ;"),
        finds="""
            reliance-unsaid km:obs-fumin-leading-share
            reliance-unsaid km:obs-fumin-over-target
            reliance-unsaid km:target-fumin-leading-share
        """,
    ),
    _break(
        "a sentence relies on a later one",
        _fact("", "GRAPH s:12 {\n", "GRAPH s:12 {\n    s:12 ip:reliesOn s:28 .\n"),
        finds="relies-on-later-sentence s:12",
    ),
    _break(
        "a sentence relies on one that has nothing to do with it",
        _fact("s:33", "ip:reliesOn s:7 ;", "ip:reliesOn s:7, s:8 ;"),
        finds="relies-on-unrelated-sentence s:33",
    ),
    _break(
        "a subject stands only where it is named first",
        _fact("km:action-anning-hosted", "ip:actor km:anning-park ;", "", "s:54"),
        finds="loose-part-of-statement km:action-anning-hosted",
    ),
    _break(
        "a repetition is unsaid",
        Edit(ARTICLE, "s:46", "ip:repeats s:17 ;", ""),
        finds="repetition-unsaid km:ranking-ftz",
    ),
    _break(
        "a sentence repeats a later one",
        Edit(ARTICLE, "s:14", "", "ip:repeats s:42 ;"),
        finds="repeats-later-sentence s:14",
    ),
    _break(
        "a sentence repeats one with which it shares nothing",
        Edit(ARTICLE, "s:36", "", "ip:repeats s:11 ;"),
        finds="""
            repeated-statement-left-out s:36
            repeats-nothing s:36
        """,
    ),
    _break(
        "a repeated statement differs",
        _fact("km:action-cluster-plans", "ip:period period:2023-h1 ;", "", "s:43"),
        finds="repeated-statement-differs km:action-cluster-plans",
    ),
    _break(
        "an attribution covers rhetoric",
        _fact("km:attribution-division-head", "ip:appliesTo s:43", "ip:appliesTo s:43, s:64"),
        finds="attribution-of-nothing km:attribution-division-head",
    ),
    _break(
        "an attribution leaves out the sentence that it stands in",
        _fact("km:attribution-data", "ip:appliesTo s:28", "ip:appliesTo s:27"),
        finds="attribution-elsewhere km:attribution-data",
    ),
    _break(
        "a statement is outside of the sentences",
        Edit(
            ARTICLE,
            "",
            "",
            '\n<https://w3id.org/industrial-park/kunming/id/char-astray> a ip:Characterization ; ip:quote "好"@zh ;\n'
            "    ip:subject <https://w3id.org/industrial-park/kunming/id/kunming> ;\n"
            '    skos:prefLabel "好"@zh-Hans, "好"@zh-Hant, "good"@en .\n',
        ),
        finds="""
            quote-misplaced km:char-astray
            statement-outside-sentence km:char-astray
        """,
    ),
    _break(
        "a statement has no quote",
        _fact("km:action-energy-potential", 'ip:quote "多措并舉深挖工業領域節能降碳潛力"@zh ;', ""),
        finds="statement-quote km:action-energy-potential",
    ),
    _break(
        "a quote is in English by its tag",
        _fact("km:action-energy-management", '節能降碳管理"@zh ;', '節能降碳管理"@en ;'),
        finds="statement-quote km:action-energy-management",
    ),
    _break(
        "a sentence that says it again does not quote",
        _fact("km:recognition-national-bases", 'ip:quote "成功創建國家級新型工業化產業示范基地4個"@zh ;', "", "s:42"),
        finds="quote-misplaced km:recognition-national-bases",
    ),
    _break(
        "a quote is too long",
        _fact("km:action-find-entry", "找準工作的突破口和著力點", "很長" * 40),
        finds="quote-too-long km:action-find-entry",
    ),
    _break(
        "a sentence begins inside the one before",
        Edit(ARTICLE, "s:67", "oa:start 4329", "oa:start 4319"),
        finds="sentence-ranges s:67",
    ),
    _break(
        "a paragraph is left out",
        Edit(ARTICLE, "s:67", "ip:paragraph 36", "ip:paragraph 38"),
        finds="paragraph-left-out s:67",
    ),
    _break(
        "a gist is in one language",
        Edit(ARTICLE, "s:66", 'What the parks intend for the new year"@en', '园区新年的打算"@zh-Hans'),
        finds="SentenceShape-gist s:66",
    ),
    _break(
        "the article has no hash",
        Edit(
            ARTICLE,
            "",
            'ip:simplifiedSha256 "0e45515d8adc15a5758f1fda073dbc27dea982529df4d3dba34a52f781a3ecac" ;',
            "",
        ),
        finds=f"ArticleShape-simplifiedSha256 {_KUNMING}article/kunming-parks-2023",
    ),
    _break(
        "a statement is of a sentence that does not exist",
        _fact("", "GRAPH s:63 {", "GRAPH s:99 {"),
        alone=True,
        finds="data-unreadable facts.trig",
    ),
    _break(
        "a triple is outside of the graphs",
        _fact("", "GRAPH s:1 {", "km:kunming-parks ip:ofArea km:kunming .\n\nGRAPH s:1 {"),
        alone=True,
        finds="data-unreadable facts.trig",
    ),
    _break(
        "a prefix is unknown",
        _fact("km:fumin-park", "ip:attractsProjectsIn", "foaf:attractsProjectsIn"),
        alone=True,
        finds="data-unreadable facts.trig",
    ),
    # Names
    _break(
        "a label is missing",
        Edit(
            "graph/entities/projects.ttl",
            "km:project-stone-park",
            'skos:prefLabel "smart industrial park for new stone materials"@en ;',
            "",
        ),
        finds="LabelShape-missing km:project-stone-park",
    ),
    _break(
        "a label has the wrong language",
        Edit("graph/entities/projects.ttl", "km:project-meat-park", "@en", "@fr"),
        finds="LabelShape-language km:project-meat-park",
    ),
    _break(
        "a Traditional label has a Simplified character",
        Edit("graph/entities/projects.ttl", "km:project-algae", "紅球藻", "红球藻"),
        finds="simplified-in-traditional km:project-algae",
    ),
    _break(
        "a Simplified label has a Traditional character",
        Edit("graph/entities/projects.ttl", "km:project-land-port", "陆港", "陸港"),
        finds="traditional-in-simplified km:project-land-port",
    ),
    _break(
        "two parks have one name",
        Edit(PARKS, "km:jinning-park", "Jinning Industrial Park", "Dongchuan Industrial Park"),
        finds="name-shared-in-class km:jinning-park",
    ),
    _break(
        "a short form leads to two things",
        Edit(PARKS, "km:wuhua-park", "", 'skos:altLabel "高新区"@zh-Hans ; skos:altLabel "高新區"@zh-Hant ;'),
        finds="""
            short-form-ambiguous km:hi-tech-zone
            short-form-ambiguous km:wuhua-park
        """,
    ),
    _break(
        "a short form is in one script",
        Edit(PARKS, "km:qidian-park", "", 'skos:altLabel "七甸"@zh-Hans ;'),
        finds="short-form-in-one-script km:qidian-park",
    ),
    _break(
        "an English label has Chinese characters",
        Edit(PARKS, "km:fumin-park", "Fumin Industrial Park", "富民 Industrial Park"),
        finds="chinese-in-english-label km:fumin-park",
    ),
    _break(
        "two labels are of different wording",
        Edit(PARKS, "km:dongchuan-park", "東川產業園區", "東川園區"),
        finds="labels-of-unequal-length km:dongchuan-park",
    ),
    # What only the text shows
    _break(
        "a quote is off by one character",
        _fact("km:action-energy-quality", "更好推進工業經濟", "更快推進工業經濟"),
        needs_text=True,
        finds="quote-not-in-sentence km:action-energy-quality",
    ),
    _break(
        "a figure and its quote are off together",
        _fact("km:obs-lines-relocated", "13", "31"),
        needs_text=True,
        finds="quote-not-in-sentence km:obs-lines-relocated",
    ),
    _break(
        "two sentences have each other's facts",
        _fact("", "GRAPH s:11 {", "GRAPH s:0 {"),
        _fact("", "GRAPH s:13 {", "GRAPH s:11 {"),
        _fact("", "GRAPH s:0 {", "GRAPH s:13 {"),
        needs_text=True,
        finds="""
            quote-not-in-sentence km:char-2023-leading-industries
            quote-not-in-sentence km:char-2023-quality
            thing-not-in-sentence km:char-2023-quality
        """,
    ),
    _break(
        "a direct edge stands in the next sentence",
        _fact("km:hi-tech-zone", "ip:hasPositioning km:positioning-main-force ;", "", "s:30"),
        _add("km:hi-tech-zone", "ip:hasPositioning km:positioning-main-force ;", "s:31"),
        needs_text=True,
        finds="thing-not-in-sentence km:hi-tech-zone",
    ),
    _break(
        "an industry that is attracted leads",
        _fact("km:fumin-park", "ip:attractsProjectsIn industry:titanium", "ip:hasLeadingIndustry industry:titanium"),
        needs_text=True,
        finds="cue-not-in-sentence km:fumin-park",
    ),
    _break(
        "a group has a member that its sentences do not name",
        _add("km:group-cluster-plan-parks", "prov:hadMember km:qidian-park ;", "s:15"),
        _add("km:group-cluster-plan-parks", "prov:hadMember km:qidian-park ;", "s:43"),
        needs_text=True,
        finds="thing-not-in-sentence km:group-cluster-plan-parks",
    ),
    _break(
        "another company signs",
        _fact("km:signing-2024-01-02", "km:yunnan-energy-investment", "km:yunnan-shanshan"),
        needs_text=True,
        finds="thing-not-in-sentence km:signing-2024-01-02",
    ),
    _break(
        "a list is another university's",
        _fact("km:ftz-innovation-index", "km:sun-yat-sen-university", "km:yunnan-minzu-university"),
        needs_text=True,
        finds="""
            orphan-entity km:sun-yat-sen-university
            thing-not-in-sentence km:ftz-innovation-index
        """,
    ),
    _break(
        "a plan is another park's",
        _fact("km:plan-capital", "km:hi-tech-zone", "km:etdz"),
        needs_text=True,
        finds="thing-not-in-sentence km:plan-capital",
    ),
    _break(
        "a tour ends a day late",
        _fact("km:tour-2023-01", "2023-01-30", "2023-01-31"),
        needs_text=True,
        finds="date-not-in-sentence km:tour-2023-01",
    ),
    _break(
        "a figure of eleven months is of ten",
        _fact("km:obs-value-added-share-kunming", "period:2023-m01-m11", "period:2023-m01-m10"),
        needs_text=True,
        finds="date-not-in-sentence km:obs-value-added-share-kunming",
    ),
    _break(
        "a title was granted in another span than it is written",
        _fact("km:recognition-green-qidian-park", "period:2023-05", "period:2023-h1"),
        needs_text=True,
        finds="date-not-in-sentence km:recognition-green-qidian-park",
    ),
    _break(
        "the shares of one phrase are swapped",
        _fact("km:obs-output-share-yunnan-parks", "counterpart km:yunnan-parks", "counterpart km:kunming"),
        _fact("km:obs-output-share-kunming", "counterpart km:kunming", "counterpart km:yunnan-parks"),
        needs_text=True,
        finds="""
            order-differs-from-sentence km:obs-output-share-kunming
            order-differs-from-sentence km:obs-output-share-yunnan-parks
        """,
    ),
    _break(
        "the shares of two kinds of bases are swapped",
        _fact("km:obs-national-bases-share", "indicator:national-bases", "indicator:provincial-bases"),
        _fact("km:obs-provincial-bases-share", "indicator:provincial-bases", "indicator:national-bases"),
        needs_text=True,
        finds="""
            order-differs-from-sentence km:obs-national-bases-share
            order-differs-from-sentence km:obs-provincial-bases-share
        """,
    ),
    _break(
        "a demand is made of the other park",
        _fact("km:directive-etdz-highlands", "addressedTo km:etdz", "addressedTo km:hi-tech-zone"),
        needs_text=True,
        finds="addressee-not-nearest km:directive-etdz-highlands",
    ),
    _break(
        "a count is of the province's parks",
        _fact("km:obs-enterprises", "ip:subject km:kunming-parks", "ip:subject km:yunnan-parks"),
        needs_text=True,
        finds="subject-not-in-clause km:obs-enterprises",
    ),
    _break(
        "a plan is told as done",
        _fact("km:plan-industry-fund", "a ip:PlannedMeasure", "a ip:ReportedAction"),
        needs_text=True,
        finds="plan-told-as-action km:plan-industry-fund",
    ),
    _break(
        "a gist has another number",
        Edit(ARTICLE, "s:31", "前10个月", "前11个月"),
        needs_text=True,
        finds="gist-number-not-in-sentence s:31",
    ),
    _break(
        "a sentence begins a character late",
        Edit(ARTICLE, "s:66", "oa:start 4243", "oa:start 4244"),
        needs_text=True,
        finds="segmentation-differs s:66",
    ),
    _break(
        "the article is longer than its text",
        Edit(ARTICLE, "", "ip:length 4342", "ip:length 4343"),
        needs_text=True,
        finds="segmentation-differs https://w3id.org/industrial-park/kunming/article/kunming-parks-2023",
    ),
    _break(
        "the hash is of another text",
        Edit(ARTICLE, "", "fe0cf417", "fe0cf418"),
        Edit(ARTICLE, "", "0e45515d", "0e45515e"),
        needs_text=True,
        alone=True,
        finds="another-text article.txt",
    ),
)

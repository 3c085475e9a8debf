"""The datasets and code lists that linksets link to: how their identifiers look, and what kind of thing they name.

A linkset's file is named after its target: ``graph/links/wikidata.sssom.tsv``. A scheme that publishes no IRIs for its
codes (most code lists) has IRIs here that are our own, below :data:`CODES`: they stand for what the scheme means by the
code, nobody but this project vouches for them, and nothing answers there.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = [
    "AREA",
    "CODES",
    "CONCEPT",
    "FACILITY",
    "KINDS",
    "ORGANISATION",
    "PAGE",
    "SETTLEMENT",
    "TARGETS",
    "TARGET_PREFIX",
    "TARGET_SPACE",
    "ZONE",
    "Target",
    "short_name",
    "target_of_iri",
]

#: Where IRIs stand that are made for codes without one.
CODES = "https://w3id.org/industrial-park/code/"
#: Where the targets themselves have IRIs, and the prefix linksets write for it.
TARGET_SPACE = "https://w3id.org/industrial-park/target/"
TARGET_PREFIX = "target"

#: What a linkset may say of what it links to (``object_category``).
AREA = "administrative area"
SETTLEMENT = "populated place"
ZONE = "zone"
FACILITY = "facility"
ORGANISATION = "organisation"
CONCEPT = "concept"
PAGE = "page"
KINDS = {
    AREA: "an area with a government: country, province, city, district, county",
    SETTLEMENT: "a town as people live in it, such as the seat of a county; never the area it is the seat of",
    ZONE: "a development zone or park as a register knows it",
    FACILITY: "a railway, a port, a building",
    ORGANISATION: "a company, a university, a newspaper",
    CONCEPT: "a topic of a thesaurus, a class of a classification",
    PAGE: "a page on the web about the thing",
}


class Target(NamedTuple):
    """A dataset or code list.

    :param name: its name: that of the linkset's file.
    :param title: what people call it.
    :param prefix: the prefix that linksets write for its IRIs.
    :param namespace: what its IRIs start with.
    :param pattern: what follows: a regular expression.
    :param kinds: what kinds of things it names; a linkset says which where there are several.
    :param homepage: its page, where it has one.
    :param licence: the IRI of the licence its data has, where one is stated.
    :param denotes: whether its IRIs stand for the things themselves, so that an administrative area can be
        ``owl:sameAs`` one; a record, a page or a thesaurus concept *about* an area is ``skos:exactMatch``.
    :param classification: whether its codes sort activities: no industry is the same as one of them.
    """

    name: str
    title: str
    prefix: str
    namespace: str
    pattern: str
    kinds: tuple[str, ...]
    homepage: str = ""
    licence: str = ""
    denotes: bool = False
    classification: bool = False

    @property
    def iri(self) -> str:
        """The IRI of the target itself."""
        return TARGET_SPACE + self.name

    @property
    def made_here(self) -> bool:
        """Whether its IRIs are this project's own."""
        return self.namespace.startswith(CODES)

    def accepts(self, iri: str) -> bool:
        """Tell whether an IRI is one of this target.

        >>> TARGETS["wikidata"].accepts("http://www.wikidata.org/entity/Q182852")
        True
        >>> TARGETS["wikidata"].accepts("https://www.wikidata.org/wiki/Q182852")
        False
        """
        local = iri.removeprefix(self.namespace)
        return local != iri and re.fullmatch(self.pattern, local) is not None


_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
_CC_BY_4 = "https://creativecommons.org/licenses/by/4.0/"
_CC_BY_SA_4 = "https://creativecommons.org/licenses/by-sa/4.0/"
_CC_BY_SA_3 = "https://creativecommons.org/licenses/by-sa/3.0/"
_ODBL = "https://opendatacommons.org/licenses/odbl/1-0/"


def _code(name: str, title: str, pattern: str, *kinds: str, homepage: str = "", classification: bool = False) -> Target:
    """Describe a scheme whose codes have no IRIs of their own; those made here mean the very area."""
    return Target(
        name,
        title,
        name,
        f"{CODES}{name}/",
        pattern,
        kinds,
        homepage,
        denotes=AREA in kinds,
        classification=classification,
    )


#: Every target by its name.
TARGETS = {
    target.name: target
    for target in (
        Target(
            "wikidata",
            "Wikidata",
            "wd",
            "http://www.wikidata.org/entity/",
            r"Q[1-9]\d*",
            (AREA, SETTLEMENT, ZONE, FACILITY, ORGANISATION, CONCEPT),
            "https://www.wikidata.org/",
            _CC0,
            denotes=True,
        ),
        Target(
            "geonames",
            "GeoNames",
            "geonames",
            "https://sws.geonames.org/",
            r"[1-9]\d*/",
            (AREA, SETTLEMENT, ZONE, FACILITY),
            "https://www.geonames.org/",
            _CC_BY_4,
            denotes=True,
        ),
        Target(
            "dbpedia",
            "DBpedia",
            "dbr",
            "http://dbpedia.org/resource/",
            r"[!-~]+",
            (AREA, SETTLEMENT, ZONE, FACILITY, ORGANISATION, CONCEPT),
            "https://www.dbpedia.org/",
            _CC_BY_SA_3,
            denotes=True,
        ),
        Target(
            "osm",
            "OpenStreetMap",
            "osm",
            "https://www.openstreetmap.org/",
            r"(node|way|relation)/[1-9]\d*",
            (AREA, SETTLEMENT, ZONE, FACILITY),
            "https://www.openstreetmap.org/",
            _ODBL,
        ),
        Target(
            "whosonfirst",
            "Who's On First",
            "wof",
            "https://spelunker.whosonfirst.org/id/",
            r"[1-9]\d*/",
            (AREA, SETTLEMENT, ZONE, FACILITY),
            "https://whosonfirst.org/",
        ),
        Target(
            "loc-names",
            "Library of Congress Name Authority File",
            "lcnaf",
            "http://id.loc.gov/authorities/names/",
            r"n[a-z]?\d{8,10}",
            (AREA, ORGANISATION),
            "https://id.loc.gov/authorities/names.html",
        ),
        Target(
            "eurovoc",
            "EuroVoc",
            "eurovoc",
            "http://eurovoc.europa.eu/",
            r"([1-9]\d*|c_[0-9a-f]{8})",
            (CONCEPT, AREA),
            "https://op.europa.eu/en/web/eu-vocabularies",
        ),
        Target(
            "unbis",
            "UNBIS Thesaurus",
            "unbis",
            "http://metadata.un.org/thesaurus/",
            r"(1\d{6}|c_[0-9a-f]{8})",
            (CONCEPT, AREA),
            "https://metadata.un.org/thesaurus/",
        ),
        Target(
            "openalex",
            "OpenAlex",
            "openalex",
            "https://openalex.org/",
            r"[CI][1-9]\d*",
            (CONCEPT, ORGANISATION),
            "https://openalex.org/",
            _CC0,
        ),
        Target(
            "ror",
            "Research Organization Registry",
            "ror",
            "https://ror.org/",
            r"0[a-hj-km-np-tv-z0-9]{6}\d{2}",
            (ORGANISATION,),
            "https://ror.org/",
            _CC0,
        ),
        Target(
            "grid",
            "Global Research Identifier Database",
            "grid",
            "http://www.grid.ac/institutes/",
            r"grid\.\d+\.[0-9a-f]{1,2}",
            (ORGANISATION,),
            "https://www.grid.ac/",
            _CC0,
        ),
        *(
            Target(
                f"wikipedia-{language}",
                f"Wikipedia ({name})",
                f"wp{language}",
                f"https://{language}.wikipedia.org/wiki/",
                r"[!-~]+",
                (PAGE,),
                f"https://{language}.wikipedia.org/",
                _CC_BY_SA_4,
            )
            for language, name in (("en", "English"), ("zh", "中文"))
        ),
        Target("website", "official websites", "web", "http://", r"[a-z0-9.-]+\.[a-z]+/", (PAGE,)),
        _code("iso3166-1", "ISO 3166-1 alpha-2 country codes", r"[A-Z]{2}", AREA),
        _code("iso3166-2", "ISO 3166-2 subdivision codes", r"[A-Z]{2}-[A-Z0-9]{1,3}", AREA),
        _code("gbt2260", "GB/T 2260 中华人民共和国行政区划代码", r"\d{6}", AREA),
        _code("nbs", "国家统计局 统计用区划代码（九位）", r"\d{9}", ZONE, AREA),
        _code("fiscal-division", "财政区划代码", r"\d{6}", ZONE, AREA),
        _code("geonames-admin1", "GeoNames first-level codes", r"[A-Z]{2}\.[A-Z0-9]+", AREA),
        _code("geonames-admin2", "GeoNames second-level codes", r"[A-Z]{2}\.[A-Z0-9]+\.[A-Z0-9]+", AREA),
        _code("woeid", "GeoPlanet: Where On Earth identifiers", r"[1-9]\d*", AREA, SETTLEMENT),
        _code("hasc", "Hierarchical Administrative Subdivision Codes", r"[A-Z]{2}(\.[A-Z]{2}){0,2}", AREA),
        _code("fips10-4", "FIPS 10-4", r"[A-Z]{2}\d{0,2}", AREA),
        _code("unlocode-subdivision", "UN/LOCODE subdivisions", r"[A-Z]{2}-[A-Z0-9]{1,3}", AREA),
        _code("gbt4754-2017", "GB/T 4754—2017 国民经济行业分类", r"[A-T](\d{2,4})?", CONCEPT, classification=True),
        _code(
            "isic-rev4",
            "International Standard Industrial Classification, Rev. 4",
            r"([A-U]|\d{2,4})",
            CONCEPT,
            classification=True,
        ),
        _code("szse", "companies listed at the Shenzhen Stock Exchange, by code", r"[0-3]\d{5}", ORGANISATION),
        _code("sse", "companies listed at the Shanghai Stock Exchange, by code", r"[69]\d{5}", ORGANISATION),
    )
}


def target_of_iri(iri: str) -> Target | None:
    """Find the target that an IRI belongs to.

    >>> target_of_iri("https://sws.geonames.org/1804649/").name
    'geonames'
    """
    return next((target for target in TARGETS.values() if target.accepts(iri)), None)


def short_name(iri: str) -> str:
    """Write an IRI of a target as people read it: its prefix and identifier; any other as it is.

    >>> short_name("https://sws.geonames.org/1804649/"), short_name("https://example.org/")
    ('geonames:1804649', 'https://example.org/')
    """
    target = target_of_iri(iri)
    return iri if target is None else f"{target.prefix}:{iri.removeprefix(target.namespace).rstrip('/')}"

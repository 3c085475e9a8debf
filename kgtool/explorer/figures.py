"""The figures of a thing: each as a row with its period, kind, value, share or growth, and what proves it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from kgtool.evidence import sentences_of
from kgtool.explorer.naming import Naming, Ref
from kgtool.explorer.visit import Sources
from kgtool.namespaces import IP, RDF
from kgtool.terms import IRI, Term

__all__ = ["Figure", "amount", "read_figures", "statements_about"]

#: Powers of ten as the languages count them, the largest first.
_COUNTED = {
    "en": ((12, "trillion"), (9, "billion"), (6, "million")),
    "zh-Hans": ((12, "万亿"), (8, "亿"), (4, "万")),
    "zh-Hant": ((12, "萬億"), (8, "億"), (4, "萬")),
}
#: Not worth showing: what is meant when nothing else is said.
_PLAIN = (IP + "Level", IP + "NotApplicable", IP + "Exact")


class Figure(NamedTuple):
    """A stated or derived number.

    :param written: how the text writes it.
    :param number: the value for drawing, in the unit itself; ``None`` if there is none.
    """

    ref: Ref
    indicator: Ref
    statistic: Ref | None
    counterpart: Ref | None
    period: Ref | None
    start: str
    value: str
    number: str
    unit: Ref | None
    written: str
    qualifier: Ref | None
    modality: str
    sentences: tuple[str, ...]
    quote: str


def statements_about(sources: Sources, iri: str) -> dict[str, dict[str, list[Term]]]:
    """Read the figures about a thing: what is said of each, by its IRI."""
    query = (
        f"SELECT ?f ?p ?o WHERE {{ ?f <{IP}subject> ?thing ; <{IP}value> ?value ; ?p ?o FILTER(isIRI(?f)) }} "
        "ORDER BY ?f ?p ?o"
    )
    found: dict[str, dict[str, list[Term]]] = {}
    for figure, p, o in sources.store.query(query, bindings={"thing": IRI(iri)}).rows():
        if figure is not None and p is not None and o is not None:
            said = found.setdefault(figure.value, {}).setdefault(p.value, [])
            if o not in said:
                said.append(o)
    return found


def read_figures(
    sources: Sources, naming: Naming, language: str, statements: dict[str, dict[str, list[Term]]]
) -> list[Figure]:
    """Make the rows of figures, in the order of indicator and period.

    :param statements: of :func:`statements_about`; their terms are learnt here.
    """
    naming.learn(o for said in statements.values() for terms in said.values() for o in terms)
    naming.learn(statements)
    starts = _starts(sources, statements.values())
    values = {iri: (IRI(iri), IRI(IP + "value"), said[IP + "value"][0]) for iri, said in statements.items()}
    proofs = sentences_of(sources.store, values.values())
    rows = [
        _figure(iri, said, naming, language, starts, tuple(proofs[values[iri]])) for iri, said in statements.items()
    ]
    return sorted(rows, key=lambda row: (row.modality != "stated", row.indicator.text, row.start, row.ref.text))


def _figure(
    iri: str,
    said: dict[str, list[Term]],
    naming: Naming,
    language: str,
    starts: dict[str, str],
    sentences: tuple[str, ...],
) -> Figure:
    def first(name: str) -> Term | None:
        return next(iter(said.get(IP + name, [])), None)

    def ref(name: str) -> Ref | None:
        term = first(name)
        return None if term is None or term.value in _PLAIN else naming.ref(term)

    value, scale, unit = first("value"), first("scale"), first("unit")
    period, written, quote = first("period"), first("valueAsWritten"), first("quote")
    classes = {term.value for term in said.get(RDF + "type", [])}
    modality = (
        "derived" if IP + "DerivedObservation" in classes else "planned" if IP + "Target" in classes else "stated"
    )
    text, number = amount(value.value if value else "", scale.value if scale else "1", language)
    return Figure(
        naming.ref(iri),
        naming.ref(first("indicator")),
        ref("statisticType"),
        ref("counterpart"),
        ref("period"),
        starts.get(period.value, "") if period else "",
        text,
        number,
        None if unit is None or unit.value.endswith("/NUM") else naming.ref(unit),
        written.value if written else "",
        ref("qualifier"),
        modality,
        sentences,
        quote.value if quote else "",
    )


def _starts(sources: Sources, statements: Iterable[dict[str, list[Term]]]) -> dict[str, str]:
    """Look up on which day each period starts."""
    periods = {term for said in statements for term in said.get(IP + "period", []) if isinstance(term, IRI)}
    if not periods:
        return {}
    listed = " ".join(f"<{one.value}>" for one in sorted(periods))
    query = f"SELECT ?period ?start WHERE {{ VALUES ?period {{ {listed} }} ?period <{IP}end>|<{IP}start> ?start }}"
    rows = sources.store.query(query).rows()
    return {period.value: max(start.value, "") for period, start in rows if period and start}


def amount(value: str, scale: str, language: str) -> tuple[str, str]:
    """Write a number as a language counts, and plainly.

    >>> amount("103.2", "100000000", "en"), amount("103.2", "100000000", "zh-Hans")
    (('10.32 billion', '10320000000'), ('103.2亿', '10320000000'))
    >>> amount("1234.5", "1", "en")
    ('1,234.5', '1234.5')
    """
    try:
        number = Decimal(value) * Decimal(scale or "1")
    except InvalidOperation:
        return value, ""
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return value, ""
    plain = _plain(number)
    for zeros, word in _COUNTED.get(language, ()):
        if abs(number) >= Decimal(10) ** zeros and (Decimal(scale or "1") > 1 or zeros > 5):
            counted = _plain(number / Decimal(10) ** zeros)
            return f"{counted} {word}" if language == "en" else f"{counted}{word}", plain
    return f"{Decimal(plain):,f}", plain


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

"""The values of a query's parameters: from what a person wrote to RDF terms, which are bound and never pasted."""

from __future__ import annotations

from collections.abc import Mapping

from kgtool.errors import QueryError
from kgtool.labels import resolve
from kgtool.namespaces import XSD, expand
from kgtool.queries.saved import Parameter, SavedQuery
from kgtool.sparql import is_iri
from kgtool.store import Result, Store
from kgtool.table import visible
from kgtool.terms import IRI, XSD_STRING, Literal, Term

__all__ = ["bind_parameters", "run", "term_of"]


def run(
    store: Store, query: SavedQuery, given: Mapping[str, str] | None = None, *, prefixes: Mapping[str, str]
) -> Result:
    """Ask a saved query.

    :param given: what is said of its parameters, as a person writes it.
    :param prefixes: those the query may use without declaring them, and CURIEs among the values too.
    :raises QueryError: if a parameter does not exist, is missing or has a value of another type.
    :raises NotFoundError: if a name means nothing.
    :raises AmbiguousNameError: if a name means several things.
    """
    bindings = bind_parameters(store, query, given or {}, prefixes=prefixes)
    return store.query(query.text, bindings=bindings, prefixes=prefixes, file=query.file)


def bind_parameters(
    store: Store, query: SavedQuery, given: Mapping[str, str], *, prefixes: Mapping[str, str]
) -> dict[str, Term]:
    """Turn what was said of a query's parameters into terms; one neither given nor with a default stays unbound."""
    names = [parameter.name for parameter in query.parameters]
    for name in given:
        if name not in names:
            raise QueryError(f"query '{query.name}' has no parameter '{visible(name)}'", hint=_nearest(name, names))
    bindings: dict[str, Term] = {}
    for parameter in query.parameters:
        text = given.get(parameter.name, parameter.default)
        if text is not None:
            bindings[parameter.variable] = _allowed_term(store, parameter, text, prefixes)
        elif parameter.required:
            raise QueryError(f"query '{query.name}' needs parameter '{parameter.name}'", hint=f"add {parameter.name}=…")
    return bindings


def _allowed_term(store: Store, parameter: Parameter, text: str, prefixes: Mapping[str, str]) -> Term:
    text = _choice_meant(parameter, text)
    term = term_of(store, parameter, text, prefixes)
    if parameter.choices and term not in [term_of(store, parameter, choice, prefixes) for choice in parameter.choices]:
        from difflib import get_close_matches

        near = get_close_matches(text, parameter.choices, n=1)
        names = visible(", ".join(parameter.choices))
        raise QueryError(
            f"parameter '{parameter.name}': '{visible(text[:60])}' is not one of its choices",
            hint=f"did you mean '{visible(near[0])}'?" if near else f"there are {names}",
        )
    return term


def _choice_meant(parameter: Parameter, text: str) -> str:
    """Return the choice that another word for it means; any other text is returned as it is."""
    if not parameter.words or text in parameter.choices:
        return text
    from kgtool.text.scripts import fold

    try:
        folded = fold(text)
    except UnicodeEncodeError:  # bytes that were not UTF-8 arrive as lone surrogates, which no script has
        return text
    return next((choice for word, choice in parameter.words if fold(word) == folded), text)


def term_of(store: Store, parameter: Parameter, text: str, prefixes: Mapping[str, str]) -> Term:
    """Turn what was said of one parameter into a term of its type."""
    if parameter.type == "entity":
        class_ = parameter.class_ and expand(parameter.class_, prefixes)
        if parameter.class_ and not class_:
            raise QueryError(
                f"parameter '{parameter.name}': unknown prefix in class '{parameter.class_}'",
                hint="add it to ontology/prefixes.ttl",
            )
        return IRI(resolve(store, text, prefixes=prefixes, instance_of=class_))
    if parameter.type == "iri":
        return _iri(parameter, text, prefixes)
    if parameter.type == "string":
        if any("\ud800" <= ch <= "\udfff" for ch in text):
            raise QueryError(f"parameter '{parameter.name}': not UTF-8: '{visible(text)}'")
        datatype = parameter.datatype if parameter.datatype != XSD_STRING else None
        return Literal(text, parameter.language, datatype)
    value = _LEXICAL[parameter.type](text.strip())
    if value is None:
        raise QueryError(f"parameter '{parameter.name}': '{visible(text[:60])}' is not {_EXAMPLES[parameter.type]}")
    return Literal(value, None, parameter.datatype or XSD + _datatype_of(value, parameter.type))


def _datatype_of(value: str, type_: str) -> str:
    """Return the datatype that a value of a type has; that of a number is seen from how it is written, as in SPARQL."""
    if type_ != "number":
        return type_
    return "double" if "e" in value.lower() else "decimal" if "." in value else "integer"


def _iri(parameter: Parameter, text: str, prefixes: Mapping[str, str]) -> IRI:
    name = text.strip()
    if name.startswith("<") and name.endswith(">"):
        name = name[1:-1]
    iri = expand(name, prefixes) or name
    # "urn:x" is an IRI; "foo:x" is far more often a CURIE whose prefix is missing.
    if not is_iri(iri) or (iri == text.strip() and "//" not in iri and not iri.startswith(("urn:", "mailto:", "tag:"))):
        raise QueryError(
            f"parameter '{parameter.name}': '{visible(text[:60])}' is not an IRI or a CURIE with a known prefix",
            hint=f"the prefixes are {', '.join(prefixes)}",
        )
    return IRI(iri)


def _integer(text: str) -> str | None:
    digits = text[1:] if text[:1] in {"+", "-"} else text
    return text if digits.isascii() and digits.isdigit() else None


def _decimal(text: str) -> str | None:
    unsigned = text[1:] if text[:1] in {"+", "-"} else text
    whole, _, fraction = unsigned.partition(".")
    digits = whole + fraction
    return text if digits.isascii() and digits.isdigit() else None


def _number(text: str) -> str | None:
    mantissa, letter, exponent = text.replace("E", "e").partition("e")
    if letter and not _integer(exponent):
        return None
    return text if _decimal(mantissa) else None


def _date(text: str) -> str | None:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return None
    # Weeks (2023-W52-7) and dates without dashes are ISO dates as well, and no xsd:date.
    return text if len(text) == len("2023-12-31") and text[4] == text[7] == "-" else None


def _datetime(text: str) -> str | None:
    from datetime import datetime

    date, letter, time = text.partition("T")
    if not letter or _date(date) is None or len(time) < len("12:00:00"):
        return None
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None
    # ISO times without colons, or with hours alone, are no xsd:dateTime.
    return text if time[2] == time[5] == ":" else None


def _boolean(text: str) -> str | None:
    return {"true": "true", "false": "false", "1": "true", "0": "false"}.get(text.lower())


#: Types that are written as literals: from a text to the lexical form, or ``None``.
_LEXICAL = {
    "integer": _integer,
    "decimal": _decimal,
    "number": _number,
    "date": _date,
    "dateTime": _datetime,
    "boolean": _boolean,
}
_EXAMPLES = {
    "integer": "a whole number such as 12",
    "decimal": "a number such as 12.5",
    "number": "a number such as 12.5",
    "date": "a date such as 2023-12-31",
    "dateTime": "a time such as 2023-12-31T12:00:00",
    "boolean": "true or false",
}


def _nearest(name: str, names: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, names, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"it has {', '.join(names)}" if names else "it has none"

"""Parameters as grlc writes them, in the names of variables: ``?_park_iri`` is a parameter ``park``, an IRI.

https://github.com/CLARIAH/grlc/wiki/Parameter-Mapping
"""

from __future__ import annotations

import os
import re

from kgtool.errors import QueryError
from kgtool.namespaces import XSD
from kgtool.queries.saved import Parameter
from kgtool.sparql import declared_prefixes, variables

__all__ = ["grlc_parameters"]

#: One underscore: required; two: optional. Then the name, and one or two words that say what it is.
_VARIABLE = r"(__?)([^_]+)(?:_([a-zA-Z0-9]+))?(?:_([a-zA-Z0-9]+))?"

#: grlc's list of the XML Schema datatypes, each with the type whose spelling is checked; the others are any text.
_DATATYPES = {
    **dict.fromkeys(("integer", "positiveInteger", "negativeInteger", "nonPositiveInteger"), "integer"),
    **dict.fromkeys(("nonNegativeInteger", "long", "int", "short", "byte"), "integer"),
    **dict.fromkeys(("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"), "integer"),
    **dict.fromkeys(("float", "double"), "number"),
    **{name: name for name in ("decimal", "date", "dateTime", "boolean")},
    **dict.fromkeys(("gYearMonth", "gYear", "duration", "gMonthDay", "gDay", "gMonth", "string"), "string"),
    **dict.fromkeys(("normalizedString", "token", "language", "NMTOKEN", "NMTOKENS", "Name", "NCName"), "string"),
    **dict.fromkeys(("ID", "IDREFS", "ENTITY", "ENTITIES", "QName", "hexBinary", "base64Binary"), "string"),
    **dict.fromkeys(("anyURI", "notation"), "string"),
}


def grlc_parameters(text: str, *, file: str | os.PathLike[str] | None = None) -> dict[str, Parameter]:
    """Return the parameters that a query's variables stand for, by name, in the order of the text.

    >>> grlc_parameters("ASK { ?s ?p ?_since_xsd_date }")["since"].type
    'date'

    :raises QueryError: if two variables claim one name, or a datatype's prefix is not declared.
    """
    found: dict[str, Parameter] = {}
    for variable in sorted(variables(text), key=lambda name: _place(name, text)):
        match = re.match(_VARIABLE, variable)
        # What engines call their own aggregates in a parsed query is no parameter.
        if match is None or re.match(r"__agg_\d+__", variable):
            continue
        mark, name, kind, more = match.groups()
        if name in found:
            raise QueryError(
                f"?{found[name].variable} and ?{variable} are both parameter '{name}'",
                file=file,
                line=_line_of(variable, text),
                hint="give one of them another name",
            )
        type_, language, datatype = _read(kind, more)
        found[name] = Parameter(
            name,
            type_,
            required=mark == "_",
            written_as=variable,
            language=language,
            datatype=datatype and _expand(datatype, variable, text, file),
        )
    return found


def _read(kind: str | None, more: str | None) -> tuple[str, str | None, str | None]:
    """Return the type that is checked, the language and the datatype (as a CURIE) that a variable's last words mean."""
    if kind is None or kind in {"literal", "string"}:
        return "string", None, None
    if kind in {"iri", "number"}:
        return kind, None, None
    if kind in _DATATYPES:
        return _DATATYPES[kind], None, f"xsd:{kind}"
    if len(kind) == 2:
        return "string", kind, None
    if more is None:
        return "string", None, None
    return (_DATATYPES.get(more, "string") if kind == "xsd" else "string"), None, f"{kind}:{more}"


def _expand(curie: str, variable: str, text: str, file: str | os.PathLike[str] | None) -> str | None:
    prefix, _, name = curie.partition(":")
    namespace = declared_prefixes(text).get(prefix, XSD if prefix == "xsd" else None)
    if namespace is None:
        raise QueryError(
            f"?{variable} has datatype {curie}, whose prefix the query does not declare",
            file=file,
            line=_line_of(variable, text),
            hint=f"write 'PREFIX {prefix}: <…>', or call the variable otherwise",
        )
    return namespace + name


def _line_of(variable: str, text: str) -> int:
    return text.count("\n", 0, _place(variable, text)) + 1


def _place(variable: str, text: str) -> int:
    match = re.search(rf"[?$]{variable}\b", text)
    return match.start() if match else len(text)

"""Proved rows as JSON, CSV, TSV and XML: the standard result formats, with the evidence added where each has room.

https://www.w3.org/TR/sparql11-results-json/ · https://www.w3.org/TR/sparql11-results-csv-tsv/
https://www.w3.org/TR/rdf-sparql-XMLres/
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from kgtool.evidence.proof import Evidence, Proven
from kgtool.terms import IRI, XSD_STRING, BlankNode, Term, n3

__all__ = ["WRITERS", "evidence_column", "to_json"]

_XML_CHARACTERS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
#: What XML 1.0 cannot hold at all.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_json(proven: Proven) -> dict[str, Any]:
    """Return SPARQL JSON results with a list of evidence for each row, and what is to be known of all of it."""
    bindings = [
        {name: _json_term(term) for name, term in zip(proven.variables, row.row, strict=True) if term is not None}
        for row in proven.rows
    ]
    return {
        "head": {"vars": list(proven.variables)},
        "results": {"bindings": bindings},
        "evidence": [[_json_item(item) for item in row.evidence] for row in proven.rows],
        "notes": list(proven.notes),
    }


def evidence_column(proven: Proven) -> str:
    """Name the column of the sentences: ``evidence``, unless the query has one of that name."""
    name = "evidence"
    while name in proven.variables:
        name += "_"
    return name


def _json_item(item: Evidence) -> dict[str, Any]:
    passage = item.passage
    found: dict[str, Any] = {
        "sentence": passage.sentence,
        "article": passage.article,
        "title": passage.title,
        "section": passage.section,
        "paragraph": passage.paragraph,
        "number": passage.number,
        "start": passage.start,
        "end": passage.end,
        "gist": passage.gist,
        "quotes": list(item.quotes),
        "triples": [
            {"subject": _json_term(s), "predicate": _json_term(p), "object": _json_term(o)} for s, p, o in item.triples
        ],
    }
    if item.derived:
        found["derived"] = [derivation._asdict() for derivation in item.derived]
    if passage.relies_on:
        found["reliesOn"] = list(passage.relies_on)
    if item.text is not None:
        found["text"] = item.text
        found["marks"] = [list(mark) for mark in item.marks]
    return found


def _json_term(term: Term) -> dict[str, str]:
    if isinstance(term, IRI):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    found = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype and term.datatype != XSD_STRING:
        found["datatype"] = term.datatype
    return found


def _sentences(proven: Proven) -> list[str]:
    """Write the sentences of each row: their IRIs with spaces between."""
    return [" ".join(item.passage.sentence for item in row.evidence) for row in proven.rows]


def _as_json(proven: Proven) -> str:
    return json.dumps(to_json(proven), ensure_ascii=False, indent=2) + "\n"


def _as_csv(proven: Proven) -> str:
    lines = [[*proven.variables, evidence_column(proven)]]
    for row, sentences in zip(proven.rows, _sentences(proven), strict=True):
        lines.append([*("" if term is None else _plain(term) for term in row.row), sentences])
    return "".join(",".join(map(_csv_cell, line)) + "\r\n" for line in lines)


def _plain(term: Term) -> str:
    return f"_:{term.value}" if isinstance(term, BlankNode) else term.value


def _csv_cell(text: str) -> str:
    if any(ch in text for ch in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _as_tsv(proven: Proven) -> str:
    lines = [[f"?{name}" for name in (*proven.variables, evidence_column(proven))]]
    for row, sentences in zip(proven.rows, _sentences(proven), strict=True):
        lines.append([*("" if term is None else n3(term) for term in row.row), f'"{sentences}"'])
    return "".join("\t".join(line) + "\n" for line in lines)


def _as_xml(proven: Proven) -> str:
    names = [*proven.variables, evidence_column(proven)]
    lines = ['<?xml version="1.0"?>', '<sparql xmlns="http://www.w3.org/2005/sparql-results#">', "<head>"]
    lines += [f'<variable name="{_xml(name)}"/>' for name in names]
    lines += ["</head>", "<results>"]
    for row, sentences in zip(proven.rows, _sentences(proven), strict=True):
        bindings = zip(names, [*map(_xml_term, row.row), f"<literal>{_xml(sentences)}</literal>"], strict=True)
        cells = [f'<binding name="{_xml(name)}">{value}</binding>' for name, value in bindings if value]
        lines.append(f"<result>{''.join(cells)}</result>")
    return "\n".join([*lines, "</results>", "</sparql>", ""])


def _xml_term(term: Term | None) -> str:
    if term is None:
        return ""
    if isinstance(term, IRI):
        return f"<uri>{_xml(term.value)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{_xml(term.value)}</bnode>"
    kind = f' xml:lang="{_xml(term.language)}"' if term.language else ""
    if term.datatype and not term.language and term.datatype != XSD_STRING:
        kind = f' datatype="{_xml(term.datatype)}"'
    return f"<literal{kind}>{_xml(term.value)}</literal>"


def _xml(text: str) -> str:
    return "".join(_XML_CHARACTERS.get(ch, ch) for ch in _NOT_XML.sub("\ufffd", text))


#: How proved rows are written, by the name of the format.
WRITERS: Mapping[str, Callable[[Proven], str]] = {
    "json": _as_json,
    "csv": _as_csv,
    "tsv": _as_tsv,
    "xml": _as_xml,
}

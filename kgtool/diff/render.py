"""A difference as text: for people by graph and thing, as JSON, as CSV, and as a patch that other programs apply.

https://afs.github.io/rdf-patch/
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kgtool.diff.comparison import Difference
from kgtool.evidence.passages import Passage, read_passages
from kgtool.labels import LANGUAGES, labels_of
from kgtool.namespaces import compress
from kgtool.store import Store
from kgtool.store.drafts import Draft
from kgtool.table import visible
from kgtool.terms import XSD_STRING

__all__ = ["DIFF_FORMATS", "Names", "read_names", "write_table"]

_LITERAL = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<language>\S+)|\^\^<(?P<datatype>[^>]*)>)?')
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}

#: What the table calls the graph without a name, by language.
_DEFAULT = {"zh-Hans": "默认图", "zh-Hant": "預設圖", "en": "default graph"}
_SENTENCE = {"zh-Hans": "句 {}", "zh-Hant": "句 {}", "en": "sentence {}"}

_COLOURS = {"+": "\x1b[32m", "-": "\x1b[31m"}


class Names(NamedTuple):
    """What things are called.

    :param labels: by IRI.
    :param passages: the sentences among the graphs.
    :param prefixes: to shorten what has no label.
    :param language: the one asked for.
    """

    labels: Mapping[str, str]
    passages: Mapping[str, Passage]
    prefixes: Mapping[str, str]
    language: str


def read_names(
    difference: Difference, *, prefixes: Mapping[str, str], languages: Sequence[str] = LANGUAGES, store: Store | None
) -> Names:
    """Find out what everything in a difference is called: in the second graph, in the first, then in a third.

    :param store: the third: the project's.
    """
    wanted = {
        term[1:-1]
        for change in difference
        for term in (change.graph, change.thing, change.subject, change.predicate, change.object)
        if term.startswith("<") and not term.startswith("<<")
    }
    labels: dict[str, str] = {}
    passages: dict[str, Passage] = {}
    graphs = {graph[1:-1] for graph in difference.graphs if graph.startswith("<")}
    for one in (*_drafts(difference, wanted), *([store] if store is not None else [])):
        labels = labels_of(one, sorted(wanted), languages) | labels
        passages = read_passages(one, sorted(graphs), languages) | passages
    return Names(labels, passages, prefixes, languages[0])


def _drafts(difference: Difference, wanted: set[str]) -> Iterator[Draft]:
    """Make a small graph of what each side says of the names of things."""
    for records in difference.naming():
        lines = []
        for record in records:
            _, subject, rest = record.split(b" ", 2)
            if subject[1:-1].decode() in wanted:
                lines.append(b"%b %b .\n" % (subject, rest))
        draft = Draft()
        draft.load(b"".join(lines), "ntriples", file="the names")
        yield draft


# For people ----------------------------------------------------------------------------------------------------------


def write_table(difference: Difference, names: Names, *, colour: bool = False) -> Iterator[str]:
    """Write a difference for people, piece by piece.

    :param colour: whether it is for a terminal that shows colours.
    """
    graph = thing = None
    for change in difference:
        if change.graph != graph:
            yield ("" if graph is None else "\n") + _graph(change.graph, names) + "\n"
            graph, thing = change.graph, None
        if change.thing != thing:
            thing = change.thing
            yield f"  {_named(thing, names)}\n"
        sign = "+" if change.added else "-"
        subject = "" if change.subject == thing else f"{change.subject} "
        line = f"{sign} {subject}{_label(change.predicate, names)}: {_named(change.object, names)}"
        yield f"    {_COLOURS[sign]}{line}\x1b[0m\n" if colour else f"    {line}\n"
    if not difference:
        yield "no difference\n"
        return
    number = len(difference.graphs)
    where = f"{number} graph{'' if number == 1 else 's'}"
    yield f"\n{difference.added} added, {difference.removed} removed in {where}\n"


def _graph(graph: str, names: Names) -> str:
    if not graph:
        return _DEFAULT[names.language]
    passage = names.passages.get(graph[1:-1])
    if passage is None or passage.number is None:
        return _named(graph, names)
    gist = f": {visible(passage.gist)}" if passage.gist else ""
    return f"{_SENTENCE[names.language].format(passage.number)} ({_short(graph, names)}){gist}"


def _named(term: str, names: Names) -> str:
    """Write a term with what tells it from another of the same label."""
    if _is_iri(term):
        label = names.labels.get(term[1:-1])
        return f"{visible(label)} ({_short(term, names)})" if label else _short(term, names)
    match = _LITERAL.fullmatch(term)
    if match is None:
        return visible(term)
    text = f'"{visible(_text(match["text"]))}"'
    if match["language"]:
        return f"{text}@{match['language']}"
    return f"{text}^^{compress(match['datatype'], names.prefixes)}" if match["datatype"] else text


def _label(predicate: str, names: Names) -> str:
    return visible(names.labels.get(predicate[1:-1]) or _short(predicate, names))


def _short(term: str, names: Names) -> str:
    iri = term[1:-1] if _is_iri(term) else term
    curie = compress(iri, names.prefixes)
    return visible(curie if curie != iri else term)


# For programs --------------------------------------------------------------------------------------------------------


def _json(difference: Difference, names: Names) -> Iterator[str]:
    head = {
        "a": difference.sides[0],
        "b": difference.sides[1],
        "same": not difference,
        "added": difference.added,
        "removed": difference.removed,
        "graphs": [
            {**_graph_record(graph, names), "added": added, "removed": removed}
            for graph, (added, removed) in sorted(difference.graphs.items())
        ],
    }
    yield json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}") + ',\n  "changes": ['
    between = "\n"
    for change in difference:
        record = {
            "change": "added" if change.added else "removed",
            "graph": _term(change.graph, names) if change.graph else None,
            "thing": _term(change.thing, names),
            "subject": _term(change.subject, names),
            "predicate": _term(change.predicate, names),
            "object": _term(change.object, names),
        }
        yield f"{between}    {json.dumps(record, ensure_ascii=False)}"
        between = ",\n"
    yield ("\n  " if difference else "") + "]\n}\n"


def _graph_record(graph: str, names: Names) -> dict[str, object]:
    passage = names.passages.get(graph[1:-1])
    record: dict[str, object] = {"graph": _term(graph, names) if graph else None}
    if passage is not None:
        record |= {"sentence": passage.number, "article": passage.article, "gist": passage.gist}
    return record


def _term(term: str, names: Names) -> dict[str, str]:
    """Write a term as SPARQL's JSON results do, with its label."""
    if _is_iri(term):
        label = names.labels.get(term[1:-1])
        return {"type": "uri", "value": term[1:-1], **({"label": label} if label else {})}
    if term.startswith("_:"):
        return {"type": "bnode", "value": term[2:]}
    match = _LITERAL.fullmatch(term)
    if match is None:
        return {"type": "triple", "value": term}
    record = {"type": "literal", "value": _text(match["text"])}
    if match["language"]:
        record["xml:lang"] = match["language"]
    if match["datatype"] and match["datatype"] != XSD_STRING:
        record["datatype"] = match["datatype"]
    return record


def _csv(difference: Difference, names: Names) -> Iterator[str]:
    terms = ("graph", "subject", "predicate", "object")
    yield _row(["change", *terms, "sentence", *(f"{term}_label" for term in ("subject", "predicate", "object"))])
    for change in difference:
        passage = names.passages.get(change.graph[1:-1])
        number = "" if passage is None or passage.number is None else str(passage.number)
        labels = (
            names.labels.get(term[1:-1], "") if _is_iri(term) else ""
            for term in (change.subject, change.predicate, change.object)
        )
        quad = (change.graph, change.subject, change.predicate, change.object)
        yield _row(["added" if change.added else "removed", *quad, number, *labels])


def _row(cells: Sequence[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(cells)
    return stream.getvalue()


def _patch(difference: Difference, _names: Names) -> Iterator[str]:
    if not difference:
        return
    yield "TX .\n"
    for change in difference:
        quad = [change.subject, change.predicate, change.object, *([change.graph] if change.graph else [])]
        yield f"{'A' if change.added else 'D'} {' '.join(quad)} .\n"
    yield "TC .\n"


def _is_iri(term: str) -> bool:
    return term.startswith("<") and not term.startswith("<<")


def _text(escaped: str) -> str:
    def replaced(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _ESCAPES.get(match[3], match[3])

    return _ESCAPE.sub(replaced, escaped)


_Writer = Callable[[Difference, Names], Iterator[str]]

#: How a difference can be written, piece by piece, by name.
DIFF_FORMATS: dict[str, _Writer] = {"table": write_table, "json": _json, "csv": _csv, "patch": _patch}

"""Edges that a query asks for: the triples it constructs, or rows with a source and a target."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kgtool.errors import QueryError
from kgtool.namespaces import RDF
from kgtool.network.copying import Copy
from kgtool.network.folding import EdgeRow, Folding
from kgtool.network.literals import is_number
from kgtool.store import Result, Store
from kgtool.store.depth import refuse_depth
from kgtool.terms import IRI, BlankNode, Literal

__all__ = ["ask"]

#: The triples that were asked for, as CURIEs; and, for exports as RDF, what is made of them, as it is.
_CHOSEN = "CREATE TEMP TABLE chosen (s TEXT, p TEXT, o TEXT)"
_MADE = "CREATE TEMP TABLE made (s TEXT, p TEXT, kind TEXT, o TEXT, language TEXT, datatype TEXT)"
_SELECTED = """
CREATE TEMP TABLE selected (s TEXT, p TEXT, o TEXT, label TEXT, value TEXT, sentence TEXT)
"""
_DETAILS = (
    "SELECT label, value, json_group_array(DISTINCT sentence) FROM selected WHERE s = ? AND p = ? AND o = ?"
    " GROUP BY label, value ORDER BY label, value"
)


def ask(store: Store, query: str, copy: Copy, folding: Folding, *, file: object = None) -> Iterator[EdgeRow]:
    """Walk over the edges that a query makes, each with the sentences that say its triple.

    :raises QueryError: if it makes none, or a row has no thing at an end.
    """
    refuse_depth(query, file=file)
    result = store.query(query, prefixes=copy.prefixes, file=file)
    copy.rows(_CHOSEN)
    copy.rows(_MADE)
    if result.form == "graph":
        _keep_triples(result, copy)
        return folding.edges("chosen")
    if result.form == "select" and {"source", "target"} <= set(result.variables):
        copy.rows(_SELECTED)
        copy.insert("selected", _rows(result, copy, file), columns=6)
        copy.rows("CREATE INDEX selected_spo ON selected (s, p, o)")
        copy.rows("INSERT INTO chosen SELECT DISTINCT s, p, o FROM selected")
        return _detailed(copy, folding)
    raise QueryError(
        "the query makes no edges", file=file, hint="write CONSTRUCT, or SELECT with the columns ?source and ?target"
    )


def _keep_triples(result: Result, copy: Copy) -> None:
    """Sort constructed triples into edges, classes and literals; the latter two add to what the graph says."""
    type_ = copy.short(RDF + "type")
    for s, p, o in result.triples():
        if not isinstance(s, IRI) or isinstance(o, BlankNode):
            continue
        subject, predicate = copy.short(s.value), copy.short(p.value)
        if isinstance(o, Literal):
            texts = (o.value, o.language or "", o.datatype or "")
            copy.rows("INSERT INTO literal VALUES (?, ?, ?, ?, ?)", (subject, predicate, *texts))
            copy.rows("INSERT INTO made VALUES (?, ?, 'literal', ?, ?, ?)", (s.value, p.value, *texts))
            continue
        if predicate == type_:
            copy.rows("INSERT INTO type VALUES (?, ?)", (subject, copy.short(o.value)))
        else:
            copy.rows("INSERT INTO chosen VALUES (?, ?, ?)", (subject, predicate, copy.short(o.value)))
        copy.rows("INSERT INTO made VALUES (?, ?, '', ?, '', '')", (s.value, p.value, o.value))


def _rows(result: Result, copy: Copy, file: object) -> Iterator[tuple[str, ...]]:
    for number, row in enumerate(result.rows(), start=1):
        cells = dict(zip(result.variables, row, strict=True))
        source, target = cells["source"], cells["target"]
        if not (isinstance(source, IRI) and isinstance(target, IRI)):
            raise QueryError(f"row {number} has no IRI as ?source or ?target", file=file, hint="leave such rows out")
        predicate, sentence = cells.get("predicate"), cells.get("sentence")
        if isinstance(predicate, IRI):
            copy.rows("INSERT INTO made VALUES (?, ?, '', ?, '', '')", (source.value, predicate.value, target.value))
        yield (
            copy.short(source.value),
            copy.short(predicate.value) if isinstance(predicate, IRI) else "",
            copy.short(target.value),
            *(term.value if isinstance(term := cells.get(name), Literal) else "" for name in ("label", "value")),
            copy.short(sentence.value) if isinstance(sentence, IRI) else "",
        )


def _detailed(copy: Copy, folding: Folding) -> Iterator[EdgeRow]:
    """Walk over the edges of selected rows: rows that differ in label or value are edges of their own."""
    for id_, source, target, predicate, modality, numbers, names, _ in folding.edges("chosen", fold=False):
        for number, (label, value, given) in enumerate(copy.rows(_DETAILS, (source, predicate, target)), start=1):
            extra = {"label": label} if label else {}
            if value:
                extra["value" if is_number(value) else "written"] = value
            written = json.dumps(extra, ensure_ascii=False) if extra else None
            own = id_ if number == 1 else f"{id_}..{number}"
            more = [name for name in json.loads(given) if name]
            proof = folding.evidence((*names.split(), *more)) if more else (numbers, names)
            yield own, source, target, predicate, modality, *proof, written

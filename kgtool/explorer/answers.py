"""Answers as pages show them: tables with labels, yes or no, graphs; each row with the sentences that prove it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from kgtool.errors import QueryError
from kgtool.evidence import prove
from kgtool.explorer.naming import Naming, Ref
from kgtool.explorer.neighbourhood import LARGEST, Drawn, Neighbourhood
from kgtool.explorer.sentences import Citation, citation_of
from kgtool.explorer.visit import Sources, Visit
from kgtool.namespaces import IP, compress
from kgtool.network import Edge, Node
from kgtool.store import Result
from kgtool.terms import IRI, Literal, Term, n3

__all__ = ["MOST_ROWS", "Answer", "Chart", "read_answer"]

#: Rows of a page; a file has all of them.
MOST_ROWS = 1000

#: Rows of a chart that can still be told apart.
_MOST_BARS = 60


class Row(NamedTuple):
    """A row: its cells, and the sentences that prove it."""

    cells: tuple[Ref, ...]
    proof: tuple[Citation, ...]


class Chart(NamedTuple):
    """Which columns make a chart.

    :param labels: the columns that together name the bars, or the points in time.
    :param values: the columns of numbers.
    :param over_time: whether the labels are dates or years.
    """

    labels: tuple[int, ...]
    values: tuple[int, ...]
    over_time: bool


class Answer(NamedTuple):
    """An answer to a query.

    :param form: ``select``, ``ask`` or ``graph``.
    :param is_cut: whether there is more than is shown.
    :param has_proof: whether rows come with their sentences.
    :param notes: what is to be known of the evidence.
    """

    form: str
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    boolean: bool = False
    is_cut: bool = False
    has_proof: bool = False
    notes: tuple[str, ...] = ()
    chart: Chart | None = None
    drawing: Neighbourhood | None = None


def read_answer(sources: Sources, visit: Visit, text: str, *, evidence: bool, file: object = None) -> Answer:
    """Ask a query and read its answer.

    :param evidence: whether each row is to come with its sentences; where they cannot be told, a note says why.
    :raises QueryError: if the query cannot be answered.
    """
    naming = Naming(sources, visit)
    notes: tuple[str, ...] = ()
    if evidence:
        try:
            return _proven(sources, visit, naming, text, file)
        except QueryError as exc:
            notes = (f"{exc.message}{f'; {exc.hint}' if exc.hint else ''}",)
    result = sources.store.query(text, prefixes=sources.prefixes, file=file)
    if result.form == "ask":
        return Answer("ask", boolean=result.boolean)
    if result.form == "graph":
        return _graph(sources, naming, result)
    rows = list(islice(result.rows(), MOST_ROWS + 1))
    answer = _table(naming, result.variables, rows[:MOST_ROWS], [()] * len(rows))
    return answer._replace(is_cut=len(rows) > MOST_ROWS, notes=notes)


def _proven(sources: Sources, visit: Visit, naming: Naming, text: str, file: object) -> Answer:
    proven = prove(sources.store, text, prefixes=sources.prefixes, languages=visit.languages, file=file)
    rows = proven.rows[:MOST_ROWS]
    proofs = [tuple(citation_of(sources, visit, item.passage, item.quotes) for item in row.evidence) for row in rows]
    answer = _table(naming, proven.variables, [row.row for row in rows], proofs)
    return answer._replace(is_cut=len(proven.rows) > MOST_ROWS, has_proof=True, notes=proven.notes)


def _table(
    naming: Naming,
    columns: Sequence[str],
    rows: Sequence[Sequence[Term | None]],
    proofs: Sequence[tuple[Citation, ...]],
) -> Answer:
    naming.learn(term for row in rows for term in row)
    shown = tuple(Row(tuple(naming.ref(term) for term in row), proof) for row, proof in zip(rows, proofs, strict=False))
    return Answer("select", tuple(columns), shown, chart=_chart(columns, rows))


def _chart(columns: Sequence[str], rows: Sequence[Sequence[Term | None]]) -> Chart | None:
    """Find the columns of a chart: one that tells rows apart and at least one of numbers."""
    if not 2 <= len(rows) <= _MOST_BARS:
        return None
    numbers = [place for place in range(len(columns)) if _all_numbers([row[place] for row in rows])]
    others = [place for place in range(len(columns)) if place not in numbers]
    if not numbers or not others:
        return None
    labels = _telling([place for place in others if any(isinstance(row[place], IRI) for row in rows)], rows)
    if not labels:
        labels = (max(others, key=lambda place: (len({row[place] for row in rows}), -place)),)
    over_time = all(isinstance(row[labels[0]], Literal) and _is_date(row[labels[0]]) for row in rows)
    return Chart(labels, tuple(numbers), over_time)


def _telling(columns: Sequence[int], rows: Sequence[Sequence[Term | None]]) -> tuple[int, ...]:
    """Return the first columns that together tell rows apart; none if they do not."""
    chosen: list[int] = []
    for column in columns:
        if len({row[column] for row in rows}) > 1:
            chosen.append(column)
        if len({tuple(row[one] for one in chosen) for row in rows}) == len(rows):
            return tuple(chosen)
    return ()


def _all_numbers(terms: Iterable[Term | None]) -> bool:
    known = [term for term in terms if term is not None]
    return len(known) > 1 and all(isinstance(term, Literal) and _is_number(term) for term in known)


def _is_number(term: Literal) -> bool:
    if not (term.datatype or "").endswith(("#integer", "#decimal", "#double", "#float", "#int", "#long")):
        return False
    try:
        return abs(float(term.value)) < 1e300
    except ValueError:
        return False


def _is_date(term: Term | None) -> bool:
    return isinstance(term, Literal) and (term.datatype or "").endswith(("#date", "#dateTime", "#gYear"))


def _graph(sources: Sources, naming: Naming, result: Result) -> Answer:
    """Read a graph: its triples as a table, and those between things as a drawing."""
    triples = list(islice(result.triples(), MOST_ROWS + 1))
    shown = triples[:MOST_ROWS]
    answer = _table(naming, ("subject", "predicate", "object"), shown, [()] * len(shown))
    drawing = _drawing(sources, naming, shown)
    return answer._replace(form="graph", is_cut=len(triples) > MOST_ROWS, drawing=drawing, chart=None)


def _drawing(sources: Sources, naming: Naming, triples: Sequence[tuple[Term, IRI, Term]]) -> Neighbourhood | None:
    between = [(s, p, o) for s, p, o in triples if isinstance(s, IRI) and isinstance(o, IRI)][: LARGEST // 3]
    ends = sorted({end.value for s, _, o in between for end in (s, o)})
    if not ends:
        return None
    classes = _classes(sources, ends)
    naming.learn(classes.values())
    nodes = {
        iri: Node(
            compress(iri, sources.prefixes),
            iri,
            compress(classes[iri], sources.prefixes) if iri in classes else "",
            class_label=naming.text(classes[iri]) if iri in classes else "",
            label=naming.text(iri),
        )
        for iri in ends
    }
    edges = [
        Drawn(nodes[s.value], nodes[o.value], Edge(f"e{place}", s.value, o.value, p.value), naming.text(p.value), "")
        for place, (s, p, o) in enumerate(between)
    ]
    return Neighbourhood(tuple(nodes.values()), tuple(edges), (), 0)


def _classes(sources: Sources, iris: Sequence[str]) -> dict[str, str]:
    """Look up one class of each thing, one of the ontology's own if it has one."""
    listed = " ".join(n3(IRI(iri)) for iri in iris)
    query = f"SELECT ?thing ?class WHERE {{ VALUES ?thing {{ {listed} }} ?thing a ?class }} ORDER BY ?thing ?class"
    found: dict[str, str] = {}
    for thing, class_ in sources.store.query(query).rows():
        if thing is not None and class_ is not None and not found.get(thing.value, "").startswith(IP):
            found[thing.value] = class_.value
    return found

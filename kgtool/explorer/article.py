"""The page of an article: paragraph by paragraph, each sentence with its gist and its facts, its words if at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from kgtool.errors import NotFoundError
from kgtool.evidence.passages import Passage, marks_of, read_passages
from kgtool.explorer.naming import Naming, Ref, in_script
from kgtool.explorer.visit import Page, Sources, Visit
from kgtool.namespaces import DCTERMS, IP, RDF, RDFS, SKOS
from kgtool.sparql import values
from kgtool.table import visible
from kgtool.terms import IRI, Literal, Term
from kgtool.text.scripts import simplify_keeping_length

__all__ = ["article", "articles", "is_article"]

#: Said of statements beside what they state.
_ASIDE = frozenset((RDF + "type", SKOS + "prefLabel", RDFS + "label", IP + "quote", IP + "reliesOn", IP + "assumption"))

#: How statements of a class are meant, where it is not as a fact.
_MODALITIES = {
    IP + "PlannedMeasure": "planned",
    IP + "Target": "target",
    IP + "Directive": "demanded",
    IP + "Characterization": "judged",
}

#: Facts of a sentence that are shown at once; more are behind a click.
_SHOWN = 8


class _Statement(NamedTuple):
    """Something a sentence says that has more than two ends."""

    ref: Ref
    kind: str
    modality: str
    quote: str


class _Triple(NamedTuple):
    """Something a sentence says that is one triple."""

    subject: Ref
    predicate: Ref
    object: Ref


class _Sentence(NamedTuple):
    """A sentence as it is shown.

    :param words: the sentence itself, if it is at hand: pieces, each with whether a fact quotes it.
    :param measured: what of it is in facts, if the text is at hand.
    """

    id: str
    passage: Passage
    gist: str
    role: Ref | None
    reason: str
    repeats: tuple[Ref, ...]
    relies_on: tuple[Ref, ...]
    statements: tuple[_Statement, ...]
    triples: tuple[_Triple, ...]
    words: tuple[tuple[str, bool], ...]
    measured: Mapping[str, Any]


def articles(sources: Sources, visit: Visit) -> Page:
    """Make the page of all articles; of the only one, if there is one only."""
    query = (
        f"SELECT DISTINCT ?article WHERE {{ ?article a <{IP}NewsArticle> FILTER(isIRI(?article)) }} ORDER BY ?article"
    )
    found = [one.value for (one,) in sources.store.query(query).rows() if one is not None]
    if len(found) == 1:
        return _page(sources, visit, found[0])
    naming = Naming(sources, visit)
    naming.learn(found)
    return Page("articles", {"articles": [naming.ref(one) for one in found]})


def is_article(sources: Sources, iri: str) -> bool:
    """Say whether a thing is an article."""
    return sources.store.query(f"ASK {{ ?thing a <{IP}NewsArticle> }}", bindings={"thing": IRI(iri)}).boolean


def article(sources: Sources, visit: Visit, iri: str) -> Page:
    """Make the page of an article."""
    return _page(sources, visit, iri)


def _page(sources: Sources, visit: Visit, iri: str) -> Page:
    naming = Naming(sources, visit)
    names = _sentences_of(sources, iri)
    if not names:
        raise NotFoundError(f"no sentence is recorded of '{visible(iri[:200])}'")
    passages = sorted(read_passages(sources.store, names, visit.languages).values(), key=lambda one: one.place)
    said = _said(sources, names)
    noted = _notes(sources, names, visit)
    naming.learn(term for triples in said.values() for triple in triples for term in triple)
    naming.learn(term for notes in noted.values() for _, term in notes)
    naming.learn([iri, *names, IP + "NewsArticle"])
    at_hand = sources.about.texts.get(iri, {})
    script = visit.params.get("script") or ("hans" if visit.language == "zh-Hans" else "hant")
    text = str(at_hand.get("text", ""))
    if script == "hans":
        text = simplify_keeping_length(text)
    measured = at_hand.get("coverage", {}).get("sentences", {})
    sentences = [
        _sentence(one, said.get(one.sentence, []), noted.get(one.sentence, []), naming, visit, text, script, measured)
        for one in passages
    ]
    data = {
        "iri": iri,
        "name": naming.ref(iri),
        "sections": _sections(sentences, visit),
        "has_text": bool(text),
        "script": script,
        "coverage": at_hand.get("coverage"),
        "stated": sum(bool(one.statements or one.triples) for one in sentences),
        "count": len(sentences),
        "shown": _SHOWN,
    }
    return Page("article", data)


def _sections(sentences: Iterable[_Sentence], visit: Visit) -> list[tuple[str, list[list[_Sentence]]]]:
    """Put sentences into sections and those into paragraphs."""
    return [
        (in_script(title, visit.language), [list(some) for _, some in groupby(part, key=lambda s: s.passage.paragraph)])
        for title, part in groupby(sentences, key=lambda one: one.passage.section)
    ]


def _sentences_of(sources: Sources, iri: str) -> list[str]:
    query = f"SELECT DISTINCT ?s WHERE {{ ?s <{DCTERMS}isPartOf> ?article ; a <{IP}Sentence> FILTER(isIRI(?s)) }}"
    rows = sources.store.query(query, bindings={"article": IRI(iri)}).rows()
    return sorted(s.value for (s,) in rows if s is not None)


def _said(sources: Sources, names: Iterable[str]) -> dict[str, list[tuple[Term, IRI, Term]]]:
    """Read what every sentence says."""
    wanted = values(["g"], [[IRI(name)] for name in names])
    query = f"SELECT ?g ?s ?p ?o WHERE {{ {wanted} GRAPH ?g {{ ?s ?p ?o }} }} ORDER BY ?g ?s ?p ?o"
    found: dict[str, list[tuple[Term, IRI, Term]]] = {}
    for g, s, p, o in sources.store.query(query).rows():
        if g is not None and s is not None and isinstance(p, IRI) and o is not None:
            found.setdefault(g.value, []).append((s, p, o))
    return found


def _notes(sources: Sources, names: Iterable[str], visit: Visit) -> dict[str, list[tuple[str, Term]]]:
    """Read what kind of sentence each is, why some say nothing, which they repeat."""
    wanted = values(["s"], [[IRI(name)] for name in names])
    kinds = ", ".join(f"<{IP}{name}>" for name in ("sentenceRole", "roleReason", "repeats"))
    query = f"SELECT ?s ?p ?o WHERE {{ {wanted} ?s ?p ?o FILTER(?p IN ({kinds})) }} ORDER BY ?s ?p ?o"
    order = [language.lower() for language in visit.languages]
    found: dict[str, list[tuple[str, Term]]] = {}
    for s, p, o in sources.store.query(query).rows():
        if s is not None and p is not None and o is not None:
            found.setdefault(s.value, []).append((p.value.removeprefix(IP), o))
    for notes in found.values():
        notes.sort(key=lambda note: _welcome(note[1], order))
    return found


def _welcome(term: Term, order: list[str]) -> int:
    tag = (term.language or "").lower() if isinstance(term, Literal) else ""
    return order.index(tag) if tag in order else len(order)


def _sentence(
    passage: Passage,
    triples: Iterable[tuple[Term, IRI, Term]],
    notes: list[tuple[str, Term]],
    naming: Naming,
    visit: Visit,
    text: str,
    script: str,
    measured: Mapping[str, Any],
) -> _Sentence:
    said = list(triples)
    quotes = {s: o.value for s, p, o in said if p.value == IP + "quote"}
    classes: dict[Term, list[str]] = {}
    for s, p, o in said:
        if p.value == RDF + "type":
            classes.setdefault(s, []).append(o.value)
    statements = [_statement(s, quote, classes.get(s, []), naming) for s, quote in quotes.items()]
    plain = [
        _Triple(naming.ref(s), naming.ref(p), naming.ref(o))
        for s, p, o in said
        if s not in quotes and p.value not in _ASIDE
    ]
    words: tuple[tuple[str, bool], ...] = ()
    if text and passage.start is not None and passage.end is not None:
        words = _marked(text[passage.start : passage.end], quotes.values(), simplified=script == "hans")
    role = next((term for name, term in notes if name == "sentenceRole"), None)
    reason = next((term.value for name, term in notes if name == "roleReason"), "")
    return _Sentence(
        passage.sentence.rpartition("/")[2],
        passage,
        in_script(passage.gist, visit.language),
        None if role is None or role.value == IP + "Factual" else naming.ref(role),
        in_script(reason, visit.language),
        tuple(naming.ref(term)._replace(text=_short(term.value)) for name, term in notes if name == "repeats"),
        tuple(naming.ref(name)._replace(text=_short(name)) for name in passage.relies_on),
        tuple(statements),
        tuple(plain),
        words,
        measured.get(passage.sentence, {}),
    )


def _statement(subject: Term, quote: str, classes: list[str], naming: Naming) -> _Statement:
    own = sorted(classes, key=lambda one: (not one.startswith(IP), one))
    modality = next((_MODALITIES[one] for one in own if one in _MODALITIES), "stated")
    return _Statement(naming.ref(subject), naming.text(own[0]) if own else "", modality, quote)


def _short(iri: str) -> str:
    """Return the number of a sentence, from its name."""
    name = iri.rpartition("/")[2]
    return name.removeprefix("s") or name


def _marked(sentence: str, quotes: Iterable[str], *, simplified: bool) -> tuple[tuple[str, bool], ...]:
    """Cut a sentence into pieces that are quoted and pieces that are not."""
    pieces, end = [], 0
    for start, stop in marks_of(sentence, quotes, simplified=simplified):
        pieces += [(sentence[end:start], False), (sentence[start:stop], True)]
        end = stop
    return tuple(piece for piece in (*pieces, (sentence[end:], False)) if piece[0])

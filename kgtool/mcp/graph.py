"""What the tools do with the graph: each takes plain values and returns one of the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import islice

from kgtool.ask import Interpreter
from kgtool.description import describe
from kgtool.errors import NotFoundError, QueryError
from kgtool.evidence import prove, sentences_of
from kgtool.evidence.passages import Passage, read_passages, read_quotes
from kgtool.labels import labels_of, languages_for, resolve
from kgtool.mcp.answers import (
    Alternative,
    Asked,
    Cell,
    Entity,
    Fact,
    ParameterInfo,
    Proof,
    Question,
    Questions,
    Row,
    SchemaCard,
    Sentence,
    Table,
)
from kgtool.mcp.card import make_card
from kgtool.namespaces import compress, expand
from kgtool.queries.listing import describe_query, question_in
from kgtool.queries.parameters import bind_parameters
from kgtool.queries.saved import SavedQuery
from kgtool.store import Store
from kgtool.table import visible
from kgtool.terms import IRI, BlankNode, Literal, Term

__all__ = ["Graph"]

#: The most rows and facts that one answer holds, whatever is asked for.
_MOST = 1000
#: The longest question in plain words, in characters.
_LONGEST = 500


class Graph:
    """A graph, its saved queries and its names.

    :param queries: by name.
    """

    def __init__(self, store: Store, queries: Mapping[str, SavedQuery], prefixes: Mapping[str, str]) -> None:
        self._store = store
        self._queries = queries
        self._prefixes = prefixes

    @cached_property
    def _interpreter(self) -> Interpreter:
        return Interpreter(self._store, self._queries.values(), prefixes=self._prefixes)

    def list_questions(self, language: str, tag: str | None) -> Questions:
        """List the saved queries."""
        found = []
        for query in self._queries.values():
            if tag is None or tag in query.tags:
                entry = describe_query(query, language)
                parameters = [ParameterInfo.model_validate(parameter) for parameter in entry["parameters"]]
                found.append(
                    Question(
                        name=query.name,
                        question=entry["question"],
                        summary=query.summary,
                        tags=list(query.tags),
                        parameters=parameters,
                    )
                )
        if not found:
            tags = sorted({one for query in self._queries.values() for one in query.tags})
            raise NotFoundError(
                f"no saved query has the tag '{visible(tag or '')}'", hint=f"there are {', '.join(tags)}"
            )
        return Questions(questions=found)

    def run_question(self, name: str, given: Mapping[str, str], language: str, limit: int, *, evidence: bool) -> Table:
        """Answer a saved query, each row with the sentences that prove it."""
        query = self._query(name)
        languages = languages_for(language)
        bindings = bind_parameters(self._store, query, given, prefixes=self._prefixes)
        result = self._store.query(query.text, bindings=bindings, prefixes=self._prefixes, file=query.file)
        rows: list[tuple[Term | None, ...]] = []
        if result.form == "ask":
            columns = ["answer"]
            rows.append((Literal("true" if result.boolean else "false"),))
        elif result.form == "graph":
            columns = ["subject", "predicate", "object"]
            rows += islice(result.triples(), _limited(limit) + 1)
        else:
            columns = list(result.variables)
            rows += islice(result.rows(), _limited(limit) + 1)
        truncated = len(rows) > _limited(limit)
        del rows[_limited(limit) :]
        sentences: dict[tuple[Term | None, ...], list[int]] = {}
        notes: list[str] = []
        if evidence and rows:
            try:
                proven = prove(self._store, query.text, bindings=bindings, prefixes=self._prefixes, languages=languages)
                notes += proven.notes
                sentences = {
                    one.row: [e.passage.number for e in one.evidence if e.passage.number] for one in proven.rows
                }
            except QueryError as exc:
                notes.append(f"no sentences: {exc}")
        return Table(
            query=name,
            question=question_in(query, language),
            parameters=dict(given),
            columns=columns,
            rows=self.rows(columns, rows, languages, [sentences.get(row, []) for row in rows]),
            truncated=truncated,
            notes=notes,
        )

    def ask(self, question: str, language: str | None, limit: int) -> Asked:
        """Answer a question in plain words."""
        if len(question) > _LONGEST:
            raise QueryError(f"the question has {len(question)} characters", hint=f"ask in {_LONGEST} or fewer")
        choice = self._interpreter.choose(question)
        language = language or choice.language
        chosen = choice.chosen
        given = {name: compress(value, self._prefixes) for name, value in chosen.parameters.items()}
        return Asked(
            answer=self.run_question(chosen.query.name, given, language, limit, evidence=True),
            score=chosen.score,
            matched=list(chosen.matched),
            unused=list(chosen.unused),
            others=[
                Alternative(
                    query=other.query.name,
                    question=question_in(other.query, language),
                    parameters={name: compress(value, self._prefixes) for name, value in other.parameters.items()},
                    score=other.score,
                )
                for other in choice.others
            ],
        )

    def resolve(self, name: str, class_: str | None) -> Entity:
        """Find the thing that a name means."""
        return self._entity(self._iri(name, class_), facts=0, language="en")

    def describe(self, name: str, language: str, limit: int) -> Entity:
        """Say what is known of a thing."""
        return self._entity(self._iri(name, None), facts=_limited(limit), language=language)

    def evidence_of_fact(self, subject: str, predicate: str, object_: str, language: str) -> Proof:
        """Return the sentences that say a triple."""
        iri = expand(predicate, self._prefixes) or predicate
        store, start = self._store, self._iri(subject, None)
        query = "SELECT ?o WHERE { ?s ?p ?o }"
        objects = [o for (o,) in store.query(query, bindings={"s": IRI(start), "p": IRI(iri)}).rows() if o is not None]
        wanted: list[Term] = [o for o in objects if isinstance(o, Literal) and o.value == object_]
        if not wanted and objects:
            wanted = [IRI(self._iri(object_, None))]
        triples: list[tuple[Term, Term, Term]] = [(IRI(start), IRI(iri), o) for o in wanted if o in objects]
        if not triples:
            said = ", ".join(cell.label or cell.value for cell in self._cells(objects[:5], languages_for(language)))
            raise NotFoundError(
                f"the graph does not say {compress(start, self._prefixes)} {predicate} '{visible(object_[:60])}'",
                hint=f"it says {said}" if said else "'describe' lists what it says of a thing",
            )
        names = [name for found in sentences_of(store, triples).values() for name in found]
        passages = read_passages(store, names, languages_for(language))
        quotes = read_quotes(store, [(name, end) for name in names for triple in triples for end in triple])
        found = [
            self._sentence(
                passages[name],
                [quote for (sentence, _), texts in quotes.items() if sentence == name for quote in texts],
                [triple for triple, said in sentences_of(store, triples).items() if name in said],
            )
            for name in dict.fromkeys(names)
            if name in passages
        ]
        notes = [] if found else ["no sentence says it: it is derived, a label, or of the vocabulary"]
        return Proof(sentences=found, notes=notes)

    def evidence_of_row(self, name: str, given: Mapping[str, str], row: int, language: str) -> Proof:
        """Return the sentences that prove a row of a saved query, numbered from 1."""
        query = self._query(name)
        bindings = bind_parameters(self._store, query, given, prefixes=self._prefixes)
        languages = languages_for(language)
        proven = prove(
            self._store,
            query.text,
            bindings=bindings,
            prefixes=self._prefixes,
            languages=languages,
            file=query.file,
        )
        if not 1 <= row <= len(proven.rows):
            raise NotFoundError(f"'{name}' has no row {row}", hint=f"it has {len(proven.rows)}; the first is 1")
        found = proven.rows[row - 1].evidence
        return Proof(
            sentences=[self._sentence(one.passage, one.quotes, one.triples) for one in found], notes=list(proven.notes)
        )

    def card(self, language: str) -> SchemaCard:
        """Describe what the graph is made of."""
        return make_card(self._store, list(self._queries.values()), self._prefixes, languages_for(language))

    def rows(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[Term | None]],
        languages: Sequence[str],
        sentences: Sequence[list[int]] = (),
    ) -> list[Row]:
        """Write rows of terms with what things are called."""
        terms = [term for row in rows for term in row if term is not None]
        cells = dict(zip(terms, self._cells(terms, languages), strict=True))
        return [
            Row(
                cells={name: cells[term] for name, term in zip(columns, row, strict=True) if term is not None},
                sentences=sentences[at] if sentences else [],
            )
            for at, row in enumerate(rows)
        ]

    def _cells(self, terms: Sequence[Term], languages: Sequence[str]) -> list[Cell]:
        labels = labels_of(self._store, (term.value for term in terms if isinstance(term, IRI)), languages)
        return [Cell(value=self._written(term), label=labels.get(term.value)) for term in terms]

    def _written(self, term: Term) -> str:
        if isinstance(term, IRI):
            return compress(term.value, self._prefixes)
        return f"_:{term.value}" if isinstance(term, BlankNode) else term.value

    def _entity(self, iri: str, *, facts: int, language: str) -> Entity:
        thing = describe(self._store, iri, prefixes=self._prefixes, languages=languages_for(language))
        kept = thing.facts[:facts]
        names = {name for fact in kept for name in fact.sentences}
        numbers = {name: one.number for name, one in read_passages(self._store, names, ()).items()}
        return Entity(
            iri=iri,
            curie=compress(iri, self._prefixes),
            labels=thing.labels,
            other_names=list(thing.other_names),
            classes=[Cell(value=compress(one, self._prefixes), label=label) for one, label in thing.classes.items()],
            definition=thing.definition,
            facts=[
                Fact(
                    predicate=compress(fact.predicate, self._prefixes),
                    label=fact.predicate_label,
                    direction=fact.direction,
                    value=Cell(value=self._written(fact.value), label=fact.label),
                    modality=fact.modality,
                    sentences=[number for name in fact.sentences if (number := numbers.get(name))],
                )
                for fact in kept
            ],
            truncated=bool(facts) and len(thing.facts) > facts,
        )

    def _sentence(
        self, passage: Passage, quotes: Sequence[str], triples: Sequence[tuple[Term, Term, Term]]
    ) -> Sentence:
        relied = read_passages(self._store, passage.relies_on, ())
        return Sentence(
            curie=compress(passage.sentence, self._prefixes),
            number=passage.number,
            article=passage.title or passage.article,
            section=passage.section,
            paragraph=passage.paragraph,
            start=passage.start,
            end=passage.end,
            gist=passage.gist,
            quotes=list(dict.fromkeys(quotes)),
            relies_on=sorted(one.number for one in relied.values() if one.number),
            triples=[[self._written(term) for term in triple] for triple in triples],
        )

    def _query(self, name: str) -> SavedQuery:
        if name not in self._queries:
            from difflib import get_close_matches

            near = get_close_matches(name, self._queries, n=3, cutoff=0.4)
            hint = f"did you mean {' or '.join(near)}?" if near else "'list_questions' lists them"
            raise NotFoundError(f"no saved query '{visible(name[:60])}'", hint=hint)
        return self._queries[name]

    def _iri(self, name: str, class_: str | None) -> str:
        instance_of = None
        if class_:
            instance_of = expand(class_, self._prefixes) or class_
        return resolve(self._store, name, prefixes=self._prefixes, instance_of=instance_of)


def _limited(limit: int) -> int:
    if limit < 1:
        raise QueryError(f"a limit of {limit} leaves nothing", hint="give 1 or more")
    return min(limit, _MOST)

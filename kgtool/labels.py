"""From a name in any language or script to the thing it names, and from things back to names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from kgtool.errors import AmbiguousNameError, NotFoundError, StoreError
from kgtool.namespaces import RDFS, SKOS, XSD, compress, expand
from kgtool.sparql import is_iri, values
from kgtool.store import Store
from kgtool.table import render_markdown, render_table, visible
from kgtool.terms import IRI, BlankNode, Literal, Term

__all__ = [
    "LANGUAGES",
    "labels_of",
    "languages_for",
    "numeric_columns",
    "readable_rows",
    "render_rows",
    "resolve",
]

#: The languages every thing has a label in, in the order in which one stands in for another.
LANGUAGES = ("zh-Hans", "zh-Hant", "en")

#: The properties a thing is found by, and those it is shown by.
_NAMES = f"VALUES ?property {{ <{SKOS}prefLabel> <{SKOS}altLabel> <{SKOS}hiddenLabel> <{RDFS}label> }}"
_SHOWN = (SKOS + "prefLabel", RDFS + "label")

#: Holds of a thing that belongs to a class or to one below it.
_INSTANCE = f"?thing a/<{RDFS}subClassOf>* ?class ."

#: Tags to look a name up with; pyoxigraph keeps tags in lower case, other stores as they were written.
_TAGS = ("zh-Hans", "zh-Hant", "zh", "en", "zh-hans", "zh-hant")

#: Datatypes of what is aligned to the right.
_NUMERIC = frozenset(
    XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
)

#: How many things one query asks the labels of.
_BATCH = 1000

#: How much of a name a message repeats.
_REPEATED = 60

#: How many names a message suggests.
_SUGGESTED = 3


def languages_for(language: str | None) -> tuple[str, ...]:
    """Return the order of languages in which labels are wanted, beginning with the one asked for.

    >>> languages_for("en")
    ('en', 'zh-Hans', 'zh-Hant')
    """
    if language is None:
        return LANGUAGES
    return (language, *(other for other in LANGUAGES if other != language))


def labels_of(store: Store, iris: Iterable[str], languages: Sequence[str] = LANGUAGES) -> dict[str, str]:
    """Return the label of every thing that has one, in the first of the languages in which it has.

    :param languages: the order of preference; other languages come after them.
    """
    wanted = list(dict.fromkeys(iri for iri in iris if is_iri(iri)))
    best: dict[str, tuple[int, str, str]] = {}
    for start in range(0, len(wanted), _BATCH):
        things = values(["thing"], [[IRI(iri)] for iri in wanted[start : start + _BATCH]])
        # One branch per property: with the properties as VALUES the embedded engine takes eight times as long.
        branches = (f"{{ {things} ?thing <{one}> ?label BIND(<{one}> AS ?property) }}" for one in _SHOWN)
        query = f"SELECT ?thing ?property ?label WHERE {{ {' UNION '.join(branches)} }}"
        for thing, property_, label in store.query(query).rows():
            if not (isinstance(thing, IRI) and isinstance(property_, IRI) and isinstance(label, Literal)):
                continue
            # Of two labels in one language skos:prefLabel is shown.
            rank = 2 * _rank(label.language, languages) + (not property_.value.startswith(SKOS))
            candidate = (rank, label.value, label.language or "")
            if thing.value not in best or candidate < best[thing.value]:
                best[thing.value] = candidate
    return {iri: label for iri, (_, label, _) in best.items()}


def readable_rows(
    store: Store,
    rows: Iterable[Sequence[Term | None]],
    *,
    prefixes: Mapping[str, str],
    languages: Sequence[str] = LANGUAGES,
) -> list[list[str]]:
    """Write rows of terms for people: a thing by its label or else its CURIE, a literal as its plain text."""
    kept = list(rows)
    labels = labels_of(store, (term.value for row in kept for term in row if isinstance(term, IRI)), languages)
    return [[_readable(term, labels, prefixes) for term in row] for row in kept]


def render_rows(
    store: Store,
    variables: Sequence[str],
    rows: Sequence[Sequence[Term | None]],
    form: str,
    *,
    prefixes: Mapping[str, str],
    languages: Sequence[str] = LANGUAGES,
    width: int | None = None,
) -> str:
    """Write rows for people: as a ``table`` or in ``markdown``, with labels, and numbers on the right.

    :param width: that of a terminal, if it is for one.
    """
    cells = readable_rows(store, rows, prefixes=prefixes, languages=languages)
    right = numeric_columns(rows)
    if form == "markdown":
        return render_markdown(variables, cells, right=right)
    return render_table(variables, cells, right=right, width=width)


def numeric_columns(rows: Sequence[Sequence[Term | None]]) -> list[int]:
    """Return the columns that hold numbers and nothing else."""
    columns = ([term for term in column if term is not None] for column in zip(*rows, strict=True))
    return [
        number
        for number, terms in enumerate(columns)
        if terms and all(isinstance(term, Literal) and term.datatype in _NUMERIC for term in terms)
    ]


def resolve(
    store: Store, name: str, *, prefixes: Mapping[str, str] | None = None, instance_of: str | None = None
) -> str:
    """Find the one thing that a name means.

    :param name: a label in any language or script, a CURIE, or an IRI with or without angle brackets.
    :param prefixes: those that a CURIE may use.
    :param instance_of: the IRI of a class; only its instances are looked at.
    :returns: the thing's IRI.
    :raises NotFoundError: if nothing has that name; the message has the closest ones.
    :raises AmbiguousNameError: if several things have it; the message lists them.
    """
    prefixes = prefixes or {}
    name = name.strip()
    iri = _as_iri(name, prefixes)
    if iri is not None and _exists(store, iri):
        if instance_of is None or _is_instance(store, iri, instance_of):
            return iri
        raise NotFoundError(
            f"{_quoted(name)} is not a {compress(instance_of, prefixes)}",
            hint=_alternatives(store, name, prefixes, instance_of),
        )
    found = _named_exactly(store, name, instance_of) if _is_text(name) else []
    if not found and _is_text(name):
        found = _named_alike(store, name, instance_of)
    if len(found) == 1:
        return found[0]
    if found:
        raise AmbiguousNameError(
            f"{_quoted(name)} names {len(found)} things: {_described(store, found, prefixes)}",
            hint="give the CURIE of the one you mean",
        )
    kind = f" and is a {compress(instance_of, prefixes)}" if instance_of else ""
    raise NotFoundError(
        f"nothing is called {_quoted(name)}{kind}", hint=_alternatives(store, name, prefixes, instance_of)
    )


def _as_iri(name: str, prefixes: Mapping[str, str]) -> str | None:
    if name.startswith("<") and name.endswith(">"):
        name = name[1:-1]
    iri = expand(name, prefixes) or name
    return iri if is_iri(iri) else None


def _is_text(name: str) -> bool:
    """Say whether a name is text at all: bytes that were not UTF-8 arrive as lone surrogates and match nothing."""
    return bool(name) and not any("\ud800" <= ch <= "\udfff" for ch in name)


def _exists(store: Store, iri: str) -> bool:
    return store.query("ASK { { ?thing ?p ?o } UNION { ?s ?q ?thing } }", bindings={"thing": IRI(iri)}).boolean


def _is_instance(store: Store, iri: str, class_: str) -> bool:
    return store.query(f"ASK {{ {_INSTANCE} }}", bindings={"thing": IRI(iri), "class": IRI(class_)}).boolean


def _named_exactly(store: Store, name: str, class_: str | None) -> list[str]:
    """Find things by a label as it is written: by look-ups, whatever the size of the graph."""
    labels = values(["label"], [[Literal(name)], *([Literal(name, tag)] for tag in _TAGS)])
    pattern = f"{labels} {_NAMES} ?thing ?property ?label . {_INSTANCE if class_ else ''}"
    return _things(store, f"SELECT DISTINCT ?thing WHERE {{ {pattern} }} ORDER BY ?thing", class_)


def _named_alike(store: Store, name: str, class_: str | None) -> list[str]:
    """Find things by a label in the other script, another case or width: by the index, or by reading all labels."""
    from kgtool.search import built_index

    index = built_index(store)
    if index is not None:
        return index.named(name, classes=[class_] if class_ else ())

    from kgtool.text.scripts import fold

    wanted = fold(name)
    return sorted({thing for thing, label in _names(store, class_) if fold(label) == wanted}) if wanted else []


def _names(store: Store, class_: str | None) -> list[tuple[str, str]]:
    """Return every thing with every name it has."""
    pattern = f"{_NAMES} ?thing ?property ?label . {_INSTANCE if class_ else ''}"
    query = f"SELECT DISTINCT ?thing ?label WHERE {{ {pattern} }}"
    rows = store.query(query, bindings={"class": IRI(class_)} if class_ else None).rows()
    return [(t.value, name.value) for t, name in rows if isinstance(t, IRI) and isinstance(name, Literal)]


def _things(store: Store, query: str, class_: str | None) -> list[str]:
    rows = store.query(query, bindings={"class": IRI(class_)} if class_ else None).rows()
    return [thing.value for (thing,) in rows if isinstance(thing, IRI)]


def _described(store: Store, iris: Sequence[str], prefixes: Mapping[str, str]) -> str:
    """List things with their classes: what tells two of one name apart."""
    things = values(["thing"], [[IRI(iri)] for iri in iris])
    query = f"SELECT ?thing ?class WHERE {{ {things} ?thing a ?class }} ORDER BY ?class"
    classes: dict[str, list[str]] = {iri: [] for iri in iris}
    for thing, class_ in store.query(query).rows():
        if isinstance(thing, IRI) and isinstance(class_, IRI):
            classes[thing.value].append(compress(class_.value, prefixes))
    return ", ".join(f"{compress(iri, prefixes)} ({', '.join(classes[iri]) or 'no class'})" for iri in iris)


def _alternatives(store: Store, name: str, prefixes: Mapping[str, str], class_: str | None) -> str:
    """Suggest the names closest to one that was not found."""
    from kgtool.search import open_index

    try:
        index = open_index(store, prefixes=prefixes)
        found = index.search(name[:_REPEATED], limit=_SUGGESTED, classes=[class_] if class_ else ())
    except StoreError:  # an endpoint that does not give away all its names: what is to be said is another thing
        found = []
    if found:
        return f"did you mean {' or '.join(dict.fromkeys(visible(match.name) for match in found))}?"
    if class_:
        choices = sorted(labels_of(store, {iri for iri, _ in _names(store, class_)}).values())
        if choices:
            return f"there are {', '.join(visible(one) for one in choices[:5])}" + (", …" if len(choices) > 5 else "")
    return "give a label in any language, a CURIE or an IRI"


def _quoted(name: str) -> str:
    return f"'{visible(name[:_REPEATED])}{'…' if len(name) > _REPEATED else ''}'"


def _rank(tag: str | None, languages: Collection[str]) -> int:
    """Say how welcome a language is: those asked for, then Chinese of any script, then none, then any other."""
    lower = (tag or "").lower()
    for rank, language in enumerate(languages):
        if lower == language.lower():
            return rank
    return len(languages) + (0 if lower == "zh" else 1 if not lower else 2)


def _readable(term: Term | None, labels: Mapping[str, str], prefixes: Mapping[str, str]) -> str:
    if term is None:
        return ""
    if isinstance(term, IRI):
        return labels.get(term.value) or compress(term.value, prefixes)
    return f"_:{term.value}" if isinstance(term, BlankNode) else term.value

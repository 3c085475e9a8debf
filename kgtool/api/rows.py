"""The rows of an answer: rdflib terms, and the same with labels, as data frames, as a table, with their evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from kgtool.api.conversion import to_python, to_rdflib
from kgtool.errors import KgError
from kgtool.evidence import Proven, prove
from kgtool.labels import languages_for, readable_rows
from kgtool.namespaces import compress
from kgtool.store import Result, Store
from kgtool.table import render_table, visible
from kgtool.terms import IRI, Term

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    from rdflib.term import Identifier

__all__ = ["Question", "Row", "Rows"]

#: How many rows a notebook shows.
_SHOWN = 200


class Question(NamedTuple):
    """What was asked: a query, the values of its variables, and the file it is from."""

    text: str
    bindings: Mapping[str, Term]
    file: str | None = None


class Row:
    """A row: its terms in order, by the name of their variable, or as attributes; ``None`` is unbound.

    >>> row = Row(("park", "from"), (to_rdflib(IRI("urn:a")), None))
    >>> row.park, row["from"], len(row), list(row)[1]
    (rdflib.term.URIRef('urn:a'), None, 2, None)
    """

    __slots__ = ("_terms", "_variables")

    def __init__(self, variables: tuple[str, ...], terms: tuple[Identifier | None, ...]) -> None:
        self._variables = variables
        self._terms = terms

    def __iter__(self) -> Iterator[Identifier | None]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __getitem__(self, key: int | str) -> Identifier | None:
        if isinstance(key, int):
            return self._terms[key]
        if key not in self._variables:
            raise KeyError(key)
        return self._terms[self._variables.index(key)]

    def __getattr__(self, name: str) -> Identifier | None:
        # Copying looks for methods of a row that is not filled yet.
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._variables:
            raise AttributeError(f"no variable '{name}'; there are {', '.join(self._variables)}")
        return self[name]

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Row | tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._terms)

    def __repr__(self) -> str:
        return f"Row({', '.join(f'{name}={term!r}' for name, term in self.asdict().items())})"

    def asdict(self) -> dict[str, Identifier | None]:
        """Return the terms by the names of their variables."""
        return dict(zip(self._variables, self._terms, strict=True))


class Rows(Sequence[Row]):
    """The answer to a SELECT, kept in memory: a sequence of :class:`Row`."""

    def __init__(
        self,
        store: Store,
        question: Question,
        result: Result,
        *,
        prefixes: Mapping[str, str],
        languages: Sequence[str],
    ) -> None:
        self._store = store
        self._question = question
        self._prefixes = prefixes
        self._languages = languages
        self._terms = list(result.rows())
        #: The names of the columns.
        self.variables = tuple(result.variables)

    def __len__(self) -> int:
        return len(self._terms)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self._row(terms) for terms in self._terms[index]]
        return self._row(self._terms[index])

    def __repr__(self) -> str:
        table = render_table(self.variables, self._cells(self._terms[:_SHOWN], self._languages))
        return table + (f"… {len(self) - _SHOWN} more\n" if len(self) > _SHOWN else "")

    def labels(self, language: str | None = None) -> list[dict[str, str]]:
        """Return the rows for people: a thing by its label or else its CURIE, a literal as its plain text.

        :param language: zh-Hans, zh-Hant or en; by default that of the graph.
        """
        languages = languages_for(language) if language else self._languages
        return [dict(zip(self.variables, row, strict=True)) for row in self._cells(self._terms, languages)]

    def evidence(self, *, source: str | None = None) -> Proven:
        """Return the rows with the sentences that prove each: see docs/evidence.md.

        :param source: the text of the article, to have the sentences themselves with the words marked.
        :raises QueryError: if the rows of this query cannot be traced; the message has the part that is in the way.
        :raises DataError: if the text is not that of an article of this graph.
        """
        text, bindings, file = self._question
        return prove(
            self._store,
            text,
            bindings=bindings,
            prefixes=self._prefixes,
            languages=self._languages,
            source=source,
            file=file,
        )

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas data frame: IRIs as text, numbers as numbers (decimals as floats), dates as dates.

        :raises KgError: if pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as exc:
            raise _not_installed("pandas") from exc
        return pd.DataFrame(self._columns(), columns=list(self.variables))

    def to_polars(self) -> pl.DataFrame:
        """Return a polars data frame: like :meth:`to_pandas`, and a column of several kinds of values is text.

        :raises KgError: if polars is not installed.
        """
        try:
            import polars as pl
        except ImportError as exc:
            raise _not_installed("polars") from exc
        return pl.DataFrame({name: _uniform(values) for name, values in self._columns().items()})

    def _repr_html_(self) -> str:
        """Return the rows as a notebook shows them: labels, each with its CURIE as a tooltip."""
        terms = self._terms[:_SHOWN]
        head = "".join(f"<th>{escape(name)}</th>" for name in self.variables)
        body = "".join(
            f"<tr>{''.join(self._cell(term, label) for term, label in zip(row, cells, strict=True))}</tr>"
            for row, cells in zip(terms, self._cells(terms, self._languages), strict=True)
        )
        more = f"<p>… {len(self) - _SHOWN} more</p>" if len(self) > _SHOWN else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"

    def _row(self, terms: tuple[Term | None, ...]) -> Row:
        return Row(self.variables, tuple(None if term is None else to_rdflib(term) for term in terms))

    def _cells(self, rows: Sequence[tuple[Term | None, ...]], languages: Sequence[str]) -> list[list[str]]:
        return readable_rows(self._store, rows, prefixes=self._prefixes, languages=languages)

    def _cell(self, term: Term | None, label: str) -> str:
        title = f' title="{escape(visible(compress(term.value, self._prefixes)))}"' if isinstance(term, IRI) else ""
        return f"<td{title}>{escape(visible(label))}</td>"

    def _columns(self) -> dict[str, list[Any]]:
        return {name: [to_python(row[index]) for row in self._terms] for index, name in enumerate(self.variables)}


def _uniform(values: list[Any]) -> list[Any]:
    """Return values of one kind as they are, others as texts: a polars column has one type."""
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) < 2:
        return values
    if kinds == {int, float}:
        return [value if value is None else float(value) for value in values]
    return [value if value is None else str(value) for value in values]


def _not_installed(name: str) -> KgError:
    return KgError(f"{name} is not installed", hint=f"run: pip install 'kgtool[{name}]'")

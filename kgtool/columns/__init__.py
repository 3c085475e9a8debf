"""Columns beside a store: questions about all of a graph, counted and added up, at a column store's pace.

The engine looks triples up one by one, which is right for a question about one thing. A question about all figures of
a nation is answered by a file of columns, where its shape is one whose answer is the engine's own; by the engine where
it is not, or where there is no such file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from kgtool.errors import KgError, StoreError
from kgtool.store.embedded import EmbeddedStore, columns_file, spell_literal
from kgtool.terms import Literal

if TYPE_CHECKING:
    from kgtool.columns.catalogue import Column
    from kgtool.columns.database import Database
    from kgtool.columns.plan import Plan
    from kgtool.columns.writing import Written

__all__ = ["Columns", "columns_file", "open_columns", "write_columns"]

#: Where the engine looks at fewer triples than that, it is as fast: it takes 2 to 4 µs for each, columns 2 ms for all.
LEAST = 600
#: How many queries are remembered with their plan, or that they have none.
_REMEMBERED = 256
#: What the parser takes for something else: REDUCED for DISTINCT, a star for what it stands for; and what relative
#: IRIs are, which it may see otherwise than the engine.
_UNREAD = re.compile(r"\bREDUCED\b|\bSELECT\s*(?:DISTINCT\s*)?\*|\bBASE\s*<", re.IGNORECASE)


#: A query's text, and the prefixes it may use.
_Key = tuple[str, tuple[tuple[str, str], ...]]
_UNKNOWN = "unknown"


class Columns:
    """The columns of a store, which answer some queries.

    :param least: how many triples the engine has to look at before they answer instead of it.
    """

    def __init__(self, database: Database, *, least: int = LEAST) -> None:
        self._database = database
        self._least = least
        self._plans: dict[_Key, Plan | None] = {}
        #: How many queries they have answered.
        self.answered = 0

    def answer(self, text: str, prefixes: Mapping[str, str], *, is_query: Callable[[], bool]) -> bytes | None:
        """Answer a query as TSV; ``None`` if it is the engine's to answer.

        :param is_query: says whether the engine finds the text well-formed, and a SELECT: it is read as if it were.
        """
        from kgtool.columns.answering import answer
        from kgtool.columns.bindings import UnsupportedError

        key = text, tuple(prefixes.items())
        plan = self._plans.get(key, _UNKNOWN)
        if isinstance(plan, str):
            plan = self._remember(key, self._plan(text, prefixes) if is_query() else None)
        if plan is None:
            return None
        try:
            found = answer(plan, self._database)
        except UnsupportedError:
            self._remember(key, None)  # a sum too large, an order that leaves rows open: and so it will be
            return None
        except StoreError:
            return None  # too little memory
        self.answered += 1
        return found

    def _remember(self, key: _Key, plan: Plan | None) -> Plan | None:
        if len(self._plans) >= _REMEMBERED:
            self._plans = {}
        self._plans[key] = plan
        return plan

    def _plan(self, text: str, prefixes: Mapping[str, str]) -> Plan | None:
        from kgtool.columns.translating import UnsupportedError, translate
        from kgtool.select.parser import parse_select

        if _UNREAD.search(text):
            return None
        try:
            return translate(parse_select(text, prefixes=prefixes), self, least=self._least)
        except (UnsupportedError, KgError, ValueError):
            return None

    # What a translation asks -----------------------------------------------------------------------------------------

    @property
    def columns(self) -> Mapping[str, Column]:
        """The predicates, as N-Triples writes them."""
        return self._database.columns

    def find(self, text: str) -> tuple[int, int] | None:
        """Return the number of a term and how many triples it is in."""
        return self._database.find(text)

    def spelled(self, term: Literal) -> str:
        """Return a literal as the engine spells it, in N-Triples."""
        return spell_literal(term)


def open_columns(folder: str, *, least: int = LEAST) -> Columns | None:
    """Open the columns beside a store; ``None``, and a warning, if they cannot be read or are another store's."""
    import logging

    try:
        from kgtool.columns.database import Database, fingerprint

        return Columns(Database(columns_file(folder), fingerprint(folder)), least=least)
    except ImportError:
        said = "columns lie beside the store, and DuckDB to read them is not installed: pip install 'kgtool[columns]'"
    except (StoreError, OSError) as exc:
        said = str(exc)
    logging.getLogger(__name__).warning("the store is asked without its columns: %s", said)
    return None


def write_columns(store: EmbeddedStore, *, told: Callable[[str], None] = lambda _: None) -> Written:
    """Write the columns of a store in a folder beside it; they take the place of earlier ones at once.

    :param told: hears what is done next.
    :raises StoreError: if they cannot be written, or DuckDB is not installed.
    """
    try:
        from kgtool.columns.database import fingerprint
        from kgtool.columns.writing import write_file
    except ImportError as exc:
        raise StoreError("columns need DuckDB", hint="pip install 'kgtool[columns]'") from exc
    if store.folder is None:
        raise StoreError("only a store in a folder has columns", hint="load it: kgtool load FILE… -o DIR")
    return write_file(store, columns_file(store.folder), fingerprint=fingerprint(store.folder), told=told)

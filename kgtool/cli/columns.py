"""``kgtool columns``."""

from __future__ import annotations

import time

import click

from kgtool.cli.session import Session, pass_session

__all__ = ["columns"]


@click.command(epilog="Example: kgtool columns --store facts")
@click.option("--store", "location", metavar="DIR", help="The store of 'kgtool load', not the project's own.")
@pass_session
def columns(session: Session, location: str | None) -> None:
    """Write a store's triples as columns, for questions about all of them.

    Aggregates and the first rows of an order are then answered many times as fast, with the same answers; whatever else
    is asked, the store answers as before. They lie beside the store's folder and are those of this store: one that is
    built anew has none. Needs DuckDB: pip install 'kgtool[columns]'.
    """
    from kgtool.columns import columns_file, write_columns
    from kgtool.errors import StoreError
    from kgtool.store.embedded import EmbeddedStore

    store = session.open(location)
    if not isinstance(store, EmbeddedStore) or store.folder is None:
        raise StoreError(
            "only a store in a folder has columns", file=location, hint="load it: kgtool load FILE… -o DIR"
        )
    begun = time.perf_counter()
    written = write_columns(store, told=session.say)
    session.say(f"written in {time.perf_counter() - begun:.1f} s: {columns_file(store.folder)}")
    print(f"{written.triples} triples, {written.predicates} predicates, {written.tables} tables")

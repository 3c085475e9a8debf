"""``kgtool serve``."""

from __future__ import annotations

import logging
import tempfile
from importlib.metadata import version
from pathlib import Path

import click

from kgtool.cli.session import Session, pass_session, services_option
from kgtool.errors import QueryError
from kgtool.namespaces import read_prefixes
from kgtool.queries.catalogue import read_served
from kgtool.server.limits import Limits
from kgtool.store.services import read_services

__all__ = ["serve"]

_DEFAULT = Limits()
_SIZE = 2**20


@click.command(epilog="Example: kgtool serve --port 8080")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=7878, show_default=True, help="0 takes any free one.")
@click.option("--store", metavar="LOCATION", help="Serve an RDF file, a store's folder or a URL, not the project.")
@click.option("--workers", type=click.IntRange(1), default=_DEFAULT.workers, help="Processes; default: one per core.")
@click.option(
    "--timeout", type=click.FloatRange(0), default=_DEFAULT.timeout, show_default=True, help="Seconds per query."
)
@click.option(
    "--max-rows", type=click.IntRange(0), default=_DEFAULT.max_rows, show_default=True, help="Rows per answer."
)
@click.option(
    "--max-bytes", type=click.IntRange(0), default=_DEFAULT.max_bytes, show_default=True, help="Bytes per answer."
)
@click.option(
    "--max-query-bytes",
    type=click.IntRange(1),
    default=_DEFAULT.max_query_bytes,
    show_default=True,
    help="Bytes per query text.",
)
@click.option(
    "--max-memory",
    "memory",
    type=click.IntRange(0),
    default=_DEFAULT.max_memory // _SIZE,
    show_default=True,
    help="MB per worker.",
)
@click.option(
    "--max-concurrent",
    type=click.IntRange(1),
    default=_DEFAULT.max_concurrent,
    help="Queries at once; default: four per core.",
)
@click.option(
    "--queue",
    type=click.IntRange(0),
    default=_DEFAULT.queue,
    show_default=True,
    help="Queries that wait; more get 429.",
)
@click.option(
    "--cache-mb",
    "cache",
    type=click.IntRange(0),
    default=_DEFAULT.cache // _SIZE,
    show_default=True,
    help="MB of answers kept; 0: none.",
)
@services_option
@click.option("--allow-host", "hosts", metavar="NAME", multiple=True, help="Another name of this server; * for any.")
@click.option(
    "--cors", "origin", metavar="ORIGIN", default="*", show_default=True, help="Whose pages may read; 'none' for none."
)
@click.option(
    "--text",
    "texts",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="An article's text, to be shown on its page.",
)
@pass_session
def serve(
    session: Session,
    host: str,
    port: int,
    store: str | None,
    workers: int,
    timeout: float,
    max_rows: int,
    max_bytes: int,
    max_query_bytes: int,
    memory: int,
    max_concurrent: int,
    queue: int,
    cache: int,
    services: tuple[str, ...],
    hosts: tuple[str, ...],
    origin: str,
    texts: tuple[Path, ...],
) -> None:
    """Serve the graph over HTTP, read-only: a SPARQL endpoint, the saved queries, documents about things.

    A limit of 0 is none. The graph that is served is the one found at the start; changes need another start.
    """
    from kgtool.explorer.assets import NOT_BUILT, is_built
    from kgtool.explorer.texts import text_at_hand
    from kgtool.explorer.visit import About
    from kgtool.server.app import create_app
    from kgtool.server.frames import Setup
    from kgtool.server.guard import LOCAL_HOSTS
    from kgtool.server.listen import bind_socket, listen
    from kgtool.server.metrics import Metrics
    from kgtool.server.service import Served, Service
    from kgtool.server.source import pin
    from kgtool.server.workers import Pool

    limits = Limits(
        timeout,
        max_rows,
        max_bytes,
        max_query_bytes,
        memory * _SIZE,
        workers,
        max(workers, max_concurrent),
        queue,
        cache * _SIZE,
    )
    if origin not in ("*", "none") and not origin.startswith(("http://", "https://")):
        raise QueryError(f"'{origin}' is not an origin", hint="give one such as https://example.org, * or none")
    logging.basicConfig(format="kgtool: %(message)s", level=logging.WARNING)
    project = session.project
    allowed = read_services(services)
    queries = read_served(project, allowed)
    prefixes = read_prefixes(project.prefixes_file)
    at_hand = dict(text_at_hand(project, file) for file in texts)
    with tempfile.TemporaryDirectory(prefix="kgtool-") as folder, bind_socket(host, port) as bound:
        source = pin(project, store, folder=Path(folder), on_build=session.say_built)
        setup = Setup(
            source.location,
            prefixes,
            [list(query) for query in queries.values()],
            limits.max_rows,
            limits.max_bytes,
            limits.max_memory,
            list(About(source.name, source.hash, version("kgtool"), None if store else project.folder, at_hand)),
            allowed,
        )
        metrics = Metrics()
        served = Served(source.name, source.hash, version("kgtool"), queries)
        service = Service(served, Pool(setup, limits, metrics), limits, metrics)
        called = f"[{host}]" if ":" in host else host
        app = create_app(
            service,
            hosts=(*LOCAL_HOSTS, called, *hosts),
            origin=None if origin == "none" else origin,
        )

        def say_where() -> None:
            what = f"{service.pool.triples} triples" + (f", hash {source.hash}" if source.hash else "")
            if not is_built():
                session.say(NOT_BUILT)
            session.say(f"serving {source.name} ({what}) at http://{called}:{bound.getsockname()[1]}/ — Ctrl-C ends it")

        listen(app, bound, headers=app.headers, again=service.again, started=say_where)

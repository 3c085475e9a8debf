"""``kgtool mcp``."""

from __future__ import annotations

import logging
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import click

from kgtool.cli.session import Session, pass_session, store_option
from kgtool.errors import KgError

__all__ = ["mcp"]


@click.command(epilog="Example: kgtool mcp --http --port 7879")
@click.option("--http", is_flag=True, help="Listen at http://HOST:PORT/mcp, not on stdin and stdout.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=7879, show_default=True, help="0 takes any free one.")
@click.option("--allow-host", "names", metavar="NAME", multiple=True, help="Another name of this server.")
@click.option(
    "--timeout", type=click.FloatRange(0.1), default=10.0, show_default=True, help="Seconds per SPARQL query."
)
@store_option
@pass_session
def mcp(
    session: Session, http: bool, host: str, port: int, names: tuple[str, ...], timeout: float, location: str | None
) -> None:
    """Give a language model's client the graph as tools, by the Model Context Protocol.

    The client starts this command itself and speaks to it on stdin and stdout; docs/agents.md has its settings.
    """
    if find_spec("mcp") is None:
        raise KgError("kgtool mcp needs the MCP SDK", hint="pip install 'kgtool[mcp]'")
    from kgtool.mcp.guarded import DEFAULT_LIMITS
    from kgtool.mcp.serving import open_serving, serve_http, serve_stdio
    from kgtool.server.guard import LOCAL_HOSTS
    from kgtool.server.listen import bind_socket

    logging.basicConfig(format="kgtool: %(message)s", level=logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="kgtool-") as folder:
        serving = open_serving(
            session.project,
            location,
            folder=Path(folder),
            version=version("kgtool"),
            limits=DEFAULT_LIMITS._replace(timeout=timeout),
            on_build=session.say_built,
        )
        if not http:
            serve_stdio(serving)
            return
        called = f"[{host}]" if ":" in host else host
        with bind_socket(host, port) as bound:

            def say_where() -> None:
                session.say(f"tools at http://{called}:{bound.getsockname()[1]}/mcp — Ctrl-C ends it")

            serve_http(serving, bound, hosts=(*LOCAL_HOSTS, called, *names), started=say_where)

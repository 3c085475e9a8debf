"""A knowledge graph from a newspaper article: build, check, ask, trace."""

__all__ = ["open_graph"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kgtool.api import open_graph


def __getattr__(name: str) -> object:
    """Import the Python interface when it is first used: the command line starts without it."""
    if name != "open_graph":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kgtool.api import open_graph

    return open_graph

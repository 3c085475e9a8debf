"""A new linkset for a target: its own account, before there are rows."""

from __future__ import annotations

from collections.abc import Mapping

from kgtool.linksets.model import Linkset
from kgtool.linksets.targets import TARGET_PREFIX, TARGET_SPACE, Target

__all__ = ["start_linkset"]

#: Under which licence links are passed on.
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_FOAF = {"foaf": "http://xmlns.com/foaf/0.1/"}


def start_linkset(
    target: Target,
    *,
    base: str,
    version: str,
    prefixes: Mapping[str, str],
    title: str = "",
    creators: tuple[str, ...] = (),
    licence: str = _LICENCE,
) -> Linkset:
    """Make a linkset without rows, as ``kgtool link check`` wants it: rows are added by :meth:`Linkset.with_links`.

    :param base: what the project's IRIs start with.
    :param version: that of the set, such as the date.
    :param prefixes: the project's; those that rows use are written.
    :param title: that of the dataset whose things are linked.
    :param creators: CURIEs of those who put the set together.

    >>> from kgtool.linksets.targets import TARGETS
    >>> linkset = start_linkset(TARGETS["ror"], base="https://example.org/", version="2026-11-26", prefixes={})
    >>> linkset.id, linkset.prefixes["ror"]
    ('https://example.org/links/ror', 'https://ror.org/')
    """
    metadata: dict[str, str | tuple[str, ...]] = {
        "mapping_set_id": f"{base}links/{target.name}",
        "mapping_set_version": version,
        "mapping_set_title": f"{title}: links to {target.title}" if title else f"Links to {target.title}",
        "license": licence,
    }
    if creators:
        metadata["creator_id"] = creators
    known = {**prefixes, **_FOAF, TARGET_PREFIX: TARGET_SPACE, target.prefix: target.namespace}
    return Linkset(metadata, known)

"""SSSOM/TSV written in the canonical form: what all rows share once, columns and rows in the standard's order.

https://mapping-commons.github.io/sssom/spec-formats-tsv/#canonical-sssomtsv-format
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator

from kgtool.errors import DataError
from kgtool.files import replace_text
from kgtool.linksets.model import Link, Linkset
from kgtool.linksets.slots import BUILT_IN, LINK_SLOTS, SET_SLOTS, SHARED, slot_named

__all__ = ["format_linkset", "write_linkset"]


def write_linkset(linkset: Linkset, file: str | os.PathLike[str]) -> None:
    """Write a set of links to a file: all of it, or nothing.

    :raises DataError: if it uses a prefix that it does not declare.
    :raises OSError: if the file cannot be written.
    """
    replace_text(file, format_linkset(linkset))


def format_linkset(linkset: Linkset) -> str:
    """Return a set of links as the text of a file; reading that gives the same set, and writing it the same text.

    :raises DataError: if it uses a prefix that it does not declare.
    """
    links = linkset.with_links(linkset.links).links
    shared = _shared(links)
    metadata = {**linkset.metadata, **shared}
    used = {name for link in links for name in link.slots if name not in shared}
    extensions = sorted((one for one in linkset.extensions if one.name in {*used, *metadata}), key=lambda e: e.property)
    columns = [*(name for name in LINK_SLOTS if name in used), *(one.name for one in extensions if one.name in used)]
    _refuse_undeclared(linkset, used - set(columns))
    metadata.pop("sssom_version", None)
    if _is_of_1_1(metadata, used):
        metadata["sssom_version"] = "1.1"
    header = "".join(f"#{line}\n" for line in _yaml(linkset, metadata, _prefixes(linkset, metadata, links)))
    rows = ["\t".join(columns), *("\t".join(_cell(link, name) for name in columns) for link in links)]
    return header + "".join(f"{row}\n" for row in rows)


def _shared(links: tuple[Link, ...]) -> dict[str, str | tuple[str, ...]]:
    """Return the values that every link has in slots that a set may state once."""
    if not links:
        return {}
    first = links[0].slots
    return {
        name: first[name]
        for name in SHARED
        if name in first and all(link.slots.get(name) == first[name] for link in links)
    }


def _is_of_1_1(metadata: Iterable[str], used: Iterable[str]) -> bool:
    """Say whether there is a slot that version 1.0 does not have."""
    in_set = any(SET_SLOTS[key].since_1_1 for key in metadata if key in SET_SLOTS)
    return in_set or any(slot_named(name).since_1_1 for name in used)


def _refuse_undeclared(linkset: Linkset, columns: Iterable[str]) -> None:
    for name in sorted(columns):
        hint = "declare it among the set's extensions: Extension(name, property)"
        raise DataError(f"SSSOM has no slot '{name}'", file=linkset.file, hint=hint)


def _prefixes(linkset: Linkset, metadata: dict[str, str | tuple[str, ...]], links: tuple[Link, ...]) -> dict[str, str]:
    """Return the prefixes that are used, sorted.

    :raises DataError: if one is not declared.
    """
    used: dict[str, str] = {}
    for name, value in _entities(linkset, metadata, links):
        prefix, colon, _ = value.partition(":")
        if colon:
            used.setdefault(prefix, f"{name} {value}")
    for prefix in sorted(set(used) - set(BUILT_IN) - set(linkset.prefixes)):
        hint = "add it to the set's prefixes"
        raise DataError(f"{used[prefix]}: prefix '{prefix}' is not declared", file=linkset.file, hint=hint)
    return {prefix: linkset.prefixes[prefix] for prefix in sorted(used) if prefix not in BUILT_IN}


def _entities(
    linkset: Linkset, metadata: dict[str, str | tuple[str, ...]], links: tuple[Link, ...]
) -> Iterator[tuple[str, str]]:
    """Walk over the CURIEs of a set, each with the name of its slot."""
    for name, value in metadata.items():
        if name in SET_SLOTS and SET_SLOTS[name].kind == "entity":
            for one in (value,) if isinstance(value, str) else value:
                yield name, one
    for link in links:
        for name in link.slots:
            if slot_named(name).kind == "entity":
                for one in link.values(name):
                    yield name, one
    for extension in linkset.extensions:
        yield "extension_definitions", extension.property
        yield "extension_definitions", extension.type_hint


# YAML ----------------------------------------------------------------------------------------------------------------


def _yaml(linkset: Linkset, metadata: dict[str, str | tuple[str, ...]], prefixes: dict[str, str]) -> Iterator[str]:
    own = [one for one in linkset.extensions if one.name in metadata]
    for name in dict.fromkeys(["sssom_version", "curie_map", *SET_SLOTS, *(one.name for one in own)]):
        if name == "curie_map":
            if prefixes:
                yield "curie_map:"
                yield from (f"  {_scalar(prefix)}: {_scalar(iri)}" for prefix, iri in prefixes.items())
        elif name in metadata:
            value = metadata[name]
            if isinstance(value, str):
                yield f"{name}: {_scalar(value, date=name in SET_SLOTS and SET_SLOTS[name].kind == 'date')}"
            else:
                yield f"{name}:"
                yield from (f"  - {_scalar(one)}" for one in value)
    used = {name for link in linkset.links for name in link.slots} | set(metadata)
    kept = sorted((one for one in linkset.extensions if one.name in used), key=lambda one: one.property)
    if kept:
        yield "extension_definitions:"
        for one in kept:
            yield f"  - slot_name: {_scalar(one.name)}"
            yield from (
                f"    {key}: {_scalar(value)}"
                for key, value in (("property", one.property), ("type_hint", one.type_hint))
                if value
            )


def _scalar(text: str, *, date: bool = False) -> str:
    """Write a text plainly where every reader of YAML then reads that text, else in double quotes.

    >>> _scalar("CC BY 4.0"), _scalar("yes"), _scalar("2026-11-26"), _scalar("2026-11-26", date=True), _scalar("a: b")
    ('CC BY 4.0', '"yes"', '"2026-11-26"', '2026-11-26', '"a: b"')
    """
    import yaml

    if date:
        return text
    try:
        plain = yaml.safe_load(f"- {text}\n") == [text] and yaml.safe_load(f"key: {text}\n") == {"key": text}
    except yaml.YAMLError:
        plain = False
    plain = plain and text.isprintable() and text.strip() == text and not text.startswith(("'", '"', "#", "@", "`"))
    return text if plain else json.dumps(text, ensure_ascii=False)


# Cells ---------------------------------------------------------------------------------------------------------------


def _cell(link: Link, name: str) -> str:
    value = link.slots.get(name, "")
    text = value if isinstance(value, str) else "|".join(_escaped(one) for one in value)
    if any(mark in text for mark in '\t\n\r"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _escaped(value: str) -> str:
    r"""Escape what separates values.

    >>> print(_escaped("a|b"), _escaped("c\\d"))
    a\|b c\\d
    """
    return value.replace("\\", "\\\\").replace("|", "\\|")

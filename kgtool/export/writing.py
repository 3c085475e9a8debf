"""Exports as files: complete or not there at all, whatever happens on the way."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from typing import BinaryIO

from kgtool.errors import StoreError
from kgtool.export.registry import Exporter, exporter_named
from kgtool.export.values import Writer
from kgtool.files import replace_file, replace_folder
from kgtool.network import Network

__all__ = ["export", "write_export"]

#: The time that files inside a .zip bear, so that two exports of one graph are equal: the first that a .zip can tell.
_TIME = (1980, 1, 1, 0, 0, 0)


def export(network: Network, name: str, output: str | os.PathLike[str], *, variant: str | None = None) -> None:
    """Write a network to a file, or to a folder where the format has several files.

    :raises NotFoundError: if there is no such format or variant.
    :raises StoreError: if it cannot be written; what was there before is then as it was.
    """
    exporter = exporter_named(name)
    if exporter.parts and not os.fspath(output).lower().endswith(".zip"):
        _replace_folder(network, exporter.parts, os.fspath(output))
    else:
        _replace_file(lambda stream: write_export(network, exporter, stream, variant=variant), os.fspath(output))


def write_export(network: Network, exporter: Exporter, stream: BinaryIO, *, variant: str | None = None) -> None:
    """Write a network to a stream; a format of several files as a .zip."""
    if exporter.parts:
        _write_zip(network, exporter.parts, stream)
    else:
        exporter.writer(variant)(network, stream)


def _replace_file(write: Callable[[BinaryIO], object], output: str) -> None:
    try:
        replace_file(output, write)
    except OSError as exc:
        raise StoreError(f"cannot write: {exc.strerror}", file=output, hint="choose another file with -o") from exc


def _replace_folder(network: Network, parts: Mapping[str, Writer], output: str) -> None:
    """Write several files to a new folder, and put it where the old one is."""
    if os.path.lexists(output) and not _is_replaceable(output, parts):
        raise StoreError(
            "is there already and holds other things",
            file=output,
            hint="choose a new folder, or a file that ends in .zip",
        )
    try:
        replace_folder(output, {name: partial(write, network) for name, write in parts.items()})
    except OSError as exc:
        raise StoreError(f"cannot write: {exc.strerror}", file=output, hint="choose another folder with -o") from exc


def _is_replaceable(folder: str, parts: Mapping[str, Writer]) -> bool:
    return os.path.isdir(folder) and set(os.listdir(folder)) <= set(parts)


def _write_zip(network: Network, parts: Mapping[str, Writer], stream: BinaryIO) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, write in parts.items():
            entry = zipfile.ZipInfo(name, date_time=_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as part:
                write(network, part)  # type: ignore[arg-type] # a stream of bytes, typed as IO[bytes]

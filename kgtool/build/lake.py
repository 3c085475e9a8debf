"""Articles as rows of a table instead of folders: packed into it, and taken out again where they are made.

A row has three columns: ``article`` (the name of its folder), ``file`` (``article.ttl`` or ``facts.trig``) and
``content`` (text, or bytes in UTF-8). The table is a Parquet file or a folder of them, or lines of JSON.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from kgtool.errors import DataError, KgError
from kgtool.files import replace_file
from kgtool.project import Project

__all__ = ["COLUMNS", "FILES", "lay_over", "pack_articles", "put_article"]

COLUMNS = ("article", "file", "content")

#: What an article has.
FILES = ("article.ttl", "facts.trig")

#: Rows that are written at once.
_AT_ONCE = 2_000


def pack_articles(project: Project, file: str | os.PathLike[str]) -> int:
    """Write the articles of a project as rows of a table; return how many there are.

    :param file: its name; it ends with ``.parquet`` or ``.jsonl``.
    :raises KgError: if it ends otherwise, or PyArrow is missing for Parquet.
    :raises DataError: if a file of an article cannot be read.
    """
    ending = os.path.splitext(file)[1]
    if ending not in _WRITERS:
        raise KgError(f"articles are not packed into '{ending}'", hint="name a file that ends with .parquet or .jsonl")
    replace_file(file, lambda stream: _WRITERS[ending](_rows(project), stream))
    return len(project.article_folders())


def _rows(project: Project) -> Iterator[dict[str, str]]:
    for folder in project.article_folders():
        for name in FILES:
            file = folder / name
            if not file.is_file():
                continue
            try:
                yield {"article": folder.name, "file": name, "content": file.read_text(encoding="utf-8")}
            except (OSError, UnicodeDecodeError) as exc:
                raise DataError(f"cannot read it: {exc}", file=project.relative(file)) from exc


def _write_lines(rows: Iterator[dict[str, str]], stream: BinaryIO) -> None:
    stream.writelines(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def _write_parquet(rows: Iterator[dict[str, str]], stream: BinaryIO) -> None:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as exc:
        hint = "pip install 'kgtool[parquet]', or name a file that ends with .jsonl"
        raise KgError("Parquet is written by pyarrow, which is not here", hint=hint) from exc
    schema = pa.schema([(name, pa.string()) for name in COLUMNS])
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        while some := list(islice(rows, _AT_ONCE)):
            writer.write_table(pa.Table.from_pylist(some, schema=schema))


_WRITERS = {".jsonl": _write_lines, ".parquet": _write_parquet}


@contextmanager
def lay_over(folder: str) -> Iterator[Project]:
    """Make a project for a while that has all that another has, and no article.

    :param folder: the other's folder; it is not written to.
    """
    with TemporaryDirectory(prefix="kgtool-") as place:
        for entry in os.scandir(folder):
            if entry.name != "graph":
                os.symlink(entry.path, os.path.join(place, entry.name))
        os.makedirs(os.path.join(place, "graph", "articles"))
        for entry in os.scandir(os.path.join(folder, "graph")):
            if entry.name != "articles":
                os.symlink(entry.path, os.path.join(place, "graph", entry.name))
        yield Project(place)


def put_article(project: Project, slug: str | None, files: Mapping[str, str | bytes | None]) -> None:
    """Put an article into a project's folder.

    :raises DataError: if its name is none, one of its files is none of an article's, or has no content.
    """
    where = f"graph/articles/{slug}"
    if not slug or not slug.isascii() or not slug.replace("-", "").isalnum():
        hint = "its name becomes a part of IRIs: use letters, digits and hyphens"
        raise DataError(f"an article cannot be called '{slug}'", file=where, hint=hint)
    for name, content in files.items():
        if content is None:
            raise DataError(f"'{name}' has no content", file=where, hint="leave the row out")
        if name not in FILES:
            raise DataError(
                f"kgtool does not know what '{name}' is for", file=where, hint=f"an article has {' and '.join(FILES)}"
            )
    folder = project.root / "graph" / "articles" / slug
    folder.mkdir()
    for name, content in files.items():
        if content is not None:
            Path(folder, name).write_bytes(content.encode() if isinstance(content, str) else content)

"""The saved queries of a project, found by name; what their headers say is kept, so that YAML is read only once."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from typing import Any

from kgtool.errors import NotFoundError
from kgtool.project import Project
from kgtool.queries.saved import Parameter, SavedQuery, is_answerable, read_text
from kgtool.store.builds import builds_name, stamp
from kgtool.table import visible

__all__ = ["find_query", "read_catalogue", "read_served"]

#: Changes when what is kept changes.
_VERSION = 5


def read_catalogue(project: Project) -> dict[str, SavedQuery]:
    """Read every saved query of a project, by name.

    :raises QueryError: if a header is wrong.
    """
    kept = _Headers(project)
    queries = {file.stem: kept.read(str(file)) for file in project.query_files()}
    kept.write()
    return queries


def read_served(project: Project, services: Collection[str] = ()) -> dict[str, SavedQuery]:
    """Read the saved queries that a server answers, by name: their files are named as they are in the project.

    :param services: the IRIs of endpoints that may be asked; queries that ask others are left out.
    :raises QueryError: if a header is wrong.
    """
    return {
        name: query._replace(file=os.path.relpath(query.file, project.folder))
        for name, query in read_catalogue(project).items()
        if is_answerable(query, services)
    }


def find_query(project: Project, name: str) -> SavedQuery:
    """Read one saved query.

    :raises NotFoundError: if the project has no query of that name; the message has the closest ones.
    :raises QueryError: if its header is wrong.
    """
    file = os.path.join(project.folder, "queries", f"{name}.rq")
    if name.startswith(".") or not _NOT_IN_NAMES.isdisjoint(name) or not os.path.isfile(file):
        from difflib import get_close_matches

        names = [file.stem for file in project.query_files()]
        near = get_close_matches(name, names, n=3, cutoff=0.5)
        raise NotFoundError(
            f"no saved query '{visible(name)}'",
            file=project.relative(project.root / "queries"),
            hint=f"did you mean {' or '.join(near)}?" if near else "'kgtool queries' lists them",
        )
    kept = _Headers(project)
    query = kept.read(file)
    kept.write()
    return query


_NOT_IN_NAMES = frozenset("/\\\0")


class _Headers:
    """Headers by file, each with the size and time of the file it was read from."""

    def __init__(self, project: Project) -> None:
        self._cache = os.path.join(builds_name(project), "queries.json")
        self._changed = False
        self._entries: dict[str, Any] = {}
        try:
            with open(self._cache, "rb") as stream:
                content = json.loads(stream.read())
            if content["version"] == _VERSION:
                self._entries = dict(content["queries"])
        except (OSError, ValueError, TypeError, KeyError):
            pass  # missing, cut short or from another time: read the headers again

    def read(self, file: str) -> SavedQuery:
        text = read_text(file)
        now = list(stamp(file))
        try:
            entry = self._entries[file]
            if entry["stamp"] == now:
                return _from_json(entry["header"], file, text)
        except (KeyError, TypeError):
            pass
        from kgtool.queries.header import parse_query

        query = parse_query(text, file=file)
        self._entries[file] = {"stamp": now, "header": _to_json(query)}
        self._changed = True
        return query

    def write(self) -> None:
        """Keep what was read. Where that is not possible the next run reads it again: nothing is lost."""
        if not self._changed:
            return
        from kgtool.files import replace_text

        content = json.dumps({"version": _VERSION, "queries": self._entries}, ensure_ascii=False)
        try:
            os.makedirs(os.path.dirname(self._cache), exist_ok=True)
            replace_text(self._cache, content)
        except OSError:
            return


def _to_json(query: SavedQuery) -> dict[str, Any]:
    header = query._asdict()
    del header["name"], header["file"], header["text"]
    return header


def _from_json(header: dict[str, Any], file: str, text: str) -> SavedQuery:
    parameters = tuple(_parameter(*values) for values in header["parameters"])
    name = os.path.basename(file).removesuffix(".rq")
    examples = tuple((language, phrase) for language, phrase in header["examples"])
    services = tuple((iri, extract) for iri, extract in header["services"])
    kept = {**header, "tags": tuple(header["tags"]), "parameters": parameters, "examples": examples}
    return SavedQuery(name, file, text, **{**kept, "services": services})


def _parameter(*values: Any) -> Parameter:
    parameter = Parameter(*values)
    words = tuple((word, choice) for word, choice in parameter.words)
    return parameter._replace(choices=tuple(parameter.choices), words=words)

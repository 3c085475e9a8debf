"""Dumps in files: Wikidata's entities, one JSON object per line, and GeoNames' tables.

https://www.wikidata.org/wiki/Wikidata:Database_download · https://download.geonames.org/export/dump/readme.txt
"""

from __future__ import annotations

import bz2
import gzip
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, cast

from kgtool.errors import DataError
from kgtool.link.enrich.records import Statement, place
from kgtool.link.enrich.wikidata import ENTITY, entity_statements
from kgtool.namespaces import RDFS, SKOS
from kgtool.terms import IRI, Literal

__all__ = ["GEONAMES", "GeonamesDump", "WikidataDump", "opened", "read_entities", "read_place"]

#: GeoNames' own vocabulary.
GEONAMES = "https://www.geonames.org/ontology#"
_SPACE = "https://sws.geonames.org/"
_CHINESE = re.compile("[\u3400-\u9fff]")
#: The columns of a table of places.
_COLUMNS = 19


def read_entities(file: Path, is_wanted: Callable[[bytes], bool] = lambda _: True) -> Iterator[dict[str, Any]]:
    """Walk over Wikidata's entities in a file: JSON lines, an array with one per line, or an answer of the API.

    :param is_wanted: says of a line whether it is parsed at all.
    :raises DataError: if a line is malformed.
    """
    with opened(file) as stream:
        for number, line in enumerate(stream, start=1):
            text = line.strip().removesuffix(b",")
            if text in (b"", b"[", b"]") or not is_wanted(text):
                continue
            try:
                entity = json.loads(text)
            except ValueError as exc:
                hint = "it must hold one JSON object per line, as Wikidata's dumps do"
                raise DataError(f"no JSON: {exc}", file=file, line=number, hint=hint) from exc
            several = entity.get("entities") if isinstance(entity, dict) else None
            for one in several.values() if isinstance(several, dict) else [entity]:
                if not isinstance(one, dict) or not isinstance(one.get("id"), str):
                    hint = "it must hold entities, as Wikidata's dumps do"
                    raise DataError("an object without an id", file=file, line=number, hint=hint)
                yield one


class WikidataDump:
    """Entities in a file: JSON lines, an array with an entity per line (as the dumps are), or an answer of the API.

    A dump is read once, however long, so everything is asked for at once.
    """

    batch: int | None = None

    def __init__(self, file: Path) -> None:
        self._file = file
        self.name = file.name

    def fetch(self, iris: Sequence[str]) -> Iterator[tuple[str, list[Statement]]]:
        """Look entities up: see :class:`kgtool.link.enrich.records.Source`."""
        wanted = {iri.removeprefix(ENTITY) for iri in iris}
        # A line is parsed only if one of the ids that are wanted is in it.
        for entity in read_entities(self._file, lambda text: self._may_have(text, wanted)):
            id_ = entity["id"]
            if id_ in wanted:
                wanted.discard(id_)
                yield ENTITY + id_, entity_statements(id_, entity)
            if not wanted:
                return

    def _may_have(self, text: bytes, wanted: set[str]) -> bool:
        # The id of an entity stands near the start of its line: '{"type":"item","id":"Q42",'.
        start = text[:200]
        return b'"entities"' in start or any(f'"{id_}"'.encode() in start for id_ in wanted)


def read_place(line: bytes, *, file: Path, number: int) -> list[str]:
    """Read a line of GeoNames' tables as its cells.

    :raises DataError: if it has other columns.
    """
    cells = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
    if len(cells) != _COLUMNS:
        hint = "it must be a table of GeoNames, such as CN.txt"
        raise DataError(f"{len(cells)} columns, not {_COLUMNS}", file=file, line=number, hint=hint)
    return cells


class GeonamesDump:
    """Places in a table of GeoNames: ``allCountries.txt``, ``CN.txt``, or one of them in a zip."""

    batch: int | None = None

    def __init__(self, file: Path) -> None:
        self._file = file
        self.name = file.name

    def fetch(self, iris: Sequence[str]) -> Iterator[tuple[str, list[Statement]]]:
        """Look places up: see :class:`kgtool.link.enrich.records.Source`."""
        wanted = {iri.removeprefix(_SPACE).strip("/").encode(): iri for iri in iris}
        with opened(self._file) as stream:
            for number, line in enumerate(stream, start=1):
                iri = wanted.pop(line.partition(b"\t")[0], None)
                if iri is not None:
                    yield iri, self._place(iri, line, number)
                if not wanted:
                    return

    def _place(self, iri: str, line: bytes, number: int) -> list[Statement]:
        cells = read_place(line, file=self._file, number=number)
        name, alternatives, latitude, longitude = cells[1], cells[3], cells[4], cells[5]
        feature, country, codes = f"{cells[6]}.{cells[7]}", cells[8], cells[10:12]
        chinese = [one for one in alternatives.split(",") if _CHINESE.search(one)]
        statements = [Statement(iri, RDFS + "label", Literal(name))]
        statements += [Statement(iri, SKOS + "altLabel", Literal(one)) for one in chinese]
        statements += place(iri, latitude, longitude)
        statements.append(Statement(iri, GEONAMES + "featureCode", IRI(GEONAMES + feature)))
        statements.append(Statement(iri, GEONAMES + "countryCode", Literal(country)))
        admin = [country, *codes]
        for level, name_of_level in enumerate(("parentADM1Code", "parentADM2Code"), start=1):
            if all(admin[: level + 1]):
                statements.append(Statement(iri, GEONAMES + name_of_level, Literal(".".join(admin[: level + 1]))))
        return statements


@contextmanager
def opened(file: Path) -> Iterator[IO[bytes]]:
    """Open a file that may be compressed; a zip has its table under its own name.

    :raises DataError: if it cannot be read.
    """
    try:
        with ExitStack() as stack:
            stream: IO[bytes]
            if file.suffix == ".zip":
                stream = stack.enter_context(stack.enter_context(zipfile.ZipFile(file)).open(f"{file.stem}.txt"))
            elif file.suffix == ".gz":
                stream = cast(IO[bytes], stack.enter_context(gzip.open(file, "rb")))
            elif file.suffix == ".bz2":
                stream = cast(IO[bytes], stack.enter_context(bz2.open(file, "rb")))
            else:
                stream = stack.enter_context(file.open("rb"))
            yield stream
    except (OSError, EOFError, KeyError, zipfile.BadZipFile) as exc:
        raise DataError(f"cannot read it: {exc}", file=file, hint="give a file that is there and whole") from exc

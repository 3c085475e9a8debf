"""A new project with a sample article of our own, and a new article's skeleton for a curator to fill in."""

from __future__ import annotations

import datetime as dt
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kgtool.articles import read_articles
from kgtool.coverage.names import Names, fold_in_place
from kgtool.errors import DataError, KgError, ProjectError
from kgtool.namespaces import DCTERMS, OA, SCHEMA, SKOS, VOID, XSD, compress, read_prefixes
from kgtool.positions import read_positions
from kgtool.project import Project
from kgtool.sparql import is_iri
from kgtool.terms import Literal, n3
from kgtool.text.numerals import find_numerals, in_context
from kgtool.text.scripts import fold, to_simplified, to_traditional
from kgtool.text.segments import Segment, digest, read_text, segment, simplified_digest

__all__ = ["AddedArticle", "add_article", "new_project"]

#: The files of a new project.
_SAMPLE = Path(__file__).parent / "scaffold_files"
#: Prefixes that article.ttl and facts.trig cannot do without, should the project not declare them.
_NEEDED = {
    "ip": "https://w3id.org/industrial-park/ns#",
    "dcterms": DCTERMS,
    "oa": OA,
    "schema": SCHEMA,
    "skos": SKOS,
    "xsd": XSD,
}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
#: The longest line without a full stop that is taken for a heading.
_HEADING = 24


class AddedArticle(NamedTuple):
    """What was written for a new article."""

    iri: str
    folder: Path
    paragraphs: int
    sentences: int
    #: How many numerals, and occurrences of known names, wait for a fact.
    numerals: int
    names: int


def new_project(folder: Path) -> list[Path]:
    """Write a project with a sample article into a folder that is empty or does not exist yet.

    :returns: the files written.
    :raises ProjectError: if something is in the folder already, or it cannot be written.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ProjectError(
                "it is not empty" if folder.is_dir() else "it is a file",
                file=folder,
                hint="give a folder that does not exist yet; nothing was written",
            )
        _write_folder(folder, {name: file.read_bytes() for name, file in _sample_files().items()})
    except OSError as exc:
        raise _cannot_write(folder, exc) from exc
    return [folder / name for name in _sample_files()]


def add_article(
    project: Project,
    file: Path,
    *,
    slug: str | None = None,
    title: str | None = None,
    date: str | None = None,
    source: str | None = None,
    force: bool = False,
) -> AddedArticle:
    """Write an article's record and the skeleton of its facts; of the text itself only names and numerals.

    :param slug: the name of its folder and part of its IRI; by default made from the file's name.
    :param title: its title, in Chinese of either script or in English.
    :param date: the day it was published, as 2030-01-31.
    :param source: where it was published: a name that the project knows, an address, or words.
    :param force: replace an article of that slug, with all that was written into its facts.
    :raises DataError: if the text cannot be read or is already there, or an option is malformed.
    """
    project.refuse_if_installed()
    text = read_text(file)
    segments = segment(text)
    if not segments:
        raise DataError("there is no sentence in it", file=file, hint="give the article's text")
    slug = _slug(file) if slug is None else slug
    if not _SLUG.fullmatch(slug):
        raise DataError(
            f"'{slug}' cannot be a slug", hint="use small letters, digits and single hyphens: city-parks-2030"
        )
    names = Names(project)
    statements = list(_statements(title, date, source, names))
    folder = project.root / "graph" / "articles" / slug
    if folder.exists() and not force:
        raise DataError(
            f"there is an article '{slug}' already",
            file=folder,
            hint="give another --slug, or --force to replace it with all its facts",
        )
    for article in read_articles(project):
        if article.sha256 == digest(text) and article.slug != slug:
            raise DataError(
                f"this text is article '{article.slug}' already", file=article.file, hint="fill in its facts"
            )
    iri = f"{_base(project)}article/{slug}"
    own = {**_NEEDED, **read_prefixes(project.prefixes_file), "s": f"{iri}/s"}
    blocks = [_block(one, names, own) for one in segments]
    record = _record(iri, text, segments, statements)
    facts = _facts(own, [block for block, _, _ in blocks])
    files = {"facts.trig": facts.encode(), "article.ttl": record.encode()}
    try:
        if folder.exists():
            for name, content in files.items():
                _write(folder / name, content)
        else:
            _write_folder(folder, files)
    except OSError as exc:
        raise _cannot_write(folder, exc) from exc
    return AddedArticle(
        iri=iri,
        folder=folder,
        paragraphs=segments[-1].paragraph,
        sentences=len(segments),
        numerals=sum(numerals for _, numerals, _ in blocks),
        names=sum(found for _, _, found in blocks),
    )


def _slug(file: Path) -> str:
    """Make a slug of a file's name."""
    slug = "-".join(re.findall("[a-z0-9]+", file.stem.lower()))
    if not slug or not file.stem.isascii():
        raise DataError(
            "no slug can be made of this file's name", file=file, hint="give one with --slug city-parks-2030"
        )
    return slug


def _statements(title: str | None, date: str | None, source: str | None, names: Names) -> Iterator[str]:
    """Write what is known of the article as predicates and objects."""
    if title:
        if re.search("[\u4e00-\u9fff]", title):
            yield f"skos:prefLabel {n3(Literal(to_simplified(title), 'zh-Hans'))}"
            yield f"skos:prefLabel {n3(Literal(to_traditional(title), 'zh-Hant'))}"
        else:
            yield f"skos:prefLabel {n3(Literal(title, 'en'))}"
    if date:
        try:
            dt.date.fromisoformat(date)
        except ValueError as exc:
            raise DataError(f"'{date}' is not a day", hint="write it as 2030-01-31") from exc
        yield f'schema:datePublished "{date}"^^xsd:date'
    if source:
        publishers = sorted(thing for thing, known in names.of.items() if fold(source) in map(fold, known))
        if len(publishers) == 1:
            yield f"schema:publisher <{publishers[0]}>"
        else:
            yield f"dcterms:source {f'<{source}>' if is_iri(source) else n3(Literal(source))}"


def _base(project: Project) -> str:
    """Return the IRI that the project's data begin with."""
    if project.dataset_file.is_file():
        for position in read_positions(project.dataset_file):
            if position.predicate.value == f"{VOID}uriSpace":
                return position.object.value
    raise ProjectError(
        "it states no void:uriSpace, the IRI that the project's data begin with",
        file=project.dataset_file,
        hint='add it to the dataset: void:uriSpace "https://example.org/city/"',
    )


def _record(iri: str, text: str, segments: list[Segment], statements: list[str]) -> str:
    """Write ``article.ttl``: all that can be counted; gists, reasons and labels are the curator's."""
    prefixes = {prefix: _NEEDED[prefix] for prefix in sorted(_NEEDED)} | {"s": f"{iri}/s"}
    lines = [
        "# The article: its hash and length, its sections, and its sentences by number, paragraph, section and range.",
        "# To be added: skos:prefLabel of article and sections in zh-Hans, zh-Hant and en; for every sentence an",
        "# ip:gist in zh-Hans and en, in our own words; for one that states nothing its role (ip:Rhetoric, ip:Heading,",
        "# ip:Metadata) and an ip:roleReason. 'kgtool validate --text FILE' tells what is missing.",
        "",
        *(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in prefixes.items()),
        "",
        f"<{iri}>",
        "    a ip:NewsArticle ;",
        "    a schema:NewsArticle ;",
        *(f"    {statement} ;" for statement in statements),
        '    schema:inLanguage "zh" ;',
        f"    ip:length {len(text)} ;",
        f'    ip:sha256 "{digest(text)}" ;',
        f'    ip:simplifiedSha256 "{simplified_digest(text)}" ;',
        ".",
    ]
    section = -1
    for one in segments:
        heading = _is_heading(one, segments)
        if heading or section < 0:
            section += 1
            lines += [
                "",
                f"<{iri}/part-{section}>",
                "    a ip:Section ;",
                f"    dcterms:isPartOf <{iri}> ;",
                f"    ip:number {section} ;",
                ".",
            ]
        lines += [
            "",
            f"s:{one.number}",
            "    a ip:Sentence ;",
            f"    dcterms:isPartOf <{iri}> ;",
            f"    ip:number {one.number} ;",
            f"    ip:paragraph {one.paragraph} ;",
            f"    ip:section <{iri}/part-{section}> ;",
            f"    oa:start {one.start} ;",
            f"    oa:end {one.end} ;",
            f"    ip:sentenceRole ip:{'Heading' if heading else 'Factual'} ;",
            ".",
        ]
    return "\n".join(lines) + "\n"


def _is_heading(one: Segment, segments: list[Segment]) -> bool:
    """Tell whether a sentence looks like a heading: a short line of its own without a full stop, colon or digit."""
    alone = sum(other.paragraph == one.paragraph for other in segments) == 1
    return alone and len(one.text) <= _HEADING and not re.search("[。！？:：;；,，0-9]", one.text)


def _block(one: Segment, names: Names, prefixes: dict[str, str]) -> tuple[str, int, int]:
    """Write the empty block of a sentence with what waits in it; and count the numerals and the names."""
    numerals = [in_context(numeral, one.text) for numeral in find_numerals(one.text)]
    found = [
        (one.text[start:end], " or ".join(sorted(compress(iri, prefixes) for iri in names.things[name])))
        for start, end, name in names.find(fold_in_place(one.text))
    ]
    lines = [f"GRAPH s:{one.number} {{"]
    if numerals:
        lines.append(f"    # numerals: {' · '.join(numerals)}")
    lines += [f"    # {things} {name}" for name, things in dict.fromkeys(found)]
    return "\n".join([*lines, "}"]), len(numerals), len(found)


def _facts(prefixes: dict[str, str], blocks: list[str]) -> str:
    """Write the skeleton of ``facts.trig``."""
    header = [
        "# What the article says, one GRAPH per sentence, in reading order; the graph's name is the sentence.",
        "# The comments name the numerals and the known things of each sentence: state what it says of them, then",
        "# delete the comment. 'kgtool coverage --text FILE' tells what is in no fact yet.",
        "",
        *(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in sorted(prefixes.items())),
    ]
    return "\n".join(header) + "\n\n" + "\n\n".join(blocks) + "\n"


def _sample_files() -> dict[str, Path]:
    """Return the sample project's files by their names in it."""
    files = sorted(f for f in _SAMPLE.rglob("*") if f.is_file() and f.parent.name != "__pycache__")
    return {str(file.relative_to(_SAMPLE)): file for file in files}


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a new folder whole or not at all: a folder is renamed onto an empty one, never onto one with files."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as temporary:
        made = Path(temporary) / folder.name
        made.mkdir()
        for name, content in files.items():
            file = made / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        made.rename(folder)


def _write(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def _cannot_write(place: Path, exc: OSError) -> KgError:
    return ProjectError(
        f"cannot write there: {exc.strerror or exc}", file=place, hint="choose a folder you may write to"
    )

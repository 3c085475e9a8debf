"""Answer a query: the work of ``kgtool query``, and its plain form without click.

Importing click takes longer than everything else together.
"""

# No "from __future__ import annotations" here: NamedTuple compiles annotations that are strings, which takes 4 ms.

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import BinaryIO, NamedTuple

from kgtool.errors import QueryError, StoreError
from kgtool.formats import FORMATS, Kind, format_for_path, format_named
from kgtool.labels import LANGUAGES, languages_for, render_rows
from kgtool.namespaces import read_prefixes
from kgtool.project import Project, find_project
from kgtool.queries.catalogue import find_query
from kgtool.queries.parameters import bind_parameters, run
from kgtool.queries.saved import SavedQuery
from kgtool.store import Result, Store, open_fresh, open_store
from kgtool.store.depth import refuse_depth

__all__ = ["Wanted", "answer", "answer_query", "given_from", "write_result"]


class Wanted(NamedTuple):
    """How an answer is wanted."""

    format: str | None = None
    language: str | None = None
    #: A file or URL to ask instead of the project's own store.
    store: str | None = None
    #: The file to write instead of stdout.
    output: str | None = None
    #: Whether a false ASK ends with 1.
    exit_status: bool = False
    #: Whether messages on stderr are unwanted.
    quiet: bool = False
    #: Whether each row is to come with the sentences that prove it.
    evidence: bool = False
    #: The file of the article's text, to show those sentences.
    text: str | None = None
    #: The endpoints that the query may ask by ``SERVICE``: where each is, by IRI.
    services: Mapping[str, str] | None = None


def answer(argv: Sequence[str]) -> int | None:
    """Answer ``NAME [key=value …] [--format F] [--lang L] [--project DIR]``.

    :returns: the exit code; ``None`` for everything else, which click parses, explains or refuses.
    """
    words: list[str] = []
    options = {"--format": "", "--lang": "", "--project": ""}
    arguments = iter(argv)
    for argument in arguments:
        option, equals, value = argument.partition("=")
        if option in options:
            given = value if equals else next(arguments, "")
            if not given or given.startswith("-") or options[option]:
                return None
            options[option] = given
        elif argument.startswith("-"):
            return None
        else:
            words.append(argument)
    form, language = options["--format"] or None, options["--lang"] or None
    if not words or "=" in words[0] or any("=" not in word for word in words[1:]):
        return None
    if (form and form not in FORMATS) or (language and language not in LANGUAGES):
        return None
    project = find_project(options["--project"] or None)
    query = find_query(project, words[0])
    return answer_query(project, query, given_from(words[1:]), Wanted(form, language))


def given_from(words: Sequence[str]) -> dict[str, str]:
    """Read ``key=value`` words.

    >>> given_from(["park=高新区", "note=a=b"])
    {'park': '高新区', 'note': 'a=b'}
    """
    given: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not (key and equals):
            raise QueryError(f"'{word}' is not a parameter", hint="write key=value")
        if key in given:
            raise QueryError(f"parameter '{key}' is given twice", hint="keep one of them")
        given[key] = value
    return given


def answer_query(project: Project, query: SavedQuery, given: Mapping[str, str], wanted: Wanted) -> int:
    """Ask a query and print the answer, or write it to a file.

    :returns: the exit code.
    """
    kind = _kind(query)
    if wanted.format:
        form = format_named(wanted.format, kind=kind).name
    elif wanted.output:
        form = format_for_path(wanted.output, kind=kind).name
    else:
        form = "turtle" if kind == "graph" else "table"
    refuse_depth(query.text, file=query.file)
    if wanted.exit_status and kind != "ask":
        raise QueryError(f"--exit-status is for ASK; this is {query.form.upper()}", file=query.file)
    prefixes = read_prefixes(project.prefixes_name)
    store = open_store(wanted.store) if wanted.store else open_fresh(project) or _build(project, quiet=wanted.quiet)
    if wanted.services:
        from kgtool.store.services import allow

        store = allow(store, wanted.services)
    if "from" in query.text.lower() and not (wanted.store or "").startswith(("http://", "https://")):
        from kgtool.store.explain import refuse_unknown_graphs

        refuse_unknown_graphs(store, query.text, prefixes, query.file)
    if wanted.evidence:
        proven = _prove(store, query, given, form, prefixes, wanted).encode()
        write_result(lambda stream: stream.write(proven), wanted.output)
        return 0
    result = run(store, query, given, prefixes=prefixes)
    failed = wanted.exit_status and not result.boolean
    if form in {"table", "markdown"}:
        text = _render(store, result, form, prefixes, wanted).encode()
        write_result(lambda stream: stream.write(text), wanted.output)
        if kind == "select" and form == "table" and _is_for_terminal(wanted) and not wanted.quiet:
            rows = text.count(b"\n") - 2
            print(f"kgtool: {rows} row{'' if rows == 1 else 's'}", file=sys.stderr)
    else:
        write_result(lambda stream: _write_lines(result, stream, form), wanted.output)
    return 1 if failed else 0


def _write_lines(result: Result, stream: BinaryIO, form: str) -> None:
    """Let the engine write an answer, and end it with the line break that formats without lines lack."""
    result.write(stream, form)
    if result.form == "ask" or form in {"json", "xml", "jsonld", "rdfxml"}:
        stream.write(b"\n")


def write_result(write: Callable[[BinaryIO], object], output: str | os.PathLike[str] | None = None) -> None:
    """Let a function write to stdout, or to a file that is complete or not there at all.

    :raises StoreError: if that cannot be written: the disk is full, say.
    """
    if output is None:
        try:
            sys.stdout.flush()
            write(sys.stdout.buffer)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as exc:
            raise StoreError(f"cannot write the answer to stdout: {exc.strerror}") from exc
        return
    from kgtool.files import replace_file

    try:
        replace_file(output, write)
    except OSError as exc:
        raise StoreError(f"cannot write: {exc.strerror}", file=output, hint="choose another file with -o") from exc


def _build(project: Project, *, quiet: bool) -> Store:
    from kgtool.build import open_built
    from kgtool.cli.session import Session

    return open_built(project, on_build=Session(quiet=quiet).say_built)


def _kind(query: SavedQuery) -> Kind:
    if query.form in {"construct", "describe"}:
        return "graph"
    return "ask" if query.form == "ask" else "select"


def _render(store: Store, result: Result, form: str, prefixes: Mapping[str, str], wanted: Wanted) -> str:
    """Write an answer for people."""
    if result.form == "ask":
        return "true\n" if result.boolean else "false\n"
    rows, languages = list(result.rows()), languages_for(wanted.language)
    return render_rows(
        store, result.variables, rows, form, prefixes=prefixes, languages=languages, width=_width(wanted)
    )


def _prove(
    store: Store, query: SavedQuery, given: Mapping[str, str], form: str, prefixes: Mapping[str, str], wanted: Wanted
) -> str:
    """Answer a query and write each row with the sentences that prove it."""
    from kgtool.evidence import prove
    from kgtool.evidence.readable import render_proven
    from kgtool.evidence.render import WRITERS
    from kgtool.text.segments import read_text

    proven = prove(
        store,
        query.text,
        bindings=bind_parameters(store, query, given, prefixes=prefixes),
        prefixes=prefixes,
        languages=languages_for(wanted.language),
        source=None if wanted.text is None else read_text(wanted.text),
        file=query.file,
    )
    if form in WRITERS:
        if form != "json" and not wanted.quiet:
            for note in proven.notes:
                print(f"kgtool: {note}", file=sys.stderr)
        return WRITERS[form](proven)
    languages = languages_for(wanted.language)
    return render_proven(store, proven, form, prefixes=prefixes, languages=languages, width=_width(wanted))


def _is_for_terminal(wanted: Wanted) -> bool:
    return wanted.output is None and sys.stdout.isatty()


def _width(wanted: Wanted) -> int | None:
    return os.get_terminal_size(sys.stdout.fileno()).columns if _is_for_terminal(wanted) else None

"""``kgtool ask``."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any

import click

from kgtool.ask import Candidate, Choice, Interpreter
from kgtool.cli.quick import Wanted, answer_query
from kgtool.cli.session import Session, pass_session
from kgtool.labels import LANGUAGES, labels_of, languages_for, readable_rows
from kgtool.namespaces import compress, read_prefixes
from kgtool.queries.catalogue import read_catalogue
from kgtool.queries.listing import question_in
from kgtool.queries.parameters import run
from kgtool.store import Store
from kgtool.table import visible

__all__ = ["ask"]

#: What is said around an answer, by language.
_SAID = {
    "en": ("asked", "because of", "not used", "score", "You may also have meant:"),
    "zh-Hans": ("查询", "依据", "未用到", "得分", "也许您想问："),
    "zh-Hant": ("查詢", "依據", "未用到", "得分", "也許您想問："),
}


@click.command(epilog='Example: kgtool ask "高新区有哪些主导产业？"')
@click.argument("question", nargs=-1, required=True)
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language of labels; default: the question's.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Default: table.")
@pass_session
@click.pass_context
def ask(ctx: click.Context, session: Session, question: tuple[str, ...], lang: str | None, form: str) -> None:
    """Answer a QUESTION in plain words, in Chinese or English.

    The saved query whose question is nearest is asked, with the parks, industries, numbers and years that the words
    name; why it was chosen is said, and what else may have been meant. A question that none is near to is refused
    with exit code 2.
    """
    project = session.project
    prefixes = read_prefixes(project.prefixes_file)
    store = session.open()
    choice = Interpreter(store, read_catalogue(project).values(), prefixes=prefixes).choose(" ".join(question))
    language = lang or choice.language
    if form == "json":
        print(json.dumps(_described(store, choice, language, prefixes), ensure_ascii=False, indent=2))
        return
    print(_explained(store, choice, language, prefixes))
    print()
    code = answer_query(project, choice.chosen.query, choice.chosen.parameters, Wanted(language=language, quiet=True))
    if choice.others:
        print(f"\n{_SAID[language][-1]}")
        for other in choice.others:
            print(f"  {visible(question_in(other.query, language))} ({other.query.name}, {other.score:.2f})")
    ctx.exit(code)


def _explained(store: Store, choice: Choice, language: str, prefixes: Mapping[str, str]) -> str:
    """Say which query was chosen and why."""
    chosen = choice.chosen
    asked, because, not_used, score, _ = _SAID[language]
    given = [shlex.quote(f"{name}={compress(value, prefixes)}") for name, value in chosen.parameters.items()]
    why = [", ".join(chosen.matched)] if chosen.matched else []
    labels = labels_of(store, chosen.parameters.values(), languages_for(language))
    why += [f"{one.parameter} = {labels.get(one.value, one.value)} ({one.words})" for one in chosen.filled if one.words]
    lines = [
        visible(question_in(chosen.query, language)),
        f"  {asked}: kgtool query {' '.join([chosen.query.name, *given])}",
        f"  {because}: {visible('; '.join(why))} ({score} {chosen.score:.2f})",
    ]
    if chosen.unused:
        lines.append(f"  {not_used}: {visible(', '.join(chosen.unused))}")
    return "\n".join(lines)


def _described(store: Store, choice: Choice, language: str, prefixes: Mapping[str, str]) -> dict[str, Any]:
    chosen = choice.chosen
    result = run(store, chosen.query, chosen.parameters, prefixes=prefixes)
    answer: dict[str, Any]
    if result.form == "select":
        rows = readable_rows(store, result.rows(), prefixes=prefixes, languages=languages_for(language))
        answer = {"columns": list(result.variables), "rows": rows}
    elif result.form == "ask":
        answer = {"boolean": result.boolean}
    else:
        triples = readable_rows(store, result.triples(), prefixes=prefixes, languages=languages_for(language))
        answer = {"columns": ["subject", "predicate", "object"], "rows": triples}
    return {
        "question": choice.question,
        "language": choice.language,
        **_candidate(chosen, language),
        "filled": [one._asdict() for one in chosen.filled],
        "matched": list(chosen.matched),
        "unused": list(chosen.unused),
        "answer": answer,
        "others": [_candidate(other, language) for other in choice.others],
    }


def _candidate(candidate: Candidate, language: str) -> dict[str, Any]:
    return {
        "query": candidate.query.name,
        "asked": question_in(candidate.query, language),
        "parameters": candidate.parameters,
        "score": candidate.score,
    }

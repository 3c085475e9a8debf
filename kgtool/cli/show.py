"""``kgtool show``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby

import click

from kgtool.cli.session import Session, pass_session, store_option
from kgtool.description import Description, Fact, describe
from kgtool.labels import LANGUAGES, languages_for, resolve
from kgtool.namespaces import compress, read_prefixes
from kgtool.table import visible

__all__ = ["show"]


@click.command(epilog="Example: kgtool show 高新区 --lang en")
@click.argument("entity")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language of labels.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Default: table.")
@store_option
@pass_session
def show(session: Session, entity: str, lang: str | None, form: str, location: str | None) -> None:
    """Print what is said of ENTITY, each fact with its sentences.

    ENTITY is a label in any language or script, a CURIE or an IRI.
    """
    prefixes = read_prefixes(session.project.prefixes_file)
    store = session.open(location)
    thing = describe(store, resolve(store, entity, prefixes=prefixes), prefixes=prefixes, languages=languages_for(lang))
    print(_json(thing) if form == "json" else _text(thing, prefixes))


def _json(thing: Description) -> str:
    facts = [
        {
            "predicate": fact.predicate,
            "direction": fact.direction,
            "value": fact.value.value,
            "label": fact.label,
            "sentences": list(fact.sentences),
            "modality": fact.modality,
        }
        for fact in thing.facts
    ]
    return json.dumps(facts, ensure_ascii=False, indent=2)


def _text(thing: Description, prefixes: Mapping[str, str]) -> str:
    lines = [f"{language or 'label'}: {visible(label)}" for language, label in thing.labels.items()]
    if thing.other_names:
        lines.append(f"also: {visible(', '.join(thing.other_names))}")
    lines.append(f"iri: {thing.iri}" + _curie(thing.iri, prefixes))
    lines += [f"class: {visible(label)}{_curie(iri, prefixes)}" for iri, label in thing.classes.items()]
    if thing.definition:
        lines.append(f"definition: {visible(thing.definition)}")
    for (direction, _, label), facts in groupby(
        thing.facts, key=lambda f: (f.direction, f.predicate, f.predicate_label)
    ):
        lines += ["", f"{'' if direction == 'out' else '← '}{visible(label)}"]
        lines += [f"  {_fact(fact)}" for fact in facts]
    return "\n".join(lines)


def _fact(fact: Fact) -> str:
    mark = f" ({fact.modality})" if fact.modality in {"derived", "planned"} else ""
    sentences = " ".join(iri.rpartition("/")[2] for iri in fact.sentences)
    return visible(fact.label) + mark + (f" [{sentences}]" if sentences else "")


def _curie(iri: str, prefixes: Mapping[str, str]) -> str:
    curie = compress(iri, prefixes)
    return "" if curie == iri else f" ({curie})"

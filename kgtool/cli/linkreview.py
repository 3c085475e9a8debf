"""``kgtool link review``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgtool.cli.session import Session, pass_session
from kgtool.errors import DataError
from kgtool.linksets import Link

if TYPE_CHECKING:
    from kgtool.link.review import Review

__all__ = ["review"]

_KEYS = "[a]ccept, [r]eject, [s]kip, change the [p]redicate or the [k]ind, [q]uit"


@click.command(epilog="Example: kgtool link review proposals/eurovoc.sssom.tsv --by park:authors")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", metavar="CURIE", required=True, help="Who decides, such as orcid:0000-0002-1825-0097.")
@click.option("--accept", multiple=True, metavar="ID", help="Accept SUBJECT=OBJECT without asking.")
@click.option("--reject", multiple=True, metavar="ID", help="Reject SUBJECT=OBJECT, or all of a SUBJECT's.")
@click.option("--predicate", metavar="CURIE", default="", help="With --accept: how it is linked, if not as proposed.")
@click.option("--kind", metavar="KIND", default="", help="With --accept: what kind of thing the other is.")
@click.option("--confidence", type=click.FloatRange(0, 1), default=0.8, help="How sure you are of a link: 0.8.")
@click.option("--note", metavar="TEXT", default="", help="Your evidence: where you looked it up.")
@pass_session
def review(
    session: Session,
    file: Path,
    by: str,
    accept: tuple[str, ...],
    reject: tuple[str, ...],
    predicate: str,
    kind: str,
    confidence: float,
    note: str,
) -> None:
    """Decide about the proposals in FILE, row by row: what is accepted becomes a link, what is rejected is no more
    proposed.

    Each decision is written at once to the linkset of the target in graph/links/, with who decided and when, and taken
    out of FILE: you can stop at any time. What 'kgtool link check' would object to is refused.
    """
    from kgtool.link.review import Review

    session.project.refuse_if_installed()
    under_review = Review(session.project, file, by=by)
    accepted = rejected = 0
    if accept or reject:
        for name in reject:
            for link in under_review.find(name):
                under_review.reject(link, note=note)
                rejected += 1
        for name in accept:
            found = under_review.find(name)
            if len(found) > 1:
                several = ", ".join(f"{one.subject}={one.object}" for one in found)
                raise DataError(f"'{name}' is {len(found)} proposals", file=file, hint=f"say which: {several}")
            under_review.accept(found[0], predicate=predicate, kind=kind, confidence=confidence, note=note)
            accepted += 1
    else:
        accepted, rejected = _ask(under_review, confidence, note)
    waiting = len(under_review.waiting())
    where = session.project.relative(under_review.linkset)
    print(f"{where}: {accepted} accepted, {rejected} rejected, {waiting} waiting")


def _ask(under_review: Review, confidence: float, note: str) -> tuple[int, int]:
    """Show one proposal after the other until all are decided about, or the person has had enough."""
    accepted = rejected = 0
    every = under_review.waiting()
    for number, link in enumerate(every, start=1):
        proposal, answer = link, "?"
        _show(proposal, f"{number} of {len(every)}")
        while True:
            try:
                answer = click.prompt(_KEYS, default="s", show_default=False, err=True).strip().lower()[:1]
            except click.Abort:
                answer = "q"
            try:
                if answer == "p":
                    predicate = click.prompt("predicate", default=proposal.predicate, err=True)
                    proposal = proposal.with_slots(predicate_id=predicate)
                elif answer == "k":
                    kind = click.prompt("kind", default=proposal.text("object_category"), err=True)
                    proposal = proposal.with_slots(object_category=kind)
                elif answer == "a":
                    under_review.accept(proposal, confidence=confidence, note=note)
                    accepted += 1
                elif answer == "r":
                    under_review.reject(link, note=note)
                    rejected += 1
            except DataError as exc:
                print(f"refused: {exc}")
                continue
            if answer in {"a", "r", "s", "q"}:
                break
            _show(proposal, f"{number} of {len(every)}")
        if answer == "q":
            break
    return accepted, rejected


def _show(link: Link, place: str) -> None:
    """Show a proposal: both sides, how they would be linked, and the reasons, one step per line."""
    steps, _, total = link.text("comment").rpartition(" = ")
    kind = f" ({link.text('object_category')})" if link.text("object_category") else ""
    print(f"\n{place}: {link.text('confidence')}")
    print(f"  {link.text('subject_label')}  {link.subject}")
    print(f"  {link.predicate}")
    print(f"  {link.text('object_label')}  {link.object}{kind}")
    for step in steps.split("; "):
        reason, _, bits = step.rpartition(" ")
        print(f"    {bits:>6}  {reason}")
    print(f"    {'=':>6}  {total}", flush=True)

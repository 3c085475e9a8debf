"""Proposals decided about by a person: what is accepted becomes a link, what is rejected is recorded as none.

Both stand in the linkset of their target, with who decided and when: ``predicate_modifier`` ``Not`` is SSSOM's word for
a mapping that is none, and what has it is not proposed again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from kgtool.build import base_of
from kgtool.errors import DataError, NotFoundError
from kgtool.link.check import check_links
from kgtool.link.rows import name_of
from kgtool.link.things import open_things
from kgtool.linksets.model import NO_TERM, Link, Linkset
from kgtool.linksets.reading import read_linkset
from kgtool.linksets.slots import BUILT_IN
from kgtool.linksets.starting import start_linkset
from kgtool.linksets.targets import TARGETS, Target
from kgtool.linksets.writing import write_linkset
from kgtool.namespaces import FOAF, expand, read_prefixes
from kgtool.project import Project
from kgtool.report import Finding

__all__ = ["Review"]

#: Prefixes of reviewers and of pages, which a project need not have.
_PREFIXES = {"orcid": "https://orcid.org/", "foaf": FOAF}


class Review:
    """A file of proposals under review: every decision is written at once, to the linkset and out of the file.

    :param file: what ``kgtool link suggest`` wrote.
    :param by: who decides: a CURIE, such as ``orcid:0000-0002-1825-0097``.
    :param on: the day of the decisions; by default, today.
    :raises DataError: if the file cannot be read, is of no known target, or nobody is named.
    """

    def __init__(self, project: Project, file: Path, *, by: str, on: date | None = None) -> None:
        self._project = project
        self._file = file
        self._proposals = read_linkset(file, name=project.relative(file.absolute()))
        self._others = [read_linkset(one, name=project.relative(one)) for one in project.link_files()]
        self._target = self._find_target()
        self._on = (on or date.today()).isoformat()  # noqa: DTZ011 - the reviewer's own day
        self._by = by
        self._prefixes = self._known_prefixes()
        self._things = open_things(project)

    @property
    def target(self) -> Target:
        """What the proposals link to."""
        return self._target

    @property
    def linkset(self) -> Path:
        """The file that decisions are written to."""
        return self._project.root / "graph" / "links" / f"{self._target.name}.sssom.tsv"

    def waiting(self) -> list[Link]:
        """Return the proposals that nobody has decided about, the most probable first."""
        decided = {
            (linkset.expand(link.subject), linkset.expand(link.object))
            for linkset in self._others
            for link in linkset.links
        }
        open_ = [link for link in self._proposals.links if self._ends(link) not in decided]
        return sorted(open_, key=lambda link: (-(link.confidence or 0), link.subject, link.object))

    def find(self, name: str) -> list[Link]:
        """Return the proposals that are meant by ``SUBJECT``, or ``SUBJECT=OBJECT``.

        :raises NotFoundError: if there is none.
        """
        subject, _, object_ = name.partition("=")
        found = [link for link in self.waiting() if link.subject == subject and object_ in ("", link.object)]
        if not found:
            there = ", ".join(f"{link.subject}={link.object}" for link in self.waiting()[:5])
            raise NotFoundError(
                f"no proposal '{name}'",
                file=self._proposals.file,
                hint=f"give it as SUBJECT=OBJECT: {there}" if there else "all are decided about",
            )
        return found

    def accept(
        self, proposal: Link, *, predicate: str = "", kind: str = "", confidence: float = 0.8, note: str = ""
    ) -> Link:
        """Make a link of a proposal.

        :param predicate: how it is linked, if not as proposed.
        :param kind: what kind of thing the other is, if the proposal does not say, or is wrong.
        :param confidence: how sure the reviewer is.
        :param note: the reviewer's evidence, which stands before the reasons of the proposal.
        :returns: the row that was written.
        :raises DataError: if ``kgtool link check`` would find something wrong with it; nothing is written then.
        """
        row = self._decided(proposal, note).with_slots(
            predicate_id=predicate or proposal.predicate,
            object_category=kind or proposal.text("object_category"),
            confidence=confidence,
        )
        self._write(row, proposal)
        return row

    def reject(self, proposal: Link, *, confidence: float = 0.95, note: str = "") -> Link:
        """Record that a proposal is no link, so that it is not made again; see :meth:`accept`."""
        row = self._decided(proposal, note).with_slots(predicate_modifier="Not", confidence=confidence)
        self._write(row, proposal)
        return row

    def _decided(self, proposal: Link, note: str) -> Link:
        found = proposal.text("comment")
        return proposal.with_slots(
            mapping_justification="semapv:MappingReview",
            author_id=(self._by,),
            reviewer_id=(self._by,),
            mapping_date=self._on,
            comment=f"{note}; {found}" if note else found,
        )

    def _write(self, row: Link, proposal: Link) -> None:
        """Write a decision: first to the linkset, then out of the file of proposals."""
        before = next((one for one in self._others if name_of(one) == self._target.name), None)
        if before is None:
            creators = (self._by,)
            before = start_linkset(
                self._target,
                base=base_of(self._project),
                version=self._on,
                prefixes=self._prefixes,
                creators=creators,
            )._replace(file=self._project.relative(self.linkset))
        metadata = {**before.metadata, "mapping_set_version": self._on}
        after = before._replace(metadata=metadata, prefixes={**self._prefixes, **before.prefixes})
        after = after.with_links([*before.links, row])
        self._refuse_unsound(after, row)
        self.linkset.parent.mkdir(parents=True, exist_ok=True)
        write_linkset(after, self.linkset)
        self._others = [one for one in self._others if one is not before]
        self._others.append(read_linkset(self.linkset, name=self._project.relative(self.linkset)))
        left = [link for link in self._proposals.links if self._ends(link) != self._ends(proposal)]
        self._proposals = self._proposals.with_links(left)
        write_linkset(self._proposals, self._file)

    def _refuse_unsound(self, after: Linkset, row: Link) -> None:
        """Refuse a decision with which the linksets would have a fault that they have not now.

        :raises DataError: if they would.
        """
        before = {_fault(finding) for finding in self._check(self._project.link_files())}
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / self.linkset.name
            write_linkset(after, file)
            others = [one for one in self._project.link_files() if one != self.linkset]
            found = self._check([*others, file])
        wrong = next((one for one in found if _fault(one) not in before), None)
        if wrong is not None:
            what = f"{row.subject} {row.predicate} {row.object}: {wrong.message.en}"
            raise DataError(what, file=after.file, hint=wrong.repair.en if wrong.repair else None)

    def _check(self, linksets: Sequence[Path]) -> list[Finding]:
        findings, _ = check_links(self._project, linksets, self._things)
        return [finding for finding in findings if finding.severity == "violation"]

    def _ends(self, link: Link) -> tuple[str | None, str | None]:
        return self._proposals.expand(link.subject), self._proposals.expand(link.object)

    def _find_target(self) -> Target:
        sources: Sequence[str | None] = [
            self._proposals.expand(link.text("object_source")) for link in self._proposals.links
        ]
        shared = self._proposals.metadata.get("object_source")
        if isinstance(shared, str):
            sources = [*sources, self._proposals.expand(shared)]
        found = {target.name for target in TARGETS.values() if target.iri in sources}
        name = found.pop() if len(found) == 1 else name_of(self._proposals)
        if name not in TARGETS:
            hint = "review what 'kgtool link suggest' wrote"
            raise DataError("nothing says which dataset it links to", file=self._proposals.file, hint=hint)
        return TARGETS[name]

    def _known_prefixes(self) -> Mapping[str, str]:
        known = {**_PREFIXES, **read_prefixes(self._project.prefixes_file)}
        for linkset in (*self._others, self._proposals):
            known.update({prefix: iri for prefix, iri in linkset.prefixes.items() if prefix not in known})
        if expand(self._by, known) is None or self._by == NO_TERM or expand(self._by, BUILT_IN) is not None:
            hint = "name a person as a CURIE, such as orcid:0000-0002-1825-0097"
            raise DataError(f"'{self._by}' is nobody who can review", hint=hint)
        return known


def _fault(finding: Finding) -> tuple[object, ...]:
    """Return what a finding is about, wherever it stands."""
    return finding.check, finding.focus, finding.path, finding.value

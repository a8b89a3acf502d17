"""Documents are kept together with the fact that names them, in its transaction and by whoever may record it; or later, for an old fact.

The sealed file is on the disk before any of this is decided; a file without its fact is harmless and is tidied away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from ..command import Command, Context
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from ..student.student import current_student, unit_of_student
from .document import Evidence, kept_evidence
from .facts import EvidenceKept, EvidenceShowsNamed
from .naming import documents_of, naming_of, students_of

OFFICE = frozenset(
    {
        "administrator",
        "clerk",
        "surveyor",
        "applicant-clerk",
        "reviewer",
        "approver",
        "treasurer",
        "preparer",
        "cashier",
        "helper-clerk",
        "inspector",
        "privacy-officer",
    }
)
"""Who may hand a document in for an old fact, and say whom one shows."""
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class SealedDocument:
    """A document whose sealed file lies in the store; fields as in `EvidenceKept`."""

    sha256: str
    document: str
    bytes: int
    media_type: str
    stored: str
    title: Sealed


@dataclass(frozen=True, kw_only=True)
class WithDocuments(Command):
    """The last command of an execution, with the documents that were handed in for it: one decision, by one person, in one capacity.

    Each document is kept where a fact of this execution names it, and shows the students whom those facts are about.
    """

    command: Command
    documents: tuple[SealedDocument, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.command.name)
        object.__setattr__(self, "roles", self.command.roles)
        object.__setattr__(self, "on", self.command.on)

    def needs(self) -> tuple[str, ...]:
        return (*self.command.needs(), *(f"evidence/{one.sha256}" for one in self.documents))

    def units(self, streams: Streams) -> tuple[str, ...]:
        return tuple(self.command.units(streams))

    def preferred_role(self, streams: Streams, day: date) -> str | None:
        return self.command.preferred_role(streams, day)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        events = self.command.decide(streams, context)
        naming: dict[str, list[tuple[str, Event]]] = {one.sha256: [] for one in self.documents}
        for ref, event in _of_execution(streams, events):
            for sha256 in documents_of(event[1]):
                if sha256 in naming:
                    naming[sha256].append((ref, event))
        kept: list[Event] = []
        for one in self.documents:
            if naming[one.sha256]:
                about = (students_of(streams, stream, fact) for _ref, (stream, fact) in naming[one.sha256])
                shows = tuple(dict.fromkeys(student for students in about for student in students))
                kept += _kept(streams, one, shows, self.stamp(context, naming[one.sha256][0][0]))
        return [*events, *kept]


def _of_execution(streams: Streams, last: Sequence[Event]) -> Iterator[tuple[str, Event]]:
    """The facts decided so far and those of the last command, each with its reference."""
    for recorded in streams.decided:
        yield recorded.ref, (recorded.originator_id, recorded.fact)
    versions: dict[str, int] = {}
    for stream, fact in last:
        version = versions.get(stream) or int(streams.next_ref(stream).rpartition("@")[2])
        versions[stream] = version + 1
        yield f"{stream}@{version}", (stream, fact)


@dataclass(frozen=True, kw_only=True)
class KeepForFacts(Command):
    """Hands in the document that facts of old, `named_by` (`stream@version` each), name by its digest; it shows the students they are
    about. Refused `evidence_not_named`, and `person_erased` where one of them is of somebody erased."""

    name: ClassVar[str] = "KeepForFacts"
    roles: ClassVar[frozenset[str]] = OFFICE
    document: SealedDocument
    named_by: tuple[str, ...]

    def needs(self) -> tuple[str, ...]:
        return (*(ref.rpartition("@")[0] for ref in self.named_by), f"evidence/{self.document.sha256}")

    def units(self, streams: Streams) -> tuple[str, ...]:
        found = [one for ref in self.named_by if (one := naming_of(streams, ref, self.document.sha256)) is not None]
        units = [unit for one in found for student in one.students for unit in unit_of_student(streams, student)]
        return tuple(dict.fromkeys((*units, *(one.unit for one in found if one.unit and not one.students))))

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        sha256 = self.document.sha256
        about: dict[str, None] = {}
        for ref in self.named_by:
            naming = naming_of(streams, ref, sha256)
            if naming is None:
                raise Refused("evidence_not_named", event=ref, sha256=sha256)
            self.refuse_out_of_time(context, (naming.since, ref))
            about |= dict.fromkeys(current_student(streams, student).id for student in naming.students)
        if not self.named_by:
            raise Refused("evidence_unknown", sha256=sha256)
        events = _kept(streams, self.document, tuple(about), self.stamp(context, self.named_by[0]))
        if not events:
            raise Refused("evidence_kept_already", sha256=sha256)
        return events


@dataclass(frozen=True, kw_only=True)
class NameShown(Command):
    """Says whom a kept document shows, or, of those named before, whom it does not."""

    name: ClassVar[str] = "NameShown"
    roles: ClassVar[frozenset[str]] = OFFICE
    sha256: str
    shows: tuple[str, ...] = ()
    not_shown: tuple[str, ...] = ()

    def needs(self) -> tuple[str, ...]:
        return (f"evidence/{self.sha256}", *(f"student/{one}" for one in (*self.shows, *self.not_shown)))

    def units(self, streams: Streams) -> tuple[str, ...]:
        return tuple(dict.fromkeys(unit for one in (*self.shows, *self.not_shown) for unit in unit_of_student(streams, one)))

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, kept = kept_evidence(streams, self.sha256)
        self.refuse_out_of_time(context, (kept.effective_on, state.kept_ref))
        for student in self.shows:
            current_student(streams, student)
        new = tuple(one for one in dict.fromkeys(self.shows) if one not in state.shows)
        gone = tuple(one for one in dict.fromkeys(self.not_shown) if one in state.shows)
        if not new and not gone:
            raise Refused("evidence_shows_already", sha256=self.sha256)
        fact = EvidenceShowsNamed(**self.stamp(context, state.ref), shows=new, not_shown=gone)
        return [(state.stream, fact)]


def whole_digest(written: str) -> str | None:
    """The digest as facts have it, from 64 hex digits however written; None for anything else."""
    text = written.strip().lower().removeprefix("evidence/")
    return text if _DIGEST.fullmatch(text) else None


def _kept(streams: Streams, one: SealedDocument, shows: tuple[str, ...], common: dict[str, Any]) -> list[Event]:
    """What follows for one document that is named: it is kept, or shows somebody more, or nothing is new.

    Sealed otherwise than before means that its key had been lost, and the file of then can be opened no more. Refused `evidence_erased`.
    """
    state = streams.read(Evidence, one.sha256)
    if state.erased:
        raise Refused("evidence_erased", sha256=one.sha256)
    if state.kept is None or state.kept.stored != one.stored:
        fact = EvidenceKept(
            **common,
            document=one.document,
            bytes=one.bytes,
            media_type=one.media_type,
            stored=one.stored,
            shows=shows,
            title=one.title,
        )
        return [(state.stream, fact)]
    new = tuple(student for student in shows if student not in state.shows)
    if not new:
        return []
    return [(state.stream, EvidenceShowsNamed(**common, shows=new))]

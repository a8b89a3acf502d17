"""A document is erased as a person is: the fact first, then its key and its file. One that shows others too is not given up unasked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..command import Command, Context
from ..privacy.erasing import LIST
from ..privacy.facts import PersonsErased
from ..privacy.person import refuse_held
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from ..student.student import every_reference, unit_of_student
from .document import Evidence, kept_evidence
from .facts import DocumentsErased, EvidenceErased


@dataclass(frozen=True, kw_only=True)
class EraseDocument(Command):
    """Gives a document up for good, for the sake of students it shows (`of`), or of nobody it is known to show.

    although_others: also where it shows other students. What opening a ledger carries out is its list: with a person erased in the same
    execution the document stands there already, else it is entered. Refused `evidence_not_kept`, `evidence_erased`, `legal_hold`,
    `evidence_shows_others` (how many).
    """

    name: ClassVar[str] = "EraseDocument"
    roles: ClassVar[frozenset[str]] = frozenset({"privacy-officer"})
    sha256: str
    of: tuple[str, ...] = ()
    although_others: bool = False
    reason: Sealed | None = None

    def needs(self) -> tuple[str, ...]:
        return (f"evidence/{self.sha256}", *(f"student/{one}" for one in self.of))

    def units(self, streams: Streams) -> tuple[str, ...]:
        shows = streams.read(Evidence, self.sha256).shows
        return tuple(dict.fromkeys(unit for one in (*self.of, *shows) for unit in unit_of_student(streams, one)))

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, kept = kept_evidence(streams, self.sha256)
        self.refuse_out_of_time(context, (kept.effective_on, state.kept_ref))
        same = {ref for one in self.of for ref in every_reference(streams, one)}
        others = tuple(one for one in state.shows if one not in same)
        if others and not self.although_others:
            raise Refused("evidence_shows_others", sha256=self.sha256, others=len(others))
        refuse_held(streams, (*self.of, *state.shows), context.today)
        fact = EvidenceErased(**self.stamp(context, state.ref), of=self.of, others=others, reason=self.reason)
        if any(isinstance(one.fact, PersonsErased) and self.sha256 in one.fact.documents for one in streams.decided):
            return [(state.stream, fact)]
        listed = DocumentsErased(**self.stamp(context, streams.next_ref(state.stream)), documents=(self.sha256,))
        return [(state.stream, fact), (LIST, listed)]

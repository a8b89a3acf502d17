"""What an office does about a pupil who has dropped out: find, assign the three who help, visit, note the return, close, open again.

Cases are closed one by one as each pupil returns (三帮一, 销号). Closing one whose pupil has not returned needs a reason; what an office's
own ledger says was closed is taken in as it was recorded, and shown as closed without return.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..command import Command, Context
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from ..student.student import current_student
from ..unit import existing_unit, working_unit
from ..values.ids import refuse_unusable
from .facts import CaseClosed, CaseReopened, DropoutFound, PersuasionVisited, PupilFollowed, PupilsCounted, StudentReturned, TeamAssigned
from .state import DropoutCase, PupilCount, existing_case, refuse_running

KEEPERS = frozenset({"helper-clerk", "clerk"})


@dataclass(frozen=True, kw_only=True)
class FindDropout(Command):
    """Opens a case under the office's own number, for a pupil who has none that is open; `on` is the day the pupil left."""

    name: ClassVar[str] = "FindDropout"
    roles: ClassVar[frozenset[str]] = KEEPERS
    case: str
    student: str
    unit: str
    stage: str
    school: str | None = None
    person: Sealed
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"dropout/{self.case}", f"student/{self.student}", f"dropouts/{self.student}")

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        refuse_unusable("case", self.case)
        state = streams.read(DropoutCase, self.case)
        if state.exists:
            raise Refused("dropout_case_exists", case=self.case)
        self.refuse_out_of_time(context)
        working_unit(streams, self.unit, self.on or context.today)
        student = current_student(streams, self.student)
        refuse_running(streams, student.id, self.case)
        fact = DropoutFound(
            **self.stamp(context, self.source, student.ref),
            student=student.id,
            unit=self.unit,
            stage=self.stage,
            school=self.school,
            person=self.person,
        )
        followed = PupilFollowed(**self.stamp(context, streams.next_ref(state.stream)), case=self.case)
        return [(state.stream, fact), (f"dropouts/{student.id}", followed)]


@dataclass(frozen=True, kw_only=True)
class DropoutCommand(Command):
    """Base of what is done in a case that exists."""

    roles: ClassVar[frozenset[str]] = KEEPERS
    case: str
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"dropout/{self.case}",)

    def units(self, streams: Streams) -> tuple[str, ...]:
        unit = streams.read(DropoutCase, self.case).unit
        return (unit,) if unit else ()

    def _case(self, streams: Streams, context: Context) -> tuple[DropoutCase, date]:
        """The case, and the day, which is no later than today."""
        self.refuse_out_of_time(context)
        state = existing_case(streams, self.case)
        current_student(streams, state.student)
        return state, self.on or context.today


@dataclass(frozen=True, kw_only=True)
class AssignTeam(DropoutCommand):
    """Names those who help; roles left out stay as they are."""

    name: ClassVar[str] = "AssignTeam"
    teacher: Sealed | None = None
    village_cadre: Sealed | None = None
    guardian: Sealed | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, day = self._case(streams, context)
        if not (self.teacher or self.village_cadre or self.guardian):
            raise Refused("dropout_team_empty", case=self.case)
        if state.closed_on is not None:
            raise Refused("dropout_case_closed", case=self.case, closed_on=state.closed_on.isoformat())
        if day < state.found_on:
            raise Refused("dropout_before_found", case=self.case, on=day.isoformat(), since=state.found_on.isoformat())
        common = self.stamp(context, self.source, state.found_ref)
        fact = TeamAssigned(**common, teacher=self.teacher, village_cadre=self.village_cadre, guardian=self.guardian)
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class VisitDropout(DropoutCommand):
    name: ClassVar[str] = "VisitDropout"
    note: Sealed | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, day = self._case(streams, context)
        state.check_visit(day)
        return [(state.stream, PersuasionVisited(**self.stamp(context, self.source, state.found_ref), note=self.note))]


@dataclass(frozen=True, kw_only=True)
class ReturnDropout(DropoutCommand):
    name: ClassVar[str] = "ReturnDropout"

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, day = self._case(streams, context)
        state.check_return(day)
        return [(state.stream, StudentReturned(**self.stamp(context, self.source, state.found_ref)))]


@dataclass(frozen=True, kw_only=True)
class CloseDropout(DropoutCommand):
    """销号. `as_recorded`: an office's own ledger says so, and a fact is not refused because it should not have been."""

    name: ClassVar[str] = "CloseDropout"
    reason: Sealed | None = None
    as_recorded: bool = False

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, day = self._case(streams, context)
        state.check_close(day, without_return=self.as_recorded or self.reason is not None)
        common = self.stamp(context, self.source, state.returned_ref or state.found_ref)
        return [(state.stream, CaseClosed(**common, without_return=state.returned_on is None, reason=self.reason))]


@dataclass(frozen=True, kw_only=True)
class ReopenDropout(DropoutCommand):
    name: ClassVar[str] = "ReopenDropout"
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, day = self._case(streams, context)
        state.check_reopen(day)
        refuse_running(streams, state.student, self.case)
        return [(state.stream, CaseReopened(**self.stamp(context, self.source, state.closed_ref), reason=self.reason))]


@dataclass(frozen=True, kw_only=True)
class CountPupils(Command):
    """年初在校生数 of one unit, stage and year, from its first day or from `on`; counted again, the later number counts. The same number
    again is recorded once."""

    name: ClassVar[str] = "CountPupils"
    roles: ClassVar[frozenset[str]] = KEEPERS
    unit: str
    stage: str
    year: int
    pupils: int
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"pupils/{self.unit}/{self.year}/{self.stage}",)

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        unit = existing_unit(streams, self.unit)
        first = date(self.year, 1, 1)
        day = self.on or first
        if max(first, day) > context.today:
            raise Refused("effective_in_future", on=max(first, day).isoformat(), today=context.today.isoformat())
        if self.pupils <= 0:
            raise Refused("pupils_not_above_zero", unit=self.unit, stage=self.stage)
        state = streams.read(PupilCount, self.unit, str(self.year), self.stage)
        if state.pupils == self.pupils:
            return []
        common = self.stamp(context, self.source, state.ref if state.exists else unit.ref) | {"effective_on": day}
        return [(state.stream, PupilsCounted(**common, unit=self.unit, stage=self.stage, year=self.year, pupils=self.pupils))]

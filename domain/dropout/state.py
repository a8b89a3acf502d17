"""A dropout case in its order: found, visited, returned, closed; what comes out of that order is refused by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..facts import Fact
from ..refusal import Refused
from ..streams import State, Streams, replace
from ..student.student import every_reference
from .facts import CaseClosed, CaseReopened, DropoutFound, PersuasionVisited, PupilFollowed, PupilsCounted, StudentReturned, TeamAssigned


@dataclass(frozen=True)
class DropoutCase(State):
    """`since`: the day the pupil was last known to have left; `returned_on`, `closed_on`: None again once the case is reopened."""

    prefix: ClassVar[str] = "dropout"
    student: str = ""
    unit: str = ""
    stage: str = ""
    school: str | None = None
    found_ref: str = ""
    found_on: date = date.min
    since: date = date.min
    team: frozenset[str] = frozenset()
    visits: frozenset[date] = frozenset()
    returned_on: date | None = None
    returned_ref: str = ""
    closed_on: date | None = None
    closed_ref: str = ""

    @property
    def open(self) -> bool:
        return self.exists and self.closed_on is None

    def evolve(self, fact: Fact, ref: str) -> DropoutCase:
        match fact:
            case DropoutFound():
                return replace(
                    self,
                    student=fact.student,
                    unit=fact.unit,
                    stage=fact.stage,
                    school=fact.school,
                    found_ref=ref,
                    found_on=fact.effective_on,
                    since=fact.effective_on,
                )
            case TeamAssigned():
                members = {"teacher": fact.teacher, "village-cadre": fact.village_cadre, "guardian": fact.guardian}
                return replace(self, team=self.team | {role for role, box in members.items() if box is not None})
            case PersuasionVisited():
                return replace(self, visits=self.visits | {fact.effective_on})
            case StudentReturned():
                return replace(self, returned_on=fact.effective_on, returned_ref=ref)
            case CaseClosed():
                return replace(self, closed_on=fact.effective_on, closed_ref=ref)
            case CaseReopened():
                return replace(self, since=fact.effective_on, returned_on=None, returned_ref="", closed_on=None, closed_ref="")
        return self

    def check_visit(self, day: date) -> None:
        """A visit lies between the dropout and the closing, and is recorded once a day."""
        self._check_since(day)
        self._check_open_on(day)
        if day in self.visits:
            raise Refused("dropout_visit_exists", case=self.id, on=day.isoformat())

    def check_return(self, day: date) -> None:
        """A pupil returns once, after having left. A return of before the closing may be learned of after it."""
        self._check_since(day)
        if self.returned_on is not None:
            raise Refused("dropout_returned", case=self.id, returned_on=self.returned_on.isoformat())
        self._check_open_on(day)

    def check_close(self, day: date, *, without_return: bool) -> None:
        """A case is closed once, when the pupil is back; `without_return`: or although not."""
        if self.closed_on is not None:
            raise Refused("dropout_case_closed", case=self.id, closed_on=self.closed_on.isoformat())
        self._check_since(day)
        if self.returned_on is None and not without_return:
            raise Refused("dropout_not_returned", case=self.id)
        if self.returned_on is not None and day < self.returned_on:
            raise Refused("dropout_closed_before_return", case=self.id, on=day.isoformat(), returned_on=self.returned_on.isoformat())

    def check_reopen(self, day: date) -> None:
        """Only what is closed is opened again, on the day of the closing or later."""
        if self.closed_on is None:
            raise Refused("dropout_case_open", case=self.id)
        if day < self.closed_on:
            raise Refused("dated_before_basis", on=day.isoformat(), since=self.closed_on.isoformat(), says=self.closed_ref)

    def _check_since(self, day: date) -> None:
        if day < self.since:
            raise Refused("dropout_before_found", case=self.id, on=day.isoformat(), since=self.since.isoformat())

    def _check_open_on(self, day: date) -> None:
        if self.closed_on is not None and day > self.closed_on:
            raise Refused("dropout_case_closed", case=self.id, closed_on=self.closed_on.isoformat())


@dataclass(frozen=True)
class FollowedPupil(State):
    """`dropouts/<student>`: the cases there have been of the pupil."""

    prefix: ClassVar[str] = "dropouts"
    cases: tuple[str, ...] = ()

    def evolve(self, fact: Fact, ref: str) -> FollowedPupil:
        return replace(self, cases=(*self.cases, fact.case)) if isinstance(fact, PupilFollowed) else self


def refuse_running(streams: Streams, student: str, but: str) -> None:
    """`dropout_case_running`: the pupil has an open case already, under whichever reference, beside `but`."""
    for ref in every_reference(streams, student):
        for case in streams.read(FollowedPupil, ref).cases:
            if case != but and streams.read(DropoutCase, case).open:
                raise Refused("dropout_case_running", case=case)


@dataclass(frozen=True)
class PupilCount(State):
    """`pupils/<unit>/<year>/<stage>`: the pupils at the start of the year."""

    prefix: ClassVar[str] = "pupils"
    pupils: int | None = None

    def evolve(self, fact: Fact, ref: str) -> PupilCount:
        return replace(self, pupils=fact.pupils) if isinstance(fact, PupilsCounted) else self


def existing_case(streams: Streams, case: str) -> DropoutCase:
    """The case, or `dropout_case_unknown`."""
    found = streams.read(DropoutCase, case)
    if not found.exists:
        raise Refused("dropout_case_unknown", case=case)
    return found

"""What can happen to a dropout case (三帮一): names and reasons are sealed, each under the key of whom they are about."""

from __future__ import annotations

from ..facts import Fact
from ..sealed import Sealed


class DropoutFound(Fact):
    """A pupil has been out of school since `effective_on`. `unit` is the county or school whose case it is; `school` a plain name;
    `person` seals the pupil's name and number and the cause."""

    topic = "dropout.found"
    student: str
    unit: str
    stage: str
    school: str | None = None
    person: Sealed


class PupilFollowed(Fact):
    """Written into the pupil's own stream (`dropouts/<student>`) with the case: so that nobody opens a second one beside it."""

    topic = "dropout.pupil_followed"
    case: str


class TeamAssigned(Fact):
    """三帮一: who helps from now on; whoever is not named here stays. Each is a person with a reference of their own: the box's subject."""

    topic = "dropout.team_assigned"
    teacher: Sealed | None = None
    village_cadre: Sealed | None = None
    guardian: Sealed | None = None


class PersuasionVisited(Fact):
    """劝返走访: somebody of the team saw the pupil or the family that day."""

    topic = "dropout.persuasion_visited"
    note: Sealed | None = None


class StudentReturned(Fact):
    """The pupil is back in school from `effective_on`."""

    topic = "dropout.student_returned"


class CaseClosed(Fact):
    """销号. `without_return`: the pupil was not back when it was recorded; `reason` says why it was closed all the same, where given."""

    topic = "dropout.case_closed"
    without_return: bool
    reason: Sealed | None = None


class CaseReopened(Fact):
    """The pupil is out of school again, or the closing was wrong: team and visits stay, the return counts no longer."""

    topic = "dropout.case_reopened"
    reason: Sealed


class PupilsCounted(Fact):
    """年初在校生数: how many pupils of a stage the unit had at the start of the year, the base of its dropout rate."""

    topic = "dropout.pupils_counted"
    unit: str
    stage: str
    year: int
    pupils: int

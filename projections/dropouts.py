"""控辍保学: each dropout case as it stood on any day, and how many pupils were lost against those at the start of the year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, get_args

from sqlalchemy import select

from mingzhang.domain.plan.words import Stage
from mingzhang.domain.sealed import Sealed

from .boxes import sealed, with_box
from .dropouts_tables import CASE, MEMBER, PUPILS, STEP
from .projection import View
from .register.offices import units_below
from .register.recognition import survivors

_ORDER = {stage: place for place, stage in enumerate(get_args(Stage))}


class CaseRow(NamedTuple):
    """A case found by the day, as it stood then. Days are ISO; `returned_on` and `closed_on` None while not, and again after a reopening.

    team: role -> box of who helps; closing_reason: whether a reason was given; person: box of the pupil.
    """

    case: str
    student: str
    unit: str
    stage: str
    school: str | None
    found_on: str
    visits: int
    last_visit_on: str | None
    returned_on: str | None
    closed_on: str | None
    closing_reason: bool
    reopened: int
    team: Mapping[str, Sealed]
    person: Sealed
    ref: str

    @property
    def open(self) -> bool:
        """Not closed (销号)."""
        return self.closed_on is None

    @property
    def returned_but_not_closed(self) -> bool:
        return self.returned_on is not None and self.closed_on is None

    @property
    def closed_without_return(self) -> bool:
        return self.closed_on is not None and self.returned_on is None

    @property
    def never_visited(self) -> bool:
        return self.visits == 0

    def missing(self, team: Iterable[str]) -> tuple[str, ...]:
        """Which of the wanted roles nobody fills."""
        return tuple(role for role in team if role not in self.team)


class LostRow(NamedTuple):
    """One stage of one unit in one year: pupils at its start (None: not counted), those who left and were not back on the day."""

    unit: str
    stage: str
    pupils: int | None
    not_returned: int


class _Course:
    """Steps of one case folded in effective order, the later record winning ties."""

    def __init__(self) -> None:
        self.visits: list[str] = []
        self.returned: str | None = None
        self.closed: str | None = None
        self.reason = False
        self.reopened = 0

    def take(self, step: str, day: str, reason: bool) -> None:
        match step:
            case "persuasion_visited":
                self.visits.append(day)
            case "student_returned":
                self.returned = day
            case "case_closed":
                self.closed, self.reason = day, reason
            case "case_reopened":
                self.returned, self.closed, self.reason = None, None, False
                self.reopened += 1


def dropout_cases(view: View, unit: str | None = None) -> list[CaseRow]:
    """All cases found by the day, in the order of their numbers. A unit means itself and those below it."""
    wanted = units_below(view, unit) if unit is not None else None
    courses: dict[str, _Course] = {}
    steps = view.points(STEP)
    for row in view.rows(select(steps).order_by(steps.c.effective_on, steps.c.fact_leaf)):
        courses.setdefault(row.case_id, _Course()).take(row.step, row.effective_on, bool(row.reason_given))
    teams: dict[str, dict[str, Sealed]] = {}
    for row in view.rows(select(view.held(MEMBER))):
        teams.setdefault(row.case_id, {})[row.role] = sealed(row.member_box)
    held = view.held(CASE)
    found = []
    for row in view.rows(with_box(held).order_by(held.c.case_id)):
        if wanted is not None and row.unit not in wanted:
            continue
        course = courses.get(row.case_id) or _Course()
        found.append(
            CaseRow(
                case=row.case_id,
                student=row.student,
                unit=row.unit,
                stage=row.stage,
                school=row.school,
                found_on=row.effective_from,
                visits=len(course.visits),
                last_visit_on=course.visits[-1] if course.visits else None,
                returned_on=course.returned,
                closed_on=course.closed,
                closing_reason=course.reason,
                reopened=course.reopened,
                team=teams.get(row.case_id, {}),
                person=sealed(row.box),
                ref=row.ref,
            )
        )
    return found


def pupils_lost(view: View, year: int, unit: str | None = None) -> list[LostRow]:
    """Per unit and stage with pupils or cases in that year: of the pupils whose case was found in it, those not back on the view's day.
    A pupil with several counts once, by the last of them, wherever that was."""
    wanted = units_below(view, unit) if unit is not None else None
    counted: dict[tuple[str, str], int] = {}
    for row in view.rows(select(view.held(PUPILS, lambda c: c.year == str(year)))):
        counted[row.unit, row.stage] = row.pupils
    merged = survivors(view)
    found = [case for case in dropout_cases(view) if case.found_on[:4] == str(year)]
    last = {merged.get(case.student, case.student): case for case in sorted(found, key=lambda case: (case.found_on, case.case))}
    lost = dict.fromkeys(((case.unit, case.stage) for case in found), 0)
    for case in last.values():
        lost[case.unit, case.stage] += case.returned_on is None
    places = sorted({*counted, *lost}, key=lambda place: (place[0], _ORDER.get(place[1], len(_ORDER)), place[1]))
    return [LostRow(*place, counted.get(place), lost.get(place, 0)) for place in places if wanted is None or place[0] in wanted]

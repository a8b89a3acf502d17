"""学业帮扶 of one term: failed courses nobody helps with, checks a tutor missed, weeks without the half day of duty, parents not told.

What a check and a duty are is said by the plan in force when the term began; when it began is a day the office was told (`plan date`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select

from mingzhang.domain.plan.pairing_rules import TutoringRules
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.values.cadences import Span, unkept, weeks_from, whole_weeks
from mingzhang.domain.values.periods import period as period_of

from .boxes import sealed, with_box
from .contacts import ContactRow, PairingRow, contacts, pairings
from .due_tables import PLAN_DAY
from .pairing_tables import COURSE, COURSE_TUTOR, HELPER_SWAP, PAIRING_HELPER, PARENTS_TOLD, TUTORING_CHECK
from .projection import View
from .rules_in_force import rules_in_force
from .tables import FOREVER

TERM_DAYS = ("term-start", "term-end")
"""The days of the plan that lay a term down, as its duties ask for them."""


class CourseRow(NamedTuple):
    """A course on the 挂科名单 of a term: `failed`, or passed after all."""

    student: str
    period: str
    course: str
    failed: bool
    person: Sealed
    source: str | None
    row: int | None
    ref: str


class TutorGaps(NamedTuple):
    """A tutor of the term with the names of the `checks` missed and the numbers of the `weeks` without duty."""

    tutor: str
    checks: tuple[str, ...]
    weeks: tuple[int, ...]


class TermCalendar(NamedTuple):
    """Weeks of Monday to Sunday: the first holds the term's first day, the last its last one."""

    first_monday: date
    weeks: int


class TermRow(NamedTuple):
    """One term on one day. `asks`: days the office has not told yet; without them nobody's weeks can be counted.

    without_tutor: failed courses nobody helps with on the day; untold: failed courses the parents were not told of.
    """

    period: str
    plan: str
    rules: TutoringRules
    calendar: TermCalendar | None
    asks: tuple[str, ...]
    courses: tuple[CourseRow, ...]
    without_tutor: tuple[CourseRow, ...]
    untold: tuple[CourseRow, ...]
    tutors: tuple[TutorGaps, ...]

    def students_without_any_tutor(self) -> list[str]:
        """Whose failed courses are all without a tutor, in order."""
        lacking = {(row.student, row.course) for row in self.without_tutor}
        helped = {row.student for row in self.courses if row.failed and (row.student, row.course) not in lacking}
        return sorted({row.student for row in self.without_tutor} - helped)


def term(view: View, period: str) -> TermRow | None:
    """What stands on the view's day; None where no plan has rules for tutoring then, or had when the term was over."""
    in_force = rules_in_force(view)
    found = in_force.tutoring("", min(view.as_of.effective_on, period_of(period).last))
    if found is None:
        return None
    plan, rules = found
    days = _told_days(view, plan, period)
    if "term-start" in days and (begun := in_force.tutoring("", days["term-start"])) is not None and begun[0] == plan:
        rules = begun[1]
    listed = courses(view, period)
    failed = tuple(row for row in listed if row.failed)
    arranged = _arrangements(view, period)
    told = {(row.student, row.course) for row in view.rows(select(view.points(PARENTS_TOLD, lambda c: c.period == period)))}
    untold = tuple(row for row in failed if rules.parents_notified and (row.student, row.course) not in told)
    running = {(one.student, one.course) for one, pairing in arranged if pairing.until is None}
    asks = tuple(name for name in TERM_DAYS if name not in days)
    calendar = None if asks else _calendar(days["term-start"], days["term-end"])
    gaps = _tutor_gaps(view, rules, calendar, [pairing for _, pairing in arranged], period) if calendar else ()
    without = tuple(row for row in failed if (row.student, row.course) not in running)
    return TermRow(period, plan, rules, calendar, asks, listed, without, untold, gaps)


def courses(view: View, period: str | None = None) -> tuple[CourseRow, ...]:
    """The courses of the term's 挂科名单 (None: of all terms), in the order they were recorded."""
    held = view.held(COURSE, (lambda c: c.period == period) if period is not None else None)
    rows = view.rows(with_box(held).order_by(held.c.fact_leaf))
    return tuple(CourseRow(r.student, r.period, r.course, bool(r.failed), sealed(r.box), r.source, r.row, r.ref) for r in rows)


class Arranged(NamedTuple):
    """A pairing of kind tutoring: for which course of which term."""

    student: str
    period: str
    course: str
    pairing: str


def arranged_courses(view: View) -> list[Arranged]:
    """Every tutoring pairing of every term, oldest first."""
    points = view.points(COURSE_TUTOR)
    return [Arranged(r.student, r.period, r.course, r.pairing) for r in view.rows(select(points).order_by(points.c.fact_leaf))]


def _arrangements(view: View, period: str) -> list[tuple[Arranged, PairingRow]]:
    """The pairings that help or helped with a course of the term, oldest first."""
    known = {row.pairing: row for row in pairings(view) if row.kind == "tutoring"}
    return [(one, known[one.pairing]) for one in arranged_courses(view) if one.period == period and one.pairing in known]


def _told_days(view: View, plan: str, period: str) -> dict[str, date]:
    """The days of the term told so far; a later word takes the place of an earlier one."""
    points = view.points(PLAN_DAY, lambda c: c.plan == plan)
    rows = view.rows(select(points).where(points.c.period == period).order_by(points.c.fact_leaf))
    return {row.name: date.fromisoformat(row.day) for row in rows}


def _calendar(start: date, end: date) -> TermCalendar:
    monday = start - timedelta(days=start.weekday())
    return TermCalendar(monday, (end - monday).days // 7 + 1)


def _tutor_gaps(
    view: View, rules: TutoringRules, calendar: TermCalendar, of_term: Sequence[PairingRow], period: str
) -> tuple[TutorGaps, ...]:
    """Every tutor of the term, in the order of references; checks and weeks count from the first full one of their helping."""
    until = view.as_of.effective_on + timedelta(days=1)
    helping = _helping(view, {row.pairing: row for row in of_term}, _peers(view, period), until)
    records: dict[str, list[ContactRow]] = {}
    about = {row.pairing for row in of_term}
    for one in contacts(view, texts=False):
        if one.pairing in about:
            records.setdefault(one.helper, []).append(one)
    checked = _checked(view)
    windows = [weeks_from(calendar.first_monday, check.first, check.last)._replace(name=check.name) for check in rules.checks]
    found = []
    for tutor, spans in sorted(helping.items()):
        days = [date.fromisoformat(one.on) for one in records.get(tutor, ())]
        owed = [window for window in windows if any(since <= window.first and window.until <= last for since, last, _ in spans)]
        made = {name for pairing, name, on in checked if any(p == pairing and since <= on < last for since, last, ps in spans for p in ps)}
        missed = tuple(window.name for window in unkept(owed, days) if window.name not in made)
        found.append(TutorGaps(tutor, missed, _weeks_without_duty(rules, calendar, spans, records.get(tutor, ()))))
    return tuple(found)


def _weeks_without_duty(
    rules: TutoringRules, calendar: TermCalendar, spans: Sequence[tuple[date, date, object]], records: Sequence[ContactRow]
) -> tuple[int, ...]:
    if rules.weekly_duty_minutes is None:
        return ()
    weeks: dict[int, Span] = {}
    for since, until, _ in spans:
        weeks |= dict(whole_weeks(calendar.first_monday, calendar.weeks, since, until))
    days = [date.fromisoformat(one.on) for one in records if (one.minutes or 0) >= rules.weekly_duty_minutes]
    left = unkept(weeks.values(), days)
    return tuple(number for number, span in sorted(weeks.items()) if span in left)


def _peers(view: View, period: str) -> dict[str, set[str]]:
    """Pairing → whoever is or was the fellow student in it: the one arranged, and whoever took over from them."""
    points, swaps = view.points(COURSE_TUTOR, lambda c: c.period == period), view.points(HELPER_SWAP)
    found = {row.pairing: {row.peer} - {None} for row in view.rows(select(points))}
    for row in view.rows(select(swaps).order_by(swaps.c.fact_leaf)):
        if row.outgoing in found.get(row.pairing, ()):
            found[row.pairing].add(row.incoming)
    return found


def _helping(
    view: View, of_term: Mapping[str, PairingRow], peers: Mapping[str, set[str]], until: date
) -> dict[str, list[tuple[date, date, set[str]]]]:
    """Tutor → the stretches of days on which they helped anybody in the term (half-open, up to `until`), with the pairings of each."""
    history = view.history(PAIRING_HELPER)
    pieces: dict[str, list[tuple[date, date, set[str]]]] = {}
    for row in view.rows(select(history).order_by(history.c.effective_from)):
        if row.pairing not in of_term or row.helper in peers.get(row.pairing, ()):
            continue
        ended = of_term[row.pairing].until or FOREVER
        last = min(until, date.fromisoformat(row.effective_until), date.fromisoformat(ended))
        since = date.fromisoformat(row.effective_from)
        if since < last:
            pieces.setdefault(row.helper, []).append((since, last, {row.pairing}))
    return {tutor: _joined(own) for tutor, own in pieces.items()}


def _joined(pieces: Sequence[tuple[date, date, set[str]]]) -> list[tuple[date, date, set[str]]]:
    """Stretches that touch or overlap become one: who helps one student when another is done has not stopped helping."""
    found: list[tuple[date, date, set[str]]] = []
    for since, until, about in sorted(pieces, key=lambda piece: piece[:2]):
        if found and since <= found[-1][1]:
            before = found[-1]
            found[-1] = (before[0], max(before[1], until), before[2] | about)
        else:
            found.append((since, until, about))
    return found


def _checked(view: View) -> list[tuple[str, str, date]]:
    """Checks recorded by themselves: (pairing, name, day)."""
    points = view.points(TUTORING_CHECK)
    return [(row.pairing, row.check_name, date.fromisoformat(row.effective_on)) for row in view.rows(select(points))]

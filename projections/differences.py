"""应付与已付: whom a fact that came to be known later gives more or less than they were paid, and what was decided about it.

Who may be touched is read off the tables; what is due is worked out by the rule that decides (`domain.money.differing`), on the streams as
they were known at the point asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from mingzhang.domain.facts import Recorded
from mingzhang.domain.money.chain import MOST_INSTALMENTS
from mingzhang.domain.money.differing import Differing, differing
from mingzhang.domain.streams import Streams
from mingzhang.domain.student.student import PRESENT

from .aid_steps import APPLICATION_STEP, AWARD, AWARD_AMOUNT, AWARD_STOP
from .differences_tables import DECIDED
from .projection import View
from .register.offices import units_below
from .register.recognition import ENDINGS, ENROLMENT, MERGED, fixes, survivors
from .rules_in_force import Version, versions_known


class Key(NamedTuple):
    """A person's case of one scheme and period, with the leaf at which it was first awarded."""

    scheme: str
    student: str
    period: str
    leaf: int


class Asked(NamedTuple):
    """A difference, and the endings of a category it was worked out with (`domain.money.differing`)."""

    found: Differing
    ended: tuple[str, ...]


def as_known(streams: Streams, day: date) -> Streams:
    """The streams without what took effect after that day."""

    def load(names: Sequence[str]) -> Mapping[str, Sequence[Recorded]]:
        streams.fetch(names)
        return {name: [one for one in streams.stored(name) if one.fact.effective_on <= day] for name in names}

    return Streams(load)


def differences(
    view: View, streams: Streams, scheme: str | None = None, period: str | None = None, unit: str | None = None, student: str | None = None
) -> list[Asked]:
    """Everybody with a difference, or with a decision about one, in the order of scheme, period and student.

    streams: those of the view's log size; what took effect after its day is left out here. unit: itself and those below it.
    """
    day = view.as_of.effective_on
    then = as_known(streams, day)
    merged = survivors(view)
    person = merged.get(student, student) if student is not None else None
    wanted = units_below(view, unit) if unit is not None else None
    endings = _endings(view, merged)
    keys = [
        key
        for key in _touched(view, merged)
        if (scheme is None or key.scheme == scheme) and (period is None or key.period == period) and (person in (None, key.student))
    ]
    _fetch(then, keys, merged)
    found = []
    for key in keys:
        ended = tuple(ref for leaf, ref in endings.get(key.student, ()) if leaf > key.leaf)
        one = differing(then, key.scheme, key.student, key.period, day, ended)
        if one is not None and (one.difference_fen or one.decided) and (wanted is None or one.unit in wanted):
            found.append(Asked(one, ended))
    return found


def students_with_top_ups(view: View, scheme: str, period: str) -> list[str]:
    """Under which references a top-up was decided for the scheme and period, in the order of the decisions."""
    points = view.points(DECIDED, lambda c: (c.scheme == scheme) & (c.period == period) & c.top_up.is_not(None))
    rows = view.rows(select(points.c.top_up).order_by(points.c.fact_leaf))
    return list(dict.fromkeys(row.top_up.split("/")[2] for row in rows))


def _endings(view: View, merged: Mapping[str, str]) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for row in view.rows(select(view.points(ENDINGS, lambda c: c.kind == "roster"))):
        found.setdefault(merged.get(row.student, row.student), []).append((row.fact_leaf, row.ref))
    return found


def _touched(view: View, merged: Mapping[str, str]) -> list[Key]:
    """Of everything awarded what a later fact may have changed: the person's files, enrolment or category, the entry or form, the award
    itself, or the version of the plan; and what was decided on before."""
    people = {row.student for row in view.rows(select(view.held(MERGED)))} | {*merged.values()}
    people |= {row.student for row in view.rows(select(view.history(ENROLMENT))) if row.status not in PRESENT}
    people |= {row.student for row in view.rows(select(view.points(ENDINGS))) if row.kind in ("roster", "entry")}
    people |= {student for _round, student in fixes(view)}
    people = {merged.get(one, one) for one in people}
    cases = {
        (row.scheme, row.student, row.period)
        for table in (view.held(AWARD_AMOUNT), view.history(AWARD_STOP), view.points(DECIDED))
        for row in view.rows(select(table.c.scheme, table.c.student, table.c.period))
    }
    forms = {
        (row.scheme, row.student, row.period): row.fact_leaf
        for row in view.rows(select(view.points(APPLICATION_STEP, lambda c: c.step == "form_recorded")))
    }
    plans = _Versions(versions_known(view))
    found: dict[tuple[str, str, str], Key] = {}
    of_person = {(scheme, merged.get(student, student), period) for scheme, student, period in cases}
    for row in view.rows(select(view.history(AWARD))):
        place = (row.scheme, row.student, row.period)
        person = merged.get(row.student, row.student)
        touched = (
            person in people
            or (row.scheme, person, row.period) in of_person
            or forms.get(place, -1) > row.fact_leaf
            or plans.decides_otherwise(row.scheme, row.effective_from, row.plan_version)
        )
        key = (row.scheme, row.period, person)
        if row.kind == "grant" and touched:
            leaf = min(row.fact_leaf, found[key].leaf) if key in found else row.fact_leaf
            found[key] = Key(row.scheme, person, row.period, leaf)
    return [found[key] for key in sorted(found)]


class _Versions:
    """Which version of a plan decides a day, by what is known."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self._of: dict[str, list[Version]] = {}
        for version in versions:
            self._of.setdefault(version.plan.code, []).append(version)

    def decides_otherwise(self, scheme: str, day: str, decided_by: str) -> bool:
        deciding = [one for one in self._of.get(scheme.partition(".")[0], ()) if one.since <= day < one.until]
        return any(one.plan.version != decided_by for one in deciding)


def _fetch(streams: Streams, keys: Iterable[Key], merged: Mapping[str, str]) -> None:
    """Everything that will be read, at one go."""
    files: dict[str, list[str]] = {}
    for file, person in merged.items():
        files.setdefault(person, []).append(file)
    names: list[str] = []
    for key in keys:
        for ref in (key.student, *files.get(key.student, ())):
            place = f"{key.scheme}/{ref}/{key.period}"
            names += [f"application/{place}", f"difference/{place}", f"student/{ref}", f"entry/{key.period}/{ref}"]
            names += [f"payment/{place}/{number}" for number in ("t1", *range(1, MOST_INSTALMENTS + 1))]
    streams.fetch(names)

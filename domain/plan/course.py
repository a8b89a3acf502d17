"""Whether the steps of a scheme fit the days the plan gives them, and on which day each can be done at the earliest.

Two notices of five working days in a row do not fit into nine days (S6): the plan is told so, and the earliest day is worked out, so that
nobody is asked to backdate. 民法典第二百零一条: the day on which a period begins does not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from ..calendar import last_notice_day
from ..refusal import Refused
from ..streams import Streams
from .schemes import Scheme, Step

_DAY = timedelta(days=1)


class StepDay(NamedTuple):
    """The days of one step at the earliest: `begins` (a notice is hung up), `done` (it can be said to be over; of a notice the day after
    its last). `wanted_by` is the last day the plan has for it. None where the length of a notice before it is the office's to say."""

    number: int
    step: Step
    begins: date | None
    done: date | None
    wanted_by: date | None


class Misfit(NamedTuple):
    """A step that cannot keep its days. `context` has earliest and wanted_by, ISO."""

    code: str
    number: int
    step: str
    context: dict[str, object]


def earliest_days(scheme: Scheme, year: int, streams: Streams | None = None) -> list[StepDay]:
    """Each step as early as the plan lets it begin, in the year its periods begin in: after the last day for applications, in its own
    window, one after the other. Reviews and approvals take no day of their own. Refused `calendar_unknown` for a year without one."""
    day: date | None = date(year, 1, 1)
    if scheme.conditions.window is not None:
        day = scheme.conditions.window.in_year(year)[1] + _DAY
    found = []
    for number, step in enumerate(scheme.steps):
        first, last = step.window.in_year(year) if step.window is not None else (None, None)
        wanted_by = step.by.in_year(year) if step.by is not None else last
        if day is not None and first is not None:
            day = max(day, first)
        begins = day
        if step.kind == "notice" and day is not None:
            day = None if step.days is None else last_notice_day(day, step.days, step.day_kind, streams) + _DAY
        found.append(StepDay(number, step, begins, day, wanted_by))
    return found


def misfits(scheme: Scheme, year: int) -> Iterator[Misfit]:
    """plan_steps_do_not_fit where a step cannot be over by its last day; plan_windows_overlap where a step's days begin before those of
    the step it follows. A year whose calendar is unknown is not judged."""
    try:
        days = earliest_days(scheme, year)
    except (Refused, ValueError):  # ValueError: a day that no year has, which is a contradiction of its own
        return
    for number, one in enumerate(days):
        before = days[number - 1] if number else None
        # A notice is over on its last day, and what follows may be decided on the day after.
        over = one.done - _DAY if one.done is not None and one.step.kind == "notice" else one.done
        if over is not None and one.wanted_by is not None and over > one.wanted_by:
            said: dict[str, object] = {"step": one.step.name, "earliest": over.isoformat(), "wanted_by": one.wanted_by.isoformat()}
            said["notices"] = [step.name for step in scheme.steps[: one.number + 1] if step.kind == "notice"]
            yield Misfit("plan_steps_do_not_fit", one.number, one.step.name, said)
        if before is not None and before.step.window is not None and one.step.window is not None and before.step.window != one.step.window:
            (first, _), (_, last) = one.step.window.in_year(year), before.step.window.in_year(year)
            if first < last:
                said = {"step": one.step.name, "before": before.step.name, "first": first.isoformat(), "last": last.isoformat()}
                yield Misfit("plan_windows_overlap", one.number, one.step.name, said)

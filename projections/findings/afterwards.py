"""What was said of a plan only after it could change what is found: a repeal recorded after its first day, a day told again once the
day told before had passed. Neither makes a finding vanish unseen: each is named, with the log size before it.
"""

from __future__ import annotations

from typing import NamedTuple

import orjson
from sqlalchemy import select

from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.values.china import day_of_record

from ..due_tables import PLAN_DAY
from ..projection import View
from ..trail import Log


class RepealedLate(NamedTuple):
    """A repeal recorded after the day (`since`, ISO) from which the plan decides nothing any more. leaf: the log size before it."""

    ref: str
    leaf: int
    plan: str
    since: str
    recorded_on: str
    by: str


class ToldLate(NamedTuple):
    """A day of a plan that was told again when the day told before (`former`) had passed; days ISO. leaf: the log size before it."""

    ref: str
    leaf: int
    plan: str
    name: str
    period: str
    day: str
    former: str
    recorded_on: str
    by: str


def repealed_late(view: View, journal: Log, plans: list[str]) -> list[RepealedLate]:
    """Of these plans, in the order of recording, as known at the view's point."""
    found = []
    for row in journal.select_streams([f"plan/{plan}" for plan in plans]):
        if row.topic != "plan.repealed" or row.leaf_index >= view.as_of.known_at:
            continue
        said = orjson.loads(row.state)
        recorded_on = _day(row)
        if said["effective_on"] < recorded_on:
            ref = f"{row.originator_id}@{row.originator_version}"
            found.append(RepealedLate(ref, row.leaf_index, said["code"], said["effective_on"], recorded_on, said["actor"]))
    return sorted(found, key=lambda one: one.leaf)


def told_late(view: View, journal: Log) -> list[ToldLate]:
    """Of all plans, in the order of recording, as known at the view's point."""
    points = view.points(PLAN_DAY)
    told: dict[tuple[str, str, str], str] = {}
    found = []
    for row in view.rows(select(points).order_by(points.c.fact_leaf)):
        place = (row.plan, row.name, row.period)
        former, told[place] = told.get(place), row.day
        if former is None:
            continue
        [event] = journal.select_rows(row.fact_leaf, 1)
        if former < (recorded_on := _day(event)):
            by = orjson.loads(event.state)["actor"]
            found.append(ToldLate(row.ref, row.fact_leaf, *place, row.day, former, recorded_on, by))
    return found


def _day(row: LogRow) -> str:
    """The day in Asia/Shanghai on which it was recorded."""
    return day_of_record(row.recorded_at).isoformat()

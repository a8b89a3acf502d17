"""Who there is to decide: plans adopted, units and their order, staff and their appointments, survey rounds and how far each has come."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from mingzhang.domain.sealed import Sealed

from ..bitemporal import Points, Timeline
from ..boxes import BOXES, boxes_of, keep
from ..projection import LogEvent, Projection, View, Writer, on
from ..tables import FOREVER, text, whole

PLAN = Timeline("plan_version", key=[text("plan")], value=[text("ref"), text("plan_version")])
UNIT = Timeline("unit_place", key=[text("unit")], value=[text("kind"), text("parent")])
UNIT_NAME = Timeline("unit_name", key=[text("unit")], value=[text("name")])
UNIT_CLOSED = Timeline("unit_closed", key=[text("unit")], value=[text("ref")])
APPOINTED = Timeline("staff_appointed", key=[text("staff"), text("role"), text("unit")], value=[text("ref")])
STAFF_KNOWN = Timeline("staff_known", key=[text("staff")], value=[text("ref"), text("unit")])
INTEREST = Timeline("staff_interest", key=[text("staff"), text("student")], value=[text("ref")])
ROUND = Timeline("round_opened", key=[text("round")], value=[text("ref"), text("plan"), text("period"), text("unit"), text("stage")])
ROUND_STEP = Points("round_step", columns=[text("round"), text("step"), text("unit"), whole("entries"), text("ref")])
IMPORT = Timeline("import_file", key=[text("stream")], value=[text("ref"), text("file"), text("sha256"), text("kind")])


class UnitRow(NamedTuple):
    """`parent` None: the top; `open` False from the day it was closed."""

    id: str
    name: str
    kind: str
    parent: str | None
    open: bool


class StaffRow(NamedTuple):
    """One appointment; `until` is the first day on which it no longer holds (ISO), None while it does."""

    staff: str
    role: str
    unit: str
    since: str
    until: str | None
    person: Sealed | None


class KnownStaffRow(NamedTuple):
    """A line of the staff register, recorded by `ref` (leaf `leaf`)."""

    staff: str
    unit: str | None
    person: Sealed
    ref: str
    leaf: int


class RoundRow(NamedTuple):
    """`stand`: open, submitted, consolidated, reported, amended or closed."""

    round: str
    plan: str
    period: str
    unit: str
    stage: str | None
    stand: str


class Offices(Projection):
    name = "offices"
    kept = (
        PLAN, UNIT, UNIT_NAME, UNIT_CLOSED, APPOINTED, STAFF_KNOWN, INTEREST, ROUND, ROUND_STEP, IMPORT, BOXES,
    )  # fmt: skip

    @on("plan.adopted", "plan.amended")
    def _plan(self, event: LogEvent, writer: Writer) -> None:
        writer.holds(PLAN, event, (event.state["code"],), (event.ref, event.state["plan_version"]))

    @on("plan.repealed")
    def _repealed(self, event: LogEvent, writer: Writer) -> None:
        writer.ends(PLAN, event, (event.state["code"],))

    @on("unit.registered")
    def _unit(self, event: LogEvent, writer: Writer) -> None:
        key = (_id(event),)
        writer.holds(UNIT, event, key, (event.state["kind"], event.state.get("parent")))
        writer.holds(UNIT_NAME, event, key, (event.state["name"],))

    @on("unit.renamed")
    def _renamed(self, event: LogEvent, writer: Writer) -> None:
        writer.holds(UNIT_NAME, event, (_id(event),), (event.state["name"],))

    @on("unit.closed")
    def _closed(self, event: LogEvent, writer: Writer) -> None:
        writer.holds(UNIT_CLOSED, event, (_id(event),), (event.ref,))

    @on("staff.appointed")
    def _appointed(self, event: LogEvent, writer: Writer) -> None:
        writer.holds(APPOINTED, event, (_id(event), event.state["role"], event.state["unit"]), (event.ref,))
        keep(writer, event)

    @on("staff.relieved")
    def _relieved(self, event: LogEvent, writer: Writer) -> None:
        writer.ends(APPOINTED, event, (_id(event), event.state["role"], event.state["unit"]))

    @on("staff.known")
    def _staff_known(self, event: LogEvent, writer: Writer) -> None:
        writer.holds(STAFF_KNOWN, event, (_id(event),), (event.ref, event.state.get("unit")))
        keep(writer, event)

    @on("staff.interest_declared")
    def _interest(self, event: LogEvent, writer: Writer) -> None:
        writer.holds(INTEREST, event, (_id(event), event.state["student"]), (event.ref,))

    @on("round.opened")
    def _round(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        writer.holds(ROUND, event, (_id(event),), (event.ref, said["plan"], said["period"], said["unit"], said.get("stage")))

    @on("round.unit_submitted", "round.consolidated", "round.reported", "round.amended", "round.closed")
    def _round_step(self, event: LogEvent, writer: Writer) -> None:
        step = event.topic.partition(".")[2].removeprefix("unit_")
        entries = event.state.get("totals", {}).get("entries")
        writer.happened(ROUND_STEP, event, (_id(event), step, event.state.get("unit"), entries, event.ref))

    @on("import.file_imported")
    def _import(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        writer.holds(IMPORT, event, (event.stream,), (event.ref, said["file"], said["sha256"], said["kind"]))


def _id(event: LogEvent) -> str:
    return event.stream.partition("/")[2]


def plan_codes(connection: Connection) -> list[str]:
    """Codes of all plans ever adopted, sorted."""
    codes = select(PLAN.open.c.plan).where(PLAN.open.c.ref.is_not(None)).distinct().order_by(PLAN.open.c.plan)
    return list(connection.execute(codes).scalars())


def unit_rows(view: View) -> list[UnitRow]:
    """All units known, in the order of their ids, as they were on the day; one registered later as it was at first."""
    names = _on_day(view, UNIT_NAME)
    closed = {row.unit for row in view.rows(select(view.held(UNIT_CLOSED)))}
    places = _on_day(view, UNIT)
    return [
        UnitRow(unit, names[unit].name, place.kind, place.parent, unit not in closed)
        for unit, place in sorted(places.items())
    ]


def _on_day(view: View, timeline: Timeline) -> dict[str, Any]:
    found: dict[str, Any] = {}
    history = view.history(timeline)
    for row in view.rows(select(history).order_by(history.c.effective_from)):
        if row.unit not in found or row.effective_from <= view.as_of.day:
            found[row.unit] = row
    return found


def unit_by_name(view: View, written: str) -> str | None:
    """The id of the unit with this id or exactly this name; None where there is none."""
    rows = unit_rows(view)
    if any(row.id == written for row in rows):
        return written
    named = sorted((not row.open, row.id) for row in rows if row.name == written)
    return named[0][1] if named else None


def units_below(view: View, unit: str) -> set[str]:
    """The unit and all units below it."""
    children: dict[str | None, list[str]] = {}
    for row in unit_rows(view):
        children.setdefault(row.parent, []).append(row.id)
    found: set[str] = set()
    todo = [unit]
    while todo:
        step = todo.pop()
        if step not in found:
            found.add(step)
            todo += children.get(step, [])
    return found


def staff_rows(view: View) -> list[StaffRow]:
    """All appointments begun by the day, in the order of staff, role and unit."""
    history = view.history(APPOINTED, lambda c: c.effective_from <= view.as_of.day)
    rows = view.rows(select(history).order_by(history.c.staff, history.c.role, history.c.unit, history.c.effective_from))
    known = {row.staff: row.fact_leaf for row in view.rows(select(view.held(STAFF_KNOWN)))}
    boxes = boxes_of(view, [*(row.fact_leaf for row in rows), *known.values()])
    return [
        StaffRow(
            row.staff,
            row.role,
            row.unit,
            row.effective_from,
            None if row.effective_until == FOREVER else row.effective_until,
            boxes.get(row.fact_leaf) or boxes.get(known.get(row.staff, -1)),
        )
        for row in rows
    ]


def known_staff(view: View, *, older: bool = False) -> list[KnownStaffRow]:
    """The staff register (教职工), in the order of references; older: before each line those whose place it has taken."""
    day = view.as_of.day
    lines = view.history(STAFF_KNOWN, lambda c: c.effective_from <= day) if older else view.held(STAFF_KNOWN)
    rows = view.rows(select(lines).order_by(lines.c.staff, lines.c.fact_leaf))
    boxes = boxes_of(view, [row.fact_leaf for row in rows])
    return [KnownStaffRow(row.staff, row.unit, boxes[row.fact_leaf], row.ref, row.fact_leaf) for row in rows]


def interests(view: View) -> list[tuple[str, str, str]]:
    """Declared interests: (staff, student, ref)."""
    held = view.held(INTEREST)
    return [(row.staff, row.student, row.ref) for row in view.rows(select(held).order_by(held.c.staff, held.c.student))]


def rounds(view: View) -> list[RoundRow]:
    """The rounds opened by the day, in the order they were opened."""
    stands: dict[str, str] = {}
    steps = view.points(ROUND_STEP)
    for row in view.rows(select(steps.c.round, steps.c.step).order_by(steps.c.fact_leaf)):
        if row.step != "submitted" or stands.get(row.round) is None:
            stands[row.round] = row.step
    held = view.held(ROUND)
    return [
        RoundRow(row.round, row.plan, row.period, row.unit, row.stage, stands.get(row.round, "open"))
        for row in view.rows(select(held).order_by(held.c.fact_leaf))
    ]


def submissions(view: View, round_id: str) -> dict[str, tuple[str, str]]:
    """系部上报 of a round: unit -> (day, ref) of its newest submission."""
    steps = view.points(ROUND_STEP, lambda c: c.round == round_id)
    rows = view.rows(select(steps).where(steps.c.step == "submitted").order_by(steps.c.fact_leaf))
    return {row.unit: (row.effective_on, row.ref) for row in rows}


def import_files(view: View) -> dict[str, str]:
    """The name of every imported file, by the reference of its import."""
    history = view.history(IMPORT)
    return {row.ref: row.file for row in view.rows(select(history.c.ref, history.c.file))}

"""What changed between two points, on either time axis, and which facts made it so.

A fact is answerable for a change when it was recorded between the two log sizes or holds from a day between the two days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import orjson
from sqlalchemy import select

from .aid_steps import APPLICATION_STEP, AWARD, AWARD_STOP, PAYMENT_STANDS, PAYMENT_STEP
from .asof import AsOf
from .engine import Engine
from .projection import View
from .register.recognition import (
    DETAILS,
    ENDINGS,
    ENROLMENT,
    ENTRY,
    IDENTIFIED,
    MERGED,
    PLAIN_FIELDS,
    fixes,
    survivors,
)
from .register.roster import recognised

_JSON_FIELDS = frozenset({"categories", "kinds"})
_TRUTHS = frozenset({"new", "lifted", "account_given"})
_KINDS = ("identity", "roster", "enrolment", "entry", "details", "award", "payment")


class Change(NamedTuple):
    """kind: identity, roster, enrolment, entry, details, award or payment. field: what of it; before and after: plain values, None where
    there is nothing (personal values are sealed: of those the fact is named); says: references of the facts that made it."""

    kind: str
    student: str
    field: str
    before: Any
    after: Any
    says: tuple[str, ...]


class _Says(NamedTuple):
    """A fact that may be answerable."""

    leaf: int
    on: str
    ref: str


_State = dict[tuple[str, str, str], tuple[Any, _Says | None]]
"""(kind, student, field) -> the value, and the fact that says so."""


def difference(engine: Engine, a: AsOf, b: AsOf) -> list[Change]:
    """The changes from `a` to `b`, in the order of students, then of kinds, then of fields."""
    with engine.view(a) as view:
        before = _state(view)
    with engine.view(b) as view:
        after = _state(view)
        changed = [key for key in before.keys() | after.keys() if _value(before, key) != _value(after, key)]
        window = _Window(a, b)
        others = _others(view, window, {student for _, student, _ in changed})
    changes = []
    for key in changed:
        kind, student, field = key
        named = [says for says in (before.get(key, (None, None))[1], after.get(key, (None, None))[1]) if says is not None]
        inside = [*filter(window.holds, named), *others.get((_group(kind), student, _place(kind, field)), ())]
        inside += others.get((_group(kind), student, ""), ())
        refs = {says.ref: says.leaf for says in inside or named}
        says_refs = tuple(sorted(refs, key=lambda ref: refs[ref]))
        changes.append(Change(kind, student, field, _value(before, key), _value(after, key), says_refs))
    changes.sort(key=lambda change: (change.student, _KINDS.index(change.kind), change.field))
    return changes


def _value(state: _State, key: tuple[str, str, str]) -> Any:
    return state[key][0] if key in state else None


class _Window:
    """The stretch between two points, on both axes."""

    def __init__(self, a: AsOf, b: AsOf) -> None:
        self.sizes = sorted((a.known_at, b.known_at))
        self.days = sorted((a.day, b.day))

    def holds(self, says: _Says) -> bool:
        return self.recorded(says.leaf) or self.days[0] < says.on <= self.days[1]

    def recorded(self, leaf: int) -> bool:
        return self.sizes[0] <= leaf < self.sizes[1]


def _group(kind: str) -> str:
    """Which facts may lie behind a change: entries and merges change the roster too."""
    return "register" if kind in ("identity", "roster", "entry", "enrolment", "details") else kind


def _place(kind: str, field: str) -> str:
    return field.rpartition(".")[0] if kind in ("award", "payment") else "?"


def _state(view: View) -> _State:
    merged = survivors(view)
    state: _State = {}
    for row in view.rows(select(view.held(MERGED))):
        state["identity", row.student, "survivor"] = row.survivor, _says(row)
    leaves = {row.student: _says(row) for row in view.rows(select(view.held(IDENTIFIED)))}
    for person in recognised(view, merged, boxes=False):
        says = leaves.get(person.person_of)
        if says is not None and says.ref != person.ref:
            says = _Says(person.leaf, says.on, person.ref)
        state["roster", person.student, "recognised"] = True, says
        state["roster", person.student, "unit"] = person.unit, says
        state["roster", person.student, "categories"] = person.categories, says
        state["roster", person.student, "level"] = person.level, says
    for row in view.rows(select(view.held(ENROLMENT))):
        state["enrolment", row.student, "status"] = row.status, _says(row)
    for row in view.rows(select(view.held(DETAILS))):
        state["details", row.student, row.field] = row.ref, _says(row)
    _entries(view, state)
    _awards(view, state)
    _payments(view, state)
    return state


def _says(row: Any) -> _Says:
    return _Says(row.fact_leaf, row.effective_from, row.ref)


def _entries(view: View, state: _State) -> None:
    corrected = fixes(view)
    for row in view.rows(select(view.held(ENTRY))):
        says = _says(row)
        fix = corrected.get((row.round, row.student))
        for name in (*PLAIN_FIELDS, "account_given"):
            value = getattr(row, name)
            if name in _JSON_FIELDS:
                value = tuple(orjson.loads(value))
            elif name in _TRUTHS and value is not None:
                value = bool(value)
            by = says
            if fix is not None and name in fix.plain:
                value = fix.plain[name]
                value = tuple(value) if isinstance(value, list) else value
                by = _Says(fix.leaf, row.effective_from, fix.refs[name])
            if value is not None:
                state["entry", row.student, f"{row.round}.{name}"] = value, by
        if fix is not None:
            state["entry", row.student, f"{row.round}.person"] = fix.ref, _Says(fix.leaf, row.effective_from, fix.ref)


def _awards(view: View, state: _State) -> None:
    stops = {(row.scheme, row.student, row.period): row for row in view.rows(select(view.held(AWARD_STOP)))}
    for row in view.rows(select(view.held(AWARD))):
        stop = stops.get((row.scheme, row.student, row.period))
        stopped = stop is not None and stop.fact_leaf > row.fact_leaf
        place = f"{row.scheme}/{row.period}"
        state["award", row.student, f"{place}.state"] = (stop.state, _says(stop)) if stop and stopped else ("approved", _says(row))
        state["award", row.student, f"{place}.amount_fen"] = row.amount_fen, _says(row)


def _payments(view: View, state: _State) -> None:
    points = view.points(PAYMENT_STEP)
    columns = [points.c[name] for name in ("scheme", "student", "period", "instalment", "step", "moved_fen")]
    places = (points.c.effective_on, points.c.fact_leaf, points.c.ref)
    kept: dict[tuple[str, str], int] = {}
    for row in view.rows(select(*columns, *places).order_by(points.c.fact_leaf)):
        place = f"{row.scheme}/{row.period}/{row.instalment}"
        says = _Says(row.fact_leaf, row.effective_on, row.ref)
        if row.step in PAYMENT_STANDS:
            state["payment", row.student, f"{place}.stand"] = PAYMENT_STANDS[row.step], says
        kept[row.student, place] = kept.get((row.student, place), 0) + row.moved_fen
        if row.moved_fen:
            state["payment", row.student, f"{place}.paid_fen"] = kept[row.student, place], says


def _others(view: View, window: _Window, students: set[str]) -> dict[tuple[str, str, str], list[_Says]]:
    """Facts in the window about these students that leave no value of their own: endings, withdrawals, stops, and further steps."""
    found: dict[tuple[str, str, str], list[_Says]] = {}

    def look(rows: Iterable[Any], group: str, place: Callable[[Any], str]) -> None:
        for row in rows:
            says = _Says(row.fact_leaf, row.effective_on, row.ref)
            if row.student in students and window.holds(says):
                found.setdefault((group, row.student, place(row)), []).append(says)

    connection, endings, steps = view.connection, ENDINGS.open, APPLICATION_STEP.open
    look(connection.execute(select(endings)), "register", lambda row: "")
    stops = select(steps).where(steps.c.step.in_(("suspended", "resumed", "revoked")))
    look(connection.execute(stops), "award", lambda row: f"{row.scheme}/{row.period}")
    return found

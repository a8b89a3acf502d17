"""What changed between two points, on either time axis, and which facts made it so.

A fact is answerable for a change when it was recorded between the two log sizes or holds from a day between the two days.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Select, select

from .aid_steps import APPLICATION_STEP, AWARD, AWARD_AMOUNT, AWARD_STOP, PAYMENT_STANDS, PAYMENT_STEP
from .asof import AsOf
from .engine import Engine
from .projection import View
from .register.recognition import (
    DETAILS,
    ENDINGS,
    ENROLMENT,
    ENTRY,
    MERGED,
    PLAIN_FIELDS,
    Fix,
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


class _Held(NamedTuple):
    """What stands at one point about one thing: values in the order of its `_NAMES`, the fact that says them, and `by` another fact for
    some of them. Personal values are stood for by the fact that corrected them."""

    values: tuple[Any, ...]
    says: _Says
    by: dict[str, _Says]


_State = dict[tuple[str, str, str], _Held]
"""(kind, student, place) -> what stands; the place is a round, an award or a payment, or empty."""

_NAMES: dict[str, tuple[str, ...]] = {
    "identity": ("survivor",),
    "roster": ("recognised", "unit", "categories", "level"),
    "enrolment": ("status",),
    "entry": (*PLAIN_FIELDS, "account_given", "person"),
    "details": ("fact",),
    "award": ("state", "amount_fen"),
    "payment": ("stand", "paid_fen"),
}


def difference(engine: Engine, a: AsOf, b: AsOf) -> list[Change]:
    """The changes from `a` to `b`, in the order of students, then of kinds, then of fields."""
    with engine.view(a) as view:
        before = _state(view)
    with engine.view(b) as view:
        after = _state(view)
        keys = before.keys() | after.keys()
        changed = [key for key in keys if _values(before.get(key)) != _values(after.get(key))]
        window = _Window(a, b)
        endings = _endings(view, window, {student for _, student, _ in changed})
    changes = []
    for key in changed:
        changes += _changes(key, before.get(key), after.get(key), window, endings)
    changes.sort(key=lambda change: (change.student, _KINDS.index(change.kind), change.field))
    return changes


def _values(held: _Held | None) -> tuple[Any, ...] | None:
    return None if held is None else held.values


def _changes(
    key: tuple[str, str, str], old: _Held | None, new: _Held | None, window: _Window, endings: dict[tuple[str, str, str], list[_Says]]
) -> list[Change]:
    kind, student, place = key
    names = _NAMES[kind]
    nothing = (None,) * len(names)
    changes = []
    for number, name in enumerate(names):
        before, after = (held.values[number] if held is not None else nothing[number] for held in (old, new))
        if before == after:
            continue
        named = [held.by.get(name, held.says) for held in (old, new) if held is not None]
        ended = endings.get(("award", student, place) if kind == "award" else ("register", student, ""), ())
        inside = [*filter(window.holds, named), *(ended if kind != "payment" else ())]
        refs = {says.ref: says.leaf for says in inside or named}
        field = place if kind == "details" else f"{place}.{name}" if place else name
        said = tuple(sorted(refs, key=lambda ref: refs[ref]))
        changes.append(Change(kind, student, field, _plain(name, before), _plain(name, after), said))
    return changes


def _plain(name: str, value: Any) -> Any:
    if name in _JSON_FIELDS and isinstance(value, str):
        return tuple(orjson.loads(value))
    if name in _TRUTHS and value is not None:
        return bool(value)
    return value


class _Window:
    """The stretch between two points, on both axes."""

    def __init__(self, a: AsOf, b: AsOf) -> None:
        self.sizes = sorted((a.known_at, b.known_at))
        self.days = sorted((a.day, b.day))

    def holds(self, says: _Says) -> bool:
        return self.recorded(says.leaf) or self.days[0] < says.on <= self.days[1]

    def recorded(self, leaf: int) -> bool:
        return self.sizes[0] <= leaf < self.sizes[1]


def _state(view: View) -> _State:
    merged = survivors(view)
    corrected = fixes(view)
    state: _State = {}
    for row in view.rows(select(view.held(MERGED))):
        state["identity", row.student, ""] = _Held((row.survivor,), _says(row), {})
    _roster(view, merged, state)
    for row in view.rows(select(view.held(ENROLMENT))):
        state["enrolment", row.student, ""] = _Held((row.status,), _says(row), {})
    for row in view.rows(select(view.held(DETAILS))):
        state["details", row.student, row.field] = _Held((row.ref,), _says(row), {})
    _entries(view, corrected, state)
    _awards(view, state)
    _payments(view, state)
    return state


def _says(row: Any) -> _Says:
    return _Says(row.fact_leaf, row.effective_from, row.ref)


def _step(row: Any) -> _Says:
    return _Says(row.fact_leaf, row.effective_on, row.ref)


def _roster(view: View, merged: dict[str, str], state: _State) -> None:
    for one in recognised(view, merged, boxes=False):
        says = _Says(one.leaf, one.since, one.ref)
        state["roster", one.student, ""] = _Held((True, one.unit, one.categories, one.level), says, {})


def _entries(view: View, corrected: dict[tuple[str, str], Fix], state: _State) -> None:
    for row in view.rows(select(view.held(ENTRY))):
        values = (
            row.unit, row.categories, row.kinds, row.level, row.stage, row.new, row.lifted, row.income_fen, row.household_size,
            row.account_given, None,
        )  # fmt: skip
        by: dict[str, _Says] = {}
        fix = corrected.get((row.round, row.student)) if corrected else None
        if fix is not None:
            values = tuple(_corrected(name, value, fix) for name, value in zip(_NAMES["entry"], values, strict=True))
            by = {name: _Says(fix.leaves[name], fix.days[name], ref) for name, ref in fix.refs.items()}
        state["entry", row.student, row.round] = _Held(values, _says(row), by)


def _corrected(name: str, value: Any, fix: Fix) -> Any:
    """As the table keeps it, so that equal values are equal however they came about."""
    if name == "person":
        return fix.ref
    if name not in fix.plain:
        return value
    right = fix.plain[name]
    if name in _JSON_FIELDS:
        return orjson.dumps(right or ()).decode()
    return int(right) if name in _TRUTHS and right is not None else right


def _awards(view: View, state: _State) -> None:
    stops = {(row.scheme, row.student, row.period): row for row in view.rows(select(view.held(AWARD_STOP)))}
    amounts = {(row.scheme, row.student, row.period): row for row in view.rows(select(view.held(AWARD_AMOUNT)))}
    for row in view.rows(select(view.held(AWARD))):
        anew = amounts.get((row.scheme, row.student, row.period))
        amount = anew if anew is not None and anew.fact_leaf > row.fact_leaf else row
        stop = stops.get((row.scheme, row.student, row.period))
        says, stopped = _says(row), stop is not None and stop.fact_leaf > row.fact_leaf
        values = (stop.state if stop is not None and stopped else "approved", amount.amount_fen)
        by = {"state": _says(stop)} if stopped else {}
        if amount is not row:
            by["amount_fen"] = _says(amount)
        state["award", row.student, f"{row.scheme}/{row.period}"] = _Held(values, says, by)


def _payments(view: View, state: _State) -> None:
    points = view.points(PAYMENT_STEP)
    names = ("scheme", "student", "period", "instalment", "step", "moved_fen", "effective_on", "fact_leaf", "ref")
    found: dict[tuple[str, str, str, str], list[Any]] = {}
    for row in view.rows(select(*(points.c[name] for name in names)).order_by(points.c.fact_leaf)):
        key = (row.scheme, row.student, row.period, row.instalment)
        last = found.setdefault(key, [None, 0, None, None])  # stand, kept, the step that said the one and the other
        if row.step in PAYMENT_STANDS:
            last[0], last[2] = PAYMENT_STANDS[row.step], row
        if row.moved_fen:
            last[1], last[3] = last[1] + row.moved_fen, row
    for (scheme, student, period, instalment), (stand, kept_fen, stood, moved) in found.items():
        says = _step(stood if stood is not None else moved)
        by = {"paid_fen": _step(moved)} if moved is not None else {}
        state["payment", student, f"{scheme}/{period}/{instalment}"] = _Held((stand, kept_fen), says, by)


def _endings(view: View, window: _Window, students: set[str]) -> dict[tuple[str, str, str], list[_Says]]:
    """Facts in the window about these students that leave no value of their own: endings, withdrawals, and stops of awards."""
    found: dict[tuple[str, str, str], list[_Says]] = {}

    def look(statement: Select[Any], group: str, place: Callable[[Any], str]) -> None:
        for row in view.rows(statement):
            says = _step(row)
            if row.student in students and window.holds(says):
                found.setdefault((group, row.student, place(row)), []).append(says)

    endings, steps = ENDINGS.open, APPLICATION_STEP.open
    look(select(endings), "register", lambda row: "")
    stops = select(steps).where(steps.c.step.in_(("suspended", "resumed", "revoked")))
    look(stops, "award", lambda row: f"{row.scheme}/{row.period}")
    return found

"""五个一: what each pairing owed and did not keep, month by month, quarter by quarter and year by year, and what in the records is odd.

What is owed is said by the plan in force on the first and on the last day of each month, quarter or year; no rule of its own is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple, get_args

from sqlalchemy import select

from mingzhang.domain.values.cadences import Cadence, Span, unkept, whole_spans

from .contacts import ContactRow, PairingRow
from .pairing_tables import ALLOCATION
from .projection import View
from .rules_in_force import RulesInForce

DUTIES = ("call", "visit", "support", "problem_solved")
_CADENCES: tuple[Cadence, ...] = get_args(Cadence)


class LateRow(NamedTuple):
    """A contact written down more days after it happened than the plan allows."""

    contact: ContactRow
    days: int


class CopiedRow(NamedTuple):
    """One helper, one day, one text on so many pairings that it looks copied."""

    helper: str
    on: str
    pairings: tuple[str, ...]
    contacts: tuple[ContactRow, ...]


class ImpossibleRow(NamedTuple):
    """More visits of one helper in a day than can be made."""

    helper: str
    on: str
    contacts: tuple[ContactRow, ...]


class RatioRow(NamedTuple):
    """A unit's share: `students` handed to it, `households` it helps on the day, `needed` for so many cadres (None: no rule)."""

    unit: str
    cadres: int
    students: int
    pairings: int
    households: int
    needed: int | None
    source: str | None
    row: int | None
    ref: str

    @property
    def kept(self) -> bool:
        return self.needed is None or self.households >= self.needed


def owed(pairing: PairingRow, rules: RulesInForce, day: date) -> dict[str, list[Span]]:
    """Duty → the whole months, quarters or years it was owed for up to and including `day`, in order."""
    since, until = date.fromisoformat(pairing.since), day + timedelta(days=1)
    if pairing.until is not None:
        until = min(until, date.fromisoformat(pairing.until))
    found: dict[str, list[Span]] = {duty: [] for duty in DUTIES}
    for cadence in _CADENCES:
        for years in ("own", "calendar") if cadence == "yearly" else ("own",):
            for span in whole_spans(cadence, since, until, years):
                first, last = rules.pairing(pairing.unit, span.first), rules.pairing(pairing.unit, span.last)
                if first is None or last is None or (cadence == "yearly" and last.pairing.years != years):
                    continue
                for duty in DUTIES:
                    if getattr(first.pairing, duty) == getattr(last.pairing, duty) == cadence:
                        found[duty].append(span)
    return {duty: sorted(spans, key=lambda span: span.first) for duty, spans in found.items()}


def kept_days(contacts: Iterable[ContactRow]) -> dict[str, dict[str, list[date]]]:
    """Pairing → duty → the days of the contacts that keep it. Who of the helpers kept it plays no part."""
    found: dict[str, dict[str, list[date]]] = {}
    for one in contacts:
        days = found.setdefault(one.pairing, {duty: [] for duty in DUTIES})
        day = date.fromisoformat(one.on)
        if one.kind in ("call", "visit"):
            days[one.kind].append(day)
        if one.money_fen + one.goods_fen > 0 or one.goods_given:
            days["support"].append(day)
        if one.problem_solved:
            days["problem_solved"].append(day)
    return found


def missing(
    pairings: Sequence[PairingRow], contacts: Iterable[ContactRow], rules: RulesInForce, day: date
) -> dict[str, dict[str, list[str]]]:
    """Pairing → duty → the names of the months, quarters or years it was owed for and not kept. Only pairings of households owe any."""
    kept = kept_days(contacts)
    found = {}
    for pairing in pairings:
        spans = owed(pairing, rules, day) if pairing.kind == "household" else {duty: [] for duty in DUTIES}
        days = kept.get(pairing.pairing, {})
        found[pairing.pairing] = {duty: [span.name for span in unkept(spans[duty], days.get(duty, ()))] for duty in DUTIES}
    return found


def late(contacts: Iterable[ContactRow], units: dict[str, str], rules: RulesInForce) -> list[LateRow]:
    """The contacts recorded too late, in the order given. `units`: the unit of each pairing that is to be judged."""
    judged = (LateRow(one, late_days(one, units[one.pairing], rules)) for one in contacts if one.pairing in units)
    return [row for row in judged if row.days]


def late_days(contact: ContactRow, unit: str, rules: RulesInForce) -> int:
    """How many days after it happened a contact was written down, where that is more than the plan allows; else 0."""
    if contact.noted_on is None or contact.noted_on <= contact.on:
        return 0
    on = date.fromisoformat(contact.on)
    days = (date.fromisoformat(contact.noted_on) - on).days
    return days if days > rules.of_records(unit, on).recorded_within_days else 0


def copied(contacts: Iterable[ContactRow], units: dict[str, str], rules: RulesInForce) -> list[CopiedRow]:
    """Texts that one helper wrote on one day about many pairings, in the order of day and helper."""
    groups: dict[tuple[str, str, str], list[ContactRow]] = {}
    for one in contacts:
        if one.text_digest is not None and one.pairing in units:
            groups.setdefault((one.on, one.helper, one.text_digest), []).append(one)
    found = []
    for (on, helper, _text), rows in sorted(groups.items()):
        about = tuple(dict.fromkeys(row.pairing for row in rows))
        if len(about) >= rules.of_records(units[about[0]], date.fromisoformat(on)).copied_from:
            found.append(CopiedRow(helper, on, about, tuple(rows)))
    return found


def impossible(contacts: Iterable[ContactRow], units: dict[str, str], rules: RulesInForce) -> list[ImpossibleRow]:
    """Days with more visits of one helper than can be made, in the order of day and helper."""
    days: dict[tuple[str, str], list[ContactRow]] = {}
    for one in contacts:
        if one.kind == "visit" and one.pairing in units:
            days.setdefault((one.on, one.helper), []).append(one)
    return [
        ImpossibleRow(helper, on, tuple(rows))
        for (on, helper), rows in sorted(days.items())
        if len(rows) > rules.of_records(units[rows[0].pairing], date.fromisoformat(on)).visits_a_day
    ]


def ratios(view: View, pairings: Sequence[PairingRow], rules: RulesInForce) -> list[RatioRow]:
    """Each unit with a share of the 任务分解表, in the order of the table; households are those of pairings that run on the day.

    A pairing that does not say which household it helps counts as one of its own.
    """
    helped: dict[str, list[PairingRow]] = {}
    for pairing in pairings:
        if pairing.until is None and pairing.kind == "household":
            helped.setdefault(pairing.unit, []).append(pairing)
    held = view.held(ALLOCATION)
    found = []
    for row in view.rows(select(held).order_by(held.c.fact_leaf)):
        of_unit = helped.get(row.unit, [])
        households = len({pairing.household or pairing.student for pairing in of_unit})
        rule = rules.pairing(row.unit, view.as_of.effective_on)
        each = rule.pairing.cadres_per_household if rule else None
        needed = -(-row.cadres // each) if each else None
        found.append(RatioRow(row.unit, row.cadres, row.students, len(of_unit), households, needed, row.source, row.row, row.ref))
    return found

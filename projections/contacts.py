"""帮扶活动记录: who helps whom, and what was kept in each month and quarter, as it stood on any day."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import and_, select

from mingzhang.domain.sealed import Sealed

from .bitemporal import Where
from .boxes import boxes_of, sealed, with_box
from .pairing_tables import CONTACT, PAIRING, PAIRING_HELPER, PAIRING_STEP
from .projection import View
from .register.offices import units_below
from .tables import FOREVER


class PairingRow(NamedTuple):
    """A pairing begun by the day. `until`: the day it ended (ISO), None while it runs; helpers: on the day, or on its last;
    plan_agreed_on: when 一户一策 was agreed."""

    pairing: str
    kind: str
    student: str
    unit: str
    helpers: tuple[str, ...]
    since: str
    until: str | None
    plan_agreed_on: str | None
    form_filed_on: str | None
    person: Sealed
    household: str | None
    ref: str


class ContactRow(NamedTuple):
    """A contact that stands. `on` is the day it happened, `noted_on` the day it was written down; money and goods in fen, goods given also
    where nobody said what they are worth. `source`: the
    import it came with and `row` its row there, both None where it was typed in."""

    contact: str
    pairing: str
    helper: str
    kind: str
    on: str
    noted_on: str | None
    money_fen: int
    goods_fen: int
    goods_given: bool
    problem_solved: bool
    minutes: int | None
    text_digest: str | None
    text: Sealed | None
    source: str | None
    row: int | None
    ref: str
    leaf: int


class KeptRow(NamedTuple):
    """What one pairing kept in one month (`2020-04`) or quarter (`2020-Q2`): plain counts; `support` counts contacts that brought money
    or goods, `support_fen` what they were worth."""

    pairing: str
    period: str
    calls: int
    visits: int
    others: int
    support: int
    support_fen: int
    problems_solved: int


def pairings(view: View, unit: str | None = None) -> list[PairingRow]:
    """All pairings begun by the day, in the order of unit and pairing. A unit means itself and those below it."""
    day = view.as_of.day
    history = view.history(PAIRING, lambda c: c.effective_from <= day)
    wanted = units_below(view, unit) if unit is not None else None
    steps: dict[tuple[str, str], str] = {}
    points = view.points(PAIRING_STEP)
    for row in view.rows(select(points).order_by(points.c.fact_leaf)):
        steps[row.pairing, row.step] = row.effective_on
    helpers: dict[str, list[tuple[int, str, str, str]]] = {}
    begun = view.history(PAIRING_HELPER, lambda c: c.effective_from <= day)
    for row in view.rows(select(begun)):
        held = (row.fact_leaf, row.helper, row.effective_from, row.effective_until)
        helpers.setdefault(row.pairing, []).append(held)
    found = []
    for row in view.rows(with_box(history).order_by(history.c.unit, history.c.pairing, history.c.effective_from)):
        if wanted is not None and row.unit not in wanted:
            continue
        until = row.effective_until if row.effective_until != FOREVER and row.effective_until <= day else None
        named = sorted(helpers.get(row.pairing, ()))
        # Helpers do not end with the pairing: whoever helped when it ended is still named.
        then = tuple(helper for _, helper, _, last in named if last > (until or day))
        agreed, filed = steps.get((row.pairing, "help_plan_agreed")), steps.get((row.pairing, "form_filed"))
        found.append(
            PairingRow(
                row.pairing,
                row.kind,
                row.student,
                row.unit,
                then,
                row.effective_from,
                until,
                agreed,
                filed,
                sealed(row.box),
                row.household,
                row.ref,
            )
        )
    return found


def contacts(view: View, pairing: str | None = None, helper: str | None = None, *, texts: bool = True) -> list[ContactRow]:
    """The contacts that stand, up to and including the day, in the order of their days. `texts` False leaves their boxes out."""
    return contact_rows(view, _of(pairing, helper), texts=texts)


def contact_rows(view: View, where: Where | None, *, texts: bool = False) -> list[ContactRow]:
    """As `contacts`, narrowed in any way."""
    points = view.points(CONTACT, where)
    rows = view.rows(select(points).order_by(points.c.effective_on, points.c.fact_leaf))
    boxes = boxes_of(view, [row.fact_leaf for row in rows]) if texts else {}
    return [
        ContactRow(
            row.contact,
            row.pairing,
            row.helper,
            row.kind,
            row.effective_on,
            row.noted_on,
            row.money_fen,
            row.goods_fen,
            bool(row.goods_given),
            bool(row.problem_solved),
            row.minutes,
            row.text_digest,
            boxes.get(row.fact_leaf),
            row.source,
            row.row,
            row.ref,
            row.fact_leaf,
        )
        for row in rows
    ]


def kept_by_month(view: View, pairing: str | None = None) -> list[KeptRow]:
    """Per pairing and calendar month with any contact, in order."""
    return _kept(view, pairing, lambda day: day[:7])


def kept_by_quarter(view: View, pairing: str | None = None) -> list[KeptRow]:
    """Per pairing and quarter with any contact, in order."""
    return _kept(view, pairing, lambda day: f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}")


def _kept(view: View, pairing: str | None, period_of: Callable[[str], str]) -> list[KeptRow]:
    points = view.points(CONTACT, _of(pairing, None))
    counts: dict[tuple[str, str], list[int]] = {}
    for row in view.rows(select(points)):
        kept = counts.setdefault((row.pairing, period_of(row.effective_on)), [0] * 6)
        worth = row.money_fen + row.goods_fen
        kept[{"call": 0, "visit": 1}.get(row.kind, 2)] += 1
        kept[3] += worth > 0 or row.goods_given > 0
        kept[4] += worth
        kept[5] += row.problem_solved
    return [KeptRow(*place, *kept) for place, kept in sorted(counts.items())]


def _of(pairing: str | None, helper: str | None) -> Where | None:
    if pairing is not None and helper is not None:
        return lambda c: and_(c.pairing == pairing, c.helper == helper)
    if pairing is not None:
        return lambda c: c.pairing == pairing
    if helper is not None:
        return lambda c: c.helper == helper
    return None

"""Rules about records of help (帮扶工作记录): written down too late, copied, or more visits in a day than anybody can make.

Only pairings of households are judged, by the figures of the plan in force on the day of the contact, or else by those that always stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select, tuple_

from mingzhang.domain.plan.pairing_rules import PairingRules

from ..bitemporal import Where
from ..contacts import ContactRow, contact_rows
from ..finding import Finding
from ..pairing_duties import CopiedRow, ImpossibleRow, copied, impossible, late
from ..pairing_tables import CONTACT, PAIRING
from .sources import Sources

_AT_ONCE = 300


class _Households(NamedTuple):
    """The pairings that are judged: the unit and the student of each."""

    units: dict[str, str]
    students: dict[str, str]


def _households(sources: Sources, contacts: Iterable[ContactRow]) -> _Households:
    """Those of these contacts."""
    view, found = sources.view, _Households({}, {})
    wanted = sorted({one.pairing for one in contacts})
    for start in range(0, len(wanted), _AT_ONCE):
        history = view.history(PAIRING, _begun(wanted[start : start + _AT_ONCE], view.as_of.day))
        c = history.c
        for pairing, unit, student in view.each(select(c.pairing, c.unit, c.student).order_by(c.fact_leaf)):
            found.units[pairing], found.students[pairing] = unit, student
    return found


def _begun(pairings: list[str], day: str) -> Where:
    """Those of these pairings that are of households and had begun by the day."""
    return lambda c: c.pairing.in_(pairings) & (c.effective_from <= day) & (c.kind == "household")


def _least(sources: Sources, figure: str) -> int:
    """The smallest figure that any plan sets: what stays below it need not be looked at one by one."""
    always = PairingRules()
    plans = (version.plan.pairing for of_plan in sources.versions.values() for version in of_plan)
    return min(int(getattr(rules, figure)) for rules in (always, *(one for one in plans if one is not None)))


def _written_late(sources: Sources) -> list[ContactRow]:
    """The contacts of those days between which and the day of writing more lies than any plan allows."""
    view, least = sources.view, _least(sources, "recorded_within_days")
    points = view.points(CONTACT, lambda c: c.noted_on > c.effective_on)
    c = points.c
    days = [
        (on, noted)
        for on, noted in map(tuple, view.rows(select(c.effective_on, c.noted_on).distinct()))
        if (date.fromisoformat(noted) - date.fromisoformat(on)).days > least
    ]
    found: list[ContactRow] = []
    for start in range(0, len(days), _AT_ONCE):
        found += contact_rows(view, _among("effective_on", "noted_on", days[start : start + _AT_ONCE]))
    return found


def _suspicious(sources: Sources, least: int, kind: str | None, by: tuple[str, ...]) -> list[ContactRow]:
    """The contacts of helpers' days on which at least so many have the columns `by` alike; a missing value is like no other."""
    view = sources.view
    points = view.points(CONTACT, (lambda c: c.kind == kind) if kind is not None else (lambda c: c.text_digest.is_not(None)))
    c = points.c
    # An expression, so that the rows are sorted as they come and not looked up one by one through the index of helpers.
    groups = (func.coalesce(c.helper, ""), *(c[name] for name in by))
    alike = select(c.helper, c.effective_on).group_by(*groups).having(func.count() >= least)
    days = sorted(set(view.each(alike)))
    found: list[ContactRow] = []
    for start in range(0, len(days), _AT_ONCE):
        found += contact_rows(view, _among("helper", "effective_on", days[start : start + _AT_ONCE]))
    return found


def _among(one: str, other: str, pairs: list[tuple[str, str]]) -> Where:
    """Rows in which these two columns have one of these pairs of values."""
    return lambda c: tuple_(c[one], c[other]).in_(pairs)


def contact_recorded_late(sources: Sources) -> list[Finding]:
    """A contact that counts, written down more days after it happened than the plan allows."""
    contacts = _written_late(sources)
    kept = _households(sources, contacts)
    return [
        Finding(
            rule="contact_recorded_late",
            severity="low",
            subject=kept.students[row.contact.pairing],
            payment=None,
            amount_fen=row.contact.money_fen + row.contact.goods_fen,
            events=(row.contact.ref,),
            known_at_payment=None,
            facts={
                "contact": row.contact.contact,
                "pairing": row.contact.pairing,
                "helper": row.contact.helper,
                "on": row.contact.on,
                "noted_on": row.contact.noted_on,
                "days": row.days,
                "plan": _plan(sources, kept.units[row.contact.pairing], row.contact.on),
            },
        )
        for row in late(contacts, kept.units, sources.plans)
    ]


def contact_text_copied(sources: Sources) -> list[Finding]:
    """One helper, one day, one text on as many pairings as look copied."""
    rows = _suspicious(sources, _least(sources, "copied_from"), None, ("effective_on", "helper", "text_digest"))
    kept = _households(sources, rows)
    found = copied(rows, kept.units, sources.plans)
    return [
        _of_a_day(sources, "contact_text_copied", kept, row, row.pairings, count=len(row.pairings), text=row.contacts[0].text_digest)
        for row in found
    ]


def contact_schedule_impossible(sources: Sources) -> list[Finding]:
    """More visits of one helper in a day than the plan holds possible."""
    rows = _suspicious(sources, _least(sources, "visits_a_day") + 1, "visit", ("effective_on", "helper"))
    kept = _households(sources, rows)
    found = impossible(rows, kept.units, sources.plans)
    return [
        _of_a_day(sources, "contact_schedule_impossible", kept, row, (one.pairing for one in row.contacts), count=len(row.contacts))
        for row in found
    ]


def _of_a_day(
    sources: Sources, rule: str, kept: _Households, row: CopiedRow | ImpossibleRow, pairings: Iterable[str], **facts: object
) -> Finding:
    """A finding about one helper's contacts of one day."""
    return Finding(
        rule=rule,
        severity="medium",
        subject=row.helper,
        payment=None,
        amount_fen=sum(one.money_fen + one.goods_fen for one in row.contacts),
        events=tuple(one.ref for one in row.contacts),
        known_at_payment=None,
        facts={
            "helper": row.helper,
            "on": row.on,
            "pairings": list(dict.fromkeys(pairings)),
            "plan": _plan(sources, kept.units[row.contacts[0].pairing], row.on),
            **facts,
        },
    )


def _plan(sources: Sources, unit: str, day: str) -> str | None:
    """The plan that lays down what a pairing of the unit owes on that day."""
    rules = sources.plans.pairing(unit, date.fromisoformat(day))
    return rules.plan if rules is not None else None

"""学校结对: what each pair of schools has kept in a year, and what its year lacks of what the plans want."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from mingzhang.domain.plan.school_rules import SchoolPairRules, Side

from .bitemporal import Points, Timeline
from .boxes import BOXES, keep
from .projection import LogEvent, Projection, View, Writer, on
from .register.offices import units_below
from .tables import FOREVER, text, whole

PAIR = Timeline("school_pair", key=[text("pair")], value=[text("ref"), text("town"), text("village"), text("unit")])
RESEARCH = Points("school_research", columns=[text("pair"), whole("participants"), text("ref")], indexes=[["pair"]])
EXCHANGE = Points("school_exchange", columns=[text("pair"), text("sender"), whole("year"), text("post"), text("ref")], indexes=[["pair"]])
DONATION = Points("school_donation", columns=[text("pair"), text("giver"), whole("worth_fen"), text("ref")], indexes=[["pair"]])

SIDES: tuple[Side, ...] = ("town", "village")


class SchoolPairs(Projection):
    name = "school-pairs"
    kept = (PAIR, RESEARCH, EXCHANGE, DONATION, BOXES)

    @on("schoolpair.paired")
    def _paired(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        writer.holds(PAIR, event, (_pair(event),), (event.ref, said["town"], said["village"], said["unit"]))

    @on("schoolpair.ended")
    def _ended(self, event: LogEvent, writer: Writer) -> None:
        writer.ends(PAIR, event, (_pair(event),))

    @on("schoolpair.joint_research_held")
    def _research(self, event: LogEvent, writer: Writer) -> None:
        writer.happened(RESEARCH, event, (_pair(event), event.state.get("participants"), event.ref))
        keep(writer, event, "subject")

    @on("schoolpair.staff_exchanged")
    def _exchange(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        writer.happened(EXCHANGE, event, (_pair(event), said["sender"], said["year"], said.get("post"), event.ref))
        keep(writer, event)

    @on("schoolpair.equipment_donated")
    def _donation(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        writer.happened(DONATION, event, (_pair(event), said["giver"], said.get("worth_fen", 0), event.ref))
        keep(writer, event, "items")


def _pair(event: LogEvent) -> str:
    return event.stream.partition("/")[2]


class SchoolPairRow(NamedTuple):
    """A pair begun by the day. `until`: the day it ended (ISO), None while it runs. research: days of joint research, in order;
    sent: for each person sent, side and the year it counts in; donated_fen: worth of equipment handed on."""

    pair: str
    town: str
    village: str
    unit: str
    since: str
    until: str | None
    research: tuple[str, ...]
    sent: tuple[tuple[Side, int], ...]
    donated_fen: int
    ref: str

    def sent_by(self, side: Side, year: int) -> int:
        return self.sent.count((side, year))


class Owed(NamedTuple):
    """Something a pair's year lacks. `term`: joint research in it; `side`: a person sent by that side. due_on: its last day (ISO)."""

    term: str | None
    side: Side | None
    due_on: str


def school_pairs(view: View, unit: str | None = None) -> list[SchoolPairRow]:
    """All pairs begun by the day, in the order of their numbers. A unit means itself and those below it."""
    day = view.as_of.day
    wanted = units_below(view, unit) if unit is not None else None
    research: dict[str, list[str]] = {}
    held = view.points(RESEARCH)
    for row in view.rows(select(held).order_by(held.c.effective_on, held.c.fact_leaf)):
        research.setdefault(row.pair, []).append(row.effective_on)
    sent: dict[str, list[tuple[Side, int]]] = {}
    exchanges = view.points(EXCHANGE)
    for row in view.rows(select(exchanges).order_by(exchanges.c.effective_on, exchanges.c.fact_leaf)):
        sent.setdefault(row.pair, []).append((row.sender, row.year))
    donated = {row.pair: row.worth_fen for row in view.rows(select(view.total(DONATION, by=["pair"], of=["worth_fen"])))}
    history = view.history(PAIR, lambda c: c.effective_from <= day)
    found = []
    for row in view.rows(select(history).order_by(history.c.pair, history.c.effective_from)):
        if wanted is not None and row.unit not in wanted:
            continue
        until = row.effective_until if row.effective_until != FOREVER and row.effective_until <= day else None
        found.append(
            SchoolPairRow(
                row.pair, row.town, row.village, row.unit, row.effective_from, until, tuple(research.get(row.pair, ())),
                tuple(sent.get(row.pair, ())), donated.get(row.pair, 0), row.ref,
            )
        )  # fmt: skip
    return found


def lacking(pair: SchoolPairRow, rules: SchoolPairRules, year: int) -> list[Owed]:
    """What the pair's year lacks by the rules, in the order of the terms and then of the sides.

    A pair owes the term in which it is paired and those after it, and a year's exchange in the year in which it is paired; what it had
    not run to the end of, it does not owe.
    """
    found = []
    for term in rules.terms:
        first, last = term.in_year(year)
        held = sum(1 for day in pair.research if first.isoformat() <= day <= last.isoformat())
        if _owes(pair, last) and held < rules.joint_research_per_term:
            found.append(Owed(term.name, None, last.isoformat()))
    last = date(year, 12, 31)
    if _owes(pair, last):
        found += [Owed(None, side, last.isoformat()) for side in SIDES if pair.sent_by(side, year) < rules.exchanged_each_way]
    return found


def _owes(pair: SchoolPairRow, last: date) -> bool:
    return pair.since <= last.isoformat() and (pair.until is None or pair.until > last.isoformat())


def paired_late(pairs: Sequence[SchoolPairRow], rules: SchoolPairRules) -> list[str]:
    """The pairs made after the day of their year by which the plan wants them fixed."""
    if rules.fixed_by is None:
        return []
    return [pair.pair for pair in pairs if date.fromisoformat(pair.since) > rules.fixed_by.in_year(int(pair.since[:4]))]

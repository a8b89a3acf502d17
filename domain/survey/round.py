"""摸底排查 by rounds: departments submit, the school consolidates and reports; reports are provisional until the head count amends them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from ..command import Command, Context
from ..facts import Fact
from ..plan.adoption import AdoptedPlan
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, State, Streams, replace
from ..unit import existing_unit
from ..values.periods import period


class Totals(BaseModel):
    """What was counted, and at which log size: whoever doubts it counts again at that size.

    by_category counts a student of two categories in both, so its sum may exceed `entries`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: int
    by_category: dict[str, int]
    new: int
    counted_at: int


class RoundOpened(Fact):
    """`period` is the term whose aid the round decides; `unit` the school that holds it."""

    topic = "round.opened"
    plan: str
    period: str
    unit: str
    stage: str | None = None


class UnitSurveySubmitted(Fact):
    """系部上报: a department vouches for its totals."""

    topic = "round.unit_submitted"
    unit: str
    totals: Totals


class RoundConsolidated(Fact):
    """汇总: the school's totals over all departments; `missing` have not submitted."""

    topic = "round.consolidated"
    totals: Totals
    missing: tuple[str, ...] = ()


class RoundReported(Fact):
    """上报: the school's totals go up to `to`."""

    topic = "round.reported"
    to: str
    totals: Totals


class RoundAmended(Fact):
    """The head count after the report: it decides the aid, and names the report it amends."""

    topic = "round.amended"
    totals: Totals
    corrects: str
    reason: Sealed


class RoundClosed(Fact):
    """No entry comes in after this."""

    topic = "round.closed"


@dataclass(frozen=True)
class Round(State):
    prefix: ClassVar[str] = "round"
    plan: str = ""
    period: str = ""
    unit: str = ""
    stage: str | None = None
    submitted: tuple[tuple[str, str], ...] = ()
    consolidated_ref: str = ""
    reported_ref: str = ""
    decisive_ref: str = ""
    closed: bool = False

    def evolve(self, fact: Fact, ref: str) -> Round:
        match fact:
            case RoundOpened():
                return replace(self, plan=fact.plan, period=fact.period, unit=fact.unit, stage=fact.stage)
            case UnitSurveySubmitted():
                return replace(self, submitted=(*(s for s in self.submitted if s[0] != fact.unit), (fact.unit, ref)))
            case RoundConsolidated():
                return replace(self, consolidated_ref=ref)
            case RoundReported():
                return replace(self, reported_ref=ref, decisive_ref=ref)
            case RoundAmended():
                return replace(self, decisive_ref=ref)
            case RoundClosed():
                return replace(self, closed=True)
        return self


def existing_round(streams: Streams, round_id: str) -> Round:
    """The round, or the refusal `round_unknown`."""
    found = streams.read(Round, round_id)
    if not found.exists:
        raise Refused("round_unknown", round=round_id)
    return found


def open_round(streams: Streams, round_id: str) -> Round:
    """The round while entries may still come; else `round_unknown` or `round_closed`."""
    found = existing_round(streams, round_id)
    if found.closed:
        raise Refused("round_closed", round=round_id)
    return found


@dataclass(frozen=True, kw_only=True)
class OpenRound(Command):
    """A round bears the name of the period it decides (`2020-spring`)."""

    name: ClassVar[str] = "OpenRound"
    roles: ClassVar[frozenset[str]] = frozenset({"clerk", "administrator"})
    round: str
    plan: str
    unit: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = streams.read(Round, self.round)
        if state.exists:
            raise Refused("round_exists", round=self.round)
        found = period(self.round)
        version = streams.read(AdoptedPlan, self.plan).on(self.on or context.today)
        if not any(found.text.endswith(entry.season) for entry in version.plan.rounds):
            raise Refused("round_not_in_plan", round=self.round, plan=self.plan)
        unit = existing_unit(streams, self.unit)
        fact = RoundOpened(
            **self.stamp(context, version.ref, unit.ref),
            plan=self.plan,
            period=found.text,
            unit=self.unit,
            stage=version.plan.level_default,
        )
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class SubmitUnitSurvey(Command):
    name: ClassVar[str] = "SubmitUnitSurvey"
    roles: ClassVar[frozenset[str]] = frozenset({"surveyor"})
    round: str
    unit: str
    totals: Totals

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = open_round(streams, self.round)
        unit = existing_unit(streams, self.unit)
        fact = UnitSurveySubmitted(**self.stamp(context, state.ref, unit.ref), unit=self.unit, totals=self.totals)
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class ConsolidateRound(Command):
    """汇总. Departments that the round expects but that have not submitted are named, not hidden."""

    name: ClassVar[str] = "ConsolidateRound"
    roles: ClassVar[frozenset[str]] = frozenset({"clerk"})
    round: str
    totals: Totals

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (existing_round(streams, self.round).unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = open_round(streams, self.round)
        if not state.submitted:
            raise Refused("no_unit_submitted", round=self.round)
        version = streams.read(AdoptedPlan, state.plan).on(self.on or context.today)
        expected = [unit.id for unit in version.plan.units if unit.kind == "department"]
        submitted = dict(state.submitted)
        fact = RoundConsolidated(
            **self.stamp(context, *submitted.values()),
            totals=self.totals,
            missing=tuple(unit for unit in expected if unit not in submitted),
        )
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class ReportRound(Command):
    """The first report goes up; a later one is the head count that amends it, and says why."""

    name: ClassVar[str] = "ReportRound"
    roles: ClassVar[frozenset[str]] = frozenset({"clerk"})
    round: str
    to: str
    totals: Totals
    reason: Sealed | None = None

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (existing_round(streams, self.round).unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = open_round(streams, self.round)
        if not state.consolidated_ref:
            raise Refused("round_not_consolidated", round=self.round)
        if not state.reported_ref:
            to = existing_unit(streams, self.to)
            reported = RoundReported(**self.stamp(context, state.consolidated_ref, to.ref), to=self.to, totals=self.totals)
            return [(state.stream, reported)]
        if self.reason is None:
            raise Refused("reason_missing", round=self.round)
        amended = RoundAmended(
            **self.stamp(context, state.consolidated_ref, state.decisive_ref),
            totals=self.totals,
            corrects=state.decisive_ref,
            reason=self.reason,
        )
        return [(state.stream, amended)]


@dataclass(frozen=True, kw_only=True)
class CloseRound(Command):
    """No entry comes in after this. Who the round no longer names is ended by EndCategory in the same transaction."""

    name: ClassVar[str] = "CloseRound"
    roles: ClassVar[frozenset[str]] = frozenset({"clerk"})
    round: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (existing_round(streams, self.round).unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = open_round(streams, self.round)
        if not state.reported_ref:
            raise Refused("round_not_reported", round=self.round)
        return [(state.stream, RoundClosed(**self.stamp(context, state.decisive_ref)))]

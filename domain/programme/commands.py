"""Targets are set, and how far they have come is reported: one figure for an indicator, a day and a report, put right by a correction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from ..command import Command, Context, refuse_before
from ..plan.adoption import AdoptedPlan
from ..plan.targets import Direction, ReportKind
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from ..unit import working_unit
from ..values.figures import figure_text
from ..values.ids import refuse_unusable
from .facts import EvidenceKind, ProgressCorrected, ProgressReported, ProgressTold, TargetSet
from .target import ReportedFigure, StandingTarget, TargetVersion, reports_owed, says_the_same

# What does not add up where nobody says so: a share of something.
_SHARES = frozenset({"%", "％", "‰", "百分比"})


@dataclass(frozen=True, kw_only=True)
class SetTarget(Command):
    """Sets a target of an adopted plan, or a new version of it. What is not said (since, adds_up) stays as it was; for a new one it is
    pursued from 1 January of the due year, adds up unless it is a share, and owes the plan's reports.

    `on` not given: a new target holds from the day it is pursued from, as far as the plan does; a changed one from today.
    """

    name: ClassVar[str] = "SetTarget"
    roles: ClassVar[frozenset[str]] = frozenset({"clerk"})
    plan: str
    code: str
    action: str
    measure: str
    value: Decimal
    direction: Direction
    due_on: date
    owner: str
    since: date | None = None
    adds_up: bool | None = None
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"target/{self.plan}/{self.code}", f"plan/{self.plan}")

    def units(self, streams: Streams) -> tuple[str, ...]:
        standing = streams.read(StandingTarget, self.plan, self.code).newest
        return tuple(dict.fromkeys((self.owner, standing.fact.owner))) if standing else (self.owner,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        refuse_unusable("target", self.code)
        state = streams.read(StandingTarget, self.plan, self.code)
        standing = state.newest
        since = self.since or (standing.fact.since if standing else date(self.due_on.year, 1, 1))
        adopted = streams.read(AdoptedPlan, self.plan)
        first = min((version.since for version in adopted.versions), default=context.today)
        day = self.on or (context.today if standing else min(max(since, first), context.today))
        version = adopted.on(day)
        self.refuse_out_of_time(context, (version.since, version.ref))
        working_unit(streams, self.owner, day)
        if since > self.due_on:
            raise Refused("target_due_before_begun", target=self.code, due_on=self.due_on.isoformat(), since=since.isoformat())
        if self.value < 0:
            raise Refused("figure_below_zero")
        adds_up = self.adds_up if self.adds_up is not None else self.measure not in _SHARES
        fields: dict[str, Any] = {
            "plan": self.plan,
            "code": self.code,
            "name": standing.fact.name if standing else self.code,
            "action": self.action,
            "measure": self.measure,
            "value": figure_text(self.value),
            "direction": self.direction,
            "since": since,
            "due_on": self.due_on,
            "owner": self.owner,
            "adds_up": standing.fact.adds_up if standing and self.adds_up is None else adds_up,
            "reports": standing.fact.reports if standing else reports_owed(version.plan),
        }
        if standing and says_the_same(standing.fact, fields):
            raise Refused("target_set_already", target=self.code)
        stamp = self.stamp(context, self.source, version.ref, standing.ref if standing else "") | {"effective_on": day}
        fact = TargetSet(**stamp, **fields)
        return [(state.stream, fact), *state.evolve(fact, streams.next_ref(state.stream)).met(stamp)]


@dataclass(frozen=True, kw_only=True)
class _OnTarget(Command):
    """Something about a target's figure as of a day (`on`)."""

    roles: ClassVar[frozenset[str]] = frozenset({"clerk"})
    plan: str
    code: str
    report: ReportKind
    value: Decimal

    def needs(self) -> tuple[str, ...]:
        return (f"target/{self.plan}/{self.code}",)

    def units(self, streams: Streams) -> tuple[str, ...]:
        newest = streams.read(StandingTarget, self.plan, self.code).version_on(date.max)
        return (newest.fact.owner,) if newest else ()

    def _wanted(self, streams: Streams, context: Context, sent_on: date | None) -> tuple[StandingTarget, TargetVersion]:
        """The target, and what was wanted on the day of the figure."""
        state = streams.read(StandingTarget, self.plan, self.code)
        if not state.versions:
            raise Refused("target_unknown", target=self.code)
        day = self.on or context.today
        for one in (day, sent_on or day):
            if one > context.today:
                raise Refused("progress_in_future", target=self.code, on=one.isoformat(), today=context.today.isoformat())
        if sent_on is not None and sent_on < day:
            raise Refused("progress_sent_too_early", target=self.code, on=day.isoformat(), sent_on=sent_on.isoformat())
        if state.dropped_on is not None and day >= state.dropped_on:
            raise Refused("target_dropped", target=self.code, dropped_on=state.dropped_on.isoformat())
        if self.value < 0:
            raise Refused("figure_below_zero")
        wanted = state.version_on(day)
        if wanted is None:
            first = min(state.versions, key=lambda version: version.since)
            refuse_before(day, (first.since, first.ref), row=self.row)
            wanted = first
        return state, wanted

    def _told(self, streams: Streams, state: StandingTarget, told: ProgressTold, context: Context) -> list[Event]:
        """The figure, and what it makes of the target."""
        after = state.evolve(told, streams.next_ref(state.stream))
        return [(state.stream, told), *after.met(self.stamp(context))]


@dataclass(frozen=True, kw_only=True)
class ReportProgress(_OnTarget):
    """A unit reports a figure; for the same indicator, day and report there is one, and a wrong one is corrected."""

    name: ClassVar[str] = "ReportProgress"
    unit: str
    sent_on: date | None = None
    evidence_kind: EvidenceKind | None = None
    evidence_text: Sealed | None = None
    source: str = ""

    def units(self, streams: Streams) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*super().units(streams), self.unit)))

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, wanted = self._wanted(streams, context, self.sent_on)
        day = self.on or context.today
        working_unit(streams, self.unit, day)
        if state.figure(self.report, day) is not None:
            raise Refused("progress_reported_already", target=self.code, on=day.isoformat())
        told = ProgressReported(
            **self.stamp(context, self.source, wanted.ref),
            plan=self.plan,
            code=self.code,
            report=self.report,
            value=figure_text(self.value),
            unit=self.unit,
            sent_on=self.sent_on or context.today,
            evidence_kind=self.evidence_kind,
            evidence_text=self.evidence_text,
        )
        return self._told(streams, state, told, context)


@dataclass(frozen=True, kw_only=True)
class CorrectProgress(_OnTarget):
    """Says a figure again as it should have been; the wrong one stays on file, named by the correction."""

    name: ClassVar[str] = "CorrectProgress"
    sent_on: date | None = None
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, wanted = self._wanted(streams, context, self.sent_on)
        figure = standing_figure(state, self.report, self.on or context.today)
        before = figure.fact
        sent_on = self.sent_on or before.sent_on
        if (figure_text(self.value), sent_on) == (before.value, before.sent_on):
            raise Refused("progress_unchanged", target=self.code, on=figure.on.isoformat())
        told = ProgressCorrected(
            **self.stamp(context, figure.ref, wanted.ref),
            plan=self.plan,
            code=self.code,
            report=self.report,
            value=figure_text(self.value),
            unit=before.unit,
            sent_on=sent_on,
            evidence_kind=before.evidence_kind,
            evidence_text=before.evidence_text,
            corrects=figure.ref,
            reason=self.reason,
        )
        return self._told(streams, state, told, context)


def standing_figure(state: StandingTarget, report: ReportKind, day: date) -> ReportedFigure:
    """The figure that stands for that report and day; refused `progress_unknown`."""
    figure = state.figure(report, day)
    if figure is None:
        raise Refused("progress_unknown", target=state.id, on=day.isoformat())
    return figure

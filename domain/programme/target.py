"""A target stands as it was last set for the day; adopting or amending a plan sets its targets, and only those that are new or changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from ..facts import Fact
from ..plan.targets import Direction, ReportKind, Target
from ..plan.vocabulary import Plan
from ..streams import Event, State, Streams, replace
from ..values.figures import figure_text
from .facts import ProgressCorrected, ProgressReported, ProgressTold, ReportOwed, TargetDropped, TargetMet, TargetSet


class TargetVersion(NamedTuple):
    since: date
    ref: str
    fact: TargetSet


class ReportedFigure(NamedTuple):
    """The figure that stands for a kind of report and a day."""

    report: ReportKind
    on: date
    ref: str
    fact: ProgressTold


@dataclass(frozen=True)
class StandingTarget(State):
    prefix: ClassVar[str] = "target"
    versions: tuple[TargetVersion, ...] = ()
    dropped_on: date | None = None
    figures: tuple[ReportedFigure, ...] = ()
    met_by: str = ""

    def evolve(self, fact: Fact, ref: str) -> StandingTarget:
        match fact:
            case TargetSet():
                anew = replace(self, versions=(*self.versions, TargetVersion(fact.effective_on, ref, fact)), dropped_on=None)
                before, now = self.version_on(date.max), anew.version_on(date.max)
                return anew if before and now and _judged_by(before.fact) == _judged_by(now.fact) else replace(anew, met_by="")
            case TargetDropped():
                return replace(self, dropped_on=fact.effective_on)
            case ProgressReported():
                return replace(self, figures=(*self.figures, ReportedFigure(fact.report, fact.effective_on, ref, fact)))
            case ProgressCorrected():
                new = ReportedFigure(fact.report, fact.effective_on, ref, fact)
                kept = tuple(new if figure.ref == fact.corrects else figure for figure in self.figures)
                return replace(self, figures=kept, met_by="" if self.met_by == fact.corrects else self.met_by)
            case TargetMet():
                return replace(self, met_by=fact.figure)
        return self

    @property
    def newest(self) -> TargetVersion | None:
        """The version that holds from the latest day on, None where there is none or the target was given up."""
        return None if self.dropped_on is not None else self.version_on(date.max)

    def version_on(self, day: date) -> TargetVersion | None:
        """What was wanted on that day. Of two versions from the same day the later recorded one counts."""
        in_force = [version for version in self.versions if version.since <= day]
        return max(reversed(in_force), key=lambda version: version.since) if in_force else None

    def figure(self, report: ReportKind, day: date) -> ReportedFigure | None:
        """The figure that stands for that report and day."""
        return next((figure for figure in self.figures if (figure.report, figure.on) == (report, day)), None)

    def met(self, stamp: Mapping[str, Any]) -> list[Event]:
        """`TargetMet` by the first figure that settles what is wanted now, where none has done so yet. `stamp`: what every fact carries."""
        wanted = self.version_on(date.max)
        figures = sorted(self.figures, key=lambda one: one.on)
        found = next((one for one in figures if wanted and settles(wanted.fact, one.on, Decimal(one.fact.value))), None)
        if self.met_by or wanted is None or found is None:
            return []
        own = {"because": (found.ref, wanted.ref), "effective_on": max(found.on, wanted.since)}
        plan, code = wanted.fact.plan, wanted.fact.code
        return [(self.stream, TargetMet(**{**stamp, **own}, plan=plan, code=code, value=found.fact.value, figure=found.ref))]


def _judged_by(fact: TargetSet) -> tuple[object, ...]:
    return Decimal(fact.value), fact.direction, fact.adds_up, fact.due_on


def settles(wanted: TargetSet, on: date, value: Decimal) -> bool:
    """Whether a figure settles it: on or after the day due, or before it where a figure that was reached stays reached."""
    early = wanted.adds_up and wanted.direction == "at_least"
    return (early or on >= wanted.due_on) and meets(value, Decimal(wanted.value), wanted.direction)


def meets(value: Decimal, target: Decimal, direction: Direction) -> bool:
    """Whether the figure is as the target wants it; a figure equal to the target is."""
    return value >= target if direction == "at_least" else value <= target


def target_fields(plan: Plan, target: Target) -> dict[str, Any]:
    """A plan's target as `TargetSet` says it."""
    return {
        "plan": plan.code,
        "code": target.code,
        "name": target.name or target.code,
        "action": target.action,
        "measure": target.measure,
        "value": figure_text(target.value),
        "direction": target.direction,
        "since": target.pursued_from,
        "due_on": target.due,
        "owner": target.owner,
        "adds_up": target.adds_up,
        "reports": reports_owed(plan, target.reports),
    }


def reports_owed(plan: Plan, kinds: tuple[ReportKind, ...] | None = None) -> tuple[ReportOwed, ...]:
    """The plan's reports of these kinds, all where none is named."""
    return tuple(ReportOwed(kind=rule.kind, within_days=rule.within_days) for rule in plan.reports if kinds is None or rule.kind in kinds)


def says_the_same(fact: TargetSet, fields: Mapping[str, Any]) -> bool:
    """Whether a version already says all of this."""
    return all(getattr(fact, name) == value for name, value in fields.items())


def target_events(streams: Streams, plan: Plan, before: Plan | None, stamp: Mapping[str, Any]) -> list[Event]:
    """What a plan's adoption, or its amendment from the version `before`, sets: its new and changed targets; what it no longer names
    is dropped. A target that both versions have alike stays as it was set, by whomever. `stamp`: the fields every fact carries."""
    events: list[Event] = []
    old = {target.code: target_fields(before, target) for target in before.targets} if before else {}
    for target in plan.targets:
        fields = target_fields(plan, target)
        state = streams.read(StandingTarget, plan.code, target.code)
        standing = state.newest
        unchanged = standing is not None and old.get(target.code) == fields
        if not unchanged and not (standing is not None and says_the_same(standing.fact, fields)):
            fact = TargetSet(**stamp, **fields)
            events += [(state.stream, fact), *state.evolve(fact, streams.next_ref(state.stream)).met(stamp)]
    for code in sorted(old.keys() - {target.code for target in plan.targets}):
        state = streams.read(StandingTarget, plan.code, code)
        if state.newest is not None:
            events.append((state.stream, TargetDropped(**stamp, plan=plan.code, code=code)))
    return events

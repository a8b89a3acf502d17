"""A day that the plan leaves to somebody else (a deadline set by the higher office, the start of term) is recorded when it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..command import Command, Context
from ..duty.owed import span_of, spans
from ..facts import Fact
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, State, Streams, replace
from ..unit import Unit
from ..values.periods import period
from .adoption import AdoptedPlan
from .schemes import Scheme
from .vocabulary import Plan

_YEAR_DAYS = 366


class PlanDateSet(Fact):
    """The office was told on `effective_on` that `name` of the plan falls on `day` for this period. source: by whom and where it was
    said, sealed. A later one takes its place."""

    topic = "plan.date_set"
    plan: str
    name: str
    period: str
    day: date
    source: Sealed


@dataclass(frozen=True)
class PlanDate(State):
    prefix: ClassVar[str] = "plandate"
    day: date | None = None
    told_on: date | None = None

    def evolve(self, fact: Fact, ref: str) -> PlanDate:
        return replace(self, day=fact.day, told_on=fact.effective_on) if isinstance(fact, PlanDateSet) else self


def payment_date_name(scheme: Scheme) -> str:
    """The name under which the day is told by which a scheme's awards are to be paid."""
    return f"{scheme.code}-paid-by"


def dates_asked(plan: Plan) -> dict[str, str]:
    """The days the plan leaves open: name -> kind of period it is told for (`term`, `year`, or a scheme's or a duty's own)."""
    asked: dict[str, str] = {}
    for duty in plan.duties:
        kind = "term" if duty.season or duty.cadence == "term" else duty.cadence or "yearly"
        asked |= dict.fromkeys(duty.day_names, kind)
    for scheme in plan.schemes:
        if scheme.payment is not None and scheme.payment.by == "external":
            asked[payment_date_name(scheme)] = scheme.period
    return asked


@dataclass(frozen=True, kw_only=True)
class SetPlanDate(Command):
    """Refused `plan_date_not_asked`, `period_malformed`, `plan_date_period` (another kind of period), `plan_date_far` (more than a year
    from it), `plan_date_known`."""

    name: ClassVar[str] = "SetPlanDate"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator", "clerk", "treasurer"})
    plan: str
    date_name: str
    period: str
    day: date
    source: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        adopted = streams.read(AdoptedPlan, self.plan)
        if not adopted.versions:
            return ()
        newest = adopted.versions[-1].plan
        issuer = newest.issuer if streams.read(Unit, newest.issuer).exists else newest.top
        return (issuer,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        version = streams.read(AdoptedPlan, self.plan).on(self.on or context.today)
        asked = dates_asked(version.plan)
        if self.date_name not in asked:
            raise Refused("plan_date_not_asked", plan=self.plan, name=self.date_name, names=sorted(asked))
        _refuse_other_kind(self.period, asked[self.date_name])
        self._refuse_far()
        self.refuse_out_of_time(context, (version.since, version.ref))
        state = streams.read(PlanDate, self.plan, self.date_name, self.period)
        if state.day == self.day:
            raise Refused("plan_date_known", plan=self.plan, name=self.date_name, period=self.period, day=self.day.isoformat())
        self._refuse_backwards(streams)
        earlier = state.ref if state.exists else ""
        fact = PlanDateSet(
            **self.stamp(context, version.ref, earlier),
            plan=self.plan,
            name=self.date_name,
            period=self.period,
            day=self.day,
            source=self.source,
        )
        return [(state.stream, fact)]

    def _refuse_far(self) -> None:
        """A mistyped year lies more than a year before or after the period it is told for."""
        span = span_of(self.period)
        if max((self.day - span.last).days, (span.first - self.day).days) > _YEAR_DAYS:
            days = {"first": span.first.isoformat(), "last": span.last.isoformat()}
            raise Refused("plan_date_far", name=self.date_name, period=self.period, day=self.day.isoformat(), **days)

    def _refuse_backwards(self, streams: Streams) -> None:
        """`plan_dates_backwards`: a term does not end before it begins."""
        other = {"term-start": "term-end", "term-end": "term-start"}.get(self.date_name)
        if other is None:
            return
        known = streams.read(PlanDate, self.plan, other, self.period).day
        start, end = (self.day, known) if other == "term-end" else (known, self.day)
        if start is not None and end is not None and end <= start:
            about = {"name": self.date_name, "day": self.day.isoformat(), "period": self.period}
            raise Refused("plan_dates_backwards", **about, other=other, other_day=known.isoformat() if known else "")


def _refuse_other_kind(text: str, wanted: str) -> None:
    """A day of each term is told for a term, one of each year for a year."""
    if wanted in ("monthly", "quarterly", "half-yearly"):
        found = span_of(text)
        if found not in list(spans(wanted, found.first.year, found.first.year)):
            raise Refused("plan_date_period", period=text, wanted=wanted)
        return
    kind = {"yearly": "year"}.get(wanted, wanted)
    if period(text).kind != kind:
        raise Refused("plan_date_period", period=text, wanted=kind)

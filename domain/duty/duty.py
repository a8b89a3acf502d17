"""A duty is discharged with the report that was made, or excused with a reason; both name the clause's owner and the period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from ..command import Command, Context
from ..facts import Fact
from ..plan.adoption import AdoptedPlan, PlanVersion
from ..plan.duties import Duty
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import ROLES
from ..streams import Event, State, Streams, replace
from ..unit import Unit, existing_unit
from .owed import Span, refuse_other_period


class _OfDuty(Fact):
    """Which duty: `code` of `plan`, owed by `unit` for `period`."""

    plan: str
    code: str
    unit: str
    period: str


class DutyDischarged(_OfDuty):
    """Done on `effective_on`. sha256: of the report that was handed in; to: to whom; note: sealed."""

    topic = "duty.discharged"
    sha256: str | None = None
    to: tuple[str, ...] = ()
    note: Sealed | None = None


class DutyExcused(_OfDuty):
    """It need not be done this time; the reason is sealed."""

    topic = "duty.excused"
    reason: Sealed


class DutyReopened(_OfDuty):
    """What was recorded (`corrects`) does not hold: it was not done, or is not excused. The duty is owed again."""

    topic = "duty.reopened"
    corrects: str
    reason: Sealed


@dataclass(frozen=True)
class DutyRecord(State):
    """What is on record of one duty, unit and period: `settled_ref` is what discharged or excused it."""

    prefix: ClassVar[str] = "duty"
    settled: str = ""
    settled_ref: str = ""
    settled_on: date | None = None
    plan: str = ""
    code: str = ""
    unit: str = ""

    def evolve(self, fact: Fact, ref: str) -> DutyRecord:
        match fact:
            case DutyDischarged() | DutyExcused():
                settled = "discharged" if isinstance(fact, DutyDischarged) else "excused"
                return replace(
                    self, settled=settled, settled_ref=ref, settled_on=fact.effective_on, plan=fact.plan, code=fact.code, unit=fact.unit
                )
            case DutyReopened():
                return replace(self, settled="", settled_ref="", settled_on=None)
        return self


@dataclass(frozen=True, kw_only=True)
class _OnDuty(Command):
    plan: str
    code: str
    unit: str
    period: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def _record(self, streams: Streams) -> DutyRecord:
        return streams.read(DutyRecord, self.plan, self.code, self.unit, self.period)

    def _which(self) -> dict[str, Any]:
        return {"plan": self.plan, "code": self.code, "unit": self.unit, "period": self.period}

    def _owed(self, streams: Streams, context: Context) -> tuple[Duty, PlanVersion, DutyRecord, Unit]:
        """The duty as the plan has it, for a unit and a period that owe it; not settled yet."""
        duty, version = self._laid_down(streams.read(AdoptedPlan, self.plan), self.on or context.today)
        unit = existing_unit(streams, self.unit)
        if duty.owner not in (unit.id, unit.kind):
            raise Refused("duty_not_of_unit", duty=self.code, unit=self.unit, owner=duty.owner)
        record = self._record(streams)
        if record.settled:
            raise Refused("duty_settled", duty=self.code, unit=self.unit, period=self.period, settled=record.settled_ref)
        self.refuse_out_of_time(context, (version.since, version.ref))
        return duty, version, record, unit


    def _laid_down(self, adopted: AdoptedPlan, day: date) -> tuple[Duty, PlanVersion]:
        """The duty and the version that asks for it: that of the day, else an earlier one under which the period began. What fell due
        before an amendment or the repeal is owed as it was, and is still done or excused."""
        repealed = adopted.repealed_on if adopted.repealed_on is not None and day >= adopted.repealed_on else None
        newest = adopted.on(repealed - timedelta(days=1) if repealed is not None else day)
        since = min(version.plan.effective_from for version in adopted.versions)
        refused = Refused("duty_unknown", plan=self.plan, duty=self.code, duties=[one.code for one in newest.plan.duties])
        until = repealed
        for version in sorted(adopted.versions[::-1], key=lambda one: one.since, reverse=True):
            if version.since > newest.since:
                continue
            duty = next((one for one in version.plan.duties if one.code == self.code), None)
            try:
                if duty is not None and _begun(refuse_other_period(duty, self.period, since), until):
                    return duty, version
            except Refused as refusal:
                refused = refusal if version is newest else refused
            until = version.since
        if repealed is not None:
            adopted.on(day)
        raise refused


def _begun(span: Span, until: date | None) -> bool:
    return until is None or span.first < until


@dataclass(frozen=True, kw_only=True)
class DischargeDuty(_OnDuty):
    """Done on `on`. Refused `duty_discharged_by_fact` where the plan says which fact discharges it: that fact is to be recorded."""

    name: ClassVar[str] = "DischargeDuty"
    roles: ClassVar[frozenset[str]] = frozenset(ROLES) - {"privacy-officer"}
    sha256: str | None = None
    note: Sealed | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        duty, version, record, unit = self._owed(streams, context)
        if duty.discharged_by is not None:
            raise Refused("duty_discharged_by_fact", duty=self.code, fact=duty.discharged_by)
        fact = DutyDischarged(
            **self.stamp(context, version.ref, unit.ref), **self._which(), sha256=self.sha256, to=duty.to, note=self.note
        )
        return [(record.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class ExcuseDuty(_OnDuty):
    name: ClassVar[str] = "ExcuseDuty"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator", "approver", "inspector"})
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        _duty, version, record, unit = self._owed(streams, context)
        fact = DutyExcused(**self.stamp(context, version.ref, unit.ref), **self._which(), reason=self.reason)
        return [(record.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class ReopenDuty(_OnDuty):
    """Takes back what was recorded by mistake."""

    name: ClassVar[str] = "ReopenDuty"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator", "approver", "inspector"})
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        record = self._record(streams)
        if not record.settled:
            raise Refused("duty_not_settled", duty=self.code, unit=self.unit, period=self.period)
        self.refuse_out_of_time(context, (record.settled_on, record.settled_ref))
        corrects = record.settled_ref
        return [(record.stream, DutyReopened(**self.stamp(context, corrects), **self._which(), corrects=corrects, reason=self.reason))]

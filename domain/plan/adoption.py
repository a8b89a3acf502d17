"""A plan counts from its adoption on, with its whole text in the ledger; an amendment is a new version, and decisions name theirs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from ..command import Command, Context, refuse_before
from ..facts import Fact
from ..programme.target import target_events
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, State, Streams, replace
from ..unit import Unit, UnitRegistered
from .check import refuse_faults
from .schemes import Scheme
from .vocabulary import Plan, read_plan


class PlanAdopted(Fact):
    """`text` is the whole TOML; it decides from `effective_on` on. A plan file changed afterwards changes nothing here."""

    topic = "plan.adopted"
    code: str
    plan_version: str
    text: str
    sha256: str


class PlanAmended(Fact):
    """A new version, deciding from `effective_on` on; what was decided before names the version it used."""

    topic = "plan.amended"
    code: str
    plan_version: str
    text: str
    sha256: str
    reason: Sealed


class PlanRepealed(Fact):
    """From `effective_on` on nothing is decided under the plan."""

    topic = "plan.repealed"
    code: str
    reason: Sealed


@dataclass(frozen=True)
class PlanVersion:
    since: date
    ref: str
    text: str

    @property
    def plan(self) -> Plan:
        return read_plan(self.text)


@dataclass(frozen=True)
class AdoptedPlan(State):
    prefix: ClassVar[str] = "plan"
    versions: tuple[PlanVersion, ...] = ()
    repealed_on: date | None = None

    def evolve(self, fact: Fact, ref: str) -> AdoptedPlan:
        match fact:
            case PlanAdopted() | PlanAmended():
                new = PlanVersion(fact.effective_on, ref, fact.text)
                return replace(self, versions=(*self.versions, new), repealed_on=None)
            case PlanRepealed():
                return replace(self, repealed_on=fact.effective_on)
        return self

    def on(self, day: date) -> PlanVersion:
        """The version that decides on `day`: `plan_not_adopted`, `plan_not_yet_effective` or `plan_repealed` where there is none."""
        if not self.versions:
            raise Refused("plan_not_adopted", plan=self.id)
        if self.repealed_on is not None and day >= self.repealed_on:
            raise Refused("plan_repealed", plan=self.id, repealed_on=self.repealed_on.isoformat())
        found = self.version_on(day)
        if found is None:
            first = min(version.since for version in self.versions)
            raise Refused("plan_not_yet_effective", plan=self.id, effective_from=first.isoformat())
        return found

    def version_on(self, day: date) -> PlanVersion | None:
        """As `on`, None where no version decides. Of two from the same day the later recorded one counts."""
        if self.repealed_on is not None and day >= self.repealed_on:
            return None
        in_force = [version for version in self.versions if version.since <= day]
        return max(reversed(in_force), key=lambda version: version.since) if in_force else None


def scheme_in_force(streams: Streams, qualified: str, day: date) -> tuple[Scheme, PlanVersion]:
    """The scheme `<plan>.<scheme>` as the version of that day has it, and that version."""
    plan_code, _, scheme = qualified.partition(".")
    if not scheme:
        raise Refused("scheme_malformed", scheme=qualified)
    version = streams.read(AdoptedPlan, plan_code).on(day)
    return version.plan.scheme(scheme), version


def scheme_to_pay(streams: Streams, qualified: str, day: date) -> tuple[Scheme, PlanVersion]:
    """As `scheme_in_force`, also after the plan was repealed: what was awarded under it is still paid, as its last version says."""
    state = streams.read(AdoptedPlan, qualified.partition(".")[0])
    if state.repealed_on is not None and day >= state.repealed_on:
        day = state.repealed_on - timedelta(days=1)
    return scheme_in_force(streams, qualified, day)


def _issuers(streams: Streams, *versions: Plan) -> tuple[str, ...]:
    """Who lays the plan down, by every version of it; its top where the issuer is no unit. What is not there yet is nobody's so far."""
    wanted = (plan.issuer if streams.read(Unit, plan.issuer).exists else plan.top for plan in versions)
    return tuple(unit for unit in dict.fromkeys(wanted) if streams.read(Unit, unit).exists)


@dataclass(frozen=True, kw_only=True)
class AdoptPlan(Command):
    """Adopts a plan by its text, and registers those of its units that are not there yet, below the unit that adopts it: whoever
    administers the ledger administers them. Its targets are set with it. One that was repealed decides again from the repeal on at the
    earliest (`dated_before_basis`): the days for which it was repealed before stay as they were."""

    name: ClassVar[str] = "AdoptPlan"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    text: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        return _issuers(streams, read_plan(self.text))

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        plan = read_plan(self.text)
        refuse_faults(self.text)
        state = streams.read(AdoptedPlan, plan.code)
        if state.exists and state.repealed_on is None:
            raise Refused("plan_already_adopted", plan=plan.code)
        since = self.on or plan.effective_from
        refuse_before(since, (state.repealed_on, state.ref))
        common = self.stamp(context) | {"effective_on": since}
        ref = streams.next_ref(state.stream)
        sha256 = hashlib.sha256(self.text.encode()).hexdigest()
        adopted = PlanAdopted(**common, code=plan.code, plan_version=plan.version, text=self.text, sha256=sha256)
        events: list[Event] = [(state.stream, adopted)]
        units = common | {"because": (ref,)}
        adopting = context.acting_as.unit if context.acting_as else None
        for entry in plan.units:
            unit = streams.read(Unit, entry.id)
            if not unit.exists:
                parent = entry.parent or (adopting if adopting != entry.id else None)
                events.append((unit.stream, UnitRegistered(**units, name=entry.name, kind=entry.kind, parent=parent)))
        return events + target_events(streams, plan, None, units)


@dataclass(frozen=True, kw_only=True)
class AmendPlan(Command):
    """Puts a new version beside the old ones; what was decided before stays decided."""

    name: ClassVar[str] = "AmendPlan"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    text: str
    reason: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        plan = read_plan(self.text)
        return _issuers(streams, plan, *(version.plan for version in streams.read(AdoptedPlan, plan.code).versions))

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        plan = read_plan(self.text)
        refuse_faults(self.text)
        state = streams.read(AdoptedPlan, plan.code)
        if not state.exists:
            raise Refused("plan_not_adopted", plan=plan.code)
        if state.repealed_on is not None:
            raise Refused("plan_repealed", plan=plan.code, repealed_on=state.repealed_on.isoformat())
        if any(version.plan.version == plan.version for version in state.versions):
            raise Refused("plan_version_exists", plan=plan.code, version=plan.version)
        newest_since, day = max(version.since for version in state.versions), self.on or plan.effective_from
        if day < newest_since:  # the version that began later would go on deciding, and this one never would
            raise Refused("plan_version_overtaken", plan=plan.code, on=day.isoformat(), since=newest_since.isoformat())
        common = self.stamp(context, state.ref) | {"effective_on": self.on or plan.effective_from}
        sha256 = hashlib.sha256(self.text.encode()).hexdigest()
        fact = PlanAmended(
            **common, code=plan.code, plan_version=plan.version, text=self.text, sha256=sha256, reason=self.reason
        )
        newest = max(reversed(state.versions), key=lambda version: version.since).plan
        return [(state.stream, fact), *target_events(streams, plan, newest, common | {"because": (streams.next_ref(state.stream),)})]


@dataclass(frozen=True, kw_only=True)
class RepealPlan(Command):
    """From `on` on nothing is decided under the plan; what was decided before stays decided, and is still paid and traced. It may be a day
    to come. Refused `dated_before_basis` where it lies before the first day of the newest version, which would never have decided."""

    name: ClassVar[str] = "RepealPlan"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    plan: str
    reason: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        return _issuers(streams, *(version.plan for version in streams.read(AdoptedPlan, self.plan).versions))

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = streams.read(AdoptedPlan, self.plan)
        if not state.exists:
            raise Refused("plan_not_adopted", plan=self.plan)
        if state.repealed_on is not None:
            raise Refused("plan_repealed", plan=self.plan, repealed_on=state.repealed_on.isoformat())
        newest = max(reversed(state.versions), key=lambda version: version.since)
        refuse_before(self.on or context.today, (newest.since, newest.ref))
        return [(state.stream, PlanRepealed(**self.stamp(context, state.ref), code=self.plan, reason=self.reason))]

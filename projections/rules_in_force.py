"""Which pairing and tutoring rules decided on a day: those of the plan's version in force then, as known at the point asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from sqlalchemy import select

from mingzhang.domain.plan.pairing_rules import PairingRules, TutoringRules
from mingzhang.domain.plan.vocabulary import Plan, read_plan

from .due_tables import PLAN_TEXT
from .projection import View

T = TypeVar("T", PairingRules, TutoringRules)


class Version(NamedTuple):
    """A version of a plan, deciding from `since` to before `until` (ISO days)."""

    plan: Plan
    units: frozenset[str]
    since: str
    until: str
    ref: str


class Rules(NamedTuple):
    """The rules, and the plan and its version (`plan/<code>@n`) that lay them down."""

    plan: str
    version_ref: str
    pairing: PairingRules


class RulesInForce:
    """Asked by unit and day. Where several plans have such rules, the one that names the unit counts, else the first by code."""

    def __init__(self, versions: Sequence[Version]) -> None:
        self._versions = sorted(versions, key=lambda version: version.plan.code)

    def pairing(self, unit: str, day: date) -> Rules | None:
        """What a pairing of the unit owes on that day; None where no plan in force says anything."""
        found = self._in_force(unit, day, lambda plan: plan.pairing)
        return Rules(found[0].plan.code, found[0].ref, found[1]) if found else None

    def of_records(self, unit: str, day: date) -> PairingRules:
        """What a record must be: the figures of the plan in force, else those that always stand (WORKBOOKS.md)."""
        found = self.pairing(unit, day)
        return found.pairing if found else _NOTHING_OWED

    def tutoring(self, unit: str, day: date) -> tuple[str, TutoringRules] | None:
        """What tutors of the unit owe on that day, and the code of the plan that says so; None where no plan in force does."""
        found = self._in_force(unit, day, lambda plan: plan.tutoring)
        return (found[0].plan.code, found[1]) if found else None

    def _in_force(self, unit: str, day: date, wanted: Callable[[Plan], T | None]) -> tuple[Version, T] | None:
        text = day.isoformat()
        found = [(v, rules) for v in self._versions if v.since <= text < v.until and (rules := wanted(v.plan)) is not None]
        return next((one for one in found if unit in one[0].units), found[0] if found else None)


_NOTHING_OWED = PairingRules()


def rules_in_force(view: View) -> RulesInForce:
    """Of all versions known at the view's point, whatever its day."""
    return RulesInForce(versions_known(view))


def versions_known(view: View) -> list[Version]:
    """All versions known at the view's point, whatever its day, in the order of plans and of the days from which they decide."""
    history = view.history(PLAN_TEXT)
    versions = []
    for row in view.rows(select(history).order_by(history.c.plan, history.c.effective_from)):
        plan = read_plan(row.toml)
        units = frozenset(unit.id for unit in plan.units)
        versions.append(Version(plan, units, row.effective_from, row.effective_until, row.ref))
    return versions

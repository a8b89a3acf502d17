"""Which rules a plan does without, and which figures it sets: the version in force on a fact's day decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from mingzhang.domain.plan.finding_rules import DAYS, FindingRule

from ..finding import Finding

if TYPE_CHECKING:
    from mingzhang.domain.duty.owed import Version


class SwitchedOff(NamedTuple):
    """A rule that a plan does without on some days: since, until ISO, None where the version says nothing; ref: the version."""

    rule: str
    plan: str
    since: str
    until: str | None
    clause: str
    clause_text: str
    ref: str


class Switches:
    """Asked by rule, plan and day. versions: of each plan, oldest first."""

    def __init__(self, versions: Mapping[str, list[Version]]) -> None:
        self._versions = versions
        self._any = any(version.plan.findings for of_plan in versions.values() for version in of_plan)

    def days(self, rule: str, plan: str | None, day: str) -> int:
        """The figure of a rule that has one: what the plan sets for the day (ISO), else what always stands."""
        said = self._said(rule, plan, day) if self._any and plan is not None else None
        return said.days if said is not None and said.days is not None else DAYS[rule]

    def least_days(self, rule: str) -> int:
        """The smallest figure that any version of any plan sets for the rule, or the one that always stands."""
        said = (one for of_plan in self._versions.values() for version in of_plan for one in version.plan.findings)
        return min([DAYS[rule], *(one.days for one in said if one.rule == rule and one.days is not None)])

    def off(self, finding: Finding) -> bool:
        """Whether the plan that the finding is about does without its rule on its day. Of a finding that is about no one plan: whether
        every plan does."""
        if not self._any:
            return False
        plan, day = plan_of(finding), day_of(finding)
        plans = [plan] if plan is not None else list(self._versions)
        return bool(plans) and all((said := self._said(finding.rule, one, day)) is not None and said.off for one in plans)

    def switched_off(self) -> list[SwitchedOff]:
        """Every rule that any version of any plan does without, by plan and rule."""
        return [
            SwitchedOff(
                said.rule,
                code,
                max(said.since or version.since, version.since).isoformat(),
                _earlier(said.until, version.until),
                said.clause,
                version.plan.clauses.get(said.clause, ""),
                version.ref,
            )
            for code, of_plan in sorted(self._versions.items())
            for version in of_plan
            for said in version.plan.findings
            if said.off
        ]

    def _said(self, rule: str, plan: str, day: str) -> FindingRule | None:
        versions = self._versions.get(plan, [])
        if not versions or not day:
            return None
        wanted = date.fromisoformat(day)
        version = next((one for one in reversed(versions) if one.since <= wanted), versions[0])
        return next((said for said in version.plan.findings if said.rule == rule and said.covers(wanted)), None)


def plan_of(finding: Finding) -> str | None:
    """The plan a finding is about: that of its payment or of the scheme it names; None where it is about none, or about several."""
    if finding.payment is not None:
        return finding.payment.split("/")[1].partition(".")[0]
    plan = finding.facts.get("plan")
    if isinstance(plan, str) and plan:
        return plan
    scheme = finding.facts.get("scheme")
    return scheme.partition(".")[0] or None if isinstance(scheme, str) else None


def day_of(finding: Finding) -> str:
    """The day (ISO) of the fact judged; empty where a finding names none."""
    for name in ("paid_on", "on", "decided_on"):
        day = finding.facts.get(name)
        if isinstance(day, str) and day:
            return day
    return ""


def _earlier(until: date | None, next_version: date | None) -> str | None:
    """The last day: the one said, or the one before the next version."""
    last = date.fromordinal(next_version.toordinal() - 1) if next_version is not None else None
    days = [day for day in (until, last) if day is not None]
    return min(days).isoformat() if days else None

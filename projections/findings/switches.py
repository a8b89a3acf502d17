"""Which rules a plan does without, and which figures it sets: the version in force on a fact's day decides, unless it came too late.

A version may be recorded after days on which it already decides. What had happened before it was recorded, and stood on record by then,
it does not silence: nobody makes a finding vanish by amending. What came on record after it, it silences, and whatever happened later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import orjson

from mingzhang.domain.plan.finding_rules import DAYS, FindingRule
from mingzhang.domain.plan.vocabulary import Plan, read_plan
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.values.china import day_of_record

from ..finding import Finding
from ..trail import Log

if TYPE_CHECKING:
    from mingzhang.domain.duty.owed import Version

_AT_ONCE = 500
_LAID_DOWN = frozenset({"plan.adopted", "plan.amended"})


class SwitchedOff(NamedTuple):
    """A rule that a plan does without on some days (`days` None), or whose figure it sets: since, until ISO, None where the version says
    nothing; ref: the version, recorded on `recorded_on` (ISO) by `by`. late: after the first of these days; reason: of an amendment.
    left_out: how many findings it leaves out; stay: how many it would, had it not come too late for them."""

    rule: str
    plan: str
    since: str
    until: str | None
    clause: str
    clause_text: str
    ref: str
    days: int | None = None
    recorded_on: str = ""
    by: str = ""
    reason: Sealed | None = None
    left_out: int = 0
    stay: int = 0

    @property
    def late(self) -> bool:
        return self.recorded_on > self.since


class LaidDown(NamedTuple):
    """A version of a plan as it was recorded. since, recorded_on: ISO, the latter in Asia/Shanghai."""

    ref: str
    leaf: int
    since: str
    recorded_on: str
    by: str
    reason: Sealed | None
    plan: Plan


class Verdict(NamedTuple):
    """Whether a finding is left out, and by which versions (`stream@version`); or which would leave it out and came too late."""

    off: bool = False
    by: tuple[str, ...] = ()
    too_late: tuple[str, ...] = ()


def laid_down(journal: Log, known_at: int, plans: Iterable[str]) -> dict[str, list[LaidDown]]:
    """Every version of these plans that was recorded by then, also one that another of the same day took the place of; in the order of
    recording."""
    found: dict[str, list[LaidDown]] = {}
    for row in journal.select_streams([f"plan/{plan}" for plan in plans]):
        if row.topic not in _LAID_DOWN or row.leaf_index >= known_at:
            continue
        said = orjson.loads(row.state)
        recorded_on = day_of_record(row.recorded_at).isoformat()
        reason = Sealed.model_validate(said["reason"]) if said.get("reason") else None
        ref = f"{row.originator_id}@{row.originator_version}"
        version = LaidDown(ref, row.leaf_index, said["effective_on"], recorded_on, said["actor"], reason, read_plan(said["text"]))
        found.setdefault(said["code"], []).append(version)
    return found


class Switches:
    """Asked by rule, plan and day. versions: of each plan as they decide now, oldest first; recorded: as they came on record."""

    def __init__(self, versions: Mapping[str, list[Version]], recorded: Mapping[str, list[LaidDown]], journal: Log) -> None:
        self._versions = versions
        self._recorded = recorded
        self._journal = journal
        self._any = any(version.plan.findings for of_plan in recorded.values() for version in of_plan)
        self._successions: dict[tuple[str, str], list[LaidDown]] = {}

    def days(self, rule: str, plan: str | None, day: str) -> int:
        """The figure of a rule that has one, for the day (ISO): what the plan sets, else what always stands; of a version that was recorded
        later than the day and of those it took the place of the smallest, since only the fact can say whether it came too late."""
        if not self._any or plan is None or not (known := self._succession(plan, day)):
            return DAYS[rule]
        base = _in_time(known, day, None)
        figures = [_figure(version, rule, day) for version in known[max(base, 0) :]]
        return min(figures if base >= 0 else [*figures, DAYS[rule]])

    def least_days(self, rule: str) -> int:
        """The smallest figure that any version of any plan sets for the rule, or the one that always stands."""
        said = (one for of_plan in self._recorded.values() for version in of_plan for one in version.plan.findings)
        return min([DAYS[rule], *(one.days for one in said if one.rule == rule and one.days is not None)])

    def judge(self, findings: Sequence[Finding]) -> list[Verdict]:
        """Of each finding whether the plan that it is about does without its rule on its day; of one that is about no one plan, whether
        every plan does."""
        if not self._any:
            return [Verdict()] * len(findings)
        leaves: dict[str, int] = {}
        unsure = [one for one in findings if self._judged(one, None) is None]
        for start in range(0, len(unsure), _AT_ONCE):
            streams = {event.rpartition("@")[0] for one in unsure[start : start + _AT_ONCE] for event in one.events}
            rows = self._journal.select_streams(sorted(streams))
            leaves |= {f"{row.originator_id}@{row.originator_version}": row.leaf_index for row in rows}
        return [self._judged(one, leaves) or Verdict() for one in findings]

    def _judged(self, finding: Finding, leaves: Mapping[str, int] | None) -> Verdict | None:
        """None where it takes the leaves of the facts to say."""
        plan, day = plan_of(finding), day_of(finding)
        plans = [plan] if plan is not None else sorted(self._recorded)
        found = [self._succession(one, day) for one in plans] if day else []
        if not found or not all(known and _silences(known[-1], finding, day) for known in found):
            return Verdict()
        by: list[str] = []
        too_late: list[str] = []
        for known in found:
            base = _in_time(known, day, None)
            if not _all_silence(known, base, finding, day):
                if leaves is None:
                    return None
                first = min((leaves[event] for event in finding.events if event in leaves and not event.startswith("plan/")), default=0)
                base = _in_time(known, day, first)
            (by if _all_silence(known, base, finding, day) else too_late).append(known[-1].ref)
        return Verdict(False, (), tuple(too_late)) if too_late else Verdict(True, tuple(by))

    def switched_off(self, rules: Sequence[str], findings: Sequence[Finding], verdicts: Sequence[Verdict]) -> list[SwitchedOff]:
        """Which of these rules any version of any plan does without, by plan and rule, and the figures that were set too late; with the
        number of these findings that each leaves out, and of those it came too late for."""
        counted: dict[tuple[str, str, bool], int] = {}
        for finding, verdict in zip(findings, verdicts, strict=True):
            for ref in (*verdict.by, *verdict.too_late):
                counted[finding.rule, ref, verdict.off] = counted.get((finding.rule, ref, verdict.off), 0) + 1
        records = {version.ref: version for of_plan in self._recorded.values() for version in of_plan}
        said = [
            _switch(code, version, rule, records[version.ref], counted)
            for code, of_plan in sorted(self._versions.items())
            for version in of_plan
            for rule in version.plan.findings
            if rule.rule in rules and version.ref in records
        ]
        return [one for one in said if one.days is None or one.late]

    def amended_late(self) -> list[LaidDown]:
        """Versions that came in the place of others and were recorded after the first day on which they decide."""
        return [one for of_plan in self._recorded.values() for one in of_plan[1:] if one.since < one.recorded_on]

    def _succession(self, plan: str, day: str) -> list[LaidDown]:
        """The versions that were taken to be in force on that day, in the order in which they became known; the last one decides."""
        if (plan, day) not in self._successions:
            found: list[LaidDown] = []
            for version in self._recorded.get(plan, ()):
                if version.since <= day and (not found or version.since >= found[-1].since):
                    found.append(version)
            oldest = min(self._recorded.get(plan, ()), key=lambda version: version.since, default=None)
            self._successions[plan, day] = found or ([oldest] if oldest is not None else [])
        return self._successions[plan, day]


def _in_time(known: Sequence[LaidDown], day: str, leaf: int | None) -> int:
    """The last of these versions that was recorded before the day, or before the leaf; -1 where none was."""
    in_time = [place for place, one in enumerate(known) if one.recorded_on < day or (leaf is not None and one.leaf < leaf)]
    return in_time[-1] if in_time else -1


def _all_silence(known: Sequence[LaidDown], base: int, finding: Finding, day: str) -> bool:
    return base >= 0 and all(_silences(version, finding, day) for version in known[base:])


def _silences(version: LaidDown, finding: Finding, day: str) -> bool:
    """Whether by this version alone the finding would be left out."""
    said = _said(version, finding.rule, day)
    if said is not None and said.off:
        return True
    days, hung_until = finding.facts.get("days"), finding.facts.get("last_day")
    if finding.rule not in DAYS or not isinstance(days, int):
        return False
    if isinstance(hung_until, str) and str(finding.facts["recorded_on"]) > hung_until:
        return False  # found whatever the figure
    return days <= _figure(version, finding.rule, day)


def _figure(version: LaidDown, rule: str, day: str) -> int:
    said = _said(version, rule, day)
    return said.days if said is not None and said.days is not None else DAYS[rule]


def _said(version: LaidDown, rule: str, day: str) -> FindingRule | None:
    wanted = date.fromisoformat(day)
    return next((said for said in version.plan.findings if said.rule == rule and said.covers(wanted)), None)


def _switch(
    code: str, version: Version, said: FindingRule, record: LaidDown, counted: Mapping[tuple[str, str, bool], int]
) -> SwitchedOff:
    return SwitchedOff(
        said.rule,
        code,
        max(said.since or version.since, version.since).isoformat(),
        _earlier(said.until, version.until),
        said.clause,
        version.plan.clauses.get(said.clause, ""),
        version.ref,
        said.days,
        record.recorded_on,
        record.by,
        record.reason,
        counted.get((said.rule, version.ref, True), 0),
        counted.get((said.rule, version.ref, False), 0),
    )


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

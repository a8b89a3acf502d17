"""A plan is data in a closed vocabulary: a word that is not here is refused, and nothing of a plan is hard-wired in code.

Where a clause is vague (a deadline set by a higher office, an amount the school sets), the plan says `external` or `unset`, and the ledger
asks for the value when it is needed instead of inventing one. Every scheme, tier, step and duty names the clause it comes from.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from ..refusal import Refused
from .duties import Duty
from .finding_rules import FindingRule
from .pairing_rules import PairingRules, TutoringRules
from .schemes import Scheme
from .school_rules import DropoutRules, LeftBehindRules, SchoolPairRules
from .targets import ReportRule, Target
from .words import Stage, UnitEntry, Words


class RoundEntry(Words):
    """A survey round that the plan lays down for every year: `season` gives the period it decides."""

    season: Literal["spring", "autumn"]
    """The term whose aid it decides."""
    name: str
    """As it is called."""
    sub_lists: tuple[str, ...] = ()
    """Categories of which a list of their own is handed up with the totals."""
    clause: str = ""
    """Where it is laid down."""


class Plan(Words):
    """A whole plan, one version of it."""

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    """Commands name the plan by it, and an amendment keeps it."""
    title: str
    """As it was issued."""
    title_en: str
    """The same in English."""
    short: str | None = None
    """How workbooks call the plan, where they do (S2)."""
    version: str
    """Any text; an amendment has one of its own."""
    effective_from: date
    """The day from which this version decides; may lie in the past, and then changes nothing that was decided."""
    issuer: str
    """The unit that lays it down; whoever administers it adopts, amends and repeals."""
    source: str
    """Title and number of the document."""
    top: str
    """The unit above all others of the plan."""
    units: tuple[UnitEntry, ...]
    """Units that adopting it registers."""
    rounds: tuple[RoundEntry, ...] = ()
    """Survey rounds of every year."""
    level_default: Stage | None = None
    """学段 of whoever is surveyed without one."""
    schemes: tuple[Scheme, ...] = ()
    """资助项目."""
    duties: tuple[Duty, ...] = ()
    """时间节点."""
    pairing: PairingRules | None = None
    """结对帮扶."""
    dropout: DropoutRules | None = None
    """控辍保学."""
    school_pairs: SchoolPairRules | None = None
    """学校结对."""
    left_behind: LeftBehindRules | None = None
    """留守儿童."""
    tutoring: TutoringRules | None = None
    """学业帮扶."""
    targets: tuple[Target, ...] = ()
    """指标."""
    reports: tuple[ReportRule, ...] = ()
    """Reports on progress that are owed on the targets."""
    coverage: Literal["all-recognised"] | None = None
    """应助尽助: every recognised student is to be aided by one of the schemes, and `gaps` names who is not."""
    findings: tuple[FindingRule, ...] = ()
    """审计规则 that the plan does without, or applies with a figure of its own."""
    clauses: dict[str, str] = Field(default_factory=dict)
    """Name → wording. Every clause cited anywhere must be given here."""

    @model_validator(mode="after")
    def _references(self) -> Plan:
        units = [unit.id for unit in self.units]
        named = {
            "unit": units,
            "scheme": [scheme.code for scheme in self.schemes],
            "duty": [duty.code for duty in self.duties],
            "target": [target.code for target in self.targets],
            "report": [str(rule.kind) for rule in self.reports],
        }
        for where, names in named.items():
            twice = {name for name in names if names.count(name) > 1}
            if twice:
                raise ValueError(f"{where} {sorted(twice)[0]} is named twice")
        for unit in self.units:
            if unit.parent is not None and unit.parent not in units:
                raise ValueError(f"unit {unit.id}: its parent {unit.parent} is no unit of the plan")
        if self.top not in units:
            raise ValueError(f"top unit {self.top} is no unit of the plan")
        for number, said in enumerate(self.findings):
            if any(said.rule == other.rule and said.overlaps(other) for other in self.findings[:number]):
                raise ValueError(f"findings: {said.rule} is said twice for the same days")
        for clause in self._clauses():
            if clause not in self.clauses:
                raise ValueError(f"clause {clause!r} is cited but not given under [clauses]")
        return self

    def _clauses(self) -> Iterator[str]:
        for scheme in self.schemes:
            yield from scheme.clauses()
        yield from (duty.clause for duty in self.duties)
        yield from (target.clause for target in self.targets)
        yield from (rule.clause for rule in self.reports)
        yield from (entry.clause for entry in self.rounds if entry.clause)
        yield from (said.clause for said in self.findings)
        yield from (rules.clause for rules in (self.dropout, self.school_pairs, self.left_behind) if rules is not None)
        yield from (rules.clause for rules in (self.pairing, self.tutoring) if rules is not None and rules.clause)

    def scheme(self, code: str) -> Scheme:
        """The scheme, or the refusal `scheme_unknown`."""
        for scheme in self.schemes:
            if scheme.code == code:
                return scheme
        raise Refused("scheme_unknown", plan=self.code, scheme=code, schemes=[s.code for s in self.schemes])


@lru_cache(maxsize=64)
def read_plan(text: str) -> Plan:
    """A plan from its TOML text. Refused `plan_malformed` with the place (the path of the word, and its line) and the reason."""
    try:
        return Plan.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        line = re.search(r"at line (\d+)", str(problem))
        raise Refused("plan_malformed", place="TOML", line=int(line[1]) if line else None, reason=str(problem)) from None
    except ValidationError as problems:
        first = problems.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "plan"
        raise Refused("plan_malformed", place=place, line=line_of(text, first["loc"]), reason=first["msg"]) from None


def line_of(text: str, path: Sequence[int | str]) -> int | None:
    """The line (from 1) where the word at this path stands, as tables and keys are usually written; the nearest one above it where the
    word itself is missing. None for the plan as a whole."""
    lines = text.splitlines()
    at, end, found = 0, len(lines), None
    prefix: list[str] = []
    for step in path:
        if isinstance(step, int):
            wanted = f"[[{'.'.join(prefix)}]]"
            hits = [number for number, line in enumerate(lines[at:end], start=at) if line.strip() == wanted]
            if step >= len(hits):
                break
            at, found = hits[step], hits[step] + 1
            end = _end_of_table(lines, at, end, prefix)
            continue
        prefix.append(step)
        header = re.compile(rf"\s*\[\[?{re.escape('.'.join(prefix))}\]\]?")
        key = re.compile(rf"\s*{re.escape(step)}\s*=")
        hit = next((number for number, line in enumerate(lines[at:end], start=at) if header.match(line) or key.match(line)), None)
        if hit is not None:
            found = hit + 1
            if key.match(lines[hit]):
                break  # what lies within the value stands on this line or just below it
            if not lines[hit].lstrip().startswith("[["):  # of an array the next step says which table
                at, end = hit, _end_of_table(lines, hit, end, prefix)
    return found


def _end_of_table(lines: Sequence[str], at: int, end: int, prefix: Sequence[str]) -> int:
    """Where the array's table that begins at `at` ends: at the next table that is none of its own."""
    own = re.compile(rf"\s*\[\[?{re.escape('.'.join(prefix))}\.")
    return next((n for n, line in enumerate(lines[at + 1 : end], start=at + 1) if line.startswith("[") and not own.match(line)), end)

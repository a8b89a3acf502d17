"""A plan is data in a closed vocabulary: a word that is not here is refused, and nothing of a plan is hard-wired in code.

Where a clause is vague (a deadline set by a higher office, an amount the school sets), the plan says `external` or `unset`, and the ledger
asks for the value when it is needed instead of inventing one. Every scheme, tier, step and duty names the clause it comes from.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ..refusal import Refused
from ..unit import UnitKind
from ..values.periods import PeriodKind

Category = str
Stage = Literal["学前", "小学", "初中", "普高", "中职", "专科", "本科"]


def _fen(value: object) -> int:
    """Yuan as written in a plan (`4000`, `"1234.50"`) to whole fen; a float would already have lost its last digit."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("write yuan as a whole number or as text with at most two decimals")
    amount = Decimal(value) * 100
    if amount != amount.to_integral_value() or amount < 0:
        raise ValueError("an amount has at most two decimals and is not below zero")
    return int(amount)


Fen = Annotated[int, BeforeValidator(_fen)]


class Words(BaseModel):
    """Base of all entries: unknown words are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class UnitEntry(Words):
    """A unit that adopting the plan registers, if it is not there yet. `parent` names another entry."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    kind: UnitKind
    parent: str | None = None


class Tier(Words):
    """One step of an amount, highest first. `categories` None: every other recognised student. `yuan_per_year` is kept in fen."""

    code: str
    name: str
    categories: tuple[Category, ...] | None = None
    fen_per_year: Fen = Field(alias="yuan_per_year")
    clause: str = ""


class Conditions(Words):
    """Who may be awarded a scheme. An empty list is no condition."""

    categories: tuple[Category, ...] = ()
    stages: tuple[Stage, ...] = ()
    surveyed: bool = True
    enrolled: bool = True


class Step(Words):
    """One step of the procedure, in its order: by which role a case is reviewed or approved."""

    kind: Literal["review", "approve"]
    name: str
    role: Literal["reviewer", "second-reviewer", "approver"]
    clause: str = ""


class Scheme(Words):
    """A kind of aid. `grant` is paid out; `waiver` is money not asked for (免学费).

    period: the kind of period an award is for. paid_in: into how many equal parts of a year an award is one (2 for one paid by term).
    amount `tiers`: by tier; `unset`: the school's own figure, asked for at approval. stacks_with: schemes a student may have beside it.
    """

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    kind: Literal["grant", "waiver"] = "grant"
    period: PeriodKind
    amount: Literal["tiers", "unset"] = "tiers"
    paid_in: int = Field(1, ge=1, le=12)
    tiers: tuple[Tier, ...] = ()
    conditions: Conditions = Conditions()
    steps: tuple[Step, ...]
    stacks_with: tuple[str, ...] = ()
    payer: str | None = None
    payee: Literal["student", "household"] = "student"
    channel: Literal["card", "signed", "none"] = "card"
    clause: str

    @model_validator(mode="after")
    def _amounts(self) -> Scheme:
        if self.amount == "tiers" and not self.tiers:
            raise ValueError(f"scheme {self.code}: amount = tiers, but no tier is given")
        if self.steps[-1:] == () or self.steps[-1].kind != "approve":
            raise ValueError(f"scheme {self.code}: the last step must be an approval")
        for tier in self.tiers:
            if tier.fen_per_year % self.paid_in:
                parts = f"{self.paid_in} parts to the fen"
                raise ValueError(f"scheme {self.code}, tier {tier.code}: the yearly amount does not divide into {parts}")
        return self

    def tier_for(self, categories: tuple[Category, ...]) -> Tier | None:
        """The highest tier any of the categories gives; tiers stand highest first."""
        for tier in self.tiers:
            if tier.categories is None or set(tier.categories) & set(categories):
                return tier
        return None

    def fen_per_period(self, tier: Tier) -> int:
        """A tier's amount for one period, in whole fen."""
        return tier.fen_per_year // self.paid_in


class RoundEntry(Words):
    """A survey round that the plan lays down for every year: `season` gives the period it decides."""

    season: Literal["spring", "autumn"]
    name: str
    sub_lists: tuple[str, ...] = ()
    clause: str = ""


class MonthDay(Words):
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)


class Duty(Words):
    """Something owed once a year by a date, in a range of months, or on a day that a higher office sets (`external`)."""

    code: str
    name: str
    season: Literal["spring", "autumn"] | None = None
    due: MonthDay | Literal["external"] | None = None
    cadence: Literal["monthly", "quarterly", "half-yearly", "yearly", "term"] | None = None
    between: tuple[MonthDay, MonthDay] | None = None
    owner: str
    recipient: str | None = None
    clause: str

    @model_validator(mode="after")
    def _when(self) -> Duty:
        if not (self.due or self.cadence or self.between):
            raise ValueError(f"duty {self.code}: says neither a day, nor a range, nor a cadence")
        return self


class PairingRules(Words):
    """What a pairing owes; an absent word is no duty."""

    call: Literal["monthly", "quarterly", "yearly"] | None = None
    visit: Literal["monthly", "quarterly", "yearly"] | None = None
    support: Literal["monthly", "quarterly", "yearly"] | None = None
    problem_solved: Literal["monthly", "quarterly", "yearly"] | None = None
    recorded_within_days: int = 30
    clause: str = ""


class Plan(Words):
    """A whole plan, one version of it. `effective_from` is the day from which this version decides."""

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    title_en: str
    version: str
    effective_from: date
    issuer: str
    source: str
    top: str
    units: tuple[UnitEntry, ...]
    rounds: tuple[RoundEntry, ...] = ()
    level_default: Stage | None = None
    schemes: tuple[Scheme, ...] = ()
    duties: tuple[Duty, ...] = ()
    pairing: PairingRules | None = None
    coverage: Literal["all-recognised"] | None = None
    clauses: dict[str, str] = {}

    @model_validator(mode="after")
    def _references(self) -> Plan:
        units = [unit.id for unit in self.units]
        for where, names in (("unit", units), ("scheme", [s.code for s in self.schemes]), ("duty", [d.code for d in self.duties])):
            twice = {name for name in names if names.count(name) > 1}
            if twice:
                raise ValueError(f"{where} {sorted(twice)[0]} is named twice")
        for unit in self.units:
            if unit.parent is not None and unit.parent not in units:
                raise ValueError(f"unit {unit.id}: its parent {unit.parent} is no unit of the plan")
        if self.top not in units:
            raise ValueError(f"top unit {self.top} is no unit of the plan")
        for clause in self._clauses():
            if clause not in self.clauses:
                raise ValueError(f"clause {clause!r} is cited but not given under [clauses]")
        return self

    def _clauses(self) -> Iterator[str]:
        for scheme in self.schemes:
            yield scheme.clause
            yield from (tier.clause for tier in scheme.tiers if tier.clause)
            yield from (step.clause for step in scheme.steps if step.clause)
        yield from (duty.clause for duty in self.duties)
        yield from (entry.clause for entry in self.rounds if entry.clause)

    def scheme(self, code: str) -> Scheme:
        """The scheme, or the refusal `scheme_unknown`."""
        for scheme in self.schemes:
            if scheme.code == code:
                return scheme
        raise Refused("scheme_unknown", plan=self.code, scheme=code, schemes=[s.code for s in self.schemes])


@lru_cache(maxsize=64)
def read_plan(text: str) -> Plan:
    """A plan from its TOML text. Refused `plan_malformed` with the place (a line, or the path of the word) and the reason."""
    try:
        return Plan.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise Refused("plan_malformed", place="TOML", reason=str(problem)) from None
    except ValidationError as problems:
        first = problems.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "plan"
        raise Refused("plan_malformed", place=place, reason=first["msg"]) from None

"""时间节点: what a plan wants done, by whom, by when and for whom; a day that a higher office sets is asked for, never invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from .words import MonthDay, Words

Cadence = Literal["monthly", "quarterly", "half-yearly", "yearly", "term"]
InspectionKind = Literal["self-check", "recheck", "evaluation", "visit"]
"""自查 (乡镇、县级), 复查 (县级、市级), 考评, 迎检."""
AfterFact = Literal["fund.arrived", "notice.completed", "round.reported"]
"""Facts whose day sets a deadline going."""
DischargedBy = Literal[
    "round.unit_submitted",
    "round.consolidated",
    "round.reported",
    "round.amended",
    "round.closed",
    "payment.paid",
    "inspection.closed",
    "notice.completed",
    "crosscheck.compared",
    "fund.requested",
    "pairing.form_filed",
    "pairing.help_plan_agreed",
]
"""Facts that discharge a duty by themselves. Those of a round: the round of the duty's term (`season`), round.unit_submitted by the
owner itself. payment.paid: every standing award of `scheme` (or of all schemes) of the period is paid. Those of pairings: every pairing of
the owner's that runs has it. The others: the first one since the period began, of the owner where the fact names a unit, each counted for
one period only; inspection.closed: one of the kind `inspection`."""


class Duty(Words):
    """Something owed. Exactly one of these says when: `due`, `between`, `cadence`, `after`, `after_date`; a cadence may go with an external
    `due` or with `after_date`, and then only says how often a day has to be told. What no fact discharges (`discharged_by`) is discharged
    with `duty discharge`.
    """

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    """`duty discharge` names it so."""
    name: str
    """What is to be done, as `due` and the calendar show it."""
    season: Literal["spring", "autumn"] | None = None
    """Of the spring or the autumn term only."""
    due: MonthDay | date | Literal["external"] | None = None
    """A day of every year; one full date (once); or `external`: somebody else sets it, and the office records it (`plan date`)."""
    between: tuple[MonthDay, MonthDay] | None = None
    """A range of days of every year, due on the last."""
    cadence: Cadence | None = None
    """Every month, quarter, half-year, year or term, from the first whole one on; due on its last day unless something more is said."""
    at: Literal["start", "middle", "end"] | None = None
    """With `term`: at the start, in the middle or at the end of teaching, as told with `plan date … --name term-start` and `term-end`."""
    day: int | None = Field(None, ge=1, le=31)
    """On this day of the last month of each month, quarter or half-year."""
    after: AfterFact | None = None
    """Within `within_days` of each fact of that kind."""
    after_date: str | None = Field(None, pattern=r"^[a-z0-9][a-z0-9-]*$")
    """Within `within_days` of a day the office records under this name (`term-start`, `exams`), each year, or each term with cadence
    `term`."""
    within_days: int = Field(0, ge=0, le=366)
    """So many calendar days later than the period's end, or than what is named by `at`, `after` or `after_date`."""
    owner: str
    """A unit of the plan, or a kind of unit, which means each unit of that kind."""
    recipient: str | None = None
    """The unit, or kind of unit, that is to have it."""
    recipients: tuple[str, ...] = ()
    """Several, or an office outside, as it is written."""
    discharged_by: DischargedBy | None = None
    """The fact that discharges it by itself; left out: `duty discharge`."""
    scheme: str | None = None
    """With `payment.paid`: the awards of this scheme alone."""
    inspection: InspectionKind | None = None
    """With `inspection.closed`: an inspection of this kind."""
    clause: str
    """Where it is laid down."""

    @model_validator(mode="after")
    def _when(self) -> Duty:
        ways = [self.due is not None, self.between is not None, self.after is not None, self.after_date is not None]
        if sum(ways) > 1:
            raise ValueError(f"duty {self.code}: says when in more than one way")
        if not any(ways) and self.cadence is None:
            raise ValueError(f"duty {self.code}: says neither a day, nor a range, nor a cadence, nor after what")
        if self.cadence and (self.between or self.after or isinstance(self.due, MonthDay | date)):
            raise ValueError(f"duty {self.code}: a cadence stands alone, or with an external day, or with after_date")
        if self.at and (self.cadence != "term" or any(ways)):
            raise ValueError(f"duty {self.code}: only a cadence of each term has a start, a middle and an end")
        if self.day and (self.cadence not in ("monthly", "quarterly", "half-yearly") or self.within_days or any(ways)):
            raise ValueError(f"duty {self.code}: a day in the period goes with monthly, quarterly and half-yearly, without within_days")
        if self.after_date and self.cadence not in (None, "term", "yearly"):
            raise ValueError(f"duty {self.code}: a recorded day is of a year or of a term")
        if self.within_days and (self.due or self.between):
            raise ValueError(f"duty {self.code}: within_days counts from a period's end or from what is named under after")
        if self.season and self.cadence not in (None, "term"):
            raise ValueError(f"duty {self.code}: a season goes with a day, a range or the cadence of each term")
        if (self.discharged_by or "").startswith("round.") and not (self.season or self.cadence == "term"):
            raise ValueError(f"duty {self.code}: a survey round is of a term, so the duty is of a season or of each term")
        if (self.scheme is not None and self.discharged_by != "payment.paid") or (
            self.inspection is not None and self.discharged_by != "inspection.closed"
        ):
            raise ValueError(f"duty {self.code}: scheme goes with payment.paid, inspection with inspection.closed")
        return self

    @property
    def to(self) -> tuple[str, ...]:
        """Everybody who is to have it."""
        return ((self.recipient,) if self.recipient else ()) + self.recipients

    @property
    def day_names(self) -> tuple[str, ...]:
        """The days the office has to record for it (`plan date --name …`): the duty's own code where its day is external."""
        if self.due == "external":
            return (self.code,)
        if self.after_date:
            return (self.after_date,)
        return {"start": ("term-start",), "middle": ("term-start", "term-end"), "end": ("term-end",), None: ()}[self.at]

    def days_of_the_year(self) -> Iterator[MonthDay]:
        """The days of the year it names."""
        if isinstance(self.due, MonthDay):
            yield self.due
        yield from self.between or ()

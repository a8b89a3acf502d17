"""审计规则: which findings a plan does without, from when until when and by which clause, and figures it sets otherwise.

A rule of which a plan says nothing applies, with the figure that always stands. What decides about a fact is the version in force on its
day: a rule switched off for one year is applied to the next.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from .words import Words

AuditRule = Literal[
    "paid_while_not_enrolled",
    "account_shared_by_several_students",
    "account_belongs_to_staff",
    "account_name_not_student",
    "duplicate_identity",
    "eligible_but_unpaid",
    "paid_but_not_on_list",
    "paid_more_than_award",
    "paid_twice_for_period",
    "paid_inside_notice",
    "paid_without_complete_trail",
    "paid_late",
    "money_held_too_long",
    "same_person_decided_twice",
    "decided_on_own_family",
    "evidence_missing",
    "contact_recorded_late",
    "contact_text_copied",
    "contact_schedule_impossible",
    "backdated_entry",
]
"""Every audit rule there is."""

DAYS = {"backdated_entry": 30, "money_held_too_long": 0, "paid_late": 0}
"""Rules with a figure, and the figure (calendar days) that stands where the plan sets none: how long after its day a fact may be written
down; and how many days beyond those of the plan's own payment clause are let pass."""


class FindingRule(Words):
    """One audit rule as this plan wants it applied: not at all (`off`), or with another figure (`days`)."""

    rule: AuditRule
    """Which rule."""
    off: bool = False
    """The plan does without it."""
    days: int | None = Field(None, ge=0, le=3660)
    """Another figure, of the rules that have one: backdated_entry, money_held_too_long, paid_late."""
    since: date | None = Field(None, alias="from")
    """The first day of the facts it is said for; left out: from the plan's first day."""
    until: date | None = None
    """The last such day; left out: until the plan is amended."""
    clause: str
    """Where it is laid down: nobody switches a rule off without one."""

    @model_validator(mode="after")
    def _says_something(self) -> FindingRule:
        if self.off is (self.days is not None):
            raise ValueError(f"rule {self.rule}: say either off = true or days, and not both")
        if self.days is not None and self.rule not in DAYS:
            raise ValueError(f"rule {self.rule} has no figure; {', '.join(sorted(DAYS))} have one")
        if self.since is not None and self.until is not None and self.until < self.since:
            raise ValueError(f"rule {self.rule}: ends on {self.until}, before it begins on {self.since}")
        return self

    def covers(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def overlaps(self, other: FindingRule) -> bool:
        """Whether both are said for one and the same day."""
        return (self.since or date.min) <= (other.until or date.max) and (other.since or date.min) <= (self.until or date.max)

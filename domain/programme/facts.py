"""What can happen to a target (`target/<plan>/<code>`): it is set, figures are reported and corrected, it is met, it is given up.

Figures are exact decimals, kept as text (`99.32`): a number in JSON would be read back as floating point.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ..facts import Fact
from ..plan.targets import Direction, ReportKind
from ..sealed import Sealed

EvidenceKind = Literal["summary", "scan", "other"]
"""佐证: 汇总报告, 调度表扫描件, or something else, whose words are sealed."""


class ReportOwed(BaseModel):
    """A report owed on a target: `within_days` calendar days after the end of each period."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ReportKind
    within_days: int


class TargetSet(Fact):
    """From `effective_on` on this is what is wanted: `value` in `measure`, by `due_on`, of `owner`. A later one is a new version.

    since: pursued from then on; adds_up: each figure contains the ones before it; reports: what is owed on it, to the end of the due year.
    """

    topic = "target.set"
    plan: str
    code: str
    name: str
    action: str
    measure: str
    value: str
    direction: Direction
    since: date
    due_on: date
    owner: str
    adds_up: bool
    reports: tuple[ReportOwed, ...] = ()


class TargetDropped(Fact):
    """From `effective_on` on the plan no longer wants it; its figures stay."""

    topic = "target.dropped"
    plan: str
    code: str


class ProgressTold(Fact):
    """A figure as of `effective_on`, told by `unit` in a report of this kind, sent on `sent_on`."""

    plan: str
    code: str
    report: ReportKind
    value: str
    unit: str
    sent_on: date
    evidence_kind: EvidenceKind | None = None
    evidence_text: Sealed | None = None


class ProgressReported(ProgressTold):
    """A unit reported how far it has come."""

    topic = "progress.reported"


class ProgressCorrected(ProgressTold):
    """Stands in the place of the figure it corrects, for the sealed reason."""

    topic = "progress.corrected"
    corrects: str
    reason: Sealed


class TargetMet(Fact):
    """The figure `figure` meets the target: on or after the day it was due, or before it where figures add up and cannot fall. It counts
    until the figure is put right or the target is set otherwise; what meets that then is said anew."""

    topic = "target.met"
    plan: str
    code: str
    value: str
    figure: str

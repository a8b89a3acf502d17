"""What can happen to one application: scheme, student and period name its stream, so a second one meets the first."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ..facts import Fact
from ..sealed import Sealed


class FormRecorded(Fact):
    """A row of a 申请花名册: what is applied for, and everything the plan's conditions look at. `person` seals name, numbers, address,
    household head, school, admitting college, account and phone.

    household_in: the places among the plan's that the registration (户籍地) names; grade: 年级 as written, admitted_to: 录取批次;
    province: where one studies (院校所在省, without 省 or 市); asked_fen, fees_fen, board_fen: whole fen; handed_in_on: 申请日期;
    documents: 材料 handed in; household: the household's own reference, where it is known; account_in_own_name: whether the account is in
    the student's own name and not in that of the household's head (None: there is none, or nobody looked).
    """

    topic = "application.form_recorded"
    schema_version = 2
    scheme: str
    student: str
    period: str
    unit: str
    categories: tuple[str, ...] = ()
    stage: str | None = None
    grade: str | None = None
    admitted_to: str | None = None
    province: str | None = None
    household_in: tuple[str, ...] = ()
    asked_fen: int | None = None
    fees_fen: int | None = None
    board_fen: int | None = None
    handed_in_on: date | None = None
    documents: tuple[str, ...] | None = None
    household: str | None = None
    account_given: bool = False
    account_in_own_name: bool | None = None
    person: Sealed

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """Nobody compared the account's name with the student's then."""
        state.setdefault("account_in_own_name", None)


class ListMatch(BaseModel):
    """One list that names the student. `says`: the fact of the listing; `value`: its class (一类, 全额); entitled: None where the list
    does not say; name_differs: the number is equal and the name is not; refused: named, but in a row that had to be refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    crosscheck: str
    kind: str
    says: str
    value: str | None = None
    entitled: bool | None = None
    matched_on: Literal["id_number", "xueji"] = "id_number"
    name_differs: bool = False
    refused: bool = False


class CaseCompared(Fact):
    """比对: written here by a comparison. `lists` are the cross-checks compared with, `matches` those that name the student."""

    topic = "case.compared"
    comparison: str
    lists: tuple[str, ...]
    matches: tuple[ListMatch, ...] = ()


class ApplicationSubmitted(Fact):
    """`basis` is the survey entry's newest fact that the application rests on; scheme is written `<plan>.<scheme>`."""

    topic = "application.submitted"
    scheme: str
    student: str
    period: str
    unit: str
    basis: str


class DocumentsChecked(Fact):
    """材料: what was handed in, and what the plan asks for that was not."""

    topic = "application.documents_checked"
    present: tuple[str, ...]
    missing: tuple[str, ...] = ()


class ReviewPassed(Fact):
    """`step` is the plan's name for it, `number` its 0-based place in the procedure."""

    topic = "application.review_passed"
    step: str
    number: int
    acting_role: str
    acting_unit: str


class ReviewRejected(Fact):
    """A review was not passed, for the sealed reason; `number` is the 0-based place of the step."""

    topic = "application.review_rejected"
    step: str
    number: int
    reason: Sealed


class ApplicationReturned(Fact):
    """退回补正: reviews start again once it is submitted anew."""

    topic = "application.returned"
    reason: Sealed


class ExceptionGranted(Fact):
    """领导小组审核确认: a case that failed an automatic check is admitted all the same, for the sealed reason."""

    topic = "application.exception_granted"
    reason: Sealed


class AwardApproved(Fact):
    """The award: `tier` of the plan version named, `amount_fen` for this period in whole fen, `kind` grant or waiver."""

    topic = "award.approved"
    scheme: str
    student: str
    period: str
    unit: str
    kind: str
    tier: str | None = None
    amount_fen: int
    categories: tuple[str, ...]
    plan_version: str
    clause: str


class AwardReassessed(Fact):
    """重新核定: from `before_fen` to `amount_fen` for the period, both whole fen, by `clause` of the plan version named, for the sealed
    reason. 0 leaves an award that stands and pays nothing, which is not a revoked one."""

    topic = "award.reassessed"
    scheme: str
    student: str
    period: str
    before_fen: int
    amount_fen: int
    before_tier: str | None = None
    tier: str | None = None
    plan_version: str
    clause: str
    reason: Sealed


class AwardRefused(Fact):
    """不予批准, for the sealed reason."""

    topic = "award.refused"
    reason: Sealed


class AwardSuspended(Fact):
    """No payment while it is suspended, for the sealed reason."""

    topic = "award.suspended"
    reason: Sealed


class AwardResumed(Fact):
    """A suspended award stands again."""

    topic = "award.resumed"


class AwardRevoked(Fact):
    """No further payment; what was paid is for a clawback to ask back."""

    topic = "award.revoked"
    reason: Sealed


class CaseHeld(Fact):
    """Written here by an objection: the case stops until every objection is decided."""

    topic = "case.held"
    objection: str


class CaseFreed(Fact):
    """Written here when the objection was decided: the case goes on, unless another one holds it."""

    topic = "case.freed"
    objection: str


class CaseNoticed(Fact):
    """Written here when a notice is hung up: the case waits until it has run its length, that is until after `last_day`."""

    topic = "case.noticed"
    notice: str
    step: str
    last_day: date


class CaseUnnoticed(Fact):
    """Written here when a notice is taken down before its time: it counts for nothing, and the case can be noticed anew."""

    topic = "case.unnoticed"
    notice: str


class NoticePassed(Fact):
    """Written here by a completed notice (公示无异议)."""

    topic = "case.notice_passed"
    notice: str
    step: str


class WaiverGranted(Fact):
    """免学费: money not asked for. Stands in the payment's place, since nothing is paid out."""

    topic = "payment.waiver_granted"
    scheme: str
    student: str
    period: str
    unit: str
    amount_fen: int
    award: str

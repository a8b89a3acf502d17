"""Which links a fact of each kind must have: what a payment's trail lacks is told by kind, and judged by how far the payment has come.

No payment without a released batch, no release without an approved award and money arrived; an award rests on the steps its plan lays
down, an application, a survey entry or a form out of a file, and a plan (EVENTS, "Rules that hold everywhere").
"""

from __future__ import annotations

from typing import NamedTuple


class Link(NamedTuple):
    """A fact must rest on a fact of one of these topics; where it does not, the gap has this code."""

    topics: tuple[str, ...]
    code: str


_ENTRY = Link(("entry.recorded", "entry.corrected", "application.form_recorded"), "entry_missing")
_PLAN = Link(("plan.adopted", "plan.amended"), "plan_missing")
_APPLICATION = Link(("application.submitted",), "application_missing")
_AWARD = Link(("award.approved",), "award_missing")
_INSTRUCTION = Link(("payment.instructed", "payment.reissued"), "instruction_missing")
_ANSWER = Link(("batch.reconciled",), "reconciliation_missing")
_EXPORT = Link(("batch.exported",), "export_missing")
_RELEASE = Link(("batch.released",), "release_missing")
_CHECK = Link(("batch.checked",), "check_missing")
_PREPARED = Link(("batch.prepared",), "preparation_missing")
_FUNDS = Link(("fund.arrived",), "funds_missing")
_IMPORT = Link(("import.file_imported",), "import_missing")
_ACCOUNT = Link(("entry.recorded", "entry.corrected", "application.form_recorded", "student.details_corrected"), "account_missing")
_PAID = Link(("payment.paid", "payment.paid_in_part"), "payment_missing")

_COMPARED = Link(("case.compared",), "comparison_missing")
_LIST = Link(("crosscheck.list_received",), "list_missing")
_POSTED = Link(("notice.posted",), "posting_missing")

DIRECT: dict[str, tuple[Link, ...]] = {
    "payment.paid": (_ANSWER, _INSTRUCTION),
    "payment.failed": (_ANSWER, _INSTRUCTION),
    "payment.pending": (_ANSWER, _INSTRUCTION),
    "payment.paid_in_part": (_EXPORT, _INSTRUCTION),
    "payment.rejected": (Link(("batch.exported", "batch.rejected"), "export_missing"), _INSTRUCTION),
    "payment.stopped": (Link(("batch.line_stopped",), "stop_missing"), _INSTRUCTION),
    "payment.returned": (Link(("batch.returns_taken",), "returns_missing"), _PAID),
    "payment.reversed": (_PAID,),
    "payment.clawback_raised": (_PAID,),
    "payment.clawback_withdrawn": (Link(("payment.clawback_raised",), "demand_missing"),),
    "payment.clawback_reversed": (
        Link(("payment.clawback_received", "payment.returned", "payment.reversed"), "clawback_missing"),
        _PAID,
    ),
    "payment.instructed": (_PREPARED, _AWARD, _ACCOUNT),
    "payment.reissued": (
        _PREPARED,
        _AWARD,
        _ACCOUNT,
        Link(
            (
                "payment.failed", "payment.returned", "payment.reversed", "payment.rejected", "payment.stopped", "payment.cancelled",
                "payment.paid_in_part", "payment.clawback_reversed",
            ),
            "failure_missing",
        ),
    ),
    "payment.waiver_granted": (_AWARD,),
    "batch.reconciled": (_EXPORT,),
    "batch.rejected": (_EXPORT,),
    "batch.line_stopped": (_RELEASE,),
    "batch.returns_taken": (_EXPORT,),
    "batch.exported": (_RELEASE,),
    "batch.released": (_CHECK, _PREPARED, _FUNDS),
    "batch.checked": (_PREPARED,),
    "award.approved": (_APPLICATION, _ENTRY, _PLAN),  # and the steps its plan lays down (trail)
    "application.review_passed": (_APPLICATION, _ENTRY, _PLAN),
    "application.submitted": (_ENTRY, _PLAN),
    "application.form_recorded": (_IMPORT,),
    "application.exception_granted": (_APPLICATION, _ENTRY, _COMPARED, _PLAN),
    "case.notice_passed": (Link(("notice.completed",), "notice_missing"), _POSTED),
    "notice.completed": (Link(("notice.posted", "notice.completed"), "posting_missing"),),  # once more, for those that were held
    "notice.posted": (_PLAN,),
    "case.compared": (Link(("crosscheck.compared",), "comparison_missing"), _APPLICATION),
    "crosscheck.compared": (_LIST,),
    "crosscheck.difference_resolved": (Link(("crosscheck.compared",), "comparison_missing"),),
    "crosscheck.list_received": (_IMPORT,),
    "listing.person_listed": (_LIST, _IMPORT),
    "payment.receipt_signed": (_ANSWER, _INSTRUCTION),
    "entry.recorded": (_IMPORT,),
    "entry.corrected": (_ENTRY,),
}
"""topic -> the links that its own `because` must hold."""

_FROM_AWARD = (_AWARD, _APPLICATION, _ENTRY, _IMPORT, _PLAN)
_FROM_BATCH = (_RELEASE, _CHECK, _FUNDS, _EXPORT)

WHOLE: dict[str, tuple[Link, ...]] = {
    "payment.waiver_granted": _FROM_AWARD,
    "payment.instructed": (_PREPARED, *_FROM_AWARD),
    "payment.pending": (_ANSWER, *_FROM_BATCH, _PREPARED, *_FROM_AWARD),
    "payment.failed": (_ANSWER, *_FROM_BATCH, _PREPARED, *_FROM_AWARD),
    "payment.paid": (_ANSWER, *_FROM_BATCH, _PREPARED, *_FROM_AWARD),
    "payment.paid_in_part": (*_FROM_BATCH, _PREPARED, *_FROM_AWARD),
    "payment.rejected": (*_FROM_BATCH, _PREPARED, *_FROM_AWARD),
}
"""topic of a step in the payment's own stream -> what the trail must hold somewhere, once the payment has come that far."""

SIGNED_FOR = Link(("payment.receipt_signed",), "receipt_missing")
"""What left the house to be signed is paid by a signature."""

PHOTOGRAPHED = Link(("notice.evidence_added",), "evidence_missing")
"""A notice that the plan wants photographed in its place is completed with a photo on record."""

OF_OTHERS: dict[str, tuple[str, ...]] = {"notice.posted": ("application/", "entry/")}
"""topic -> the streams it names of everybody whom it concerns: what the case itself rests on is in the case's own facts."""

ENDS_HERE = frozenset(
    {
        "fund.reserved", "fund.paid", "fund.released", "fund.restored", "fund.returned", "fund.budget_set", "fund.held_for_payee",
    }
)  # fmt: skip
"""Movements of a fund follow from other batches and other students' payments: the trail names them and does not go into those."""

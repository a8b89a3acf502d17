"""Which roles may record a fact of a topic: what somebody signs for beyond them is found, be the signature ever so good.

The table is written out and not read off the commands, since it judges the past as well: where a later program takes a right away from a
role, the role stays here, for what was recorded under it. A test reads every command and holds that no right is missing, and none too many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ..staff import ROLES


def _all_but(roles: str) -> str:
    return " ".join(role for role in ROLES if role not in roles.split())


_MAY_RECORD: Final = (
    (
        "administrator",
        "calendar.recorded ledger.clock_attested ledger.key_enrolled ledger.keys_escrowed ledger.loss_attested "
        "ledger.signing_begun plan.adopted plan.amended plan.repealed staff.appointed staff.relieved student.identity_split "
        "target.dropped unit.closed unit.registered unit.renamed",
    ),
    ("surveyor", "entry.recorded round.unit_submitted"),
    ("clerk", "progress.corrected progress.reported round.amended round.closed round.consolidated round.reported"),
    ("applicant-clerk", "application.form_recorded application.submitted loan.applied"),
    (
        "approver",
        "application.exception_granted award.approved award.reassessed difference.decided loan.approved loan.refused "
        "payment.clawback_reversed payment.clawback_withdrawn payment.waiver_granted",
    ),
    (
        "treasurer",
        "fund.arrived fund.budget_set fund.opened fund.requested fund.returned fund.taken_over month.closed voucher.posted "
        "voucher.reversed",
    ),
    ("preparer", "batch.prepared payment.instructed payment.reissued"),
    ("checker", "batch.checked"),
    ("checker reviewer", "account.cleared"),
    ("preparer checker releaser reviewer inspector", "account.doubted"),
    ("administrator clerk applicant-clerk", "student.household_recorded"),
    ("releaser", "batch.released fund.reserved"),
    (
        "cashier",
        "batch.exported batch.reconciled batch.rejected batch.returns_taken fund.held_for_payee fund.paid fund.restored "
        "payment.clawback_received payment.failed payment.paid payment.paid_in_part payment.pending payment.receipt_signed "
        "payment.rejected payment.returned payment.reversed",
    ),
    (
        "helper-clerk",
        "allocation.set contact.corrected contact.recorded contact.struck_out pairing.ended pairing.established "
        "pairing.family_facts_clarified pairing.form_filed pairing.help_plan_agreed pairing.helper_replaced tutoring.checked "
        "tutoring.course_failed tutoring.course_passed tutoring.parents_notified tutoring.tutor_arranged",
    ),
    (
        "inspector",
        "inspection.closed inspection.finding_raised inspection.finding_rectified inspection.sample_drawn inspection.seed_committed",
    ),
    (
        "privacy-officer",
        "evidence.erased privacy.documents_erased privacy.persons_erased privacy.persons_restricted "
        "privacy.persons_unrestricted retention.set student.person_erased student.person_restricted student.restriction_lifted",
    ),
    (
        "administrator clerk",
        "round.opened student.enrolment_changed student.identity_merged student.identity_merged_into target.met target.set",
    ),
    ("surveyor clerk", "entry.corrected entry.withdrawn"),
    ("clerk approver", "student.category_determined student.category_ended"),
    ("clerk cashier", "loan.disbursed loan.subsidy_ended"),
    (
        "clerk helper-clerk",
        "dropout.case_closed dropout.case_reopened dropout.found dropout.persuasion_visited dropout.pupil_followed "
        "dropout.pupils_counted dropout.student_returned dropout.team_assigned leftbehind.care_recorded "
        "leftbehind.contact_card_issued leftbehind.ended leftbehind.file_opened leftbehind.registered schoolpair.ended "
        "schoolpair.equipment_donated schoolpair.joint_research_held schoolpair.paired schoolpair.staff_exchanged",
    ),
    ("reviewer second-reviewer", "application.review_passed application.review_rejected"),
    (
        "approver inspector",
        "award.refused award.resumed award.revoked award.suspended case.freed objection.appeal_decided objection.dismissed "
        "objection.upheld payment.clawback_dropped payment.clawback_raised",
    ),
    ("inspector privacy-officer", "student.held student.hold_released"),
    ("administrator clerk treasurer", "plan.date_set"),
    ("administrator clerk preparer", "student.details_corrected"),
    ("administrator clerk helper-clerk", "staff.known"),
    ("administrator clerk inspector", "inspection.opened"),
    ("administrator clerk treasurer approver inspector", "finding.answered"),
    ("administrator approver inspector", "duty.excused duty.reopened"),
    ("administrator inspector privacy-officer", "ledger.escrow_rehearsed"),
    (
        "surveyor clerk helper-clerk",
        "student.care_plan_drawn_up student.info_card_filed student.info_card_issued student.safety_net_layer_applied",
    ),
    (
        "clerk applicant-clerk reviewer",
        "case.compared case.notice_passed case.noticed case.unnoticed crosscheck.compared crosscheck.difference_resolved "
        "crosscheck.list_received crosscheck.list_withdrawn listing.person_listed notice.completed notice.evidence_added "
        "notice.posted notice.withdrawn",
    ),
    ("preparer checker releaser", "account.said_wrong batch.cancelled batch.line_stopped payment.cancelled payment.stopped"),
    ("administrator cashier inspector privacy-officer", "disclosure.bundle_exported"),
    ("clerk applicant-clerk reviewer second-reviewer", "application.documents_checked"),
    ("reviewer second-reviewer approver inspector", "application.returned"),
    ("preparer checker releaser cashier", "fund.released"),
    ("administrator surveyor clerk applicant-clerk helper-clerk", "student.registered"),
    ("clerk applicant-clerk reviewer second-reviewer inspector", "case.held objection.appeal_raised objection.raised"),
    ("administrator surveyor clerk applicant-clerk reviewer helper-clerk", "import.file_imported"),
    ("administrator clerk applicant-clerk reviewer cashier inspector privacy-officer", "disclosure.revealed"),
    (
        "administrator surveyor clerk applicant-clerk reviewer approver treasurer preparer cashier helper-clerk inspector privacy-officer",
        "evidence.kept evidence.shows_named",
    ),
    (_all_but("inspector privacy-officer"), "inspection.finding_answered"),
    (_all_but("privacy-officer"), "duty.discharged"),
    (" ".join(ROLES), "staff.interest_declared staff.key_enrolled staff.key_revoked"),
)

ROLES_OF: Final[Mapping[str, frozenset[str]]] = {
    topic: frozenset(roles.split()) for roles, topics in _MAY_RECORD for topic in topics.split()
}
"""The roles that may record a topic. Not in it: what begins a transaction or a ledger, which no role alone gives."""

TOPICS_OF: Final[Mapping[str, frozenset[bytes]]] = {
    role: frozenset(topic.encode() for topic, roles in ROLES_OF.items() if role in roles) for role in ROLES
}
"""The topics, as they are stored, that somebody in a role may record."""


def permitted(role: str | None, topics: Iterable[bytes]) -> bool:
    """Whether somebody in that role may record all of these."""
    return role is not None and TOPICS_OF.get(role, frozenset()).issuperset(topics)

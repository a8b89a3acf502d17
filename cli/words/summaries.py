"""One line for a fact, as an official would say it: for a student's file, a trace, a list of differences."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from ..i18n import N_, _
from ..output import yuan
from .differences import remedy_text

SUMMARIES: dict[str, str] = {
    "transaction.recorded": N_("Transaction {command}"),
    "ledger.opened": N_("Ledger opened"),
    "ledger.clock_attested": N_("Attested: the clock ran ahead, up to {until}"),
    "ledger.loss_attested": N_("Attested: of {answered} events {held} are left"),
    "ledger.key_enrolled": N_("The ledger's own key, named {origin}"),
    "ledger.signing_begun": N_("From here on everything is signed"),
    "unit.registered": N_("Unit registered: {name}"),
    "unit.renamed": N_("Unit renamed: {name}"),
    "unit.closed": N_("Unit closed"),
    "calendar.recorded": N_("Working days of {year} recorded: {source}"),
    "staff.appointed": N_("Appointed {role} of {unit}"),
    "staff.relieved": N_("Relieved as {role} of {unit}"),
    "staff.key_enrolled": N_("Signs with the key {key} from here on"),
    "staff.key_revoked": N_("The key {key} is taken no more ({reason})"),
    "staff.known": N_("On the staff register: {post}"),
    "staff.interest_declared": N_("Declared family interest in {student}"),
    "plan.adopted": N_("Plan {code}, version {plan_version}, adopted"),
    "plan.amended": N_("Plan {code} amended to version {plan_version}"),
    "plan.repealed": N_("Plan {code} repealed"),
    "student.registered": N_("File opened by the {source}, unit {unit}"),
    "student.identity_merged": N_("Merged: answers for {other}"),
    "student.identity_merged_into": N_("Merged into {survivor}"),
    "student.identity_split": N_("Merge with {other} undone"),
    "student.details_corrected": N_("Details corrected: {fields}"),
    "student.enrolment_changed": N_("Enrolment: {status}"),
    "student.category_determined": N_("Recognised: {categories}"),
    "student.category_ended": N_("Recognition ended: {reason}"),
    "student.care_plan_drawn_up": N_("Care plan drawn up for {period}"),
    "student.safety_net_layer_applied": N_("Safety net {layer} drawn on in {period}"),
    "student.info_card_issued": N_("Information card filled in for {period}"),
    "student.info_card_filed": N_("Information card of {period} filed"),
    "student.person_erased": N_("Personal data erased"),
    "student.person_restricted": N_("Access restricted until {until}"),
    "student.restriction_lifted": N_("Access no longer restricted"),
    "student.held": N_("Held, not to be erased; until {until}"),
    "student.hold_released": N_("No longer held"),
    "privacy.persons_erased": N_("Erased: {persons}"),
    "privacy.persons_restricted": N_("Restricted: {persons}"),
    "privacy.persons_unrestricted": N_("No longer restricted: {persons}"),
    "ledger.keys_escrowed": N_("Master key shared out among {custodians}; any {threshold} make it again"),
    "ledger.escrow_rehearsed": N_("{shares} shares brought together; they open the key store"),
    "retention.set": N_("Kept for {years} years, by {basis}"),
    "import.file_imported": N_("File {file} imported: {rows} rows, {accepted} accepted"),
    "round.opened": N_("Survey round opened for {period}"),
    "round.unit_submitted": N_("{unit} submitted its survey"),
    "round.consolidated": N_("Survey consolidated"),
    "round.reported": N_("Survey reported to {to}"),
    "round.amended": N_("Survey report amended by the head count"),
    "round.closed": N_("Survey round closed"),
    "entry.recorded": N_("Survey entry: {categories}"),
    "entry.corrected": N_("Survey entry corrected: {after}"),
    "entry.withdrawn": N_("Survey entry withdrawn"),
    "application.submitted": N_("Application for {scheme}, {period}"),
    "application.documents_checked": N_("Documents checked, missing: {missing}"),
    "application.review_passed": N_("Review passed: {step}"),
    "application.review_rejected": N_("Review rejected: {step}"),
    "application.returned": N_("Application returned for completion"),
    "application.exception_granted": N_("Exception granted"),
    "award.approved": N_("Award approved: {scheme}, {period}, tier {tier}, {amount_fen} yuan"),
    "award.reassessed": N_("Award reassessed: from {before_fen} to {amount_fen} yuan, by version {plan_version}"),
    "award.refused": N_("Award refused"),
    "award.suspended": N_("Award suspended"),
    "award.resumed": N_("Award resumed"),
    "award.revoked": N_("Award revoked"),
    "difference.decided": N_("Difference decided ({remedy}): {difference_fen} yuan"),
    "case.held": N_("Case held by {objection}"),
    "case.freed": N_("Case freed: {objection} decided"),
    "case.noticed": N_("On the public list {notice} until {last_day}"),
    "case.unnoticed": N_("Public list {notice} taken down before its time"),
    "case.notice_passed": N_("Public notice passed: {notice}"),
    "account.cleared": N_("Doubtful account cleared: {code}, {account}"),
    "account.doubted": N_("Account doubtful again: {code}, {account}"),
    "student.household_recorded": N_("Household recorded: {household}"),
    "notice.posted": N_("Public notice posted: {step}, until {last_day}"),
    "notice.evidence_added": N_("Photos of the notice on record"),
    "notice.completed": N_("Public notice completed"),
    "notice.withdrawn": N_("Public notice taken down"),
    "objection.raised": N_("Objection raised"),
    "objection.upheld": N_("Objection upheld"),
    "objection.dismissed": N_("Objection dismissed"),
    "objection.appeal_raised": N_("Appeal raised"),
    "objection.appeal_decided": N_("Appeal decided"),
    "fund.opened": N_("Fund opened: {title}"),
    "fund.taken_over": N_("Taken over from the books before: received {received_fen} yuan, available {available_fen} yuan"),
    "fund.budget_set": N_("Budget set: {amount_fen} yuan"),
    "fund.requested": N_("Requested of {of}: {amount_fen} yuan"),
    "fund.arrived": N_("Arrived from {source}: {amount_fen} yuan"),
    "fund.reserved": N_("Reserved for {batch}: {amount_fen} yuan"),
    "fund.paid": N_("Paid for {batch}: {amount_fen} yuan"),
    "fund.released": N_("Released from {batch}: {amount_fen} yuan"),
    "fund.restored": N_("Came back: {amount_fen} yuan"),
    "fund.returned": N_("Returned to {to}: {amount_fen} yuan"),
    "voucher.posted": N_("Voucher no. {number}: {amount_fen} yuan"),
    "voucher.reversed": N_("Voucher no. {number} reverses {reverses}: {amount_fen} yuan"),
    "month.closed": N_("{month} closed"),
    "batch.prepared": N_("Batch prepared: {scheme}, {period}, {amount_fen} yuan"),
    "batch.checked": N_("Batch checked: {payments} payments, {amount_fen} yuan"),
    "batch.released": N_("Batch released: {payments} payments, {amount_fen} yuan"),
    "batch.exported": N_("Bank file exported: {file}"),
    "batch.reconciled": N_("Bank answer reconciled: {paid} paid, {failed} failed, {pending} pending"),
    "batch.returns_taken": N_("Returned payments taken in: {returned}"),
    "batch.line_stopped": N_("Line {line} stopped: {left} payments left, {left_fen} yuan"),
    "batch.rejected": N_("File sent back unprocessed: {payments} payments, {amount_fen} yuan, code {code}"),
    "batch.cancelled": N_("Batch cancelled"),
    "payment.instructed": N_("Payment instructed: line {line} of {batch}, {amount_fen} yuan"),
    "payment.reissued": N_("Payment reissued, attempt {attempt}: line {line} of {batch}, {amount_fen} yuan"),
    "payment.paid": N_("Paid by the bank: {amount_fen} yuan, bank reference {bank_ref}"),
    "payment.failed": N_("Failed at the bank, code {code}"),
    "payment.pending": N_("Still being processed by the bank"),
    "payment.returned": N_("Returned by the bank: {amount_fen} yuan"),
    "payment.paid_in_part": N_("Paid in part: {amount_fen} of {asked_fen} yuan, bank reference {bank_ref}"),
    "payment.rejected": N_("Sent back unprocessed by the bank, code {code}"),
    "payment.stopped": N_("Stopped before {batch} went out: {amount_fen} yuan"),
    "payment.clawback_reversed": N_("Clawback reversed: {amount_fen} yuan are owed again"),
    "payment.cancelled": N_("Payment cancelled with {batch}"),
    "payment.reversed": N_("Payment reversed: {amount_fen} yuan"),
    "payment.clawback_raised": N_("Clawback asked for: {amount_fen} yuan"),
    "payment.clawback_received": N_("Clawback received: {amount_fen} yuan"),
    "payment.clawback_dropped": N_("Clawback dropped: {amount_fen} yuan"),
    "payment.waiver_granted": N_("Fee waived: {amount_fen} yuan"),
    "payment.receipt_signed": N_("Signed for: {amount_fen} yuan"),
    "application.form_recorded": N_("Application form: {categories}, {stage}, {grade}"),
    "case.compared": N_("Compared with lists: {comparison}"),
    "loan.applied": N_("Loan applied for: {asked_fen} yuan, {period}"),
    "loan.approved": N_("Loan approved: {amount_fen} yuan"),
    "loan.refused": N_("Loan refused"),
    "loan.disbursed": N_("Loan disbursed: {amount_fen} yuan"),
    "loan.subsidy_ended": N_("Interest subsidy ended: {status}"),
    "pairing.established": N_("Pairing established"),
    "pairing.helper_replaced": N_("Helper replaced"),
    "pairing.family_facts_clarified": N_("Family facts clarified"),
    "pairing.help_plan_agreed": N_("Help plan agreed"),
    "pairing.form_filed": N_("Pairing form filed"),
    "pairing.ended": N_("Pairing ended"),
    "allocation.set": N_("Allocated: {students} students, {cadres} cadres"),
    "tutoring.course_failed": N_("Course failed: {course}"),
    "tutoring.course_passed": N_("Course passed after all: {course}"),
    "tutoring.tutor_arranged": N_("Tutor arranged for {course}"),
    "tutoring.parents_notified": N_("Parents notified: {courses}"),
    "tutoring.checked": N_("Tutoring checked: {check}"),
    "contact.recorded": N_("Contact: {kind}"),
    "contact.corrected": N_("Contact corrected: {kind}"),
    "contact.struck_out": N_("Contact struck out"),
    "crosscheck.list_received": N_("List received: {kind} as of {as_of}, {accepted} people"),
    "crosscheck.list_withdrawn": N_("List withdrawn"),
    "crosscheck.compared": N_("Compared with lists: {matched} matched, {unmatched} not, {differing} names differ"),
    "crosscheck.difference_resolved": N_("Difference resolved: {right}"),
    "listing.person_listed": N_("On a list: {kind}"),
    "target.set": N_("Target {code}: {value} {measure} by {due_on}"),
    "target.dropped": N_("Target {code} given up"),
    "target.met": N_("Target {code} met: {value}"),
    "progress.reported": N_("{code} reported as of {effective_on}: {value}"),
    "progress.corrected": N_("{code} as of {effective_on} corrected to {value}"),
    "plan.date_set": N_("Told: {name} of {plan} for {period} is {day}"),
    "duty.discharged": N_("Duty {code} of {unit} for {period} discharged"),
    "duty.excused": N_("Duty {code} of {unit} for {period} excused"),
    "duty.reopened": N_("Duty {code} of {unit} for {period} owed again"),
    "inspection.opened": N_("Inspection opened: {kind} of {unit} by {by}"),
    "inspection.finding_raised": N_("Finding {number} raised"),
    "inspection.finding_answered": N_("Finding {number} answered"),
    "inspection.finding_rectified": N_("Finding {number} put right"),
    "inspection.seed_committed": N_("Seed {number} committed to: {frame_size} can be drawn"),
    "inspection.sample_drawn": N_("Sample {number} drawn: {size} of {frame_size}"),
    "finding.answered": N_("Audit finding answered: {kind}"),
    "inspection.closed": N_("Inspection closed with {findings} findings, all put right"),
    "dropout.found": N_("Dropped out of {stage}: case opened by {unit}"),
    "dropout.pupil_followed": N_("The pupil has the case {case}"),
    "dropout.team_assigned": N_("Team named"),
    "dropout.persuasion_visited": N_("Visited to be won back"),
    "dropout.student_returned": N_("Back in school"),
    "dropout.case_closed": N_("Dropout case closed"),
    "dropout.case_reopened": N_("Dropout case opened again"),
    "dropout.pupils_counted": N_("Pupils of {unit}, {stage}, at the start of {year}: {pupils}"),
    "schoolpair.paired": N_("Schools paired: {town} and {village}"),
    "schoolpair.joint_research_held": N_("Joint research held"),
    "schoolpair.staff_exchanged": N_("Sent to the other school: {post}"),
    "schoolpair.equipment_donated": N_("Equipment given, worth {worth_fen} yuan"),
    "schoolpair.ended": N_("Pair of schools ended"),
    "leftbehind.registered": N_("On the register of left-behind children for {term}, by {unit}"),
    "leftbehind.file_opened": N_("File of the left-behind child opened"),
    "leftbehind.contact_card_issued": N_("Contact card issued"),
    "leftbehind.care_recorded": N_("Left-behind child cared for"),
    "leftbehind.ended": N_("Left behind no longer"),
    "evidence.kept": N_("Document kept: {media_type}, {bytes} bytes, shows {shows}"),
    "evidence.shows_named": N_("Document shows {shows}; named by mistake: {not_shown}"),
    "evidence.erased": N_("Document erased, for {of}; it showed others too: {others}"),
    "privacy.documents_erased": N_("Documents erased: {documents}"),
    "disclosure.revealed": N_("Personal data shown: {query}"),
    "disclosure.bundle_exported": N_("Proof bundle handed out, showing {fields}: {query}"),
}


class _Plain(Formatter):
    """Fills in plain fields; money becomes yuan, a list its members, and what is absent a dash."""

    def get_value(self, key: int | str, args: object, kwargs: Mapping[str, object]) -> object:
        value = kwargs.get(str(key))
        if value is None or value == [] or value == {} or value == "":
            return "—"
        if str(key).endswith("_fen") and isinstance(value, int):
            return yuan(value)
        if key == "remedy":
            return remedy_text(str(value))
        if isinstance(value, dict):
            return "、".join(f"{name} {_plain(one)}" for name, one in value.items())
        return _plain(value)

    def format_field(self, value: object, format_spec: str) -> str:
        return str(value)


def _plain(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


SIGNED: dict[str, str] = {
    "batch.reconciled": N_("Signed list taken in: {paid} signed, {failed} not collected"),
    "payment.paid": N_("Paid against signature: {amount_fen} yuan"),
    "payment.failed": N_("Not collected"),
}
"""What the same facts say where a list was signed instead of a bank answering."""


def summary(topic: str, state: Mapping[str, object]) -> str:
    """The line for a fact of this topic with this state (its JSON as a mapping). An unknown topic is named as it is."""
    sentence = (SIGNED if state.get("channel") == "signed" else {}).get(topic) or SUMMARIES.get(topic)
    return _Plain().vformat(_(sentence), (), state) if sentence else topic

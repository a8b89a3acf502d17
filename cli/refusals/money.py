"""What the refusals of this concept say: funds, batches, payments and what the bank sends back."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "fund_unknown": (
        N_("There is no fund {fund}."),
        N_("Open it with `mingzhang fund open`."),
    ),
    "fund_exists": (
        N_("The fund {fund} is open already."),
        N_("Use it as it is."),
    ),
    "fund_short": (
        N_("The fund {fund} holds {available_fen} yuan available; {wanted_fen} yuan are needed."),
        N_("Wait for the money to arrive (`mingzhang fund arrive`), or pay fewer students."),
    ),
    "batch_unknown": (
        N_("There is no batch {batch}."),
        N_("See `mingzhang payment batches`."),
    ),
    "payment_unknown": (
        N_("There is no payment {payment}."),
        N_("See `mingzhang payment list`."),
    ),
    "payment_not_paid": (
        N_("The payment {payment} stands at: {stand}; no money of it is with its payee that could come back."),
        N_(
            "Check it with `mingzhang payment show {payment}`; if the bank's answer has not been taken in yet, do that first "
            "(`mingzhang payment reconcile`)."
        ),
    ),
    "paid_more_than_award": (
        N_("{paid_fen} yuan were paid already of the award of {award_fen} yuan."),
        N_("Pay what is left of the award, or have the award amended first."),
    ),
    "account_missing": (
        N_("No account is known to pay to."),
        N_("Record one with a survey correction or an application."),
    ),
    "bank_file_other_batch": (
        N_("The bank's file answers another batch: {strangers} of its {lines} rows are not of this one."),
        N_("Choose the file that belongs to this batch. Nothing was recorded."),
    ),
    "bank_file_count_differs": (
        N_("The bank's file {file} states {stated} rows and holds {counted}."),
        N_("Ask the bank for the whole file. Nothing was recorded."),
    ),
    "bank_file_total_differs": (
        N_("The bank's file {file} states {stated_fen} yuan and its rows add up to {counted_fen} yuan."),
        N_("Ask the bank for the right file. Nothing was recorded."),
    ),
    "batch_not_ready": (
        N_("The batch {batch} stands at: {stand}; this step needs: {wanted}."),
        N_("See the batch with `mingzhang payment batches`, and do the steps in order: check, release, export, reconcile."),
    ),
    "batch_exists": (
        N_("There is a batch {batch} already."),
        N_("Choose another id."),
    ),
    "batch_already_exported": (
        N_("The batch {batch} was exported before ({first})."),
        N_("Use the file that exists; for a further copy of it add --again."),
    ),
    "batch_total_differs": (
        N_("The batch {batch} states {stated_fen} yuan, but its payments add up to {counted_fen} yuan."),
        N_("Cancel the batch and prepare it anew."),
    ),
    "batch_mixes_schemes": (
        N_("The payments {payment} and {first} belong to different schemes or periods."),
        N_("Reissue them in batches of their own."),
    ),
    "fund_not_for_scheme": (
        N_("The fund {fund} is not meant for {scheme}; it pays {schemes}."),
        N_("Choose the fund of the scheme, see `mingzhang fund balances`."),
    ),
    "scheme_pays_nothing": (
        N_("The scheme {scheme} pays nothing out."),
        N_("Choose a scheme that pays money."),
    ),
    "nothing_to_pay": (
        N_("Nobody can be paid in this batch; {excluded} were left out. {reasons}"),
        N_("Settle the reasons if there are any; else approve awards first. What was paid is in `mingzhang payment list`."),
    ),
    "payment_obstructed": (
        N_("{payment} cannot be paid: {obstacle} ({says})"),
        N_("Settle this first, or cancel the batch and prepare it without this payment."),
    ),
    "not_in_batch": (
        N_("The payment does not belong to this batch."),
        N_("Cancel the batch and prepare it anew."),
    ),
    "amount_differs_from_award": (
        N_("The amount is not the one that was approved."),
        N_("Cancel the batch and prepare it anew."),
    ),
    "already_paid": (
        N_("This has been paid already."),
        N_("Nothing needs to be done."),
    ),
    "payment_instructed": (
        N_("The payment is in another batch already."),
        N_("Wait for the bank's answer to that batch."),
    ),
    "payment_pending": (
        N_("The bank has not decided this payment yet."),
        N_("Wait for the bank's next answer."),
    ),
    "payment_failed": (
        N_("The bank could not pay this; it is paid again by a reissue, not by a new payment."),
        N_("Correct the account, then use `mingzhang payment reissue`."),
    ),
    "payment_returned": (
        N_("The money came back; it is paid again by a reissue, not by a new payment."),
        N_("Correct the account, then use `mingzhang payment reissue`."),
    ),
    "payment_reversed": (
        N_("The payment was reversed."),
        N_("Look at its course with `mingzhang payment show`."),
    ),
    "payment_waived": (
        N_("The tuition was waived; there is nothing to pay out."),
        N_("Nothing needs to be done."),
    ),
    "paid_under_merged_identity": (
        N_("The same person has been paid under another reference."),
        N_("Nothing needs to be done; check both with `mingzhang student show`."),
    ),
    "payment_not_reissuable": (
        N_("The payment {payment} stands at: {stand}; nothing of it is owed that a further attempt could pay."),
        N_("Check it with `mingzhang payment show {payment}`."),
    ),
    "clawback_exceeds_paid": (
        N_("{asked_fen} yuan cannot be asked back of {payment}: {paid_fen} yuan were paid."),
        N_("Ask back at most what was paid."),
    ),
    "clawback_not_asked": (
        N_("{received_fen} yuan came back for {payment}, but only {open_fen} yuan were asked back."),
        N_("Check the amount, or ask the difference back first."),
    ),
    "bank_file_encoding": (
        N_("The bank's file {file} is not written in {promised}, as its bank profile promises."),
        N_("Choose the file as the bank sent it, not one that was opened and saved again. Nothing was recorded."),
    ),
    "fund_needed": (
        N_("No fund pays {scheme}."),
        N_("Open one with `mingzhang fund open FUND --scheme {scheme}`, or name one with --fund."),
    ),
    "bank_file_unreadable": (
        N_("The bank's file {file} cannot be read: {reason} (row {row}, column {column})."),
        N_(
            "Choose the bank's own file, or ask for it again: answers go into `mingzhang payment reconcile`, returns (退票) into "
            "`mingzhang payment returns`. Nothing was recorded."
        ),
    ),
    "bank_file_empty": (
        N_("The bank's file {file} holds no payment."),
        N_("Ask the bank for the right file."),
    ),
    "bank_file_already_reconciled": (
        N_("The file {file} has answered the batch {batch} before."),
        N_("Nothing needs to be done."),
    ),
    "bank_file_line_missing": (
        N_("The bank's file does not answer {missing} payments of the batch, among them the numbers {lines}."),
        N_("Ask the bank for the whole file. Nothing was recorded."),
    ),
    "bank_file_line_repeated": (
        N_("Row {row} of the bank's file answers a payment that row {first_row} has answered."),
        N_("Ask the bank for the right file. Nothing was recorded."),
    ),
    "bank_file_line_unknown": (
        N_("Row {row} of the bank's file answers number {line}, which the batch does not have."),
        N_("Ask the bank for the right file. Nothing was recorded."),
    ),
    "bank_file_amount_differs": (
        N_("Row {row} of the bank's file gives {answered_fen} yuan, the batch {asked_fen} yuan."),
        N_("Ask the bank what happened with this row. Nothing was recorded."),
    ),
    "bank_file_account_differs": (
        N_("Row {row} of the bank's file names another account than the batch."),
        N_("Ask the bank what happened with this row. Nothing was recorded."),
    ),
    "bank_file_name_differs": (
        N_("Row {row} of the bank's file names another account holder than the batch."),
        N_("Ask the bank what happened with this row. Nothing was recorded."),
    ),
    "bank_ref_differs": (
        N_("Row {row} of the bank's file says again that number {line} was paid, but as {bank_ref}, not as {known} as before ({payment})."),
        N_(
            "Two numbers may be two debits: ask the bank. If it debited twice, let it take one back before the money is with the payee"
            " twice; if it was one, have it say so in a corrected file. Nothing was recorded."
        ),
    ),
    "bank_file_contradicts": (
        N_("Row {row} of the bank's file contradicts what is on record of this line: {stand} ({says})."),
        N_("Ask the bank which answer holds; a payment that came back is imported with `mingzhang payment returns`."),
    ),
    "bank_file_line_contradicts_itself": (
        N_("Row {row} of the bank's file {file} contradicts itself in {column}."),
        N_(
            "Ask the bank what happened with this row. Where it moved a part only, record that first with its slip, "
            "`mingzhang payment part-paid`; then the file fits. Nothing was recorded."
        ),
    ),
    "bank_order_empty": (
        N_("There is no payment to write into the bank file."),
        N_("Prepare a batch with payments first."),
    ),
    "bank_order_number_repeated": (
        N_("The number {number} stands more than once in the order to the bank."),
        N_("Cancel the batch and prepare it anew."),
    ),
    "bank_order_text": (
        N_("Number {number} holds a character in {column} that the bank's format does not allow."),
        N_("Correct this field of the student's record, then prepare the batch anew."),
    ),
    "paid_while_not_enrolled": (
        N_("The student is not enrolled on the day of payment."),
        N_("Check the enrolment with `mingzhang student show`; record a return or a transfer first if there was one."),
    ),
    "channel_differs": (
        N_("The scheme of batch {batch} is paid by another channel: {channel}."),
        N_("card: `mingzhang payment export` with a bank profile; signed: the profile sign-list, then `mingzhang payment receipts`."),
    ),
    "receipt_line_twice": (
        N_("The lines {lines} of batch {batch} are named both as signed and as not collected."),
        N_("Name each line once, as the signed list shows it."),
    ),
    "receipt_line_unknown": (
        N_("The signed list of batch {batch} has no line {lines}; its last line is {last}."),
        N_("Write the numbers in the list's first column."),
    ),
    "receipts_missing": (
        N_("No line of batch {batch} waits for a signature."),
        N_("See `mingzhang payment show {batch}`."),
    ),
}

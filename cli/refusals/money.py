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
    "balance_below_zero": (
        N_("This would leave the fund {fund} below zero."),
        N_("Check the amount against `mingzhang fund balances`."),
    ),
    "budget_missing": (
        N_("No budget has been set for the fund {fund}."),
        N_("Set it with `mingzhang fund budget`."),
    ),
    "batch_unknown": (
        N_("There is no batch {batch}."),
        N_("See `mingzhang payment list`."),
    ),
    "batch_empty": (
        N_("Nobody can be paid in this batch."),
        N_("See the excluded students and their reasons."),
    ),
    "batch_not_checked": (
        N_("The batch {batch} has not been checked."),
        N_("Let a second person check it with `mingzhang payment check {batch}`."),
    ),
    "batch_not_released": (
        N_("The batch {batch} has not been released."),
        N_("Release it with `mingzhang payment release {batch}` first."),
    ),
    "batch_already_checked": (
        N_("The batch {batch} has been checked already."),
        N_("Go on with `mingzhang payment release {batch}`."),
    ),
    "batch_already_released": (
        N_("The batch {batch} has been released already."),
        N_("Go on with `mingzhang payment export {batch}`."),
    ),
    "batch_already_reconciled": (
        N_("The batch {batch} has been reconciled already."),
        N_("Later returns are imported with `mingzhang payment returns`."),
    ),
    "batch_cancelled": (
        N_("The batch {batch} was cancelled."),
        N_("Prepare a new one."),
    ),
    "payment_unknown": (
        N_("There is no payment {payment}."),
        N_("See `mingzhang payment list`."),
    ),
    "payment_exists": (
        N_("{student} has a payment for this instalment already ({payment})."),
        N_("Nothing needs to be done; a failed or returned one is paid again with `mingzhang payment reissue`."),
    ),
    "payment_not_failed": (
        N_("The payment {payment} stands at {state}; only a failed or returned one can be paid again."),
        N_("Check it with `mingzhang payment show {payment}`."),
    ),
    "payment_not_paid": (
        N_("The payment {payment} stands at {state}, not paid."),
        N_("Check it with `mingzhang payment show {payment}`."),
    ),
    "paid_more_than_award": (
        N_("{amount_fen} yuan would exceed the award of {award_fen} yuan."),
        N_("Pay what is left of the award, or have the award amended first."),
    ),
    "account_missing": (
        N_("No account is known for {student}."),
        N_("Record one with a survey correction or an application."),
    ),
    "bank_file_malformed": (
        N_("The bank's file {file} cannot be read as {profile}."),
        N_("Ask the bank for the file again, or choose the right --bank-profile."),
    ),
    "bank_file_other_batch": (
        N_("The bank's file {file} answers another batch than {batch}."),
        N_("Choose the file that belongs to {batch}."),
    ),
    "bank_file_count_differs": (
        N_("The bank's file {file} announces {announced} rows and holds {found}."),
        N_("Ask the bank for the whole file; nothing was recorded."),
    ),
    "bank_file_total_differs": (
        N_("The bank's file {file} announces {announced_fen} yuan and its rows add up to {found_fen} yuan."),
        N_("Ask the bank for the right file; nothing was recorded."),
    ),
    "bank_file_row_differs": (
        N_("Row {row} of the bank's file {file} differs from the batch in {field}."),
        N_("Ask the bank what happened with this row; nothing was recorded."),
    ),
    "bank_file_row_unknown": (
        N_("Row {row} of the bank's file {file} answers no payment of the batch."),
        N_("Ask the bank for the right file; nothing was recorded."),
    ),
    "bank_file_row_missing": (
        N_("The bank's file {file} does not answer payment number {number}."),
        N_("Ask the bank for the whole file; nothing was recorded."),
    ),
    "bank_profile_unknown": (
        N_("There is no bank profile {profile}."),
        N_("Choose one of: {profiles}."),
    ),
}

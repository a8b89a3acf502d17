"""What the refusals of attempts say: payments stopped, rejected, paid in part, and deductions that are reversed."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "payment_already_sent": (
        N_("The payment {payment} has gone to the bank with {batch} ({says}); it cannot be stopped here any more."),
        N_(
            "Ask the bank to keep it back: if it does, record that with `mingzhang payment reject {payment}`; if it pays and the money"
            " comes back, with `mingzhang payment returns`."
        ),
    ),
    "payment_not_under_way": (
        N_("The payment {payment} stands at: {stand}; it is on its way to no bank."),
        N_("Check it with `mingzhang payment show {payment}`."),
    ),
    "payment_not_released": (
        N_("The batch {batch} of the payment {payment} stands at: {stand}; only from a released one is a payment taken out."),
        N_("Cancel the batch with `mingzhang payment cancel {batch}` and prepare it anew."),
    ),
    "batch_of_one_payment": (
        N_("The payment {payment} is the only one left of batch {batch}."),
        N_("Give the batch up with `mingzhang payment cancel {batch}`."),
    ),
    "batch_settled": (
        N_("The bank has settled every payment of the batch {batch}."),
        N_("See `mingzhang payment list --batch {batch}`; what came back is recorded with `mingzhang payment returns`."),
    ),
    "part_not_a_part": (
        N_("{paid_fen} yuan are no part of the {asked_fen} yuan that the bank was asked for ({payment})."),
        N_("Nothing moved: `mingzhang payment reject`. All moved: take the bank's answer in with `mingzhang payment reconcile`."),
    ),
    "part_without_evidence": (
        N_("What the bank moved of {payment} must be shown."),
        N_("Hand the bank's slip in with --evidence."),
    ),
    "clawback_not_received": (
        N_("{received_fen} yuan came back on demand for {payment}; {amount_fen} yuan cannot be given back."),
        N_("Give back at most what came; what was only asked for is withdrawn with `mingzhang payment clawback-withdrawn`."),
    ),
    "clawback_not_open": (
        N_("Of {payment} {open_fen} yuan are asked back and not yet in; {amount_fen} yuan cannot be withdrawn."),
        N_("Withdraw at most what has not come; what has come is owed again with `mingzhang payment clawback-reversed`."),
    ),
    "does_not_stack_with_earlier": (
        N_("The same person has an award under another file that was decided before, and the plan does not let this one stand beside it."),
        N_("Revoke one of the two, see `mingzhang student show`; what was paid of it is a difference, see `mingzhang difference list`."),
    ),
    "payment_under_way": (
        N_("A further attempt at {payment} is under way in batch {batch}."),
        N_("Wait for the bank's answer to that batch, then try again."),
    ),
    "payment_part_paid": (
        N_("A part of this has been paid; what is still owed is paid by a reissue, not by a new payment."),
        N_("Use `mingzhang payment reissue`."),
    ),
    "payment_rejected": (
        N_("The bank sent this back unprocessed; it is paid again by a reissue, not by a new payment."),
        N_("Correct what the bank found wrong, then use `mingzhang payment reissue`."),
    ),
}

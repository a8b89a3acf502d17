"""What the refusals of the clerk's month say: opening balances, vouchers, and months that are closed."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "opening_does_not_balance": (
        N_(
            "The opening balance does not add up: received {received_fen} yuan, available, paid and returned together {counted_fen} yuan; "
            "the difference is {difference_fen} yuan."
        ),
        N_("Find the difference in the old books and give the four amounts again. Nothing was recorded."),
    ),
    "opening_needs_evidence": (
        N_("The opening balance of {fund} has no evidence."),
        N_("Hand the page of the old books in with --evidence FILE."),
    ),
    "fund_moved_already": (
        N_("Money has moved in {fund} already ({says}); an opening balance comes before everything else."),
        N_("Open another fund for the old money with `mingzhang fund open`, and take its balance over there."),
    ),
    "opening_taken_over_already": (
        N_("The opening balance of {fund} from this source was taken over before ({says})."),
        N_("See `mingzhang fund balances`; another source is named with --source."),
    ),
    "opening_days_differ": (
        N_("The opening balance of {fund} is that of {on} ({says}); every source of it is taken over as of the same day."),
        N_("Give --on {on}."),
    ),
    "day_in_opening_balance": (
        N_("What came to {fund} or was returned from it up to the end of {last} is in its opening balance ({says})."),
        N_("Nothing is to be recorded for {on}. What the old books did not know is dated the day it was found."),
    ),
    "month_malformed": (
        N_("{month} is no month."),
        N_("Write it like 2020-04."),
    ),
    "month_not_over": (
        N_("{month} is not over; its last day is {last}."),
        N_("Close it from the day after."),
    ),
    "month_closed": (
        N_("{month} of {fund} is closed ({says})."),
        N_("A closed month stays as it is: see it with `mingzhang month show {month}`, and date what is new in a month that is open."),
    ),
    "month_earlier_open": (
        N_("{fund} has movements in {earlier}, which is not closed yet; so {month} cannot be."),
        N_("First `mingzhang month close {earlier}`."),
    ),
    "movements_unbooked": (
        N_("{unbooked} movements of {fund} up to the end of {month} have no voucher, first {first}."),
        N_("Book them with `mingzhang voucher book {fund} --month {month}`; see them with `mingzhang voucher unbooked`."),
    ),
    "nothing_to_close": (
        N_("No fund has anything left to close in {month}: nothing moved in it, or it is closed."),
        N_("See `mingzhang month list`."),
    ),
    "movement_unknown": (
        N_("{fund} has no movement {movement}."),
        N_("See `mingzhang voucher unbooked --fund {fund}`."),
    ),
    "movement_needs_no_voucher": (
        N_("{movement} ({step}) moves nothing out of or into the account, so it has no voucher."),
        N_("Book what arrived, was paid, came back or was returned."),
    ),
    "movement_booked_already": (
        N_("{movement} is booked already, in {voucher}."),
        N_("If that voucher is wrong, reverse it with `mingzhang voucher reverse`, then book anew."),
    ),
    "voucher_mixes_steps": (
        N_("{movement} ({step}) is of another kind than the first movement ({first})."),
        N_("Write a voucher for each kind."),
    ),
    "voucher_unknown": (
        N_("There is no {voucher}; the last number is {last}."),
        N_("See `mingzhang voucher list`."),
    ),
    "voucher_is_a_reversal": (
        N_("{voucher} reverses another voucher itself."),
        N_("Book the movements anew with `mingzhang voucher post`."),
    ),
    "voucher_reversed_already": (
        N_("{voucher} was reversed before, by {says}."),
        N_("Nothing needs to be done."),
    ),
}

"""What is said of doubtful accounts: in a batch they are left out, and a clearing that nobody may give is refused."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

_STEP = N_(
    "Look into it, see `mingzhang account list --doubtful`; somebody other than the preparer lets it pass with "
    "`mingzhang account clear`, or another account is recorded with `mingzhang student correct`."
)

SENTENCES: dict[str, Sentence] = {
    "account_shared_by_several_students": (N_("The account is other students' as well."), _STEP),
    "account_belongs_to_staff": (N_("A member of staff has their wages paid to the account."), _STEP),
    "account_name_not_student": (
        N_("The account is in another name than the student's, and not in that of the head of the household where money may go there."),
        _STEP,
    ),
    "account_said_wrong": (N_("A payment to the account was stopped because the account is said to be wrong."), _STEP),
    "account_not_doubtful": (
        N_("No account of {student} is doubtful in this way: {doubt}."),
        N_("See what is doubtful with `mingzhang account list --student {student}`."),
    ),
    "account_cleared_already": (
        N_("Somebody has answered for this account already ({says})."),
        N_("Nothing needs to be done; to take that back, use `mingzhang account doubt`."),
    ),
    "account_not_cleared": (
        N_("Nobody has cleared an account of {student} of this: {doubt}."),
        N_("Nothing needs to be done: no money goes there. See `mingzhang account list --student {student}`."),
    ),
    "account_fact_unknown": (
        N_("{event} holds no account of {student}."),
        N_("Take the fact from the column «Said by» of `mingzhang account list --student {student}`."),
    ),
    "doubt_unknown": (
        N_("An account cannot be doubtful in this way: {doubt}."),
        N_("Choose one of: {doubts}."),
    ),
}

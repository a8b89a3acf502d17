"""What the refusals of this concept say: personal data erased, restricted, held, kept for as long as the law says."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "person_restricted": (
        N_("The personal data of {student} are only kept: they are shown to nobody, and nothing new is recorded about this person."),
        N_("What was decided before goes on. A privacy officer can lift it with `mingzhang student unrestrict`."),
    ),
    "person_not_restricted": (
        N_("The personal data of {student} are not restricted."),
        N_("Nothing needs to be done."),
    ),
    "person_not_held": (
        N_("The file of {student} is not held."),
        N_("Nothing needs to be done."),
    ),
    "hold_over_already": (
        N_("A hold until {until} would be over already."),
        N_("Give a later day, or `open`."),
    ),
    "retention_running": (
        N_("The records of {student} ({record_class}) are kept until {until}; they may not be erased before."),
        N_("Restrict them instead with `mingzhang student restrict`; `mingzhang retention due` lists who may be erased."),
    ),
    "retention_unset": (
        N_("It is not decided how long these records of {student} are kept: {classes}."),
        N_("Decide it with `mingzhang retention set`, naming the clause; `mingzhang retention list` shows all classes."),
    ),
    "retention_class_unknown": (
        N_("There is no class of records {record_class}."),
        N_("Use one of: {known}."),
    ),
    "retention_years_unusable": (
        N_("Records cannot be kept for {years} years."),
        N_("Give whole years from 0 to {most}."),
    ),
    "retention_basis_missing": (
        N_("It is not said by which clause {record_class} are kept so long."),
        N_("Name it with --basis; it stays on record."),
    ),
    "erasure_open_business": (
        N_("Business with {student} is not finished: {open}."),
        N_("Bring it to its end first: the bank's answer, a payment or an award given up, a decision. Then erase."),
    ),
    "documents_show_others": (
        N_("Documents show others beside {student}: {documents}."),
        N_("Say with --documents what becomes of them: keep or erase. `mingzhang evidence list` shows them."),
    ),
    "reason_names_person": (
        N_("The reason names the person; it stays on record when the person is gone."),
        N_("Say why without a name or number, such as 监护人书面申请删除."),
    ),
    "custodian_named_twice": (
        N_("Somebody is named twice as custodian: {custodians}."),
        N_("Name as many different people as there are to be shares."),
    ),
    "escrow_threshold_unusable": (
        N_("{threshold} of {custodians} shares is no way to keep a key."),
        N_("Name 2 to {most} custodians, and let at least two of them be needed."),
    ),
    "keys_not_escrowed": (
        N_("The master key has not been shared out."),
        N_("Do so with `mingzhang keys split`."),
    ),
    "escrow_of_another_key": (
        N_("These shares make another key ({fingerprint}) than the one that was shared out last ({wanted})."),
        N_("Look for the shares of this ledger; its number stands in each."),
    ),
    "share_unreadable": (
        N_("Share {number} cannot be read."),
        N_("Compare its words with the paper, one by one; the words check each other."),
    ),
    "shares_too_few": (
        N_("{given} shares are too few; {needed} are needed."),
        N_("Bring further custodians' shares."),
    ),
    "shares_do_not_fit": (
        N_("These shares do not belong together."),
        N_("Take shares of one sharing-out, each once; the number of the ledger and the fingerprint stand in each."),
    ),
    "shares_inside_ledger": (
        N_("Shares of the key do not belong into the ledger's own folder: {folder}."),
        N_("Name a folder on another medium with --out."),
    ),
    "master_key_exists": (
        N_("There is a master key already."),
        N_("Use it; where it is the wrong one, move it away first and keep it."),
    ),
}

"""What the refusals of this concept say: banks' layouts, and files that are not what a bank sends."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "bank_profile_unknown": (
        N_("There is no bank profile {profile}."),
        N_("Choose one of: {profiles}, or describe the bank's layout in a file (`mingzhang payment profiles`)."),
    ),
    "bank_profile_malformed": (
        N_("The bank profile {file} cannot be read at {place}, line {line}: {reason}."),
        N_("Correct that place and ask `mingzhang payment profiles --check {file}` again; it names one place at a time."),
    ),
    "bank_profile_name_taken": (
        N_("The bank profile {file} is called {profile}, as one that comes along."),
        N_("Give it a code of its own, so that what was exported before keeps its meaning."),
    ),
    "bank_profile_code_differs": (
        N_("The file {file} holds a bank profile called {profile}."),
        N_("Name the file as the code in it."),
    ),
    "bank_profile_not_exported": (
        N_("The batch {batch} went out in the layout {exported}, not {profile}."),
        N_("Name the layout it went out in, or none."),
    ),
    "bank_copy_differs": (
        N_("The file of batch {batch} would not be the first one's bytes again ({first}): a name or the layout has changed since."),
        N_("Use the file that went out first; a second one that says something else would be a second order."),
    ),
    "bank_file_is_order": (
        N_("The file {file} is the order that went to the bank for batch {batch}, not its answer."),
        N_("Choose the file the bank sent back. Nothing was recorded."),
    ),
    "bank_file_of_rehearsal": (
        N_("The file {file} is marked 演练: it comes from a rehearsal, and this ledger is none."),
        N_("Choose the file the bank sent back. Nothing was recorded."),
    ),
    "bank_file_other_unit": (
        N_("The bank's file {file} is for the unit {stated}; the batch was sent by {unit}."),
        N_("Choose the file that belongs to this batch. Nothing was recorded."),
    ),
    "bank_file_names_no_batch": (
        N_("The bank's file {file} does not say which batch it belongs to."),
        N_("Name the batch with --batch."),
    ),
    "award_changed": (
        N_("The award comes to another amount now."),
        N_("Ask back what was too much, or pay what is missing."),
    ),
}

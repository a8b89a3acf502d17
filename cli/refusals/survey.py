"""What the refusals of this concept say: students, survey rounds and cross-checks."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "student_unknown": (
        N_("There is no student {student} in this ledger."),
        N_("Find the reference with `mingzhang student find --id-number`."),
    ),
    "student_not_found": (
        N_("No student with this number is registered."),
        N_("Check the number; whoever is named in a survey or a register is registered by it."),
    ),
    "not_enrolled": (
        N_("The student {student} is not enrolled on {on}."),
        N_("Check the enrolment with `mingzhang student show {student}`; record a return or a transfer first if there was one."),
    ),
    "identities_already_one": (
        N_("{student} and {other} are one person in this ledger already."),
        N_("Nothing needs to be done."),
    ),
    "identities_not_merged": (
        N_("{student} and {other} were never merged."),
        N_("Check both references with `mingzhang student show`."),
    ),
    "correction_names_nothing": (
        N_("The correction names {corrects}, which is no entry about {student}."),
        N_("Name the event that is to be corrected; `mingzhang student show` lists them."),
    ),
    "nothing_to_correct": (
        N_("Nothing differs from what is recorded about {student}."),
        N_("Nothing needs to be done."),
    ),
    "round_unknown": (
        N_("There is no survey round {round}."),
        N_("Open it with `mingzhang survey open {round}`."),
    ),
    "round_exists": (
        N_("The survey round {round} is open already."),
        N_("Use it as it is."),
    ),
    "round_closed": (
        N_("The survey round {round} is closed."),
        N_("Take what is still missing into a new round; names, numbers and accounts are corrected with `mingzhang student correct`."),
    ),
    "round_not_in_plan": (
        N_("The plan {plan} knows no survey round {round}."),
        N_("Use a round the plan names; see `mingzhang plan show {plan}`."),
    ),
    "no_unit_submitted": (
        N_("No unit has submitted its survey for {round} yet."),
        N_("Let the units submit with `mingzhang survey submit --round {round}` first."),
    ),
    "round_not_consolidated": (
        N_("The survey round {round} has not been consolidated yet."),
        N_("Run `mingzhang survey consolidate --round {round}` first."),
    ),
    "round_not_reported": (
        N_("The survey round {round} has not been reported yet."),
        N_("Run `mingzhang survey report --round {round}` first."),
    ),
    "already_surveyed": (
        N_("This person was surveyed in round {round} already ({first})."),
        N_("Nothing needs to be done; what changed is recorded with `mingzhang survey correct`."),
    ),
    "not_surveyed": (
        N_("This person was not surveyed in round {round}; a correction needs an entry to correct."),
        N_("Import the person with `mingzhang survey import` first."),
    ),
    "entry_withdrawn": (
        N_("The entry of {student} in round {round} was withdrawn."),
        N_("Record the person anew if the withdrawal was wrong."),
    ),
    "person_not_matched": (
        N_("This person is on the list but not in this ledger."),
        N_("Check whether the person belongs here; a survey or an application brings them in."),
    ),
    "student_not_registered": (
        N_("No student with this number is registered here."),
        N_("Import the student with the register (学籍名册) or a survey first."),
    ),
    "layer_out_of_order": (
        N_("The layer {layer} of the safety net is drawn on only after {first}, which has not been tried for {period}."),
        N_("Record the earlier layer first; where it does not apply, with --exhausted."),
    ),
    "info_card_exists": (
        N_("{student} has an information card for {period} already."),
        N_("One card a period; see `mingzhang student show {student}`."),
    ),
    "info_card_missing": (
        N_("{student} has no information card for {period} yet."),
        N_("Fill it in first: `mingzhang student info-card {student} --period {period}`."),
    ),
    "info_card_filed": (
        N_("The information card of {student} for {period} is filed already."),
        N_("There is nothing more to do for it."),
    ),
}

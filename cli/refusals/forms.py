"""What the refusals of this concept say: application forms, their conditions and the order of a procedure's steps."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "basis_differs": (
        N_("The plan lays down another way of applying for {scheme}."),
        N_(
            "What rests on a survey is applied for with `mingzhang application submit`, "
            "what rests on forms with `mingzhang application import`."
        ),
    ),
    "already_applied": (
        N_("This person has applied for this scheme and period already ({first_file}, row {first_row})."),
        N_("Nothing needs to be done; to hand a form in anew, have the first one returned with `mingzhang application return`."),
    ),
    "unit_ambiguous": (
        N_("Several units are called {unit}: {units}."),
        N_("Use the id of the one that is meant; the rows of a form tell villages apart by the township, in its column or with --unit."),
    ),
    "grade_not_covered": (
        N_("The scheme {scheme} is for {wanted}, not for {grade}."),
        N_("Check the grade in the form of {student}; if it is wrong, have the application returned and hand it in anew."),
    ),
    "level_not_covered": (
        N_("The scheme {scheme} is for {wanted}, not for {level}."),
        N_("Check the level of {student} in the survey; if it is wrong, correct the entry."),
    ),
    "admission_not_covered": (
        N_("The scheme {scheme} is for those admitted to {wanted}, not to {admitted_to}."),
        N_("Check the admission in the form of {student}; if it is wrong, have the application returned and hand it in anew."),
    ),
    "not_compared": (
        N_("{application} has not been compared yet with the lists of other offices ({kinds})."),
        N_("Compare first with `mingzhang crosscheck compare`."),
    ),
    "not_on_list": (
        N_("The student is on none of the lists that count for {scheme}: {kinds}."),
        N_("Check the identity number, and import a newer list if there is one; then compare again with `mingzhang crosscheck compare`."),
    ),
    "policy_ended": (
        N_("The student is on a list ({kinds}), but as no longer entitled."),
        N_("Ask the office that keeps the list; if it is wrong, import a newer one and compare again."),
    ),
    "list_class_not_covered": (
        N_("The student is on a list ({kinds}), but of a class that {scheme} does not cover: {values}."),
        N_("Ask the office that keeps the list; if the class is wrong, import a newer list and compare again."),
    ),
    "list_row_refused": (
        N_("A list names the student ({kinds}), but in a row that had to be refused."),
        N_("Have the office mend that row and send the list again; import it and compare again."),
    ),
    "household_elsewhere": (
        N_("The scheme {scheme} is for households registered in {wanted}; the form names another place."),
        N_("Check the registration of {student}; if the form is wrong, have the application returned and hand it in anew."),
    ),
    "outside_window": (
        N_("The application of {on} is outside the days on which one can apply: {first} to {last}."),
        N_("Check the date in the form of {student}; the days are the plan's and are not extended here."),
    ),
    "amount_outside_range": (
        N_("{amount_fen} yuan is not between {least_fen} and {most_fen} yuan, as the plan lays down for {scheme}."),
        N_("Decide on an amount within the range."),
    ),
    "notice_missing": (
        N_("{application} has not passed the public notice {step} yet; it can go on from {earliest} at the earliest."),
        N_("Hang the list up with `mingzhang notice post`, and complete it with `mingzhang notice complete` when its days are over."),
    ),
    "comparison_missing": (
        N_("{application} waits for {step}: it has not been compared with the lists ({kinds})."),
        N_("Compare first with `mingzhang crosscheck compare`."),
    ),
    "step_needs_other_level": (
        N_("The step {step} of {application} is not for {unit}: it belongs to a higher level."),
        N_("Let somebody do it whose unit is of that level or above."),
    ),
    "exception_not_foreseen": (
        N_("The plan foresees no exception for {scheme}."),
        N_("Refuse the case, or have the plan amended."),
    ),
    "exception_not_needed": (
        N_("{application} needs no exception: the comparison found it."),
        N_("Go on with its next step."),
    ),
}

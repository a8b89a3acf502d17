"""What the refusals about student loans say."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "loan_unknown": (
        N_("There is no loan {loan}."),
        N_("See `mingzhang loan list`; a loan is written loan/STUDENT/PERIOD."),
    ),
    "loan_exists": (
        N_("This student has a loan for that year already: {loan} ({stand})."),
        N_("One student has one loan a year."),
    ),
    "loan_outside_limits": (
        N_("{amount_fen} yuan is outside what can be lent: from {least_fen} to {most_fen} yuan."),
        N_("No more than fees and board, within the limits of the plan; for less than was asked, approve less."),
    ),
    "loan_not_ready": (
        N_("{loan} stands at {stand}; this step needs: {wanted}."),
        N_("See where each loan stands with `mingzhang loan list`."),
    ),
    "scheme_is_no_loan": (
        N_("The scheme {scheme} is no loan."),
        N_("Choose the plan's scheme of kind loan; grants are applied for with `mingzhang application`."),
    ),
    "co_borrower_missing": (
        N_("A loan needs a co-borrower."),
        N_("Name the parent or guardian who borrows with the student with --co-borrower."),
    ),
    "not_a_workday": (
        N_("{on} is no working day; applications are taken on working days."),
        N_("Give the working day on which it was taken."),
    ),
    "no_interest_subsidy": (
        N_("The scheme {scheme} pays no interest."),
        N_("There is nothing to end."),
    ),
    "still_studying": (
        N_("Nothing on record says that the studies of {student} are over."),
        N_("Record the graduation or withdrawal first, with `mingzhang student import` of the 学籍异动 file."),
    ),
}

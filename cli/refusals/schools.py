"""What the refusals of this concept say: dropout cases, pairs of schools, left-behind children."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "dropout_case_unknown": (
        N_("There is no dropout case {case}."),
        N_("See `mingzhang dropout list`; a case is opened with `mingzhang dropout find`."),
    ),
    "dropout_case_exists": (
        N_("The dropout case {case} is recorded already."),
        N_("Nothing needs to be done; another case needs another number."),
    ),
    "dropout_case_running": (
        N_("This pupil has an open case already ({case})."),
        N_("Go on with that case, or close it first with `mingzhang dropout close`."),
    ),
    "dropout_case_differs": (
        N_("The ledger says something else about the case {case} here."),
        N_(
            "Check `mingzhang dropout list`; others who help are recorded with `mingzhang dropout assign`, and a pupil who left again with "
            "`mingzhang dropout reopen` after the closing."
        ),
    ),
    "dropout_before_found": (
        N_("{on} lies before {since}, the day on which the pupil of case {case} left."),
        N_("Check both dates."),
    ),
    "dropout_visit_exists": (
        N_("A visit of that day ({on}) is recorded in case {case} already."),
        N_("Nothing needs to be done."),
    ),
    "dropout_returned": (
        N_("The pupil of case {case} has been back since {returned_on}."),
        N_("Close the case with `mingzhang dropout close`; if the pupil has left again, open it again afterwards."),
    ),
    "dropout_not_returned": (
        N_("The pupil of case {case} has not returned."),
        N_("Record the return first with `mingzhang dropout return`; a case that ends otherwise is closed with --reason."),
    ),
    "dropout_closed_before_return": (
        N_("The closing of case {case} on {on} lies before the return on {returned_on}."),
        N_("A case is closed when the pupil is back; check both dates."),
    ),
    "dropout_case_closed": (
        N_("The case {case} was closed on {closed_on}."),
        N_("If the pupil has left again, open it again with `mingzhang dropout reopen`."),
    ),
    "dropout_case_open": (
        N_("The case {case} is open."),
        N_("Only a closed case is opened again; if a pupil who had returned has left again, close the case first."),
    ),
    "dropout_team_empty": (
        N_("Nobody is named for the team of case {case}."),
        N_("Name a teacher, a village cadre or a guardian."),
    ),
    "dropout_year_needed": (
        N_("{file} does not say of which year its 在校生数 are."),
        N_("Give the year with --year."),
    ),
    "pupils_not_above_zero": (
        N_("The number of pupils of {unit}, {stage}, is not above zero."),
        N_("Give the number at the start of the year."),
    ),
    "pupils_counted": (
        N_("This number of pupils is recorded already."),
        N_("Nothing needs to be done."),
    ),
    "school_pair_unknown": (
        N_("There is no pair of schools {pair}."),
        N_("See `mingzhang schoolpair list`; schools are paired with `mingzhang schoolpair pair`."),
    ),
    "school_pair_exists": (
        N_("The pair of schools {pair} is recorded already."),
        N_("Nothing needs to be done; another pair needs another number."),
    ),
    "school_pair_differs": (
        N_("The ledger has other schools or another day for the pair {pair}."),
        N_("Check `mingzhang schoolpair list`; a new pair needs a new number, and the old one is ended with `mingzhang schoolpair end`."),
    ),
    "school_pair_with_itself": (
        N_("The pair {pair} names one school twice."),
        N_("Name a town school and a village school."),
    ),
    "school_pair_unit_needed": (
        N_("It is not clear whose business these pairs of schools are."),
        N_("Name the unit with --unit; see `mingzhang unit list`."),
    ),
    "school_pair_before": (
        N_("{on} lies before {since}, the day on which the pair {pair} was made."),
        N_("Check both dates."),
    ),
    "school_pair_ended": (
        N_("The pair {pair} ended on {ended_on}."),
        N_("Pair the schools anew under another number if they go on."),
    ),
    "school_not_of_pair": (
        N_("The row names a school that is not of the pair {pair}, or one school twice."),
        N_("Check the number and the names of the schools with `mingzhang schoolpair list`."),
    ),
    "school_research_exists": (
        N_("This joint research of {on} is recorded for the pair {pair} already."),
        N_("Nothing needs to be done."),
    ),
    "school_exchange_exists": (
        N_("This exchange from {on} on is recorded for the pair {pair} already."),
        N_("Nothing needs to be done; for a second person say another post."),
    ),
    "school_exchange_before": (
        N_("The exchange of {year} lies before the year in which the pair {pair} was made ({since})."),
        N_("Check the year, and whether the pair is the right one."),
    ),
    "school_exchange_year": (
        N_("The exchange begins on {on}, which is not in {year}."),
        N_("Check 年度 and 起始日期."),
    ),
    "left_behind_unknown": (
        N_("{student} is not on the register of left-behind children."),
        N_("Register the child with `mingzhang leftbehind register`."),
    ),
    "left_behind_registered": (
        N_("{student} has been on the register of left-behind children since {since}."),
        N_("Nothing needs to be done; see `mingzhang leftbehind list`."),
    ),
    "left_behind_before": (
        N_("{on} lies before {since}, the day on which {student} was registered."),
        N_("Check both dates."),
    ),
    "left_behind_ended": (
        N_("{student} was taken off the register on {ended_on}."),
        N_("Register the child again with `mingzhang leftbehind register` if the parents have left again."),
    ),
    "left_behind_term_over": (
        N_("The term {term} ended on {last}, before {on}."),
        N_("Name the term for which the child is registered with --term."),
    ),
}

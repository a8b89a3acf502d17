"""What the refusals of this concept say: duties, days that somebody else sets, inspections and their findings."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "duty_unknown": (
        N_("The plan {plan} has no duty {duty}."),
        N_("Choose one of: {duties}."),
    ),
    "duty_not_of_unit": (
        N_("The duty {duty} is not owed by {unit}, but by {owner}."),
        N_("Name a unit that owes it; `mingzhang due` shows which."),
    ),
    "period_not_owed": (
        N_("The duty {duty} is not owed for {period}."),
        N_("Write its period like {example}; `mingzhang due` shows each."),
    ),
    "period_before_plan": (
        N_("{period} was over before the plan took effect on {since}."),
        N_("Choose a period of the plan; `mingzhang due` shows each."),
    ),
    "duty_settled": (
        N_("The duty {duty} of {unit} for {period} is discharged or excused already ({settled})."),
        N_("If that was a mistake, take it back with `mingzhang duty reopen`."),
    ),
    "duty_not_settled": (
        N_("Nothing is on record for the duty {duty} of {unit} for {period}."),
        N_("Only what was recorded with `mingzhang duty` can be taken back."),
    ),
    "duty_discharged_by_fact": (
        N_("The duty {duty} is discharged by the fact {fact} itself, not by saying so."),
        N_("Record that fact; where it happened outside this ledger, excuse the duty with `mingzhang duty excuse`."),
    ),
    "duty_none_owed": (
        N_("The duty {duty} is not owed by {unit} now, or is discharged."),
        N_("Name the period with --period; `mingzhang due` shows each."),
    ),
    "plan_date_not_asked": (
        N_("The plan {plan} does not ask for a day called {name}."),
        N_("The days it asks for are: {names}."),
    ),
    "plan_date_period": (
        N_("{period} is not the kind of period this day is told for ({wanted})."),
        N_("Write a term (2020-spring), a year (2020) or what `mingzhang due` shows for it."),
    ),
    "plan_date_known": (
        N_("{name} of {plan} for {period} is {day} already."),
        N_("Nothing needs to be recorded; another day takes its place."),
    ),
    "inspection_unknown": (
        N_("There is no inspection {inspection}."),
        N_("See `mingzhang inspection list`."),
    ),
    "inspection_exists": (
        N_("There is an inspection {inspection} already."),
        N_("Give the new one a name of its own."),
    ),
    "inspection_closed": (
        N_("The inspection {inspection} is closed."),
        N_("Open another one; what this one found stays on file."),
    ),
    "finding_unknown": (
        N_("The inspection {inspection} has no finding {number}."),
        N_("Choose one of: {numbers}; see `mingzhang inspection show`."),
    ),
    "finding_rectified": (
        N_("The finding {number} of {inspection} is put right already."),
        N_("Raise a new finding if it has come up again."),
    ),
    "finding_not_answered": (
        N_("The finding {number} of {inspection} has no answer yet."),
        N_("The unit answers it first with `mingzhang inspection answer`."),
    ),
    "same_person_rectified": (
        N_("{staff} answered the finding {number} of {inspection} and cannot confirm it as well."),
        N_("Let another inspector confirm it."),
    ),
    "findings_open": (
        N_("Findings of {inspection} are not put right yet: {numbers}."),
        N_("Confirm each with `mingzhang inspection rectify`, then close."),
    ),
    "finding_subject_unknown": (
        N_("What the finding of {inspection} is about is not written as the ledger writes it."),
        N_("Write it like payment/… or application/…, as lists show it; put everything else into --text, which is sealed."),
    ),
    "finding_clause_unknown": (
        N_("The plan of the inspection {inspection} has no such clause."),
        N_("Choose one of: {clauses}; open the inspection with --plan where it has none."),
    ),
    "rectify_by_passed": (
        N_("The day {rectify_by} to put it right lies before the finding."),
        N_("Give the unit a day to come."),
    ),
}

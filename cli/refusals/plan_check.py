"""What a plan's contradictions say: the first group is refused at adoption with its line, the others are told and left to the office."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "plan_day_impossible": (
        N_("{place}: no year has a day {month}-{day} (line {line})."),
        N_("Write a day that exists."),
    ),
    "plan_window_backwards": (
        N_("{place}: the range of days ends before it begins (line {line})."),
        N_("Exchange first and last; a range does not run over the end of the year."),
    ),
    "plan_tier_unreachable": (
        N_(
            "{place}: nobody can ever get the tier {tier}, since tiers before it or the scheme's conditions leave nobody over "
            "(line {line})."
        ),
        N_("Tiers stand highest first and the first that fits counts: move it up, or take it out."),
    ),
    "plan_tier_twice": (
        N_("{place}: two tiers have the code {tier} (line {line})."),
        N_("Give each tier a code of its own: awards name it."),
    ),
    "plan_category_unknown": (
        N_("{place}: no survey knows the category {category}."),
        N_("Write it as the survey writes it; an import answers an unknown category with the terms there are."),
    ),
    "plan_round_missing": (
        N_("{place}: the scheme rests on a survey, but the plan lays down no round for its periods ({period})."),
        N_("Add [[rounds]], which are of a term, or let the scheme rest on application forms (basis = \"form\")."),
    ),
    "plan_tier_above_higher": (
        N_("{place}: the tier {tier} is {amount_fen} yuan a year, more than the tier above it with {above_fen} yuan."),
        N_("Check the amounts; tiers stand highest first."),
    ),
    "plan_stacking_one_sided": (
        N_("{place}: {scheme} does not say in turn that it may stand beside this scheme."),
        N_("Say it in both schemes, or in neither."),
    ),
    "plan_scheme_unknown": (
        N_("{place}: the plan has no scheme {scheme}."),
        N_("Correct the code, or add the scheme."),
    ),
    "plan_unit_unknown": (
        N_("{place}: {unit} is neither a unit of the plan nor a kind of unit."),
        N_("Add it under [[units]], or correct the name."),
    ),
    "plan_parts_differ": (
        N_("{place}: the parts {parts} add up to {total}, not to {value}."),
        N_("Ask the office that issued the plan which figure counts."),
    ),
    "plan_steps_do_not_fit": (
        N_(
            "{place}: the step {step} can be over on {earliest} at the earliest, but the plan wants it by {wanted_by}; "
            "notices on the way: {notices}."
        ),
        N_("Nobody is asked to backdate: `mingzhang due` shows the earliest day. Ask the issuing office for a later one."),
    ),
    "plan_windows_overlap": (
        N_("{place}: the days of {step} begin on {first}, before those of {before} end on {last}."),
        N_("The steps follow one another; check the days."),
    ),
}

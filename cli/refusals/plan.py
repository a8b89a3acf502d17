"""What the refusals of this concept say: plans, schemes, periods and duties."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "plan_unknown": (
        N_("There is no plan {plan}."),
        N_("Choose one of: {plans}, or give the path of a plan file."),
    ),
    "plan_malformed": (
        N_("The plan cannot be read at {place}, line {line}: {reason}."),
        N_("Correct that place and ask `mingzhang plan check` again; it names one place at a time."),
    ),
    "plan_not_adopted": (
        N_("The plan {plan} has not been adopted in this ledger."),
        N_("See `mingzhang plan list`, and adopt it with `mingzhang plan adopt {plan}`."),
    ),
    "plan_already_adopted": (
        N_("The plan {plan} is adopted already."),
        N_("To change it, use `mingzhang plan amend`."),
    ),
    "plan_repealed": (
        N_("The plan {plan} was repealed on {repealed_on}."),
        N_("Use the plan that replaced it, or a date before its repeal."),
    ),
    "plan_not_yet_effective": (
        N_("The plan {plan} takes effect on {effective_from} only."),
        N_("Give a date from then on, or adopt an earlier version."),
    ),
    "plan_version_not_recorded": (
        N_("The plan {plan} has no version {version}; it has: {versions}."),
        N_("Name one of these, or the file of a draft."),
    ),
    "plan_version_exists": (
        N_("The plan {plan} has a version {version} already."),
        N_("Give the amendment a version of its own."),
    ),
    "plan_version_overtaken": (
        N_("A version of the plan {plan} decides from {since} on; one from {on} would never decide after it."),
        N_("Let the amendment begin on {since} or later; of two from the same day the later recorded one counts."),
    ),
    "plan_date_far": (
        N_("{day} lies more than a year from {period}, which goes from {first} to {last}."),
        N_("Check the year of --day and of --period."),
    ),
    "plan_dates_backwards": (
        N_("{name} cannot be on {day}: {other} of {period} is on {other_day}."),
        N_("A term begins before it ends; correct the wrong one with `mingzhang plan date`."),
    ),
    "scheme_unknown": (
        N_("There is no scheme {scheme} here."),
        N_("Choose one of: {schemes}."),
    ),
    "scheme_malformed": (
        N_("{scheme} is no name of a scheme; it is written PLAN.SCHEME."),
        N_("Write the plan's code, a full stop and the scheme's code."),
    ),
    "period_malformed": (
        N_("{period} is no period."),
        N_("Write a year (2020), a school year (2020-2021) or a term (2020-spring)."),
    ),
    "period_kind_differs": (
        N_("{period} is a {kind}, but this scheme counts by {wanted}."),
        N_("Write the period the way the scheme counts."),
    ),
    "scheme_ambiguous": (
        N_("Several plans have a scheme {scheme}."),
        N_("Write it with its plan: {schemes}."),
    ),
    "plan_needed": (
        N_("It is not clear which plan is meant."),
        N_("Name it with --plan, one of: {plans}; where none is listed, adopt one with `mingzhang plan adopt`."),
    ),
}

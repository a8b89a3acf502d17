"""What the refusals of this concept say: applications, notices, objections and awards."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "schemes_do_not_stack": (
        N_("{application} cannot be approved beside {other}: the plan does not let the two stand together."),
        N_("Refuse one of them, or revoke the other first; `mingzhang plan show` lists what stacks with what."),
    ),
    "application_unknown": (
        N_("There is no application {application}."),
        N_("See `mingzhang application list`."),
    ),
    "application_exists": (
        N_("There is an application for this scheme and period already ({application}, {stand})."),
        N_("Go on with the application that exists."),
    ),
    "documents_missing": (
        N_("Documents of {application} have not been handed in: {missing}."),
        N_("Hand them in and record them with `mingzhang application check --document`; until then the application cannot be reviewed."),
    ),
    "review_missing": (
        N_("{application} has not passed the review {step} yet."),
        N_("Have it reviewed by somebody in the role {role} first."),
    ),
    "case_held": (
        N_("An objection against this application is open ({objections})."),
        N_("Decide the objection first."),
    ),
    "objection_unknown": (
        N_("There is no objection {objection}."),
        N_("Check the reference of the objection."),
    ),
    "award_not_approved": (
        N_("The award has not been approved."),
        N_("Approve it with `mingzhang award approve` first."),
    ),
    "award_suspended": (
        N_("The award is suspended."),
        N_("Resume it with `mingzhang award resume` when the reason is gone."),
    ),
    "award_revoked": (
        N_("The award was revoked."),
        N_("Nothing more can be paid from it."),
    ),
    "reference_malformed": (
        N_("{reference} is no reference; one looks like {wanted}."),
        N_("Write it as the lists of this program show it."),
    ),
    "category_not_covered": (
        N_("The scheme {scheme} does not cover {categories}; it is for {wanted}."),
        N_("Check the category in the survey entry or the form of {student}; correct it first if it is wrong."),
    ),
    "stage_not_covered": (
        N_("The scheme {scheme} is for {wanted}, not for {stage}."),
        N_("Check the stage in the survey entry or the form of {student}; correct it first if it is wrong."),
    ),
    "no_tier_fits": (
        N_("No tier of the scheme {scheme} fits {student} ({categories})."),
        N_("Check the survey entry or the form of {student}, or have the plan amended."),
    ),
    "application_not_open": (
        N_("The application {application} is not open; it stands at: {stand}."),
        N_("See its course with `mingzhang application show {application}`."),
    ),
    "reviews_complete": (
        N_("{application} has passed all its reviews; next comes: {next}."),
        N_("Go on with that step."),
    ),
    "step_needs_other_role": (
        N_("The step {step} of {application} is for the role {role}."),
        N_("Let somebody do it who acts in that role."),
    ),
    "objection_exists": (
        N_("The objection {objection} is recorded already."),
        N_("Go on with the objection that exists."),
    ),
    "objection_not_open": (
        N_("There is no open objection {objection}."),
        N_("Check its reference; whoever disagrees with a decision can appeal."),
    ),
    "amount_needed": (
        N_("The plan leaves the amount of {scheme} open."),
        N_("Give the amount that was decided with --amount, for one tier at a time with --tier; it is recorded with who decided it."),
    ),
    "tier_unknown": (
        N_("The scheme {scheme} has no tier {tier}; it has: {tiers}."),
        N_("Write the tier as `mingzhang plan show` does."),
    ),
    "amount_set_by_plan": (
        N_("The plan lays down the amount of {scheme}; it may not be given by hand."),
        N_("Leave out the amount, or have the plan amended."),
    ),
    "amount_not_positive": (
        N_("The amount must be above zero."),
        N_("Write the amount in yuan, such as 2000.00."),
    ),
    "award_none": (
        N_("Nobody has applied for this."),
        N_("Submit an application first."),
    ),
    "award_returned": (
        N_("The application was returned to be completed."),
        N_("Complete it and submit it again."),
    ),
    "award_rejected": (
        N_("The application was rejected in review."),
        N_("Nothing can be paid; an appeal can be raised."),
    ),
    "award_refused": (
        N_("The award was refused."),
        N_("Nothing can be paid; an appeal can be raised."),
    ),
}

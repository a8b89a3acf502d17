"""What the refusals of this concept say: applications, notices, objections and awards."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "application_unknown": (
        N_("There is no application {application}."),
        N_("See `mingzhang application list`."),
    ),
    "application_exists": (
        N_("The student has applied for this scheme and period already ({application})."),
        N_("Go on with the application that exists."),
    ),
    "application_reference_malformed": (
        N_("{application} is no reference to an application."),
        N_("Write it as `mingzhang application list` shows it."),
    ),
    "application_window_closed": (
        N_("Applications are taken from {opens_on} to {closes_on}; {on} lies outside."),
        N_("Apply within these days; a late case needs an exception by the leading group."),
    ),
    "documents_missing": (
        N_("These documents have not been handed in: {documents}."),
        N_("Hand them in and have them checked; until then the application cannot be reviewed."),
    ),
    "documents_not_checked": (
        N_("The documents of {application} have not been checked."),
        N_("Check them with `mingzhang application check`."),
    ),
    "step_out_of_order": (
        N_("{application} stands at {state}; {step} comes later."),
        N_("Do the steps in the plan's order; the next one is {next_step}."),
    ),
    "review_missing": (
        N_("{application} has not passed the reviews the plan asks for: {missing}."),
        N_("Have it reviewed first."),
    ),
    "not_eligible": (
        N_("{student} does not meet the conditions of {scheme}: {conditions}."),
        N_(
            "Check the category and the household registration; whoever qualifies in spite of it needs "
            "an exception by the leading group."
        ),
    ),
    "application_returned": (
        N_("{application} was returned to be completed."),
        N_("Complete it and submit it again."),
    ),
    "application_rejected": (
        N_("{application} was rejected in review."),
        N_("An appeal can be raised; otherwise the case is closed."),
    ),
    "case_held": (
        N_("An objection against {application} is open ({objection})."),
        N_("Decide the objection first."),
    ),
    "objection_open": (
        N_("An objection against {application} is open ({objection})."),
        N_("Decide the objection first."),
    ),
    "objection_unknown": (
        N_("There is no objection {objection}."),
        N_("Check the reference of the objection."),
    ),
    "objection_already_decided": (
        N_("The objection {objection} has been decided already."),
        N_("Whoever disagrees can appeal."),
    ),
    "notice_unknown": (
        N_("There is no notice {notice}."),
        N_("See `mingzhang notice list`."),
    ),
    "notice_missing": (
        N_("{application} has not been on public notice as the plan asks."),
        N_("Post it with `mingzhang notice post`, and complete the notice when its days are over."),
    ),
    "notice_not_completed": (
        N_("The public notice {notice} has not been completed."),
        N_("Complete it when its days are over; the first possible day is {earliest_on}."),
    ),
    "notice_too_short": (
        N_("The notice ran {workdays} of the {required} days that are required; its last day is {last_on}."),
        N_("Wait until {last_on} is over, then complete it."),
    ),
    "notice_length_not_set": (
        N_("The plan does not say how long the notice lasts."),
        N_("Let the office in charge set the length and give it when posting the notice."),
    ),
    "notice_withdrawn": (
        N_("The notice {notice} was withdrawn."),
        N_("Post a new one."),
    ),
    "notice_evidence_missing": (
        N_("No photo of the notice {notice} has been attached."),
        N_("Attach one with `mingzhang notice evidence`."),
    ),
    "evidence_missing": (
        N_("The evidence this step asks for is missing."),
        N_("Attach the document or photo and try again."),
    ),
    "award_unknown": (
        N_("There is no award for {application}."),
        N_("See `mingzhang application show {application}`."),
    ),
    "award_exists": (
        N_("{application} has been awarded already."),
        N_("One award per scheme, student and period; revoke it first if it was wrong."),
    ),
    "award_not_approved": (
        N_("The award for {application} has not been approved."),
        N_("Approve it with `mingzhang award approve` first."),
    ),
    "award_suspended": (
        N_("The award for {application} is suspended."),
        N_("Resume it when the reason is gone."),
    ),
    "award_revoked": (
        N_("The award for {application} was revoked on {revoked_on}."),
        N_("Nothing more can be paid from it."),
    ),
    "tier_unknown": (
        N_("The scheme {scheme} has no tier {tier}."),
        N_("Choose one of: {tiers}."),
    ),
    "amount_not_in_plan": (
        N_("{amount_fen} yuan is not an amount the scheme {scheme} allows (version {version})."),
        N_("Give an amount of the plan: {amounts}."),
    ),
}

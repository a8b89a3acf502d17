"""What the refusals of this concept say: working days, public notices, and appeals."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "calendar_unknown": (
        N_("The official working days of {year} are not known here, and they are never guessed."),
        N_("Record the State Council's notice for that year with `mingzhang unit calendar`, or bring the program up to date."),
    ),
    "calendar_source_missing": (
        N_("It is not said where the working days of {year} were published."),
        N_("Give the title and number of the State Council's notice with --source."),
    ),
    "calendar_day_outside": (
        N_("{day} is not a day of {year}, nor of the December before it."),
        N_("Check the day; every year is recorded by itself."),
    ),
    "calendar_day_pointless": (
        N_("{day} says nothing: days off are listed where they fall on weekdays, make-up working days where they fall on weekends."),
        N_("Check the day, and whether it belongs to --rest or to --work."),
    ),
    "calendar_without_holidays": (
        N_("The list for {year} names no day off on any weekday."),
        N_("Give all days off of the State Council's notice with --rest."),
    ),
    "calendar_known": (
        N_("The working days of {year} are known here already, by: {known}."),
        N_("See them with `mingzhang unit calendar {year}`; add --replace if what you have is right and that is wrong."),
    ),
    "calendar_already_recorded": (
        N_("The year {year} is recorded just like this ({recorded})."),
        N_("Nothing needs to be done."),
    ),
    "notice_unknown": (
        N_("There is no notice {notice}."),
        N_("See `mingzhang notice list`."),
    ),
    "notice_exists": (
        N_("The notice {notice} is recorded already."),
        N_("Go on with the notice that exists."),
    ),
    "notice_runs": (
        N_("{application} hangs already on the list {notice}, until {last_day}."),
        N_("Wait for that day, then complete it with `mingzhang notice complete`."),
    ),
    "notice_not_next": (
        N_("{application} cannot be put on a public list yet; first comes: {step}."),
        N_("Have that step done first; `mingzhang application show {application}` shows how far it is."),
    ),
    "notice_place_missing": (
        N_("It is not said where the list hangs."),
        N_("Give the official place with --place."),
    ),
    "notice_of_another_list": (
        N_("{application} does not belong on a list of {scheme} for {period}."),
        N_("Post a list of its own for each scheme and period."),
    ),
    "notice_without_cases": (
        N_("No case of {scheme} for {period} waits for a public notice here."),
        N_("See with `mingzhang application list` how far the cases are."),
    ),
    "notice_steps_differ": (
        N_("These cases wait for different notices: {steps}."),
        N_("Say which one is meant with --step; each notice is a list of its own."),
    ),
    "notice_step_unknown": (
        N_("The plan lays down no notice called {step}; it has: {steps}."),
        N_("Write it as `mingzhang plan show` has it."),
    ),
    "notice_level_too_low": (
        N_("{unit} cannot post the notice {step}; the plan wants it at this level: {level}."),
        N_("Name a unit of that level, or one above it, with --unit."),
    ),
    "notice_unit_elsewhere": (
        N_("{application} belongs to {theirs}, which does not lie below {unit}."),
        N_("Post it at its own unit or at one above it."),
    ),
    "notice_unit_needed": (
        N_("It is not clear which unit hangs the list up; you act for: {units}."),
        N_("Name it with --unit."),
    ),
    "notice_days_needed": (
        N_("The plan leaves open for how many days the notice {step} of {scheme} hangs."),
        N_("Give the number the office has set with --days; it is recorded."),
    ),
    "notice_too_short": (
        N_("{days} days are too few for the notice {step}; the plan wants at least {least}."),
        N_("Leave out --days to hang it for as long as the plan says, or give more."),
    ),
    "notice_running": (
        N_("The notice {notice} hangs until {last_day}, and that day must be over."),
        N_("It can be completed from {earliest} on."),
    ),
    "notice_evidence_missing": (
        N_("The plan wants a photo of the notice {notice} in its place, and none is on record."),
        N_("Put it on record with `mingzhang notice evidence {notice}`."),
    ),
    "notice_evidence_known": (
        N_("These photos of {notice} are on record already."),
        N_("Nothing needs to be done. If only the SHA-256 of one is on record, hand the photo in with `mingzhang evidence keep`."),
    ),
    "notice_evidence_late": (
        N_("The notice {notice} was completed on {completed_on}; a photo of {on} does not show it hanging."),
        N_("Give the day on which the photo was taken with --on."),
    ),
    "notice_completed": (
        N_("The notice {notice} was completed, and nobody on it waits any more."),
        N_("Take it down if it still hangs, and record that with `mingzhang notice withdraw {notice}`."),
    ),
    "notice_withdrawn": (
        N_("The notice {notice} was taken down already."),
        N_("Post a new one where its days were not over."),
    ),
    "notice_still_held": (
        N_("The notice {notice} was completed, and objections still hold the rest: {cases}."),
        N_("Decide the objections first; see `mingzhang objection list`."),
    ),
    "notice_reason_needed": (
        N_("The notice {notice} must hang until {last_day}; taken down before, it counts for nothing."),
        N_("If it must come down all the same, say why with --reason."),
    ),
    "objection_not_decided": (
        N_("The objection {objection} has not been decided yet, or is about another case."),
        N_("Only a decision can be appealed against; see `mingzhang objection list`."),
    ),
    "appeal_exists": (
        N_("There has been an appeal in {objection} already."),
        N_("A decision is appealed against once; further steps lie outside the ledger."),
    ),
    "appeal_not_open": (
        N_("No appeal waits for a decision in {objection}."),
        N_("See `mingzhang objection list`."),
    ),
    "nothing_to_appeal": (
        N_("{application} stands at: {stand}. Nothing has been decided against it."),
        N_("Only a rejection, a refusal or a revocation can be appealed against; against an award one objects."),
    ),
}

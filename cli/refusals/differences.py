"""What the refusals of this concept say: reassessments, instalments, and differences between what was paid and what is due."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "reassessment_changes_nothing": (
        N_("The award {application} comes to {amount_fen} yuan already."),
        N_("Nothing need be done; `mingzhang application show` says by which version it was decided."),
    ),
    "award_not_due": (
        N_("By this version of the plan the award {application} is not due: {reason}"),
        N_("Give --amount 0 to let it stand at nothing, or revoke it with `mingzhang award revoke`."),
    ),
    "plan_version_unknown": (
        N_("The plan {plan} has no version {version} in force by that day; it has: {versions}."),
        N_("Name one of these with --version; `mingzhang plan list` shows them."),
    ),
    "instalment_unknown": (
        N_("The award is paid in fewer instalments."),
        N_("See with `mingzhang plan show` in how many the scheme pays."),
    ),
    "earlier_instalment_missing": (
        N_("The instalment before this one has not been prepared."),
        N_("Prepare that one first, with `mingzhang payment prepare`."),
    ),
    "nothing_left_of_award": (
        N_("Nothing of the award is left for this payment."),
        N_("See what was paid with `mingzhang payment list`, and what the award comes to with `mingzhang application show`."),
    ),
    "no_top_up_decided": (
        N_("No top-up was decided for this award, or it is in a batch already."),
        N_("See `mingzhang difference list`; a top-up is decided with `mingzhang difference decide`."),
    ),
    "top_up_exceeds_award": (
        N_("The award has come down since the top-up was decided: it would be exceeded."),
        N_("See `mingzhang difference list` for what is due now."),
    ),
    "award_not_reassessed": (
        N_("The award {application} is for {award_fen} yuan; {due_fen} yuan are due by what is known now."),
        N_("Have it decided anew with `mingzhang award reassess`, then decide the difference."),
    ),
    "no_difference": (
        N_("There is no difference {difference}."),
        N_("Take the reference from `mingzhang difference list`."),
    ),
    "difference_changed": (
        N_("The difference {difference} is not what was looked at: {seen_fen} yuan then, {now_fen} yuan now."),
        N_("Look at it again with `mingzhang difference show {difference}`, then decide."),
    ),
    "difference_decided": (
        N_("Nothing is left to decide of {difference} ({says})."),
        N_("It comes back when something new is known; see `mingzhang difference list`."),
    ),
    "remedy_differs": (
        N_("The difference {difference} is {difference_fen} yuan: --{remedy} does not fit it."),
        N_("Too much is asked back (--claw-back), too little is paid after (--top-up); either may be let stand."),
    ),
}

"""What the refusals of this concept say: lists of other offices and the comparisons with them."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "list_kind_unknown": (
        N_("{kind} is no known kind of list."),
        N_("Use one of these: {kinds}. A kind of another name comes in with a plan that names it."),
    ),
    "list_unknown": (
        N_("There is no list {crosscheck}."),
        N_("See `mingzhang crosscheck list`."),
    ),
    "list_withdrawn": (
        N_("The list {crosscheck} was withdrawn and counts no longer."),
        N_("Import the right list with `mingzhang crosscheck import`, then compare again."),
    ),
    "list_missing": (
        N_("There is no list to compare with (wanted: {kinds})."),
        N_("Import one with `mingzhang crosscheck import`; a list counts from the day given with --on."),
    ),
    "scheme_names_no_list": (
        N_("The plan names no list for the scheme {scheme}."),
        N_("Name a kind of list with --kind."),
    ),
    "crosscheck_exists": (
        N_("{crosscheck} is recorded already."),
        N_("See `mingzhang crosscheck list`."),
    ),
    "crosscheck_unknown": (
        N_("There is no comparison {crosscheck}, and none with a list of that name, or not yet at that time."),
        N_("See `mingzhang crosscheck list`."),
    ),
    "comparison_differs": (
        N_("That is not what the comparison {comparison} found about {application}."),
        N_("Compare again with `mingzhang crosscheck compare`."),
    ),
    "comparison_unknown": (
        N_("There is no comparison {comparison}."),
        N_("See `mingzhang crosscheck list`."),
    ),
    "difference_unknown": (
        N_("The comparison {comparison} found no such difference for {student}."),
        N_("See its differences with `mingzhang crosscheck show {comparison}`."),
    ),
    "difference_already_resolved": (
        N_("This difference of {student} is resolved in the same way already ({says})."),
        N_("Nothing is left to do; compare again with `mingzhang crosscheck compare` to use it."),
    ),
    "list_is_a_form": (
        N_(
            "{file} is a roster of applications ({columns}), not a list of another office: "
            "nobody proves by their own application that they stand on one."
        ),
        N_("Choose the list the office sent; a roster is imported with `mingzhang application import`."),
    ),
}

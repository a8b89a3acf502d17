"""What the refusals of this concept say: targets and the figures reported on them."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "target_unknown": (
        N_("No adopted plan has a target {target}."),
        N_("See `mingzhang programme list`; a new one is set with `mingzhang programme set` or `mingzhang programme import`."),
    ),
    "target_ambiguous": (
        N_("Several plans have a target {target}."),
        N_("Name the plan with --plan: {plans}."),
    ),
    "target_set_already": (
        N_("The target {target} is set like this already."),
        N_("There is nothing to do."),
    ),
    "target_dropped": (
        N_("The target {target} was given up on {dropped_on}."),
        N_("Report figures for days before that only, or set it again with `mingzhang programme set`."),
    ),
    "target_due_before_begun": (
        N_("The target {target} would be due on {due_on}, before it is pursued from {since} on."),
        N_("Check the due date."),
    ),
    "progress_in_future": (
        N_("The date {on} lies in the future; today is {today}."),
        N_("Report the figure after that day."),
    ),
    "progress_sent_too_early": (
        N_("A figure as of {on} cannot have been sent on {sent_on}."),
        N_("Check 日期 and 报送日期."),
    ),
    "progress_reported_already": (
        N_("Another figure of {target} as of {on} is on record for this report."),
        N_("If that one is wrong, correct it with `mingzhang progress correct`."),
    ),
    "progress_told_alike": (
        N_("This figure of {target} as of {on} is recorded already."),
        N_("There is nothing to do."),
    ),
    "progress_unknown": (
        N_("There is no figure of {target} as of {on} in this report."),
        N_("See `mingzhang progress list`; report it with `mingzhang progress report`."),
    ),
    "progress_unchanged": (
        N_("The figure of {target} as of {on} is on record like this."),
        N_("Give the value or the sending date it should have had."),
    ),
    "report_unclear": (
        N_("It is not clear which report the sheet {sheet} is."),
        N_("Name the sheet 月调度, 季汇总 or 半年通报, or say it with --report."),
    ),
    "indicator_repeated": (
        N_("This indicator stands in this file already, in row {first_row}."),
        N_("Keep one of the two rows."),
    ),
    "figure_not_a_number": (
        N_("This is not a number."),
        N_("Write digits, with a decimal point where needed; the measure stands in the column 单位."),
    ),
    "figure_below_zero": (
        N_("A figure cannot be below zero."),
        N_("Check the figure."),
    ),
    "figure_too_large": (
        N_("This figure is larger than anything a plan measures."),
        N_("Check the figure and its measure."),
    ),
}

"""Plan S3 lived through for a year beside plan S2: the bureau sends both plans' targets and figures in the same workbooks."""

from __future__ import annotations

from ..i18n import _
from .stage import Ending, Stage
from .taian_actions import CODE as ACTIONS
from .taian_actions import YEAR_END, ending, live_through

CODE = "city-education"
PLANS = (CODE, ACTIONS)


def demonstrate(stage: Stage) -> Ending:
    """The year of both plans, told; its dropout cases against the caps."""
    year = live_through(stage, *PLANS)
    stage.heading(_("Dropouts: one case each, closed one by one, and the rate against the cap"))
    stage.show("dropout", "rates", "--year", "2018")
    cases = stage.ask("dropout", "list", "--on", YEAR_END)
    pairs = ("schoolpair", "list", "--year", "2018", "--on", YEAR_END)
    told = ending(year, CODE, ("dropout", "list", "--kind", "open", "--on", YEAR_END), pairs)
    figures = {"dropout_cases": len(cases["cases"]), "dropout_open": len(cases["open"])}
    sentence = _("{dropout_cases} dropout cases, {dropout_open} of them open.").format(**figures)
    return Ending(told.data, {**told.figures, **figures}, (*told.sentences, sentence), told.next)

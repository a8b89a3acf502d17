"""Plan S2 lived through for a year: targets set with the plan and again by the bureau's workbook, left-behind children and school pairs,
583 figures in three kinds of report, and which of them were late, missing, or fell.

The same workbooks hold plan S3's rows; a ledger that has not adopted it refuses them one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..i18n import _
from .schools import DATA, SchoolYear, live_schools
from .stage import Ending, Said, Stage

CODE = "taian-actions"
TARGETS, FIGURES = DATA / "指标.xlsx", DATA / "进度.xlsx"
YEAR_END, SETTLED = "2018-12-31", "2019-01-31"


@dataclass
class ProgrammeYear:
    """A year of targets: the imports' answers, the size of the log before the figures came, and what was asked at the end."""

    stage: Stage
    schools: SchoolYear | None = None
    set_by_workbook: list[Said] = field(default_factory=list)
    before_figures: int = 0
    reported: Said | None = None
    asked: dict[str, Any] = field(default_factory=dict)

    def listed(self, on: str, *words: str) -> dict[str, dict[str, Any]]:
        """`programme list` on a day, by indicator."""
        rows = self.stage.ask("programme", "list", "--on", on, *words, at=f"{SETTLED}T18:00:00")
        return {row["indicator"]: row for row in rows}


def open_ledger(stage: Stage, *plans: str) -> None:
    """A rehearsal ledger; the first plan opens it, the others are adopted a day later."""
    stage.heading(_("January: the plan's targets, owners and reports are data"))
    stage.play("init", "--rehearsal", "--plan", plans[0], actor="administrator", at="2018-01-02T09:00:00")
    for plan in plans[1:]:
        stage.play("plan", "adopt", plan, actor="administrator", at="2018-01-03T09:00:00")


def live_through(stage: Stage, *plans: str) -> ProgrammeYear:
    """The year on a new rehearsal ledger with these plans; dropout cases belong to S3, so they come with it only."""
    year = ProgrammeYear(stage)
    open_ledger(stage, *plans)
    stage.say(_("The bureau's own workbook repeats two plans' targets: what is set is recognised, what no adopted plan holds is refused."))
    for how in ([], ["--accept-valid", "--dry-run"]):
        said = stage.run("programme", "import", str(TARGETS), *how, actor="clerk", at="2018-01-05T10:00:00")
        year.set_by_workbook.append(said)
        stage.say_taken(said.document["files"][0])
        if not said.code:
            break
    stage.keep_checkpoint("2018-06-30T17:00:00")
    year.schools = live_schools(stage, dropouts=len(plans) > 1)
    _figures(year, *(["--accept-valid"] if len(plans) == 1 else []))
    return year


def _figures(year: ProgrammeYear, *words: str) -> None:
    stage = year.stage
    stage.heading(_("January again: a year of monthly, quarterly and half-yearly figures"))
    year.before_figures = stage.size()
    figures = stage.folder / FIGURES.name  # a copy, since the refused rows are written beside the file
    figures.write_bytes(FIGURES.read_bytes())
    year.reported = stage.run("progress", "import", str(figures), *words, actor="clerk", at=f"{SETTLED}T10:00:00")
    stage.say_taken(year.reported.document["files"][0])
    missing = year.asked["missing"] = stage.play("progress", "missing", "--on", SETTLED, at=f"{SETTLED}T18:00:00")
    said = _("  {missing} reports missing, {late} late, {decreasing} figures that add up and yet fell")
    stage.say(said.format(**{name: len(missing[name]) for name in ("missing", "late", "decreasing")}))


def ending(year: ProgrammeYear, plan: str, *more: tuple[str, ...]) -> Ending:
    """The year's figures of one plan, and what to try next: `more`, and what every year of targets can be asked."""
    stage = year.stage
    stage.heading(_("At the year's end: target, figure, and the report that says so"))
    stage.show("programme", "list", "--on", YEAR_END, at=f"{SETTLED}T18:00:00", rows=18)
    targets = [row for row in year.listed(YEAR_END).values() if row["plan"] == plan]
    figures = {
        "targets": len(targets),
        "met": sum(1 for row in targets if row["met"]),
        **{name: len(year.asked["missing"][name]) for name in ("missing", "late", "decreasing")},
    }
    calendar = str(stage.folder / "时间节点.ics")
    return Ending(
        DATA,
        figures,
        (_("{met} of {targets} targets are met at the year's end.").format(**figures),),
        (
            ("programme", "list", "--on", "2018-06-30"),
            ("progress", "missing", "--on", SETTLED),
            *more,
            ("due", "--on", YEAR_END, "--until", "2019-12-31", "--ics", calendar),
        ),
    )


def demonstrate(stage: Stage) -> Ending:
    """The year of plan S2, told."""
    return ending(live_through(stage, CODE), CODE, ("schoolpair", "list", "--year", "2018", "--on", YEAR_END), ("plan", "check", CODE))

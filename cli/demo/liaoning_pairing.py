"""Plan S1 lived through: shares, claims, forms, help plans, twelve months of contacts, and what a year's end finds missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..i18n import _
from .stage import Ending, Stage

DATA = Path(__file__).parent / "data" / "pairing-liaoning"
CODE = "liaoning-pairing"
HANDED_OUT, CLAIMED, FORMS, PLANS, END = "2018-04-10", "2018-05-20", "2018-05-28", "2018-05-30", "2019-05-31"
DEPARTMENT = "市委办"
MONTHS = {
    "2018-06": "2018-06-30", "2018-07": "2018-07-31", "2018-08": "2018-08-31", "2018-09": "2018-09-30", "2018-10": "2018-10-31",
    "2018-11": "2018-11-30", "2018-12": "2018-12-31", "2019-01": "2019-01-31", "2019-02": "2019-02-28", "2019-03": "2019-03-31",
    "2019-04": "2019-04-30", "2019-05": "2019-05-31",
}  # fmt: skip
"""The months of the records, and the day on which each month's file came in."""


@dataclass
class PairingYear:
    """`files`: what came of each file, by name; `gaps`: the answer at the year's end; `forms`: the pairings whose form was filed."""

    stage: Stage
    files: dict[str, Any] = field(default_factory=dict)
    gaps: dict[str, Any] = field(default_factory=dict)
    forms: list[str] = field(default_factory=list)
    planned: list[str] = field(default_factory=list)


def live_through(stage: Stage) -> PairingYear:
    """The whole year, on a new rehearsal ledger."""
    year = PairingYear(stage)
    stage.heading(_("Spring: students are handed out, departments claim them"))
    stage.play("init", "--rehearsal", "--plan", CODE, actor="administrator", at="2018-04-02T09:00:00")
    _take(year, "pairing", "任务分解表.xlsx", HANDED_OUT)
    _take(year, "pairing", "登记表.xlsx", CLAIMED)
    _papers(year)
    stage.heading(_("Twelve months of calls and visits, each month's file on its last day"))
    for number, (month, day) in enumerate(MONTHS.items(), start=1):
        _take(year, "contact", f"工作记录表-{month}.xlsx", day)
        if number == len(MONTHS) // 2:
            stage.keep_checkpoint(f"{day}T18:00:00")
    stage.heading(_("A year later: which month, quarter and yearly duty is missing, and what looks wrong"))
    year.gaps = stage.play("pairing", "gaps", "--on", END, at=f"{END}T18:00:00")
    return year


def _papers(year: PairingYear) -> None:
    """One department hands its forms in, and agrees on help plans with its first three families."""
    stage = year.stage
    scan = stage.folder / f"登记表-{DEPARTMENT}.pdf"
    scan.write_bytes(b"synthetic scan")
    stage.say(_("One department files its signed forms, by the scan's SHA-256, and agrees on its first help plans."))
    form = ("pairing", "form", "--unit", DEPARTMENT, "--scan", str(scan))
    year.forms = stage.play(*form, actor="helper-clerk", at=f"{FORMS}T10:00:00")["pairings"]
    report = ("duty", "discharge", "forms", "--unit", DEPARTMENT, "--report", str(scan))
    stage.play(*report, actor="clerk", at=f"{FORMS}T10:10:00")
    for number, pairing in enumerate(year.forms[:3]):
        words = ("pairing", "plan", pairing, "--findings", "两孩在读", "--measures", "每月电话一次")
        stage.play(*words, actor="helper-clerk", at=f"{PLANS}T10:0{number}:00")
        year.planned.append(pairing)


def _take(year: PairingYear, group: str, name: str, day: str) -> None:
    copies = ("--accept-valid", "--copy-to", str(year.stage.folder)) if group == "contact" else ()
    said = year.stage.run(group, "import", str(DATA / name), *copies, actor="helper-clerk", at=f"{day}T17:00:00")
    year.files[name] = {"exit": said.code, **said.document}
    year.stage.say_taken(said.document["files"][0])


def demonstrate(stage: Stage) -> Ending:
    """The year told, with what is missing."""
    year = live_through(stage)
    gaps = year.gaps
    missing = {duty: sum(len(row["missing"][duty]) for row in gaps["pairings"]) for duty in gaps["pairings"][0]["missing"]}
    figures = {
        "pairings": len(gaps["pairings"]),
        "missing": missing,
        "units_below_ratio": sum(1 for row in gaps["units"] if not row["kept"]),
        **{name: len(gaps[name]) for name in ("late", "copied", "impossible")},
    }
    for sentence in (
        _("  {call} months without a call, {visit} quarters without a visit").format(**missing),
        _("  {support} without money or goods, {problem_solved} without a problem solved").format(**missing),
        _("  {late} contacts recorded late, {copied} copied texts, {impossible} impossible days").format(**figures),
    ):
        stage.say(sentence)
    told = _("{pairings} pairings; {units_below_ratio} departments have fewer households than the plan's ratio asks for.")
    return Ending(
        DATA,
        figures,
        (told.format(**figures),),
        (
            ("pairing", "gaps", "--unit", DEPARTMENT, "--on", END),
            ("contact", "list", "--pairing", year.forms[0], "--on", "2018-12-31"),
            ("periods", "--by", "quarter", "--on", END),
            ("due", "--unit", DEPARTMENT, "--on", "2018-12-31"),
            ("pairing", "list", "--on", END, "--csv", str(stage.folder / "结对.csv")),
        ),
    )

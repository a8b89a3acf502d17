"""Plan S4 lived through for a summer: two lists from the education bureau, six from civil affairs, one notice, one signed list.

The plan leaves the length of the notice to the office; this office hangs its list for seven working days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..i18n import _
from ..output import yuan
from .paying import Money, pay_awarded
from .stage import Ending, Said, Stage

DATA = Path(__file__).parent / "data" / "sunan-2022"
CODE = "sunan-2022"
ABOUT = ("--scheme", "freshmen", "--period", "once")
LISTS = {
    "民政-城市低保对象.xlsx": "城市低保",
    "民政-农村低保对象.xls": "农村低保",
    "民政-单人户施保对象.xls": "单人户施保",
    "民政-特困供养人员.csv": "特困",
    "民政-孤儿名册.xlsx": "孤儿",
    "民政-事实无人抚养儿童.csv": "事实无人抚养儿童",
}
LISTED, UNDERGRADUATES, JUNIOR_COLLEGES = "2022-07-31", "2022-08-05", "2022-08-20"
DUTIES = {
    "list-undergraduates": "2022-08-05",
    "compare-undergraduates": "2022-08-10",
    "list-junior-colleges": "2022-08-20",
    "compare-junior-colleges": "2022-08-25",
}
PLACE, NOTICE_DAYS = "县政府门户网站", 7


@dataclass
class Lived:
    """The answers of the commands: of imports by file, of the others by what was done."""

    stage: Stage
    files: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    too_early: dict[str, Said] = field(default_factory=dict)


def live_through(stage: Stage) -> Lived:
    """The whole summer, on a new rehearsal ledger."""
    lived = Lived(stage)
    stage.heading(_("August: lists from two offices, each in its own layout"))
    stage.play("init", "--rehearsal", "--plan", CODE, actor="administrator", at="2022-08-01T08:00:00")
    for name, kind in LISTS.items():
        _take(lived, name, ["crosscheck", "import", str(DATA / name), "--kind", kind, "--on", LISTED], "reviewer", "2022-08-02T09:00:00")
    _applications(lived, "本科批.xlsx", UNDERGRADUATES)
    stage.say(_("A notice before the comparison is refused: nobody has passed it yet."))
    lived.too_early["notice"] = stage.refused("notice", "post", *ABOUT, "--place", PLACE, actor="clerk", at="2022-08-09T16:00:00")
    _compare(lived)
    _notice(lived)
    stage.keep_checkpoint("2022-09-07T09:00:00")
    stage.heading(_("Approved, and signed for"))
    lived.said["approved"] = stage.play("award", "approve", *ABOUT, actor="approver", at="2022-09-07T10:00:00")
    money = Money("入学资助", "freshmen", "once", "league", "youth-league", "团省委", "2022", "2022-09-08", signed=True)
    lived.said |= pay_awarded(stage, money)
    for duty, day in DUTIES.items():
        stage.play("duty", "discharge", duty, "--on", day, actor="clerk", at="2022-09-09T09:00:00")
    lived.said["due"] = stage.ask("due", "--on", "2022-09-10", at="2022-09-10T09:00:00")
    return lived


def _take(lived: Lived, name: str, words: list[str], actor: str, at: str) -> None:
    copies = ["--accept-valid", "--copy-to", str(lived.stage.folder)]
    lived.files[name] = lived.stage.play(*words, *copies, actor=actor, at=at)
    lived.stage.say_taken(lived.files[name]["files"][0])


def _applications(lived: Lived, name: str, day: str) -> None:
    words = ["application", "import", str(DATA / name), *ABOUT, "--unit", "肃南县教育局"]
    _take(lived, name, words, "applicant-clerk", f"{day}T09:00:00")


def _compare(lived: Lived) -> None:
    stage, said = lived.stage, lived.said
    stage.heading(_("Civil affairs compares: who is on which list, and what differs"))
    said["first comparison"] = stage.play("crosscheck", "compare", *ABOUT, actor="reviewer", at="2022-08-10T09:00:00")
    _applications(lived, "专科批.xlsx", JUNIOR_COLLEGES)
    said["comparison"] = stage.play("crosscheck", "compare", *ABOUT, actor="reviewer", at="2022-08-25T09:00:00")
    counts = {name: len(said["comparison"][name]) for name in ("matched", "unmatched", "differing")}
    stage.say(_("  {matched} on a list, {unmatched} on none, {differing} with a name that differs; both sources are kept").format(**counts))
    said["checked"] = stage.play("application", "check", *ABOUT, actor="applicant-clerk", at="2022-08-25T10:00:00")
    said["refused"] = stage.play("award", "refuse", "--ineligible", *ABOUT, actor="approver", at="2022-08-25T15:00:00")
    stage.say(_("  {count} are refused, each with the reason").format(count=said["refused"]["done"]))


def _notice(lived: Lived) -> None:
    stage, said = lived.stage, lived.said
    stage.heading(_("The notice is a gate"))
    words = ["notice", "post", *ABOUT, "--place", PLACE]
    stage.say(_("The plan leaves its length open, so it is asked for."))
    lived.too_early["length"] = stage.refused(*words, actor="clerk", at="2022-08-26T08:30:00")
    posted = said["posted"] = stage.play(*words, "--days", str(NOTICE_DAYS), actor="clerk", at="2022-08-26T09:00:00")
    stage.say(_("  {cases} cases hang until {last_day}").format(**posted))
    waiting = stage.ask("application", "list", *ABOUT, "--stand", "submitted", at="2022-09-01T08:00:00")
    early = ["award", "approve", waiting[0]["application"]]
    lived.too_early["award"] = stage.refused(*early, actor="approver", at="2022-09-01T09:00:00")
    lived.too_early["completed"] = stage.refused("notice", "complete", posted["notice"], actor="clerk", at="2022-09-06T09:00:00")
    said["completed"] = stage.play("notice", "complete", posted["notice"], actor="clerk", at="2022-09-07T09:00:00")
    stage.play("notice", "withdraw", posted["notice"], actor="clerk", at="2022-09-07T09:30:00")


def demonstrate(stage: Stage) -> Ending:
    """The summer told, with its figures."""
    said = live_through(stage).said
    stage.show("fund", "balances", at="2022-09-30T18:00:00")
    payment = stage.ask("payment", "list", *ABOUT, "--stand", "paid")[0]["payment"]
    figures = {
        "applications": said["comparison"]["students"],
        "eligible": said["checked"]["eligible"],
        "refused": said["refused"]["done"],
        "paid": said["paid"]["signed"],
        "amount_fen": said["paid"]["amount_fen"],
        "payment": payment,
    }
    told = _("{applications} applied, {eligible} are eligible, {paid} signed for {amount} yuan.")
    return Ending(
        DATA,
        figures,
        (told.format(**figures, amount=yuan(figures["amount_fen"])),),
        (
            ("crosscheck", "show", said["comparison"]["comparison"]),
            ("notice", "list", "--public", "--on", "2022-09-01"),
            ("application", "list", *ABOUT, "--stand", "refused"),
            ("due", "--on", "2022-09-30"),
            ("trace", payment),
        ),
    )

"""Plan S6 lived through: three programmes from forms and one list, through villages and townships, to three payments.

Two notices of five working days do not fit into nine days, and one township is late besides: the notices hang for their full length, and
the county decides later than the plan says. The plan leaves the length of P5's notice open; this office hangs it for seven working days.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.plan.vocabulary import read_plan

from ..i18n import _
from ..output import yuan
from .paying import Money, pay_awarded
from .stage import Ending, Said, Stage

DATA = Path(__file__).parent / "data" / "funan-2020"
CODE = "funan-2020"
SCHEMES = {"P1": ("county-grant", "2020-2021"), "P4": ("freshmen", "once"), "P5": ("yulu", "2020-2021")}
TITLES = {"P1": "县助学补贴", "P4": "新生入学资助", "P5": "雨露计划"}
TOWNSHIPS = {"中岗镇": "zhonggang", "新村镇": "xincun", "苗集镇": "miaoji", "赵集镇": "zhaoji"}
LIST = "建档立卡户名单.xlsx"
LATE = ("P1", "苗集镇")
PLACE, HUNG = "政务公开栏", 7
SHOWN_UNITS = 2
"""Of the units that hang a list up, so many are shown at work; the others do the same."""


@dataclass
class Lived:
    """The answers of the commands: of imports by path, of the others by programme."""

    stage: Stage
    contradictions: Any = None
    files: dict[str, Any] = field(default_factory=dict)
    listed: Any = None
    checked: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, Any] = field(default_factory=dict)
    reviewed: list[Any] = field(default_factory=list)
    posted: dict[str, list[Any]] = field(default_factory=lambda: {"village": [], "township": [], "P4": [], "P5": []})
    approved: dict[str, Any] = field(default_factory=dict)
    paid: dict[str, Any] = field(default_factory=dict)
    suspended: str = ""
    doubtful: list[Any] = field(default_factory=list)
    due: list[Any] = field(default_factory=list)
    too_early: dict[str, Said] = field(default_factory=dict)


def about(programme: str) -> list[str]:
    """The options that name a programme's scheme and period."""
    scheme, period = SCHEMES[programme]
    return ["--scheme", scheme, "--period", period]


def live_through(stage: Stage) -> Lived:
    """From the applications to the money, on a new rehearsal ledger."""
    lived = Lived(stage)
    stage.heading(_("August: the plan is adopted, and says what cannot be kept"))
    stage.play("init", "--rehearsal", "--plan", CODE, actor="administrator", at="2020-08-01T08:00:00")
    lived.contradictions = stage.play("plan", "check", CODE, at="2020-08-01T09:00:00")
    for row in lived.contradictions["contradictions"]:
        stage.say(f"  {row['message']}")
    _applications(lived)
    _compare(lived, "P4", "2020-09-01T10")
    _compare(lived, "P5", "2020-09-01T11")
    _freshmen(lived)
    _late_township(lived)
    _compare(lived, "P1", "2020-09-08T10")
    stage.keep_checkpoint("2020-09-08T18:00:00")
    _county_grant(lived)
    _yulu(lived)
    _summary(lived)
    return lived


def _applications(lived: Lived) -> None:
    """Every township hands its files in on one day, but for one file; then the poverty office's list."""
    stage = lived.stage
    stage.heading(_("Applications: a workbook for each township, a sheet for each village"))
    minute = 0
    for programme in SCHEMES:
        for township in TOWNSHIPS:
            if (programme, township) != LATE:
                _take(lived, programme, township, f"2020-09-01T08:{minute:02}:00")
            minute += 1
    stage.heading(_("Who is on the poverty office's list, and who is eligible"))
    words = ["crosscheck", "import", str(DATA / LIST), "--kind", "建档立卡", "--on", "2020-07-31"]
    lived.listed = stage.play(*words, actor="clerk", at="2020-09-01T09:00:00")


def _take(lived: Lived, programme: str, township: str, at: str) -> None:
    """A township's villages are told from those of the others by `--unit`."""
    path = f"{programme}/申请花名册-{township}.xlsx"
    words = ["application", "import", str(DATA / path), *about(programme), "--unit", township, "--accept-valid"]
    copies = ["--copy-to", str(lived.stage.folder / programme)]
    lived.files[path] = lived.stage.play(*words, *copies, actor="applicant-clerk", at=at)
    lived.stage.say_taken(lived.files[path]["files"][0])


def _late_township(lived: Lived) -> None:
    """One file names somebody who applied on 8 September: it cannot have been handed in before."""
    lived.stage.heading(_("8 September: the last township's applications"))
    lived.stage.say(_("One of them is dated that very day; what has not happened yet is not put on record, so everything of P1 waits."))
    _take(lived, *LATE, "2020-09-08T08:00:00")


def _compare(lived: Lived, programme: str, hour: str) -> None:
    stage, words = lived.stage, about(programme)
    stage.play("crosscheck", "compare", *words, actor="clerk", at=f"{hour}:10:00")
    checked = lived.checked[programme] = stage.play("application", "check", *words, actor="applicant-clerk", at=f"{hour}:20:00")
    said = _("  {eligible} eligible, {ineligible} not, {lacking} lack documents")
    counts = {"ineligible": len(checked["ineligible"]), "lacking": len(checked["documents_missing"])}
    stage.say(said.format(eligible=checked["eligible"], **counts))
    lived.refused[programme] = stage.play("award", "refuse", "--ineligible", *words, actor="approver", at=f"{hour}:30:00")


def _notices(lived: Lived, programme: str, units: list[str], at: str, done: str, *more: str, photo: bool = False) -> list[Any]:
    """Hangs a list up in each unit that has cases, and completes it when its days are over."""
    stage = lived.stage
    posted: list[Any] = []
    for unit in units:
        words = ["notice", "post", *about(programme), "--unit", unit, "--place", PLACE, *more]
        with stage.aside():
            waiting = stage.ask("application", "list", *about(programme), "--unit", unit, "--stand", "submitted", at=at)
        if waiting and len(posted) < SHOWN_UNITS:
            posted.append(stage.play(*words, actor="clerk", at=at))
        elif waiting:
            with stage.aside():
                posted.append(stage.play(*words, actor="clerk", at=at))
    said = _("  lists hung up: {units}, with {cases} cases, until {last_day}")
    stage.say(said.format(units=len(posted), cases=sum(one["cases"] for one in posted), last_day=posted[-1]["last_day"]))
    _complete(lived, posted, done, photo)
    return posted


def _complete(lived: Lived, posted: list[Any], done: str, photo: bool) -> None:
    stage = lived.stage
    if photo:
        stage.say(_("The plan asks for a photo of the notice where it hangs."))
        lived.too_early["photo"] = stage.refused("notice", "complete", posted[0]["notice"], actor="clerk", at=done)
    for number, one in enumerate(posted):
        if number < SHOWN_UNITS:
            _take_down(stage, one["notice"], done, photo)
        else:
            with stage.aside():
                _take_down(stage, one["notice"], done, photo)


def _take_down(stage: Stage, notice: str, done: str, photo: bool) -> None:
    if photo:
        picture = stage.folder / f"现场照片-{notice}.jpg"
        picture.write_bytes(b"synthetic photo of " + notice.encode())
        stage.play("notice", "evidence", notice, str(picture), actor="clerk", at=done)
    stage.play("notice", "complete", notice, actor="clerk", at=done)
    stage.play("notice", "withdraw", notice, actor="clerk", at=done)


def _county_grant(lived: Lived) -> None:
    stage, words = lived.stage, ["application", "review", *about("P1")]
    stage.heading(_("P1, the county's grant: village, notice, township, notice, county"))
    lived.reviewed.append(stage.play(*words, actor="reviewer", at="2020-09-08T14:00:00"))
    stage.say(_("Documents that were missing block the review until they are handed in."))
    with stage.aside():
        for row in lived.checked["P1"]["documents_missing"]:
            lacking = [given for name in row["missing"] for given in ("--document", name.partition("/")[0])]
            stage.run("application", "check", row["application"], *lacking, actor="applicant-clerk", at="2020-09-08T15:00:00")
    lived.reviewed.append(stage.play(*words, actor="reviewer", at="2020-09-08T15:30:00"))
    villages = [unit.id for unit in read_plan(bundled_text(CODE)).units if unit.kind == "village"]
    lived.posted["village"] = _notices(lived, "P1", villages, "2020-09-08T16:00:00", "2020-09-16T09:00:00")
    lived.reviewed.append(stage.play(*words, actor="second-reviewer", at="2020-09-16T14:00:00"))
    posting = ["notice", "post", *about("P5"), "--unit", "xincun", "--place", PLACE]
    lived.too_early["length"] = stage.refused(*posting, actor="clerk", at="2020-09-16T14:10:00")
    first = stage.ask("application", "list", *about("P1"), "--stand", "submitted", at="2020-09-16T14:30:00")
    stage.say(_("The county cannot approve before the township's notice is over; the ledger says from when it can."))
    early = ["award", "approve", first[0]["application"]]
    lived.too_early["award"] = stage.refused(*early, actor="approver", at="2020-09-16T15:00:00")
    townships = list(TOWNSHIPS.values())
    lived.posted["township"] = _notices(lived, "P1", townships, "2020-09-16T16:00:00", "2020-09-24T09:00:00")
    lived.approved["P1"] = stage.play("award", "approve", *about("P1"), actor="approver", at="2020-09-24T10:00:00")
    _stops_and_goes_on(lived, first[0]["application"])
    _accounts_of_two_households(lived)
    _pay(lived, "P1", "education-bureau", "2020-09-25")


def _stops_and_goes_on(lived: Lived, case: str) -> None:
    """Somebody says that one of them is not entitled any more; it turns out to be wrong before the money is paid."""
    stage = lived.stage
    stage.say(_("Somebody asks about one award; it is suspended until that is cleared up, and nobody else waits for it."))
    stage.play("award", "suspend", case, "--reason", "群众反映，核实中", actor="approver", at="2020-09-24T11:00:00")
    lived.suspended = stage.ask("application", "show", case, at="2020-09-24T11:30:00")["stand"]
    stage.play("award", "resume", case, actor="approver", at="2020-09-24T16:00:00")


def _accounts_of_two_households(lived: Lived) -> None:
    """Brothers and sisters share the card of their household's head; where one serves two households, somebody answers for that."""
    stage = lived.stage
    stage.say(_("Money goes to the household's head; accounts that serve more than one household wait until somebody answers for them."))
    lived.doubtful = stage.ask("account", "list", "--doubtful", at="2020-09-24T16:30:00")
    stage.show("account", "list", "--doubtful", at="2020-09-24T16:30:00", rows=8)
    why = ["--code", "account_shared_by_several_students", "--reason", "两户书面委托，村委会证明已核对"]
    for number, row in enumerate(lived.doubtful):
        with stage.aside() if number else nullcontext():
            stage.play("account", "clear", row["student"], *why, actor="reviewer", at="2020-09-24T17:00:00")


def _freshmen(lived: Lived) -> None:
    stage = lived.stage
    stage.heading(_("P4, freshmen: five calendar days, then they sign for the money"))
    stage.play("application", "review", *about("P4"), actor="reviewer", at="2020-09-01T17:00:00")
    lived.posted["P4"] = _notices(lived, "P4", ["education-bureau"], "2020-09-01T18:00:00", "2020-09-07T07:00:00")
    lived.approved["P4"] = stage.play("award", "approve", *about("P4"), actor="approver", at="2020-09-07T07:30:00")
    _pay(lived, "P4", "education-bureau", "2020-09-07", signed=True)


def _yulu(lived: Lived) -> None:
    stage, days = lived.stage, ["--days", str(HUNG)]
    stage.heading(_("P5, vocational students: compared, hung up with a photo, paid to the household"))
    townships = list(TOWNSHIPS.values())
    lived.posted["P5"] = _notices(lived, "P5", townships, "2020-09-27T18:00:00", "2020-10-14T09:00:00", *days, photo=True)
    lived.approved["P5"] = stage.play("award", "approve", *about("P5"), actor="approver", at="2020-10-14T10:00:00")
    _pay(lived, "P5", "finance-bureau", "2020-10-16")


def _summary(lived: Lived) -> None:
    stage = lived.stage
    stage.heading(_("October: the summary, and what was done when"))
    summary = stage.folder / "总结.txt"
    summary.write_text("synthetic summary", encoding="utf-8")
    stage.play("duty", "discharge", "county-grant-summary", "--report", str(summary), actor="clerk", at="2020-10-29T09:00:00")
    lived.due = stage.play("due", "--on", "2020-11-01", at="2020-11-02T09:00:00")
    late = [row for row in lived.due if row["state"] == "done_late"]
    stage.say(_("  deadlines met late: {count}, of the villages, the townships and the county").format(count=len(late)))


def _pay(lived: Lived, programme: str, unit: str, day: str, *, signed: bool = False) -> None:
    scheme, period = SCHEMES[programme]
    money = Money(TITLES[programme], scheme, period, f"fund-{programme.lower()}", unit, "县财政", "2020", day, signed)
    lived.paid[programme] = pay_awarded(lived.stage, money)


def demonstrate(stage: Stage) -> Ending:
    """The year told, with what was paid under each programme."""
    lived = live_through(stage)
    stage.show("fund", "balances", at="2020-11-02T10:00:00")
    paid = {programme: said["paid"]["amount_fen"] for programme, said in lived.paid.items()}
    payment = stage.ask("payment", "list", *about("P1"), "--stand", "paid")[0]["payment"]
    figures = {
        "eligible": {programme: said["eligible"] for programme, said in lived.checked.items()},
        "refused": {programme: said["done"] for programme, said in lived.refused.items()},
        "paid_fen": paid,
        "payment": payment,
    }
    told = _("Paid: P1 {P1} yuan, P4 {P4} yuan, P5 {P5} yuan.").format(**{programme: yuan(fen) for programme, fen in paid.items()})
    return Ending(
        DATA,
        figures,
        (told,),
        (
            ("plan", "check", CODE),
            ("trace", payment),
            ("notice", "list", "--public", "--on", "2020-09-05"),
            ("due", "--state", "late", "--state", "done_late", "--on", "2020-10-31"),
            ("packet", "--out", str(stage.folder / "迎检"), "--on", "2020-10-31"),
        ),
    )

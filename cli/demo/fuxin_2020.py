"""Plan S0 lived through for a year: two survey rounds, two payments to every student, and what an auditor asks afterwards.

Every step is a command line anybody can type; nothing is done behind the commands' back. The people, numbers and accounts are invented.
The tuition that is waived (1,100 yuan a term) is the demonstration's own figure: the plan leaves it to the school.
"""

from __future__ import annotations

import csv
import hashlib
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..i18n import _
from ..output import yuan
from . import bank_sim
from .stage import Ending, Stage

DATA = Path(__file__).parent / "data" / "fuxin-2020"
CODE = "fuxin-2020"
YEAR_END = "2020-12-31"
TUITION = "1100.00"
GRANT, WAIVER = "grant", "tuition-waiver"


@dataclass(frozen=True)
class Term:
    """One term's dates and files, each file on the day the student office received it: (day, file, unit or None)."""

    round: str
    opened: str
    by_department_day: tuple[tuple[str, str, str | None], ...]
    department_day: str
    by_report_day: tuple[tuple[str, str, str | None], ...]
    correction: tuple[str, str] | None
    report_day: str
    supplement: tuple[str, str, str | None]
    head_count_day: str
    money_day: str
    pay_on: str
    returns_day: str
    reissue_day: str


SPRING = Term(
    round="2020-spring",
    opened="2020-03-02",
    by_department_day=(
        ("2020-03-15", "spring/公建系.xls", None),
        ("2020-03-18", "spring/农牧系.csv", None),
        ("2020-03-18", "spring/综职系.xlsx", None),
        ("2020-03-19", "spring/机械系.xlsx", None),
    ),
    department_day="2020-03-20",
    by_report_day=(("2020-03-22", "spring/师范系.xlsx", None),),
    correction=("2020-03-27", "spring/更正-综职系.xlsx"),
    report_day="2020-03-30",
    supplement=("2020-03-31", "spring/补充-机械系.xlsx", None),
    head_count_day="2020-03-31",
    money_day="2020-04-20",
    pay_on="2020-04-25",
    returns_day="2020-04-28",
    reissue_day="2020-05-08",
)
AUTUMN = Term(
    round="2020-autumn",
    opened="2020-10-09",
    by_department_day=(
        ("2020-10-15", "autumn/机械系.xlsx", None),
        ("2020-10-16", "autumn/农牧系.csv", "农牧系"),
        ("2020-10-16", "autumn/综职系.xlsx", "综职系"),
        ("2020-10-19", "autumn/师范系.xlsx", None),
    ),
    department_day="2020-10-20",
    by_report_day=(("2020-10-22", "autumn/公建系.xls", None),),
    correction=None,
    report_day="2020-10-30",
    supplement=("2020-10-31", "autumn/补充-机械系.xlsx", None),
    head_count_day="2020-10-31",
    money_day="2020-11-16",
    pay_on="2020-11-20",
    returns_day="2020-11-24",
    reissue_day="2020-12-04",
)


def live_through(stage: Stage) -> dict[str, Any]:
    """Plays the whole year; gives the figures a test compares (payments, amounts, findings, the traced payment)."""
    found: dict[str, Any] = {}
    _found_ledger(stage)
    found["spring"] = _term(stage, SPRING)
    stage.keep_checkpoint("2020-06-30T17:00:00")
    stage.heading(_("Autumn again, freshmen included"))
    stage.play("survey", "close", "--round", SPRING.round, actor="clerk", at="2020-09-30T09:00:00")
    found["autumn"] = _term(stage, AUTUMN)
    return found | _inspection(stage, found["spring"])


def demonstrate(stage: Stage) -> Ending:
    """The year told, with its figures."""
    figures = live_through(stage)
    payment = figures["payment"]
    spring, autumn = (figures[term]["answer"] for term in ("spring", "autumn"))
    told = _("Paid in spring: {spring} yuan; in autumn: {autumn} yuan. {count} payments went to students who had left.")
    amounts = {"spring": yuan(spring["amount_fen"]), "autumn": yuan(autumn["amount_fen"]), "count": len(figures["findings"])}
    return Ending(
        DATA,
        figures,
        (told.format(**amounts),),
        (
            ("roster", "--on", "2020-06-30", "--unit", "师范系"),
            ("trace", payment),
            ("student", "show", payment.split("/")[2]),
            ("diff", "--from", "2020-03-31", "--to", "2020-10-31"),
            ("gaps", "--on", YEAR_END),
        ),
    )


def _found_ledger(stage: Stage) -> None:
    stage.heading(_("A ledger to practise on"))
    stage.say(_("Plan S0 is adopted as data; one practice person stands for each role."))
    stage.play("init", "--rehearsal", "--plan", CODE, actor="administrator", at="2020-03-02T08:00:00")
    stage.play("staff", "import", str(DATA / "教职工.xlsx"), actor="administrator", at="2020-03-02T08:20:00")
    _registers(stage, "2020-03-02")


def _registers(stage: Stage, day: str) -> None:
    """The school's registers as they stood on that day; what is registered later comes later."""
    files = [str(DATA / name) for name in ("学籍名册.xlsx", "学籍异动.xlsx")]
    stage.play("student", "import", *files, "--registered-until", day, actor="clerk", at=f"{day}T08:30:00")


def _term(stage: Stage, term: Term) -> dict[str, Any]:
    refused = _survey(stage, term)
    _approve(stage, term)
    return {"refused_rows": refused, **_pay(stage, term)}


def _survey(stage: Stage, term: Term) -> int:
    stage.heading(_("Survey {round}: departments report in the files they have").format(round=term.round))
    stage.play("survey", "open", term.round, actor="clerk", at=f"{term.opened}T09:00:00")
    refused: list[dict[str, Any]] = []

    def take(day: str, name: str, unit: str | None) -> None:
        words = ["survey", "import", str(DATA / name), "--round", term.round, "--accept-valid", "--copy-to", str(stage.folder)]
        words += ["--unit", unit] if unit else []
        answer = stage.play(*words, actor="surveyor", at=f"{day}T10:00:00")["files"][0]
        refused.extend(answer["refused"])
        stage.say_taken(answer)

    for day, name, unit in term.by_department_day:
        take(day, name, unit)
    stage.say(_("By the day the plan sets, the departments vouch for their totals; one is late."))
    late = Path(term.by_report_day[0][1]).stem
    for unit in ("公建系", "农牧系", "综职系", "机械系", "师范系"):
        if unit != late:
            stage.play("survey", "submit", "--round", term.round, "--unit", unit, actor="surveyor", at=f"{term.department_day}T15:00:00")
    stage.show("survey", "totals", "--round", term.round)
    for day, name, unit in term.by_report_day:
        take(day, name, unit)
    if term.correction:
        day, name = term.correction
        answer = stage.play("survey", "correct", str(DATA / name), "--round", term.round, actor="surveyor", at=f"{day}T11:00:00")
        stage.say(_("  {count} entries corrected, each naming what it corrects, with before and after").format(count=answer["recorded"]))
    stage.play("survey", "submit", "--round", term.round, "--unit", late, actor="surveyor", at=f"{term.report_day}T08:30:00")
    stage.play("survey", "consolidate", "--round", term.round, actor="clerk", at=f"{term.report_day}T09:00:00")
    stage.play("survey", "report", "--round", term.round, actor="clerk", at=f"{term.report_day}T16:00:00")
    take(*term.supplement)
    why = _("Head count at the end of the month")
    stage.play("survey", "report", "--round", term.round, "--reason", why, actor="clerk", at=f"{term.head_count_day}T17:00:00")
    stage.say(_("The head count amends the report: both stay on record."))
    stage.show("survey", "totals", "--round", term.round)
    return len(refused)


def _approve(stage: Stage, term: Term) -> None:
    stage.heading(_("Applications, reviews, approvals: three different people"))
    at = term.head_count_day
    for scheme in (GRANT, WAIVER):
        answer = stage.play("application", "submit", *_about(scheme, term), actor="applicant-clerk", at=f"{at}T18:00:00")
        stage.say(_("  {count} applications").format(count=answer["done"]))
    for scheme in (GRANT, WAIVER):
        stage.play("application", "review", *_about(scheme, term), actor="reviewer", at=f"{at}T18:30:00")
    for scheme in (GRANT, WAIVER):
        amount = ["--amount", TUITION] if scheme == WAIVER else []
        answer = stage.play("award", "approve", *_about(scheme, term), *amount, actor="approver", at=f"{at}T19:00:00")
        stage.say(_("  {count} awards, {refused} refused").format(count=answer["done"], refused=len(answer["refused"])))


def _about(scheme: str, term: Term) -> list[str]:
    return ["--scheme", scheme, "--period", term.round]


def _pay(stage: Stage, term: Term) -> dict[str, Any]:
    stage.heading(_("Money: asked for, arrived, prepared, checked, released, answered by the bank"))
    fund, batch = f"fund-{term.round}", f"batch-{term.round}"
    day = term.money_day
    title = _("Student aid {round}").format(round=term.round)
    opening = ["fund", "open", fund, "--title", title, "--year", term.round[:4], "--scheme", GRANT]
    stage.play(*opening, actor="treasurer", at=f"{day}T08:00:00")
    awards = stage.ask("application", "list", "--scheme", GRANT, "--period", term.round, "--stand", "approved")
    asked = yuan(sum(award["amount_fen"] for award in awards)).replace(",", "")
    office = "上级资助中心"
    stage.play("fund", "request", fund, "--amount", asked, "--of", office, actor="treasurer", at=f"{day}T08:10:00")
    stage.play("fund", "arrive", fund, "--amount", asked, "--source", office, actor="treasurer", at=f"{day}T08:20:00")
    _registers(stage, day)
    cleared = _doubtful_accounts(stage, term)
    about = [*_about(GRANT, term), "--fund", fund, "--pay-on", term.pay_on, "--batch", batch]
    prepared = stage.play("payment", "prepare", *about, actor="preparer", at=f"{day}T09:00:00")
    said = _("  {payments} payments, {amount} yuan; left out: {excluded}")
    stage.say(said.format(payments=prepared["payments"], amount=yuan(prepared["amount_fen"]), excluded=len(prepared["excluded"])))
    for left_out in prepared["excluded"][:3]:
        stage.say(f"    {left_out['student']}  {left_out['message']}")
    stage.play("payment", "check", batch, actor="checker", at=f"{day}T10:00:00")
    stage.play("payment", "release", batch, actor="releaser", at=f"{day}T11:00:00")
    sent = stage.folder / f"代发-{batch}.csv"
    stage.play("payment", "export", batch, "--bank-profile", "csv-gb18030", "--out", str(sent), actor="cashier", at=f"{day}T14:00:00")
    stage.say(_("The bank answers (a simulated one: about 3 in 100 fail)."))
    stage.play(
        "payment", "rehearse", str(sent), "--date", term.pay_on, "--batch", batch, "--later-returns", actor="cashier", at=f"{day}T15:00:00"
    )
    back = stage.folder / f"回盘-{batch}.csv"
    answer = stage.play("payment", "reconcile", str(back), "--batch", batch, actor="cashier", at=f"{term.pay_on}T17:00:00")
    said = _("  paid {paid}, failed {failed}, pending {pending}; {amount} yuan")
    stage.say(said.format(**answer, amount=yuan(answer["amount_fen"])))
    returned = stage.folder / f"退票-{batch}.csv"
    came_back = len(_lines(returned)) - 2
    if came_back > 0:
        stage.play("payment", "returns", str(returned), "--batch", batch, actor="cashier", at=f"{term.returns_day}T10:00:00")
        stage.say(_("  {count} came back later").format(count=came_back))
    reissued = _reissue(stage, term, fund, batch)
    stage.show("fund", "balances")
    return {"batch": batch, "cleared": cleared, "prepared": prepared, "answer": answer, "returned": max(came_back, 0), "reissued": reissued}


def _doubtful_accounts(stage: Stage, term: Term) -> int:
    """Who has a relative's account shows the household register; an account of several students, or of a member of staff, waits."""
    doubtful = ["account", "list", "--doubtful", "--period", term.round]
    at = f"{term.money_day}T08:40:00"
    stage.say(_("Before anything is paid: whose accounts are these?"))
    stage.show(*doubtful, at=at)
    cleared = 0
    for row in stage.ask(*doubtful, at=at):
        codes = [doubt["code"] for doubt in row["doubts"]]
        if codes == ["account_name_not_student"]:
            why = ["--code", codes[0], "--account-from", row["account_from"], "--reason", "亲属账户，已核对户口簿"]
            with stage.aside() if cleared else nullcontext():  # one of them tells enough
                stage.play("account", "clear", row["student"], *why, actor="reviewer", at=f"{term.money_day}T08:50:00")
            cleared += 1
    stage.say(_("  {count} relatives' accounts cleared with the reason; the others stay held").format(count=cleared))
    return cleared


def _reissue(stage: Stage, term: Term, fund: str, batch: str) -> int:
    """Failed and returned payments are issued anew to corrected accounts; the chain of attempts stays one payment."""
    day = term.reissue_day
    failed = [
        row["student"] for stand in ("failed", "returned") for row in stage.ask("payment", "list", "--batch", batch, "--stand", stand)
    ]
    stage.say(_("Corrected accounts are collected for {count} students; the look at their names is recorded.").format(count=len(failed)))
    roster = stage.play("roster", "--reveal", actor="privacy-officer", at=f"{day}T08:00:00")
    persons = {row["student"]: row for row in roster}
    accounts = stage.folder / f"更正账号-{batch}.csv"
    with accounts.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["姓名", "身份证号", "银行卡号", "户名"])
        for student in failed:
            name, number = persons[student]["name"], persons[student]["id_number"]
            out.writerow([name, number, _working_account(student), name])
    second = f"{batch}-2"
    words = ["payment", "reissue", "--batch-of", batch, "--accounts", str(accounts), "--fund", fund, "--pay-on", day, "--batch", second]
    answer = stage.play(*words, actor="preparer", at=f"{day}T09:00:00")
    stage.play("payment", "check", second, actor="checker", at=f"{day}T10:00:00")
    stage.play("payment", "release", second, actor="releaser", at=f"{day}T11:00:00")
    sent = stage.folder / f"代发-{second}.txt"
    stage.play("payment", "export", second, "--bank-profile", "pipe", "--out", str(sent), actor="cashier", at=f"{day}T14:00:00")
    stage.play("payment", "rehearse", str(sent), "--date", day, actor="cashier", at=f"{day}T15:00:00")
    back = stage.folder / f"回盘-{second}.txt"
    stage.play("payment", "reconcile", str(back), "--batch", second, actor="cashier", at=f"{day}T17:00:00")
    return int(answer["payments"])


def _working_account(student: str) -> str:
    """An invented card number, right by its check digit, that the simulated bank pays to."""
    for attempt in range(1000):
        digits = "6299" + str(int.from_bytes(hashlib.sha256(f"{student}/{attempt}".encode()).digest()[:8], "big"))[:14].zfill(14)
        account = digits + _luhn_digit(digits)
        if bank_sim.chance(account) >= 0.04:
            return account
    raise ValueError("no account found")


def _luhn_digit(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return str(-total % 10)


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_bytes().decode("gb18030").splitlines() if line.strip()] if path.exists() else []


def _inspection(stage: Stage, spring: dict[str, Any]) -> dict[str, Any]:
    stage.heading(_("December: what the school learned late"))
    _registers(stage, YEAR_END)
    findings = stage.ask("findings", "--rule", "paid_while_not_enrolled")
    stage.show("findings", "--rule", "paid_while_not_enrolled")
    stage.say(_("Nothing was rewritten: the payments stand, and so does what was known when they were made."))
    stage.heading(_("One payment, back to its survey row and policy clause"))
    paid = stage.ask("payment", "list", "--batch", spring["batch"], "--stand", "paid")
    payment = paid[len(paid) // 2]["payment"]
    stage.show("trace", payment)
    trace = stage.ask("trace", payment)
    stage.heading(_("The roster on 25 March: as known then, as known now, and what differs"))
    then = stage.ask("roster", "--on", "2020-03-25", "--known-at", "2020-03-25")
    now = stage.ask("roster", "--on", "2020-03-25")
    stage.say(_("Known then: {then} students. Known now: {now}.").format(then=len(then), now=len(now)))
    size = stage.size()
    stage.show("diff", "--from", "2020-03-25@2020-03-25", "--to", f"2020-03-25@{size}")
    stage.heading(_("What is late, and the set for the inspection"))
    stage.show("due", "--state", "late", "--on", YEAR_END)
    packet = stage.folder / "迎检"
    stage.play("packet", "--out", str(packet), "--on", YEAR_END)
    count = sum(1 for file in packet.iterdir() if file.is_file())
    stage.say(_("  {count} files in {folder}, each saying from which day and log size it was made").format(count=count, folder=packet.name))
    return {"findings": findings, "payment": payment, "trace": trace, "then": len(then), "now": len(now), "size": size}

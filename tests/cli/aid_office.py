"""An office with one person for each role, who type commands; four invented students, surveyed and no more.

The same ledger is made once and copied for each test. Everybody in it is invented (tests/workbooks/made_up.py).
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from mingzhang.cli.app import cli
from tests.workbooks.made_up import HEADER, number_of, row_of, write_csv

SPRING = ("--scheme", "grant", "--period", "2020-spring")
ACCOUNTS = {1: "6299000000000015", 2: "6299000000000023", 3: "6299000000000031"}
NEW_ACCOUNT = "6299000000000049"
BACK = ["序号", "账号", "户名", "应处理金额", "实处理金额", "处理标志", "返回码", "失败原因", "银行流水号", "处理日期"]


@dataclass(frozen=True)
class Said:
    """What a command answered: its exit code, its JSON document, and both outputs as text."""

    code: int
    document: Any
    text: str

    @property
    def refused(self) -> str:
        """The code of a whole refusal."""
        return str(self.document["refused"])


class Office:
    """One ledger; every command is given a minute after the one before, on the day it is said to be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.minute = 0

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger"

    def copied_to(self, folder: Path) -> Office:
        """The same office with papers of its own."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        other = Office(folder)
        other.minute = self.minute
        return other

    def do(self, staff: str, *words: object, day: str) -> Said:
        """Runs one command with --json as that person on that day."""
        self.minute += 1
        now = f"{day}T{8 + self.minute // 60:02d}:{self.minute % 60:02d}:00"
        before = ["--ledger", str(self.ledger), "--as", staff, "--lang", "en", "--json", "--now", now]
        result = CliRunner().invoke(cli, [*before, *map(str, words)])
        try:
            document = json.loads(result.stdout)
        except ValueError:
            document = None
        return Said(result.exit_code, document, result.stdout + result.stderr)

    def plain(self, staff: str, *words: object, day: str, language: str = "en") -> str:
        """What a person reads on the screen."""
        self.minute += 1
        now = f"{day}T{8 + self.minute // 60:02d}:{self.minute % 60:02d}:00"
        before = ["--ledger", str(self.ledger), "--as", staff, "--lang", language, "--now", now]
        return str(CliRunner().invoke(cli, [*before, *map(str, words)]).stdout)

    def done(self, staff: str, *words: object, day: str) -> Any:
        """The document of a command that must succeed."""
        said = self.do(staff, *words, day=day)
        assert said.code == 0, said.text
        return said.document

    def student(self, person: int) -> str:
        """The reference of an invented student."""
        found = self.done("clerk", "student", "find", "--id-number", number_of(person), day="2020-06-30")
        return str(found["student"])


def surveyed_office(folder: Path) -> Office:
    """Students 1 to 3 have an account and are of three tiers; student 4 has none; 1 and 4 belong to another department
    than 2 and 3."""
    office = Office(folder)
    office.done("administrator", "init", "--rehearsal", "--plan", "fuxin-2020", day="2020-03-01")
    office.done("clerk", "survey", "open", "2020-spring", day="2020-03-02")
    rows = [
        row_of(1, 院系="师范系", 困难类别="建档立卡", 银行卡号=ACCOUNTS[1]),
        row_of(2, 院系="综职系", 困难类别="低保", 银行卡号=ACCOUNTS[2]),
        row_of(3, 院系="综职系", 困难类别="其他", 银行卡号=ACCOUNTS[3]),
        row_of(4, 院系="师范系", 困难类别="建档立卡", 银行卡号=""),
    ]
    file = write_csv(folder / "survey.csv", [HEADER, *rows])
    office.done("surveyor", "survey", "import", file, "--round", "2020-spring", day="2020-03-10")
    return office


def approve_all(office: Office) -> None:
    """Everybody surveyed applies and is awarded the grant."""
    office.done("applicant-clerk", "application", "submit", *SPRING, day="2020-03-16")
    office.done("reviewer", "application", "review", *SPRING, day="2020-03-18")
    office.done("approver", "award", "approve", *SPRING, day="2020-03-20")


def fund(office: Office, yuan: str = "10000", name: str = "F1", day: str = "2020-03-22") -> None:
    """A fund for the grant with money in it."""
    words = ("--title", "测试资金", "--year", "2020", "--scheme", "grant")
    office.done("treasurer", "fund", "open", name, *words, day=day)
    office.done("treasurer", "fund", "arrive", name, "--amount", yuan, "--source", "测试", day=day)


def release(office: Office, batch: str = "B1", day: str = "2020-04-01") -> None:
    """Prepared, checked and released by three people, to be paid on 2020-04-10."""
    words = ("--pay-on", "2020-04-10", "--batch", batch)
    office.done("preparer", "payment", "prepare", *SPRING, *words, day=day)
    office.done("checker", "payment", "check", batch, day=day)
    office.done("releaser", "payment", "release", batch, day=day)


def export(office: Office, batch: str = "B1", day: str = "2020-04-02") -> Path:
    """The bank file of a batch."""
    words = ("--bank-profile", "csv-gb18030", "--out", office.folder)
    said = office.done("cashier", "payment", "export", batch, *words, day=day)
    return Path(said["file"])


def order_lines(file: Path) -> list[list[str]]:
    """The rows of a 代发文件 between header and total."""
    return list(csv.reader(io.StringIO(file.read_text(encoding="gb18030"), newline="")))[1:-1]


def bank_answer(file: Path, states: Mapping[str, str], name: str = "回盘.csv", only: Sequence[str] = (), on: str = "2020-04-10") -> Path:
    """Writes the 回盘文件 to an order: a line is 成功 unless `states` names another for its account. `only`: the accounts
    that are answered at all; `on`: the day the bank gives."""
    rows: list[list[object]] = []
    order = file.stem.partition("-副本")[0]  # one payment keeps its number, in whichever answer it stands
    for number, account, holder, amount, _purpose in order_lines(file):
        state = states.get(account, "成功")
        if only and account not in only:
            continue
        paid, failed = state == "成功", state == "失败"
        flow = f"F{number}-{order}" if paid else ""
        day = "" if state == "处理中" else on
        reason = ("3039", "账户已销户") if failed else ("0000" if paid else "", "")
        rows.append([number, account, holder, amount, amount if paid else "0.00", state, *reason, flow, day])
    asked, done = (sum(float(str(row[place])) for row in rows) for place in (3, 4))
    total: list[object] = ["合计", len(rows), "", f"{asked:.2f}", f"{done:.2f}", "", "", "", "", ""]
    return write_csv(file.parent / name, [BACK, *rows, total], encoding="gb18030")


def returns_file(file: Path, account: str, batch: str, name: str = "退票.csv") -> Path:
    """Writes a 退票 file with the one payment to that account."""
    line = next(line for line in order_lines(file) if line[1] == account)
    head = ["原序号", "原批次", "账号", "户名", "金额", "退回日期", "退回原因"]
    rows: list[list[object]] = [
        [*head],
        [line[0], batch, account, line[2], line[3], "2020-04-13", "收款行退回"],
        ["合计", 1, "", "", line[3], "", ""],
    ]
    return write_csv(file.parent / name, rows, encoding="gb18030")

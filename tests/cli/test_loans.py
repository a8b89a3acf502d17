"""`loan`: from the application with its co-borrower to the day the state stops paying the interest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.aid_office import Office
from tests.workbooks.made_up import number_of, write_csv

COUNTY = "阜南县教育局"
ABOUT = ("--scheme", "student-loan", "--period", "2020-2021", "--unit", COUNTY)


@pytest.fixture
def county(tmp_path: Path) -> Office:
    """A county with one student on its register."""
    office = Office(tmp_path)
    office.done("administrator", "init", "--rehearsal", "--plan", "funan-2020", day="2020-08-01")
    heads = ["姓名", "身份证号", "学校", "入学日期"]
    file = write_csv(tmp_path / "register.csv", [heads, ["测试1", number_of(1), COUNTY, "2019-09-01"]])
    office.done("clerk", "student", "import", file, day="2020-08-03")
    return office


def loan_of(office: Office) -> str:
    words = ("--amount", "6000", "--fees", "4800", "--board", "1200", "--co-borrower", "测试甲", "--phone", "13900000001")
    asked = office.done("applicant-clerk", "loan", "apply", number_of(1), *ABOUT, *words, day="2020-08-10")
    assert (asked["stand"], asked["asked_fen"]) == ("applied", 600_000)
    return str(asked["loan"])


def test_the_interest_is_paid_until_the_register_says_that_the_studies_are_over(county: Office) -> None:
    loan = loan_of(county)
    assert county.done("approver", "loan", "approve", loan, "--amount", "5500", day="2020-08-20")["amount_fen"] == 550_000
    county.done("cashier", "loan", "disburse", loan, "--bank-ref", "B-1", day="2020-09-20")
    (row,) = county.done("clerk", "loan", "list", day="2021-01-10")
    assert (row["stand"], row["amount_fen"], row["subsidy"], row["unit"]) == ("disbursed", 550_000, "paid", COUNTY)
    assert county.do("cashier", "loan", "end-subsidy", loan, day="2022-01-10").refused == "still_studying"
    changes = write_csv(
        county.folder / "changes.csv", [["姓名", "身份证号", "异动类型", "发生日期"], ["测试1", number_of(1), "毕业", "2023-06-30"]]
    )
    county.done("clerk", "student", "import", changes, day="2023-07-05")
    (row,) = county.done("clerk", "loan", "list", day="2023-07-06")
    assert (row["subsidy"], row["subsidy_until"]) == ("to_end", "2023-06-30")
    assert county.done("cashier", "loan", "end-subsidy", day="2023-07-10")["ended"] == 1
    (row,) = county.done("clerk", "loan", "list", day="2023-07-11")
    assert (row["subsidy"], row["subsidy_until"]) == ("ended", "2023-06-30")


def test_nobody_reads_who_the_co_borrower_is(county: Office) -> None:
    loan = loan_of(county)
    county.done("approver", "loan", "refuse", loan, "--reason", "测试甲不符", day="2020-08-20")
    held = b"".join(path.read_bytes() for path in county.ledger.glob("*.db*"))
    shown = county.do("clerk", "loan", "list", day="2020-08-21").text
    assert [word for word in ("测试甲", "13900000001") if word.encode() in held or word in shown] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--amount", "900", "--fees", "4800", "--co-borrower", "测试甲"), "loan_outside_limits"),
        (("--amount", "6000", "--fees", "4800", "--co-borrower", "测试甲"), "loan_outside_limits"),
        (("--amount", "6000", "--fees", "9800"), "co_borrower_missing"),
    ],
)
def test_an_application_outside_the_plan_records_nothing(county: Office, words: tuple[str, ...], code: str) -> None:
    size = county.done("clerk", "status", day="2020-08-10")["size"]
    assert county.do("applicant-clerk", "loan", "apply", number_of(1), *ABOUT, *words, day="2020-08-10").refused == code
    assert county.done("clerk", "status", day="2020-08-10")["size"] == size


def test_what_is_noted_on_a_saturday_is_refused(county: Office) -> None:
    words = ("--amount", "6000", "--fees", "9800", "--co-borrower", "测试甲")
    assert county.do("applicant-clerk", "loan", "apply", number_of(1), *ABOUT, *words, day="2020-08-15").refused == "not_a_workday"

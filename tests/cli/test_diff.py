"""`diff`: what changed between two days, two log sizes, or both, each change with the facts that made it."""

from __future__ import annotations

from typing import Any

from click.testing import CliRunner

from mingzhang.cli.app import cli
from tests.cli.aid_office import Office
from tests.workbooks.made_up import number_of, write_csv


def diff(office: Office, start: str, end: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.done("inspector", "diff", "--from", start, "--to", end, day="2020-06-30")["changes"]
    return found


def withdrawn_late(office: Office) -> None:
    """Student 1 left on 2020-04-08, which the school recorded on 2020-05-20."""
    head = ["姓名", "身份证号", "院系", "入学日期"]
    register = write_csv(office.folder / "register.csv", [head, ["测试1", number_of(1), "师范系", "2019-09-01"]])
    change = ["姓名", "身份证号", "异动类型", "发生日期", "登记日期"]
    changes = write_csv(office.folder / "changes.csv", [change, ["测试1", number_of(1), "退学", "2020-04-08", "2020-05-20"]])
    office.done("clerk", "student", "import", register, day="2020-05-20")
    office.done("clerk", "student", "import", changes, day="2020-05-20")


def test_nothing_changes_between_a_point_and_itself(answered: Office) -> None:
    assert diff(answered, "2020-04-10", "2020-04-10") == []


def test_payments_are_what_changes_on_the_pay_day(answered: Office) -> None:
    changes = diff(answered, "2020-04-09", "2020-04-10")
    assert {change["kind"] for change in changes} == {"payment"}
    paid = [change for change in changes if change["field"].endswith("paid_fen")]
    assert sorted((change["before"], change["after"]) for change in paid) == [(0, 100000), (0, 200000)]
    assert all(change["says"][-1].startswith("payment/") for change in paid)


def test_a_late_fact_shows_as_a_difference_in_what_was_known(answered: Office) -> None:
    withdrawn_late(answered)
    changes = diff(answered, "2020-04-10@2020-05-01", "2020-04-10@2020-06-01")
    status = [change for change in changes if change["kind"] == "enrolment"]
    assert [(change["student"], change["before"], change["after"]) for change in status] == [(answered.student(1), None, "退学")]
    assert diff(answered, "2020-04-10@2020-05-01", "2020-04-10@2020-05-01") == []


def test_people_see_masked_names_and_the_facts_in_words(answered: Office) -> None:
    words = ["--ledger", str(answered.ledger), "--lang", "en", "diff", "--from", "2020-04-09", "--to", "2020-04-10"]
    said = CliRunner().invoke(cli, words, env={"COLUMNS": "200"}).stdout
    assert "测**" in said and "测试1" not in said
    assert "2020-04-10 Paid by the bank: 2,000.00 yuan" in " ".join(said.split())


def test_a_point_that_cannot_be_read_is_a_usage_error(answered: Office) -> None:
    assert answered.do("inspector", "diff", "--from", "yesterday", day="2020-06-30").code == 2

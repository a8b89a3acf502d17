"""`payment prepare --instalment`: an award paid in parts, to the fen, one after the other, and never more than it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mingzhang.domain.plan.bundled import bundled_text
from tests.cli.aid_office import ACCOUNTS, SPRING, Office, approve_all, bank_answer, export, fund
from tests.cli.test_differences import left, pay, received, reference

DAY = "2020-04-20"
WHY = ("--reason", "synthetic")


@pytest.fixture(scope="session")
def _in_parts(_surveyed: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = _surveyed.copied_to(tmp_path_factory.mktemp("in-parts"))
    text = bundled_text("fuxin-2020").replace('version = "2020.1"', 'version = "2020.2"')
    text = text.replace("yuan_per_year = 4000", 'yuan_per_year = "3999.99"').replace("paid_in = 2\n", "paid_in = 2\ninstalments = 2\n", 1)
    file = office.folder / "parts.toml"
    file.write_text(text, encoding="utf-8")
    office.done("administrator", "plan", "amend", file, *WHY, "--on", "2020-03-12", day="2020-03-12")
    approve_all(office)
    fund(office)
    words = ("second-approver", "--role", "approver", "--unit", "college", "--name", "测试")
    office.done("administrator", "staff", "appoint", *words, day="2020-03-23")
    return office


@pytest.fixture
def office(_in_parts: Office, tmp_path: Path) -> Office:
    """Students 1 to 4 are awarded 1999.99, 1500, 1000 and 1999.99 yuan, to be paid in two instalments."""
    return _in_parts.copied_to(tmp_path)


def prepare(office: Office, *words: object, day: str = DAY) -> Any:
    return office.do("preparer", "payment", "prepare", *SPRING, *words, day=day)


def amounts(office: Office, person: int) -> dict[str, int]:
    rows = office.done("inspector", "payment", "list", "--student", office.student(person), day="2020-06-30")
    return {row["payment"].rsplit("/", 1)[1]: row["amount_fen"] for row in rows}


def test_the_spring_term_has_what_the_autumn_term_leaves_of_a_year(office: Office) -> None:
    cases = office.done("clerk", "application", "list", *SPRING, day=DAY)
    assert {case["amount_fen"] for case in cases if case["student"] == office.student(1)} == {199_999}


def test_the_parts_add_up_to_the_award_and_the_first_has_the_odd_fen(office: Office) -> None:
    pay(office, "B1", day=DAY)
    pay(office, "B2", "--instalment", 2, day=DAY)
    assert [amounts(office, person) for person in (1, 2)] == [{"1": 100_000, "2": 99_999}, {"1": 75_000, "2": 75_000}]
    assert office.done("inspector", "difference", "list", day="2020-06-30") == []
    traced = office.done("inspector", "trace", f"{reference(office, 1)}/2", day="2020-06-30")
    assert traced["complete"], traced["gaps"]


@pytest.mark.parametrize(
    ("paid", "number", "code"),
    [((), 2, "earlier_instalment_missing"), ((1, 2), 3, "instalment_unknown")],
)
def test_instalments_come_in_their_order_and_are_so_many(office: Office, paid: tuple[int, ...], number: int, code: str) -> None:
    for one in paid:
        pay(office, f"B{one}", "--instalment", one, day=DAY)
    said = prepare(office, "--instalment", number)
    assert said.refused == "nothing_to_pay"
    assert code in said.document["context"]["reasons"]


def test_an_instalment_that_is_paid_is_not_prepared_again(office: Office) -> None:
    pay(office, "B1", day=DAY)
    assert prepare(office).refused == "nothing_to_pay"


@pytest.mark.parametrize(
    ("tier", "second"),
    [("二档", 50_000), ("三档", 0)],
)
def test_the_second_instalment_evens_out_what_the_award_has_become(office: Office, tier: str, second: int) -> None:
    """The first paid 1000.00 of 1999.99; the award comes down to 1500, or to 1000, before the second."""
    pay(office, "B1", day=DAY)
    office.done("approver", "award", "reassess", reference(office, 1), "--tier", tier, *WHY, day=DAY)
    assert office.done("inspector", "difference", "list", day=DAY) == []
    said = prepare(office, "--instalment", 2, "--batch", "B2").document
    lines = {one["student"]: one["code"] for one in said["excluded"]}
    assert (amounts(office, 1).get("2", 0), lines.get(office.student(1), "")) == (second, "" if second else "nothing_left_of_award")


def test_what_an_award_comes_down_to_below_what_was_paid_is_a_difference(office: Office) -> None:
    pay(office, "B1", day=DAY)
    office.done("approver", "award", "reassess", reference(office, 1), "--amount", "0", *WHY, day=DAY)
    [found] = office.done("inspector", "difference", "list", day=DAY)
    assert found["difference_fen"] == -100_000


def test_a_part_taken_back_is_not_paid_with_the_next(office: Office) -> None:
    """Who had left on the first pay day and is back on the second gives the first part back and is paid the second alone."""
    pay(office, "B1", day=DAY)
    left(office, 1, "休学", on="2020-04-15", day=DAY)
    [found] = office.done("inspector", "difference", "list", day=DAY)
    assert (found["due_fen"], found["difference_fen"]) == (0, -100_000)
    office.done("second-approver", "difference", "decide", reference(office, 1), "--claw-back", *WHY, day=DAY)
    received(office, 1, "1000")
    left(office, 1, "复学", on="2020-05-20", day="2020-05-20")
    pay(office, "B2", "--instalment", 2, day="2020-05-21")
    assert amounts(office, 1)["2"] == 99_999
    [found] = office.done("inspector", "difference", "list", day="2020-06-30")
    assert (found["paid_fen"], found["due_fen"], found["difference_fen"]) == (99_999, 99_999, 0)


def test_a_failed_part_is_reissued_for_its_own_amount(office: Office) -> None:
    office.done("preparer", "payment", "prepare", *SPRING, "--batch", "B1", day=DAY)
    office.done("checker", "payment", "check", "B1", day=DAY)
    office.done("releaser", "payment", "release", "B1", day=DAY)
    answer = bank_answer(export(office, "B1", day=DAY), {ACCOUNTS[1]: "失败"}, on=DAY)
    office.done("cashier", "payment", "reconcile", answer, "--batch", "B1", day=DAY)
    said = office.done("preparer", "payment", "reissue", f"{reference(office, 1)}/1", "--batch", "B2", day=DAY)
    assert said["amount_fen"] == 100_000
    assert prepare(office, "--instalment", 2, "--batch", "B3").code == 0
    assert amounts(office, 1) == {"1": 100_000, "2": 99_999}

"""Files that no bank has sent, or that answer something else than went out, are refused by what they are; nothing of them is recorded."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mingzhang.cli.session import Session
from tests.bank.conftest import ORDER, contents, export, reconcile
from tests.cli.aid_office import ACCOUNTS, NEW_ACCOUNT, Office, bank_answer, returns_file
from tests.workbooks.made_up import HEADER, row_of, write_csv


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From then on the ledger is as one that was not made for practising."""
    return lambda: monkeypatch.setattr(Session, "rehearsal", property(lambda _session: False))


def rehearsed(office: Office, order: Path) -> Path:
    [file] = office.done("cashier", "payment", "rehearse", order, "--date", "2020-04-10", day="2020-04-10")["files"]
    return Path(file)


@pytest.mark.parametrize("profile", ORDER)
def test_the_answer_of_a_rehearsal_is_refused_by_a_real_ledger(released: Office, real: Callable[[], None], profile: str) -> None:
    answer = rehearsed(released, export(released, profile))
    real()
    before = contents(released.ledger)
    assert reconcile(released, answer) == (1, "bank_file_of_rehearsal")
    assert contents(released.ledger) == before


def test_a_file_whose_name_says_rehearsal_is_refused_by_a_real_ledger(released: Office, real: Callable[[], None]) -> None:
    answer = bank_answer(export(released), {}, "回盘-演练.csv")
    real()
    assert reconcile(released, answer) == (1, "bank_file_of_rehearsal")


@pytest.mark.parametrize("profile", ORDER)
def test_the_order_itself_is_no_answer(released: Office, profile: str) -> None:
    order = export(released, profile)
    before = contents(released.ledger)
    assert reconcile(released, order) == (1, "bank_file_is_order")
    assert contents(released.ledger) == before


def test_the_order_as_it_was_opened_and_saved_again_is_no_answer(released: Office) -> None:
    order = export(released)
    order.write_bytes(order.read_bytes() + b"\r\n")
    assert reconcile(released, order) == (1, "bank_file_unreadable")


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [("1500.00", "1600.00", "bank_file_amount_differs"), (ACCOUNTS[2], NEW_ACCOUNT, "bank_file_account_differs")],
)
def test_an_order_changed_on_its_way_to_the_bank_shows_in_the_row_of_its_answer(
    released: Office, before: str, after: str, code: str
) -> None:
    order = export(released)
    text = order.read_text(encoding="gb18030")
    assert before in text
    order.write_text(text.replace(before, after), encoding="gb18030", newline="")
    answer = bank_answer(order, {})
    row = next(n for n, line in enumerate(answer.read_text(encoding="gb18030").splitlines(), 1) if after in line)
    said = released.do("cashier", "payment", "reconcile", answer, "--batch", "B1", day="2020-04-11")
    assert (said.refused, said.document["context"]["row"]) == (code, row)


def test_a_line_taken_out_of_the_order_shows_as_missing(released: Office) -> None:
    order = export(released)
    lines = order.read_bytes().split(b"\r\n")
    order.write_bytes(b"\r\n".join(lines[:2] + lines[3:]))
    assert reconcile(released, bank_answer(order, {})) == (1, "bank_file_line_missing")


def test_an_answer_that_was_opened_and_saved_as_utf_8_is_refused_with_what_to_do(released: Office) -> None:
    answer = bank_answer(export(released), {})
    answer.write_bytes(answer.read_bytes().decode("gb18030").encode("utf-8"))
    said = released.do("cashier", "payment", "reconcile", answer, "--batch", "B1", day="2020-04-11")
    assert (said.refused, said.document["context"]["promised"]) == ("bank_file_encoding", "GB18030")
    assert "as the bank sent it" in said.document["next"]


def test_an_answer_in_another_layout_than_the_order_is_refused(released: Office) -> None:
    answer = bank_answer(export(released), {})
    assert reconcile(released, answer, "--bank-profile", "pipe") == (1, "bank_profile_not_exported")


def test_an_answer_for_another_unit_is_refused(released: Office) -> None:
    answer = rehearsed(released, export(released, "pipe"))
    text = answer.read_text(encoding="gb18030")
    date_, unit, *_rest = text.splitlines()[0].split("|")
    answer.write_text(text.replace(f"{date_}|{unit}|", f"{date_}|elsewhere|", 1), encoding="gb18030", newline="")
    assert reconcile(released, answer) == (1, "bank_file_other_unit")


def test_an_account_corrected_after_the_export_does_not_disturb_the_answer(released: Office) -> None:
    answer = bank_answer(export(released), {ACCOUNTS[1]: "处理中"})
    row = row_of(2, 院系="综职系", 困难类别="低保", 银行卡号=NEW_ACCOUNT)
    file = write_csv(released.folder / "corrected.csv", [HEADER, row])
    words = ("--round", "2020-spring", "--reason", "换卡")
    corrected = released.do("surveyor", "survey", "correct", file, *words, day="2020-04-05")
    assert corrected.code == 0, corrected.text
    assert reconcile(released, answer) == (0, "")
    [row] = released.done("inspector", "payment", "list", "--student", released.student(2), day="2020-06-30")
    assert (row["stand"], row["amount_fen"]) == ("paid", 150000)


def test_the_answer_is_applied_once_more_to_a_ledger_restored_from_before_it(released: Office, tmp_path: Path) -> None:
    answer = bank_answer(export(released), {ACCOUNTS[2]: "失败", ACCOUNTS[3]: "处理中"})
    before = tmp_path / "before"
    shutil.copytree(released.ledger, before)
    assert reconcile(released, answer) == (0, "")
    after = tmp_path / "after"
    shutil.copytree(released.ledger, after)
    balances = released.done("inspector", "fund", "balances", day="2020-06-30")
    for folder, outcome in ((after, (1, "bank_file_already_reconciled")), (before, (0, ""))):
        shutil.rmtree(released.ledger)
        shutil.copytree(folder, released.ledger)
        assert reconcile(released, answer, day="2020-04-12") == outcome
        assert released.done("inspector", "fund", "balances", day="2020-06-30") == balances
        assert reconcile(released, answer, day="2020-04-13") == (1, "bank_file_already_reconciled")


def test_money_that_came_back_is_taken_in_once(released: Office) -> None:
    order = export(released)
    assert reconcile(released, bank_answer(order, {})) == (0, "")
    file = returns_file(order, ACCOUNTS[1], "代发-B1")
    released.done("cashier", "payment", "returns", file, day="2020-06-30")
    again = released.do("cashier", "payment", "returns", file, day="2020-06-30")
    assert (again.code, again.refused) == (1, "bank_file_already_reconciled")

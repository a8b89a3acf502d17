"""`payment reconcile`, `returns`, `reissue` and what follows: whole answers only, chains kept together, money to the fen."""

from __future__ import annotations

from pathlib import Path

import pytest

from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from tests.cli.aid_office import (
    ACCOUNTS,
    NEW_ACCOUNT,
    SPRING,
    Office,
    bank_answer,
    export,
    order_lines,
    returns_file,
)
from tests.workbooks.made_up import number_of, write_csv

HEAD = ["姓名", "身份证号", "银行卡号", "户名"]


def payment(office: Office, person: int) -> str:
    return f"payment/fuxin-2020.grant/{office.student(person)}/2020-spring/1"


def reconcile(office: Office, file: Path, *words: str, day: str = "2020-04-11") -> tuple[int, str]:
    said = office.do("cashier", "payment", "reconcile", file, *words, day=day)
    return said.code, said.document.get("refused", "")


def available(office: Office) -> int:
    [row] = office.done("inspector", "fund", "balances", day="2020-06-30")
    assert row["received_fen"] == sum(row[f"{place}_fen"] for place in ("available", "reserved", "paid", "returned"))
    return int(row["available_fen"])


def export_again(office: Office) -> Path:
    words = ("--bank-profile", "csv-gb18030", "--out", office.folder, "--again")
    return Path(office.done("cashier", "payment", "export", "B1", *words, day="2020-06-30")["file"])


def test_an_answer_is_matched_to_the_only_batch_that_waits(released: Office) -> None:
    answer = bank_answer(export(released), {ACCOUNTS[2]: "失败", ACCOUNTS[3]: "处理中"})
    said = released.done("cashier", "payment", "reconcile", answer, day="2020-04-11")
    assert {name: said[name] for name in ("batch", "paid", "failed", "pending", "amount_fen")} == {
        "batch": "B1",
        "paid": 1,
        "failed": 1,
        "pending": 1,
        "amount_fen": 200000,
    }


def test_the_same_answer_twice_is_refused(released: Office) -> None:
    answer = bank_answer(export(released), {})
    assert reconcile(released, answer) == (0, "")
    assert reconcile(released, answer) == (1, "bank_file_already_reconciled")
    assert reconcile(released, answer, "--batch", "B1") == (1, "bank_file_already_reconciled")


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("合计,3,", "合计,4,", "bank_file_count_differs"),
        ("4500.00,4500.00", "4600.00,4500.00", "bank_file_total_differs"),
        ("测试2", "测试9", "bank_file_name_differs"),
        (ACCOUNTS[2], NEW_ACCOUNT, "bank_file_account_differs"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_whole(released: Office, before: str, after: str, code: str) -> None:
    answer = bank_answer(export(released), {})
    text = answer.read_text(encoding="gb18030")
    assert before in text
    answer.write_text(text.replace(before, after), encoding="gb18030", newline="")
    assert reconcile(released, answer) == (1, code)
    assert released.done("inspector", "payment", "list", "--stand", "paid", day="2020-06-30") == []


def test_an_answer_to_a_part_must_be_declared_as_one(released: Office) -> None:
    answer = bank_answer(export(released), {}, only=[ACCOUNTS[1]])
    assert reconcile(released, answer) == (1, "bank_file_line_missing")
    assert reconcile(released, answer, "--partial") == (0, "")


def test_a_later_answer_may_leave_out_what_is_settled_and_nothing_else(released: Office) -> None:
    order = export(released)
    first = bank_answer(order, {ACCOUNTS[2]: "处理中", ACCOUNTS[3]: "处理中"}, "第一次.csv")
    assert reconcile(released, first) == (0, "")
    assert reconcile(released, bank_answer(order, {}, "少.csv", only=[ACCOUNTS[2]])) == (1, "bank_file_line_missing")
    assert reconcile(released, bank_answer(order, {}, "第二次.csv", only=[ACCOUNTS[2], ACCOUNTS[3]])) == (0, "")
    assert available(released) == 1000000 - 450000


def test_the_banks_reason_is_shown_with_the_attempt_and_kept_sealed(answered: Office) -> None:
    said = answered.done("cashier", "payment", "show", payment(answered, 2), day="2020-06-30")
    [attempt] = said["attempts"]
    assert (attempt["outcome"], attempt["code"], attempt["reason"]) == ("failed", "3039", "账户已销户")
    assert attempt["account"] == "****" + ACCOUNTS[2][-4:]
    assert "账户已销户".encode() not in (answered.ledger / "journal.db").read_bytes()


def test_returned_money_is_available_again(answered: Office) -> None:
    before = available(answered)
    file = returns_file(export_again(answered), ACCOUNTS[1], "代发-B1")
    said = answered.done("cashier", "payment", "returns", file, day="2020-06-30")
    assert (said["batch"], said["returned"], said["amount_fen"]) == ("B1", 1, 200000)
    assert available(answered) == before + 200000


def test_returns_of_another_batch_are_refused(answered: Office) -> None:
    file = returns_file(export_again(answered), ACCOUNTS[1], "代发-B7")
    said = answered.do("cashier", "payment", "returns", file, "--batch", "B1", day="2020-06-30")
    assert (said.code, said.refused) == (1, "bank_file_other_batch")


def test_a_failed_payment_goes_out_again_to_the_corrected_account(answered: Office) -> None:
    accounts = write_csv(answered.folder / "accounts.csv", [HEAD, ["测试2", number_of(2), NEW_ACCOUNT, ""]])
    words = ("--batch-of", "B1", "--accounts", accounts, "--batch", "B2")
    said = answered.done("preparer", "payment", "reissue", *words, day="2020-04-20")
    assert (said["payments"], said["amount_fen"], said["accounts_corrected"]) == (1, 150000, 1)
    answered.done("checker", "payment", "check", "B2", day="2020-04-21")
    answered.done("releaser", "payment", "release", "B2", day="2020-04-21")
    order = export(answered, "B2", day="2020-04-22")
    assert [line[1:3] for line in order_lines(order)] == [[NEW_ACCOUNT, "测试2"]]
    assert reconcile(answered, bank_answer(order, {}, "回盘2.csv", on="2020-04-23"), day="2020-04-24") == (0, "")
    shown = answered.done("cashier", "payment", "show", payment(answered, 2), day="2020-06-30")
    assert [(one["batch"], one["outcome"]) for one in shown["attempts"]] == [("B1", "failed"), ("B2", "paid")]
    assert shown["paid_fen"] == 150000


def test_a_corrected_account_is_found_by_its_number(answered: Office) -> None:
    words = (payment(answered, 2), "--account", NEW_ACCOUNT)
    answered.done("preparer", "payment", "reissue", *words, day="2020-06-30")
    with Session(Globals(str(answered.ledger), None, "en", True, True, None)) as session:
        assert session.vault.find("account", NEW_ACCOUNT) == [answered.student(2)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["测试9", number_of(2), NEW_ACCOUNT, ""], "person_not_matched"),
        (["测试99", number_of(99), NEW_ACCOUNT, ""], "student_not_found"),
        (["测试1", number_of(1), NEW_ACCOUNT, ""], "payment_not_reissuable"),
        (["测试2", number_of(2), "", ""], "required_missing"),
    ],
)
def test_a_list_of_accounts_with_a_wrong_row_changes_nothing(answered: Office, row: list[str], code: str) -> None:
    accounts = write_csv(answered.folder / "accounts.csv", [HEAD, row])
    said = answered.do("preparer", "payment", "reissue", "--batch-of", "B1", "--accounts", accounts, day="2020-04-20")
    assert (said.code, [one["code"] for one in said.document["refused"]]) == (3, [code])
    assert answered.done("inspector", "payment", "list", "--stand", "failed", day="2020-06-30")


def test_a_paid_payment_cannot_be_paid_again(answered: Office) -> None:
    said = answered.do("preparer", "payment", "reissue", payment(answered, 1), day="2020-06-30")
    assert (said.code, said.refused) == (1, "payment_not_reissuable")


def test_a_reissue_that_was_cancelled_can_be_prepared_again(answered: Office) -> None:
    answered.done("preparer", "payment", "reissue", "--batch-of", "B1", "--batch", "B2", day="2020-04-20")
    answered.done("preparer", "payment", "cancel", "B2", "--reason", "测试", day="2020-04-20")
    said = answered.done("preparer", "payment", "prepare", *SPRING, "--pay-on", "2020-04-25", day="2020-04-20")
    assert said["payments"] == 1


def test_an_old_answer_repeated_after_a_reissue_changes_nothing(answered: Office) -> None:
    answered.done("preparer", "payment", "reissue", "--batch-of", "B1", "--batch", "B2", day="2020-06-01")
    again = bank_answer(export_again(answered), {ACCOUNTS[2]: "失败"}, "再次.csv", on="2020-04-11")
    before = available(answered)
    assert reconcile(answered, again, "--batch", "B1", day="2020-06-30") == (0, "")
    assert available(answered) == before


def test_an_answer_that_takes_back_what_was_said_before_is_refused(answered: Office) -> None:
    again = bank_answer(export_again(answered), {}, "改口.csv")
    assert reconcile(answered, again, "--batch", "B1", day="2020-06-30") == (1, "bank_file_contradicts")


def test_no_more_comes_back_than_was_asked_back(answered: Office) -> None:
    one = payment(answered, 1)
    words = ("--amount", "500", "--reason", "测试")
    answered.done("approver", "payment", "clawback", one, *words, day="2020-06-30")
    more = answered.do("cashier", "payment", "clawback-received", one, "--amount", "500.01", day="2020-06-30")
    assert (more.code, more.refused) == (1, "clawback_not_asked")
    said = answered.done("cashier", "payment", "clawback-received", one, "--amount", "500", day="2020-06-30")
    assert (said["paid_fen"], said["clawed_back_fen"]) == (150000, 50000)


def test_a_reversed_payment_is_money_available_again(answered: Office) -> None:
    before = available(answered)
    said = answered.done("cashier", "payment", "reverse", payment(answered, 1), "--reason", "测试", day="2020-06-30")
    assert (said["stand"], said["paid_fen"]) == ("reversed", 0)
    assert available(answered) == before + 200000


def test_a_payment_said_again_under_another_number_is_refused_with_what_to_do(answered: Office) -> None:
    again = bank_answer(export_again(answered), {ACCOUNTS[2]: "失败"}, "再次.csv")
    text = again.read_text(encoding="gb18030")
    again.write_text(text.replace(",F", ",G", 1), encoding="gb18030", newline="")  # of the first that was paid
    said = answered.do("cashier", "payment", "reconcile", again, "--batch", "B1", day="2020-06-30")
    assert (said.code, said.refused, said.document["context"]["bank_ref"][0]) == (1, "bank_ref_differs", "G")
    assert "two debits" in said.document["next"]


def test_a_payment_handed_back_in_part_comes_back_whole_and_is_owed_whole(answered: Office) -> None:
    one = payment(answered, 1)
    answered.done("approver", "payment", "clawback", one, "--amount", "500", "--reason", "测试", day="2020-06-28")
    answered.done("cashier", "payment", "clawback-received", one, "--amount", "500", day="2020-06-29")
    before = available(answered)
    order = export_again(answered)
    wrong = returns_file(order, ACCOUNTS[1], "代发-B1", name="少.csv")
    text = wrong.read_text(encoding="gb18030")
    wrong.write_text(text.replace("2000.00", "1500.00"), encoding="gb18030", newline="")
    less = answered.do("cashier", "payment", "returns", wrong, day="2020-06-30")
    assert (less.refused, less.document["context"]["asked_fen"]) == ("bank_file_amount_differs", 200_000)
    answered.done("cashier", "payment", "returns", returns_file(order, ACCOUNTS[1], "代发-B1"), day="2020-06-30")
    assert available(answered) == before + 200_000
    shown = answered.done("inspector", "payment", "show", one, day="2020-06-30")
    assert (shown["paid_fen"], shown["owed_fen"]) == (-50_000, 200_000)
    [row] = answered.done("inspector", "payment", "list", "--student", answered.student(1), day="2020-06-30")
    assert (row["paid_fen"], row["owed_fen"]) == (-50_000, 200_000)
    assert answered.done("inspector", "trace", one, day="2020-06-30")["complete"]
    [own] = [row for row in answered.done("inspector", "fund", "balances", "--by", "source", day="2020-06-30") if row["source"] == "payees"]
    assert (own["received_fen"], own["available_fen"]) == (50_000, 50_000)
    page = answered.plain("inspector", "payment", "show", one, day="2020-06-30", language="zh")
    assert "受助人退款以后银行又全额退回" in page.replace("\n", "")
    page = answered.plain("inspector", "fund", "balances", "--by", "source", day="2020-06-30", language="zh")
    assert "受助人退款后银行又退回" in page

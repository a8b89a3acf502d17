"""`payment stop`, `reject`, `part-paid`, `reissue --evidence`, `clawback-reversed`: every ending of an attempt, and what may follow it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.aid_office import ACCOUNTS, NEW_ACCOUNT, SPRING, Office, Said, bank_answer, export, order_lines, returns_file
from tests.cli.test_payment_answers import available, payment

WHY = ("--reason", "synthetic")
SENT, LATER, LAST = "2020-04-11", "2020-04-13", "2020-04-20"


def slip(office: Office) -> Path:
    file = office.folder / "slip.pdf"
    file.write_bytes(b"%PDF-1.4 synthetic")
    return file


def stop(office: Office, person: int, day: str = "2020-04-02") -> Said:
    return office.do("releaser", "payment", "stop", payment(office, person), *WHY, day=day)


def part(office: Office, person: int, amount: str, *words: object) -> Said:
    return office.do("cashier", "payment", "part-paid", payment(office, person), "--amount", amount, *words, day=SENT)


def parted(office: Office) -> Path:
    """Of student 1's 2000 yuan the bank moved 1200."""
    order = export(office)
    assert part(office, 1, "1200", "--bank-ref", "T1", "--evidence", slip(office)).code == 0
    return order


def paid_again(office: Office, *payments: str, batch: str, day: str = LAST) -> None:
    """Reissued, checked, released, exported and paid."""
    office.done("preparer", "payment", "reissue", *payments, "--batch", batch, day=day)
    office.done("checker", "payment", "check", batch, day=day)
    office.done("releaser", "payment", "release", batch, day=day)
    answer = bank_answer(export(office, batch, day=day), {}, f"回盘-{batch}.csv", on=day)
    office.done("cashier", "payment", "reconcile", answer, "--batch", batch, day=day)


def shown(office: Office, person: int) -> Any:
    return office.done("inspector", "payment", "show", payment(office, person), day="2020-06-30")


def whole(office: Office, person: int) -> bool:
    traced = office.done("inspector", "trace", payment(office, person), day="2020-06-30")
    return bool(traced["complete"])


def test_one_payment_is_left_out_of_the_file_and_the_others_keep_their_numbers(released: Office) -> None:
    first = shown(released, 1)["attempts"][0]["line"]
    said = stop(released, 1).document
    assert {name: said[name] for name in ("stand", "line", "payments", "left_fen")} == {
        "stand": "stopped",
        "line": first,
        "payments": 2,
        "left_fen": 250_000,
    }
    assert available(released) == 750_000
    order = export(released)
    assert sorted(int(row[0]) for row in order_lines(order)) == sorted({1, 2, 3} - {first})
    answer = bank_answer(order, {})
    assert released.done("cashier", "payment", "reconcile", answer, "--batch", "B1", day=SENT)["paid"] == 2
    [batch] = released.done("inspector", "payment", "batches", day="2020-06-30")
    assert (batch["payments"], batch["amount_fen"], batch["stopped"]) == (2, 250_000, 1)
    assert whole(released, 2)


def test_what_was_stopped_is_free_for_another_batch(released: Office) -> None:
    stop(released, 1)
    said = released.done("preparer", "payment", "prepare", *SPRING, "--batch", "B2", day="2020-04-03")
    assert (said["payments"], said["amount_fen"]) == (1, 200_000)
    assert whole(released, 1)


def reasons(office: Office, batch: str, day: str = "2020-04-03") -> list[str]:
    """Why nobody can be paid by a further batch."""
    return list(office.do("preparer", "payment", "prepare", *SPRING, "--batch", batch, day=day).document["context"]["reasons"])


def test_what_was_stopped_for_its_account_goes_to_another_account_only(released: Office) -> None:
    said = released.done("releaser", "payment", "stop", payment(released, 1), "--account-wrong", *WHY, day="2020-04-02")
    assert said["account_wrong"]
    assert "account_said_wrong" in reasons(released, "B2")
    [row] = released.done("reviewer", "account", "list", "--doubtful", day="2020-04-03")
    assert (row["student"], [doubt["code"] for doubt in row["doubts"]]) == (released.student(1), ["account_said_wrong"])
    correct = ("student", "correct", released.student(1), *WHY, "--set")
    released.done("clerk", *correct, f"account={ACCOUNTS[1]}", day="2020-04-03")
    assert "account_said_wrong" in reasons(released, "B2")  # the same number once more
    released.done("clerk", *correct, f"account={NEW_ACCOUNT}", day="2020-04-03")
    assert released.done("preparer", "payment", "prepare", *SPRING, "--batch", "B2", day="2020-04-03")["payments"] == 1
    assert whole(released, 1)


def test_what_was_stopped_for_its_account_goes_there_after_all_once_somebody_answers_for_it(released: Office) -> None:
    released.done("releaser", "payment", "stop", payment(released, 1), "--account-wrong", *WHY, day="2020-04-02")
    clear = ("account", "clear", released.student(1), "--code", "account_said_wrong", *WHY)
    released.done("reviewer", *clear, day="2020-04-03")
    assert released.done("reviewer", "account", "list", "--doubtful", day="2020-04-03") == []
    said = released.done("preparer", "payment", "prepare", *SPRING, "--batch", "B2", day="2020-04-03")
    assert said["payments"] == 1
    taken_back = ("account", "doubt", released.student(1), "--code", "account_said_wrong", *WHY)
    released.done("checker", *taken_back, day="2020-04-03")
    held = released.do("checker", "payment", "check", "B2", day="2020-04-03")
    assert (held.refused, held.document["context"]["obstacle"]) == ("payment_obstructed", "account_said_wrong")
    other = released.do("reviewer", *clear[:3], "--code", "account_belongs_to_staff", *WHY, day="2020-04-03")
    assert other.refused == "account_not_doubtful"


def test_an_answer_to_a_stopped_line_is_refused(released: Office) -> None:
    order = export(released.copied_to(released.folder / "whole"))
    stop(released, 1)
    export(released)
    said = released.do("cashier", "payment", "reconcile", bank_answer(order, {}), "--batch", "B1", day=SENT)
    assert said.refused in ("bank_file_line_unknown", "bank_file_other_batch")


def test_nothing_is_stopped_once_the_bank_has_it(released: Office) -> None:
    export(released)
    said = stop(released, 1)
    assert said.refused == "payment_already_sent"
    assert "payment reject" in said.document["next"]


def test_a_stopped_line_is_in_no_signed_or_copied_file_and_the_last_one_cannot_be_stopped(released: Office) -> None:
    assert stop(released, 1).code == 0
    assert stop(released, 2).code == 0
    assert stop(released, 3).refused == "batch_of_one_payment"
    assert len(order_lines(export(released))) == 1


def test_a_line_the_bank_sends_back_is_free_again_and_a_later_success_contradicts(released: Office) -> None:
    order = export(released)
    words = ("--code", "E07", *WHY)
    said = released.done("cashier", "payment", "reject", payment(released, 1), *words, day=SENT)
    assert (said["stand"], said["owed_fen"]) == ("rejected", 200_000)
    assert available(released) == 750_000
    both = bank_answer(order, {})
    refused = released.do("cashier", "payment", "reconcile", both, "--batch", "B1", day=SENT)
    assert refused.refused == "bank_file_contradicts"
    failed = bank_answer(order, {ACCOUNTS[1]: "失败"}, "回盘-2.csv")
    assert released.done("cashier", "payment", "reconcile", failed, "--batch", "B1", day=SENT)["paid"] == 2
    assert available(released) == 750_000
    paid_again(released, payment(released, 1), batch="B2")
    assert (shown(released, 1)["paid_fen"], whole(released, 1)) == (200_000, True)


def test_a_whole_file_is_sent_back(released: Office) -> None:
    export(released)
    said = released.done("cashier", "payment", "reject", "B1", "--code", "E31", *WHY, day=SENT)
    assert (said["rejected"], said["amount_fen"]) == (3, 450_000)
    assert available(released) == 1_000_000
    assert released.do("cashier", "payment", "reject", "B1", "--code", "E31", *WHY, day=SENT).refused == "batch_settled"
    [batch] = released.done("inspector", "payment", "batches", day="2020-06-30")
    assert (batch["stand"], batch["rejected"]) == ("rejected", 3)
    again = released.done("preparer", "payment", "reissue", "--batch-of", "B1", "--batch", "B2", day=LATER)
    assert again["payments"] == 3
    assert whole(released, 3)


def test_of_a_partial_payment_the_rest_is_paid_by_a_further_attempt_and_never_more(released: Office) -> None:
    parted(released)
    assert available(released) == 630_000
    assert (shown(released, 1)["stand"], shown(released, 1)["paid_fen"]) == ("part_paid", 120_000)
    assert whole(released, 1)
    paid_again(released, payment(released, 1), batch="B2")
    state = shown(released, 1)
    assert (state["stand"], state["paid_fen"], [one["amount_fen"] for one in state["attempts"]]) == ("paid", 200_000, [200_000, 80_000])
    assert [one["outcome"] for one in state["attempts"]] == ["part_paid", "paid"]
    assert whole(released, 1)
    refused = released.do("preparer", "payment", "reissue", payment(released, 1), "--batch", "B3", day=LAST)
    assert refused.refused == "payment_not_reissuable"
    [row] = [one for one in released.done("inspector", "roster", day="2020-06-30") if one["student"] == state["student"]]
    assert row["paid_fen"] == 200_000
    [total] = [one for one in released.done("inspector", "payment", "totals", day="2020-06-30") if one["prepared_fen"] == 200_000]
    assert (total["paid"], total["paid_fen"]) == (1, 200_000)


def test_a_part_is_shown_by_a_document_and_is_less_than_was_asked(released: Office) -> None:
    export(released)
    assert part(released, 1, "1200").refused == "part_without_evidence"
    for amount in ("2000", "2000.01"):
        assert part(released, 1, amount, "--evidence", slip(released)).refused == "part_not_a_part"


def answer_of_part(office: Office, order: Path) -> Path:
    """The bank's answer: 1200 of student 1's 2000 yuan, the others whole."""
    text = bank_answer(order, {}).read_text(encoding="gb18030")
    told = office.folder / "回盘-部分.csv"
    total = "4500.00,4500.00"
    assert "2000.00,2000.00" in text and total in text
    told.write_text(text.replace("2000.00,2000.00", "2000.00,1200.00").replace(total, "4500.00,3700.00"), encoding="gb18030")
    return told


def test_an_answer_that_comes_only_after_the_part_was_returned_says_nothing_new(released: Office) -> None:
    told = answer_of_part(released, parted(released))
    back = returns_file(told, ACCOUNTS[1], "B1")
    back.write_text(back.read_text(encoding="gb18030").replace("2000.00", "1200.00"), encoding="gb18030")
    released.done("cashier", "payment", "returns", back, day=LATER)
    said = released.done("cashier", "payment", "reconcile", told, "--batch", "B1", day=LAST)
    assert (said["paid"], shown(released, 1)["stand"], shown(released, 1)["paid_fen"]) == (3, "returned", 0)


def test_an_answer_that_repeats_the_part_already_recorded_says_nothing_new(released: Office) -> None:
    order = parted(released)
    told = answer_of_part(released, order)
    said = released.done("cashier", "payment", "reconcile", told, "--batch", "B1", day=SENT)
    assert (said["paid"], shown(released, 1)["stand"]) == (3, "part_paid")
    whole_file = bank_answer(order, {}, "回盘-全部.csv")
    refused = released.do("cashier", "payment", "reconcile", whole_file, "--batch", "B1", day=SENT)
    assert refused.refused in ("bank_file_contradicts", "bank_file_amount_differs")


def test_a_corrected_account_is_kept_with_the_document_that_shows_it(answered: Office) -> None:
    failed = payment(answered, 2)
    words = ("--account", NEW_ACCOUNT, "--evidence", slip(answered), "--batch", "B2")
    answered.done("preparer", "payment", "reissue", failed, *words, day=LATER)
    [kept] = answered.done("inspector", "evidence", "list", day="2020-06-30")
    assert all(fact["event"].startswith(f"student/{answered.student(2)}@") for fact in kept["facts"])
    plain = ("payment", "reissue", failed, "--evidence", slip(answered))
    assert answered.do("preparer", *plain, day=LATER).code == 2


def second_approver(office: Office) -> None:
    words = ("--role", "approver", "--unit", "college", "--name", "测试甲")
    office.done("administrator", "staff", "appoint", "a02", *words, day=LATER)


def test_a_demand_made_by_mistake_is_withdrawn_by_somebody_else(answered: Office) -> None:
    first = payment(answered, 1)
    answered.done("approver", "payment", "clawback", first, "--amount", "500", *WHY, day=LATER)
    words = ("payment", "clawback-withdrawn", first, *WHY)
    assert answered.do("approver", *words, "--amount", "500", day=LATER).refused == "same_person_decided_twice"
    second_approver(answered)
    assert answered.do("a02", *words, "--amount", "500.01", day=LATER).refused == "clawback_not_open"
    assert answered.do("a02", *words, "--amount", "1", "--demand", f"{first}@9", day=LATER).refused == "event_unknown"
    said = answered.done("a02", *words, "--amount", "500", "--demand", f"{first}@3", day=LATER)
    assert (said["clawback_fen"], said["paid_fen"], said["owed_fen"]) == (0, 200_000, 0)
    assert shown(answered, 1)["events"][-1]["topic"] == "payment.clawback_withdrawn"
    assert whole(answered, 1)
    assert answered.do("a02", *words, "--amount", "1", day=LATER).refused == "clawback_not_open"


def test_a_deduction_that_was_wrong_is_given_back_by_a_batch_of_its_own(answered: Office) -> None:
    first = payment(answered, 1)
    answered.done("approver", "payment", "clawback", first, "--amount", "500", *WHY, day=LATER)
    early = answered.do("approver", "payment", "clawback-reversed", first, "--amount", "500", *WHY, day=LATER)
    assert early.refused == "clawback_not_received"
    answered.done("cashier", "payment", "clawback-received", first, "--amount", "500", day=LATER)
    own = answered.do("approver", "payment", "clawback-reversed", first, "--amount", "500", *WHY, day=LATER)
    assert (own.refused, own.document["context"]["did"]) == ("same_person_decided_twice", "clawback")
    second_approver(answered)
    said = answered.done("a02", "payment", "clawback-reversed", first, "--amount", "500", *WHY, day=LATER)
    assert (said["paid_fen"], said["owed_fen"]) == (150_000, 50_000)
    [listed] = [one for one in answered.done("inspector", "payment", "list", day="2020-06-30") if one["payment"] == first]
    assert (listed["stand"], listed["owed_fen"]) == ("paid", 50_000)
    paid_again(answered, first, batch="B2")
    assert shown(answered, 1)["paid_fen"] == 200_000
    assert whole(answered, 1)


def test_a_payment_is_told_with_what_its_payee_has_and_what_is_still_owed(released: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    parted(released)
    page = released.plain("inspector", "payment", "show", payment(released, 1), day=LAST, language="zh")
    assert "实发 1,200.00 元，尚欠 800.00 元。" in page
    listed = released.plain("inspector", "payment", "list", "--batch", "B1", day=LAST, language="zh")
    assert "实发（元）" in listed and "1,200.00" in listed and "尚欠（元）" in listed and "800.00" in listed


def test_only_what_is_being_asked_back_is_told_as_asked_back(released: Office) -> None:
    order = export(released)
    released.done("cashier", "payment", "reconcile", bank_answer(order, {}), "--batch", "B1", day=SENT)
    name = payment(released, 1)
    said = released.plain("approver", "payment", "clawback", name, "--amount", "500", *WHY, day=LATER, language="zh")
    assert "状态：已付；实发2,000.00元，其中500.00元正在追缴、尚未收回。" in "".join(said.split())
    assert "追缴" not in released.plain("cashier", "payment", "clawback-received", name, "--amount", "500", day=LATER, language="zh")


def test_what_the_bank_sent_back_is_not_told_as_a_review_that_was_not_passed(released: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    export(released)
    words = ("--code", "E07", *WHY)
    said = released.plain("cashier", "payment", "reject", payment(released, 1), *words, day=SENT, language="zh")
    again = released.do("cashier", "payment", "reject", payment(released, 1), *words, day=SENT)
    assert "stands at: sent back unprocessed;" in again.document["message"]
    listed = released.plain("inspector", "payment", "list", "--batch", "B1", day=LAST, language="zh")
    for text in (said, listed):
        assert "银行未处理退回" in text and "未通过" not in text


def test_a_corrected_account_goes_to_the_bank_as_digits_however_it_was_written(released: Office) -> None:
    stop(released, 1)
    words = ("--set", f"account={NEW_ACCOUNT[:4]} {NEW_ACCOUNT[4:]}", *WHY, "--evidence", slip(released))
    released.done("clerk", "student", "correct", released.student(1), *words, day=LATER)
    released.done("preparer", "payment", "prepare", *SPRING, "--batch", "B2", day=LATER)
    released.done("checker", "payment", "check", "B2", day=LATER)
    released.done("releaser", "payment", "release", "B2", day=LATER)
    [row] = order_lines(export(released, "B2", day=LATER))
    assert NEW_ACCOUNT in row

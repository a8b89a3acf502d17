"""Whose account is it: shared, a member of staff's, in another name; held until somebody answers for it, and a finding all the same."""

from __future__ import annotations

import secrets
import shutil
from typing import Any

import pytest

from mingzhang.domain.vault import Vault, load_master_key
from tests.cli.aid_office import ACCOUNTS, NEW_ACCOUNT, SPRING, Office, bank_answer, export
from tests.workbooks.made_up import number_of, write_csv

DAY, LATER = "2020-03-25", "2020-04-01"
PREPARE = ("payment", "prepare", *SPRING, "--pay-on", "2020-04-10", "--batch", "B1")
NAME, SHARED, STAFF = "account_name_not_student", "account_shared_by_several_students", "account_belongs_to_staff"


def correct(office: Office, person: int, *settings: str, day: str = DAY) -> None:
    words = [word for setting in settings for word in ("--set", setting)]
    office.done("clerk", "student", "correct", office.student(person), *words, "--reason", "测试", day=day)


def held(office: Office, *more: str, day: str = LATER) -> set[tuple[str, str]]:
    """(student, code) of everything that is held."""
    rows = office.done("inspector", "account", "list", "--doubtful", *more, day=day)
    return {(row["student"], doubt["code"]) for row in rows for doubt in row["doubts"] if doubt["cleared_by"] is None}


def clear(office: Office, person: int, code: str, *more: str, day: str = LATER) -> Any:
    words = ("account", "clear", office.student(person), "--code", code, "--reason", "已核对户口簿", *more)
    return office.done("reviewer", *words, day=day)


def staff_register(office: Office, person: int, account: str, unit: str = "师范系", day: str = DAY) -> None:
    head = ["工号", "姓名", "身份证号", "部门", "职务", "工资卡号"]
    rows = [head, ["T01", f"测试{person}", number_of(person), unit, "教师", account]]
    office.done("administrator", "staff", "import", write_csv(office.folder / "教职工.csv", rows), day=day)


def vault_of(office: Office) -> Vault:
    keys = office.ledger / "keys"
    return Vault.open(keys / "vault.db", load_master_key(keys / "master.key"), secrets.token_bytes)


def test_accounts_that_are_nobody_elses_are_not_doubtful(awarded: Office) -> None:
    rows = awarded.done("inspector", "account", "list", day=LATER)
    assert [(row["account"], row["held"], row["doubts"]) for row in rows] == [(row["account"], False, []) for row in rows]
    assert {row["account"] for row in rows} == {"****" + account[-4:] for account in ACCOUNTS.values()}


def test_an_account_of_two_students_is_held_for_both(awarded: Office) -> None:
    correct(awarded, 2, f"account={ACCOUNTS[1]}")
    said = awarded.done("preparer", *PREPARE, day=LATER)
    assert said["payments"] == 1
    reasons = {(one["student"], one["code"]) for one in said["excluded"]}
    assert {(awarded.student(1), SHARED), (awarded.student(2), SHARED)} <= reasons


@pytest.mark.parametrize("written", ["6299 0000 0000 0015", "６２９９００００００００００１５"])
def test_the_same_account_is_known_however_it_is_written(awarded: Office, written: str) -> None:
    correct(awarded, 2, f"account={written}")
    assert held(awarded) == {(awarded.student(1), SHARED), (awarded.student(2), SHARED)}


def test_a_corrected_mistake_makes_nobody_doubtful_any_more(awarded: Office) -> None:
    correct(awarded, 2, f"account={ACCOUNTS[1]}")
    correct(awarded, 2, f"account={NEW_ACCOUNT}", day="2020-03-26")
    assert held(awarded) == set()


def test_two_files_of_one_person_share_their_account(awarded: Office) -> None:
    correct(awarded, 2, f"account={ACCOUNTS[1]}")
    awarded.done("clerk", "student", "merge", awarded.student(1), awarded.student(2), "--reason", "重复建档", day="2020-03-26")
    assert held(awarded) == set()


def test_what_was_not_known_yet_was_not_doubtful_then(awarded: Office) -> None:
    correct(awarded, 2, f"account={ACCOUNTS[1]}")
    assert held(awarded, "--known-at", "2020-03-24") == set()
    assert len(held(awarded, "--known-at", DAY)) == 2


def test_somebody_erased_shares_nothing_any_more(awarded: Office) -> None:
    correct(awarded, 2, f"account={ACCOUNTS[1]}")
    gone = awarded.student(2)
    vault = vault_of(awarded)
    vault.erase(gone)
    vault.close()
    assert held(awarded) == set()


def test_keys_of_an_older_backup_know_the_accounts_again_after_a_rebuild(awarded: Office) -> None:
    backup = awarded.folder / "older-keys.db"
    vault_of(awarded).close()
    shutil.copy(awarded.ledger / "keys" / "vault.db", backup)
    correct(awarded, 2, f"account={ACCOUNTS[1]}")
    both = held(awarded)
    for ending in ("-wal", "-shm"):
        (awarded.ledger / "keys" / f"vault.db{ending}").unlink(missing_ok=True)
    shutil.copy(backup, awarded.ledger / "keys" / "vault.db")
    assert held(awarded) == set()
    assert awarded.done("inspector", "rebuild", "--accounts", day=LATER)["accounts"] == 4
    assert held(awarded) == both


def test_an_account_of_the_staff_is_held(awarded: Office) -> None:
    staff_register(awarded, 9, ACCOUNTS[3])
    assert held(awarded) == {(awarded.student(3), STAFF)}


def test_a_student_who_works_here_too_has_an_account_of_their_own(awarded: Office) -> None:
    staff_register(awarded, 3, ACCOUNTS[3])
    assert held(awarded) == set()


def test_an_account_in_another_name_is_held(awarded: Office) -> None:
    correct(awarded, 1, f"account={NEW_ACCOUNT}", "account_name=测试九")
    assert held(awarded) == {(awarded.student(1), NAME)}


def test_an_account_keeps_the_name_it_was_opened_in(awarded: Office) -> None:
    correct(awarded, 1, "name=测试九")
    correct(awarded, 1, f"account={NEW_ACCOUNT}", "account_name=测试1")
    assert held(awarded) == set()


def test_a_cleared_account_is_paid_to_and_stays_a_finding(awarded: Office) -> None:
    correct(awarded, 1, f"account={NEW_ACCOUNT}", "account_name=测试九")
    cleared = clear(awarded, 1, NAME)["cleared_by"]
    assert awarded.done("preparer", *PREPARE, day=LATER)["payments"] == 3
    for who, verb in (("checker", "check"), ("releaser", "release")):
        awarded.done(who, "payment", verb, "B1", day=LATER)
    answer = bank_answer(export(awarded), {})
    awarded.done("cashier", "payment", "reconcile", answer, "--batch", "B1", day="2020-04-11")
    [found] = awarded.done("inspector", "findings", "--rule", NAME, day="2020-04-12")
    assert (found["subject"], found["amount_fen"], found["severity"]) == (awarded.student(1), 200000, "low")
    assert (found["cleared_by"], found["known_at_payment"]) == ([cleared], True)
    payment = next(event for event in found["events"] if event.startswith("payment/"))
    trail = awarded.done("inspector", "trace", payment.rpartition("@")[0], day="2020-04-12")
    assert (trail["complete"], cleared in {step["event"] for step in trail["steps"]}) == (True, True)


def test_a_newer_account_is_doubtful_anew(awarded: Office) -> None:
    correct(awarded, 1, f"account={NEW_ACCOUNT}", "account_name=测试九")
    clear(awarded, 1, NAME)
    correct(awarded, 1, f"account={NEW_ACCOUNT}", "account_name=测试九", day=LATER)
    assert held(awarded) == {(awarded.student(1), NAME)}


def test_a_clearing_is_taken_back(awarded: Office) -> None:
    correct(awarded, 1, f"account={NEW_ACCOUNT}", "account_name=测试九")
    clear(awarded, 1, NAME)
    assert held(awarded) == set()
    words = ("account", "doubt", awarded.student(1), "--code", NAME, "--reason", "户口簿系伪造")
    awarded.done("checker", *words, day=LATER)
    assert held(awarded) == {(awarded.student(1), NAME)}


@pytest.mark.parametrize(
    ("verb", "who", "code"), [("clear", "reviewer", "account_not_doubtful"), ("doubt", "checker", "account_not_cleared")]
)
def test_what_is_not_doubtful_is_neither_cleared_nor_doubted_again(awarded: Office, verb: str, who: str, code: str) -> None:
    said = awarded.do(who, "account", verb, awarded.student(1), "--code", SHARED, "--reason", "测试", day=LATER)
    assert (said.code, said.refused) == (1, code)


def test_a_payment_is_not_tried_again_to_another_students_account(answered: Office) -> None:
    payment = f"fuxin-2020.grant/{answered.student(2)}/2020-spring/1"
    again = ("payment", "reissue", payment, "--account", ACCOUNTS[1], "--pay-on", "2020-04-20")
    said = answered.do("preparer", *again, day="2020-04-15")
    assert (said.code, said.refused, said.document["context"]["obstacle"]) == (1, "payment_obstructed", SHARED)


def test_what_shows_it_is_kept_with_the_clearing(awarded: Office) -> None:
    correct(awarded, 1, f"account={NEW_ACCOUNT}", "account_name=测试九")
    page = write_csv(awarded.folder / "户口簿.csv", [["测试九", "户主"]])
    cleared = clear(awarded, 1, NAME, "--evidence", str(page))["cleared_by"]
    [kept] = awarded.done("inspector", "evidence", "list", day=LATER)
    assert [fact["event"] for fact in kept["facts"]] == [cleared]


def test_no_account_is_shown_in_full_and_no_name(awarded: Office) -> None:
    correct(awarded, 2, f"account={ACCOUNTS[1]}", "account_name=测试九")
    clear(awarded, 2, NAME)
    page = awarded.plain("inspector", "account", "list", day=LATER)
    assert [one for one in (*ACCOUNTS.values(), "测试九", "户口簿") if one in page] == []


def paid_out(office: Office) -> None:
    office.done("preparer", *PREPARE, day=LATER)
    for who, verb in (("checker", "check"), ("releaser", "release")):
        office.done(who, "payment", verb, "B1", day=LATER)
    office.done("cashier", "payment", "reconcile", bank_answer(export(office), {}), "--batch", "B1", day="2020-04-11")


def test_an_account_said_again_after_the_payment_was_no_less_known_before(awarded: Office) -> None:
    correct(awarded, 2, f"account={ACCOUNTS[1]}")
    staff_register(awarded, 9, ACCOUNTS[3])
    clear(awarded, 1, SHARED)
    clear(awarded, 3, STAFF)
    paid_out(awarded)
    correct(awarded, 2, f"account={ACCOUNTS[1]}", day="2020-04-12")
    staff_register(awarded, 9, ACCOUNTS[3], unit="综职系", day="2020-04-12")
    for rule, person in ((SHARED, 1), (STAFF, 3)):
        [found] = awarded.done("inspector", "findings", "--rule", rule, day="2020-04-13")
        assert (found["subject"], found["known_at_payment"]) == (awarded.student(person), True)

"""`payment prepare` to `export`: three people, one file, and nothing that looks final without being recorded."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.cli.aid_office import ACCOUNTS, SPRING, Office, approve_all, export, fund, order_lines
from tests.workbooks.made_up import number_of, write_csv

PREPARE = ("payment", "prepare", *SPRING, "--pay-on", "2020-04-10")


def test_a_batch_pays_everybody_awarded_and_names_who_is_left_out(awarded: Office) -> None:
    said = awarded.done("preparer", *PREPARE, day="2020-04-01")
    assert (said["payments"], said["amount_fen"]) == (3, 200000 + 150000 + 100000)
    [left_out] = said["excluded"]
    assert (left_out["student"], left_out["code"]) == (awarded.student(4), "account_missing")
    assert left_out["message"]


def test_a_second_batch_does_not_pay_the_same_students(released: Office) -> None:
    said = released.do("preparer", *PREPARE, day="2020-04-01")
    assert (said.code, said.refused, said.document["context"]["excluded"]) == (1, "nothing_to_pay", 1)


def test_a_batch_of_one_unit_pays_its_students_only(awarded: Office) -> None:
    assert awarded.done("preparer", *PREPARE, "--unit", "综职系", day="2020-04-01")["payments"] == 2


def test_a_cancelled_batch_frees_its_payments(awarded: Office) -> None:
    awarded.done("preparer", *PREPARE, "--batch", "B1", day="2020-04-01")
    awarded.done("preparer", "payment", "cancel", "B1", "--reason", "测试", day="2020-04-01")
    assert awarded.done("preparer", *PREPARE, day="2020-04-01")["payments"] == 3


def test_which_fund_is_asked_for_only_where_several_pay_the_scheme(awarded: Office) -> None:
    fund(awarded, name="F2", day="2020-03-31")
    assert awarded.do("preparer", *PREPARE, day="2020-04-01").code == 2
    assert awarded.done("preparer", *PREPARE, "--fund", "F2", day="2020-04-01")["fund"] == "F2"


def test_who_is_no_longer_enrolled_on_the_pay_day_is_left_out(awarded: Office) -> None:
    rows = [["姓名", "身份证号", "异动类型", "发生日期"], ["测试1", number_of(1), "退学", "2020-04-05"]]
    file = write_csv(awarded.folder / "changes.csv", rows)
    awarded.done("clerk", "student", "import", file, day="2020-04-05")
    said = awarded.done("preparer", *PREPARE, day="2020-04-05")
    assert {one["code"] for one in said["excluded"]} == {"paid_while_not_enrolled", "account_missing"}


def test_the_person_who_checked_does_not_release(awarded: Office) -> None:
    awarded.done("administrator", "staff", "appoint", "checker", "--role", "releaser", "--unit", "bureau", day="2020-03-31")
    awarded.done("preparer", *PREPARE, "--batch", "B1", day="2020-04-01")
    awarded.done("checker", "payment", "check", "B1", day="2020-04-01")
    said = awarded.do("checker", "payment", "release", "B1", day="2020-04-01")
    assert (said.code, said.refused) == (1, "same_person_decided_twice")


def test_no_batch_is_released_without_the_money(surveyed: Office) -> None:
    approve_all(surveyed)
    fund(surveyed, "1000")
    surveyed.done("preparer", *PREPARE, "--batch", "B1", day="2020-04-01")
    surveyed.done("checker", "payment", "check", "B1", day="2020-04-01")
    said = surveyed.do("releaser", "payment", "release", "B1", day="2020-04-01")
    assert (said.code, said.refused) == (1, "fund_short")


def test_the_bank_file_pays_each_account_its_award_and_says_that_it_is_a_rehearsal(released: Office) -> None:
    lines = order_lines(export(released))
    paid = {line[1]: line[3] for line in lines}
    assert paid == {ACCOUNTS[1]: "2000.00", ACCOUNTS[2]: "1500.00", ACCOUNTS[3]: "1000.00"}
    assert all(line[4].startswith("演练") for line in lines)


def test_an_export_is_recorded_with_the_hash_of_its_file(released: Office) -> None:
    words = ("--bank-profile", "pipe")
    said = released.done("cashier", "payment", "export", "B1", *words, day="2020-04-02")
    file = released.ledger / "exports" / "代发-B1.txt"
    assert Path(said["file"]) == file
    assert said["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert file.stat().st_mode & 0o077 == 0


def test_a_batch_is_exported_once_unless_a_copy_is_asked_for(released: Office) -> None:
    first = export(released)
    words = ("payment", "export", "B1", "--bank-profile", "csv-gb18030", "--out", released.folder)
    again = released.do("cashier", *words, day="2020-04-03")
    copy = released.done("cashier", *words, "--again", day="2020-04-03")
    assert (again.code, again.refused) == (1, "batch_already_exported")
    assert (copy["copy"], copy["sha256"]) == (True, hashlib.sha256(first.read_bytes()).hexdigest())


def test_a_refused_export_leaves_no_file_behind(released: Office, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    words = ("--bank-profile", "pipe", "--out", out)
    assert released.do("clerk", "payment", "export", "B1", *words, day="2020-04-02").refused == "role_missing"
    assert list(out.iterdir()) == []


def test_another_file_of_that_name_is_not_overwritten(released: Office, tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("something else", encoding="utf-8")
    words = ("--bank-profile", "pipe", "--out", file)
    assert released.do("cashier", "payment", "export", "B1", *words, day="2020-04-02").refused == "file_exists"
    assert file.read_text(encoding="utf-8") == "something else"


def test_a_crash_after_recording_leaves_nothing_that_looks_final(
    released: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_draft: Path, target: Path) -> None:
        raise OSError(28, "no space", str(target))

    words = ("payment", "export", "B1", "--bank-profile", "pipe", "--out", released.folder)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", fails)
        assert released.do("cashier", *words, day="2020-04-02").code == 1
    assert not (released.folder / "代发-B1.txt").exists()
    assert released.done("cashier", *words, "--again", day="2020-04-02")["payments"] == 3
    assert (released.folder / "代发-B1-副本1.txt").exists()


def test_payment_lists_answer_as_of_any_day(answered: Office) -> None:
    def stands(*words: str) -> list[str]:
        rows = answered.done("inspector", "payment", "list", *words, day="2020-06-30")
        return sorted(row["stand"] for row in rows)

    assert stands("--on", "2020-04-05") == ["instructed", "instructed", "instructed"]
    assert stands("--on", "2020-06-30") == ["failed", "paid", "paid"]
    assert stands("--on", "2020-06-30", "--known-at", "2020-04-05") == ["instructed", "instructed", "instructed"]
    assert stands("--stand", "failed") == ["failed"]

"""A batch leaves the house once: a second file says that it is a copy, names the first, and is the same bytes; what waits is told."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.bank.conftest import export, reconcile
from tests.cli.aid_office import ACCOUNTS, Office, bank_answer, returns_file

UNANSWERED = ("payment", "batches", "--unanswered")


def test_a_second_export_without_saying_so_is_refused_and_names_the_first(released: Office) -> None:
    export(released)
    said = released.do("cashier", "payment", "export", "B1", "--bank-profile", "csv-gb18030", day="2020-04-03")
    assert (said.code, said.refused, said.document["context"]["first"]) == (1, "batch_already_exported", "batch/B1@4")


def test_a_copy_says_so_in_its_name_and_is_the_same_bytes(released: Office) -> None:
    first = export(released)
    words = ("--bank-profile", "csv-gb18030", "--out", released.folder, "--again")
    for number in (1, 2):
        said = released.done("cashier", "payment", "export", "B1", *words, day="2020-04-03")
        assert Path(said["file"]).name == f"代发-B1-副本{number}.csv"
        assert Path(said["file"]).read_bytes() == first.read_bytes()
        assert (said["copy"], said["first"], said["sha256"]) == (True, "batch/B1@4", hashlib.sha256(first.read_bytes()).hexdigest())


def test_a_copy_under_a_chosen_name_says_so_too(released: Office) -> None:
    export(released)
    words = ("--bank-profile", "csv-gb18030", "--out", released.folder / "给银行.csv", "--again")
    assert Path(released.done("cashier", "payment", "export", "B1", *words, day="2020-04-03")["file"]).name == "给银行-副本1.csv"


def test_a_copy_in_another_layout_would_be_a_second_order(released: Office) -> None:
    export(released)
    words = ("--bank-profile", "pipe", "--out", released.folder, "--again")
    said = released.do("cashier", "payment", "export", "B1", *words, day="2020-04-03")
    assert (said.code, said.refused) == (1, "bank_profile_not_exported")


def test_returns_may_name_the_copy(released: Office) -> None:
    order = export(released)
    export(released, "csv-gb18030", "--again", day="2020-04-03")
    assert reconcile(released, bank_answer(order, {})) == (0, "")
    file = returns_file(order, ACCOUNTS[1], "代发-B1-副本1")
    assert released.done("cashier", "payment", "returns", file, day="2020-06-30")["returned"] == 1


def test_batches_without_a_final_answer_are_told_after_so_many_days(released: Office) -> None:
    def waiting(days: int, *words: object) -> list[tuple[str, int, int, int]]:
        rows = released.done("inspector", *UNANSWERED, days, *words, day="2020-06-30")
        return [(row["batch"], row["days"], row["waiting"], row["waiting_fen"]) for row in rows]

    order = export(released)
    assert waiting(5, "--on", "2020-04-06") == []
    assert waiting(5, "--on", "2020-04-07") == [("B1", 5, 3, 450000)]
    assert reconcile(released, bank_answer(order, {ACCOUNTS[3]: "处理中"})) == (0, "")
    assert waiting(5, "--on", "2020-04-12") == [("B1", 10, 1, 100000)]
    assert waiting(5, "--on", "2020-04-12", "--known-at", "2020-04-05") == [("B1", 10, 3, 450000)]
    assert reconcile(released, bank_answer(order, {}, "第二次.csv"), day="2020-04-20") == (0, "")
    assert waiting(0) == []

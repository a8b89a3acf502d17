"""A large answer is read by a second process: the ledger says the same, and whatever happens to that process is made up for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from mingzhang.cli.bank import reading
from mingzhang.cli.bankfiles.answers import BankAnswer, read_answer
from tests.bank.conftest import export, reconcile
from tests.cli.aid_office import ACCOUNTS, Office, bank_answer


@pytest.fixture
def answer(released: Office) -> Path:
    """One paid, one failed with the bank's words, one pending."""
    return bank_answer(export(released), {ACCOUNTS[2]: "失败", ACCOUNTS[3]: "处理中"})


def payments(office: Office) -> Any:
    return office.done("inspector", "payment", "list", day="2020-06-30")


def test_what_is_recorded_is_the_same_both_ways(
    released: Office, answer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = released.copied_to(tmp_path / "other")
    assert reconcile(released, answer) == (0, "")
    monkeypatch.setattr(reading, "LARGE_BYTES", 0)
    assert reconcile(other, answer) == (0, "")
    assert payments(other) == payments(released)


def test_what_the_second_process_has_read_is_not_read_again(released: Office, answer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()
    read = read_answer

    def only_there(*said: Any) -> BankAnswer:
        assert os.getpid() != here
        return read(*said)

    monkeypatch.setattr(reading, "LARGE_BYTES", 0)
    monkeypatch.setattr(reading, "read_answer", only_there)
    assert reconcile(released, answer) == (0, "")


def test_a_second_process_that_is_killed_is_made_up_for(released: Office, answer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()
    read = read_answer

    def killed_there(*said: Any) -> BankAnswer:
        if os.getpid() != here:
            os.kill(os.getpid(), 9)
        return read(*said)

    monkeypatch.setattr(reading, "LARGE_BYTES", 0)
    monkeypatch.setattr(reading, "read_answer", killed_there)
    assert reconcile(released, answer) == (0, "")

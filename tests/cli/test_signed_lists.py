"""A signed list comes back line by line: a line is signed or not collected, never both, and only lines that the list has."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from mingzhang.domain.plan.bundled import bundled_text
from tests.cli.aid_office import Office, approve_all, fund, release


@pytest.fixture
def handed_out(surveyed: Office) -> Office:
    """The grant is handed over by hand; the signed list of the batch B1 was printed."""
    text = bundled_text("fuxin-2020").replace('code = "grant"\n', 'code = "grant"\nchannel = "signed"\n', 1)
    plan = surveyed.folder / "signed.toml"
    plan.write_text(text.replace('version = "2020.1"', 'version = "2020.2"', 1), encoding="utf-8")
    surveyed.done("administrator", "plan", "amend", plan, "--reason", "测试", day="2020-03-12")
    approve_all(surveyed)
    fund(surveyed, "20000")
    release(surveyed)
    surveyed.done("cashier", "payment", "export", "B1", "--bank-profile", "sign-list", "--out", surveyed.folder, day="2020-04-02")
    return surveyed


def scan(office: Office) -> Path:
    file = office.folder / "签领表扫描.pdf"
    file.write_bytes(b"%PDF-1.4 signed")
    return file


def test_a_line_is_not_both_signed_and_not_collected(handed_out: Office) -> None:
    words = ("payment", "receipts", "B1", scan(handed_out), "--line", "1", "--line", "2", "--not-collected", "1")
    said = handed_out.do("cashier", *words, day="2020-04-10")
    assert (said.code, said.refused, said.document["context"]["lines"]) == (1, "receipt_line_twice", [1])


def test_a_line_the_list_does_not_have_is_refused_and_its_last_line_named(handed_out: Office) -> None:
    said = handed_out.do("cashier", "payment", "receipts", "B1", scan(handed_out), "--line", "99", day="2020-04-10")
    assert (said.code, said.refused) == (1, "receipt_line_unknown")
    assert "99" in said.document["message"] and "bank" not in said.document["message"]


def test_a_line_named_twice_is_signed_once(handed_out: Office) -> None:
    words = ("payment", "receipts", "B1", scan(handed_out), "--line", "1", "--line", "1")
    assert handed_out.done("cashier", *words, day="2020-04-10")["signed"] == 1


def test_a_bank_file_of_a_scheme_signed_for_is_refused_in_words(handed_out: Office) -> None:
    words = ("payment", "export", "B1", "--bank-profile", "csv-gb18030", "--again")
    said = handed_out.do("cashier", *words, day="2020-04-03")
    assert (said.code, said.refused) == (1, "channel_differs")
    assert "signed for on the list" in said.document["message"]


def test_a_folder_that_is_not_there_is_named_as_one(handed_out: Office) -> None:
    words = ("payment", "export", "B1", "--bank-profile", "sign-list", "--again", "--out", handed_out.folder / "nowhere" / "x.xlsx")
    said = handed_out.do("cashier", *words, day="2020-04-03")
    assert (said.code, said.refused) == (1, "output_folder_missing")


def test_what_nobody_came_to_sign_for_is_not_called_a_failure_of_the_bank(handed_out: Office) -> None:
    words = ("payment", "receipts", "B1", scan(handed_out), "--line", "1", "--not-collected", "2")
    handed_out.done("cashier", *words, day="2020-04-10")
    rows = handed_out.done("clerk", "payment", "list", "--batch", "B1", day="2020-04-10")
    stands = {row["stand"]: row["payment"] for row in rows}
    read = partial(handed_out.plain, "clerk", day="2020-04-10", language="zh")
    signed, left = read("trace", stands["paid"]), read("trace", stands["failed"])
    assert "签领登记：已签领 1，未领 1" in signed and "签领发放" in signed and "回盘" not in signed
    assert "未领" in left and "失败" not in left and "回盘" not in left
    gaps = read("gaps", "--scheme", "grant", "--period", "2020-spring", "--kind", "unpaid")
    assert "未领" in gaps and "失败" not in gaps

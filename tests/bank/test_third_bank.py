"""An office adds its bank as one TOML file, and lives with it from the order to the money that came back, without a line of code."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bank.conftest import export, reconcile
from tests.bankfiles.layouts import LOCAL_BANK
from tests.cli.aid_office import Office


@pytest.fixture
def office(released: Office) -> Office:
    folder = released.ledger / "bank-profiles"
    folder.mkdir()
    (folder / "local-bank.toml").write_text(LOCAL_BANK, encoding="utf-8")
    return released


def rehearse(office: Office, order: Path, *words: object) -> list[Path]:
    said = office.done(
        "cashier", "payment", "rehearse", order, "--bank-profile", "local-bank", "--date", "2020-04-10", *words, day="2020-04-10"
    )
    return [Path(file) for file in said["files"]]


def test_a_bank_of_the_offices_own_is_lived_from_order_to_answer(office: Office) -> None:
    order = export(office, "local-bank")
    assert order.name == "代发-B1.txt"
    assert order.read_text(encoding="utf-8").splitlines()[:2] == ["客户号\t日期\t笔数\t金额", "KH0007\t2020/04/10\t3\t4500.00"]
    [answer] = rehearse(office, order)
    assert reconcile(office, answer) == (0, "")
    rows = office.done("inspector", "payment", "list", day="2020-06-30")
    assert sum(row["amount_fen"] for row in rows if row["stand"] == "paid") > 0


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("amount", "bank_file_amount_differs"),
        ("orphan", "bank_file_line_unknown"),
        ("other-batch", "bank_file_other_batch"),
        ("name", "bank_file_name_differs"),
    ],
)
def test_a_tampered_answer_of_the_offices_own_bank_is_refused(office: Office, kind: str, code: str) -> None:
    [answer] = rehearse(office, export(office, "local-bank"), "--tamper", kind)
    assert reconcile(office, answer) == (1, code)


def test_returns_that_name_no_batch_need_it_said(office: Office) -> None:
    order = export(office, "local-bank")
    text = order.read_text(encoding="utf-8")
    [answer] = rehearse(office, order)
    assert reconcile(office, answer) == (0, "")
    paid = next(line for line in answer.read_text(encoding="utf-8").splitlines() if "交易成功" in line).split("\t")
    returned = office.folder / "退票.txt"
    rows = ["KH0007\t2020/04/13\t1\t" + paid[3], "原明细号\t收款账号\t收款户名\t金额\t退回日"]
    rows.append("\t".join([*paid[:4], "2020/04/13"]))
    returned.write_text("\n".join(rows) + "\n", encoding="utf-8")
    unnamed = office.do("cashier", "payment", "returns", returned, day="2020-04-14")
    assert (unnamed.code, unnamed.refused) == (1, "bank_file_names_no_batch")
    assert office.done("cashier", "payment", "returns", returned, "--batch", "B1", day="2020-04-14")["returned"] == 1
    assert text.count("CNY") == 3


def test_the_layout_may_be_given_as_a_file(released: Office) -> None:
    file = released.folder / "local-bank.toml"
    file.write_text(LOCAL_BANK, encoding="utf-8")
    order = export(released, str(file))
    assert order.read_text(encoding="utf-8").startswith("客户号")
    assert reconcile(released, order) == (1, "bank_profile_unknown")
    assert reconcile(released, order, "--bank-profile", file) == (1, "bank_file_is_order")


def test_layouts_are_listed_and_one_is_checked(office: Office) -> None:
    listed = office.done("cashier", "payment", "profiles", day="2020-04-02")
    assert [row["profile"] for row in listed] == ["csv-gb18030", "pipe", "local-bank"]
    out = office.folder / "样例.txt"
    words = ("payment", "profiles", "--check", office.ledger / "bank-profiles" / "local-bank.toml", "--out", out)
    said = office.done("cashier", *words, day="2020-04-02")
    assert said["sample"] == out.read_text(encoding="utf-8")
    assert len(said["warnings"]) == 1
    told = office.plain("cashier", "payment", "profiles", "--check", "local-bank", day="2020-04-02", language="zh")
    assert "交易成功、已入账" in told


def test_a_layout_that_cannot_be_read_is_refused_with_file_line_and_word(office: Office) -> None:
    file = office.folder / "bad.toml"
    file.write_text(LOCAL_BANK.replace('amounts = "yuan"', 'amounts = "jiao"'), encoding="utf-8")
    said = office.do("cashier", "payment", "profiles", "--check", file, day="2020-04-02")
    assert (said.code, said.refused) == (1, "bank_profile_malformed")
    assert (said.document["context"]["place"], said.document["context"]["line"]) == ("amounts", 7)
    assert str(file) in said.document["message"]


def test_an_answer_is_taken_in_after_a_restore_with_the_offices_own_layout(office: Office) -> None:
    [answer] = rehearse(office, export(office, "local-bank"))
    events, keys = office.folder / "备份", office.folder / "别处" / "密钥"
    keys.parent.mkdir()
    office.done("administrator", "backup", "--out", events, day="2020-04-10")
    office.done("administrator", "backup", "--keys", "--out", keys, day="2020-04-10")
    assert reconcile(office, answer) == (0, "")
    balances = office.done("inspector", "fund", "balances", day="2020-06-30")
    shutil.rmtree(office.ledger)
    office.done("administrator", "restore", events, "--keys", keys, "--into", office.ledger, day="2020-04-12")
    assert reconcile(office, answer, day="2020-04-13") == (0, "")
    assert office.done("inspector", "fund", "balances", day="2020-06-30") == balances
    assert reconcile(office, answer, day="2020-04-14") == (1, "bank_file_already_reconciled")

"""A whole answer is matched by the hash of what went out; anything else line by line; both on what the log says at that moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mingzhang.cli.bank import answers
from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.domain.money.banking import LineOutcome, ReconcileBatch
from mingzhang.domain.money.payment import Payment
from mingzhang.domain.refusal import Refused
from tests.bank.conftest import export, reconcile
from tests.cli.aid_office import ACCOUNTS, Office, bank_answer


def no_boxes(*_: object, **__: object) -> Any:
    raise Refused("box_damaged", subject="nobody")


def test_a_whole_answer_is_matched_without_opening_a_box(released: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = bank_answer(export(released), {ACCOUNTS[2]: "失败"})
    monkeypatch.setattr(answers, "payees", no_boxes)
    assert reconcile(released, answer) == (0, "")


def test_an_answer_to_a_part_is_compared_line_by_line(released: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = bank_answer(export(released), {}, only=[ACCOUNTS[2]])
    with monkeypatch.context() as shut:
        shut.setattr(answers, "payees", no_boxes)
        assert reconcile(released, answer, "--partial") == (1, "box_damaged")
    assert reconcile(released, answer, "--partial") == (0, "")


def test_an_answer_in_another_order_of_its_lines_is_compared_line_by_line(released: Office) -> None:
    answer = bank_answer(export(released), {})
    head, one, two, three, total, *rest = answer.read_bytes().split(b"\r\n" if b"\r\n" in answer.read_bytes() else b"\n")
    answer.write_bytes(b"\r\n".join([head, three, one, two, total, *rest]))
    assert reconcile(released, answer) == (0, "")


def test_states_seen_before_are_read_anew_where_the_log_has_grown(released: Office) -> None:
    order = export(released)
    answer = bank_answer(order, {ACCOUNTS[1]: "处理中"}, "第一次.csv")
    globals = Globals(str(released.ledger), "cashier", "en", True, True, datetime(2020, 4, 30, tzinfo=UTC))
    with Session(globals) as session:
        seen = session.ledger.seen()
        stream = f"payment/fuxin-2020.grant/{released.student(1)}/2020-spring/1"
        assert seen.streams.at(Payment, stream).stand == "instructed"
        assert reconcile(released, answer) == (0, "")
        late = ReconcileBatch(
            batch="B1", file="x", sha256="0" * 64, partial=True,
            outcomes=(LineOutcome(line=line_of(order, 1), state="paid", amount_fen=200000, on=None),),
        )  # fmt: skip
        assert seen.size < session.ledger.journal.head().size
        session.execute_many([late], seen=seen)
        assert (seen.streams.decided, session.ledger.streams().at(Payment, stream).answers) == ([], (("B1", "pending"), ("B1", "paid")))


def line_of(order: Any, person: int) -> int:
    """The number of somebody's line."""
    line = next(line for line in order.read_text(encoding="gb18030").splitlines() if ACCOUNTS[person] in line)
    return int(line.split(",")[0])

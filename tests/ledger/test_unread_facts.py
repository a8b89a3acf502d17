"""What a decision reads is read when it is folded; made quicker, a fact is still the same fact, and an order the same file."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from mingzhang.cli.bankfiles.known_profiles import bundled_profile
from mingzhang.cli.bankfiles.orders import text_of
from mingzhang.domain.facts import another, encode
from mingzhang.domain.journal.mapper import Unread
from mingzhang.domain.money.payment import Payment, PaymentPaid
from mingzhang.domain.refusal import Refused
from mingzhang.domain.streams import Streams

STREAM = "payment/fuxin-2020.grant/s-1/2020-spring/1"
FIRST = PaymentPaid(
    actor="cashier", effective_on=date(2020, 4, 1), because=("batch/b1@5", "p@1"), row=2, batch="b1", amount_fen=5, bank_ref="x"
)


def paid(**fields: object) -> PaymentPaid:
    return PaymentPaid(**{**FIRST.model_dump(), **fields})


def streams(state: bytes, topic: str = "payment.paid") -> Streams:
    return Streams(lambda names: {STREAM: [Unread(0, STREAM, 1, topic, state, "2020-04-01T00:00:00.000000Z")]})


def test_a_fact_like_another_is_the_one_made_by_itself() -> None:
    own = {"row": 3, "amount_fen": 7, "because": ("batch/b1@5", "q@1"), "bank_ref": None}
    made = another(FIRST, own)
    assert made == paid(**own)
    assert encode(made) == encode(paid(**own))
    assert encode(FIRST) == encode(paid())


def test_a_fact_like_another_has_no_further_field() -> None:
    with pytest.raises(KeyError):
        another(FIRST, {"amount": 7})


def test_a_stored_fact_is_read_when_it_is_folded() -> None:
    assert streams(encode(FIRST)).at(Payment, STREAM).paid_fen == 5


@pytest.mark.parametrize(
    ("state", "topic"), [(b"{}", "payment.paid"), (b"not JSON", "payment.paid"), (encode(FIRST), "payment.unheard_of")]
)
def test_nothing_is_decided_on_or_added_to_a_stream_that_cannot_be_read(state: bytes, topic: str) -> None:
    with pytest.raises(Refused, match="event_unreadable"):
        streams(state, topic).at(Payment, STREAM)
    with pytest.raises(Refused, match="event_unreadable"):
        streams(state, topic).stored(STREAM)
    with pytest.raises(Refused, match="event_unreadable"):
        streams(state, topic).add([(STREAM, FIRST)])


@pytest.mark.parametrize(
    "rows",
    [[["1", "测一"], ["2", "测二"]], [["1", "a,b"]], [["1", 'a"b']], [["1", "a\nb"]], [["1", "a\rb"]], [["1", ""]], [[""]], [["a"]], []],
)
def test_lines_joined_are_what_a_writer_of_csv_gives(rows: list[list[str]]) -> None:
    profile = bundled_profile("csv-gb18030")
    out = io.StringIO()
    csv.writer(out, delimiter=profile.separator, lineterminator=profile.newline).writerows(rows)
    assert text_of(rows, profile) == out.getvalue()

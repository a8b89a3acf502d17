"""A ledger of the time when the bank could bring back only what the payee had kept says of every payment what it said then."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mingzhang.domain import concepts
from mingzhang.domain.facts import Recorded, decode
from mingzhang.domain.money.payment import Payment
from mingzhang.domain.streams import Streams

concepts.load()

NAME = "payment/fuxin-2020.grant/s-0000000001/2020-spring/1"
REASON = {"subject": "s-0000000001", "box": "c3ludGhldGlj", "commitment": {"reason": "c3ludGhldGlj"}}
ORDER = {"line": 1, "unit": "college", "award": "application/a@3", "account_from": "entry/e@1"}
MORE: dict[str, dict[str, Any]] = {
    "instructed": ORDER | {"attempt": 1},
    "reissued": ORDER | {"attempt": 2, "corrects": f"{NAME}@5"},
    "paid_in_part": {"asked_fen": 50_001},
    "clawback_raised": {"reason": REASON},
    "clawback_reversed": {"reason": REASON},
    "reversed": {"reason": REASON},
}
"""What facts of these topics say besides the amount and the batch."""

Step = tuple[str, int, str]
PAID: list[Step] = [("instructed", 200_000, "b1"), ("paid", 200_000, "b1")]
ASKED: Step = ("clawback_raised", 200_000, "")


def folded(steps: list[Step]) -> Payment:
    stored = []
    for number, (step, fen, batch) in enumerate(steps, 1):
        said = {"actor": "cashier-1", "effective_on": f"2020-04-{10 + number}", "because": [], "evidence": [], "amount_fen": fen}
        said |= ({"batch": batch} if batch else {}) | MORE.get(step, {})
        stored.append(Recorded(NAME, number, decode(f"payment.{step}", json.dumps(said).encode())))
    return Streams(lambda names: dict.fromkeys(names, stored)).at(Payment, NAME)


@pytest.mark.parametrize(
    "steps, paid_fen, wanted_fen, demand, kept",
    [
        ([*PAID, ("clawback_raised", 30_000, ""), ("clawback_received", 30_000, ""), ("returned", 170_000, "b1")], 0, 170_000, 30_000, {}),
        ([*PAID, ("clawback_raised", 30_000, ""), ("clawback_received", 30_000, ""), ("reversed", 170_000, "")], 0, 170_000, 30_000, {}),
        ([*PAID, ASKED, ("clawback_received", 50_000, ""), ("returned", 150_000, "b1")], 0, 0, 200_000, {}),
        (
            [
                *PAID, ASKED, ("clawback_received", 50_000, ""), ("clawback_received", 1, ""), ("clawback_reversed", 30_000, ""),
                ("reissued", 30_000, "b3"), ("paid", 30_000, "b3"), ("returned", 149_999, "b1"),
            ],
            30_000, 30_000, 170_000, {"b3": 30_000},
        ),
        (
            [
                *PAID, ASKED, ("clawback_received", 100_000, ""), ("clawback_reversed", 50_001, ""), ("reversed", 100_000, ""),
                ("reissued", 50_001, "b2"), ("paid_in_part", 5_796, "b2"),
            ],
            5_796, 50_001, 149_999, {"b2": 5_796},
        ),
    ],
)  # fmt: skip
def test_its_amounts_are_what_they_were(
    steps: list[Step], paid_fen: int, wanted_fen: int, demand: int, kept: dict[str, int]
) -> None:
    state = folded(steps)
    assert (state.paid_fen, state.wanted_fen, dict(state.paid_in)) == (paid_fen, wanted_fen, kept)
    assert (state.clawback_fen, state.clawed_back_fen, state.asked) == (demand, demand, ())

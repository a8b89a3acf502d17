"""The third side: what the bank did is recorded because it happened, and a payment whose award no longer stands is named."""

from __future__ import annotations

from typing import Any

from tests.bank.conftest import export
from tests.cli.aid_office import SPRING, Office, bank_answer


def answered(office: Office) -> Any:
    answer = bank_answer(export(office), {})
    case = f"fuxin-2020.grant/{office.student(2)}/2020-spring"
    office.done("approver", "award", "revoke", case, "--reason", "材料不实", day="2020-04-06")
    return office.done("cashier", "payment", "reconcile", answer, "--batch", "B1", day="2020-04-11")


def test_a_payment_whose_award_was_revoked_meanwhile_is_recorded_and_named(released: Office) -> None:
    said = answered(released)
    [against] = said["against_award"]
    assert (said["paid"], against["code"], against["state"]) == (3, "award_revoked", "paid")
    assert against["payment"] == f"payment/fuxin-2020.grant/{released.student(2)}/2020-spring/1"
    assert against["says"].startswith("application/")


def test_awards_that_stand_are_not_named(released: Office) -> None:
    said = released.done("cashier", "payment", "reconcile", bank_answer(export(released), {}), "--batch", "B1", day="2020-04-11")
    assert said["against_award"] == []
    assert SPRING[1] == "grant"


def test_whoever_reads_the_screen_is_told_which_award(released: Office) -> None:
    answer = bank_answer(export(released), {})
    released.done(
        "approver", "award", "suspend", f"fuxin-2020.grant/{released.student(1)}/2020-spring", "--reason", "核查", day="2020-04-06"
    )
    told = "".join(released.plain("cashier", "payment", "reconcile", answer, "--batch", "B1", day="2020-04-11").split())
    assert "itsawardisnotwhatitwas" in told and "Theawardissuspended." in told

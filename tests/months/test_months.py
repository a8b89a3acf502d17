"""Random months of a bank's and an office's life: after every step the books balance, nobody is overpaid, and every trail is whole.

The steps go through the real ledger on a real file. What must be true is worked out by `oracle` from the plain facts. Whether they would
notice a broken rule is tried by hand: `python -m tests.months.mutations`. A longer search: `HYPOTHESIS_PROFILE=search pytest tests/months`.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.college import GRANT, SPRING

from .machine import TIERS, Months
from .mutations import MUTATIONS, misplaced
from .office import STUDENTS
from .settings import SHORT

LONG = settings.default is not None and settings.default.max_examples > 100
HAPPENED = {
    "batch.exported", "batch.line_stopped", "batch.rejected", "batch.cancelled", "payment.paid", "payment.failed", "payment.pending",
    "payment.paid_in_part", "payment.rejected", "payment.returned", "payment.reversed", "payment.reissued", "payment.clawback_received",
    "payment.clawback_reversed", "payment.clawback_withdrawn", "award.reassessed", "difference.decided", "voucher.posted",
    "month.closed", "fund.returned",
}  # fmt: skip
"""What a run must have come to at least once, or it shows nothing of it."""


def test_the_books_balance_and_nobody_is_overpaid_whatever_the_months_bring() -> None:
    long = settings(stateful_step_count=80, deadline=None)
    run_state_machine_as_test(Months, settings=long if LONG else SHORT)


def test_what_is_told_late_rests_on_what_was_before_it_and_what_came_back_is_asked_for_no_more() -> None:
    months = Months()
    first, second, third = STUDENTS
    try:
        for step, *words in (
            (months.an_ordinary_batch, [first, second], 3),
            (months.days_pass, 10),
            (months.the_bank_answers, 0, ["paid"] * 6, False, 9, 0),
            (months.money_is_asked_back, 0, 33_333, False),
            (months.an_award_is_reassessed, second, TIERS[2]),
            (months.an_award_is_reassessed, third, TIERS[1]),
            (months.everything_is_told_late, 9),
            (months.a_batch_is_prepared, "f1", [third], 1, 0),
            (months.a_difference_is_decided, second, "fits"),
            (months.money_asked_back_comes_or_should_not_have, 0, 1, False),
            (months.a_payment_comes_back, 0, 0, 0),
            (months.what_is_owed_is_reissued, "f1", 0, 1),
        ):
            step(*words)
            months.everything_adds_up()
        assert {"payment.clawback_received", "payment.returned", "payment.reissued"} <= {*months.books.topics}
    finally:
        months.teardown()


def test_the_steps_come_to_every_kind_of_fact_about_money_and_the_books_balance_after_each() -> None:
    months = Months()
    first, _second, third = STUDENTS
    paid, failed, pending = (["paid"] * 6, ["failed"] * 6, ["pending"] * 6)
    try:
        for step, *words in (
            (months.an_ordinary_batch, list(STUDENTS), 2),
            (months.a_payment_is_stopped, 0),
            (months.a_batch_goes_on, 0, 1),
            (months.the_bank_answers, 0, pending, False, 0, 0),
            (months.the_bank_moves_a_part, 0, 5, 0),
            (months.the_bank_sends_back_unprocessed, 0, True),
            (months.what_is_owed_is_reissued, "f2", 0, 2),
            (months.a_batch_goes_on, 0, 3),
            (months.the_bank_answers, 0, paid, False, 0, 0),
            (months.money_is_asked_back, 0, 33_333, True),
            (months.money_is_asked_back, 0, 1, False),
            (months.a_demand_is_withdrawn, 0, 1),
            (months.money_asked_back_comes_or_should_not_have, 0, 33_333, True),
            (months.a_payment_is_reversed, 0),
            (months.a_payment_comes_back, 0, 0, 0),
            (months.a_batch_is_prepared, "f1", [first], 1, 0),
            (months.somebody_acts_out_of_turn, 2, "cancel"),
            (months.what_is_owed_is_reissued, "f1", 0, 2),
            (months.a_batch_goes_on, 0, 3),
            (months.the_bank_answers, 0, paid, False, 0, 0),
            (months.a_batch_is_prepared, "f1", [third], 2, 0),
            (months.a_batch_goes_on, 0, 3),
            (months.the_bank_answers, 0, failed, False, 0, 0),
            (months.what_is_owed_is_reissued, "f1", 0, 1),
            (months.a_batch_goes_on, 0, 3),
            (months.the_bank_answers, 0, paid, False, 0, 0),
            (months.an_award_is_reassessed, third, TIERS[1]),
            (months.a_difference_is_decided, third, "fits"),
            (months.a_batch_is_prepared, "f2", [third], 0, 0),
            (months.days_pass, 31),
            (months.money_goes_back_up, "f1", 20_000, 0),
            (months.a_month_is_booked, "f1", 1, True),
            (months.a_voucher_is_reversed, 0),
        ):
            step(*words)
            months.everything_adds_up()
        assert HAPPENED - set(months.books.topics) == set()
        assert months.books.under_way[f"payment/{GRANT}/{third}/{SPRING}/t1"] == ("b7", 50_000)
    finally:
        months.teardown()


def test_what_was_decided_to_be_paid_afterwards_counts_before_it_is_paid() -> None:
    months = Months()
    third = STUDENTS[2]
    try:
        for step, *words in (
            (months.an_ordinary_batch, [third], 3),
            (months.the_bank_answers, 0, ["paid"], False, 0, 0),
            (months.a_batch_is_prepared, "f1", [third], 2, 0),
            (months.a_batch_goes_on, 0, 3),
            (months.the_bank_answers, 0, ["paid"], False, 0, 0),
            (months.an_award_is_reassessed, third, TIERS[1]),
            (months.a_difference_is_decided, third, "fits"),
            (months.an_award_is_reassessed, third, TIERS[0]),
            (months.a_difference_is_decided, third, "fits"),
        ):
            step(*words)
            months.everything_adds_up()
        assert [fen for top_up, fen in months.books.freed.items() if third in top_up] == [50_000, 16_667]
    finally:
        months.teardown()


STORIES = (
    test_what_is_told_late_rests_on_what_was_before_it_and_what_came_back_is_asked_for_no_more,
    test_the_steps_come_to_every_kind_of_fact_about_money_and_the_books_balance_after_each,
    test_what_was_decided_to_be_paid_afterwards_counts_before_it_is_paid,
)
"""Played beside the random months, also while a rule is out of force."""


def test_each_rule_that_the_mutations_put_out_of_force_is_still_called_so() -> None:
    assert {name: said for name in MUTATIONS if (said := misplaced(name))} == {}

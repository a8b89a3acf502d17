"""Shows that the random months can fail: one rule about money after the other is put out of force, and the machine has to notice.

    python -m tests.months.mutations [NAME…] [--seeds N]

Each runs in a child of its own: first all that CI plays, the stories and the very examples of the machine, then N other draws of the
machine alone, each of which finds nearly every one. A rule that CI would not miss makes the exit code 1: then the machine is to be mended.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from mingzhang.domain.facts import Fact
from mingzhang.domain.money.asked_back import ClawbackReceived
from mingzhang.domain.money.attempts import ClawbackReversed
from mingzhang.domain.money.banking import RaiseClawback, ReconcileBatch, TakeReturns
from mingzhang.domain.money.fund import Fund, FundsReleased
from mingzhang.domain.money.payment import Payment
from mingzhang.domain.money.preparing import PrepareBatch
from mingzhang.domain.streams import replace
from mingzhang.domain.values.parts import parts_of

from .machine import Months
from .settings import SHORT

MUCH = 10**9
Mutation = Callable[[], None]


def instead(name: str, other: Any) -> None:
    """Puts `other` in the place of a function or rule of domain/money wherever a module there has it under that name."""
    held = [module for path, module in sys.modules.items() if path.startswith("mingzhang.domain.money") and hasattr(module, name)]
    if not held:
        raise LookupError(f"no rule about money is called {name}")
    for module in held:
        setattr(module, name, other)


def in_one(module: str, name: str, other: Any) -> None:
    """As `instead`, in one module only."""
    found = sys.modules[f"mingzhang.domain.money.{module}"]
    if not hasattr(found, name):
        raise LookupError(f"{module} knows no {name}")
    setattr(found, name, other)


def of_class(kind: type, name: str, other: Any) -> None:
    if not hasattr(kind, name):
        raise LookupError(f"{kind.__name__} has no {name}")
    setattr(kind, name, other)


def nothing(*_words: Any, **_named: Any) -> None:
    """A check that never refuses."""


def _any_amount_is_free() -> None:
    instead("free_fen", lambda streams, case: MUCH)


def _an_attempt_is_for_all_that_is_wanted() -> None:
    instead("still_to_pay_fen", lambda streams, case, payment, *, besides_fen=0: payment.wanted_fen - payment.paid_fen)


def _a_whole_instalment_each_time() -> None:
    in_one("instalments", "instalment_fen", lambda streams, case, count, number: parts_of(case.amount_fen, count)[number - 1])


def _decided_before_the_late_fact() -> None:
    in_one("settling", "refuse_before", nothing)


def _reissued_before_it_was_free() -> None:
    in_one("reissuing", "refuse_before", nothing)


def _paid_back_before_it_was_asked() -> None:
    in_one("banking", "refuse_before", nothing)


def _reissued_while_under_way() -> None:
    of_class(Payment, "reissuable", property(lambda self: self.exists and self.wanted_fen > self.paid_fen))


def _evolved(kind: type[Fact], changed: Callable[[Payment, Payment, Any], Payment]) -> None:
    evolve = Payment.evolve

    def other(self: Payment, fact: Fact, ref: str) -> Payment:
        after = evolve(self, fact, ref)
        return changed(self, after, fact) if isinstance(fact, kind) else after

    of_class(Payment, "evolve", other)


def _taken_back_is_owed_again() -> None:
    _evolved(ClawbackReceived, lambda before, after, fact: replace(after, wanted_fen=before.wanted_fen))


def _given_back_twice_as_much() -> None:
    _evolved(ClawbackReversed, lambda before, after, fact: replace(after, wanted_fen=after.wanted_fen + fact.amount_fen))


def _what_came_back_is_still_asked_for() -> None:
    def came_back(self: Payment, fact: Any, ref: str) -> Payment:
        return replace(self, paid_fen=self.paid_fen - fact.amount_fen, last_ref=ref, freed_ref=ref, freed_on=fact.effective_on)

    of_class(Payment, "_came_back", came_back)


def _asked_back_more_than_was_paid() -> None:
    kept = RaiseClawback._paid
    of_class(RaiseClawback, "_paid", lambda *words: replace(kept(*words), paid_fen=MUCH))


def _a_fund_is_overdrawn() -> None:
    of_class(Fund, "refuse_overdrawn", nothing)


def _the_amount_is_not_looked_at_again() -> None:
    instead("refuse_unequal", nothing)


def _paid_under_two_files() -> None:
    in_one("batch", "same_person", lambda streams, student: ())
    in_one("preparing", "same_person", lambda streams, student: ())
    in_one("reissuing", "same_person", lambda streams, student: ())


def _the_rest_of_a_part_is_not_set_free() -> None:
    in_one("part_paying", "FundsReleased", lambda **said: FundsReleased(**said | {"amount_fen": said["amount_fen"] + 1}))


def _a_returned_payment_stays_with_the_fund() -> None:
    kept = TakeReturns.decide

    def decide(self: TakeReturns, streams: Any, context: Any) -> Any:
        return [(stream, fact) for stream, fact in kept(self, streams, context) if not stream.startswith("fund/")]

    of_class(TakeReturns, "decide", decide)


def _an_order_does_not_name_its_award() -> None:
    _forgets(PrepareBatch, "application/")


def _an_answer_does_not_name_its_order() -> None:
    _forgets(ReconcileBatch, "payment/")


def _forgets(kind: type, stream: str) -> None:
    kept = kind.decide  # type: ignore[attr-defined]

    def decide(self: Any, streams: Any, context: Any) -> Any:
        events = kept(self, streams, context)
        return [(name, fact.model_copy(update={"because": _without(fact.because, stream)})) for name, fact in events]

    of_class(kind, "decide", decide)


def _without(because: Iterable[str], stream: str) -> tuple[str, ...]:
    return tuple(ref for ref in because if not ref.startswith(stream))


def _one_top_up_is_decided_twice() -> None:
    in_one("differing", "_freed_fen", lambda streams, counts: 0)


def _the_whole_is_rejected_a_second_time() -> None:
    def every(streams: Any, batch: Any) -> list[Payment]:
        found = [streams.at(Payment, name) for name in batch.payments]
        return [payment for payment in found if payment.batch == batch.id]

    in_one("rejecting", "unsettled", every)


def _a_movement_is_booked_twice() -> None:
    instead("booked_movements", lambda streams, fund, since, until: {})


def _a_month_closes_with_unbooked_movements() -> None:
    in_one("closing", "unbooked_movements", lambda streams, fund, last, today: [])


MUTATIONS: dict[str, tuple[Mutation, str]] = {
    "free-fen": (_any_amount_is_free, "what an award leaves is without end"),
    "further-attempt": (_an_attempt_is_for_all_that_is_wanted, "a further attempt does not look at what the award now is"),
    "instalment": (_a_whole_instalment_each_time, "an instalment does not even out what earlier ones paid"),
    "difference-day": (_decided_before_the_late_fact, "a difference is decided before the day of what makes it"),
    "reissue-day": (_reissued_before_it_was_free, "a further attempt is dated before the failure that it makes up for"),
    "bank-day": (_paid_back_before_it_was_asked, "the bank answers before it has the file, money comes back before it was asked for"),
    "under-way": (_reissued_while_under_way, "a further attempt while one is at the bank"),
    "clawback-owed": (_taken_back_is_owed_again, "what was taken back is owed again by itself"),
    "given-back": (_given_back_twice_as_much, "a deduction that was wrong is given back twice"),
    "returned-and-asked": (_what_came_back_is_still_asked_for, "what the bank sent back is still asked back of the payee"),
    "asked-too-much": (_asked_back_more_than_was_paid, "more is asked back than the payee has"),
    "overdrawn": (_a_fund_is_overdrawn, "a fund gives more than it has"),
    "recount": (_the_amount_is_not_looked_at_again, "a batch goes out though its awards have changed"),
    "two-files": (_paid_under_two_files, "one person is paid under two files"),
    "part-rest": (_the_rest_of_a_part_is_not_set_free, "the rest of a part is set free wrongly in the fund"),
    "returned-fund": (_a_returned_payment_stays_with_the_fund, "a payment that came back is still paid in the fund"),
    "order-trail": (_an_order_does_not_name_its_award, "an order does not name the award"),
    "answer-trail": (_an_answer_does_not_name_its_order, "the bank's answer does not name the order"),
    "top-up-twice": (_one_top_up_is_decided_twice, "a top-up is decided though the same was decided before"),
    "rejected-twice": (_the_whole_is_rejected_a_second_time, "a file sent back takes what was settled with it"),
    "booked-twice": (_a_movement_is_booked_twice, "a movement gets a second voucher"),
    "closed-unbooked": (_a_month_closes_with_unbooked_movements, "a month is closed with movements that have no voucher"),
}
"""By name: what puts the rule out of force, and what then goes wrong."""


def _noticed(mutation: Mutation, number: int | None) -> str:
    """What the machine says, in a line; empty where it noticed nothing. number: of the draw, None for CI's own."""
    mutation()
    told = settings(SHORT, phases=(Phase.generate,), report_multiple_bugs=False, database=None, derandomize=number is None)

    class Drawn(Months):
        """Months with a seed of their own."""

    tests = importlib.import_module("tests.months.test_months")
    try:
        for story in tests.STORIES if number is None else ():
            story()
        run_state_machine_as_test(Drawn if number is None else seed(number)(Drawn), settings=told)
    except Exception as noticed:  # whatever stops it is seen in CI
        return f"{type(noticed).__name__}: {noticed}".splitlines()[0]
    return ""


def misplaced(name: str) -> str:
    """Why the rule cannot be put out of force any more, since it is called otherwise now; empty where it can."""

    def tried() -> str:
        try:
            MUTATIONS[name][0]()
        except (LookupError, AttributeError) as missing:
            return str(missing)
        return ""

    return _in_a_child(tried)[0]


def _in_a_child(told_by: Callable[[], str]) -> tuple[str, float]:
    """What it says, and the seconds it took; a fork, since a rule put out of force stays so."""
    read, write = os.pipe()
    begun = time.perf_counter()
    child = os.fork()
    if child == 0:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        try:
            os.write(write, told_by().encode()[:4000])
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as told:
        said = told.read().decode("utf-8", "replace")
    os.waitpid(child, 0)
    return said, time.perf_counter() - begun


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("names", nargs="*", metavar="NAME")
    wanted.add_argument("--seeds", type=int, default=0)
    asked = wanted.parse_args()
    unbroken = _in_a_child(partial(_noticed, lambda: None, None))[0]
    if unbroken:
        print(f"with every rule in force: {unbroken}")
        return 1
    missed = []
    for name in asked.names or MUTATIONS:
        mutation, broken = MUTATIONS[name]
        said, seconds = _in_a_child(partial(_noticed, mutation, None))
        others = [_in_a_child(partial(_noticed, mutation, number))[0] for number in range(asked.seeds)]
        found = f"{sum(map(bool, others))}/{asked.seeds}" if asked.seeds else ""
        print(f"{'found ' if said else 'MISSED'} {name:20} {seconds:5.1f} s {found:6} {broken}: {said[:150]}", flush=True)
        missed += [] if said else [name]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Money on doubtful accounts: of each attempt what stayed there, under a number of its own for each account."""

from __future__ import annotations

from collections.abc import Collection

from mingzhang.domain.facts import Fact
from mingzhang.domain.money.attempts import PaymentPaidInPart
from mingzhang.domain.money.payment import PaymentInstructed, PaymentPaid, PaymentReissued
from mingzhang.domain.student.facts import Doubtful
from mingzhang.projections.findings import Found, audit
from mingzhang.projections.findings.accounts import DoubtfulAccount, Use
from mingzhang.projections.projection import View
from tests.college import GRANT, S1, S2, S3, SPRING
from tests.findings.asked import END, case, said
from tests.projections.recorded import Event, Recorded, day, returned

NAME: Doubtful = "account_name_not_student"
SHARED: Doubtful = "account_shared_by_several_students"


class Known:
    """What a vault would say: the facts whose accounts are doubtful, by the number of the account."""

    def __init__(self, code: Doubtful, numbers: dict[str, int]) -> None:
        self._code, self._numbers = code, numbers

    def suspects(self, _view: View) -> set[str]:
        return {S1, S2, S3}

    def doubtful(self, _view: View, uses: Collection[Use]) -> list[DoubtfulAccount]:
        return [
            DoubtfulAccount(self._code, use, self._numbers[use.account], ("s-other",), ("entry/other@1",), -1)
            for use in sorted(uses)
            if use.account in self._numbers
        ]


def asked(log: Recorded, code: Doubtful, numbers: dict[str, int]) -> list[Found]:
    with log.view(END) as view:
        return audit(view, log.journal, (code,), accounts=Known(code, numbers)).found


def stream(student: str, instalment: str = "1") -> str:
    return f"payment/{GRANT}/{student}/{SPRING}/{instalment}"


def sent(account: str, student: str = S1, batch: str = "b1", fen: int = 150_000, instalment: str = "1") -> Event:
    order: Fact = PaymentInstructed(
        **said(day(4, 8)), batch=batch, line=1, attempt=1, amount_fen=fen, unit="shifan", award="", account_from=account
    )
    return stream(student, instalment), order


def arrived(student: str = S1, batch: str = "b1", fen: int = 150_000, instalment: str = "1") -> Event:
    return stream(student, instalment), PaymentPaid(**said(day(4, 15)), batch=batch, amount_fen=fen)


def in_two_parts() -> list[Event]:
    """1,000 yuan on the first account, then 500 on another, on one day."""
    part: Fact = PaymentPaidInPart(**said(day(4, 15)), batch="b1", amount_fen=100_000, asked_fen=150_000)
    again: Fact = PaymentReissued(
        **said(day(4, 15)), batch="b2", line=1, attempt=2, amount_fen=50_000, unit="shifan", award="", account_from="second@1",
        corrects=f"{stream(S1)}@2",
    )  # fmt: skip
    return [*case(), sent("first@1"), (stream(S1), part), (stream(S1), again), arrived(batch="b2", fen=50_000)]


def test_what_came_back_from_the_doubtful_account_is_no_longer_there(log: Recorded) -> None:
    log.record(*in_two_parts())
    assert [one.finding.amount_fen for one in asked(log, NAME, {"second@1": 1})] == [50_000]
    log.record(returned(S1, day(4, 20), batch="b2", amount_fen=50_000))
    assert asked(log, NAME, {"second@1": 1}) == []
    assert [one.finding.amount_fen for one in asked(log, NAME, {"first@1": 1})] == [100_000]


def test_two_attempts_on_one_day_are_two_findings_with_two_numbers(log: Recorded) -> None:
    log.record(*in_two_parts())
    found = asked(log, NAME, {"first@1": 1, "second@1": 2})
    assert [one.finding.amount_fen for one in found] == [100_000, 50_000]
    assert len({one.id for one in found}) == 2


def test_two_shared_accounts_of_one_student_in_a_period_have_two_numbers(log: Recorded) -> None:
    log.record(*in_two_parts())
    found = asked(log, SHARED, {"first@1": 1, "second@1": 2})
    assert len({one.id for one in found}) == len(found) == 2


def test_a_further_payment_to_a_shared_account_leaves_its_number_as_it_is(log: Recorded) -> None:
    log.record(*case(S2), sent("s2@1", S2), arrived(S2))
    [before] = asked(log, SHARED, {"s2@1": 1, "s1@1": 1})
    log.record(*case(S1), sent("s1@1", S1), arrived(S1))
    [after] = asked(log, SHARED, {"s2@1": 1, "s1@1": 1})
    assert (after.id, after.finding.subject, after.finding.amount_fen) == (before.id, S1, 300_000)
    assert after.finding.facts["plan"] == GRANT.partition(".")[0]

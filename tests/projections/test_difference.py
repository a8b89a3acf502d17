"""What changed between two points is named with the facts that made it so."""

from __future__ import annotations

from mingzhang.domain.student.facts import CategoryEnded
from mingzhang.projections.difference import Change, difference
from tests.college import GRANT, S1, SPRING
from tests.projections.recorded import (
    Recorded,
    approved,
    corrected,
    day,
    enrolled,
    entry,
    instructed,
    paid,
    revoked,
    submitted,
    withdrawn,
)


def changes(log: Recorded, before: tuple[int, int, int | None], after: tuple[int, int, int | None]) -> list[Change]:
    (month, number, size), (later_month, later_number, later_size) = before, after
    return difference(log.engine, log.as_of(day(month, number), size), log.as_of(day(later_month, later_number), later_size))


def test_between_a_point_and_itself_there_is_nothing(log: Recorded) -> None:
    log.record(entry(S1), submitted(S1), approved(S1), instructed(S1), paid(S1))
    assert changes(log, (5, 1, None), (5, 1, None)) == []


def test_a_withdrawal_learned_late_is_a_difference_on_the_axis_of_knowledge(log: Recorded) -> None:
    log.record(entry(S1), enrolled(S1, "在读", day(3, 1)))
    size = log.size
    (says,) = log.record(enrolled(S1, "退学", day(4, 1)))
    assert changes(log, (4, 15, size), (4, 15, None)) == [Change("enrolment", S1, "status", "在读", "退学", (says,))]


def test_an_end_of_recognition_is_named_though_nothing_holds_after_it(log: Recorded) -> None:
    log.record(entry(S1))
    (says,) = log.record((f"student/{S1}", CategoryEnded(actor="staff-1", effective_on=day(9, 1), reason="lifted")))
    found = changes(log, (8, 31, None), (9, 1, None))
    assert {(change.kind, change.field, change.says) for change in found} == {
        ("roster", field, (says,)) for field in ("recognised", "unit", "categories")
    }


def test_a_withdrawn_entry_is_named_by_its_withdrawal(log: Recorded) -> None:
    log.record(entry(S1))
    size = log.size
    (says,) = log.record(withdrawn(S1, day(4, 1)))
    found = changes(log, (3, 20, size), (3, 20, None))
    assert {change.kind for change in found} == {"roster", "entry"}
    assert {change.says for change in found} == {(says,)}


def test_a_correction_shows_the_field_before_and_after(log: Recorded) -> None:
    log.record(entry(S1))
    size = log.size
    (says,) = log.record(corrected(S1, day(3, 10), {"unit": "shifan"}, {"unit": "zongzhi"}))
    assert changes(log, (4, 1, size), (4, 1, None)) == [
        Change("roster", S1, "unit", "shifan", "zongzhi", (says,)),
        Change("entry", S1, f"{SPRING}.person", None, says, (says,)),
        Change("entry", S1, f"{SPRING}.unit", "shifan", "zongzhi", (says,)),
    ]


def test_awards_and_money_are_compared_too(log: Recorded) -> None:
    log.record(entry(S1), submitted(S1))
    approval, _, payment = log.record(approved(S1), instructed(S1), paid(S1))
    (revocation,) = log.record(revoked(S1, day(5, 1)))
    place = f"{GRANT}/{SPRING}"
    assert changes(log, (3, 19, None), (4, 15, None)) == [
        Change("award", S1, f"{place}.amount_fen", None, 150_000, (approval,)),
        Change("award", S1, f"{place}.state", None, "approved", (approval,)),
        Change("payment", S1, f"{place}/1.paid_fen", None, 150_000, (payment,)),
        Change("payment", S1, f"{place}/1.stand", None, "paid", (payment,)),
    ]
    assert changes(log, (4, 30, None), (5, 1, None)) == [
        Change("award", S1, f"{place}.state", "approved", "revoked", (revocation,))
    ]
    assert [change.says for change in changes(log, (4, 15, None), (4, 14, None))] == [(payment,), (payment,)]

"""Two who book or close at once: numbers have no gap, nothing is booked twice, and no month closes over money that has just come in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mingzhang.domain.command import Command
from mingzhang.domain.money.closing import CloseMonth
from mingzhang.domain.money.fund import RecordArrival
from mingzhang.domain.money.voucher import BookMonth, PostVoucher, Vouchers
from tests.college import funded

from .ledgers import ledger
from .test_races import at_once, clock, college
from .test_write_skew import commands_only, interrupted

FEBRUARY = date(2020, 2, 10)


def arrive(fen: int) -> RecordArrival:
    return RecordArrival(fund="f1", amount_fen=fen, source="bureau", on=FEBRUARY)


def office(folder: Path) -> None:
    """A fund with two arrivals of February."""
    college(folder, *commands_only(*funded(amount_fen=0)))
    with ledger(folder, clock=clock) as made:
        made.execute(arrive(100), actor="treasurer-1")
        made.execute(arrive(200), actor="treasurer-1")


def test_a_movement_booked_by_two_at_once_stands_in_one_voucher(tmp_path: Path) -> None:
    office(tmp_path)
    post: list[Command] = [PostVoucher(fund="f1", movements=("fund/f1@2",))]
    assert sorted(at_once(tmp_path, [(post, "treasurer-1"), (post, "treasurer-1")], True)) == ["done", "movement_booked_already"]


def test_two_vouchers_written_at_once_have_two_numbers(tmp_path: Path) -> None:
    office(tmp_path)
    tasks: list[tuple[list[Command], str]] = [
        ([PostVoucher(fund="f1", movements=(f"fund/f1@{number}",))], "treasurer-1") for number in (2, 3)
    ]
    assert at_once(tmp_path, tasks, True) == ["done", "done"]
    with ledger(tmp_path, clock=clock) as made:
        posted = made.streams().read(Vouchers, "f1", "2020").posted
    assert [fact.number for fact in posted if fact is not None] == [1, 2]


def test_money_that_comes_in_while_a_month_is_closed_keeps_it_open(tmp_path: Path) -> None:
    office(tmp_path)
    with ledger(tmp_path, clock=clock) as made, ledger(tmp_path, clock=clock) as other:
        made.execute(BookMonth(fund="f1", month="2020-02"), actor="treasurer-1")
        late = arrive(7)
        code = interrupted(
            made, lambda: other.execute(late, actor="treasurer-1"), CloseMonth(fund="f1", month="2020-02"), "treasurer-1"
        )
    assert code == "movements_unbooked"

"""What must hold after every step: the equation of every fund on every day, no overpayment, and a whole trail of whatever was paid."""

from __future__ import annotations

import random
from datetime import timedelta

from mingzhang.domain.money.month import month_span
from mingzhang.domain.money.movement import BOOKED
from mingzhang.domain.money.payment import Payment
from mingzhang.projections.balances import balances, moves
from mingzhang.projections.money_sources import spendings
from mingzhang.projections.months import ClosedMonth, closed_months, disagreements
from mingzhang.projections.paid_totals import paid_totals
from mingzhang.projections.payments import payments
from mingzhang.projections.projection import View
from mingzhang.projections.trail import trace

from .office import FIRST_DAY, Office
from .oracle import Books


class Checks:
    """Of one office, against the books kept beside it. What has not changed since it was last looked at is not looked at again."""

    def __init__(self, office: Office, books: Books) -> None:
        self.office = office
        self.books = books
        self._looked_at = -1
        self._traced: dict[str, int] = {}
        self._closed: dict[str, ClosedMonth] = {}
        self._complete: set[str] = set()

    def everything(self) -> None:
        size = self.office.size
        if size == self._looked_at:
            return
        self._looked_at = size
        with self.office.engine.view(self.office.as_of()) as view:
            self.funds_balance(view)
            self.payments_are_as_the_facts_say(view)
            self.sources_balance(view)
            self.closed_months_stay_closed(view)
        self.funds_balanced_once(random.Random(size))
        self.every_trail_is_whole()

    def funds_balance(self, view: View) -> None:
        rows = {row.fund: row for row in balances(view)}
        for name, row in rows.items():
            places = (row.available_fen, row.reserved_fen, row.paid_fen, row.returned_fen)
            assert row.received_fen == sum(places), row
            assert min(places) >= 0, row
            assert (row.received_fen, row.returned_fen) == (self.books.received[name], self.books.returned[name]), row
            assert row.reserved_fen == self.books.reserved(name), row
        assert sum(row.paid_fen for row in rows.values()) == sum(self.books.kept.values()) + sum(self.books.own.values())

    def funds_balanced_once(self, chance: random.Random) -> None:
        """On some earlier day, by what some shorter log said of it, or by what the whole log says of it now."""
        day = FIRST_DAY + timedelta(days=chance.randint(0, (self.office.day - FIRST_DAY).days))
        size = chance.choice((chance.randint(0, self.office.size), self.office.size))
        with self.office.engine.view(self.office.as_of(day, size)) as view:
            rows = balances(view)
        for row in rows:
            places = (row.available_fen, row.reserved_fen, row.paid_fen, row.returned_fen)
            assert row.received_fen == sum(places), (day, size, row)
            assert row.received_fen == self.books.received_by(row.fund, day.isoformat(), size), (day, size, row)
            assert size < self.office.size or min(places) >= 0, (day, size, row)

    def sources_balance(self, view: View) -> None:
        lots = [lot for spending in spendings(view).values() for lot in spending.lots]
        for lot in lots:
            places = (lot.available_fen, lot.reserved_fen, lot.paid_fen, lot.returned_fen)
            assert lot.received_fen == sum(places) and min(places) >= 0, (lot.ref, lot.received_fen, places)

    def closed_months_stay_closed(self, view: View) -> None:
        """Each closing says what it said, the log bears it out, and whatever moved up to its end had its voucher."""
        for one in closed_months(view):
            assert self._closed.setdefault(one.ref, one) == one
            assert disagreements(view, one) == [], one
            last = month_span(one.month)[1]
            late = [move for move in moves(view, one.fund) if move.on <= last.isoformat() and move.leaf < one.size]
            if one.ref not in self._complete:
                assert [move.ref for move in late if move.step in BOOKED and move.ref not in self.books.booked] == [], one
                self._complete.add(one.ref)

    def payments_are_as_the_facts_say(self, view: View) -> None:
        rows = payments(view)
        totals = paid_totals(view)
        for row in rows:
            assert row.paid_fen == self.books.kept[row.payment], row
            assert (row.stand in ("instructed", "pending")) is (row.payment in self.books.under_way), row
            state = self.office.at(Payment, row.payment)
            assert row.stand == state.stand, (row, state.stand)
            assert 0 <= state.clawback_fen - state.clawed_back_fen <= max(0, row.paid_fen), (row, "more is asked back than the payee has")
            assert state.clawback_fen - state.clawed_back_fen == self.books.demanded[row.payment], row
            assert row.owed_fen == (0 if state.under_way else state.wanted_fen - state.paid_fen), row
        assert sum(row.paid_fen for row in totals) == sum(self.books.kept.values())
        for award, amounts in self.books.awarded.items():
            assert self.books.of_award(award) <= max(amounts), award

    def every_trail_is_whole(self) -> None:
        for name, held in self.books.kept.items():
            version = self.office.at(Payment, name).version
            if held and self._traced.get(name) != version:
                trail = trace(self.office.ledger.journal, name)
                assert trail.complete, (name, trail.gaps)
                self._traced[name] = version

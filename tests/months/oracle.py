"""What the money must have come to, worked out anew from the plain facts: no code under test has a part in it.

Facts are read as JSON, one after the other. Of payments it keeps what each payee has and what is under way; of funds what arrived and what
went back. Whatever breaks a rule while it reads is an assertion with the fact that broke it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from mingzhang.domain.journal.records import LogRow

MONEY = ("payment", "batch", "fund", "voucher", "month", "difference")
ANSWERS = ("batch.reconciled", "batch.returns_taken")  # they tell what was before them
ENDED = ("payment.failed", "payment.rejected", "payment.stopped", "payment.cancelled")
CAME_BACK = ("payment.returned", "payment.reversed", "payment.clawback_received")
DEMANDS = {"payment.clawback_raised": 1, "payment.clawback_withdrawn": -1, "payment.clawback_dropped": -1}
Award = tuple[str, str, str]


def china_day(recorded_at: str) -> str:
    return (datetime.fromisoformat(recorded_at) + timedelta(hours=8)).date().isoformat()


class Books:
    """kept: what each payee has of a payment, below zero by no more than what they had handed in themselves (own: what of that the bank
    brought back as well, by payment); demanded: what is asked back and has not come; out: what the bank paid of it and has not brought
    back, by batch; under_way: (batch, fen) of payments that no bank has settled; awarded: every amount an award has ever had, the newest
    last; meant: what a payment was first to come to; stand_of: each batch; received, returned: by fund; arrivals: (leaf, day, fund, fen);
    files: merged into a student's; booked: by movement, the voucher it stands in; day_of: since when a fact holds that others rest on;
    left_on: when a batch went to the bank; firsts: payments under way that no bank has heard of before; freed: top-ups that were decided;
    size: how much was read."""

    def __init__(self) -> None:
        self.size = 0
        self.topics: Counter[str] = Counter()
        self.awarded: defaultdict[Award, list[int]] = defaultdict(list)
        self.kept: Counter[str] = Counter()
        self.own: Counter[str] = Counter()
        self.handed_in: Counter[str] = Counter()
        self.demanded: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.out: dict[str, dict[str, int]] = defaultdict(dict)
        self.under_way: dict[str, tuple[str, int]] = {}
        self.begun: set[str] = set()
        self.meant: dict[str, int] = {}
        self.fund_of: dict[str, str] = {}
        self.sent: set[str] = set()
        self.stand_of: dict[str, str] = {}
        self.received: Counter[str] = Counter()
        self.returned: Counter[str] = Counter()
        self.arrivals: list[tuple[int, str, str, int]] = []
        self.vouchers: Counter[str] = Counter()
        self.files: defaultdict[str, set[str]] = defaultdict(set)
        self.day_of: dict[str, str] = {}
        self.booked: dict[str, str] = {}
        self.left_on: dict[str, str] = {}
        self.firsts: set[str] = set()
        self.freed: dict[str, int] = {}

    def read(self, rows: Iterable[LogRow]) -> None:
        for row in rows:
            self.size = row.leaf_index + 1
            self.topics[row.topic] += 1
            said = json.loads(row.state)
            self._dated(row, said)
            self._take(row, said)

    def of_award(self, award: Award) -> int:
        """What is kept and under way of all payments of one award."""
        prefix = f"payment/{'/'.join(award)}/"
        under_way = sum(fen for name, (_batch, fen) in self.under_way.items() if name.startswith(prefix))
        return under_way + sum(fen for name, fen in self.kept.items() if name.startswith(prefix))

    def same_person(self, student: str) -> set[str]:
        found, last = {student}, 0
        while len(found) > last:
            last = len(found)
            found |= {file for file, others in self.files.items() if others & found} | {o for file in found for o in self.files[file]}
        return found

    def reserved(self, fund: str) -> int:
        return sum(fen for batch, fen in self.under_way.values() if batch in self.sent and self.fund_of[batch] == fund)

    def received_by(self, fund: str, day: str, size: int) -> int:
        return sum(fen for leaf, on, name, fen in self.arrivals if name == fund and on <= day and leaf < size)

    def _dated(self, row: LogRow, said: Mapping[str, Any]) -> None:
        """Nothing about money holds on a day to come, nor before what it rests on."""
        on, ref = said["effective_on"], f"{row.originator_id}@{row.originator_version}"
        if row.topic not in ANSWERS:
            self.day_of[ref] = on
        if row.originator_id.partition("/")[0] not in MONEY:
            return
        assert on <= china_day(row.recorded_at), f"{ref} holds on {on}, and was recorded at {row.recorded_at}"
        for basis in said.get("because", ()):
            of_money = basis.partition("/")[0] in (*MONEY, "application") and not basis.startswith("fund/")
            assert not of_money or self.day_of.get(basis, on) <= on, f"{ref} holds on {on}, before {basis}"

    def _take(self, row: LogRow, said: Mapping[str, Any]) -> None:
        kind, _, rest = row.originator_id.partition("/")
        if row.topic in ("batch.prepared", "batch.checked", "batch.released", "batch.exported", "batch.cancelled"):
            self.stand_of[rest] = row.topic.partition(".")[2]
        fen: int = said.get("amount_fen") or 0
        if row.topic == "student.identity_merged":
            self.files[rest] |= {said["other"]}
        elif row.topic == "student.identity_split":
            self.files[rest] -= {said["other"]}
        elif row.topic in ("award.approved", "award.reassessed"):
            scheme, student, period = rest.split("/")
            self.awarded[scheme, student, period].append(said["amount_fen"])
        elif kind == "payment":
            self._payment(row.originator_id, row.topic, said)
        elif row.topic == "batch.prepared":
            self.fund_of[rest] = said["fund"]
        elif row.topic == "batch.released":
            self.sent.add(rest)
            for name in (name for name, (batch, _fen) in self.under_way.items() if batch == rest):
                self._within_award(name, "released")
        elif row.topic == "batch.exported":
            self.left_on.setdefault(rest, said["effective_on"])
        elif row.topic == "difference.decided" and said.get("top_up"):
            self._freed(said["top_up"], said["difference_fen"])
        elif row.topic == "fund.arrived":
            self.received[rest] += fen
            self.arrivals.append((row.leaf_index, said["effective_on"], rest, fen))
        elif row.topic == "fund.held_for_payee":
            self.received[rest] += fen
            self.arrivals.append((row.leaf_index, said["effective_on"], rest, fen))
            self.own[said["payment"]] += fen
            assert self.own[said["payment"]] <= self.handed_in[said["payment"]], f"{said['payment']}: more is owed than was handed in"
        elif row.topic == "fund.returned":
            self.returned[rest] += fen
        elif kind == "voucher":
            self.vouchers[rest] += 1
            assert said["number"] == self.vouchers[rest], f"{rest}: number {said['number']} after {self.vouchers[rest] - 1}"
            self._booked(f"{row.originator_id}@{row.originator_version}", said)

    def _booked(self, ref: str, said: Mapping[str, Any]) -> None:
        for movement in said["movements"]:
            if "reverses" in said:
                assert self.booked.pop(movement) == said["reverses"], f"{ref}: {movement}"
            else:
                assert movement not in self.booked, f"{ref}: {movement} is booked in {self.booked[movement]}"
                self.booked[movement] = ref

    def _within_award(self, name: str, step: str) -> None:
        """All of an award together never more than it now is, and with a first attempt no more than is due by that half."""
        award = self._award(name)
        newest, half = self.awarded[award][-1], name.rpartition("/")[2]
        assert self.of_award(award) <= newest, f"{name}: {step} beyond the award"
        if name in self.firsts and half.isdigit():
            halves = [f"payment/{'/'.join(award)}/{number}" for number in range(1, int(half) + 1)]
            so_far = sum(self.kept[one] + self.under_way.get(one, ("", 0))[1] for one in halves)
            assert so_far <= (newest * len(halves) + 1) // 2, f"{name}: {step} for more than is due by then"

    def _freed(self, top_up: str, fen: int) -> None:
        assert top_up not in self.freed, f"{top_up} is decided twice"
        self.freed[top_up] = fen
        award = self._award(top_up)
        open_fen = sum(fen for one, fen in self.freed.items() if one not in self.begun and self._award(one) == award)
        assert self.of_award(award) + open_fen <= self.awarded[award][-1], f"{top_up}: decided beyond the award"

    @staticmethod
    def _award(payment: str) -> Award:
        _, scheme, student, period, _instalment = payment.split("/")
        return scheme, student, period

    def _payment(self, name: str, topic: str, said: Mapping[str, Any]) -> None:
        award = scheme, student, period = self._award(name)
        if topic in ("payment.instructed", "payment.reissued"):
            assert name not in self.under_way, f"{name} is under way twice"
            self.begun.add(name)
            self.firsts.discard(name)
            if topic == "payment.instructed":
                self.meant[name] = said["amount_fen"]
                self.firsts.add(name)
            assert self.kept[name] + said["amount_fen"] <= self.meant[name], f"{name}: a further attempt at more than is owed"
            self.under_way[name] = said["batch"], said["amount_fen"]
            self._within_award(name, "instructed")
            # What they had handed in themselves, and the bank brought back as well, is theirs again whatever the other file is paid.
            for other in self.same_person(student) - {student} if self.kept[name] + said["amount_fen"] > 0 else ():
                assert self.of_award((scheme, other, period)) <= 0, f"{name}: also paid to {other}, who is the same person"
        elif topic in ("payment.paid", "payment.paid_in_part"):
            batch, asked = self.under_way.pop(name)
            assert said["effective_on"] >= self.left_on[batch], f"{name}: paid before the bank had the file"
            whole = said["amount_fen"] == asked
            assert batch == said["batch"] and whole is (topic == "payment.paid") and 0 < said["amount_fen"] <= asked, name
            self.kept[name] += said["amount_fen"]
            self.out[name][batch] = said["amount_fen"]
            assert self.of_award(award) <= max(self.awarded[award]), f"{name}: more was paid than was ever awarded"
        elif topic in ENDED:
            batch, asked = self.under_way.pop(name)
            assert (batch, asked) == (said["batch"], said["amount_fen"]), name
            assert said["effective_on"] >= self.left_on.get(batch, ""), f"{name}: answered before the bank had the file"
        elif topic in DEMANDS:
            self.demanded[name] += DEMANDS[topic] * said["amount_fen"]
            self.asked[name] += DEMANDS[topic] * said["amount_fen"]
            assert 0 <= self.demanded[name] <= max(0, self.kept[name]), f"{name}: {self.demanded[name]} is asked back of {self.kept[name]}"
        elif topic in CAME_BACK:
            self.kept[name] -= said["amount_fen"]
            self._came_back(name, topic, said)

    def _came_back(self, name: str, topic: str, said: Mapping[str, Any]) -> None:
        """Out of the payee's own hand no more than they have; by the bank the whole of what it paid."""
        self.demanded[name] -= min(said["amount_fen"], self.demanded[name])
        if topic == "payment.clawback_received":
            self.handed_in[name] += said["amount_fen"]
            assert self.handed_in[name] <= self.asked[name], f"{name}: more was handed in than was ever asked for"
        else:
            whole = self.out[name].pop(said["batch"], 0) if topic == "payment.returned" else sum(self.out.pop(name, {}).values())
            assert whole == said["amount_fen"], f"{name}: the bank brought back {said['amount_fen']} of {whole}"
        assert self.kept[name] >= -self.handed_in[name], f"{name}: more came back than was paid"

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
Award = tuple[str, str, str]


def china_day(recorded_at: str) -> str:
    return (datetime.fromisoformat(recorded_at) + timedelta(hours=8)).date().isoformat()


class Books:
    """kept: what each payee has of a payment; under_way: (batch, fen) of payments that no bank has settled; awarded: every amount an award
    has ever had, the newest last; meant: what a payment was first to come to; stand_of: each batch; received, returned: by fund; arrivals:
    (leaf, day, fund, fen); files: merged into a student's; booked: by movement, the voucher it stands in; day_of: since when a fact holds
    that others rest on; size: how much was read."""

    def __init__(self) -> None:
        self.size = 0
        self.topics: Counter[str] = Counter()
        self.awarded: defaultdict[Award, list[int]] = defaultdict(list)
        self.kept: Counter[str] = Counter()
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
        elif row.topic == "fund.arrived":
            self.received[rest] += fen
            self.arrivals.append((row.leaf_index, said["effective_on"], rest, fen))
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

    def _payment(self, name: str, topic: str, said: Mapping[str, Any]) -> None:
        _, scheme, student, period, _instalment = name.split("/")
        award = scheme, student, period
        if topic in ("payment.instructed", "payment.reissued"):
            assert name not in self.under_way, f"{name} is under way twice"
            self.begun.add(name)
            if topic == "payment.instructed":
                self.meant[name] = said["amount_fen"]
            assert self.kept[name] + said["amount_fen"] <= self.meant[name], f"{name}: a further attempt at more than is owed"
            self.under_way[name] = said["batch"], said["amount_fen"]
            assert self.of_award(award) <= self.awarded[award][-1], f"{name}: instructed beyond the award"
            for other in self.same_person(student) - {student}:
                assert not self.of_award((scheme, other, period)), f"{name}: also paid to {other}, who is the same person"
        elif topic in ("payment.paid", "payment.paid_in_part"):
            batch, asked = self.under_way.pop(name)
            whole = said["amount_fen"] == asked
            assert batch == said["batch"] and whole is (topic == "payment.paid") and 0 < said["amount_fen"] <= asked, name
            self.kept[name] += said["amount_fen"]
            assert self.of_award(award) <= max(self.awarded[award]), f"{name}: more was paid than was ever awarded"
        elif topic in ENDED:
            batch, asked = self.under_way.pop(name)
            assert (batch, asked) == (said["batch"], said["amount_fen"]), name
        elif topic in CAME_BACK:
            self.kept[name] -= said["amount_fen"]
            assert self.kept[name] >= 0, f"{name}: more came back than was paid"

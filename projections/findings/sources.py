"""What a rule may look at: the tables as of one view, the log, the plans in force, and what the vault's tokens say of accounts.

What several rules look at is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import select

from mingzhang.domain.journal.records import StateRow
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.plan.vocabulary import Plan

from ..aid_steps import AWARD, AWARD_AMOUNT, AWARD_STOP
from ..due import days_told, plan_versions
from ..finding import Finding
from ..projection import View
from ..register.recognition import MERGED, survivors
from ..rules_in_force import RulesInForce, rules_in_force
from ..trail import Log as Traced
from .accounts import Accounts, PaidToDoubtful, paid_to_doubtful
from .chains import Batch, Chain, read_batches, read_chains
from .switches import Switches, laid_down

if TYPE_CHECKING:
    from mingzhang.domain.duty.owed import Version

T = TypeVar("T")


class Log(Traced, Protocol):
    """What is asked of the journal here."""

    def select_states(
        self, left_out: Collection[str] = (), gt_size: int = 0, limit: int | None = None, stop: int | None = None
    ) -> Sequence[StateRow]: ...


class Award(NamedTuple):
    """What an award allows now (0 where it was revoked), the fact that says so and its leaf."""

    amount_fen: int
    ref: str
    leaf: int


@dataclass(frozen=True)
class Sources:
    """One look at the ledger. accounts: None where no key is at hand; the rules about accounts are then not looked at."""

    view: View
    journal: Log
    accounts: Accounts | None = None
    _read: dict[str, Any] = field(default_factory=dict, repr=False)

    def once(self, what: str, read: Callable[[], T]) -> T:
        """What `read` gives, read once for all the rules of a module that look at it."""
        if what not in self._read:
            self._read[what] = read()
        found: T = self._read[what]
        return found

    @cached_property
    def plans(self) -> RulesInForce:
        """What pairings and tutors owe, by unit and by day, in all versions of the plans that are known at the view's point."""
        return rules_in_force(self.view)

    @cached_property
    def versions(self) -> dict[str, list[Version]]:
        """The versions of each plan, oldest first."""
        return plan_versions(self.view)

    @cached_property
    def switches(self) -> Switches:
        """Which rules each plan applies, on which days and with which figures."""
        recorded = laid_down(self.journal, self.view.as_of.known_at, sorted(self.versions))
        return Switches(self.versions, recorded, self.journal)

    @cached_property
    def days_told(self) -> dict[str, dict[tuple[str, str], date]]:
        """Days that plans leave to a higher office, as the office was told of them: plan -> (name, period) -> the day."""
        return days_told(self.view)

    @cached_property
    def merged(self) -> dict[str, str]:
        """Files given up -> the file that answers for the person."""
        return survivors(self.view)

    @cached_property
    def merges(self) -> dict[str, tuple[int, str]]:
        """Files given up -> the fact that says so: its leaf and its reference."""
        return {row.student: (row.fact_leaf, row.ref) for row in self.view.rows(select(self.view.held(MERGED)))}

    @cached_property
    def batches(self) -> dict[str, Batch]:
        return read_batches(self.view)

    @cached_property
    def chains(self) -> list[Chain]:
        """Every payment of which anything was paid."""
        return read_chains(self.view, self.merged, self.batches)

    @cached_property
    def paid_to_doubtful(self) -> list[PaidToDoubtful]:
        """What was paid to doubtful accounts, for the three rules about accounts."""
        return paid_to_doubtful(self)

    @cached_property
    def awards(self) -> dict[tuple[str, str, str], Award]:
        """(scheme, student, period) -> the award as it stands on the day."""
        stops = {
            (row.scheme, row.student, row.period): (row.fact_leaf, row.ref)
            for row in self.view.rows(select(self.view.held(AWARD_STOP)))
            if row.state == "revoked"
        }
        amounts = {(row.scheme, row.student, row.period): row for row in self.view.rows(select(self.view.held(AWARD_AMOUNT)))}
        held = self.view.held(AWARD)
        c = held.c
        found: dict[tuple[str, str, str], Award] = {}
        columns = (c.scheme, c.student, c.period, c.amount_fen, c.ref, c.fact_leaf)
        for scheme, student, period, amount, ref, leaf in self.view.each(select(*columns)):
            place = (scheme, student, period)
            stop = stops.get(place) if stops else None
            anew = amounts.get(place) if amounts else None
            if stop is not None and stop[0] > leaf:
                found[place] = Award(0, stop[1], stop[0])
            elif anew is not None and anew.fact_leaf > leaf:
                found[place] = Award(anew.amount_fen, anew.ref, anew.fact_leaf)
            else:
                found[place] = Award(amount, ref, leaf)
        return found

    def person(self, student: str) -> str:
        return self.merged.get(student, student)

    def plan_on(self, code: str, day: str) -> Plan | None:
        """The version of the plan that decides on that day (ISO), else the oldest known."""
        versions = self.versions.get(code, [])
        wanted = date.fromisoformat(day)
        for version in reversed(versions):
            if version.since <= wanted:
                return version.plan
        return versions[0].plan if versions else None

    def scheme_on(self, qualified: str, day: str) -> Scheme | None:
        """`<plan>.<scheme>` as the version in force on that day describes it."""
        code, _, scheme = qualified.partition(".")
        plan = self.plan_on(code, day)
        return next((one for one in plan.schemes if one.code == scheme), None) if plan is not None else None

    def size_after(self, day: str) -> int:
        """The log size at the end of that day (ISO) in Asia/Shanghai: leaves from here on were recorded later."""
        return self._sizes[day]

    @cached_property
    def _sizes(self) -> _Sizes:
        return _Sizes(self.journal)


class _Sizes(dict[str, int]):
    """Log sizes at the ends of days, each asked for once."""

    def __init__(self, journal: Log) -> None:
        self._journal = journal

    def __missing__(self, day: str) -> int:
        self[day] = size = self._journal.size_at(f"{day}T23:59:59.999999+08:00")
        return size


Rule = Callable[[Sources], list[Finding]]
"""A rule judges by the view's two times, and gives what it found in any order."""

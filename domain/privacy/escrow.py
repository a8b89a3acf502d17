"""The master key is shared out among named custodians, so that no single loss ends a ledger's names, and no single person opens them.

Any `threshold` of the shares make the key again, fewer say nothing (SLIP-39). The shares themselves are never on record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..command import Command, Context
from ..facts import Fact
from ..refusal import Refused
from ..staff import Staff
from ..streams import Event, State, Streams, replace

MOST_CUSTODIANS = 16
STREAM = "escrow/master-key"


class KeysEscrowed(Fact):
    """custodians: staff ids, in the order of their shares; fingerprint: of the key, which says nothing about it."""

    topic = "ledger.keys_escrowed"
    custodians: tuple[str, ...]
    threshold: int
    fingerprint: str


class EscrowRehearsed(Fact):
    """So many shares were brought together, and would have opened the key store."""

    topic = "ledger.escrow_rehearsed"
    fingerprint: str
    shares: int


@dataclass(frozen=True)
class Escrow(State):
    """The sharing-out that counts is the last; shares of an earlier one still open the same key."""

    prefix: ClassVar[str] = "escrow"
    custodians: tuple[str, ...] = ()
    threshold: int = 0
    fingerprint: str = ""
    escrowed_ref: str = ""
    escrowed_on: date | None = None

    def evolve(self, fact: Fact, ref: str) -> Escrow:
        if isinstance(fact, KeysEscrowed):
            found = replace(self, custodians=fact.custodians, threshold=fact.threshold, fingerprint=fact.fingerprint)
            return replace(found, escrowed_ref=ref, escrowed_on=fact.effective_on)
        return self


@dataclass(frozen=True, kw_only=True)
class EscrowKeys(Command):
    name: ClassVar[str] = "EscrowKeys"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    custodians: tuple[str, ...]
    threshold: int
    fingerprint: str

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        count = len(self.custodians)
        if len(set(self.custodians)) != count:
            raise Refused("custodian_named_twice", custodians=list(self.custodians))
        if not 2 <= self.threshold <= count <= MOST_CUSTODIANS:
            raise Refused("escrow_threshold_unusable", threshold=self.threshold, custodians=count, most=MOST_CUSTODIANS)
        because = []
        for custodian in self.custodians:
            staff = streams.read(Staff, custodian)
            if not staff.exists:
                raise Refused("staff_unknown", staff=custodian)
            because.append(staff.ref)
        state = streams.at(Escrow, STREAM)
        common = self.stamp(context, state.escrowed_ref, *because)
        return [(STREAM, KeysEscrowed(**common, custodians=self.custodians, threshold=self.threshold, fingerprint=self.fingerprint))]


@dataclass(frozen=True, kw_only=True)
class RehearseEscrow(Command):
    name: ClassVar[str] = "RehearseEscrow"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator", "privacy-officer", "inspector"})
    fingerprint: str
    shares: int

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = streams.at(Escrow, STREAM)
        self.refuse_out_of_time(context, (state.escrowed_on, state.escrowed_ref))
        if not state.exists:
            raise Refused("keys_not_escrowed")
        if state.fingerprint != self.fingerprint:
            raise Refused("escrow_of_another_key", fingerprint=self.fingerprint, wanted=state.fingerprint)
        return [(STREAM, EscrowRehearsed(**self.stamp(context, state.escrowed_ref), fingerprint=self.fingerprint, shares=self.shares))]

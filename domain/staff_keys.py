"""Signing keys are given, renewed and taken away in the open: whoever has no live key records nothing in a real ledger.

A key an office made is `issued_by: office`, since whoever made it could have kept it; renewed by its holder, and signed for with the one
before it, it is `issued_by: self`, and nobody else can have it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from .command import Command, Context
from .ledger_state import LedgerState, SigningBegun
from .refusal import Refused
from .signing import PUBLIC_KEY_BYTES, key_id
from .staff import ROLES, SigningKey, Staff, StaffKeyEnrolled, StaffKeyRevoked
from .streams import Event, Streams
from .values.base64_text import base64_bytes


def public_key_of(text: str) -> bytes:
    """The key in a fact. Refused `signing_key_format` where it is no 32 bytes in base64."""
    try:
        found = base64_bytes(text)
    except ValueError:
        found = b""
    if len(found) != PUBLIC_KEY_BYTES:
        raise Refused("signing_key_format")
    return found


def units_of(staff: Staff, day: date | None) -> tuple[str, ...]:
    """The units at which somebody is appointed on that day or later; of somebody relieved, those they were at last."""
    held = [a for a in staff.appointments if a.until is None or (day is not None and a.until > day)] or staff.appointments
    return tuple(dict.fromkeys(a.unit for a in held))


def _live(staff: Staff) -> SigningKey:
    """Refused `signing_key_revoked` where every key has been taken away, `signing_key_not_enrolled` where there never was one."""
    key = staff.live_key
    if key is None:
        raise Refused("signing_key_revoked" if staff.keys else "signing_key_not_enrolled", staff=staff.id)
    return key


def _appointed(streams: Streams, staff: str) -> Staff:
    state = streams.read(Staff, staff)
    if not state.appointments:
        raise Refused("staff_unknown", staff=staff)
    return state


def refuse_taken(staff: Staff, key: str) -> None:
    """Refuses (`signing_key_used`) a key this person has had before: what was taken away does not come back."""
    if any(one.key == key for one in staff.keys):
        raise Refused("signing_key_used", staff=staff.id, key=key)


@dataclass(frozen=True, kw_only=True)
class EnrolKey(Command):
    """An administrator gives somebody who has no live key a new one; in the transaction of their appointment, or after a loss."""

    name: ClassVar[str] = "EnrolKey"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    staff: str
    public_key: str

    def needs(self) -> tuple[str, ...]:
        return (f"staff/{self.staff}",)

    def units(self, streams: Streams) -> tuple[str, ...]:
        return units_of(streams.read(Staff, self.staff), self.on)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        state = _appointed(streams, self.staff)
        if state.live_key is not None:
            raise Refused("signing_key_live", staff=self.staff, key=state.live_key.key)
        key = key_id(public_key_of(self.public_key))
        refuse_taken(state, key)
        fact = StaffKeyEnrolled(**self.stamp(context, state.ref), public_key=self.public_key, key=key, issued_by="office")
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class RenewKey(Command):
    """Somebody takes a new key of their own making; the old one, which signs for it, ends with it."""

    name: ClassVar[str] = "RenewKey"
    roles: ClassVar[frozenset[str]] = frozenset(ROLES)
    public_key: str

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        state = _appointed(streams, context.actor)
        old = _live(state)
        key = key_id(public_key_of(self.public_key))
        refuse_taken(state, key)
        revoked = StaffKeyRevoked(**self.stamp(context, old.ref), key=old.key, reason="replaced")
        enrolled = StaffKeyEnrolled(**self.stamp(context, old.ref), public_key=self.public_key, key=key, issued_by="self")
        return [(state.stream, revoked), (state.stream, enrolled)]


@dataclass(frozen=True, kw_only=True)
class RevokeKey(Command):
    """An administrator takes a key away that is lost, or whose holder was relieved."""

    name: ClassVar[str] = "RevokeKey"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    staff: str
    reason: Literal["lost", "relieved"]

    def needs(self) -> tuple[str, ...]:
        return (f"staff/{self.staff}",)

    def units(self, streams: Streams) -> tuple[str, ...]:
        return units_of(streams.read(Staff, self.staff), self.on)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        if self.staff == context.actor:
            raise Refused("signing_key_own", staff=self.staff)
        state = _appointed(streams, self.staff)
        old = _live(state)
        return [(state.stream, StaffKeyRevoked(**self.stamp(context, old.ref), key=old.key, reason=self.reason))]


@dataclass(frozen=True, kw_only=True)
class GiveUpKey(Command):
    """Somebody takes their own key out of use, signing for it with that key. Administrators renew theirs instead: so the ledger is never
    without one who can give keys."""

    name: ClassVar[str] = "GiveUpKey"
    roles: ClassVar[frozenset[str]] = frozenset(ROLES)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        state = _appointed(streams, context.actor)
        if any(a.role == "administrator" and a.holds(context.today) for a in state.appointments):
            raise Refused("signing_key_own", staff=context.actor)
        old = _live(state)
        return [(state.stream, StaffKeyRevoked(**self.stamp(context, old.ref), key=old.key, reason="lost"))]


@dataclass(frozen=True, kw_only=True)
class BeginSigning(Command):
    """A ledger of an older format gets its first keys, all in one transaction, which the administrator signs with the new one.

    keys: public key (base64) by staff id. Refused `signing_begun` where the ledger is signed already.
    """

    name: ClassVar[str] = "BeginSigning"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    ledger_id: str
    keys: Mapping[str, str]

    def units(self, streams: Streams) -> tuple[str, ...]:
        return tuple(dict.fromkeys(unit for staff in self.keys for unit in units_of(streams.read(Staff, staff), self.on)))

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        ledger = streams.read(LedgerState, self.ledger_id)
        if ledger.signing:
            raise Refused("signing_begun")
        events: list[Event] = [(ledger.stream, SigningBegun(**self.stamp(context, ledger.ref)))]
        for staff, public_key in self.keys.items():
            state = _appointed(streams, staff)
            issued_by: Literal["office", "self"] = "self" if staff == context.actor else "office"
            key = key_id(public_key_of(public_key))
            fact = StaffKeyEnrolled(**self.stamp(context, state.ref), public_key=public_key, key=key, issued_by=issued_by)
            events.append((state.stream, fact))
        return events

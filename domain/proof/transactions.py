"""A transaction stands if it is whole, if its actor signed it with a key that was live then, and if they were who they say they were.

Judged from the stored bytes at its own place in the log, so that what was taken away later leaves it as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from ..facts import Fact, decode
from ..journal.records import stored_instant
from ..ledger_state import SigningBegun
from ..merkle.hashing import HASH_BYTES
from ..signing import check_transaction
from ..staff import Appointment, Staff, StaffAppointed, StaffKeyEnrolled, StaffKeyRevoked, StaffRelieved
from ..staff_keys import EnrolKey
from ..transaction import LedgerOpened, TransactionRecorded
from ..unit import UnitRegistered
from ..values.base64_text import base64_bytes
from ..values.china import CHINA, day_of_record
from .problem import Problems
from .standing import Standing, holds

TRANSACTION: Final = TransactionRecorded.topic.encode()
_LONG_RUN_BYTES: Final = 1 << 16
LONGEST = timedelta(days=7)
"""No execution takes longer from its first moment (which its id tells) to its record, machines that sleep included."""

@dataclass
class Watched:
    """A member that gives or takes powers; `number`: which of the members it is."""

    leaf: int
    number: int
    stream: str
    version: int
    topic: str
    state: bytes


class MembersDigest:
    """SHA-256 over members' records as they come. Long runs are hashed by the one thread of `beside`, which needs no Python for it."""

    def __init__(self, beside: Executor | None) -> None:
        self._beside = beside
        self._hash = hashlib.sha256()
        self._last: Future[None] | None = None

    def add(self, records: bytes) -> None:
        if self._beside is not None and len(records) > _LONG_RUN_BYTES:
            self._last = self._beside.submit(self._hash.update, records)
        else:
            self._wait()
            self._hash.update(records)

    def hexdigest(self) -> str:
        self._wait()
        return self._hash.hexdigest()

    def _wait(self) -> None:
        if self._last is not None:
            self._last.result()
            self._last = None


@dataclass
class OpenTransaction:
    """A transaction whose members are still being read. `is_held`: it bears the instant of the event before it; `holed`: some of its
    members could not be read; `roles`: in which role it was acted, from which member on; `told`: the digest of its members, in hex, where
    they were read and found to be in order elsewhere."""

    leaf: int
    stream: str
    state: bytes
    said: dict[str, Any]
    members: int
    digest: MembersDigest
    recorded_at: str
    is_held: bool
    watched: list[Watched] = field(default_factory=list)
    holed: bool = False
    roles: list[tuple[int, str]] = field(default_factory=list)
    told: str | None = None

    @property
    def event(self) -> str:
        return f"{self.stream}@1"

    @property
    def end(self) -> int:
        return self.leaf + 1 + self.members

    @property
    def actor(self) -> str:
        return str(self.said["actor"])

    def role(self, number: int) -> str | None:
        """The role under which a member was recorded; None where none is named."""
        return next((role for since, role in reversed(self.roles) if since <= number), None)


@dataclass
class Signatures:
    """How transactions are vouched for. `practice`: unsigned in a rehearsal, by somebody without a key; `before_signing`: of a time
    when the ledger had no keys yet; `wrong`: everything else."""

    verified: int = 0
    practice: int = 0
    before_signing: int = 0
    wrong: int = 0
    signers: set[str] = field(default_factory=set)


class TransactionChecks:
    """Follows the log from one transaction to the next."""

    def __init__(self, problems: Problems, beside: Executor | None = None) -> None:
        self._beside = beside
        self.problems = problems
        self.standing = Standing()
        self.signatures = Signatures()
        self.ledger_id: str | None = None
        self.transactions = 0

    def begin(self, leaf: int, stream: bytes, version: int, state: bytes, at: bytes, before: bytes) -> OpenTransaction | None:
        """The transaction that this event begins; None where its bytes are not those of one. before: instant of the event before it."""
        name = stream.decode(errors="replace")
        self.transactions += 1
        try:
            decode(TransactionRecorded.topic, state)
            said = orjson.loads(state)
            members = said["members"]
            well = members >= 0 and name.startswith("transaction/") and _begun(name) is not None
        except ValueError:
            well = False
        if not well:
            self.problems.add("transaction_malformed", leaf, f"{name}@{version}")
            return None
        if version != 1:
            self.problems.add("transaction_repeated", leaf, f"{name}@{version}")
            return None
        recorded_at = at.decode(errors="replace")
        found = OpenTransaction(leaf, name, state, said, members, MembersDigest(self._beside), recorded_at, at == before)
        found.roles = [(one["since"], one["role"]) for one in _capacities(said)]
        self._check_time(found)
        if self.ledger_id is None:
            self.ledger_id = said["ledger_id"]
        elif said["ledger_id"] != self.ledger_id:
            self.problems.add("ledger_id_differs", leaf, found.event, ledger_id=said["ledger_id"], ours=self.ledger_id)
        return found

    def end(self, one: OpenTransaction, missing: int) -> bool:
        """Judges a transaction whose members have all been read, or of whose members so many are missing. Gives whether it is vouched
        for: signed as it should be, or legitimately not."""
        if missing:
            found = one.members - missing
            self.problems.add("transaction_incomplete", one.leaf, one.event, until=one.end, members=one.members, found=found)
        elif not one.holed and (one.told or one.digest.hexdigest()) != one.said["digest"]:
            self.problems.add("digest_differs", one.leaf, one.event, until=one.end, members=one.members)
        before = self.standing.ledger.signing
        opening = one.leaf == 0
        actor = self.standing.of(one.actor)
        if not opening:
            self._check_authority(one)
        self._take(one, opening=opening)
        # Whoever attests that a clock ran ahead does so while it is behind: their own transaction is held already.
        if one.said.get("clock_at") and one.is_held and one.recorded_at > (self.standing.ledger.attested_until or ""):
            self.problems.add("clock_not_attested", one.leaf, one.event, recorded_at=one.recorded_at)
        begins = opening or (not before and self.standing.ledger.signing)
        return self._check_signature(one, self.standing.of(one.actor) if begins else actor)

    def _take(self, one: OpenTransaction, *, opening: bool) -> None:
        """What the members give or take holds from here on, and was theirs to give."""
        begins = any(member.topic == SigningBegun.topic for member in one.watched) and not self.standing.ledger.signing
        if opening and not (one.watched and one.watched[0].topic == LedgerOpened.topic and one.watched[0].number == 0):
            self.problems.add("opening_missing", one.leaf, one.event)
        for member in one.watched:
            event = f"{member.stream}@{member.version}"
            if member.topic == LedgerOpened.topic and not (opening and member.number == 0):
                self.problems.add("opened_twice", member.leaf, event)
                continue
            try:
                fact = self.standing.read(member.stream, member.topic, member.state)
            except (ValueError, KeyError):
                self.problems.add("event_malformed", member.leaf, event, topic=member.topic)
                continue
            own = member.stream == f"staff/{one.actor}" and isinstance(fact, StaffKeyEnrolled | StaffKeyRevoked)
            if isinstance(fact, StaffKeyEnrolled):
                by_themselves = own or opening or fact.issued_by != "self"
                if not (by_themselves and self.standing.may_enrol(member.stream, fact)):
                    self.problems.add("key_malformed", member.leaf, event, key=fact.key)
            self.standing.take(member.stream, member.version, fact, _china_day(one.recorded_at))
            if not (opening or begins or own):
                self._check_reach(one, member, fact, event)

    def _check_reach(self, one: OpenTransaction, member: Watched, fact: Fact, event: str) -> None:
        """Keys of others are an administrator's to give and take; whoever gives or takes powers does so within their own unit."""
        role = one.role(member.number)
        if isinstance(fact, StaffKeyEnrolled | StaffKeyRevoked) and role not in (None, *EnrolKey.roles):
            self.problems.add("recorded_without_right", member.leaf, event, staff=one.actor, topic=member.topic)
        unit = next((each["unit"] for each in reversed(_capacities(one.said)) if each["since"] <= member.number), None)
        if unit is None:
            return
        match fact:
            case StaffAppointed() | StaffRelieved():
                within = self.standing.within(fact.unit, unit)
            case StaffKeyEnrolled() | StaffKeyRevoked():
                within = self.standing.reaches(member.stream.partition("/")[2], unit)
            case UnitRegistered(parent=str(parent)):
                within = self.standing.within(parent, unit)
            case _:
                return
        if not within:
            self.problems.add("recorded_beyond_unit", member.leaf, event, staff=one.actor, topic=member.topic, unit=unit)

    def _check_authority(self, one: OpenTransaction) -> None:
        """Each capacity is an appointment of the actor that the log holds, and that had begun and not ended by then."""
        days = tuple({date.fromisoformat(one.said["effective_on"]), *_begun_on(one.stream)})
        capacities = _capacities(one.said)
        if not capacities or capacities[0]["since"] != 0:
            self.problems.add("authority_missing", one.leaf, one.event, staff=one.actor)
        for capacity in capacities:
            held = self.standing.appointment(one.actor, capacity["authority"])
            code = None
            if held is None or (held.role, held.unit) != (capacity["role"], capacity["unit"]):
                code = "authority_unknown"
            elif not holds(held, days) or self._was_over(one, held):
                code = "authority_ended"
            if code is not None:
                role, unit, authority = (str(capacity[name]) for name in ("role", "unit", "authority"))
                self.problems.add(code, one.leaf, one.event, staff=one.actor, role=role, unit=unit, authority=authority)

    def _was_over(self, one: OpenTransaction, held: Appointment) -> bool:
        """Whoever decided had read all that was recorded before: a relief as well, however long ago they say to have begun. Only where
        the clock was behind the log's, the relief's day says nothing."""
        relieved = self.standing.relieved.get(held.ref)
        return relieved is not None and not held.holds(relieved) and not (one.is_held and one.said.get("clock_at"))

    def _check_signature(self, one: OpenTransaction, actor: Staff) -> bool:
        ledger = self.standing.ledger
        live, key, signature = actor.live_key, one.said.get("key", ""), one.said.get("signature", "")
        if not signature and not key:
            if not ledger.signing:
                self.signatures.before_signing += 1
                return True
            if ledger.rehearsal and not actor.keys:
                self.signatures.practice += 1
                return True
            return self._unsigned("signature_missing", one)
        if live is None or live.key != key:
            known = self.standing.key(key)
            holder = self.standing.holders.get(key)
            code = "key_not_enrolled" if known is None else "key_of_somebody_else" if holder != one.actor else "key_revoked"
            return self._unsigned(code, one, key=key)
        if not check_transaction(base64_bytes(live.public_key), one.stream, one.state):
            return self._unsigned("signature_wrong", one, key=key)
        self.signatures.verified += 1
        self.signatures.signers.add(one.actor)
        return True

    def _unsigned(self, code: str, one: OpenTransaction, key: str = "") -> bool:
        self.signatures.wrong += 1
        self.problems.add(code, one.leaf, one.event, staff=one.actor, key=key)
        return False

    def _check_time(self, one: OpenTransaction) -> None:
        """A transaction's id tells when its execution began; its record comes after that, and not weeks after."""
        begun, recorded_at = _begun(one.stream), one.recorded_at
        try:
            at = datetime.fromisoformat(recorded_at)
            well = stored_instant(recorded_at) == recorded_at
        except ValueError:
            well = False
        if not well:
            self.problems.add("instant_malformed", one.leaf, one.event)
        elif begun is not None and at < begun:
            self.problems.add("recorded_before_begun", one.leaf, one.event, recorded_at=recorded_at)
        elif begun is not None and at - begun > LONGEST and not (one.is_held and one.said.get("clock_at")):
            self.problems.add("recorded_long_after", one.leaf, one.event, recorded_at=recorded_at)


def seen(said: Mapping[str, Any]) -> tuple[int, bytes] | None:
    """The log the actor saw: its size and root; None where an older transaction does not say. ValueError for what is neither."""
    size, root = said.get("seen_size"), said.get("seen_root", "")
    if size is None and not root:
        return None
    if type(size) is not int or size < 0 or not isinstance(root, str) or len(base64_bytes(root)) != HASH_BYTES:
        raise ValueError("no size and root")
    return size, base64_bytes(root)


def _capacities(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The appointments acted under, as the newest shape of a transaction has them; those that are none are left out."""
    if "capacities" not in said and "authority" in said:
        return [{"since": 0, "role": said.get("actor_role"), "unit": said.get("actor_unit"), "authority": said["authority"]}]
    found = said.get("capacities", [])
    keys = {"since", "role", "unit", "authority"}
    return [one for one in found if isinstance(one, dict) and one.keys() == keys and type(one["since"]) is int]


def _begun(stream: str) -> datetime | None:
    """When the execution began, by its id; None where the id is not of that kind."""
    try:
        value = UUID(stream.partition("/")[2])
        return datetime.fromtimestamp((value.int >> 80) / 1000, UTC) if value.version == 7 else None
    except (ValueError, OverflowError):
        return None


def _china_day(instant: str) -> date | None:
    try:
        return day_of_record(instant)
    except ValueError:
        return None


def _begun_on(stream: str) -> list[date]:
    begun = _begun(stream)
    return [] if begun is None else [begun.astimezone(CHINA).date()]

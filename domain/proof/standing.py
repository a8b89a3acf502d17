"""Who held which appointment and which key is followed through the log, so that each transaction is judged by its own time.

Only what gives or takes powers is followed: the staff's and the ledger's own streams, folded by the rules that decide, and which unit lies
under which.
"""

from __future__ import annotations

from datetime import date

from ..attested import ClockAttested, LossAttested
from ..facts import Fact, decode
from ..ledger_state import LedgerKeyEnrolled, LedgerState, SigningBegun
from ..signing import PUBLIC_KEY_BYTES, key_id
from ..staff import Appointment, SigningKey, Staff, StaffAppointed, StaffKeyEnrolled, StaffKeyRevoked, StaffRelieved
from ..streams import replace
from ..transaction import LedgerOpened
from ..unit import UnitRegistered
from ..values.base64_text import base64_bytes

_STAFF = (StaffAppointed, StaffRelieved, StaffKeyEnrolled, StaffKeyRevoked)
_LEDGER = (LedgerOpened, LedgerKeyEnrolled, SigningBegun, ClockAttested, LossAttested)
WATCHED: frozenset[bytes] = frozenset(kind.topic.encode() for kind in (*_STAFF, *_LEDGER, UnitRegistered))
"""Topics that change who may do what, and where."""


class Standing:
    """As the log up to some place leaves it. `log_keys`: the ledger's own public keys by their origin, in the log's order."""

    def __init__(self) -> None:
        self.ledger = LedgerState("ledger/")
        self.staff: dict[str, Staff] = {}
        self.holders: dict[str, str] = {}  # key id: staff
        self.shared: dict[str, list[str]] = {}  # keys that several people were given, with all of them
        self.log_keys: list[tuple[str, bytes]] = []
        self.relieved: dict[str, date] = {}  # by the appointment: on which day its end was recorded
        self._parents: dict[str, str | None] = {}

    def of(self, staff: str) -> Staff:
        return self.staff.get(staff) or Staff(f"staff/{staff}")

    def read(self, stream: str, topic: str, state: bytes) -> Fact:
        """The fact. ValueError or KeyError for one that cannot be read, or stands in a stream that is not its own."""
        fact = decode(topic, state)
        prefix = stream.partition("/")[0]
        if prefix != topic.partition(".")[0] or (prefix == LedgerState.prefix and self.ledger.exists and self.ledger.stream != stream):
            raise ValueError("not its stream")
        if isinstance(fact, LedgerKeyEnrolled) and len(base64_bytes(fact.public_key)) != PUBLIC_KEY_BYTES:
            raise ValueError("no key")
        return fact

    def may_enrol(self, stream: str, enrolled: StaffKeyEnrolled) -> bool:
        """Whether this is a key, and one this person may be given: they have no live key, and never had this one."""
        staff = self.of(stream.partition("/")[2])
        return is_itself(enrolled) and staff.live_key is None and all(one.key != enrolled.key for one in staff.keys)

    def take(self, stream: str, version: int, fact: Fact, recorded_on: date | None = None) -> None:
        """Adds a fact that was read."""
        ref = f"{stream}@{version}"
        prefix, _, name = stream.partition("/")
        if isinstance(fact, UnitRegistered):
            self._parents.setdefault(name, fact.parent)
        elif prefix == Staff.prefix:
            before = self.of(name)
            after = self.staff[name] = before.evolve(fact, ref)
            if isinstance(fact, StaffRelieved) and recorded_on is not None:
                ended = (one.ref for one, was in zip(after.appointments, before.appointments, strict=True) if one != was)
                self.relieved.update(dict.fromkeys(ended, recorded_on))
            if isinstance(fact, StaffKeyEnrolled) and (holder := self.holders.setdefault(fact.key, name)) != name:
                self.shared.setdefault(fact.key, [holder]).append(name)
        else:
            self.ledger = replace(self.ledger.evolve(fact, ref), stream=stream, version=version)
            if isinstance(fact, LedgerKeyEnrolled):
                self.log_keys.append((fact.origin, base64_bytes(fact.public_key)))

    def appointment(self, staff: str, ref: str) -> Appointment | None:
        """The appointment of that person that this fact made."""
        return next((one for one in self.of(staff).appointments if one.ref == ref), None)

    def within(self, unit: str, above: str) -> bool:
        """Whether `unit` is `above` or lies below it."""
        passed: set[str] = set()
        step: str | None = unit
        while step is not None and step != above and step not in passed:
            passed.add(step)
            step = self._parents.get(step)
        return step == above

    def reaches(self, staff: str, above: str) -> bool:
        """Whether somebody's appointments without an end lie within a unit; where they have none left, whether any they had does."""
        appointments = self.of(staff).appointments
        kept = [one for one in appointments if one.until is None]
        return all(self.within(one.unit, above) for one in kept) if kept else any(self.within(one.unit, above) for one in appointments)

    def key(self, key: str) -> SigningKey | None:
        """A key that somebody was given, be it live or not."""
        return next((one for one in self.of(self.holders.get(key, "")).keys if one.key == key), None)


def is_itself(enrolled: StaffKeyEnrolled) -> bool:
    """Whether the key is one, and goes by the name that its bytes give it."""
    try:
        found = base64_bytes(enrolled.public_key)
    except ValueError:
        return False
    return len(found) == PUBLIC_KEY_BYTES and key_id(found) == enrolled.key


def holds(appointment: Appointment, days: tuple[date, ...]) -> bool:
    return any(appointment.holds(day) for day in days)

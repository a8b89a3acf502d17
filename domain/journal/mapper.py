"""What is stored is what is hashed: a fact becomes its own JSON under its permanent topic, and comes back in its
newest shape.

The library's mapper stores module paths and skips pydantic; its examples' pydantic mapper forgets upcasting. This one
does both.
"""

from __future__ import annotations

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    Cipher,
    Compressor,
    JSONTranscoder,
    Mapper,
    ProgrammingError,
    StoredEvent,
    Transcoder,
)

from ..facts import Fact, Recorded, decode, encode
from ..refusal import Refused
from .records import LogRow


class FactMapper(Mapper[str]):
    """Between `Recorded` facts and stored events. Takes no cipher and no compressor, and no transcoder has a say.

    Personal data is sealed field by field under its owner's key before it gets here; sealing whole events under one
    key would neither let one person be erased nor one field be proved.
    """

    def __init__(
        self,
        transcoder: Transcoder | None = None,
        compressor: Compressor | None = None,
        cipher: Cipher | None = None,
    ) -> None:
        if compressor is not None or cipher is not None:
            raise ProgrammingError("the journal stores facts as they are hashed: no cipher, no compressor")
        super().__init__(transcoder or JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The fact in its place as it is stored. ProgrammingError for anything but `Recorded`."""
        if not isinstance(domain_event, Recorded):
            raise ProgrammingError(f"not a recorded fact: {type(domain_event).__qualname__}")
        fact = domain_event.fact
        return StoredEvent(domain_event.originator_id, domain_event.originator_version, fact.topic, encode(fact))

    def to_domain_event(self, stored_event: StoredEvent | LogRow) -> Recorded:
        """The fact behind a stored event or a row of the log.

        Refused `event_unreadable` (event, topic) where this program knows no such topic, or its bytes are not what
        the topic says: it was written by a newer program, or the ledger is damaged. The bytes themselves are not
        repeated.
        """
        return Recorded(str(stored_event.originator_id), stored_event.originator_version, fact_of(stored_event))


class Unread(LogRow):
    """A row of the log whose bytes are read when its fact is asked for and not kept: of a hundred thousand streams a decision needs the
    states they add up to, and the facts only one at a time."""

    __slots__ = ()

    @property
    def ref(self) -> str:
        return f"{self[1]}@{self[2]}"

    @property
    def fact(self) -> Fact:
        try:
            return decode(self[3], self[4])
        except (KeyError, ValueError):
            return fact_of(self)  # for its refusal


def fact_of(stored: StoredEvent | LogRow) -> Fact:
    """The fact behind a stored event or a row of the log. Refused as `FactMapper.to_domain_event`."""
    try:
        return decode(stored.topic, stored.state)
    except (KeyError, ValueError):  # an unknown topic; JSON or a shape that pydantic will not take
        event = f"{stored.originator_id}@{stored.originator_version}"
        raise Refused("event_unreadable", event=event, topic=stored.topic) from None

"""A list newer than a restored log tells whom that log does not know to be restricted or held: it counts until the log says otherwise.

What it says stands in the vault, which the restore makes anyway; nothing is recorded by a restore, since nobody has decided anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from ..facts import Fact, decode
from ..journal.records import JournalRecorder
from ..refusal import Refused
from .erasing import LIST
from .facts import HoldReleased, PersonHeld, PersonsErased, PersonsRestricted, PersonsUnrestricted

_AT_ONCE = 1000


class Elsewhere(BaseModel):
    """size: of the log this was given to, what is recorded from there on counts more; held: the first day on which a hold no longer runs,
    None until it is released."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int = 0
    restricted: tuple[str, ...] = ()
    held: Mapping[str, date | None] = Field(default_factory=dict)

    @property
    def written(self) -> bytes:
        return self.model_dump_json().encode()

    @classmethod
    def read(cls, written: bytes) -> Elsewhere:
        """As it stands in a vault; of one that was told nothing, nothing."""
        return cls.model_validate_json(written) if written else cls()


def holds(journal: JournalRecorder, size: int, since: int = 0) -> dict[str, date | None]:
    """Whose files are held by what the events from leaf `since` to the first `size` say, whether or not the hold runs today."""
    found: dict[str, date | None] = {}
    for stream, fact in _of_topics(journal, (PersonHeld.topic, HoldReleased.topic), since, size):
        ref = stream.partition("/")[2]
        if isinstance(fact, PersonHeld):
            found[ref] = fact.until
        else:
            found.pop(ref, None)
    return found


def still_restricted(journal: JournalRecorder, said: Elsewhere) -> set[str]:
    """Those of whom the log's own list has said nothing since."""
    known: set[str] = set()
    for row in journal.select_streams([LIST]) if said.restricted else ():
        fact = decode(row.topic, row.state)
        if row.leaf_index >= said.size and isinstance(fact, PersonsErased | PersonsRestricted | PersonsUnrestricted):
            known.update(fact.persons)
    return set(said.restricted) - known


def still_held(journal: JournalRecorder, said: Elsewhere) -> dict[str, date | None]:
    """Those in whose own stream no hold has been recorded or released since."""
    if not said.held:
        return {}
    size = journal.head().size
    topics = (PersonHeld.topic, HoldReleased.topic)
    known = {stream.partition("/")[2] for stream, _fact in _of_topics(journal, topics, said.size, size)}
    return {ref: until for ref, until in said.held.items() if ref not in known}


def refuse_held_elsewhere(journal: JournalRecorder, said: Elsewhere, refs: tuple[str, ...], day: date) -> None:
    """`legal_hold` as of a hold on record: its day, or `open`."""
    held = still_held(journal, said)
    for ref in refs:
        if ref in held and ((until := held[ref]) is None or day < until):
            raise Refused("legal_hold", student=ref, until=until.isoformat() if until is not None else "open")


def _of_topics(journal: JournalRecorder, topics: tuple[str, ...], since: int, size: int) -> Iterator[tuple[str, Fact]]:
    start: int | None = since + 1  # the library counts from 1
    while start is not None and start <= size:
        page = journal.select_notifications(start, _AT_ONCE, stop=size, topics=topics)
        for one in page:
            yield str(one.originator_id), decode(one.topic, one.state)
        start = page[-1].id + 1 if len(page) == _AT_ONCE else None

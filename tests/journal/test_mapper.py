"""A fact comes back from the journal as it went in, whatever its shape was then, and says so plainly when it cannot."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from eventsourcing.compressor import ZlibCompressor
from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import ProgrammingError, StoredEvent

from mingzhang.domain.facts import Fact, Recorded, encode
from mingzhang.domain.journal.mapper import FactMapper
from mingzhang.domain.refusal import Refused

from .ledgers import journal


class TeaServed(Fact):
    topic: ClassVar[str] = "test_mapper.tea_served"
    cups: int


class TeaPoured(Fact):
    topic: ClassVar[str] = "test_mapper.tea_poured"
    schema_version: ClassVar[int] = 2
    cups: int

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        state["cups"] = 2 * state.pop("pots")


SERVED = Recorded("contact/1", 3, TeaServed(actor="clerk", effective_on=date(2020, 3, 25), cups=2))


def test_a_fact_is_stored_under_its_permanent_topic() -> None:
    assert FactMapper().to_stored_event(SERVED) == StoredEvent(
        "contact/1", 3, "test_mapper.tea_served", encode(SERVED.fact)
    )


def test_a_fact_comes_back_from_a_row_of_the_log(tmp_path: Path) -> None:
    with journal(tmp_path / "journal.db") as recorder:
        recorder.insert_events([FactMapper().to_stored_event(SERVED)])
        assert [FactMapper().to_domain_event(row) for row in recorder.select_rows()] == [SERVED]
        assert [FactMapper().to_domain_event(old) for old in recorder.select_events("contact/1")] == [SERVED]


def test_a_fact_of_an_older_shape_comes_back_in_its_newest() -> None:
    old = StoredEvent("contact/1", 1, TeaPoured.topic, b'{"actor":"clerk","effective_on":"2020-03-25","pots":2}')
    assert FactMapper().to_domain_event(old).fact == TeaPoured(actor="clerk", effective_on=date(2020, 3, 25), cups=4)


@pytest.mark.parametrize(
    ("topic", "state"),
    [("test_mapper.nobody_knows", b"{}"), (TeaServed.topic, b"\x00"), (TeaServed.topic, b'{"cups":1}')],
)
def test_an_event_that_cannot_be_read_is_refused_by_its_reference_alone(topic: str, state: bytes) -> None:
    with pytest.raises(Refused) as refused:
        FactMapper().to_domain_event(StoredEvent("contact/1", 4, topic, state))
    assert (refused.value.code, refused.value.context) == ("event_unreadable", {"event": "contact/1@4", "topic": topic})


@pytest.mark.parametrize("cups", [b'"2"', b"2.0", b"2e0", b"true", b"1" + b"0" * 30 + b".0"])
@pytest.mark.parametrize("topic", ["test_mapper.tea_served", "test_mapper.tea_poured"])
def test_nothing_is_made_to_fit(topic: str, cups: bytes) -> None:
    """Whoever reads the same bytes without this class, as every list does, would read another value."""
    state = b'{"_v":2,' * (topic == "test_mapper.tea_poured") + b"{" * (topic == "test_mapper.tea_served")
    state += b'"actor":"clerk","effective_on":"2020-03-25","cups":' + cups + b"}"
    with pytest.raises(Refused, match="event_unreadable"):
        FactMapper().to_domain_event(StoredEvent("contact/1", 3, topic, state))


@pytest.mark.parametrize("day", [b"1583020800", b'"2020-03-25T00:00:00"', b'"20200325"'])
def test_a_day_is_written_in_one_way(day: bytes) -> None:
    state = b'{"actor":"clerk","effective_on":' + day + b',"cups":2}'
    with pytest.raises(Refused, match="event_unreadable"):
        FactMapper().to_domain_event(StoredEvent("contact/1", 3, "test_mapper.tea_served", state))


def test_nothing_but_recorded_facts_is_stored() -> None:
    other = DomainEvent(uuid4(), 1, DomainEvent.create_timestamp())
    with pytest.raises(ProgrammingError):
        FactMapper().to_stored_event(other)  # type: ignore[arg-type]


def test_stored_bytes_are_neither_compressed_nor_enciphered() -> None:
    with pytest.raises(ProgrammingError):
        FactMapper(compressor=ZlibCompressor())

"""What was ever written can be read for ever: one file of every topic and version, and no shape changes without a new one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import orjson
import pytest
from pydantic import ValidationError

from mingzhang.domain import concepts, facts
from mingzhang.domain.facts import Fact, decode, encode, fact_class, topics, upcast

from .shapes import FOLDER, filled

concepts.load()

STORED = sorted(FOLDER.glob("*.json"))
NAMED = re.compile(r"(?P<topic>[a-z]+\.[a-z_]+)\.v(?P<version>[1-9][0-9]*)\.json")


def topic_and_version(path: Path) -> tuple[str, int]:
    named = NAMED.fullmatch(path.name)
    assert named, f"{path.name} is not <topic>.v<version>.json"
    return named["topic"], int(named["version"])


def declared() -> dict[str, type[Fact]]:
    """The topics of the programs themselves, without those that tests declare."""
    return {topic: kind for topic, kind in topics().items() if kind.__module__.startswith("mingzhang.")}


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_every_fact_ever_written_can_be_read(path: Path) -> None:
    topic, version = topic_and_version(path)
    state = path.read_bytes().removesuffix(b"\n")
    fact = decode(topic, state)
    assert type(fact) is fact_class(topic)
    assert orjson.loads(state).get("_v", 1) == version
    if version == fact.schema_version:
        assert encode(fact) == state


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_a_stored_shape_shows_every_field_there_is(path: Path) -> None:
    topic, version = topic_and_version(path)
    kind = fact_class(topic)
    if version == kind.schema_version:
        assert orjson.loads(path.read_bytes()).keys() - {"_v"} == kind.model_fields.keys(), "a new field is a new version"


def test_every_version_of_every_topic_has_a_file() -> None:
    wanted = {(topic, version) for topic, kind in declared().items() for version in range(1, kind.schema_version + 1)}
    assert wanted == {topic_and_version(path) for path in STORED}, "run python -m tests.stored.shapes, and commit what it writes"


@pytest.mark.parametrize("topic", sorted(declared()))
def test_a_field_that_nobody_declared_is_refused(topic: str) -> None:
    state = orjson.loads(encode(filled(declared()[topic])))  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        decode(topic, orjson.dumps(state | {"surprise": 1}))


def test_what_is_absent_is_not_written() -> None:
    fact = fact_class("fund.arrived")(actor="a", effective_on="2020-03-25", amount_fen=1, source="b")  # type: ignore[arg-type, call-arg]
    assert encode(fact) == b'{"actor":"a","effective_on":"2020-03-25","because":[],"evidence":[],"amount_fen":1,"source":"b"}'


def test_two_classes_cannot_share_a_topic() -> None:
    with pytest.raises(TypeError, match="declared by"):
        type("Impostor", (Fact,), {"topic": "fund.arrived", "__module__": __name__, "__annotations__": {}})


def test_an_unknown_topic_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        decode("nobody.knows", b"{}")


class ToyMeasured(Fact):
    """Version 1 said `yuan`; version 2 said `fen`; version 3 also says in which currency."""

    topic = "toy.measured"
    schema_version: ClassVar[int] = 3
    fen: int
    currency: str

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        state["fen"] = state.pop("yuan") * 100

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        state["currency"] = "CNY"


@pytest.fixture(autouse=True)
def _only_in_this_file() -> Iterator[None]:
    facts._CLASSES["toy.measured"] = ToyMeasured
    yield
    del facts._CLASSES["toy.measured"]


NOW = ToyMeasured(actor="a", effective_on="2020-03-25", fen=700, currency="CNY")  # type: ignore[arg-type]
HEAD = b'"actor":"a","effective_on":"2020-03-25"'


@pytest.mark.parametrize(
    "state",
    [
        b"{" + HEAD + b',"yuan":7}',
        b'{"_v":1,' + HEAD + b',"yuan":7}',
        b'{"_v":2,' + HEAD + b',"fen":700}',
        b'{"_v":3,' + HEAD + b',"fen":700,"currency":"CNY"}',
    ],
)
def test_every_older_shape_is_brought_up_step_by_step(state: bytes) -> None:
    assert decode("toy.measured", state) == NOW


def test_a_newer_shape_is_written_with_its_version_first() -> None:
    assert encode(NOW).startswith(b'{"_v":3,"actor":"a",')
    assert decode("toy.measured", encode(NOW)) == NOW


def test_a_shape_from_a_newer_program_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="newer program"):
        decode("toy.measured", b'{"_v":4,' + HEAD + b',"fen":700,"currency":"CNY"}')


def test_a_topic_that_never_had_another_shape_is_left_alone() -> None:
    state = {"amount_fen": 1}
    assert upcast("fund.arrived", state) is state

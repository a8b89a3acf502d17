"""A fact is what an official would say has happened: frozen, named for good, and readable under every later rule.

Topics (`payment.returned`) are stored; class names and module paths are not, so code can move without touching a ledger. A fact whose
shape changes gets a higher `schema_version` and one `upcast_vN_vM` for each step; `tests/stored/` keeps a JSON of every shape ever written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict

_CLASSES: dict[str, type[Fact]] = {}
_VERSION_KEY = "_v"


class Fact(BaseModel):
    """What every member event carries beside its own fields.

    actor: staff id of whoever decided; effective_on: the date on which the fact holds in the world; because: `stream@version` of the
    facts the decision relied on; sheet, row: where in an imported file; evidence: SHA-256 (hex) of attached documents.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    topic: ClassVar[str] = ""
    schema_version: ClassVar[int] = 1

    actor: str
    effective_on: date
    because: tuple[str, ...] = ()
    sheet: str | None = None
    row: int | None = None
    evidence: tuple[str, ...] = ()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        topic = cls.__dict__.get("topic")
        if topic is None:
            return
        other = _CLASSES.setdefault(topic, cls)
        if other is not cls:
            raise TypeError(f"topic {topic!r} is declared by {other.__qualname__} and by {cls.__qualname__}")


F = TypeVar("F", bound=Fact)
_put = object.__setattr__


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact in its place: the `originator_version`-th of its stream."""

    originator_id: str
    originator_version: int
    fact: Fact

    @property
    def ref(self) -> str:
        return f"{self.originator_id}@{self.originator_version}"


class Stored(Protocol):
    """A fact in its place, as `Recorded`; it may be that its bytes are read only when `fact` is asked for, each time anew."""

    @property
    def originator_id(self) -> str: ...
    @property
    def originator_version(self) -> int: ...
    @property
    def ref(self) -> str: ...
    @property
    def fact(self) -> Fact: ...


def another(fact: F, fields: Mapping[str, Any]) -> F:
    """A fact like one that was made before, but for these fields, each of the type it is to have: they are not looked at again.

    For a hundred thousand facts that follow from one command and differ in little: making each by itself takes four times as long.
    KeyError for a field that the first one does not have.
    """
    changed = fact.__dict__.copy()
    known = len(changed)
    changed.update(fields)
    if len(changed) != known:
        raise KeyError(*(changed.keys() - fact.__dict__.keys()))
    made = object.__new__(type(fact))
    _put(made, "__dict__", changed)
    _put(made, "__pydantic_fields_set__", fact.__pydantic_fields_set__)
    _put(made, "__pydantic_extra__", None)
    _put(made, "__pydantic_private__", None)
    return made


def fact_class(topic: str) -> type[Fact]:
    """The class that a stored topic names. KeyError where no such topic was ever declared."""
    return _CLASSES[topic]


def topics() -> Mapping[str, type[Fact]]:
    """Every topic there is, with its class."""
    return dict(_CLASSES)


def encode(fact: Fact) -> bytes:
    """The bytes that are stored and hashed: compact JSON, absent fields left out."""
    try:
        state = fact.__pydantic_serializer__.to_json(fact, exclude_none=True)
    except TypeError:  # a deferred model that has not been built yet
        type(fact).model_rebuild()
        state = fact.__pydantic_serializer__.to_json(fact, exclude_none=True)
    version = fact.schema_version
    return state if version == 1 else b'{"%b":%d,' % (_VERSION_KEY.encode(), version) + state[1:]


def upcast(topic: str, state: dict[str, Any]) -> dict[str, Any]:
    """The same fact in its newest shape; at once where it has never had another. ValueError for a shape newer than that."""
    cls = _CLASSES.get(topic)
    if cls is None or cls.schema_version == 1:
        return state
    version = state.pop(_VERSION_KEY, 1)
    if version > cls.schema_version:
        raise ValueError(f"{topic} version {version} was written by a newer program")
    while version < cls.schema_version:
        getattr(cls, f"upcast_v{version}_v{version + 1}")(state)
        version += 1
    return state


def decode(topic: str, state: bytes) -> Fact:
    """The fact behind stored bytes, brought up to date if it was written under an older shape.

    ValueError for bytes that are not what the topic says. Nothing is made to fit (a number written as a text, a day as an instant):
    whoever reads the same bytes without this class would read something else.
    """
    cls = _CLASSES[topic]
    if cls.schema_version > 1:
        state = orjson.dumps(upcast(topic, orjson.loads(state)))
    return cls.__pydantic_validator__.validate_json(state, strict=True)  # type: ignore[no-any-return]

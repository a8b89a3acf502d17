"""Records are kept as long as the law says and no longer: years per class of records, as data that the office may put right by a fact.

个人信息保护法 art. 19 (the shortest period the purpose needs) and art. 47 (nothing is erased before a period laid down by law is over).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from ..command import Command, Context
from ..facts import Fact, Recorded
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, State, Streams, replace
from .facts import RetentionSet

MOST_YEARS = 100


class RecordClass(BaseModel):
    """years: None where no rule is known to us (`unset`); source: the clause they come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    name: str
    years: int | None = None
    counted_from: Literal["year_end", "fact"]
    topics: tuple[str, ...]
    source: str = ""

    def free_from(self, last: date, years: int) -> date:
        """The first day on which records may go whose last fact holds from `last`."""
        if self.counted_from == "year_end":
            return date(last.year + 1 + years, 1, 1)
        try:
            return last.replace(year=last.year + years)
        except ValueError:  # 29 February
            return date(last.year + years, 3, 1)


@cache
def _bundled() -> tuple[tuple[RecordClass, ...], tuple[str, ...]]:
    said = tomllib.loads((resources.files("mingzhang.domain") / "privacy" / "retention.toml").read_text(encoding="utf-8"))
    return tuple(RecordClass(**one) for one in said["classes"]), tuple(said["outside"])


def record_classes() -> tuple[RecordClass, ...]:
    """Every class of records there is, as they come with mingzhang."""
    return _bundled()[0]


def record_class(code: str) -> RecordClass:
    """The class, or `retention_class_unknown`."""
    for one in record_classes():
        if one.code == code:
            return one
    raise Refused("retention_class_unknown", record_class=code, known=[one.code for one in record_classes()])


@cache
def class_of(topic: str) -> str | None:
    """The class whose facts these are: the one with the longest beginning of the topic. None for what starts no period."""
    classes, outside = _bundled()
    if topic.startswith(outside):
        return None
    found = max(((len(start), one.code) for one in classes for start in one.topics if topic.startswith(start)), default=None)
    return found[1] if found else None


class Setting(NamedTuple):
    """From a day on the class is kept so many years, by that clause; ref is empty for what came with mingzhang."""

    since: date | None
    years: int
    basis: str
    ref: str = ""


@dataclass(frozen=True)
class Retention(State):
    """`retention/<class>`: the office's own decisions, in the order in which they were recorded."""

    prefix: ClassVar[str] = "retention"
    settings: tuple[Setting, ...] = ()

    def evolve(self, fact: Fact, ref: str) -> Retention:
        if isinstance(fact, RetentionSet):
            return replace(self, settings=(*self.settings, Setting(fact.effective_on, fact.years, fact.basis, ref)))
        return self

    def on(self, day: date) -> Setting | None:
        """The decision in force on a day: the latest, the one recorded last winning a tie; else what came with mingzhang; None: unset."""
        held: Setting | None = None
        for one in self.settings:
            if one.since is not None and one.since <= day and (held is None or held.since is None or one.since >= held.since):
                held = one
        bundled = record_class(self.id)
        if held is None and bundled.years is not None:
            return Setting(None, bundled.years, bundled.source)
        return held


@dataclass(frozen=True, kw_only=True)
class SetRetention(Command):
    """The office decides how long a class is kept; a later decision takes the place of an earlier one from its own day on."""

    name: ClassVar[str] = "SetRetention"
    roles: ClassVar[frozenset[str]] = frozenset({"privacy-officer"})
    record_class: str
    years: int
    basis: str

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        known = record_class(self.record_class)
        self.refuse_out_of_time(context)
        if not 0 <= self.years <= MOST_YEARS:
            raise Refused("retention_years_unusable", years=self.years, most=MOST_YEARS)
        if not self.basis.strip():
            raise Refused("retention_basis_missing", record_class=known.code)
        state = streams.read(Retention, known.code)
        now = state.on(self.on or context.today)
        if now is not None and now.ref and (now.years, now.basis) == (self.years, self.basis):
            return []
        return [(state.stream, RetentionSet(**self.stamp(context, state.ref if state.exists else ""), years=self.years, basis=self.basis))]


class Period(NamedTuple):
    """Of the person's records of one class the last fact holds from `last`; they may go on `free_from`, None while the class is unset."""

    record_class: str
    last: date
    free_from: date | None
    ref: str


def periods(streams: Streams, lasts: Iterable[tuple[str, date]], day: date) -> list[Period]:
    """The periods of (class, day of its last fact), by what is decided on `day`; the longest last, the unset ones first."""
    found = []
    for code, last in lasts:
        setting = streams.read(Retention, code).on(day)
        free = record_class(code).free_from(last, setting.years) if setting is not None else None
        found.append(Period(code, last, free, setting.ref if setting is not None else ""))
    return sorted(found, key=lambda one: (one.free_from is not None, one.free_from or day, one.record_class))


def refuse_running(found: Sequence[Period], person: str, day: date) -> None:
    """`retention_unset` (classes) where the office has yet to decide, `retention_running` (until, record_class) while one runs."""
    unset = [one.record_class for one in found if one.free_from is None]
    if unset:
        raise Refused("retention_unset", student=person, classes=unset)
    last = found[-1] if found else None
    if last is not None and last.free_from is not None and day < last.free_from:
        raise Refused("retention_running", student=person, until=last.free_from.isoformat(), record_class=last.record_class)


def last_by_class(facts: Iterable[Recorded], refs: frozenset[str]) -> dict[str, date]:
    """The day of the last fact of each class among those that concern one of the references."""
    found: dict[str, date] = {}
    for one in facts:
        code = class_of(one.fact.topic)
        if code is not None and concerns(one, refs) and one.fact.effective_on > found.get(code, date.min):
            found[code] = one.fact.effective_on
    return found


def concerns(one: Recorded, refs: frozenset[str]) -> bool:
    """Whether a fact lies in a stream named after one of the references, or seals something under it."""
    return not refs.isdisjoint(one.originator_id.split("/")) or not refs.isdisjoint(subjects_in(one.fact))


def subjects_in(fact: Fact) -> set[str]:
    """Under whose keys something in the fact is sealed."""
    found: set[str] = set()
    for value in fact.__dict__.values():
        for one in value if isinstance(value, tuple) else (value,):
            box = one if isinstance(one, Sealed) else getattr(one, "person", None)
            if isinstance(box, Sealed):
                found.add(box.subject)
    return found

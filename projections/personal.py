"""Where in the log a person stands, and how long each person's records must be kept: asked seldom, so the log itself is read through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

import orjson

from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.privacy.retention import class_of

_AT_ONCE = 5000
_SUBJECT = re.compile(rb'"subject":"([^"]+)"')


class Log(Protocol):
    def select_rows(self, gt_size: int = 0, limit: int | None = None) -> Sequence[LogRow]: ...


class Standing(NamedTuple):
    """streams: those that concern the person, in the order of the log; boxes: the leaves whose facts seal something under a reference of
    theirs."""

    streams: tuple[str, ...]
    leaves: tuple[int, ...]


def concerning(log: Log, refs: Iterable[str], size: int, *, progress: Callable[[int, int], None] | None = None) -> Standing:
    """Every stream that is named after one of the references, or in which something is sealed under it, among the first `size` events."""
    wanted = {ref.encode() for ref in refs}
    any_of = re.compile(b"|".join(re.escape(one) for one in wanted))
    streams: dict[str, None] = {}
    leaves: list[int] = []
    for row in _rows(log, size, progress):
        sealed = any_of.search(row.state) is not None and not wanted.isdisjoint(_SUBJECT.findall(row.state))
        if sealed:
            leaves.append(row.leaf_index)
        if sealed or not wanted.isdisjoint(row.originator_id.encode().split(b"/")):
            streams[row.originator_id] = None
    return Standing(tuple(streams), tuple(leaves))


class Kept(NamedTuple):
    """Of one person: the day of the last fact of each class of records, and what became of their data."""

    lasts: Mapping[str, date]
    erased: bool
    restricted: bool


def kept_records(log: Log, size: int, day: date, *, progress: Callable[[int, int], None] | None = None) -> dict[str, Kept]:
    """Everybody of whom anything is kept, among the first `size` events, by the facts that hold on `day`; files that were merged are told
    under the one that answers for them."""
    lasts: dict[str, dict[str, date]] = {}
    into: dict[str, str] = {}
    erased: set[str] = set()
    shut: set[str] = set()
    until = day.isoformat()
    for row in _rows(log, size, progress):
        if row.topic in _TOLD:
            _tell(row, into, erased, shut)
        code = class_of(row.topic)
        subjects = {one.decode() for one in _SUBJECT.findall(row.state)}
        named = row.originator_id.split("/")
        if code is None or not (subjects or named[0] in _NAMED_AFTER_PERSONS):
            continue
        held = orjson.loads(row.state)["effective_on"]
        if held > until:
            continue
        if named[0] in _NAMED_AFTER_PERSONS:
            subjects.add(named[_NAMED_AFTER_PERSONS[named[0]]])
        for ref in subjects:
            of = lasts.setdefault(ref, {})
            last = date.fromisoformat(held)
            if last > of.get(code, date.min):
                of[code] = last
    whole: dict[str, dict[str, date]] = {}
    for ref, of in lasts.items():
        together = whole.setdefault(_last(into, ref), {})
        for code, last in of.items():
            together[code] = max(last, together.get(code, date.min))
    return {ref: Kept(of, ref in erased, ref in shut) for ref, of in whole.items()}


# Which part of such a stream's name is the person.
_NAMED_AFTER_PERSONS = {
    "student": 1, "person": 1, "leftbehind": 1, "dropouts": 1, "tutoring": 1, "loan": 1,
    "entry": 2, "application": 2, "payment": 2, "difference": 2, "listing": 2,
}  # fmt: skip
_TOLD = frozenset(
    {
        "student.identity_merged_into",
        "student.identity_split",
        "student.person_erased",
        "student.person_restricted",
        "student.restriction_lifted",
    }
)


def _tell(row: LogRow, into: dict[str, str], erased: set[str], shut: set[str]) -> None:
    ref = row.originator_id.partition("/")[2]
    if row.topic == "student.identity_merged_into":
        into[ref] = orjson.loads(row.state)["survivor"]
    elif row.topic == "student.identity_split":
        into.pop(orjson.loads(row.state)["other"], None)
    elif row.topic == "student.person_erased":
        erased.add(ref)
    elif row.topic == "student.person_restricted":
        shut.add(ref)
    else:
        shut.discard(ref)


def _last(into: Mapping[str, str], ref: str) -> str:
    seen = {ref}
    while ref in into and into[ref] not in seen:
        ref = into[ref]
        seen.add(ref)
    return ref


def _rows(log: Log, size: int, progress: Callable[[int, int], None] | None) -> Iterable[LogRow]:
    done = 0
    while done < size:
        rows = log.select_rows(done, min(_AT_ONCE, size - done))
        if not rows:
            return
        yield from rows
        done += len(rows)
        if progress is not None:
            progress(done, size)

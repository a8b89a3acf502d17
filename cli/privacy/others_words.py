"""What was written about somebody else may name the person as well: it stays when they are erased, and whoever erases is told where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.sealed import Sealed

from ..session import Session
from .plaintexts import NAMES, NUMBERS

_AT_ONCE = 2000


class OthersWords(NamedTuple):
    """A fact (`stream@version`) with words sealed under somebody else's key, or one of their own (`t-…`), in which the person is named."""

    event: str
    subject: str


def words_naming(session: Session, said: Mapping[str, set[str]], refs: Sequence[str]) -> tuple[OthersWords, ...]:
    """In the log's order. said: what is sealed about the person, by the name of the field; a name counts where it stands in longer words,
    since somebody else may be called the same."""
    wanted = {one for field in (*NUMBERS, *NAMES) for one in said.get(field, ()) if len(one) > 1}
    journal, found, start = session.ledger.journal, [], 0
    while wanted and (rows := journal.select_rows(start, _AT_ONCE)):
        start += len(rows)
        boxes = [(row, box) for row in rows for box in _boxes(row) if box.subject not in refs]
        opened = session.vault.open_many([box for _row, box in boxes], also_restricted=True)
        for (row, box), fields in zip(boxes, opened, strict=True):
            if any(name in text and name != text.strip() for text in (fields or {}).values() for name in wanted):
                found.append(OthersWords(f"{row.originator_id}@{row.originator_version}", box.subject))
    return tuple(dict.fromkeys(found))


def _boxes(row: LogRow) -> Iterator[Sealed]:
    if b'"commitment"' in row.state:
        yield from _in(orjson.loads(row.state))


def _in(value: Any) -> Iterator[Sealed]:
    if isinstance(value, dict):
        if {"alg", "subject", "box", "commitment"} <= value.keys():
            yield Sealed.model_validate(value)
            return
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _in(one)

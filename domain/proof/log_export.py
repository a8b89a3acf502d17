"""A whole log as text, one JSON object a line, which another program can check with nothing but SHA-256: docs/concepts/export-format.md.

First a header, then one line for each event in the log's order, at last the checkpoint they lead to. What is stored is text, so it is
written as text and read back to the same bytes. Boxes stay closed: no key is needed, and none is in it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ..journal.records import LogRow, stored_instant
from ..refusal import Refused
from ..values.base64_text import base64_text
from .checkpoint import hash_of

FORMAT = "mingzhang-export"
VERSION = 1
EVENT_FIELDS = ("leaf", "stream", "version", "topic", "recorded_at", "state", "leaf_hash")


@dataclass(frozen=True, slots=True)
class Header:
    """What is exported: the ledger, its log's origin, and the events of the leaves `first` to `size` - 1. first_root: the root of the log
    before them (base64), to be compared with where they are to follow on."""

    ledger_id: str
    origin: str
    rehearsal: bool
    ledger_format: int
    first: int
    first_root: str
    size: int

    @property
    def line(self) -> str:
        return _line(
            {
                "format": FORMAT,
                "version": VERSION,
                "ledger_id": self.ledger_id,
                "origin": self.origin,
                "rehearsal": self.rehearsal,
                "ledger_format": self.ledger_format,
                "first": self.first,
                "first_root": self.first_root,
                "size": self.size,
            }
        )


def event_line(row: LogRow, leaf_hash: bytes) -> str:
    """One event. Refused `ledger_damaged` where what is stored is no text: no program wrote that."""
    try:
        state = row.state.decode()
    except UnicodeDecodeError:
        raise Refused("ledger_damaged", detail=f"journal.db: leaf {row.leaf_index}") from None
    return _line(
        {
            "leaf": row.leaf_index,
            "stream": row.originator_id,
            "version": row.originator_version,
            "topic": row.topic,
            "recorded_at": row.recorded_at,
            "state": state,
            "leaf_hash": base64_text(leaf_hash),
        }
    )


def checkpoint_line(note: str, *, signed: bool) -> str:
    """The last line: the checkpoint as a signed note; its text alone where there was no key to sign it with."""
    return _line({"checkpoint": note, "signed": signed})


def read_header(line: bytes) -> Header:
    """Refused `export_format` where this is not the first line of an export this version reads."""
    said = _object(line)
    try:
        if said is None or (said["format"], said["version"]) != (FORMAT, VERSION):
            raise ValueError("another format")
        found = Header(
            said["ledger_id"],
            said["origin"],
            said["rehearsal"],
            said["ledger_format"],
            said["first"],
            said["first_root"],
            said["size"],
        )
        texts = (found.ledger_id, found.origin, found.first_root)
        counts = (found.ledger_format, found.first, found.size)
        if not (all(type(one) is str for one in texts) and all(type(one) is int for one in counts) and type(found.rehearsal) is bool):
            raise ValueError("another kind of value")
        hash_of(found.first_root)
        if not 0 <= found.first <= found.size:
            raise ValueError("no such part of a log")
    except (KeyError, ValueError, TypeError):
        raise Refused("export_format") from None
    return found


def read_event(line: bytes) -> tuple[LogRow, bytes]:
    """The event of a line and the leaf hash it claims. ValueError (a word for what is wrong) for what `event_line` would not write."""
    said = _object(line)
    if said is None or tuple(said) != EVENT_FIELDS:
        raise ValueError("export_line_malformed")
    kinds = (int, str, int, str, str, str, str)
    if any(type(value) is not kind for value, kind in zip(said.values(), kinds, strict=True)) or said["version"] < 1:
        raise ValueError("export_line_malformed")
    try:
        row = LogRow(said["leaf"], said["stream"], said["version"], said["topic"], said["state"].encode(), said["recorded_at"])
        for text in (row.originator_id, row.topic):
            text.encode()
        if stored_instant(row.recorded_at) != row.recorded_at:
            raise ValueError("another spelling")
        return row, hash_of(said["leaf_hash"])
    except ValueError:  # half a surrogate pair, no instant, no hash
        raise ValueError("export_line_malformed") from None


def read_checkpoint_line(line: bytes) -> tuple[str, bool]:
    """The note and whether it is signed. ValueError as `read_event`."""
    said = _object(line)
    if said is None or tuple(said) != ("checkpoint", "signed") or type(said["checkpoint"]) is not str or type(said["signed"]) is not bool:
        raise ValueError("export_line_malformed")
    return said["checkpoint"], said["signed"]


def _line(said: dict[str, object]) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"


def _object(line: bytes) -> dict[str, Any] | None:
    """The JSON object in a line; None for anything else, an object that names a field twice among it."""
    try:
        said = json.loads(line.decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError):  # no UTF-8, no JSON, a field twice, nesting that no event has
        return None
    return said if isinstance(said, dict) else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field twice")
    return found

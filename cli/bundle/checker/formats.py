"""Every byte is read strictly: one spelling of base64, one form of each file, JSON without repeated names, records without a byte to spare.

What two programs could read differently is refused, so that nobody can show one thing to a person and another to a program.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any, NamedTuple

from .found import NotProved

TLOG_PROOF = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63
MOST_SIGNATURES = 100
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
_DASH = "— "


class Event(NamedTuple):
    """One event as the log stores it. `leaf` from 0; `state` the stored bytes, `facts` what they say; `record` what is hashed."""

    leaf: int
    stream: str
    version: int
    topic: str
    recorded_at: str
    state: bytes
    facts: dict[str, Any]
    record: bytes

    @property
    def ref(self) -> str:
        return f"{self.stream}@{self.version}"

    @property
    def because(self) -> tuple[str, ...]:
        return tuple(self.facts.get("because", ()))


class Signature(NamedTuple):
    """One line under a note: `raw` is key id (4 bytes) and signature."""

    name: str
    raw: bytes


class Note(NamedTuple):
    """A signed text. `origin`, `size`, `root`: what its text says as a checkpoint."""

    text: str
    signatures: tuple[Signature, ...]
    origin: str
    size: int
    root: bytes


class Proof(NamedTuple):
    """The head of a proof's text: `number` is the leaf or the old size; `below` the checkpoint's bytes; `extra` the record."""

    number: int
    hashes: tuple[bytes, ...]
    extra: bytes
    below: bytes


def json_value(raw: bytes, code: str, name: str) -> Any:
    """What the JSON says. NotProved with that code for anything unusual."""
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse, parse_int=_short)
    except (ValueError, RecursionError, MemoryError):
        raise NotProved(code, name=name) from None


def canonical(value: Any) -> bytes:
    """The one way in which a bundle writes a JSON file of its own."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n").encode("utf-8", "surrogatepass")


def base64_bytes(text: str) -> bytes:
    """Standard base64 in its one spelling. ValueError for anything else."""
    try:
        found = base64.b64decode(text.encode("ascii"), validate=True)
    except binascii.Error:
        raise ValueError("base64") from None
    if base64.b64encode(found).decode("ascii") != text:
        raise ValueError("another spelling")
    return found


def number(text: str) -> int:
    """ASCII decimal without leading zeros, at most 18 digits. ValueError for anything else."""
    if _NUMBER.fullmatch(text) is None:
        raise ValueError("number")
    return int(text)


def hash_of(text: str) -> bytes:
    found = base64_bytes(text)
    if len(found) != 32:
        raise ValueError("hash")
    return found


def read_note(raw: bytes, name: str) -> Note:
    """A checkpoint as a signed note (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), not yet believed."""
    try:
        whole = raw.decode("utf-8")
        if any(sign < " " and sign != "\n" for sign in whole):
            raise ValueError("control characters")
        text, gap, below = whole.rpartition("\n\n")
        lines = text.split("\n")
        if not gap or not below.endswith("\n") or len(lines) != 3 or not lines[0]:
            raise ValueError("three lines")
        signatures = [_signature(line) for line in below[:-1].split("\n")]
        if len(signatures) > MOST_SIGNATURES:
            raise ValueError("signatures")
        return Note(text + "\n", tuple(signatures), lines[0], number(lines[1]), hash_of(lines[2]))
    except ValueError:
        raise NotProved("checkpoint_malformed", name=name) from None


def read_proof(raw: bytes, name: str) -> Proof:
    """The inclusion proof of an event, with its record (c2sp.org/tlog-proof)."""
    try:
        lines, below = _parted(raw)
        if lines[0] != TLOG_PROOF:
            raise ValueError("format")
        return Proof(number(_after("index ", lines[2])), _hashes(lines[3:]), base64_bytes(_after("extra ", lines[1])), below)
    except (ValueError, IndexError):
        raise NotProved("proof_malformed", name=name) from None


def read_consistency(raw: bytes, name: str) -> Proof:
    """That an older log is the beginning of this one (the body of c2sp.org/tlog-witness)."""
    try:
        lines, below = _parted(raw)
        return Proof(number(_after("old ", lines[0])), _hashes(lines[1:]), b"", below)
    except (ValueError, IndexError):
        raise NotProved("proof_malformed", name=name) from None


def read_record(record: bytes, leaf: int, name: str) -> Event:
    """The event of a leaf record: 0x01, then stream, version (8 bytes), topic, instant and state, each after its length (4 bytes)."""
    try:
        if record[:1] != b"\x01":
            raise ValueError("version")
        parts: list[bytes] = []
        at = 1
        while at < len(record):
            end = at + 4 + int.from_bytes(record[at : at + 4], "big")
            if end > len(record):
                raise ValueError("runs past its end")
            parts.append(record[at + 4 : end])
            at = end
        stream, version, topic, recorded_at, state = parts
        if len(version) != 8:
            raise ValueError("version")
        facts = json_value(state, "event_malformed", name)
        texts = [part.decode("utf-8") for part in (stream, topic, recorded_at)]
        event = Event(leaf, texts[0], int.from_bytes(version, "big"), texts[1], texts[2], state, facts, record)
        if not isinstance(facts, dict) or not _plausible(facts):
            raise ValueError("facts")
        return event
    except ValueError:
        raise NotProved("event_malformed", name=name) from None


def member_record(event: Event) -> bytes:
    """What a transaction's digest takes of a member: its record without the instant."""
    parts = (event.stream.encode("utf-8"), event.version.to_bytes(8, "big"), event.topic.encode("utf-8"), event.state)
    return b"\x01" + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _plausible(facts: dict[str, Any]) -> bool:
    """The fields that every event has, of the kind they have to be."""
    because = facts.get("because", [])
    return (
        isinstance(facts.get("actor"), str)
        and isinstance(facts.get("effective_on"), str)
        and isinstance(because, list)
        and all(isinstance(one, str) for one in because)
    )


def _parted(raw: bytes) -> tuple[list[str], bytes]:
    head, gap, below = raw.partition(b"\n\n")
    if not gap:
        raise ValueError("no checkpoint")
    return head.decode("ascii").split("\n"), below


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    if len(lines) > MOST_HASHES:
        raise ValueError("too long")
    return tuple(hash_of(line) for line in lines)


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise ValueError(word)
    return line[len(word) :]


def _signature(line: str) -> Signature:
    name, space, encoded = line[len(_DASH) :].partition(" ")
    raw = base64_bytes(encoded)
    if not line.startswith(_DASH) or not name or not space or len(raw) <= 4:
        raise ValueError("signature")
    return Signature(name, raw)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _short(text: str) -> int:
    if len(text) > 18:
        raise ValueError("number")
    return int(text)

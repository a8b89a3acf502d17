"""What is in the log at the checkpoint's size: each event leads by its proof to the one root, and the log's own key has signed for it.

The log names its key itself, in an event of its own; whether that is the key one knows is for whoever checks to say (`--key`).
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any, NamedTuple

from .formats import Event, Note, base64_bytes, read_note, read_proof, read_record
from .found import Findings, NotProved
from .opening import CHECKPOINT
from .signatures import Tool
from .tree import included, leaf_hash

ED25519 = b"\x01"


class LogKey(NamedTuple):
    """The public key that signs checkpoints, under its name."""

    name: str
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode("utf-8") + b"\n" + ED25519 + self.public_key).digest()[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public_key).decode('ascii')}"


class Log:
    """The events that are proved to be in the log, by reference and by leaf, and the checkpoint they are in."""

    def __init__(self, checkpoint: Note, written: bytes) -> None:
        self.checkpoint = checkpoint
        self.written = written
        self.events: dict[str, Event] = {}
        self.by_leaf: dict[int, Event] = {}
        self._by_topic: dict[str, list[Event]] = {}
        self.keys: list[LogKey] = []
        self.ledger = ""
        self.rehearsal = False
        self.signing_from = 0

    def of(self, *topics: str) -> list[Event]:
        """The events of these topics, in the log's order."""
        return sorted((event for topic in topics for event in self._by_topic.get(topic, ())), key=lambda event: event.leaf)

    def take(self, event: Event) -> None:
        """Events are taken in the log's order."""
        self.events[event.ref] = self.by_leaf[event.leaf] = event
        self._by_topic.setdefault(event.topic, []).append(event)


def read_log(files: dict[str, bytes], findings: Findings) -> Log:
    """NotProved where there is no readable checkpoint; everything else that is wrong is a problem of its own."""
    if CHECKPOINT not in files:
        raise NotProved("file_missing", name=CHECKPOINT)
    log = Log(read_note(files[CHECKPOINT], CHECKPOINT), files[CHECKPOINT])
    last = ""
    for name in sorted((name for name in files if name.startswith("events/")), key=lambda name: (len(name), name)):
        try:
            event = _event(log, name, files[name])
            if event.recorded_at < last:
                findings.problem("instant_order", event=event.ref)
            log.take(event)
            last = event.recorded_at
        except NotProved as not_proved:
            findings.problems.append(not_proved.point)
    _opening(log, findings)
    if log.events and not findings.problems:
        findings.prove("included", count=len(log.events), size=log.checkpoint.size)
    return log


def _event(log: Log, name: str, raw: bytes) -> Event:
    proof = read_proof(raw, name)
    if name != f"events/{proof.number:08d}.tlog-proof":
        raise NotProved("proof_malformed", name=name)
    if proof.below != log.written:
        raise NotProved("checkpoint_differs", name=name)
    event = read_record(proof.extra, proof.number, name)
    if not included(leaf_hash(proof.extra), proof.number, log.checkpoint.size, proof.hashes, log.checkpoint.root):
        raise NotProved("inclusion_wrong", event=event.ref, leaf=event.leaf)
    if event.ref in log.events:
        raise NotProved("event_twice", event=event.ref)
    return event


def _opening(log: Log, findings: Findings) -> None:
    """Which ledger this is, by its first events: the transaction at leaf 0 opens it."""
    first, opened = log.by_leaf.get(0), log.by_leaf.get(1)
    if first is None or opened is None or first.topic != "transaction.recorded" or opened.topic != "ledger.opened":
        findings.problem("opening_missing")
        return
    ledger, rehearsal, form = (opened.facts.get(name) for name in ("ledger_id", "rehearsal", "format"))
    if not isinstance(ledger, str) or not isinstance(rehearsal, bool) or not isinstance(form, int) or opened.stream != f"ledger/{ledger}":
        findings.problem("event_malformed", name=opened.ref)
        return
    log.ledger, log.rehearsal = ledger, rehearsal
    origin = f"mingzhang-rehearsal/{ledger}" if rehearsal else f"mingzhang/{ledger}"
    if log.checkpoint.origin != origin:
        findings.problem("origin_other", origin=log.checkpoint.origin, ledger=ledger)
    begun = [event for event in log.of("ledger.signing_begun") if event.stream == opened.stream]
    if form < 2:  # the transaction in which signing began is the first that must be signed
        headers = [event.leaf for event in log.of("transaction.recorded") if begun and event.leaf < begun[0].leaf]
        log.signing_from = max(headers, default=log.checkpoint.size)
    for event in log.of("ledger.key_enrolled"):
        key = _enrolled(event)
        if event.stream != opened.stream or key is None:
            findings.problem("event_malformed", name=event.ref)
        elif key.name == origin:
            log.keys.append(key)


def _enrolled(event: Event) -> LogKey | None:
    origin, text = event.facts.get("origin"), event.facts.get("public_key")
    if not isinstance(origin, str) or not isinstance(text, str):
        return None
    try:
        public_key = base64_bytes(text)
    except ValueError:
        return None
    return LogKey(origin, public_key) if len(public_key) == 32 else None


def read_vkey(text: str) -> LogKey:
    """A key as it is handed on: name+key id+base64(0x01, key). NotProved `vkey_malformed`."""
    parts = text.strip().split("+", 2)
    try:
        raw = base64_bytes(parts[2])
        key = LogKey(parts[0], raw[1:])
        if raw[:1] != ED25519 or len(key.public_key) != 32 or key.key_id.hex() != parts[1].lower():
            raise ValueError("not this key's id")
    except (ValueError, IndexError):
        raise NotProved("vkey_malformed") from None
    return key


def check_checkpoint(log: Log, known: LogKey | None, tool: Tool, findings: Findings) -> None:
    """The root counts under the signature of the log's key: of the one that is known, else of the one the log names."""
    if not log.keys:
        findings.problem("log_key_missing")
        return
    if known is not None and known not in log.keys:
        findings.problem("key_other", known=known.vkey, named=log.keys[-1].vkey)
        return
    signed_by, accepted = signature_of(log.checkpoint, [known] if known is not None else log.keys, tool)
    if signed_by is None:
        findings.problem("checkpoint_unsigned")
    elif accepted is None:
        findings.left_open("checkpoint_signature_unchecked")
    elif not accepted:
        findings.problem("checkpoint_signature_wrong", vkey=signed_by.vkey)
    elif known is not None:
        findings.prove("checkpoint_signed_by_known", vkey=signed_by.vkey, size=log.checkpoint.size)
    else:
        findings.prove("checkpoint_signed", vkey=signed_by.vkey, size=log.checkpoint.size)
        findings.remark("key_unknown", vkey=signed_by.vkey)
    others = [line.name for line in log.checkpoint.signatures if line.name not in {key.name for key in log.keys}]
    if others:
        findings.remark("cosignatures_unchecked", names=others)


def signature_of(note: Note, keys: list[LogKey], tool: Tool) -> tuple[LogKey | None, bool | None]:
    """Which of the keys has a line under the note, and whether every line of that key is good."""
    for key in keys:
        lines = [line for line in note.signatures if line.name == key.name and line.raw[:4] == key.key_id]
        if lines:
            said: list[Any] = [tool.accepts(key.public_key, note.text.encode("utf-8"), line.raw[4:]) for line in lines]
            return key, (False if False in said else None if None in said else True)
    return None, False

"""A witness is a second office with a folder and a key of its own: it keeps the last checkpoint it saw of each log, and signs only growth.

It needs no ledger and sees no event. `witness.json` says who it is, `witness.key` holds its key under a passphrase (a practice key has
none), `logs/<id>/` holds a log's key (`log.vkey`) and every checkpoint signed here (`<size>.txt`); what contradicts them is kept there too
(`refused-…`), since under the log's signature it is evidence.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mingzhang.domain.proof.checkpoint import Checkpoint, is_rehearsal, read_checkpoint
from mingzhang.domain.proof.cosignature import WitnessVerifier, cosign, cosigned_at
from mingzhang.domain.proof.proof_text import ConsistencyText, read_consistency
from mingzhang.domain.proof.signed_note import Note, Signature, Verifier, key_name
from mingzhang.domain.proof.witnessing import check_growth
from mingzhang.domain.refusal import Refused
from mingzhang.domain.signing import SEED_BYTES, Signer
from mingzhang.domain.values.base64_text import base64_bytes, base64_text

from ..clock import rfc3339_of
from ..on_disk import replace_file
from ..signing.key_file import KeyFile, make_practice_key, practice_signer, write_key_file
from ..signing.passphrases import passphrase_to_sign
from .making import last_saved, reading

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

FORMAT = 1


@dataclass(frozen=True)
class Witness:
    """A witness's folder, its name in signature lines, and whether it is one to practise with."""

    root: Path
    name: str
    rehearsal: bool
    public_key: bytes

    @property
    def verifier(self) -> WitnessVerifier:
        return WitnessVerifier(self.name, self.public_key)

    @property
    def key_file(self) -> Path:
        return self.root / "witness.key"


@dataclass(frozen=True)
class WitnessedLog:
    """What a witness knows of one log: its key, and the last checkpoint signed here (None: none yet) with its file."""

    folder: Path
    verifier: Verifier
    note: Note | None
    file: Path | None

    @property
    def seen(self) -> Checkpoint | None:
        return None if self.note is None else Checkpoint.parse(self.note.text)


@dataclass(frozen=True)
class Cosigned:
    """A checkpoint with this witness's line under it; `seen` is the size that had been seen before (None: the first of this log)."""

    note: Note
    line: Signature
    file: Path
    seen: int | None


def make_witness(root: Path, name: str, passphrase: str | None, *, random_bytes: Callable[[int], bytes]) -> Witness:
    """A new witness; without a passphrase it is one to practise with. Refused `key_name_unusable`, `witness_exists`, `folder_not_empty`,
    `signing_passphrase_needed`."""
    try:
        key_name(name)
    except ValueError:
        raise Refused("key_name_unusable", key_name=name) from None
    about = root / "witness.json"
    if about.exists():
        raise Refused("witness_exists", folder=str(root))
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise Refused("folder_not_empty", folder=str(root))
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    if passphrase is None:
        make_practice_key(root / "witness.key", random_bytes)
        public_key = _signer(Witness(root, name, True, b"")).public_key
    else:
        public_key = write_key_file(root / "witness.key", name, random_bytes(SEED_BYTES), passphrase, random_bytes).public_key
    said = {"format": FORMAT, "name": name, "rehearsal": passphrase is None, "public_key": base64_text(public_key)}
    replace_file(about, json.dumps(said, ensure_ascii=False, indent=2).encode() + b"\n")
    return Witness(root, name, passphrase is None, public_key)


def read_witness(root: Path) -> Witness:
    """Refused `witness_missing`, `witness_damaged`."""
    about = root / "witness.json"
    if not about.is_file():
        raise Refused("witness_missing", folder=str(root))
    try:
        said = json.loads(about.read_text(encoding="utf-8"))
        found = Witness(root, key_name(said["name"]), said["rehearsal"], base64_bytes(said["public_key"]))
        if said["format"] != FORMAT or type(found.rehearsal) is not bool:
            raise ValueError("another format")
    except (ValueError, KeyError, TypeError):
        raise Refused("witness_damaged", folder=str(root)) from None
    return found


def witnessed_logs(witness: Witness) -> list[WitnessedLog]:
    """All logs this witness knows, by name."""
    folders = sorted((witness.root / "logs").glob("*/log.vkey"))
    return sorted((_log(file.parent) for file in folders), key=lambda log: log.verifier.name)


def cosign_file(witness: Witness, path: Path, *, trusted: Verifier | None, at: datetime) -> Cosigned:
    """Signs the checkpoint in a file, or the one at the end of a consistency proof, if it continues what was seen of its log.

    `trusted` is the log's key, needed for a log that is new here. Refused, in this order: what the file's format refuses; `log_unknown`,
    `log_key_differs`, `checkpoint_of_other_log`; `note_not_signed`, `note_signature_wrong`; `witness_other_kind`; what `check_growth`
    refuses (an inconsistent one with `kept`, the file that is evidence now); `clock_behind`; and what the key file refuses.
    """
    shown = reading(path, _shown)
    head = shown.checkpoint
    folder = witness.root / "logs" / hashlib.sha256(head.origin.encode()).hexdigest()[:16]
    with _alone(witness):
        log = _log(folder) if (folder / "log.vkey").is_file() else None
        verifier = _trusted(log, trusted, head.origin)
        shown.note.need_signature([verifier])
        if witness.rehearsal is not is_rehearsal(head.origin):
            raise Refused("witness_other_kind", origin=head.origin)
        seen = log.seen if log is not None else None
        if seen is not None and shown.old == 0 and not shown.hashes and head.size == seen.size:
            shown = ConsistencyText(seen.size, (), shown.note)  # the same head once more needs no proof
        try:
            check_growth(seen, shown)
        except Refused as refused:
            if refused.code != "checkpoint_inconsistent":
                raise
            kept = folder / f"refused-{head.size}-{hashlib.sha256(shown.written.encode()).hexdigest()[:16]}.txt"
            replace_file(kept, shown.written.encode())
            raise Refused(refused.code, **{**refused.context, "kept": str(kept)}) from None
        seconds = int(at.timestamp())
        _check_clock(witness, log, seconds)
        line = cosign(head.text, _signer(witness), witness.name, seconds)
        note = shown.note.with_signature(line)
        if log is None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(folder / "log.vkey", verifier.vkey.encode() + b"\n")
        file = folder / f"{head.size}.txt"
        replace_file(file, note.written.encode())
    return Cosigned(note, line, file, None if seen is None else seen.size)


def _signer(witness: Witness) -> Signer:
    if not witness.rehearsal:
        return KeyFile(witness.key_file, passphrase_to_sign)
    signer = practice_signer(witness.key_file, witness.name)
    if signer is None:
        raise Refused("witness_damaged", folder=str(witness.root))
    return signer


def _shown(content: bytes) -> ConsistencyText:
    """A consistency proof, or a checkpoint alone, which proves nothing."""
    if content.startswith(b"old "):
        return read_consistency(content)
    return ConsistencyText(0, (), read_checkpoint(content)[1])


def _log(folder: Path) -> WitnessedLog:
    verifier = Verifier.read((folder / "log.vkey").read_text(encoding="utf-8"))
    file = last_saved(folder)
    note = None if file is None else reading(file, read_checkpoint)[1]
    return WitnessedLog(folder, verifier, note, file)


def _trusted(log: WitnessedLog | None, given: Verifier | None, origin: str) -> Verifier:
    if given is not None and given.name != origin:
        raise Refused("checkpoint_of_other_log", origin=given.name, other=origin)
    if log is None:
        if given is None:
            raise Refused("log_unknown", origin=origin)
        return given
    if given is not None and given != log.verifier:
        raise Refused("log_key_differs", origin=origin)
    return log.verifier


def _check_clock(witness: Witness, log: WitnessedLog | None, seconds: int) -> None:
    """A witness never dates a signature before one it gave to the same log."""
    lines = log.note.signatures if log is not None and log.note is not None else ()
    last = max((cosigned_at(line) for line in lines if witness.verifier.made(line)), default=0)
    if seconds < last:
        raise Refused("clock_behind", until=rfc3339_of(last))


@contextmanager
def _alone(witness: Witness) -> Iterator[None]:
    """What was seen and what is signed next are one step: two at once could sign two heads that contradict each other."""
    with (witness.root / ".lock").open("a+b") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield

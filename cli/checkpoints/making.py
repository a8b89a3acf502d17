"""A log signs only heads that contain every head it signed before, and keeps each in `<ledger>/checkpoints/<size>.txt`.

Ed25519 has no chance in it: the same log at the same size gives the same bytes, whoever asks and whenever.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from errno import EROFS
from pathlib import Path
from typing import TypeVar

from mingzhang.domain.ledger_state import LedgerState
from mingzhang.domain.proof.checkpoint import Checkpoint, origin, read_checkpoint
from mingzhang.domain.proof.signed_note import LARGEST_NOTE_BYTES, Note, Verifier, signed
from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.base64_text import base64_bytes
from mingzhang.domain.vault.log_key import log_key

from ..folder import LedgerFolder
from ..on_disk import replace_file
from ..session import Session

T = TypeVar("T")
_SAVED = re.compile(r"(0|[1-9][0-9]*)\.txt", re.ASCII)
LARGEST_FILE = 4 * LARGEST_NOTE_BYTES


def head_at(session: Session, size: int) -> Checkpoint:
    """What this log's checkpoint at a size says, unsigned; needs no keys. Refused `log_size_unknown` beyond the log."""
    last = session.ledger.journal.head().size
    if size > last:
        raise Refused("log_size_unknown", size=size, last=last)
    return Checkpoint(origin(session.folder.ledger_id, rehearsal=session.rehearsal), size, session.ledger.journal.root_at(size))


def log_verifier(session: Session) -> Verifier:
    """The public key that the log itself names as its own. Refused `log_key_not_enrolled` where it names none."""
    state = session.streams.read(LedgerState, session.folder.ledger_id)
    if state.public_key is None or state.origin is None:
        raise Refused("log_key_not_enrolled")
    return Verifier(state.origin, base64_bytes(state.public_key))


def signed_checkpoint(session: Session, size: int) -> Note:
    """The checkpoint at a size under the log's own signature, and nobody else's.

    That the log still contains the last checkpoint it made was seen when it was opened (cli/keeping/shorter.py). Refused `keys_left_out`,
    `log_key_missing`, `log_key_not_enrolled`, `log_size_unknown`.
    """
    signer = log_key(session.vault)
    if signer.public_key != log_verifier(session).public_key:
        raise Refused("log_key_not_enrolled")
    head = head_at(session, size)
    return signed(head.text, signer, head.origin)


def saved(session: Session, note: Note) -> Path | None:
    """Keeps the checkpoint in the ledger's folder; one that is there, maybe cosigned since, stays. None where the folder cannot be written.

    Refused `checkpoint_contradicted` where another one of that size is there.
    """
    head = Checkpoint.parse(note.text)
    path = checkpoint_file(session.folder, head.size)
    if path.exists():
        if reading(path, read_checkpoint)[1].text != note.text:
            raise Refused("checkpoint_contradicted", saved=head.size, file=str(path))
        return path
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        replace_file(path, note.written.encode())
    except OSError as problem:
        if isinstance(problem, PermissionError) or problem.errno == EROFS:
            return None
        raise
    return path


def left_beside(session: Session, target: Path, size: int) -> Path | None:
    """Puts the checkpoint of this size beside a file that leaves the house (`<file>.检查点-<size>.txt`), and keeps it in the ledger.

    None where it cannot be made or written: what the file says is recorded already, and must not look as if it were not.
    """
    path = target.with_name(f"{target.stem}.检查点-{size}.txt")
    try:
        note = signed_checkpoint(session, size)
        replace_file(path, note.written.encode())
        saved(session, note)
    except (Refused, OSError):
        return None
    return path


def cosigned(session: Session, shown: Note) -> tuple[Note, Path]:
    """Takes the signatures of others under one of this log's checkpoints into the file that is kept of it.

    Refused as `signed_checkpoint`, and `checkpoint_not_ours` (size) where the note is about another log, or not what this log says.
    """
    size = Checkpoint.parse(shown.text).size
    own = signed_checkpoint(session, size)
    if shown.text != own.text:
        raise Refused("checkpoint_not_ours", size=size)
    path = checkpoint_file(session.folder, size)
    whole = reading(path, read_checkpoint)[1] if path.exists() else own
    for one in shown.signatures:
        if not any((one.name, one.key_id) == (ours.name, ours.key_id) for ours in own.signatures):
            whole = whole.with_signature(one)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    replace_file(path, whole.written.encode())
    return whole, path


def checkpoint_file(folder: LedgerFolder, size: int) -> Path:
    return folder.root / "checkpoints" / f"{size}.txt"


def last_saved(folder: Path) -> Path | None:
    """The file with the largest size in a folder of checkpoints; None where there is none."""
    if not folder.is_dir():
        return None
    found = [(int(match[1]), entry) for entry in folder.iterdir() if (match := _SAVED.fullmatch(entry.name))]
    return max(found)[1] if found else None


def reading(path: Path, read: Callable[[bytes], T]) -> T:
    """What a reader of the domain makes of a file; its refusal says which file it was."""
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    try:
        return read(content)
    except Refused as refused:
        raise Refused(refused.code, **{**refused.context, "file": str(path)}) from None

"""A backup is made while the office goes on working, and is one only when it has been opened and every event in it hashed again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mingzhang.domain.journal.records import instant_text
from mingzhang.domain.ledger import FORMAT
from mingzhang.domain.proof.verification import verify_log
from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.base64_text import base64_text

from ..evidence.store import ENDING
from ..evidence.store import FOLDER as EVIDENCE
from ..folder import LedgerFolder
from ..new_folder import new_folder
from ..session import Session
from .erasure_list import LIST, list_as_of, write_list
from .kept_log import KeptLog
from .manifest import MANIFEST, KeptFile, Manifest, copied, files_below, hashed
from .online_copy import Progress, copy_database
from .places import refuse_place

CHECKPOINTS = "checkpoints"
BANK_PROFILES = "bank-profiles"
EVENTS_PARTS = frozenset({"journal.db", "journal.db-journal", "ledger.json", CHECKPOINTS, EVIDENCE, LIST, BANK_PROFILES})
KEYS_PART = "keys"
_BESIDE_A_DATABASE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Made:
    """A finished backup: what it says of itself, how many bytes it has, how many people its list of erasures names, how many of its
    evidence files are an earlier backup's, whether a signed checkpoint lies in it. ok: `verify` would name nothing in it."""

    manifest: Manifest
    bytes: int
    erased: int
    linked: int = 0
    checkpoint: bool = False
    ok: bool = True


def back_up_events(
    session: Session, out: Path, *, like: Path | None = None, checkpoint: Callable[[int], bytes | None], progress: Progress | None = None
) -> Made:
    """The log, its checkpoints, its evidence and the list of erasures, as they are at one moment, in a new folder.

    like: an earlier backup whose evidence files are linked instead of copied again. checkpoint: makes the signed checkpoint of a log size,
    None where the keys are not to be had. Refused `backup_exists`, `folder_busy`, `backup_inside_ledger`, `backup_keys_with_events`,
    and `ledger_damaged` where the log does not hash to its own tree: then there is no backup.
    """
    ledger = session.folder
    refuse_place(out, "events", ledger.root)
    session.ledger.journal.head()  # a ledger that cannot be opened is not copied
    with new_folder(out, MANIFEST, EVENTS_PARTS, exists="backup_exists") as making:
        copy_database(ledger.journal, out / "journal.db", progress)
        found = verify_log(out / "journal.db", on_progress=progress)
        size, root = found.size, found.root
        with KeptLog(out / "journal.db") as log:
            if log.root_at() != root or session.ledger.journal.root_at(size) != root:
                raise Refused("ledger_damaged", detail="journal.db")
            recorded_at = log.head().recorded_at
        copied(ledger.root / "ledger.json", out / "ledger.json")
        signed = checkpoint(size)
        for file in _checkpoints(ledger, size):
            copied(file, out / CHECKPOINTS / file.name)
        for file in sorted((ledger.root / BANK_PROFILES).glob("*.toml")):  # without them no answer to what went out in one can be read
            copied(file, out / BANK_PROFILES / file.name)
        linked = _copy_evidence(ledger.root / EVIDENCE, out / EVIDENCE, None if like is None else like / EVIDENCE)
        known = list_as_of(session.ledger.journal, ledger.vault, size)
        write_list(out / LIST, ledger.ledger_id, known)
        files = tuple(_listed(out))
        about = Manifest(
            "events", ledger.ledger_id, ledger.rehearsal, FORMAT, instant_text(session.clock()), size, base64_text(root), recorded_at, files
        )
        making.finish(about.written())
    return Made(about, sum(one.bytes for one in files), len(known.erased), linked, signed is not None, found.ok)


def back_up_keys(session: Session, out: Path) -> Made:
    """All that opens the ledger, alone in a new folder for its owner's eyes: the key store as it is at one moment, the master key as it
    lies, the staff's keys.

    Refused as `back_up_events`, `master_key_missing`, `vault_missing`.
    """
    ledger = session.folder
    refuse_place(out, "keys", ledger.root)
    head = session.ledger.journal.head()  # before the keys: the vault commits before the log, so it opens all of it
    for there, missing in ((ledger.master_key, "master_key_missing"), (ledger.vault, "vault_missing")):
        if not there.is_file():
            raise Refused(missing)
    with new_folder(out, MANIFEST, frozenset({KEYS_PART, LIST}), exists="backup_exists") as making:
        kept = out / KEYS_PART
        kept.mkdir(mode=0o700)
        copy_database(ledger.vault, kept / ledger.vault.name)
        for file in files_below(ledger.keys):
            if not file.name.startswith(ledger.vault.name):
                copied(file, kept / file.relative_to(ledger.keys), private=True)
        known = list_as_of(session.ledger.journal, kept / ledger.vault.name, head.size)
        write_list(out / LIST, ledger.ledger_id, known)
        files = tuple(_listed(out))
        made_at = instant_text(session.clock())
        about = Manifest("keys", ledger.ledger_id, ledger.rehearsal, FORMAT, made_at, head.size, "", head.recorded_at, files)
        making.finish(about.written())
    return Made(about, sum(one.bytes for one in files), len(known.erased))


def _checkpoints(ledger: LedgerFolder, size: int) -> Iterator[Path]:
    """The ledger's own checkpoints of the log as it was copied, not those made meanwhile."""
    for file in sorted((ledger.root / CHECKPOINTS).glob("*.txt")):
        if file.is_file() and (not file.stem.isdecimal() or int(file.stem) <= size):
            yield file


def _copy_evidence(source: Path, target: Path, like: Path | None) -> int:
    """Copies the store of documents; how many were linked to an earlier backup's. A file of the same name there has the same content, since
    its name is its content's hash."""
    linked = 0
    for file in sorted(source.glob(f"*/*{ENDING}")):
        beneath = file.relative_to(source)
        goal = target / beneath
        try:
            if like is not None and _linked(like / beneath, goal, file.stat().st_size):
                linked += 1
            else:
                copied(file, goal, private=True)
        except FileNotFoundError:  # erased in this very moment
            continue
    return linked


def _linked(earlier: Path, goal: Path, size: int) -> bool:
    try:
        if earlier.stat().st_size != size:
            return False
        goal.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.link(earlier, goal)
    except OSError:  # not in the earlier one, on another disk, or on one that knows no links
        return False
    return True


def _listed(out: Path) -> Iterator[KeptFile]:
    for file in files_below(out):
        if file.name != "unfinished" and not file.name.endswith(_BESIDE_A_DATABASE):
            yield hashed(out, file)

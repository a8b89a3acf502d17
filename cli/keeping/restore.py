"""A restore makes a new ledger out of a backup and believes nothing: neither the files, nor the log, nor that it is the newest there was.

Whoever was erased since is erased again before anybody can ask about them, and whoever was restricted or held since is so still.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.ledger_state import LedgerKeyEnrolled
from mingzhang.domain.proof.against import Shown
from mingzhang.domain.proof.checkpoint import origin
from mingzhang.domain.proof.signed_note import Verifier
from mingzhang.domain.proof.verification import verify_log
from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.base64_text import base64_bytes, base64_text
from mingzhang.domain.vault.master import load_master_key
from mingzhang.domain.vault.vault import Vault

from ..evidence.store import FOLDER as EVIDENCE
from ..folder import ABOUT, LEDGER_PARTS, LedgerFolder
from ..network_share import refuse_network_share
from ..new_folder import new_folder
from .backup import BANK_PROFILES, CHECKPOINTS, KEYS_PART
from .erasure_list import LIST, DoneAgain, ErasureList, do_again, read_list
from .kept_log import KeptLog
from .log_import import recorder_of
from .manifest import MANIFEST, Manifest, content_of, read_manifest, take_out
from .online_copy import Progress


@dataclass(frozen=True)
class Restored:
    """compared_with: sizes of the checkpoints it was compared with; older_than: sizes beyond it, where that was meant. keys_size: log
    size up to which the keys are certain to open everything, None without keys. again: what the lists of erasures made it do. ok:
    `verify` would name nothing."""

    manifest: Manifest
    compared_with: tuple[int, ...] = ()
    older_than: tuple[int, ...] = ()
    keys_size: int | None = None
    again: DoneAgain = field(default_factory=DoneAgain)
    ok: bool = True


def restore(
    backup: Path,
    into: Path,
    *,
    keys: Path | None,
    against: Sequence[Shown],
    erasures: Sequence[Path],
    older: bool,
    passphrase: Callable[[], str | None],
    progress: Progress | None = None,
) -> Restored:
    """A new ledger in the folder `into`.

    Refused, in this order: `ledger_on_network_share`; what `read_manifest` refuses, of both backups; `keys_of_other_ledger`;
    `backup_damaged` (file) where a file is not as it was made, or the log does not hash to what it was; `checkpoint_of_other_log`,
    `note_not_signed`, `note_signature_wrong`, `backup_contradicts_checkpoint` (size), `backup_older_than_checkpoint` (size, last)
    unless `older`; what the keys' passphrase refuses.
    """
    refuse_network_share(into)
    about = read_manifest(backup, "events")
    keys_about = None if keys is None else _keys_manifest(keys, about)
    lists = [read_list(file, about.ledger_id) for file in (backup / LIST, *erasures)]
    with new_folder(into, ABOUT, LEDGER_PARTS, exists="restore_into_existing") as making:
        done = [0]
        total = len(about.files) + (len(keys_about.files) if keys_about else 0)

        def count() -> None:
            done[0] += 1
            if progress is not None:
                progress(done[0], total)

        take_out(backup, about, into, _belongs_to_the_log, count=count)
        take_out(backup, about, into, lambda path: path.startswith(f"{EVIDENCE}/"), private=True, count=count)
        description = content_of(backup, about, ABOUT)  # comes last
        ok = check_log(into / "journal.db", about, backup, progress)
        compared, beyond = _compare(into / "journal.db", about, against, older=older)
        again = DoneAgain()
        if keys is not None and keys_about is not None:
            lists.append(read_list(keys / LIST, about.ledger_id))
            again = take_keys(keys, keys_about, into, lists, about.size, passphrase, count)
        making.finish(description)
    return Restored(about, compared, beyond, keys_about.size if keys_about else None, again, ok)


def restore_keys(
    keys: Path, folder: LedgerFolder, *, erasures: Sequence[Path], passphrase: Callable[[], str | None], progress: Progress | None = None
) -> tuple[int, DoneAgain]:
    """Puts keys into a ledger that has none; the log size up to which they are certain to open everything, and what lists made it do.

    Refused `keys_in_place`, `keys_of_other_ledger`, and as `take_keys`; what fails leaves the ledger as it was.
    """
    about = read_manifest(keys, "keys")
    if about.ledger_id != folder.ledger_id:
        raise Refused("keys_of_other_ledger", keys=str(keys))
    if folder.keys.exists() and any(folder.keys.iterdir()):
        raise Refused("keys_in_place", folder=str(folder.keys))
    lists = [read_list(file, folder.ledger_id) for file in (keys / LIST, *erasures)]
    with recorder_of(folder.journal) as log:
        size = log.head().size
    done = [0]

    def count() -> None:
        done[0] += 1
        if progress is not None:
            progress(done[0], len(about.files))

    aside = folder.root / "keys.unfinished"
    if aside.exists():
        shutil.rmtree(aside)
    try:
        aside.mkdir(mode=0o700)
        again = take_keys(keys, about, aside, lists, size, passphrase, count)
        if folder.keys.exists():
            folder.keys.rmdir()
        (aside / KEYS_PART).replace(folder.keys)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return about.size, again


def take_keys(
    keys: Path,
    about: Manifest,
    into: Path,
    lists: Sequence[ErasureList],
    size: int,
    passphrase: Callable[[], str | None],
    count: Callable[[], object],
) -> DoneAgain:
    """Puts a backup's keys into a ledger's folder, whose log has `size` events, and does again what the lists say. The keys must open:
    somebody has to know the passphrase now, not on the day it is needed. Refused `backup_damaged`, `passphrase_needed`, `passphrase_wrong`,
    `master_key_wrong`."""
    (into / KEYS_PART).mkdir(mode=0o700)
    take_out(keys, about, into, lambda path: path.startswith(f"{KEYS_PART}/"), private=True, count=count)
    master = load_master_key(into / KEYS_PART / "master.key", passphrase())
    vault = Vault.open(into / KEYS_PART / "vault.db", master, secrets.token_bytes)
    try:
        return do_again(vault, lists, size)
    finally:
        vault.close()


def check_log(journal: Path, about: Manifest, backup: Path, progress: Progress | None) -> bool:
    """The log hashes to its own tree and is the one that was backed up, of the ledger it is said to be of; whether `verify` finds nothing
    else about it. Refused `backup_damaged`."""
    found = verify_log(journal, on_progress=progress)
    with KeptLog(journal) as log:
        whole = (found.size, base64_text(found.root)) == (about.size, about.root) and log.root_at() == found.root
        opened = log.select_streams([f"ledger/{about.ledger_id}"])
    if not whole:
        raise Refused("backup_damaged", backup=str(backup), file="journal.db")
    if not opened or orjson.loads(opened[0].state).get("rehearsal") is not about.rehearsal:
        raise Refused("backup_damaged", backup=str(backup), file=MANIFEST)
    return found.ok


def _keys_manifest(keys: Path, about: Manifest) -> Manifest:
    found = read_manifest(keys, "keys")
    if found.ledger_id != about.ledger_id:
        raise Refused("keys_of_other_ledger", keys=str(keys))
    return found


def _belongs_to_the_log(path: str) -> bool:
    return path == "journal.db" or path.startswith((f"{CHECKPOINTS}/", f"{BANK_PROFILES}/"))


def _compare(
    journal: Path, about: Manifest, against: Sequence[Shown], *, older: bool
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Sizes of the checkpoints that this log begins with or ends at, and of those beyond it."""
    named = origin(about.ledger_id, rehearsal=about.rehearsal)
    compared, beyond = [], []
    with KeptLog(journal) as log:
        verifier = own_key(log.select_streams([f"ledger/{about.ledger_id}"]))
        for one in against:
            if one.origin is not None and one.origin != named:
                raise Refused("checkpoint_of_other_log", origin=one.origin, other=named)
            if one.note is not None and verifier is not None:
                one.note.need_signature([verifier])
            if one.size > about.size:
                beyond.append(one.size)
            elif log.root_at(one.size) != one.root:
                raise Refused("backup_contradicts_checkpoint", size=one.size)
            else:
                compared.append(one.size)
    if beyond and not older:
        raise Refused("backup_older_than_checkpoint", size=about.size, last=max(beyond))
    return tuple(compared), tuple(beyond)


def own_key(rows: Sequence[LogRow]) -> Verifier | None:
    """The key that the log names as its own, out of the ledger's own stream; None before it had one."""
    for row in reversed(rows):
        if row.topic == LedgerKeyEnrolled.topic:
            said = orjson.loads(row.state)
            return Verifier(said["origin"], base64_bytes(said["public_key"]))
    return None

"""A file that is said to come from the bank is looked at before it is read: whose it is, which batch it may answer, in which layout.

What was never the bank's is refused by what it is: our own order, a file of a rehearsal, an answer that was taken in before.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from mingzhang.domain.money.batch import Batch
from mingzhang.domain.refusal import Refused

from ..bankfiles.known_profiles import profile_named
from ..bankfiles.profile import BankProfile
from ..bankfiles.table import text_as_promised
from ..cases.chosen import as_decided
from ..session import Session
from ..workbooks.cells import read_bytes
from .export import REHEARSAL, exports_of


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file as it came: `file` as it was given, `name` without its folder, `content` its bytes, `layout` the profile of the batch it
    answers."""

    file: str
    name: str
    content: bytes = field(repr=False)
    sha256: str
    layout: BankProfile


def incoming(session: Session, batch: Batch, file: Path, profile: str | None) -> BankFile:
    """`profile`: a layout by code or path; default: the one in which the batch went out.

    Refused: `file_missing`, `file_empty`, `channel_differs`, `bank_profile_not_exported`, `bank_file_is_order`,
    `bank_file_already_reconciled`, `bank_file_encoding`, `bank_file_of_rehearsal`, and as `profile_named`.
    """
    content = read_bytes(file, str(file))
    if batch.channel != "card":
        raise Refused("channel_differs", batch=batch.id, channel=batch.channel)
    layout = profile_named(profile or batch.profile, session.folder.root)
    if layout.code != batch.profile:
        raise Refused("bank_profile_not_exported", batch=batch.id, exported=batch.profile, profile=layout.code)
    digest = hashlib.sha256(content).hexdigest()
    if digest in batch.answers:
        raise Refused("bank_file_already_reconciled", batch=batch.id, file=file.name)
    if any(digest == export.sha256 for export in exports_of(session, batch.id)):
        raise Refused("bank_file_is_order", batch=batch.id, file=file.name)
    text = text_as_promised(content, str(file), layout)
    if not session.rehearsal and (REHEARSAL in file.name or REHEARSAL in text):
        raise Refused("bank_file_of_rehearsal", file=file.name)
    return BankFile(str(file), file.name, content, digest, layout)


def names_of_batch(session: Session, batch: str) -> set[str]:
    """What a bank may call the batch: its id, and the names of its exported files with and without their endings."""
    names = {batch}
    for fact in exports_of(session, batch):
        stem = Path(fact.file).stem
        names |= {fact.file, stem, stem.removeprefix("代发-")}
    return names


def batch_awaiting(session: Session) -> list[str]:
    """Exported batches with a line that the bank has not settled."""
    from mingzhang.projections.payments import batches, payments

    with as_decided(session) as view:
        out = {row.batch for row in payments(view) if row.stand in ("instructed", "pending")}
        return [row.batch for row in batches(view) if row.stand in ("exported", "reconciled") and row.batch in out]


def batch_answered_by(session: Session, file: Path) -> str | None:
    """The batch that this very file has answered before, if any."""
    from mingzhang.projections.payments import batches

    digest = hashlib.sha256(read_bytes(file, str(file))).hexdigest()
    with as_decided(session) as view:
        known = [row.batch for row in batches(view)]
    return next((batch for batch in known if digest in session.streams.read(Batch, batch).answers), None)

"""Everything the log holds leaves in one text file, so that nobody depends on this program to read it, to check it, or to go on with it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mingzhang.domain.ledger import FORMAT
from mingzhang.domain.merkle.tiles import root_at
from mingzhang.domain.proof.checkpoint import Checkpoint, origin
from mingzhang.domain.proof.log_export import Header, checkpoint_line, event_line
from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.base64_text import base64_text

from ..on_disk import write_private
from ..session import Session
from .kept_log import ROWS_AT_ONCE, Growing
from .online_copy import Progress

SCHEMA = Path(__file__).with_name("export.schema.json")


@dataclass(frozen=True)
class Exported:
    """The events of the leaves `first` to `size` - 1; `root` (base64) is the log's at `size`."""

    first: int
    size: int
    root: str
    bytes: int
    signed: bool


def export(
    session: Session, out: Path, *, first: int = 0, checkpoint: Callable[[int], bytes | None], progress: Progress | None = None
) -> Exported:
    """Writes the log into a new file (its owner's alone), which appears under its name only when it is whole.

    Refused `file_exists`, `log_size_unknown` where it begins beyond the log, `ledger_damaged` where the events do not lead to its root.
    """
    if out.exists():
        raise Refused("file_exists", file=str(out))
    journal, folder = session.ledger.journal, session.folder
    size = journal.head().size
    if not 0 <= first <= size:
        raise Refused("log_size_unknown", size=first, last=size)
    named = origin(folder.ledger_id, rehearsal=folder.rehearsal)
    first_root = base64_text(root_at(first, journal.tile))
    draft = out.with_name(f".{out.name}.{os.getpid()}.unfinished")
    growing = Growing(first, journal.tile)
    try:
        write_private(draft, b"")
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            file.write(Header(folder.ledger_id, named, folder.rehearsal, FORMAT, first, first_root, size).line)
            while growing.size < size:
                rows = journal.select_rows(growing.size, ROWS_AT_ONCE, size)
                if not rows or rows[0].leaf_index != growing.size or rows[-1].leaf_index != growing.size + len(rows) - 1:
                    raise Refused("ledger_damaged", detail=f"journal.db: leaf {growing.size}")
                file.writelines(event_line(row, leaf) for row, leaf in zip(rows, growing.add(rows), strict=True))
                if progress is not None:
                    progress(growing.size - first, size - first)
            root = growing.root()
            if root != journal.root_at(size):
                raise Refused("ledger_damaged", detail="journal.db: tiles")
            note = checkpoint(size)
            text = Checkpoint(named, size, root).text if note is None else note.decode()
            file.write(checkpoint_line(text, signed=note is not None))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    return Exported(first, size, base64_text(root), out.stat().st_size, note is not None)

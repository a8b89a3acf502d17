"""An exported log becomes a ledger again with the same root, or nothing: every line is checked before the first is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import orjson

from mingzhang.domain.journal.leaf import leaf_hashes
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.journal.sqlite import SQLiteJournalFactory, SQLiteJournalRecorder
from mingzhang.domain.ledger_state import LedgerKeyEnrolled
from mingzhang.domain.merkle.hashing import EMPTY_ROOT
from mingzhang.domain.merkle.tiles import Tile
from mingzhang.domain.proof.checkpoint import Checkpoint, origin, read_checkpoint
from mingzhang.domain.proof.log_export import Header, read_checkpoint_line, read_event, read_header
from mingzhang.domain.proof.signed_note import Verifier
from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.base64_text import base64_bytes, base64_text

from .kept_log import ROWS_AT_ONCE, Growing
from .online_copy import Progress

LONGEST_LINE = 1 << 28
"""Bytes; the longest there could be is a plan's text or a list of many thousand people, some megabytes."""


@dataclass(frozen=True)
class There:
    """A log that is to be continued: its size, root and tiles, the version every stream has come to, and its own key."""

    size: int = 0
    root: bytes = EMPTY_ROOT
    tile: Tile | None = None
    versions: Mapping[str, int] | None = None
    key: Verifier | None = None


@dataclass(frozen=True)
class Checked:
    """A file of which every line was checked: its header, the root it leads to, and its checkpoint where that bears the log's own
    signature."""

    header: Header
    root: bytes
    checkpoint: bytes | None


def check_export(file: Path, there: There | None = None, progress: Progress | None = None) -> Checked:
    """Reads an export from its first line to its last, and compares every hash; `there` is the log it is to continue.

    Refused `export_format` for what is no export; `export_not_continued` (begins, size) where it does not begin where that log ends;
    `export_line_wrong` (line, reason) at the first line that does not fit: `export_line_malformed`, `export_leaf_out_of_order`,
    `export_version_out_of_order`, `export_instant_goes_back`, `export_leaf_hash_differs`, `export_wrong_ledger`, `export_root_differs`,
    `export_signature_wrong`, `export_cut_off`, `export_goes_on`.
    """
    there = there or There()
    with file.open("rb") as lines:
        header = read_header(lines.readline(LONGEST_LINE))
        if header.origin != origin(header.ledger_id, rehearsal=header.rehearsal):
            raise Refused("export_format")
        if header.first != there.size or header.first_root != base64_text(there.root):
            raise Refused("export_not_continued", begins=header.first, size=there.size)
        growing = Growing(there.size, there.tile)
        checking = _Events(header, there)
        while growing.size < header.size:
            growing.grow(checking.read(lines, min(header.size - growing.size, ROWS_AT_ONCE)))
            if progress is not None:
                progress(growing.size - header.first, header.size - header.first)
        if header.first == 0 and not checking.opened:
            raise _wrong(2, "export_wrong_ledger")
        head = Checkpoint(header.origin, header.size, growing.root())
        checkpoint = _checkpoint(lines.readline(LONGEST_LINE), checking.line + 1, head, checking.key)
        if lines.read(1):
            raise _wrong(checking.line + 2, "export_goes_on")
    return Checked(header, growing.root(), checkpoint)


def rows_of(file: Path) -> Iterator[list[LogRow]]:
    """The events of a file that was checked, some thousands at a time."""
    with file.open("rb") as lines:
        header = read_header(lines.readline(LONGEST_LINE))
        left = header.size - header.first
        while left:
            count = min(left, ROWS_AT_ONCE)
            yield [read_event(lines.readline(LONGEST_LINE))[0] for _ in range(count)]
            left -= count


@contextmanager
def recorder_of(journal: Path, *, new: bool = False) -> Iterator[SQLiteJournalRecorder]:
    """The recorder of a journal file, for appending rows as they are."""
    factory = SQLiteJournalFactory({"SQLITE_DBNAME": str(journal), "CREATE_TABLE": "yes" if new else "no"})
    try:
        yield factory.application_recorder()
    finally:
        factory.close()


class _Events:
    """Reads the lines of events and compares them with each other, one after the other. `line`: the number of the last one read; `opened`:
    whether the ledger's opening was among them; `key`: the log's own, once it is known."""

    def __init__(self, header: Header, there: There) -> None:
        self._header = header
        self._leaf = header.first
        self._versions = dict(there.versions or {})
        self._instant = ""
        self.line = 1
        self.opened = False
        self.key = there.key

    def read(self, lines: BinaryIO, count: int) -> list[bytes]:
        """The leaf hashes of the next `count` events."""
        found = []
        for _ in range(count):
            self.line += 1
            line = lines.readline(LONGEST_LINE)
            if not line.endswith(b"\n"):
                raise _wrong(self.line, "export_cut_off")
            try:
                row, claimed = read_event(line)
            except ValueError as problem:
                raise _wrong(self.line, str(problem)) from None
            reason = self._reason(row)
            (leaf_hash,) = leaf_hashes((row,))
            if reason is None and leaf_hash != claimed:
                reason = "export_leaf_hash_differs"
            if reason is not None:
                raise _wrong(self.line, reason)
            found.append(leaf_hash)
        return found

    def _reason(self, row: LogRow) -> str | None:
        """The word for what is wrong with the next event, None where it fits."""
        if row.leaf_index != self._leaf:
            return "export_leaf_out_of_order"
        if row.originator_version != self._versions.get(row.originator_id, 0) + 1:
            return "export_version_out_of_order"
        if row.recorded_at < self._instant:
            return "export_instant_goes_back"
        self._leaf += 1
        self._versions[row.originator_id] = row.originator_version
        self._instant = row.recorded_at
        return self._own(row) if row.originator_id == f"ledger/{self._header.ledger_id}" else None

    def _own(self, row: LogRow) -> str | None:
        """An event of the ledger's own stream: what kind of ledger it is, and the key it signs with."""
        try:
            said = orjson.loads(row.state)
            if row.topic == "ledger.opened":
                self.opened = True
                return None if said["rehearsal"] is self._header.rehearsal else "export_wrong_ledger"
            if row.topic == LedgerKeyEnrolled.topic:
                self.key = Verifier(said["origin"], base64_bytes(said["public_key"]))
        except (ValueError, KeyError, TypeError):
            return "export_line_malformed"
        return None


def _checkpoint(line: bytes, number: int, head: Checkpoint, key: Verifier | None) -> bytes | None:
    """The last line's checkpoint, where it bears the log's own signature; without any it must at least say the same."""
    if not line.endswith(b"\n"):
        raise _wrong(number, "export_cut_off")
    try:
        written, signed = read_checkpoint_line(line)
    except ValueError as problem:
        raise _wrong(number, str(problem)) from None
    if not signed or key is None:
        said = written if not signed else written.rpartition("\n\n")[0] + "\n"
        if said != head.text:
            raise _wrong(number, "export_root_differs")
        return None
    try:
        found, note = read_checkpoint(written.encode())
        note.need_signature([key])
    except Refused:
        raise _wrong(number, "export_signature_wrong") from None
    if (found.origin, found.size, found.root) != (head.origin, head.size, head.root):
        raise _wrong(number, "export_root_differs")
    return written.encode()


def _wrong(line: int, reason: str) -> Refused:
    return Refused("export_line_wrong", line=line, reason=reason)

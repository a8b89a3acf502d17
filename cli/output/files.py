"""The tables of an answer in files: written whole or not at all, never over another file, read by nobody but their owner.

`--xlsx` and `--csv` are noted while the command line is read, and `show` writes what was chosen, so that no command writes files itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mingzhang.domain.refusal import Refused

from ..clock import Point
from ..i18n import _, chosen, ngettext
from ..on_disk import write_private
from ..options import SESSION, TABLE_FILES
from .parts import Answer
from .sheets import Sheet, sheets_of
from .words import in_groups

if TYPE_CHECKING:
    from ..session import Session

_COLLECTED = "mingzhang.collected"
_MARK = {"zh": "【演练】", "en": "[REHEARSAL 演练]"}


@dataclass(frozen=True, slots=True)
class Written:
    """One file as it lies on the disk; `rows` without header, totals and foot."""

    path: Path
    rows: int
    sha256: str

    def sentence(self) -> str:
        said = ngettext("{file}: {count} row, SHA-256 {sha256}.", "{file}: {count} rows, SHA-256 {sha256}.", self.rows)
        return said.format(file=self.path, count=self.rows, sha256=self.sha256)


@dataclass(frozen=True, slots=True)
class Collected:
    """An answer that was kept instead of printed."""

    answer: Answer
    sheets: tuple[Sheet, ...]


def mark(rehearsal: bool) -> str:
    """What stands before everything a rehearsal ledger prints."""
    return _MARK[chosen()] + " " if rehearsal else ""


@contextmanager
def collecting(context: click.Context) -> Iterator[list[Collected]]:
    """While this lasts, what commands below this context show is kept here and not printed."""
    kept: list[Collected] = []
    context.meta[_COLLECTED] = kept
    try:
        yield kept
    finally:
        del context.meta[_COLLECTED]


def collected(answer: Answer, *, rehearsal: bool) -> bool:
    """Keeps the answer where somebody is collecting; else gives False."""
    context = click.get_current_context(silent=True)
    if context is None or _COLLECTED not in context.meta:
        return False
    context.meta[_COLLECTED].append(Collected(answer, tuple(_sheets(context, answer, rehearsal))))
    return True


def wants_file() -> bool:
    """Whether the tables go to a file or to somebody who collects them, and not to the screen."""
    context = click.get_current_context(silent=True)
    return context is not None and (bool(context.meta.get(TABLE_FILES)) or _COLLECTED in context.meta)


def write_chosen(answer: Answer, *, rehearsal: bool) -> list[Written]:
    """Writes the answer's tables to the files chosen on the command line; an empty list where none was.

    Refused as `write_files`, and `output_too_large`.
    """
    context = click.get_current_context(silent=True)
    wanted: Mapping[str, Path] = context.meta.get(TABLE_FILES, {}) if context is not None else {}
    if context is None or not wanted:
        return []
    sheets = _sheets(context, answer, rehearsal)
    contents: dict[Path, bytes] = {}
    rows: list[int] = []
    if "xlsx" in wanted:
        from .xlsx import workbook_bytes

        contents[wanted["xlsx"]] = workbook_bytes(sheets)
        rows.append(sum(len(sheet.rows) for sheet in sheets))
    if "csv" in wanted:
        from .csv import csv_bytes

        for number, sheet in enumerate(sheets, start=1):
            contents[numbered(wanted["csv"], number)] = csv_bytes(sheet)
            rows.append(len(sheet.rows))
    digests = write_files(contents)
    return [Written(path, count, digest) for (path, digest), count in zip(digests.items(), rows, strict=True)]


def numbered(path: Path, number: int) -> Path:
    """The file of the number-th table: `due.csv`, `due-2.csv`."""
    return path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")


def write_files(contents: Mapping[Path, bytes], *, record: Callable[[], object] = lambda: None) -> dict[Path, str]:
    """Writes all of these files or, where one cannot be, none; gives each one's SHA-256.

    record: puts on record that they are handed out, before any of them bears its name.
    A file that is there already with the same bytes stays as it is. Refused `file_exists` for one with others, `output_folder_missing`.
    """
    for path, content in contents.items():
        if not path.parent.is_dir():
            raise Refused("output_folder_missing", folder=str(path.parent))
        if path.exists() and (not path.is_file() or path.read_bytes() != content):
            raise Refused("file_exists", file=str(path))
    drafts = {path: path.with_name(f".{path.name}.unfinished") for path in contents}
    try:
        for path, content in contents.items():
            write_private(drafts[path], content)
        record()
        for path, draft in drafts.items():
            draft.replace(path)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    return {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}


def _sheets(context: click.Context, answer: Answer, rehearsal: bool) -> list[Sheet]:
    parts = answer.parts if answer.filed is None else answer.filed
    return sheets_of(parts, mark=mark(rehearsal), as_of=_as_of(context))


def _as_of(context: click.Context) -> Sequence[str]:
    """On which day, and as known at which log size, the question was asked; a line for each of two points. Before them the root of the log
    at that size, so that every file that leaves the house says what the log was."""
    session: Session | None = context.meta.get(SESSION)
    if session is None:
        return ()
    points = _points(session, context.params)
    sizes = dict.fromkeys(size for _day, size in points)
    return [*(_root(session, size) for size in sizes), *(_point(day, size) for day, size in points)]


def _points(session: Session, asked: Mapping[str, Any]) -> list[tuple[date | None, int]]:
    points = [value for value in asked.values() if isinstance(value, Point)]
    if points:
        points += [Point("")] if len(points) == 1 else []
        return [session.asked(point.on, point.known_at) for point in points]
    if "on" in asked:
        return [session.asked(asked["on"], asked.get("known_at"))]
    return [(None, session.asked(None, asked.get("known_at"))[1])]


def _root(session: Session, size: int) -> str:
    root = in_groups(session.ledger.journal.root_at(size))
    return _("Root of the log at size {size}: {root}").format(size=size, root=root)


def _point(day: date | None, size: int) -> str:
    if day is None:
        return _("As known at log size {size}.").format(size=size)
    return _("As of {day}, as known at log size {size}.").format(day=day.isoformat(), size=size)


__all__ = ["Collected", "Written", "collected", "collecting", "mark", "numbered", "wants_file", "write_chosen", "write_files"]

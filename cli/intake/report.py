"""What an import says of each file, for people and programs alike: rows = accepted + refused + duplicates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from xlsxwriter.exceptions import XlsxWriterException  # type: ignore[import-untyped,unused-ignore]

from mingzhang.domain.refusal import Refused

from ..i18n import _, joined
from ..output import Answer, Column, Table, Text
from ..output.files import numbered
from ..refusals import explain_code
from ..workbooks.reading import RowProblem, TableRead
from ..workbooks.refused_copy import write_refused_copy


def sentence(problem: RowProblem) -> str:
    """What is wrong in the row and what to do, without the value itself."""
    said = explain_code(problem.code, {"row": problem.row, "sheet": problem.sheet, "column": problem.column, **problem.extra})
    return joined(said.message, said.next).strip()


def problem_document(problem: RowProblem) -> dict[str, object]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "code": problem.code,
        "message": explain_code(problem.code, {"row": problem.row, "column": problem.column, **problem.extra}).message,
        **problem.extra,
    }


@dataclass
class FileReport:
    """One file's outcome. `more` holds further fields of the JSON (`unchanged` of a correction)."""

    read: TableRead
    refused: list[RowProblem]
    duplicates: list[RowProblem] = field(default_factory=list)
    already_imported: bool = False
    accepted: int = 0
    more: dict[str, object] = field(default_factory=dict)
    copy: Path | None = None
    copy_failed: bool = False

    @property
    def rows(self) -> int:
        return self.accepted + len(self.refused) + len(self.duplicates) + self._more_rows()

    def _more_rows(self) -> int:
        unchanged = self.more.get("unchanged", 0)
        return unchanged if isinstance(unchanged, int) else 0

    def document(self) -> dict[str, object]:
        return {
            "file": self.read.file,
            "sha256": self.read.sha256,
            "rows": self.rows,
            "accepted": self.accepted,
            "refused": [problem_document(problem) for problem in self.refused],
            "warnings": [] if self.already_imported else [problem_document(problem) for problem in self.read.warnings],
            "duplicates": [problem_document(problem) for problem in self.duplicates],
            "already_imported": self.already_imported,
            "ignored_columns": self.read.ignored_columns,
            **({"copy": str(self.copy)} if self.copy is not None else {}),
            **self.more,
        }

    def write_copy(self, folder: Path | None, spare: Path | None = None) -> None:
        """Writes the refused rows to `<name>-问题.xlsx` (`-问题-2` where that is another file already), beside the file or in `folder`, for
        the office to put right and send again.

        The others are recorded by then: where the copy cannot lie there it goes to `spare`, and where it cannot lie anywhere
        `copy_failed` says so instead of an error.
        """
        source = Path(self.read.file)
        refused = TableRead(
            self.read.file,
            self.read.sha256,
            [],
            self.refused,
            [],
            self.read.ignored_columns,
            self.read.ignored_sheets,
            self.read.headers,
            self.read.content,
        )
        for place in (folder or source.parent, spare):
            if place is None:
                continue
            try:
                place.mkdir(mode=0o700, parents=True, exist_ok=True)
                self.copy, self.copy_failed = _write_beside_others(place / f"{source.stem}-问题.xlsx", refused), False
            except (OSError, XlsxWriterException):
                self.copy_failed = True
            else:
                return


def _write_beside_others(first: Path, refused: TableRead) -> Path:
    """The copy under this name or, where that is taken by a file with other bytes, the first free number after it."""
    number, target = 1, first
    while True:
        try:
            write_refused_copy(target, refused, sentence)
        except Refused as problem:
            if problem.code != "file_exists":
                raise
        else:
            return target
        number += 1
        target = numbered(first, number)


def only_judged(reports: list[FileReport], *, accept_valid: bool, dry_run: bool) -> bool:
    """Whether the files are only judged: in a dry run, and where a refused row holds all the others back."""
    return dry_run or (not accept_valid and any(report.refused for report in reports))


def write_copies(reports: list[FileReport], folder: Path | None, spare: Path) -> None:
    """A copy of the refused rows of every file that was taken in otherwise; `spare` is the ledger's own folder of exports."""
    for report in reports:
        if report.refused and not report.already_imported:
            report.write_copy(folder, spare)


def answer(reports: list[FileReport], recorded: int, *, dry_run: bool, done: Callable[[int], str]) -> Answer:
    """The answer of an import; exit code 3 exactly when a row was refused."""
    parts: list[Table | Text] = []
    for report in reports:
        parts.append(Text((_headline(report),)))
        rows = [_row(problem, _("not taken in")) for problem in report.refused]
        rows += [_row(problem, _("recorded before")) for problem in report.duplicates]
        rows += [] if report.already_imported else [_row(problem, _("warning")) for problem in report.read.warnings]
        if rows:
            heads = [
                Column(_("What"), "what"),
                Column(_("Sheet"), "sheet"),
                Column(_("Row"), "row", "right"),
                Column(_("Column"), "column"),
                Column(_("What is wrong, and what to do"), "says"),
            ]
            parts.append(Table(heads, rows))
        if report.copy is not None:
            parts.append(Text((_("The refused rows are in {file}, with a column 问题.").format(file=report.copy),)))
        elif report.copy_failed:
            said = _("The copy of the refused rows could not be written; put them right in the file itself by the list above.")
            parts.append(Text((said,)))
    refused = any(report.refused for report in reports)
    closing = _("Nothing was recorded: this was a dry run.") if dry_run else done(recorded)
    if refused and recorded == 0 and not dry_run:
        closing = _("Nothing was recorded: an import is all or nothing. Mend the refused rows, or record the others with --accept-valid.")
    parts.append(Text((closing,)))
    document = {"files": [report.document() for report in reports], "recorded": recorded}
    return Answer(document, tuple(parts), 3 if refused else 0)


def _headline(report: FileReport) -> str:
    if report.already_imported:
        return _("{file}: the same file was imported before; nothing to do.").format(file=report.read.file)
    said = _("{file}: {rows} rows, {accepted} accepted, {refused} refused, {duplicates} recorded before, {warnings} warnings.").format(
        file=report.read.file,
        rows=report.rows,
        accepted=report.accepted,
        refused=len(report.refused),
        duplicates=len(report.duplicates),
        warnings=len(report.read.warnings),
    )
    if report.read.ignored_columns:
        said = joined(said, _("Columns not used: {columns}.").format(columns="、".join(report.read.ignored_columns)))
    return said


def _row(problem: RowProblem, what: str) -> dict[str, object]:
    return {"what": what, "sheet": problem.sheet or "", "row": problem.row, "column": problem.column or "", "says": sentence(problem)}

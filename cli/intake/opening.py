"""Every import opens with a fact about its file: the rows' own facts, in the same transaction, point at it."""

from __future__ import annotations

from datetime import date

from mingzhang.domain.survey.intake import Import, ImportFile, RepeatedRow, import_stream

from ..session import Session
from ..workbooks.reading import TableRead
from .persons import file_name, sealed_refusals
from .report import FileReport


def opening(
    session: Session,
    report: FileReport,
    *,
    context: str,
    kind: str,
    on: date | None = None,
    unit: str | None = None,
    repeated: tuple[RepeatedRow, ...] = (),
) -> ImportFile:
    """The command that opens the import of this file. `context` is what it is imported into, `kind` its layout."""
    return ImportFile(
        on=on,
        context=context,
        kind=kind,
        file=file_name(report.read.file),
        sha256=report.read.sha256,
        unit=unit,
        rows=report.rows,
        accepted=report.accepted,
        duplicates=len(report.duplicates),
        refused=sealed_refusals(session.vault, report.refused),
        warnings=len(report.read.warnings),
        repeated=repeated,
    )


def report_on(session: Session, table: TableRead, context: str, seen: set[str]) -> FileReport:
    """The report of a file that is still to be judged: with what could not be read in it, or `already_imported` where its bytes came
    into that context before, or stand in `seen`, the SHA-256 of the files of this call; the file is added there."""
    known = table.sha256 in seen or session.streams.at(Import, import_stream(context, table.sha256)).exists
    seen.add(table.sha256)
    return FileReport(table, [] if known else list(table.refused), already_imported=known)

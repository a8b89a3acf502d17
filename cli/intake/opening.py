"""Every import opens with a fact about its file: the rows' own facts, in the same transaction, point at it."""

from __future__ import annotations

from datetime import date

from mingzhang.domain.survey.intake import ImportFile

from ..session import Session
from .persons import file_name, sealed_refusals
from .report import FileReport


def opening(
    session: Session, report: FileReport, *, context: str, kind: str, on: date | None = None, unit: str | None = None
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
    )

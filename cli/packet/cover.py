"""The cover sheet: which files there are, from which question, day and log size each was made, and the fingerprint of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ..i18n import _
from ..output.files import mark
from ..output.parts import Table, Text
from ..output.sheets import Sheet, sheets_of
from ..output.tables import Column
from ..width import pad


@dataclass(frozen=True, slots=True)
class Filed:
    """One section as it came out. file, sha256 None: it has nothing, or `refused` says why it could not be answered."""

    title: str
    command: str
    rows: int
    file: str | None
    sha256: str | None
    refused: str | None = None

    @property
    def stands(self) -> str:
        """`3 rows`, nothing, or what was refused."""
        if self.refused is not None:
            return self.refused
        return str(self.rows) if self.rows else _("none")


@dataclass(frozen=True, slots=True)
class About:
    """What the whole packet rests on. `plans`: code and version of each plan in force that day."""

    ledger_id: str
    rehearsal: bool
    on: date
    size: int
    plans: tuple[str, ...]

    def sentences(self) -> tuple[str, ...]:
        return (
            _("Inspection packet: as of {day}, as known at log size {size}.").format(day=self.on.isoformat(), size=self.size),
            _("Ledger {ledger}; plans: {plans}.").format(ledger=self.ledger_id, plans="、".join(self.plans) or _("none")),
            _("Each file is the answer of the command beside it; asked again at the same log size, it has the same fingerprint."),
        )


def cover_sheets(about: About, filed: Sequence[Filed]) -> list[Sheet]:
    """The cover as a workbook has it, one row a section."""
    rows = [
        {
            "number": number,
            "title": one.title,
            "file": one.file,
            "rows": one.stands,
            "on": about.on,
            "size": about.size,
            "sha256": one.sha256,
            "command": one.command,
        }
        for number, one in enumerate(filed, start=1)
    ]
    heads = (
        Column(_("No."), "number", "right"),
        Column(_("Section"), "title"),
        Column(_("File"), "file"),
        Column(_("Rows"), "rows"),
        Column(_("As of"), "on"),
        Column(_("Log size"), "size", "right"),
        Column("SHA-256", "sha256"),
        Column(_("Command"), "command"),
    )
    return sheets_of((Text(about.sentences()), Table(heads, rows)), mark=mark(about.rehearsal), as_of=())


def cover_text(about: About, filed: Sequence[Filed]) -> str:
    """The same as plain text; its last part is what `sha256sum --check` reads."""
    lines = [mark(about.rehearsal) + about.sentences()[0], *about.sentences()[1:], ""]
    for number, one in enumerate(filed, start=1):
        lines.append(f"{number:>3}  {pad(one.title, 40)}  {one.stands}")
        lines.append(f"     {one.command}")
    lines += ["", *(f"{one.sha256}  {one.file}" for one in filed if one.file is not None)]
    return "\n".join(lines) + "\n"

"""The cover sheet: which files there are, from which question, day and log size each was made, and the fingerprint of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from mingzhang.domain.proof.checkpoint import Checkpoint
from mingzhang.domain.proof.signed_note import Note

from ..checkpoints.qr import qr_png
from ..i18n import _
from ..output.files import mark
from ..output.parts import Table, Text
from ..output.sheets import Sheet, sheets_of
from ..output.tables import Column
from ..output.words import in_groups
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
    """What the whole packet rests on. `plans`: code and version of each plan in force that day. `checkpoint`: the log's head at that size,
    signed; None where names and keys are left out, and then the root alone is said. findings: how many there are, in words."""

    ledger_id: str
    rehearsal: bool
    on: date
    size: int
    plans: tuple[str, ...]
    head: Checkpoint
    checkpoint: Note | None
    findings: str = ""

    @property
    def checkpoint_file(self) -> str:
        name = _("Checkpoint")  # not within the f-string, where nobody collects messages
        return f"{name}-{self.size}.txt"

    def sentences(self) -> tuple[str, ...]:
        signed = _("The log's checkpoint, signed, is in {file} and in the code on the cover of the workbook: keep it outside this office.")
        unsigned = _("This root is not signed, since names and keys were left out.")
        return (
            _("Inspection packet: as of {day}, as known at log size {size}.").format(day=self.on.isoformat(), size=self.size),
            _("Ledger {ledger}; plans: {plans}.").format(ledger=self.ledger_id, plans="、".join(self.plans) or _("none")),
            *((_("Audit findings: {counts}.").format(counts=self.findings),) if self.findings else ()),
            _("Each file is the answer of the command beside it; asked again at the same log size, it has the same fingerprint."),
            _("Root of the log at size {size}: {root}").format(size=self.head.size, root=in_groups(self.head.root)),
            unsigned if self.checkpoint is None else signed.format(file=self.checkpoint_file),
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
    sheets = sheets_of((Text(about.sentences()), Table(heads, rows)), mark=mark(about.rehearsal), as_of=())
    return [replace(sheet, picture=None if about.checkpoint is None else qr_png(about.checkpoint)) for sheet in sheets]


def cover_text(about: About, filed: Sequence[Filed]) -> str:
    """The same as plain text; its last part is what `sha256sum --check` reads."""
    lines = [mark(about.rehearsal) + about.sentences()[0], *about.sentences()[1:], ""]
    for number, one in enumerate(filed, start=1):
        lines.append(f"{number:>3}  {pad(one.title, 40)}  {one.stands}")
        lines.append(f"     {one.command}")
    if about.checkpoint is not None:
        lines += ["", about.checkpoint.written.rstrip("\n")]
    lines += ["", *(f"{one.sha256}  {one.file}" for one in filed if one.file is not None)]
    if about.checkpoint is not None:
        lines.append(f"{sha256(about.checkpoint.written.encode()).hexdigest()}  {about.checkpoint_file}")
    return "\n".join(lines) + "\n"

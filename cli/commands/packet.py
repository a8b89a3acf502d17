"""`packet`: the set of workbooks for the inspection season, all at one point of both time axes, with a cover sheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import click

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.base64_text import base64_text

from ..cases.plans import plans_at
from ..checkpoints.making import head_at, saved, signed_checkpoint
from ..clock import KnownAt
from ..i18n import _, ngettext
from ..options import Globals, Verb, as_of_options, example
from ..output import Answer, Column, Table, show
from ..output.files import write_files
from ..output.xlsx import workbook_bytes
from ..packet.asking import ask
from ..packet.cover import About, Filed, cover_sheets, cover_text
from ..packet.season import FINDINGS_IN_NUMBERS, Section, sections
from ..progress import counted
from ..refusals import explain
from ..session import Session
from .findings import counts_text


@click.command(
    cls=Verb,
    help=_(
        "Put the inspection season's set together: survey totals and sub-lists, rosters, payments, duties, gaps, findings and balances "
        "as workbooks, and a cover sheet saying from which day and log size each was made, with its SHA-256."
    ),
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=_("The folder for the files; it is made where it is missing, and other files in it are never written over."),
)
@as_of_options
@example("mingzhang packet --out 迎检 --on 2020-12-31", "mingzhang packet --out 迎检 --on 2020-06-30 --known-at 2020-07-01")
@click.pass_context
def packet(context: click.Context, out: Path, on: date | None, known_at: KnownAt | None) -> int:
    globals: Globals = context.obj
    if not out.is_dir() and not out.parent.is_dir():
        raise Refused("output_folder_missing", folder=str(out.parent))
    with Session(globals) as session:
        as_of = session.as_of(on, known_at)
        plans = plans_at(session, as_of)
        with session.engine.view(as_of) as view:
            wanted = sections(view, plans)
        versions = tuple(f"{plan.code} {plan.version}" for plan in plans)
        head = head_at(session, as_of.known_at)
        note = None if globals.without_names else signed_checkpoint(session, as_of.known_at)
        if note is not None:
            saved(session, note)
        about = About(session.folder.ledger_id, session.rehearsal, as_of.effective_on, as_of.known_at, versions, head, note)
    contents: dict[str, bytes] = {}
    filed = []
    with counted(globals, _("Sections")) as progress:
        for done, section in enumerate(wanted, start=1):
            one, document = _section(context, done, section, about, contents)
            filed.append(one)
            if section.words == FINDINGS_IN_NUMBERS and one.refused is None:
                about = replace(about, findings=counts_text(document))
            progress(done, len(wanted))
    cover = _("Cover")
    contents[f"00-{cover}.xlsx"] = workbook_bytes(cover_sheets(about, filed))
    contents[f"00-{cover}.txt"] = cover_text(about, filed).encode("utf-8")
    if about.checkpoint is not None:
        contents[about.checkpoint_file] = about.checkpoint.written.encode()
    _write(out, contents)
    return show(globals, _answer(about, filed, out), rehearsal=about.rehearsal)


def _section(context: click.Context, number: int, section: Section, about: About, contents: dict[str, bytes]) -> tuple[Filed, Any]:
    """Asks the section's command and, where it has rows, adds its workbook to `contents`, under the section's number on the cover. With the
    command's document; None where it was refused."""
    words = (*section.words, "--on", about.on.isoformat(), "--known-at", str(about.size))
    command = "mingzhang " + " ".join(words)
    try:
        answered = ask(context, words)
    except Refused as refused:
        return Filed(section.title, command, 0, None, None, explain(refused).message), None
    rows = sum(len(part.rows) for part in answered.answer.parts if isinstance(part, Table))
    if not rows:  # a command may also say in a sentence that there is nothing
        return Filed(section.title, command, 0, None, None), answered.answer.document
    content = workbook_bytes(answered.sheets)
    name = f"{number:02d}-{section.title}.xlsx".replace("/", "-")
    contents[name] = content
    return Filed(section.title, command, rows, name, sha256(content).hexdigest()), answered.answer.document


def _write(out: Path, contents: dict[str, bytes]) -> None:
    """All files or none, and no folder that was made for nothing."""
    made = not out.exists()
    out.mkdir(mode=0o700, exist_ok=True)
    try:
        write_files({out / name: content for name, content in contents.items()})
    except BaseException:
        if made and not any(out.iterdir()):
            out.rmdir()
        raise


def _answer(about: About, filed: list[Filed], out: Path) -> Answer:
    document = {
        "out": str(out),
        "on": about.on.isoformat(),
        "known_at": about.size,
        "root": base64_text(about.head.root),
        "findings": about.findings,
        "checkpoint": None if about.checkpoint is None else about.checkpoint_file,
        "sections": [
            {
                "section": one.title,
                "command": one.command,
                "rows": one.rows,
                "file": one.file,
                "sha256": one.sha256,
                "refused": one.refused,
            }
            for one in filed
        ],
    }
    heads = [Column(_("Section"), "title"), Column(_("Rows"), "rows", "right"), Column(_("File"), "file")]
    shown = [{"title": one.title, "rows": one.stands, "file": one.file} for one in filed]
    files = sum(one.file is not None for one in filed)
    foot = ngettext(
        "{count} file and the cover are in {folder}; on {day}, log size {size}.",
        "{count} files and the cover are in {folder}; on {day}, log size {size}.",
        files,
    ).format(count=files, folder=out, day=about.on, size=about.size)
    return Answer(document, (Table(heads, shown, foot=foot),))

"""`inspection dossiers`: for each student who was drawn a folder with everything the ledger holds about them, and a list on top."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import click

from mingzhang.domain.inspection.sample import SampleDrawn
from mingzhang.domain.inspection.sampling import frame_text
from mingzhang.domain.proof.signed_note import Note
from mingzhang.domain.refusal import Refused
from mingzhang.domain.student.student import unit_of_student

from ..checkpoints.making import saved, signed_checkpoint
from ..checkpoints.qr import qr_png
from ..clock import KnownAt
from ..i18n import _, ngettext
from ..inspecting.dossier import Dossier, Dossiers
from ..inspecting.drawing import Repeated, chosen_inspection, repeated
from ..intake.reveal import note_disclosure
from ..intake.units import UnitNames
from ..options import Globals, Verb, as_of_options, example, reveal_option
from ..output import Answer, Column, Table, Text, in_groups, show
from ..output.files import mark, write_files
from ..output.sheets import sheets_of
from ..output.xlsx import workbook_bytes
from ..progress import counted
from ..session import Session


@click.command(
    "dossiers",
    cls=Verb,
    short_help=_("The dossiers of those drawn, a folder each."),
    help=_(
        "Put the dossier of each student drawn together: the whole file, every payment traced, applications with reviews and notices, "
        "documents; one folder each, under the reference, with a list of all and the log's checkpoint on top."
    ),
)
@click.argument("name", metavar="[INSPECTION]", required=False)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=_("The folder for the files; it is made where it is missing, and other files in it are never written over."),
)
@click.option("--draw", "number", type=click.IntRange(min=1), metavar="NUMBER", help=_("Only the draw of this number. Default: all."))
@click.option("--with-evidence", is_flag=True, help=_("Add the documents that show nobody else, opened; needs the role, and is recorded."))
@reveal_option
@as_of_options
@example(
    "mingzhang inspection dossiers inspection-4F7KQ2AB --out 抽样卷宗",
    "mingzhang --as inspector inspection dossiers inspection-4F7KQ2AB --out 抽样卷宗 --reveal --with-evidence",
)
@click.pass_obj
def dossiers(
    globals: Globals,
    name: str | None,
    out: Path,
    number: int | None,
    with_evidence: bool,
    reveal: bool,
    on: date | None,
    known_at: KnownAt | None,
) -> int:
    if not out.is_dir() and not out.parent.is_dir():
        raise Refused("output_folder_missing", folder=str(out.parent))
    with Session(globals) as session:
        state = chosen_inspection(session, name)
        draws = repeated(session, state, number)
        as_of = session.as_of(on, known_at)
        drawn = list(dict.fromkeys(_student(one) for draw in draws for one in draw.fact.drawn))
        note = None if globals.without_names else signed_checkpoint(session, as_of.known_at)
        contents: dict[str, bytes] = {}
        found: list[Dossier] = []
        with counted(globals, _("Dossiers")) as progress:
            making = Dossiers(session, as_of, drawn, reveal=reveal, with_evidence=with_evidence)
            for student in drawn:
                dossier = making.of(student)
                found.append(dossier)
                contents[_workbook(student)] = workbook_bytes(dossier.sheets)
                contents |= {f"{student}/{file}": content for file, content in dossier.documents.items()}
                progress(len(found), len(drawn))
        for draw in draws:
            contents[_("frame-{number}.txt").format(number=draw.fact.number)] = frame_text(draw.frame).encode()
        if note is not None:
            contents[_("checkpoint-{size}.txt").format(size=as_of.known_at)] = note.written.encode()
        root = in_groups(session.ledger.journal.root_at(as_of.known_at))
        heading = [
            _("Dossiers of {inspection}: as of {day}, as known at log size {size}.").format(
                inspection=state.id, day=as_of.effective_on.isoformat(), size=as_of.known_at
            ),
            _("Root of the log at size {size}: {root}").format(size=as_of.known_at, root=root),
            *(_draw_sentence(draw) for draw in draws),
        ]
        table = _table(found, draws, UnitNames(session), contents)
        _index(contents, heading, table, note, rehearsal=session.rehearsal)
        units = [unit for student in drawn for unit in unit_of_student(session.streams, student)] if reveal or with_evidence else []
        query = f"inspection dossiers {state.id}"
        _write(out, contents, (lambda: note_disclosure(session, query, drawn, units)) if reveal or with_evidence else (lambda: None))
        if note is not None:
            saved(session, note)
        document = {
            "inspection": state.id,
            "out": str(out),
            "on": as_of.effective_on.isoformat(),
            "known_at": as_of.known_at,
            "draws": [draw.fact.number for draw in draws],
            "students": [
                {
                    "student": one.student,
                    "name": one.name,
                    "payments": one.payments,
                    "paid_fen": one.paid_fen,
                    "complete": one.complete,
                    "documents": len(one.documents),
                }
                for one in found
            ],
            "files": [{"file": file, "sha256": sha256(content).hexdigest()} for file, content in sorted(contents.items())],
        }
        foot = ngettext(
            "{count} dossier is in {folder}; on {day}, log size {size}.",
            "{count} dossiers are in {folder}; on {day}, log size {size}.",
            len(found),
        ).format(count=len(found), folder=out, day=as_of.effective_on, size=as_of.known_at)
        shown = replace(table, columns=table.columns[:-1], foot=foot)
        return show(globals, Answer(document, (shown,)), rehearsal=session.rehearsal)


def _workbook(student: str) -> str:
    name = _("dossier")  # not within the f-string, where nobody collects messages
    return f"{student}/{name}.xlsx"


def _student(reference: str) -> str:
    """Whose dossier a drawn reference leads to: a payment's is its student's."""
    return reference.split("/")[2] if reference.startswith("payment/") else reference


def _draw_sentence(draw: Repeated) -> str:
    fact: SampleDrawn = draw.fact
    said = _("Draw {number}: seed {seed}, root {root}, {size} of {held}, frame SHA-256 {sha256}")
    return said.format(number=fact.number, seed=fact.seed, root=fact.root, size=fact.size, held=fact.frame_size, sha256=fact.frame_sha256)


def _table(found: Sequence[Dossier], draws: Sequence[Repeated], units: UnitNames, contents: Mapping[str, bytes]) -> Table:
    drawn_in: dict[str, tuple[int, str]] = {}
    for draw in draws:
        places = iter(draw.fact.drawn)
        for one in draw.fact.strata:
            for _number in range(one.drawn):
                drawn_in.setdefault(_student(next(places)), (draw.fact.number, units.title(one.unit)))
    rows = [
        {
            "number": number,
            "draw": drawn_in[one.student][0],
            "student": one.student,
            "name": one.name,
            "unit": drawn_in[one.student][1],
            "payments": one.payments,
            "paid_fen": one.paid_fen,
            "trail": _("without gaps") if one.complete else _("with gaps"),
            "sha256": sha256(contents[_workbook(one.student)]).hexdigest(),
        }
        for number, one in enumerate(found, start=1)
    ]
    heads = (
        Column(_("No."), "number", "right", adds=False),
        Column(_("Draw"), "draw", "right", adds=False),
        Column(_("Folder"), "student"),
        Column(_("Name"), "name"),
        Column(_("Unit"), "unit"),
        Column(_("Payments"), "payments", "right"),
        Column(_("Paid, yuan"), "paid_fen"),
        Column(_("Trails"), "trail"),
        Column("SHA-256", "sha256"),
    )
    return Table(heads, rows)


def _index(contents: dict[str, bytes], heading: Sequence[str], table: Table, note: Note | None, *, rehearsal: bool) -> None:
    """The list on top, as a workbook with the checkpoint's code and as text that `sha256sum --check` reads."""
    sheets = sheets_of((Text(tuple(heading)), table), mark=mark(rehearsal), as_of=())
    listed = [f"{sha256(content).hexdigest()}  {file}" for file, content in sorted(contents.items())]
    lines = [mark(rehearsal) + heading[0], *heading[1:], "", *listed]
    name = _("list")
    contents[f"00-{name}.xlsx"] = workbook_bytes([replace(one, picture=None if note is None else qr_png(note)) for one in sheets])
    contents[f"00-{name}.txt"] = ("\n".join(lines) + "\n").encode()


def _write(out: Path, contents: Mapping[str, bytes], record: Callable[[], object]) -> None:
    """All files or none, and no folder that was made for nothing; `record` puts on record who is shown before any of them has its name."""
    made = []
    try:
        for folder in dict.fromkeys((out, *((out / name).parent for name in contents))):
            if not folder.exists():
                folder.mkdir(mode=0o700)
                made.append(folder)
        write_files({out / name: content for name, content in contents.items()}, record=record)
    except BaseException:
        for folder in reversed(made):
            if not any(folder.iterdir()):
                folder.rmdir()
        raise

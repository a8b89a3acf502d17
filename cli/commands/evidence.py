"""`evidence`: photos, stamped forms and scans behind the facts: listed, opened, handed in late, erased, and whom they show."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import click

from mingzhang.domain.evidence.document import kept_evidence
from mingzhang.domain.evidence.erasing import EraseDocument
from mingzhang.domain.evidence.keeping import NameShown, whole_digest
from mingzhang.domain.refusal import Refused

from ..evidence.handing_in import keep_for_facts
from ..evidence.opening import note_look, open_document
from ..evidence.reading import Document, ending_of, read_document
from ..evidence.store import fetch, in_use, strays
from ..i18n import N_, _, ngettext
from ..intake.pairings import student_named
from ..options import Globals, KnownAt, Noun, as_of_options, dry_run_option, example, on_option, reason_option, table_file_options
from ..output import Answer, Column, Table, show
from ..output.files import write_files
from ..privacy.finishing import erase_listed
from ..session import Session

STATES = {"kept": N_("kept"), "hashed": N_("only its SHA-256"), "erased": N_("erased")}
_SHORT = 12
_PREFIX = re.compile("[0-9a-f]{8,63}")
_of_student = click.option("--student", "students", multiple=True, metavar="REF", help=_("A student it shows; repeat it for several."))


@click.group(cls=Noun, help=_("Photos, stamped forms and scans: list, show, keep, mark, erase, tidy."))
@example("mingzhang evidence list", "mingzhang --as inspector evidence show 4f1c0a9b2d3e --out 现场照片.jpg")
def evidence() -> None:
    pass


@evidence.command("list", help=_("Every document that facts name: kept or only its SHA-256 on record, by which facts, and whom it shows."))
@click.option("--student", metavar="REF", help=_("Only documents that show this student, or that facts about them name."))
@click.option("--state", type=click.Choice(list(STATES)), help=_("Only documents of this state."))
@as_of_options
@table_file_options
@example("mingzhang evidence list --state hashed", "mingzhang evidence list --student s-7KQ2M4PX0A --on 2020-12-31")
@click.pass_obj
def list_(globals: Globals, student: str | None, state: str | None, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.evidence import evidence_rows
    from mingzhang.projections.register import same_person

    with Session(globals) as session:
        whose = student_named(session, student) if student else None
        with session.engine.view(session.as_of(on, known_at)) as view:
            rows = evidence_rows(view, students=same_person(view, whose) if whose else None)
        found = [_document(row) for row in rows if state in (None, row.state)]
        heads = [
            Column("SHA-256", "short"),
            Column(_("State"), "state"),
            Column(_("Kind"), "media_type"),
            Column(_("Bytes"), "bytes", "right"),
            Column(_("Kept on"), "kept_on"),
            Column(_("Named by"), "named_by"),
            Column(_("Shows"), "shows"),
        ]
        shown = [
            {**one, "short": one["sha256"][:_SHORT], "state": _(STATES[one["state"]]), "named_by": [fact["event"] for fact in one["facts"]]}
            for one in found
        ]
        return show(globals, Answer(found, (Table(heads, shown),)), rehearsal=session.rehearsal)


def _document(row: Any) -> dict[str, Any]:
    return {
        "sha256": row.sha256,
        "state": row.state,
        "media_type": row.media_type,
        "bytes": row.bytes,
        "kept_on": row.kept_on,
        "stored": row.stored,
        "shows": list(row.shows),
        "facts": [
            {"event": fact.ref, "topic": fact.topic, "effective_on": fact.effective_on, "student": fact.student} for fact in row.facts
        ],
    }


@evidence.command("show", help=_("Open a document into a new file; needs the role for it, and who asked is recorded before it is opened."))
@click.argument("sha256", metavar="SHA256")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE", help=_("The new file, or a folder for it."))
@example("mingzhang --as inspector evidence show 4f1c0a9b2d3e --out 现场照片.jpg")
@click.pass_obj
def show_(globals: Globals, sha256: str, out: Path) -> int:
    with Session(globals) as session:
        row = _row(session, sha256)
        _state, kept = kept_evidence(session.streams, row.sha256)
        target = out / f"{row.sha256[:16]}{ending_of(kept.media_type)}" if out.is_dir() else out
        if not target.parent.is_dir():
            raise Refused("output_folder_missing", folder=str(target.parent))
        if target.exists():
            raise Refused("file_exists", file=str(target))
        if fetch(session.folder, kept.stored) is None:  # nobody looks at what is not there
            raise Refused("evidence_file_missing", sha256=row.sha256, stored=kept.stored)
        note_look(session, row.sha256, tuple(fact.ref for fact in row.facts))
        content = open_document(session, row.sha256)
        title = session.vault.open_box(kept.title).get("title", "")
        write_files({target: content})
        document = {"sha256": row.sha256, "file": str(target), "title": title, "media_type": kept.media_type, "bytes": len(content)}
        said = _("{file}: {bytes} bytes, as handed in under the name {title}.").format(file=target, bytes=len(content), title=title)
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@evidence.command("keep", help=_("Hand in documents of which only the SHA-256 is on record: the file must be the very one a fact names."))
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--for", "event", metavar="STREAM@VERSION", help=_("The fact that names them. Default: whichever does."))
@on_option
@example("mingzhang --as clerk evidence keep 现场照片1.jpg --for notice/notice-4F7KQ2AB@2")
@click.pass_obj
def keep(globals: Globals, files: tuple[Path, ...], event: str | None, on: date | None) -> int:
    with Session(globals) as session:
        named: list[tuple[Document, list[str]]] = []
        for file in files:
            document = read_document(file)
            refs = [fact.ref for row in _rows(session, document.sha256) for fact in row.facts]
            if not refs:
                raise Refused("evidence_unknown", sha256=document.sha256, file=str(file))
            if event is not None and event not in refs:
                raise Refused("evidence_not_named", event=event, sha256=document.sha256, file=str(file))
            named.append((document, refs))
        restored = keep_for_facts(session, named, on)
        kept = [
            {"file": str(file), "sha256": document.sha256, "facts": refs, "restored": document.sha256 in restored}
            for file, (document, refs) in zip(files, named, strict=True)
        ]
        said = ngettext("{count} document kept.", "{count} documents kept.", len(kept)).format(count=len(kept))
        return show(globals, Answer.saying({"kept": kept}, said), rehearsal=session.rehearsal)


@evidence.command("mark", help=_("Say which students a document shows, or that somebody was named by mistake: an erasure goes by it."))
@click.argument("sha256", metavar="SHA256")
@_of_student
@click.option("--not", "not_shown", multiple=True, metavar="REF", help=_("A student who was named by mistake; repeat it for several."))
@on_option
@example("mingzhang --as clerk evidence mark 4f1c0a9b2d3e --student s-7KQ2M4PX0A --student s-4PX0A7KQ2M")
@click.pass_obj
def mark(globals: Globals, sha256: str, students: tuple[str, ...], not_shown: tuple[str, ...], on: date | None) -> int:
    if not students and not not_shown:
        raise click.UsageError(_("Name the students with --student or --not."))
    with Session(globals) as session:
        row = _row(session, sha256)
        named = tuple(student_named(session, one) for one in students)
        session.execute(NameShown(on=on, sha256=row.sha256, shows=named, not_shown=not_shown))
        state, _kept = kept_evidence(session.streams, row.sha256)
        said = ngettext("Document {sha256} shows {count} student.", "Document {sha256} shows {count} students.", len(state.shows))
        sentence = said.format(sha256=row.sha256[:_SHORT], count=len(state.shows))
        return show(globals, Answer.saying({"sha256": row.sha256, "shows": list(state.shows)}, sentence), rehearsal=session.rehearsal)


@evidence.command("erase", help=_("Give a document up for good: its key is destroyed and its file removed; the facts that name it stay."))
@click.argument("sha256", metavar="SHA256")
@_of_student
@click.option("--although-others", is_flag=True, help=_("Also where it shows other students."))
@reason_option(required=True)
@on_option
@example("mingzhang --as privacy-officer evidence erase 4f1c0a9b2d3e --student s-7KQ2M4PX0A --reason 本人申请")
@click.pass_obj
def erase(globals: Globals, sha256: str, students: tuple[str, ...], although_others: bool, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        row = _row(session, sha256)
        box = session.seal_text(reason)
        command = EraseDocument(on=on, sha256=row.sha256, of=tuple(students), although_others=although_others, reason=box)
        session.execute(command)
        erase_listed(session.folder, session.ledger.journal, session.vault)
        said = _("Document {sha256} is erased; the facts that name it stay.").format(sha256=row.sha256[:_SHORT])
        document = {"sha256": row.sha256, "erased": True, "facts": [fact.ref for fact in row.facts]}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@evidence.command("tidy", help=_("Remove sealed files without a fact, such as a program leaves that was cut off."))
@dry_run_option
@example("mingzhang evidence tidy --dry-run")
@click.pass_obj
def tidy(globals: Globals, dry_run: bool) -> int:
    from mingzhang.projections.evidence import stored_files

    with Session(globals) as session, in_use(session.folder, alone=True):
        with session.engine.view(session.as_of(None, None)) as view:
            found = strays(session.folder, stored_files(view))
        for path in found if not dry_run else ():
            path.unlink()
        document = {"strays": [path.name for path in found], "removed": not dry_run}
        said = ngettext("{count} file without a fact.", "{count} files without a fact.", len(found)).format(count=len(found))
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


def _rows(session: Session, sha256: str | None = None) -> list[Any]:
    from mingzhang.projections.evidence import evidence_rows

    with session.engine.view(session.as_of(None, None)) as view:
        return evidence_rows(view, sha256)


def _row(session: Session, written: str) -> Any:
    """The document meant: its SHA-256, or the beginning of it. Refused `evidence_unknown`, `evidence_ambiguous`."""
    whole = whole_digest(written)
    beginning = written.strip().lower().removeprefix("evidence/")
    if whole is None and not _PREFIX.fullmatch(beginning):
        raise Refused("evidence_unknown", sha256=written)
    found = _rows(session, whole) if whole else [row for row in _rows(session) if row.sha256.startswith(beginning)]
    if not found:
        raise Refused("evidence_unknown", sha256=written)
    if len(found) > 1:
        raise Refused("evidence_ambiguous", sha256=written, count=len(found))
    return found[0]

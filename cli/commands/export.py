"""`export` and `import-log`: the log as text, one event a line, out of this program and back into it with the same root."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from ..app import DONE, NOT_VERIFIED
from ..i18n import _, ngettext
from ..keeping.export import SCHEMA
from ..keeping.export import export as exported
from ..keeping.imported import import_log as imported
from ..options import Globals, Verb, example, keys_backup_option
from ..output import Answer, remark, show
from ..progress import counted
from ..session import Session, passphrase
from .backup import signed_or_none

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(cls=Verb, help=_("Write every event into a text file, one JSON object a line, for other programs to check; without keys."))
@click.option("--out", metavar="FILE.jsonl", type=_FILE, help=_("The new file."))
@click.option("--from", "first", type=click.IntRange(min=0), default=0, metavar="LEAF", help=_("Only the events from this leaf on."))
@click.option("--schema", is_flag=True, help=_("Print the JSON Schema of its lines instead."))
@example("mingzhang export --out 2020.jsonl", "mingzhang export --from 48 --out since.jsonl", "mingzhang export --schema")
@click.pass_obj
def export(globals: Globals, out: Path | None, first: int, schema: bool) -> int:
    if schema:
        click.echo(SCHEMA.read_text(encoding="utf-8"), nl=False)
        return DONE
    if out is None:
        raise click.UsageError(_("Say with --out which file to write."))
    with Session(globals) as session, counted(globals, _("Exporting")) as progress:
        found = exported(session, out, first=first, checkpoint=lambda size: signed_or_none(session, size), progress=progress)
        if not found.signed:
            remark(globals, _("Its last line is a checkpoint without signature, since the keys are not at hand."))
        document = {
            "file": str(out), "ledger_id": session.folder.ledger_id, "from": found.first, "size": found.size,
            "events": found.size - found.first, "root": found.root, "signed": found.signed, "bytes": found.bytes,
        }  # fmt: skip
        count = ngettext("{count} event", "{count} events", found.size - found.first).format(count=found.size - found.first)
        said = _("{file} holds {count}, up to log size {size}.").format(file=out, count=count, size=found.size)
        root = _("Root: {root}").format(root=found.root)
        return show(globals, Answer.saying(document, said, root), rehearsal=session.rehearsal)


@click.command("import-log", cls=Verb, help=_("Make a ledger of an exported log, or bring a copy up to date; every line is checked first."))
@click.argument("file", metavar="FILE.jsonl", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--into", required=True, metavar="FOLDER", type=_FOLDER, help=_("A new folder, or the shorter copy."))
@keys_backup_option
@example("mingzhang import-log 2020.jsonl --into copy", "mingzhang import-log since.jsonl --into copy")
@click.pass_obj
def import_log(globals: Globals, file: Path, into: Path, keys: Path | None) -> int:
    with counted(globals, _("Importing")) as progress:
        found = imported(file, into, keys=keys, passphrase=passphrase, progress=progress)
    if not found.signed:
        remark(globals, _("The file's checkpoint bears no signature of this log; only one from elsewhere tells whether it is real."))
    if not found.ok:
        remark(globals, _("Not all is in order in it: run `mingzhang verify`."))
    document = {
        "ledger": str(into), "ledger_id": found.ledger_id, "from": found.first, "size": found.size, "events": found.size - found.first,
        "root": found.root, "signed": found.signed, "ok": found.ok,
    }  # fmt: skip
    count = ngettext("{count} event", "{count} events", found.size - found.first).format(count=found.size - found.first)
    said = _("{count} taken in; the ledger in {folder} is the one that was exported, to the byte.").format(count=count, folder=into)
    root = _("Root: {root}").format(root=found.root)
    answer = replace(Answer.saying(document, said, root), exit_code=DONE if found.ok else NOT_VERIFIED)
    return show(globals, answer, rehearsal=found.rehearsal)

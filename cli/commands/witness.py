"""`witness`: a second office that signs the checkpoints of others, and only those that continue what it signed before. Needs no ledger."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

import click

from mingzhang.domain.proof.checkpoint import Checkpoint
from mingzhang.domain.proof.cosignature import cosigned_at
from mingzhang.domain.proof.signed_note import Verifier
from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.base64_text import base64_text

from ..checkpoints.witness_folder import Witness, WitnessedLog, cosign_file, make_witness, read_witness, witnessed_logs
from ..clock import RehearsalClock, SystemClock, rfc3339_of
from ..i18n import _
from ..options import Globals, Noun, example, table_file_options
from ..output import Answer, Column, Table, Text, instant_text, show
from ..output.files import write_files
from ..signing.passphrases import new_passphrase


@click.group(cls=Noun, help=_("A second office watches over logs: make its folder and key, sign checkpoints, show what was signed."))
@example("mingzhang witness show")
def witness() -> None:
    pass


_FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default="mingzhang-witness",
    metavar="DIR",
    help=_("The witness's own folder. Default: mingzhang-witness here."),
)


@witness.command(
    name="init", help=_("Make a witness: its folder and its key. NAME stands in every signature, such as audit.example.cn/witness.")
)
@click.argument("name")
@_FOLDER
@click.option("--rehearsal", is_flag=True, help=_("To practise with: signs rehearsal logs, and no others."))
@example("mingzhang witness init audit.example.cn/witness", "mingzhang witness init 市审计局 --folder 见证 --rehearsal")
@click.pass_obj
def witness_init(globals: Globals, name: str, folder: Path, rehearsal: bool) -> int:
    words, made_up = (None, False) if rehearsal else new_passphrase(name)
    made = make_witness(folder, name, words, random_bytes=secrets.token_bytes)
    document = {
        "folder": str(folder),
        "name": name,
        "key": made.verifier.vkey,
        "rehearsal": rehearsal,
        "signing_passphrase": words if made_up else None,
    }
    sentences = [
        _("The witness {name} is in {folder}.").format(name=name, folder=folder),
    ]
    if made_up:
        sentences.append(_("Its passphrase is {passphrase}. It is shown this once and kept nowhere.").format(passphrase=words))
    sentences.append(_("Below: its key, to be given to whoever checks its signatures."))
    code = show(globals, Answer.saying(document, *sentences), rehearsal=rehearsal)
    if not globals.json:
        click.echo("\n" + made.verifier.vkey)
    return code


@witness.command(
    name="cosign",
    short_help=_("Sign a checkpoint, if it continues the last one seen of its log."),
    help=_(
        "Sign a checkpoint, if it continues the last one seen of its log. FILE is a checkpoint, or what `mingzhang checkpoint --since` "
        "wrote, which is needed as soon as a log has been seen before."
    ),
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_FOLDER
@click.option(
    "--key", metavar="VKEY", help=_("The key of the log, when it is seen for the first time; ask for it on another way than the file.")
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=_("Write the signed checkpoint to this file.")
)
@example(
    "mingzhang witness cosign 2020.txt --key mingzhang/0195…+5c1f2e3d+AQ… --out signed.txt",
    "mingzhang witness cosign for-the-witness.txt --out signed.txt",
)
@click.pass_obj
def witness_cosign(globals: Globals, file: Path, folder: Path, key: str | None, out: Path | None) -> int:
    found = read_witness(folder)
    trusted = Verifier.read(key) if key is not None else None
    signed = cosign_file(found, file, trusted=trusted, at=_now(globals, found))
    if out is not None:
        write_files({out: signed.note.written.encode()})
    head = Checkpoint.parse(signed.note.text)
    at = rfc3339_of(cosigned_at(signed.line))
    document = {
        "witness": found.name,
        "origin": head.origin,
        "size": head.size,
        "root": base64_text(head.root),
        "seen": signed.seen,
        "cosigned_at": at,
        "line": signed.line.line,
        "note": signed.note.written,
        "key": found.verifier.vkey,
        "file": str(signed.file),
        "out": None if out is None else str(out),
    }
    sentences = [
        _("{name} has signed the log {origin} at {size} events, {at}.").format(
            name=found.name, origin=head.origin, size=head.size, at=instant_text(at)
        )
    ]
    if signed.seen is None:
        sentences.append(_("It is the first seen of this log; the next one needs a proof from size {size}.").format(size=head.size))
    else:
        sentences.append(_("It continues the one seen before, at size {seen}.").format(seen=signed.seen))
    sentences.append(_("It is kept in {file}.").format(file=signed.file))
    if out is not None:
        sentences.append(_("Written to {file}.").format(file=out))
    code = show(globals, Answer.saying(document, *sentences), rehearsal=found.rehearsal)
    if not globals.json:
        click.echo("\n" + signed.note.written, nl=False)
    return code


@witness.command(name="show", help=_("Who this witness is, and the last checkpoint it saw of each log."))
@_FOLDER
@table_file_options
@example("mingzhang witness show", "mingzhang --json witness show --folder 见证")
@click.pass_obj
def witness_show(globals: Globals, folder: Path) -> int:
    found = read_witness(folder)
    logs = [_row(found, log) for log in witnessed_logs(found)]
    document = {
        "folder": str(folder),
        "name": found.name,
        "key": found.verifier.vkey,
        "rehearsal": found.rehearsal,
        "logs": logs,
    }
    heads = [
        Column(_("Log"), "origin"),
        Column(_("Log size"), "size", "right"),
        Column(_("Signed at"), "signed_at"),
        Column(_("File"), "file"),
    ]
    whole = [*heads[:2], Column(_("Root"), "root"), *heads[2:]]  # too wide for a screen beside the rest; it stands in the file named
    said = Text((_("Witness {name}; below: its key.").format(name=found.name),))
    rows = [{**log, "signed_at": instant_text(str(log["cosigned_at"])) if log["cosigned_at"] else None} for log in logs]
    key = Text((found.verifier.vkey,), as_is=True)
    answer = Answer(document, (said, key, Table(heads, rows)), filed=(said, key, Table(whole, rows)))
    return show(globals, answer, rehearsal=found.rehearsal)


def _row(found: Witness, log: WitnessedLog) -> dict[str, object]:
    head, note = log.seen, log.note
    lines = () if note is None else note.signatures_of(found.verifier)
    return {
        "origin": log.verifier.name,
        "key": log.verifier.vkey,
        "size": None if head is None else head.size,
        "root": None if head is None else base64_text(head.root),
        "cosigned_at": rfc3339_of(max(map(cosigned_at, lines))) if lines else None,
        "file": None if log.file is None else str(log.file),
    }


def _now(globals: Globals, found: Witness) -> datetime:
    """The machine's clock; --now only where one practises. Refused `clock_only_in_rehearsal`."""
    if globals.now is None:
        return SystemClock()()
    if not found.rehearsal:
        raise Refused("clock_only_in_rehearsal")
    return RehearsalClock(globals.now)()



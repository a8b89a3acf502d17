"""`checkpoint`: the head of the log under the log's own signature, to be kept where nobody who keeps the ledger can reach it."""

from __future__ import annotations

from pathlib import Path

import click

from mingzhang.domain.merkle.proofs import consistency_proof
from mingzhang.domain.proof.checkpoint import Checkpoint, read_checkpoint
from mingzhang.domain.proof.proof_text import ConsistencyText
from mingzhang.domain.proof.signed_note import Note
from mingzhang.domain.proof.stamp_request import stamp_request as request_for
from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.base64_text import base64_text

from ..checkpoints.making import cosigned, head_at, log_verifier, reading, saved, signed_checkpoint
from ..clock import KnownAt
from ..i18n import _
from ..options import Globals, Verb, example, known_at_option
from ..output import Answer, in_groups, show
from ..output.files import write_files
from ..session import Session


@click.command(
    cls=Verb,
    help=_(
        "A checkpoint: how many events the log holds and the one hash that stands for all of them, signed with the log's key. Give it "
        "away, on paper too: whoever holds one can later prove what the log held then. It is kept in the ledger's folder as well."
    ),
)
@known_at_option
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=_("Write it to this file as well."))
@click.option(
    "--since",
    metavar="SIZE|FILE",
    help=_("With it the proof that the log has only grown since that size, or since the checkpoint in that file: what a witness asks for."),
)
@click.option(
    "--stamp-request",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=_("Write the request (RFC 3161) that a time-stamping authority answers; nothing is sent."),
)
@click.option(
    "--cosigned",
    "cosigned_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=_("Take the signatures that a witness has put under one of this log's checkpoints."),
)
@example(
    "mingzhang checkpoint",
    "mingzhang checkpoint --known-at 2020-12-31 --out 2020.txt",
    "mingzhang checkpoint --since 1200 --out for-the-witness.txt",
    "mingzhang checkpoint --cosigned from-the-witness.txt",
)
@click.pass_obj
def checkpoint(
    globals: Globals,
    known_at: KnownAt | None,
    out: Path | None,
    since: str | None,
    stamp_request: Path | None,
    cosigned_file: Path | None,
) -> int:
    if cosigned_file is not None and (since is not None or known_at is not None or stamp_request is not None):
        raise click.UsageError(_("--cosigned stands alone, or with --out."))
    with Session(globals) as session:
        if cosigned_file is not None:
            note, kept = cosigned(session, reading(cosigned_file, read_checkpoint)[1])
            _write(out, note.written)
            return _say(globals, session, note, kept, out, None, None)
        note = signed_checkpoint(session, session.size_known_at(known_at))
        proof = None if since is None else _since(session, since, note)
        _write(out, note.written if proof is None else proof.written)
        if stamp_request is not None:
            write_files({stamp_request: request_for(note.written.encode())})
        return _say(globals, session, note, saved(session, note), out, proof, stamp_request)


def _since(session: Session, since: str, note: Note) -> ConsistencyText:
    """The proof from a size, or from a checkpoint of this log in a file. Refused `log_size_unknown`, `checkpoint_not_ours`."""
    new = Checkpoint.parse(note.text).size
    if since.isascii() and since.isdigit():
        old = int(since)
    else:
        earlier = reading(Path(since), read_checkpoint)[0]
        old = earlier.size
        if old <= new and earlier != head_at(session, old):
            raise Refused("checkpoint_not_ours", size=old, file=since)
    if old > new:
        raise Refused("log_size_unknown", size=old, last=new)
    return ConsistencyText(old, tuple(consistency_proof(old, new, session.ledger.journal.tile)), note)


def _write(out: Path | None, text: str) -> None:
    if out is not None:
        write_files({out: text.encode()})


def _say(
    globals: Globals,
    session: Session,
    note: Note,
    kept: Path | None,
    out: Path | None,
    proof: ConsistencyText | None,
    request: Path | None,
) -> int:
    head = Checkpoint.parse(note.text)
    key = log_verifier(session).vkey
    document = {
        "origin": head.origin,
        "size": head.size,
        "root": base64_text(head.root),
        "root_hex": head.root.hex(),
        "note": note.written,
        "key": key,
        "signatures": [one.name for one in note.signatures],
        "file": None if kept is None else str(kept),
        "out": None if out is None else str(out),
        "since": None if proof is None else proof.old,
        "proof": None if proof is None else proof.written,
        "stamp_request": None if request is None else str(request),
    }
    sentences = [
        _("Checkpoint of the log {origin}: {size} events.").format(origin=head.origin, size=head.size),
        _("Root: {root}").format(root=base64_text(head.root)),
        _("The same for typing: {groups}").format(groups=in_groups(head.root)),
    ]
    if len(note.signatures) > 1:
        sentences.append(_("Signed by: {names}.").format(names="、".join(one.name for one in note.signatures)))
    if kept is not None:
        sentences.append(_("It is kept in {file}; take a copy out of the house.").format(file=kept))
    if proof is not None:
        sentences.append(_("With it goes the proof that the log has only grown since size {old}.").format(old=proof.old))
    if out is not None:
        sentences.append(_("Written to {file}.").format(file=out))
    if request is not None:
        sentences.append(_("The request to a time-stamping authority is in {file}.").format(file=request))
    sentences.append(_("Below: the log's key, by which it is checked, and the checkpoint itself."))
    code = show(globals, Answer.saying(document, *sentences), rehearsal=session.rehearsal)
    if not globals.json:
        # As they are, to be copied for another program: not wrapped where the screen ends.
        click.echo(f"\n{key}\n\n" + (note.written if proof is None else proof.written), nl=False)
    return code

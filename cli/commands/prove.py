"""`prove`: that one event is in the log of a checkpoint, as a file that is checked without this ledger and without this program."""

from __future__ import annotations

from pathlib import Path

import click

from mingzhang.domain.journal.leaf import leaf_record
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.merkle.proofs import inclusion_proof
from mingzhang.domain.proof.checkpoint import Checkpoint, is_rehearsal
from mingzhang.domain.proof.cosignature import read_vkey
from mingzhang.domain.proof.proof_text import InclusionText, read_inclusion
from mingzhang.domain.proof.witnessing import proved_record
from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.base64_text import base64_text

from ..checkpoints.making import reading, saved, signed_checkpoint
from ..checkpoints.record import read_record
from ..clock import KnownAt
from ..i18n import _
from ..options import Globals, Verb, example, known_at_option
from ..output import Answer, Text, instant_text, show
from ..output.files import write_files
from ..session import Session


@click.command(
    cls=Verb,
    help=_(
        "Prove that an event (stream@version, as `mingzhang trace` shows it) is in the log, at its place, as it is: a small file that "
        "anybody checks with the log's key alone, with this program (--check) or another. Personal data stay sealed in it."
    ),
)
@click.argument("event", required=False)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=_("The file for the proof (.tlog-proof)."))
@click.option(
    "--check", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=_("Check the proof in this file; needs no ledger.")
)
@click.option(
    "--key", "keys", multiple=True, metavar="VKEY", help=_("A key to check with: the log's, or a witness's as well; all must have signed.")
)
@known_at_option
@example(
    "mingzhang prove payment/fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring/1@2 --out paid.tlog-proof",
    "mingzhang prove --check paid.tlog-proof --key mingzhang/0195…+5c1f2e3d+AQ…",
)
@click.pass_obj
def prove(
    globals: Globals, event: str | None, out: Path | None, check: Path | None, keys: tuple[str, ...], known_at: KnownAt | None
) -> int:
    if check is not None:
        if event is not None or out is not None or known_at is not None or not keys:
            raise click.UsageError(_("--check needs --key, and nothing else."))
        return _check(globals, check, keys)
    if event is None or out is None or keys:
        raise click.UsageError(_("Name an event and, with --out, a file; or give --check and --key."))
    with Session(globals) as session:
        size = session.size_known_at(known_at)
        row = _row(session, event, size)
        note = signed_checkpoint(session, size)
        hashes = inclusion_proof(row.leaf_index, size, session.ledger.journal.tile)
        proof = InclusionText(row.leaf_index, tuple(hashes), note, leaf_record(row))
        try:
            proved_record(proof)  # the stored bytes may not be those that were hashed
        except Refused:
            raise Refused("ledger_damaged", detail=f"leaf {row.leaf_index}") from None
        content = proof.written.encode()
        write_files({out: content})
        saved(session, note)
        head = Checkpoint.parse(note.text)
        document = {
            "event": event,
            "leaf": row.leaf_index,
            "size": size,
            "origin": head.origin,
            "root": base64_text(head.root),
            "hashes": len(hashes),
            "file": str(out),
            "bytes": len(content),
        }
        sentences = (
            _("The event {event} is number {number} of {size} in the log.").format(event=event, number=row.leaf_index + 1, size=size),
            _("The proof is in {file} ({bytes} bytes, {hashes} hashes).").format(file=out, bytes=len(content), hashes=len(hashes)),
        )
        return show(globals, Answer.saying(document, *sentences), rehearsal=session.rehearsal)


def _row(session: Session, event: str, size: int) -> LogRow:
    """The event as it is stored. Refused `event_unknown` where the log of that size has none of this name."""
    stream, _at, version = event.rpartition("@")
    for row in session.ledger.journal.select_streams([stream]):
        if str(row.originator_version) == version and row.leaf_index < size:
            return row
    raise Refused("event_unknown", event=event)


def _check(globals: Globals, path: Path, keys: tuple[str, ...]) -> int:
    """Refused: what the formats refuse, `vkey_format`, `note_not_signed`, `note_signature_wrong`, `proof_wrong`, `proof_without_record`."""
    proof = reading(path, read_inclusion)
    for key in keys:  # each for itself: whoever names two keys wants both
        proof.note.need_signature([read_vkey(key)])
    record = read_record(proved_record(proof))
    head = proof.checkpoint
    event = f"{record.stream}@{record.version}"
    document = {
        "ok": True,
        "event": event,
        "topic": record.topic,
        "recorded_at": record.recorded_at,
        "state": record.state.decode(),
        "leaf": proof.index,
        "size": head.size,
        "origin": head.origin,
        "root": base64_text(head.root),
        "keys": list(keys),
    }
    at = instant_text(record.recorded_at)
    sentences = (
        _("Proved: the event {event} ({topic}, recorded at {recorded_at}) is number {number} of {size} in the log {origin}.").format(
            event=event, topic=record.topic, recorded_at=at, number=proof.index + 1, size=head.size, origin=head.origin
        ),
        _("Signed by: {names}.").format(names="、".join(read_vkey(key).name for key in keys)),
        _("Below: what it says, as it is stored."),
    )
    parts = (Text(sentences), Text((record.state.decode(),), as_is=True))
    return show(globals, Answer(document, parts), rehearsal=is_rehearsal(head.origin))

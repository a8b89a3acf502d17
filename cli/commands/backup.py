"""`backup`: the ledger copied while it is worked in, and hashed again before it is called a backup; its keys apart, elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from mingzhang.domain.refusal import Refused

from ..app import DONE, NOT_VERIFIED
from ..checkpoints.making import saved, signed_checkpoint
from ..i18n import _, ngettext
from ..keeping.backup import Made, back_up_events, back_up_keys
from ..keeping.places import on_the_same_disk
from ..options import Globals, Verb, example
from ..output import Answer, remark, show
from ..progress import counted
from ..session import Session

_WITHOUT_KEYS = frozenset({"keys_left_out", "master_key_missing", "vault_missing", "log_key_missing", "log_key_not_enrolled"})


@click.command(cls=Verb, help=_("Copy the ledger to a new folder while it is worked in; with --keys its keys alone, to another place."))
@click.option("--out", required=True, metavar="FOLDER", type=click.Path(path_type=Path), help=_("The new folder; on another disk."))
@click.option("--keys", is_flag=True, help=_("The keys instead of the events. Keys and events never lie together."))
@click.option(
    "--like",
    metavar="BACKUP",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help=_("An earlier backup on the same disk: evidence files that lie there already are linked, not copied again."),
)
@example("mingzhang backup --out /media/disk/2020-03-31", "mingzhang backup --keys --out /media/stick/keys-2020-03-31")
@click.pass_obj
def backup(globals: Globals, out: Path, keys: bool, like: Path | None) -> int:
    with Session(globals) as session, counted(globals, _("Copying")) as progress:
        made = back_up_keys(session, out) if keys else back_up_events(
            session, out, like=like, checkpoint=lambda size: signed_or_none(session, size), progress=progress
        )
        if on_the_same_disk(out, session.folder.root):
            remark(globals, _("The backup lies on the same disk as the ledger, and would be lost with it. Carry it elsewhere."))
        if not keys and not made.checkpoint:
            remark(globals, _("No signed checkpoint lies in it, since the keys are not at hand."))
        if not made.ok:
            remark(globals, _("Not all is in order in it: run `mingzhang verify`."))
        answer = Answer.saying(_document(out, made), *_sentences(out, made))
        return show(globals, replace(answer, exit_code=DONE if made.ok else NOT_VERIFIED), rehearsal=session.rehearsal)


def signed_or_none(session: Session, size: int) -> bytes | None:
    """The signed checkpoint of a log size, kept in the ledger too; None where the keys are not to be had."""
    try:
        note = signed_checkpoint(session, size)
    except Refused as refused:
        if refused.code in _WITHOUT_KEYS:
            return None
        raise
    saved(session, note)
    return note.written.encode()


def _document(out: Path, made: Made) -> dict[str, object]:
    about = made.manifest
    return {
        "backup": str(out),
        "kind": about.kind,
        "ledger_id": about.ledger_id,
        "size": about.size,
        "root": about.root or None,
        "last_recorded_at": about.last_recorded_at,
        "made_at": about.made_at,
        "files": len(about.files),
        "bytes": made.bytes,
        "linked": made.linked,
        "checkpoint": made.checkpoint,
        "erased": made.erased,
        "ok": made.ok,
    }


def _sentences(out: Path, made: Made) -> list[str]:
    about = made.manifest
    if about.kind == "keys":
        return [
            _("The keys are in {folder}: whoever has them and the events can read every name.").format(folder=out),
            _("They open everything up to event {size}.").format(size=about.size),
            _("Keep them apart from the backup of the events, in other hands."),
        ]
    count = ngettext("{count} event", "{count} events", about.size).format(count=about.size)
    return [
        _("The backup in {folder} holds {count}; it was opened, and every event was hashed again.").format(folder=out, count=count),
        _("Root: {root}").format(root=about.root),
        _("The keys are not in it: `mingzhang backup --keys --out …`, to another place."),
    ]

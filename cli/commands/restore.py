"""`restore`: a new ledger out of a backup, compared with all that is known about the log from elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from ..app import DONE, NOT_VERIFIED
from ..folder import read_folder
from ..i18n import _, ngettext
from ..keeping.erasure_list import DoneAgain
from ..keeping.restore import Restored, restore_keys
from ..keeping.restore import restore as restored_from
from ..options import Globals, Verb, example, keys_backup_option
from ..output import Answer, remark, show
from ..progress import counted
from ..session import passphrase
from ..verifying.given import read_given

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, exists=True)
_CHECKPOINT = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(cls=Verb, help=_("Make a new ledger out of a backup, checked against its list of files, its tree and checkpoints."))
@click.argument("backup", metavar="[BACKUP]", required=False, type=_FOLDER)
@click.option(
    "--into", required=True, metavar="FOLDER", type=_FOLDER, help=_("The new ledger's folder; without BACKUP a ledger that lacks its keys.")
)
@keys_backup_option
@click.option(
    "--against",
    multiple=True,
    metavar="CHECKPOINT",
    type=_CHECKPOINT,
    help=_("A checkpoint that was kept elsewhere; best the newest there is."),
)
@click.option("--erasures", multiple=True, metavar="FILE", type=_FILE, help=_("A later list of erasures, or the later backup it lies in."))
@click.option("--older", is_flag=True, help=_("The backup is older than a given checkpoint, and that is meant."))
@example(
    "mingzhang restore /media/disk/2020-03-31 --into ledger-again --keys /media/stick/keys-2020-03-31 --against 120.txt",
    "mingzhang restore --keys /media/stick/keys-2020-03-31 --into ledger-again",
)
@click.pass_obj
def restore(
    globals: Globals, backup: Path | None, into: Path, keys: Path | None, against: tuple[Path, ...], erasures: tuple[Path, ...], older: bool
) -> int:
    if backup is None:
        if keys is None or against or older:
            raise click.UsageError(_("Name a backup, or the backup of the keys alone with --keys."))
        return _keys_alone(globals, keys, into, erasures)
    known = [read_given(path) for path in against]
    with counted(globals, _("Restoring")) as progress:
        found = restored_from(
            backup, into, keys=keys, against=known, erasures=erasures, older=older, passphrase=passphrase, progress=progress
        )
    if not found.compared_with and not found.older_than:
        remark(globals, _("Nothing from elsewhere was given: whether this is the newest backup, only a checkpoint can tell."))
    if found.keys_size is not None and found.keys_size < found.manifest.size:
        said = _("The keys are older than the events: names taken in after event {size} may not open.")
        remark(globals, said.format(size=found.keys_size))
    document = {
        "ledger": str(into),
        "ledger_id": found.manifest.ledger_id,
        "size": found.manifest.size,
        "root": found.manifest.root,
        "last_recorded_at": found.manifest.last_recorded_at,
        "compared_with": list(found.compared_with),
        "older_than": list(found.older_than),
        "keys": found.keys_size is not None,
        "keys_size": found.keys_size,
        **_done_again(found.again),
        "ok": found.ok,
    }
    if not found.ok:
        remark(globals, _("Not all is in order in it: run `mingzhang verify`."))
    answer = replace(Answer.saying(document, *_sentences(into, found)), exit_code=DONE if found.ok else NOT_VERIFIED)
    return show(globals, answer, rehearsal=found.manifest.rehearsal)


def _keys_alone(globals: Globals, keys: Path, into: Path, erasures: tuple[Path, ...]) -> int:
    folder = read_folder(into)
    with counted(globals, _("Restoring")) as progress:
        size, again = restore_keys(keys, folder, erasures=erasures, passphrase=passphrase, progress=progress)
    document = {"ledger": str(into), "ledger_id": folder.ledger_id, "keys_size": size, **_done_again(again)}
    said = [_("The ledger in {folder} has its keys again; they open everything up to event {size}.").format(folder=into, size=size)]
    return show(globals, Answer.saying(document, *said, *_said_again(again)), rehearsal=folder.rehearsal)


def _done_again(again: DoneAgain) -> dict[str, object]:
    return {"erased_again": list(again.erased), "restricted_again": list(again.restricted), "held_again": list(again.held)}


def _said_again(again: DoneAgain) -> list[str]:
    said = []
    if again.erased:
        count = len(again.erased)
        told = ngettext("{count} erased person was erased again.", "{count} erased people were erased again.", count)
        said.append(told.format(count=count))
    if again.restricted or again.held:
        told = _(
            "By the newer list {restricted} restricted and {held} held, which this log does not know: {persons}."
            " Record it again with `mingzhang student restrict` and `mingzhang student hold`; until then the list counts."
        )
        persons = "、".join(sorted({*again.restricted, *again.held}))
        said.append(told.format(restricted=len(again.restricted), held=len(again.held), persons=persons))
    return said


def _sentences(into: Path, found: Restored) -> list[str]:
    count = ngettext("{count} event", "{count} events", found.manifest.size).format(count=found.manifest.size)
    said = [_("The ledger in {folder} holds {count}, to the byte those that were backed up.").format(folder=into, count=count)]
    if found.compared_with:
        sizes = "、".join(map(str, found.compared_with))
        said.append(_("It agrees with the checkpoints of log size {sizes}.").format(sizes=sizes))
    if found.older_than:
        sizes = "、".join(map(str, found.older_than))
        said.append(_("It is older than the checkpoints of log size {sizes}; what was recorded after it is missing.").format(sizes=sizes))
    said += _said_again(found.again)
    if found.keys_size is None:
        said.append(_("It has no keys: put them in with `mingzhang restore --keys`, or read it with --without-names."))
    return said

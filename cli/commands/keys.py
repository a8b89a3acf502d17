"""`keys`: the master key shared out among custodians, rehearsed, and made again from their shares."""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path

import click

from mingzhang.domain.privacy.escrow import EscrowKeys, RehearseEscrow
from mingzhang.domain.refusal import Refused
from mingzhang.domain.vault.master import load_master_key, write_master_key
from mingzhang.domain.vault.vault import Vault

from ..i18n import _, ngettext
from ..options import Globals, Noun, example, on_option
from ..output import Answer, show
from ..output.files import mark, write_files
from ..session import Session, passphrase

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_shares = click.argument("files", metavar="SHARE-FILE…", nargs=-1, required=True, type=_FILE)


@click.group(cls=Noun, help=_("The master key: shared out among custodians, rehearsed, made again."))
@example("mingzhang --as administrator keys split --custodian T01 --custodian T02 --custodian T03 --threshold 2 --out /media/usb")
def keys() -> None:
    pass


@keys.command("split", help=_("Share the master key out: one file of words for each custodian, of which so many make the key again."))
@click.option("--custodian", "custodians", multiple=True, required=True, metavar="STAFF", help=_("Who keeps a share; repeat it for each."))
@click.option("--threshold", type=click.IntRange(1), required=True, metavar="K", help=_("How many shares make the key again."))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="FOLDER", help=_("Where the files go."))
@on_option
@example("mingzhang --as administrator keys split --custodian T01 --custodian T02 --custodian T03 --threshold 2 --out /media/usb")
@click.pass_obj
def split_(globals: Globals, custodians: tuple[str, ...], threshold: int, out: Path, on: date | None) -> int:
    from ..privacy.shares import fingerprint, share_text, split

    with Session(globals) as session:
        if out.resolve().is_relative_to(session.folder.root.resolve()):
            raise Refused("shares_inside_ledger", folder=str(out))
        session.vault.need_key()
        key = load_master_key(session.folder.master_key, passphrase())
        of = fingerprint(key)
        command = EscrowKeys(on=on, custodians=custodians, threshold=threshold, fingerprint=of)
        session.foresee(command)
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        count, contents = len(custodians), {}
        for number, (custodian, words) in enumerate(zip(custodians, split(key, threshold=threshold, count=count), strict=True), start=1):
            text = share_text(
                words,
                custodian=custodian,
                ledger_id=session.folder.ledger_id,
                number=number,
                count=count,
                threshold=threshold,
                mark=mark(session.rehearsal),
                of=of,
            )
            contents[out / f"share-{number}-{custodian}.txt"] = text.encode()
        write_files(contents, record=lambda: session.execute(command))
        said = ngettext(
            "{count} share is written to {folder}; any {threshold} make the key again. Hand them out and delete the files.",
            "{count} shares are written to {folder}; any {threshold} make the key again. Hand them out and delete the files.",
            count,
        ).format(count=count, folder=out, threshold=threshold)
        files = [path.name for path in contents]
        document = {"custodians": list(custodians), "threshold": threshold, "fingerprint": of, "files": files}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@keys.command("rehearse", help=_("Check that these shares would open the key store; changes nothing, and is recorded."))
@_shares
@on_option
@example("mingzhang --as administrator keys rehearse share-1-T01.txt share-3-T03.txt")
@click.pass_obj
def rehearse(globals: Globals, files: tuple[Path, ...], on: date | None) -> int:
    from ..privacy.shares import fingerprint

    with Session(globals) as session:
        key = _opening(session, files)
        session.execute(RehearseEscrow(on=on, fingerprint=fingerprint(key), shares=len(files)))
        said = ngettext("This {count} share opens the key store.", "These {count} shares open the key store.", len(files))
        document = {"fingerprint": fingerprint(key), "shares": len(files), "opens": True}
        return show(globals, Answer.saying(document, said.format(count=len(files))), rehearsal=session.rehearsal)


@keys.command("recover", help=_("Make a lost master key again from its shares; protected by MINGZHANG_PASSPHRASE where that is set."))
@_shares
@example("mingzhang keys recover share-1-T01.txt share-3-T03.txt")
@click.pass_obj
def recover(globals: Globals, files: tuple[Path, ...]) -> int:
    from ..privacy.shares import fingerprint

    with Session(globals) as session:
        if session.folder.master_key.exists():
            raise Refused("master_key_exists")
        key = _opening(session, files)
        write_master_key(session.folder.master_key, key, secrets.token_bytes, passphrase())
        said = _("The master key is back in {file}; keep a copy of keys/ elsewhere, and share it out anew if a share was seen.")
        document = {"fingerprint": fingerprint(key), "recovered": True}
        return show(globals, Answer.saying(document, said.format(file=session.folder.master_key)), rehearsal=session.rehearsal)


def _opening(session: Session, files: tuple[Path, ...]) -> bytes:
    """The key of these shares, which opens this ledger's key store. Refused as `combine`, and `master_key_wrong`."""
    from ..privacy.shares import combine, read_share

    key = combine([read_share(path) for path in files])
    if len(key) != 32:
        raise Refused("shares_do_not_fit")
    Vault.open(session.folder.vault, key, secrets.token_bytes).close()
    return key

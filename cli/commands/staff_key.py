"""`staff key`: signing keys renewed by their holders, replaced after a loss, carried elsewhere, and listed with who issued them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mingzhang.domain.command import Command
from mingzhang.domain.refusal import Refused
from mingzhang.domain.staff import SigningKey, Staff
from mingzhang.domain.staff_keys import EnrolKey, GiveUpKey, RenewKey, RevokeKey

from ..i18n import N_, _
from ..options import Globals, Noun, as_of_options, example, table_file_options
from ..output import Answer, Column, Table, show
from ..session import Session
from ..signing.giving import appointed_staff, new_key
from ..signing.key_file import copy_key_file
from ..signing.passphrases import own_new_passphrase

if TYPE_CHECKING:
    from mingzhang.projections.asof import AsOf

ISSUED_BY = {"office": N_("an administrator"), "self": N_("themselves")}
REASONS = {"lost": N_("lost"), "replaced": N_("replaced"), "relieved": N_("relieved of office")}


@click.group("key", cls=Noun, help=_("Signing keys: enrol, renew, replace, revoke, export, list."))
@example("mingzhang --as wang staff key renew")
def key() -> None:
    pass


@key.command("renew", help=_("Take a new signing key with a passphrase of your own; the old key signs for it and ends with it."))
@example("mingzhang --as wang staff key renew", "mingzhang --as wang --key /media/stick/wang.key staff key renew")
@click.pass_obj
def renew(globals: Globals) -> int:
    with Session(globals) as session:
        staff = session.actor
        session.foresee(RenewKey(public_key=_ANY_KEY))
        words = own_new_passphrase(staff)
        with session.keys.making(staff, words, session.keys.chosen) as made:
            session.execute(RenewKey(public_key=made.public_key))
        said = (
            _("{staff} signs with the key {key}, in {file}.").format(staff=staff, key=made.key, file=made.file),
            _("The old key is taken no more, and nobody else has had the new one. Keep a copy of the file elsewhere."),
        )
        document = {"staff": staff, "key": made.key, "key_file": str(made.file)}
        return show(globals, Answer.saying(document, *said), rehearsal=session.rehearsal)


@key.command("enrol", help=_("Give somebody who has no signing key one, as an administrator."))
@click.argument("staff_id", metavar="STAFF")
@example("mingzhang --as administrator staff key enrol wang")
@click.pass_obj
def enrol(globals: Globals, staff_id: str) -> int:
    return _give(globals, staff_id, lost=False)


@key.command("replace", help=_("Give somebody whose signing key is lost another one, as an administrator."))
@click.argument("staff_id", metavar="STAFF")
@click.option("--lost", is_flag=True, required=True, help=_("Their key is lost: it is taken no more from now on."))
@example("mingzhang --as administrator staff key replace wang --lost")
@click.pass_obj
def replace(globals: Globals, staff_id: str, lost: bool) -> int:
    return _give(globals, staff_id, lost=lost)


def _give(globals: Globals, staff_id: str, *, lost: bool) -> int:
    with Session(globals) as session:
        state = session.streams.read(Staff, staff_id)
        before = [RevokeKey(staff=staff_id, reason="lost")] if lost and state.live_key is not None else []
        foreseen: list[Command] = [*before] or [EnrolKey(staff=staff_id, public_key=_ANY_KEY)]
        for command in foreseen:
            session.foresee(command)
        with new_key(session.keys, state) as given:
            session.execute_many([*before, EnrolKey(staff=staff_id, public_key=given.key.public_key)])
        said = _("{staff} has the new signing key {key}.").format(staff=staff_id, key=given.key.key)
        renewal = _("The office made it. {staff} makes one that nobody else can have with `mingzhang staff key renew`.")
        sentences = (said, *given.sentences()[1:], renewal.format(staff=staff_id))
        answer = Answer.saying({"staff": staff_id, **given.document()}, *sentences)
        return show(globals, answer, rehearsal=session.rehearsal)


@key.command("revoke", help=_("Take a signing key out of use: somebody's as an administrator, or your own."))
@click.argument("staff_id", metavar="STAFF")
@click.option("--reason", type=click.Choice(["lost", "relieved"]), default="lost", show_default=True, help=_("Why."))
@example("mingzhang --as administrator staff key revoke wang --reason relieved")
@click.pass_obj
def revoke(globals: Globals, staff_id: str, reason: str) -> int:
    with Session(globals) as session:
        own = staff_id == session.actor
        command: Command = GiveUpKey() if own else RevokeKey(staff=staff_id, reason="relieved" if reason == "relieved" else "lost")
        execution = session.execute(command)
        ended = next(one.fact for one in execution.recorded).model_dump()
        said = _("The signing key {key} of {staff} is taken no more. What it signed before stays signed.")
        document = {"staff": staff_id, "key": ended["key"], "reason": ended["reason"]}
        return show(globals, Answer.saying(document, said.format(key=ended["key"], staff=staff_id)), rehearsal=session.rehearsal)


@key.command("export", help=_("Copy a key file to a stick; with --move it is there and nowhere else."))
@click.argument("staff_id", metavar="STAFF")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--move", is_flag=True, help=_("Take it away here. From then on name it with --key or MINGZHANG_KEY."))
@example("mingzhang staff key export wang /media/stick/wang.key --move")
@click.pass_obj
def export(globals: Globals, staff_id: str, file: Path, move: bool) -> int:
    with Session(globals) as session:
        live = session.streams.read(Staff, staff_id).live_key
        source = session.keys.file_of(staff_id, live.key if live else "")
        if source is None:
            raise Refused("signing_key_not_found", file=session.keys.path_of(staff_id).name)
        copy_key_file(source, file)
        if move:
            source.unlink()
        said = _("The signing key of {staff} is in {file} now; act with --key {file}.").format(staff=staff_id, file=file)
        return show(globals, Answer.saying({"staff": staff_id, "file": str(file), "moved": move}, said), rehearsal=session.rehearsal)


@key.command("list", help=_("Every signing key there was: since and until when, who issued it, and which facts say so."))
@as_of_options
@table_file_options
@example("mingzhang staff key list", "mingzhang staff key list --known-at 2020-06-30")
@click.pass_obj
def list_(globals: Globals, on: date | None, known_at: Any) -> int:
    with Session(globals) as session:
        as_of = session.as_of(on, known_at)
        streams = session.ledger.streams(as_of.known_at)
        staff = appointed_staff(session.ledger)
        streams.fetch(f"staff/{one}" for one in staff)
        rows = [
            {"staff": one, **key_row(signing)}
            for one in staff
            for signing in streams.read(Staff, one).keys
            if signing.since <= as_of.effective_on
        ]
        shown = [key_shown(row) for row in rows]
        return show(globals, Answer(rows, (Table([Column(_("Staff"), "staff"), *key_heads()], shown),)), rehearsal=session.rehearsal)


_ANY_KEY = "A" * 43 + "="
"""A public key of the right length, to foresee whether any would be taken."""


def key_row(signing: SigningKey) -> dict[str, object]:
    return {
        "key": signing.key,
        "public_key": signing.public_key,
        "issued_by": signing.issued_by,
        "since": signing.since.isoformat(),
        "until": signing.until.isoformat() if signing.until else None,
        "reason": signing.reason,
        "events": [signing.ref, *([signing.revoked_by] if signing.revoked_by else [])],
    }


def key_shown(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its codes in words."""
    ended = REASONS[row["reason"]] if row["reason"] else None
    return {**row, "issued_by": issued_by(row["issued_by"]), "reason": _(ended) if ended else None}


def key_heads() -> list[Column]:
    return [
        Column(_("Signing key"), "key"),
        Column(_("Issued by"), "issued_by"),
        Column(_("Since"), "since"),
        Column(_("Until"), "until"),
        Column(_("Why it ended"), "reason"),
    ]


def issued_by(code: object) -> str | None:
    return _(ISSUED_BY[str(code)]) if code else None


def keys_held(session: Session, as_of: AsOf, staff: Iterable[str]) -> dict[str, SigningKey]:
    """The key each of them signed with on that day, as known at that log size."""
    wanted = sorted(staff)
    streams = session.ledger.streams(as_of.known_at)
    streams.fetch(f"staff/{one}" for one in wanted)
    day = as_of.effective_on
    found: dict[str, SigningKey] = {}
    for one in wanted:
        for signing in streams.read(Staff, one).keys:
            if signing.since <= day and (signing.until is None or day < signing.until):
                found[one] = signing
    return found

"""`upgrade`: a ledger of an older format gets what this one promises: a hash tree over its events, a key for its checkpoints, signatures.

Whatever could refuse is asked before anything is changed, no event is touched, and `ledger.json` says the new format last of all: an
upgrade that was cut off is run again and does the rest.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path

import click

from mingzhang.domain.command import Context
from mingzhang.domain.facts import Recorded
from mingzhang.domain.journal.mapper import FactMapper
from mingzhang.domain.journal.sqlite_upgrade import add_tiles, stored_rows, stored_streams
from mingzhang.domain.ledger import FORMAT
from mingzhang.domain.ledger_state import LedgerState
from mingzhang.domain.log_key import EnrolLogKey
from mingzhang.domain.proof.checkpoint import origin
from mingzhang.domain.refusal import Refused
from mingzhang.domain.staff import Staff, StaffAppointed, authority
from mingzhang.domain.staff_keys import BeginSigning
from mingzhang.domain.streams import Streams
from mingzhang.domain.values.base64_text import base64_text
from mingzhang.domain.vault.log_key import make_log_key
from mingzhang.domain.vault.master import load_master_key
from mingzhang.domain.vault.vault import Vault
from mingzhang.domain.whole_transactions import WholeTransactions

from ..clock import SystemClock, day_of
from ..folder import LedgerFolder, upgrading
from ..i18n import _, ngettext
from ..options import Globals, Verb, example
from ..output import Answer, show
from ..session import Session, passphrase
from ..signing.key_ring import KeyRing, NewKey
from ..signing.passphrases import new_passphrase


@click.command(cls=Verb, help=_("Bring a ledger of an older version to this one's format, without touching an event."))
@example("mingzhang --as zhao upgrade")
@click.pass_obj
def upgrade(globals: Globals) -> int:
    root = Path(globals.ledger)
    with upgrading(root) as older:
        if older is not None:
            session = OlderSession(globals, older)
            with session:
                answer = _upgraded(session)
        else:
            said = _("The ledger is of format {format} already; there is nothing to do.").format(format=FORMAT)
            answer = Answer.saying({"ledger": str(root), "format": FORMAT, "upgraded": False}, said)
    return show(globals, answer, rehearsal=older is not None and older.rehearsal)


class OlderSession(Session):
    """A session on a ledger whose format every other command refuses. `words`: passphrase of the signing key made in it."""

    def __init__(self, globals: Globals, older: LedgerFolder) -> None:
        super().__init__(globals)
        self._older = older
        self.words: str | None = None

    @cached_property
    def folder(self) -> LedgerFolder:
        if self.globals.now is not None and not self._older.rehearsal:
            raise Refused("clock_only_in_rehearsal")
        return self._older

    @cached_property
    def keys(self) -> KeyRing:
        return KeyRing(self.folder, passphrase=lambda _staff: self.words)


def _upgraded(session: OlderSession) -> Answer:
    folder = session.folder
    _refuse_other_actors(session)
    log_key = _log_key(session)
    add_tiles(folder.journal, WholeTransactions().take)
    size = session.ledger.journal.head().size
    ledger = session.ledger.streams().read(LedgerState, folder.ledger_id)
    key, made_up = (None, None) if ledger.signing else _begin_signing(session, log_key)
    before = ngettext(
        "The ledger is of format {format} now. Its {count} event is as it was.",
        "The ledger is of format {format} now. Its {count} events are as they were.",
        size,
    )
    sentences = [before.format(format=FORMAT, count=size)]
    if key is not None and key.file is not None:
        said = _("{staff} signs with the key {key}, in {file}. Write {key} down outside this computer: all signatures rest on it.")
        sentences.append(said.format(staff=session.actor, key=key.key, file=key.file))
        if made_up is not None:
            sentences.append(_("Its passphrase is {passphrase}. It is shown this once and kept nowhere.").format(passphrase=made_up))
        sentences.append(_("Give everybody else who records a key with `mingzhang staff key enrol`."))
    document = {"ledger": str(folder.root), "ledger_id": folder.ledger_id, "format": FORMAT, "upgraded": True, "events": size}
    document |= {"key": key.key if key is not None else None, "signing_passphrase": made_up}
    return Answer.saying(document, *sentences)


def _refuse_other_actors(session: OlderSession) -> None:
    """Whoever upgrades is an administrator, by the log as it stands; asked before anything is changed.

    Refused `upgrade_needs_administrator`, which names those there are: no other command would tell while the ledger is of the older format.
    """
    mapper, folder = FactMapper(), session.folder

    def load(names: Sequence[str]) -> Mapping[str, Sequence[Recorded]]:
        found: dict[str, list[Recorded]] = {}
        for row in stored_rows(folder.journal, names):
            found.setdefault(row.originator_id, []).append(mapper.to_domain_event(row))
        return found

    now = session.globals.now or SystemClock()()
    command = EnrolLogKey(ledger_id=folder.ledger_id, public_key="", origin="")
    streams, everybody = Streams(load), stored_streams(folder.journal, StaffAppointed.topic)

    def entitled(staff: str) -> bool:
        try:
            authority(streams, command, Context(actor=staff, now=now, today=day_of(now)))
        except Refused:
            return False
        return True

    if session.globals.acting_as is None or not entitled(session.actor):
        able = [staff for staff in (name.partition("/")[2] for name in everybody) if entitled(staff)]
        raise Refused("upgrade_needs_administrator", staff=session.globals.acting_as, administrators=able)


def _log_key(session: OlderSession) -> str:
    """Public half (base64) of the log's key, made in the vault where there is none yet. The session's own vault is not to be had before
    the log has its tree. Refused `keys_left_out` without the vault."""
    if session.globals.without_names:
        raise Refused("keys_left_out")
    master = load_master_key(session.folder.master_key, passphrase())
    with closing(Vault.open(session.folder.vault, master, secrets.token_bytes)) as vault:
        return base64_text(make_log_key(vault).public_key)


def _begin_signing(session: OlderSession, log_key: str) -> tuple[NewKey, str | None]:
    """The log's key and the first signing keys, in one transaction that is signed with the acting administrator's own; in a rehearsal
    everybody's practice key. With the passphrase, where one was made up here."""
    folder, made_up = session.folder, False
    if not folder.rehearsal:
        session.words, made_up = new_passphrase(session.actor)
    with session.keys.making(session.actor, session.words) as key:
        keys = {session.actor: key.public_key}
        if folder.rehearsal:
            keys |= {staff: base64_text(session.keys.practice_key(staff).public_key) for staff in _appointed(session)}
        named = origin(folder.ledger_id, rehearsal=folder.rehearsal)
        session.execute_many(
            [
                EnrolLogKey(ledger_id=folder.ledger_id, public_key=log_key, origin=named),
                BeginSigning(ledger_id=folder.ledger_id, keys=keys),
            ]
        )
    return key, session.words if made_up else None


def _appointed(session: Session) -> list[str]:
    """Everybody who holds a role today, in the order of their first appointment."""
    rows = session.ledger.journal.select_rows()
    names = dict.fromkeys(row.originator_id.partition("/")[2] for row in rows if row.topic == StaffAppointed.topic)
    streams = session.ledger.streams()
    streams.fetch(f"{Staff.prefix}/{name}" for name in names)
    return [name for name in names if any(a.holds(session.today) for a in streams.read(Staff, name).appointments)]

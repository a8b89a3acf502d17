"""`attest`: an administrator answers for what no program can know of a ledger: a clock that ran ahead, records that are lost."""

from __future__ import annotations

from datetime import datetime

import click

from mingzhang.domain.attesting import AttestClock, AttestLoss
from mingzhang.domain.refusal import Refused

from ..i18n import _
from ..keeping.shorter import forget, loss
from ..options import Globals, Noun, example, reason_option
from ..output import Answer, instant_text, show
from ..session import Session, discard_projections


@click.group(cls=Noun, help=_("What an administrator answers for about the ledger itself: a wrong clock, lost records."))
@example("mingzhang --as administrator attest clock --reason 主板电池没电，电脑时间跳到了明年")
def attest() -> None:
    pass


@attest.command("clock", help=_("The last record was made by a clock that ran ahead: go on recording before that moment has come."))
@reason_option(required=True)
@example("mingzhang --as administrator attest clock --reason 主板电池没电，电脑时间跳到了明年")
@click.pass_obj
def clock(globals: Globals, reason: str) -> int:
    with Session(globals) as session:
        until = session.ledger.journal.head().recorded_at
        now = session.clock()
        if until is None or datetime.fromisoformat(until) <= now:
            raise Refused("clock_not_behind", until=until)
        session.execute(AttestClock(ledger_id=session.folder.ledger_id, until=until, reason=session.seal_text(reason)))
        document = {"attested": "clock", "until": until, "clock_at": now.isoformat(), "size": session.ledger.journal.head().size}
        said = _("Until {until} has come, records bear that instant, and this computer's own beside it.").format(until=instant_text(until))
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@attest.command("loss", help=_("The log is shorter than it was: go on from the older copy, and say so in it."))
@reason_option(required=True)
@example("mingzhang --as administrator attest loss --reason 硬盘损坏，最后一天的记录无法找回")
@click.pass_obj
def lost(globals: Globals, reason: str) -> int:
    with Session(globals, also_shorter=True) as session:
        journal = session.ledger.journal
        found = loss(session.folder, journal)
        if found is None:
            raise Refused("nothing_lost", size=journal.head().size)
        ledger_id, sealed = session.folder.ledger_id, session.seal_text(reason)
        session.execute(AttestLoss(ledger_id=ledger_id, held=found.held, answered=found.answered, by=found.by, reason=sealed))
        discard_projections(session.folder)
        moved = forget(session.folder, journal)
        document = {
            "attested": "loss", "held": found.held, "answered": found.answered, "by": found.by, "checkpoints_aside": moved,
            "size": journal.head().size,
        }  # fmt: skip
        said = _("Of {answered} events {held} are left. The ledger goes on from there, and says so for good.").format(
            answered=found.answered, held=found.held
        )
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)

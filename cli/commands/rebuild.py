"""`rebuild`: everything derived is dropped and worked out again; the events stay as they are."""

from __future__ import annotations

import click

from ..i18n import _, ngettext
from ..options import Globals, Verb, example
from ..output import Answer, show
from ..progress import counted
from ..session import Session


@click.command(cls=Verb, help=_("Drop everything derived and work it out again from the events."))
@click.option(
    "--accounts", is_flag=True, help=_("Also let everybody be found by their accounts again: after keys of an older backup were put back.")
)
@example("mingzhang rebuild", "mingzhang rebuild --accounts")
@click.pass_obj
def rebuild(globals: Globals, accounts: bool) -> int:
    from ..bank.doubtful import let_accounts_be_found

    with Session(globals) as session:
        if accounts:
            session.vault.need_key()
        with counted(globals, _("Rebuilding")) as progress:
            size = session.engine.rebuild(progress)
        document: dict[str, object] = {"rebuilt": True, "size": size}
        said = [ngettext("Rebuilt from {count} event.", "Rebuilt from {count} events.", size).format(count=size)]
        if accounts:
            document["accounts"] = found = let_accounts_be_found(session)
            told = ngettext("{count} account can be found.", "{count} accounts can be found.", found)
            said.append(told.format(count=found))
        return show(globals, Answer.saying(document, *said), rehearsal=session.rehearsal)

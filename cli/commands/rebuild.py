"""`rebuild`: everything derived is dropped and worked out again; the events stay as they are."""

from __future__ import annotations

import click

from ..i18n import _, ngettext
from ..options import Globals, Verb, example
from ..output import Answer, show
from ..progress import counted
from ..session import Session


@click.command(cls=Verb, help=_("Drop everything derived and work it out again from the events."))
@example("mingzhang rebuild")
@click.pass_obj
def rebuild(globals: Globals) -> int:
    with Session(globals) as session, counted(globals, _("Rebuilding")) as progress:
        size = session.engine.rebuild(progress)
        said = ngettext("Rebuilt from {count} event.", "Rebuilt from {count} events.", size).format(count=size)
        return show(globals, Answer.saying({"rebuilt": True, "size": size}, said), rehearsal=session.rehearsal)

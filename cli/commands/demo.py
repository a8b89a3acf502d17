"""`demo`: the main job on bundled input, told step by step, in a folder of its own that stays for trying more."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import count
from pathlib import Path

import click

from mingzhang.domain.refusal import Refused

from ..i18n import _
from ..options import Globals, Verb, example
from ..output import Answer, Text, show


@click.command(cls=Verb, help=_("A whole year on bundled input: surveys, awards, payments, and what an auditor asks."))
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False), required=False)
@example("mingzhang demo", "mingzhang --lang en demo tryout")
@click.pass_obj
def demo(globals: Globals, folder: Path | None) -> int:
    from ..demo.stage import Stage
    from ..demo.story import live_through

    folder = folder or _unused(Path("mingzhang-demo"))
    if folder.exists() and any(folder.iterdir()):
        raise Refused("folder_not_empty", ledger=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    ledger = folder / "ledger"
    stage = Stage(replace(globals, quiet=globals.quiet or globals.json), folder, ledger)
    figures = live_through(stage)
    payment = figures["payment"]
    sentences = (
        _("Done: {steps} commands in {seconds:.0f} seconds, {size} events.").format(
            steps=stage.played, seconds=time.perf_counter() - started, size=figures["size"]
        ),
        _("The ledger is in {ledger}; bank files and the copies of refused rows are beside it, in {folder}.").format(
            ledger=ledger, folder=folder
        ),
        _("Try next:"),
        f"  mingzhang --ledger {ledger} roster --on 2020-06-30 --unit 师范系",
        f"  mingzhang --ledger {ledger} trace {payment}",
        f"  mingzhang --ledger {ledger} student show {payment.split('/')[2]}",
        f"  mingzhang --ledger {ledger} diff --from 2020-03-31 --to 2020-10-31",
    )
    document = {"ledger": str(ledger), "folder": str(folder), **figures}
    if not globals.json:
        click.echo("")
    return show(globals, Answer(document, (Text(sentences),)), rehearsal=True)


def _unused(wanted: Path) -> Path:
    """The folder itself, or with the next free number behind it: an earlier demonstration is left alone."""
    tries = (wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}") for number in count(1))
    return next(folder for folder in tries if not folder.exists() or not any(folder.iterdir()))

"""`demo`: a plan's whole year on bundled input, told step by step, in a folder of its own that stays for trying more."""

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

FIRST = "fuxin-2020"


@click.command(cls=Verb, help=_("A plan's whole year on bundled, invented input, told step by step, with command lines to try next."))
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option("--plan", metavar="CODE", default=FIRST, show_default=True, help=_("Which plan's year; `mingzhang plan list` names all."))
@example("mingzhang demo", "mingzhang demo --plan sunan-2022", "mingzhang --lang en demo tryout --plan liaoning-pairing")
@click.pass_obj
def demo(globals: Globals, folder: Path | None, plan: str) -> int:
    from ..demo.stage import Stage, typed
    from ..demo.stories import STORIES

    if plan not in STORIES:
        raise Refused("demo_unknown", plan=plan, codes=", ".join(STORIES))
    folder = folder or _unused(Path("mingzhang-demo"))
    if folder.exists() and any(folder.iterdir()):
        raise Refused("folder_not_empty", folder=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    ledger = folder / "ledger"
    stage = Stage(replace(globals, quiet=globals.quiet or globals.json), folder, ledger)
    ending = STORIES[plan](stage)
    verified = stage.verify()
    try_next = [typed("--ledger", str(ledger), *words) for words in ending.next]
    size = stage.size()
    sentences = (
        *ending.sentences,
        _("Verified: {size} events, {signed} transactions signed by {signers} people.").format(
            size=verified["size"], signed=verified["signatures"]["verified"], signers=verified["signatures"]["signers"]
        ),
        _("Done: {steps} commands in {seconds:.0f} seconds, {size} events.").format(
            steps=stage.played, seconds=time.perf_counter() - started, size=size
        ),
        _("The ledger is in {ledger}; bank files and the copies of refused rows are beside it, in {folder}.").format(
            ledger=ledger, folder=folder
        ),
        _("What came in by workbook lies in {data}; `plan show {plan}` shows the plan.").format(data=ending.data, plan=plan),
        _("Try next:"),
    )
    where = {"ledger": str(ledger), "folder": str(folder), "data": str(ending.data)}
    document = {"plan": plan, **where, "size": size, "try_next": try_next, "verified": verified, **ending.figures}
    if not globals.json:
        click.echo("")
    code = show(globals, Answer(document, (Text(sentences),)), rehearsal=True)
    for line in () if globals.json else try_next:
        click.echo(f"  {line}")  # never broken into two lines: it is there to be copied
    return code


def _unused(wanted: Path) -> Path:
    """The folder itself, or with the next free number behind it: an earlier demonstration is left alone."""
    tries = (wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}") for number in count(1))
    return next(folder for folder in tries if not folder.exists() or not any(folder.iterdir()))

"""`award`: a reviewed application is approved, refused, or later revoked, by somebody who had no hand in it before."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mingzhang.domain.aid.application import existing_application
from mingzhang.domain.aid.commands import ApproveAward, RefuseAward, RevokeAward

from ..cases.chosen import file_option, references_in, select, selection_options
from ..cases.outcome import decide_cases
from ..i18n import _
from ..options import YUAN, Globals, Noun, example, on_option, reason_option
from ..output import show
from ..session import Session
from .application import case_of, open_cases


@click.group(cls=Noun, help=_("Awards: approve, refuse, revoke."))
@example("mingzhang --as approver award approve --scheme grant --period 2020-spring")
def award() -> None:
    pass


@award.command("approve", help=_("Approve reviewed applications; the plan gives tier and amount, or --amount where it leaves it open."))
@click.argument("applications", metavar="[APPLICATION]…", nargs=-1)
@selection_options
@click.option("--amount", type=YUAN, metavar="YUAN", help=_("The amount that was decided, only where the plan leaves it open."))
@on_option
@example(
    "mingzhang --as approver award approve --scheme grant --period 2020-spring",
    "mingzhang --as approver award approve fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring",
)
@click.pass_obj
def approve(
    globals: Globals,
    applications: tuple[str, ...],
    file: Path | None,
    unit: str | None,
    period: str | None,
    scheme: str | None,
    amount: int | None,
    on: date | None,
) -> int:
    with Session(globals) as session:
        chosen = select(session, applications, file, scheme, period, unit, on=on)
        references = list(chosen.named) or open_cases(session, chosen)
        commands = [ApproveAward(on=on, application=reference, amount_fen=amount) for reference in references]
        outcome = decide_cases(session, commands, case_of, single=chosen.single)
        said = _("Awards approved: {done}.").format(done=outcome.done)
        return show(globals, outcome.answer(said), rehearsal=session.rehearsal)


@award.command("refuse", help=_("Refuse an award, with the reason, which is sealed under the student's key."))
@click.argument("applications", metavar="APPLICATION…", nargs=-1)
@file_option
@reason_option(required=True)
@on_option
@example("mingzhang --as approver award refuse fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring --reason 不符合认定条件")
@click.pass_obj
def refuse(globals: Globals, applications: tuple[str, ...], file: Path | None, reason: str, on: date | None) -> int:
    return _against(globals, RefuseAward, applications, file, reason, on, _("Awards refused: {done}."))


@award.command("revoke", help=_("Revoke an award: nothing more is paid from it. The reason is sealed under the student's key."))
@click.argument("applications", metavar="APPLICATION…", nargs=-1)
@file_option
@reason_option(required=True)
@on_option
@example("mingzhang --as approver award revoke fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring --reason 已退学")
@click.pass_obj
def revoke(globals: Globals, applications: tuple[str, ...], file: Path | None, reason: str, on: date | None) -> int:
    return _against(globals, RevokeAward, applications, file, reason, on, _("Awards revoked: {done}."))


def _against(
    globals: Globals,
    kind: type[RefuseAward] | type[RevokeAward],
    applications: tuple[str, ...],
    file: Path | None,
    reason: str,
    on: date | None,
    message: str,
) -> int:
    named = list(dict.fromkeys([*applications, *(references_in(file) if file else ())]))
    if not named:
        raise click.UsageError(_("Name the applications: nobody is rejected or sent back by the list."))
    if not reason.strip():
        raise click.UsageError(_("Say why with --reason."))
    with Session(globals) as session:
        cases = [existing_application(session.streams, reference) for reference in named]
        boxes = session.vault.seal_many([(case.student, {"reason": reason}) for case in cases])
        commands = [kind(on=on, application=case.stream, reason=box) for case, box in zip(cases, boxes, strict=True)]
        outcome = decide_cases(session, commands, case_of, single=file is None and len(named) == 1)
        return show(globals, outcome.answer(message.format(done=outcome.done)), rehearsal=session.rehearsal)

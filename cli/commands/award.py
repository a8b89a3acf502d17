"""`award`: an application is approved or refused, an award suspended, resumed or revoked, by somebody who had no hand in it before."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import click

from mingzhang.domain.aid.application import existing_application
from mingzhang.domain.aid.awarding import ApproveAward, RefuseAward, ResumeAward, RevokeAward, SuspendAward
from mingzhang.domain.aid.reassessing import ReassessAward

from ..cases.chosen import file_option, references_in, select, selection_options
from ..cases.judged import judged, of_tier
from ..cases.open_cases import case_of, open_cases
from ..cases.outcome import decide_cases
from ..i18n import _
from ..options import YUAN, Globals, Noun, example, on_option, reason_option
from ..output import show
from ..refusals import explain
from ..session import Session


@click.group(cls=Noun, help=_("Awards: approve, refuse, reassess, suspend, resume, revoke."))
@example("mingzhang --as approver award approve --scheme grant --period 2020-spring")
def award() -> None:
    pass


@award.command("approve", help=_("Approve reviewed applications; the plan gives tier and amount, or --amount where it leaves it open."))
@click.argument("applications", metavar="[APPLICATION]…", nargs=-1)
@selection_options
@click.option("--amount", type=YUAN, metavar="YUAN", help=_("The amount that was decided, only where the plan leaves it open."))
@click.option(
    "--tier",
    metavar="TIER",
    help=_("Only the cases of this tier of the plan (its code or its name), so that each tier has its own --amount."),
)
@on_option
@example(
    "mingzhang --as approver award approve --scheme grant --period 2020-spring",
    "mingzhang --as approver award approve --scheme aid --period 2018-autumn --tier 一档 --amount 1500",
    "mingzhang --as approver award approve fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring",
)
@click.pass_obj
def approve(
    globals: Globals, /, applications: tuple[str, ...], amount: int | None, tier: str | None, on: date | None, **selected: Any
) -> int:
    with Session(globals) as session:
        chosen = select(session, applications, **selected, on=on)
        references = list(chosen.named) or open_cases(session, chosen)
        if tier is not None:
            references = of_tier(session, references, tier, chosen.scheme, on)
        commands = [ApproveAward(on=on, application=reference, amount_fen=amount) for reference in references]
        outcome = decide_cases(session, commands, case_of, single=chosen.single)
        said = _("Awards approved: {done}.").format(done=outcome.done)
        return show(globals, outcome.answer(said), rehearsal=session.rehearsal)


@award.command(
    "refuse",
    help=_("Refuse awards, with the reason, which is sealed under the student's key; or all who are not eligible, each with theirs."),
)
@click.argument("applications", metavar="[APPLICATION]…", nargs=-1)
@selection_options
@click.option("--ineligible", is_flag=True, help=_("All open cases that do not meet a condition, each for that reason; needs no --reason."))
@reason_option()
@on_option
@example(
    "mingzhang --as approver award refuse fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring --reason 不符合认定条件",
    "mingzhang --as approver award refuse --ineligible --scheme county-grant --period 2020-2021",
)
@click.pass_obj
def refuse(
    globals: Globals,
    applications: tuple[str, ...],
    file: Path | None,
    unit: str | None,
    period: str | None,
    scheme: str | None,
    ineligible: bool,
    reason: str | None,
    on: date | None,
) -> int:
    if not ineligible:
        return _against(globals, RefuseAward, applications, file, reason, on, _("Awards refused: {done}."))
    if reason:
        raise click.UsageError(_("With --ineligible every case has its own reason; leave out --reason."))
    with Session(globals) as session:
        chosen = select(session, applications, file, scheme, period, unit, on=on)
        found = judged(session, list(chosen.named) or open_cases(session, chosen), on)
        reasons = [{"reason": explain(refusal).message} for _case, refusal in found.ineligible]
        cases = [case for case, _refusal in found.ineligible]
        boxes = session.vault.seal_many([(case.student, said) for case, said in zip(cases, reasons, strict=True)])
        commands = [RefuseAward(on=on, application=case.stream, reason=box) for case, box in zip(cases, boxes, strict=True)]
        outcome = decide_cases(session, commands, case_of, single=False)
        codes = Counter(refusal.code for _case, refusal in found.ineligible)
        said = _("Awards refused: {done}. Eligible and left open: {eligible}; lists still to be compared: {waiting}.").format(
            done=outcome.done, eligible=len(found.eligible), waiting=len(found.waiting)
        )
        more = {"by_code": dict(sorted(codes.items())), "eligible": len(found.eligible), "not_compared": len(found.waiting)}
        return show(globals, outcome.answer(said, **more), rehearsal=session.rehearsal)


@award.command("revoke", help=_("Revoke an award: nothing more is paid from it. The reason is sealed under the student's key."))
@click.argument("applications", metavar="APPLICATION…", nargs=-1)
@file_option
@reason_option(required=True)
@on_option
@example("mingzhang --as approver award revoke fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring --reason 已退学")
@click.pass_obj
def revoke(globals: Globals, applications: tuple[str, ...], file: Path | None, reason: str, on: date | None) -> int:
    return _against(globals, RevokeAward, applications, file, reason, on, _("Awards revoked: {done}."))


@award.command(
    "reassess",
    help=_(
        "Decide anew what awards come to: a tier of the plan, the amount where the plan leaves it open, 0 anywhere, or, with neither, what "
        "the plan gives for the case as it now stands. What was paid stays paid; `difference list` shows what follows."
    ),
)
@click.argument("applications", metavar="APPLICATION…", nargs=-1)
@file_option
@click.option("--tier", metavar="TIER", help=_("The tier that counts now, by its code or its name."))
@click.option("--amount", type=YUAN, metavar="YUAN", help=_("The amount that was decided; 0 lets the award stand at nothing."))
@click.option("--version", metavar="VERSION", help=_("The plan's version to judge by. Default: the one in force that day."))
@reason_option(required=True)
@on_option
@example(
    "mingzhang --as approver award reassess fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring --tier 二档 --reason 家庭收入核实后调整档次",
    "mingzhang --as approver award reassess --file 更正名单.txt --version 2 --reason 细则修订",
)
@click.pass_obj
def reassess(
    globals: Globals,
    applications: tuple[str, ...],
    file: Path | None,
    tier: str | None,
    amount: int | None,
    version: str | None,
    reason: str,
    on: date | None,
) -> int:
    named = _named(applications, file)
    if not reason.strip():
        raise click.UsageError(_("Say why with --reason."))
    with Session(globals) as session:
        cases = [existing_application(session.streams, reference) for reference in named]
        boxes = session.vault.seal_many([(case.student, {"reason": reason}) for case in cases])
        commands = [
            ReassessAward(on=on, application=case.stream, reason=box, tier=tier, amount_fen=amount, version=version)
            for case, box in zip(cases, boxes, strict=True)
        ]
        outcome = decide_cases(session, commands, case_of, single=file is None and len(named) == 1)
        return show(globals, outcome.answer(_("Awards reassessed: {done}.").format(done=outcome.done)), rehearsal=session.rehearsal)


@award.command("suspend", help=_("Suspend an award: nothing is paid from it until it is resumed. The reason is sealed."))
@click.argument("applications", metavar="APPLICATION…", nargs=-1)
@file_option
@reason_option(required=True)
@on_option
@example("mingzhang --as approver award suspend funan-2020.county-grant/s-7KQ2M4PX0A/2020-2021 --reason 群众反映，核实中")
@click.pass_obj
def suspend(globals: Globals, applications: tuple[str, ...], file: Path | None, reason: str, on: date | None) -> int:
    return _against(globals, SuspendAward, applications, file, reason, on, _("Awards suspended: {done}."))


@award.command("resume", help=_("Let suspended awards stand again."))
@click.argument("applications", metavar="APPLICATION…", nargs=-1)
@file_option
@on_option
@example("mingzhang --as approver award resume funan-2020.county-grant/s-7KQ2M4PX0A/2020-2021")
@click.pass_obj
def resume(globals: Globals, applications: tuple[str, ...], file: Path | None, on: date | None) -> int:
    named = _named(applications, file)
    with Session(globals) as session:
        commands = [ResumeAward(on=on, application=reference) for reference in named]
        outcome = decide_cases(session, commands, case_of, single=file is None and len(named) == 1)
        return show(globals, outcome.answer(_("Awards resumed: {done}.").format(done=outcome.done)), rehearsal=session.rehearsal)


def _named(applications: tuple[str, ...], file: Path | None) -> list[str]:
    named = list(dict.fromkeys([*applications, *(references_in(file) if file else ())]))
    if not named:
        raise click.UsageError(_("Name the applications, or give a file of them with --file: this is never done to a whole list."))
    return named


def _against(
    globals: Globals,
    kind: type[RefuseAward] | type[RevokeAward] | type[SuspendAward],
    applications: tuple[str, ...],
    file: Path | None,
    reason: str | None,
    on: date | None,
    message: str,
) -> int:
    named = _named(applications, file)
    if not (reason or "").strip():
        raise click.UsageError(_("Say why with --reason."))
    with Session(globals) as session:
        cases = [existing_application(session.streams, reference) for reference in named]
        boxes = session.vault.seal_many([(case.student, {"reason": str(reason)}) for case in cases])
        commands = [kind(on=on, application=case.stream, reason=box) for case, box in zip(cases, boxes, strict=True)]
        outcome = decide_cases(session, commands, case_of, single=file is None and len(named) == 1)
        return show(globals, outcome.answer(message.format(done=outcome.done)), rehearsal=session.rehearsal)

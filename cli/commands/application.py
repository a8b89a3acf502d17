"""`application`: students apply through their school, and two people whom neither survey nor application was by review it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from mingzhang.domain.aid.application import existing_application
from mingzhang.domain.aid.reviewing import GrantException, PassReview, RejectReview, ReturnApplication
from mingzhang.domain.aid.submitting import SubmitApplication
from mingzhang.domain.command import Command
from mingzhang.domain.survey.round import existing_round

from ..cases.chosen import Selection, as_decided, file_option, select, selection_options
from ..cases.open_cases import case_of, open_cases
from ..cases.outcome import decide_cases
from ..i18n import _
from ..options import Globals, Noun, example, on_option, reason_option
from ..output import show
from ..session import Session
from .application_check import check
from .application_import import import_
from .application_list import list_, show_

# In a run over everybody these mean that the scheme, or the step, is not meant for that student.
NOT_ELIGIBLE = frozenset({"category_not_covered", "level_not_covered", "stage_not_covered", "no_tier_fits", "person_erased"})
NOT_THIS_STEP = frozenset(
    {
        "application_not_open",
        "reviews_complete",
        "step_needs_other_role",
        "step_needs_other_level",
        "notice_missing",
        "comparison_missing",
    }
)
HAS_APPLIED = frozenset({"application_exists"})


@click.group(cls=Noun, help=_("Applications: submit, import, check, review, return, except, list, show."))
@example(
    "mingzhang --as applicant-clerk application submit --scheme grant --period 2020-spring",
    "mingzhang --as applicant-clerk application import 申请花名册-新村镇.xlsx --scheme county-grant --period 2020-2021 --unit 新村镇",
)
def application() -> None:
    pass


@application.command(
    "submit",
    help=_("Apply for the students of a survey round: for those named, or for all whom the scheme covers and who have not applied."),
)
@click.argument("students", metavar="[STUDENT]…", nargs=-1)
@selection_options
@on_option
@example(
    "mingzhang --as applicant-clerk application submit --scheme grant --period 2020-spring",
    "mingzhang --as applicant-clerk application submit --scheme grant --period 2020-spring s-7KQ2M4PX0A",
)
@click.pass_obj
def submit(
    globals: Globals,
    students: tuple[str, ...],
    file: Path | None,
    unit: str | None,
    period: str | None,
    scheme: str | None,
    on: date | None,
) -> int:
    with Session(globals) as session:
        chosen = select(session, students, file, scheme, period, unit, on=on)
        if chosen.scheme is None or chosen.period is None:
            raise click.UsageError(_("Give --scheme and --period."))
        existing_round(session.streams, chosen.period)
        wanted, applied = (list(chosen.named), 0) if chosen.named else _not_applied(session, chosen)
        commands = [SubmitApplication(on=on, scheme=chosen.scheme, student=s, period=chosen.period) for s in wanted]
        outcome = decide_cases(
            session,
            commands,
            _case_submitted,
            single=chosen.single,
            passed_over=frozenset() if chosen.named else NOT_ELIGIBLE | HAS_APPLIED,
        )
        applied += sum(1 for _case, refusal in outcome.left_out if refusal.code in HAS_APPLIED)
        not_eligible = sum(1 for _case, refusal in outcome.left_out if refusal.code in NOT_ELIGIBLE)
        said = _("Applications submitted: {done}. Applied before: {applied}; not covered by the scheme: {not_eligible}.").format(
            done=outcome.done, applied=applied, not_eligible=not_eligible
        )
        answer = outcome.answer(said, not_eligible=not_eligible, already_applied=applied)
        return show(globals, answer, rehearsal=session.rehearsal)


def _not_applied(session: Session, chosen: Selection) -> tuple[list[str], int]:
    """The students of the round who have no application for it yet, and how many have one."""
    from mingzhang.projections.payments import applications
    from mingzhang.projections.register import entries

    with as_decided(session) as view:
        applied = {row.student for row in applications(view, chosen.scheme, chosen.period)}
        surveyed = [row.student for row in entries(view, str(chosen.period), chosen.unit)]
    return [s for s in surveyed if s not in applied], sum(1 for s in surveyed if s in applied)


def _case_submitted(command: Command) -> str:
    if not isinstance(command, SubmitApplication):
        raise TypeError(command.name)
    return f"application/{command.scheme}/{command.student}/{command.period}"


@application.command("review", help=_("Pass the review that is next; or reject, or return for completion, with a reason."))
@click.argument("applications", metavar="[APPLICATION]…", nargs=-1)
@selection_options
@click.option("--reject", is_flag=True, help=_("Reject the named applications; needs --reason."))
@click.option("--return", "give_back", is_flag=True, help=_("Return the named applications to be completed; needs --reason."))
@reason_option()
@on_option
@example(
    "mingzhang --as reviewer application review --scheme grant --period 2020-spring --unit shifan",
    "mingzhang --as reviewer application review fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring --reject --reason 材料不实",
)
@click.pass_obj
def review(
    globals: Globals, /, applications: tuple[str, ...], reject: bool, give_back: bool, reason: str | None, on: date | None, **selected: Any
) -> int:
    if reject and give_back:
        raise click.UsageError(_("Choose one of --reject and --return."))
    with Session(globals) as session:
        chosen = select(session, applications, **selected, on=on)
        if reject or give_back:
            return _against(session, chosen, reason, on, reject=reject)
        references = list(chosen.named) or open_cases(session, chosen)
        outcome = decide_cases(
            session,
            [PassReview(on=on, application=reference) for reference in references],
            case_of,
            single=chosen.single,
            passed_over=frozenset() if chosen.named else NOT_THIS_STEP,
        )
        waiting = len(outcome.left_out)
        said = _("Reviews passed: {done}. Open applications that wait for somebody else's step: {waiting}.").format(
            done=outcome.done, waiting=waiting
        )
        return show(globals, outcome.answer(said, other_step=waiting), rehearsal=session.rehearsal)


@application.command("return", help=_("Return applications to be completed (退回补正), with a reason."))
@click.argument("applications", metavar="[APPLICATION]…", nargs=-1)
@selection_options
@reason_option(required=True)
@on_option
@example("mingzhang --as reviewer application return fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring --reason 缺少低保证复印件")
@click.pass_obj
def return_(globals: Globals, /, applications: tuple[str, ...], reason: str, on: date | None, **selected: Any) -> int:
    with Session(globals) as session:
        chosen = select(session, applications, **selected, on=on)
        return _against(session, chosen, reason, on, reject=False)


def _against(session: Session, chosen: Selection, reason: str | None, on: date | None, *, reject: bool) -> int:
    """Rejects or returns the named cases; the reason is sealed under each student's own key."""
    if not chosen.named:
        raise click.UsageError(_("Name the applications: nobody is rejected or sent back by the list."))
    if not (reason or "").strip():
        raise click.UsageError(_("Say why with --reason."))
    cases = [existing_application(session.streams, reference) for reference in chosen.named]
    boxes = session.vault.seal_many([(case.student, {"reason": str(reason)}) for case in cases])
    kind = RejectReview if reject else ReturnApplication
    commands = [kind(on=on, application=case.stream, reason=box) for case, box in zip(cases, boxes, strict=True)]
    outcome = decide_cases(session, commands, case_of, single=chosen.single)
    message = _("Applications rejected: {done}.") if reject else _("Applications returned to be completed: {done}.")
    return show(session.globals, outcome.answer(message.format(done=outcome.done)), rehearsal=session.rehearsal)


@application.command(
    "except", help=_("Admit cases that the automatic comparison did not find and that qualify all the same (领导小组审核确认).")
)
@click.argument("applications", metavar="APPLICATION…", nargs=-1)
@file_option
@reason_option(required=True)
@on_option
@example("mingzhang --as approver application except funan-2020.yulu/s-7KQ2M4PX0A/2020-2021 --reason 户籍信息未更新，经核实符合条件")
@click.pass_obj
def except_(globals: Globals, applications: tuple[str, ...], file: Path | None, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        chosen = select(session, applications, file, None, None, None, on=on)
        cases = [existing_application(session.streams, reference) for reference in chosen.named]
        boxes = session.vault.seal_many([(case.student, {"reason": reason}) for case in cases])
        commands = [GrantException(on=on, application=case.stream, reason=box) for case, box in zip(cases, boxes, strict=True)]
        outcome = decide_cases(session, commands, case_of, single=chosen.single)
        said = _("Exceptions granted: {done}.").format(done=outcome.done)
        return show(globals, outcome.answer(said), rehearsal=session.rehearsal)


for _verb in (import_, check, list_, show_):
    application.add_command(_verb)

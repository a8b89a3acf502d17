"""`difference`: what a fact that came to be known later makes too much or too little of what was paid, and what is done about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mingzhang.domain.command import Command
from mingzhang.domain.money.asked_back import ClawbackRaised
from mingzhang.domain.money.difference import DifferenceDecided, Remedy
from mingzhang.domain.money.settling import DecideDifference
from mingzhang.domain.refusal import Refused

from ..cases.chosen import references_in
from ..cases.differing import difference_of, difference_parts, differences_at, documents
from ..clock import KnownAt
from ..i18n import _, ngettext
from ..intake.units import UnitNames
from ..options import (
    Globals,
    Noun,
    as_of_options,
    example,
    on_option,
    period_option,
    reason_option,
    scheme_option,
    table_file_options,
    unit_option,
)
from ..output import Answer, Column, Table, Text, instant_text, show, yuan
from ..refusals import explain, explain_code
from ..session import Session
from ..words.differences import remedy_text

if TYPE_CHECKING:
    from mingzhang.projections.differences import Asked


@click.group(cls=Noun, help=_("Differences between what was paid and what is due by what is known now: list, show, decide."))
@example("mingzhang difference list --scheme grant --period 2020-spring")
def difference() -> None:
    pass


@difference.command(
    "list",
    help=_(
        "Who was paid more or less than is due by what is known now, with the facts that say so; a minus sign means too much. Nothing is "
        "changed by it: `difference decide` says what is done."
    ),
)
@scheme_option()
@period_option()
@unit_option()
@click.option("--open", "only_open", is_flag=True, help=_("Only what nobody has decided."))
@as_of_options
@table_file_options
@example(
    "mingzhang difference list --scheme grant --period 2020-spring",
    "mingzhang difference list --open --unit 师范系 --on 2020-05-31 --known-at 2020-06-30",
)
@click.pass_obj
def list_(
    globals: Globals,
    unit: str | None,
    period: str | None,
    scheme: str | None,
    only_open: bool,
    on: date | None,
    known_at: KnownAt | None,
) -> int:
    with Session(globals) as session:
        stored = session.scheme(scheme) if scheme else None
        found = differences_at(session, on, known_at, stored, period, UnitNames(session).wanted(unit))
        if only_open:
            found = [one for one in found if not one.found.decided]
        document = documents(session, found)
        heads = [
            Column(_("Difference"), "difference"),
            Column(_("Name"), "name"),
            Column(_("Unit"), "unit"),
            Column(_("Paid, yuan"), "paid_fen"),
            Column(_("Asked back, yuan"), "asked_back_fen"),
            Column(_("Due, yuan"), "due_fen"),
            Column(_("Difference, yuan"), "difference_fen"),
            Column(_("Why"), "why"),
            Column(_("Decided"), "decided"),
        ]
        rows = [{**one, "why": _why(one), "decided": remedy_text(_text(one["remedy"]))} for one in document]
        back = -sum(one.found.difference_fen for one in found if one.found.difference_fen < 0 and not one.found.decided)
        after = sum(one.found.difference_fen for one in found if one.found.difference_fen > 0 and not one.found.decided)
        foot = _("Not decided: {back} yuan too much, {after} yuan too little.").format(back=yuan(back), after=yuan(after))
        return show(globals, Answer(document, (Table(heads, rows, foot=foot),)), rehearsal=session.rehearsal)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _why(document: dict[str, object]) -> str:
    reasons = document["reasons"]
    return "；".join(str(reason["message"]) for reason in reasons) if isinstance(reasons, list) else ""


@difference.command("show", help=_("One difference: what was paid, what is due, and the facts that say so, with both their dates."))
@click.argument("reference", metavar="DIFFERENCE")
@as_of_options
@table_file_options
@example("mingzhang difference show fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring")
@click.pass_obj
def show_(globals: Globals, reference: str, on: date | None, known_at: KnownAt | None) -> int:
    with Session(globals) as session:
        asked = difference_of(session, reference, on, known_at)
        if asked is None:
            raise Refused("no_difference", difference=reference)
        document = documents(session, [asked])[0]
        found = asked.found
        said = [
            _("{difference}: paid {paid} yuan, of that asked back {asked} yuan; due {due} yuan. Difference: {fen} yuan.").format(
                difference=document["difference"],
                paid=yuan(found.paid_fen),
                asked=yuan(found.asked_back_fen),
                due=yuan(found.due_fen),
                fen=yuan(found.difference_fen),
            )
        ]
        if found.decided:
            said.append(_("Decided: {remedy} ({says}).").format(remedy=remedy_text(found.remedy), says=found.decided))
        if found.obstacle is not None:
            said.append(_("It could not be paid today: {why}").format(why=explain_code(found.obstacle.code).message))
        heads = [
            Column(_("Why"), "message"),
            Column(_("Fact"), "event"),
            Column(_("From"), "effective_on"),
            Column(_("Recorded"), "recorded"),
        ]
        reasons = document["reasons"] if isinstance(document["reasons"], list) else []
        rows = [{**reason, "recorded": instant_text(reason["recorded_at"])} for reason in reasons]
        return show(globals, Answer(document, (Text(tuple(said)), Table(heads, rows))), rehearsal=session.rehearsal)


@difference.command(
    "decide",
    help=_(
        "Decide differences, with the reason, which is sealed: ask back what was too much, free what was too little to be paid after (with "
        "`payment prepare --top-ups`), or let it stand."
    ),
)
@click.argument("references", metavar="[DIFFERENCE]…", nargs=-1)
@click.option("--all", "everything", is_flag=True, help=_("All that are open and that the remedy fits, of --scheme, --period and --unit."))
@click.option("--file", type=click.Path(path_type=Path), metavar="FILE", help=_("A text file with one reference in each line."))
@scheme_option()
@period_option()
@unit_option()
@click.option("--claw-back", "remedy", flag_value="claw-back", help=_("Ask back what was too much."))
@click.option("--top-up", "remedy", flag_value="top-up", help=_("Pay after what was too little."))
@click.option("--let-stand", "remedy", flag_value="let-stand", help=_("Leave it as it was paid."))
@reason_option(required=True)
@on_option
@example(
    "mingzhang --as approver difference decide fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring --claw-back --reason 发放前已退学",
    "mingzhang --as approver difference decide --all --scheme grant --period 2020-spring --top-up --reason 标准调整补发",
)
@click.pass_obj
def decide(
    globals: Globals,
    references: tuple[str, ...],
    everything: bool,
    file: Path | None,
    unit: str | None,
    period: str | None,
    scheme: str | None,
    remedy: Remedy | None,
    reason: str,
    on: date | None,
) -> int:
    if remedy is None:
        raise click.UsageError(_("Say what is to be done: --claw-back, --top-up or --let-stand."))
    if not reason.strip():
        raise click.UsageError(_("Say why with --reason."))
    named = list(dict.fromkeys([*references, *(references_in(file) if file else ())]))
    if everything == bool(named):
        raise click.UsageError(_("Name the differences, or take all with --all."))
    with Session(globals) as session:
        stored = session.scheme(scheme) if scheme else None
        found = differences_at(session, on, None, stored, period, UnitNames(session).wanted(unit))
        if everything:
            chosen = [one for one in found if not one.found.decided and _fits(remedy, one.found.difference_fen)]
        else:
            chosen = [_one(found, reference) for reference in named]
        boxes = session.vault.seal_many([(one.found.student, {"reason": reason}) for one in chosen])
        commands: list[Command] = [
            DecideDifference(
                on=on,
                scheme=one.found.scheme,
                student=one.found.student,
                period=one.found.period,
                remedy=remedy,
                difference_fen=one.found.difference_fen,
                reasons=one.found.reasons,
                ended=one.ended,
                reason=box,
            )
            for one, box in zip(chosen, boxes, strict=True)
        ]
        return _decided(session, chosen, commands, single=len(named) == 1 and file is None)


def _fits(remedy: Remedy, difference_fen: int) -> bool:
    return remedy == "let-stand" or (difference_fen < 0) == (remedy == "claw-back")


def _one(found: Sequence[Asked], reference: str) -> Asked:
    scheme, student, period = difference_parts(reference)
    for one in found:
        if (one.found.scheme, one.found.student, one.found.period) == (scheme, student, period):
            return one
    raise Refused("no_difference", difference=reference)


def _decided(session: Session, chosen: Sequence[Asked], commands: Sequence[Command], *, single: bool) -> int:
    if single:
        recorded = session.execute(commands[0]).recorded
        refused = []
    else:
        execution = session.execute_many(commands, collect=True)
        recorded = execution.recorded
        place = {id(command): one.found for command, one in zip(commands, chosen, strict=True)}
        refused = [
            {
                "difference": f"{place[id(one.command)].scheme}/{place[id(one.command)].student}/{place[id(one.command)].period}",
                "code": one.refusal.code,
                "message": explain(one.refusal).message,
            }
            for one in execution.refused
        ]
    done = len({one.originator_id for one in recorded if one.originator_id.startswith("difference/")})
    asked = sum(one.fact.amount_fen for one in recorded if isinstance(one.fact, ClawbackRaised))
    freed = [one.fact.top_up for one in recorded if isinstance(one.fact, DifferenceDecided) and one.fact.top_up is not None]
    said = [ngettext("{count} difference decided.", "{count} differences decided.", done).format(count=done)]
    if asked:
        sentence = _("{amount} yuan are asked back; record what comes in with `mingzhang payment clawback-received`.")
        said.append(sentence.format(amount=yuan(asked)))
    if freed:
        said.append(_("Next: `mingzhang payment prepare --top-ups` prepares what is to be paid after."))
    parts: list[Table | Text] = [Text(tuple(said))]
    if refused:
        columns = [Column(_("Difference"), "difference"), Column(_("Why not"), "message")]
        parts.append(Table(columns, refused, caption=_("{count} refused:").format(count=len(refused))))
    document = {"done": done, "asked_back_fen": asked, "top_ups": freed, "refused": refused}
    return show(session.globals, Answer(document, tuple(parts), 3 if refused else 0), rehearsal=session.rehearsal)

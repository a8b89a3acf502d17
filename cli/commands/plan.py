"""`plan`: the plans that come along, their contradictions, and their adoption with the whole text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mingzhang.domain.plan.adoption import AdoptedPlan, AdoptPlan, AmendPlan, RepealPlan
from mingzhang.domain.plan.bundled import bundled_codes, bundled_text
from mingzhang.domain.plan.check import Contradiction, check_plan
from mingzhang.domain.plan.vocabulary import Plan, line_of, read_plan

from ..cases.chosen import as_decided
from ..cases.plans import plan_of, plan_text
from ..cases.touched import touched, touched_table
from ..i18n import _
from ..options import Globals, Noun, dry_run_option, example, on_option, reason_option, table_file_options
from ..output import Answer, Column, Table, Text, show
from ..refusals import explain_code
from ..session import Session
from .plan_date import date_
from .plan_replay import replay
from .plan_show import show_


@click.group(cls=Noun, help=_("Plans: list, show, check, adopt, amend, replay."))
@example("mingzhang plan list")
def plan() -> None:
    pass


plan.add_command(date_)
plan.add_command(replay)
plan.add_command(show_)


@plan.command("list", help=_("The plans that come with mingzhang, and those this ledger has adopted."))
@table_file_options
@example("mingzhang plan list")
@click.pass_obj
def list_(globals: Globals) -> int:
    if not (Path(globals.ledger) / "ledger.json").is_file():
        return show(globals, _listed({}))
    with Session(globals) as session:
        adopted = {found.code: found for found in session.adopted_plans()}
        return show(globals, _listed(adopted), rehearsal=session.rehearsal)


def _listed(adopted: dict[str, Plan]) -> Answer:
    rows = []
    for code in sorted({*bundled_codes(), *adopted}):
        found = adopted.get(code) or read_plan(bundled_text(code))
        rows.append({"plan": code, "title": found.title, "version": found.version, "adopted": code in adopted})
    heads = [Column(_("Plan"), "plan"), Column(_("Title"), "title"), Column(_("Version"), "version"), Column(_("Adopted"), "adopted")]
    return Answer(rows, (Table(heads, rows),))


@plan.command("check", help=_("Contradictions of a plan's own dates and amounts."))
@click.argument("code_or_file", metavar="CODE|FILE")
@table_file_options
@example("mingzhang plan check fuxin-2020", "mingzhang plan check our-plan.toml")
@click.pass_obj
def check(globals: Globals, code_or_file: str) -> int:
    text = plan_text(code_or_file)
    found = plan_of(text)
    rows = [
        {"code": one.code, "place": one.place, "line": line_of(text, one.path), "message": _message(text, one)} for one in check_plan(found)
    ]
    heads = [Column(_("Place"), "place"), Column(_("Contradiction"), "message")]
    parts: tuple[Table | Text, ...]
    parts = (Table(heads, rows),) if rows else (Text((_("{plan}: no contradiction found.").format(plan=found.code),)),)
    return show(globals, Answer({"plan": found.code, "version": found.version, "contradictions": rows}, parts))


def _message(text: str, found: Contradiction) -> str:
    return explain_code(found.code, {"place": found.place, "line": line_of(text, found.path), **found.context}).message


@plan.command("adopt", help=_("Adopt a plan: its whole text is recorded and its units registered."))
@click.argument("code_or_file", metavar="CODE|FILE")
@on_option
@example("mingzhang --as administrator plan adopt fuxin-2020")
@click.pass_obj
def adopt(globals: Globals, code_or_file: str, on: date | None) -> int:
    text = plan_text(code_or_file)
    found = plan_of(text)
    with Session(globals) as session:
        session.execute(AdoptPlan(on=on, text=text))
        said = [
            _("{plan} {version} is adopted from {day} on.").format(
                plan=found.code, version=found.version, day=on or found.effective_from
            )
        ]
        said += [_("It contradicts itself: {message}").format(message=_message(text, one)) for one in check_plan(found)]
        document = {"plan": found.code, "version": found.version, "effective_from": (on or found.effective_from).isoformat()}
        return show(globals, Answer.saying(document, *said), rehearsal=session.rehearsal)


@plan.command("amend", help=_("Put a new version beside the old ones; what was decided before stays decided."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@reason_option(required=True)
@on_option
@dry_run_option
@example(
    "mingzhang --as administrator plan amend fuxin-2020-2.toml --reason 上级调整标准 --dry-run",
    "mingzhang --as administrator plan amend fuxin-2020-2.toml --reason 上级调整标准",
)
@click.pass_obj
def amend(globals: Globals, file: Path, reason: str, on: date | None, dry_run: bool) -> int:
    text = plan_text(str(file))
    found = plan_of(text)
    since = on or found.effective_from
    with Session(globals) as session:
        before = session.streams.read(AdoptedPlan, found.code)
        command = AmendPlan(on=on, text=text, reason=session.seal_text(reason))
        if dry_run:
            session.ledger.foresee(command, actor=session.actor)
            said = _("{plan}: version {version} would decide from {day} on; nothing was recorded.").format(
                plan=found.code, version=found.version, day=since
            )
        else:
            session.execute(command)
            said = _("{plan}: version {version} decides from {day} on; {count} earlier versions stay on record.").format(
                plan=found.code, version=found.version, day=since, count=len(before.versions)
            )
        with as_decided(session) as view:
            awards = touched(session.streams, view, found, since, [version.plan.version for version in before.versions])
        parts: list[Table | Text] = [Text((said,))]
        if awards:
            parts.append(touched_table(session, awards))
        document = {"plan": found.code, "version": found.version, "dry_run": dry_run, "touched": [one.document() for one in awards]}
        return show(globals, Answer(document, tuple(parts)), rehearsal=session.rehearsal)


@plan.command("repeal", help=_("Repeal a plan: from that day on nothing is decided under it; what was decided is still paid and traced."))
@click.argument("code", metavar="CODE")
@reason_option(required=True)
@on_option
@example("mingzhang --as administrator plan repeal fuxin-2020 --on 2021-01-01 --reason 新细则施行")
@click.pass_obj
def repeal(globals: Globals, code: str, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        session.execute(RepealPlan(on=on, plan=code, reason=session.seal_text(reason)))
        day = (on or session.today).isoformat()
        said = _("{plan}: from {day} on nothing is decided under it.").format(plan=code, day=day)
        return show(globals, Answer.saying({"plan": code, "repealed_on": day}, said), rehearsal=session.rehearsal)



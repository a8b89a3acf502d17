"""`plan`: the plans that come along, their contradictions, and their adoption with the whole text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mingzhang.domain.plan.adoption import AdoptedPlan, AdoptPlan, AmendPlan
from mingzhang.domain.plan.bundled import bundled_codes, bundled_text
from mingzhang.domain.plan.check import check_plan
from mingzhang.domain.plan.vocabulary import Plan, read_plan
from mingzhang.domain.refusal import Refused

from ..i18n import _
from ..options import Globals, Noun, example, on_option, reason_option
from ..output import Answer, Column, Table, Text, show
from ..refusals import explain_code
from ..session import Session


@click.group(cls=Noun, help=_("Plans: list, show, check, adopt, amend."))
@example("mingzhang plan list")
def plan() -> None:
    pass


def plan_text(written: str) -> str:
    """A plan's text by the code of a bundled one or by the path of a file."""
    path = Path(written)
    if written.endswith(".toml") or path.is_file():
        if not path.is_file():
            raise Refused("file_missing", file=written)
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise Refused("plan_malformed", place=written, reason="UTF-8") from None
    return bundled_text(written)


@plan.command("list", help=_("The plans that come with mingzhang, and those this ledger has adopted."))
@example("mingzhang plan list")
@click.pass_obj
def list_(globals: Globals) -> int:
    adopted: dict[str, Plan] = {}
    rehearsal = False
    if (Path(globals.ledger) / "ledger.json").is_file():
        with Session(globals) as session:
            adopted = {found.code: found for found in session.adopted_plans()}
            rehearsal = session.rehearsal
    rows = []
    for code in sorted({*bundled_codes(), *adopted}):
        found = adopted.get(code) or read_plan(bundled_text(code))
        rows.append({"plan": code, "title": found.title, "version": found.version, "adopted": code in adopted})
    heads = [Column(_("Plan"), "plan"), Column(_("Title"), "title"), Column(_("Version"), "version"), Column(_("Adopted"), "adopted")]
    return show(globals, Answer(rows, (Table(heads, rows),)), rehearsal=rehearsal)


@plan.command("show", help=_("Schemes, amounts, steps and duties of a plan."))
@click.argument("code_or_file", metavar="CODE|FILE")
@example("mingzhang plan show fuxin-2020")
@click.pass_obj
def show_(globals: Globals, code_or_file: str) -> int:
    found = read_plan(plan_text(code_or_file))
    rows: list[dict[str, object]] = []
    for scheme in found.schemes:
        clause = found.clauses[scheme.clause]
        for tier in scheme.tiers:
            covers = _("every other") if tier.categories is None else "、".join(tier.categories)
            said = found.clauses.get(tier.clause, clause)
            rows.append({"scheme": scheme.name, "tier": tier.name, "covers": covers, "year_fen": tier.fen_per_year, "clause": said})
        if not scheme.tiers:
            covers = "、".join(scheme.conditions.categories)
            rows.append({"scheme": scheme.name, "tier": "", "covers": covers, "year_fen": None, "clause": clause})
    heads = [
        Column(_("Scheme"), "scheme"),
        Column(_("Tier"), "tier"),
        Column(_("Covers"), "covers"),
        Column(_("Yuan a year"), "year_fen"),
        Column(_("Clause"), "clause"),
    ]
    duties = [
        {"duty": duty.name, "due": _when(duty), "owner": duty.owner, "recipient": duty.recipient or ""} for duty in found.duties
    ]
    duty_heads = [Column(_("Duty"), "duty"), Column(_("Due"), "due"), Column(_("Owner"), "owner"), Column(_("To"), "recipient")]
    title = f"{found.code}  {found.title}  {found.version}"
    parts = (Table(heads, rows, caption=title), Table(duty_heads, duties))
    return show(globals, Answer(found.model_dump(mode="json"), parts))


def _when(duty: object) -> str:
    due, between, cadence = getattr(duty, "due", None), getattr(duty, "between", None), getattr(duty, "cadence", None)
    if due == "external":
        return _("set by a higher office")
    if due is not None:
        return f"{due.month:02d}-{due.day:02d}"
    if between is not None:
        return f"{between[0].month:02d}-{between[0].day:02d} … {between[1].month:02d}-{between[1].day:02d}"
    return str(cadence or "")


@plan.command("check", help=_("Contradictions of a plan's own dates and amounts."))
@click.argument("code_or_file", metavar="CODE|FILE")
@example("mingzhang plan check fuxin-2020", "mingzhang plan check our-plan.toml")
@click.pass_obj
def check(globals: Globals, code_or_file: str) -> int:
    found = read_plan(plan_text(code_or_file))
    rows = []
    for contradiction in check_plan(found):
        said = explain_code(contradiction.code, {"place": contradiction.place, **contradiction.context})
        rows.append({"code": contradiction.code, "place": contradiction.place, "message": said.message})
    heads = [Column(_("Place"), "place"), Column(_("Contradiction"), "message")]
    parts: tuple[Table | Text, ...]
    parts = (Table(heads, rows),) if rows else (Text((_("{plan}: no contradiction found.").format(plan=found.code),)),)
    return show(globals, Answer({"plan": found.code, "version": found.version, "contradictions": rows}, parts))


@plan.command("adopt", help=_("Adopt a plan: its whole text is recorded and its units registered."))
@click.argument("code_or_file", metavar="CODE|FILE")
@on_option
@example("mingzhang --as administrator plan adopt fuxin-2020")
@click.pass_obj
def adopt(globals: Globals, code_or_file: str, on: date | None) -> int:
    text = plan_text(code_or_file)
    found = read_plan(text)
    with Session(globals) as session:
        session.execute(AdoptPlan(on=on, text=text))
        said = [
            _("{plan} {version} is adopted from {day} on.").format(
                plan=found.code, version=found.version, day=on or found.effective_from
            )
        ]
        said += [
            _("It contradicts itself: {message}").format(message=explain_code(one.code, {"place": one.place, **one.context}).message)
            for one in check_plan(found)
        ]
        document = {"plan": found.code, "version": found.version, "effective_from": (on or found.effective_from).isoformat()}
        return show(globals, Answer(document, (Text(tuple(said)),)), rehearsal=session.rehearsal)


@plan.command("amend", help=_("Put a new version beside the old ones; what was decided before stays decided."))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@reason_option(required=True)
@on_option
@example("mingzhang --as administrator plan amend fuxin-2020-2.toml --reason 上级调整标准")
@click.pass_obj
def amend(globals: Globals, file: Path, reason: str, on: date | None) -> int:
    text = plan_text(str(file))
    found = read_plan(text)
    with Session(globals) as session:
        before = session.streams.read(AdoptedPlan, found.code)
        session.execute(AmendPlan(on=on, text=text, reason=session.seal_text(reason)))
        said = _("{plan}: version {version} decides from {day} on; {count} earlier versions stay on record.").format(
            plan=found.code, version=found.version, day=on or found.effective_from, count=len(before.versions)
        )
        return show(globals, Answer({"plan": found.code, "version": found.version}, (Text((said,)),)), rehearsal=session.rehearsal)



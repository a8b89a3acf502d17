"""`pairing`: who helps which student and household, since when, by which plan, and how well the calls and visits are kept."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

import click

from mingzhang.domain.command import Command
from mingzhang.domain.pairing.pairing import AgreeHelpPlan, EndPairing, EstablishPairing, PairingKind, ReplaceHelper
from mingzhang.domain.refusal import Refused
from mingzhang.domain.vault.masking import mask_name

from ..i18n import _, ngettext
from ..intake.pairings import Helpers, import_pairings, pairing_named, student_named
from ..intake.report import answer, write_copies
from ..intake.units import UnitNames
from ..options import (
    Globals,
    Noun,
    accept_valid_option,
    as_of_options,
    dry_run_option,
    example,
    on_option,
    reason_option,
    unit_option,
)
from ..output import Answer, Column, Table, Text, show
from ..progress import counted
from ..session import Session, new_id

_kind = click.option(
    "--kind",
    type=click.Choice(list(get_args(PairingKind))),
    default="household",
    help=_("household (结对帮扶, the default) or tutoring (学业帮扶)."),
)


@click.group(cls=Noun, help=_("Pairings of helpers and students, and their plans."))
@example("mingzhang --as helper-clerk pairing import 登记表.xlsx")
def pairing() -> None:
    pass


@pairing.command("import", help=_("Take a 登记表 in: one row is one pairing; students and helpers become known by it."))
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@unit_option(help=_("Whose pairings these are where 帮扶单位 is no unit of the ledger (its id, or its name)."))
@_kind
@on_option
@accept_valid_option
@dry_run_option
@example(
    "mingzhang --as helper-clerk pairing import 登记表.xlsx",
    "mingzhang --as helper-clerk pairing import 登记表.xlsx --unit 市直部门 --accept-valid",
)
@click.pass_obj
def import_(
    globals: Globals,
    files: tuple[Path, ...],
    unit: str | None,
    kind: Literal["household", "tutoring"],
    on: date | None,
    accept_valid: bool,
    dry_run: bool,
) -> int:
    with Session(globals) as session, counted(globals, _("Recording")) as progress:
        reports, recorded = import_pairings(
            session, files, unit=unit, kind=kind, on=on, accept_valid=accept_valid, dry_run=dry_run, on_progress=progress
        )
        if accept_valid and not dry_run:
            write_copies(reports, None, session.folder.exports)
        return show(globals, answer(reports, recorded, dry_run=dry_run, done=_recorded), rehearsal=session.rehearsal)


def _recorded(count: int) -> str:
    return ngettext("{count} pairing recorded.", "{count} pairings recorded.", count).format(count=count)


@pairing.command("establish", help=_("Pair helpers with a student the ledger knows."))
@click.argument("student")
@click.option(
    "--helper", "named", multiple=True, required=True, metavar="NAME", help=_("A helper, by name within the unit; repeat it for several.")
)
@unit_option(required=True, help=_("The helpers' unit (its id, or its name)."))
@_kind
@click.option("--household-head", metavar="NAME", help=_("The head of the household (户主); sealed."))
@click.option("--address", metavar="TEXT", help=_("The household's address; sealed."))
@click.option("--needs", metavar="TEXT", help=_("What help is needed (帮扶需求); sealed."))
@on_option
@example("mingzhang --as helper-clerk pairing establish s-7KQ2M4PX0A --unit 师范系 --helper 测试甲 --helper 测试乙")
@click.pass_obj
def establish(
    globals: Globals,
    student: str,
    named: tuple[str, ...],
    unit: str,
    kind: Literal["household", "tutoring"],
    household_head: str | None,
    address: str | None,
    needs: str | None,
    on: date | None,
) -> int:
    with Session(globals) as session:
        ref = student_named(session, student)
        unit_id = UnitNames(session).resolve(unit)
        people = Helpers(session)
        people.make(unit_id, [(name, {}) for name in named], on=on)
        said = {"household_head": household_head, "address": address, "needs": needs, "name": _name_of(session, ref)}
        box = session.vault.seal(ref, {name: value for name, value in said.items() if value})
        helpers = tuple(dict.fromkeys(found for name in named if (found := people.find(unit_id, name))))
        new = EstablishPairing(on=on, pairing=new_id("pair"), kind=kind, student=ref, unit=unit_id, helpers=helpers, person=box)
        commands: list[Command] = [*people.fresh, new]
        session.execute_many(commands)
        sentence = _("Pairing {pairing}: {count} helpers for {student}.").format(pairing=new.pairing, count=len(helpers), student=ref)
        document = {"pairing": new.pairing, "student": ref, **UnitNames(session).said(unit_id), "kind": kind, "helpers": list(helpers)}
        return show(globals, Answer(document, (Text((sentence,)),)), rehearsal=session.rehearsal)


def _name_of(session: Session, student: str) -> str:
    from ..cases.named import names_of

    return names_of(session, [student]).get(student, "")


@pairing.command("replace", help=_("One helper takes over from another."))
@click.argument("reference", metavar="PAIRING")
@click.option("--outgoing", required=True, metavar="HELPER", help=_("Who leaves: reference, or name within the unit."))
@click.option("--incoming", required=True, metavar="HELPER", help=_("Who takes over: reference, or name within the unit."))
@on_option
@example("mingzhang --as helper-clerk pairing replace pair-7KQ2M4PX --outgoing 测试甲 --incoming 测试丙 --on 2020-05-01")
@click.pass_obj
def replace(globals: Globals, reference: str, outgoing: str, incoming: str, on: date | None) -> int:
    with Session(globals) as session:
        state = pairing_named(session, reference)
        people = Helpers(session)
        leaving = next((ref for ref in state.helpers if outgoing in (ref, people.name(ref))), None)
        if leaving is None:
            raise Refused("helper_not_named", pairing=state.id)
        people.make(state.unit, [(incoming, {})], on=on)
        coming = people.find(state.unit, incoming) or incoming
        session.execute_many([*people.fresh, ReplaceHelper(on=on, pairing=state.id, outgoing=leaving, incoming=coming)])
        said = _("Pairing {pairing}: {incoming} takes over from {outgoing}.").format(pairing=state.id, incoming=coming, outgoing=leaving)
        document = {"pairing": state.id, "outgoing": leaving, "incoming": coming}
        return show(globals, Answer(document, (Text((said,)),)), rehearsal=session.rehearsal)


@pairing.command("plan", help=_("Record 三清 and 一户一策: what was found out about the family, and the measures agreed."))
@click.argument("reference", metavar="PAIRING")
@click.option("--findings", required=True, metavar="TEXT", help=_("The family's circumstances (三清); sealed."))
@click.option("--measures", required=True, metavar="TEXT", help=_("The measures agreed (一户一策); sealed."))
@on_option
@example("mingzhang --as helper-clerk pairing plan pair-7KQ2M4PX --findings 父亲务农，两孩在读 --measures 每月电话一次，联系课后辅导")
@click.pass_obj
def plan(globals: Globals, reference: str, findings: str, measures: str, on: date | None) -> int:
    with Session(globals) as session:
        state = pairing_named(session, reference)
        found, agreed = session.vault.seal_many([(state.student, {"findings": findings}), (state.student, {"measures": measures})])
        session.execute(AgreeHelpPlan(on=on, pairing=state.id, findings=found, measures=agreed))
        said = _("The help plan of pairing {pairing} is recorded.").format(pairing=state.id)
        return show(globals, Answer({"pairing": state.id, "plan_agreed": True}, (Text((said,)),)), rehearsal=session.rehearsal)


@pairing.command("end", help=_("End a pairing; what was done stays."))
@click.argument("reference", metavar="PAIRING")
@reason_option(required=True)
@on_option
@example("mingzhang --as helper-clerk pairing end pair-7KQ2M4PX --reason 已毕业 --on 2020-07-01")
@click.pass_obj
def end(globals: Globals, reference: str, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        state = pairing_named(session, reference)
        session.execute(EndPairing(on=on, pairing=state.id, reason=session.vault.seal(state.student, {"reason": reason})))
        said = _("Pairing {pairing} has ended.").format(pairing=state.id)
        return show(globals, Answer({"pairing": state.id, "ended": True}, (Text((said,)),)), rehearsal=session.rehearsal)


@pairing.command("list", help=_("All pairings with the months without a call and the quarters without a visit, on any day."))
@unit_option()
@as_of_options
@example("mingzhang pairing list --unit 师范系 --on 2020-06-30")
@click.pass_obj
def list_(globals: Globals, unit: str | None, on: date | None, known_at: Any) -> int:
    from mingzhang.projections.contacts import KeptRow, kept_by_month, kept_by_quarter, pairings

    with Session(globals) as session:
        units = UnitNames(session)
        as_of = session.as_of(on, known_at)
        with session.engine.view(as_of) as view:
            rows = pairings(view, units.resolve(unit) if unit else None)
            by_month: dict[str, list[KeptRow]] = {}
            for kept in kept_by_month(view):
                by_month.setdefault(kept.pairing, []).append(kept)
            visited = {(kept.pairing, kept.period) for kept in kept_by_quarter(view) if kept.visits}
        people = Helpers(session)
        names = session.vault.open_many([row.person for row in rows])
        document = []
        for row, fields in zip(rows, names, strict=True):
            months = whole_months(date.fromisoformat(row.since), _last_day(row.until, as_of.effective_on))
            kept_months = {kept.period: kept for kept in by_month.get(row.pairing, ())}
            total = Counter[str]()
            for kept in kept_months.values():
                total.update(
                    calls=kept.calls,
                    visits=kept.visits,
                    others=kept.others,
                    support_fen=kept.support_fen,
                    problems_solved=kept.problems_solved,
                )
            document.append(
                {
                    "pairing": row.pairing,
                    "kind": row.kind,
                    "student": row.student,
                    "name": mask_name((fields or {}).get("name", "")),
                    "unit": units.title(row.unit),
                    "unit_id": row.unit,
                    "helpers": [{"helper": ref, "name": mask_name(people.name(ref))} for ref in row.helpers],
                    "since": row.since,
                    "until": row.until,
                    "plan_agreed_on": row.plan_agreed_on,
                    **{name: total[name] for name in ("calls", "visits", "others", "support_fen", "problems_solved")},
                    "months_without_call": [month for month in months if month not in kept_months or not kept_months[month].calls],
                    "quarters_without_visit": [quarter for quarter in whole_quarters(months) if (row.pairing, quarter) not in visited],
                }
            )
        return show(globals, Answer(document, (_table(document),)), rehearsal=session.rehearsal)


def _table(document: list[dict[str, Any]]) -> Table:
    shown = [
        {
            **row,
            "helpers": "、".join(one["name"] for one in row["helpers"]),
            "no_call": len(row["months_without_call"]),
            "no_visit": len(row["quarters_without_visit"]),
        }
        for row in document
    ]
    heads = [
        Column(_("Pairing"), "pairing"),
        Column(_("Unit"), "unit"),
        Column(_("Student"), "name"),
        Column(_("Helpers"), "helpers"),
        Column(_("Since"), "since"),
        *([Column(_("Until"), "until")] if any(row["until"] for row in shown) else []),
        Column(_("Calls"), "calls", "right"),
        Column(_("Visits"), "visits", "right"),
        Column(_("Calls missed"), "no_call", "right"),
        Column(_("Visits missed"), "no_visit", "right"),
        Column(_("Help, yuan"), "support_fen"),
    ]
    foot = _("{count} pairings; {months} months without a call, {quarters} quarters without a visit.").format(
        count=len(shown), months=sum(row["no_call"] for row in shown), quarters=sum(row["no_visit"] for row in shown)
    )
    return Table(heads, shown, foot=foot)


def _last_day(until: str | None, day: date) -> date:
    return min(date.fromisoformat(until), day) if until else day


def whole_months(since: date, until: date) -> list[str]:
    """The calendar months (`2020-04`) after the one a pairing began in that have ended by `until`: months count from the first full one."""
    year, month = _next(since.year, since.month)
    found = []
    while date(*_next(year, month), 1).toordinal() - 1 <= until.toordinal():
        found.append(f"{year:04d}-{month:02d}")
        year, month = _next(year, month)
    return found


def whole_quarters(months: list[str]) -> list[str]:
    """The quarters (`2020-Q2`) all of whose months are among these."""
    counts = Counter(f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}" for month in months)
    return [quarter for quarter, count in sorted(counts.items()) if count == 3]


def _next(year: int, month: int) -> tuple[int, int]:
    return (year + month // 12, month % 12 + 1)

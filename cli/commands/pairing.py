"""`pairing`: who helps which student and household, since when and by which plan; what they owe is asked in `pairing_lists`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, get_args

import click

from mingzhang.domain.command import Command
from mingzhang.domain.pairing.pairing import AgreeHelpPlan, EndPairing, EstablishPairing, FilePairingForm, PairingKind, ReplaceHelper
from mingzhang.domain.pairing.tutoring import ArrangeTutor
from mingzhang.domain.refusal import Refused

from ..cases.named import name_of
from ..i18n import _, ngettext
from ..intake.frame import import_options, rows_recorded, take_in
from ..intake.households import household_of
from ..intake.pairings import Helpers, import_pairings, pairing_named, student_named
from ..intake.tutoring import import_tutoring
from ..intake.units import UnitNames
from ..options import Globals, Noun, example, on_option, reason_option, unit_option
from ..output import Answer, show
from ..session import Session, new_id
from .pairing_lists import gaps, list_

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


@pairing.command(
    "import",
    help=_(
        "Take a 登记表 in (one row is one pairing; students and helpers become known by it), or a 任务分解表 (each unit's share). With "
        "--kind tutoring: a 挂科名单 of failed courses, or a 安排表 of their tutors."
    ),
)
@unit_option(help=_("Whose pairings these are where 帮扶单位 is no unit of the ledger (its id, or its name)."))
@_kind
@click.option(
    "--period", metavar="TERM", help=_("The term of a 安排表, such as 2023-autumn. Default: the last in which the course was failed.")
)
@on_option
@import_options
@example(
    "mingzhang --as helper-clerk pairing import 任务分解表.xlsx",
    "mingzhang --as helper-clerk pairing import 登记表.xlsx --unit 市直部门 --accept-valid",
    "mingzhang --as helper-clerk pairing import 挂科名单.xlsx --kind tutoring",
)
@click.pass_obj
def import_(globals: Globals, /, kind: PairingKind, period: str | None, **asked: Any) -> int:
    if kind == "tutoring":
        return take_in(globals, import_tutoring, rows_recorded, period=period, **asked)
    return take_in(globals, import_pairings, rows_recorded, **asked)


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
@click.option("--course", metavar="NAME", help=_("For tutoring: the failed course. The first helper is the teacher, the second the 朋辈."))
@click.option("--period", metavar="TERM", help=_("For tutoring: the term, such as 2023-autumn."))
@on_option
@example(
    "mingzhang --as helper-clerk pairing establish s-7KQ2M4PX0A --unit 师范系 --helper 测试甲 --helper 测试乙",
    "mingzhang pairing establish s-7KQ2M4PX0A --unit 学院 --helper 测试甲 --kind tutoring --course 高等数学 --period 2023-autumn",
)
@click.pass_obj
def establish(
    globals: Globals,
    student: str,
    named: tuple[str, ...],
    unit: str,
    kind: PairingKind,
    household_head: str | None,
    address: str | None,
    needs: str | None,
    course: str | None,
    period: str | None,
    on: date | None,
) -> int:
    tutoring = kind == "tutoring"
    if tutoring != bool(course and period) or (tutoring and len(named) > 2):
        usage = _("Tutoring is for one --course of one --period, by one teacher and perhaps one 朋辈; a household has neither.")
        raise click.UsageError(usage)
    with Session(globals) as session:
        ref = student_named(session, student)
        unit_id = UnitNames(session).resolve(unit)
        people = Helpers(session)
        peers = frozenset(named[1:]) if tutoring else frozenset()
        for name in named:
            people.make(unit_id, [(name, {})], peer=name in peers, on=on)
        said = {"household_head": household_head, "address": address, "needs": needs, "name": name_of(session, ref)}
        box = session.vault.seal(ref, {name: value for name, value in said.items() if value})
        household = household_of(session.vault, household_head, address)
        helpers = tuple(dict.fromkeys(found for name in named if (found := people.find(unit_id, name, peer=name in peers))))
        about: Any = {"on": on, "pairing": new_id("pair"), "student": ref, "unit": unit_id, "person": box}
        new: ArrangeTutor | EstablishPairing
        if tutoring:
            tutors: Any = {"tutor": helpers[0], "peer": helpers[1] if len(helpers) > 1 else None}
            new = ArrangeTutor(**about, **tutors, period=period or "", course=course or "")
        else:
            new = EstablishPairing(**about, helpers=helpers, household=household)
        commands: list[Command] = [*people.fresh, new]
        session.execute_many(commands)
        sentence = _("Pairing {pairing}: {count} helpers for {student}.").format(pairing=new.pairing, count=len(helpers), student=ref)
        document = {"pairing": new.pairing, "student": ref, **UnitNames(session).said(unit_id), "kind": kind, "helpers": list(helpers)}
        return show(globals, Answer.saying(document, sentence), rehearsal=session.rehearsal)


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
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


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
        return show(globals, Answer.saying({"pairing": state.id, "plan_agreed": True}, said), rehearsal=session.rehearsal)


@pairing.command("end", help=_("End a pairing; what was done stays."))
@click.argument("reference", metavar="PAIRING")
@reason_option(required=True)
@on_option
@example("mingzhang --as helper-clerk pairing end pair-7KQ2M4PX --reason 已毕业 --on 2020-07-01")
@click.pass_obj
def end(globals: Globals, reference: str, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        state = pairing_named(session, reference)
        session.execute(EndPairing(on=on, pairing=state.id, reason=session.seal_reason(state.student, reason)))
        said = _("Pairing {pairing} has ended.").format(pairing=state.id)
        return show(globals, Answer.saying({"pairing": state.id, "ended": True}, said), rehearsal=session.rehearsal)


@pairing.command("form", help=_("File the signed 登记表 of pairings: its scan is kept, sealed."))
@click.argument("references", metavar="[PAIRING]…", nargs=-1)
@click.option("--scan", required=True, type=click.Path(path_type=Path), metavar="FILE", help=_("The scan of the signed form."))
@unit_option(help=_("All running pairings of this unit whose form is not filed yet (its id, or its name)."))
@on_option
@example(
    "mingzhang --as helper-clerk pairing form --unit 市委办 --scan 登记表-市委办.pdf",
    "mingzhang --as helper-clerk pairing form pair-7KQ2M4PX --scan 登记表.pdf --on 2020-05-20",
)
@click.pass_obj
def form(globals: Globals, references: tuple[str, ...], scan: Path, unit: str | None, on: date | None) -> int:
    if not references and unit is None:
        raise click.UsageError(_("Name the pairings, or the unit with --unit."))
    with Session(globals) as session:
        sha256 = session.hand_in(scan)
        named = [pairing_named(session, reference).id for reference in references]
        if unit is not None:
            named += _without_form(session, UnitNames(session).resolve(unit), on)
        wanted = list(dict.fromkeys(named))
        session.execute_many([FilePairingForm(on=on, pairing=one, sha256=sha256) for one in wanted])
        said = ngettext("The form of {count} pairing is filed.", "The forms of {count} pairings are filed.", len(wanted))
        document = {"pairings": wanted, "sha256": sha256}
        return show(globals, Answer.saying(document, said.format(count=len(wanted))), rehearsal=session.rehearsal)


def _without_form(session: Session, unit: str, on: date | None) -> list[str]:
    from mingzhang.projections.contacts import pairings

    with session.engine.view(session.as_of(on, None)) as view:
        return [row.pairing for row in pairings(view, unit) if row.until is None and row.form_filed_on is None]


for _verb in (list_, gaps):
    pairing.add_command(_verb)

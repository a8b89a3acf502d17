"""`student care-plan`, `safety-net`, `info-card`, `care`: 一生一策, the three layers in order, and the card in the household's file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from mingzhang.domain.command import Command
from mingzhang.domain.student.care import ApplySafetyNetLayer, DrawUpCarePlan, FileInfoCard, IssueInfoCard
from mingzhang.domain.student.facts import LAYERS, Layer

from ..cases.named import masked_names
from ..i18n import N_, _
from ..intake.pairings import student_named
from ..intake.units import UnitNames
from ..options import Globals, KnownAt, Verb, as_of_options, example, on_option, period_option, table_file_options, unit_option
from ..output import Answer, Column, Table, show
from ..session import Session

LAYER_WORDS = {"state-aid": N_("state aid"), "special-hardship": N_("relief for special hardship"), "society": N_("society and teachers")}


@click.command("care-plan", cls=Verb, help=_("Record the plan drawn up for one student (一生一策)."))
@click.argument("student", metavar="STUDENT")
@period_option(required=True)
@click.option("--measures", required=True, metavar="TEXT", help=_("What is to be done; sealed."))
@on_option
@example("mingzhang --as surveyor student care-plan s-7KQ2M4PX0A --period 2020 --measures 免学费，每月走访，寒暑假岗位")
@click.pass_obj
def care_plan(globals: Globals, student: str, period: str, measures: str, on: date | None) -> int:
    with Session(globals) as session:
        ref = student_named(session, student)
        box = session.vault.seal(ref, {"measures": measures})
        session.execute(DrawUpCarePlan(on=on, student=ref, period=period, person=box))
        said = _("The care plan of {student} for {period} is recorded.").format(student=ref, period=period)
        return show(globals, Answer.saying({"student": ref, "period": period}, said), rehearsal=session.rehearsal)


@click.command(
    "safety-net", cls=Verb, help=_("Record that a layer of the safety net (三层兜底) was drawn on; the layers hold in their order.")
)
@click.argument("student", metavar="STUDENT")
@period_option(required=True)
@click.option("--layer", required=True, type=click.Choice(LAYERS), help=_("Which layer."))
@click.option("--what", required=True, metavar="TEXT", help=_("What was given, or why it does not apply; sealed."))
@click.option("--exhausted", is_flag=True, help=_("The layer was tried and does not help here, so that the next one may be drawn on."))
@on_option
@example("mingzhang --as surveyor student safety-net s-7KQ2M4PX0A --period 2020 --layer state-aid --what 国家助学金一档")
@click.pass_obj
def safety_net(globals: Globals, student: str, period: str, layer: Layer, what: str, exhausted: bool, on: date | None) -> int:
    with Session(globals) as session:
        ref = student_named(session, student)
        box = session.vault.seal(ref, {"what": what})
        session.execute(ApplySafetyNetLayer(on=on, student=ref, period=period, layer=layer, helped=not exhausted, person=box))
        said = _("{student}, {period}: {layer} is recorded.").format(student=ref, period=period, layer=_(LAYER_WORDS[layer]))
        document = {"student": ref, "period": period, "layer": layer, "helped": not exhausted}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@click.command(
    "info-card",
    cls=Verb,
    help=_("Record 动态信息卡 as filled in or, with --filed, as copied, stamped and filed: for those named, or a unit."),
)
@click.argument("students", metavar="[STUDENT]…", nargs=-1)
@period_option(required=True)
@unit_option(help=_("Everybody of this unit who needs it (its id, or its name)."))
@click.option("--filed", is_flag=True, help=_("The stamped copy lies in the household's file."))
@click.option(
    "--scan",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("The scan of the filed card or cards; it is kept, sealed."),
)
@on_option
@example(
    "mingzhang --as clerk student info-card --unit 师范系 --period 2020",
    "mingzhang --as clerk student info-card --unit 师范系 --period 2020 --filed",
)
@click.pass_obj
def info_card(
    globals: Globals, students: tuple[str, ...], period: str, unit: str | None, filed: bool, scan: Path | None, on: date | None
) -> int:
    if not students and unit is None:
        raise click.UsageError(_("Name the students, or give --unit."))
    with Session(globals) as session:
        evidence = (session.hand_in(scan),) if scan is not None else ()
        named: Sequence[str] = [student_named(session, student) for student in students]
        refs = named or _waiting(session, unit, period, filed=filed, on=on)
        kind = FileInfoCard if filed else IssueInfoCard
        commands: list[Command] = [kind(on=on, student=ref, period=period, evidence=evidence) for ref in refs]
        if commands:
            session.execute_many(commands)
        said = _("Information cards filed: {count}.") if filed else _("Information cards filled in: {count}.")
        document = {"done": len(commands), "period": period, "filed": filed}
        return show(globals, Answer.saying(document, said.format(count=len(commands))), rehearsal=session.rehearsal)


def _waiting(session: Session, unit: str | None, period: str, *, filed: bool, on: date | None) -> list[str]:
    """Whose card is still to be filled in, or is filled in and not filed."""
    from mingzhang.projections.register.care import care as rows_of

    with session.engine.view(session.as_of(on, None)) as view:
        rows = rows_of(view, period, UnitNames(session).wanted(unit))
    if filed:
        return [row.student for row in rows if row.card_issued_on is not None and row.card_filed_on is None]
    return [row.student for row in rows if row.card_issued_on is None]


@click.command("care", cls=Verb, help=_("Of everybody not yet out of poverty: the care plan, the layers that caught them, and the card."))
@period_option(required=True)
@unit_option()
@click.option("--lacking", is_flag=True, help=_("Only those who lack something."))
@as_of_options
@table_file_options
@example("mingzhang student care --period 2020 --on 2020-12-31 --lacking")
@click.pass_obj
def care(globals: Globals, period: str, unit: str | None, lacking: bool, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.register.care import care as rows_of

    with Session(globals) as session:
        units = UnitNames(session)
        with session.engine.view(session.as_of(on, known_at)) as view:
            rows = rows_of(view, period, units.wanted(unit))
        names = masked_names(session, [row.student for row in rows])
        document: list[dict[str, Any]] = []
        for row in rows:
            wanted = {"care_plan": row.care_plan_on, "safety_net": row.layers, "card": row.card_issued_on, "card_filed": row.card_filed_on}
            lacks = [what for what, done in wanted.items() if not done]
            if lacking and not lacks:
                continue
            document.append(
                {
                    "student": row.student,
                    "name": names.get(row.student, ""),
                    **units.said(row.unit),
                    "categories": list(row.categories),
                    "care_plan_on": row.care_plan_on,
                    "layers": [{"layer": layer, "helped": helped} for layer, helped in row.layers],
                    "card_issued_on": row.card_issued_on,
                    "card_filed_on": row.card_filed_on,
                    "lacks": lacks,
                }
            )
        shown = [{**one, "layers": _helped(one["layers"])} for one in document]
        heads = [
            Column(_("Student"), "student"),
            Column(_("Name"), "name"),
            Column(_("Unit"), "unit"),
            Column(_("Categories"), "categories"),
            Column(_("Care plan"), "care_plan_on"),
            Column(_("Safety net"), "layers"),
            Column(_("Card filled in"), "card_issued_on"),
            Column(_("Card filed"), "card_filed_on"),
        ]
        foot = _("{count} students; {lacking} lack something.").format(
            count=len(document), lacking=sum(1 for one in document if one["lacks"])
        )
        return show(globals, Answer(document, (Table(heads, shown, foot=foot),)), rehearsal=session.rehearsal)


def _helped(layers: Iterable[Mapping[str, Any]]) -> str:
    """The layers that did help, in words."""
    words = [LAYER_WORDS[one["layer"]] for one in layers if one["helped"]]
    return "、".join(map(_, words))

"""`crosscheck`: lists of other offices come in, rounds and applications are compared with them, differences are resolved by people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import click

from mingzhang.domain.crosscheck.crosscheck import ResolveDifference, WithdrawList
from mingzhang.domain.crosscheck.facts import Right
from mingzhang.domain.crosscheck.kinds import kind_of_list
from mingzhang.domain.refusal import Refused

from ..i18n import _, ngettext
from ..intake.crosscheck import import_list
from ..intake.frame import answered, import_options
from ..intake.units import UnitNames
from ..options import (
    DAY,
    Globals,
    Noun,
    as_of_options,
    example,
    on_option,
    period_option,
    reason_option,
    round_option,
    scheme_option,
    table_file_options,
    unit_option,
)
from ..output import Answer, Column, Table, Text, show
from ..progress import counted
from ..session import Session


@click.group(cls=Noun, help=_("Lists of other offices: import, compare, list, show, resolve."))
@example(
    "mingzhang --as reviewer crosscheck import 民政-特困供养人员.csv --kind 特困 --on 2022-07-31",
    "mingzhang --as reviewer crosscheck compare --round 2020-spring",
)
def crosscheck() -> None:
    pass


@crosscheck.command("import", help=_("Take a list in; the files of one command are one list of one kind as of one day."))
@click.option("--kind", required=True, metavar="KIND", help=_("The kind of list, as plans name it: 建档立卡, 特困, 农村低保, 孤儿, …"))
@click.option("--on", type=DAY, required=True, metavar="DATE", help=_("The day as of which the list was drawn up."))
@import_options
@example(
    "mingzhang --as reviewer crosscheck import 民政-孤儿名册.xlsx --kind 孤儿 --on 2022-07-31",
    "mingzhang --as clerk crosscheck import 比对-建档立卡.xlsx --kind 建档立卡 --on 2020-02-29 --accept-valid",
)
@click.pass_obj
def import_(globals: Globals, files: tuple[Path, ...], kind: str, on: date, accept_valid: bool, dry_run: bool, copy_to: Path | None) -> int:
    with Session(globals) as session, counted(globals, _("Recording")) as progress:
        found = kind_of_list(kind, session.adopted_plans())
        report = import_list(session, files, kind=found, as_of=on, accept_valid=accept_valid, dry_run=dry_run, on_progress=progress)
        how: Any = {"accept_valid": accept_valid, "copy_to": copy_to, "dry_run": dry_run}
        said = answered(session, report.files, report.recorded, _recorded, **how)
        more = {"crosscheck": report.crosscheck, "kind": found, "as_of": on, "supersedes": list(report.superseded)}
        sentences = []
        if report.crosscheck is not None:
            sentences.append(_("List {crosscheck}: {kind} as of {as_of}.").format(crosscheck=report.crosscheck, kind=found, as_of=on))
        if report.superseded:
            sentences.append(_("It takes the place of {lists}, which stays on file.").format(lists="、".join(report.superseded)))
        parts = (*said.parts, Text(tuple(sentences))) if sentences else said.parts
        return show(globals, replace(said, document={**_mapping(said.document), **more}, parts=parts), rehearsal=session.rehearsal)


def _mapping(document: object) -> dict[str, object]:
    return dict(document) if isinstance(document, dict) else {}


def _recorded(count: int) -> str:
    return ngettext("{count} person on the list recorded.", "{count} people on the list recorded.", count).format(count=count)


@crosscheck.command(
    "compare", help=_("Compare a survey round, or the applications of a scheme, with the newest lists; the outcome is recorded.")
)
@round_option(required=False)
@scheme_option()
@period_option()
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND",
    help=_("With --round only these kinds of list (default: all there are); with --scheme these beside the ones the plan names."),
)
@unit_option()
@on_option
@example(
    "mingzhang --as clerk crosscheck compare --round 2020-spring",
    "mingzhang --as reviewer crosscheck compare --scheme freshmen --period once",
)
@click.pass_obj
def compare(
    globals: Globals,
    round_id: str | None,
    scheme: str | None,
    period: str | None,
    kinds: tuple[str, ...],
    unit: str | None,
    on: date | None,
) -> int:
    from ..cases.chosen import scheme_on
    from ..intake.compared import compared_answer
    from ..intake.comparison import compare_cases, compare_round

    if (round_id is None) == (scheme is None) or (scheme is not None and period is None):
        raise click.UsageError(_("Give either --round, or --scheme and --period."))
    with Session(globals) as session:
        plans = session.adopted_plans()
        wanted = tuple(dict.fromkeys(kind_of_list(kind, plans) for kind in kinds))
        unit_id = UnitNames(session).resolve(unit) if unit else None
        if round_id is not None:
            done = compare_round(session, round_id, wanted, unit_id, on)
        else:
            stored = session.scheme(scheme or "")
            clauses = scheme_on(session, stored, period or "", on).conditions.lists
            done = compare_cases(session, stored, period or "", clauses, wanted, unit_id, on)
        said = compared_answer(session, done.comparison, session.as_of(on, None), recorded=done)
        return show(globals, _with_resolved(said), rehearsal=session.rehearsal)


@crosscheck.command("show", help=_("A comparison, person by person: matched, unmatched, differing, and what changed since the one before."))
@click.argument("reference", metavar="COMPARISON|LIST")
@as_of_options
@table_file_options
@example("mingzhang crosscheck show check-7KQ2M4PX", "mingzhang --json crosscheck show check-7KQ2M4PX")
@click.pass_obj
def show_(globals: Globals, reference: str, on: date | None, known_at: Any) -> int:
    from ..intake.compared import compared_answer

    with Session(globals) as session:
        said = compared_answer(session, reference.removeprefix("crosscheck/"), session.as_of(on, known_at))
        return show(globals, _with_resolved(said), rehearsal=session.rehearsal)


def _with_resolved(said: Answer) -> Answer:
    """The headline counts every name that differs: how many of them are still open stands below it."""
    differing = _mapping(said.document).get("differing")
    resolved = sum(one["resolved"] is not None for one in differing) if isinstance(differing, list) else 0
    if not resolved or not isinstance(differing, list):
        return said
    words = _("Names that differ: {open} open, {resolved} resolved.")
    headline, *more = said.parts
    return replace(said, parts=(headline, Text((words.format(open=len(differing) - resolved, resolved=resolved),)), *more))


@crosscheck.command("list", help=_("The lists that count, which of them are superseded, and the comparisons made."))
@as_of_options
@table_file_options
@example("mingzhang crosscheck list --on 2022-08-10")
@click.pass_obj
def list_(globals: Globals, on: date | None, known_at: Any) -> int:
    from mingzhang.projections.crosschecks import comparisons, lists

    with Session(globals) as session:
        with session.engine.view(session.as_of(on, known_at)) as view:
            received, made = lists(view), comparisons(view)
        units = UnitNames(session)
        shown_lists: list[dict[str, Any]] = [
            {
                "crosscheck": row.crosscheck,
                "kind": row.kind,
                "as_of": row.as_of,
                "files": row.files,
                "rows": row.rows,
                "accepted": row.accepted,
                "refused": row.refused,
                "superseded_by": list(row.superseded_by),
            }
            for row in received
        ]
        shown_made: list[dict[str, Any]] = [
            {
                "comparison": row.comparison,
                "on": row.on,
                "against": row.against,
                "unit": units.title(row.unit) if row.unit else None,
                "unit_id": row.unit,
                "lists": list(row.lists),
                "students": row.students,
                "matched": row.matched,
                "unmatched": row.unmatched,
                "differing": row.differing,
            }
            for row in made
        ]
        list_heads = [
            Column(_("List"), "crosscheck"),
            Column(_("Kind"), "kind"),
            Column(_("As of"), "as_of"),
            Column(_("People"), "accepted", "right"),
            Column(_("Refused rows"), "refused", "right"),
            Column(_("Superseded by"), "superseded_by"),
        ]
        made_heads = [
            Column(_("Comparison"), "comparison"),
            Column(_("On"), "on"),
            Column(_("Against"), "against"),
            Column(_("Students"), "students", "right"),
            Column(_("Matched"), "matched", "right"),
            Column(_("Unmatched"), "unmatched", "right"),
            Column(_("Names differ"), "differing", "right"),
        ]
        document = {"lists": shown_lists, "comparisons": shown_made}
        parts = (Table(list_heads, shown_lists), Table(made_heads, shown_made))
        return show(globals, Answer(document, parts), rehearsal=session.rehearsal)


@crosscheck.command("resolve", help=_("Say which side of a difference is right; the next comparison uses it."))
@click.argument("comparison")
@click.argument("student")
@click.option(
    "--right",
    type=click.Choice(list(get_args(Right))),
    required=True,
    help=_("ours (the list has the name wrong), theirs (correct ours next), or different-people (the row does not count for the student)."),
)
@click.option("--list", "crosscheck_id", metavar="LIST", help=_("Which list, where the student differs on several."))
@reason_option(required=True)
@on_option
@example("mingzhang --as reviewer crosscheck resolve check-7KQ2M4PX s-7KQ2M4PX0A --right ours --reason 民政名单笔误，已核对户口簿")
@click.pass_obj
def resolve(globals: Globals, comparison: str, student: str, right: Right, crosscheck_id: str | None, reason: str, on: date | None) -> int:
    from mingzhang.projections.crosschecks import compared

    comparison = comparison.removeprefix("crosscheck/")
    with Session(globals) as session:
        with session.engine.view(session.as_of(None, None)) as view:
            rows = [row for row in compared(view, comparison) if row.student == student and row.name_differs]
        named = sorted({row.crosscheck for row in rows if row.crosscheck and crosscheck_id in (None, row.crosscheck)})
        if not named:
            raise Refused("difference_unknown", comparison=comparison, student=student)
        session.execute_many(
            [
                ResolveDifference(
                    on=on,
                    comparison=comparison,
                    crosscheck=one,
                    student=student,
                    right=right,
                    reason=session.vault.seal(student, {"reason": reason}),
                )
                for one in named
            ]
        )
        said = _("Resolved for {student} on {lists}: {right}.").format(student=student, lists="、".join(named), right=right)
        document = {"comparison": comparison, "student": student, "lists": named, "right": right}
        return show(globals, Answer(document, (Text((said,)),)), rehearsal=session.rehearsal)


@crosscheck.command("withdraw", help=_("Withdraw a list of the wrong kind or day; it stays on file and counts no longer."))
@click.argument("reference", metavar="LIST")
@reason_option(required=True)
@on_option
@example("mingzhang --as reviewer crosscheck withdraw list-7KQ2M4PX --reason 类别选错")
@click.pass_obj
def withdraw(globals: Globals, reference: str, reason: str, on: date | None) -> int:
    name = reference.removeprefix("crosscheck/")
    with Session(globals) as session:
        session.execute(WithdrawList(on=on, crosscheck=name, reason=session.seal_text(reason)))
        said = _("List {crosscheck} is withdrawn; compare again to see what changes.").format(crosscheck=name)
        return show(globals, Answer({"crosscheck": name, "withdrawn": True}, (Text((said,)),)), rehearsal=session.rehearsal)

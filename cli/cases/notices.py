"""What an answer about notices shows: the office's own list, and the masked one that may be hung up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from mingzhang.domain.facts import Fact, decode
from mingzhang.domain.plan.adoption import AdoptedPlan
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.sealed import Sealed

from ..i18n import N_, _
from ..intake.units import UnitNames
from ..output import Column, Table
from ..session import Session
from .named import masked_or_mark, names_of
from .stands import stand_text

if TYPE_CHECKING:
    from mingzhang.projections.notices import NoticeRow
    from mingzhang.projections.projection import View

_STATES = {
    "posted": N_("hangs"),
    "completed": N_("complete"),
    "withdrawn": N_("taken down"),
    "overdue_to_withdraw": N_("to be taken down"),
}


def list_row(row: NoticeRow, units: UnitNames) -> dict[str, Any]:
    """One notice as `notice list --json` has it."""
    return {
        "notice": row.notice,
        "scheme": row.scheme,
        "period": row.period,
        "step": row.step,
        **units.said(row.unit),
        "place": row.place,
        "posted_on": row.posted_on,
        "days": row.days,
        "day_kind": row.day_kind,
        "last_day": row.last_day,
        "withdraw_by": row.withdraw_by,
        "completed_on": row.completed_on,
        "withdrawn_on": row.withdrawn_on,
        "early": row.early,
        "state": row.state,
        "cases": row.cases,
        "passed": row.passed,
        "held": row.held,
        "photos": row.photos,
        "photo_needed": row.photo,
    }


def list_table(rows: Sequence[dict[str, Any]]) -> Table:
    shown = [{**row, "state": _(_STATES[row["state"]])} for row in rows]
    overdue = [row["notice"] for row in rows if row["state"] == "overdue_to_withdraw"]
    heads = [
        Column(_("Notice"), "notice"),
        Column(_("Scheme"), "scheme"),
        Column(_("Period"), "period"),
        Column(_("Step"), "step"),
        Column(_("Unit"), "unit"),
        Column(_("Posted on"), "posted_on"),
        Column(_("Last day"), "last_day"),
        Column(_("State"), "state"),
        Column(_("Cases"), "cases", "right"),
        Column(_("Passed"), "passed", "right"),
        Column(_("Held"), "held", "right"),
        Column(_("Photos"), "photos", "right"),
    ]
    reminder = _("Their days are over and they still hang; take them down: {notices}.").format(notices="、".join(overdue))
    return Table(heads, shown, foot=reminder if overdue else "")


def case_rows(session: Session, view: View, row: NoticeRow) -> list[dict[str, Any]]:
    """The cases of a notice as they stand at the point asked for, for the office itself."""
    from mingzhang.projections.notices import noticed_cases
    from mingzhang.projections.payments import applications

    cases = noticed_cases(view, row.notice)
    stands = {one.application: one for one in applications(view, row.scheme, row.period)}
    names = names_of(session, [case.student for case in cases])
    return [
        {
            "line": case.line,
            "application": case.application,
            "student": case.student,
            "name": masked_or_mark(session, case.student, names.get(case.student, "")),
            "tier": case.tier,
            "stand": stands[case.application].stand,
            "passed_on": case.passed_on,
            "held": stands[case.application].held,
        }
        for case in cases
    ]


def case_table(cases: Sequence[dict[str, Any]]) -> Table:
    heads = [
        Column(_("No."), "line", "right", adds=False),
        Column(_("Application"), "application"),
        Column(_("Name"), "name"),
        Column(_("Stands at"), "stand"),
        Column(_("Passed on"), "passed_on"),
        Column(_("Held"), "held"),
    ]
    return Table(heads, [{**case, "stand": stand_text(case["stand"])} for case in cases])


def public_list(session: Session, units: UnitNames, view: View, row: NoticeRow, *, whole_names: bool = False) -> dict[str, Any]:
    """The public list of one notice, as it was hung up: what it shows of each case is what the fact then told; names are masked unless
    it is printed for the wall."""
    from mingzhang.projections.disclosure import public_line
    from mingzhang.projections.notices import noticed_cases
    from mingzhang.projections.payments import applications

    cases = noticed_cases(view, row.notice)
    homes = {one.application: one.unit for one in applications(view, row.scheme, row.period)}
    scheme = _scheme(session, row)
    tiers = {tier.code: tier.name for tier in scheme.tiers}
    facts = facts_at(session, [case.shown for case in cases])
    boxes = {ref: person for ref, fact in facts.items() if isinstance(person := getattr(fact, "person", None), Sealed)}
    opened = dict(zip(boxes, session.vault.open_many(list(boxes.values())), strict=True))
    names = names_of(session, [case.student for case in cases])
    lines = []
    for case in cases:
        line = public_line(
            case.line,
            opened.get(case.shown) or {},
            name=names.get(case.student),
            grade=getattr(facts.get(case.shown), "grade", None),
            unit=units.title(homes[case.application]),
            scheme=scheme.name,
            tier=tiers.get(case.tier or ""),
            whole_name=whole_names,
        )
        written = line._asdict()
        written["class"] = written.pop("class_name")
        lines.append(written)
    return {
        "notice": row.notice,
        "scheme": scheme.name,
        "period": row.period,
        "step": row.step,
        "unit": units.title(row.unit),
        "place": row.place,
        "posted_on": row.posted_on,
        "last_day": row.last_day,
        "cases": lines,
    }


def _scheme(session: Session, row: NoticeRow) -> Scheme:
    """The scheme in the version the notice was posted under."""
    plan, _dot, code = row.scheme.partition(".")
    versions = session.streams.read(AdoptedPlan, plan).versions
    return next(version.plan for version in reversed(versions) if version.plan.version == row.plan_version).scheme(code)


def facts_at(session: Session, refs: Iterable[str]) -> dict[str, Fact]:
    """The facts that these references (`stream@version`) name."""
    wanted = set(refs)
    streams = sorted({ref.rpartition("@")[0] for ref in wanted})
    rows = session.ledger.journal.select_streams(streams)
    found = {f"{row.originator_id}@{row.originator_version}": row for row in rows}
    return {ref: decode(found[ref].topic, found[ref].state) for ref in wanted if ref in found}


def public_table(found: dict[str, Any]) -> Table:
    """For people: what hangs, and the list, without the columns that nobody has anything in."""
    lines = found["cases"]
    heads = [
        Column(_("No."), "line", "right", adds=False),
        Column(_("Name"), "name"),
        Column(_("School"), "school"),
        Column(_("Unit"), "unit"),
        Column(_("Grade"), "grade"),
        Column(_("Class"), "class"),
        Column(_("Scheme"), "scheme"),
        Column(_("Tier"), "tier"),
    ]
    kept = [head for head in heads if any(line[head.key] for line in lines)]
    caption = _("{unit}: {scheme}, {period}, {step}. Hangs from {posted_on} to {last_day} at: {place}.").format(**found)
    foot = _("{count} in all. Whoever objects tells {unit} until {last_day}.").format(
        count=len(lines), unit=found["unit"], last_day=found["last_day"]
    )
    return Table(kept, lines, caption=caption, foot=foot)

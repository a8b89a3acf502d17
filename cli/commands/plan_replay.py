"""`plan replay`: who would have received what under another version of a plan, or a draft of one; a question, and nothing is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mingzhang.domain.plan.adoption import AdoptedPlan
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.plan.vocabulary import Plan, read_plan
from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.periods import period as period_of

from ..cases.named import masked_names
from ..cases.plans import adopted_at, plan_of, plan_text
from ..clock import KnownAt
from ..i18n import N_, _
from ..intake.units import UnitNames
from ..options import Globals, Verb, as_of_options, example, period_option, scheme_option, table_file_options, unit_option
from ..output import Answer, Column, Table, Text, show, yuan
from ..session import Session

if TYPE_CHECKING:
    from mingzhang.projections.replaying import Replay, ReplayRow

WHY = {
    "unchanged": N_("unchanged"),
    "amount_changed": N_("the tier's amount is another"),
    "tier_changed": N_("falls into another tier"),
    "newly_covered": N_("newly covered"),
    "set_by_hand": N_("the office's own figure"),
    "amount_outside_range": N_("outside the range"),
    "scheme_dropped": N_("the scheme is gone"),
    "schemes_do_not_stack": N_("not beside another scheme"),
    "category_not_covered": N_("the category is not covered"),
    "level_not_covered": N_("the level is not covered"),
    "stage_not_covered": N_("the stage is not covered"),
    "grade_not_covered": N_("the grade is not covered"),
    "admission_not_covered": N_("the admission is not covered"),
    "not_compared": N_("not compared with lists"),
    "not_on_list": N_("on none of the lists"),
    "policy_ended": N_("no longer entitled by the list"),
    "list_class_not_covered": N_("the list's class is not covered"),
    "list_row_refused": N_("the list's row was refused"),
    "household_elsewhere": N_("household elsewhere"),
    "outside_window": N_("handed in outside the window"),
    "no_tier_fits": N_("no tier fits"),
    "entry_withdrawn": N_("no survey entry"),
}


@click.command(
    "replay",
    cls=Verb,
    short_help=_("Who would have received what under another version."),
    help=_(
        "Who would have received what in a period under another version of a plan, or under a draft never adopted: totals, winners and "
        "losers, and why. Nothing is recorded."
    ),
)
@click.option("--plan", "written", required=True, metavar="CODE@VERSION|FILE", help=_("A version on record, or the file of a draft."))
@period_option(required=True)
@scheme_option()
@unit_option()
@as_of_options
@table_file_options
@example(
    "mingzhang plan replay --plan fuxin-2020@2021 --period 2020-spring",
    "mingzhang plan replay --plan 草案.toml --period 2020-spring --unit 师范系 --xlsx 测算.xlsx",
)
@click.pass_obj
def replay(
    globals: Globals, written: str, period: str, scheme: str | None, unit: str | None, on: date | None, known_at: KnownAt | None
) -> int:
    from mingzhang.projections.replaying import replay as replayed

    with Session(globals) as session:
        units = UnitNames(session)
        as_of = session.as_of(on, known_at)
        then, draft, state = _version(session, written, as_of.known_at)
        now = state.on(as_of.effective_on).plan
        code = scheme.removeprefix(f"{now.code}.") if scheme else None
        known = [one.code for one in (*now.schemes, *then.schemes)]
        if code is not None and code not in known:
            raise Refused("scheme_unknown", plan=now.code, scheme=code, schemes=list(dict.fromkeys(known)))
        with session.engine.view(as_of) as view:
            found = replayed(view, session.ledger.journal, _by_name(state), now, then, period, code, units.wanted(unit))
        head = {
            "plan": then.code,
            "version": then.version,
            "draft": draft,
            "against": now.version,
            "period": period,
            "on": as_of.effective_on.isoformat(),
            "known_at": as_of.known_at,
        }
        return show(globals, _answer(session, units, now, then, found, {**head, "scheme": code}), rehearsal=session.rehearsal)


def _version(session: Session, written: str, size: int) -> tuple[Plan, bool, AdoptedPlan]:
    """The version meant, whether it is a draft, and the plan as it was adopted. Refused `plan_not_adopted`, `plan_version_not_recorded`."""
    if written.endswith(".toml") or Path(written).is_file():
        then = plan_of(plan_text(written))
        return then, True, _adopted(session, then.code, size)
    code, _at, version = written.partition("@")
    state = _adopted(session, code, size)
    if not version:
        raise click.UsageError(_("Name the version: {plan}@VERSION, one of {versions}.").format(plan=code, versions=_versions(state)))
    for one in reversed(state.versions):
        if one.plan.version == version:
            return one.plan, False, state
    raise Refused("plan_version_not_recorded", plan=code, version=version, versions=[one.plan.version for one in state.versions])


def _adopted(session: Session, code: str, size: int) -> AdoptedPlan:
    state = adopted_at(session, code, size)
    if not state.versions:
        raise Refused("plan_not_adopted", plan=code)
    return state


def _versions(state: AdoptedPlan) -> str:
    return "、".join(one.plan.version for one in state.versions)


def _by_name(state: AdoptedPlan) -> Callable[[str], Plan]:
    texts = {one.plan.version: one.text for one in state.versions}
    return lambda version: read_plan(texts[version])


def _answer(session: Session, units: UnitNames, now: Plan, then: Plan, found: Replay, head: Mapping[str, object]) -> Answer:
    changed = [row for row in found.rows if row.difference_fen or row.why == "newly_covered"]
    names = masked_names(session, [row.student for row in changed])
    winners = [row for row in changed if row.difference_fen >= 0]
    losers = [row for row in changed if row.difference_fen < 0]
    title = {f"{plan.code}.{one.code}": one.name for plan in (now, then) for one in plan.schemes}
    asked = [one for one in then.schemes if one.period == period_of(str(head["period"])).kind and head["scheme"] in (None, one.code)]
    unknown = _unknown(now, asked, found, title)
    document = {
        **head,
        "totals": {
            **_sums(found.rows),
            "winners": len(winners),
            "gain_fen": sum(row.difference_fen for row in winners),
            "losers": len(losers),
            "loss_fen": -sum(row.difference_fen for row in losers),
            "unchanged": len(found.rows) - len(changed),
        },
        "by_scheme": _by(found.rows, lambda row: {"scheme": row.scheme}),
        "by_unit": _by(found.rows, lambda row: units.said(row.unit)),
        "by_tier": _by(found.rows, lambda row: {"scheme": row.scheme, "now_tier": row.now_tier, "then_tier": row.then_tier}),
        "winners": [_row(row, names, units) for row in winners],
        "losers": [_row(row, names, units) for row in losers],
        "not_known": [{"code": code, "count": count, "message": message} for code, count, message in unknown],
    }
    version = _("draft {version}").format(version=then.version) if head["draft"] else then.version
    heading = _("{plan} {version} beside {against}, {period}: as of {day}, log size {size}; nothing is recorded.").format(
        plan=then.code, version=version, against=now.version, period=head["period"], day=head["on"], size=head["known_at"]
    )
    sums = _sums(found.rows)
    total = _("Now {now} yuan, then {then} yuan: {difference} yuan; {winners} gain, {losers} lose, {same} keep what they have.").format(
        now=yuan(sums["now_fen"]),
        then=yuan(sums["then_fen"]),
        difference=_signed(sums["difference_fen"]),
        winners=len(winners),
        losers=len(losers),
        same=len(found.rows) - len(changed),
    )
    parts: list[Table | Text] = [Text((heading, total))]
    if found.rows:
        tiers = _tier_names(now, then)
        tier_rows = _by(found.rows, lambda row: _tier_words(row, title, tiers))
        heads = [Column(_("Scheme"), "scheme"), Column(_("Tier now"), "now_tier"), Column(_("Tier then"), "then_tier")]
        parts.append(Table([*heads, *_counts()], tier_rows, caption=_("By tier")))
        unit_rows = _by(found.rows, lambda row: {"unit": units.title(row.unit)})
        parts.append(Table([Column(_("Unit"), "unit"), *_counts()], unit_rows, caption=_("By unit")))
    for caption, some in ((_("Who would gain"), winners), (_("Who would lose"), losers)):
        if some:
            parts.append(_people(caption, [_row(row, names, units) for row in some], title))
    if unknown:
        parts.append(Text((_("What this cannot know:"), *(message for _code, _count, message in unknown))))
    return Answer(document, tuple(parts))


def _counts() -> list[Column]:
    return [
        Column(_("Students"), "students", "right", adds=True),
        Column(_("Now, yuan"), "now_fen"),
        Column(_("Then, yuan"), "then_fen"),
        Column(_("Difference, yuan"), "difference_fen"),
    ]


def _people(caption: str, rows: Sequence[Mapping[str, Any]], title: Mapping[str, str]) -> Table:
    shown = [{**row, "scheme": title.get(row["scheme"], row["scheme"]), "why": _(WHY.get(row["why"], row["why"]))} for row in rows]
    heads = [
        Column(_("Unit"), "unit"),
        Column(_("Student"), "student"),
        Column(_("Name"), "name"),
        Column(_("Scheme"), "scheme"),
        Column(_("Now, yuan"), "now_fen"),
        Column(_("Then, yuan"), "then_fen"),
        Column(_("Difference, yuan"), "difference_fen"),
        Column(_("Why"), "why"),
    ]
    return Table(heads, shown, caption=caption)


def _row(row: ReplayRow, names: Mapping[str, str], units: UnitNames) -> dict[str, Any]:
    return {
        "student": row.student,
        "name": names.get(row.student, ""),
        **units.said(row.unit),
        "scheme": row.scheme,
        "categories": list(row.categories),
        "now_tier": row.now_tier,
        "now_fen": row.now_fen,
        "then_tier": row.then_tier,
        "then_fen": row.then_fen,
        "difference_fen": row.difference_fen if row.then_fen is not None else None,
        "why": row.why,
        "clause": row.clause,
        "event": row.ref,
    }


def _sums(rows: Sequence[ReplayRow]) -> dict[str, int]:
    now, then = sum(row.now_fen for row in rows), sum(row.then_fen or 0 for row in rows)
    return {"now_fen": now, "then_fen": then, "difference_fen": then - now}


def _by(rows: Sequence[ReplayRow], of: Callable[[ReplayRow], Mapping[str, object]]) -> list[dict[str, object]]:
    """Sums over the rows of which `of` says the same, in the order of their first one."""
    groups: dict[tuple[object, ...], list[ReplayRow]] = {}
    for row in rows:
        groups.setdefault(tuple(of(row).values()), []).append(row)
    return [{**of(some[0]), "students": len(some), **_sums(some)} for some in groups.values()]


def _tier_names(*plans: Plan) -> dict[tuple[str, str | None], str]:
    return {(f"{plan.code}.{scheme.code}", tier.code): tier.name for plan in plans for scheme in plan.schemes for tier in scheme.tiers}


def _tier_words(row: ReplayRow, title: Mapping[str, str], tiers: Mapping[tuple[str, str | None], str]) -> dict[str, object]:
    said = {
        name: tiers.get((row.scheme, tier), tier or _("none")) for name, tier in (("now_tier", row.now_tier), ("then_tier", row.then_tier))
    }
    return {"scheme": title.get(row.scheme, row.scheme), **said}


def _signed(fen: int) -> str:
    return f"+{yuan(fen)}" if fen > 0 else yuan(fen)


def _unknown(now: Plan, then: Sequence[Scheme], found: Replay, title: Mapping[str, str]) -> list[tuple[str, int, str]]:
    """(code, how many, sentence) for whatever a version of a plan does not say."""
    said: list[tuple[str, int, str]] = []
    new = sum(row.why == "newly_covered" for row in found.rows)
    if new:
        told = _("{count} newly covered: whether they would have applied, and passed reviews, notices and objections.")
        said.append(("procedure_of_new_cases", new, told.format(count=new)))
    for scheme, amounts in found.waiting.items():
        told = _("{scheme}: {count} due by both versions and not awarded{then}; `mingzhang gaps` says why, no version does.")
        known = [fen for fen in amounts if fen is not None]
        then_text = _(" ({amount} yuan then)").format(amount=yuan(sum(known))) if len(known) == len(amounts) else ""
        named = told.format(scheme=title.get(scheme, scheme), count=len(amounts), then=then_text)
        said.append(("due_not_awarded", len(amounts), named))
    by_hand = sum(row.why in ("set_by_hand", "amount_outside_range") for row in found.rows)
    if by_hand:
        told = _("{count} amounts that an office sets by hand: what was set stays, within the other version's limits.")
        said.append(("amounts_by_hand", by_hand, told.format(count=by_hand)))
    unset = sum(row.then_fen is None for row in found.rows)
    if unset:
        told = _("{count} newly covered whose amount an office would set: no sum counts them.")
        said.append(("amounts_not_set", unset, told.format(count=unset)))
    if found.not_compared:
        told = _("{count} were never compared with the lists the other version asks for.")
        said.append(("lists_not_compared", found.not_compared, told.format(count=found.not_compared)))
    kinds = {clause.kind for one in then for clause in one.conditions.lists}
    kinds -= {clause.kind for one in now.schemes for clause in one.conditions.lists}
    if kinds:
        told = _("Who stands on the lists {kinds}: no case was compared with them.")
        said.append(("lists_differ", len(kinds), told.format(kinds="、".join(sorted(kinds)))))
    if found.drifted:
        told = _("{count} awards stand otherwise than the version that decided them would give by what is known now.")
        said.append(("awards_drifted", found.drifted, told.format(count=found.drifted)))
    forms = sorted(one.name for one in then if one.basis == "form" and one.kind != "loan")
    if forms:
        told = _("Who would have handed in a form for {schemes}: only forms that were handed in are counted.")
        said.append(("forms_not_handed_in", len(forms), told.format(schemes="、".join(forms))))
    other_steps = sorted(one.name for one in then if any(old.code == one.code and old.steps != one.steps for old in now.schemes))
    if other_steps:
        told = _("Whether the other steps of {schemes} would have been passed.")
        said.append(("steps_differ", len(other_steps), told.format(schemes="、".join(other_steps))))
    return said

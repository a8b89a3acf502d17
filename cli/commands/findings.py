"""`findings`: the audit rules over the ledger as it was on any day, as known at any time, and what was answered to each."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from mingzhang.domain.refusal import Refused

from ..bank.doubtful import accounts_of
from ..cases.named import masked_names
from ..i18n import _, ngettext
from ..intake.reveal import note_disclosure
from ..intake.units import UnitNames
from ..options import Globals, Verb, as_of_options, example, table_file_options, unit_option
from ..output import Answer, Column, Table, Text, remark, show, yuan
from ..session import Session
from ..words.findings import ANSWERS, OPEN, SEVERITIES, message

if TYPE_CHECKING:
    from mingzhang.projections.asof import AsOf
    from mingzhang.projections.findings import Audit, Found
    from mingzhang.projections.findings.afterwards import RepealedLate, ToldLate
    from mingzhang.projections.findings.switches import LaidDown, SwitchedOff


@click.command(
    cls=Verb, help=_("What an auditor would ask about: payments that the facts speak against, each with the facts that show it.")
)
@click.option("--rule", "rules", multiple=True, metavar="RULE", help=_("Only this rule; repeat it for several. Default: all."))
@unit_option(help=_("Only what concerns this unit or one below it (its id, or its name)."))
@click.option("--open", "only_open", is_flag=True, help=_("Only findings that nobody has answered."))
@click.option("--all", "everything", is_flag=True, help=_("Also what rules would have found that the plan does without."))
@click.option("--totals", is_flag=True, help=_("How many there are of each rule, open and answered, the gravest first."))
@click.option(
    "--with-reasons",
    "reveal",
    is_flag=True,
    help=_("Also the reasons given for what a plan laid down too late; needs the role for it, and who asked is recorded."),
)
@as_of_options
@table_file_options
@example(
    "mingzhang findings --rule paid_while_not_enrolled",
    "mingzhang findings --open",
    "mingzhang findings --totals --unit 师范系",
    "mingzhang --json findings --on 2020-04-25 --known-at 2020-06-30",
)
@click.pass_obj
def findings(
    globals: Globals,
    rules: tuple[str, ...],
    unit: str | None,
    only_open: bool,
    everything: bool,
    totals: bool,
    reveal: bool,
    on: date | None,
    known_at: Any,
) -> int:
    with Session(globals) as session:
        wanted = UnitNames(session).wanted(unit)
        as_of, told = audited(session, rules, on, known_at)
        if reveal:
            note_disclosure(session, "findings", [], [plan.top for plan in session.adopted_plans()])
        found = [one for one in told.found if (everything or not one.switched_off) and (not only_open or one.answer is None)]
        of_none = 0
        if wanted is not None:
            found, of_none = _within(session, as_of, wanted, found)
        document = counts(found) if totals else documents(session, found)
        foot = ngettext(
            "{count} finding, {yuan} yuan; on {day}, log size {size}.",
            "{count} findings, {yuan} yuan; on {day}, log size {size}.",
            len(found),
        )
        amount = yuan(sum(one.finding.amount_fen for one in found))
        foot = foot.format(count=len(found), yuan=amount, day=as_of.day, size=as_of.known_at)
        parts: list[Table | Text] = [counts_table(document, foot) if totals else _table(session, found, document, foot)]
        left_out = not_applied(told, _reasons(session, told) if reveal else {})
        if of_none:
            more = ngettext(
                "{count} more finding is about no unit (a fund, say): leave --unit out to see it.",
                "{count} more findings are about no unit (a fund, say): leave --unit out to see them.",
                of_none,
            )
            left_out.append(more.format(count=of_none))
        if globals.json:
            for sentence in left_out:
                remark(globals, sentence)
        elif left_out:
            parts.append(Text(tuple(left_out)))
        return show(globals, Answer(document, tuple(parts)), rehearsal=session.rehearsal)


def _within(session: Session, as_of: AsOf, unit: str, found: list[Found]) -> tuple[list[Found], int]:
    """Those that concern the unit or one below it, and how many others concern no unit at all."""
    from mingzhang.projections.findings.concerned import units_concerned
    from mingzhang.projections.register import units_below

    with session.engine.view(as_of) as view:
        within = units_below(view, unit)
        concerned = units_concerned(view, [one.finding for one in found])
    kept = [one for one, units in zip(found, concerned, strict=True) if units & within]
    return kept, sum(1 for units in concerned if not units)


def _table(session: Session, found: list[Found], document: list[dict[str, Any]], foot: str) -> Table:
    names = masked_names(session, [one.finding.subject for one in found])
    shown = [_shown(row, names.get(str(row["subject"]), "")) for row in document]
    one_rule = len({one.finding.rule for one in found}) == 1
    heads = [] if one_rule else [Column(_("Rule"), "rule")]
    heads += [
        Column(_("Severity"), "severity"),
        Column(_("Name"), "name"),
        Column(_("Subject"), "subject"),
        Column(_("Finding"), "message"),
        Column(_("Answer"), "state"),
        Column(_("Number"), "id"),
    ]
    return Table(heads, shown, caption=found[0].finding.rule if one_rule else "", foot=foot)


def counts(found: list[Found]) -> list[dict[str, Any]]:
    """For programs: severity, rule, open, answered, amount_fen; the gravest first."""
    from mingzhang.projections.findings.counting import counted

    return [row._asdict() for row in counted(found)]


def counts_table(rows: list[dict[str, Any]], foot: str = "", caption: str = "") -> Table:
    """As `counts` gives them."""
    heads = [
        Column(_("Severity"), "severity"),
        Column(_("Rule"), "rule"),
        Column(_("Not answered"), "open", "right", adds=True),
        Column(_("Answered"), "answered", "right", adds=True),
        Column(_("Amount"), "amount_fen"),
    ]
    return Table(heads, [{**row, "severity": _(SEVERITIES[row["severity"]])} for row in rows], caption=caption, foot=foot)


def counts_text(rows: list[dict[str, Any]]) -> str:
    """In a few words: how many are open, by severity, and how many answered."""
    if not rows:
        return _("none")
    still = [(severity, sum(row["open"] for row in rows if row["severity"] == severity)) for severity in SEVERITIES]
    grave = "、".join(_("{severity} {count}").format(severity=_(SEVERITIES[severity]), count=count) for severity, count in still if count)
    answered = sum(row["answered"] for row in rows)
    said = _("{open} open ({grave}), {answered} answered") if grave else _("{open} open, {answered} answered")
    return said.format(open=sum(count for _severity, count in still), grave=grave, answered=answered)


def audited(session: Session, rules: tuple[str, ...], on: date | None, known_at: Any) -> tuple[AsOf, Audit]:
    """What these rules found at a point, and the point. Refused `rule_unknown`."""
    from mingzhang.projections.findings import RULES, audit

    for rule in rules:
        if rule not in RULES:
            raise Refused("rule_unknown", rule=rule, rules=list(RULES))
    as_of = session.as_of(on, known_at)
    with session.engine.view(as_of) as view:
        return as_of, audit(view, session.ledger.journal, tuple(dict.fromkeys(rules)), accounts=accounts_of(session))


def documents(session: Session, found: list[Found]) -> list[dict[str, Any]]:
    """The findings for programs: `state` is open or answered; answer_kind, answered_on, answered_by of the newest answer."""
    units = UnitNames(session)
    return [_document(one, units) for one in found]


def _document(one: Found, units: UnitNames) -> dict[str, Any]:
    finding, answer = one.finding, one.answer
    facts = dict(finding.facts)
    if isinstance(named := facts.get("units"), list):
        facts["units"] = [units.title(unit) for unit in named]
    said = {
        "id": one.id,
        "also": list(one.also),
        "rule": finding.rule,
        "severity": finding.severity,
        "subject": finding.subject,
        "payment": finding.payment,
        "amount_fen": finding.amount_fen,
        "events": list(finding.events),
        "known_at_payment": finding.known_at_payment,
        "message": message(finding.rule, finding.amount_fen, finding.known_at_payment, facts),
        "state": "open" if answer is None else "answered",
        "answer_kind": answer.kind if answer is not None else None,
        "answered_on": answer.on if answer is not None else None,
        "answered_by": answer.by if answer is not None else None,
        "switched_off": one.switched_off,
        "switched_late": list(one.switched_late),
    }
    return {**said, **{name: value for name, value in facts.items() if name not in said}}


def _shown(row: dict[str, Any], name: str) -> dict[str, Any]:
    said = f"{_(ANSWERS[row['answer_kind']])} {row['answered_on']}" if row["answer_kind"] else _(OPEN)
    if row["switched_off"]:
        said = _("switched off")
    late = _(" {versions} would leave it out, but came on record after it.").format(versions="、".join(row["switched_late"]))
    message = row["message"] + (late if row["switched_late"] else "")
    return {**row, "name": name, "severity": _(SEVERITIES[row["severity"]]), "state": said, "message": message}


def not_applied(told: Audit, reasons: dict[str, str]) -> list[str]:
    """Which rules were not applied, or not looked at, why, and what that leaves out. reasons: of amendments, by `stream@version`, where
    they are to be shown."""
    sentences = [_switched(said, reasons) for said in told.switched_off]
    named = {said.ref for said in told.switched_off if said.late}
    for version in told.amended_late:
        if version.ref not in named:
            sentences.append(_amended(version))
    sentences += [_repealed(repeal) for repeal in told.repealed_late]
    sentences += [_told_again(day) for day in told.told_late]
    if told.without_plan:
        sentences.append(
            _("No plan is adopted: what a plan alone lays down (amounts, deadlines, figures) was not judged; see `mingzhang plan list`.")
        )
    if told.not_looked_at:
        sentences.append(_("Not looked at, since the keys are not at hand: {rules}.").format(rules="、".join(told.not_looked_at)))
    return sentences


def _switched(said: SwitchedOff, reasons: dict[str, str]) -> str:
    words = {
        **said._asdict(),
        "until": _("until {day}").format(day=said.until) if said.until else _("until further notice"),
        "text": said.clause_text,
        "reason": reasons.get(said.ref, ""),
    }
    if said.days is None:
        sentence = _("{rule} is not applied by plan {plan} from {since} {until}: {clause} ({text}).").format(**words)
    else:
        sentence = _("{rule} has the figure of {days} days by plan {plan} from {since} {until}: {clause} ({text}).").format(**words)
    if said.late:
        late = _(
            " Laid down later than its first day: {ref}, recorded on {recorded_on} by {by}; what had happened and stood on record by then"
            " stays a finding ({stay} such)."
        )
        sentence += late.format(**words)
        if said.ref in reasons:
            sentence += _(" The reason given: {reason}.").format(**words)
    if said.left_out:
        count = ngettext(
            " {left_out} finding is left out by it; --all shows it.",
            " {left_out} findings are left out by it; --all shows them.",
            said.left_out,
        )
        sentence += count.format(**words)
    return sentence


def _amended(version: LaidDown) -> str:
    """That a version was recorded after days on which it decides, and how to judge by what was laid down before."""
    sentence = _(
        "{ref} decides from {since} on and was recorded on {recorded_on} by {by}: what happened between is judged by its amounts and"
        " deadlines. `mingzhang findings --known-at {leaf}` judges by those before."
    )
    return sentence.format(**version._asdict())


def _repealed(repeal: RepealedLate) -> str:
    """That a plan was repealed for days that were over, and how to judge by it all the same."""
    sentence = _(
        "{ref} repeals the plan {plan} from {since} on and was recorded on {recorded_on} by {by}: of what happened between the plan says"
        " nothing any more. `mingzhang findings --known-at {leaf}` judges by it as before."
    )
    return sentence.format(**repeal._asdict())


def _told_again(day: ToldLate) -> str:
    """That a deadline was moved once it had passed, and how to judge by the one before."""
    sentence = _(
        "{ref} moves {name} of {plan} {period} from {former} to {day} and was recorded on {recorded_on} by {by}, when {former} had passed."
        " `mingzhang findings --known-at {leaf}` judges by the day before it was moved."
    )
    return sentence.format(**day._asdict())


def _reasons(session: Session, told: Audit) -> dict[str, str]:
    """What was given as the reason of each amendment that says so, by `stream@version`."""
    boxes = {said.ref: said.reason for said in told.switched_off if said.reason is not None}
    opened = session.vault.open_many(list(boxes.values()))
    return {ref: str((fields or {}).get("text", "")) for ref, fields in zip(boxes, opened, strict=True)}

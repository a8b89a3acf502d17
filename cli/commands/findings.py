"""`findings`: the audit rules over the ledger as it was on any day, as known at any time, and what was answered to each."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from mingzhang.domain.refusal import Refused

from ..bank.doubtful import accounts_of
from ..cases.named import masked_names
from ..i18n import _, ngettext
from ..intake.units import UnitNames
from ..options import Globals, Verb, as_of_options, example, table_file_options
from ..output import Answer, Column, Table, Text, remark, show, yuan
from ..session import Session
from ..words.findings import ANSWERS, OPEN, SEVERITIES, message

if TYPE_CHECKING:
    from mingzhang.projections.findings import Audit, Found


@click.command(
    cls=Verb, help=_("What an auditor would ask about: payments that the facts speak against, each with the facts that show it.")
)
@click.option("--rule", "rules", multiple=True, metavar="RULE", help=_("Only this rule; repeat it for several. Default: all."))
@click.option("--open", "only_open", is_flag=True, help=_("Only findings that nobody has answered."))
@click.option("--all", "everything", is_flag=True, help=_("Also what rules would have found that the plan does without."))
@as_of_options
@table_file_options
@example(
    "mingzhang findings --rule paid_while_not_enrolled",
    "mingzhang findings --open",
    "mingzhang --json findings --on 2020-04-25 --known-at 2020-06-30",
)
@click.pass_obj
def findings(
    globals: Globals, rules: tuple[str, ...], only_open: bool, everything: bool, on: date | None, known_at: Any
) -> int:
    with Session(globals) as session:
        as_of, told = audited(session, rules, on, known_at)
        found = [one for one in told.found if (everything or not one.switched_off) and (not only_open or one.answer is None)]
        names = masked_names(session, [one.finding.subject for one in found])
        document = documents(session, found)
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
        foot = ngettext(
            "{count} finding, {yuan} yuan; on {day}, log size {size}.",
            "{count} findings, {yuan} yuan; on {day}, log size {size}.",
            len(found),
        )
        total = sum(one.finding.amount_fen for one in found)
        foot = foot.format(count=len(found), yuan=yuan(total), day=as_of.day, size=as_of.known_at)
        caption = found[0].finding.rule if one_rule else ""
        parts: list[Table | Text] = [Table(heads, shown, caption=caption, foot=foot)]
        left_out = not_applied(told)
        if globals.json:
            for sentence in left_out:
                remark(globals, sentence)
        elif left_out:
            parts.append(Text(tuple(left_out)))
        return show(globals, Answer(document, tuple(parts)), rehearsal=session.rehearsal)


def audited(session: Session, rules: tuple[str, ...], on: date | None, known_at: Any) -> tuple[Any, Audit]:
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
    }
    return {**said, **{name: value for name, value in facts.items() if name not in said}}


def _shown(row: dict[str, Any], name: str) -> dict[str, Any]:
    said = f"{_(ANSWERS[row['answer_kind']])} {row['answered_on']}" if row["answer_kind"] else _(OPEN)
    if row["switched_off"]:
        said = _("switched off")
    return {**row, "name": name, "severity": _(SEVERITIES[row["severity"]]), "state": said}


def not_applied(told: Audit) -> list[str]:
    """Which rules were not applied, or not looked at, and why."""
    sentences = []
    for said in told.switched_off:
        until = _("until {day}").format(day=said.until) if said.until else _("until further notice")
        sentence = _("{rule} is not applied by plan {plan} from {since} {until}: {clause} ({text}).")
        sentences.append(
            sentence.format(rule=said.rule, plan=said.plan, since=said.since, until=until, clause=said.clause, text=said.clause_text)
        )
    if told.not_looked_at:
        sentences.append(_("Not looked at, since the keys are not at hand: {rules}.").format(rules="、".join(told.not_looked_at)))
    return sentences

"""`findings`: the audit rules over the ledger as it was on any day, as known at any time."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from mingzhang.domain.refusal import Refused

from ..cases.named import masked_names
from ..i18n import N_, _, ngettext
from ..options import Globals, Verb, as_of_options, example, table_file_options
from ..output import Answer, Column, Table, show, yuan
from ..session import Session

MESSAGES = {
    "paid_while_not_enrolled": N_(
        "Paid {amount} yuan on {paid_on}, but not enrolled since {effective_on} ({status}); {known}. Come back so far: {returned} yuan."
    ),
    "paid_without_complete_trail": N_("Paid {amount} yuan on {paid_on}, but the trail lacks: {gaps}."),
    "same_person_decided_twice": N_(
        "{staff} did this: {step}, on {decided_on}, and before it in the same case: {did}. {amount} yuan{known}."
    ),
    "decided_on_own_family": N_(
        "{staff} judged their own family ({steps}), last on {decided_on}; declared on {declared_on}. {amount} yuan{known}."
    ),
}
ACTS = {
    "survey": N_("survey"),
    "form": N_("application form"),
    "submitted": N_("application"),
    "returned": N_("sent back"),
    "review": N_("review"),
    "rejected": N_("review, rejected"),
    "exception": N_("exception"),
    "approval": N_("approval"),
    "refused": N_("award refused"),
    "suspended": N_("award suspended"),
    "resumed": N_("award resumed"),
    "revoked": N_("award revoked"),
    "taken": N_("objection taken down"),
    "decided": N_("objection decided"),
    "appealed": N_("appeal taken down"),
    "appeal": N_("appeal decided"),
    "clawback": N_("clawback raised"),
    "loan_applied": N_("loan applied for"),
    "loan_approved": N_("loan approved"),
    "loan_refused": N_("loan refused"),
    "loan_disbursed": N_("loan paid out"),
    "prepare": N_("batch prepared"),
    "check": N_("batch checked"),
    "release": N_("batch released"),
}
"""What somebody did in a case, as `did`, `step` and `steps` of a finding name it."""
SEVERITIES = {"high": N_("high"), "medium": N_("medium"), "low": N_("low")}


@click.command(
    cls=Verb, help=_("What an auditor would ask about: payments that the facts speak against, each with the facts that show it.")
)
@click.option("--rule", "rules", multiple=True, metavar="RULE", help=_("Only this rule; repeat it for several. Default: all."))
@as_of_options
@table_file_options
@example(
    "mingzhang findings --rule paid_while_not_enrolled",
    "mingzhang --json findings --on 2020-04-25 --known-at 2020-06-30",
)
@click.pass_obj
def findings(globals: Globals, rules: tuple[str, ...], on: date | None, known_at: Any) -> int:
    from mingzhang.projections.findings import RULES
    from mingzhang.projections.findings import findings as found_by

    for rule in rules:
        if rule not in RULES:
            raise Refused("rule_unknown", rule=rule, rules=list(RULES))
    with Session(globals) as session:
        as_of = session.as_of(on, known_at)
        with session.engine.view(as_of) as view:
            found = found_by(view, session.ledger.journal, tuple(dict.fromkeys(rules)))
        names = masked_names(session, [one.subject for one in found])
        document = [
            {
                "rule": one.rule,
                "severity": one.severity,
                "subject": one.subject,
                "payment": one.payment,
                "amount_fen": one.amount_fen,
                "events": list(one.events),
                "known_at_payment": one.known_at_payment,
                "message": message(one.rule, one.amount_fen, one.known_at_payment, one.facts),
                **one.facts,
            }
            for one in found
        ]
        shown = [{**row, "name": names.get(str(row["subject"]), ""), "severity": _(SEVERITIES[str(row["severity"])])} for row in document]
        one_rule = len({one.rule for one in found}) == 1
        heads = [] if one_rule else [Column(_("Rule"), "rule")]
        heads += [
            Column(_("Severity"), "severity"),
            Column(_("Name"), "name"),
            Column(_("Subject"), "subject"),
            Column(_("Finding"), "message"),
        ]
        foot = ngettext(
            "{count} finding, {yuan} yuan; on {day}, log size {size}.",
            "{count} findings, {yuan} yuan; on {day}, log size {size}.",
            len(found),
        )
        foot = foot.format(count=len(found), yuan=yuan(sum(one.amount_fen for one in found)), day=as_of.day, size=as_of.known_at)
        return show(
            globals,
            Answer(document, (Table(heads, shown, caption=found[0].rule if one_rule else "", foot=foot),)),
            rehearsal=session.rehearsal,
        )


def message(rule: str, amount_fen: int, known_at_payment: bool | None, facts: dict[str, object]) -> str:
    """The finding in a sentence, without a name."""
    from ..words.trail import gap_text

    known = _("the school knew it by then") if known_at_payment else _("the school learned of it later")
    if rule in ("same_person_decided_twice", "decided_on_own_family"):
        known = _(", not paid so far") if known_at_payment is None else _(", paid; {known}").format(known=known)
    returned, gaps, steps = facts.get("returned_fen"), facts.get("gaps"), facts.get("steps")
    words: dict[str, object] = {
        **facts,
        "amount": yuan(amount_fen),
        "known": known,
        "returned": yuan(returned) if isinstance(returned, int) else "",
        **{name: _(ACTS[str(facts[name])]) for name in ("did", "step") if name in facts},
        "steps": "、".join(_(ACTS[str(act)]) for act in steps) if isinstance(steps, list) else "",
        "gaps": "、".join(gap_text(str(code)) for code in gaps) if isinstance(gaps, list) else "",
    }
    return _(MESSAGES[rule]).format(**words)

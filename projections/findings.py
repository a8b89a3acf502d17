"""What an auditor would ask about: each rule is one function that lists what it found, with the facts that show it.

A rule judges by the view's two times: `known_at_payment` then says whether the office could have known when it paid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .finding import Finding as Finding
from .payments import paid_while_not_enrolled, payments
from .projection import View
from .separation import decided_on_own_family, same_person_decided_twice
from .trail import Log, trace

Rule = Callable[[View, Log], list[Finding]]


def money_paid_while_not_enrolled(view: View, journal: Log) -> list[Finding]:
    """Paid on a day on which, by what is known now, the student was on leave, gone or dead. The graver if it had been known."""
    return [
        Finding(
            rule="paid_while_not_enrolled",
            severity="high" if row.known_at_payment else "medium",
            subject=row.student,
            payment=row.payment,
            amount_fen=row.amount_fen,
            events=(row.ref, row.says),
            known_at_payment=row.known_at_payment,
            facts={
                "status": row.status,
                "effective_on": row.effective_on,
                "paid_on": row.paid_on,
                "returned_fen": row.returned_fen,
            },
        )
        for row in paid_while_not_enrolled(view)
    ]


def money_paid_without_complete_trail(view: View, journal: Log) -> list[Finding]:
    """Paid, and some link back to the survey row or the clause is missing from the log."""
    found = []
    for row in payments(view, stand="paid"):
        trail = trace(journal, row.payment, view.as_of.known_at)
        if not trail.complete:
            found.append(
                Finding(
                    rule="paid_without_complete_trail",
                    severity="high",
                    subject=row.student,
                    payment=row.payment,
                    amount_fen=row.amount_fen,
                    events=(row.ref,),
                    known_at_payment=None,
                    facts={"gaps": [gap.code for gap in trail.gaps], "paid_on": row.paid_on or ""},
                )
            )
    return found


RULES: dict[str, Rule] = {
    "paid_while_not_enrolled": money_paid_while_not_enrolled,
    "paid_without_complete_trail": money_paid_without_complete_trail,
    "same_person_decided_twice": same_person_decided_twice,
    "decided_on_own_family": decided_on_own_family,
}
"""Every rule there is, in the order in which findings are listed."""


def findings(view: View, journal: Log, rules: Sequence[str] = ()) -> list[Finding]:
    """What these rules (default: all) find, rule by rule, each in the order of subject and payment. KeyError for an unknown rule."""
    found: list[Finding] = []
    for name in rules or RULES:
        found += sorted(RULES[name](view, journal), key=lambda one: (one.subject, one.payment or ""))
    return found

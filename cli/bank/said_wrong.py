"""A payment was stopped because of its account: nothing goes to that number by whichever fact it is given again, until somebody clears it.

Numbers are compared here, since only the vault can; what is opened lives for the length of one question and is never shown.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mingzhang.domain.student.facts import SAID_WRONG
from mingzhang.domain.vault.tokens import normalised
from mingzhang.domain.vault.vault import Vault
from mingzhang.projections.account_facts import account_facts, said_wrong
from mingzhang.projections.boxes import boxes_of
from mingzhang.projections.findings.accounts import DoubtfulAccount, Use
from mingzhang.projections.projection import View
from mingzhang.projections.register.recognition import survivors

from .new_accounts import NewAccount


def accounts_said_wrong(vault: Vault, view: View, students: Collection[str], new: Sequence[NewAccount] = ()) -> list[DoubtfulAccount]:
    """Of the accounts in force of these students, and of `new` ones that no fact holds yet (their `account` is empty), those with a number
    that is said to be wrong."""
    merged = survivors(view)
    asked = {merged.get(student, student) for student in students}
    told = [one for one in said_wrong(view) if merged.get(one.student, one.student) in asked]
    if not told:
        return []
    people = {merged.get(one.student, one.student) for one in told}
    facts = account_facts(view, {file for file in {*merged, *people} if merged.get(file, file) in people})
    leaves = {fact.ref: fact.leaf for fact in facts}
    uses = [Use(fact.student, fact.ref) for fact in facts if fact.in_force]
    boxes = boxes_of(view, {leaves[ref] for ref in (*(one.account for one in told), *(use.account for use in uses)) if ref in leaves})
    opened = dict(zip(boxes, vault.open_many(list(boxes.values()), also_restricted=True), strict=True))

    def number(ref: str) -> str:
        return normalised("account", (opened.get(leaves.get(ref, -1)) or {}).get("account", ""))

    wrong = {(merged.get(one.student, one.student), number(one.account)): one for one in told if number(one.account)}
    found: list[DoubtfulAccount] = []
    for use, own in (
        *((use, number(use.account)) for use in uses),
        *((Use(one.student, ""), normalised("account", one.account)) for one in new),
    ):
        one = wrong.get((merged.get(use.student, use.student), own))
        if one is not None:
            found.append(DoubtfulAccount(SAID_WRONG, use, -1, (), (one.ref,), one.leaf))
    return found

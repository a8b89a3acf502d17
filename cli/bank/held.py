"""Which accounts a batch must not pay to unless somebody has cleared them: worked out here, since only the vault knows, and handed to the
command that prepares it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mingzhang.domain.money.doubts import Doubt
from mingzhang.domain.plan.adoption import scheme_to_pay
from mingzhang.projections.account_facts import account_facts
from mingzhang.projections.findings.accounts import Use
from mingzhang.projections.register.recognition import survivors

from ..cases.chosen import as_decided
from ..session import Session
from .doubtful import VaultAccounts
from .new_accounts import NewAccount
from .said_wrong import accounts_said_wrong


def doubts_about(session: Session, scheme: str, students: Collection[str], new: Sequence[NewAccount] = ()) -> tuple[Doubt, ...]:
    """What is doubtful about the accounts these students could be paid to, and about `new` ones that come with the command; nothing where
    the scheme is paid against signature."""
    found, _version = scheme_to_pay(session.streams, scheme, session.today)
    if found.channel == "signed" or not students:
        return ()
    of_household = found.payee == "household"
    accounts = VaultAccounts(session.vault)
    with as_decided(session) as view:
        suspects, merged = accounts.suspects(view), survivors(view)
        people = {merged.get(student, student) for student in students}
        suspected = {student for student in suspects if merged.get(student, student) in people}
        facts = [fact for fact in account_facts(view, suspected) if fact.in_force]
        doubtful = accounts.doubtful(view, [Use(fact.student, fact.ref, of_household) for fact in facts], new, of_household=of_household)
        doubtful += accounts_said_wrong(session.vault, view, students, new)
    return tuple(Doubt(one.use.student, one.account, one.code, one.others) for one in doubtful)

"""Money that went to an account nobody would expect: another student's as well, a member of staff's, or one in a stranger's name.

What two accounts have in common only the vault knows; a rule is told it fact by fact, and never an account. That somebody answered for an
account (`account.cleared`) lets money go there and does not make it less of a finding.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from sqlalchemy import select

from mingzhang.domain.student.facts import Doubtful

from ..account_facts import Judged, judged
from ..aid_steps import PAYMENT_STEP
from ..applications import all_equal
from ..finding import Finding, Severity
from ..projection import View
from .chains import Chain, Paid

if TYPE_CHECKING:
    from .sources import Sources

_AT_ONCE = 500

GRAVITY: dict[str, Severity] = {
    "account_shared_by_several_students": "high",
    "account_belongs_to_staff": "high",
    "account_name_not_student": "medium",
}


class Use(NamedTuple):
    """A student's money goes, or is to go, to the account that the fact `account` holds. of_household: the scheme lets it go to the head of
    the student's household: of whoever headed it on the day `on` (ISO) that it went, empty where it is still to go."""

    student: str
    account: str
    of_household: bool = False
    on: str = ""


class DoubtfulAccount(NamedTuple):
    """Why such an account is doubtful. number: the same for the same account, within one answer; others: the students who share it (the
    files that answer for them), or the staff whose it is; says: the facts that show it, those of the others; since: the leaf from which on
    the ledger could know; households: those of the students, where the sharing is across households."""

    code: Doubtful
    use: Use
    number: int
    others: tuple[str, ...]
    says: tuple[str, ...]
    since: int
    households: tuple[str, ...] = ()

    @property
    def account(self) -> str:
        return self.use.account


class Accounts(Protocol):
    """What the vault's tokens and boxes say of accounts, without giving any account."""

    def suspects(self, view: View) -> set[str]:
        """References of everybody of whom anything may turn out doubtful: the others need not be asked about."""

    def doubtful(self, view: View, uses: Collection[Use]) -> list[DoubtfulAccount]:
        """What is doubtful about these accounts by what the view knows, in no order; nothing of whoever has been erased."""


class PaidToDoubtful(NamedTuple):
    """So much of a payment was kept on a doubtful account: whether the ledger could know when the order left, and the clearing it relied
    on."""

    chain: Chain
    paid: Paid
    amount_fen: int
    doubt: DoubtfulAccount
    known: bool
    cleared: Judged | None


def account_belongs_to_staff(sources: Sources) -> list[Finding]:
    """Paid to the account to which somebody's wages go."""
    return [_of_one(one, staff=list(one.doubt.others)) for one in _found(sources, "account_belongs_to_staff")]


def account_name_not_student(sources: Sources) -> list[Finding]:
    """Paid to an account in a name that was never the student's, nor that of the head of the household where money may go there."""
    return [_of_one(one) for one in _found(sources, "account_name_not_student")]


def account_shared_by_several_students(sources: Sources) -> list[Finding]:
    """One finding for each account and period in which money went to it, though it is several students'."""
    groups: dict[tuple[int, str], list[PaidToDoubtful]] = {}
    for one in _found(sources, "account_shared_by_several_students"):
        groups.setdefault((one.doubt.number, one.chain.period), []).append(one)
    return [_of_account(period, sorted(group, key=lambda one: one.chain.payment)) for (_number, period), group in groups.items()]


def _of_account(period: str, group: list[PaidToDoubtful]) -> Finding:
    first = min(group, key=lambda one: one.paid.leaf)
    plans = {one.chain.scheme.partition(".")[0] for one in group}
    students = sorted({one.chain.person for one in group})
    payments = sorted({one.chain.payment for one in group})
    return Finding(
        rule="account_shared_by_several_students",
        severity=_severity("account_shared_by_several_students", all(one.cleared for one in group)),
        subject=students[0],
        payment=payments[0] if len(payments) == 1 else None,
        amount_fen=sum(one.amount_fen for one in group),
        events=_events(group),
        known_at_payment=any(one.known for one in group),
        facts={
            "period": period,
            "account_from": first.doubt.account,
            "plan": plans.pop() if len(plans) == 1 else None,
            "paid_on": max(one.paid.on for one in group),
            "students": students,
            "others": sorted({other for one in group for other in one.doubt.others} - set(students)),
            "payments": payments,
            "households": sorted({household for one in group for household in one.doubt.households}),
            **_clearing(group),
        },
    )


def _of_one(one: PaidToDoubtful, **facts: object) -> Finding:
    return Finding(
        rule=one.doubt.code,
        severity=_severity(one.doubt.code, one.cleared is not None),
        subject=one.chain.student,
        payment=one.chain.payment,
        amount_fen=one.amount_fen,
        events=_events([one]),
        known_at_payment=one.known,
        facts={"period": one.chain.period, "batch": one.paid.batch, "paid_on": one.paid.on, **facts, **_clearing([one])},
    )


def _severity(code: str, cleared: bool) -> Severity:
    return "low" if cleared else GRAVITY[code]


def _events(group: Sequence[PaidToDoubtful]) -> tuple[str, ...]:
    """The payments, the facts that hold the account, and those that show what is doubtful about it."""
    named = [one.paid.ref for one in group] + [one.doubt.account for one in group] + [ref for one in group for ref in one.doubt.says]
    return tuple(dict.fromkeys(named))


def _clearing(group: Sequence[PaidToDoubtful]) -> dict[str, object]:
    cleared = sorted({one.cleared.ref for one in group if one.cleared is not None})
    return {"cleared_by": cleared} if cleared else {}


def _found(sources: Sources, code: str) -> list[PaidToDoubtful]:
    return [one for one in sources.paid_to_doubtful if one.doubt.code == code]


def paid_to_doubtful(sources: Sources) -> list[PaidToDoubtful]:
    """What of every payment was kept on an account that is doubtful by what the view knows; nothing where no key is at hand."""
    if sources.accounts is None:
        return []
    view = sources.view
    suspects = {sources.person(one) for one in sources.accounts.suspects(view)}
    chains = [chain for chain in sources.chains if chain.kept_fen > 0 and chain.person in suspects]
    account_of = _accounts_paid(view, {chain.student for chain in chains})
    kept: list[tuple[Chain, Paid, Use]] = []
    for chain in chains:
        for paid in chain.paid:
            account = account_of.get((chain.payment, paid.batch)) if paid.kept_fen > 0 else None
            use = _use(sources, chain, paid, account) if account else None
            if use is not None:
                kept.append((chain, paid, use))
    doubts: dict[Use, list[DoubtfulAccount]] = {}
    for doubt in sources.accounts.doubtful(view, {use for *_, use in kept}):
        doubts.setdefault(doubt.use, []).append(doubt)
    cleared: dict[tuple[str, str, str], list[Judged]] = {}
    for one in judged(view) if doubts else ():
        cleared.setdefault((one.account, one.code, sources.person(one.student)), []).append(one)
    found = []
    for chain, paid, use in kept:
        for doubt in doubts.get(use, ()):
            answers = cleared.get((doubt.account, doubt.code, chain.person), ())
            clearing = next((one for one in reversed(answers) if one.others.issuperset(doubt.others)), None)
            found.append(PaidToDoubtful(chain, paid, paid.kept_fen, doubt, doubt.since < paid.left_at, clearing))
    return found


def _accounts_paid(view: View, students: Collection[str]) -> dict[tuple[str, str], str]:
    """(payment, batch) -> the fact whose box held the account of that attempt."""
    found: dict[tuple[str, str], str] = {}
    wanted = sorted(students)
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        points = view.points(PAYMENT_STEP, all_equal(student=part))
        for row in view.rows(select(points).where(points.c.account_from.is_not(None)).order_by(points.c.fact_leaf)):
            found[f"payment/{row.scheme}/{row.student}/{row.period}/{row.instalment}", row.batch] = row.account_from
    return found


def _use(sources: Sources, chain: Chain, paid: Paid, account: str) -> Use | None:
    """What the payment's scheme lets the money go to on that day; None where it is signed for and goes to no account."""
    scheme = sources.scheme_on(chain.scheme, paid.on)
    if scheme is not None and scheme.channel == "signed":
        return None
    of_household = scheme is not None and scheme.payee == "household"
    return Use(chain.student, account, of_household, paid.on if of_household else "")

"""What is known of the accounts money may go to: whose, by which fact, why doubtful, and who answers for them; shown with four digits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from mingzhang.domain.plan.adoption import scheme_to_pay
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.refusal import Refused
from mingzhang.domain.vault.masking import mask_account
from mingzhang.projections.account_facts import AccountFact, Judged, account_facts, judged
from mingzhang.projections.applications import applications
from mingzhang.projections.boxes import boxes_of
from mingzhang.projections.findings.accounts import DoubtfulAccount, Use
from mingzhang.projections.projection import View
from mingzhang.projections.register import same_person, survivors, units_below
from mingzhang.projections.register.recognition import STUDENT

from ..cases.named import masked_names
from ..session import Session
from .doubtful import VaultAccounts
from .said_wrong import accounts_said_wrong


@dataclass(frozen=True)
class AccountRow:
    """An account in force. doubts: why it is doubtful, each with the clearing that lets money go there all the same, if any does."""

    fact: AccountFact
    doubts: tuple[tuple[DoubtfulAccount, Judged | None], ...]

    @property
    def held(self) -> bool:
        """Whether no money goes there."""
        return any(cleared is None for _doubt, cleared in self.doubts)


def account_rows(
    session: Session, view: View, *, student: str | None = None, unit: str | None = None, period: str | None = None
) -> list[AccountRow]:
    """The accounts in force, in the order of students and of recording: of one person, of a unit and those below it, of a period."""
    facts = [fact for fact in account_facts(view, same_person(view, student) if student else None) if fact.in_force]
    if period is not None:
        facts = [fact for fact in facts if period in fact.ref.rpartition("@")[0].split("/") or fact.ref.startswith("student/")]
    if unit is not None:
        wanted, held = units_below(view, unit), view.held(STUDENT)
        of_unit = {row.student for row in view.rows(select(held.c.student, held.c.unit)) if row.unit in wanted}
        facts = [fact for fact in facts if fact.student in of_unit]
    accounts, merged = VaultAccounts(session.vault), survivors(view)
    suspects = accounts.suspects(view)
    schemes = _Schemes(session, view)
    facts = [fact for fact in facts if schemes.pays_to_accounts(fact)]
    uses = [Use(fact.student, fact.ref, schemes.of_household(fact)) for fact in facts if fact.student in suspects]
    by_fact: dict[str, list[DoubtfulAccount]] = {}
    wrong = accounts_said_wrong(session.vault, view, {fact.student for fact in facts})
    for doubt in (*accounts.doubtful(view, uses), *wrong):
        by_fact.setdefault(doubt.account, []).append(doubt)
    answers = judged(view) if by_fact else []

    def cleared(doubt: DoubtfulAccount) -> Judged | None:
        person = merged.get(doubt.use.student, doubt.use.student)
        for one in reversed(answers):
            same = (one.account, one.code) == (doubt.account, doubt.code) and merged.get(one.student, one.student) == person
            if same and one.others.issuperset(doubt.others):
                return one
        return None

    rows = [AccountRow(fact, tuple((doubt, cleared(doubt)) for doubt in by_fact.get(fact.ref, ()))) for fact in facts]
    return sorted(rows, key=lambda row: (row.fact.student, row.fact.leaf))


class _Schemes:
    """How the money of those goes who have applied: signed for, to the head of the household, or to the student's own account only."""

    def __init__(self, session: Session, view: View) -> None:
        self._session = session
        self._known: dict[str, Scheme | None] = {}
        self._of: dict[str, set[str]] = {}
        for row in applications(view):
            self._of.setdefault(row.student, set()).add(row.scheme)

    def pays_to_accounts(self, fact: AccountFact) -> bool:
        """False for the form of a scheme that is paid against signature."""
        scheme = self._scheme(fact.scheme) if fact.scheme else None
        return scheme is None or scheme.channel != "signed"

    def of_household(self, fact: AccountFact) -> bool:
        schemes = [self._scheme(code) for code in ((fact.scheme,) if fact.scheme else self._of.get(fact.student, ()))]
        return any(scheme is not None and scheme.payee == "household" for scheme in schemes)

    def _scheme(self, code: str) -> Scheme | None:
        if code not in self._known:
            try:
                self._known[code] = scheme_to_pay(self._session.streams, code, self._session.today)[0]
            except Refused:  # a plan that decides nothing any more pays nobody
                self._known[code] = None
        return self._known[code]


def shown_rows(session: Session, view: View, rows: Collection[AccountRow]) -> list[dict[str, Any]]:
    """The rows as they are printed: names and accounts masked."""
    boxes = boxes_of(view, [row.fact.leaf for row in rows])
    opened = dict(zip(boxes, session.vault.open_many(list(boxes.values())), strict=True))
    names = masked_names(session, [row.fact.student for row in rows])
    return [
        {
            "student": row.fact.student,
            "name": names.get(row.fact.student),
            "account": mask_account((opened.get(row.fact.leaf) or {}).get("account", "")),
            "account_from": row.fact.ref,
            "since": row.fact.since,
            "held": row.held,
            "doubts": [
                {
                    "code": doubt.code,
                    "others": list(doubt.others),
                    "households": list(doubt.households),
                    "cleared_by": cleared.ref if cleared else None,
                    "cleared_on": cleared.on if cleared else None,
                }
                for doubt, cleared in row.doubts
            ],
        }
        for row in rows
    ]

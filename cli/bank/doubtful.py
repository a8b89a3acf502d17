"""Whose is an account: the vault's tokens say who may share one, and only the boxes of those few are opened to be sure.

What is opened here lives for the length of one question and is never shown; the answer names people, staff and facts, no account.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import select

from mingzhang.domain.student.facts import Doubtful
from mingzhang.domain.values.text import person_name
from mingzhang.domain.vault.tokens import Kind, normalised
from mingzhang.domain.vault.vault import Vault
from mingzhang.projections.account_facts import AccountFact, HouseholdRow, account_facts, households, not_in_own_name
from mingzhang.projections.applications import all_equal
from mingzhang.projections.asof import AsOf
from mingzhang.projections.boxes import boxes_of
from mingzhang.projections.findings.accounts import DoubtfulAccount, Use
from mingzhang.projections.projection import View
from mingzhang.projections.register.offices import known_staff
from mingzhang.projections.register.recognition import DETAILS, STUDENT, survivors

from ..session import Session
from .new_accounts import NewAccount

Fields = Mapping[str, str]
_AT_ONCE = 500


@dataclass(frozen=True)
class _Held:
    """Somebody has this account: a student by a fact, or a member of staff (`staff`) by a line of the register. since: the leaf of the
    first fact by which they had it: said again later, it was no less known before."""

    person: str
    ref: str
    leaf: int
    since: int
    staff: str = ""


def accounts_of(session: Session) -> VaultAccounts | None:
    """What the session's vault knows of accounts; None where the keys are left out."""
    return None if session.globals.without_names else VaultAccounts(session.vault)


def let_accounts_be_found(session: Session) -> int:
    """Opens every box that holds an account and tells the vault its token anew; how many there are. An older vault that was put back knows
    nothing of accounts recorded since, and would miss what is shared."""
    vault = session.vault
    with session.engine.view(session.as_of(None, None)) as view:
        leaves = [*(fact.leaf for fact in account_facts(view)), *(row.leaf for row in known_staff(view))]
        boxes = list(boxes_of(view, leaves).values())
    opened = zip(boxes, vault.open_many(boxes, also_restricted=True), strict=True)
    known: list[tuple[Kind, str, str]] = [
        ("account", fields["account"], box.subject) for box, fields in opened if fields is not None and fields.get("account")
    ]
    vault.add_tokens(known)
    return len(known)


class VaultAccounts:
    """`Accounts` over one vault, for one question: it is asked once which accounts are shared. Refused as the vault's own calls."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @cached_property
    def _shared(self) -> list[tuple[bytes, str]]:
        return self._vault.shared("account")

    def suspects(self, view: View) -> set[str]:
        """Who has an account token in common with anybody, and whose account nobody has said to be in their own name."""
        return {subject for _token, subject in self._shared} | not_in_own_name(view)

    def doubtful(
        self, view: View, uses: Collection[Use], new: Collection[NewAccount] = (), *, of_household: bool = False
    ) -> list[DoubtfulAccount]:
        """As `Accounts.doubtful`; and of `new` accounts, which no fact holds yet, as uses whose `account` is empty and whose of_household
        is given apart."""
        return _Look(self._vault, self._shared, view, uses, new, of_household).found()


class _Look:
    """One question: what was read for it, and what it found."""

    def __init__(
        self,
        vault: Vault,
        tokens: Sequence[tuple[bytes, str]],
        view: View,
        uses: Collection[Use],
        new: Collection[NewAccount],
        of_household: bool,
    ) -> None:
        self._vault, self._tokens, self._view = vault, tokens, view
        self._new = {one.student: one for one in new}
        self._uses = [*uses, *(Use(student, "", of_household) for student in self._new)]
        self._merged = survivors(view)
        self._files: dict[str, list[str]] = {}
        for other, first in self._merged.items():
            self._files.setdefault(first, [first]).append(other)
        self._opened: dict[int, Fields] = {}

    def found(self) -> list[DoubtfulAccount]:
        if not self._uses:
            return []
        return [*self._held_by_others(), *self._in_other_names()]

    def _person(self, student: str) -> str:
        return self._merged.get(student, student)

    def _refs(self, people: Iterable[str]) -> set[str]:
        """Every reference of these people."""
        return {ref for person in map(self._person, people) for ref in self._files.get(person, (person,))}

    # Whose account is it besides

    def _held_by_others(self) -> list[DoubtfulAccount]:
        candidates = self._refs(self._sharing())
        asked = [use for use in self._uses if use.student in candidates]
        if not asked:
            return []
        facts = {fact.ref: fact for fact in account_facts(self._view, candidates)}
        wanted = {use.account for use in asked}
        staff = [row for row in known_staff(self._view, older=True) if row.person.subject in candidates]
        self._open(fact.leaf for fact in facts.values())
        holders: dict[str, list[_Held]] = {}
        account_of: dict[str, str] = {}
        first: dict[tuple[str, str], int] = {}
        for fact in facts.values():
            number, person = _number(self._opened.get(fact.leaf)), self._person(fact.student)
            since = first.setdefault((person, number), fact.leaf)
            if number and (fact.in_force or fact.ref in wanted):
                account_of[fact.ref] = number
                holders.setdefault(number, []).append(_Held(person, fact.ref, fact.leaf, since))
        newest = {row.staff: row.ref for row in staff}
        for row, opened in zip(staff, self._vault.open_many([row.person for row in staff], also_restricted=True), strict=True):
            number, person = _number(opened), self._person(row.person.subject)
            since = first.setdefault((row.staff, number), row.leaf)
            if number and newest[row.staff] == row.ref:
                holders.setdefault(number, []).append(_Held(person, row.ref, row.leaf, since, row.staff))
        at_home = households(self._view, candidates)
        numbers: dict[str, int] = {}
        found = []
        for use in asked:
            number = account_of.get(use.account, "") if use.account else normalised("account", self._new[use.student].account)
            if number:
                since = facts[use.account].leaf if use.account else self._view.size
                place = numbers.setdefault(number, len(numbers))
                others = [one for one in holders.get(number, ()) if one.person != self._person(use.student)]
                found += self._shared(use, place, since, [one for one in others if not one.staff], at_home)
                found += self._of_staff(use, place, since, [one for one in others if one.staff])
        return found

    def _sharing(self) -> set[str]:
        """References with an account token that another person has as well, or that is the token of a new account's."""
        by_token: dict[bytes, set[str]] = {}
        for token, subject in self._tokens:
            by_token.setdefault(token, set()).add(subject)
        found = {one for subjects in by_token.values() if len({self._person(one) for one in subjects}) > 1 for one in subjects}
        new = list(self._new.values())
        for one, subjects in zip(new, self._vault.find_many("account", [one.account for one in new]), strict=True):
            if subjects:
                found |= {one.student, *subjects}
        return found

    def _shared(
        self, use: Use, number: int, since: int, others: Sequence[_Held], at_home: Mapping[str, HouseholdRow]
    ) -> list[DoubtfulAccount]:
        """Brothers and sisters may share their household's account where the scheme pays to it."""
        if not others:
            return []
        people = sorted({one.person for one in others})
        homes = {person: self._home(person, at_home) for person in (self._person(use.student), *people)}
        if use.of_household and None not in homes.values() and len(set(homes.values())) == 1:
            return []
        across = tuple(sorted({home for home in homes.values() if home is not None}))
        known = min(one.since for one in others)
        # Of each, what was recorded nearest: of an account given anew every term, that of the same term.
        nearest = (min((one for one in others if one.person == person), key=lambda one: abs(one.leaf - since)) for person in people)
        says = tuple(one.ref for one in nearest)
        code: Doubtful = "account_shared_by_several_students"
        return [DoubtfulAccount(code, use, number, tuple(people), says, max(since, known), across)]

    def _of_staff(self, use: Use, number: int, since: int, others: Sequence[_Held]) -> list[DoubtfulAccount]:
        if not others:
            return []
        staff, says = tuple(sorted(one.staff for one in others)), tuple(one.ref for one in others)
        return [DoubtfulAccount("account_belongs_to_staff", use, number, staff, says, max(since, min(one.since for one in others)))]

    def _home(self, person: str, at_home: Mapping[str, HouseholdRow]) -> str | None:
        rows = [at_home[ref] for ref in self._refs([person]) if ref in at_home]
        return max(rows, key=lambda row: (row.by_itself, row.leaf)).household if rows else None

    # In whose name is it

    def _in_other_names(self) -> list[DoubtfulAccount]:
        students = {use.student for use in self._uses}
        facts = {fact.ref: fact for fact in account_facts(self._view, students, not_own=True)}
        asked = [use for use in self._uses if not use.account or use.account in facts]
        if not asked:
            return []
        names = _Names(self._vault, self._view, self._refs(use.student for use in asked), self._opened)
        self._open(facts[use.account].leaf for use in asked if use.account)
        found = []
        for use in asked:
            fact = facts.get(use.account)
            holder = self._opened.get(fact.leaf, {}).get("account_name") if fact else self._new[use.student].account_name
            refs = self._refs([use.student])
            if not holder or person_name(holder) in names.of(refs):
                continue
            if use.of_household and person_name(holder) in names.heads(refs, fact, use.on):
                continue
            since, says = (fact.leaf, (fact.ref,)) if fact else (self._view.size, ())
            found.append(DoubtfulAccount("account_name_not_student", use, -1, (), says, since))
        return found

    def _open(self, leaves: Iterable[int]) -> None:
        _open(self._vault, self._view, leaves, self._opened)


class _Names:
    """Under which names these people have been known, and who heads their households. opened: the boxes that are open already."""

    def __init__(self, vault: Vault, view: View, refs: Collection[str], opened: dict[int, Fields]) -> None:
        wanted = list(refs)
        leaves: dict[str, list[int]] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            files = view.history(STUDENT, all_equal(student=part))
            renamed = view.history(DETAILS, all_equal(student=part, field="name"))
            for history in (files, renamed):
                for row in view.rows(select(history.c.student, history.c.fact_leaf)):
                    leaves.setdefault(row.student, []).append(row.fact_leaf)
        facts = account_facts(view, wanted)
        for fact in facts:
            leaves.setdefault(fact.student, []).append(fact.leaf)
        self._vault, self._view, self._wanted = vault, view, wanted
        self._at_home: dict[str, dict[str, HouseholdRow]] = {}
        _open(vault, view, (leaf for some in leaves.values() for leaf in some), opened)
        self._opened = opened
        self._names = {
            student: {person_name(name) for leaf in some if (name := opened.get(leaf, {}).get("name"))} for student, some in leaves.items()
        }

    def of(self, refs: Iterable[str]) -> set[str]:
        """Every name they were ever registered or surveyed under: an account keeps the name it was opened in."""
        return {name for ref in refs for name in self._names.get(ref, ())}

    def heads(self, refs: Collection[str], fact: AccountFact | None, on: str = "") -> set[str]:
        """The head of the household as it was recorded by itself, else as the newest form has it, and as the form with the account has.
        on: as of that day, where anything was said of the household by then; a head who died later was the head."""
        rows = self._rows(refs, on) or self._rows(refs, "")
        leaves = {max(rows, key=lambda row: (row.by_itself, row.leaf)).leaf} if rows else set()
        if fact is not None and fact.household is not None and not any(row.by_itself for row in rows):
            leaves.add(fact.leaf)
        return {person_name(head) for leaf in leaves if (head := self._opened.get(leaf, {}).get("household_head"))}

    def _rows(self, refs: Iterable[str], on: str) -> list[HouseholdRow]:
        if on not in self._at_home:
            view = self._view
            then = View(view.connection, AsOf(date.fromisoformat(on), view.as_of.known_at), view.size) if on else view
            self._at_home[on] = households(then, self._wanted)
            _open(self._vault, view, (row.leaf for row in self._at_home[on].values()), self._opened)
        at_home = self._at_home[on]
        return [at_home[ref] for ref in refs if ref in at_home]


def _open(vault: Vault, view: View, leaves: Iterable[int], opened: dict[int, Fields]) -> None:
    """Opens the boxes of these facts that are not open yet; of whoever has been erased there is nothing any more."""
    boxes = boxes_of(view, set(leaves) - opened.keys())
    for leaf, fields in zip(boxes, vault.open_many(list(boxes.values()), also_restricted=True), strict=True):
        if fields is not None:
            opened[leaf] = fields


def _number(fields: Fields | None) -> str:
    return normalised("account", fields.get("account", "")) if fields else ""

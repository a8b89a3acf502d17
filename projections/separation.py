"""Separation of duties, replayed: whoever had a hand in a case before does not judge it, and nobody judges their own family.

Both rules hold when something is decided (`refuse_same_person`, `refuse_own_family`). What they could not know then is found here by what
is known now: two files that turned out to be one person, an interest declared later, two staff ids with one signing key, and whatever was
recorded under other rules. Batches, loans, objections and appeals as well as applications.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import select

from .finding import Finding
from .hands import (
    Hand,
    Line,
    OneKey,
    first_paid,
    hands,
    hands_of,
    hands_on,
    judged_by_an_earlier_hand,
    lines_in,
    lines_of,
    same_key,
)
from .projection import View
from .register.offices import INTEREST
from .register.recognition import MERGED, survivors

_BEFORE = frozenset({"survey", "form", "submitted"})
_STOPS = frozenset({"rejected", "refused", "revoked"})
_OF_OBJECTION = frozenset({"taken", "decided", "appealed", "appeal"})
_JUDGES_FAMILY = frozenset(
    {
        "returned", "review", "rejected", "exception", "approval", "refused", "suspended", "resumed", "revoked", "decided", "appeal",
        "clawback", "clawback_withdrawn", "clawback_reversed", "reassessed", "difference", "loan_approved", "loan_refused",
        "loan_disbursed", "check", "release",
    }
)  # fmt: skip


class _Pair(NamedTuple):
    """What one person did before, and what they should not have done after it."""

    before: Hand
    after: Hand


class _People:
    """Who is who by what is known now: merged files and staff ids with one key, each with the fact that shows it."""

    def __init__(self, view: View) -> None:
        self._survivors = survivors(view)
        held = view.held(MERGED)
        self._merges = {row.student: (row.ref, row.fact_leaf) for row in view.rows(select(held))}
        self._one_key: dict[str, OneKey] = same_key(view)
        self.merged = {*self._survivors, *self._survivors.values()}

    @property
    def shared_keys(self) -> bool:
        return bool(self._one_key)

    def student(self, ref: str) -> str:
        return self._survivors.get(ref, ref)

    def staff(self, staff: str) -> str:
        return self._one_key[staff].of if staff in self._one_key else staff

    def ids_of(self, staff: str) -> set[str]:
        one = self.staff(staff)
        return {one, *(other for other, key in self._one_key.items() if key.of == one)}

    def files_of(self, ref: str) -> set[str]:
        one = self.student(ref)
        return {one, *(other for other, survivor in self._survivors.items() if survivor == one)}

    def shown_by(self, students: Iterable[str], staff: Iterable[str]) -> dict[str, int]:
        """The facts, with their leaves, without which these files, or these staff ids, would not be one person's."""
        files, ids = set(students), set(staff)
        merges = (self._merges[one] for one in sorted(files) if len(files) > 1 and one in self._merges)
        keys = ((self._one_key[one].ref, self._one_key[one].leaf) for one in sorted(ids) if len(ids) > 1 and one in self._one_key)
        return dict([*merges, *keys])


def same_person_decided_twice(view: View) -> list[Finding]:
    """Somebody judged a case, a loan or a batch in which they had had a hand before."""
    people = _People(view)
    return [*_in_cases(view, people), *_in_batches(view, people)]


def _in_cases(view: View, people: _People) -> Iterator[Finding]:
    if people.shared_keys:
        acts = hands(view, lambda c: c.student != "")
    else:
        wanted = judged_by_an_earlier_hand(view) | {file for one in people.merged for file in people.files_of(one)}
        acts = hands_of(view, wanted) if wanted else []
    surveys: dict[tuple[str, str], list[Hand]] = {}
    cases: dict[tuple[str, str, str], list[Hand]] = {}
    for act in acts:
        person = people.student(act.student)
        if act.act == "survey":
            surveys.setdefault((person, act.period), []).append(act)
        else:
            cases.setdefault((person, act.scheme, act.period), []).append(act)
    for (person, scheme, period), own in cases.items():
        by_form = any(act.act == "form" for act in own)
        surveyed = [] if by_form or not scheme else surveys.get((person, period), [])
        for pair in _replayed([*surveyed, *own], people):
            yield _twice(view, people, person, scheme, period, pair, max((act.amount_fen for act in own), default=0))


def _replayed(acts: list[Hand], people: _People) -> Iterator[_Pair]:
    """The acts of one case in the order of the log, each held against what its actor had done in it before."""
    earlier: list[Hand] = []
    for act in sorted(acts, key=lambda one: one.leaf):
        if act.act in ("submitted", "returned"):  # handed in anew, it is reviewed anew
            undone = {"review", "exception"} if act.act == "submitted" else {"review"}
            earlier = [one for one in earlier if one.stream != act.stream or one.act not in undone]
        stop = next((one for one in reversed(earlier) if one.act in _STOPS and one.stream == act.about), None)
        excluded = [one for one in earlier if people.staff(one.actor) == people.staff(act.actor) and _excludes(one, act, stop)]
        if excluded:  # what was done in the student's own file comes first: the pair stays the same when another file is merged into it
            yield _Pair(next((one for one in excluded if one.student == act.student), excluded[0]), act)
        earlier.append(act)


def _excludes(before: Hand, after: Hand, stop: Hand | None) -> bool:
    """Whether having done the one excludes doing the other."""
    if after.act.startswith("loan_") or before.act.startswith("loan_"):
        return (before.act, after.act) in {
            ("loan_applied", "loan_approved"), ("loan_applied", "loan_refused"), ("loan_approved", "loan_disbursed"),
        }  # fmt: skip
    if after.act in ("decided", "appeal") and before.act in _OF_OBJECTION:
        return before.stream == after.stream
    if after.act == "appeal" and before is stop:
        return True
    if after.act not in ("review", "rejected", "exception", "approval", "refused", "decided", "appeal"):
        return False
    if before.act in _BEFORE:
        return True
    own = before.stream == after.about
    return own and (before.act in ("review", "exception") or (before.act == "approval" and after.act in ("decided", "appeal")))


def _twice(view: View, people: _People, person: str, scheme: str, period: str, pair: _Pair, amount_fen: int) -> Finding:
    before, after = pair
    shown = people.shown_by((before.student, after.student), (before.actor, after.actor))
    paid = first_paid(line for line in lines_of(view, people.files_of(person)) if (line.scheme, line.period) == (scheme, period))
    known = None if paid is None else max((after.leaf, *shown.values())) < paid.leaf
    return Finding(
        rule="same_person_decided_twice",
        severity="medium" if known is False else "high",
        subject=person,
        payment=paid.payment if paid else None,
        amount_fen=amount_fen,
        events=(before.ref, after.ref, *shown),
        known_at_payment=known,
        facts={
            "staff": after.actor,
            "did": before.act,
            "step": after.act,
            "case": after.about,
            "scheme": scheme,
            "period": period,
            "decided_on": after.effective_on,
        },
    )


def _in_batches(view: View, people: _People) -> Iterator[Finding]:
    acts = hands(view, lambda c: c.act.in_(("prepare", "check", "release")))
    for stream, group in groupby(sorted(acts, key=lambda one: (one.stream, one.leaf)), key=lambda one: one.stream):
        own = list(group)
        earlier: list[Hand] = []
        for act in own:
            before = next((one for one in earlier if people.staff(one.actor) == people.staff(act.actor)), None)
            if before is not None and before.act != act.act:
                shown = people.shown_by((), (before.actor, act.actor))
                paid = first_paid(lines_in(view, stream.partition("/")[2]))
                known = max((act.leaf, *shown.values())) < paid.leaf if paid is not None else None
                yield Finding(
                    rule="same_person_decided_twice",
                    severity="medium" if known is False else "high",
                    subject=stream.partition("/")[2],
                    payment=None,
                    amount_fen=max(one.amount_fen for one in (*earlier, act)),
                    events=(before.ref, act.ref, *shown),
                    known_at_payment=known,
                    facts={
                        "staff": act.actor,
                        "did": before.act,
                        "step": act.act,
                        "case": stream,
                        "scheme": next((one.scheme for one in own if one.scheme), None),
                        "decided_on": act.effective_on,
                    },
                )
            earlier.append(act)


def decided_on_own_family(view: View) -> list[Finding]:
    """Somebody judged a case of their own family, or passed a batch that pays it; by all interests declared up to now."""
    people = _People(view)
    held = view.held(INTEREST)
    found: list[Finding] = []
    told: set[tuple[str, str, str, str]] = set()  # declared of two files that are one person's, it is one finding
    for interest in view.rows(select(held).order_by(held.c.fact_leaf)):
        files, ids = people.files_of(interest.student), people.ids_of(interest.staff)
        paying = lines_of(view, files)
        judged = _judged(view, files, ids, paying)
        for scheme, period in sorted(judged):
            acts = judged[scheme, period]
            place = (people.student(interest.student), people.staff(interest.staff), scheme, period)
            if place in told:
                continue
            told.add(place)
            own = [line for line in paying if (line.scheme, line.period) == (scheme, period)]
            shown = people.shown_by(
                (interest.student, *(act.student for act in acts if act.student)), (interest.staff, *(act.actor for act in acts))
            )
            declared = max((interest.fact_leaf, *shown.values()))
            paid = first_paid(own)
            known = None if paid is None else declared < paid.leaf
            found.append(
                Finding(
                    rule="decided_on_own_family",
                    severity="high" if known or declared < acts[0].leaf else "medium",
                    subject=people.student(interest.student),
                    payment=paid.payment if paid else None,
                    amount_fen=_amount(acts, own),
                    events=(interest.ref, *(act.ref for act in acts), *shown),
                    known_at_payment=known,
                    facts={
                        "staff": acts[-1].actor,
                        "scheme": scheme,
                        "period": period,
                        "steps": [act.act for act in acts],
                        "decided_on": acts[-1].effective_on,
                        "declared_on": interest.effective_from,
                    },
                )
            )
    return found


def _judged(view: View, files: set[str], ids: set[str], paying: list[Line]) -> dict[tuple[str, str], list[Hand]]:
    """What these people judged about these students, and the batches of theirs that they passed, by scheme and period."""
    found: dict[tuple[str, str], list[Hand]] = {}
    batches = {f"batch/{line.batch}": (line.scheme, line.period) for line in paying if line.batch}
    passed = hands_on(view, batches, ids)
    for act in sorted([*hands_of(view, files, ids), *passed], key=lambda one: one.leaf):
        if act.act in _JUDGES_FAMILY:
            found.setdefault(batches.get(act.stream, (act.scheme, act.period)), []).append(act)
    return found


def _amount(acts: list[Hand], own: list[Line]) -> int:
    """What the case is about: the award's or the loan's amount, or what its payments were instructed for."""
    decided = [act.amount_fen for act in acts if act.student]
    return max(decided, default=0) or sum({line.payment: line.amount_fen for line in own}.values())

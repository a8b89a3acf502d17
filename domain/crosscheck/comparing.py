"""A comparison is recorded once as a whole, and in the stream of each application it concerns: there it blocks or permits the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..aid.application import existing_application
from ..aid.facts import CaseCompared, ListMatch
from ..aid.on_application import OnApplication
from ..command import Command, Context
from ..refusal import Refused
from ..streams import Event, Streams
from ..student.student import last_file
from ..survey.round import existing_round
from .crosscheck import COMPARERS, CrossCheck, received_list
from .facts import Finding, ListCompared, OnlyListed

COMPARED_STANDS = ("submitted", "returned", "approved", "suspended")
"""How an application may stand to be compared: an award already approved too, since a newer list may no longer name the student."""


@dataclass(frozen=True, kw_only=True)
class CompareLists(Command):
    """Records what a comparison of these lists found. `covers`: the units whose business it is."""

    name: ClassVar[str] = "CompareLists"
    roles: ClassVar[frozenset[str]] = COMPARERS
    comparison: str
    against: str
    unit: str | None = None
    covers: tuple[str, ...] = ()
    lists: tuple[str, ...]
    kinds_without_list: tuple[str, ...] = ()
    students: int
    not_ours: int = 0
    findings: tuple[Finding, ...] = ()
    only_listed: tuple[OnlyListed, ...] = ()

    def needs(self) -> tuple[str, ...]:
        return (f"crosscheck/{self.comparison}", *(f"crosscheck/{one}" for one in self.lists))

    def units(self, streams: Streams) -> tuple[str, ...]:
        return self.covers

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = streams.read(CrossCheck, self.comparison)
        if state.exists:
            raise Refused("crosscheck_exists", crosscheck=self.comparison)
        if not self.lists:
            raise Refused("list_missing", kinds=list(self.kinds_without_list))
        lists = [received_list(streams, one) for one in self.lists]
        self.refuse_out_of_time(context, *((one.as_of, one.received_ref) for one in lists))
        because = [one.received_ref for one in lists]
        kind, _, rest = self.against.partition("/")
        if kind == "round":
            because.append(existing_round(streams, rest).ref)
        fact = ListCompared(
            **self.stamp(context, *because),
            against=self.against,
            unit=self.unit,
            lists=self.lists,
            kinds=tuple(one.kind for one in lists),
            kinds_without_list=self.kinds_without_list,
            students=self.students,
            matched=sum(is_matched(one) for one in self.findings),
            unmatched=sum(bool(one.missing) for one in self.findings),
            differing=sum(match.name_differs for one in self.findings for match in one.matches),
            not_ours=self.not_ours,
            findings=self.findings,
            only_listed=self.only_listed,
        )
        return [(state.stream, fact)]


def _found(compared: ListCompared, student: str) -> tuple[ListMatch, ...]:
    return next((finding.matches for finding in compared.findings if finding.student == student), ())


def is_matched(finding: Finding) -> bool:
    """Whether a list names the student in a row that was taken in, as somebody (still) entitled."""
    return any(in_effect(match) for match in finding.matches)


def in_effect(match: ListMatch) -> bool:
    """Whether the row was taken in and does not say that the entitlement has ended."""
    return not match.refused and match.entitled is not False


@dataclass(frozen=True, kw_only=True)
class CompareCase(OnApplication):
    """Writes into an application's own stream what the comparison found; nothing where the same was found before."""

    name: ClassVar[str] = "CompareCase"
    roles: ClassVar[frozenset[str]] = COMPARERS
    comparison: str
    lists: tuple[str, ...]
    matches: tuple[ListMatch, ...] = ()

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case = existing_application(streams, self.application)
        if case.stand not in COMPARED_STANDS:
            raise Refused("application_not_open", application=case.stream, stand=case.stand)
        comparison = streams.read(CrossCheck, self.comparison)
        if comparison.compared is None:
            raise Refused("comparison_unknown", comparison=self.comparison)
        self.refuse_out_of_time(context, (case.submitted_on, case.submitted_ref))
        student = last_file(streams, case.student)
        if student.erased or student.restricted:  # compared with the others of the scheme, who go on
            return []
        if (self.lists, self.matches) != (comparison.compared.lists, _found(comparison.compared, case.student)):
            raise Refused("comparison_differs", application=case.stream, comparison=self.comparison)
        before = case.compared
        if before is not None and (before.lists, before.matches) == (self.lists, self.matches):
            return []
        because = (comparison.ref, case.submitted_ref, *(match.says for match in self.matches))
        fact = CaseCompared(**self.stamp(context, *because), comparison=self.comparison, lists=self.lists, matches=self.matches)
        return [(case.stream, fact)]

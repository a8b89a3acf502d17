"""A person is matched on a number and never on a name; a list is recorded once, superseded by a newer one, and its differences resolved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from mingzhang.domain.aid.facts import CaseCompared, ListMatch
from mingzhang.domain.command import Command
from mingzhang.domain.crosscheck.comparing import CompareCase, CompareLists
from mingzhang.domain.crosscheck.crosscheck import CrossCheck, ListPerson, ReceiveList, ResolveDifference, WithdrawList
from mingzhang.domain.crosscheck.facts import DifferenceResolved, Finding, ListCompared, ListReceived, PersonListed, RefusedPlace
from mingzhang.domain.crosscheck.kinds import claimed_kinds, kind_of_list
from mingzhang.domain.crosscheck.matching import Matcher, Ours, RefusedNaming, Theirs, may_be
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.plan.vocabulary import read_plan
from mingzhang.domain.refusal import Refused
from tests.college import S1, S2, SPRING, applied, appointed, case, opened
from tests.given import Given, Known, by, given, sealed
from tests.workbooks.made_up import number_of

AS_OF, DAY = date(2020, 2, 29), date(2020, 3, 20)
ACTOR = "reviewer-1"
LISTED = f"listing/l1/{S1}@1"
MATCH = ListMatch(crosscheck="l1", kind="特困", says=LISTED, value="集中供养", name_differs=True)


def receive(name: str = "l1", kind: str = "特困", on: date = AS_OF) -> ReceiveList:
    return ReceiveList(on=on, crosscheck=name, kind=kind, sources=(), files=1, rows=3, accepted=1, refused=2)


def person(student: str = S1, name: str = "l1") -> ListPerson:
    return ListPerson(on=AS_OF, crosscheck=name, student=student, category="集中供养", person=sealed(student))


def compare(*matches: ListMatch, name: str = "c1", lists: tuple[str, ...] = ("l1",), against: str = f"round/{SPRING}") -> CompareLists:
    findings = (Finding(student=S1, basis=f"{case()}@1", matches=matches, missing=() if matches else ("特困",)),)
    return CompareLists(comparison=name, against=against, covers=("college",), lists=lists, students=1, findings=findings)


def listed() -> Iterator[Known]:
    """One list of one person, and an application of theirs."""
    yield from opened()
    yield from applied(S1)
    yield by(ACTOR, receive())
    yield by(ACTOR, person())


def compared() -> Iterator[Known]:
    yield from listed()
    yield by(ACTOR, compare(MATCH))


def test_a_list_is_effective_on_the_day_it_was_drawn_up() -> None:
    stamp: dict[str, Any] = {"actor": ACTOR, "effective_on": AS_OF}
    received = ListReceived(**stamp, kind="特困", unit="college", as_of=AS_OF, files=1, rows=3, accepted=1, refused=2)
    said = PersonListed(
        **stamp, because=("crosscheck/l1@1",), crosscheck="l1", student=S1, kind="特困", category="集中供养", person=sealed(S1)
    )
    given(opened()).when(receive(), person(), actor=ACTOR).then(("crosscheck/l1", received), (f"listing/l1/{S1}", said))


def test_whoever_is_on_a_list_need_not_be_our_student() -> None:
    given(opened()).when(receive(), person("s-9999999999"), actor=ACTOR).accepted()


@pytest.mark.parametrize(
    ("command", "actor", "code"),
    [
        (receive(on=date(2020, 3, 26)), ACTOR, "effective_in_future"),
        (receive(), ACTOR, "crosscheck_exists"),
        (receive("l2"), "cashier-1", "role_missing"),
        (person(name="l9"), ACTOR, "list_unknown"),
        (WithdrawList(crosscheck="l9", reason=sealed(S1)), ACTOR, "list_unknown"),
        (WithdrawList(crosscheck="l1", reason=sealed(S1), on=date(2020, 2, 28)), ACTOR, "dated_before_basis"),
        (WithdrawList(crosscheck="l1", reason=sealed(S1)), "reviewer-2", "unit_not_covered"),
        (compare(lists=()), ACTOR, "list_missing"),
        (compare(lists=("l9",)), ACTOR, "list_unknown"),
        (compare(against="round/2019-spring"), ACTOR, "round_unknown"),
        (CompareCase(application=case(), comparison="c9", lists=("l1",)), ACTOR, "comparison_unknown"),
        (CompareCase(application=case(S2), comparison="c1", lists=("l1",)), ACTOR, "application_unknown"),
        (ResolveDifference(comparison="c9", crosscheck="l1", student=S1, right="ours", reason=sealed(S1)), ACTOR, "comparison_unknown"),
    ],
)
def test_what_makes_no_sense_is_refused(command: Command, actor: str, code: str) -> None:
    known = given(listed(), appointed("reviewer-2", "reviewer", "zongzhi"))
    known.when(command, actor=actor, at=date(2020, 3, 25)).refused(code)


def test_a_comparison_is_not_dated_before_its_lists() -> None:
    early = CompareLists(comparison="c1", against=f"round/{SPRING}", lists=("l1",), students=0, on=date(2020, 2, 28))
    given(listed()).when(early, actor=ACTOR).refused("dated_before_basis")


def test_a_withdrawn_list_is_compared_with_no_more() -> None:
    known = given(listed()).add(by(ACTOR, WithdrawList(crosscheck="l1", reason=sealed(S1))))
    known.when(compare(MATCH), actor=ACTOR).refused("list_withdrawn")


def test_a_comparison_counts_students_and_differences() -> None:
    fact = given(listed()).when(compare(MATCH), actor=ACTOR).only(ListCompared)
    assert (fact.students, fact.matched, fact.unmatched, fact.differing, fact.kinds) == (1, 1, 0, 1, ("特困",))


def test_an_application_learns_what_the_comparison_found_and_learns_it_once() -> None:
    write = CompareCase(application=case(), comparison="c1", lists=("l1",), matches=(MATCH,))
    outcome = given(compared()).when(write, actor=ACTOR)
    assert outcome.only(CaseCompared).because == ("crosscheck/c1@1", f"{case()}@1", LISTED)
    given(compared()).add(by(ACTOR, write)).when(write, actor=ACTOR).then()
    lost = CompareCase(application=case(), comparison="c2", lists=("l1",))
    known = given(compared()).add(by(ACTOR, write), by(ACTOR, compare(name="c2")))
    assert known.when(lost, actor=ACTOR).only(CaseCompared).matches == ()


def resolve(right: Any = "ours", student: str = S1) -> ResolveDifference:
    return ResolveDifference(comparison="c1", crosscheck="l1", student=student, right=right, reason=sealed(S1))


def test_a_resolution_names_both_sources() -> None:
    outcome = given(compared()).when(resolve(), actor=ACTOR)
    fact = outcome.only(DifferenceResolved)
    assert (fact.says, fact.ours, fact.because) == (LISTED, f"{case()}@1", ("crosscheck/c1@1", LISTED, f"{case()}@1"))
    assert outcome.state(CrossCheck, "l1").resolved == ((S1, LISTED, "crosscheck/l1@2", "ours"),)


def test_a_difference_is_resolved_anew_only_otherwise() -> None:
    known = given(compared()).add(by(ACTOR, resolve()))
    known.when(resolve(), actor=ACTOR).refused("difference_already_resolved")
    assert known.when(resolve("different-people"), actor=ACTOR).only(DifferenceResolved).corrects == "crosscheck/l1@2"


def test_only_a_difference_that_was_found_is_resolved() -> None:
    given(compared()).when(resolve(student=S2), actor=ACTOR).refused("difference_unknown")
    agreed = MATCH.model_copy(update={"name_differs": False})
    given(listed()).add(by(ACTOR, compare(agreed))).when(resolve(), actor=ACTOR).refused("difference_unknown")


def test_a_difference_is_resolved_by_somebody_of_the_students_unit() -> None:
    known: Given = given(compared(), appointed("reviewer-2", "reviewer", "zongzhi"))
    known.when(resolve(), actor="reviewer-2").refused("unit_not_covered")


OURS = Ours(S1, frozenset({S1}), "basis@1", "测试1", number_of(1), f"L{number_of(9)}")
ROW = Theirs("l1", "特困", LISTED, S1, "id_number", "集中供养", None, "测试1")


def found(ours: Ours = OURS, *rows: Theirs, refused: tuple[RefusedNaming, ...] = (), **more: Any) -> Finding | None:
    same = {f"L{number_of(9)}": (S1, S2)}
    return Matcher(rows, refused, more.pop("kinds", ("特困",)), same, **more).about(ours)


def explained(finding: Finding | None) -> tuple[list[tuple[str, bool]], str | None]:
    assert finding is not None
    return [(match.matched_on, match.name_differs) for match in finding.matches if not match.refused], finding.why


@pytest.mark.parametrize(
    ("row", "matches", "why"),
    [
        (ROW, [("id_number", False)], None),
        (ROW._replace(name="测试一"), [("id_number", True)], None),
        (ROW._replace(named_by="xueji"), [("xueji", False)], None),
        (ROW._replace(subject=S2), [("xueji", False)], None),  # another number, the same 学籍号
        (ROW._replace(subject="s-0000000007"), [], "not_found"),  # the same name alone is nobody
        (ROW._replace(entitled=False), [("id_number", False)], "no_longer_entitled"),
        (ROW._replace(name=""), [("id_number", False)], None),  # erased: nothing to compare
    ],
)
def test_each_person_has_an_explanation(row: Theirs, matches: list[tuple[str, bool]], why: str | None) -> None:
    assert explained(found(OURS, row)) == (matches, why)


def test_a_row_found_to_be_somebody_else_counts_no_more() -> None:
    finding = found(OURS, ROW._replace(name="测试一"), parted={(S1, LISTED)})
    assert explained(finding) == ([], "different_people")


NUMBER = number_of(1)
BAD = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")


def naming(subject: str, name: str, number: str) -> RefusedNaming:
    place = RefusedPlace(source="import/x/y@1", row=7, code="id_check_digit")
    return RefusedNaming("l1", "特困", place, subject, name, number)


@pytest.mark.parametrize(
    ("refused", "named"),
    [
        (naming(S1, "测试9", NUMBER), True),  # the number was right, something else was wrong
        (naming("p-1", "测试1", BAD), True),
        (naming("p-1", "测试1", ""), True),  # a number cell: nothing is left of it
        (naming("p-1", "测试1", "9.99000E+17"), True),
        (naming("p-1", "测试9", BAD), False),
        (naming("p-1", "测试1", number_of(2)), False),  # a right number is somebody else's
        (naming("p-1", "测试1", "110101199001011234"), False),
    ],
)
def test_a_refused_row_names_by_its_number_or_by_a_name_beside_a_bad_one(refused: RefusedNaming, named: bool) -> None:
    finding = found(OURS, refused=(refused,))
    assert finding is not None
    assert (finding.why, len(finding.refused)) == (("list_row_refused", 1) if named else ("not_found", 0))
    assert [match.refused for match in finding.matches] == ([True] if named else [])


def test_a_row_that_was_taken_in_makes_a_refused_one_of_the_same_kind_silent() -> None:
    finding = found(OURS, ROW, refused=(naming(S1, "测试1", NUMBER),))
    assert finding is not None and [match.refused for match in finding.matches] == [False]


@pytest.mark.parametrize(("written", "may"), [("", True), (NUMBER[:17], True), ("110101" + NUMBER[6:17], False), ("1" * 18, False)])
def test_a_number_stands_for_a_close_one_only(written: str, may: bool) -> None:
    assert may_be(written, NUMBER) is may


def test_of_a_survey_only_what_it_claims_is_missing_and_what_it_does_not_is_told() -> None:
    kinds = ("特困", "建档立卡")
    claims = (("建档立卡",),)
    finding = found(OURS._replace(claims=claims), ROW, kinds=kinds)
    assert finding is not None and (finding.missing, finding.unclaimed, finding.why) == (("建档立卡",), ("特困",), "not_found")
    assert found(OURS._replace(claims=()), kinds=kinds) is None


@pytest.mark.parametrize(
    ("categories", "written", "groups"),
    [
        (("低保",), (), (("城市低保", "农村低保"),)),  # on either list
        (("低保",), ("农村低保",), (("农村低保",),)),
        (("低保", "孤儿"), (), (("城市低保", "农村低保"), ("孤儿",))),
        (("其他",), (), ()),
    ],
)
def test_a_category_is_looked_for_on_the_lists_of_its_kind(
    categories: tuple[str, ...], written: tuple[str, ...], groups: tuple[tuple[str, ...], ...]
) -> None:
    assert claimed_kinds(categories, written, ("城市低保", "农村低保", "孤儿")) == groups


@pytest.mark.parametrize(
    ("written", "kind"),
    [("城市低保", "城市低保"), ("建档立卡户", "建档立卡"), ("特困人员", "特困"), ("残疾", "残疾"), ("单人户施保", "单人户施保")],
)
def test_a_kind_is_named_as_plans_do_or_by_a_synonym(written: str, kind: str) -> None:
    assert kind_of_list(written, [read_plan(bundled_text("sunan-2022"))]) == kind


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refused) as refused:
        kind_of_list("花名册", [])
    assert refused.value.code == "list_kind_unknown"
    assert {"建档立卡", "特困", "残疾", "农村低保"} <= set(refused.value.context["kinds"])  # type: ignore[call-overload]

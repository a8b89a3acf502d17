"""What a pairing owed by the plan of the day: helpers may be replaced in mid-quarter, pairings end and begin again, plans change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.pairing.allocation import AllocationSet
from mingzhang.domain.pairing.contact import ContactRecorded, ContactStruckOut
from mingzhang.domain.pairing.pairing import HelperReplaced, PairingEnded, PairingEstablished
from mingzhang.domain.plan.adoption import PlanAdopted, PlanAmended, PlanRepealed
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.projections.contacts import contacts, pairings
from mingzhang.projections.pairing_duties import missing, ratios
from mingzhang.projections.rules_in_force import rules_in_force
from tests.college import S1, S2, sha
from tests.given import sealed
from tests.projections.recorded import Event, Recorded, day

SAID: dict[str, Any] = {"actor": "staff-1"}
TEXT = bundled_text("liaoning-pairing")
CODE = "liaoning-pairing"
BEGUN = day(3, 20)


def adopted(since: date = date(2018, 4, 1)) -> Event:
    return f"plan/{CODE}", PlanAdopted(**SAID, effective_on=since, code=CODE, plan_version="1", text=TEXT, sha256=sha(TEXT))


def established(pairing: str = "k1", since: date = BEGUN, student: str = S1, household: str | None = None) -> Event:
    fact = PairingEstablished(
        **SAID, effective_on=since, kind="household", student=student, unit="shifan", helpers=("h1",), person=sealed(student),
        household=household,
    )  # fmt: skip
    return f"pairing/{pairing}", fact


def kept(contact: str, on: date, kind: Any = "call", helper: str = "h1", pairing: str = "k1", **more: Any) -> Event:
    return f"contact/{contact}", ContactRecorded(**SAID, effective_on=on, pairing=pairing, helper=helper, kind=kind, **more)


def lacking(log: Recorded, on: date, known_at: int | None = None) -> dict[str, dict[str, list[str]]]:
    with log.view(on, known_at) as view:
        found = missing(pairings(view), contacts(view), rules_in_force(view), on)
    return {pairing: {duty: names for duty, names in gaps.items() if names} for pairing, gaps in found.items()}


def test_a_helper_replaced_in_mid_quarter_leaves_the_quarter_whole(log: Recorded) -> None:
    log.record(adopted(), established(), kept("c1", day(4, 10), "visit"))
    log.record(("pairing/k1", HelperReplaced(**SAID, effective_on=day(5, 15), outgoing="h1", incoming="h2")))
    log.record(kept("c2", day(4, 2)), kept("c3", day(5, 20), helper="h2"), kept("c4", day(6, 1), helper="h2"))
    assert lacking(log, day(6, 30)) == {"k1": {}}


def test_a_pairing_ended_and_begun_again_owes_from_its_first_full_month_again(log: Recorded) -> None:
    log.record(adopted(), established())
    log.record(("pairing/k1", PairingEnded(**SAID, effective_on=day(6, 1), reason=sealed(S1))))
    log.record(established("k2", day(7, 10)))
    assert lacking(log, day(9, 30)) == {"k1": {"call": ["2020-04", "2020-05"]}, "k2": {"call": ["2020-08", "2020-09"]}}
    assert lacking(log, day(12, 31))["k2"]["visit"] == ["2020-Q4"]


def test_a_pairing_that_ended_on_the_last_day_of_a_month_did_not_owe_that_month(log: Recorded) -> None:
    log.record(adopted(), established())
    log.record(("pairing/k1", PairingEnded(**SAID, effective_on=day(5, 31), reason=sealed(S1))))
    assert lacking(log, day(12, 31)) == {"k1": {"call": ["2020-04"]}}


def test_a_contact_struck_out_keeps_nothing_but_did_so_as_known_before(log: Recorded) -> None:
    log.record(adopted(), established())
    (first,) = log.record(kept("c1", day(4, 3)))
    size = log.size
    log.record(("contact/c1", ContactStruckOut(**SAID, effective_on=day(5, 1), corrects=first, reason=sealed(S1))))
    assert lacking(log, day(4, 30)) == {"k1": {"call": ["2020-04"]}}
    assert lacking(log, day(4, 30), size) == {"k1": {}}


def test_what_is_owed_is_said_by_the_version_of_the_month(log: Recorded) -> None:
    log.record(adopted(day(5, 1)), established())
    assert lacking(log, day(7, 31))["k1"]["call"] == ["2020-05", "2020-06", "2020-07"]
    text = TEXT.replace('call = "monthly"', 'call = "quarterly"')
    amended = PlanAmended(
        **SAID, effective_on=day(7, 1), code=CODE, plan_version="2", text=text, sha256=sha(text), reason=sealed("t-1", text="synthetic")
    )
    size = log.size
    log.record((f"plan/{CODE}", amended))
    assert lacking(log, day(9, 30))["k1"]["call"] == ["2020-05", "2020-06", "2020-Q3"]
    assert lacking(log, day(7, 31), size)["k1"]["call"] == ["2020-05", "2020-06", "2020-07"]
    log.record((f"plan/{CODE}", PlanRepealed(**SAID, effective_on=day(9, 15), code=CODE, reason=sealed("t-1", text="synthetic"))))
    assert lacking(log, day(9, 30))["k1"] == {"call": ["2020-05", "2020-06"]}


def test_help_is_money_or_goods_of_whatever_worth(log: Recorded) -> None:
    log.record(adopted(), established(), established("k2", student=S2))
    log.record(kept("c1", day(6, 1), "visit", goods_given=True), kept("c2", day(6, 1), "visit", pairing="k2", problem_solved=True))
    found = lacking(log, day(3, 31, 2021))
    assert ("support" in found["k1"], found["k2"]["support"]) == (False, ["2020-04/2021-03"])
    assert (found["k1"]["problem_solved"], "problem_solved" in found["k2"]) == (["2020-04/2021-03"], False)


@pytest.mark.parametrize(("cadres", "needed", "ok"), [(6, 2, True), (7, 3, False)])
def test_a_unit_helps_one_household_for_three_cadres(log: Recorded, cadres: int, needed: int, ok: bool) -> None:
    log.record(adopted(), established(household="a"), established("k2", student=S2, household="a"), established("k3", household="b"))
    log.record(("allocation/shifan", AllocationSet(**SAID, effective_on=day(3, 1), unit="shifan", cadres=cadres, students=3)))
    with log.view(day(4, 1)) as view:
        (row,) = ratios(view, pairings(view), rules_in_force(view))
    assert (row.pairings, row.households, row.needed, row.kept) == (3, 2, needed, ok)


def test_an_ended_pairing_helps_no_household_any_more(log: Recorded) -> None:
    log.record(adopted(), established(household="a"))
    log.record(("allocation/shifan", AllocationSet(**SAID, effective_on=day(3, 1), unit="shifan", cadres=3, students=3)))
    log.record(("pairing/k1", PairingEnded(**SAID, effective_on=day(5, 1), reason=sealed(S1))))
    with log.view(day(4, 30)) as before, log.view(day(5, 1)) as after:
        counts = [ratios(view, pairings(view), rules_in_force(view))[0].households for view in (before, after)]
    assert counts == [1, 0]

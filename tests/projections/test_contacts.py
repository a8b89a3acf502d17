"""Who helps whom, and what was kept in each month and quarter."""

from __future__ import annotations

from typing import Any

from mingzhang.domain.pairing.contact import ContactCorrected, ContactRecorded, ContactStruckOut
from mingzhang.domain.pairing.pairing import HelperReplaced, HelpPlanAgreed, PairingEnded, PairingEstablished
from mingzhang.projections.contacts import contacts, kept_by_month, kept_by_quarter, pairings
from tests.college import S1
from tests.given import sealed
from tests.projections.recorded import Event, Recorded, day

SAID: dict[str, Any] = {"actor": "staff-1"}


def established(pairing: str = "k1", *helpers: str) -> Event:
    fact = PairingEstablished(
        **SAID, effective_on=day(3, 1), kind="household", student=S1, unit="shifan", helpers=helpers or ("h1",), person=sealed(S1)
    )
    return f"pairing/{pairing}", fact


def kept(contact: str, month: int, number: int, kind: Any = "call", **more: Any) -> Event:
    fact = ContactRecorded(**SAID, effective_on=day(month, number), pairing="k1", helper="h1", kind=kind, **more)
    return f"contact/{contact}", fact


def test_a_pairing_names_its_helpers_on_the_day(log: Recorded) -> None:
    log.record(established("k1", "h1", "h2"))
    log.record(("pairing/k1", HelperReplaced(**SAID, effective_on=day(4, 1), outgoing="h1", incoming="h3")))
    log.record(("pairing/k1", HelpPlanAgreed(**SAID, effective_on=day(4, 2), measures=sealed(S1))))
    log.record(("pairing/k1", PairingEnded(**SAID, effective_on=day(9, 1), reason=sealed(S1))))
    with log.view(day(3, 31)) as before, log.view(day(4, 2)) as after, log.view(day(9, 1)) as ended:
        assert [row.helpers for row in (*pairings(before), *pairings(after, unit="college"))] == [("h1", "h2"), ("h2", "h3")]
        assert [(row.until, row.plan_agreed_on) for row in (*pairings(after), *pairings(ended))] == [
            (None, "2020-04-02"),
            ("2020-09-01", "2020-04-02"),
        ]


def test_months_and_quarters_count_what_was_kept(log: Recorded) -> None:
    log.record(established(), kept("c1", 4, 1), kept("c2", 4, 30, "visit", money_fen=5_000), kept("c3", 5, 2, problem_solved=True))
    with log.view(day(6, 30)) as view:
        assert kept_by_month(view) == [("k1", "2020-04", 1, 1, 0, 1, 5_000, 0), ("k1", "2020-05", 1, 0, 0, 0, 0, 1)]
        assert kept_by_quarter(view, "k1") == [("k1", "2020-Q2", 2, 1, 0, 1, 5_000, 1)]


def test_a_corrected_contact_stands_in_the_place_of_the_one_it_corrects(log: Recorded) -> None:
    log.record(established())
    (first,) = log.record(kept("c1", 4, 1, text=sealed("h1", text="synthetic")))
    size = log.size
    right = ContactCorrected(**SAID, effective_on=day(4, 2), corrects=first, pairing="k1", helper="h1", kind="visit")
    (second,) = log.record(("contact/c1", right))
    with log.view(day(5, 1)) as now, log.view(day(5, 1), size) as then:
        assert [(row.kind, row.on) for row in (*contacts(now), *contacts(then))] == [("visit", "2020-04-02"), ("call", "2020-04-01")]
        assert contacts(then, helper="h1")[0].text == sealed("h1", text="synthetic")
    log.record(("contact/c1", ContactStruckOut(**SAID, effective_on=day(5, 1), corrects=second, reason=sealed(S1))))
    with log.view(day(5, 1)) as view:
        assert contacts(view, pairing="k1", helper="h1") == []

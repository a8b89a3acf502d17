"""Plan S6's three programmes agree with the data set's truth, to the row and to the fen: who applied, who may, why not, who was paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mingzhang.domain.aid.facts import FormRecorded
from tests.stories.conftest import Lives
from tests.stories.forms import Opened, places
from tests.stories.funan_2020 import SCHEMES, TRUTH, Lived, about

FILES = {file["path"]: file for file in TRUTH["files"]}
PROGRAMMES: dict[str, Any] = TRUTH["programmes"]
REASONS = {
    "stage_not_covered": "level",
    "grade_not_covered": "not_freshman",
    "not_on_list": "not_on_list",
    "policy_ended": "policy_ended",
    "outside_window": "outside_window",
}
NUMBERS = [row["id"] for one in PROGRAMMES.values() for row in (*one["eligible"], *one["refused"])]


@pytest.fixture(scope="module")
def lived(lives: Lives) -> Lived:
    found = lives("funan_2020")
    assert isinstance(found, Lived)
    return found


@pytest.fixture(scope="module")
def opened(lived: Lived) -> Iterator[Opened]:
    found = Opened(lived.stage, NUMBERS)
    yield found
    found.close()


@pytest.mark.parametrize("path", FILES)
def test_every_file_is_taken_in_as_the_truth_says(lived: Lived, path: str) -> None:
    truth, (said,) = FILES[path], lived.files[path]["files"]
    assert (said["rows"], said["accepted"]) == (truth["rows_seen"], truth["accepted"])
    assert sorted(map(str, places(said["refused"]))) == sorted(map(str, truth["refused"]))


@pytest.mark.parametrize("programme", SCHEMES)
def test_who_is_not_eligible_is_told_why(lived: Lived, opened: Opened, programme: str) -> None:
    truth, said = PROGRAMMES[programme], lived.checked[programme]
    assert said["checked"] == truth["applications"]
    told = {opened.number(row["application"]): REASONS[row["code"]] for row in said["ineligible"]}
    assert told == {row["id"]: row["reason"] for row in truth["refused"]}
    assert (said["eligible"], lived.refused[programme]["done"]) == (truth["eligible_count"], len(truth["refused"]))


@pytest.mark.parametrize("programme", SCHEMES)
def test_every_award_is_the_truths_to_the_row_and_to_the_fen(lived: Lived, opened: Opened, programme: str) -> None:
    listed = lived.stage.play("application", "list", *about(programme), "--stand", "approved")
    told = {opened.number(row["application"]): row["amount_fen"] for row in listed}
    assert told == {row["id"]: row["amount_fen"] for row in PROGRAMMES[programme]["eligible"]}
    assert sum(told.values()) == PROGRAMMES[programme]["total_fen"]


@pytest.mark.parametrize("programme", SCHEMES)
def test_every_case_lies_in_the_village_of_its_sheet(lived: Lived, opened: Opened, programme: str) -> None:
    rows = [*PROGRAMMES[programme]["eligible"], *PROGRAMMES[programme]["refused"]]
    wanted = {row["id"]: (row["file"].partition("-")[2].removesuffix(".xlsx"), row["sheet"]) for row in rows}
    units = {row["unit_id"]: row for row in lived.stage.play("unit", "list")}
    told = {}
    for row in lived.stage.play("application", "list", *about(programme)):
        village = units[row["unit_id"]]
        told[opened.number(row["application"])] = (units[village["under"]]["unit"], village["unit"])
    assert told == wanted


@pytest.mark.parametrize("programme", SCHEMES)
def test_everybody_awarded_is_paid_and_nothing_is_left_over(lived: Lived, programme: str) -> None:
    truth, said = PROGRAMMES[programme], lived.paid[programme]
    assert (said["prepared"]["payments"], said["prepared"]["amount_fen"]) == (truth["eligible_count"], truth["total_fen"])
    assert {row["code"] for row in said["prepared"]["excluded"]} == {"award_refused"}
    assert said["paid"]["amount_fen"] == truth["total_fen"]
    assert said["paid"].get("signed", said["paid"].get("paid")) == truth["eligible_count"]
    (fund,) = (row for row in lived.stage.play("fund", "balances") if row["fund"] == f"fund-{programme.lower()}")
    assert (fund["paid_fen"], fund["available_fen"], fund["reserved_fen"]) == (truth["total_fen"], 0, 0)


def test_who_applied_in_the_wrong_programme_is_told_which_one_is_theirs(lived: Lived, opened: Opened) -> None:
    own = {"county-grant": "P1", "yulu": "P5"}
    told = {}
    for programme, said in lived.checked.items():
        for row in said["ineligible"]:
            if row["code"] == "stage_not_covered":
                (*belongs, _end) = [own[code] for code in row["other_schemes"] if code in own] + [None]
                told[programme, opened.number(row["application"])] = belongs[0] if belongs else None
    assert told == {(row["programme"], row["id"]): row["belongs_to"] for row in TRUTH["wrong_programme"]}


def test_documents_that_are_missing_are_named_and_block_the_review_until_they_come(lived: Lived, opened: Opened) -> None:
    told = {
        opened.number(row["application"]): [name.replace("/", "或") for name in row["missing"]]
        for row in lived.checked["P1"]["documents_missing"]
    }
    assert told == {row["id"]: row["missing"] for row in TRUTH["documents_missing"]}
    first, second, _township = lived.reviewed
    eligible = {row["id"] for row in PROGRAMMES["P1"]["eligible"]}
    stopped = {opened.number(row["application"]): row["code"] for row in first["refused"]}
    assert stopped == dict.fromkeys(eligible & set(told), "documents_missing")
    assert (first["done"] + second["done"], second["refused"]) == (PROGRAMMES["P1"]["eligible_count"], [])


def test_the_two_grants_a_freshman_may_have_stand_beside_each_other(lived: Lived, opened: Opened) -> None:
    awarded = []
    for programme in ("P1", "P4"):
        listed = lived.stage.play("application", "list", *about(programme), "--stand", "approved")
        awarded.append({opened.number(row["application"]) for row in listed})
    assert sorted(awarded[0] & awarded[1]) == sorted(TRUTH["eligible_for_p1_and_p4"])


def test_accounts_that_several_students_share_are_told_by_households(opened: Opened) -> None:
    sharing: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for stream, fact in opened.facts:
        if isinstance(fact, FormRecorded) and fact.account_given:
            account = opened.session.vault.open_box(fact.person)["account"]
            sharing[account].add((opened.number(stream), fact.household))
    told = {
        account: (sorted({number for number, _household in who}), len({household for _number, household in who}))
        for account, who in sharing.items()
        if len({number for number, _household in who}) > 1
    }
    assert told == {row["account"]: (sorted(row["students"]), row["households"]) for row in TRUTH["shared_accounts"]}
    suspicious = {row["account"] for row in TRUTH["shared_accounts"] if row["suspicious"]}
    assert {account for account, (_students, households) in told.items() if households > 1} == suspicious


def test_the_accounts_of_more_than_one_household_are_held_until_somebody_answers_for_them(lived: Lived, opened: Opened) -> None:
    suspicious = [set(row["students"]) for row in TRUTH["shared_accounts"] if row["suspicious"]]
    assert sorted(opened.numbers[row["student"]] for row in lived.doubtful) == sorted(set().union(*suspicious))
    assert {doubt["code"] for row in lived.doubtful for doubt in row["doubts"]} == {"account_shared_by_several_students"}
    assert lived.stage.play("account", "list", "--doubtful") == []


def test_adopting_the_plan_says_that_two_notices_do_not_fit_into_nine_days(lived: Lived) -> None:
    told = [(row["code"], row["place"]) for row in lived.contradictions["contradictions"]]
    steps = "schemes.county-grant.steps"
    assert told == [("plan_steps_do_not_fit", f"{steps}.乡镇公示"), ("plan_steps_do_not_fit", f"{steps}.县审批")]


def test_two_notices_of_five_working_days_end_after_the_tenth_of_september(lived: Lived) -> None:
    village, township = lived.posted["village"], lived.posted["township"]
    assert {one["last_day"] for one in village} == {"2020-09-15"} and {one["last_day"] for one in township} == {"2020-09-23"}
    assert sum(one["cases"] for one in village) == sum(one["cases"] for one in township) == PROGRAMMES["P1"]["eligible_count"]
    early = lived.too_early["award"]
    assert (early.refused, early.document["context"]["earliest"]) == ("notice_missing", "2020-09-24")


def test_what_was_due_is_told_with_what_the_plan_made_late(lived: Lived) -> None:
    told = {(row["duty"], row["due_on"], row["state"], row["done_on"]) for row in lived.due if not row["duty"].startswith("notice/")}
    assert told == {
        ("county-grant-step-2", "2020-09-10", "done_late", "2020-09-16"),
        ("county-grant-step-4", "2020-09-10", "done_late", "2020-09-24"),
        ("county-grant-step-5", "2020-09-15", "done_late", "2020-09-24"),
        ("county-grant-paid-by", "2020-09-20", "done_late", "2020-09-25"),
        ("county-grant-paid-after-2020-09-25", "2020-10-05", "done", "2020-09-25"),
        ("county-grant-summary", "2020-10-30", "done", "2020-10-29"),
    }


def test_a_suspended_award_that_was_resumed_is_paid_with_the_others(lived: Lived) -> None:
    assert (lived.suspended, lived.paid["P1"]["prepared"]["payments"]) == ("suspended", PROGRAMMES["P1"]["eligible_count"])


def test_a_notice_for_freshmen_counts_calendar_days(lived: Lived) -> None:
    assert [(one["day_kind"], one["last_day"]) for one in lived.posted["P4"]] == [("calendar", "2020-09-06")]


def test_what_the_plan_leaves_open_is_asked_for(lived: Lived) -> None:
    assert lived.too_early["length"].refused == "notice_days_needed"


def test_a_notice_without_its_photo_is_not_complete(lived: Lived) -> None:
    assert lived.too_early["photo"].refused == "notice_evidence_missing"


def test_a_household_card_is_paid_in_the_name_of_its_head(lived: Lived, opened: Opened) -> None:
    sent = Path(lived.paid["P1"]["sent"]).read_text(encoding="gb18030")
    forms = [fact for _stream, fact in opened.facts if isinstance(fact, FormRecorded) and fact.scheme == "funan-2020.county-grant"]
    awarded = {row["id"] for row in PROGRAMMES["P1"]["eligible"]}
    people = [opened.session.vault.open_box(fact.person) for fact in forms if opened.numbers[fact.student] in awarded]
    assert [1 for person in people if f"{person['account']},{person['household_head']}," not in sent] == []


@pytest.mark.parametrize("programme", SCHEMES)
def test_a_payment_of_each_programme_is_traced_to_its_form_without_a_gap(lived: Lived, programme: str) -> None:
    payment = lived.stage.play("payment", "list", *about(programme))[0]["payment"]
    told = lived.stage.play("trace", payment)
    assert (told["complete"], told["gaps"]) == (True, [])
    assert {"application.form_recorded", "case.notice_passed"} <= {step["topic"] for step in told["steps"]}

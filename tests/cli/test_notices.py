"""`notice` and `unit calendar`: a list is hung up, masked, and lets its cases through when its days are over; objections and appeals."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.projections.evidence import Showing, documents_showing, evidence_rows
from tests.cli.aid_office import ACCOUNTS, SPRING, Office
from tests.workbooks.made_up import number_of, write_csv

APPROVAL = '[[schemes.steps]]\nkind = "approve"\n'
PERSONAL = ["姓名", "身份证号", "学籍号", "院系", "年级", "班级", "困难类别", "户籍地", "监护人", "联系电话", "银行卡号"]
POSTED, MEANWHILE, LAST, DONE = "2020-04-01", "2020-04-07", "2020-04-09", "2020-04-10"
POST = ("notice", "post", *SPRING, "--place", "教学楼一楼公告栏")


@pytest.fixture
def waiting(tmp_path: Path) -> Office:
    """Three students with everything on record that must not be hung up are reviewed, under a plan with a notice of five working days
    and a photo."""
    office = Office(tmp_path)
    office.done("administrator", "init", "--rehearsal", "--plan", "fuxin-2020", day="2020-03-01")
    step = '[[schemes.steps]]\nkind = "notice"\nname = "公示"\ndays = 5\nphoto = true\n\n'
    text = bundled_text("fuxin-2020").replace(APPROVAL, step + APPROVAL, 1).replace('version = "2020.1"', 'version = "2020.2"', 1)
    plan = tmp_path / "amended.toml"
    plan.write_text(text, encoding="utf-8")
    office.done("administrator", "plan", "amend", plan, "--reason", "测试", day="2020-03-01")
    office.done("clerk", "survey", "open", "2020-spring", day="2020-03-02")
    rows = [
        [f"测试{n}", number_of(n), f"G{number_of(n)}", "师范系", "2019级", f"{n}班", "低保", f"测试省测试村{n}组", f"测试监护{n}",
         f"1390000000{n}", ACCOUNTS[n]]
        for n in (1, 2, 3)
    ]  # fmt: skip
    file = write_csv(tmp_path / "survey.csv", [PERSONAL, *rows])
    office.done("surveyor", "survey", "import", file, "--round", "2020-spring", day="2020-03-10")
    office.done("applicant-clerk", "application", "submit", *SPRING, day="2020-03-16")
    office.done("reviewer", "application", "review", *SPRING, day="2020-03-18")
    return office


@pytest.fixture
def hanging(waiting: Office) -> Office:
    waiting.done("clerk", *POST, day=POSTED)
    return waiting


def the_notice(office: Office) -> str:
    (row,) = office.done("clerk", "notice", "list", day=POSTED)
    return str(row["notice"])


def case(office: Office, person: int) -> str:
    return f"application/fuxin-2020.grant/{office.student(person)}/2020-spring"


def photographed(office: Office) -> str:
    identifier = the_notice(office)
    photo = office.folder / "现场照片.jpg"
    photo.write_bytes(b"synthetic photo")
    office.done("clerk", "notice", "evidence", identifier, photo, day="2020-04-02")
    return identifier


def test_a_notice_says_until_when_it_hangs_and_by_which_calendar(waiting: Office) -> None:
    said = waiting.done("clerk", *POST, day=POSTED)
    assert {name: said[name] for name in ("cases", "days", "day_kind", "last_day", "earliest_completion", "unit", "unit_id")} == {
        "cases": 3,
        "days": 5,
        "day_kind": "workdays",
        "last_day": LAST,
        "earliest_completion": DONE,
        "unit": "市教育局",
        "unit_id": "bureau",
    }
    assert said["calendar"][0].startswith("chinesecalendar ")


def test_a_file_of_references_names_who_is_on_the_list(waiting: Office) -> None:
    file = waiting.folder / "references.txt"
    file.write_text(f"# one of them\n{case(waiting, 1)}\n", encoding="utf-8")
    assert waiting.done("clerk", *POST, "--unit", "师范系", file, day=POSTED)["cases"] == 1
    assert waiting.done("clerk", *POST, day=POSTED)["cases"] == 2


def test_where_nobody_waits_nothing_is_hung_up(hanging: Office) -> None:
    assert hanging.do("clerk", *POST, day=POSTED).refused == "notice_without_cases"


def test_a_step_the_plan_does_not_know_is_refused(waiting: Office) -> None:
    assert waiting.do("clerk", *POST, "--step", "村公示", day=POSTED).refused == "notice_step_unknown"


@pytest.mark.parametrize("words", [("notice", "list", "--public"), ("notice", "show", "{notice}", "--public")])
@pytest.mark.parametrize("plain", [False, True])
def test_the_public_list_holds_nothing_that_leads_to_anybody(hanging: Office, words: tuple[str, ...], plain: bool) -> None:
    words = tuple(word.format(notice=the_notice(hanging)) for word in words)
    file = hanging.folder / "list.csv"
    said = hanging.do("clerk", *words, *(("--csv", file) if plain else ()), day=POSTED)
    written = file.read_text(encoding="utf-8-sig") if plain else said.text
    assert (said.code, "测**" in written, "2019级" in written) == (0, True, True)
    for n in (1, 2, 3):
        number = number_of(n)
        numbers = [number, number[6:14], number[-6:], f"1390000000{n}", ACCOUNTS[n]]
        sealed = [*numbers, f"测试{n}", f"测试省测试村{n}组", f"测试监护{n}", "低保"]
        assert [value for value in sealed if value in written] == []
        assert hanging.student(n) not in written


def test_the_public_list_shows_these_fields_and_no_other(hanging: Office) -> None:
    (found,) = hanging.done("clerk", "notice", "list", "--public", day=POSTED)
    assert found["cases"][0].keys() == {"line", "name", "school", "unit", "grade", "class", "scheme", "tier"}
    assert sorted(one["class"] for one in found["cases"]) == ["1班", "2班", "3班"]
    assert {(one["unit"], one["scheme"], one["tier"]) for one in found["cases"]} == {("师范系", "贫困学生资助金", "二档")}


def test_the_list_for_the_wall_names_people_in_full_and_nothing_more_and_leaves_a_fact(hanging: Office) -> None:
    words = ("notice", "show", the_notice(hanging), "--public", "--for-the-wall")
    size = hanging.done("clerk", "status", day=POSTED)["size"]
    said = hanging.do("clerk", *words, day=POSTED)
    assert sorted(one["name"] for one in said.document["cases"]) == ["测试1", "测试2", "测试3"]
    numbers = [value for n in (1, 2, 3) for value in (number_of(n), f"1390000000{n}", ACCOUNTS[n], f"测试监护{n}")]
    assert [value for value in numbers if value in said.text] == []
    assert hanging.done("clerk", "status", day=POSTED)["size"] == size + 2  # the transaction and the disclosure


def test_only_the_office_that_posts_notices_prints_whole_names(hanging: Office) -> None:
    words = ("notice", "show", the_notice(hanging), "--public", "--for-the-wall")
    assert hanging.do("cashier", *words, day=POSTED).refused == "role_missing"
    assert hanging.do("clerk", *words[:3], "--for-the-wall", day=POSTED).code == 2


def test_a_list_whose_days_are_over_is_not_printed_for_hanging_up(hanging: Office) -> None:
    assert hanging.done("clerk", "notice", "list", "--public", day="2020-04-20") == []


def test_a_notice_is_not_complete_before_its_last_day_is_over(hanging: Office) -> None:
    said = hanging.do("clerk", "notice", "complete", photographed(hanging), day=LAST)
    assert (said.refused, said.document["context"]["earliest"]) == ("notice_running", DONE)


def test_a_notice_without_its_photo_is_not_complete(hanging: Office) -> None:
    assert hanging.do("clerk", "notice", "complete", the_notice(hanging), day=DONE).refused == "notice_evidence_missing"


def test_a_photo_is_kept_sealed_and_shows_nobody_until_somebody_says_so(hanging: Office) -> None:
    identifier = photographed(hanging)
    said = hanging.do("clerk", "notice", "evidence", identifier, hanging.folder / "现场照片.jpg", day="2020-04-03")
    assert said.refused == "notice_evidence_known"
    (photo,) = hanging.done("clerk", "evidence", "list", day="2020-04-03")
    assert (photo["state"], photo["shows"]) == ("kept", [])
    contents = [path.read_bytes() for path in hanging.ledger.rglob("*") if path.is_file()]
    assert [content for content in contents if b"synthetic photo" in content] == []
    out = hanging.folder / "photo.jpg"
    hanging.done("inspector", "evidence", "show", photo["sha256"], "--out", out, day="2020-04-03")
    assert out.read_bytes() == b"synthetic photo"


def test_a_photo_of_a_list_is_told_to_whoever_erases_somebody_on_it(hanging: Office) -> None:
    photographed(hanging)
    globals_ = Globals(str(hanging.ledger), "clerk", "en", json=True, quiet=True, now=None)
    with Session(globals_) as session, session.engine.view(session.as_of(None, None)) as view:
        (photo,) = evidence_rows(view)
        assert documents_showing(view, {hanging.student(1)}) == Showing((), (), (photo.sha256,))
        assert documents_showing(view, {"s-0000000001"}) == Showing((), (), ())


def test_a_complete_notice_lets_its_cases_be_approved_and_reminds_to_take_the_list_down(hanging: Office) -> None:
    identifier = photographed(hanging)
    assert hanging.do("approver", "award", "approve", *SPRING, day=LAST).document["refused"][0]["code"] == "notice_missing"
    said = hanging.done("clerk", "notice", "complete", identifier, day=DONE)
    assert (said["passed"], said["held"], said["to_withdraw"]) == (3, [], True)
    assert hanging.done("approver", "award", "approve", *SPRING, day=DONE)["done"] == 3
    states = [hanging.done("clerk", "notice", "list", "--on", on, day="2020-04-20")[0]["state"] for on in (LAST, DONE, "2020-04-12")]
    assert states == ["posted", "completed", "overdue_to_withdraw"]
    hanging.done("clerk", "notice", "withdraw", identifier, day="2020-04-20")
    assert hanging.done("clerk", "notice", "show", identifier, day="2020-04-20")["state"] == "withdrawn"


def test_an_objection_holds_one_case_until_the_notice_is_completed_again(hanging: Office) -> None:
    identifier, one = photographed(hanging), case(hanging, 1)
    raised = hanging.done("clerk", "objection", "raise", one, "--statement", "测试异议", day=MEANWHILE)["objection"]
    said = hanging.done("clerk", "notice", "complete", identifier, day=DONE)
    assert (said["passed"], said["held"]) == (2, [one])
    (row,) = hanging.done("clerk", "notice", "list", day=DONE)
    assert (row["cases"], row["passed"], row["held"]) == (3, 2, 1)
    hanging.done("inspector", "objection", "dismiss", raised, "--finding", "测试", day=DONE)
    assert hanging.done("clerk", "notice", "complete", identifier, day="2020-04-13")["passed"] == 1
    shown = hanging.done("clerk", "notice", "show", identifier, day="2020-04-13")["list"]
    assert {line["application"]: line["passed_on"] for line in shown}[one] == "2020-04-13"


def test_broken_off_with_a_reason_a_notice_can_be_hung_up_anew(hanging: Office) -> None:
    identifier = the_notice(hanging)
    assert hanging.do("clerk", "notice", "withdraw", identifier, day=MEANWHILE).refused == "notice_reason_needed"
    said = hanging.done("clerk", "notice", "withdraw", identifier, "--reason", "名单测试有误", day=MEANWHILE)
    assert said["early"] is True
    assert "名单测试有误".encode() not in (hanging.ledger / "journal.db").read_bytes()
    assert hanging.done("clerk", *POST, day=MEANWHILE)["cases"] == 3


def test_what_was_not_known_yet_is_not_shown(hanging: Office) -> None:
    size = hanging.done("clerk", "status", day=POSTED)["size"]
    hanging.done("clerk", "notice", "complete", photographed(hanging), day=DONE)
    (row,) = hanging.done("clerk", "notice", "list", "--known-at", size, day="2020-04-20")
    assert (row["completed_on"], row["photos"]) == (None, 0)


def test_a_notice_nobody_has_posted_is_unknown(waiting: Office) -> None:
    for words in (("show", "notice-00000000"), ("complete", "notice-00000000"), ("withdraw", "notice-00000000")):
        assert waiting.do("clerk", "notice", *words, day=POSTED).refused == "notice_unknown"


def test_a_list_can_be_written_to_a_file(hanging: Office) -> None:
    file = hanging.folder / "notices.csv"
    hanging.done("clerk", "notice", "list", "--csv", file, day=POSTED)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        assert any(the_notice(hanging) in row for row in csv.reader(lines))


# Objections and appeals.


def test_an_upheld_objection_to_a_paid_award_asks_the_money_back_and_an_appeal_may_undo_it(answered: Office) -> None:
    one = case(answered, 1)
    raised = answered.done("clerk", "objection", "raise", one, "--statement", "测试异议", day="2020-04-20")["objection"]
    refused = answered.do("approver", "objection", "uphold", raised, "--finding", "测试", day="2020-04-21")
    assert refused.refused == "same_person_decided_twice"
    said = answered.done("inspector", "objection", "uphold", raised, "--finding", "测试", day="2020-04-21")
    assert (said["application_stand"], said["clawback_fen"]) == ("revoked", 200_000)
    answered.done("administrator", "staff", "appoint", "inspector-2", "--role", "inspector", "--unit", "bureau", day="2020-04-21")
    assert answered.done("clerk", "objection", "appeal", one, "--statement", "测试申诉", day="2020-04-22")["objection"] == raised
    again = answered.done("inspector-2", "objection", "grant", raised, "--finding", "测试", day="2020-04-23")
    assert (again["application_stand"], again["held_by"]) == ("approved", [])
    assert answered.done("clerk", "payment", "show", one.removeprefix("application/") + "/1", day="2020-04-23")["clawback_fen"] == 0


def test_a_refused_case_goes_back_by_a_granted_appeal(surveyed: Office) -> None:
    surveyed.done("applicant-clerk", "application", "submit", *SPRING, day="2020-03-16")
    one = case(surveyed, 1)
    surveyed.done("approver", "award", "refuse", one, "--reason", "测试", day="2020-03-18")
    raised = surveyed.done("clerk", "objection", "appeal", one, "--statement", "测试申诉", day="2020-03-19")["objection"]
    assert [row["appeal_open"] for row in surveyed.done("clerk", "objection", "list", day="2020-03-19")] == [True]
    said = surveyed.done("inspector", "objection", "grant", raised, "--finding", "测试", day="2020-03-20")
    assert (said["decision"], said["application_stand"], said["held_by"]) == ("granted", "returned", [])


def test_a_rejected_appeal_changes_nothing(surveyed: Office) -> None:
    surveyed.done("applicant-clerk", "application", "submit", *SPRING, day="2020-03-16")
    one = case(surveyed, 1)
    surveyed.done("reviewer", "application", "review", one, "--reject", "--reason", "测试", day="2020-03-18")
    raised = surveyed.done("clerk", "objection", "appeal", one, "--statement", "测试申诉", day="2020-03-19")["objection"]
    said = surveyed.done("inspector", "objection", "reject", raised, "--finding", "测试", day="2020-03-20")
    assert (said["decision"], said["application_stand"], said["held_by"]) == ("rejected", "rejected", [])


# The calendar.


def test_a_known_year_says_where_it_is_read(surveyed: Office) -> None:
    said = surveyed.done("clerk", "unit", "calendar", "2020", day="2020-03-20")
    assert (said["workdays"], said["calendar"].partition(" ")[0]) == (249, "chinesecalendar")  # 251 as published, less two by the epidemic
    assert {"2020-01-31", "2020-10-08"} <= set(said["rest"])
    assert said["work"] == ["2020-01-19", "2020-04-26", "2020-05-09", "2020-06-28", "2020-09-27", "2020-10-10"]


def test_an_unknown_year_is_recorded_by_the_office_with_its_source(surveyed: Office) -> None:
    assert surveyed.done("clerk", "unit", "calendar", "2040", day="2020-03-20")["known"] is False
    source = surveyed.folder / "notice.txt"
    source.write_text("synthetic", encoding="utf-8")
    words = ("--rest", "2040-01-01..2040-01-03", "--rest", "2040-10-01", "--work", "2040-09-29", "--source", "测试文号")
    said = surveyed.done("administrator", "unit", "calendar", "2040", *words, "--evidence", source, day="2020-03-20")
    assert (said["known"], said["calendar"], said["source"]) == (True, "calendar/2040@1", "测试文号")
    assert (said["rest"], said["work"]) == (["2040-01-02", "2040-01-03", "2040-10-01"], ["2040-09-29"])


def test_days_without_their_source_are_not_recorded(surveyed: Office) -> None:
    assert surveyed.do("administrator", "unit", "calendar", "2040", "--rest", "2040-01-02", day="2020-03-20").code == 2


@pytest.mark.parametrize("written", ["2040-01-32", "2040-01-05..2040-01-02", "2040-01-01..2042-01-01", ".."])
def test_days_that_cannot_be_read_are_a_usage_error(surveyed: Office, written: str) -> None:
    words = ("--rest", written, "--source", "测试文号")
    assert surveyed.do("administrator", "unit", "calendar", "2040", *words, day="2020-03-20").code == 2


def test_the_list_to_be_taken_down_is_no_second_notice_to_be_posted_in_what_is_due(hanging: Office) -> None:
    rows = hanging.done("clerk", "due", "--on", DONE, day=DONE)
    assert [row["name"] for row in rows if row["source"] == "notice"] == ["贫困学生资助金：公示: take the list down"]


def test_a_period_of_another_kind_is_refused_with_both_kinds_in_words(waiting: Office) -> None:
    said = waiting.do("clerk", "notice", "post", "--scheme", "grant", "--period", "2020", "--place", "x", day=POSTED)
    assert (said.code, said.refused) == (1, "period_kind_differs")
    assert "2020 is a calendar year, but this scheme counts by term" in said.document["message"]


def test_a_year_the_program_knows_is_replaced_only_where_that_is_meant(surveyed: Office) -> None:
    words = ("unit", "calendar", "2020", "--rest", "2020-01-02", "--source", "synthetic")
    assert surveyed.do("administrator", *words, day="2020-03-20").refused == "calendar_known"
    assert surveyed.done("administrator", *words, "--replace", day="2020-03-20")["rest"] == ["2020-01-02"]

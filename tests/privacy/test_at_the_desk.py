"""What the offices see of somebody erased, restricted or held; what an import does with a row about them; and who has looked at whom."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from tests.cli.aid_office import ACCOUNTS, Office, bank_answer, export, release, returns_file
from tests.privacy.desk import LATER, erase, keep_no_longer, paid
from tests.workbooks.made_up import HEADER, number_of, row_of, write_csv

DAY = "2020-06-30"


def restrict(office: Office, person: str, *more: str, day: str = DAY) -> object:
    words = ("--reason", "监护人书面申请", "--until", "2051-01-01")
    return office.done("privacy-officer", "student", "restrict", person, *words, *more, day=day)


# Restricted


def test_somebody_restricted_is_neither_named_nor_found_nor_revealed(surveyed: Office) -> None:
    person = surveyed.student(1)
    restrict(surveyed, person)
    rows = surveyed.done("inspector", "roster", "--reveal", day=DAY)
    assert [row["name"] is None and row["id_number"] is None for row in rows if row["student"] == person] == [True]
    assert all(row["name"] for row in rows if row["student"] != person)
    assert surveyed.do("clerk", "student", "find", "--id-number", number_of(1), day=DAY).refused == "person_restricted"
    assert surveyed.do("inspector", "student", "show", person, "--reveal", day=DAY).refused == "person_restricted"
    assert "[restricted]" in surveyed.plain("clerk", "roster", day=DAY)


def test_what_was_awarded_to_somebody_restricted_is_paid(awarded: Office) -> None:
    person = awarded.student(1)
    restrict(awarded, person, day="2020-03-31")
    release(awarded)
    said = awarded.done("cashier", "payment", "export", "B1", "--bank-profile", "csv-gb18030", "--out", awarded.folder, day="2020-04-02")
    answer = bank_answer(Path(said["file"]), {})
    assert awarded.done("cashier", "payment", "reconcile", answer, "--batch", "B1", day="2020-04-11")["paid"] == 3


def test_nothing_new_is_recorded_about_somebody_restricted(surveyed: Office) -> None:
    person = surveyed.student(1)
    restrict(surveyed, person)
    words = ("student", "care-plan", person, "--period", "2020-spring", "--measures", "测试")
    assert surveyed.do("clerk", *words, day=DAY).refused == "person_restricted"


def test_a_restriction_that_is_lifted_shows_the_name_again(surveyed: Office) -> None:
    person = surveyed.student(1)
    restrict(surveyed, person)
    surveyed.done("privacy-officer", "student", "unrestrict", person, "--reason", "监护人撤回申请", day=DAY)
    assert surveyed.done("inspector", "student", "show", person, "--reveal", day=DAY)["id_number"] == number_of(1)


def test_a_restriction_is_in_force_in_every_command_at_once_and_after_older_keys_came_back(surveyed: Office) -> None:
    person = surveyed.student(1)
    keys = surveyed.ledger / "keys"
    older = {path.name: path.read_bytes() for path in keys.glob("vault.db*")}
    restrict(surveyed, person)
    for path in keys.glob("vault.db*"):
        path.unlink()
    for name, content in older.items():
        (keys / name).write_bytes(content)
        (keys / name).chmod(0o600)
    assert surveyed.do("inspector", "student", "show", person, "--reveal", day=DAY).refused == "person_restricted"


@pytest.mark.parametrize(
    "words",
    [("survey", "import", "--round", "2020-autumn"), ("survey", "correct", "--round", "2020-spring", "--reason", "测试")],
    ids=["survey", "correction"],
)
def test_a_row_about_somebody_restricted_is_refused_with_its_code(surveyed: Office, words: tuple[str, ...]) -> None:
    restrict(surveyed, surveyed.student(1))
    surveyed.done("clerk", "survey", "open", "2020-autumn", day="2020-09-01")
    file = write_csv(surveyed.folder / "again.csv", [HEADER, row_of(1, 院系="师范系", 困难类别="低保")])
    said = surveyed.do("surveyor", *words[:2], file, *words[2:], day="2020-09-02")
    refused = [one["code"] for one in said.document["files"][0]["refused"]]
    assert (said.code, refused) == (3, ["person_restricted"])


# Erased


def test_an_erased_students_return_by_the_register_is_a_new_file(released: Office) -> None:
    person = paid(released).student(1)
    erase(released, person)
    assert released.do("clerk", "student", "find", "--id-number", number_of(1), day=LATER).refused == "student_not_found"


def test_the_others_of_a_batch_can_still_come_back_from_the_bank(released: Office) -> None:
    """退票 of one line does not need the account of another, whose payee is known no more."""
    order = export(released)
    gone, back = order.with_name("gone.csv"), order.with_name("back.csv")
    released.done("cashier", "payment", "reconcile", bank_answer(order, {}), "--batch", "B1", day="2020-04-11")
    for name, number in ((gone, 1), (back, 2)):
        shutil.copy(returns_file(order, ACCOUNTS[number], "B1"), name)
    keep_no_longer(released)
    erase(released, released.student(1))
    assert released.do("cashier", "payment", "returns", gone, "--batch", "B1", day=LATER).refused == "person_erased"
    assert released.done("cashier", "payment", "returns", back, "--batch", "B1", day=LATER)["returned"] == 1


def test_a_reason_that_names_the_person_is_refused(released: Office) -> None:
    office = paid(released)
    person = office.student(1)
    name = office.done("inspector", "student", "show", person, "--reveal", day="2020-07-02")["name"]
    said = office.do("privacy-officer", "student", "erase", person, "--reason", f"{name}的父亲申请", day=LATER)
    assert said.refused == "reason_names_person" and name not in said.text
    for words in (("restrict",), ("hold", "--until", "open")):
        said = office.do("privacy-officer", "student", words[0], person, *words[1:], "--reason", f"查{name}", day=LATER)
        assert said.refused == "reason_names_person"
    office.done("inspector", "student", "hold", person, "--until", "open", "--reason", "审计", day=LATER)
    said = office.do("inspector", "student", "release", person, "--reason", f"{name}已查完", day=LATER)
    assert said.refused == "reason_names_person"


def test_a_helper_who_is_no_student_is_erased_by_the_reference(surveyed: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")  # wide enough to keep a mark on one line
    words = ("pairing", "establish", surveyed.student(1), "--helper", "测试帮扶人", "--unit", "师范系")
    surveyed.done("helper-clerk", *words, day=DAY)
    keep_no_longer(surveyed)
    [row] = surveyed.done("helper-clerk", "pairing", "list", day=DAY)
    helper = row["helpers"][0]["helper"]
    assert row["helpers"][0]["name"]
    surveyed.done("privacy-officer", "person", "erase", helper, "--reason", "本人申请删除", day=LATER)
    [after] = surveyed.done("helper-clerk", "pairing", "list", day=LATER)
    assert after["helpers"][0]["name"] == "[erased]"
    assert "〔已删除〕" in surveyed.plain("helper-clerk", "pairing", "list", day=LATER, language="zh")


def test_somebody_who_holds_an_office_is_not_erased(surveyed: Office) -> None:
    words = ("--role", "clerk", "--unit", "shifan", "--name", "测试九十")
    surveyed.done("administrator", "staff", "appoint", "T90", *words, day=DAY)
    keep_no_longer(surveyed)
    rows = (surveyed.ledger / "journal.db").read_bytes()
    assert "测试九十".encode() not in rows
    [ref] = [one for one in _subjects(surveyed, "staff/T90")]
    said = surveyed.do("privacy-officer", "person", "erase", ref, "--reason", "本人申请删除", day=LATER)
    assert (said.refused, said.document["context"]["open"]) == ("erasure_open_business", ["staff/T90"])


def _subjects(office: Office, stream: str) -> set[str]:
    from mingzhang.cli.options import Globals
    from mingzhang.cli.session import Session

    with Session(Globals(str(office.ledger), None, "zh", True, True, None)) as session:
        states = [json.loads(row.state) for row in session.ledger.journal.select_streams([stream])]
    return {state["person"]["subject"] for state in states if "person" in state}


def test_nobody_unknown_is_erased(surveyed: Office) -> None:
    for words, code in ((("student", "erase", "s-0000000000"), "student_unknown"), (("person", "erase", "p-0000000000"), "person_unknown")):
        assert surveyed.do("privacy-officer", *words, "--reason", "测试", day=DAY).refused == code


def test_a_file_that_is_held_is_not_erased_until_it_is_released(released: Office) -> None:
    office = paid(released)
    person = office.student(1)
    office.done("privacy-officer", "student", "hold", person, "--until", "open", "--reason", "审计期间封存", day="2020-12-01")
    words = ("student", "erase", person, "--reason", "监护人书面申请删除")
    assert office.do("privacy-officer", *words, day=LATER).refused == "legal_hold"
    office.done("privacy-officer", "student", "release", person, "--reason", "审计结束", day=LATER)
    office.done("privacy-officer", *words, day=LATER)


def test_the_list_of_erasures_holds_references_alone_and_is_what_a_restore_reads(released: Office) -> None:
    from mingzhang.cli.keeping.erasure_list import read_list

    office = paid(released)
    person = office.student(1)
    erase(office, person)
    file = office.folder / "erasures.json"
    [entry] = office.done("clerk", "student", "erasures", "--out", file, day=LATER)
    assert (entry["what"], entry["persons"], entry["files"]) == ("erased", [person], ["exports/代发-B1.csv"])
    ledger = json.loads((office.ledger / "ledger.json").read_text())["ledger_id"]
    said = read_list(file, ledger)
    assert (said.erased, said.restricted, said.held) == ((person,), (), {})


# Who looked


def test_who_looked_at_a_student_is_told_with_the_capacity(released: Office) -> None:
    person = released.student(1)
    released.done("inspector", "student", "show", person, "--reveal", day="2020-06-01")
    released.done("inspector", "student", "show", released.student(2), "--reveal", day="2020-06-02")
    released.done("cashier", "payment", "export", "B1", "--bank-profile", "csv-gb18030", "--out", released.folder, day="2020-06-03")
    looks = released.done("privacy-officer", "disclosure", "list", "--student", person, day="2020-06-04")
    told = [(one["actor"], one["acting_as"]["role"], one["query"].partition(" (")[0], one["students"]) for one in looks]
    assert told == [("inspector", "inspector", "student show", [person]), ("cashier", "cashier", "payment export B1", [person])]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--staff", "cashier"), 0),
        (("--staff", "inspector"), 2),
        (("--from", "2020-06-02"), 1),
        (("--until", "2020-06-01"), 1),
        (("--on", "2020-05-31"), 0),
        (("--known-at", "2020-06-01"), 1),
    ],
)
def test_looks_are_chosen_by_person_day_and_what_was_known(released: Office, words: tuple[str, ...], expected: int) -> None:
    for number, day in ((1, "2020-06-01"), (2, "2020-06-02")):
        released.done("inspector", "student", "show", released.student(number), "--reveal", day=day)
    assert len(released.done("privacy-officer", "disclosure", "list", *words, day="2020-06-04")) == expected


# Documents


def test_a_students_file_tells_of_the_documents_that_show_them(surveyed: Office) -> None:
    one, other = surveyed.student(1), surveyed.student(2)
    sha256 = with_scan(surveyed, one, other)
    for student, topics in ((one, ["evidence.kept", "evidence.shows_named"]), (other, ["evidence.kept", "evidence.shows_named"])):
        file = surveyed.done("clerk", "student", "show", student, day=DAY)["events"]
        assert [fact["topic"] for fact in file if fact["event"].startswith(f"evidence/{sha256}@")] == topics


PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")


def with_scan(office: Office, person: str, *others: str) -> str:
    """A card with its scan, which shows the student and these others; gives the scan's SHA-256."""
    scan = office.folder / "scan.png"
    scan.write_bytes(PNG)
    office.done("clerk", "student", "info-card", person, "--period", "2020-spring", day=DAY)
    office.done("clerk", "student", "info-card", person, "--period", "2020-spring", "--filed", "--scan", scan, day=DAY)
    sha256 = hashlib.sha256(PNG).hexdigest()
    for other in others:
        office.done("clerk", "evidence", "mark", sha256, "--student", other, day=DAY)
    return sha256


def sealed_files(office: Office) -> list[Path]:
    return sorted((office.ledger / "evidence").glob("*/*"))


def test_a_document_that_shows_the_student_alone_goes_with_them(surveyed: Office) -> None:
    person = surveyed.student(1)
    sha256 = with_scan(surveyed, person)
    keep_no_longer(surveyed)
    assert sealed_files(surveyed)
    assert erase(surveyed, person)["documents"] == [sha256]
    assert sealed_files(surveyed) == []
    assert [one["state"] for one in surveyed.done("inspector", "evidence", "list", day=LATER)] == ["erased"]


@pytest.mark.parametrize(("choice", "left"), [("keep", 1), ("erase", 0)])
def test_what_becomes_of_a_document_that_shows_others_too_must_be_said(surveyed: Office, choice: str, left: int) -> None:
    person = surveyed.student(1)
    sha256 = with_scan(surveyed, person, surveyed.student(2))
    keep_no_longer(surveyed)
    words = ("student", "erase", person, "--reason", "监护人书面申请删除")
    assert surveyed.do("privacy-officer", *words, day=LATER).refused == "documents_show_others"
    said = erase(surveyed, person, "--documents", choice)
    assert (said["documents"], said["documents_kept"]) == (([], [sha256]) if choice == "keep" else ([sha256], []))
    assert len(sealed_files(surveyed)) == left


# Words about others


def test_whoever_erases_is_told_which_other_words_name_the_person(released: Office) -> None:
    office = paid(released)
    person = office.student(1)
    name = office.done("inspector", "student", "show", person, "--reveal", day="2020-07-02")["name"]
    held = ("student", "hold", office.student(2), "--until", "2020-07-03")
    office.done("privacy-officer", *held, "--reason", f"与{name}一案", day="2020-07-02")
    [word] = erase(office, person)["words"]
    assert word["event"].startswith("student/") and word["subject"].startswith("t-")
    office.done("privacy-officer", "person", "erase", word["subject"], "--reason", "文字中有已删除的人", day=LATER)


def test_an_office_that_keeps_vouchers_shorter_than_the_national_rule_is_told_so(surveyed: Office) -> None:
    words = ("retention", "set", "vouchers")
    assert "at the least" in surveyed.do("privacy-officer", *words, 29, "--basis", "测试", day=DAY).text
    assert "at the least" not in surveyed.do("privacy-officer", *words, 30, "--basis", "测试", day=DAY).text


def test_a_helper_is_erased_by_an_officer_of_their_unit(surveyed: Office) -> None:
    pairing = ("pairing", "establish", surveyed.student(1), "--helper", "测试帮扶人", "--unit", "师范系")
    surveyed.done("helper-clerk", *pairing, day=DAY)
    keep_no_longer(surveyed)
    helper = surveyed.done("helper-clerk", "pairing", "list", day=DAY)[0]["helpers"][0]["helper"]
    for staff, unit in (("T81", "zongzhi"), ("T82", "shifan")):
        surveyed.done("administrator", "staff", "appoint", staff, "--role", "privacy-officer", "--unit", unit, day="2020-07-02")
    erase_helper = ("person", "erase", helper, "--reason", "本人申请删除")
    assert surveyed.do("T81", *erase_helper, day=LATER).refused == "unit_not_covered"
    surveyed.done("T82", *erase_helper, day=LATER)

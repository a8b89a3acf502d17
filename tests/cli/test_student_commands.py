"""One file for each student: found by number, shown masked, and in full only to whom the role allows it, after that was recorded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.stories import log
from tests.stories.player import Player
from tests.stories.practice import copy_of, import_words, new_ledger, properly, refusal, survey_file
from tests.workbooks.made_up import number_of

ZHAO = 7
NAME, NUMBER = f"测试{ZHAO}", number_of(ZHAO)
LATER = "2020-03-20T10:00:00"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Player:
    folder = tmp_path_factory.mktemp("practice")
    made = new_ledger(folder / "ledger")
    file = survey_file(folder / "师范系.xlsx", [ZHAO, 8, 9])
    made.play(*import_words(file), actor="surveyor", at="2020-03-16T10:00:00")
    return made


@pytest.fixture
def player(template: Player, tmp_path: Path) -> Player:
    return copy_of(template, tmp_path / "ledger")


@pytest.fixture
def student(player: Player) -> str:
    return str(player.play("student", "find", "--id-number", NUMBER)["student"])


def test_a_student_is_found_by_the_number_in_either_case(player: Player, student: str) -> None:
    assert student.startswith("s-")
    assert player.play("student", "find", "--id-number", NUMBER.lower())["student"] == student


@pytest.mark.parametrize(
    ("number", "code"), [("123", "id_malformed"), (NUMBER[:-1] + "?", "id_malformed"), (number_of(99), "student_not_found")]
)
def test_who_cannot_be_found_is_refused(player: Player, number: str, code: str) -> None:
    said = player.run("student", "find", "--id-number", number)
    assert refusal(said) == properly(code)
    assert number not in json.dumps(said.document)


def test_a_look_makes_nobody_known(player: Player, tmp_path: Path) -> None:
    vault = (player.ledger / "keys" / "vault.db").read_bytes()
    player.run("student", "find", "--id-number", number_of(99))
    assert (player.ledger / "keys" / "vault.db").read_bytes() == vault


def test_a_file_is_shown_masked_in_order_and_with_both_dates(player: Player, student: str) -> None:
    before = player.size()
    shown = player.play("student", "show", student)
    assert NAME not in json.dumps(shown, ensure_ascii=False)
    assert NUMBER not in json.dumps(shown)
    assert shown["name"].startswith("测")
    assert [event["topic"] for event in shown["events"]] == ["student.registered", "entry.recorded"]
    assert {(event["effective_on"], event["recorded_at"][:10]) for event in shown["events"]} == {("2020-03-16", "2020-03-16")}
    assert player.size() == before


@pytest.mark.parametrize("actor", ["inspector", "privacy-officer", "administrator"])
def test_whose_role_allows_it_sees_the_file_in_full_and_that_is_recorded(player: Player, student: str, actor: str) -> None:
    shown = player.play("student", "show", student, "--reveal", actor=actor, at=LATER)
    assert (shown["name"], shown["id_number"]) == (NAME, NUMBER)
    last = log.rows(player.ledger)[-1]
    said = json.loads(last.state)
    assert (last.topic, said["actor"], said["students"]) == ("disclosure.revealed", actor, [student])


@pytest.mark.parametrize(
    ("actor", "at", "code"),
    [
        ("surveyor", LATER, "role_missing"),
        ("approver", LATER, "role_missing"),
        ("nobody", LATER, "staff_unknown"),
        (None, LATER, "staff_needed"),
        ("inspector", "2020-03-01T10:00:00", "clock_behind"),
    ],
)
def test_where_the_look_cannot_be_recorded_nothing_is_shown(
    player: Player, student: str, actor: str | None, at: str, code: str
) -> None:
    before = player.size()
    for words in (("student", "show", student), ("roster",)):
        said = player.run(*words, "--reveal", actor=actor, at=at)
        assert refusal(said) == properly(code)
        assert NAME not in json.dumps(said.document, ensure_ascii=False) + said.stderr
    assert player.size() == before


def test_the_file_can_be_asked_for_as_it_was_known(player: Player, student: str) -> None:
    said = player.play("student", "correct", student, "--set", "phone=19900001234", "--reason", "换号", actor="clerk", at=LATER)
    assert said["corrected"] == ["phone"]
    assert len(player.play("student", "show", student)["events"]) == 3
    assert len(player.play("student", "show", student, "--known-at", "2020-03-19")["events"]) == 2


def test_a_correction_is_sealed(player: Player, student: str) -> None:
    player.play("student", "correct", student, "--set", "phone=19900001234", "--reason", "换号了", actor="clerk", at=LATER)
    files = b"".join(path.read_bytes() for path in player.ledger.glob("*.db*"))
    assert (b"19900001234" in files, "换号了".encode() in files) == (False, False)


@pytest.mark.parametrize("setting", ["phone", "phone=", "balance=1", "=1"])
def test_only_known_details_are_corrected(player: Player, student: str, setting: str) -> None:
    said = player.run("student", "correct", student, "--set", setting, "--reason", "x", actor="clerk", at=LATER)
    assert refusal(said) == properly("usage", 2)


@pytest.mark.parametrize("account", ["abc", "6.29963E+18", "12"])
def test_what_is_no_account_number_is_not_put_in_an_account_s_place(player: Player, student: str, account: str) -> None:
    before = player.size()
    said = player.run("student", "correct", student, "--set", f"account={account}", "--reason", "x", actor="clerk", at=LATER)
    assert (refusal(said), player.size()) == (properly("usage", 2), before)


def test_the_form_that_asks_for_a_correction_is_kept_with_it(player: Player, student: str) -> None:
    form = player.ledger.parent / "form.pdf"
    form.write_bytes(b"%PDF-1.4 synthetic form")
    words = ["student", "correct", student, "--set", "account=6299000000000031", "--reason", "x", "--evidence", str(form)]
    player.play(*words, actor="clerk", at=LATER)
    assert student in str(player.play("evidence", "list"))


def test_a_corrected_name_is_the_one_that_is_shown(player: Player, student: str) -> None:
    player.play("student", "correct", student, "--set", "name=更名七", "--reason", "户口簿更名", actor="clerk", at=LATER)
    shown = player.play("student", "show", student, "--reveal", actor="inspector", at="2020-03-21T10:00:00")
    assert shown["name"] == "更名七"


def test_a_corrected_identity_number_finds_the_student(player: Player, student: str) -> None:
    new = number_of(500)
    player.play("student", "correct", student, "--set", f"id_number={new}", "--reason", "录入有误", actor="clerk", at=LATER)
    assert player.play("student", "find", "--id-number", new)["student"] == student


def test_another_persons_identity_number_cannot_be_given(player: Player, student: str) -> None:
    before = player.size()
    words = ["student", "correct", student, "--set", f"id_number={number_of(8)}", "--reason", "录入有误"]
    said = player.run(*words, actor="clerk", at=LATER)
    assert (refusal(said), player.size()) == (properly("id_number_taken"), before)


def test_a_refused_correction_leaves_the_new_number_to_whoever_it_belongs_to(player: Player, student: str) -> None:
    new = number_of(501)
    words = ["student", "correct", student, "--set", f"id_number={new}", "--reason", "录入有误"]
    assert player.run(*words, actor="reviewer", at=LATER).refused == "role_missing"
    assert player.run("student", "find", "--id-number", new).refused == "student_not_found"

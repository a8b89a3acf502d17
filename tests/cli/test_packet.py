"""`packet` and `gaps`: the season's set at one point of both time axes, each file the answer of the command beside it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from mingzhang.cli.app import cli
from tests.cli.aid_office import SPRING, Office, approve_all
from tests.cli.test_diff import withdrawn_late

DAY = "2020-06-30"


def packet(office: Office, out: Path, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = office.done("inspector", "packet", "--out", out, "--on", DAY, *words, day=DAY)
    return found


def gaps(office: Office, *words: str, on: str = DAY) -> list[tuple[str, str, str | None]]:
    found = office.done("inspector", "gaps", "--scheme", "grant", *words, "--on", on, day=DAY)
    return sorted((row["gap"], row["why"], row["student"]) for row in found)


def sheet(file: Path) -> list[list[object]]:
    return [[*row] for row in CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()]


def test_the_cover_says_what_each_file_rests_on(answered: Office, tmp_path: Path) -> None:
    out = tmp_path / "packet"
    size = answered.done("inspector", "status", day=DAY)["size"]
    said = packet(answered, out)
    (cover,) = out.glob("00-*.xlsx")
    rows = [row for row in sheet(cover) if len(str(row[6])) == 64]
    filed = [one for one in said["sections"] if one["file"]]
    assert [row[2] for row in rows] == [one["file"] for one in filed]
    for row, one in zip(rows, filed, strict=True):
        assert row[6] == one["sha256"] == hashlib.sha256((out / str(row[2])).read_bytes()).hexdigest()
        assert str(row[4]) == DAY and row[5] == size
    assert "演练" in str(sheet(cover)[0][0]) and "fuxin-2020" in str(sheet(cover))


def test_the_plain_cover_names_every_file_for_checking(answered: Office, tmp_path: Path) -> None:
    out = tmp_path / "packet"
    packet(answered, out)
    (cover,) = out.glob("00-*.txt")
    named = dict(line.split("  ", 1)[::-1] for line in cover.read_text(encoding="utf-8").splitlines() if len(line.partition(" ")[0]) == 64)
    assert named == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir() if not path.name.startswith("00-")
    }


def test_a_section_without_anything_says_so_and_has_no_file(answered: Office, tmp_path: Path) -> None:
    said = {one["command"].partition(" --on")[0]: one for one in packet(answered, tmp_path / "packet")["sections"]}
    assert said["mingzhang pairing list"] | {"section": ""} == {
        "section": "",
        "command": said["mingzhang pairing list"]["command"],
        "rows": 0,
        "file": None,
        "sha256": None,
        "refused": None,
    }
    assert said["mingzhang roster"]["rows"] == 4


def test_every_section_can_be_answered(answered: Office, tmp_path: Path) -> None:
    assert [one for one in packet(answered, tmp_path / "packet")["sections"] if one["refused"]] == []


def test_each_file_is_what_its_command_writes(answered: Office, tmp_path: Path) -> None:
    out = tmp_path / "packet"
    for number, one in enumerate(packet(answered, out)["sections"]):
        if one["file"]:
            file = tmp_path / f"{number}.xlsx"
            words = [*one["command"].split()[1:], "--xlsx", str(file)]
            before = ["--ledger", str(answered.ledger), "--lang", "en", "--now", f"{DAY}T12:00:00"]
            assert CliRunner().invoke(cli, [*before, *words]).exit_code == 0
            assert file.read_bytes() == (out / one["file"]).read_bytes(), one["command"]


def test_made_twice_it_is_the_same_to_the_byte(answered: Office, tmp_path: Path) -> None:
    first, second = packet(answered, tmp_path / "a"), packet(answered, tmp_path / "b")
    assert first["sections"] == second["sections"]
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()
    }
    assert packet(answered, tmp_path / "a") == first


def test_an_earlier_state_of_the_log_can_be_asked_for_later(answered: Office, tmp_path: Path) -> None:
    size = answered.done("inspector", "status", day=DAY)["size"]
    packet(answered, tmp_path / "a")
    answered.done("treasurer", "fund", "arrive", "F1", "--amount", "5", "--source", "测试", day=DAY)
    packet(answered, tmp_path / "b", "--known-at", str(size))
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()
    }


def test_the_cover_says_how_many_findings_there_are_as_of_the_packet(answered: Office, tmp_path: Path) -> None:
    withdrawn_late(answered)
    said = packet(answered, tmp_path / "a")
    [counted] = [one for one in said["sections"] if one["command"].startswith("mingzhang findings --totals")]
    assert (said["findings"], counted["rows"]) == ("1 open (medium 1), 0 answered", 1)
    (cover,) = (tmp_path / "a").glob("00-*.txt")
    assert "Audit findings: 1 open (medium 1), 0 answered." in cover.read_text(encoding="utf-8")
    assert packet(answered, tmp_path / "b", "--known-at", "2020-05-19")["findings"] == "none"


def test_another_packet_is_never_written_over(answered: Office, tmp_path: Path) -> None:
    packet(answered, tmp_path / "a")
    kept = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    said = answered.do("inspector", "packet", "--out", tmp_path / "a", "--on", "2020-04-30", day=DAY)
    assert said.refused == "file_exists"
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()} == kept


def test_a_folder_is_made_but_not_the_one_above_it(answered: Office, tmp_path: Path) -> None:
    said = answered.do("inspector", "packet", "--out", tmp_path / "none" / "a", "--on", DAY, day=DAY)
    assert said.refused == "output_folder_missing" and not (tmp_path / "none").exists()


def test_whoever_is_recognised_and_has_no_award_is_a_gap(surveyed: Office) -> None:
    assert gaps(surveyed) == sorted(("unaided", "not_applied", surveyed.student(person)) for person in (1, 2, 3, 4))
    surveyed.done("applicant-clerk", "application", "submit", *SPRING, day="2020-03-16")
    assert {why for _gap, why, _student in gaps(surveyed)} == {"undecided"}


def test_a_gap_says_what_the_plan_promises(surveyed: Office) -> None:
    found = surveyed.done("inspector", "gaps", "--scheme", "grant", "--on", DAY, day=DAY)
    due = {row["student"]: row["amount_fen"] for row in found}
    assert [due[surveyed.student(person)] for person in (1, 2, 3)] == [200000, 150000, 100000]


def test_an_award_that_has_not_been_paid_is_a_gap_of_its_own(answered: Office) -> None:
    waiting = [("unpaid", "failed", answered.student(2)), ("unpaid", "not_prepared", answered.student(4))]
    assert gaps(answered) == waiting
    assert {why for _gap, why, _student in gaps(answered, on="2020-03-31")} == {"not_prepared"}
    assert {gap for gap, _why, _student in gaps(answered, on="2020-03-17")} == {"unaided"}


def test_who_is_aided_and_not_recognised_is_a_gap_the_other_way_round(surveyed: Office) -> None:
    approve_all(surveyed)
    student = surveyed.student(4)
    words = ("--round", "2020-spring", "--reason", "非本校学生")
    surveyed.done("surveyor", "survey", "withdraw", student, *words, day="2020-03-25")
    assert ("ineligible", "not_recognised", student) in gaps(surveyed)
    assert ("ineligible", "not_recognised", student) not in gaps(surveyed, "--known-at", "2020-03-24")


def test_gaps_are_narrowed_by_unit_kind_and_period(answered: Office) -> None:
    assert gaps(answered, "--unit", "师范系") == [("unpaid", "not_prepared", answered.student(4))]
    assert gaps(answered, "--kind", "unaided") == []
    assert gaps(answered, "--period", "2020-spring") == gaps(answered)
    assert answered.do("inspector", "gaps", "--scheme", "none", day=DAY).refused == "scheme_unknown"


def test_money_by_scheme_and_department_adds_up(answered: Office) -> None:
    found = answered.done("inspector", "payment", "totals", "--scheme", "grant", day=DAY)
    assert [(row["unit_id"], row["awards"], row["payments"], row["paid"], row["waiting"], row["paid_fen"]) for row in found] == [
        ("shifan", 2, 1, 1, 0, 200000),
        ("zongzhi", 2, 2, 1, 1, 100000),
    ]


def test_a_sub_list_is_the_rounds_rows_of_one_category(surveyed: Office) -> None:
    words = ("survey", "list", "--round", "2020-spring")
    found = surveyed.done("inspector", *words, "--category", "建档立卡", day=DAY)
    assert {row["student"] for row in found} == {surveyed.student(1), surveyed.student(4)}
    assert {row["name"] for row in found} == {"测**"}
    assert surveyed.done("inspector", *words, "--category", "新增", day=DAY) == []
    assert len(surveyed.done("inspector", *words, "--unit", "综职系", day=DAY)) == 2
    assert surveyed.done("inspector", *words, "--known-at", "2020-03-09", day=DAY) == []

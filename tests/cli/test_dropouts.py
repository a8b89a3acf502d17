"""`dropout`: an office's ledger is sent again and again and only what is new is recorded; rows that cannot be are refused in place."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.cli.aid_office import Office, Said
from tests.workbooks.made_up import number_of, write_csv

HEAD = ["台账编号", "姓名", "身份证号", "县市区", "学段", "辍学日期", "辍学原因", "帮扶教师", "村干部", "监护人", "返校日期", "销号日期"]
DAY = "2018-12-31"


@pytest.fixture(scope="module")
def _bureau(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("bureau"))
    office.done("administrator", "init", "--rehearsal", "--plan", "city-education", day="2018-01-02")
    return office


@pytest.fixture
def bureau(_bureau: Office, tmp_path: Path) -> Office:
    return _bureau.copied_to(tmp_path)


def case(person: int, back: str = "", closed: str = "", **changed: str) -> list[object]:
    cells = [f"CX{person:03d}", f"测试{person}", number_of(person), "肥城市", "初中", "2018-04-10", "厌学"]
    row = dict(zip(HEAD, [*cells, "教师甲", "干部乙", "家长丙", back, closed], strict=True))
    return list((row | changed).values())


def take(office: Office, *rows: list[object], name: str = "台账.csv", head: list[str] = HEAD, more: tuple[str, ...] = ()) -> Said:
    file = write_csv(office.folder / name, [head, *rows])
    return office.do("helper-clerk", "dropout", "import", file, *more, day=DAY)


def visits(office: Office, *rows: list[object], name: str = "走访.csv") -> Said:
    return take(office, *rows, name=name, head=["台账编号", "走访日期"])


def listed(office: Office, *words: str) -> Any:
    return office.done("inspector", "dropout", "list", *words, day=DAY)


def codes(said: Said, what: str = "refused") -> list[tuple[str | None, str]]:
    return [(one["column"], one["code"]) for file in said.document["files"] for one in file[what]]


def test_a_ledger_sent_again_adds_only_what_is_new(bureau: Office) -> None:
    assert take(bureau, case(1), case(2, 帮扶教师="")).document["recorded"] == 2
    again = take(bureau, case(1), case(2, back="2018-06-01"), case(3), name="七月.csv")
    assert (again.document["recorded"], codes(again, "duplicates")) == (2, [(None, "dropout_case_exists")])
    assert take(bureau, case(2, back="2018-06-01", closed="2018-06-05"), name="八月.csv").document["recorded"] == 1
    found = listed(bureau)
    assert [(row["case"], row["returned_on"], row["closed_on"], row["team_missing"]) for row in found["cases"]] == [
        ("CX001", None, None, []),
        ("CX002", "2018-06-01", "2018-06-05", []),
        ("CX003", None, None, []),
    ]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (case(2, 身份证号=number_of(2)[:17] + "?"), "身份证号", "id_malformed"),
        (case(2, 县市区="无名县"), "县市区", "unit_unknown"),
        (case(2, 学段="初一"), "学段", "value_unknown"),
        (case(2, 辍学日期="2018-02-30"), "辍学日期", "date_impossible"),
        (case(2, 辍学日期="2019-01-01"), "辍学日期", "effective_in_future"),
        (case(2, back="2018-04-09"), "返校日期", "dropout_before_found"),
        (case(2, back="2018-06-02", closed="2018-06-01"), "销号日期", "dropout_closed_before_return"),
        (case(2, closed="2018-04-09"), "销号日期", "dropout_before_found"),
        (case(2, 台账编号="CX001"), "台账编号", "row_repeated"),
        (case(2, 台账编号="CX/2"), "台账编号", "id_unusable"),
        (case(1, 台账编号="CX002"), None, "row_repeated"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_with_it_the_file(bureau: Office, row: list[object], column: str | None, code: str) -> None:
    said = take(bureau, case(1), row)
    assert (said.code, said.document["recorded"], codes(said)) == (3, 0, [(column, code)])
    valid = take(bureau, case(1), row, more=("--accept-valid",))
    assert (valid.code, valid.document["recorded"]) == (3, 1)
    assert (bureau.folder / "台账-问题.xlsx").exists()


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (case(2, 台账编号="CX001"), "身份证号", "dropout_case_differs"),
        (case(1, 台账编号="CX002"), "身份证号", "dropout_case_running"),
        (case(1, 辍学日期="2018-04-11"), "辍学日期", "dropout_case_differs"),
        (case(1, 帮扶教师="教师丁"), "帮扶教师", "dropout_case_differs"),
    ],
)
def test_a_row_that_contradicts_the_ledger_is_refused(bureau: Office, row: list[object], column: str, code: str) -> None:
    take(bureau, case(1))
    assert codes(take(bureau, row, name="七月.csv")) == [(column, code)]


def test_two_files_of_one_command_open_no_two_cases_for_a_pupil(bureau: Office) -> None:
    files = [write_csv(bureau.folder / f"{name}.csv", [HEAD, case(1, 台账编号=name)]) for name in ("CX001", "CX002")]
    said = bureau.do("helper-clerk", "dropout", "import", *files, day=DAY)
    assert (said.document["recorded"], codes(said)) == (0, [("身份证号", "dropout_case_running")])


def test_a_closing_without_a_return_is_taken_in_as_recorded_and_shown(bureau: Office) -> None:
    assert take(bureau, case(1, closed="2018-06-01")).document["recorded"] == 1
    assert listed(bureau)["closed_without_return"] == ["CX001"]


def test_visits_may_come_in_a_file_of_their_own(bureau: Office) -> None:
    take(bureau, case(1, back="2018-06-01", closed="2018-06-05"), case(2))
    rows: list[list[object]] = [["CX001", "2018-05-01"], ["CX001", "2018-05-01"], ["CX001", "2018-06-03"]]
    said = visits(bureau, *rows)
    assert (said.document["recorded"], codes(said, "duplicates")) == (2, [("走访日期", "dropout_visit_exists")])
    assert listed(bureau)["never_visited"] == ["CX002"]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (["CX009", "2018-05-01"], "台账编号", "dropout_case_unknown"),
        (["CX001", "2018-04-09"], "走访日期", "dropout_before_found"),
        (["CX001", "2018-06-06"], "走访日期", "dropout_case_closed"),
        (["CX001", "2019-01-01"], "走访日期", "effective_in_future"),
    ],
)
def test_a_visit_that_cannot_have_been_is_refused(bureau: Office, row: list[object], column: str, code: str) -> None:
    take(bureau, case(1, back="2018-06-01", closed="2018-06-05"))
    assert codes(visits(bureau, row)) == [(column, code)]


def test_pupils_are_counted_for_a_year_and_counted_again(bureau: Office) -> None:
    head = ["县市区", "学段", "在校生数"]
    assert take(bureau, ["肥城市", "初中", 100], name="在校.csv", head=head).refused == "dropout_year_needed"
    assert take(bureau, ["肥城市", "初中", 100], name="在校.csv", head=head, more=("--year", "2018")).document["recorded"] == 1
    assert codes(take(bureau, ["肥城市", "初中", "100人"], name="又.csv", head=head, more=("--year", "2018")), "duplicates") == [
        (None, "pupils_counted")
    ]
    take(bureau, case(1), case(2, back="2018-05-01"))
    bureau.done("helper-clerk", "dropout", "pupils", "50", "--unit", "肥城市", "--stage", "初中", "--year", "2018", day=DAY)
    [row] = bureau.done("inspector", "dropout", "rates", "--year", "2018", "--unit", "肥城市", day=DAY)["units"]
    assert (row["pupils"], row["not_returned"], row["rate_percent"], row["above_cap"]) == (50, 1, "2.0000", True)


def test_a_pupil_who_left_twice_in_a_year_is_lost_once(bureau: Office) -> None:
    do = partial(bureau.done, "helper-clerk", "dropout", day=DAY)
    do("pupils", "50", "--unit", "肥城市", "--stage", "初中", "--year", "2018")
    take(bureau, case(1, closed="2018-06-01"))
    do("find", "CX002", number_of(1), "--unit", "肥城市", "--stage", "初中", "--on", "2018-11-01")

    def not_returned() -> int:
        [row] = bureau.done("inspector", "dropout", "rates", "--year", "2018", "--unit", "肥城市", day=DAY)["units"]
        return int(row["not_returned"])

    assert not_returned() == 1
    do("return", "CX002", "--on", "2018-11-20")
    assert not_returned() == 0


def test_a_case_by_hand_goes_from_beginning_to_end(bureau: Office) -> None:
    def do(*words: str) -> Said:
        return bureau.do("helper-clerk", "dropout", *words, day=DAY)

    new = ("--unit", "肥城市", "--stage", "初中", "--on", "2018-11-01")
    assert do("find", "CX001", number_of(1), *new).refused == "student_not_found"
    assert do("find", "CX001", number_of(1), *new, "--name", "测试1", "--cause", "厌学").code == 0
    assert do("find", "CX002", number_of(1), *new).refused == "dropout_case_running"
    assert do("assign", "CX001", "--teacher", "教师甲", "--guardian", "家长丙").document["assigned"] == ["teacher", "guardian"]
    assert do("visit", "CX001", "--note", "愿意返校", "--on", "2018-11-05").code == 0
    assert do("close", "CX001").refused == "dropout_not_returned"
    assert do("return", "CX001", "--on", "2018-11-10").code == 0
    [row] = listed(bureau, "--kind", "returned-but-not-closed")["cases"]
    assert (row["name"], row["team_missing"], row["visits"]) == ("测**", ["village-cadre"], 1)
    assert do("close", "CX001", "--on", "2018-11-12").code == 0
    assert do("visit", "CX001", "--on", "2018-11-13").refused == "dropout_case_closed"
    assert do("reopen", "CX001", "--reason", "再次离校", "--on", "2018-12-01").code == 0
    assert do("close", "CX001", "--reason", "转入外省学校").code == 0
    assert do("find", "CX002", number_of(1), *new).code == 0
    [first, _second] = listed(bureau)["cases"]
    assert (first["closing_reason_given"], first["reopened"]) == (True, 1)
    trail = [row["event"] for row in bureau.done("inspector", "student", "show", first["student"], day=DAY)["events"]]
    assert [f"dropout/CX001@{number}" for number in range(1, 8)] == [ref for ref in trail if ref.startswith("dropout/CX001@")]


def test_a_list_shows_no_whole_name(bureau: Office) -> None:
    take(bureau, case(1))
    text = bureau.do("inspector", "dropout", "list", day=DAY).text
    assert "测*" in text and "教*" in text and "测试1" not in text and "教师甲" not in text

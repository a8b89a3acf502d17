"""Whatever file somebody offers as a survey: it is refused with a code and a next step, or its rows are; nothing is half recorded."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import INPUT
from tests.stories.player import Player
from tests.stories.practice import DAY, copy_of, import_words, new_ledger, properly, refusal, spawn, survey_file
from tests.workbooks.made_up import HEADER, row_of, write_csv, write_xlsx

COLLEGE = INPUT / "fuxin-2020"
MILLION = 1_000_000


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Player:
    return new_ledger(tmp_path_factory.mktemp("practice") / "ledger")


@pytest.fixture
def player(template: Player, tmp_path: Path) -> Player:
    return copy_of(template, tmp_path / "ledger")


def with_sheet(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """A valid survey workbook whose first sheet's XML was changed."""
    whole = survey_file(path.with_name("whole.xlsx"), range(5))
    with zipfile.ZipFile(whole) as read, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in read.namelist():
            content = read.read(name)
            out.writestr(name, change(content) if name.endswith("sheet1.xml") else content)
    return path


def half_written(path: Path) -> Path:
    content = survey_file(path, range(50)).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


BAD_FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a staff list": (lambda folder: COLLEGE / "教职工.xlsx", "column_missing"),
    "a status list": (lambda folder: COLLEGE / "学籍异动.xlsx", "column_missing"),
    "half an upload": (lambda folder: half_written(folder / "一半.xlsx"), "workbook_unreadable"),
    "a text named xlsx": (lambda folder: written(folder / "文本.xlsx", "姓名,身份证号\n".encode()), "workbook_unreadable"),
    "an empty file": (lambda folder: written(folder / "空.xlsx", b""), "file_empty"),
    "noise": (lambda folder: written(folder / "杂.csv", os.urandom(4096)), "file_encoding_unknown"),
    "a zip bomb": (lambda folder: with_sheet(folder / "炸弹.xlsx", lambda _xml: b" " * (300 << 20)), "workbook_too_large"),
    "no file": (lambda folder: folder / "没有.xlsx", "file_missing"),
    "a folder": (lambda folder: folder, "file_missing"),
    "a photo": (lambda folder: written(folder / "照片.jpg", b"\xff\xd8\xff"), "file_type_unknown"),
    "a letter": (lambda folder: write_xlsx(folder / "函.xlsx", [["关于报送的通知"], ["各系部："]]), "header_not_found"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_file_that_is_no_survey_is_refused_whole(player: Player, tmp_path: Path, kind: str) -> None:
    make, code = BAD_FILES[kind]
    before = player.size()
    said = player.run(*import_words(make(tmp_path), round_id="2020-spring"), actor="surveyor", at=f"{DAY}T10:00:00")
    assert refusal(said) == properly(code)
    assert player.size() == before


@pytest.mark.parametrize("kind", ["half an upload", "a zip bomb", "noise"])
def test_such_a_file_gives_no_traceback_in_a_process_of_its_own(player: Player, tmp_path: Path, kind: str) -> None:
    make, code = BAD_FILES[kind]
    assert refusal(spawn(player, *import_words(make(tmp_path)))) == properly(code)


def test_one_bad_file_among_good_ones_stops_them_all(player: Player, tmp_path: Path) -> None:
    before = player.size()
    good, bad = survey_file(tmp_path / "好.xlsx", range(3)), half_written(tmp_path / "一半.xlsx")
    said = player.run(*import_words(good, bad), "--accept-valid", actor="surveyor", at=f"{DAY}T10:00:00")
    assert (refusal(said), player.size()) == (properly("workbook_unreadable"), before)


def test_a_million_empty_rows_below_the_last_one_do_no_harm(player: Player, tmp_path: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"/></row>' % (row, row) for row in range(10, MILLION))
    file = with_sheet(tmp_path / "空行.xlsx", lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))
    said = player.play(*import_words(file), actor="surveyor", at=f"{DAY}T10:00:00")
    assert (said["recorded"], said["files"][0]["rows"]) == (5, 5)


def test_a_formula_where_a_number_is_copied_is_refused_in_its_row(player: Player, tmp_path: Path) -> None:
    before = player.size()
    rows = [row_of(1, 院系="师范系"), row_of(2, 院系="师范系", 身份证号='=CONCATENATE("99900","2")')]
    said = player.run(*import_words(write_xlsx(tmp_path / "公式.xlsx", [HEADER, *rows])), actor="surveyor", at=f"{DAY}T10:00:00")
    (problem,) = said.document["files"][0]["refused"]
    assert (said.code, problem["row"], problem["column"], problem["code"]) == (3, 3, "身份证号", "formula_cell")
    assert (said.document["recorded"], player.size()) == (0, before)


def test_a_department_nobody_registered_is_refused_in_its_row(player: Player, tmp_path: Path) -> None:
    said = player.run(*import_words(survey_file(tmp_path / "外系.xlsx", [1], unit="外语系")), actor="surveyor", at=f"{DAY}T10:00:00")
    (problem,) = said.document["files"][0]["refused"]
    assert (said.code, problem["column"], problem["code"]) == (3, "院系", "unit_unknown")


def test_the_same_file_twice_in_one_command_is_taken_in_once(player: Player, tmp_path: Path) -> None:
    file = survey_file(tmp_path / "一.xlsx", range(4))
    said = player.play(*import_words(file, file), actor="surveyor", at=f"{DAY}T10:00:00", codes=(0,))
    assert (said["recorded"], [one["already_imported"] for one in said["files"]]) == (4, [False, True])


def test_a_dry_run_judges_every_row_and_records_nothing(player: Player, tmp_path: Path) -> None:
    before = player.size()
    rows = [row_of(1, 院系="师范系"), row_of(2, 院系="师范系", 困难类别="不详")]
    file = write_csv(tmp_path / "试.csv", [HEADER, *rows])
    said = player.run(*import_words(file), "--dry-run", "--accept-valid", actor="surveyor", at=f"{DAY}T10:00:00")
    (told,) = said.document["files"]
    assert (said.code, told["accepted"], len(told["refused"]), said.document["recorded"]) == (3, 1, 1, 0)
    assert player.size() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ledger", "试.csv"]


def mixed(folder: Path) -> Path:
    return write_xlsx(folder / "混.xlsx", [HEADER, row_of(1, 院系="师范系"), row_of(2, 院系="师范系", 困难类别="不详")])


def test_the_refused_rows_lie_in_a_copy_beside_the_file(player: Player, tmp_path: Path) -> None:
    said = player.run(*import_words(mixed(tmp_path)), "--accept-valid", actor="surveyor", at=f"{DAY}T10:00:00")
    assert (said.code, said.document["files"][0]["copy"]) == (3, str(tmp_path / "混-问题.xlsx"))
    assert (tmp_path / "混-问题.xlsx").is_file()


def test_the_copy_may_go_to_a_folder_that_is_made_for_it(player: Player, tmp_path: Path) -> None:
    words = [*import_words(mixed(tmp_path)), "--accept-valid", "--copy-to", str(tmp_path / "退回" / "三月")]
    said = player.run(*words, actor="surveyor", at=f"{DAY}T10:00:00")
    assert (said.code, said.document["recorded"]) == (3, 1)
    assert (tmp_path / "退回" / "三月" / "混-问题.xlsx").is_file()


def test_where_the_copy_cannot_lie_it_goes_to_the_ledger_and_the_answer_is_not_lost(player: Player, tmp_path: Path) -> None:
    """The good rows are recorded by then: an error would make the office believe that they are not."""
    blocked = written(tmp_path / "没有地方", b"")
    words = [*import_words(mixed(tmp_path)), "--accept-valid", "--copy-to", str(blocked / "x")]
    said = player.run(*words, actor="surveyor", at=f"{DAY}T10:00:00")
    assert (said.code, said.document["recorded"]) == (3, 1)
    assert said.document["files"][0]["copy"] == str(player.ledger / "exports" / "混-问题.xlsx")


def test_a_copy_that_an_office_has_begun_to_mend_is_never_written_over(player: Player, tmp_path: Path) -> None:
    begun = written(tmp_path / "混-问题.xlsx", b"half mended")
    said = player.run(*import_words(mixed(tmp_path)), "--accept-valid", actor="surveyor", at=f"{DAY}T10:00:00")
    assert said.document["files"][0]["copy"] == str(tmp_path / "混-问题-2.xlsx")
    assert (begun.read_bytes(), (tmp_path / "混-问题-2.xlsx").stat().st_mode & 0o777) == (b"half mended", 0o600)


def test_a_copy_is_not_written_through_a_link_and_leaves_nothing_unfinished(player: Player, tmp_path: Path) -> None:
    elsewhere = tmp_path / "别处.xlsx"
    (tmp_path / "混-问题.xlsx").symlink_to(elsewhere)
    player.run(*import_words(mixed(tmp_path)), "--accept-valid", actor="surveyor", at=f"{DAY}T10:00:00")
    assert not elsewhere.exists()
    assert list(tmp_path.glob(".*unfinished")) == []

"""`--xlsx` and `--csv`: every question can be answered by a file, masked as the screen is, marked in a rehearsal, with its two times."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from mingzhang.cli.app import COMMANDS, cli
from mingzhang.cli.lazy import load
from tests.cli.aid_office import Office
from tests.workbooks.made_up import number_of

QUESTIONS = {"list", "show", "totals", "balances", "batches", "missing", "status"}
# These answer with files of their own, or with nothing that is a table.
WITHOUT = {"packet", "checkpoint", "prove", "evidence show", "inspection dossiers"}


def commands(found: Mapping[str, click.Command], before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in found.items():
        if isinstance(command, click.Group):
            yield from commands(command.commands, f"{before}{name} ")
        else:
            yield before + name, command


def is_question(name: str, command: click.Command) -> bool:
    return name.rpartition(" ")[2] in QUESTIONS or any(option.name in ("known_at", "start") for option in command.params)


def test_every_question_can_be_answered_by_a_file() -> None:
    """Put `@table_file_options` above the command's `@example`; `show` does the rest."""
    every = dict(commands({name: load(lazy) for name, lazy in COMMANDS.items()}))
    questions = {name: command for name, command in every.items() if is_question(name, command)}
    assert {"roster", "trace", "diff", "survey totals", "payment list", "gaps"} <= questions.keys()
    lacking = [
        name
        for name, command in questions.items()
        if name not in WITHOUT and not {"--xlsx", "--csv"} <= {word for option in command.params for word in option.opts}
    ]
    assert lacking == []


def asked(office: Office, *words: object, staff: str = "inspector") -> str:
    """What a person reads who asks on 30 June."""
    before = ["--ledger", str(office.ledger), "--as", staff, "--lang", "zh", "--now", "2020-06-30T12:00:00"]
    result = CliRunner().invoke(cli, [*before, *map(str, words)])
    assert result.exit_code == 0, result.output
    return result.stdout


def rows(file: Path) -> list[list[object]]:
    return [[*row] for row in CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()]


def text(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))


def test_the_roster_as_a_workbook(answered: Office, tmp_path: Path) -> None:
    file = tmp_path / "名册.xlsx"
    said = asked(answered, "roster", "--on", "2020-06-30", "--xlsx", file)
    size = answered.done("inspector", "status", day="2020-06-30")["size"]
    found = rows(file)
    assert found[0][0] == "【演练】" and found[1][:3] == ["学生", "姓名", "单位"]
    assert [row[1] for row in found[2:6]] == ["测**"] * 4
    assert found[6][0] == "合计" and found[6][-1] == 3000.0
    assert found[-1][0] == f"截至 2020-06-30，按日志长度 {size} 所知。"
    assert "4 行" in said and "测**" not in said


def test_what_was_known_earlier_is_told_at_the_foot(answered: Office, tmp_path: Path) -> None:
    asked(answered, "payment", "list", "--on", "2020-04-30", "--known-at", "40", "--csv", tmp_path / "a.csv")
    assert text(tmp_path / "a.csv")[-1] == ["截至 2020-04-30，按日志长度 40 所知。"]


def test_a_program_gets_its_document_and_the_file(answered: Office, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    said = answered.do("inspector", "fund", "balances", "--xlsx", file, day="2020-06-30")
    assert said.document[0]["fund"] == "F1" and "SHA-256" in said.text
    assert file.exists() and answered.done("inspector", "fund", "balances", day="2020-06-30") == said.document


def test_a_program_that_asks_for_a_trail_or_a_difference_gets_the_file_as_well(answered: Office, tmp_path: Path) -> None:
    [payment] = [row["payment"] for row in answered.done("inspector", "payment", "list", "--stand", "failed", day="2020-06-30")]
    answered.done("inspector", "trace", payment, "--xlsx", tmp_path / "trace.xlsx", day="2020-06-30")
    answered.done("inspector", "diff", "--from", "2020-04-09", "--to", "2020-04-11", "--xlsx", tmp_path / "diff.xlsx", day="2020-06-30")
    assert any("plan/fuxin-2020@1" in str(row) for row in rows(tmp_path / "trace.xlsx"))
    assert "2020-04-09" in str(rows(tmp_path / "diff.xlsx")[-2][0]) and "2020-04-11" in str(rows(tmp_path / "diff.xlsx")[-1][0])


def test_several_tables_are_several_sheets_or_several_text_files(answered: Office, tmp_path: Path) -> None:
    [payment] = [row["payment"] for row in answered.done("inspector", "payment", "list", "--stand", "failed", day="2020-06-30")]
    asked(answered, "payment", "show", payment, "--xlsx", tmp_path / "a.xlsx", "--csv", tmp_path / "a.csv")
    assert len(CalamineWorkbook.from_path(tmp_path / "a.xlsx").sheet_names) == 2
    assert sorted(path.name for path in tmp_path.glob("a*")) == ["a-2.csv", "a.csv", "a.xlsx"]


def test_the_same_question_at_the_same_log_size_gives_the_same_bytes(answered: Office, tmp_path: Path) -> None:
    for name in ("a", "b"):
        asked(answered, "roster", "--on", "2020-06-30", "--xlsx", tmp_path / f"{name}.xlsx", "--csv", tmp_path / f"{name}.csv")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_another_file_is_never_written_over(answered: Office, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"mine")
    assert answered.do("inspector", "roster", "--xlsx", file, day="2020-06-30").refused == "file_exists"
    assert file.read_bytes() == b"mine"


def test_a_folder_that_is_not_there_is_refused_before_anything_is_disclosed(answered: Office, tmp_path: Path) -> None:
    size = answered.done("inspector", "status", day="2020-06-30")["size"]
    said = answered.do("inspector", "roster", "--reveal", "--xlsx", tmp_path / "none" / "a.xlsx", day="2020-06-30")
    assert said.refused == "output_folder_missing"
    assert answered.done("inspector", "status", day="2020-06-30")["size"] == size


@pytest.mark.parametrize("words", [("--xlsx", "a.csv"), ("--csv", "a.xlsx"), ("--csv", "a")])
def test_a_file_is_called_what_it_is(answered: Office, words: tuple[str, str]) -> None:
    assert answered.do("inspector", "roster", *words, day="2020-06-30").code == 2


def test_names_and_numbers_are_in_a_file_only_when_somebody_answers_for_it(answered: Office, tmp_path: Path) -> None:
    asked(answered, "roster", "--xlsx", tmp_path / "a.xlsx", "--csv", tmp_path / "a.csv")
    size = answered.done("inspector", "status", day="2020-06-30")["size"]
    asked(answered, "roster", "--reveal", "--xlsx", tmp_path / "b.xlsx", "--csv", tmp_path / "b.csv")
    assert "测试1" not in str(rows(tmp_path / "a.xlsx")) and number_of(1) not in str(text(tmp_path / "a.csv"))
    assert number_of(1) in str(rows(tmp_path / "b.xlsx")) and number_of(1) in str(text(tmp_path / "b.csv"))
    assert answered.done("inspector", "status", day="2020-06-30")["size"] == size + 2
    assert text(tmp_path / "b.csv")[-1] == [f"截至 2020-06-30，按日志长度 {size} 所知。"]


def test_no_file_is_named_in_the_ledger(answered: Office, tmp_path: Path) -> None:
    asked(answered, "roster", "--reveal", "--xlsx", tmp_path / "unmistakable.xlsx")
    assert b"unmistakable" not in b"".join(path.read_bytes() for path in answered.ledger.glob("journal.db*"))

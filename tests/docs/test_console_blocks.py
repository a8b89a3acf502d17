"""The runner of documented commands notices what a reader would notice: a wrong line, a wrong order, a wrong exit."""

import sys
from pathlib import Path

import pytest

from tests.docs.console_blocks import missing_line, read_blocks, readers_environment, run_blocks


def page(*lines: str, fence: str = "```console test") -> str:
    return "\n".join([fence, *lines, "```", ""])


def problems(text: str, tmp_path: Path) -> list[str]:
    environment = readers_environment(tmp_path / "home", sys.executable)
    return run_blocks(read_blocks(text), tmp_path / "page", tmp_path, environment)


def test_only_blocks_marked_as_tested_are_read() -> None:
    assert read_blocks(page("$ false", fence="```console")) == []


def test_a_step_has_its_command_its_lines_and_its_exit_code() -> None:
    (block,) = read_blocks(page("$ echo a \\", "> b", "a b", "", "$ false", "[exit 1]"))
    told = [(step.line, step.command, step.expected, step.exit_code) for step in block.steps]
    assert told == [(2, "echo a \\\nb", ["a b"], 0), (6, "false", [], 1)]


def test_a_block_inside_a_list_is_read_without_its_indent() -> None:
    text = "1. so:\n\n   ```console test\n   $ echo a\n   a\n   ```\n"
    (block,) = read_blocks(text)
    assert [(step.command, step.expected) for step in block.steps] == [("echo a", ["a"])]


@pytest.mark.parametrize(
    "text", ["```console test\n$ true\n", page(), page("true"), page("$ true", fence="```console test x")]
)
def test_a_block_that_tests_nothing_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="line"):
        read_blocks(text)


@pytest.mark.parametrize(
    ("expected", "missing"),
    [
        (["one", "three"], None),
        (["three", "one"], "one"),
        (["tw…"], None),
        (["…wo and …alf"], None),
        (["t"], "t"),
        (["…", "three", "…"], None),
        (["two and a half"], None),
        (["one", "one"], "one"),
    ],
)
def test_expected_lines_are_looked_for_in_order(expected: list[str], missing: str | None) -> None:
    assert missing_line(expected, "one\ntwo  and a   half \nthree\n") == missing


def test_commands_of_a_page_share_a_folder(tmp_path: Path) -> None:
    assert problems(page("$ echo 明账 > a") + page("$ cat a", "明账"), tmp_path) == []


def test_a_block_may_have_its_own_folder_and_files(tmp_path: Path) -> None:
    (tmp_path / "given.txt").write_text("7\n", encoding="utf-8")
    own = page("$ cat given.txt", "7", fence="```console test in=own with=given.txt")
    assert problems(own + page("$ cat given.txt", "[exit 1]"), tmp_path) == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["$ echo b", "a"], "not printed"),
        (["$ false"], "exit code 1 instead of 0"),
        (["$ true", "[exit 3]"], "exit code 0 instead of 3"),
        (["$ false | cat"], "exit code 1 instead of 0"),
    ],
)
def test_what_a_page_gets_wrong_is_said_with_its_line(lines: list[str], said: str, tmp_path: Path) -> None:
    (problem,) = problems(page(*lines), tmp_path)
    assert problem.startswith("line 2: $ ")
    assert said in problem

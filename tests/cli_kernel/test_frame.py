"""Whatever happens in a command becomes an exit code of CLI.md and a sentence, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mingzhang.cli.app import cli
from tests.cli_kernel.stand_ins import frame


def run(*words: str, **environ: str) -> Result:
    return CliRunner().invoke(frame, list(words), env={"MINGZHANG_LANG": "en", **environ})


def program(*words: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "mingzhang.cli", *words],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environ},
        check=False,
    )


def test_the_global_options_reach_every_command() -> None:
    words = ["--ledger", "here", "--as", "t1", "--lang", "en", "--quiet", "--now", "2020-03-20T09:00+08:00", "tell"]
    assert run(*words).stdout == "here|t1|en|False|True|2020-03-20T01:00:00+00:00\n"


def test_each_global_option_has_its_environment_variable() -> None:
    said = run(
        "tell",
        MINGZHANG_LEDGER="there",
        MINGZHANG_AS="t2",
        MINGZHANG_LANG="zh",
        MINGZHANG_JSON="1",
        MINGZHANG_QUIET="1",
        MINGZHANG_NOW="2020-03-20",
    ).stdout
    assert said == "there|t2|zh|True|True|2020-03-19T16:00:00+00:00\n"


def test_the_default_ledger_is_a_folder_here() -> None:
    assert run("tell").stdout == "mingzhang-ledger|None|en|False|False|None\n"


def test_a_global_option_after_the_group_is_a_usage_error() -> None:
    assert run("tell", "--json").exit_code == 2


def test_a_refusal_prints_what_is_wrong_and_what_to_do_on_stderr() -> None:
    result = run("refuse")
    assert (result.exit_code, result.stdout) == (1, "")
    first, second = result.stderr.splitlines()
    assert first.startswith("Refused: The clock stands before") and "2020-03-25 15:59:59" in first
    assert second.startswith("Next: ")


def test_a_refusal_with_json_is_one_document_on_stdout() -> None:
    result = run("--json", "refuse")
    assert (result.exit_code, result.stderr) == (1, "")
    document = json.loads(result.stdout)
    assert list(document) == ["refused", "message", "next", "context"]
    assert document["refused"] == "clock_behind"
    assert document["context"] == {"until": "2020-03-25T07:59:59.000000Z"}


@pytest.mark.parametrize(("command", "code"), [("rows", 3), ("unverified", 4), ("tell", 0)])
def test_a_command_gives_its_own_exit_code(command: str, code: int) -> None:
    assert run(command).exit_code == code


def test_an_error_nobody_foresaw_shows_its_class_and_our_line_but_no_value() -> None:
    result = run("--json", "crash")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["refused"] == "internal_error"
    assert json.loads(result.stdout)["context"]["error"] == "ZeroDivisionError"
    assert "210904" not in result.output and "张三" not in result.output and "Traceback" not in result.output


def test_an_interruption_says_that_nothing_was_recorded() -> None:
    result = run("interrupt")
    assert result.exit_code == 1
    assert "Nothing was recorded" in result.stderr


def test_an_interruption_after_a_record_does_not_claim_otherwise() -> None:
    result = run("interrupt", "--recorded")
    assert "Nothing was recorded" not in result.stderr
    assert "stays recorded" in result.stderr


def test_a_reader_who_goes_away_is_not_complained_about() -> None:
    result = run("vanish")
    assert (result.exit_code, result.output) == (141, "")


def test_a_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    result = run("--json", "read", str(tmp_path / "none.csv"))
    assert json.loads(result.stdout)["refused"] == "file_not_found"


def test_an_unknown_command_is_a_usage_error_with_a_suggestion() -> None:
    result = CliRunner().invoke(cli, ["--lang", "en", "surve"])
    assert result.exit_code == 2
    assert "There is no command surve. Did you mean survey?" in result.stderr


def test_a_usage_error_with_json_is_a_document_too() -> None:
    result = run("--json", "nothing")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["refused"] == "usage"


def test_no_words_at_all_print_the_help_and_are_a_usage_error() -> None:
    assert CliRunner().invoke(cli, []).exit_code == 2


def test_the_version_is_told() -> None:
    assert program("--version").stdout.startswith(b"mingzhang ")


def test_help_imports_none_of_the_heavy_libraries() -> None:
    heavy = ["pydantic", "eventsourcing", "sqlalchemy", "cryptography", "rich", "xlsxwriter", "python_calamine"]
    code = (
        "import sys\nfrom mingzhang.cli.app import cli\n"
        "try:\n    cli.main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stderr.strip() == "[]"


def test_a_terminal_without_chinese_shows_question_marks_and_does_not_fail() -> None:
    result = program("--help", PYTHONIOENCODING="latin-1:strict")
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"--ledger" in result.stdout and b"???" in result.stdout


def test_a_pipe_closed_early_leaves_no_word_on_stderr() -> None:
    pipe = subprocess.Popen([sys.executable, "-m", "mingzhang.cli", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert pipe.stdout is not None and pipe.stderr is not None
    pipe.stdout.close()
    assert pipe.stderr.read() == b""
    pipe.stderr.close()
    assert pipe.wait() in (0, 141)

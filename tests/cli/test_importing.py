"""Whatever is imported, it is asked for in the same words: the same options with the same meaning."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from mingzhang.cli.app import COMMANDS
from mingzhang.cli.lazy import load
from tests.stories.player import Player
from tests.stories.practice import new_ledger
from tests.workbooks.made_up import number_of, write_csv

OPTIONS = {"accept_valid", "copy_to", "dry_run"}
STAFF = ["工号", "姓名", "身份证号", "部门"]


@pytest.fixture
def player(tmp_path: Path) -> Player:
    return new_ledger(tmp_path / "ledger")


def importing() -> dict[str, set[str]]:
    """Each command that imports, or has one of the options of those that do but `--dry-run` -> its parameters."""
    found = {}
    for noun, lazy in COMMANDS.items():
        group = load(lazy)
        for verb, command in group.commands.items() if isinstance(group, click.Group) else ():
            names = {str(parameter.name) for parameter in command.params}
            if verb == "import" or names & {"accept_valid", "copy_to"}:
                found[f"{noun} {verb}"] = names
    return found


def test_every_import_has_the_options_of_all_imports() -> None:
    found = importing()
    assert {"staff import", "crosscheck import", "survey correct"} <= found.keys()
    assert {command: OPTIONS - names for command, names in found.items() if not names >= OPTIONS} == {}


def test_the_copy_of_any_import_may_go_to_a_folder(player: Player, tmp_path: Path) -> None:
    rows = [["1", "测试甲", number_of(1), "师范系"], ["2", "测试乙", "123", "师范系"]]
    words = ["staff", "import", str(write_csv(tmp_path / "教职工.csv", [STAFF, *rows]))]
    said = player.run(*words, "--accept-valid", "--copy-to", str(tmp_path / "退回"), actor="administrator")
    assert (said.code, said.document["recorded"]) == (3, 1)
    assert (tmp_path / "退回" / "教职工-问题.xlsx").is_file()


def test_a_file_named_twice_in_one_call_is_taken_once(player: Player, tmp_path: Path) -> None:
    file = str(write_csv(tmp_path / "教职工.csv", [STAFF, ["1", "测试甲", number_of(1), "师范系"]]))
    said = player.run("staff", "import", file, file, actor="administrator")
    assert (said.code, said.document["recorded"]) == (0, 1)
    assert [one["already_imported"] for one in said.document["files"]] == [False, True]

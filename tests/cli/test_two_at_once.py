"""Two offices import at the same moment: every person is recorded once, and both are told what became of their file."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.stories import log
from tests.stories.player import Player, Said
from tests.stories.practice import LONGEST, answer_of, command, copy_of, environment, import_words, real_ledger, survey_file

ROUNDS = 10


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Player:
    return real_ledger(tmp_path_factory.mktemp("real") / "ledger")


@pytest.fixture
def player(template: Player, tmp_path: Path) -> Player:
    return copy_of(template, tmp_path / "ledger")


def at_once(player: Player, *lines: list[str]) -> list[Said]:
    """Starts all command lines together and waits for them."""
    started = [
        subprocess.Popen(command(player, *words, at=None), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for words in lines
    ]
    outputs = [process.communicate(timeout=LONGEST) for process in started]
    return [answer_of(process.returncode, *output) for process, output in zip(started, outputs, strict=True)]


def whole(player: Player, persons: int) -> None:
    """The log is whole, and each of so many persons stands in it once."""
    recorded = log.rows(player.ledger)
    assert log.problems(recorded) == []
    assert [stream for stream, times in Counter(log.streams(recorded, "entry.recorded")).items() if times > 1] == []
    assert len(log.streams(recorded, "entry.recorded")) == len(log.streams(recorded, "student.registered")) == persons
    assert player.play("survey", "totals", "--round", "2020-spring")["entries"] == persons


def test_the_same_file_twice_at_once_is_imported_once(player: Player, tmp_path: Path) -> None:
    for number in range(ROUNDS):
        file = survey_file(tmp_path / f"{number}.xlsx", range(20 * number, 20 * number + 20))
        said = at_once(player, import_words(file), import_words(file))
        assert [one.code for one in said] == [0, 0], said
        assert sorted(one.document["recorded"] for one in said) == [0, 20]
        assert sorted(one.document["files"][0]["already_imported"] for one in said) == [False, True]
    whole(player, 20 * ROUNDS)
    imports = log.streams(log.rows(player.ledger), "import.file_imported")
    assert len(imports) == len(set(imports)) == ROUNDS


def test_two_files_that_share_persons_at_once_record_each_person_once(player: Player, tmp_path: Path) -> None:
    for number in range(ROUNDS):
        first = survey_file(tmp_path / f"{number}-师范系.xlsx", range(30 * number, 30 * number + 20))
        second = survey_file(tmp_path / f"{number}-机械系.xlsx", range(30 * number + 10, 30 * number + 30), unit="机械系")
        said = at_once(player, import_words(first), import_words(second))
        assert [one.code for one in said] == [0, 0], said
        files = [one.document["files"][0] for one in said]
        assert sorted((file["accepted"], len(file["duplicates"])) for file in files) == [(10, 10), (20, 0)]
        later = next(file for file in files if file["duplicates"])
        earlier = next(file for file in files if not file["duplicates"])
        assert {one["first_file"] for one in later["duplicates"]} == {Path(earlier["file"]).name}
        assert {one["code"] for one in later["duplicates"]} == {"already_surveyed"}
    whole(player, 30 * ROUNDS)


def test_an_import_and_questions_at_once_do_not_hinder_each_other(player: Player, tmp_path: Path) -> None:
    file = survey_file(tmp_path / "大.xlsx", range(200))
    questions = [["survey", "totals", "--round", "2020-spring"], ["status"], ["roster"]]
    said = at_once(player, import_words(file), *questions)
    assert [one.code for one in said] == [0, 0, 0, 0], said
    assert said[1].document["entries"] in (0, 200)
    whole(player, 200)


def test_two_administrators_who_make_the_same_ledger_at_once_make_one(tmp_path: Path) -> None:
    for number in range(3):
        made = Player(tmp_path / f"ledger-{number}")
        said = at_once(made, *[["init", "--plan", "fuxin-2020"]] * 2)
        codes = sorted(one.code for one in said)
        assert codes == [0, 1], said
        assert next(one for one in said if one.code).refused in ("ledger_exists", "folder_not_empty", "folder_busy"), said
        assert log.problems(log.rows(made.ledger)) == []
        assert made.play("status")["plans"] == [{"plan": "fuxin-2020", "version": "2020.1"}]

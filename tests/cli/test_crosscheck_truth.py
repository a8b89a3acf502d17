"""Comparisons meet the truth of the data: sunan-2022 to the student and the row, fuxin-2020's lists against both of its rounds."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import INPUT, TRUTHS
from tests.stories.player import Player

SUNAN: dict[str, Any] = json.loads((TRUTHS / "sunan-2022" / "truth.json").read_text(encoding="utf-8"))
FUXIN: dict[str, Any] = json.loads((TRUTHS / "fuxin-2020" / "truth.json").read_text(encoding="utf-8"))
AUDIT: dict[str, Any] = json.loads((TRUTHS / "audit" / "truth.json").read_text(encoding="utf-8"))
COVERED: dict[str, Any] = SUNAN["scheme"]["covered"]
FRESHMEN = ("--scheme", "freshmen", "--period", "once")


class Compared:
    """A ledger on which everything was imported and compared; `said` is the comparison's answer."""

    def __init__(self, player: Player, files: dict[str, Any], said: Any) -> None:
        self.player, self.files, self.said = player, files, said
        self._refs: dict[str, str] = {}

    def ref(self, number: str) -> str:
        if number not in self._refs:
            self._refs[number] = self.player.play("student", "find", "--id-number", number)["student"]
        return self._refs[number]


@pytest.fixture(scope="module")
def sunan(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    folder = tmp_path_factory.mktemp("sunan")
    shutil.copytree(INPUT / "sunan-2022", folder / "in")
    player = Player(folder / "ledger")
    player.play("init", "--rehearsal", "--plan", "sunan-2022", actor="administrator", at="2022-08-01T08:00:00")
    files = {}
    for about in SUNAN["files"]:
        path = str(folder / "in" / about["path"])
        if about["kind"] == "application":
            words = ["application", "import", path, *FRESHMEN, "--unit", "education-bureau"]
            files[about["path"]] = player.play(*words, actor="applicant-clerk", at=f"{about['received_on']}T08:00:00")
        else:
            words = ["crosscheck", "import", path, "--kind", about["kind"], "--on", about["as_of"], "--accept-valid"]
            files[about["path"]] = player.play(*words, actor="reviewer", at="2022-08-02T08:00:00")
    said = player.play("crosscheck", "compare", *FRESHMEN, actor="reviewer", at="2022-08-25T08:00:00")
    return Compared(player, files, said)


def test_every_row_of_every_list_is_taken_or_refused_as_the_truth_says(sunan: Compared) -> None:
    for about in (one for one in SUNAN["files"] if one["kind"] != "application"):
        said = sunan.files[about["path"]]
        [file] = said["files"]
        refused = [{key: one[key] for key in ("sheet", "row", "column", "code")} for one in file["refused"]]
        assert (file["rows"], file["accepted"], refused) == (about["rows_seen"], about["accepted"], about["refused"])
        assert said["recorded"] == about["accepted"]


def test_every_applicant_is_found_on_the_lists_the_truth_names(sunan: Compared) -> None:
    found = {
        one["student"]: {
            listed["kind"]
            for listed in one["lists"]
            if COVERED[listed["kind"]] == "all rows" or listed["value"] in COVERED[listed["kind"]]["values"]
        }
        for one in sunan.said["matched"]
    }
    assert sunan.said["students"] == len(SUNAN["students"])
    for about in SUNAN["students"]:
        assert found.get(sunan.ref(about["id"]), set()) == set(about["via"])
    by_class = {sunan.ref(one["id"]) for one in SUNAN["students"] if one.get("reason") == "class_not_covered"}
    assert {student for student, kinds in found.items() if not kinds} == by_class


def test_every_applicant_on_no_list_is_told_why(sunan: Compared) -> None:
    why = {"on_no_list": "not_found", "list_row_refused": "list_row_refused"}
    expected = {sunan.ref(one["id"]): why[one["reason"]] for one in SUNAN["students"] if one.get("reason") in why}
    assert {one["student"]: one["explanation"] for one in sunan.said["unmatched"]} == expected
    refused = {(place["file"], place["row"]) for one in sunan.said["unmatched"] for place in one["refused_rows"]}
    assert refused == {(about["path"], one["row"]) for about in SUNAN["files"] for one in about["refused"]}


def test_every_name_that_differs_is_told_with_its_row(sunan: Compared) -> None:
    expected = {(sunan.ref(one["id"]), one["list"], one["file"], one["row"]) for one in SUNAN["name_mismatches"]}
    found = {(one["student"], one["kind"], one["source"]["file"], one["source"]["row"]) for one in sunan.said["differing"]}
    assert found == expected


def test_each_application_carries_its_outcome_and_is_compared_once(sunan: Compared) -> None:
    assert sunan.said["cases_recorded"] == len(SUNAN["students"])
    again = sunan.player.play("crosscheck", "compare", *FRESHMEN, actor="reviewer", at="2022-08-25T09:00:00")
    assert (again["recorded"], again["cases_recorded"], again["comparison"]) == (False, 0, sunan.said["comparison"])


@pytest.fixture(scope="module")
def college(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Compared]:
    """Both rounds of the college, each compared on its pay date with what the school had registered by then or later."""
    folder = tmp_path_factory.mktemp("fuxin")
    shutil.copytree(INPUT / "fuxin-2020", folder / "in")
    player, source = Player(folder / "ledger"), folder / "in"
    player.play("init", "--rehearsal", "--plan", "fuxin-2020", actor="administrator", at="2020-03-01T08:00:00")
    for kind in ("建档立卡", "特困"):
        path = str(source / f"比对-{kind}.xlsx")
        player.play("crosscheck", "import", path, "--kind", kind, "--on", "2020-02-29", actor="reviewer", at="2020-03-01T09:00:00")
    files: dict[str, Any] = {}
    for term, opened in (("spring", "2020-03-02"), ("autumn", "2020-10-09")):
        player.play("survey", "open", f"2020-{term}", actor="clerk", at=f"{opened}T08:00:00")
        for about in sorted(FUXIN["rounds"][term]["files"], key=lambda one: (one["received_on"], one["path"])):
            verb = "correct" if about["kind"] == "correction" else "import"
            words = ["survey", verb, str(source / about["path"]), "--round", f"2020-{term}", "--accept-valid"]
            words += ["--unit", about["unit"]] if about["unit"] else []
            player.play(*words, actor="surveyor", at=f"{about['received_on']}T10:00:00")
    registers = [str(source / name) for name in ("学籍名册.xlsx", "学籍异动.xlsx")]
    player.play("student", "import", *registers, "--accept-valid", actor="clerk", at="2020-12-31T08:00:00")
    found = {}
    for minute, term in enumerate(("spring", "autumn")):
        words = ["crosscheck", "compare", "--round", f"2020-{term}", "--on", AUDIT["pay_dates"][term]]
        said = player.play(*words, actor="clerk", at=f"2020-12-31T09:0{minute}:00")
        found[term] = Compared(player, files, said)
    return found


@pytest.mark.parametrize("term", ["spring", "autumn"])
def test_whoever_was_surveyed_under_a_category_and_is_not_on_its_list_is_unmatched(college: dict[str, Compared], term: str) -> None:
    about = college[term]
    findings = [one for one in AUDIT["findings"] if one["rule"] == "paid_but_not_on_list" and one["term"] == f"2020-{term}"]
    expected = {(about.ref(one["id"]), one["category"]) for one in findings}
    assert {(one["student"], kind) for one in about.said["unmatched"] for kind in one["kinds"]} == expected


@pytest.mark.parametrize("term", ["spring", "autumn"])
def test_whoever_is_entitled_and_was_not_surveyed_is_listed_with_the_row_that_was_refused(college: dict[str, Compared], term: str) -> None:
    about = college[term]
    findings = [one for one in AUDIT["findings"] if one["rule"] == "eligible_but_unpaid" and one["term"] == f"2020-{term}"]
    expected = set()
    for one in findings:
        place = one["refused_row"]
        row = (Path(place["file"]).name, place["row"], place["code"]) if place else None
        expected |= {(about.ref(one["id"]), kind, row) for kind in one["categories"]}
    found = set()
    for one in about.said["only_listed"]:
        place = one["refused_row"]
        row = (Path(place["file"]).name, place["row"], place["code"]) if place else None
        found.add((one["student"], one["kind"], row))
    assert found == expected


def test_the_list_of_a_whole_county_comes_in_and_knows_its_households(tmp_path: Path) -> None:
    file = str(shutil.copy(INPUT / "funan-2020" / "建档立卡户名单.xlsx", tmp_path))
    player = Player(tmp_path / "ledger")
    player.play("init", "--rehearsal", "--plan", "funan-2020", actor="administrator", at="2020-08-01T08:00:00")
    words = ("crosscheck", "import", file, "--kind", "建档立卡", "--on", "2020-07-31")
    said = player.play(*words, actor="reviewer", at="2020-08-01T09:00:00")
    assert (said["recorded"], said["files"][0]["refused"]) == (965, [])
    [row] = player.play("crosscheck", "list", "--on", "2020-08-01")["lists"]
    assert (row["kind"], row["as_of"], row["accepted"]) == ("建档立卡", "2020-07-31", 965)

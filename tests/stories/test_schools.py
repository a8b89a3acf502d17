"""The schools' year of plans S2 and S3, lived through the command line, ends with the figures of its truth.json, to the row."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.stories.player import Player
from tests.stories.schools import CASES, PAIRS, TRUTH, SchoolYear, live

CASE_LISTS = ("open", "returned_but_not_closed", "closed_without_return", "never_visited", "team_incomplete")
YEAR_AFTER = "2019-03-05T09:00:00"
SIDES = {"town": "城方派出挂职", "village": "乡方派出挂职"}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SchoolYear]:
    with redirect_stdout(StringIO()):
        found = live(tmp_path_factory.mktemp("schools"))
    yield found


def figures(row: dict[str, Any]) -> tuple[Any, ...]:
    """A line of rates, ours or the truth's, with exact numbers."""
    place = row.get("county") or row.get("unit"), row["stage"]
    return *place, row["pupils"], row["not_returned"], Decimal(str(row["rate_percent"])), Decimal(str(row["cap_percent"])), row["above_cap"]


def said(line: dict[str, Any]) -> str:
    """What is lacking, in the words of truth.json."""
    return f"{line['term']}联合教研" if line["term"] else SIDES[line["side"]]


def test_every_row_of_both_workbooks_is_taken_in(lived: SchoolYear) -> None:
    [cases], [pairs] = (lived.imported[file.name]["files"] for file in (CASES, PAIRS))
    assert (cases["rows"], cases["accepted"], cases["refused"]) == (150 + 353 + 10, 509, [])
    assert [(one["sheet"], one["code"]) for one in cases["duplicates"]] == [("劝返走访", "dropout_visit_exists")] * 4
    assert (pairs["rows"], pairs["accepted"], pairs["refused"], pairs["duplicates"]) == (34 + 80 + 71, 185, [], [])


@pytest.mark.parametrize("name", CASE_LISTS)
def test_the_cases_are_those_of_the_truth(lived: SchoolYear, name: str) -> None:
    found = lived.ask("dropout", "list")
    assert len(found["cases"]) == TRUTH["dropouts"]["cases"]
    assert found[name] == TRUTH["dropouts"][name]


def test_a_list_of_one_kind_has_only_its_cases(lived: SchoolYear) -> None:
    found = lived.ask("dropout", "list", "--kind", "closed-without-return")
    assert [row["case"] for row in found["cases"]] == TRUTH["dropouts"]["closed_without_return"]


def test_the_rates_are_exact_in_every_county_and_in_the_city(lived: SchoolYear) -> None:
    found = lived.ask("dropout", "rates", "--year", "2018")
    assert sorted(map(figures, found["units"])) == sorted(map(figures, TRUTH["dropouts"]["rates_by_county"]))
    assert [figures(row)[1:] for row in found["total"]] == [figures(row)[1:] for row in TRUTH["dropouts"]["rates_city"]]


def test_the_rate_of_a_year_stays_what_it_was_on_its_last_day(lived: SchoolYear) -> None:
    found = lived.ask("dropout", "rates", "--year", "2018", at="2019-03-01T09:00:00")
    assert found["counted_on"] == "2018-12-31"
    assert found["total"] == lived.ask("dropout", "rates")["total"]


def test_a_list_of_june_knows_what_was_so_in_june(lived: SchoolYear) -> None:
    june = lived.ask("dropout", "list", "--on", "2018-06-30")
    assert june["cases"] and all(row["found_on"] <= "2018-06-30" for row in june["cases"])
    assert all((row["returned_on"] or "") <= "2018-06-30" and (row["closed_on"] or "") <= "2018-06-30" for row in june["cases"])
    assert lived.ask("dropout", "list", "--known-at", "2018-12-30")["cases"] == []


def test_what_each_pair_lacks_is_what_the_truth_says(lived: SchoolYear) -> None:
    found = lived.ask("schoolpair", "list", "--year", "2018")
    lacking = [{"pair": row["pair"], "lacking": list(map(said, row["lacking"]))} for row in found["pairs"] if row["lacking"]]
    assert lacking == TRUTH["school_pairs"]["lacking"]
    assert (len(found["pairs"]), found["paired_late"]) == (TRUTH["school_pairs"]["pairs"], TRUTH["school_pairs"]["paired_after_april"])


def test_in_june_no_pair_lacks_what_may_still_come(lived: SchoolYear) -> None:
    found = lived.ask("schoolpair", "list", "--on", "2018-06-30")
    assert all(row["lacking"] == [] for row in found["pairs"])
    assert all("秋季联合教研" in map(said, row["not_yet"]) for row in found["pairs"])


def test_left_behind_children_are_late_or_without_papers_by_the_plans(lived: SchoolYear) -> None:
    september = lived.ask("leftbehind", "list", "--on", "2018-09-30")
    late = {row["student"]: row["late_days"] for row in september["children"]}
    assert sorted(late.values()) == [0, 0, 5] and september["registered_late"] == [ref for ref in late if late[ref]]
    [complete] = [row for row in september["children"] if not row["file_missing"]]
    assert not complete["card_missing"] and len(september["without_card"]) == len(september["without_file"]) == 2
    december = lived.ask("leftbehind", "list")
    assert len(december["children"]) == 2 and sum(row["cared"] for row in december["children"]) == 1
    assert len(lived.ask("leftbehind", "list", "--ended")["children"]) == 3


def test_the_same_workbook_again_records_nothing(lived: SchoolYear) -> None:
    size = lived.stage.size()
    for group, file in (("dropout", CASES), ("schoolpair", PAIRS)):
        again = lived.stage.play(group, "import", str(file), actor="helper-clerk", at=YEAR_AFTER)
        assert (again["recorded"], again["files"][0]["already_imported"]) == (0, True)
    assert lived.stage.size() == size


def test_a_return_learned_of_late_changes_no_earlier_answer(lived: SchoolYear, tmp_path: Path) -> None:
    shutil.copytree(lived.stage.ledger, tmp_path / "ledger")
    year = SchoolYear(Player(tmp_path / "ledger"))
    size = str(year.stage.size())
    before = year.ask("dropout", "rates", "--year", "2018", "--known-at", size, at=YEAR_AFTER)
    [lost] = [row for row in year.ask("dropout", "list", at=YEAR_AFTER)["cases"] if row["case"] == "CX001"]
    year.stage.play("dropout", "return", "CX001", "--on", "2018-12-20", actor="helper-clerk", at=YEAR_AFTER)
    assert year.ask("dropout", "rates", "--year", "2018", "--known-at", size, at=YEAR_AFTER) == before
    after = year.ask("dropout", "rates", "--year", "2018", at=YEAR_AFTER)
    fallen = {row["stage"]: row["not_returned"] for row in before["total"]} | {lost["stage"]: 28}
    assert {row["stage"]: row["not_returned"] for row in after["total"]} == fallen
    lists = [("dropout", "list"), ("schoolpair", "list", "--year", "2018"), ("leftbehind", "list", "--ended")]
    answers = [year.ask(*words, at=YEAR_AFTER) for words in lists]
    year.stage.play("rebuild", at=YEAR_AFTER)
    assert [year.ask(*words, at=YEAR_AFTER) for words in lists] == answers


def test_no_name_and_no_number_stands_plain_in_the_log(lived: SchoolYear) -> None:
    log = (lived.stage.ledger / "journal.db").read_bytes()
    for told in ("唐霞雪", "370983200905239981", "姜思", "莫泽", "唐皓晨", "随父母外出", "语文联合教研"):
        assert told.encode() not in log
    assert "市区第1实验小学".encode() in log

"""The season's packet of other plans than S0: every section is answered, and the gaps are those the truth leaves open."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.stories import hunan_tutoring, sunan_2022
from tests.stories.conftest import Lives


@pytest.fixture(scope="module")
def freshmen(lives: Lives) -> sunan_2022.Lived:
    found = lives("sunan_2022")
    assert isinstance(found, sunan_2022.Lived)
    return found


def gaps(lived: sunan_2022.Lived, day: str) -> Counter[tuple[str, str]]:
    found = lived.stage.play("gaps", "--scheme", "freshmen", "--on", day, actor="inspector")
    return Counter((row["gap"], row["why"]) for row in found)


def sections(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["command"].partition(" --on")[0].removeprefix("mingzhang "): one for one in document["sections"]}


def test_whoever_is_eligible_and_not_decided_is_a_gap_until_they_are_paid(freshmen: sunan_2022.Lived) -> None:
    eligible = sunan_2022.TRUTH["totals"]["eligible"]
    assert gaps(freshmen, "2022-08-26") == {("unaided", "undecided"): eligible}
    assert gaps(freshmen, "2022-10-31") == {}


def test_where_a_plan_does_not_promise_to_cover_everybody_a_refusal_settles_the_matter(freshmen: sunan_2022.Lived) -> None:
    found = freshmen.stage.play("application", "list", "--stand", "refused", "--on", "2022-08-26", actor="inspector")
    assert len(found) > 0 and ("unaided", "refused") not in gaps(freshmen, "2022-08-26")


def test_the_differences_of_the_newest_comparison_are_filed(freshmen: sunan_2022.Lived, tmp_path: Path) -> None:
    found = sections(freshmen.stage.play("packet", "--out", str(tmp_path / "a"), "--on", "2022-10-31", actor="inspector"))
    (compared,) = [one for command, one in found.items() if command.startswith("crosscheck show")]
    assert compared["rows"] > 0 and (tmp_path / "a" / compared["file"]).exists()
    assert [one for one in found.values() if one["refused"]] == []


def test_what_tutors_missed_is_filed_term_by_term(tmp_path: Path) -> None:
    term = hunan_tutoring.live(tmp_path)
    found = sections(term.stage.play("packet", "--out", str(tmp_path / "a"), "--on", "2024-01-12", actor="inspector"))
    missed = found["tutoring gaps --period 2023-autumn"]
    book = CalamineWorkbook.from_path(tmp_path / "a" / missed["file"])
    filed = sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
    assert filed > missed["rows"] > 0
    assert found["findings"]["file"] is None
    assert [one for one in found.values() if one["refused"]] == []

"""Every survey file of the rehearsal college reads as its truth says: rows, refusals, warnings, columns, values."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from mingzhang.cli.workbooks.reading import RowProblem
from mingzhang.cli.workbooks.survey import SurveyRow, read_survey
from mingzhang.domain.values.identity import to_18
from tests.conftest import INPUT, TRUTHS

COLLEGE = INPUT / "fuxin-2020"
TRUTH: dict[str, Any] = json.loads((TRUTHS / "fuxin-2020" / "truth.json").read_text(encoding="utf-8"))
ROUNDS = ["spring", "autumn"]


class Surveyed(NamedTuple):
    """A round read file by file: what each file said, and who was recorded last where."""

    files: list[dict[str, Any]]
    recorded: dict[str, dict[str, Any]]


def problem(found: RowProblem) -> dict[str, Any]:
    return {"sheet": found.sheet, "row": found.row, "column": found.column, "code": found.code, **found.extra}


def recorded(path: str, row: SurveyRow) -> dict[str, Any]:
    return {
        "id": row.id_number,
        "name": row.name,
        "unit": row.unit,
        "file": path,
        "sheet": row.sheet,
        "row": row.row,
        "categories": sorted(row.categories),
        "new": bool(row.new),
        "lifted": row.lifted,
        "account": row.account,
        "account_name": row.account_name,
        "income_fen": row.income_fen,
    }


def survey(name: str) -> Surveyed:
    """Imports a round as the ledger will: a person met before is a duplicate, a correction replaces."""
    first: dict[str, tuple[str, int]] = {}
    last: dict[str, dict[str, Any]] = {}
    files = []
    for about in TRUTH["rounds"][name]["files"]:
        rows, table = read_survey(COLLEGE / about["path"], unit=about["unit"])
        duplicates, accepted = [], 0
        for row in rows:
            if about["kind"] != "correction" and row.person_key in first:
                first_file, first_row = first[row.person_key]
                duplicates.append({"row": row.row, "first_file": first_file, "first_row": first_row, "name": row.name})
                continue
            accepted += 1
            first.setdefault(row.person_key, (about["path"], row.row))
            last[row.person_key] = recorded(about["path"], row)
        files.append(
            {
                "path": about["path"],
                "rows_seen": table.rows_seen,
                "accepted": accepted,
                "refused": [problem(found) for found in table.refused],
                "warnings": [problem(found) for found in table.warnings],
                "ignored_columns": table.ignored_columns,
                "duplicates": duplicates,
            }
        )
    return Surveyed(files, last)


@pytest.fixture(scope="module", params=ROUNDS)
def a_round(request: pytest.FixtureRequest) -> tuple[str, Surveyed]:
    return request.param, survey(request.param)


@pytest.mark.parametrize("part", ["rows_seen", "accepted", "refused", "warnings", "ignored_columns"])
def test_every_file_reads_as_the_truth_says(a_round: tuple[str, Surveyed], part: str) -> None:
    name, surveyed = a_round
    assert {file["path"]: file[part] for file in surveyed.files} == {
        file["path"]: file[part] for file in TRUTH["rounds"][name]["files"]
    }


def test_a_person_met_in_an_earlier_file_is_known_again(a_round: tuple[str, Surveyed]) -> None:
    name, surveyed = a_round
    wanted = ("row", "first_file", "first_row", "name")
    assert [file["duplicates"] for file in surveyed.files] == [
        [{key: duplicate[key] for key in wanted} for duplicate in file["duplicates"]]
        for file in TRUTH["rounds"][name]["files"]
    ]


def test_everybody_is_recorded_with_the_values_the_truth_has(a_round: tuple[str, Surveyed]) -> None:
    name, surveyed = a_round
    truth = {
        to_18(person["id"]): {**person, "categories": sorted(person["categories"])}
        for person in TRUTH["rounds"][name]["recorded"]
    }
    for person in truth.values():
        del person["tier"], person["fen_per_term"]
    assert surveyed.recorded == truth

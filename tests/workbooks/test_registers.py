"""The registers of the rehearsal college read as its truth says; which register a file is, its header says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mingzhang.cli.workbooks.layouts import CROSSCHECK_LIST
from mingzhang.cli.workbooks.reading import read_table
from mingzhang.cli.workbooks.registers import StatusChangeFile, StudentRegisterFile, read_staff, read_student_file
from tests.conftest import INPUT, TRUTHS

COLLEGE = INPUT / "fuxin-2020"
TRUTH: dict[str, Any] = json.loads((TRUTHS / "fuxin-2020" / "truth.json").read_text(encoding="utf-8"))


def test_the_register_of_students_is_known_by_its_header() -> None:
    found = read_student_file(COLLEGE / "学籍名册.xlsx")
    assert isinstance(found, StudentRegisterFile)
    assert (len(found.rows), found.table.refused) == (TRUTH["registers"]["学籍名册.xlsx"]["rows"], [])


def test_changes_of_enrolment_carry_both_dates() -> None:
    found = read_student_file(COLLEGE / "学籍异动.xlsx")
    assert isinstance(found, StatusChangeFile)
    assert len(found.rows) == TRUTH["registers"]["学籍异动.xlsx"]["rows"]
    assert [
        {
            "row": row.row,
            "id": row.id_number,
            "type": row.change,
            "effective_on": row.effective_on.isoformat(),
            "registered_on": row.registered_on.isoformat() if row.registered_on else None,
        }
        for row in found.rows
        if row.change != "毕业"
    ] == TRUTH["status_changes"]


def test_the_staff_and_their_cards_are_read() -> None:
    found = read_staff(COLLEGE / "教职工.xlsx")
    assert (len(found.rows), found.table.refused) == (TRUTH["registers"]["教职工.xlsx"]["rows"], [])
    assert all(row.account and row.post for row in found.rows)


@pytest.mark.parametrize("name", ["比对-特困.xlsx", "比对-建档立卡.xlsx"])
def test_the_lists_of_other_offices_say_who_is_still_entitled(name: str) -> None:
    found = read_table(COLLEGE / name, CROSSCHECK_LIST)
    entitled = [row for row in found.rows if row.yes("享受政策") is not False]
    assert (len(entitled), found.refused) == (TRUTH["registers"][name]["entitled"], [])

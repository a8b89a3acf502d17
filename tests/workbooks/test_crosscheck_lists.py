"""Ten offices send ten layouts of a 比对名单; each reads as it stands, and a row that cannot be taken names its cell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mingzhang.cli.workbooks.crosscheck import read_list
from mingzhang.domain.refusal import Refused
from tests.conftest import INPUT, TRUTHS
from tests.workbooks.made_up import number_of, write_csv, write_xlsx

SUNAN = INPUT / "sunan-2022"
LISTS: list[dict[str, Any]] = [
    one for one in json.loads((TRUTHS / "sunan-2022" / "truth.json").read_text(encoding="utf-8"))["files"] if one["kind"] != "application"
]


@pytest.mark.parametrize("about", LISTS, ids=[one["kind"] for one in LISTS])
def test_a_list_of_the_civil_affairs_office_reads_as_its_truth_says(about: dict[str, Any]) -> None:
    read = read_list(SUNAN / about["path"])
    refused = [{"sheet": one.sheet, "row": one.row, "column": one.column, "code": one.code} for one in read.table.refused]
    assert (read.table.rows_seen, len(read.rows), refused) == (about["rows_seen"], about["accepted"], about["refused"])


@pytest.mark.parametrize(
    ("path", "people", "ended"),
    [("funan-2020/建档立卡户名单.xlsx", 965, 9), ("fuxin-2020/比对-建档立卡.xlsx", 290, 13), ("fuxin-2020/比对-特困.xlsx", 78, 0)],
)
def test_a_list_says_who_is_no_longer_entitled(path: str, people: int, ended: int) -> None:
    read = read_list(INPUT / path)
    assert (len(read.rows), sum(row.entitled is False for row in read.rows), read.table.refused) == (people, ended, [])


def test_a_list_of_pupils_may_have_the_xueji_number_alone(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["某县残疾学生名册"],
        ["截至2022年7月"],
        ["学 籍 号", "姓名", "类别"],
        [f"G{number_of(1)}", "测试1", "视力"],
        [f"L{number_of(2)}", "测试2", "听力"],
        ["", "测试3", "听力"],
    ]
    read = read_list(write_xlsx(tmp_path / "名册.xlsx", rows))
    assert [(row.id_number, row.person_key, row.category) for row in read.rows] == [(None, number_of(1), "视力"), (None, None, "听力")]
    assert [(one.row, one.column, one.code) for one in read.table.refused] == [(6, "身份证号", "required_missing")]


@pytest.mark.parametrize(("risk", "entitled"), [("未消除", True), ("已消除", False), ("", None)])
def test_whoever_is_watched_is_entitled_while_the_risk_remains(tmp_path: Path, risk: str, entitled: bool | None) -> None:
    file = write_csv(tmp_path / "监测.csv", [["姓名", "证件号码", "风险状态", "户编号"], ["测试1", number_of(1), risk, "0602"]])
    (row,) = read_list(file).rows
    assert (row.entitled, row.household_number) == (entitled, "0602")


def test_the_policy_column_decides_over_the_risk(tmp_path: Path) -> None:
    head = ["姓名", "身份证", "享受政策", "风险状态"]
    (row,) = read_list(write_csv(tmp_path / "监测.csv", [head, ["测试1", number_of(1), "继续享受", "已消除"]])).rows
    assert row.entitled is True


def test_a_list_without_a_number_is_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_list(write_csv(tmp_path / "名单.csv", [["姓名", "类别"], ["测试1", "一类"]]))
    assert refused.value.code in ("column_missing", "header_not_found")

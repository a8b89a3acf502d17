"""The three files of 结对帮扶 read as they are written: departments, pairings, contacts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mingzhang.cli.workbooks.pairing import read_allocation, read_contacts, read_pairings
from tests.workbooks.made_up import number_of, write_xlsx


def test_an_allocation_says_how_many_cadres_help_how_many_students(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["附件1"],
        ["任务分解表"],
        ["序号", "帮扶单位", "党员、干部人数", "结对学生人数", "联络员"],
        [1, "测试局", 27, 10, "测试员"],
        [2, "测试办", "22人", 0, "测试员"],
        ["合计", "", 49, 10, ""],
    ]
    found = read_allocation(write_xlsx(tmp_path / "表.xlsx", rows))
    assert [(row.unit, row.cadres, row.students) for row in found.rows] == [("测试局", 27, 10)]
    assert [(problem.row, problem.column, problem.code) for problem in found.table.refused] == [
        (5, "分配学生数", "not_above_zero")
    ]


def test_one_row_is_one_pairing_with_all_its_helpers(tmp_path: Path) -> None:
    header: list[object] = ["帮扶单位", "帮扶人", "学生姓名", "身份证号", "户主", "家庭住址", "帮扶需求", "结对\n日期"]
    filled = ["测试局", "甲某、 乙某", "测试1", number_of(1), "丙某", "测试村3组", "学费、住房修缮", 43240.0]
    (row,) = read_pairings(write_xlsx(tmp_path / "表.xlsx", [header, filled])).rows
    assert (row.helpers, row.needs, row.established_on) == (("甲某", "乙某"), ("学费", "住房修缮"), date(2018, 5, 20))
    assert (row.person_key, row.household_head, row.address) == (number_of(1), "丙某", "测试村3组")


def test_a_contact_counts_its_money_and_its_goods_in_fen(tmp_path: Path) -> None:
    columns: list[tuple[object, object, object]] = [
        ("物资折价(元)", "80.5", ""),
        ("学生\n姓名", "测试1", "测试2"),
        ("身份证号", number_of(1), number_of(2)),
        ("帮扶人", "甲某", "甲某"),
        ("内容", "送米", "通话"),
        ("记录\n日期", "2018.6.3", 20180601.0),
        ("物资", "大米", ""),
        ("方式", "入户", "电话"),
        ("日期", date(2018, 6, 1), "2018年6月1日"),
        ("解决问题", "取暖", ""),
        ("资金(元)", 500.0, ""),
    ]
    first, second = read_contacts(write_xlsx(tmp_path / "表.xlsx", list(zip(*columns, strict=True)))).rows
    assert (first.money_fen, first.goods_fen, first.goods, first.problem_solved) == (50000, 8050, "大米", "取暖")
    assert (first.held_on, first.recorded_on, first.way) == (date(2018, 6, 1), date(2018, 6, 3), "入户")
    assert (second.money_fen, second.goods_fen, second.goods, second.problem_solved) == (0, 0, None, None)

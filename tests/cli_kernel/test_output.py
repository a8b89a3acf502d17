"""Tables stand straight with Chinese in them, fit the screen and lose no digit; JSON is stable."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzhang.cli import i18n
from mingzhang.cli.options import Globals
from mingzhang.cli.output import Answer, Column, Table, Text, instant_text, show, to_document, yuan
from mingzhang.cli.output.tables import layout
from mingzhang.cli.width import char_columns, columns, pad, wrap

FOR_PEOPLE = Globals("here", None, "zh", json=False, quiet=False, now=None)
FOR_PROGRAMS = Globals("here", None, "zh", json=True, quiet=False, now=None)
HEADS = [Column("姓名", "name"), Column("单位", "unit"), Column("金额", "amount_fen")]
ROWS = [
    {"name": "张*", "unit": "师范系", "amount_fen": 200000},
    {"name": "欧阳**", "unit": "Normal school", "amount_fen": 5},
]


def test_a_han_character_takes_two_columns() -> None:
    assert [columns(text) for text in ("abc", "明账", "𠮷", "é", "e\u0301", "１")] == [3, 4, 2, 1, 1, 2]


def test_padding_counts_columns_and_cuts_nothing() -> None:
    assert (pad("明账", 6), pad("明账", 6, "right"), pad("明账本", 4)) == ("明账  ", "  明账", "明账本")


def test_a_table_stands_straight() -> None:
    assert layout(HEADS, ROWS, 80) == [
        "姓名    单位               金额",
        "──────  ─────────────  ────────",
        "张*     师范系         2,000.00",
        "欧阳**  Normal school      0.05",
    ]


def test_rows_may_be_given_in_column_order() -> None:
    assert layout(HEADS, [tuple(ROWS[0].values())], 80)[-1] == "张*   师范系  2,000.00"


def test_on_a_narrow_screen_text_wraps_and_numbers_stay_whole() -> None:
    lines = layout(HEADS, ROWS, 26)
    assert max(map(columns, lines)) <= 26
    assert any("2,000.00" in line for line in lines)
    assert "school" in "\n".join(lines)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Zs"])), st.integers(2, 40))
def test_wrapping_loses_no_character_and_only_a_word_longer_than_the_line_goes_beyond_it(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join(lines) == text
    assert all(columns(line) <= width for line in lines if "`" not in line and any(char_columns(char) > 1 for char in line[1:]))


PAYMENT = "fuxin-2020.grant/s-0AAPV3HGGN/2020-spring/1"
COPIED = (
    f"payment/{PAYMENT}",
    f"`mingzhang payment reissue {PAYMENT} --batch spring-1b`",
    "`mingzhang payment show`",
    "/2020-spring/order-spring-1.csv",
    "0123456789abcdef" * 4,
)
TOLD = (
    f"尚未办理：{COPIED[0]}：两次发放合计超过批准的数。下一步：{COPIED[1]}，或 {COPIED[2]}；"
    f"文件 代发{COPIED[3]} 的 SHA-256 是 {COPIED[4]}。"
)
SCREENS = (20, 60, 80, 100, 200)


@pytest.mark.parametrize("width", SCREENS)
def test_what_people_copy_is_never_broken_by_a_line_of_ours(width: int) -> None:
    lines = wrap(TOLD, width)
    assert "".join(lines).replace(" ", "") == TOLD.replace(" ", "")
    for copied in COPIED:
        assert any(copied in line for line in lines), copied
    assert all(columns(line) <= max(width, columns(COPIED[1] + "，")) for line in lines)


PAID = [
    {"payment": f"fuxin-2020.grant/s-{number:010}/2020-spring/1", "name": "欧阳**", "unit": "公路与建筑工程系", "line": number,
     "amount_fen": 200000, "stand": "已下达", "batch": f"batch-of-spring-{number}", "note": "学生来电要求更换账户，换好以后另批发放"}
    for number in range(3)
]  # fmt: skip
OF_A_PAYMENT = [Column(key, key) for key in PAID[0]]


@pytest.mark.parametrize("width", SCREENS)
@pytest.mark.parametrize("many", range(2, len(OF_A_PAYMENT) + 1))
def test_a_table_shows_every_reference_and_number_whole_however_narrow_the_screen(width: int, many: int) -> None:
    heads = OF_A_PAYMENT[:many]
    lines = layout(heads, PAID, width)
    for row in PAID:
        assert any(str(row["payment"]) in line for line in lines)
        assert many < 7 or any(str(row["batch"]) in line for line in lines)
        assert many < 5 or any("2,000.00" in line for line in lines)
    assert all(columns(line) <= max(width, len(PAYMENT)) for line in lines)


def test_where_there_is_no_room_a_long_reference_stands_above_the_rest_of_its_row() -> None:
    assert layout(OF_A_PAYMENT[:6], PAID[:1], 60) == [
        "payment",
        "  name    unit              line  amount_fen  stand",
        "  ──────  ────────────────  ────  ──────────  ──────",
        "fuxin-2020.grant/s-0000000000/2020-spring/1",
        "  欧阳**  公路与建筑工程系  0       2,000.00  已下达",
    ]


def test_no_line_begins_with_a_full_stop() -> None:
    assert wrap("记录已经入账。", 13) == ["记录已经入", "账。"]


def test_a_workbook_cannot_colour_the_screen() -> None:
    assert "\x1b" not in "".join(layout([Column("名", "n")], [{"n": "\x1b[31mred"}], 80))


@pytest.mark.parametrize(("fen", "text"), [(0, "0.00"), (5, "0.05"), (200000, "2,000.00"), (-123456789, "-1,234,567.89")])
def test_fen_are_written_as_yuan(fen: int, text: str) -> None:
    assert yuan(fen) == text


def test_people_read_shanghai_time() -> None:
    assert instant_text("2020-03-25T16:00:00.000000Z") == "2020-03-26 00:00:00"
    assert instant_text(None) == ""


def test_programs_read_utc_and_chinese_as_it_is() -> None:
    document = {"at": datetime(2020, 3, 25, 8, tzinfo=UTC), "on": date(2020, 3, 25), "name": "张*"}
    text = to_document(document)
    assert '"name": "张*"' in text
    assert json.loads(text) == {"at": "2020-03-25T08:00:00.000000Z", "on": "2020-03-25", "name": "张*"}
    assert text == to_document(document)


def test_json_refuses_what_is_not_plain() -> None:
    with pytest.raises(TypeError):
        to_document({"model": object()})
    with pytest.raises(ValueError):
        to_document({"amount": float("nan")})


def test_an_answer_is_json_for_programs_and_nothing_else(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    answer = Answer([{"student": "s-1"}], (Table(HEADS, ROWS),), exit_code=3)
    assert show(FOR_PROGRAMS, answer) == 3
    out, err = capfdbinary.readouterr()
    assert (json.loads(out), err) == ([{"student": "s-1"}], b"")


def test_an_answer_is_a_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    i18n.choose("zh")
    assert show(FOR_PEOPLE, Answer({}, (Table(HEADS, ROWS, caption="名册", foot="共 2 人"), Text(("完毕。",))))) == 0
    out, err = capsys.readouterr()
    assert out.startswith("名册\n姓名") and out.endswith("共 2 人\n\n完毕。\n") and err == ""


def test_an_empty_table_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    i18n.choose("zh")
    show(FOR_PEOPLE, Answer([], (Table(HEADS, []),)))
    assert capsys.readouterr().out == "（无）\n"


def test_whatever_a_rehearsal_says_is_marked_once_above_all(capsys: pytest.CaptureFixture[str]) -> None:
    i18n.choose("zh")
    show(FOR_PEOPLE, Answer([], (Table(HEADS, ROWS), Text(("完毕。",)))), rehearsal=True)
    said = capsys.readouterr().out
    assert said.startswith("【演练】") and said.count("【演练】") == 1
    assert json.loads(to_document([{"a": 1}], rehearsal=True)) == [{"a": 1, "rehearsal": True}]
    assert json.loads(to_document({"a": 1}, rehearsal=True)) == {"a": 1, "rehearsal": True}


def test_a_wide_table_breaks_its_titles_before_its_days_and_references() -> None:
    heads = [Column("Awarded, yuan", "a_fen"), Column("Came back, yuan", "b_fen"), Column("Period", "period"), Column("Case", "case")]
    rows = [{"a_fen": 38400000, "b_fen": 0, "period": "2020-08", "case": "notice-F54V2T51"}]
    lines = layout(heads, rows, 46)
    assert max(map(columns, lines)) <= 46
    assert lines[-1].split() == ["384,000.00", "0.00", "2020-08", "notice-F54V2T51"]


def test_a_table_too_wide_for_the_screen_stands_as_a_list_of_each_row() -> None:
    titles = {"notice": "公示", "posted": "张贴日期", "last": "最后一日", "note": "说明", "a_fen": "金额"}
    heads = [Column(title, key) for key, title in titles.items()]
    row = {"notice": "notice-F54V2T51", "posted": "2020-09-01", "last": "2020-09-08", "note": "", "a_fen": 5000}
    assert layout(heads, [row, row], 40)[:5] == [
        "公示      notice-F54V2T51",
        "张贴日期  2020-09-01",
        "最后一日  2020-09-08",
        "金额      50.00",
        "",
    ]

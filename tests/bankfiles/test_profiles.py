"""A bank's layout is data: one TOML file in a closed vocabulary, refused by file, line and word, and enough to write and read by."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from mingzhang.cli import i18n
from mingzhang.cli.bankfiles.answers import read_answer, read_returns
from mingzhang.cli.bankfiles.known_profiles import bundled_codes, bundled_profile, profile_named, profile_of_file
from mingzhang.cli.bankfiles.orders import OrderLine, OrderTerms, write_order
from mingzhang.cli.bankfiles.profile import AnswerHolds, BankProfile, OrderHolds, ReturnedHolds, read_profile
from mingzhang.cli.demo import bank_of_profile, bank_sim
from mingzhang.cli.refusals.plan_reasons import reason_in_words
from mingzhang.cli.words.bank_columns import HOLDS
from mingzhang.domain.refusal import Refused
from tests.bankfiles.layouts import LOCAL_BANK

DAY = date(2020, 4, 10)
TERMS = OrderTerms("助学金", DAY, "DW01")


def order(count: int = 400) -> list[OrderLine]:
    return [OrderLine(n, f"62990000000{n:05d}11", f"测试{n:03d}", 100_000 + n) for n in range(1, count + 1)]


def local() -> BankProfile:
    return read_profile(LOCAL_BANK, "local-bank.toml")


def test_the_layouts_that_come_along_are_those_of_the_field() -> None:
    assert bundled_codes() == ["csv-gb18030", "pipe"]


def test_an_order_in_each_bundled_layout_is_written_byte_for_byte() -> None:
    lines = [OrderLine(1, "6299000000000015", "测试一", 200_000), OrderLine(2, "6299000000000023", "甲,乙", 150_050)]
    written = {code: write_order(lines, profile=bundled_profile(code), terms=TERMS) for code in bundled_codes()}
    assert written["csv-gb18030"].decode("gb18030") == (
        "序号,账号,户名,金额,摘要\r\n1,6299000000000015,测试一,2000.00,助学金\r\n"
        '2,6299000000000023,"甲,乙",1500.50,助学金\r\n合计,2,,3500.50,\r\n'
    )
    assert written["pipe"].decode("gb18030") == (
        "20200410|DW01|2|350050\r\n序号|户名|账号|金额(分)|摘要\r\n1|测试一|6299000000000015|200000|助学金\r\n"
        "2|甲,乙|6299000000000023|150050|助学金\r\n"
    )


def test_a_third_layout_is_written_as_it_says() -> None:
    assert write_order(order(1), profile=local(), terms=TERMS).decode() == (
        "客户号\t日期\t笔数\t金额\nKH0007\t2020/04/10\t1\t1000.01\n明细号\t收款户名\t收款账号\t币种\t发生额\t用途\n"
        "1\t测试001\t629900000000000111\tCNY\t1000.01\t助学金\n"
    )


def test_a_third_layout_is_read_as_it_says(tmp_path: Path) -> None:
    sent = tmp_path / "代发-一.txt"
    sent.write_bytes(write_order(order(), profile=local(), terms=TERMS))
    back, returned = bank_of_profile.answer_order(sent, local(), on=DAY, later_returns=True)
    answer = read_answer(back.read_bytes(), back.name, local())
    assert [(line.number, line.account, line.name, line.asked_fen) for line in answer.lines] == [
        (line.number, line.account, line.name, line.amount_fen) for line in order()
    ]
    assert {line.state for line in answer.lines} == {"paid", "failed", "pending"}
    assert (answer.unit_code, answer.stated_on) == ("KH0007", DAY)
    came_back = read_returns(returned.read_bytes(), returned.name, local())
    assert came_back.count == len(came_back.lines) > 0


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("count", "bank_file_count_differs"),
        ("total", "bank_file_total_differs"),
        ("duplicate", "bank_file_line_repeated"),
    ],
)
def test_a_third_layout_checks_itself(tmp_path: Path, kind: str, code: str) -> None:
    sent = tmp_path / "代发-一.txt"
    sent.write_bytes(write_order(order(), profile=local(), terms=TERMS))
    [back] = bank_of_profile.answer_order(sent, local(), on=DAY, spoil=kind)
    with pytest.raises(Refused, match=code):
        read_answer(back.read_bytes(), back.name, local())


def test_further_names_and_titles_and_another_order_of_columns_are_understood(tmp_path: Path) -> None:
    above = 'at = "top"\nnames = ["客户号", "日期", "笔数", "金额"]\nnames_written = true\ncells = ["{unit}", "{date}", '
    text = LOCAL_BANK.replace(above, 'at = "bottom"\ncells = ["总计", ')
    profile = read_profile(text, "x.toml")
    rows = "某某银行回单\n处理结果\t序号\t收款户名\t收款账号\t申请金额（元）\t失败说明\t入账日\n"
    rows += "已入账\t1\t测试001\t629900000000000111\t1,000.01\t\t2020/4/10\n总计\t1\t\t\t1000.01\n"
    [line] = read_answer(rows.encode(), "x", profile).lines
    assert (line.number, line.state, line.asked_fen, line.done_fen, line.processed_on) == (1, "paid", 100_001, 100_001, DAY)


def test_a_day_in_a_form_the_profile_does_not_promise_is_refused(tmp_path: Path) -> None:
    sent = tmp_path / "代发-一.txt"
    sent.write_bytes(write_order(order(3), profile=local(), terms=TERMS))
    [back] = bank_of_profile.answer_order(sent, local(), on=DAY)
    with pytest.raises(Refused) as refused:
        read_answer(back.read_text(encoding="utf-8").replace("2020/04/10\n", "20200410\n").encode(), "x", local())
    assert (refused.value.code, refused.value.context["reason"]) == ("bank_file_unreadable", "date_not_understood")
    assert refused.value.context["column"] == "入账日"


@pytest.mark.parametrize(
    ("before", "after", "place", "word"),
    [
        ('encoding = "utf-8"', 'encoding = "big5"', "encoding", "encoding"),
        ('separator = "\\t"', 'separator = "#"', "separator", "separator"),
        ('amounts = "yuan"', 'amounts = "jiao"', "amounts", "amounts"),
        ('amounts = "yuan"\n', "", "amounts", ""),
        ('title = "本', 'titel = "本', "title", ""),
        ('holds = "amount" },\n  { name = "用途"', 'holds = "money" },\n  { name = "用途"', "order.columns.4.holds", "发生额"),
        ('{ name = "处理结果", holds = "state" },\n', "", "answer", "[answer]"),
        ('{ name = "失败说明", holds = "reason" }', '{ name = "处理结果", holds = "reason" }', "answer", "[answer]"),
        ('pending = ["已受理"]', 'pending = ["已入账"]', "states", "[states]"),
        ('cells = ["{unit}", "{date}", "{count}", "{amount}"]\n\n[a', 'cells = ["{when}"]\n\n[a', "order.control", "order.control"),
        ('dates = ["YYYY/MM/DD"]', 'dates = ["DD/MM/YYYY"]', "dates.0", "dates"),
        ('name = "失败说明"', 'name = ""', "answer.columns.5.name", 'holds = "reason"'),
        ('name = "退回日"', 'name = ""', "returned.columns.4.name", 'holds = "returned_on"'),
    ],
)
def test_a_word_outside_the_vocabulary_is_refused_with_its_place(before: str, after: str, place: str, word: str) -> None:
    assert before in LOCAL_BANK
    text = LOCAL_BANK.replace(before, after, 1)
    with pytest.raises(Refused) as refused:
        read_profile(text, "local-bank.toml")
    found = refused.value
    assert (found.code, found.context["file"], found.context["place"]) == ("bank_profile_malformed", "local-bank.toml", place)
    line = int(str(found.context["line"]))
    assert word in text.splitlines()[line - 1]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('name = "失败说明"', 'name = ""', "it may not be empty"),
        ('code = "local-bank"', f'code = "{"a" * 41}"', "it has at most {limit} characters"),
        ("[states]", 'file_ending = "txt"\n[states]', "an ending is a dot with small letters or digits behind it, such as .txt"),
        ('amounts = "yuan"', 'amounts = "yuan"\namounts = "fen"', "this word, or this table, stands twice in the file"),
        ('amounts = "yuan"', 'amounts "yuan"', "at character {column}, = is wanted after the word"),
        ('amounts = "yuan"', "amounts = “yuan”", "at character {column}: text stands between straight quotation marks, as in \"pipe\""),
    ],
)
def test_why_a_layout_cannot_be_read_is_said_in_the_readers_words(before: str, after: str, told: str, lang: str) -> None:
    assert before in LOCAL_BANK
    with pytest.raises(Refused) as refused:
        read_profile(LOCAL_BANK.replace(before, after, 1), "local-bank.toml")
    i18n.choose(lang)
    said = reason_in_words(str(refused.value.context["reason"]))
    wanted = re.escape(i18n._(told))
    assert re.fullmatch(re.sub(r"\\\{\w+\\\}", r"\\d+", wanted), said), said


def test_a_missing_column_is_named_by_the_layouts_word_and_by_the_readers() -> None:
    i18n.choose("zh")
    assert reason_in_words("Value error, answer: no column holds state") == "[answer] 缺少这样的列：state（处理结果）"
    i18n.choose("en")
    assert reason_in_words("Value error, answer: no column holds state") == "no column of [answer] holds state (what became of it)"


def test_whatever_a_column_may_hold_has_a_meaning_in_words() -> None:
    assert {*get_args(OrderHolds), *get_args(AnswerHolds), *get_args(ReturnedHolds)} == HOLDS.keys()


def test_what_is_no_toml_is_refused_with_its_line() -> None:
    with pytest.raises(Refused) as refused:
        read_profile('code = "x"\ntitle = 本地\n', "x.toml")
    assert (refused.value.code, refused.value.context["line"]) == ("bank_profile_malformed", 2)


def test_an_office_keeps_its_banks_in_the_ledgers_folder(tmp_path: Path) -> None:
    folder = tmp_path / "bank-profiles"
    folder.mkdir()
    (folder / "local-bank.toml").write_text(LOCAL_BANK, encoding="utf-8")
    assert profile_named("local-bank", tmp_path).title == "本地银行（制表符分隔）"
    (folder / "other.toml").write_text(LOCAL_BANK, encoding="utf-8")
    with pytest.raises(Refused, match="bank_profile_code_differs"):
        profile_named("other", tmp_path)
    with pytest.raises(Refused, match="bank_profile_unknown"):
        profile_named("nowhere", tmp_path)


def test_a_layout_of_an_office_does_not_replace_one_that_comes_along(tmp_path: Path) -> None:
    file = tmp_path / "pipe.toml"
    file.write_text(LOCAL_BANK.replace('code = "local-bank"', 'code = "pipe"'), encoding="utf-8")
    with pytest.raises(Refused, match="bank_profile_name_taken"):
        profile_of_file(file)


def test_a_name_that_the_banks_encoding_cannot_hold_is_refused_with_its_number() -> None:
    gbk = read_profile(LOCAL_BANK.replace('encoding = "utf-8"', 'encoding = "gbk"'), "x.toml")
    lines = [*order(2), OrderLine(3, "6299000000000015", "测𠮷", 100)]
    with pytest.raises(Refused) as refused:
        write_order(lines, profile=gbk, terms=TERMS)
    assert (refused.value.code, refused.value.context) == ("bank_order_text", {"number": 3, "column": "收款户名"})


def test_the_rehearsal_bank_marks_its_answer_to_a_marked_order(tmp_path: Path) -> None:
    for code in bundled_codes():
        profile = bundled_profile(code)
        sent = tmp_path / f"代发-一{profile.file_ending}"
        practice = TERMS._replace(purpose="演练助学金")
        sent.write_bytes(write_order([OrderLine(1, "6299000000000015", "测试一", 100)], profile=profile, terms=practice))
        [back] = bank_sim.answer_order(sent, on=DAY)
        assert "演练" in back.read_text(encoding="gb18030")
        assert read_answer(back.read_bytes(), back.name, profile).count == 1

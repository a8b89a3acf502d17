"""Every written value has one cleaned form or one code: the boundaries, as tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzhang.domain.values import cards, choices, dates, identity, money, text
from mingzhang.domain.values.bad_value import BadValue
from mingzhang.domain.values.categories import CATEGORIES, categories

# GB 11643-1999 itself gives 11010519491231002X as its example.
STANDARD = "11010519491231002X"


def outcome(clean: Callable[[str], object], written: str) -> object:
    try:
        return clean(written)
    except BadValue as problem:
        return problem.code


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (STANDARD, STANDARD),
        ("11010519491231002x", STANDARD),
        ("'110105 19491231 002X ", STANDARD),
        ("１１０１０５１９４９１２３１００２Ｘ", STANDARD),
        ("\ufeff110105\u3000194912\xa031002X\n", STANDARD),
        ("110105491231002", "110105491231002"),
        ("", ""),
        ("无", ""),
        ("/", ""),
        ("—", ""),
        ("-", ""),
        ("110105194912310021", "id_check_digit"),
        ("110105194912310020", "id_check_digit"),
        ("11010519490230002X", "id_birth_date"),
        ("110105194913310020", "id_birth_date"),
        ("110105000012310020", "id_birth_date"),
        ("110105490230002", "id_birth_date"),
        ("11010519491231002", "id_malformed"),
        ("11010519491231002XX", "id_malformed"),
        ("1101051949123100X2", "id_malformed"),
        ("G11010519491231002X", "id_malformed"),
        ("2.10902E+17", "number_cell_lost_digits"),
        ("2.10902e17", "number_cell_lost_digits"),
    ],
)
def test_an_identity_number_is_taken_exactly_or_refused(written: str, expected: str) -> None:
    assert outcome(identity.id_number, written) == expected


def test_a_region_nobody_knows_is_no_reason_to_refuse() -> None:
    number = "999999" + STANDARD[6:17]
    assert identity.is_id_number(number + identity.check_digit(number))


def test_a_short_number_and_its_long_form_mean_one_person() -> None:
    assert identity.to_18("110105491231002") == STANDARD
    assert identity.to_18(STANDARD) == STANDARD


def test_sex_and_birth_date_are_read_from_both_forms() -> None:
    for number in (STANDARD, "110105491231002"):
        assert (identity.sex(number), identity.birth_date(number)) == ("女", date(1949, 12, 31))


born = st.dates(date(1930, 1, 1), date(2025, 12, 31))


@given(st.integers(110000, 659999), born, st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_any_one_wrong_digit_is_noticed(region: int, day: date, order: int, place: int, shift: int) -> None:
    first = f"{region}{day:%Y%m%d}{order:03d}"
    number = first + identity.check_digit(first)
    digit = "X" if place == 17 and number[17] != "X" and shift == 9 else str((int(number[place], 36) + shift) % 10)
    if digit != number[place]:
        assert not identity.is_id_number(number[:place] + digit + number[place + 1 :])


@given(st.integers(110000, 659999), st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_lengthening_keeps_sex_and_birth_date(region: int, day: date, order: int) -> None:
    number = f"{region}{day:%y%m%d}{order:03d}"
    longer = identity.to_18(number)
    assert identity.is_id_number(longer)
    assert (identity.sex(longer), identity.birth_date(longer)) == (identity.sex(number), day)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("G11010519491231002x", "G11010519491231002X"),
        ("g１１０１０５１９４９１２３１００２X", "G11010519491231002X"),
        ("J930018059269304647", "J930018059269304647"),
        ("L622984172314660877", "L622984172314660877"),
        ("", ""),
        ("K622984172314660877", "xueji_malformed"),
        ("J93001805926930464", "xueji_malformed"),
    ],
)
def test_a_xueji_number_has_one_of_three_shapes(written: str, expected: str) -> None:
    assert outcome(identity.xueji_number, written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("5359.50元", 535950),
        ("3,462.00", 346200),
        ("4879.25 元", 487925),
        ("２５８７.５０", 258750),
        ("４，０３６．５元", 403650),
        ("¥1,234,567.8", 123456780),
        ("'0", 0),
        ("-0", 0),
        ("0.01", 1),
        (" 1471", 147100),
        ("", None),
        ("无", None),
        ("—", None),
        ("1.234", "amount_decimals"),
        ("1.230", "amount_decimals"),
        ("-5558", "amount_negative"),
        ("-0.001", "amount_negative"),
        ("1.2万", "amount_not_a_number"),
        ("1,23", "amount_not_a_number"),
        ("1,2345", "amount_not_a_number"),
        ("1e3", "amount_not_a_number"),
        ("12.", "amount_not_a_number"),
        (".5", "amount_not_a_number"),
        ("约3000", "amount_not_a_number"),
        ("(500)", "amount_not_a_number"),
        ("3000元/年", "amount_not_a_number"),
        ("元", "amount_not_a_number"),
        ("1" * 16, "amount_too_large"),
    ],
)
def test_an_amount_becomes_whole_fen_or_is_refused(written: str, expected: object) -> None:
    assert outcome(money.fen_from_text, written) == expected


@pytest.mark.parametrize(
    ("yuan", "expected"),
    [
        (1971.25, 197125),
        (0.1 + 0.2, 30),
        (1.005, "amount_decimals"),
        (1234.567, "amount_decimals"),
        (-5558.0, "amount_negative"),
        (-0.001, "amount_negative"),
        (3, 300),
        (float("nan"), "amount_not_a_number"),
        (float("inf"), "amount_not_a_number"),
        (1e300, "amount_too_large"),
    ],
)
def test_an_amount_in_a_number_cell_is_judged_by_what_the_sheet_shows(yuan: float, expected: object) -> None:
    def clean(_: str) -> int:
        return money.fen_from_number(yuan)

    assert outcome(clean, "") == expected


@given(st.integers(0, 10**12))
def test_every_amount_survives_being_written_and_read(fen: int) -> None:
    assert money.fen_from_text(money.yuan_text(fen)) == fen
    assert money.fen_from_text(money.yuan_grouped(fen) + "元") == fen
    assert money.fen_from_number(float(money.yuan_text(fen))) == fen


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2020-03-15", date(2020, 3, 15)),
        ("2020/3/15", date(2020, 3, 15)),
        ("2020.3.15", date(2020, 3, 15)),
        ("2020年3月15日", date(2020, 3, 15)),
        ("20200315", date(2020, 3, 15)),
        ("２０２０－０３－１５", date(2020, 3, 15)),
        ("2020-03-15 00:00:00", date(2020, 3, 15)),
        ("43905", date(2020, 3, 15)),
        ("", None),
        ("/", None),
        ("2020-02-30", "date_impossible"),
        ("20201301", "date_impossible"),
        ("2020年3月", "date_not_understood"),
        ("3月15日", "date_not_understood"),
        ("2020", "date_not_understood"),
        ("去年", "date_not_understood"),
        ("15/3/2020", "date_not_understood"),
    ],
)
def test_a_date_is_read_in_every_way_offices_write_it(written: str, expected: object) -> None:
    assert outcome(dates.date_from_text, written) == expected


@given(st.dates(date(1930, 1, 1), date(2150, 1, 1)))
def test_serial_numbers_and_eight_digits_mean_the_same_day(day: date) -> None:
    assert dates.date_from_number((day - date(1899, 12, 30)) / timedelta(days=1)) == day
    assert dates.date_from_number(float(f"{day:%Y%m%d}")) == day


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("6299 5885 5914 4406 522", "6299588559144406522"),
        ("'６２９９９６８４４４７３０１８４４８７２", "62999684447301844872"),
        ("", ""),
        ("6.29963791227112e+18", "number_cell_lost_digits"),
        ("62995", "account_malformed"),
        ("6299-5885-5914", "account_malformed"),
        ("农行6299588559", "account_malformed"),
    ],
)
def test_an_account_is_its_digits(written: str, expected: str) -> None:
    assert outcome(cards.account_number, written) == expected


@pytest.mark.parametrize(("number", "passes"), [("79927398713", True), ("79927398710", False), ("0", True)])
def test_the_luhn_check_is_that_of_the_standard(number: str, passes: bool) -> None:
    assert cards.passes_luhn(number) is passes


@pytest.mark.parametrize(
    ("written", "found", "kinds"),
    [
        ("建档立卡户", ("建档立卡",), ()),
        ("建档立卡学生、特困", ("建档立卡", "特困"), ()),
        ("残疾/城镇低保", ("低保", "残疾学生"), ("城镇低保",)),
        ("城市低保，孤儿；其他", ("低保", "孤儿", "其他"), ("城市低保",)),
        ("脱贫户,建档立卡", ("建档立卡",), ()),
        (" 低 保 边 缘 ", ("低保边缘",), ()),
        ("特困救助供养;突发困难", ("突发严重困难", "特困"), ()),
        ("无", (), ()),
        ("", (), ()),
    ],
)
def test_categories_are_canonical_and_keep_the_sub_kind(
    written: str, found: tuple[str, ...], kinds: tuple[str, ...]
) -> None:
    assert categories(written) == (found, kinds)


@pytest.mark.parametrize("written", ["贫困", "低保户", "建档立卡、贫困", "是", "低保?", "1"])
def test_a_category_nobody_knows_is_refused_even_beside_a_known_one(written: str) -> None:
    assert outcome(categories, written) == "category_unknown"


@given(st.lists(st.sampled_from(CATEGORIES), min_size=1), st.sampled_from("、,;/，；"))
def test_the_order_in_a_cell_does_not_matter(terms: list[str], separator: str) -> None:
    assert categories(separator.join(terms)) == categories(separator.join(reversed(terms)))
    assert set(categories(separator.join(terms)).categories) == set(terms)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("5", 5), ("5人", 5), ("５", 5), ("", None), ("无", None), ("0", "not_above_zero"), ("-2", "not_above_zero"),
        ("三", "not_a_whole_number"), ("2.5", "not_a_whole_number"), ("5-6", "not_a_whole_number"),
    ],
)  # fmt: skip
def test_a_head_count_is_whole_and_above_zero(written: str, expected: object) -> None:
    assert outcome(choices.whole_number, written) == expected


def test_a_word_outside_a_closed_list_is_refused() -> None:
    assert outcome(lambda word: choices.choice(choices.LEVELS, word), "很困难") == "value_unknown"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("方\u3000诗", "方诗"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("𠮷野", "𠮷野"),
        ("-", ""),
        (" 贺  彤\u200b", "贺彤"),
    ],
)
def test_a_name_loses_spaces_and_nothing_else(written: str, expected: str) -> None:
    assert text.person_name(written) == expected


def test_running_text_keeps_the_spaces_between_latin_words() -> None:
    assert text.prose(" 家访  了解 Wi Fi\n情况 ") == "家访了解Wi Fi情况"

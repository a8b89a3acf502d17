"""Bank files go out as the bank reads them and come back to the fen; one that contradicts itself is refused whole."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzhang.cli.bankfiles.answers import BankAnswer, BankReturns
from mingzhang.cli.bankfiles.answers import read_answer as answer_of
from mingzhang.cli.bankfiles.answers import read_returns as returns_of
from mingzhang.cli.bankfiles.known_profiles import bundled_codes, bundled_profile
from mingzhang.cli.bankfiles.orders import OrderLine, OrderTerms, write_order
from mingzhang.cli.demo import bank_sim
from mingzhang.domain.refusal import Refused
from tests.conftest import INPUT, TRUTHS

COLLEGE = INPUT / "fuxin-2020"
ENDING = {"csv-gb18030": ".csv", "pipe": ".txt"}
TERMS = OrderTerms("2020春助学金", date(2020, 4, 27), "DW01")
IN_BOTH_PROFILES = pytest.mark.parametrize("profile", bundled_codes())


def read_answer(file: Path, profile: str) -> BankAnswer:
    return answer_of(file.read_bytes(), str(file), bundled_profile(profile))


def read_returns(file: Path, profile: str) -> BankReturns:
    return returns_of(file.read_bytes(), str(file), bundled_profile(profile))


def lines(count: int = 300) -> list[OrderLine]:
    return [
        OrderLine(number, f"62990000000{number:05d}11", f"测试{number:03d}", 100_000 + number)
        for number in range(1, count + 1)
    ]


def bank(folder: Path, profile: str, order: list[OrderLine], **settings: Any) -> tuple[Path, Path]:
    """Hands an order to the simulated bank; where its 回盘文件 and its 退票 file are."""
    asked = folder / f"代发-一{ENDING[profile]}"
    asked.write_bytes(write_order(order, profile=bundled_profile(profile), terms=TERMS))
    bank_sim.answer_order(asked, out=folder, **settings)
    return folder / f"回盘-一{ENDING[profile]}", folder / f"退票-一{ENDING[profile]}"


def answered(folder: Path, profile: str, **settings: Any) -> BankAnswer:
    return read_answer(bank(folder, profile, lines(), **settings)[0], profile)


@IN_BOTH_PROFILES
def test_the_bank_answers_every_line_of_an_order(tmp_path: Path, profile: str) -> None:
    answer = answered(tmp_path, profile)
    assert [(line.number, line.account, line.name, line.asked_fen) for line in answer.lines] == [
        (line.number, line.account, line.name, line.amount_fen) for line in lines()
    ]
    assert (answer.profile, answer.count, answer.total_fen) == (profile, 300, sum(one.amount_fen for one in lines()))


@IN_BOTH_PROFILES
def test_paid_failed_and_pending_lines_are_told_apart(tmp_path: Path, profile: str) -> None:
    answer = read_answer(bank(tmp_path, profile, lines(2000))[0], profile)
    assert {line.state for line in answer.lines} == {"paid", "failed", "pending"}
    for line in answer.lines:
        assert line.done_fen == (line.asked_fen if line.state == "paid" else 0)
        assert bool(line.flow) == (line.state == "paid")
        assert bool(line.reason) == (line.state == "failed")
        assert line.processed_on == (None if line.state == "pending" else date(2020, 4, 27))


def test_a_pipe_answer_says_which_day_and_unit_it_answers(tmp_path: Path) -> None:
    answer = answered(tmp_path, "pipe")
    assert (answer.stated_on, answer.unit_code) == (date(2020, 4, 27), "DW01")


@IN_BOTH_PROFILES
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("count", "bank_file_count_differs"),
        ("total", "bank_file_total_differs"),
        ("duplicate", "bank_file_line_repeated"),
    ],
)
def test_a_file_that_disagrees_with_itself_is_refused(tmp_path: Path, profile: str, kind: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        answered(tmp_path, profile, spoil=kind)
    assert refused.value.code == code


@IN_BOTH_PROFILES
@pytest.mark.parametrize("kind", ["amount", "name", "orphan", "other-batch"])
def test_what_only_the_batch_can_judge_is_read_as_it_stands(tmp_path: Path, profile: str, kind: str) -> None:
    answer = answered(tmp_path, profile, spoil=kind)
    assert {(line.number, line.account, line.name, line.asked_fen) for line in answer.lines} != {
        (line.number, line.account, line.name, line.amount_fen) for line in lines()
    }


@IN_BOTH_PROFILES
def test_later_returns_name_batch_and_line(tmp_path: Path, profile: str) -> None:
    _, place = bank(tmp_path, profile, lines(2000), later_returns=True, batch="batch-7")
    returns = read_returns(place, profile)
    asked = {line.number: line for line in lines(2000)}
    assert returns.count == len(returns.lines) > 0
    assert returns.total_fen == sum(line.amount_fen for line in returns.lines)
    for line in returns.lines:
        assert (line.batch, line.account, line.name) == ("batch-7", asked[line.number].account, asked[line.number].name)
        assert (line.amount_fen, line.returned_on) == (asked[line.number].amount_fen, date(2020, 4, 30))


@IN_BOTH_PROFILES
def test_a_file_cut_off_half_way_is_refused(tmp_path: Path, profile: str) -> None:
    place, _ = bank(tmp_path, profile, lines())
    content = place.read_bytes().split(b"\r\n")
    place.write_bytes(b"\r\n".join(content[:100]) + b"\r\n")
    with pytest.raises(Refused) as refused:
        read_answer(place, profile)
    assert refused.value.code in ("bank_file_unreadable", "bank_file_count_differs")


def test_rows_below_the_total_are_refused(tmp_path: Path) -> None:
    place, _ = bank(tmp_path, "csv-gb18030", lines(5))
    content = place.read_bytes()
    place.write_bytes(content + content.split(b"\r\n")[1] + b"\r\n")
    with pytest.raises(Refused) as refused:
        read_answer(place, "csv-gb18030")
    assert (refused.value.code, refused.value.context["reason"]) == ("bank_file_unreadable", "rows_after_total")


@IN_BOTH_PROFILES
def test_a_payment_called_successful_for_another_sum_is_refused(tmp_path: Path, profile: str) -> None:
    place, _ = bank(tmp_path, profile, lines(1))
    asked, done = ("1000.01", "900.01") if profile == "csv-gb18030" else ("100001", "90001")
    separator = "," if profile == "csv-gb18030" else "|"
    text = place.read_text(encoding="gb18030").replace(f"{asked}{separator}{asked}", f"{asked}{separator}{done}", 1)
    place.write_text(text, encoding="gb18030", newline="")
    with pytest.raises(Refused) as refused:
        read_answer(place, profile)
    assert refused.value.code == "bank_file_line_contradicts_itself"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\r\n \r\n", "file_empty"),
        (b"\x00\x01\xff\xfe\x80", "bank_file_encoding"),
        ("这不是银行的文件".encode("gb18030"), "bank_file_unreadable"),
        ("这不是银行的文件".encode(), "bank_file_encoding"),
        ("序号,账号\n1,6299".encode("gb18030"), "bank_file_unreadable"),
    ],
)
def test_what_is_no_bank_file_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    place = tmp_path / "回盘-一.csv"
    place.write_bytes(content)
    with pytest.raises(Refused) as refused:
        read_answer(place, "csv-gb18030")
    assert refused.value.code == code


@IN_BOTH_PROFILES
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_answer_in_another_encoding_than_promised_is_refused(tmp_path: Path, profile: str, encoding: str) -> None:
    place, _ = bank(tmp_path, profile, lines(20))
    place.write_bytes(place.read_bytes().decode("gb18030").encode(encoding))
    with pytest.raises(Refused) as refused:
        read_answer(place, profile)
    assert (refused.value.code, refused.value.context["promised"]) == ("bank_file_encoding", "GB18030")


@IN_BOTH_PROFILES
@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[0-9]{6,30}", fullmatch=True),
            st.text(st.characters(categories=["Lo"], min_codepoint=0x4E00, max_codepoint=0x323AF), min_size=1),
            st.integers(1, 10**9),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_whatever_is_ordered_comes_back_as_ordered(
    tmp_path_factory: pytest.TempPathFactory, profile: str, payments: list[tuple[str, str, int]]
) -> None:
    order = [OrderLine(at, account, name, fen) for at, (account, name, fen) in enumerate(payments, 1)]
    answer = read_answer(bank(tmp_path_factory.mktemp("bank"), profile, order)[0], profile)
    assert [(line.account, line.name, line.asked_fen) for line in answer.lines] == payments


@IN_BOTH_PROFILES
@pytest.mark.parametrize(
    ("name", "purpose"), [("甲\n乙", "助学金"), ("甲", "一\r二"), ("\ud800", "助学金")], ids=["line", "return", "half"]
)
def test_a_text_that_would_break_the_file_is_refused(profile: str, name: str, purpose: str) -> None:
    with pytest.raises(Refused) as refused:
        write_order([OrderLine(1, "6299000000", name, 1)], profile=bundled_profile(profile), terms=TERMS._replace(purpose=purpose))
    assert refused.value.code == "bank_order_text"


def test_an_order_of_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="bank_order_empty"):
        write_order([], profile=bundled_profile("pipe"), terms=TERMS)


def test_the_accounts_of_the_college_survive_the_bank(tmp_path: Path) -> None:
    truth = json.loads((TRUTHS / "fuxin-2020" / "truth.json").read_text(encoding="utf-8"))
    people = truth["rounds"]["spring"]["recorded"]
    order = [
        OrderLine(at, person["account"], person["name"], person["fen_per_term"])
        for at, person in enumerate(people, 1)
    ]
    for profile in bundled_codes():
        answer = read_answer(bank(tmp_path, profile, order)[0], profile)
        assert answer.total_fen == truth["rounds"]["spring"]["grant"]["total_fen"]
        assert [line.account for line in answer.lines] == [person["account"] for person in people]

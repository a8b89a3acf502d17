"""`fund`: every command says where the fund stands, and balances add up on any day."""

from __future__ import annotations

from tests.cli.aid_office import Office, fund

FIELDS = ("received_fen", "available_fen", "reserved_fen", "paid_fen", "returned_fen")


def balance(office: Office, *words: str) -> tuple[int, ...]:
    rows = office.done("inspector", "fund", "balances", *words, day="2020-06-30")
    return tuple(rows[0][field] for field in FIELDS)


def test_money_that_arrived_is_available(surveyed: Office) -> None:
    fund(surveyed, "1234.50")
    assert balance(surveyed) == (123450, 123450, 0, 0, 0)


def test_money_returned_upward_is_no_longer_available(surveyed: Office) -> None:
    fund(surveyed, "1000")
    surveyed.done("treasurer", "fund", "return", "F1", "--amount", "400", "--to", "测试", day="2020-04-01")
    assert balance(surveyed) == (100000, 60000, 0, 0, 40000)


def test_more_than_is_available_cannot_be_returned(surveyed: Office) -> None:
    fund(surveyed, "1000")
    said = surveyed.do("treasurer", "fund", "return", "F1", "--amount", "1000.01", "--to", "测试", day="2020-04-01")
    assert (said.code, said.refused) == (1, "fund_short")


def test_a_fund_belongs_to_the_school_of_the_plan_unless_said_otherwise(surveyed: Office) -> None:
    words = ("--title", "测试资金", "--year", "2020", "--scheme", "grant")
    own = surveyed.done("treasurer", "fund", "open", "F1", *words, day="2020-03-21")
    other = surveyed.done("treasurer", "fund", "open", "F2", *words, "--unit", "财务处", day="2020-03-21")
    assert (own["unit_id"], own["schemes"], other["unit_id"]) == ("college", ["fuxin-2020.grant"], "finance-office")


def test_a_released_batch_has_its_money_reserved(released: Office) -> None:
    assert balance(released) == (1000000, 550000, 450000, 0, 0)


def test_a_failed_payment_is_available_again(answered: Office) -> None:
    assert balance(answered) == (1000000, 700000, 0, 300000, 0)


def test_an_earlier_day_is_answered_as_it_was(answered: Office) -> None:
    assert balance(answered, "--on", "2020-03-22") == (1000000, 1000000, 0, 0, 0)
    assert balance(answered, "--on", "2020-06-30", "--known-at", "2020-04-02") == (1000000, 550000, 450000, 0, 0)

"""The clerk's month by command: opening balance, vouchers, close, what comes after the close, and the two ways of counting years."""

from __future__ import annotations

from openpyxl import load_workbook

from tests.cli.aid_office import Office, Said, returns_file

APRIL = "2020-04"
MAY = "2020-05-06"


def treasurer(office: Office, *words: object, day: str = MAY) -> object:
    return office.done("treasurer", *words, day=day)


def closed(office: Office) -> None:
    """March and April of F1 are booked and closed."""
    for month in ("2020-03", APRIL):
        treasurer(office, "voucher", "book", "F1", "--month", month)
        treasurer(office, "month", "close", month)


def old_books(office: Office, day: str = "2020-03-21", **amounts: str) -> Said:
    page = office.folder / "旧账.txt"
    page.write_text("synthetic page of the old books", encoding="utf-8")
    treasurer(office, "fund", "open", "F0", "--title", "旧账", "--year", "2020", "--scheme", "grant", day="2020-03-21")
    sums = {"received": "1000", "available": "200", "paid": "700", "returned": "100"} | amounts
    words = [word for name, yuan in sums.items() for word in (f"--{name}", yuan)]
    return office.do("treasurer", "fund", "take-over", "F0", *words, "--on", day, "--evidence", page, day="2020-03-22")


def test_an_opening_balance_is_taken_over_with_its_page(surveyed: Office) -> None:
    said = old_books(surveyed)
    assert said.code == 0, said.text
    listed = surveyed.done("treasurer", "evidence", "list", day="2020-06-30")
    assert said.document["evidence"] in [row["sha256"] for row in listed]
    before, after = (
        surveyed.done("treasurer", "fund", "balances", "--on", on, day="2020-06-30") for on in ("2020-03-20", "2020-03-21")
    )
    assert before == []
    assert [(row["available_fen"], row["paid_fen"]) for row in after] == [(20_000, 70_000)]


def test_an_opening_balance_that_is_one_fen_off_is_refused_and_its_page_not_kept(surveyed: Office) -> None:
    said = old_books(surveyed, available="200.01")
    assert (said.code, said.refused) == (1, "opening_does_not_balance")
    assert "-0.01" in said.text
    assert surveyed.done("treasurer", "evidence", "list", day="2020-06-30") == []


def test_months_are_closed_in_their_order(answered: Office) -> None:
    assert answered.do("treasurer", "month", "close", APRIL, day=MAY).refused == "month_earlier_open"
    closed(answered)
    assert answered.do("treasurer", "month", "close", APRIL, day=MAY).refused == "nothing_to_close"
    assert answered.do("treasurer", "month", "close", APRIL, "--fund", "F1", day=MAY).refused == "month_closed"


def test_the_closed_figures_are_those_of_the_month(answered: Office) -> None:
    closed(answered)
    (row,) = answered.done("inspector", "month", "show", APRIL, day="2020-06-30")
    assert [(line["line"], line["movements"], line["available_fen"], line["paid_fen"]) for line in row["closed"]["lines"]] == [
        ("opening", 0, 1_000_000, 0),
        ("reserved", 1, -450_000, 0),
        ("paid", 1, 0, 300_000),
        ("released", 1, 150_000, 0),
        ("closing", 3, 700_000, 300_000),
    ]
    assert (row["state"], row["now"], row["after_close"]) == ("closed", row["closed"]["lines"], [])
    checked = answered.done("inspector", "month", "check", day="2020-06-30")
    assert (checked["ok"], checked["checked"], checked["problems"]) == (True, 2, [])


def test_a_movement_without_a_voucher_keeps_the_month_open(answered: Office) -> None:
    treasurer(answered, "voucher", "book", "F1", "--month", "2020-03")
    treasurer(answered, "month", "close", "2020-03")
    unbooked = answered.done("treasurer", "voucher", "unbooked", day=MAY)
    assert [(row["step"], row["on"], row["amount_fen"]) for row in unbooked] == [("paid", "2020-04-10", 300_000)]
    said = answered.do("treasurer", "month", "close", APRIL, day=MAY)
    assert (said.code, said.refused) == (1, "movements_unbooked")
    assert "voucher book F1 --month 2020-04" in said.document["next"]


def test_what_comes_back_after_the_close_is_shown_beside_the_closed_figures(answered: Office) -> None:
    closed(answered)
    size = answered.done("inspector", "status", day=MAY)["size"]
    order = next(answered.folder.glob("代发*.csv"))
    back = returns_file(order, "6299000000000015", "B1")  # on 13 April
    answered.done("cashier", "payment", "returns", back, "--batch", "B1", day="2020-05-07")
    (row,) = answered.done("inspector", "month", "show", APRIL, day="2020-06-30")
    assert [line["paid_fen"] for line in row["closed"]["lines"] if line["line"] == "closing"] == [300_000]
    assert [line["paid_fen"] for line in row["now"] if line["line"] == "closing"] == [100_000]
    assert [(late["on"], late["step"], late["amount_fen"]) for late in row["after_close"]] == [("2020-04-13", "restored", 200_000)]
    (then,) = answered.done("inspector", "month", "show", APRIL, "--known-at", size, day="2020-06-30")
    assert then["now"] == row["closed"]["lines"]
    assert answered.done("inspector", "month", "check", APRIL, day="2020-06-30")["ok"]
    booked = answered.done("treasurer", "voucher", "book", "F1", "--month", "2020-05", day="2020-06-30")
    assert [(one["on"], one["step"]) for one in booked["vouchers"]] == [("2020-05-01", "restored")]
    states = answered.done("treasurer", "month", "list", "--fund", "F1", day="2020-06-30")
    assert [(one["month"], one["state"], one["after_close"]) for one in states] == [("2020-03", "closed", 0), (APRIL, "closed", 1)]


def test_a_voucher_keeps_its_number_on_paper_and_is_reversed_by_a_further_one(awarded: Office) -> None:
    posted = awarded.done("treasurer", "voucher", "post", "F1", "fund/F1@2", "--paper", "记-17", day=MAY)
    red = awarded.done("treasurer", "voucher", "reverse", "F1", "1", "--year", "2020", "--reason", "科目有误", day=MAY)
    assert (posted["number"], red["number"], red["amount_fen"]) == (1, 2, -1_000_000)
    listed = awarded.done("treasurer", "voucher", "list", "--fund", "F1", "--year", "2020", day=MAY)
    assert [(row["number"], row["paper"], row["reverses"], row["reversed_by"]) for row in listed] == [
        (1, "记-17", None, "voucher/F1/2020@2"),
        (2, None, "voucher/F1/2020@1", None),
    ]


def test_the_reason_of_a_reversal_is_kept_sealed(awarded: Office) -> None:
    awarded.done("treasurer", "voucher", "post", "F1", "fund/F1@2", day=MAY)
    awarded.done("treasurer", "voucher", "reverse", "F1", "1", "--year", "2020", "--reason", "科目有误", day=MAY)
    assert "科目有误".encode() not in (awarded.ledger / "journal.db").read_bytes()


def test_balances_are_kept_apart_by_source(answered: Office) -> None:
    treasurer(answered, "fund", "arrive", "F1", "--amount", "500", "--source", "市级", "--on", "2020-04-20")
    by_source = answered.done("treasurer", "fund", "balances", "--by", "source", day=MAY)
    assert [(row["source"], row["received_fen"], row["paid_fen"]) for row in by_source] == [
        ("市级", 50_000, 0),
        ("测试", 1_000_000, 300_000),
    ]
    assert "来源" in answered.plain("treasurer", "fund", "balances", "--by", "source", day=MAY, language="zh")


def test_a_calendar_year_becomes_a_school_year_with_the_cut_off_said(answered: Office) -> None:
    words = ("--year", "2020", "--school-year", "2019-2020")
    said = answered.done("treasurer", "fund", "reconcile", *words, day=MAY)
    assert (said["cut_off"], said["paid_fen"], said["bridge"]["school_year_fen"]) == ("08-31", 300_000, 300_000)
    printed = answered.plain("treasurer", "fund", "reconcile", *words, "--cut-off", "2020-07-31", day=MAY)
    assert "The school year ends with 07-31." in printed
    assert answered.do("treasurer", "fund", "reconcile", "--year", "2020", day=MAY).code == 2
    other = answered.do("treasurer", "fund", "reconcile", "--year", "2020", "--school-year", "2020", day=MAY)
    assert other.refused == "period_kind_differs"


def test_only_the_treasurer_closes_and_books(answered: Office) -> None:
    for words in (("month", "close", APRIL, "--fund", "F1"), ("voucher", "book", "F1", "--month", APRIL)):
        assert answered.do("cashier", *words, day=MAY).code == 1


def test_what_came_and_what_went_is_not_added_up_below_the_vouchers(answered: Office) -> None:
    closed(answered)
    file = answered.folder / "vouchers.xlsx"
    answered.done("inspector", "voucher", "list", "--fund", "F1", "--xlsx", file, day=MAY)
    rows = list(load_workbook(file).worksheets[0].iter_rows(values_only=True))
    assert [row[5] for row in rows if isinstance(row[5], float | int)] == [row[5] for row in rows if row[0] == "F1"]

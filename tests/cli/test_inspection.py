"""`inspection`: opened, findings raised, answered and put right, closed with the report; texts are shown to whoever may see them."""

from __future__ import annotations

from hashlib import sha256

from tests.cli.aid_office import Office

DAY = "2020-11-10"


def opened(office: Office) -> None:
    words = ("--id", "I1", "--kind", "visit", "--unit", "college", "--by", "synthetic office", "--plan", "fuxin-2020")
    office.done("inspector", "inspection", "open", *words, day=DAY)
    said = ("--text", "synthetic finding", "--severity", "high", "--amount", "1500", "--rectify-by", "2020-12-01")
    assert office.done("inspector", "inspection", "finding", "I1", *said, day=DAY)["number"] == 1


def test_an_inspection_goes_from_finding_to_close_and_discharges_its_duty(surveyed: Office) -> None:
    opened(surveyed)
    assert surveyed.do("inspector", "inspection", "close", "I1", day="2020-11-20").refused == "findings_open"
    assert surveyed.do("inspector", "inspection", "rectify", "I1", "1", day="2020-11-20").refused == "finding_not_answered"
    surveyed.done("clerk", "inspection", "answer", "I1", "1", "--text", "synthetic answer", day="2020-11-20")
    surveyed.done("inspector", "inspection", "rectify", "I1", "1", day="2020-11-25")
    report = surveyed.folder / "synthetic-report.txt"
    report.write_bytes(b"synthetic")
    said = surveyed.done("inspector", "inspection", "close", "I1", "--report", report, day="2020-11-30")
    assert (said["findings"], said["sha256"]) == (1, sha256(b"synthetic").hexdigest())
    rows = {row["duty"]: row for row in surveyed.done("inspector", "due", day="2020-12-31")}
    assert (rows["inspections"]["state"], rows["inspections"]["done_on"]) == ("done", "2020-11-30")
    assert (rows["inspection/I1/1"]["state"], rows["inspection/I1/1"]["done_on"]) == ("done", "2020-11-25")


def test_a_finding_not_put_right_is_late_from_its_day_on(surveyed: Office) -> None:
    opened(surveyed)
    row = next(row for row in surveyed.done("inspector", "due", day="2020-12-05") if row["source"] == "inspection")
    assert (row["state"], row["days_late"], row["owner_id"]) == ("late", 4, "college")
    assert (row["name"], row["duty"]) == ("Inspection I1: put finding 1 right", "inspection/I1/1")


def test_the_list_counts_findings_and_the_texts_need_reveal(surveyed: Office) -> None:
    opened(surveyed)
    (row,) = surveyed.done("clerk", "inspection", "list", "--unit", "college", day="2020-11-12")
    assert (row["inspection"], row["by"], row["findings"], row["not_put_right"]) == ("I1", "synthetic office", 1, 1)
    plain = surveyed.done("clerk", "inspection", "show", "I1", day="2020-11-12")
    assert "text" not in plain["findings"][0] and plain["findings"][0]["amount_fen"] == 150000
    shown = surveyed.done("inspector", "inspection", "show", "I1", "--reveal", day="2020-11-12")
    assert shown["findings"][0]["text"] == "synthetic finding"
    assert surveyed.do("surveyor", "inspection", "show", "I1", "--reveal", day="2020-11-12").refused == "role_missing"
    assert surveyed.do("clerk", "inspection", "show", "I2", day="2020-11-12").refused == "inspection_unknown"


def test_no_text_of_a_finding_lies_in_the_log_in_plain(surveyed: Office) -> None:
    opened(surveyed)
    assert b"synthetic finding" not in (surveyed.ledger / "journal.db").read_bytes()

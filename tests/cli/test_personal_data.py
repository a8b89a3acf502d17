"""Names and numbers stay where they belong: in boxes, in files their owner alone reads, and before those whose business they are."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from mingzhang.cli.app import cli
from mingzhang.domain.facts import decode
from mingzhang.domain.money.payment import PaymentFailed
from tests.cli.aid_office import Office, bank_answer, export, order_lines
from tests.workbooks.made_up import HEADER, number_of, row_of, write_csv

DAY = "2020-06-30"


def events(office: Office) -> int:
    size = office.done("inspector", "status", day=DAY)["size"]
    assert isinstance(size, int)
    return size


def in_the_open(office: Office, text: str) -> list[str]:
    """Files of the ledger, keys and exports apart, in which the text stands."""
    files = [path for path in office.ledger.glob("*") if path.is_file()]
    return [path.name for path in files if text.encode() in path.read_bytes()]


@pytest.fixture
def inspected(answered: Office) -> Office:
    """With an inspector for one department alone."""
    answered.done("administrator", "staff", "appoint", "of-shifan", "--role", "inspector", "--unit", "shifan", day="2020-06-01")
    return answered


def test_who_inspects_one_department_sees_it_in_full(inspected: Office) -> None:
    found = inspected.done("of-shifan", "roster", "--unit", "师范系", "--reveal", day=DAY)
    assert {row["id_number"] for row in found} == {number_of(1), number_of(4)}
    assert inspected.done("of-shifan", "student", "show", inspected.student(1), "--reveal", day=DAY)["id_number"] == number_of(1)


@pytest.mark.parametrize("words", [("roster",), ("roster", "--unit", "综职系"), ("student", "show", "2")])
def test_who_inspects_one_department_sees_nobody_of_another(inspected: Office, words: tuple[str, ...]) -> None:
    words = tuple(inspected.student(2) if word == "2" else word for word in words)
    size = events(inspected)
    said = inspected.do("of-shifan", *words, "--reveal", day=DAY)
    assert (said.code, said.refused, events(inspected)) == (1, "unit_not_covered", size)
    assert "测试" not in said.text and number_of(2) not in said.text


def test_a_word_in_the_column_of_units_is_not_repeated(surveyed: Office) -> None:
    shifted = row_of(7, 院系="测试人名")
    file = write_csv(surveyed.folder / "shifted.csv", [HEADER, shifted])
    said = surveyed.do("surveyor", "survey", "import", file, "--round", "2020-spring", day=DAY)
    assert [row["code"] for row in said.document["files"][0]["refused"]] == ["unit_unknown"]
    assert "测试人名" not in said.text


def test_only_its_owner_reads_the_copy_of_the_refused_rows(surveyed: Office) -> None:
    file = write_csv(surveyed.folder / "wrong.csv", [HEADER, row_of(7, 困难类别="无此类")])
    said = surveyed.do("surveyor", "survey", "import", file, "--round", "2020-spring", "--accept-valid", day=DAY)
    copy = Path(said.document["files"][0]["copy"])
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_only_its_owner_enters_a_new_ledger(surveyed: Office) -> None:
    assert stat.S_IMODE(surveyed.ledger.stat().st_mode) == 0o700


STAFF = ["工号", "姓名", "身份证号", "职务"]


@pytest.mark.parametrize("number", [number_of(30), "19900001234", "测试三十"])
def test_a_staff_id_that_names_its_owner_is_refused(surveyed: Office, number: str) -> None:
    said = surveyed.do("administrator", "staff", "appoint", number, "--role", "clerk", "--unit", "shifan", day=DAY)
    assert (said.code, said.refused) == (1, "staff_id_personal")
    assert number not in said.text


@pytest.mark.parametrize("number", [number_of(30), "19900001234", "测试三十"])
def test_a_register_that_numbers_people_by_who_they_are_knows_them_by_a_reference(surveyed: Office, number: str) -> None:
    file = write_csv(surveyed.folder / "staff.csv", [STAFF, [number, "测试三十", number_of(30), "测试职务"]])
    surveyed.done("administrator", "staff", "import", file, day=DAY)
    assert in_the_open(surveyed, number) == []


def test_a_post_as_somebody_wrote_it_is_sealed(surveyed: Office) -> None:
    file = write_csv(surveyed.folder / "staff.csv", [STAFF, ["T30", "测试三十", number_of(30), "测试职务"]])
    surveyed.done("administrator", "staff", "import", file, day=DAY)
    assert in_the_open(surveyed, "测试职务") == []


def test_words_where_the_banks_code_should_be_are_sealed_with_its_reason(released: Office) -> None:
    answer = bank_answer(file := export(released), {order_lines(file)[0][1]: "失败"})
    written = answer.read_text(encoding="gb18030").replace("3039", "户名应为测试丁")
    answer.write_text(written, encoding="gb18030")
    released.done("cashier", "payment", "reconcile", answer, "--batch", "B1", day="2020-04-11")
    assert in_the_open(released, "户名应为测试丁") == []
    assert code_of_the_failed(released) == ""


def code_of_the_failed(office: Office) -> str:
    from mingzhang.cli.options import Globals
    from mingzhang.cli.session import Session

    with Session(Globals(str(office.ledger), None, "zh", True, True, None)) as session:
        facts = [decode(row.topic, row.state) for row in session.ledger.journal.select_rows()]
    [failed] = [fact for fact in facts if isinstance(fact, PaymentFailed)]
    return failed.code


QUESTIONS = [
    ("status",),
    ("roster",),
    ("payment", "list"),
    ("application", "list", "--scheme", "grant"),
    ("findings",),
    ("diff", "--from", "2020-03-01", "--to", "2020-06-30"),
    ("pairing", "list"),
    ("contact", "list"),
]


@pytest.fixture
def keyless(answered: Office, monkeypatch: pytest.MonkeyPatch) -> tuple[Office, str]:
    """Its keys are gone for good, and so it is read without names; and the reference of one student."""
    student = answered.student(1)
    shutil.rmtree(answered.ledger / "keys")
    monkeypatch.setenv("MINGZHANG_WITHOUT_NAMES", "1")
    return answered, student


@pytest.mark.parametrize("words", QUESTIONS, ids=" ".join)
def test_a_ledger_whose_keys_are_lost_still_answers_without_names(keyless: tuple[Office, str], words: tuple[str, ...]) -> None:
    answer = json.dumps(keyless[0].done("inspector", *words, day=DAY), ensure_ascii=False)
    assert "测" not in answer.replace("测试资金", "")
    table = CliRunner().invoke(cli, ["--ledger", str(keyless[0].ledger), *words])
    assert table.exit_code == 0, table.output


def test_a_ledger_whose_keys_are_lost_still_traces_a_payment_without_a_gap(keyless: tuple[Office, str]) -> None:
    office, student = keyless
    trail = office.done("inspector", "trace", f"payment/fuxin-2020.grant/{student}/2020-spring/1", day=DAY)
    assert trail["complete"]
    assert office.done("inspector", "student", "show", student, day=DAY)["name"] is None


@pytest.mark.parametrize(
    "words",
    [
        ("roster", "--reveal"),
        ("student", "find", "--id-number", number_of(1)),
        ("staff", "appoint", "w", "--role", "clerk", "--unit", "shifan"),
        ("payment", "export", "B1", "--bank-profile", "pipe", "--again"),
    ],
    ids=["reveal", "find", "record", "export"],
)
def test_what_needs_the_key_is_refused_without_it_and_records_nothing(keyless: tuple[Office, str], words: tuple[str, ...]) -> None:
    office, _student = keyless
    size = events(office)
    said = office.do("administrator", *words, day=DAY)
    assert (said.code, said.refused, events(office)) == (1, "keys_left_out", size)

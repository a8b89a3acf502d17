"""Whoever receives a bundle runs one file with Python alone and learns what is proved, by which key, at which log size, and what is not."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from mingzhang.cli.bundle.assembling import words
from mingzhang.cli.bundle.checker.telling import names_in_plans, summary_of
from tests.bundle.bundles import BARE, DAY, Made, Ran, examined, folder_of, make, payment_of, run
from tests.cli.aid_office import ACCOUNTS, Office
from tests.workbooks.made_up import number_of


@pytest.fixture(scope="module")
def folder(shown: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of(shown.files, tmp_path_factory.mktemp("unpacked"))


@pytest.fixture(scope="module")
def told(folder: Path) -> Ran:
    return run(folder / "check.py")


def test_the_checker_in_the_folder_proves_the_payment_with_openssl_alone(told: Ran) -> None:
    assert (told.code, told.err) == (0, "")
    assert "结论：已证明。" in told.out and "openssl" in told.out


def test_it_says_by_which_key_at_which_log_size_what_was_proved(told: Ran, shown: Made) -> None:
    assert shown.document["key"] in told.out
    assert f"第 {shown.document['size']} 条为止" in told.out
    assert "来龙去脉完整" in told.out and "由经办人用自己的密钥签名" in told.out


def test_it_says_what_was_not_proved(told: Ran) -> None:
    assert told.out.index("没有证明的：") > 0
    assert "包外没有别的记录" in told.out and "没有披露的个人信息" in told.out and "只有这个包自己的说法" in told.out


def test_it_tells_the_trail_from_the_bank_to_the_survey(told: Ran) -> None:
    for said in ("银行付讫：2,000.00 元", "批准资助：贫困学生资助金", "排查登记：建档立卡", "采用方案 fuxin-2020"):
        assert said in told.out


def test_it_tells_each_step_in_the_words_of_the_program(shown: Made) -> None:
    """Two tellings of one trail must not differ: whoever holds both would doubt both."""
    bundle, _findings = examined(shown.file)
    assert bundle is not None
    names = names_in_plans(bundle.trail.steps)
    told = {event.leaf: summary_of(event, bundle.trail, words(), "en", names) for event in bundle.trail.steps}
    steps = shown.office.done("inspector", "trace", payment_of(shown.office), day=DAY)["steps"]
    assert told == {step["leaf"]: step["summary"] for step in steps}


def test_it_speaks_english_where_the_locale_does(folder: Path) -> None:
    said = run(folder / "check.py", LC_ALL="en_US.UTF-8")
    assert said.code == 0 and "Verdict: proved." in said.out
    assert run(folder / "check.py", "--lang", "zh", LC_ALL="en_US.UTF-8").out.count("结论：已证明。") == 1


def test_it_takes_the_zip_as_it_came(folder: Path, shown: Made) -> None:
    said = run(folder / "check.py", shown.file, "--json")
    assert (said.code, said.document["verdict"], said.document["problems"]) == (0, "proved", [])


def test_with_the_package_cryptography_it_needs_no_program(folder: Path) -> None:
    said = run(folder / "check.py", "--json", python=(sys.executable, "-I"), PATH="")
    assert (said.code, said.document["tool"]) == (0, "cryptography")


def test_without_either_it_says_what_is_left_open_and_its_exit_code_is_another(folder: Path) -> None:
    said = run(folder / "check.py", "--json", python=BARE, PATH="")
    assert (said.code, said.document["verdict"]) == (5, "open")
    assert {point["code"] for point in said.document["open"]} == {"checkpoint_signature_unchecked", "signatures_unchecked"}
    assert "结论：没有发现问题，但有几项没能核对。" in run(folder / "check.py", python=BARE, PATH="").out


def test_a_known_key_turns_the_checkpoint_into_the_known_ledgers(folder: Path, shown: Made) -> None:
    said = run(folder / "check.py", "--key", shown.document["key"], "--json").document
    assert "checkpoint_signed_by_known" in [point["code"] for point in said["proved"]]
    assert "key_unknown" not in [point["code"] for point in said["remarks"]]


def test_another_key_than_the_ledgers_proves_nothing(folder: Path, shown: Made) -> None:
    name, _id, _key = shown.document["key"].split("+", 2)
    body = b"\x01" + bytes(32)
    other = hashlib.sha256(name.encode() + b"\n" + body).digest()[:4].hex()
    vkey = f"{name}+{other}+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    said = run(folder / "check.py", "--key", vkey, "--json")
    assert (said.code, [point["code"] for point in said.document["problems"]]) == (4, ["key_other"])


def test_a_key_that_is_none_is_a_matter_of_usage(folder: Path) -> None:
    assert run(folder / "check.py", "--key", "synthetic").code == 2
    assert run(folder / "check.py", "--checkpoint", "nowhere").code == 2


def test_every_program_reads_the_same_verdict(folder: Path, shown: Made) -> None:
    said = run(folder / "check.py", "--json").document
    assert said["payment"] == shown.payment and said["size"] == shown.document["size"] and said["keys"] == [shown.document["key"]]
    assert said["steps"][0]["topic"] == "payment.paid" and {step["topic"] for step in said["steps"]} >= {"award.approved", "entry.recorded"}
    assert [(one["field"], one["value"]) for one in said["disclosed"]][-1] == ("account", ACCOUNTS[1])


def test_the_page_says_the_same_in_both_languages_and_loads_nothing(shown: Made) -> None:
    page = shown.files["说明.html"].decode()
    assert "银行付讫：2,000.00 元" in page and "Paid by the bank: 2,000.00 yuan" in page
    assert "本身不证明任何事" in page and "proves nothing by itself" in page
    assert "<script" not in page and "http:" not in page and "https:" not in page and "src=" not in page
    assert "default-src 'none'" in page


def test_a_reader_who_goes_away_early_is_no_trouble(folder: Path) -> None:
    command = f"{sys.executable} -I -S {folder / 'check.py'} | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert (done.stdout.splitlines()[-1], done.stderr) == ("0", "")


def test_a_payment_that_failed_is_proved_to_have_failed(office: Office, tmp_path: Path) -> None:
    made = make(office, person=2)
    said = run(folder_of(made.files, tmp_path / "x") / "check.py", "--json").document
    assert (said["verdict"], said["steps"][0]["topic"]) == ("proved", "payment.failed")


def test_a_payment_on_its_way_is_proved_as_far_as_it_has_come(office: Office, tmp_path: Path) -> None:
    made = make(office, "--known-at", "2020-04-01")
    said = run(folder_of(made.files, tmp_path / "x") / "check.py", "--json").document
    assert (said["verdict"], made.document["complete"]) == ("proved", True)
    assert "payment.paid" not in {step["topic"] for step in said["steps"]}


def test_the_same_question_at_the_same_log_size_gives_the_same_bytes(office: Office) -> None:
    first = make(office, file="one.zip")
    office.done("administrator", "unit", "register", "hunong", "--name", "护农系", "--kind", "department", "--under", "college", day=DAY)
    again = make(office, "--known-at", first.document["size"], file="two.zip")
    assert again.file.read_bytes() == first.file.read_bytes()
    assert make(office, file="three.zip").file.read_bytes() != first.file.read_bytes()


def test_the_answer_names_the_digests_of_file_list_and_checker(shown: Made) -> None:
    files = shown.files
    assert shown.document["sha256"] == hashlib.sha256(shown.file.read_bytes()).hexdigest()
    assert shown.document["manifest_sha256"] == hashlib.sha256(files["manifest.json"]).hexdigest()
    assert shown.document["checker_sha256"] == hashlib.sha256(files["check.py"]).hexdigest()
    assert shown.document["events"] == sum(name.startswith("events/") for name in files)


def test_a_proof_out_of_the_bundle_is_one_that_prove_checks(shown: Made, office: Office, tmp_path: Path) -> None:
    name, proof = next((name, content) for name, content in shown.files.items() if name.startswith("events/"))
    (tmp_path / "one.tlog-proof").write_bytes(proof)
    said = office.done("inspector", "prove", "--check", tmp_path / "one.tlog-proof", "--key", shown.document["key"], day=DAY)
    assert said["ok"] and said["leaf"] == int(name[7:15])


def test_small_transactions_are_whole_and_those_with_others_cases_are_not(shown: Made) -> None:
    bundle, _findings = examined(shown.file)
    assert bundle is not None
    whole = {transaction.header.facts["command"]: transaction.whole for transaction in bundle.transactions.values()}
    assert whole["ReleaseBatch"] and whole["CheckBatch"] and not whole["ApproveAward"]


def test_the_bundle_holds_no_fact_about_anybody_else(shown: Made) -> None:
    bundle, _findings = examined(shown.file)
    assert bundle is not None
    others = [shown.office.student(person) for person in (2, 3, 4)]
    assert [event.ref for event in bundle.log.events.values() if any(other in event.stream for other in others)] == []


def test_without_being_asked_a_bundle_shows_no_personal_data(shut: Made) -> None:
    """Neither in plain nor in base64: every value of the survey is looked for in every file and every record."""
    values = [f"测试{person}" for person in (1, 2, 3, 4)] + [number_of(person) for person in (1, 2, 3, 4)] + list(ACCOUNTS.values())
    bundle, _findings = examined(shut.file)
    assert bundle is not None
    everything = b"".join([*shut.files.values(), *(event.record for event in bundle.log.events.values())])
    assert [value for value in values if value.encode() in everything] == []


def test_several_payments_of_one_student_are_not_one_bundle(office: Office) -> None:
    ref = office.student(1)
    waiver = ("--scheme", "tuition-waiver", "--period", "2020-spring")
    case = f"fuxin-2020.tuition-waiver/{ref}/2020-spring"
    office.done("applicant-clerk", "application", "submit", *waiver, day="2020-05-01")
    office.done("reviewer", "application", "review", case, day="2020-05-02")
    office.done("approver", "award", "approve", case, "--amount", "1100", day="2020-05-03")
    said = office.do("inspector", "trace", "--student", ref, "--bundle", office.folder / "x.zip", day=DAY)
    assert (said.refused, said.document["context"]["payments"]) == ("bundle_of_several", 2)


def test_a_bundle_is_of_a_payment_and_of_nothing_else(office: Office) -> None:
    said = office.do("inspector", "trace", "batch/B1@1", "--bundle", office.folder / "x.zip", day=DAY)
    assert said.refused == "bundle_of_payment_only"


@pytest.mark.parametrize("words", [("--only", "name"), ("--reveal",), ("--with-evidence",), ("--against", "x")])
def test_what_belongs_to_a_bundle_needs_one(office: Office, words: tuple[str, ...]) -> None:
    assert office.do("inspector", "trace", payment_of(office), *words, day=DAY).code == 2


def test_the_file_must_be_a_zip_in_a_folder_that_is_there(office: Office) -> None:
    assert office.do("inspector", "trace", payment_of(office), "--bundle", office.folder / "x.txt", day=DAY).code == 2
    said = office.do("inspector", "trace", payment_of(office), "--bundle", office.folder / "no" / "x.zip", day=DAY)
    assert said.refused == "output_folder_missing"

"""A parent is shown one payment and what was named of it, and nothing else; who showed it is on record before the file is there."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import orjson
from click.testing import CliRunner

from mingzhang.cli.app import cli
from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.domain.plan.bundled import bundled_text
from tests.bundle.bundles import DAY, Made, examined, folder_of, make, payment_of, relisted, run, zipped
from tests.cli.aid_office import ACCOUNTS, Office, approve_all, fund, release, surveyed_office
from tests.workbooks.made_up import number_of


def disclosed(made: Made) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(made.files["disclosed.json"])["fields"]
    return found


def last_fact(office: Office) -> dict[str, Any]:
    with Session(Globals(str(office.ledger), None, "en", json=False, quiet=True, now=None)) as session:
        row = session.ledger.journal.select_rows(session.ledger.journal.head().size - 1, 1)[0]
    return {"topic": row.topic, "stream": row.originator_id, **orjson.loads(row.state)}


def size(office: Office) -> int:
    return int(office.done("inspector", "status", day=DAY)["size"])


def test_only_the_named_fields_are_shown(shown: Made) -> None:
    assert {(one["field"], one["event"].split("/")[0]) for one in disclosed(shown)} == {
        ("name", "student"),
        ("name", "entry"),
        ("account", "entry"),
    }
    assert {one["value"] for one in disclosed(shown)} == {"测试1", ACCOUNTS[1]}
    assert number_of(1).encode() not in b"".join(shown.files.values())


def test_a_kind_of_fact_before_the_name_means_that_kind_alone(office: Office) -> None:
    made = make(office, "--only", "entry.recorded:name")
    assert [one["event"].split("/")[0] for one in disclosed(made)] == ["entry"]


def test_reveal_shows_every_field_of_the_student_and_of_nobody_else(office: Office) -> None:
    made = make(office, "--reveal")
    fields = disclosed(made)
    assert {one["field"] for one in fields} >= {"name", "id_number", "account"}
    bundle, findings = examined(made.file)
    assert bundle is not None and findings.problems == []
    assert {one.subject for one in bundle.disclosed} == {office.student(1)}


def test_what_is_disclosed_holds_and_a_changed_value_or_salt_does_not(shown: Made, tmp_path: Path) -> None:
    said = json.loads(shown.files["disclosed.json"])
    for name, wrong in (("value", "测试9"), ("salt", base64.b64encode(bytes(16)).decode()), ("field", "id_number")):
        changed = {**said, "fields": [{**said["fields"][0], name: wrong}, *said["fields"][1:]]}
        content = (json.dumps(changed, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
        files = relisted({**shown.files, "disclosed.json": content})
        assert "field_wrong" in [point.code for point in examined(zipped(files, tmp_path / "x.zip"))[1].problems], name


def test_the_disclosure_is_recorded_first_and_names_fields_size_and_file_list(office: Office) -> None:
    before = size(office)
    made = make(office, "--only", "name")
    fact = last_fact(office)
    assert (fact["topic"], fact["stream"].split("/")[0], fact["actor"]) == ("disclosure.bundle_exported", "disclosure", "inspector")
    assert (fact["students"], fact["fields"], fact["size"]) == ([office.student(1)], ["name"], before)
    assert (fact["manifest"], made.document["size"]) == (made.document["manifest_sha256"], before)
    assert fact["because"][0].startswith(made.payment + "@") and made.payment in fact["query"]
    assert "测试1" not in json.dumps(fact, ensure_ascii=False)


def test_the_list_of_disclosures_tells_of_it(office: Office) -> None:
    make(office, "--only", "name")
    listed = office.done("inspector", "disclosure", "list", "--student", office.student(1), day=DAY)
    assert any("trace --bundle" in look["query"] for look in listed)


def test_showing_nothing_needs_no_role_and_records_nothing(office: Office) -> None:
    before = size(office)
    words = ["--ledger", str(office.ledger), "--json", "trace", payment_of(office), "--bundle", str(office.folder / "x.zip")]
    assert CliRunner().invoke(cli, words).exit_code == 0
    assert size(office) == before and (office.folder / "x.zip").exists()


def test_without_the_role_nothing_is_recorded_or_written(office: Office) -> None:
    before = size(office)
    file = office.folder / "x.zip"
    said = office.do("surveyor", "trace", payment_of(office), "--bundle", file, "--only", "name", day=DAY)
    assert (said.refused, size(office), file.exists()) == ("role_missing", before, False)


def test_a_field_that_no_fact_has_sealed_is_named_with_those_there_are(office: Office) -> None:
    before = size(office)
    said = office.do("inspector", "trace", payment_of(office), "--bundle", office.folder / "x.zip", "--only", "shoe_size", day=DAY)
    assert said.refused == "bundle_field_unknown" and "name" in said.document["context"]["fields"]
    assert size(office) == before


def test_another_file_of_that_name_is_left_alone_and_nothing_recorded(office: Office) -> None:
    before = size(office)
    file = office.folder / "x.zip"
    file.write_bytes(b"synthetic")
    said = office.do("inspector", "trace", payment_of(office), "--bundle", file, "--only", "name", day=DAY)
    assert (said.refused, size(office), file.read_bytes()) == ("file_exists", before, b"synthetic")


def test_some_fields_and_all_fields_are_not_asked_for_at_once(office: Office) -> None:
    words = ("--bundle", office.folder / "x.zip", "--only", "name", "--reveal")
    assert office.do("inspector", "trace", payment_of(office), *words, day=DAY).code == 2


def test_only_its_owner_reads_the_file(shown: Made) -> None:
    assert shown.file.stat().st_mode & 0o077 == 0


def signed_for(office: Office, *lines: str, cutting: bool = True) -> Made:
    """The grant is handed over by hand, and these lines of the list are signed; the scan of the list is handed in, as a cutting of them."""
    text = bundled_text("fuxin-2020").replace('code = "grant"\n', 'code = "grant"\nchannel = "signed"\n', 1)
    plan = office.folder / "signed.toml"
    plan.write_text(text.replace('version = "2020.1"', 'version = "2020.2"', 1), encoding="utf-8")
    office.done("administrator", "plan", "amend", plan, "--reason", "测试", day="2020-03-12")
    approve_all(office)
    fund(office, "20000")
    release(office)
    office.done("cashier", "payment", "export", "B1", "--bank-profile", "sign-list", "--out", office.folder, day="2020-04-02")
    scan = office.folder / "签领表扫描.pdf"
    scan.write_bytes(b"%PDF-1.4 synthetic scan")
    words = [word for line in lines for word in ("--line", line)]
    office.done("cashier", "payment", "receipts", "B1", scan, *words, day="2020-04-10")
    rows = office.done("clerk", "payment", "list", day=DAY)
    cut_off = [word for row in rows if str(row["line"]) not in lines for word in ("--not", row["student"])]
    if cutting and cut_off:
        digest = hashlib.sha256(scan.read_bytes()).hexdigest()
        office.done("clerk", "evidence", "mark", digest, *cut_off, day=DAY)
    signed = next(row for row in rows if row["stand"] == "paid")
    file = office.folder / "x.zip"
    said = office.done("inspector", "trace", signed["payment"], "--bundle", file, "--with-evidence", day=DAY)
    return Made(office, file, said["bundle"])


def test_a_document_the_trail_names_is_attached_opened_and_proved_by_its_digest(tmp_path: Path) -> None:
    made = signed_for(surveyed_office(tmp_path), "1")
    (digest,) = made.document["documents"]
    assert made.files[f"evidence/{digest}"] == b"%PDF-1.4 synthetic scan"
    assert last_fact(made.office)["documents"] == [digest]
    said = run(folder_of(made.files, tmp_path / "x") / "check.py", "--json").document
    assert (said["verdict"], said["attached"]) == ("proved", [digest])
    for changed in ({**made.files, f"evidence/{digest}": b"another"}, {**made.files, "evidence/" + "0" * 64: b"x"}):
        assert "evidence_wrong" in [point.code for point in examined(zipped(relisted(changed), tmp_path / "y.zip"))[1].problems]


def test_a_signed_list_shows_everybody_with_a_line_on_it_whoever_signed(tmp_path: Path) -> None:
    made = signed_for(surveyed_office(tmp_path), "1", cutting=False)
    assert (made.document["documents"], len(made.document["documents_of_others"])) == ([], 1)


def test_what_shows_somebody_restricted_is_attached_to_nothing(tmp_path: Path) -> None:
    office = signed_for(surveyed_office(tmp_path), "1").office
    signed = next(row for row in office.done("clerk", "payment", "list", day=DAY) if row["stand"] == "paid")
    words = ("--reason", "监护人书面申请", "--until", "2051-01-01")
    office.done("privacy-officer", "student", "restrict", signed["student"], *words, day=DAY)
    before = size(office)
    said = office.do("inspector", "trace", signed["payment"], "--bundle", office.folder / "y.zip", "--with-evidence", day=DAY)
    assert (said.refused, size(office), (office.folder / "y.zip").exists()) == ("person_restricted", before, False)


def test_a_document_that_shows_others_too_is_left_out_and_nothing_is_recorded(tmp_path: Path) -> None:
    made = signed_for(surveyed_office(tmp_path), "1", "2")
    assert (made.document["documents"], len(made.document["documents_of_others"])) == ([], 1)
    assert [name for name in made.files if name.startswith("evidence/")] == []
    assert size(made.office) == made.document["size"]

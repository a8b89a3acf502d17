"""`inspection commit-seed`, `sample`, `verify-sample`: a draw that anybody repeats with the page's own script, at any later time."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from mingzhang.projections import sampling
from tests.cli.aid_office import Office

DAY = "2020-11-10"
PAGE = Path(__file__).parent.parent.parent / "docs" / "concepts" / "sampling.md"
SEED = ("--seed", "37-05-62-11", "--salt", "synthetic")


def opened(office: Office) -> None:
    office.done("inspector", "inspection", "open", "--id", "I1", "--kind", "visit", "--unit", "college", "--by", "synthetic", day=DAY)


def commit(office: Office, *words: object) -> dict[str, Any]:
    found: dict[str, Any] = office.done("inspector", "inspection", "commit-seed", "I1", *(words or SEED), day=DAY)
    return found


def drawn(office: Office, size: int, *words: object) -> dict[str, Any]:
    found: dict[str, Any] = office.done("inspector", "inspection", "sample", "I1", "--size", size, *(words or SEED), day=DAY)
    return found


def refused(office: Office, *words: object, staff: str = "inspector") -> str:
    return office.do(staff, "inspection", *words, day=DAY).refused


def test_a_sample_is_committed_to_drawn_and_verified(awarded: Office) -> None:
    opened(awarded)
    bound = commit(awarded)
    assert (bound["number"], bound["frame_size"], bound["strata"]) == (1, 4, 2)
    sample = drawn(awarded, 2)
    assert (sample["size"], sample["frame_size"], sample["root"], sample["log_size"]) == (2, 4, bound["root"], bound["log_size"])
    assert [one["drawn"] for one in sample["strata"]] == [1, 1]
    assert len(set(sample["drawn"])) == 2
    said = awarded.done("clerk", "inspection", "verify-sample", "I1", day=DAY)
    assert said["ok"] and said["never_opened"] == [] and said["draws"][0]["drawn"] == sample["drawn"]
    (shown,) = awarded.done("clerk", "inspection", "show", "I1", day=DAY)["draws"]
    assert (shown["number"], shown["size"], shown["frame_size"], shown["event"]) == (1, 2, 4, sample["event"])


def test_the_script_of_the_page_draws_the_same_from_the_published_list(awarded: Office, tmp_path: Path) -> None:
    opened(awarded)
    (script,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "draw.py"
    file.write_text(script, encoding="utf-8")
    commit(awarded)
    for number, size in ((1, 3), (2, 1)):
        sample = drawn(awarded, size)
        frame = tmp_path / f"frame-{number}.txt"
        awarded.done("clerk", "inspection", "verify-sample", "I1", "--draw", number, "--frame", frame, day=DAY)
        assert hashlib.sha256(frame.read_bytes()).hexdigest() == sample["frame_sha256"]
        words = [sys.executable, "-I", str(file), sample["seed"], sample["root"], str(size), str(frame)]
        assert subprocess.run(words, capture_output=True, text=True, check=True).stdout.split() == sample["drawn"]
        if number == 1:
            commit(awarded)


def test_what_is_recorded_after_the_commitment_changes_nobody_s_chance(awarded: Office) -> None:
    opened(awarded)
    before = commit(awarded)
    grant = f"fuxin-2020.grant/{awarded.student(1)}/2020-spring"
    awarded.done("approver", "award", "revoke", grant, "--reason", "synthetic", day=DAY)
    assert drawn(awarded, 4)["frame_sha256"] == before["frame_sha256"]
    assert awarded.done("clerk", "inspection", "verify-sample", "I1", day=DAY)["ok"]


def test_the_seed_is_nowhere_in_the_ledger_before_the_draw(awarded: Office) -> None:
    opened(awarded)
    commit(awarded)
    files = [path for path in awarded.ledger.rglob("*") if path.is_file()]
    assert not [path.name for path in files if b"37-05-62-11" in path.read_bytes()]
    drawn(awarded, 1)
    assert b"37-05-62-11" in b"".join(path.read_bytes() for path in awarded.ledger.glob("journal.db*"))


def test_draws_without_commitment_or_with_another_seed_are_refused(awarded: Office) -> None:
    opened(awarded)
    assert refused(awarded, "sample", "I1", "--size", "1", *SEED) == "seed_not_committed"
    assert refused(awarded, "verify-sample", "I1") == "sample_unknown"
    commit(awarded, *SEED, "--size", "2")
    assert refused(awarded, "sample", "I1", "--size", "2", "--seed", "37-05-62-11") == "seed_differs"
    assert refused(awarded, "sample", "I1", "--size", "3", *SEED) == "sample_size_differs"
    assert refused(awarded, "commit-seed", "I1", "--seed", "another") == "seed_committed_already"
    assert refused(awarded, "commit-seed", "I1", "--seed", " another") == "seed_unusable"
    assert refused(awarded, "commit-seed", "I9", "--seed", "another") == "inspection_unknown"
    assert refused(awarded, "commit-seed", "I1", "--seed", "another", staff="clerk") == "role_missing"


def test_a_lost_seed_is_replaced_for_a_reason_and_counted_for_good(awarded: Office) -> None:
    opened(awarded)
    commit(awarded, "--seed", "lost")
    commit(awarded, "--seed", "37-05-62-11-synthetic", "--reason", "synthetic reason")
    drawn(awarded, 2, "--seed", "37-05-62-11-synthetic")
    said = awarded.done("clerk", "inspection", "verify-sample", "I1", day=DAY)
    assert said["ok"] and said["never_opened"] == [1]
    assert b"synthetic reason" not in (awarded.ledger / "journal.db").read_bytes()


def test_a_supplement_draws_whom_the_first_draw_left(awarded: Office) -> None:
    opened(awarded)
    commit(awarded)
    first = drawn(awarded, 3)
    assert commit(awarded, *SEED)["frame_size"] == 1
    second = drawn(awarded, 1)
    assert (second["number"], set(first["drawn"]) & set(second["drawn"])) == (2, set())
    assert refused(awarded, "commit-seed", "I1", *SEED) == "sample_frame_empty"
    assert awarded.done("clerk", "inspection", "verify-sample", "I1", day=DAY)["ok"]


def test_payments_are_drawn_by_their_names_and_by_unit(released: Office) -> None:
    opened(released)
    assert commit(released, *SEED, "--of", "payments", "--period", "2020-spring", "--unit", "zongzhi")["frame_size"] == 2
    sample = drawn(released, 1)
    assert sample["drawn"][0].startswith("payment/fuxin-2020.grant/")
    assert [one["unit"] for one in sample["strata"]] == ["zongzhi"]


def test_a_short_seed_without_salt_is_remarked_upon(awarded: Office) -> None:
    opened(awarded)
    assert "--salt" in awarded.plain("inspector", "inspection", "commit-seed", "I1", "--seed", "3-5-1", day=DAY)


def folder(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def test_dossiers_are_a_folder_each_with_a_list_on_top_and_the_same_bytes_again(released: Office, tmp_path: Path) -> None:
    opened(released)
    commit(released)
    sample = drawn(released, 2)
    size = released.done("inspector", "status", day=DAY)["size"]
    words = ("--on", DAY, "--known-at", size)
    said = released.done("clerk", "inspection", "dossiers", "I1", "--out", tmp_path / "one", *words, day=DAY)
    released.done("clerk", "inspection", "dossiers", "I1", "--out", tmp_path / "two", *words, day="2020-12-01")
    files = folder(tmp_path / "one")
    assert files == folder(tmp_path / "two")
    assert {name.partition("/")[0] for name in files if "/" in name} == set(sample["drawn"])
    assert {one["file"]: one["sha256"] for one in said["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    listed = files["00-list.txt"].decode()
    assert all(f"{hashlib.sha256(content).hexdigest()}  {name}" in listed for name, content in files.items() if not name.startswith("00-"))
    assert "seed 37-05-62-11" in listed
    assert released.done("inspector", "status", day=DAY)["size"] == size  # masked dossiers disclose nobody


def test_names_in_dossiers_need_the_role_and_are_a_disclosure(released: Office, tmp_path: Path) -> None:
    opened(released)
    commit(released)
    drawn(released, 3)
    assert refused(released, "dossiers", "I1", "--out", tmp_path / "no", "--reveal", staff="clerk") == "role_missing"
    assert not (tmp_path / "no").exists()
    masked = released.done("clerk", "inspection", "dossiers", "I1", "--out", tmp_path / "masked", day=DAY)
    assert all(one["name"].endswith("*") for one in masked["students"])
    shown = released.done("inspector", "inspection", "dossiers", "I1", "--out", tmp_path / "shown", "--reveal", day=DAY)
    assert not any("*" in one["name"] for one in shown["students"])
    looks = released.done("privacy-officer", "disclosure", "list", day=DAY)
    assert any("inspection dossiers I1" in str(one) for one in looks)


def test_documents_lie_in_the_folder_of_whom_alone_they_show(released: Office, tmp_path: Path) -> None:
    one, two = released.student(1), released.student(2)
    for number, whose in enumerate(((one,), (one, two))):
        released.done("clerk", "student", "info-card", "--period", str(2020 + number), *whose, day=f"2020-07-0{1 + number}")
        scan = released.folder / f"scan-{number}.jpg"
        scan.write_bytes(b"\xff\xd8\xff\xe0 synthetic card %d " % number * 40)
        words = ("student", "info-card", "--period", str(2020 + number), "--filed", "--scan", scan)
        released.done("clerk", *words, *whose, day=f"2020-07-0{1 + number}")
    opened(released)
    commit(released)
    drawn(released, 4)
    asked = ("inspection", "dossiers", "I1", "--with-evidence", "--out")
    assert released.do("clerk", *asked, tmp_path / "no", day=DAY).refused == "role_missing"
    assert not (tmp_path / "no").exists()
    said = released.done("inspector", *asked, tmp_path / "out", day=DAY)
    attached = [name for name in folder(tmp_path / "out") if name.endswith(".jpg")]
    digest = hashlib.sha256((released.folder / "scan-0.jpg").read_bytes()).hexdigest()
    assert attached == [f"{one}/{digest[:16]}.jpg"]
    assert (tmp_path / "out" / attached[0]).read_bytes() == (released.folder / "scan-0.jpg").read_bytes()
    assert {row["student"]: row["documents"] for row in said["students"]}[one] == 1


def test_a_file_that_differs_is_never_written_over_and_no_folder_is_left(released: Office, tmp_path: Path) -> None:
    opened(released)
    commit(released)
    sample = drawn(released, 1)
    out = tmp_path / "out"
    out.mkdir()
    (out / "00-list.txt").write_text("synthetic", encoding="utf-8")
    before = released.done("inspector", "status", day=DAY)["size"]
    assert refused(released, "dossiers", "I1", "--out", out, "--reveal") == "file_exists"
    assert [path.name for path in out.iterdir()] == ["00-list.txt"] and sample["drawn"]
    assert released.done("inspector", "status", day=DAY)["size"] == before  # nobody was shown, and nothing is on record


def test_verify_sample_notices_a_draw_that_the_log_does_not_give(awarded: Office, monkeypatch: Any) -> None:
    """As if a later program read the past otherwise: the frame of then has another list."""
    opened(awarded)
    commit(awarded)
    drawn(awarded, 2)
    whole = sampling.sampling_frame
    monkeypatch.setattr(sampling, "sampling_frame", lambda *words: whole(*words)[:1])
    said = awarded.do("clerk", "inspection", "verify-sample", "I1", day=DAY)
    codes = [one["code"] for one in said.document["draws"][0]["problems"]]
    assert (said.code, said.document["ok"], codes) == (4, False, ["frame_differs", "drawn_differs"])


def test_an_inspection_need_not_be_named_where_only_one_is_under_way(awarded: Office) -> None:
    opened(awarded)
    bound = awarded.done("inspector", "inspection", "commit-seed", *SEED, day=DAY)
    sample = awarded.done("inspector", "inspection", "sample", "--size", 2, *SEED, day=DAY)
    assert bound["inspection"] == sample["inspection"] == "I1"
    awarded.done("inspector", "inspection", "close", "I1", day=DAY)
    assert awarded.done("clerk", "inspection", "verify-sample", day=DAY)["ok"]  # the only one there is


def test_of_several_under_way_one_has_to_be_named(awarded: Office) -> None:
    for name in ("I1", "I2"):
        awarded.done(
            "inspector", "inspection", "open", "--id", name, "--kind", "visit", "--unit", "college", "--by", "synthetic", day=DAY
        )
    said = awarded.do("inspector", "inspection", "commit-seed", *SEED, day=DAY)
    assert said.code == 2
    assert "I1, I2" in said.text

"""Whatever is changed in a bundle is noticed: a byte anywhere by the list of files, and a list that was made to fit by what it lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bundle.bundles import Made, examined, folder_of, make, problems, relisted, run, unpacked, verdict, zipped
from tests.cli.aid_office import Office


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tampering")


def flipped(content: bytes, at: int, bits: int) -> bytes:
    return content[:at] + bytes([content[at] ^ bits]) + content[at + 1 :]


@settings(max_examples=300)
@given(drawn=st.data())
def test_any_flipped_byte_of_any_file_is_found(shown: Made, scratch: Path, drawn: st.DataObject) -> None:
    files = shown.files
    name = drawn.draw(st.sampled_from(sorted(files)))
    at = drawn.draw(st.integers(0, len(files[name]) - 1))
    bits = drawn.draw(st.integers(1, 255))
    assert verdict(zipped({**files, name: flipped(files[name], at, bits)}, scratch / "x.zip")) == 4


@settings(max_examples=300)
@given(drawn=st.data())
def test_any_flipped_byte_is_found_also_where_the_list_was_made_to_fit(shown: Made, scratch: Path, drawn: st.DataObject) -> None:
    """All but the checker: whoever runs a changed checker runs somebody else's program."""
    files = shown.files
    name = drawn.draw(st.sampled_from(sorted(set(files) - {"manifest.json", "check.py"})))
    at = drawn.draw(st.integers(0, len(files[name]) - 1))
    bits = drawn.draw(st.integers(1, 255))
    changed = relisted({**files, name: flipped(files[name], at, bits)})
    assert verdict(zipped(changed, scratch / "x.zip")) == 4


def test_every_file_has_been_flipped_at_its_ends_and_in_its_middle(shown: Made, scratch: Path) -> None:
    files = shown.files
    for name, content in files.items():
        for at in (0, len(content) // 2, len(content) - 1):
            assert verdict(zipped({**files, name: flipped(content, at, 1)}, scratch / "x.zip")) == 4, (name, at)


def test_the_program_says_no_and_shows_nothing_of_what_it_does_not_believe(shown: Made, tmp_path: Path) -> None:
    name = next(name for name in shown.files if name.startswith("events/"))
    folder = folder_of({**shown.files, name: flipped(shown.files[name], 90, 4)}, tmp_path / "x")
    said = run(folder / "check.py")
    assert said.code == 4 and "结论：没有证明。" in said.out and f"文件 {name} 与清单里的指纹不符" in said.out
    assert "（新的在前）" not in said.out and "\n披露的个人信息：" not in said.out


def test_a_page_in_other_words_is_found_by_making_it_again(shown: Made, scratch: Path) -> None:
    page = shown.files["说明.html"].decode().replace("2,000.00", "9,000.00").encode()
    assert problems(zipped(relisted({**shown.files, "说明.html": page}), scratch / "x.zip")) == ["page_differs"]


def test_a_checker_of_another_version_is_told_and_its_page_not_compared(shown: Made, scratch: Path) -> None:
    files = relisted({**shown.files, "check.py": b"# another\n", "说明.html": b"another page"})
    _bundle, findings = examined(zipped(files, scratch / "x.zip"))
    assert findings.problems == [] and "checker_other" in [point.code for point in findings.remarks]


def test_every_file_that_is_missing_is_missed(shown: Made, scratch: Path) -> None:
    files = shown.files
    for name in files:
        less = {other: content for other, content in files.items() if other != name}
        assert verdict(zipped(less, scratch / "x.zip")) == 4, name


def test_every_event_that_is_left_out_is_missed_also_where_the_list_was_made_to_fit(shown: Made, scratch: Path) -> None:
    """But for one that only makes a transaction whole, or shows that a key's life ended later: what is left then proves itself."""
    files = shown.files
    bundle, _findings = examined(shown.file)
    assert bundle is not None
    steps = {event.leaf for event in bundle.trail.steps}
    for name in [name for name in files if name.startswith("events/")]:
        event = bundle.log.by_leaf[int(name[7:15])]
        kept = ("transaction.recorded", "staff.key_enrolled", "ledger.opened", "ledger.key_enrolled")
        needed = event.leaf in steps or event.topic in kept
        changed = relisted({other: content for other, content in files.items() if other != name})
        if needed:
            assert verdict(zipped(changed, scratch / "x.zip")) == 4, event.ref


def test_a_file_that_is_not_listed_is_told(shown: Made, scratch: Path) -> None:
    more = {**shown.files, "events/99999999.tlog-proof": b"x"}
    assert "file_not_listed" in problems(zipped(more, scratch / "x.zip"))
    assert "proof_malformed" in problems(zipped(relisted(more), scratch / "x.zip"))


def test_an_event_of_another_payment_is_not_smuggled_in(shown: Made, scratch: Path, paid_office: Office, tmp_path: Path) -> None:
    other = make(paid_office.copied_to(tmp_path / "office"), person=3)
    events = {name: content for name, content in unpacked(other.file).items() if name.startswith("events/")}
    mixed = relisted({**events, **shown.files})
    assert other.document["size"] == shown.document["size"]
    assert "event_unrelated" in problems(zipped(mixed, scratch / "x.zip"))


def test_two_bundles_of_different_log_sizes_do_not_mix(shown: Made, scratch: Path, paid_office: Office, tmp_path: Path) -> None:
    earlier = make(paid_office.copied_to(tmp_path / "office"), "--known-at", shown.document["size"] - 1)
    name = next(name for name in shown.files if name.startswith("events/"))
    mixed = relisted({**shown.files, name: unpacked(earlier.file)[name]})
    assert "checkpoint_differs" in problems(zipped(mixed, scratch / "x.zip"))

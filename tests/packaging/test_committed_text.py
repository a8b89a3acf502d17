"""What is committed works anywhere: it names no package registry, no folder of one machine, and locks no addresses."""

import re
from pathlib import Path

import pytest

from tests.packaging.checkout import committed_files, texts

# Put together here, so that this file does not contain what it looks for.
FORBIDDEN = {
    "a registry's address": re.compile(r":/{2}[^\s/]*py" + r"pi|files\.python" + r"hosted|registry\.np" + r"mjs"),
    "a choice of registry": re.compile(r"(?:extra-)?index" + r"-url|trusted" + r"-host"),
    "a folder of one machine": re.compile(r"(?<![\w.)}\]-])/(?:home|root|work|farm|opt|tmp|Users)/[\w.]"),
}
# `make pins` names the options that keep addresses out of the pins.
EXPECTED = {("Makefile", "a choice of registry")}
OLDER_LEDGERS = Path("tests/data/format-1")  # synthetic ledgers of the first format, which the upgrade is tried on


def offences(text: str) -> list[tuple[int, str]]:
    return [
        (number, what)
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in FORBIDDEN.items()
        if pattern.search(line)
    ]


def test_no_committed_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    found = [
        f"{path}:{number}: {what}"
        for path, text in texts()
        for number, what in offences(text)
        if (str(path), what) not in EXPECTED
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "https:" + "//py" + "pi.org/simple",
        "--index" + "-url x",
        'open("/' + 'home/li/x")',
        "see /" + "tmp/x",
        "cp a /" + "work/main",
    ],
)
def test_the_search_finds_what_it_is_for(line: str) -> None:
    assert len(offences(line)) == 1


@pytest.mark.parametrize("line", ["apache.org/licenses/", "docs/home/plan.md", "#!/usr/bin/env bash", "../../opt"])
def test_the_search_leaves_ordinary_text_alone(line: str) -> None:
    assert offences(line) == []


def test_no_lock_file_full_of_addresses_is_committed() -> None:
    names = re.compile(r"uv\.lock|pylock.*\.toml|poetry\.lock|Pipfile\.lock|package-lock\.json|yarn\.lock")
    assert [path for path in committed_files() if names.fullmatch(path.name)] == []


@pytest.mark.parametrize("pins", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_is_exact_and_hashed_and_carries_no_address(pins: str) -> None:
    text = dict(texts())[Path(pins)]
    assert ":" + "//" not in text
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    assert len(entries) > 10
    assert [entry for entry in entries if not re.match(r"[\w.-]+==[\w.]+( ;.*)? \\\n +--hash=sha256:", entry)] == []


def test_no_ledger_key_or_database_is_committed() -> None:
    private = re.compile(r".*\.(db|db-wal|db-shm|key|pem)")
    found = [path for path in committed_files() if private.fullmatch(path.name)]
    assert [path for path in found if not path.is_relative_to(OLDER_LEDGERS)] == []

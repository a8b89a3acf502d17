"""The files of the checkout that are, or are about to be, committed: what the tests in this folder read."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import CHECKOUT, FOLDERS


def committed_files() -> list[Path]:
    """Tracked and new files, ignored ones left out, in order; relative to the checkout."""
    listing = subprocess.run(
        [
            "git",
            "-C",
            str(CHECKOUT),
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
        capture_output=True,
        check=True,
    )
    names = sorted(set(listing.stdout.decode().split("\0")) - {""})
    return [Path(name) for name in names if (CHECKOUT / name).is_file()]


def python_files(*folders: str) -> list[Path]:
    """The committed Python files below the given top-level folders (all of them, if none is given)."""
    return [path for path in committed_files() if path.suffix == ".py" and (not folders or path.parts[0] in folders)]


def installed_files() -> list[Path]:
    """What a wheel must contain of the three folders."""
    return [path for path in committed_files() if path.parts[0] in FOLDERS]


def texts() -> Iterator[tuple[Path, str]]:
    """Every committed file that is text, with its text."""
    for path in committed_files():
        content = (CHECKOUT / path).read_bytes()
        if b"\0" not in content[:8192]:
            yield path, content.decode("utf-8", errors="replace")


def syntax(path: Path) -> ast.Module:
    """The syntax tree of one committed Python file."""
    return ast.parse((CHECKOUT / path).read_text(encoding="utf-8"), filename=str(path))

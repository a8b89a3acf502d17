"""The wheel holds all of the three folders and nothing else, and works where there is no checkout."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT, FOLDERS
from tests.packaging.checkout import committed_files, installed_files

VERSION = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def run(*command: str | Path, cwd: Path) -> str:
    """Runs a program as a user would, without what this test run lent to its own processes; its output."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV", "COVERAGE"))}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of what is committed, with the build tool that is pinned."""
    copy = tmp_path_factory.mktemp("copy")
    for path in committed_files():
        if path.parts[0] not in ("tests", "docs"):
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / path, copy / path)
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, copy, cwd=out)
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_holds_every_file_of_the_folders_under_mingzhang(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == {f"mingzhang/{path.as_posix()}" for path in installed_files()}


def test_every_folder_with_code_is_a_package() -> None:
    with_code = {path.parent for path in installed_files() if path.suffix == ".py"}
    assert [str(folder) for folder in sorted(with_code) if not (CHECKOUT / folder / "__init__.py").is_file()] == []


def test_the_wheel_says_that_it_is_typed_and_how_it_is_licensed(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {f"mingzhang/{folder}/py.typed" for folder in FOLDERS} <= set(names)
    assert f"mingzhang-{VERSION}.dist-info/licenses/LICENSE" in names


def test_one_checkout_gives_one_wheel_that_any_platform_takes(wheel: Path) -> None:
    assert wheel.name == f"mingzhang-{VERSION}-py3-none-any.whl"


@pytest.mark.slow
def test_the_wheel_and_the_pins_are_enough_to_run_mingzhang(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", "fresh", cwd=tmp_path)
    python = tmp_path / "fresh" / "bin" / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run(*pip, "--require-hashes", "-r", CHECKOUT / "requirements.txt", cwd=tmp_path)
    run(*pip, "--no-deps", wheel, cwd=tmp_path)
    assert "No broken requirements" in run(python, "-m", "pip", "check", cwd=tmp_path)
    assert VERSION in run(tmp_path / "fresh" / "bin" / "mingzhang", "--version", cwd=tmp_path)


def test_the_version_is_the_one_the_changelog_opens_with() -> None:
    changelog = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = next(line for line in changelog.splitlines() if line.startswith("## "))
    assert newest.removeprefix("## ").split()[0] == VERSION

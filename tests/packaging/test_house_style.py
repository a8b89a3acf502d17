"""The style is itself a test: files one can read in one sitting, nothing left open, and no clock below cli."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.conftest import CHECKOUT
from tests.packaging.checkout import committed_files, python_files, syntax

LONGEST_FILE = 350  # lines

TOP_LEVEL_FOLDERS = {"domain", "projections", "cli", "tests", "docs"}
TOP_LEVEL_FILES = {"pyproject.toml", "README.md", "Makefile", "LICENSE", "CHANGELOG.md"}

LEFT_OPEN = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|raise NotImplemented" + r"Error)\b")
SKIPPED = {
    "pytest.skip",
    "pytest.xfail",
    "pytest.mark.skip",
    "pytest.mark.skipif",
    "pytest.mark.xfail",
    "pytest.importorskip",
    "unittest.skip",
    "unittest.skipIf",
}
# What only Go's own packages or strace can try is left out, with a warning, where they are not; .ci/run installs both.
OTHER_TOOLS = {"tests/go_packages.py", "tests/faults/boundaries.py"}

VAGUE = re.compile(r"utils?|helpers?|managers?|process(?:or)?|data|misc|common")

# Modules whose mere import below cli would bring in a clock, chance or the environment ...
IMPURE_MODULES = {"random", "secrets", "dotenv"}
# ... and names of ordinary modules that do.
IMPURE_NAMES = re.compile(
    r"datetime\.(?:datetime\.)?(?:now|utcnow|today)|(?:datetime\.)?date\.today"
    r"|time\.(?:time|time_ns|localtime|gmtime|monotonic|monotonic_ns|perf_counter|perf_counter_ns|strftime)"
    r"|os\.(?:environ|environb|getenv|getenvb|urandom|putenv)|uuid\.uuid[1467]|(?:os\.)?getenv|urandom|uuid[147]"
)


def test_no_python_file_is_longer_than_one_sitting() -> None:
    lengths = {str(path): len((CHECKOUT / path).read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_file_with_code_opens_with_the_rule_it_serves() -> None:
    assert [str(path) for path in python_files() if (tree := syntax(path)).body and not ast.get_docstring(tree)] == []


def test_these_searches_cover_all_code() -> None:
    assert {path.parts[0] for path in python_files()} >= {"domain", "projections", "cli", "tests"}


def test_no_file_has_a_name_that_says_nothing() -> None:
    named = [path for path in python_files() if VAGUE.fullmatch(path.stem.removeprefix("test_"))]
    assert named == []


def test_nothing_is_left_open() -> None:
    found = [
        f"{path}:{number}: {line.strip()}"
        for path in python_files()
        for number, line in enumerate((CHECKOUT / path).read_text(encoding="utf-8").splitlines(), start=1)
        if LEFT_OPEN.search(line)
    ]
    assert found == []


def test_no_error_is_swallowed_without_a_word() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path in python_files()
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.ExceptHandler) and all(isinstance(line, ast.Pass) for line in node.body)
    ]
    assert found == []


def test_no_test_is_skipped() -> None:
    found = [
        f"{path}:{node.lineno}: {dotted(node)}"
        for path in python_files("tests")
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Attribute) and dotted(node) in SKIPPED and not (str(path) in OTHER_TOOLS and dotted(node) == "pytest.skip")
    ]
    assert found == []


def test_no_business_rule_is_an_assert() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path in python_files("domain")
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Assert)
    ]
    assert found == []


def test_no_clock_chance_or_environment_below_cli() -> None:
    found = [
        f"{path}:{line}: {name}"
        for path in python_files("domain", "projections")
        for line, name in impurities(syntax(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "import datetime\ndatetime.datetime.now()",
        "from datetime import datetime\ndatetime.now(UTC)",
        "from datetime import date as day\nday.today()",
        "import time as clock\nclock.time()",
        "from time import time",
        "import os\nos.environ['X']",
        "from os import environ",
        "import random",
        "from secrets import token_bytes",
        "import uuid\nuuid.uuid4()",
        "from uuid import uuid7",
    ],
)
def test_the_search_sees_through_imports_and_other_names(code: str) -> None:
    assert len(impurities(ast.parse(code))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import date\ndate.fromisoformat('2020-03-15')",
        "def decide(now): return now()",
        "import os\nos.replace('a', 'b')",
        "from uuid import UUID, uuid5",
        "import time\ntime.sleep(1)",
    ],
)
def test_the_search_leaves_pure_code_alone(code: str) -> None:
    assert impurities(ast.parse(code)) == []


def test_the_top_level_holds_nothing_new() -> None:
    top = {(path.parts[0], len(path.parts) > 1) for path in committed_files()}
    strangers = [
        name
        for name, folder in sorted(top)
        if not name.startswith(".")
        and name not in (TOP_LEVEL_FOLDERS if folder else TOP_LEVEL_FILES)
        and not re.fullmatch(r"requirements[\w-]*\.txt", name)
    ]
    assert strangers == []


def dotted(node: ast.expr) -> str:
    """`a.b.c` of an attribute chain on a name, else an empty string."""
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return node.id if isinstance(node, ast.Name) else ""


def impurities(tree: ast.Module) -> list[tuple[int, str]]:
    """Line and full name of every clock, source of chance or environment that the code imports or uses."""
    full_names: dict[str, str] = {}
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        for imported, alias, line in imports(node):
            full_names[alias or imported.split(".")[0]] = imported if alias else imported.split(".")[0]
            if imported.split(".")[0] in IMPURE_MODULES or IMPURE_NAMES.fullmatch(imported):
                found.append((line, imported))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (name := dotted(node)):
            first, _, rest = name.partition(".")
            if first in full_names and IMPURE_NAMES.fullmatch(f"{full_names[first]}.{rest}"):
                found.append((node.lineno, name))
    return found


def imports(node: ast.AST) -> Iterator[tuple[str, str | None, int]]:
    """What one import statement brings in: its full dotted name, the name it is given here (if another), its line."""
    if isinstance(node, ast.Import):
        for name in node.names:
            yield name.name, name.asname, node.lineno
    elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        for name in node.names:
            yield f"{node.module}.{name.name}", name.asname or name.name, node.lineno

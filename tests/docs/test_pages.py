"""What README.md and docs/ tell a reader to type does what they say, and what they point at is there."""

import re
import sys
from pathlib import Path

import pytest

from mingzhang.cli.refusals import TABLES
from tests.conftest import CHECKOUT
from tests.docs.console_blocks import FENCE, read_blocks, readers_environment, run_blocks

PAGES = sorted(path.relative_to(CHECKOUT) for path in [*CHECKOUT.glob("README.md"), *(CHECKOUT / "docs").rglob("*.md")])
TESTED = [page for page in PAGES if any(map(FENCE.match, (CHECKOUT / page).read_text(encoding="utf-8").splitlines()))]
CODES = re.compile(r"^\| (`[a-z_]+`(?:, `[a-z_]+`)*) \|", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\((?!\w+:)([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", TESTED, ids=str)
def test_the_commands_of_a_page_do_what_it_says(page: Path, tmp_path: Path) -> None:
    blocks = read_blocks((CHECKOUT / page).read_text(encoding="utf-8"))
    environment = readers_environment(tmp_path / "home", sys.executable)
    problems = run_blocks(blocks, tmp_path / "page", CHECKOUT, environment)
    if problems:
        pytest.fail(f"{page}:\n" + "\n".join(problems), pytrace=False)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    targets = LINK.findall((CHECKOUT / page).read_text(encoding="utf-8"))
    assert [target for target in targets if not (CHECKOUT / page.parent / target).exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [CHECKOUT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page.relative_to(CHECKOUT))
        there = {(page.parent / target).resolve() for target in LINK.findall(page.read_text(encoding="utf-8")) if target.endswith(".md")}
        waiting += [target for target in there if target.relative_to(CHECKOUT) not in reached]
    assert [str(page) for page in PAGES if page not in reached] == []


def test_every_refusal_that_is_explained_can_happen() -> None:
    text = (CHECKOUT / "docs/guides/when-something-goes-wrong.md").read_text(encoding="utf-8")
    explained = [code for codes in CODES.findall(text) for code in re.findall("[a-z_]+", codes)]
    assert len(explained) > 20
    assert [code for code in explained if not any(code in table for table in TABLES)] == []


def test_the_readme_shows_the_two_commands_that_set_everything_up() -> None:
    shown = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert [command for command in ("make demo", "make test") if command not in shown] == []

"""Reads the tested console blocks of a page, runs them as a reader would type them, and compares what they print.

A block is tested when its fence says so, and all tested blocks of one page run in order in one new folder:

    ```console test
    $ mingzhang init --rehearsal
    …
    $ mingzhang status --json | grep -o '"size": *[0-9]*'
    "size": 1
    $ mingzhang payment release batch-9
    …not_checked…
    [exit 1]
    ```

- A line that starts with `$ ` is a command for bash; lines that start with `> ` continue it.
- The lines up to the next command must be printed in this order, each as a line of its own; other lines may stand
  between, before and after them. Within a line `…` stands for anything; a line of only `…` says that some are left out.
- `[exit N]` is the exit code to expect (0 otherwise). Standard error counts as output, as it does on a screen.
- Trailing spaces are ignored, and runs of spaces count as one: a table may be shown narrower than it was printed.

Further words after `test` on the fence: `in=NAME` runs the block in a folder of that name (blocks of one name share it,
a page's own folder is `in=.`); `with=PATH` first copies a file or folder of the checkout to there.
"""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,})console test(?P<words>.*)$")
EXIT = re.compile(r"^\[exit (\d+)\]$")
LONGEST_COMMAND = 120  # seconds


@dataclass
class Step:
    """One command of a page: where it stands, what to type, the lines it must print and its exit code."""

    line: int
    command: str
    expected: list[str] = field(default_factory=list)
    exit_code: int = 0


@dataclass
class Block:
    """One tested fence: its folder below the page's, what is copied there first, and its commands."""

    line: int
    folder: str
    copies: list[str]
    steps: list[Step]


def read_blocks(text: str) -> list[Block]:
    """The tested blocks of a page, in order. A block without a command, or never closed, is a ValueError."""
    blocks: list[Block] = []
    numbered = iter(enumerate(text.splitlines(), start=1))
    for number, line in numbered:
        if opening := FENCE.match(line):
            lines = list(_until(opening["indent"] + opening["fence"], numbered, number))
            blocks.append(_block(number, opening["words"].split(), len(opening["indent"]), lines))
    return blocks


def _until(closing: str, numbered: Iterator[tuple[int, str]], opened: int) -> Iterator[tuple[int, str]]:
    for number, line in numbered:
        if line.rstrip() == closing:
            return
        yield number, line
    raise ValueError(f"the block opened in line {opened} is never closed")


def _block(number: int, words: Sequence[str], indent: int, lines: Sequence[tuple[int, str]]) -> Block:
    block = Block(number, ".", [], [])
    for word in words:
        name, _, value = word.partition("=")
        if name == "in" and value:
            block.folder = value
        elif name == "with" and value:
            block.copies.append(value)
        else:
            raise ValueError(f"line {number}: `{word}` is not understood after `console test`")
    for at, padded in lines:
        line = padded[indent:]
        if line.startswith("$ "):
            block.steps.append(Step(at, line[2:]))
        elif not block.steps:
            raise ValueError(f"line {at}: a tested block begins with a command (`$ …`)")
        elif line.startswith("> ") and not block.steps[-1].expected:
            block.steps[-1].command += "\n" + line[2:]
        elif code := EXIT.match(line):
            block.steps[-1].exit_code = int(code[1])
        elif line.strip():
            block.steps[-1].expected.append(line)
    if not block.steps:
        raise ValueError(f"line {number}: a tested block without a command")
    return block


def missing_line(expected: Sequence[str], printed: str) -> str | None:
    """The first expected line that does not come in its turn, or nothing."""
    lines = iter([_narrow(line) for line in printed.splitlines()])
    for wanted in expected:
        if wanted.strip() == "…":
            continue
        pattern = re.compile(".*".join(re.escape(part) for part in _narrow(wanted).split("…")))
        if not any(pattern.fullmatch(line) for line in lines):
            return wanted
    return None


def _narrow(line: str) -> str:
    return re.sub(r"[ \t]+", " ", line).rstrip()


def run_blocks(blocks: Sequence[Block], home: Path, checkout: Path, environment: Mapping[str, str]) -> list[str]:
    """Runs a page's blocks below `home`; what went wrong, one entry for each such command."""
    problems = []
    for block in blocks:
        folder = home / block.folder
        folder.mkdir(parents=True, exist_ok=True)
        for source in block.copies:
            _copy(checkout / source, folder)
        for step in block.steps:
            problem = _run(step, folder, environment)
            if problem:
                problems.append(problem)
    return problems


def _copy(source: Path, folder: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, folder / source.name, dirs_exist_ok=True)
    else:
        shutil.copy(source, folder)


def _run(step: Step, folder: Path, environment: Mapping[str, str]) -> str | None:
    try:
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", step.command],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LONGEST_COMMAND,
        )
    except subprocess.TimeoutExpired:
        return f"line {step.line}: $ {step.command}\n  was not done after {LONGEST_COMMAND} seconds"
    printed = done.stdout.decode("utf-8", errors="replace")
    complaint = None
    if done.returncode != step.exit_code:
        complaint = f"exit code {done.returncode} instead of {step.exit_code}"
    elif (missing := missing_line(step.expected, printed)) is not None:
        complaint = f"not printed, or not in this order: {missing}"
    if complaint is None:
        return None
    shown = "\n".join(f"  | {line}" for line in printed.splitlines()[-40:])
    return f"line {step.line}: $ {step.command}\n  {complaint}\n{shown}"


def readers_environment(home: Path, python: str) -> dict[str, str]:
    """A reader's surroundings: Chinese, UTF-8, a home of their own, and `mingzhang` on the path."""
    programs = home / "programs"
    programs.mkdir(parents=True)
    program = programs / "mingzhang"
    program.write_text(
        f'#!/bin/sh\nexec {shlex.quote(python)} -c \'import sys; sys.argv[0] = "mingzhang"; '
        'from mingzhang.cli.app import main; sys.exit(main())\' "$@"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    (programs / "python").symlink_to(python)
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PYTHON", "COV"))}
    return {
        **kept,
        "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)]),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "MINGZHANG_LANG": "zh",
        "PYTHONUTF8": "1",
        "COLUMNS": "120",
        "TERM": "dumb",
    }

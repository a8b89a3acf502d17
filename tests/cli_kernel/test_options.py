"""Every command shows an example, and an option is read the same way everywhere."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from mingzhang.cli import i18n
from mingzhang.cli.app import COMMANDS, cli
from mingzhang.cli.lazy import load
from mingzhang.cli.options import read_yuan
from tests.cli_kernel.test_frame import run


def commands(name: str) -> Iterator[tuple[str, click.Command]]:
    """The command of that name, or every command below it, with its words: `survey import`."""

    def below(words: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        if isinstance(command, click.Group):
            for member in command.commands.values():
                yield from below(f"{words} {member.name}", member)
        else:
            yield words, command

    i18n.choose("zh")
    yield from below(name, load(COMMANDS[name]))


def help_page(words: str, command: click.Command) -> str:
    return command.get_help(command.context_class(command, info_name=f"mingzhang {words}"))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_an_example_of_itself(name: str) -> None:
    silent = [
        words
        for words, command in commands(name)
        if "mingzhang" not in (command.epilog or "") or words not in help_page(words, command).split("\n\n")[-1]
    ]
    assert silent == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_is_for(name: str) -> None:
    silent = [words for words, command in commands(name) if not command.help]
    mute = [
        f"{words} {option.opts[0]}"
        for words, command in commands(name)
        for option in command.params
        if isinstance(option, click.Option) and not option.help and not option.hidden
    ]
    assert silent + mute == []


def test_the_table_s_order_is_that_of_the_help_page() -> None:
    assert cli.list_commands(click.Context(cli)) == list(COMMANDS)


def test_the_example_stands_at_the_end_of_the_help_page() -> None:
    page = run("noun", "verb", "--help").stdout
    assert page.rstrip().endswith("mingzhang noun verb --on 2020-03-20")


def test_the_time_axes_are_read_into_values() -> None:
    said = run("noun", "verb", "--on", "2020-03-20", "--known-at", "120", "--reason", "补登").stdout
    assert said == "datetime.date(2020, 3, 20) LogSize(size=120) '补登'\n"


@pytest.mark.parametrize("words", [["--on", "20.3.2020"], ["--known-at", "soon"], ["--on", "2020-02-30"]])
def test_a_date_that_cannot_be_read_is_a_usage_error_showing_the_form(words: list[str]) -> None:
    result = run("noun", "verb", *words)
    assert result.exit_code == 2
    assert "write it like" in result.stderr


@pytest.mark.parametrize(("text", "fen"), [("2000", 200000), ("2,000.50", 200050), ("0.5", 50), ("10,000", 1000000), ("2000.00元", 200000)])
def test_yuan_are_read_as_fen(text: str, fen: int) -> None:
    assert read_yuan(text) == fen


@pytest.mark.parametrize("text", ["-1", "1.234", "2,00", "1e3", "", "１０", ".5"])
def test_what_is_not_an_amount_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError):
        read_yuan(text)

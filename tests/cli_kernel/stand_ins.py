"""Commands that end in every way a command can end, hung into the real frame."""

from __future__ import annotations

from datetime import date

import click

from mingzhang.cli.app import Mingzhang
from mingzhang.cli.lazy import Lazy
from mingzhang.cli.options import RECORDED, Globals, Noun, as_of_options, example, reason_option
from mingzhang.domain.refusal import Refused


@click.command()
@click.pass_obj
def tell(globals: Globals) -> None:
    click.echo(
        f"{globals.ledger}|{globals.acting_as}|{globals.lang}|{globals.json}|{globals.quiet}|"
        f"{globals.now.isoformat() if globals.now else None}"
    )


@click.command()
def refuse() -> None:
    raise Refused("clock_behind", until="2020-03-25T07:59:59.000000Z")


@click.command()
def rows() -> int:
    return 3


@click.command()
@click.pass_context
def unverified(ctx: click.Context) -> None:
    ctx.exit(4)


@click.command()
def crash() -> None:
    raise ZeroDivisionError("张三 210904200001011234")


@click.command()
@click.option("--recorded", is_flag=True)
@click.pass_context
def interrupt(ctx: click.Context, recorded: bool) -> None:
    if recorded:
        ctx.meta[RECORDED] = True
    raise KeyboardInterrupt


@click.command()
def vanish() -> None:
    raise BrokenPipeError


@click.command()
@click.argument("file", type=click.Path())
def read(file: str) -> None:
    with open(file, encoding="utf-8") as text:
        click.echo(text.read())


@click.group(cls=Noun)
def noun() -> None:
    """One noun."""


@noun.command("verb")
@example("mingzhang noun verb --on 2020-03-20")
@as_of_options
@reason_option()
def verb(on: date | None, known_at: object, reason: str | None) -> None:
    """One verb."""
    click.echo(f"{on!r} {known_at!r} {reason!r}")


NAMES = ("tell", "refuse", "rows", "unverified", "crash", "interrupt", "vanish", "read", "noun")
frame = Mingzhang(
    "mingzhang",
    table={name: Lazy(f"tests.cli_kernel.stand_ins:{name}", f"The command {name}.") for name in NAMES},
    context_settings={"help_option_names": ["-h", "--help"]},
)

"""Every command is in the reference, with the help it has today."""

from tests.docs.reference import PAGE, made_afresh


def test_the_reference_says_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == made_afresh(), "run: python -m tests.docs.reference"

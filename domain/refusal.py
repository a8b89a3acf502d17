"""A refused command records nothing: it carries a permanent code and what the office needs to find the place.

The sentence a person reads, and the next step, are made by `cli.refusals` from the code, in Chinese or English.
"""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """A command the rules do not allow, or input that cannot be trusted.

    `code` is permanent and machine-readable (`award_not_approved`). `context` holds references, positions, amounts in fen and
    ISO dates: whatever the sentence names. It never holds a name, an identity number, an account or a phone number, since it ends up
    on screens and in other programs' logs.
    """

    def __init__(self, code: str, **context: object) -> None:
        super().__init__(code)
        self.code = code
        self.context: Mapping[str, object] = context

    def __str__(self) -> str:
        where = ", ".join(f"{name}={value}" for name, value in self.context.items())
        return f"{self.code}({where})" if where else self.code

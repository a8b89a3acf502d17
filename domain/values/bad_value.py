"""A written value that cannot be taken as what it claims to be is refused with a code, never repaired by guessing.

WORKBOOKS.md, "Never repaired, always refused, row by row".
"""

from __future__ import annotations


class BadValue(Exception):
    """One value that breaks one rule.

    `code` is permanent (`id_check_digit`). The offending value is deliberately not kept: it may be an identity
    number, and exceptions end up in logs.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

"""What is compared across the columns of a row: who it is about, whether it repeats, and what is odd in it.

WORKBOOKS.md: a contradiction of 性别 with the number, a card number without a valid check digit and a 户名 that differs from
姓名 are warnings; a person repeated in one file is refused at the later row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mingzhang.domain.values import cards, identity

from .kinds import Kind
from .layouts import Layout


class Checks:
    """The comparisons of one layout, prepared once per sheet: which of its columns hold the person, the account, the sex."""

    def __init__(self, layout: Layout) -> None:
        names = {column.kind: column.name for column in reversed(layout.columns)}  # the first column of each kind
        self.person = layout.repeats == "person"
        self.whole_row = layout.repeats == "row"
        self.required = tuple(column.name for column in layout.columns if column.required)
        self.id_column = names.get(Kind.IDENTITY, "")
        self.account_column = names.get(Kind.ACCOUNT, "")
        self.sex_column = names.get(Kind.SEX, "")
        own = {column.name for column in layout.columns}
        self.name_column = "姓名" if "姓名" in own else "学生姓名"
        self.account_name_column = "户名" if "户名" in own else ""

    def key(self, values: Mapping[str, object]) -> object:
        """What must not occur twice in a file; None where anything may."""
        if self.person and isinstance(number := values.get(self.id_column), str):
            return identity.to_18(number)
        return tuple(values.items()) if self.whole_row else None

    def warnings(self, values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
        """(column, code) of what is odd in a row that is taken nevertheless, in the order of the columns."""
        number, stated = values.get(self.id_column), values.get(self.sex_column)
        if isinstance(number, str) and stated is not None and identity.sex(number) != stated:
            yield self.sex_column, "gender_contradicts_id"
        account = values.get(self.account_column)
        if isinstance(account, str) and not cards.passes_luhn(account):
            yield self.account_column, "card_luhn"
        holder = values.get(self.account_name_column)
        if holder is not None and holder != values.get(self.name_column):
            yield self.account_name_column, "account_name_differs"

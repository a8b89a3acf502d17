"""A list of corrected accounts: whose payment failed or came back brings another account, and is found by identity number.

The columns are those of WORKBOOKS.md: 姓名, 身份证号, 银行卡号, 户名. The 姓名 must be the one on file: an account is
the one thing a mistaken row must not change for somebody else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from mingzhang.domain.values import identity

from ..cases.named import names_of
from ..session import Session
from ..workbooks.kinds import Kind
from ..workbooks.layouts import ACCOUNT_SYNONYMS, ID_SYNONYMS, Column, Layout
from ..workbooks.reading import RowProblem, TableRead, read_table

NEW_ACCOUNTS = Layout(
    "更正账户",
    (
        Column("姓名", Kind.PERSON, True, ("学生姓名",)),
        Column("身份证号", Kind.IDENTITY, True, ID_SYNONYMS),
        Column("银行卡号", Kind.ACCOUNT, True, ACCOUNT_SYNONYMS),
        Column("户名", Kind.PERSON, False, ("开户名", "账户名")),
        Column("备注", Kind.PROSE),
    ),
    repeats="person",
)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Where a student's money goes from now on; `account_name` is the student's own where the list names nobody."""

    student: str
    account: str = field(repr=False)
    account_name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewAccounts:
    """A list as read: the valid rows by student, and every refused row."""

    table: TableRead
    accounts: dict[str, NewAccount]
    refused: list[RowProblem]


def read_new_accounts(session: Session, path: Path, students: Collection[str] | None) -> NewAccounts:
    """Reads the list. `students` are those who are being paid again (None: whoever the list names).

    Row codes: as `read_table`; `student_not_found` for an unknown number, `payment_not_reissuable` for somebody who is
    not being paid again, `person_not_matched` for another 姓名 than the one on file.
    """
    table = read_table(path, NEW_ACCOUNTS)
    refused = list(table.refused)
    found = session.vault.find_many("id_number", [identity.to_18(row.needed("身份证号")) for row in table.rows])
    names = names_of(session, [refs[0] for refs in found if refs])
    accounts: dict[str, NewAccount] = {}
    for row, refs in zip(table.rows, found, strict=True):
        if not refs:
            refused.append(RowProblem(row.sheet, row.row, "身份证号", "student_not_found"))
        elif names.get(refs[0]) != row.needed("姓名"):
            refused.append(RowProblem(row.sheet, row.row, "姓名", "person_not_matched"))
        elif students is not None and refs[0] not in students:
            refused.append(RowProblem(row.sheet, row.row, None, "payment_not_reissuable"))
        else:
            name = row.text("户名") or row.needed("姓名")
            accounts[refs[0]] = NewAccount(refs[0], row.needed("银行卡号"), name)
    refused.sort(key=lambda problem: (problem.sheet or "", problem.row))
    return NewAccounts(table, accounts, refused)

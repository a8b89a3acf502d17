"""A bank's layout is data in a closed vocabulary: what its files hold, in which column and unit, and how a file checks itself.

WORKBOOKS.md, "Bank files". One TOML file is one layout for the three files there are: 代发文件 (order), 回盘文件 (answer), 退票 (returned).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mingzhang.domain.plan.vocabulary import line_of
from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.text import compact, symbols

State = Literal["paid", "failed", "pending"]
Encoding = Literal["gb18030", "gbk", "utf-8", "utf-8-bom"]
DateForm = Literal["YYYYMMDD", "YYYY-MM-DD", "YYYY/MM/DD", "YYYY.MM.DD", "YYYY年MM月DD日"]
OrderHolds = Literal["number", "account", "name", "amount", "purpose", "date", "unit", "text"]
AnswerHolds = Literal["number", "account", "name", "asked", "done", "state", "code", "reason", "bank_ref", "processed_on"]
ReturnedHolds = Literal["number", "batch", "account", "name", "amount", "returned_on", "reason"]
STATES: tuple[State, ...] = get_args(State)
PLACES = ("{count}", "{amount}", "{done}", "{date}", "{unit}")
"""What a cell of a control line may stand for; any other cell is text as it is written."""

_NEEDED = {
    "order": ("number", "account", "name", "amount"),
    "answer": ("number", "account", "name", "asked", "state"),
    "returned": ("number", "account", "name", "amount", "returned_on"),
}
_UNIT_MARK = re.compile(r"\([^()]*\)")


def column_name(cell: str) -> str:
    """A column's name as it is compared: without spaces, full-width forms and a unit in brackets."""
    return _UNIT_MARK.sub("", symbols(cell))


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))


class OrderColumn(_Words):
    """One column of the 代发文件. `text` is what stands in every row of a column that holds text."""

    name: str = Field(min_length=1)
    holds: OrderHolds
    text: str = ""


class AnswerColumn(_Words):
    """One column of the 回盘文件; `also`: further names the bank has for it."""

    name: str = Field(min_length=1)
    holds: AnswerHolds
    also: tuple[str, ...] = ()


class ReturnedColumn(_Words):
    """One column of the 退票 file; `also`: further names the bank has for it."""

    name: str = Field(min_length=1)
    holds: ReturnedHolds
    also: tuple[str, ...] = ()


class Control(_Words):
    """The line by which a file checks itself. `cells`: text, or one of `{count}`, `{amount}`, `{done}`, `{date}`, `{unit}`; `names`: the
    names some banks write above the values, with `names_written` also in the order."""

    at: Literal["top", "bottom"]
    cells: tuple[str, ...] = Field(min_length=1)
    names: tuple[str, ...] = ()
    names_written: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Control:
        unknown = [cell for cell in self.cells if "{" in cell and cell not in PLACES]
        if unknown:
            raise ValueError(f"a control cell is text or one of {', '.join(PLACES)}, not {unknown[0]}")
        if "{count}" not in self.cells or "{amount}" not in self.cells:
            raise ValueError("a control line states {count} and {amount}")
        if self.at == "bottom" and (self.names or not self.marker):
            raise ValueError("a control line at the bottom begins with a text of its own, such as 合计, and has no names")
        return self

    @property
    def marker(self) -> str:
        """The text a control line at the bottom is recognised by."""
        return symbols(next((cell for cell in self.cells[:1] if cell not in PLACES), ""))

    def place(self, cell: str) -> int | None:
        return self.cells.index(cell) if cell in self.cells else None


class OrderLayout(_Words):
    """The 代发文件. `column_names`: whether a line of column names is written."""

    column_names: Literal["always", "never"] = "always"
    columns: tuple[OrderColumn, ...]
    control: Control | None = None

    @model_validator(mode="after")
    def _whole(self) -> OrderLayout:
        _judge("order", [column.holds for column in self.columns if column.holds != "text"], self.control)
        return self


class _Incoming(_Words):
    column_names: Literal["always", "never", "sometimes"] = "always"
    control: Control | None = None

    @property
    def _columns(self) -> Sequence[AnswerColumn | ReturnedColumn]:
        raise TypeError(f"{type(self).__name__} has no columns")

    def name_of(self, holds: str) -> str:
        """What the bank calls the column, for a complaint."""
        return next((column.name for column in self._columns if column.holds == holds), holds)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What each name a column may have stands for."""
        return {column_name(name): column.holds for column in self._columns for name in (column.name, *column.also)}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """What the columns hold, in the order in which they stand where no names are written."""
        return tuple(column.holds for column in self._columns)


class AnswerLayout(_Incoming):
    columns: tuple[AnswerColumn, ...]

    @property
    def _columns(self) -> Sequence[AnswerColumn | ReturnedColumn]:
        return self.columns

    @model_validator(mode="after")
    def _whole(self) -> AnswerLayout:
        _judge("answer", self.order, self.control, self.names, sum(1 + len(column.also) for column in self.columns))
        return self


class ReturnedLayout(_Incoming):
    columns: tuple[ReturnedColumn, ...]

    @property
    def _columns(self) -> Sequence[AnswerColumn | ReturnedColumn]:
        return self.columns

    @model_validator(mode="after")
    def _whole(self) -> ReturnedLayout:
        _judge("returned", self.order, self.control, self.names, sum(1 + len(column.also) for column in self.columns))
        return self

    @property
    def names_batch(self) -> bool:
        """Whether each line says which batch it comes from."""
        return "batch" in self.order


class StateWords(_Words):
    """The bank's words for what became of a payment."""

    paid: tuple[str, ...] = Field(min_length=1)
    failed: tuple[str, ...] = Field(min_length=1)
    pending: tuple[str, ...] = ()

    @cached_property
    def meaning(self) -> Mapping[str, State]:
        return {compact(word): state for state in STATES for word in getattr(self, state)}

    @model_validator(mode="after")
    def _each_once(self) -> StateWords:
        if len(self.meaning) != len(self.paid) + len(self.failed) + len(self.pending):
            raise ValueError("a word stands for one outcome only")
        return self


class BankProfile(_Words):
    """The layout of one bank's files."""

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)
    title: str
    encoding: Encoding
    separator: Literal[",", "|", "\t", ";"]
    quotes: bool = False
    line_ending: Literal["crlf", "lf"] = "crlf"
    file_ending: str = Field(pattern=r"^\.[a-z0-9]{1,8}$", default=".txt")
    amounts: Literal["yuan", "fen"]
    dates: tuple[DateForm, ...] = Field(min_length=1)
    unit_code: str | None = None
    """The number the bank knows the office by; without it the ledger's own id of the unit is stated."""
    states: StateWords
    order: OrderLayout
    answer: AnswerLayout
    returned: ReturnedLayout

    @property
    def newline(self) -> str:
        return "\r\n" if self.line_ending == "crlf" else "\n"

    @property
    def codec(self) -> str:
        """Python's name of the encoding, for writing."""
        return "utf-8-sig" if self.encoding == "utf-8-bom" else self.encoding

    @property
    def states_unit(self) -> bool:
        """Whether the order says which unit pays."""
        control = self.order.control
        return (control is not None and "{unit}" in control.cells) or any(column.holds == "unit" for column in self.order.columns)


def _judge(
    what: str, holds: Sequence[str], control: Control | None, names: Mapping[str, str] | None = None, named: int = 0
) -> None:
    missing = [one for one in _NEEDED[what] if one not in holds]
    if missing:
        raise ValueError(f"{what}: no column holds {missing[0]}")
    if len(set(holds)) != len(holds):
        raise ValueError(f"{what}: two columns hold the same")
    if names is not None and len(names) != named:
        raise ValueError(f"{what}: two columns have the same name")
    if control is not None and "{done}" in control.cells and "done" not in holds:
        raise ValueError(f"{what}: its control line states {{done}}, which no column holds")


def read_profile(text: str, file: str) -> BankProfile:
    """A layout from its TOML text. Refused `bank_profile_malformed` with `file`, `place` (the path of the word), `line` and `reason`."""
    try:
        return BankProfile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        line = re.search(r"at line (\d+)", str(problem))
        at = int(line[1]) if line else len(text.splitlines())
        raise Refused("bank_profile_malformed", file=file, place="TOML", line=at, reason=str(problem)) from None
    except ValidationError as problems:
        first = problems.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "profile"
        at = _line(text, first["loc"])
        raise Refused("bank_profile_malformed", file=file, place=place, line=at, reason=first["msg"]) from None


def _line(text: str, path: Sequence[int | str]) -> int:
    """Where the word stands; in a list of columns, its own line where each column has one."""
    found = line_of(text, path) or 1
    place = next((step for before, step in pairwise(path) if before == "columns" and isinstance(step, int)), None)
    if place is None:
        return found
    lines = text.splitlines()
    rows = [number for number, line in enumerate(lines[found:], start=found + 1) if line.strip().startswith("{")]
    until = next((number for number, line in enumerate(lines[found:], start=found + 1) if line.strip().startswith("]")), found)
    return rows[place] if place < len(rows) and rows[place] < until else found

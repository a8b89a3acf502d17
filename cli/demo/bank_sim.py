"""A bank for rehearsals: reads a 代发文件 and writes the 回盘文件 the bank would send back, in the same profile.

What happens to a payment depends only on its account (a hash), so the same file always meets the same fate: about 3 %
fail with a bank's usual reasons, about 1 % are still being processed. `later_returns` also writes a 退票 file for
about 1 % of the payments that went through. `spoil` spoils the 回盘文件 in one way that a careful ledger must
notice: count, total (header or 合计 disagrees with the rows), amount, name (a row answers something else than was
asked), orphan (a row nobody asked for), duplicate (a row twice), other-batch (the answer to another file).

Profiles (found by looking at the file): `csv-gb18030`, amounts in yuan, closing 合计 row; `pipe`, amounts in fen,
header line `日期|单位编号|总笔数|总金额(分)`, with or without a line of column names, as in the file read. The totals
of a 回盘文件 are those of 应处理金额. Text is written in the encoding it was read in. The answer to an order that is
marked 演练 is marked so in its line of totals, so that no real ledger takes it. Standard library only.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

FAILURES = [("3031", "账号户名不符"), ("3039", "账户已销户"), ("3069", "长期不动户"), ("3017", "账户冻结")]
RETURNS = ["收款账户已销户", "账号户名不符", "收款行退回"]
BACK = ["序号", "账号", "户名", "应处理金额", "实处理金额", "处理标志", "返回码", "失败原因", "银行流水号", "处理日期"]
RETURNED = ["原序号", "原批次", "账号", "户名", "金额", "退回日期", "退回原因"]
REHEARSAL = "演练"
TAMPER = ["none", "count", "total", "amount", "orphan", "duplicate", "other-batch", "name"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One payment of the 代发文件: its 序号, account, name and whole fen."""

    number: str
    account: str
    name: str
    fen: int


@dataclass(slots=True)
class Answer:
    """What became of one payment; amounts in whole fen, `day` as ISO text or empty."""

    number: str
    account: str
    name: str
    asked: int
    done: int
    state: str
    code: str
    reason: str
    flow: str
    day: str


def chance(*words: str) -> float:
    """A number in [0, 1) that depends on nothing but the words."""
    return int.from_bytes(hashlib.sha256("|".join(words).encode()).digest()[:6], "big") / 2**48


class Order:
    """A 代发文件: its profile, encoding, header fields and rows."""

    def __init__(self, path: Path) -> None:
        content = path.read_bytes()
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                text = content.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
        else:
            raise ValueError(f"{path}: neither UTF-8 nor GB18030")
        self.encoding = encoding
        if encoding == "utf-8-sig" and not content.startswith(b"\xef\xbb\xbf"):
            self.encoding = "utf-8"
        lines = [line for line in text.splitlines() if line.strip()]
        if not lines:
            raise ValueError(f"{path}: empty")
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.pipe = "|" in lines[0]
        self.rehearsal = REHEARSAL in text
        self.labels: list[str] | None = None
        self.header: list[str] | None = None
        self.columns_named = True
        self.rows = self._read_pipe(lines) if self.pipe else self._read_csv(lines)
        if not self.rows:
            raise ValueError(f"{path}: no payments in it")

    def _read_pipe(self, lines: list[str]) -> list[Asked]:
        cells = [line.split("|") for line in lines]
        if cells[0][0] == "日期":  # some write the fields' names above the values
            self.labels = cells.pop(0)
        self.header, columns = cells.pop(0), ["序号", "户名", "账号", "金额(分)", "摘要"]
        self.columns_named = cells[0][0] == "序号"
        if self.columns_named:
            columns = cells.pop(0)
        rows = [dict(zip(columns, line, strict=False)) for line in cells]
        return [Asked(row["序号"], row["账号"], row["户名"], int(row["金额(分)"])) for row in rows]

    def _read_csv(self, lines: list[str]) -> list[Asked]:
        cells = list(csv.reader(lines))
        start = next((place for place, row in enumerate(cells) if "账号" in row), None)
        if start is None:
            raise ValueError("no line with a column 账号")
        rows = []
        for line in cells[start + 1 :]:
            if any(cell.strip().startswith("合计") for cell in line[:3]):
                break
            row = dict(zip(cells[start], line, strict=False))
            rows.append(Asked(row["序号"], row["账号"], row["户名"], int(Decimal(row["金额"]) * 100)))
        return rows

    def money(self, fen: int) -> str:
        """An amount as this profile writes it."""
        return str(fen) if self.pipe else f"{fen // 100}.{fen % 100:02d}"

    def write(
        self, path: Path, columns: list[str], rows: list[list[str]], head: list[str], closing: list[str]
    ) -> None:
        """Writes an answer in the profile, encoding and line ends of the file read."""
        out = io.StringIO()
        if self.rehearsal:
            head, closing = [*head, REHEARSAL], [*closing[:-1], REHEARSAL]
        if self.pipe:
            for line in [self.labels, head, columns if self.columns_named else None, *rows]:
                out.write("|".join(line) + self.newline if line else "")
        else:
            csv.writer(out, lineterminator=self.newline).writerows([columns, *rows, closing])
        path.write_bytes(out.getvalue().encode(self.encoding))


def answer(row: Asked, day: date) -> Answer:
    """The bank's answer to one payment."""
    luck = chance(row.account)
    state, code, reason = "成功", "0000", ""
    if luck < 0.03:
        state, (code, reason) = "失败", FAILURES[int(luck / 0.03 * len(FAILURES))]
    elif luck < 0.04:
        state, code = "处理中", ""
    flow = f"{day:%Y%m%d}{int(chance(row.account, row.number) * 10**10):010d}" if state == "成功" else ""
    done = row.fen if state == "成功" else 0
    answered_on = "" if state == "处理中" else day.isoformat()
    return Answer(row.number, row.account, row.name, row.fen, done, state, code, reason, flow, answered_on)


def digits(account: str, shift: int) -> str:
    """Another account that looks like this one."""
    return account[:-4] + f"{(int(account[-4:]) + shift) % 10000:04d}"


def tamper(kind: str, answers: list[Answer]) -> tuple[int, int]:
    """Spoils the answers in place; returns by how much the stated count and total are wrong."""
    middle = answers[len(answers) // 2]
    if kind == "amount":
        middle.asked += 1000
        middle.done = middle.asked if middle.state == "成功" else 0
    elif kind == "name":
        middle.name = middle.name[:-1] + ("明" if middle.name[-1] != "明" else "华")
    elif kind == "orphan":
        last, number = answers[-1], max(int(given.number) for given in answers) + 1
        answers.append(replace(last, number=str(number), account=digits(last.account, 7)))
    elif kind == "duplicate":
        answers.insert(len(answers) // 2, replace(middle))
    elif kind == "other-batch":
        for given in answers:
            given.account, given.name = digits(given.account, 1234), given.name[:1] + "某"
    return int(kind == "count"), 100 * int(kind == "total")


def answer_order(
    file: Path,
    *,
    out: Path | None = None,
    on: date | None = None,
    batch: str | None = None,
    later_returns: bool = False,
    spoil: str = "none",
) -> list[Path]:
    """Answers one 代发文件 and gives the files written: the 回盘文件 and, where asked for, the 退票 file.

    on: day of processing (default: the file's own date, else 2020-04-27); batch: 原批次 in the 退票 file (default: the file's name without
    its ending). Raises OSError, ValueError, LookupError or ArithmeticError for a file that is no 代发文件.
    """
    order = Order(file)
    stated = "".join(character for character in order.header[0] if character.isdigit()) if order.header else ""
    own = date(int(stated[:4]), int(stated[4:6]), int(stated[6:8])) if len(stated) == 8 else date(2020, 4, 27)
    day = on or own
    answers = [answer(row, day) for row in order.rows]
    more_rows, more_fen = tamper(spoil, answers)
    count, asked = len(answers) + more_rows, sum(one.asked for one in answers) + more_fen
    done = sum(one.done for one in answers)
    folder = out or file.parent
    folder.mkdir(parents=True, exist_ok=True)
    name = file.stem.removeprefix("代发-").removeprefix("代发文件-")
    rows = [
        [one.number, one.account, one.name, order.money(one.asked), order.money(one.done), one.state, one.code,
         one.reason, one.flow, one.day]
        for one in answers
    ]  # fmt: skip
    head = [*(order.header or ["", ""])[:2], str(count), str(asked)]
    if spoil == "other-batch" and order.header:
        head[0], head[1] = (day - timedelta(days=30)).strftime("%Y%m%d"), head[1] + "9"
    closing = ["合计", str(count), "", order.money(asked), order.money(done), "", "", "", "", ""]
    written = [folder / f"回盘-{name}{file.suffix}"]
    order.write(written[0], BACK, rows, head, closing)
    if later_returns:
        written.append(folder / f"退票-{name}{file.suffix}")
        _write_returns(order, answers, batch or file.stem, day, written[1])
    return written


def _write_returns(order: Order, answers: list[Answer], batch: str, day: date, path: Path) -> None:
    back = [one for one in answers if one.state == "成功" and chance("return", one.account) < 0.01]
    later = (day + timedelta(days=3)).isoformat()
    rows = [
        [one.number, batch, one.account, one.name, order.money(one.asked), later,
         RETURNS[int(chance("why", one.account) * len(RETURNS))]]
        for one in back
    ]  # fmt: skip
    total = sum(one.asked for one in back)
    head = [*(order.header or ["", ""])[:2], str(len(rows)), str(total)]
    order.write(path, RETURNED, rows, head, ["合计", str(len(rows)), "", "", order.money(total), "", ""])


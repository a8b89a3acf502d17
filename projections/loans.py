"""Who has borrowed what, how far each loan has come, and whose interest the state still pays although the studies are over."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from mingzhang.domain.loan.loan import OVER

from .applications import all_equal
from .bitemporal import Points
from .projection import LogEvent, Projection, View, Writer, on
from .register import EnrolmentRow, enrolments, survivors, units_below
from .tables import text, whole

LOAN_STEP = Points(
    "loan_step",
    columns=[
        text("student"), text("period"), text("step"), text("scheme"), text("unit"), whole("amount_fen"), text("bank_ref"), text("ref"),
    ],
    indexes=[["student"]],
)  # fmt: skip

_STANDS = {"applied": "applied", "approved": "approved", "refused": "refused", "disbursed": "disbursed"}


class Loans(Projection):
    name = "loans"
    kept = (LOAN_STEP,)

    @on("loan.applied", "loan.approved", "loan.refused", "loan.disbursed", "loan.subsidy_ended")
    def _step(self, event: LogEvent, writer: Writer) -> None:
        get = event.state.get
        _, student, period = event.stream.split("/")
        amount = get("asked_fen") if event.topic == "loan.applied" else get("amount_fen")
        row = (student, period, event.topic.partition(".")[2], get("scheme"), get("unit"), amount, get("bank_ref"), event.ref)
        writer.happened(LOAN_STEP, event, row)


class LoanRow(NamedTuple):
    """A loan as it stood on the day: asked_fen as applied for; amount_fen as approved (0 before). subsidy: `paid` while the state pays the
    interest, `ended` with its day, `to_end` where the studies are over and nobody has noted it yet, None before the money was lent."""

    loan: str
    student: str
    period: str
    scheme: str
    unit: str
    stand: str
    asked_fen: int
    amount_fen: int
    disbursed_on: str | None
    subsidy: str | None
    subsidy_until: str | None
    ref: str


def loans(view: View, period: str | None = None, unit: str | None = None, student: str | None = None) -> list[LoanRow]:
    """The loans as they stood on the day, by period and student. A unit means itself and those below it."""
    points = view.points(LOAN_STEP, all_equal(period=period, student=student))
    found: dict[tuple[str, str], dict[str, object]] = {}
    for row in view.rows(select(points).order_by(points.c.fact_leaf)):
        loan = found.setdefault((row.period, row.student), {"scheme": "", "unit": "", "asked_fen": 0, "amount_fen": 0, "stand": "none"})
        loan["stand"] = _STANDS.get(row.step, loan["stand"])
        loan["ref"] = row.ref
        if row.step == "applied":
            loan |= {"scheme": row.scheme, "unit": row.unit, "asked_fen": row.amount_fen, "amount_fen": 0}
        elif row.step == "approved":
            loan["amount_fen"] = row.amount_fen
        elif row.step == "disbursed":
            loan["disbursed_on"] = row.effective_on
        elif row.step == "subsidy_ended":
            loan["ended_on"] = row.effective_on
    wanted = units_below(view, unit) if unit is not None else None
    merged, enrolled = survivors(view), enrolments(view)
    rows = []
    for (in_period, who), loan in sorted(found.items()):
        if wanted is not None and loan["unit"] not in wanted:
            continue
        subsidy, until = _subsidy(loan, enrolled.get(merged.get(who, who)))
        rows.append(
            LoanRow(
                loan=f"loan/{who}/{in_period}",
                student=who,
                period=in_period,
                scheme=str(loan["scheme"]),
                unit=str(loan["unit"]),
                stand=str(loan["stand"]),
                asked_fen=int(str(loan["asked_fen"])),
                amount_fen=int(str(loan["amount_fen"])),
                disbursed_on=str(loan["disbursed_on"]) if "disbursed_on" in loan else None,
                subsidy=subsidy,
                subsidy_until=until,
                ref=str(loan["ref"]),
            )
        )
    return rows


def _subsidy(loan: dict[str, object], held: EnrolmentRow | None) -> tuple[str | None, str | None]:
    if "disbursed_on" not in loan:
        return None, None
    if "ended_on" in loan:
        return "ended", str(loan["ended_on"])
    return ("to_end", held.since) if held is not None and held.status in OVER else ("paid", None)

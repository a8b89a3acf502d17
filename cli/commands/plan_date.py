"""`plan date`: a day that the plan leaves to somebody else is recorded when the office is told, with who said so."""

from __future__ import annotations

from datetime import date

import click

from mingzhang.domain.plan.dates import SetPlanDate

from ..i18n import _
from ..options import DAY, Globals, Verb, example, on_option
from ..output import Answer, show
from ..session import Session


@click.command(
    "date", cls=Verb, help=_("Record a day that the plan leaves open: a deadline set by the higher office, the start or the end of term.")
)
@click.argument("code", metavar="PLAN")
@click.option("--name", "name", required=True, metavar="NAME", help=_("What day it is, as `mingzhang due` asks for it."))
@click.option("--period", required=True, metavar="PERIOD", help=_("For which term or year: 2020-spring, 2020."))
@click.option("--day", "day", type=DAY, required=True, metavar="DATE", help=_("The day itself."))
@click.option("--source", required=True, metavar="TEXT", help=_("Who said so and where (a letter, its number); sealed."))
@on_option
@example(
    "mingzhang --as treasurer plan date fuxin-2020 --name spring-payment --period 2020-spring --day 2020-04-30 --source 上级资助中心通知"
)
@click.pass_obj
def date_(globals: Globals, code: str, name: str, period: str, day: date, source: str, on: date | None) -> int:
    with Session(globals) as session:
        box = session.seal_text(source)
        session.execute(SetPlanDate(on=on, plan=code, date_name=name, period=period, day=day, source=box))
        said = _("{name} of {plan} for {period} is {day}.").format(name=name, plan=code, period=period, day=day.isoformat())
        document = {"plan": code, "name": name, "period": period, "day": day.isoformat()}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)

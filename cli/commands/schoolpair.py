"""`schoolpair`: town and village schools that are pairs, what each has kept in a year, and what its year lacks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, get_args

import click

from mingzhang.domain.command import Command
from mingzhang.domain.plan.vocabulary import Plan
from mingzhang.domain.schoolpair.commands import DonateEquipment, EndSchoolPair, ExchangeStaff, HoldJointResearch, PairSchools
from mingzhang.domain.schoolpair.facts import Side
from mingzhang.domain.schoolpair.state import existing_pair

from ..cases.plans import plans_at
from ..clock import KnownAt
from ..i18n import N_, _
from ..intake.frame import import_options, rows_recorded, take_in
from ..intake.schoolpairs import import_school_pairs, subject_digest, unit_of_pairs
from ..intake.units import UnitNames
from ..options import (
    YUAN,
    Globals,
    Noun,
    as_of_options,
    example,
    on_option,
    reason_option,
    table_file_options,
    unit_option,
)
from ..output import Answer, Column, Table, show
from ..session import Session

if TYPE_CHECKING:
    from mingzhang.projections.schoolpairs import Owed, SchoolPairRow

SIDE_WORDS = {"town": N_("nobody sent by the town school"), "village": N_("nobody sent by the village school")}
_whose = N_("Whose business the pairs are (a unit's id or name). Default: the unit the plan with rules for school pairs is for.")


@click.group(cls=Noun, help=_("Pairs of a town and a village school (学校结对): joint research, people exchanged, equipment."))
@example("mingzhang --as helper-clerk schoolpair import 学校结对.xlsx", "mingzhang schoolpair list --year 2018 --on 2018-12-31")
def schoolpair() -> None:
    pass


@schoolpair.command("import", help=_("Take a 学校结对 workbook in (结对, 联合教研, 互派挂职)."))
@unit_option(help=_(_whose))
@import_options
@example("mingzhang --as helper-clerk schoolpair import 学校结对.xlsx")
@click.pass_obj
def import_(globals: Globals, /, **asked: Any) -> int:
    return take_in(globals, import_school_pairs, rows_recorded, **asked)


@schoolpair.command("pair", help=_("Pair two schools, under the office's own number."))
@click.argument("pair")
@click.option("--town", required=True, metavar="SCHOOL", help=_("The town school."))
@click.option("--village", required=True, metavar="SCHOOL", help=_("The village school."))
@unit_option(help=_(_whose))
@on_option
@example("mingzhang --as helper-clerk schoolpair pair JD35 --town 市区第35实验小学 --village 东平县测试小学 --on 2018-04-20")
@click.pass_obj
def pair(globals: Globals, pair: str, town: str, village: str, unit: str | None, on: date | None) -> int:
    with Session(globals) as session:
        command = PairSchools(on=on, pair=pair, town=town, village=village, unit=unit_of_pairs(session, unit))
        return _do(globals, session, command, pair, _("Pair {pair} is recorded."))


@schoolpair.command("research", help=_("Record joint research (联合教研) of a pair on that day."))
@click.argument("pair")
@click.option("--subject", required=True, metavar="TEXT", help=_("What it was about; sealed."))
@click.option("--participants", type=click.IntRange(min=1), metavar="N", help=_("How many took part."))
@on_option
@example("mingzhang --as helper-clerk schoolpair research JD35 --subject 语文联合教研 --participants 16 --on 2018-05-10")
@click.pass_obj
def research(globals: Globals, pair: str, subject: str, participants: int | None, on: date | None) -> int:
    with Session(globals) as session:
        existing_pair(session.streams, pair)
        command = HoldJointResearch(
            on=on,
            pair=pair,
            participants=participants,
            subject=session.seal_text(subject),
            subject_digest=subject_digest(session, subject),
        )
        return _do(globals, session, command, pair, _("The joint research of pair {pair} is recorded."))


@schoolpair.command("exchange", help=_("Record that one school of a pair sends somebody to the other from that day (挂职)."))
@click.argument("pair")
@click.option("--sender", type=click.Choice(list(get_args(Side))), required=True, help=_("Which school sends."))
@click.option("--name", metavar="NAME", help=_("Who is sent; sealed."))
@click.option("--post", metavar="TEXT", help=_("The post there, such as 教导主任."))
@on_option
@example("mingzhang --as helper-clerk schoolpair exchange JD35 --sender town --post 教师 --on 2018-09-03")
@click.pass_obj
def exchange(globals: Globals, pair: str, sender: Side, name: str | None, post: str | None, on: date | None) -> int:
    with Session(globals) as session:
        existing_pair(session.streams, pair)
        person = session.vault.seal(session.vault.new_subject("p"), {"name": name}) if name else None
        command = ExchangeStaff(on=on, pair=pair, sender=sender, post=post, person=person)
        return _do(globals, session, command, pair, _("The exchange of pair {pair} is recorded."))


@schoolpair.command("donate", help=_("Record equipment that one school of a pair hands on to the other."))
@click.argument("pair")
@click.option("--items", required=True, metavar="TEXT", help=_("What is given; sealed."))
@click.option("--worth", "worth_fen", type=YUAN, default=0, metavar="YUAN", help=_("What it is worth, in yuan."))
@click.option("--giver", type=click.Choice(list(get_args(Side))), default="town", help=_("Which school gives. Default: town."))
@on_option
@example("mingzhang --as helper-clerk schoolpair donate JD35 --items 图书200册 --worth 3000 --on 2018-10-12")
@click.pass_obj
def donate(globals: Globals, pair: str, items: str, worth_fen: int, giver: Side, on: date | None) -> int:
    with Session(globals) as session:
        existing_pair(session.streams, pair)
        command = DonateEquipment(on=on, pair=pair, giver=giver, worth_fen=worth_fen, items=session.seal_text(items))
        return _do(globals, session, command, pair, _("The donation within pair {pair} is recorded."))


@schoolpair.command("end", help=_("End a pair; what was done stays."))
@click.argument("pair")
@reason_option(required=True)
@on_option
@example("mingzhang --as helper-clerk schoolpair end JD35 --reason 农村学校撤并 --on 2018-12-30")
@click.pass_obj
def end(globals: Globals, pair: str, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        existing_pair(session.streams, pair)
        return _do(globals, session, EndSchoolPair(on=on, pair=pair, reason=session.seal_text(reason)), pair, _("Pair {pair} has ended."))


def _do(globals: Globals, session: Session, command: Command, pair: str, sentence: str) -> int:
    """Gives the command and says that it is done."""
    execution = session.execute(command)
    document = {"pair": pair, "event": execution.recorded[-1].ref}
    return show(globals, Answer.saying(document, sentence.format(pair=pair)), rehearsal=session.rehearsal)


@schoolpair.command("list", help=_("The pairs with what their year lacks of what the plans want, and those paired too late, on any day."))
@click.option("--year", type=click.IntRange(2000, 2099), metavar="YEAR", help=_("The calendar year. Default: that of --on."))
@unit_option()
@as_of_options
@table_file_options
@example("mingzhang schoolpair list --year 2018 --on 2018-12-31")
@click.pass_obj
def list_(globals: Globals, year: int | None, unit: str | None, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.schoolpairs import lacking, paired_late, school_pairs

    with Session(globals) as session:
        units = UnitNames(session)
        as_of = session.as_of(on, known_at)
        of_year = year or as_of.effective_on.year
        ruling = [plan for plan in plans_at(session, as_of) if plan.school_pairs is not None]
        with session.engine.view(as_of) as view:
            pairs = school_pairs(view, units.wanted(unit))
        document: dict[str, Any] = {"year": of_year, "plans": [plan.code for plan in ruling], "pairs": []}
        late: dict[str, list[str]] = {}
        for plan in ruling:
            if plan.school_pairs is not None:
                late |= {found: [*late.get(found, []), plan.code] for found in paired_late(pairs, plan.school_pairs)}
        for row in pairs:
            owed = {plan.code: lacking(row, plan.school_pairs, of_year) for plan in ruling if plan.school_pairs is not None}
            document["pairs"].append(_document(row, units, of_year, owed, as_of.day) | {"paired_late": late.get(row.pair, [])})
        document["paired_late"] = sorted(late)
        return show(globals, Answer(document, (_table(document, ruling),)), rehearsal=session.rehearsal)


def _document(row: SchoolPairRow, units: UnitNames, year: int, owed: dict[str, list[Owed]], day: str) -> dict[str, Any]:
    """`lacking`: what was due by the day; `not_yet`: what still may come in time."""
    wanted: dict[tuple[str | None, str | None, str], list[str]] = {}
    for plan, found in owed.items():
        for one in found:
            wanted.setdefault((one.term, one.side, one.due_on), []).append(plan)
    lines: list[dict[str, Any]] = [
        {"duty": "joint_research" if term else "exchange", "term": term, "side": side, "due_on": due_on, "plans": plans}
        for (term, side, due_on), plans in wanted.items()
    ]
    return {
        "pair": row.pair,
        "town": row.town,
        "village": row.village,
        **units.said(row.unit),
        "since": row.since,
        "until": row.until,
        "joint_research": sum(1 for held in row.research if held[:4] == str(year)),
        "sent_by_town": row.sent_by("town", year),
        "sent_by_village": row.sent_by("village", year),
        "donated_fen": row.donated_fen,
        "lacking": [line for line in lines if line["due_on"] <= day],
        "not_yet": [line for line in lines if line["due_on"] > day],
        "event": row.ref,
    }


def _said(line: dict[str, Any]) -> str:
    if line["term"]:
        return _("joint research of {term}").format(term=line["term"])
    word = SIDE_WORDS[line["side"]]
    return _(word)


def _table(document: dict[str, Any], ruling: list[Plan]) -> Table:
    rows = [{**row, "says": [_said(line) for line in row["lacking"]], "late": bool(row["paired_late"])} for row in document["pairs"]]
    heads = [
        Column(_("Pair"), "pair"),
        Column(_("Town school"), "town"),
        Column(_("Village school"), "village"),
        Column(_("Since"), "since"),
        *([Column(_("Until"), "until")] if any(row["until"] for row in rows) else []),
        Column(_("Joint research"), "joint_research", "right"),
        Column(_("Sent by the town"), "sent_by_town", "right"),
        Column(_("Sent by the village"), "sent_by_village", "right"),
        Column(_("Paired late"), "late"),
        Column(_("Lacking"), "says"),
    ]
    foot = _("{count} pairs; in {year} {lacking} of them lack something, {late} were paired late.").format(
        count=len(rows), year=document["year"], lacking=sum(1 for row in rows if row["says"]), late=len(document["paired_late"])
    )
    if not ruling:
        foot += " " + _("No plan in force says what school pairs owe.")
    return Table(heads, rows, foot=foot)

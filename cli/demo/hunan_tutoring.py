"""Plan S5 lived through for a term: failed courses, tutors, weeks of records, and what the term still lacks at its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..i18n import _
from .stage import Ending, Stage

DATA = Path(__file__).parent / "data" / "tutoring-2023"
CODE, TERM = "hunan-tutoring", "2023-autumn"
CALENDAR, LISTED, HANDED_IN, END = "2023-08-28", "2023-09-01", "2024-01-08", "2024-01-12"
DAYS = {"term-start": "2023-09-04", "term-end": "2024-01-07"}


@dataclass
class TutoringTerm:
    """`files`: what came of each file, by name; `gaps`: the answers by the day they were asked on."""

    stage: Stage
    files: dict[str, Any] = field(default_factory=dict)
    gaps: dict[str, Any] = field(default_factory=dict)


def live_through(stage: Stage) -> TutoringTerm:
    """The whole term, on a new rehearsal ledger."""
    term = TutoringTerm(stage)
    stage.heading(_("The list of failed courses after the resit"))
    stage.play("init", "--rehearsal", "--plan", CODE, actor="administrator", at=f"{CALENDAR}T08:00:00")
    _take(term, "挂科名单.xlsx", LISTED, "pairing", "--kind", "tutoring")
    found = _ask(term, LISTED)
    stage.say(_("  {failing} failed courses, {without} without a tutor yet").format(**_counts(found)))
    stage.heading(_("The plan says which weeks; the school says when the term begins and ends"))
    for name, day in DAYS.items():
        words = ("plan", "date", CODE, "--name", name, "--period", TERM, "--day", day, "--source", "校历")
        stage.play(*words, actor="clerk", at=f"{LISTED}T18:00:00")
    stage.keep_checkpoint(f"{LISTED}T18:30:00")
    stage.heading(_("Tutors are arranged; at the end of term their records come in"))
    _take(term, "安排表.xlsx", LISTED, "pairing", "--kind", "tutoring", hour=19)
    _take(term, "帮扶记录.xlsx", HANDED_IN, "contact")
    found = _ask(term, END)
    said = _("  without a tutor: {without} courses; checks missed by {unchecked} tutors; weeks without duty: {weeks}")
    stage.say(said.format(**_counts(found)))
    return term


def _take(term: TutoringTerm, name: str, day: str, group: str, *more: str, hour: int = 10) -> None:
    said = term.stage.run(group, "import", str(DATA / name), *more, actor="helper-clerk", at=f"{day}T{hour}:00:00")
    term.files[name] = {"exit": said.code, **said.document}
    term.stage.say_taken(said.document["files"][0])


def _ask(term: TutoringTerm, day: str) -> Any:
    term.gaps[day] = term.stage.play("tutoring", "gaps", "--period", TERM, "--on", day, at=f"{day}T12:00:00")
    return term.gaps[day]


def _counts(gaps: dict[str, Any]) -> dict[str, int]:
    return {
        "failing": gaps["failing_courses"],
        "without": len(gaps["courses_without_tutor"]),
        "unchecked": len(gaps["tutors_missing_checks"]),
        "weeks": sum(len(row["weeks"]) for row in gaps["weeks_without_duty"]),
        "untold": len(gaps["parents_not_told"]),
    }


def demonstrate(stage: Stage) -> Ending:
    """The term told; at its end the parents are told, too."""
    term = live_through(stage)
    before = _counts(term.gaps[END])
    stage.heading(_("Parents are told of every failure, once"))
    words = ("tutoring", "notify", "--period", TERM, "--note", "寄发成绩通知单")
    told = stage.play(*words, actor="helper-clerk", at=f"{END}T13:00:00")
    stage.say(_("  parents of {count} students").format(count=len(told["students"])))
    stage.show("tutoring", "gaps", "--period", TERM, "--on", END, at=f"{END}T14:00:00", rows=24)
    student = term.gaps[END]["courses_without_tutor"][0]["student"]
    figures = {**before, "tutors": term.gaps[END]["tutors"], "parents_told": len(told["students"])}
    sentence = _("{failing} failed courses, {tutors} tutors; {without} courses without a tutor, {weeks} weeks without duty.")
    return Ending(
        DATA,
        figures,
        (sentence.format(**figures),),
        (
            ("tutoring", "gaps", "--period", TERM, "--on", "2023-11-15"),
            ("pairing", "list", "--on", END),
            ("student", "show", student),
            ("due", "--on", END),
            ("periods", "--by", "month", "--on", END),
        ),
    )

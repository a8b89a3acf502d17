"""A student has at any one time only those awards of a plan that it lets stand together; of two that do not, the one decided first stands.

So it is refused at the approval; and where two files turn out to be one person's, it is the one decided later that should not have been.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

from ..plan.adoption import AdoptedPlan, PlanVersion
from ..plan.schemes import Scheme
from ..refusal import Refused
from ..streams import Streams
from ..student.student import Student, last_file, same_person
from ..values.periods import period, periods_meeting
from .application import Application


def standing_beside(
    streams: Streams, version: PlanVersion, scheme: Scheme, student: Student, case: Application, day: date
) -> Iterator[Application]:
    """What stands awarded to this person, under any of their files, at the time of the case and beside which it may not stand."""
    first, last = _span(streams, version, case, day)
    for other in version.plan.schemes:
        if other.code == scheme.code or other.code in scheme.stacks_with:
            continue
        for ref, when in product(same_person(streams, student), periods_meeting(other.period, first, last)):
            found = streams.read(Application, f"{version.plan.code}.{other.code}", ref, when.text)
            if found.stand in ("approved", "suspended"):
                yield found


def _span(streams: Streams, version: PlanVersion, case: Application, day: date) -> tuple[date, date]:
    """The days of the case's period; of one paid once in a life those in which the plan can have awarded anything, a year to spare."""
    when = period(case.period)
    if when.kind != "once":
        return when.first, when.last
    first = min(one.since for one in streams.read(AdoptedPlan, version.plan.code).versions)
    return date(first.year - 1, 1, 1), date(day.year + 1, 12, 31)


def decided_before(streams: Streams, case: Application) -> tuple[str, ...]:
    """By which merges the person of a standing award has another one, decided before it, beside which it may not stand; nothing where it
    may stand. Its own plan version says what stacks; an earlier one that should not have been itself does not count."""
    person = last_file(streams, case.student)
    files = same_person(streams, person)
    plan_code, _, code = case.scheme.partition(".")
    if len(files) == 1 or case.decided_on is None:
        return ()
    versions = streams.read(AdoptedPlan, plan_code).versions
    version = next((one for one in reversed(versions) if one.plan.version == case.plan_version), None)
    if version is None:
        return ()
    try:
        scheme = version.plan.scheme(code)
    except Refused:
        return ()
    for other in standing_beside(streams, version, scheme, person, case, case.decided_on):
        earlier = other.decided_on is not None and (other.decided_on, other.stream) < (case.decided_on, case.stream)
        if earlier and other.student != case.student and not decided_before(streams, other):
            return tuple(ref for file in files for found, ref in streams.read(Student, file).merges if found in files)
    return ()

"""Who is identified, who receives what: on any day, as known at any time."""

from .offices import (
    KnownStaffRow,
    RoundRow,
    StaffRow,
    UnitRow,
    import_files,
    interests,
    known_staff,
    plan_codes,
    rounds,
    staff_rows,
    submissions,
    unit_by_name,
    unit_rows,
    units_below,
)
from .recognition import same_person, survivors
from .roster import EnrolmentRow, IdentifiedRow, RosterRow, enrolments, identified, roster
from .student_file import StudentEvent, student_events, student_streams
from .survey import EntryRow, FirstSeen, SurveyTotals, UnitTotals, entries, entries_of, first_seen, survey_totals

__all__ = [
    "EnrolmentRow",
    "EntryRow",
    "FirstSeen",
    "IdentifiedRow",
    "KnownStaffRow",
    "RosterRow",
    "RoundRow",
    "StaffRow",
    "StudentEvent",
    "SurveyTotals",
    "UnitRow",
    "UnitTotals",
    "enrolments",
    "entries",
    "entries_of",
    "first_seen",
    "identified",
    "import_files",
    "interests",
    "known_staff",
    "plan_codes",
    "roster",
    "rounds",
    "same_person",
    "staff_rows",
    "student_events",
    "student_streams",
    "submissions",
    "survey_totals",
    "survivors",
    "unit_by_name",
    "unit_rows",
    "units_below",
]

"""One entry for a student in a round; what was wrong is corrected by a further fact that says before and after."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.student.commands import MergeIdentities, SplitIdentities
from mingzhang.domain.student.facts import PersonErased, StudentRegistered
from mingzhang.domain.survey.entry import CorrectEntry, Entry, EntryCorrected, EntryRecorded, EntryWithdrawn, WithdrawEntry
from mingzhang.domain.survey.intake import FileImported, ImportFile, RefusedRow
from tests.college import S1, S2, S3, SPRING, entry, opened, registered, sha, surveyed
from tests.given import by, given, sealed

DAY = date(2020, 3, 25)
ENTRY = f"entry/{SPRING}/{S1}"
REASON = sealed(S1, reason="synthetic")
CHANGED = sealed(S1, name="", account="", reason="")


def correct(*after: tuple[str, object], fields: tuple[str, ...] = ()) -> CorrectEntry:
    return CorrectEntry(round=SPRING, student=S1, after=after, sealed_fields=fields, account_given=True, person=CHANGED)  # type: ignore[arg-type]


def recorded(*because: str) -> EntryRecorded:
    return EntryRecorded(
        actor="surveyor-1",
        effective_on=DAY,
        because=because,
        round=SPRING,
        student=S1,
        unit="shifan",
        categories=("建档立卡",),
        level="特别困难",
        stage="中职",
        account_given=True,
        person=sealed(S1),
    )


def test_a_student_no_register_knows_is_registered_by_the_survey() -> None:
    opening = StudentRegistered(actor="surveyor-1", effective_on=DAY, source="survey", unit="shifan", stage="中职", person=sealed(S1))
    outcome = given(opened()).when(entry(), actor="surveyor-1")
    outcome.then((f"student/{S1}", opening), (ENTRY, recorded(f"student/{S1}@1")))


def test_a_student_the_register_knows_is_not_registered_again() -> None:
    given(opened(), registered()).when(entry(), actor="surveyor-1").then((ENTRY, recorded(f"student/{S1}@1")))


def test_an_entry_without_a_stage_has_the_rounds() -> None:
    assert given(opened()).when(entry(stage=None), actor="surveyor-1").only(EntryRecorded).stage == "中职"


def test_a_student_is_not_entered_twice_in_a_round() -> None:
    given(opened(), surveyed()).when(entry(), actor="surveyor-1").refused("already_surveyed", first=f"{ENTRY}@1")


def test_of_two_rows_of_one_import_the_second_is_refused() -> None:
    given(opened()).when(entry(), entry(), actor="surveyor-1").refused("already_surveyed")


@pytest.mark.parametrize(("first", "second"), [(S1, S2), (S2, S1)])
def test_a_merged_file_meets_the_entry_of_the_other(first: str, second: str) -> None:
    merge = MergeIdentities(student=S1, other=S2, reason=REASON)
    known = given(opened(), surveyed(first), registered(second), by("clerk-1", merge))
    known.when(entry(second), actor="surveyor-1").refused("already_surveyed", first=f"entry/{SPRING}/{first}@1")


def test_files_of_three_merged_in_a_row_are_one_person() -> None:
    merges = [MergeIdentities(student=S2, other=S3, reason=REASON), MergeIdentities(student=S1, other=S2, reason=REASON)]
    known = given(opened(), surveyed(S3), registered(S1), registered(S2), [by("clerk-1", merge) for merge in merges])
    known.when(entry(S1), actor="surveyor-1").refused("already_surveyed", first=f"entry/{SPRING}/{S3}@1")
    known.when(entry(S2), actor="surveyor-1").refused("already_surveyed")


def test_files_taken_apart_again_are_two_people() -> None:
    merge = MergeIdentities(student=S1, other=S2, reason=REASON)
    split = SplitIdentities(student=S1, other=S2, corrects=f"student/{S1}@3", reason=REASON)
    known = given(opened(), surveyed(S1), registered(S2), by("clerk-1", merge), by("administrator-1", split))
    known.when(entry(S2), actor="surveyor-1").accepted()


def test_an_erased_person_is_not_surveyed() -> None:
    erased = PersonErased(actor="privacy-officer-1", effective_on=DAY, reason="requested")
    known = given(opened(), registered(), (f"student/{S1}", erased))
    known.when(entry(), actor="surveyor-1").refused("person_erased", student=S1)


def test_a_file_merged_into_an_erased_one_is_erased_too() -> None:
    merge = by("clerk-1", MergeIdentities(student=S1, other=S2, reason=REASON))
    erased = PersonErased(actor="privacy-officer-1", effective_on=DAY, reason="requested")
    known = given(opened(), registered(S1), registered(S2), merge, (f"student/{S1}", erased))
    known.when(entry(S2), actor="surveyor-1").refused("person_erased")


def test_a_correction_says_before_and_after_and_names_what_it_corrects() -> None:
    fact = EntryCorrected(
        actor="clerk-1",
        effective_on=DAY,
        because=(f"{ENTRY}@1",),
        round=SPRING,
        student=S1,
        corrects=f"{ENTRY}@1",
        before={"level": "特别困难", "categories": ("建档立卡",)},
        after={"level": None, "categories": ("低保", "孤儿")},
        account_given=True,
        person=CHANGED,
    )
    command = correct(("level", None), ("categories", ("低保", "孤儿")), ("unit", "shifan"))
    outcome = given(opened(), surveyed()).when(command, actor="clerk-1")
    outcome.then((ENTRY, fact))
    state = outcome.state(Entry, SPRING, S1)
    assert (state.level, state.categories, state.unit, state.facts) == (None, ("低保", "孤儿"), "shifan", (f"{ENTRY}@1", f"{ENTRY}@2"))


def test_a_second_correction_names_the_first() -> None:
    known = given(opened(), surveyed(), by("clerk-1", correct(("level", "困难"))))
    fact = known.when(correct(("level", "一般困难")), actor="clerk-1").only(EntryCorrected)
    assert (fact.corrects, fact.before, fact.after) == (f"{ENTRY}@2", {"level": "困难"}, {"level": "一般困难"})


@pytest.mark.parametrize(
    "command",
    [correct(), correct(("level", "特别困难")), correct(("categories", ("建档立卡",)), ("unit", "shifan"), ("lifted", None))],
)
def test_a_correction_that_changes_nothing_records_nothing(command: CorrectEntry) -> None:
    given(opened(), surveyed()).when(command, actor="clerk-1").nothing()


def test_a_personal_field_is_named_but_not_told() -> None:
    fact = given(opened(), surveyed()).when(correct(fields=("account",)), actor="clerk-1").only(EntryCorrected)
    assert (fact.before, fact.after, fact.sealed_fields, fact.person) == ({}, {}, ("account",), CHANGED)


def test_a_withdrawn_entry_may_be_recorded_anew() -> None:
    withdrawn = EntryWithdrawn(
        actor="clerk-1", effective_on=DAY, because=(f"{ENTRY}@1",), round=SPRING, student=S1, corrects=f"{ENTRY}@1", reason=REASON
    )
    known = given(opened(), surveyed())
    known.when(WithdrawEntry(round=SPRING, student=S1, reason=REASON), actor="clerk-1").then((ENTRY, withdrawn))
    known.when(correct(("level", "困难")), actor="clerk-1").refused("entry_withdrawn")
    known.when(entry(), actor="surveyor-1").accepted()
    known.when(correct(("level", "困难")), actor="clerk-1").accepted()


def test_an_entry_that_never_was_cannot_be_corrected() -> None:
    given(opened(), registered()).when(correct(("level", "困难")), actor="clerk-1").refused("not_surveyed")


IMPORT = ImportFile(
    context=SPRING,
    kind="survey",
    file="synthetic.xlsx",
    sha256=sha("file"),
    unit="shifan",
    rows=3,
    accepted=1,
    duplicates=1,
    refused=(RefusedRow(sheet="总表", row=5, column="身份证号", code="id_check_digit", person=sealed("p-0000000001")),),
)


def test_an_import_keeps_what_was_refused_and_why() -> None:
    stream = f"import/{SPRING}/{sha('file')}"
    outcome = given(opened()).when(IMPORT, entry(source=f"{stream}@1", sheet="总表", row=4), actor="surveyor-1")
    fact = outcome.only(FileImported)
    assert (outcome.recorded[0].originator_id, fact.refused, fact.rows) == (stream, IMPORT.refused, 3)
    line = outcome.only(EntryRecorded)
    assert (line.because, line.sheet, line.row) == ((f"{stream}@1", f"student/{S1}@1"), "总表", 4)


def test_a_file_comes_in_once() -> None:
    known = given(opened(), by("surveyor-1", IMPORT))
    known.when(IMPORT, actor="surveyor-1").refused("file_already_imported", first_file="synthetic.xlsx")

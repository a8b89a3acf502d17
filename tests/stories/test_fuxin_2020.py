"""Plan S0's two survey rounds, applications, awards and payments agree with the data set's truth, figure by figure."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.domain.facts import decode
from mingzhang.domain.student.facts import EnrolmentChanged
from mingzhang.domain.survey.entry import EntryCorrected, EntryRecorded
from mingzhang.domain.survey.intake import FileImported
from mingzhang.domain.values.identity import to_18
from mingzhang.projections.register import entries, unit_rows
from tests.conftest import INPUT
from tests.stories.fuxin_2020 import AUDIT, GRANT, TERMS, TRUTH, Year

FILES = {file["path"]: file for term in TERMS for file in TRUTH["rounds"][term]["files"]}
STAGES = [(term, number) for term in TERMS for number in range(3)]
PLACE = ("sheet", "row", "column", "code")


class Asked:
    """The year's ledger, asked from inside: entries with their boxes opened, facts as they are stored."""

    def __init__(self, year: Year) -> None:
        self.session = Session(Globals(str(year.player.ledger), None, "zh", True, True, None))
        rows = self.session.ledger.journal.select_rows()
        self.facts = [(row.originator_id, decode(row.topic, row.state)) for row in rows]
        self.size = len(rows)

    def people(self, refs: list[str]) -> dict[str, str]:
        """Identity number by reference, for everybody in the rounds."""
        known: dict[str, str] = {}
        for term in TERMS:
            rows, opened = self.entries(term)
            known |= {row.student: person["id_number"] for row, person in zip(rows, opened, strict=True)}
        return {ref: known[ref] for ref in refs}

    def entries(self, term: str) -> tuple[list[Any], list[dict[str, str]]]:
        truth = TRUTH["rounds"][term]
        on = date.fromisoformat(truth["stages"][-1]["as_of"])
        with self.session.engine.view(self.session.as_of(on, None)) as view:
            rows = entries(view, truth["round"])
        opened = self.session.vault.open_many([row.person for row in rows if row.person])
        return rows, [person or {} for person in opened]


@pytest.fixture(scope="module")
def asked(year: Year) -> Any:
    found = Asked(year)
    yield found
    found.session.__exit__()


def places(problems: list[dict[str, Any]], *more: str) -> list[dict[str, Any]]:
    return [{name: problem[name] for name in (*PLACE, *more) if name in problem} for problem in problems]


@pytest.mark.parametrize("path", FILES)
def test_every_file_is_taken_in_as_the_truth_says(year: Year, path: str) -> None:
    truth, (said,) = FILES[path], year.files[path]["files"]
    assert said["rows"] == truth["rows_seen"]
    assert said["accepted"] == truth["accepted"] == year.files[path]["recorded"]
    assert places(said["refused"], "first_row") == truth["refused"]
    assert places(said["warnings"]) == truth["warnings"]
    assert said["ignored_columns"] == truth["ignored_columns"]
    assert said["already_imported"] is False
    assert year.files[path]["exit"] == (3 if truth["refused"] else 0)


@pytest.mark.parametrize("path", FILES)
def test_who_was_in_an_earlier_file_is_named_with_file_and_row(year: Year, path: str) -> None:
    (said,) = year.files[path]["files"]
    assert places(said["duplicates"], "first_file", "first_row") == [
        {**{name: one[name] for name in (*PLACE, "first_row")}, "first_file": Path(one["first_file"]).name}
        for one in FILES[path]["duplicates"]
    ]


@pytest.mark.parametrize("path", FILES)
def test_every_complaint_comes_with_a_sentence(year: Year, path: str) -> None:
    (said,) = year.files[path]["files"]
    assert [one for kind in ("refused", "warnings", "duplicates") for one in said[kind] if not one["message"]] == []


@pytest.mark.parametrize(("term", "number"), STAGES)
def test_the_totals_of_a_stage_can_be_asked_for_ever_after(year: Year, term: str, number: int) -> None:
    stage, round_id = TRUTH["rounds"][term]["stages"][number], TRUTH["rounds"][term]["round"]
    told = year.player.play("survey", "totals", "--round", round_id, "--on", stage["as_of"], "--known-at", stage["as_of"])

    def counted(row: dict[str, Any]) -> dict[str, int]:
        kinds = {name: row["by_category"].get(name, 0) for name in ("建档立卡", "特困")}
        return {"total": row["entries"], **kinds, "新增": row["new"]}

    assert {row["unit"]: counted(row) for row in told["units"]} == stage["units"]
    assert counted(told) == stage["school"]


def test_corrections_say_what_was_and_what_is(asked: Asked) -> None:
    compared = {"unit", "categories", "new", "lifted", "income_fen", "account", "account_name"}
    facts = [fact for _stream, fact in asked.facts if isinstance(fact, EntryCorrected)]
    found = {}
    for fact in facts:
        new = asked.session.vault.open_box(fact.person)
        old = asked.session.vault.open_box(_corrected(asked, fact.corrects).person)
        changed: dict[str, list[Any]] = {name: [_plain(fact.before[name]), _plain(fact.after[name])] for name in fact.after}
        changed |= {name: [old.get(name), new.get(name)] for name in fact.sealed_fields}
        found[new["id_number"]] = {name: pair for name, pair in changed.items() if name in compared}
    truth = TRUTH["rounds"]["spring"]["corrections"]
    assert found == {one["id"]: one["changed"] for one in truth}


def _corrected(asked: Asked, ref: str) -> Any:
    stream, _, version = ref.rpartition("@")
    return [fact for name, fact in asked.facts if name == stream][int(version) - 1]


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("term", TERMS)
def test_everybody_is_recorded_with_the_values_the_truth_has(asked: Asked, term: str) -> None:
    rows, people = asked.entries(term)
    units = {one["id"]: one["unit"] for one in _unit_names(asked)}
    said_last = _said_last(asked, TRUTH["rounds"][term]["round"])
    found = {
        to_18(person["id_number"]): {
            "id": person["id_number"],
            "name": person["name"],
            "unit": units[row.unit],
            **said_last[row.student],
            "categories": sorted(row.categories),
            "new": bool(row.new),
            "lifted": row.lifted if row.lifted is None else bool(row.lifted),
            "account": person.get("account"),
            "account_name": person.get("account_name"),
            "income_fen": row.income_fen,
        }
        for row, person in zip(rows, people, strict=True)
    }
    wanted = {}
    for one in TRUTH["rounds"][term]["recorded"]:
        named = {name: value for name, value in one.items() if name not in ("tier", "fen_per_term")}
        wanted[to_18(one["id"])] = named | {"categories": sorted(one["categories"]), "file": Path(one["file"]).name}
    assert found == wanted


def _said_last(asked: Asked, round_id: str) -> dict[str, dict[str, Any]]:
    """File, sheet and row of the last fact of every entry, by student."""
    files = {f"{stream}@1": fact.file for stream, fact in asked.facts if isinstance(fact, FileImported)}
    return {
        fact.student: {"file": files[fact.because[0]], "sheet": fact.sheet, "row": fact.row}
        for _stream, fact in asked.facts
        if isinstance(fact, EntryRecorded | EntryCorrected) and fact.round == round_id
    }


def _unit_names(asked: Asked) -> list[dict[str, str]]:
    with asked.session.engine.view(asked.session.as_of(None, None)) as view:
        return [{"id": row.id, "unit": row.name} for row in unit_rows(view)]


def test_the_registers_have_the_rows_the_truth_counts(year: Year) -> None:
    (staff,), (students, changes) = year.registers["staff"], year.registers["2020-12-31"]
    assert [one["accepted"] for one in (students, staff, changes)] == [
        TRUTH["registers"][name]["rows"] for name in ("学籍名册.xlsx", "教职工.xlsx", "学籍异动.xlsx")
    ]
    assert [one["refused"] for one in (students, staff, changes)] == [[], [], []]


def test_every_change_of_enrolment_is_recorded_once_with_both_its_dates(asked: Asked) -> None:
    facts = [fact for _stream, fact in asked.facts if isinstance(fact, EnrolmentChanged) and fact.registered_on]
    found = [(fact.row, fact.status, fact.effective_on.isoformat(), str(fact.registered_on)) for fact in facts]
    found = [one for one in found if one[1] != "毕业"]
    wanted = [(one["row"], one["type"], one["effective_on"], one["registered_on"]) for one in TRUTH["status_changes"]]
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("term", TERMS)
def test_everybody_recorded_is_applied_for_reviewed_and_awarded(year: Year, term: str) -> None:
    known = {
        person
        for person in (row["id"] for row in AUDIT["findings"] if row["rule"] == "paid_while_not_enrolled" and row["known_at_payment"])
    }
    students = TRUTH["rounds"][term]["grant"]["students"]
    refused = year.approved[term]["refused"]
    assert year.applied[term]["done"] == year.reviewed[term]["done"] == students
    assert year.approved[term]["done"] + len(refused) == students
    assert len(refused) <= len(known)


@pytest.mark.parametrize("term", TERMS)
def test_awards_add_up_to_the_truth_by_tier_and_by_department(year: Year, asked: Asked, term: str) -> None:
    truth = TRUTH["rounds"][term]
    rows = year.player.play("application", "list", "--scheme", "grant", "--period", truth["round"])
    tiers: dict[str, list[int]] = defaultdict(list)
    units: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        tiers[row["tier"]].append(row["amount_fen"])
        units[row["unit"]].append(row["amount_fen"])

    def told(by: dict[str, list[int]]) -> dict[str, dict[str, int]]:
        return {name: {"students": len(fen), "total_fen": sum(fen)} for name, fen in by.items()}

    assert told(tiers) == truth["grant"]["by_tier"]
    assert told(units) == truth["grant"]["by_unit"]
    assert sum(row["amount_fen"] for row in rows) == truth["grant"]["total_fen"]


@pytest.mark.parametrize("term", TERMS)
def test_everybody_is_awarded_the_tier_of_the_highest_category(year: Year, asked: Asked, term: str) -> None:
    truth = TRUTH["rounds"][term]
    rows = year.player.play("application", "list", "--scheme", "grant", "--period", truth["round"])
    people = asked.people([row["student"] for row in rows])
    assert {people[row["student"]]: (row["tier"], row["amount_fen"]) for row in rows} == {
        one["id"]: (one["tier"], one["fen_per_term"]) for one in truth["recorded"]
    }


def audited(term: str, *, known: bool) -> dict[str, dict[str, Any]]:
    """The truth's findings of money paid to somebody not enrolled, by identity number."""
    period = TRUTH["rounds"][term]["round"]
    rows = [row for row in AUDIT["findings"] if row["rule"] == "paid_while_not_enrolled" and row["term"] == period]
    return {row["id"]: row for row in rows if row["known_at_payment"] is known}


@pytest.mark.parametrize("term", TERMS)
def test_whom_the_school_knows_to_have_left_is_left_out_of_the_batch(year: Year, asked: Asked, term: str) -> None:
    left_out = year.prepared[term]["excluded"]
    people = asked.people([row["student"] for row in left_out])
    found = {people[row["student"]]: row["code"] for row in left_out if row["code"] != "account_missing"}
    assert found == dict.fromkeys(audited(term, known=True), "paid_while_not_enrolled")


@pytest.mark.parametrize("term", TERMS)
def test_whoever_gave_no_account_is_left_out_with_that_reason(year: Year, asked: Asked, term: str) -> None:
    without = {one["id"] for one in TRUTH["rounds"][term]["recorded"] if one["account"] is None}
    left_out = [row["student"] for row in year.prepared[term]["excluded"] if row["code"] == "account_missing"]
    assert set(asked.people(left_out).values()) == without - set(audited(term, known=True))


@pytest.mark.parametrize("term", TERMS)
def test_the_batch_holds_everybody_else_with_their_amounts(year: Year, asked: Asked, term: str) -> None:
    out = set(asked.people([row["student"] for row in year.prepared[term]["excluded"]]).values())
    rows = [one for one in TRUTH["rounds"][term]["recorded"] if one["id"] not in out]
    told = year.prepared[term]
    assert (told["payments"], told["amount_fen"]) == (len(rows), sum(one["fen_per_term"] for one in rows))


@pytest.mark.parametrize("term", TERMS)
def test_the_bank_pays_the_batch_to_the_recorded_accounts(year: Year, asked: Asked, term: str) -> None:
    told, prepared = year.answered[term], year.prepared[term]
    assert (told["paid"], told["failed"], told["pending"]) == (prepared["payments"], 0, 0)
    assert told["amount_fen"] == prepared["amount_fen"]
    paid = year.player.play("payment", "list", "--batch", f"batch-{term}", "--stand", "paid")
    people = asked.people([row["student"] for row in paid])
    amounts = {one["id"]: one["fen_per_term"] for one in TRUTH["rounds"][term]["recorded"]}
    assert {people[row["student"]]: row["amount_fen"] for row in paid}.items() <= amounts.items()
    assert {row["paid_on"] for row in paid} == {AUDIT["pay_dates"][term]}
    accounts = {one["account"] for one in TRUTH["rounds"][term]["recorded"]}
    sent = (year.folder / "exports" / f"代发-batch-{term}.csv").read_text(encoding="gb18030").splitlines()
    assert {line.split(",")[1] for line in sent[1:-1]} <= accounts


@pytest.mark.parametrize("term", TERMS)
def test_each_fund_holds_what_was_not_paid(year: Year, term: str) -> None:
    (row,) = [row for row in year.player.play("fund", "balances") if row["fund"] == f"fund-{term}"]
    total, paid = TRUTH["rounds"][term]["grant"]["total_fen"], year.answered[term]["amount_fen"]
    names = ("received_fen", "available_fen", "reserved_fen", "paid_fen", "returned_fen")
    assert tuple(row[name] for name in names) == (total, total - paid, 0, paid, 0)


def test_money_paid_to_somebody_gone_is_found_once_the_school_learns_of_it(year: Year, asked: Asked) -> None:
    found = year.player.play("findings", "--rule", "paid_while_not_enrolled")
    people = asked.people([row["subject"] for row in found])
    names = ("amount_fen", "status", "effective_on", "known_at_payment")
    told = {(people[row["subject"]], row["payment"].split("/")[3]): {name: row[name] for name in names} for row in found}
    wanted = {
        (number, row["term"]): {name: row[name] for name in names}
        for term in TERMS
        for number, row in audited(term, known=False).items()
    }
    assert told == wanted
    truth = [row for row in AUDIT["findings"] if row["rule"] == "paid_while_not_enrolled"]
    left_out = sum(1 for term in TERMS for row in year.prepared[term]["excluded"] if row["code"] == "paid_while_not_enrolled")
    assert len(told) + left_out == len(truth) == AUDIT["counts"]["paid_while_not_enrolled"]


@pytest.mark.parametrize("term", TERMS)
def test_on_the_pay_date_nobody_could_have_known_better(year: Year, term: str) -> None:
    day = TRUTH["rounds"][term]["pay_date"]
    found = year.player.play("findings", "--rule", "paid_while_not_enrolled", "--on", day, "--known-at", day)
    assert [row for row in found if TRUTH["rounds"][term]["round"] in row["payment"]] == []


def test_a_refused_row_is_remembered_with_the_person_it_named(asked: Asked) -> None:
    wanted = {
        (Path(row["refused_row"]["file"]).name, row["term"], row["refused_row"]["row"]): row["name"]
        for row in AUDIT["findings"]
        if row["rule"] == "eligible_but_unpaid" and row["refused_row"]
    }
    boxes = {
        (fact.file, fact.context, row.row): row.person
        for _stream, fact in asked.facts
        if isinstance(fact, FileImported)
        for row in fact.refused
        if row.person is not None
    }
    named = {place: asked.session.vault.open_box(boxes[place])["name"] for place in wanted}
    assert named == wanted


def test_the_same_file_again_records_nothing(year: Year) -> None:
    before = year.player.size()
    path = INPUT / "fuxin-2020" / "autumn" / "师范系.xlsx"
    words = ["survey", "import", str(path), "--round", "2020-autumn", "--accept-valid"]
    said = year.player.run(*words, actor="surveyor", at="2021-01-04T09:00:00")
    assert (year.player.size(), said.refused) == (before, "round_closed")


def test_nothing_the_year_recorded_names_the_scheme_otherwise(asked: Asked) -> None:
    topics = [json.loads(fact.model_dump_json()).get("scheme") for _stream, fact in asked.facts]
    assert {scheme for scheme in topics if scheme} == {GRANT}

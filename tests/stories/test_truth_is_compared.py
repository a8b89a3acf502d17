"""Whatever a data set's truth.json says is compared by some test, and this page says by which; a new key has to find its place here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mingzhang.domain.duty.owed import span_of
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.plan.vocabulary import Plan, read_plan
from tests.conftest import TRUTHS
from tests.stories.taian_actions import REPORTS

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent
ABOUT = {"dataset", "seed", "scale", "of", "year", "period"}
"""What a truth says about itself and not about its rows."""
OWN = "stories/test_truth_is_compared.py"
COMPARED: dict[str, dict[str, str]] = {
    "audit": {
        "pay_dates": "audit/conftest.py",
        "counts": "audit/test_truth.py",
        "findings": "audit/test_truth.py",
    },
    "fuxin-2020": {
        "scheme": OWN,
        "rounds": "stories/test_fuxin_2020.py",
        "rounds.round": "stories/test_fuxin_2020.py",
        "rounds.pay_date": "stories/fuxin_2020.py",
        "rounds.files": "stories/test_fuxin_2020.py",
        "rounds.stages": "stories/test_fuxin_2020.py",
        "rounds.corrections": "stories/test_fuxin_2020.py",
        "rounds.grant": "stories/test_fuxin_2020.py",
        "rounds.recorded": "stories/test_fuxin_2020.py",
        "registers": "workbooks/test_registers.py",
        "status_changes": "workbooks/test_registers.py",
    },
    "funan-2020": {
        "scheme": OWN,
        "files": "stories/test_funan_2020.py",
        "programmes": "stories/test_funan_2020.py",
        "eligible_for_p1_and_p4": "stories/test_funan_2020.py",
        "wrong_programme": "stories/test_funan_2020.py",
        "documents_missing": "stories/test_funan_2020.py",
        "shared_accounts": "stories/test_findings.py",
    },
    "sunan-2022": {
        "scheme": OWN,
        "files": "stories/test_sunan_2022.py",
        "students": "stories/test_sunan_2022.py",
        "name_mismatches": "stories/test_sunan_2022.py",
        "on_several_lists": "stories/test_sunan_2022.py",
        "household_elsewhere": "stories/test_sunan_2022.py",
        "totals": "stories/test_sunan_2022.py",
    },
    "tutoring-2023": {
        "term": "stories/test_hunan_tutoring.py",
        "files": "stories/test_hunan_tutoring.py",
        "failing_courses": "stories/test_hunan_tutoring.py",
        "passed_after_all": "stories/test_hunan_tutoring.py",
        "courses_without_tutor": "stories/test_hunan_tutoring.py",
        "students_without_any_tutor": "stories/test_hunan_tutoring.py",
        "tutors": "stories/test_hunan_tutoring.py",
        "tutors_missing_checks": "stories/test_hunan_tutoring.py",
        "weeks_without_duty": "stories/test_hunan_tutoring.py",
    },
    "pairing-liaoning": {
        "months": "stories/test_liaoning_pairing.py",
        "quarters": OWN,
        "files": "stories/test_liaoning_pairing.py",
        "totals": "stories/test_liaoning_pairing.py",
        "departments_breaking_ratio": "stories/test_liaoning_pairing.py",
        "recorded_late": "stories/test_findings.py",
        "copied_text": "stories/test_findings.py",
        "impossible_days": "stories/test_findings.py",
        "pairings": "stories/test_liaoning_pairing.py",
    },
    "actions-taian": {
        "rules": OWN,
        "progress": "stories/taian_actions.py",
        "progress.indicators": "stories/test_city_education.py",
        "progress.reports": "stories/test_taian_actions.py",
        "progress.met_at_year_end": "stories/test_city_education.py",
        "progress.targets": "stories/taian_actions.py",
        "progress.missing": "stories/test_taian_actions.py",
        "progress.late": "stories/test_taian_actions.py",
        "progress.decreasing": "stories/test_taian_actions.py",
        "dropouts": "stories/test_schools.py",
        "dropouts.cases": "stories/test_schools.py",
        "dropouts.open": "stories/test_schools.py",
        "dropouts.returned_but_not_closed": "stories/test_schools.py",
        "dropouts.closed_without_return": "stories/test_schools.py",
        "dropouts.never_visited": "stories/test_schools.py",
        "dropouts.team_incomplete": "stories/test_schools.py",
        "dropouts.rates_by_county": "stories/test_schools.py",
        "dropouts.rates_city": "stories/test_schools.py",
        "school_pairs": "stories/test_schools.py",
        "school_pairs.pairs": "stories/test_schools.py",
        "school_pairs.lacking": "stories/test_schools.py",
        "school_pairs.paired_after_april": "stories/test_schools.py",
    },
}
"""By data set and key the file whose test compares it; `a.b`: a key within."""


def truth(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((TRUTHS / name / "truth.json").read_text(encoding="utf-8"))
    return found


def plan(code: str) -> Plan:
    return read_plan(bundled_text(code))


@pytest.mark.parametrize("name", sorted(path.parent.name for path in TRUTHS.glob("*/truth.json")))
def test_every_key_of_a_truth_is_compared_where_this_page_says(name: str) -> None:
    said, listed = truth(name), COMPARED[name]
    assert set(said) - ABOUT == {key for key in listed if "." not in key}
    for key in {key.partition(".")[0] for key in listed if "." in key}:
        within = said[key]["spring"] if key == "rounds" else said[key]
        assert set(within) == {one.partition(".")[2] for one in listed if one.startswith(f"{key}.")}
    for key, file in listed.items():
        named = (TESTS / file).read_text(encoding="utf-8").count(f'"{key.rpartition(".")[2]}"')
        assert named > (file == OWN and "." not in key), (key, file)  # this page names every key itself


def test_the_tiers_of_the_college_are_the_truths() -> None:
    grant = plan("fuxin-2020").scheme("grant")
    told = [(tier.code, list(tier.categories) if tier.categories else None, tier.fen_per_year) for tier in grant.tiers]
    wanted = truth("fuxin-2020")["scheme"]["tiers"]
    assert told == [(tier["tier"], tier["categories"], tier["yuan_per_year"] * 100) for tier in wanted]
    assert [grant.fen_per_period(tier, "2020-spring") for tier in grant.tiers] == [tier["fen_per_term"] for tier in wanted]


def test_when_reports_on_progress_are_due_is_the_truths() -> None:
    wanted = truth("actions-taian")["rules"]["report_due_days_after_period"]
    for code in ("taian-actions", "city-education"):
        told = {report.name: report.within_days for report in plan(code).reports}
        assert told == {name: wanted[name] for name in told} and told
    assert set(REPORTS) == set(wanted)


def test_a_quarter_of_the_ledger_is_made_of_the_truths_months() -> None:
    for name, months in truth("pairing-liaoning")["quarters"].items():
        quarter = span_of(f"{name[:4]}-{name[4:]}")
        assert (quarter.first, quarter.last) == (span_of(months[0]).first, span_of(months[-1]).last) and len(months) == 3


def test_the_amounts_of_the_freshmen_are_the_truths() -> None:
    amounts = truth("sunan-2022")["scheme"]["amounts_fen"]
    [scheme] = plan("sunan-2022").schemes
    assert {tier.fen_per_year for tier in scheme.tiers} == set(amounts.values())


def test_the_amounts_of_the_county_are_the_truths() -> None:
    said, found = truth("funan-2020")["scheme"], plan("funan-2020")
    of = {scheme.code: {tier.fen_per_year for tier in scheme.tiers} for scheme in found.schemes}
    assert of["county-grant"] == {said["P1"]["fen"]} and of["yulu"] == {said["P5"]["fen"]}
    assert of["freshmen"] == {said["P4"]["fen_in_province"], said["P4"]["fen_outside"]}

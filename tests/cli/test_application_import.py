"""`application import`, `check`, `except` and `award refuse --ineligible`: rows with their places, each person once, reasons said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mingzhang.domain.aid.facts import FormRecorded
from tests.stories.forms import Opened
from tests.stories.player import Player, Said
from tests.workbooks.made_up import number_of, write_csv, write_xlsx

HEAD = ["姓名", "身份证号", "学校", "学段", "年级", "户主", "一卡通账号", "申请日期", "申请金额", "材料"]
ABOUT = ["--scheme", "county-grant", "--period", "2020-2021"]
YULU = ["--scheme", "yulu", "--period", "2020-2021"]
DOCUMENTS = "申请表、户口簿复印件、身份证复印件、学生证复印件、一卡通存折复印件"
ACCOUNT = "6299000000000007"


def row(person: int, **changed: str) -> list[object]:
    cells = [f"测试{person}", number_of(person), "测试大学", "本科", "2020级", f"户主{person}", ACCOUNT, "2020-08-10", "3000", DOCUMENTS]
    return list((dict(zip(HEAD, cells, strict=True)) | changed).values())


class Office:
    """A county on plan S6, and a folder for its files; every command comes a minute after the one before."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.player, self.minute = folder, Player(folder / "ledger"), 0

    def run(self, actor: str, *words: object) -> Said:
        self.minute += 1
        at = f"2020-09-01T{8 + self.minute // 60:02}:{self.minute % 60:02}:00"
        return self.player.run(*map(str, words), actor=actor, at=at)

    def done(self, actor: str, *words: object) -> Any:
        said = self.run(actor, *words)
        assert said.code in (0, 3), said.document
        return said.document

    def take(self, *rows: list[object], head: list[str] = HEAD, name: str = "in.csv", more: tuple[str, ...] = ("--unit", "新村镇")) -> Said:
        return self.run("applicant-clerk", "application", "import", write_csv(self.folder / name, [head, *rows]), *ABOUT, *more)

    def forms(self) -> list[FormRecorded]:
        opened = Opened(self.player, [])
        facts = [fact for _stream, fact in opened.facts if isinstance(fact, FormRecorded)]
        opened.close()
        return facts

    def compare(self, *people: int, about: list[str]) -> None:
        """A list of these people arrives, and the applications are compared with it."""
        rows = [[f"测试{person}", number_of(person), "继续享受"] for person in people]
        listed = write_csv(self.folder / "名单.csv", [["姓名", "身份证号", "享受政策"], *rows])
        self.done("clerk", "crosscheck", "import", listed, "--kind", "建档立卡", "--on", "2020-07-31")
        self.done("clerk", "crosscheck", "compare", *about)


@pytest.fixture(scope="session")
def _county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    Office(folder).done("administrator", "init", "--rehearsal", "--plan", "funan-2020")
    return folder


@pytest.fixture
def office(_county: Path, tmp_path: Path) -> Office:
    import shutil

    shutil.copytree(_county / "ledger", tmp_path / "ledger")
    made = Office(tmp_path)
    made.minute = 1
    return made


def refusals(said: Said) -> list[tuple[int, str | None, str]]:
    return [(one["row"], one["column"], one["code"]) for one in said.document["files"][0]["refused"]]


VILLAGE = [*HEAD, "村"]


def test_a_village_is_looked_for_below_the_township_given(office: Office) -> None:
    said = office.take([*row(1), "张楼村"], head=VILLAGE)
    assert (said.code, said.document["recorded"]) == (0, 1)
    (fact,) = office.forms()
    assert (fact.unit, fact.stage, fact.asked_fen, fact.account_given) == ("xincun-zhanglou", "本科", 300_000, True)


def test_the_township_of_the_row_goes_before_everything(office: Office) -> None:
    said = office.take([*row(1), "张楼村", "中岗镇"], head=[*VILLAGE, "乡镇"], more=())
    assert said.code == 0 and office.forms()[0].unit == "zhonggang-zhanglou"


def test_a_sheet_named_after_a_village_says_where_its_rows_belong(office: Office) -> None:
    file = write_xlsx(office.folder / "in.xlsx", [HEAD, row(1)], sheets=["刘寨村"])
    office.done("applicant-clerk", "application", "import", file, *ABOUT, "--unit", "新村镇")
    assert office.forms()[0].unit == "xincun-liuzhai"


def test_a_row_that_names_no_place_belongs_to_the_unit_given(office: Office) -> None:
    assert office.take(row(1)).code == 0 and office.forms()[0].unit == "xincun"


@pytest.mark.parametrize(
    ("place", "more", "column", "code"),
    [
        ("不存在村", ("--unit", "新村镇"), "村", "unit_unknown"),
        ("李庄村", ("--unit", "新村镇"), "村", "unit_unknown"),
        ("张楼村", (), "村", "unit_ambiguous"),
        ("", (), "村", "unit_unknown"),
    ],
)
def test_a_place_that_is_unknown_or_not_the_only_one_refuses_its_row(
    office: Office, place: str, more: tuple[str, ...], column: str, code: str
) -> None:
    said = office.take([*row(1), place], head=VILLAGE, more=more)
    assert (said.code, said.document["recorded"], refusals(said)) == (3, 0, [(2, column, code)])


def test_a_village_name_of_two_townships_is_no_unit_to_give(office: Office) -> None:
    said = office.take(row(1), more=("--unit", "张楼村"))
    assert (said.refused, said.document["context"]["units"]) == ("unit_ambiguous", ["xincun-zhanglou", "zhonggang-zhanglou"])


def test_with_a_refused_row_nothing_is_recorded_unless_the_valid_ones_are_accepted(office: Office) -> None:
    bad = row(2, 身份证号=number_of(2)[:-1] + ("1" if number_of(2)[-1] != "1" else "2"))
    said = office.take(row(1), bad)
    assert (said.code, said.document["recorded"], refusals(said)) == (3, 0, [(3, "身份证号", "id_check_digit")])
    accepted = office.take(row(1), bad, more=("--unit", "新村镇", "--accept-valid"))
    assert (accepted.code, accepted.document["recorded"]) == (3, 1)
    assert Path(accepted.document["files"][0]["copy"]).exists()


def test_a_dry_run_records_nothing(office: Office) -> None:
    size = office.player.size()
    said = office.take(row(1), more=("--unit", "新村镇", "--dry-run"))
    assert (said.code, said.document["recorded"], said.document["files"][0]["accepted"], office.player.size()) == (0, 0, 1, size)


def test_the_same_person_in_a_later_file_is_reported_with_the_first_place(office: Office) -> None:
    office.take(row(1), name="first.csv")
    said = office.take(row(2), row(1), name="second.csv")
    assert (said.code, said.document["recorded"]) == (0, 1)
    (again,) = said.document["files"][0]["duplicates"]
    assert (again["row"], again["code"], again["first_file"], again["first_row"]) == (3, "already_applied", "first.csv", 2)


def test_the_same_person_twice_in_one_file_is_refused_at_the_later_row(office: Office) -> None:
    assert refusals(office.take(row(1), row(1))) == [(3, None, "row_repeated")]


def test_one_person_may_apply_for_two_programmes(office: Office) -> None:
    office.take(row(1))
    file = write_csv(office.folder / "yulu.csv", [HEAD, row(1, 学段="专科")])
    assert office.done("applicant-clerk", "application", "import", file, *YULU, "--unit", "新村镇")["recorded"] == 1


def test_a_survey_scheme_takes_no_forms(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.done("administrator", "init", "--rehearsal", "--plan", "fuxin-2020")
    file = write_csv(tmp_path / "in.csv", [HEAD, row(1)])
    words = ["application", "import", file, "--scheme", "grant", "--period", "2020-spring", "--unit", "college"]
    assert office.run("applicant-clerk", *words).refused == "basis_differs"


def test_nobody_without_the_role_takes_forms_in(office: Office) -> None:
    file = write_csv(office.folder / "in.csv", [HEAD, row(1)])
    assert office.run("cashier", "application", "import", file, *ABOUT, "--unit", "新村镇").refused == "role_missing"


def test_a_household_is_one_head_in_one_village_and_its_card_is_in_that_name(office: Office) -> None:
    head = VILLAGE
    people = [(1, "户主甲", "张楼村"), (2, "户主甲", "张楼村"), (3, "户主甲", "刘寨村"), (4, "户主乙", "张楼村")]
    office.take(*([*row(person, 户主=holder), village] for person, holder, village in people), head=head)
    first, second, third, fourth = (fact.household for fact in office.forms())
    assert first == second and len({first, third, fourth}) == 3 and "户主" not in str(first)
    opened = Opened(office.player, [])
    box = opened.session.vault.open_box(office.forms()[0].person)
    opened.close()
    assert (box["account"], box["account_name"], box["name"]) == (ACCOUNT, "户主甲", "测试1")


def test_a_check_names_what_is_missing_and_puts_what_was_handed_in_on_record(office: Office) -> None:
    office.take(row(1, 材料="申请表、户口簿复印件、身份证复印件、一卡通存折复印件"), row(2))
    said = office.done("applicant-clerk", "application", "check", *ABOUT)
    (lacking,) = said["documents_missing"]
    assert (said["checked"], said["not_compared"], lacking["missing"]) == (2, 2, ["学生证复印件/录取通知书复印件"])
    handed = ["application", "check", lacking["application"], "--document", "录取通知书复印件"]
    assert office.done("applicant-clerk", *handed)["documents_missing"] == []


def test_documents_are_somebodys(office: Office) -> None:
    assert office.run("applicant-clerk", "application", "check", *ABOUT, "--document", "申请表").code == 2


def test_a_check_says_why_somebody_is_not_eligible_and_where_they_might_belong(office: Office) -> None:
    office.take(row(1), row(2, 学段="专科"), row(3), row(4, 申请日期="2020-07-31"))
    office.compare(1, 2, 4, about=ABOUT)
    said = office.done("applicant-clerk", "application", "check", *ABOUT)
    told = {one["code"]: one for one in said["ineligible"]}
    assert (said["eligible"], set(told)) == (1, {"stage_not_covered", "not_on_list", "outside_window"})
    assert {"yulu", "national-grant"} <= set(told["stage_not_covered"]["other_schemes"])
    assert "2020-07-31" in told["outside_window"]["message"]


def test_everybody_who_is_not_eligible_is_refused_with_their_own_reason(office: Office) -> None:
    office.take(row(1), row(2, 学段="专科"), row(3))
    waiting = office.done("approver", "award", "refuse", "--ineligible", *ABOUT)
    assert (waiting["done"], waiting["not_compared"]) == (1, 2)
    office.compare(1, about=ABOUT)
    said = office.done("approver", "award", "refuse", "--ineligible", *ABOUT)
    assert (said["done"], said["by_code"], said["eligible"]) == (1, {"not_on_list": 1}, 1)
    assert office.run("approver", "award", "refuse", "--ineligible", *ABOUT, "--reason", "理由").code == 2


def test_the_leading_group_admits_whom_the_comparison_did_not_find(office: Office) -> None:
    file = write_csv(office.folder / "yulu.csv", [HEAD, row(1, 学段="中职"), row(2, 学段="中职")])
    office.done("applicant-clerk", "application", "import", file, *YULU, "--unit", "新村镇")
    office.compare(1, about=YULU)
    listed = {one["next_step"]: one["application"] for one in office.done("clerk", "application", "list", *YULU)}
    assert set(listed) == {"村公示", "自动比对"}
    said = office.run("approver", "application", "except", listed["村公示"], "--reason", "经核实")
    assert said.refused == "exception_not_needed"
    assert office.done("approver", "application", "except", listed["自动比对"], "--reason", "经核实")["done"] == 1
    shown = office.done("clerk", "application", "show", listed["自动比对"])
    assert (shown["next_step"], shown["form"]["stage"]) == ("村公示", "中职")


def test_a_review_in_bulk_passes_whom_it_can_and_names_the_others(office: Office) -> None:
    office.take(row(1), row(2, 学段="专科"), row(3, 材料="申请表"))
    office.compare(1, 2, 3, about=ABOUT)
    said = office.run("reviewer", "application", "review", *ABOUT)
    assert (said.code, said.document["done"]) == (3, 1)
    assert {one["code"] for one in said.document["refused"]} == {"stage_not_covered", "documents_missing"}
    again = office.done("second-reviewer", "application", "review", *ABOUT)
    assert (again["done"], again["refused"], again["other_step"]) == (0, [], 3)


def test_a_returned_form_is_handed_in_anew(office: Office) -> None:
    office.take(row(1, 学段="专科"), name="first.csv")
    (case,) = office.done("clerk", "application", "list", *ABOUT)
    office.done("reviewer", "application", "return", case["application"], "--reason", "学段有误")
    assert office.take(row(1), name="second.csv").document["recorded"] == 1
    (anew,) = office.done("clerk", "application", "list", *ABOUT)
    assert (anew["stand"], anew["next_step"]) == ("submitted", "村审核")


def test_an_award_is_suspended_and_resumed(office: Office) -> None:
    assert office.run("approver", "award", "suspend", "funan-2020.yulu/s-1/2020-2021", "--reason", "核实").refused == "application_unknown"
    assert office.run("approver", "award", "resume").code == 2

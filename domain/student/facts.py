"""What can happen to a student's file; names, numbers, addresses and all free text are sealed under the student's own key."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, get_args

from ..facts import Fact
from ..sealed import Sealed

Enrolment = Literal["在读", "休学", "退学", "转学", "毕业", "死亡", "复学"]


class StudentRegistered(Fact):
    """A file is opened. `source` says by what: the school's register, or a survey that named somebody no register knew."""

    topic = "student.registered"
    source: Literal["register", "survey", "list"]
    unit: str
    stage: str | None = None
    person: Sealed


class IdentityMerged(Fact):
    """Two files turned out to be one person: `other` is answered for by this one from now on."""

    topic = "student.identity_merged"
    other: str
    reason: Sealed


class IdentityMergedInto(Fact):
    """The other half of a merge, in the stream of the file given up."""

    topic = "student.identity_merged_into"
    survivor: str


class IdentitySplit(Fact):
    """A merge was wrong: `other` stands alone again."""

    topic = "student.identity_split"
    other: str
    corrects: str
    reason: Sealed


class DetailsCorrected(Fact):
    """Personal details as they are now (`person`: the changed fields only); `corrects` names the fact that had them wrong.
    account_in_own_name: of an account that is given, whether it is in the student's own name as it is written there."""

    topic = "student.details_corrected"
    schema_version = 2
    corrects: str
    fields: tuple[str, ...]
    account_in_own_name: bool | None = None
    person: Sealed

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """Nobody compared the account's name with the student's then."""
        state.setdefault("account_in_own_name", None)


SAID_WRONG: Literal["account_said_wrong"] = "account_said_wrong"
Doubtful = Literal["account_shared_by_several_students", "account_belongs_to_staff", "account_name_not_student", "account_said_wrong"]
DOUBTFUL: tuple[Doubtful, ...] = get_args(Doubtful)
"""Why an account may be doubtful: the names of the audit rules that find the same, and that a payment to it was stopped because of it."""


class AccountCleared(Fact):
    """Somebody has looked into a doubtful account and answers for paying to it, for the sealed reason.

    account: the fact whose box holds it; a newer fact is doubtful anew. others: the students who share it, or the staff whose it is, as
    they were known then; whoever joins them later is not cleared by this.
    """

    topic = "account.cleared"
    account: str
    code: Doubtful
    others: tuple[str, ...] = ()
    reason: Sealed


class AccountSaidWrong(Fact):
    """A payment to the account that the fact `account` holds was stopped because of it, for the sealed reason: nothing goes there until
    another account is recorded, or somebody answers for this one."""

    topic = "account.said_wrong"
    account: str
    reason: Sealed


class AccountDoubted(Fact):
    """A clearing (`corrects`) is taken back, for the sealed reason: the account is doubtful again."""

    topic = "account.doubted"
    account: str
    code: Doubtful
    corrects: str
    reason: Sealed


class HouseholdRecorded(Fact):
    """Which household the student belongs to; `person` seals its head (household_head) and what the student is to them (relation).
    corrects: what was recorded before."""

    topic = "student.household_recorded"
    household: str
    corrects: str | None = None
    person: Sealed


class EnrolmentChanged(Fact):
    """学籍异动. `registered_on` is when the school learned of it: a field, not the ledger's own recorded time."""

    topic = "student.enrolment_changed"
    status: Enrolment
    unit: str | None = None
    registered_on: str | None = None
    corrects: str | None = None
    note: Sealed | None = None


class CategoryDetermined(Fact):
    """认定: recognised as of these categories, at this level, by a round or by a decision of its own."""

    topic = "student.category_determined"
    categories: tuple[str, ...]
    level: str | None = None
    unit: str | None = None


class CategoryEnded(Fact):
    """脱贫, 退出, or no longer named by the round after."""

    topic = "student.category_ended"
    reason: Literal["lifted", "left", "not_in_round", "error"]


class PersonErased(Fact):
    """The person's key is destroyed after this fact; boxes stay, and so does every proof."""

    topic = "student.person_erased"
    reason: Literal["requested", "retention_ended", "recorded_in_error"]


class PersonRestricted(Fact):
    """Kept but not shown until the day, for one of three reasons."""

    topic = "student.person_restricted"
    until: date
    reason: Literal["requested", "retention_ended", "legal_hold"]


Layer = Literal["state-aid", "special-hardship", "society"]
LAYERS: tuple[Layer, ...] = ("state-aid", "special-hardship", "society")
"""三层兜底, in the order in which they hold."""


class CarePlanDrawnUp(Fact):
    """一生一策 for a period; drawn up anew, it takes the place of the one before. `person` seals the measures."""

    topic = "student.care_plan_drawn_up"
    period: str
    person: Sealed


class SafetyNetLayerApplied(Fact):
    """A layer was drawn on in the period: `helped` says whether it caught the student or was found not to apply. `person` seals what."""

    topic = "student.safety_net_layer_applied"
    period: str
    layer: Layer
    helped: bool
    person: Sealed


class InfoCardIssued(Fact):
    """动态信息卡 filled in for the period."""

    topic = "student.info_card_issued"
    period: str


class InfoCardFiled(Fact):
    """The card, copied and stamped, lies in the household's file; `evidence` is its scan."""

    topic = "student.info_card_filed"
    period: str

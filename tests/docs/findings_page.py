"""The page of all audit rules, made from the rules themselves: `python -m tests.docs.findings_page` writes it.

What a rule says is the docstring of its function, so that a rule cannot be added or changed without the page following; what it cites, how
grave it is and what it does not see stands here beside it.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import NamedTuple

from mingzhang.domain.plan.finding_rules import DAYS
from mingzhang.projections.findings import ABOUT_ACCOUNTS, RULES
from mingzhang.projections.findings.naming import KEYS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "concepts" / "findings.md"


class About(NamedTuple):
    """A rule in the words of an office. cites: the facts it points at; grave: when it is high, medium, low; unseen: what it passes by."""

    title: str
    cites: str
    grave: str
    unseen: str


_KNOWN = "high where it was known when the order left the house, else medium"
_BACK = "; low once all of it has come back"
RULES_SAID: dict[str, About] = {
    "paid_while_not_enrolled": About(
        "发放时不在籍", "the bank's answer, the change of enrolment", _KNOWN + _BACK,
        "Somebody of whom no register says anything counts as enrolled: the survey vouched for them.",
    ),
    "account_shared_by_several_students": About(
        "一户多人", "the payments, the facts that hold the account, those of the others", "high; low once somebody cleared the account",
        "Accounts of people who have been erased. Members of one household, where the scheme pays the head.",
    ),
    "account_belongs_to_staff": About(
        "进了教职工账户", "the payment, the fact that holds the account, the staff register", "high; low once somebody cleared it",
        "A member of staff whose account no register holds.",
    ),
    "account_name_not_student": About(
        "户名不是本人", "the payment, the fact that holds the account",
        "medium; low once somebody cleared it",
        "A student's own name written in another way is another name; whose the account is only the bank knows.",
    ),
    "duplicate_identity": About(
        "一人重复上报", "the entry, and the import or the other entry; for files merged later, the merge",
        "medium; low where nothing was paid",
        "One person under two numbers, until somebody merges the files. Rows repeated within one file are refused at import.",
    ),
    "eligible_but_unpaid": About(
        "应助未助", "the rows of the lists, the entry where there is one, the import that refused the row", _KNOWN,
        "Schemes for which one applies by a form. Whom no list and no survey names. A refused row with a wrong number is told once a"
        " comparison with the lists (`crosscheck compare`) has matched the name.",
    ),
    "paid_but_not_on_list": About(
        "名单上没有", "the payment, the entry, the list or its row", _KNOWN + _BACK,
        "Categories of which no list has come; lists as of a later day than the payment. What was paid on an entry withdrawn since:"
        " `difference list` has it.",
    ),
    "paid_more_than_award": About(
        "多发", "the last payment of each instalment, the award as it now stands", _KNOWN,
        "That it is asked back already is said (`clawback_raised`) and does not make it go away; the money coming in does.",
    ),
    "paid_twice_for_period": About(
        "重复享受", "the payments, the merge of the files", _KNOWN,
        "Schemes of different plans: no plan says whether they stack.",
    ),
    "paid_inside_notice": About(
        "公示期内发放", "the payment, the notice, its passing", "high" + _BACK,
        "Whether the list really hung where the notice says.",
    ),
    "paid_without_complete_trail": About(
        "链条不全", "the payment", "high",
        "What was rewritten so that the links still fit: that is found by `verify`.",
    ),
    "paid_late": About(
        "逾期发放", "the arrival, the day that was told, or the plan's version; the payments",
        "medium; low for what the bank had turned back in time",
        "Plans that set no day: of the bundled ones funan-2020 has a payment clause, fuxin-2020 a duty in each term whose day a higher"
        " office sets, and the others none. Such a day, until the office records it (`plan date`). Awards that were never paid: `due` and"
        " `gaps` have them.",
    ),
    "money_held_too_long": About(
        "资金滞留", "the arrival, the plan's version", "high while money is still here, medium once it is gone",
        "Plans whose payment clause gives no days after arrival.",
    ),
    "same_person_decided_twice": About(
        "一人经手两道", "both decisions, and what shows that two files or two staff are one",
        "medium where it was learned later, else high",
        "Two staff ids of one person that signed with different keys.",
    ),
    "decided_on_own_family": About(
        "未回避", "the declaration, the decisions", "high where it was declared before, else medium",
        "Family that nobody has declared.",
    ),
    "evidence_missing": About(
        "佐证缺失", "the notice, or all facts that name the document", "medium for a photo, low for a document",
        "What a photo shows. Documents erased lawfully.",
    ),
    "contact_recorded_late": About(
        "帮扶补记", "the contact", "low",
        "Contacts nobody wrote down; contacts without a day of writing.",
    ),
    "contact_text_copied": About(
        "帮扶记录雷同", "the contacts", "medium",
        "Texts changed by a single character: compared is a keyed digest, since the text is sealed.",
    ),
    "contact_schedule_impossible": About(
        "一日走访过多", "the contacts", "medium",
        "Fewer visits than the plan's figure, however far apart the villages lie.",
    ),
    "backdated_entry": About(
        "倒填日期", "the fact, the payment that went out on it", "high for a notice or an enrolment, medium for an award, an entry or a"
        " recognition, low otherwise",
        "A fact dated back by fewer days than the figure. What was backdated before it came into the ledger.",
    ),
}

_HEAD = """# Audit findings (审计发现)

Made by `python -m tests.docs.findings_page` from the rules themselves.

`mingzhang findings` asks the whole ledger what an auditor would ask. Each rule is a small function from what is on record to
findings; nothing of it is stored, so it can be asked as of any day and as known at any time, and the same question at the same
log size gives the same answer.

```console
$ mingzhang findings --open
$ mingzhang findings --rule paid_but_not_on_list --on 2020-12-31
```

Each finding cites the events that show it (`mingzhang trace` and `mingzhang prove` take them), the amount at stake, and
`known_at_payment`: whether what speaks against the payment was on record before the order left the house. What was known when a
batch is prepared does not become a finding: `payment prepare` leaves the payment out, with the rule's name as its code.
Doubtful accounts are held until somebody clears them with a reason (`account clear`); a cleared one stays a finding, less grave.

## Answers (答复)

A finding is answered by somebody of the office: explained (说明), corrected (整改) or referred on (移送). The answer is a fact
(`finding.answered`) with a sealed text and documents, given by an administrator, clerk, treasurer, approver or inspector, who has
to cover every unit that the finding concerns, or all of the plan where it concerns none (a fund); nobody answers for what they are
found to have done themselves (`answers_for_oneself`).

```console
$ mingzhang --as clerk finding answer finding-7KQ2M4AB9CDE --as-explained --text 退学证明系银行处理后送达
$ mingzhang --as inspector finding show finding-7KQ2M4AB9CDE --reveal
```

An answered finding stays, as answered: it goes only when the facts no longer show it (an award put right, what was
paid too much come back); its number then says when it was answered, and how to see it as it was. Where somebody should not have been
paid at all it stays, and only what has not come back is at stake.
A further answer takes the place of the one before; both stay on record. These findings are the rules' own; what an inspection
raises (`inspection finding`) is answered there.

## The number of a finding

`finding-` and twelve letters and digits: the first 60 bits of SHA-256 over the compact JSON of the rule and of what makes it this
finding ("named by" below), in five-bit steps, letters `23456789ABCDEFGHJKLMNPQRSTUVWXYZ`. It stays the same whatever else is learned, and
nothing can be read off it.

Two rules name a person by all of their files (`eligible_but_unpaid`, `decided_on_own_family`). When a file is merged into another, the
number becomes that of the file that answers from then on; the earlier one stands beside it (`also`), finds it as before, and every
answer given under it stays. When the two are split again, each has its own number and answers, and what was answered while they were
one person's belongs to both. A pair of survey entries, or of decisions, keeps its number when a third file turns up.

## Rules are the plan's (方案停用或改定)

A plan may do without a rule, or set its figure, for some days, and only by a clause. The version in force on the day of the fact
decides; a finding about no plan is left out only where every plan does without its rule.

```toml
[[findings]]
rule = "contact_recorded_late"
off = true
from = 2020-02-01
until = 2020-04-30
clause = "epidemic"

[[findings]]
rule = "backdated_entry"
days = 10
clause = "records"
```

`mingzhang findings` says which rules a plan does without, by which clause, and how many findings that leaves out; `--all` shows them.

### Laid down afterwards (事后改定)

An amendment may decide from an earlier day on. What had happened before it was recorded, and stood on record by then, it does not
silence: nobody makes a finding vanish by amending. Such a finding stays open or answered as it was, and `switched_late` names the
version that would have it left out; an office that has a reason answers it with that. What came on record later the version does
leave out (books taken over, an epidemic's rules laid down before the contacts were written up), and so whatever happened after the
day of recording. A finding was on record as soon as one of the facts that it cites was: to amend first and write down the
withdrawal afterwards hides nothing. The same holds of figures; a smaller figure, or a rule applied again, counts at once.

Below the findings it is said by which event, from which day, recorded when and by whom, and how many findings stay though
it is laid down; `--with-reasons` adds the reason that was given (which needs the role, and is recorded). An amendment of anything
else that was recorded after its first day is named as well, with the log size before it: `mingzhang findings --known-at SIZE`
judges by the amounts and deadlines that were laid down then. So is a repeal recorded after its first day (for the days between the
plan says nothing any more), and a day told again (`plan date`) once the day told before had passed.

## How many (数目)

```console
$ mingzhang findings --totals
$ mingzhang findings --totals --unit 师范系
```

Of each severity and rule how many nobody has answered, how many somebody has, and the money in question, the gravest first.
`mingzhang status` has the same for today, and the cover of `mingzhang packet` for the packet's day and log size. `--unit` shows what
concerns a unit or those below it: the one that a payment was made for, else the one that keeps the student's file, has the pairing,
or hung the notice up; what concerns no unit (a fund) is counted below.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(_section(rule, about) for rule, about in RULES_SAID.items())])


def _section(rule: str, about: About) -> str:
    said = " ".join((inspect.getdoc(RULES[rule]) or "").split())
    lines = [f"## `{rule}` {about.title}", "", said, "", f"- cites: {about.cites}", f"- severity: {about.grave}"]
    lines += [f"- named by: {', '.join(KEYS[rule])}"]
    if rule in DAYS:
        lines += [f"- figure: {DAYS[rule]} days, unless the plan sets another"]
    if rule in ABOUT_ACCOUNTS:
        lines += ["- needs the keys: without them it is not looked at, and the answer says so"]
    return "\n".join([*lines, f"- does not see: {about.unseen}", ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

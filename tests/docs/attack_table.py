"""The table of attacks, made from their tests: `python -m tests.docs.attack_table` writes it into docs/concepts/tamper-evidence.md."""

from __future__ import annotations

from pathlib import Path

from tests.attacks.table import CASES, ON_THE_FILE, PAST_THE_PROGRAM, WITH_KEYS, Case

PAGE = Path(__file__).resolve().parents[2] / "docs" / "concepts" / "tamper-evidence.md"
BEGIN = "<!-- attacks: made by `python -m tests.docs.attack_table` from tests/attacks/table.py -->\n"
END = "<!-- end of attacks -->\n"
_NAMED = {
    "event": "the event",
    "from": "the part of the log it lies in",
    "end": "where the log ends now",
    "none": "–",
}
_HEAD = (
    "| attack | in the ledger's folder alone | with a checkpoint from outside | what is named |",
    "|---|---|---|---|",
)


def table() -> str:
    """Both halves, with their headings."""
    parts = []
    for heading, cases in (
        ("### By somebody who can write the file and holds no key", ON_THE_FILE),
        ("### By somebody who holds a key, or all of them, and by plain files", WITH_KEYS),
        ("### By members of staff with rights of their own who write past the program", PAST_THE_PROGRAM),
    ):
        parts.append("\n".join([heading, "", *_HEAD, *map(_line, cases)]))
    found = sum(bool(case.alone) for case in CASES)
    both = sum(bool(case.alone or case.more) for case in CASES)
    deep = sum(bool(case.alone or case.more or case.thorough) for case in CASES)
    said = (
        f"{len(CASES)} attacks; {found} are found in the ledger's folder alone, {both} with a checkpoint from outside, {deep} with "
        "`--thorough` as well."
    )
    return "\n\n".join([said, *parts]) + "\n"


def _line(case: Case) -> str:
    alone = _codes(case.alone) or (f"with `--thorough`: {_codes(case.thorough)}" if case.thorough else "**not found**")
    more = _codes(case.more) or ("as before" if case.alone or case.thorough else "**not found**")
    named = _NAMED[case.named] if case.alone or case.more or case.thorough else "–"
    return f"| {case.chinese} {case.english} | {alone} | {more} | {named} |"


def _codes(codes: tuple[str, ...]) -> str:
    return ", ".join(f"`{code}`" for code in codes)


def page(text: str) -> str:
    """The page with its table as the tests have it. ValueError where the page has no place for it."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page lost the marks of its table")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

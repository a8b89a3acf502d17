"""What is shown without `--reveal` lets people find themselves and lets nobody else work out who they are.

Numbers show three characters in front and two behind, fewer than is usual, for reasons given at each rule. A mask is
for reading; it is not anonymisation, and a masked list about children is still hung up only where the plan says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable


def mask_name(name: str) -> str:
    """张三 -> 张*, 欧阳修 -> 欧**, 阿依古丽·买买提 -> 阿***: the first character, then stars.

    A two-character surname is not kept whole: in one village it often names the family by itself. One star for each
    further character, three at most, because a long name is known by its length. A name of one character is all star.
    """
    letters = [letter for letter in name.strip() if not unicodedata.combining(letter) and letter not in "·•・ "]
    if len(letters) < 2:
        return "*" * len(letters)
    return letters[0] + "*" * min(len(letters) - 1, 3)


def mask_id(id_number: str) -> str:
    """ID or 学籍 number with its first three characters (province, first digit of the city) and last two.

    Not the usual first six and last four. Whoever reads a school's list knows county and year of birth already; with
    the last four shown as well, only the birthday is open and the check character leaves about 33 candidates, with
    the last two about 3,300. Besides, the last six digits are many systems' first password.
    """
    return _ends(id_number.strip(), front=3, back=2, shortest=15)


def mask_phone(phone: str) -> str:
    """138******34. The middle digits name the county, so the usual 138****1234 would leave some ten lines."""
    return _ends(phone.strip(), front=3, back=2, shortest=10)


def mask_account(account: str) -> str:
    """****1234: the last four digits, as banks print them on slips; length and issuing bank stay hidden.

    An account shorter than eight characters is all star, since four would be half of it.
    """
    plain = "".join(account.split())
    if not plain:
        return ""
    return "****" + plain[-4:] if len(plain) >= 8 else "****"


def mask_words(words: str, names: Iterable[str] = ()) -> str:
    """Running text of somebody else's, such as a bank's reason: `names` are masked in it, and every run of five digits or more."""
    for name in names:
        if len(name) > 1:
            words = words.replace(name, mask_name(name))
    return re.sub(r"[0-9]{5,}[Xx]?", lambda number: mask_account(number[0]), words)


def _ends(text: str, *, front: int, back: int, shortest: int) -> str:
    if len(text) < shortest:
        return "*" * len(text)
    return text[:front] + "*" * (len(text) - front - back) + text[-back:]

"""An id that somebody chooses stands in stream names and on command lines for good: letters, digits, Han characters, `.`, `_` and `-`."""

from __future__ import annotations

import re

from ..refusal import Refused

_USABLE = re.compile(r"[0-9A-Za-z\u3400-\u9fff][0-9A-Za-z\u3400-\u9fff._-]{0,63}")


def refuse_unusable(what: str, text: str) -> None:
    """Refuses (`id_unusable`) an id with a blank, a slash or another character that would end or split a stream's name."""
    if _USABLE.fullmatch(text) is None:
        raise Refused("id_unusable", what=what, id=text)

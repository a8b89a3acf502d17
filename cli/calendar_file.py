"""The list of deadlines as an .ics file (RFC 5545) that an office can subscribe to: whole days, no time zone, the same bytes for the same
question.

Lines end in CRLF and are folded at 75 octets without splitting a character; commas, semicolons, backslashes and line breaks of a text are
escaped. A UID stays when the day moves, so that a calendar moves the entry instead of showing two; DTSTAMP is when the newest fact known
to the answer was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_OCTETS = 75


@dataclass(frozen=True, slots=True)
class Entry:
    """One whole day. `key` is unique in the ledger and stays; `done` entries are shown as confirmed, the others as tentative."""

    key: str
    day: date
    title: str
    text: str = ""
    categories: tuple[str, ...] = ()
    done: bool = False


def calendar_file(entries: Iterable[Entry], *, name: str, ledger_id: str, stamp: datetime) -> bytes:
    """The file's bytes in UTF-8, entries in the order given. `name` is the calendar's own, `stamp` an instant with its zone."""
    instant = stamp.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//mingzhang//due//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        f"NAME:{escaped(name)}",
    ]
    for entry in entries:
        lines += _event(entry, ledger_id, instant)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode()


def _event(entry: Entry, ledger_id: str, instant: str) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(entry.key)}@{escaped(ledger_id)}",
        f"DTSTAMP:{instant}",
        f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(entry.title)}",
    ]
    if entry.text:
        lines.append(f"DESCRIPTION:{escaped(entry.text)}")
    if entry.categories:
        lines.append("CATEGORIES:" + ",".join(map(escaped, entry.categories)))
    # Nobody is busy the whole day because something is due on it.
    return [*lines, f"STATUS:{'CONFIRMED' if entry.done else 'TENTATIVE'}", "TRANSP:TRANSPARENT", "END:VEVENT"]


def escaped(text: str) -> str:
    """A text value: no control character stays in it."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(character for character in text if character == "\t" or (ord(character) >= 0x20 and ord(character) != 0x7F))


def folded(line: str) -> Iterator[str]:
    """The line in parts of at most 75 octets; every part but the first begins with a space, which counts."""
    part, room = "", _OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            yield part
            part, room = " ", _OCTETS - 1
        part += character
        room -= size
    yield part

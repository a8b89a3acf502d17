"""Everything a command prints goes through here: answers to stdout or to files, remarks to stderr."""

from .answer import emit_json, lines, remark, show, table, terminal_width, to_document
from .files import wants_file
from .parts import Answer, Table, Text
from .tables import Column
from .words import date_text, in_groups, instant_text, yuan

__all__ = [
    "Answer",
    "Column",
    "Table",
    "Text",
    "date_text",
    "emit_json",
    "in_groups",
    "instant_text",
    "lines",
    "remark",
    "show",
    "table",
    "terminal_width",
    "to_document",
    "wants_file",
    "yuan",
]

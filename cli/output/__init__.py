"""Everything a command prints goes through here: answers to stdout, remarks to stderr."""

from .answer import Answer, Table, Text, emit_json, lines, remark, show, table, terminal_width, to_document
from .tables import Column
from .words import date_text, instant_text, yuan

__all__ = [
    "Answer",
    "Column",
    "Table",
    "Text",
    "date_text",
    "emit_json",
    "instant_text",
    "lines",
    "remark",
    "show",
    "table",
    "terminal_width",
    "to_document",
    "yuan",
]

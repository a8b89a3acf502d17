"""No text marked for translation is overlooked: a mapping that matches too few files finds too few texts, silently."""

import ast

from tests.catalogue import extracted
from tests.packaging.checkout import python_files, syntax

MARKS = {"_", "ngettext", "N_"}


def marked_texts() -> set[str]:
    """Every literal text under cli/ that stands inside one of the marks, found without Babel."""
    return {
        node.args[0].value
        for path in python_files("cli")
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in MARKS
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_marked_text_of_the_command_line_is_extracted_for_translation() -> None:
    found = {text for message in extracted() for text in ([message.id] if isinstance(message.id, str) else message.id)}
    assert marked_texts() - {""} - found == set()
    assert len(marked_texts()) > 10

"""Every message has a Chinese translation, and the compiled catalogue is that of the committed text."""

from __future__ import annotations

from tests import catalogue


def test_no_message_lacks_a_translation() -> None:
    """Fill in what `python -m tests.catalogue missing` prints, and hand it to `python -m tests.catalogue add`."""
    assert [message.id for message in catalogue.untranslated(catalogue.merged())] == []


def test_the_committed_catalogue_holds_the_messages_of_the_code() -> None:
    """`python -m tests.catalogue update` brings it up to date."""
    ours = {str(message.id) for message in catalogue.extracted() if message.id}
    assert ours - {str(message.id) for message in catalogue.committed()} == set()


def test_no_translation_is_only_a_guess() -> None:
    assert [message.id for message in catalogue.committed() if message.id and message.fuzzy] == []


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    assert catalogue.MO.read_bytes() == catalogue.mo_bytes(catalogue.committed())


def test_a_translation_names_no_placeholder_its_message_does_not_have() -> None:
    assert catalogue.wrong_braces(catalogue.committed()) == []


def test_extraction_finds_messages_of_the_frame_of_the_tables_and_of_click() -> None:
    found = {message.id for message in catalogue.extracted()}
    assert {"The staff id you act as.", "There is no ledger at {ledger}.", "Usage:"} <= found

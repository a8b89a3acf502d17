"""Without keys a list comes out without names, and nothing else is pretended."""

from __future__ import annotations

import pytest

from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.vault import WithoutKeys

BOX = Sealed(subject="s-7KQ2M4PX0A", box="", commitment={})


def test_every_box_stays_shut() -> None:
    assert WithoutKeys().open_many([BOX, BOX]) == [None, None]


@pytest.mark.parametrize(
    "asked",
    [
        lambda vault: vault.need_key(),
        lambda vault: vault.open_box(BOX),
        lambda vault: vault.seal("s-7KQ2M4PX0A", {"name": "测试甲"}),
        lambda vault: vault.seal_many([]),
        lambda vault: vault.new_subject(),
        lambda vault: vault.subjects_for(["210902200205036574"]),
        lambda vault: vault.find("phone", "19900001234"),
        lambda vault: vault.add_tokens([("phone", "19900001234", "s-7KQ2M4PX0A")]),
        lambda vault: vault.digest("contact-text", "测试"),
        lambda vault: vault.disclose(BOX, "name"),
        lambda vault: vault.is_erased("s-7KQ2M4PX0A"),
        lambda vault: vault.erased(),
        lambda vault: vault.erase("s-7KQ2M4PX0A"),
    ],
)
def test_what_needs_a_key_is_refused(asked: object) -> None:
    with pytest.raises(Refused) as refused:
        asked(WithoutKeys())  # type: ignore[operator]
    assert refused.value.code == "keys_left_out"


def test_letting_go_of_nothing_is_no_error() -> None:
    WithoutKeys().close()

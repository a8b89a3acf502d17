"""The vault keeps what the events must not: each person's key, and the tokens by which a person is found.

Names are loaded when first used: masking a list should not wait for the ciphers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .masking import mask_account as mask_account
    from .masking import mask_id as mask_id
    from .masking import mask_name as mask_name
    from .masking import mask_phone as mask_phone
    from .masking import mask_words as mask_words
    from .master import load_master_key as load_master_key
    from .master import make_master_key as make_master_key
    from .tokens import Kind as Kind
    from .vault import Vault as Vault
    from .without_keys import WithoutKeys as WithoutKeys

_HOME = {
    "Kind": "tokens",
    "Vault": "vault",
    "WithoutKeys": "without_keys",
    "load_master_key": "master",
    "make_master_key": "master",
    "mask_account": "masking",
    "mask_id": "masking",
    "mask_name": "masking",
    "mask_phone": "masking",
    "mask_words": "masking",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("." + _HOME[name], __name__), name)

"""The log signs its checkpoints with a key of its own, which lies wrapped in the vault: whoever has the events alone cannot sign for them.

Its public half is said in the log itself (`ledger.key_enrolled`). It is made once and never made again: a vault restored from before it was
made has none, and says so.
"""

from __future__ import annotations

from ..refusal import Refused
from ..signing import SEED_BYTES, SeedSigner
from .vault import LOG_KEY, Vault


def make_log_key(vault: Vault) -> SeedSigner:
    """The log's Ed25519 key, made where there is none yet: for `upgrade`, since older vaults have none. Refused `vault_busy`,
    `vault_secret_damaged`."""
    return SeedSigner(vault.secrets.keep(LOG_KEY, SEED_BYTES))


def log_key(vault: Vault) -> SeedSigner:
    """The log's Ed25519 key. Refused `log_key_missing`, `vault_secret_damaged`, and `keys_left_out` where keys are left alone."""
    seed = vault.secrets.find(LOG_KEY)
    if seed is None:
        raise Refused("log_key_missing")
    return SeedSigner(seed)

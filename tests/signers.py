"""Signers for tests: everybody's key comes from their staff id, so that a test can say who signed without a file."""

from __future__ import annotations

import base64
import hashlib
from datetime import date

from mingzhang.domain.facts import Fact
from mingzhang.domain.signing import SeedSigner, Signer
from mingzhang.domain.staff import StaffKeyEnrolled


def signer_of(staff: str, number: int = 1) -> SeedSigner:
    """The `number`-th key of somebody."""
    return SeedSigner(hashlib.sha256(f"synthetic {staff} {number}".encode()).digest())


def public_text(signer: Signer) -> str:
    return base64.b64encode(signer.public_key).decode("ascii")


def enrolled(staff: str, on: date, number: int = 1, actor: str = "founder") -> tuple[str, Fact]:
    signer = signer_of(staff, number)
    fact = StaffKeyEnrolled(actor=actor, effective_on=on, public_key=public_text(signer), key=signer.key, issued_by="office")
    return f"staff/{staff}", fact


class Held:
    """Who has which key at hand: `held["wang"] = signer_of("wang")`. `asked`: for whom a key was asked for."""

    def __init__(self, *staff: str) -> None:
        self.signers: dict[str, Signer] = {one: signer_of(one) for one in staff}
        self.asked: list[str] = []

    def __call__(self, staff: str, wanted: str) -> Signer | None:
        self.asked.append(staff)
        return self.signers.get(staff)

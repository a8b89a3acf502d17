"""Ed25519 is checked by a tool that others keep: the package `cryptography` where Python has it, else the program `openssl`, else not.

A tool is believed only after it has accepted a signature that is known to be good and refused one that is not. A program called openssl
that lies in the current folder is never run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from typing import Callable

Verify = Callable[[bytes, bytes, bytes], bool]

# RFC 8032, 7.1, test 2
_KNOWN_KEY = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
_KNOWN_MESSAGE = b"\x72"
_KNOWN_SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)
_SPKI = bytes.fromhex("302a300506032b6570032100")  # what stands before the 32 bytes of a key in its DER form (RFC 8410)


class Tool:
    """Something that checks signatures; `name` is told, and empty where there is nothing."""

    def __init__(self, name: str, verify: Verify | None) -> None:
        self.name = name
        self._verify = verify

    def accepts(self, public_key: bytes, message: bytes, signature: bytes) -> bool | None:
        """Whether it is this key's signature over this message; None where that cannot be checked here."""
        if len(public_key) != 32 or len(signature) != 64:
            return False
        return None if self._verify is None else self._verify(public_key, message, signature)


def find_tool() -> Tool:
    """The first tool that passes its own test."""
    package = _of_the_package()
    if package is not None and _works(package):
        return Tool("cryptography", package)
    for program in _programs():
        verify = _by_openssl(program)
        if _works(verify):
            return Tool(program, verify)
    return Tool("", None)


def _works(verify: Verify) -> bool:
    try:
        return verify(_KNOWN_KEY, _KNOWN_MESSAGE, _KNOWN_SIGNATURE) and not verify(_KNOWN_KEY, b"\x73", _KNOWN_SIGNATURE)
    except Exception:  # whatever it fails of, it is of no use
        return False


def _of_the_package() -> Verify | None:
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except Exception:  # not there, or made for another Python
        return None

    def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    return verify


def _programs() -> list[str]:
    """openssl as the search path has it, but for what lies where we stand: Windows would look there first."""
    found: list[str] = []
    here = os.path.realpath(os.getcwd())
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if folder and os.path.isabs(folder) and os.path.realpath(folder) != here:
            program = shutil.which("openssl", path=folder)
            if program is not None and os.path.dirname(os.path.realpath(program)) != here and program not in found:
                found.append(program)
    return found


def _by_openssl(program: str) -> Verify:
    def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
        with tempfile.TemporaryDirectory() as folder:
            key, said, signed = (os.path.join(folder, name) for name in ("key.der", "message", "signature"))
            for path, content in ((key, _SPKI + public_key), (said, message), (signed, signature)):
                with open(path, "wb") as file:
                    file.write(content)
            command = [program, "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", key, "-rawin", "-in", said, "-sigfile", signed]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        return done.returncode == 0

    return verify

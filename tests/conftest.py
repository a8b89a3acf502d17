"""Makes the tests the same everywhere: run from a bare checkout or an installed one, on any machine, on any day.

Where mingzhang is not installed, the three folders are shown under their installed names through links in a temporary
folder, which this process and (through PYTHONPATH) every process it starts can import from.
"""

import atexit
import os
import sys
import tempfile
import tomllib
from importlib import metadata
from pathlib import Path

from hypothesis import HealthCheck, settings

CHECKOUT = Path(__file__).resolve().parent.parent
FOLDERS = ("domain", "projections", "cli")
INPUT = CHECKOUT / "cli" / "demo" / "data"  # the example input, a folder for each set; it comes with the package
TRUTHS = CHECKOUT / "tests" / "data"  # what must come out of each set, and what its files are


def _installed() -> bool:
    try:
        metadata.version("mingzhang")
    except metadata.PackageNotFoundError:
        return False
    return True


def _show_the_checkout_as_installed() -> None:
    """Links under the installed names, and just enough metadata to answer which version this is."""
    kept = tempfile.TemporaryDirectory(prefix="mingzhang-checkout-")
    atexit.register(kept.cleanup)
    links = Path(kept.name)
    (links / "mingzhang").mkdir()
    for folder in FOLDERS:
        (links / "mingzhang" / folder).symlink_to(CHECKOUT / folder, target_is_directory=True)
    version = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    (links / f"mingzhang-{version}.dist-info").mkdir()
    (links / f"mingzhang-{version}.dist-info" / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: mingzhang\nVersion: {version}\n", encoding="utf-8"
    )
    sys.path.insert(0, str(links))
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(links), *([inherited] if inherited else [])])


if not _installed():
    _show_the_checkout_as_installed()

# A test may not depend on who runs it: neither on their ledger, their name and language, nor on their clock.
for name in [name for name in os.environ if name.startswith("MINGZHANG_")]:
    del os.environ[name]
# A real ledger's staff sign; whoever tests something else than that has one passphrase for everybody.
os.environ["MINGZHANG_SIGNING_PASSPHRASE"] = os.environ["MINGZHANG_SIGNING_PASSPHRASE_NEW"] = "synthetic passphrase"

# `ci` finds the same examples every time, so that a failure is the change's and never the day's. `search` looks for new
# ones: HYPOTHESIS_PROFILE=search make test
settings.register_profile(
    "ci", derandomize=True, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

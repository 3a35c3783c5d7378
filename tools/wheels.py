"""`python -m tools.wheels`: asks the package index whether every pin comes ready built elsewhere.

A Raspberry Pi, or a Windows without a compiler, can build nothing itself. Nothing is downloaded:
uv only looks for a wheel that fits.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
SETS: Final = ("run", "postgres", "play")
PLATFORMS: Final = {
    "Raspberry Pi and other 64-bit ARM, Debian 11 or newer": "aarch64-manylinux_2_31",
    "Windows, 64-bit": "x86_64-pc-windows-msvc",
}
PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")
_PIN: Final = re.compile(r"^([A-Za-z0-9._-]+==[^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$", re.MULTILINE)


def pins() -> Sequence[str]:
    """All that is pinned for those who run or try the bot, with the marker of each."""
    texts = [(ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8") for name in SETS]
    found = {match.groups() for text in texts for match in _PIN.finditer(text)}
    return sorted(f"{pin} ; {marker}" if marker else pin for pin, marker in found)


def has_wheel(pin: str, *, platform: str, python: str) -> bool:
    """Whether the index has a wheel of this very version; True as well where it is not needed."""
    with tempfile.TemporaryDirectory() as folder:
        asked = subprocess.run(  # noqa: S603 - a tool of our own environment, with our own pins
            [
                *(Path(sys.executable).with_name("uv"), "pip", "install", "--dry-run", "--no-deps"),
                *("--quiet", "--only-binary", ":all:", "--python-platform", platform),
                *("--python-version", python, "--target", folder, pin),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    return asked.returncode == 0


def main() -> None:
    """Print a line for each platform and Python; the exit status is 1 if anything is missing."""
    wanted, complete = pins(), True
    for name, platform in PLATFORMS.items():
        for python in PYTHONS:
            missing = [
                pin for pin in wanted if not has_wheel(pin, platform=platform, python=python)
            ]
            complete = complete and not missing
            said = f"no wheel of {', '.join(missing)}" if missing else f"all {len(wanted)} there"
            sys.stdout.write(f"{name}, Python {python}: {said}\n")
            sys.stdout.flush()
    sys.exit(not complete)


if __name__ == "__main__":
    main()

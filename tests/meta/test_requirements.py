"""What gets installed is pinned to the byte, the same for everybody, from no named address."""

import re
from pathlib import Path

import pytest

from tests.meta.sources import ROOT

SETS = ("run", "postgres", "play", "dev")
PIN = re.compile(
    r"(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;]+)(?: ;[^\\]+)?(?: --hash=sha256:[0-9a-f]{64})+"
)


def pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    lines = re.sub(r" \\\n\s+", " ", text).splitlines()
    matches = [PIN.fullmatch(line) for line in lines]
    assert all(matches), [line for line, match in zip(lines, matches, strict=True) if not match]
    return {match["name"]: match["version"] for match in matches if match}


@pytest.mark.parametrize("name", SETS)
def test_each_line_is_a_version_with_its_hashes_and_nothing_else(name: str) -> None:
    assert len(pins(name)) > 20


@pytest.mark.parametrize("name", SETS)
def test_all_sets_agree_with_the_largest(name: str) -> None:
    assert pins(name).items() <= pins("dev").items()


def test_nothing_that_serves_people_installs_the_simulated_discord() -> None:
    assert "simcord" in pins("play")
    assert "simcord" not in pins("run") | pins("postgres")


def test_no_set_is_forgotten() -> None:
    for suffix in (".in", ".txt"):
        found = {Path(path).stem for path in (ROOT / "requirements").glob(f"*{suffix}")}
        assert found == set(SETS)

"""The systemd unit: systemd itself reads it, and finds it closed."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.runner.transcoding.confined import MEMORY_MAX_BYTES
from bot.settings import DRAIN_TIMEOUT_S_CEILING, Settings
from tests.meta.sources import ROOT
from tests.patience import PATIENCE_S

UNIT = ROOT / "deploy" / "kling-bot.service"
COMMANDS = ROOT / "deploy" / "kling-bot"
INSTALLED = "/opt/kling-bot"
MOST_EXPOSED = 15
"""Tenths, on systemd's own scale from 0 to 10; without any hardening it says 9.6."""
ANALYZE = shutil.which("systemd-analyze")

needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


def settings_of(unit: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", unit, re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit of a bot that is installed here."""
    installed = tmp_path / "kling-bot"
    python = installed / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (installed / "docs").symlink_to(ROOT / "docs")
    copy = tmp_path / "kling-bot.service"
    text = UNIT.read_text(encoding="utf-8")
    copy.write_text(text.replace(INSTALLED, str(installed)), encoding="utf-8")
    return copy


def analysed(words: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    assert ANALYZE is not None
    return subprocess.run(  # noqa: S603 - systemd's own tool, on our own file
        [ANALYZE, *words], capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )


@pytest.mark.systemd
@needs_systemd
def test_systemd_has_nothing_to_say_about_it(unit: Path) -> None:
    result = analysed(["verify", "--man=no", unit])

    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.systemd
@needs_systemd
def test_systemd_sees_a_word_that_it_does_not_know(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    unit.write_text(text.replace("ProtectClock=", "ProtectClocks="), encoding="utf-8")

    assert "ProtectClocks" in analysed(["verify", "--man=no", unit]).stderr


@pytest.mark.systemd
@needs_systemd
def test_it_exposes_little(unit: Path) -> None:
    words = ["security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED}"]
    result = analysed([*words, unit])

    assert result.returncode == 0, result.stdout


def test_it_gives_the_drain_its_time_and_restarts_what_failed() -> None:
    says = settings_of(UNIT.read_text(encoding="utf-8"))

    (stop_s,) = map(int, says["TimeoutStopSec"])
    assert Settings.model_fields["drain_timeout_s"].default + 10 < stop_s < DRAIN_TIMEOUT_S_CEILING
    assert says["KillSignal"] == ["SIGTERM"]
    assert says["Restart"] == ["on-failure"]
    assert says["RestartPreventExitStatus"] == ["2"], "settings are not mended by starting again"
    assert says["StartLimitIntervalSec"] == ["0"], "what mends itself may take its time"
    assert says["ExecStart"] == [f"{INSTALLED}/.venv/bin/python -m bot run"]


def test_an_encoder_that_takes_too_much_memory_does_not_end_the_bot() -> None:
    says = settings_of(UNIT.read_text(encoding="utf-8"))

    assert says["OOMPolicy"] == ["continue"]
    assert says["MemoryMax"] == ["2G"]
    assert MEMORY_MAX_BYTES < 2 * 1024**3


def test_its_data_is_where_systemd_lets_it_write() -> None:
    says = settings_of(UNIT.read_text(encoding="utf-8"))

    assert says["StateDirectory"] == ["kling-bot"]
    assert says["Environment"][0].startswith("DATA_DIR=%S/kling-bot ")


# --- the commands beside it -----------------------------------------------------------------------


@pytest.fixture
def handed_on(tmp_path: Path) -> Callable[..., list[str]]:
    """What systemd would be told for a command."""
    standing_in = tmp_path / "bin" / "systemd-run"
    standing_in.parent.mkdir()
    standing_in.write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\n", encoding="utf-8")
    standing_in.chmod(0o755)
    path = f"{standing_in.parent}:{os.environ['PATH']}"

    def told(*arguments: str) -> list[str]:
        said = subprocess.run(  # noqa: S603 - our own script
            [COMMANDS, *arguments],
            env={"PATH": path},
            capture_output=True,
            check=True,
            timeout=PATIENCE_S,
        )
        return said.stdout.decode().split("\0")[:-1]

    return told


def test_the_commands_have_the_services_settings_user_and_folder(
    handed_on: Callable[..., list[str]],
) -> None:
    says = settings_of(UNIT.read_text(encoding="utf-8"))
    told = handed_on("jobs")

    for name in ("EnvironmentFile", "DynamicUser", "User", "StateDirectory", "StateDirectoryMode"):
        assert f"--property={name}={says[name][0]}" in told
    assert f"--property=UMask={says['UMask'][0]}" in told
    assert f"--setenv=DATA_DIR=/var/lib/{says['StateDirectory'][0]}" in told
    assert f"--setenv=PYTHONPATH={says['WorkingDirectory'][0]}" in told
    names_itself = f"KLING_COMMAND={COMMANDS.name}"
    assert names_itself in says["Environment"][0].split()
    assert f"--setenv={names_itself}" in told
    assert told[-5:] == [f"{INSTALLED}/.venv/bin/python", "-P", "-m", "bot", "jobs"]


def test_what_is_typed_reaches_the_command_as_it_is(handed_on: Callable[..., list[str]]) -> None:
    typed = ["generate", 'a kite for $5, "$HOME" \\n and ${IT}', "", "two\nlines", "--yes"]

    # As systemd does it: of two dollars one is left.
    assert [word.replace("$$", "$") for word in handed_on(*typed)[-5:]] == typed
    assert not [word for word in handed_on(*typed)[-5:] if "$" in word.replace("$$", "")]

"""`python -m tests.deploy.try_service BASE`: boots a systemd and lets it run the unit.

BASE is a bare Debian root with python3, python3-venv, python3-pip, systemd, systemd-sysv and dbus;
debootstrap makes one. A copy of it is booted by systemd-nspawn, with a Discord and a RunComfy on
loopback, and the bot lives there under all the hardening of the unit: a video that has to be made
smaller, a kill, a stop, and going back to a backup. Needs root, systemd-nspawn and a package index.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.playground.runcomfy_scenario import Scenario
from bot.playground.runcomfy_server import RunComfyServer
from bot.playground.videos import VideoLibrary
from tests.clocks import FakeClock
from tests.deploy.bare_root import BareRoot, installer_settings
from tests.deploy.try_image import ROOT, say
from tests.live.bot_process import KEY, TOKEN
from tests.live.discord_server import DiscordServer
from tests.patience import PATIENCE_S, until

HOME = Path("opt/kling-bot")
DATA = Path("var/lib/private/kling-bot")
HUGE = Scenario(queue_s=0, rendering_s=0, video_over_bytes=11 * 1024 * 1024)
"""Over what Discord takes, so that the encoder has to work."""
CONFINED = ("NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000")


def installed(base: Path, work: Path) -> BareRoot:
    """The machine with the bot on it, as the handbook installs it."""
    root = BareRoot(work / "root", base=base)
    home = root.path / HOME
    for folder in ("bot", "cogs", "requirements", "docs"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, home / folder, ignore=ignored)
    # The same entry point, with a Discord on loopback in place of the real one.
    shutil.copy(ROOT / "tests" / "live" / "start.py", home / "loopback.py")
    script = (
        f"cd /{HOME} && python3 -m venv .venv && .venv/bin/python -m pip install --quiet"
        " --disable-pip-version-check --require-hashes --requirement requirements/run.txt"
    )
    command = [*installer_settings(), "sh", "-ec", script]
    subprocess.run(root.entering(command, writable=True), check=True)  # noqa: S603 - our own script
    unit = (ROOT / "deploy" / "kling-bot.service").read_text(encoding="utf-8")
    commands = root.path / "usr/local/sbin/kling-bot"
    shutil.copy(ROOT / "deploy" / "kling-bot", commands)
    target = root.path / "etc/systemd/system/kling-bot.service"
    target.write_text(unit.replace("-m bot run", "-m loopback run"), encoding="utf-8")
    enabling = ["systemctl", "enable", "--quiet", "kling-bot"]
    subprocess.run(root.entering(enabling, writable=True), check=True)  # noqa: S603 - systemd's own
    return root


class Machine:
    """A booted root."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._children = Path(f"/proc/{process.pid}/task/{process.pid}/children")

    async def run(self, *command: str) -> str:
        """Run this in there; what it says."""
        init = self._children.read_text(encoding="utf-8").split()[0]
        entering = ("nsenter", "--target", init, "--all", *command)
        process = await asyncio.create_subprocess_exec(
            *entering, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await process.communicate()
        return said.decode().strip()

    async def service(self, what: str) -> str:
        """A property of the service."""
        return await self.run("systemctl", "show", f"--property={what}", "--value", "kling-bot")


@asynccontextmanager
async def booted(root: Path, began: Callable[[], object]) -> AsyncGenerator[Machine]:
    """Boot the root until `began`; at the end halt it."""
    process = await asyncio.create_subprocess_exec(
        *("systemd-nspawn", "--quiet", f"--directory={root}", "--machine=kling-try"),
        *("--register=no", "--keep-unit", "--boot", "--console=pipe"),
        # Where this machine has the older control groups, the booted one cannot have the newer.
        env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": _unified()},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        machine = Machine(process)
        try:
            await until(began)
            yield machine
        except AssertionError:
            journal = ("journalctl", "--unit=kling-bot", "--no-pager", "--lines=20")
            say(await machine.run(*journal))
            raise
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), PATIENCE_S)


def _unified() -> str:
    return "1" if Path("/sys/fs/cgroup/cgroup.controllers").exists() else "0"


async def life(root: Path, videos: VideoLibrary) -> None:
    """From the boot to the stop, with a video and a kill in between."""
    async with (
        DiscordServer(token=TOKEN) as discord,
        RunComfyServer(clock=FakeClock(), videos=videos, api_key=KEY) as runcomfy,
    ):
        runcomfy.default = HUGE
        settings = {
            "DISCORD_TOKEN": TOKEN,
            "RUNCOMFY_API_KEY": KEY,
            "RUNCOMFY_API_URL": runcomfy.url,
            "RUNCOMFY_FILE_HOSTS": runcomfy.file_host,
            "LOOPBACK_DISCORD": discord.url,
        }
        (root / "etc/kling-bot").mkdir(exist_ok=True)
        lines = "".join(f"{name}={value}\n" for name, value in settings.items())
        (root / "etc/kling-bot/env").write_text(lines, encoding="utf-8")
        gateway = discord.gateway
        async with booted(root, lambda: gateway.identified) as machine:
            say("   it is in Discord")
            status = await machine.run("cat", f"/proc/{await machine.service('MainPID')}/status")
            assert all(line in status for line in CONFINED), status
            say(f"   it is confined: {', '.join(CONFINED).replace(chr(9), ' ')}")
            interaction = await discord.slash("kling", prompt="a red kite", duration=3)
            await until(lambda: discord.card(interaction).get("attachments"))
            say("   its video was made smaller, and is delivered")
            await machine.run("systemctl", "kill", "--signal=KILL", "kling-bot")
            await until(lambda: gateway.identified == 2)
            say("   it is back after a kill")
            assert "delivered" in await machine.run("kling-bot", "jobs")
            say("   a command finds its settings and its data")
            await machine.run("systemctl", "stop", "kling-bot")
            ended = [await machine.service(what) for what in ("Result", "ExecMainStatus")]
            assert ended == ["success", "0"], ended
            say("   it was stopped, and ended with 0")
            said = await machine.run("kling-bot", "backup", "copy")
            said += await machine.run("kling-bot", "restore", "--yes", "copy")
            assert "The database is back" in said, said
            say("   its database was put back from a copy")
    found = (root / DATA / "bot.sqlite3").stat()
    assert found.st_uid > 60_000, "a user that exists while it runs"
    assert found.st_mode & 0o077 == 0
    say("   its database is its own")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", type=Path, help="a bare Debian root with systemd in it")
    base: Path = parser.parse_args().base
    if os.geteuid() != 0 or shutil.which("systemd-nspawn") is None:
        sys.exit("this needs root, and systemd-nspawn")
    with tempfile.TemporaryDirectory(prefix="service-") as folder:
        work = Path(folder)
        say("== the machine")
        root = installed(base, work)
        say("== the service")
        asyncio.run(life(root.path, VideoLibrary(folder=work / "videos")))


if __name__ == "__main__":
    main()

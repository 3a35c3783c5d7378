"""`python -m tests.deploy.try_image BASE`: builds and runs the image where there is no engine.

The Dockerfile's steps are run by chroot in a copy of BASE, a bare Debian of the release that the
Dockerfile names, with python3, python3-venv and python3-pip; debootstrap makes one. Then the bot
lives there as in the container: user 10001, a read-only root, and a Discord and a RunComfy on
loopback. Needs root, and a package index.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot.playground.runcomfy_scenario import Scenario
from bot.playground.runcomfy_server import RunComfyServer
from bot.playground.videos import VideoLibrary
from tests.clocks import FakeClock
from tests.deploy.bare_root import BareRoot
from tests.deploy.dockerfile import Context, Stage, stages
from tests.live.bot_process import KEY, TOKEN, BotProcess
from tests.live.discord_server import DiscordServer
from tests.patience import until

ROOT = Path(__file__).parents[2]


def built(base: Path, work: Path) -> tuple[BareRoot, Stage]:
    """The root and the description of the last stage."""
    context = Context(ROOT)
    roots: dict[str, BareRoot] = {}
    root, stage = None, None
    for stage in stages((ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")):
        name = stage.name or "image"
        say(f"== {name}: {len(stage.steps)} steps on {stage.base}")
        root = BareRoot(work / name, base=base)
        root.build(stage, context=context, others=roots)
        roots[name] = root
    assert root is not None
    assert stage is not None
    return root, stage


class Container:
    """The built root, and what the image says of how to run in it."""

    def __init__(self, root: BareRoot, stage: Stage) -> None:
        self._root = root
        self._who = stage.last("USER").rest
        self._cwd = stage.last("WORKDIR").rest
        self._settings = [f"{name}={value}" for name, value in stage.environment().items()]
        _, _, asked = stage.last("HEALTHCHECK").rest.partition(" CMD ")
        self.healthcheck = stages(f"FROM scratch\nCMD {asked}")[0].last("CMD").words
        self.entrypoint = stage.last("ENTRYPOINT").words
        self.command = stage.last("CMD").words

    async def start(self, command: Sequence[str], **changes: str) -> BotProcess:
        """Run this as the image's user, with the image's settings and these."""
        words = [*self._settings, *(f"{name}={value}" for name, value in changes.items()), *command]
        process = await asyncio.create_subprocess_exec(
            *self._root.entering(words, who=self._who, cwd=self._cwd),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return BotProcess(process)

    async def expect(self, status: int, command: Sequence[str], **changes: str) -> str:
        """Run this to its end; all that it said."""
        process = await self.start(command, **changes)
        ended = await process.ended()
        said = "\n".join([*process.out, *process.log])
        assert ended == status, f"{command} ended with {ended}, not {status}:\n{said}"
        return said


async def life(container: Container, root: Path, videos: VideoLibrary) -> None:
    """From the first start to the stop, with a video in between."""
    said = await container.expect(2, [*container.entrypoint, *container.command])
    assert "DISCORD_TOKEN is missing" in said
    say("   without settings it says what is missing")
    say(f"   {await container.expect(1, container.healthcheck)}")
    await container.expect(1, ["sh", "-c", "touch /app/here"])
    await container.expect(1, ["sh", "-c", "touch /opt/bot/here"])
    say("   its root is read-only")
    encoder = "import os, imageio_ffmpeg as i; os.execv(i.get_ffmpeg_exe(), ['f', '-version'])"
    said = await container.expect(0, [container.entrypoint[0], "-c", encoder])
    say(f"   its encoder is {said.splitlines()[0]}")
    async with (
        DiscordServer(token=TOKEN) as discord,
        RunComfyServer(clock=FakeClock(), videos=videos, api_key=KEY) as runcomfy,
    ):
        runcomfy.default = Scenario(queue_s=0, rendering_s=0)
        # The same entry point, with a Discord on loopback in place of the real one.
        start = root / "app" / "loopback.py"
        start.write_bytes((ROOT / "tests" / "live" / "start.py").read_bytes())
        bot = await container.start(
            [container.entrypoint[0], "-m", "loopback", *container.command],
            LOOPBACK_DISCORD=discord.url,
            DISCORD_TOKEN=TOKEN,
            RUNCOMFY_API_KEY=KEY,
            RUNCOMFY_API_URL=runcomfy.url,
            RUNCOMFY_FILE_HOSTS=runcomfy.file_host,
        )
        try:
            await bot.until(lambda: discord.gateway.identified)
            say("   it is in Discord")
            interaction = await discord.slash("kling", prompt="a red kite", duration=3)
            await bot.until(lambda: discord.card(interaction).get("attachments"))
            say("   its video is delivered")
            await ready(container, bot)
            bot.tell(signal.SIGTERM)
            assert await bot.ended() == 0, bot.log
            say("   SIGTERM ended it with 0")
        finally:
            await bot.kill()
    owner = (root / "data" / "bot.sqlite3").stat()
    assert owner.st_uid == 10001
    assert owner.st_mode & 0o077 == 0
    say("   its database is its own")


async def ready(container: Container, bot: BotProcess) -> None:
    """Wait until the healthcheck, run as the engine would run it, is content."""

    async def is_ready() -> bool:
        asked = await container.start(container.healthcheck)
        await asked.ended()
        await bot.until(lambda: True)
        return asked.out == ["ready"]

    await until(is_ready)
    say("   its healthcheck says ready")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", type=Path, help="a bare Debian root, as debootstrap makes it")
    base: Path = parser.parse_args().base
    if os.geteuid() != 0:
        sys.exit("chroot needs root")
    with tempfile.TemporaryDirectory(prefix="image-") as folder:
        work = Path(folder)
        root, stage = built(base, work)
        videos = VideoLibrary(folder=work / "videos")
        say("== the container")
        asyncio.run(life(Container(root, stage), root.path, videos))


if __name__ == "__main__":
    main()

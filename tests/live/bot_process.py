"""`python -m bot run` as an operator starts it: a process, its settings, its signals, its log."""

import asyncio
import os
import resource
import signal
import sys
import termios
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.playground.runcomfy_server import RunComfyServer
from bot.playground.videos import VideoLibrary
from tests.clocks import FakeClock
from tests.live.discord_server import DiscordServer
from tests.patience import PATIENCE_S, until
from tests.signals import tell

ROOT: Final = Path(__file__).parents[2]
TOKEN: Final = "MTEwMDAwMDAwMDAwMDAwMDAwNA.Canary.canary-signature-of-a-token-0000"
KEY: Final = "canary-key-of-runcomfy"
INHERITED: Final = ("PATH", "COVERAGE_PROCESS_CONFIG")


class BotProcess:
    """A bot that was started."""

    def __init__(self, process: Process, *, screen: asyncio.StreamReader | None = None) -> None:
        self.out: list[str] = []
        self.log: list[str] = []
        self._process = process
        self._reading = asyncio.gather(
            _read(screen or process.stdout, self.out), _read(process.stderr, self.log)
        )

    @property
    def pid(self) -> int:
        """Where the kernel tells of it."""
        return self._process.pid

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for something that this bot brings about."""

        def is_so() -> object:
            found = condition()
            assert found or not self._reading.done(), self._story("it has ended")
            return found

        await until(is_so, otherwise=lambda: self._story("it did not happen"))

    async def says(self, words: str) -> str:
        """The first line of its log with these words, as soon as there is one."""
        await self.until(lambda: any(words in line for line in self.log))
        return next(line for line in self.log if words in line)

    async def asks_in_secret(self, *, at: int) -> None:
        """Wait until what is typed at the terminal `at` is not seen."""
        await self.until(lambda: not termios.tcgetattr(at)[3] & termios.ECHO)

    async def is_told_in_secret(self, answer: str, question: str, *, at: int) -> None:
        """Type the answer at the terminal `at` when it is asked there, unseen."""
        asked = sum(question in line for line in self.log)
        await self.asks_in_secret(at=at)
        os.write(at, f"{answer}\n".encode())
        # The line of the question ends when what was typed is read, and is seen again.
        await self.until(lambda: sum(question in line for line in self.log) > asked)

    async def types(self, line: str) -> None:
        """Type a line at its terminal."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        await self._process.stdin.drain()

    def hang_up(self) -> None:
        """Leave its terminal: nobody will type any more."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal, if it is there to hear it."""
        tell(self._process, number)

    @contextmanager
    def full_disk(self) -> Generator[None]:
        """No file of its own can grow."""
        pid, unlimited = self._process.pid, resource.RLIM_INFINITY
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, unlimited))
        yield
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))

    async def ended(self) -> int:
        """Its exit status, once it has ended and all its output is here."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), PATIENCE_S)
        assert self._process.returncode is not None, self._story("it goes on and on")
        await self._reading
        return self._process.returncode

    async def kill(self) -> None:
        """Leave nothing behind, whatever the story came to."""
        self.tell(signal.SIGKILL)
        await self.ended()

    def _story(self, how: str) -> str:
        return "\n".join([f"{how}; its log:", *self.log])


async def _read(stream: asyncio.StreamReader | None, lines: list[str]) -> None:
    assert stream is not None
    with suppress(OSError):  # how a terminal ends
        async for line in stream:
            lines.append(line.decode().rstrip("\r\n"))  # noqa: PERF401 - each is wanted as it comes


class Town:
    """Discord, RunComfy, and the folder of an operator who starts bots there."""

    def __init__(
        self, *, folder: Path, discord: DiscordServer, runcomfy: RunComfyServer, clock: FakeClock
    ) -> None:
        self.discord = discord
        self.runcomfy = runcomfy
        self.bots: list[BotProcess] = []
        self.commands: list[BotProcess] = []
        self.data_dir = folder / "data"
        self.folder = folder
        self.program: Sequence[str] = (sys.executable, "-m", "tests.live.start")
        self.python_path = str(ROOT)
        self._clock = clock

    async def start(self, *options: str, **changes: str) -> BotProcess:
        """Start a bot with two secrets and these settings; what is empty counts as not set."""
        self.bots.append(await self._process(["run", *options], changes, stdin=DEVNULL))
        return self.bots[-1]

    async def command(self, *arguments: str, **changes: str) -> BotProcess:
        """Start another command at the same operator's shell, who may type there."""
        self.commands.append(await self._process(arguments, changes, stdin=PIPE))
        return self.commands[-1]

    @asynccontextmanager
    async def at_a_terminal(
        self, *arguments: str, **changes: str
    ) -> AsyncGenerator[tuple[BotProcess, int]]:
        """Start another command with a terminal for its input; the number is our end of it."""
        ours, theirs = os.openpty()
        try:
            self.commands.append(await self._process(arguments, changes, stdin=theirs))
            yield self.commands[-1], ours
        finally:
            os.close(ours)
            os.close(theirs)

    @asynccontextmanager
    async def seen_at_a_terminal(
        self, *arguments: str, columns: int = 80, **changes: str
    ) -> AsyncGenerator[BotProcess]:
        """Start another command whose standard output is a terminal of this width."""
        ours, theirs = os.openpty()
        termios.tcsetwinsize(theirs, (40, columns))
        screen = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(screen), os.fdopen(ours, "rb", buffering=0)
        )
        try:
            try:
                command = await self._process(
                    arguments, changes, stdin=DEVNULL, stdout=theirs, screen=screen
                )
            finally:
                os.close(theirs)
            self.commands.append(command)
            yield command
        finally:
            transport.close()

    async def _process(
        self,
        arguments: Sequence[str],
        changes: Mapping[str, str],
        *,
        stdin: int,
        stdout: int = PIPE,
        screen: asyncio.StreamReader | None = None,
    ) -> BotProcess:
        environment = {
            **{name: os.environ[name] for name in INHERITED if name in os.environ},
            "PYTHONPATH": self.python_path,
            "LOOPBACK_DISCORD": self.discord.url,
            "LOG_LEVEL": "DEBUG",
            "LOG_FORMAT": "human",
            # A town's people do in a moment what takes others a while.
            "COOLDOWN_S": "0",
            "DISCORD_TOKEN": TOKEN,
            "RUNCOMFY_API_KEY": KEY,
            "RUNCOMFY_API_URL": self.runcomfy.url,
            "RUNCOMFY_ACCOUNT_URL": self.runcomfy.url,
            "RUNCOMFY_FILE_HOSTS": self.runcomfy.file_host,
            **changes,
        }
        process = await asyncio.create_subprocess_exec(
            *(*self.program, *arguments),
            cwd=self.folder,
            env=environment,
            stdin=stdin,
            stdout=stdout,
            stderr=PIPE,
            # Without the terminal of these tests, where a password could be asked for.
            start_new_session=True,
        )
        return BotProcess(process, screen=screen)

    async def joined(self, **changes: str) -> BotProcess:
        """Start a bot and wait until Discord has it."""
        before = self.discord.gateway.identified
        bot = await self.start(**changes)
        await bot.until(lambda: self.discord.gateway.identified > before)
        return bot

    def pass_time(self, seconds: float) -> None:
        """Let time pass at RunComfy; everybody else's is real."""
        self._clock.move_to(self._clock.now() + timedelta(seconds=seconds))


@asynccontextmanager
async def open_town(folder: Path, videos: VideoLibrary) -> AsyncGenerator[Town]:
    """Open a town; at its end no bot has let slip a secret or asked what Discord does not know."""
    clock = FakeClock()
    async with AsyncExitStack() as life:
        discord = await life.enter_async_context(DiscordServer(token=TOKEN))
        runcomfy = await life.enter_async_context(
            RunComfyServer(clock=clock, videos=videos, api_key=KEY)
        )
        town = Town(folder=folder, discord=discord, runcomfy=runcomfy, clock=clock)
        try:
            yield town
        finally:
            await asyncio.gather(*(bot.kill() for bot in (*town.bots, *town.commands)))
    assert discord.surprises == []
    for bot in town.bots:
        assert bot.out == []
    for bot in (*town.bots, *town.commands):
        for secret in (TOKEN, KEY, *discord.interactions):
            assert not [line for line in bot.log if secret in line]
            assert not [line for line in bot.out if secret in line]

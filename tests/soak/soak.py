"""Thousands of jobs through the real process, over the wire, with restarts in between."""

import asyncio
import signal
import sqlite3
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from pathlib import Path
from random import Random
from typing import Any, Final

from aiohttp import ClientSession

from bot.playground.runcomfy_scenario import Scenario
from bot.playground.runcomfy_server import Post
from bot.playground.videos import VideoLibrary
from bot.storage.open import FILE_NAME
from tests.live.bot_process import BotProcess, Town, open_town
from tests.live.discord_server import Call, Mishap
from tests.soak.growth import MEMORY, OF_THE_PROCESS, ROWS_OF, Reading
from tests.soak.laws import Story, breaches
from tests.soak.weather import fault, mishap, scenario

SETTINGS: Final = {
    "LOG_LEVEL": "INFO",
    "METRICS_ADDR": "127.0.0.1:0",
    "POLLS_PER_SECOND": "1000",
    "MAX_IN_FLIGHT": "120",
    "USER_IN_FLIGHT": "1000",
    "DRAIN_TIMEOUT_S": "5",
}
BYSTANDERS: Final = 12
"""Jobs that last as long as the soak: with ten or fewer the bot polls at leisure."""
LONG: Final = Scenario(queue_s=0, rendering_s=1e6)
ABREAST: Final = 150
"""Jobs that are not delivered yet, at most: some of them wait in the line."""
AT_ONCE: Final = 5
"""Commands that are not answered yet, at most: a bot that is busy says that it took no order."""
GATEWAY_LOST_MAX: Final = 2
"""How often in a life: after that the bot pauses before it connects, as Discord asks of bots."""
PRIVATE_EVERY: Final = 10
"""One job in so many is private: it takes the other way to Discord."""
TICK_S: Final = 0.05
LOOK_EVERY_S: Final = 1.0
LOOKS_MAX: Final = 20
GRANT_USD: Final = 1_000_000
MIB: Final = 1024 * 1024
VIDEOS: Final = "videos"
UNCONFIRMED: Final = ("asked",)
UNSENT: Final = ("asked", "waiting", "submitting")
Say = Callable[[str], None]


@dataclass(slots=True)
class Outcome:
    """What a soak found."""

    readings: list[Reading] = field(default_factory=list[Reading])
    broken: list[str] = field(default_factory=list[str])
    """A sentence for each law that a job broke."""
    stories: list[Story] = field(default_factory=list[Story])
    restarts: list[str] = field(default_factory=list[str])
    """How each process but the last ended, and how many jobs were under way."""
    wrong: Counter[str] = field(default_factory=Counter[str])
    """What went wrong at the services, and how often."""


async def soak(
    folder: Path, *, jobs: int, restarts: int, readings: int, seed: int, say: Say
) -> Outcome:
    """Have so many jobs asked for and delivered, and look at the bot whenever all of them are."""
    videos = VideoLibrary(folder=folder / VIDEOS)
    async with open_town(folder, videos) as town, ClientSession() as session:
        town.runcomfy.grant_usd *= GRANT_USD
        soaking = Soak(town, seed=seed, session=session)
        async with _beside(soaking.pass_time()), _beside(soaking.look_around()):
            await soaking.begin(jobs)
            bounds = [jobs * nth // readings for nth in range(readings + 1)]
            ends = [readings * nth // (restarts + 1) for nth in range(1, restarts + 1)]
            for nth, (first, end) in enumerate(pairwise(bounds)):
                if nth in ends:
                    await soaking.restart_amid(range(first, end), kill=ends.index(nth) % 2 == 0)
                else:
                    await soaking.have(range(first, end))
                say(told(await soaking.rest()))
            return await soaking.end()


class Soak:
    """One town, its bots one after the other, and what became of every job."""

    def __init__(self, town: Town, *, seed: int, session: ClientSession) -> None:
        self.found = Outcome()
        self._town = town
        # The order of calls at Discord is chance; what a job meets at RunComfy is not.
        self._of_jobs, self._of_calls = Random(seed), Random(seed)  # noqa: S311 - no secrets
        self._session = session
        self._interactions: dict[int, dict[str, Any]] = {}
        """Of the jobs since the last rest, by their number."""
        self._bystanders: dict[int, dict[str, Any]] = {}
        self._unanswered: dict[int, bool] = {}
        """Numbers, and whether they are private."""
        self._asked = 0
        self._states: Mapping[str, int] = {}
        self._fewest_tasks = inf
        """At a rest of this life."""
        self._gateway_lost = 0
        """How often in this life."""
        self._ended_before = 0
        """The jobs that had ended when this life began."""

    @property
    def _bot(self) -> BotProcess:
        return self._town.bots[-1]

    @property
    def _delivered(self) -> int:
        return self._states.get("delivered", 0)

    @property
    def _under_way(self) -> int:
        """The jobs that were asked for and not brought yet, those that stay aside."""
        return self._asked - len(self._bystanders) - self._delivered

    # --- beside all of it -----------------------------------------------------------------

    async def pass_time(self) -> None:
        """Let time pass at RunComfy as it does here."""
        while True:
            await asyncio.sleep(TICK_S)
            self._town.pass_time(TICK_S)

    async def look_around(self) -> None:
        """Keep in mind how many jobs are in each state, and ask again where it was too busy."""
        while True:
            await asyncio.sleep(TICK_S)
            for number in sorted(self._unanswered):
                await self._heed_answer(number)
            # There may be no database yet, or no process that has it open.
            with suppress(sqlite3.OperationalError):
                found = self._rows("SELECT state, count(*) FROM jobs GROUP BY state")
                self._states = {str(state): int(count) for state, count in found}

    # --- what is done ---------------------------------------------------------------------

    async def begin(self, jobs: int) -> None:
        """Start the first bot with the jobs that stay; from then on things go wrong."""
        await self._town.joined(**SETTINGS)
        self._town.runcomfy.will(*[LONG] * BYSTANDERS)
        for number in range(jobs, jobs + BYSTANDERS):
            await self._ask(number, private=False)
        self._asked = BYSTANDERS
        await self._bot.until(lambda: self._states.get("rendering", 0) == BYSTANDERS)
        self._bystanders, self._interactions = self._interactions, {}

        def wrong(call: Call) -> Mishap | None:
            found = mishap(call, self._of_calls)
            if found is not None:
                self.found.wrong[f"Discord: {found}"] += 1
            return found

        self._town.discord.mishap = wrong

    async def have(self, numbers: Sequence[int], *, private: bool = True) -> None:
        """Let Alice ask for these jobs, a few abreast, and let the gateway be lost now and then."""
        for number in numbers:
            await self._bot.until(
                lambda: self._under_way < ABREAST and len(self._unanswered) < AT_ONCE
            )
            what = fault(self._of_jobs)
            if what is not None:
                self.found.wrong[f"RunComfy: {what}"] += 1
            self._town.runcomfy.will(scenario(self._of_jobs, what))
            await self._ask(number, private=private and number % PRIVATE_EVERY == 0)
            self._asked += 1
        # A command that comes as the gateway is lost may get no answer, and is no order then.
        await self._bot.until(lambda: not self._unanswered)
        gateway = self._town.discord.gateway
        if gateway.connected() and self._gateway_lost < GATEWAY_LOST_MAX:
            gateway.break_off()
            self._gateway_lost += 1
            self.found.wrong["Discord: gateway lost"] += 1

    async def _ask(self, number: int, *, private: bool) -> None:
        self._interactions[number] = await self._town.discord.slash(
            "kling", prompt=_prompt(number), duration=3, sound=False, private=private
        )
        self._unanswered[number] = private

    async def _heed_answer(self, number: int) -> None:
        """A card can be pressed or has its row; a busy bot may say that it took no order."""
        interaction = self._interactions[number]
        if card := self._town.discord.card(interaction):
            private = self._unanswered.pop(number)
            if "custom_id" not in str(card["components"]) and not self._rows_of(interaction):
                self.found.wrong["the bot too busy to take an order"] += 1
                del self._town.discord.interactions[interaction["token"]]
                await self._ask(number, private=private)

    async def restart_amid(self, numbers: Sequence[int], *, kill: bool) -> None:
        """The same, with another process for the later half; the first is killed or stopped."""
        half = len(numbers) // 2
        # A private message has no nonce: one that a kill makes the bot repeat is seen twice.
        await self.have(numbers[:half], private=not kill)
        # A row that was not confirmed, or not sent for sure, is an honest doubt after a kill.
        doubtful = UNSENT if kill else UNCONFIRMED
        await self._bot.until(lambda: self._settled(doubtful))
        under_way = self._under_way
        how = signal.SIGKILL if kill else signal.SIGTERM
        self._bot.tell(how)
        status = await self._bot.ended()
        self.found.restarts.append(f"{how.name} with {under_way} jobs under way: status {status}")
        self._ended_before, self._gateway_lost = self._delivered, 0
        self._fewest_tasks = inf
        await self._town.joined(**SETTINGS)
        await self.have(numbers[half:])

    def _settled(self, doubtful: Sequence[str]) -> bool:
        """Whether each job has its row, and none is in one of these states."""
        waiting = sum(self._states.get(state, 0) for state in doubtful)
        return sum(self._states.values()) == self._asked and not waiting

    # --- what is found --------------------------------------------------------------------

    async def rest(self) -> Reading:
        """Wait until all is delivered, hold it against the laws, and read all figures."""
        await self._bot.until(lambda: not self._under_way)
        await self._until_quiet()
        self._judge()
        reading = Reading(
            life=len(self._town.bots) - 1,
            since_start=self._delivered - self._ended_before,
            ended=self._delivered,
            figures={**await self._of_process(), **self._of_folder()},
        )
        self.found.readings.append(reading)
        return reading

    async def end(self) -> Outcome:
        """Let the jobs that stayed be done as well, and stop the last bot."""
        self._town.pass_time(LONG.rendering_s)
        self._interactions, self._bystanders = self._bystanders, {}
        await self._bot.until(lambda: not self._under_way)
        self._judge()
        self._bot.tell(signal.SIGTERM)
        status = await self._bot.ended()
        if status:
            self.found.broken.append(f"the last process ended with {status}")
        broken = [line for bot in self._town.bots for line in bot.log if "Traceback" in line]
        self.found.broken += broken
        return self.found

    async def _until_quiet(self) -> None:
        """Until there are no more tasks than at an earlier rest of this life, or no hope of it."""
        before = inf
        for _ in range(LOOKS_MAX):
            now = (await self._of_process())["tasks"]
            if now == before and now <= self._fewest_tasks:
                break
            before = now
            await asyncio.sleep(LOOK_EVERY_S)
        self._fewest_tasks = min(before, self._fewest_tasks)

    async def _of_process(self) -> dict[str, float]:
        said = next(line for line in self._bot.log if "health and metrics: " in line)
        async with self._session.get(f"{said.rpartition(' ')[2]}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        values = {name: value for name, _, value in (line.rpartition(" ") for line in lines)}
        of_bot = Path(f"/proc/{self._bot.pid}")
        status = (of_bot / "status").read_text(encoding="ascii")
        handles = [str(path.readlink()) for path in (of_bot / "fd").iterdir()]
        sockets = sum(handle.startswith("socket:") for handle in handles)
        return {
            MEMORY: float(values["process_resident_memory_bytes"]) / MIB,
            "open files": len(handles) - sockets,
            "sockets": sockets,
            "tasks": float(values["kling_tasks"]),
            "threads": float(status.partition("Threads:")[2].split()[0]),
        }

    def _of_folder(self) -> dict[str, float]:
        files = [path for path in self._town.data_dir.rglob("*") if path.is_file()]
        tables = self._rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return {
            "files": len(files),
            "data, MiB": sum(path.stat().st_size for path in files) / MIB,
            **{
                f"{ROWS_OF} {name}": float(self._rows(f'SELECT count(*) FROM "{name}"')[0][0])  # noqa: S608
                for (name,) in tables
            },
        }

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        database = self._town.data_dir / FILE_NAME
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    def _judge(self) -> None:
        """Hold what came of the jobs since the last rest against the laws, and forget it."""
        bought, pings = self._bought(), self._pings()
        stories = [self._story_of(number, bought, pings) for number in self._interactions]
        self.found.stories += stories
        self.found.broken += breaches(stories, video_bytes=self._video_bytes())
        runcomfy, discord = self._town.runcomfy, self._town.discord
        for interaction in self._interactions.values():
            del discord.interactions[interaction["token"]]
            del discord.messages[interaction["answer"]]
        stay = {post.request_id for post in self._of_bystanders()}
        for request_id in set(runcomfy.jobs) - stay:
            del runcomfy.jobs[request_id]
        runcomfy.posts[:] = self._of_bystanders()
        for finished in (self._interactions, discord.calls, runcomfy.file_requests):
            finished.clear()

    def _of_bystanders(self) -> list[Post]:
        prompts = {_prompt(number) for number in self._bystanders}
        return [post for post in self._town.runcomfy.posts if post.input["prompt"] in prompts]

    def _story_of(
        self, number: int, bought: Counter[object], pings: Mapping[str, frozenset[str]]
    ) -> Story:
        interaction = self._interactions[number]
        card = self._town.discord.card(interaction)
        rows = self._rows_of(interaction)
        return Story(
            number=number,
            bought=bought[_prompt(number)],
            states=[str(state) for (state,) in rows],
            attached=sum(file["size"] for file in card.get("attachments", [])),
            pings=pings[interaction["token"]] | pings[card.get("id", "")],
        )

    def _rows_of(self, interaction: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        return self._rows("SELECT state FROM jobs WHERE interaction_id = ?", interaction["id"])

    def _bought(self) -> Counter[object]:
        """How many POSTs were accepted, by their prompt."""
        posts = self._town.runcomfy.posts
        return Counter(post.input["prompt"] for post in posts if post.request_id is not None)

    def _pings(self) -> Mapping[str, frozenset[str]]:
        """The nonces of what notified, by the card's id or else the interaction's token."""
        found = defaultdict[str, frozenset[str]](frozenset)
        for call in self._town.discord.heard("POST", "/channels/[0-9]+/messages"):
            found[str(call.body["message_reference"]["message_id"])] |= {str(call.body["nonce"])}
        for call in self._town.discord.heard("POST", "/webhooks/[0-9]+/[^/]+"):
            if call.body.get("content"):
                found[call.path.rpartition("/")[2]] |= {str(id(call))}
        return found

    def _video_bytes(self) -> int:
        """The size of the one video that the stand-in gives to all."""
        (video,) = (self._town.folder / VIDEOS).iterdir()
        return video.stat().st_size


def told(reading: Reading) -> str:
    """One line about a time of rest."""
    figures = ", ".join(f"{name} {reading.figures[name]:.1f}" for name in OF_THE_PROCESS)
    return f"{reading.ended:,} ended, process {reading.life + 1}: {figures}"


def _prompt(number: int) -> str:
    return f"a red kite, no. {number}"


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Let it go on until the block ends."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

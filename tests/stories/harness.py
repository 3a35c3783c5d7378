"""What a story needs: people in a server, a bot, a clock, and eyes for cards."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import discord
import simcord
from simcord.backend.serializers import message_payload
from simcord.enums import InteractionType
from simcord.interactions import base_payload

from bot.domain.job import Job, JobId, State
from bot.features.terminal_jobs import OPERATOR_ID
from bot.features.unsure_jobs import ResolveAnswer, UnsureJobs
from bot.playground.videos import VideoLibrary
from bot.playground.world import World, open_world
from bot.runner.engine import EmbeddedEngine
from bot.storage.open import FILE_NAME
from bot.ui.context import Services
from tests.clocks import FakeClock
from tests.databases import lay_migrated_file
from tests.patience import is_so, until

TEXT, BUTTON, GALLERY = 10, 2, 12
MAKE_MENU = "Make a Kling video"

Upload = bytes | tuple[str, bytes]
"""A file that a person picks; alone, the bytes are named as a picture."""


def as_file(upload: Upload, name: str = "picture.png") -> tuple[str, bytes]:
    """The file's name and bytes."""
    return (name, upload) if isinstance(upload, bytes) else upload


class Card:
    """A message as a person sees it: its words, its buttons, its media."""

    def __init__(self, message: simcord.ResponseMessage | discord.Message) -> None:
        self.message = message
        raw = message.components
        self.parts = list(
            _walk([part if isinstance(part, dict) else part.to_dict() for part in raw])
        )

    @property
    def text(self) -> str:
        """Everything that can be read on it."""
        return "\n".join(part["content"] for part in self.parts if part.get("type") == TEXT)

    @property
    def heading(self) -> str:
        """Its first line."""
        return self.text.split("\n", 1)[0].removeprefix("### ")

    @property
    def is_ready(self) -> bool:
        """Whether it leads with its prompt: only a card with its video does."""
        return self.text.startswith("> ")

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons and links."""
        return [part["label"] for part in self.parts if part.get("type") == BUTTON]

    @property
    def links(self) -> list[str]:
        """The addresses behind its link buttons."""
        return [part["url"] for part in self.parts if part.get("url")]

    @property
    def gallery(self) -> list[dict[str, Any]]:
        """What plays on it."""
        return [
            item for part in self.parts if part.get("type") == GALLERY for item in part["items"]
        ]

    def custom_id(self, label: str) -> str:
        """The id behind a button's label, with or without the price that it says."""
        return next(
            part["custom_id"]
            for part in self.parts
            if (said := part.get("label", "")) == label or said.startswith(f"{label} · ")
        )


def _walk(parts: list[Any]) -> Iterator[dict[str, Any]]:
    for part in parts:
        yield part
        accessory = part.get("accessory")
        yield from _walk([*(part.get("components") or []), *([accessory] if accessory else [])])


class Story:
    """One world, and what its people do in it."""

    def __init__(self, *, world: World, clock: FakeClock) -> None:
        self.world = world
        self.clock = clock
        self.env = world.env
        self.server = world.server
        self.expected_errors = 0
        self.guild = self.env.create_guild("Kite Club")
        self.channel = self.guild.create_text_channel("videos")
        moderators = self.guild.create_role(
            "Moderators", permissions=discord.Permissions(manage_messages=True)
        )
        self.alice = self.guild.add_member(self.env.create_user("alice"))
        self.bob = self.guild.add_member(self.env.create_user("bob"))
        self.moderator = self.guild.add_member(self.env.create_user("mod"), roles=[moderators])

    @property
    def services(self) -> Services:
        """What people can do, without Discord between."""
        return self.world.app.bot.services

    # --- what people do -----------------------------------------------------------------------

    async def kling(
        self,
        prompt: str = "a red kite over the sea",
        *,
        image: Upload | None = None,
        last_image: Upload | None = None,
        **options: str | float,
    ) -> simcord.InteractionResult:
        """Alice asks for a video, and the bot has done all that it can do at once."""
        pictures = {"image": image, "last_image": last_image}
        files = {name: as_file(given) for name, given in pictures.items() if given is not None}
        result = await self.alice.slash(self.channel, "kling", prompt=prompt, **options, **files)
        await self.settle()
        return result

    async def press(
        self,
        label: str,
        on: simcord.InteractionResult,
        *,
        by: simcord.MemberActor | simcord.UserHandle | None = None,
    ) -> str:
        """Somebody presses a button on a card; what they are told in private."""
        card = self.card(on)
        pressed = await (by or self.alice).click(card.message, custom_id=card.custom_id(label))
        await self.settle()
        return private_words(pressed)

    # --- what they see ------------------------------------------------------------------------

    def card(self, result: simcord.InteractionResult) -> Card:
        """The card that answers a command, as it is now."""
        assert result.response is not None, "the card is gone"
        return Card(result.response)

    def messages(self, channel: simcord.ChannelHandle | None = None) -> list[discord.Message]:
        """What stands in the channel, oldest first, for everybody to see."""
        return (channel or self.channel).history()

    async def job(self) -> Job:
        """The only row there is."""
        jobs = await self.jobs()
        assert len(jobs) == 1, f"{len(jobs)} jobs"
        return jobs[0]

    async def jobs(self) -> list[Job]:
        """All rows, oldest first; their ids are read beside the store, from the file itself."""
        with closing(sqlite3.connect(self.world.settings.data_dir / FILE_NAME)) as database:
            ids = database.execute("SELECT id FROM jobs ORDER BY created_at, id").fetchall()
        rows = [await self.world.app.store.get(job_id) for (job_id,) in ids]
        return [row for row in rows if row is not None]

    # --- time ---------------------------------------------------------------------------------

    async def resolve(self, job_id: JobId, request_id: str | None) -> ResolveAnswer:
        """The operator decides about an unsure job, unasked: found, or with None written off."""
        app = self.world.app
        unsure = UnsureJobs(
            store=app.store,
            database=app.store.database,
            servers=self.services.servers,
            clock=self.clock,
            enqueue=app.engine.enqueue,
        )
        if request_id is None:
            return await unsure.write_off(job_id, by_user_id=OPERATOR_ID)
        return await unsure.bind(job_id, request_id, by_user_id=OPERATOR_ID)

    async def settle(self) -> None:
        """Let the bot do everything that it can do without time passing."""
        await self.wait_for(self._is_quiet)

    async def advance(self, seconds: float) -> None:
        """Let time pass, for the bot, for Discord and for RunComfy alike."""
        target = self.clock.now() + timedelta(seconds=seconds)
        while True:
            await self.settle()
            due = self.clock.next_due()
            step = target if due is None else min(due, target)
            self._let_it_be(step)
            if step >= target:
                await self.settle()
                await self.env.settle()
                return

    async def leap(self, seconds: float) -> None:
        """Let time pass in one step, as on a machine that slept: what was due happens once."""
        await self.settle()
        self._let_it_be(self.clock.now() + timedelta(seconds=seconds))
        await self.settle()
        await self.env.settle()

    def _let_it_be(self, instant: datetime) -> None:
        self.env.backend.advance_clock(max(0.0, (instant - self.env.now()).total_seconds()))
        self.clock.move_to(instant)

    async def until(self, state: State, *, within_s: float = 3_600) -> Job:
        """Let time pass until the only job is in `state`."""
        end = self.clock.now() + timedelta(seconds=within_s)
        while (job := await self.job()).state is not state:
            assert self.clock.now() < end, f"still {job.state} after {within_s} s"
            await self.advance(1)
        return job

    async def wait_for(self, condition: Callable[[], object | Awaitable[object]]) -> None:
        """Wait in real time for real I/O: sockets and files know no virtual clock."""

        async def is_so_and_stays_so() -> bool:
            for _ in range(3):
                if not await is_so(condition):
                    return False
                for _ in range(5):
                    await asyncio.sleep(0)
            return bool(await is_so(condition))

        await until(is_so_and_stays_so, otherwise=lambda: "the world does not come to rest")

    async def _is_quiet(self) -> bool:
        # Every watch sleeps, and so do the engine's sweep, its housekeeping and several's rounds.
        engine = self.world.app.engine
        alone = isinstance(engine, EmbeddedEngine)
        if self.clock.sleeping < len(engine.watching) + (2 if alone else 3):
            return False
        # With PostgreSQL a job is in the queue for a moment before a process watches it.
        return alone or engine.watching.issuperset(await self.world.app.store.unfinished_ids())


def press_begun(story: Story, card: Card, label: str) -> simcord.InteractionResult:
    """Alice's press, of which the bot is told and nobody waits for what it does."""
    backend = story.env.backend
    stored = backend.get_message(story.channel.id, card.message.id)
    record, payload = base_payload(
        backend,
        type=InteractionType.MESSAGE_COMPONENT,
        channel_id=story.channel.id,
        guild_id=story.guild.id,
        user_id=story.alice.id,
        data={"custom_id": card.custom_id(label), "component_type": 2},
    )
    record.source_message_id = stored.id
    backend.emit("INTERACTION_CREATE", {**payload, "message": message_payload(backend, stored)})
    return simcord.InteractionResult(story.env, record)


async def pressed_at_once(
    story: Story, presses: Sequence[tuple[Card, str]]
) -> list[simcord.InteractionResult]:
    """Alice's presses on labels, whose events reach the bot before it has begun with any."""
    results = [press_begun(story, card, label) for card, label in presses]
    await story.env.settle()
    await story.settle()
    return results


def private_words(result: simcord.InteractionResult) -> str:
    """What only the person who acted was told."""
    answers = [answer for answer in (result.response, *result.followups) if answer is not None]
    private = [answer for answer in answers if answer.ephemeral]
    assert private, f"nothing was told in private: {result}"
    return private[-1].content


@asynccontextmanager
async def told_story(
    *,
    data_dir: Path,
    videos: VideoLibrary,
    database_url: str | None = None,
    changes: Mapping[str, Any] | None = None,
) -> AsyncGenerator[Story]:
    """A story from an empty database to a drained bot; anything the bot swallowed fails it."""
    clock = FakeClock()
    if database_url is None and not (data_dir / FILE_NAME).exists():
        lay_migrated_file(data_dir)
    async with open_world(
        clock=clock,
        data_dir=data_dir,
        videos=videos,
        database_url=database_url,
        # A story's people do in a moment what takes others a while, and wherever they are.
        changes={
            "cooldown_s": 0,
            "user_in_flight": 10,
            "direct_messages": True,
            # What the owner hears beside it is a story of its own.
            "owner_messages": False,
            **(changes or {}),
        },
        random=Random(7),  # noqa: S311 - a story repeats itself, it guards no secret
    ) as world:
        story = Story(world=world, clock=clock)
        await world.log_in()
        yield story
        await story.settle()
    assert not world.app.engine.watching, "a watch outlived the bot"
    if len(world.env.errors) != story.expected_errors:
        world.env.raise_errors()
        assert story.expected_errors == 0, "nothing was raised, though the story says so"

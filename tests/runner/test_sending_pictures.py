"""A job with pictures: they are read before anything is written, and sent once, however large."""

import asyncio
import logging
import math
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import insert

from bot.domain import outcomes
from bot.domain.generation.models import Option
from bot.domain.generation.picture import SENT_MAX_BYTES, Picture
from bot.domain.generation.request import GenerationRequest
from bot.domain.job import HoldReason, Job, State
from bot.domain.outcomes import FailureReason
from bot.domain.ports import NO_FRAMES, Frames, PictureBytes, Provider, StoreUnavailable
from bot.features.pictures import Pictures
from bot.runner.sending import Attempt, HeldBack, Moved, Overtaken, Sender, SendResult
from bot.storage import SqlJobStore
from bot.storage.tables.jobs import pictures
from tests.clocks import FakeClock
from tests.domain.samples import a_job
from tests.pictures import a_picture, saved
from tests.runcomfy.stand_in import connected, served
from tests.runner.stand_ins import OneKey, ScriptedProvider, never, open_line

LINK = "https://cdn.discordapp.com/attachments/1/2/kite.png?ex=7fffffff"
WORDS_MAX_BYTES = 64 * 1024
"""More than all texts of a request, however they are escaped."""


def a_jpeg(size_bytes: int = SENT_MAX_BYTES, *, canary: bytes = b"a") -> bytes:
    """A picture of exactly so many bytes: what follows its end is no part of it."""
    picture = saved(a_picture(), "JPEG")
    return picture + canary * (size_bytes - len(picture))


class Desk:
    """Keeps pictures in the database, and jobs that begin or end with them."""

    def __init__(self, store: SqlJobStore, clock: FakeClock) -> None:
        self.store = store
        self.clock = clock
        self.kept = Pictures(database=store.database, clock=clock)

    async def picture(self, data: bytes, *, link: str | None = None) -> Picture:
        digest = f"{len(data):032x}{hash(data) % 16**32:032x}"
        row = {"digest": digest, "media_type": "image/jpeg", "data": data}
        await self.store.database.write(
            insert(pictures).values(row | {"used_at": self.clock.now()})
        )
        return Picture(
            digest=digest, media_type="image/jpeg", width_px=480, height_px=320, link=link
        )

    async def job(self, first: Picture, last: Picture | None = None) -> Job:
        request = GenerationRequest(prompt="it flies", start_frame=first, end_frame=last)
        now = self.clock.now()
        since = {"created_at": now, "state_since": now}
        job = a_job(1).model_copy(update={"request": request, **since})
        await self.store.add(job)
        return job

    async def row(self, job: Job) -> Job:
        row = await self.store.get(job.id)
        assert row is not None
        return row

    async def send(
        self,
        job: Job,
        provider: Provider,
        *,
        picture_bytes: PictureBytes | None = None,
        by_link: bool = False,
    ) -> SendResult:
        async def quietly(job: Job) -> None:
            del job

        sender = Sender(
            store=self.store,
            providers=OneKey(provider),
            line=open_line(self.store, self.clock),
            clock=self.clock,
            random=Random(1),  # noqa: S311 - jitter
            picture_bytes=picture_bytes or self.kept.bytes_of,
            pictures_by_link=by_link,
        )
        return await sender.send(job, Attempt(), quietly, wake=asyncio.Event(), is_draining=never)


class Witness(ScriptedProvider):
    """Takes everything, and keeps the frames that it was given."""

    def __init__(self) -> None:
        super().__init__(submits=[outcomes.SubmitAccepted("r-1"), outcomes.SubmitAccepted("r-2")])
        self.frames: list[Frames] = []

    async def submit(
        self, request: GenerationRequest, frames: Frames = NO_FRAMES
    ) -> outcomes.SubmitOutcome:
        self.frames.append(frames)
        return await super().submit(request, frames)


@pytest.fixture
def desk(store: SqlJobStore, clock: FakeClock) -> Desk:
    return Desk(store, clock)


async def test_a_picture_is_read_while_the_row_still_waits(desk: Desk) -> None:
    job = await desk.job(await desk.picture(b"a kite"))
    seen = list[State]()

    async def watched(digest: str) -> bytes | None:
        seen.append((await desk.row(job)).state)
        return await desk.kept.bytes_of(digest)

    provider = Witness()
    assert isinstance(await desk.send(job, provider, picture_bytes=watched), Moved)
    assert seen == [State.WAITING]
    assert provider.frames == [{Option.START_FRAME: b"data:image/jpeg;base64,YSBraXRl"}]


async def test_a_database_that_cannot_give_the_picture_sends_nothing_and_changes_nothing(
    desk: Desk,
) -> None:
    job = await desk.job(await desk.picture(b"a kite"))

    async def away(digest: str) -> bytes | None:
        raise StoreUnavailable(f"the database is away: {digest}")

    provider = Witness()
    with pytest.raises(StoreUnavailable):
        await desk.send(job, provider, picture_bytes=away)
    assert provider.bought == []
    assert await desk.row(job) == job
    # When it is back, the job is sent as if nothing had been.
    assert isinstance(await desk.send(job, provider), Moved)
    assert len(provider.bought) == 1


@pytest.mark.parametrize("gone", [Option.START_FRAME, Option.END_FRAME])
async def test_a_picture_that_is_gone_ends_the_job_unsent(desk: Desk, gone: Option) -> None:
    first, last = await desk.picture(b"a kite"), await desk.picture(b"the sea")
    job = await desk.job(first, last)
    missing = job.request.frames[gone].digest

    async def without(digest: str) -> bytes | None:
        return None if digest == missing else await desk.kept.bytes_of(digest)

    provider = Witness()
    result = await desk.send(job, provider, picture_bytes=without)
    assert isinstance(result, Moved)
    assert (result.job.state, result.job.failure) == (State.FAILED, FailureReason.PICTURE_GONE)
    assert (result.job.sent_at, result.job.cost_microusd) == (None, None)
    assert provider.bought == []


async def test_links_are_sent_where_the_operator_wants_them_and_there_are_any(desk: Desk) -> None:
    first, last = await desk.picture(b"a kite", link=LINK), await desk.picture(b"the sea")
    provider = Witness()
    await desk.send(await desk.job(first, last), provider, by_link=True)
    assert provider.frames == [
        {Option.START_FRAME: LINK, Option.END_FRAME: b"data:image/jpeg;base64,dGhlIHNlYQ=="}
    ]


async def test_a_link_is_not_sent_unless_the_operator_wants_it(desk: Desk) -> None:
    provider = Witness()
    await desk.send(await desk.job(await desk.picture(b"a kite", link=LINK)), provider)
    assert provider.frames == [{Option.START_FRAME: b"data:image/jpeg;base64,YSBraXRl"}]


# --- over real HTTP -------------------------------------------------------------------------


async def test_two_of_the_largest_pictures_are_one_post_and_arrive_byte_for_byte(
    desk: Desk, tmp_path: Path
) -> None:
    first, last = a_jpeg(), a_jpeg(canary=b"z")
    job = await desk.job(await desk.picture(first), await desk.picture(last))
    async with served(tmp_path, desk.clock) as server, connected(server.url) as runcomfy:
        result = await desk.send(job, runcomfy.provider)
        (post,) = server.posts
    assert isinstance(result, Moved)
    assert (result.job.state, result.job.request_id) == (State.QUEUED, post.request_id)
    assert post.pictures == {Option.START_FRAME: first, Option.END_FRAME: last}
    of_both = 2 * math.ceil(SENT_MAX_BYTES / 3) * 4
    assert of_both < post.body_bytes < of_both + WORDS_MAX_BYTES


async def test_a_refusal_that_quotes_the_whole_picture_is_still_a_refusal(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As with FastAPI, whose 422 repeats its input: larger than any other answer."""
    caplog.set_level(logging.WARNING, "aiosqlite")  # as the bot's own log has it
    caplog.set_level(logging.DEBUG)
    no_picture = b"canary" * (SENT_MAX_BYTES // 6)
    job = await desk.job(await desk.picture(no_picture), await desk.picture(no_picture + b"!"))
    async with served(tmp_path, desk.clock) as server, connected(server.url) as runcomfy:
        result = await desk.send(job, runcomfy.provider)
        assert len(server.posts) == 1
    assert isinstance(result, Moved)
    assert result.job.state is State.FAILED
    assert result.job.failure in {FailureReason.INPUT_REFUSED, FailureReason.PICTURE_REFUSED}
    assert "HTTP 422" in caplog.text
    for quoted in ("Y2FuYXJ5", "canarycanary", "base64"):
        assert quoted not in caplog.text
        assert quoted not in result.job.model_dump_json()


@asynccontextmanager
async def cutting_off(*, after_bytes: int) -> AsyncGenerator[tuple[str, list[int]]]:
    """A service that hangs up in the middle of a body; how much it had of each request."""
    had = list[int]()

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        had.append(len(await reader.readexactly(after_bytes)))
        writer.transport.abort()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", had


async def test_a_connection_that_breaks_in_the_middle_of_a_body_is_unknown_and_never_sent_again(
    desk: Desk,
) -> None:
    job = await desk.job(await desk.picture(a_jpeg()))
    async with cutting_off(after_bytes=64 * 1024) as (url, had), connected(url) as runcomfy:
        result = await desk.send(job, runcomfy.provider)
        assert isinstance(result, Moved)
        assert result.job.state is State.UNSURE
        assert isinstance(await desk.send(job, runcomfy.provider), Overtaken)
        assert had == [64 * 1024]


async def test_a_connection_that_is_refused_has_sent_nothing_and_waits(
    desk: Desk, tmp_path: Path
) -> None:
    job = await desk.job(await desk.picture(a_jpeg()))
    async with cutting_off(after_bytes=0) as (closed, _):
        pass
    async with connected(closed) as runcomfy:
        result = await desk.send(job, runcomfy.provider)
    assert isinstance(result, HeldBack)
    assert (result.job.state, result.job.held_because) == (State.WAITING, HoldReason.UNREACHABLE)
    async with served(tmp_path, desk.clock) as server, connected(server.url) as runcomfy:
        again = await desk.send(result.job, runcomfy.provider)
        assert len(server.posts) == 1
    assert isinstance(again, Moved)
    assert again.job.state is State.QUEUED

"""The showcase: of all who show a video at once one does, and what breaks off is finished."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.job import Job, State
from bot.domain.lifecycle import CardDeleted
from bot.domain.ports import LocalFile, NotPresented, Presented, PresentOutcome, Trouble
from bot.domain.showcase import (
    TRY_FOR,
    NotPosted,
    Posted,
    PostState,
    PostTrouble,
    ShareRefusal,
    ShowcasePost,
)
from bot.features.servers.servers import ServerRows, Servers
from bot.features.showcase.showcase import (
    LEFT_ALONE_FOR,
    Coming,
    InShowcase,
    NotShown,
    Showcase,
    Starred,
)
from bot.features.showcase.showcase_rows import ShowcaseRows
from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock
from tests.domain.samples import A_VIDEO, HERE, a_job

GUILD = HERE.guild_id or 0
CHANNEL = 4_321
GONE = NotPosted(PostTrouble.CHANNEL_GONE)
CLOSED = NotPosted(PostTrouble.CLOSED)
SILENT = NotPosted(PostTrouble.PASSING)


class NotingShowcase:
    """A channel that keeps what is posted in it, and answers as told."""

    def __init__(self) -> None:
        self.messages: dict[int, str] = {}
        self.asked = 0
        self.answers: list[NotPosted] = []
        self.deletions: list[PresentOutcome] = []
        self.counted: list[tuple[int, bool]] = []
        self.told: list[NotPosted] = []
        self.search_ends: NotPosted | None = None
        self.dies_before_it_is_told = False
        self.was_asked, self.may_answer = asyncio.Event(), asyncio.Event()
        self.may_answer.set()

    async def show(
        self, job: Job, post: ShowcasePost, file: LocalFile | None, *, stars: int
    ) -> Posted | NotPosted:
        del post, file, stars
        self.asked += 1
        self.was_asked.set()
        await self.may_answer.wait()
        if self.answers:
            return self.answers.pop(0)
        # A repeat within minutes is the same message.
        there = (number for number, job_id in self.messages.items() if job_id == job.id)
        number = next(there, 100 + len(self.messages))
        self.messages[number] = job.id
        if self.dies_before_it_is_told:
            raise ConnectionAbortedError
        return Posted(number)

    async def is_open(self, job: Job, channel_id: int) -> bool:
        del job, channel_id
        return True

    async def find(self, post: ShowcasePost) -> Posted | NotPosted | None:
        if self.search_ends is not None:
            return self.search_ends
        found = (number for number, job_id in self.messages.items() if job_id == post.job_id)
        return next((Posted(number) for number in found), None)

    async def take_down(self, post: ShowcasePost) -> PresentOutcome:
        if self.deletions:
            return self.deletions.pop(0)
        self.messages.pop(post.message_id or 0, None)
        return Presented()

    async def count(self, job: Job, post: ShowcasePost | None, *, stars: int) -> None:
        del job
        self.counted.append((stars, post is not None))

    async def tell_managers(self, post: ShowcasePost, why: NotPosted) -> None:
        del post
        self.told.append(why)


class Process:
    """One process's showcase, over a database and a channel that others use as well."""

    def __init__(self, store: SqlJobStore, room: NotingShowcase, clock: FakeClock) -> None:
        self.store, self.room, self.clock = store, room, clock
        self.servers = Servers(rows=ServerRows(database=store.database), clock=clock)
        self.rows = ShowcaseRows(database=store.database)
        self.showcase = Showcase(
            rows=self.rows,
            jobs=store,
            servers=self.servers,
            room=room,
            showable=nothing_to_attach,
            clock=clock,
        )

    async def decide(self, **settings: Any) -> None:  # noqa: ANN401 - any setting
        chosen = {"showcase_channel_id": CHANNEL, **settings}
        await self.servers.change(GUILD, chosen, by_user_id=1)

    async def a_video(self, number: int = 1, **changes: Any) -> Job:  # noqa: ANN401 - any field
        job = a_job(number, state=State.DELIVERED, told=True)
        job = job.model_copy(update={"media": (A_VIDEO,), "server_id": GUILD, **changes})
        await self.store.add(job)
        return job

    async def state(self, job: Job) -> PostState | None:
        post = await self.rows.post_of(job.id)
        return None if post is None else post.state

    def pass_time(self, by: timedelta) -> None:
        self.clock.move_to(self.clock.now() + by)


@asynccontextmanager
async def nothing_to_attach(job: Job, limit_bytes: int) -> AsyncGenerator[LocalFile | None]:
    """The video cannot be had."""
    del job, limit_bytes
    yield None


@pytest.fixture
async def two(database_url: str) -> AsyncGenerator[Sequence[Process]]:
    """Two processes over one database and one Discord."""
    room, clock = NotingShowcase(), FakeClock()
    async with open_store(database_url) as first, open_store(database_url) as second:
        processes = [Process(first, room, clock), Process(second, room, clock)]
        await processes[0].decide()
        await processes[1].servers.load()
        yield processes


@pytest.fixture
async def one(two: Sequence[Process]) -> Process:
    return two[0]


def author(job: Job) -> Actor:
    return Actor(user_id=job.requester_id, guild_id=GUILD)


def member(number: int) -> Actor:
    return Actor(user_id=9_000 + number, guild_id=GUILD)


MODERATOR = Actor(user_id=8_000, guild_id=GUILD, manages_messages=True)


async def test_of_all_who_share_at_once_one_posts(two: Sequence[Process]) -> None:
    job = await two[0].a_video()
    shares = [process.showcase.share(job.id, author(job)) for process in (*two, *two, *two)]
    answers = await asyncio.gather(*shares)
    assert two[0].room.asked == 1
    assert sum(isinstance(answer, InShowcase) and not answer.before for answer in answers) == 1
    assert all(isinstance(answer, InShowcase | Coming) for answer in answers)
    assert await two[1].state(job) is PostState.SHOWN


async def test_of_all_stars_at_once_each_counts_and_one_brings_it(two: Sequence[Process]) -> None:
    job = await two[0].a_video()
    given = [two[n % 2].showcase.star(job.id, member(n)) for n in range(8)]
    answers = await asyncio.gather(*given)
    assert await two[0].rows.stars_of(job.id) == 8
    assert two[0].room.asked == 1
    assert sum(isinstance(one, Starred) and one.brought is not None for one in answers) == 1
    # The last to draw draws what is there by then.
    assert (8, True) in two[0].room.counted


async def test_two_presses_of_one_person_leave_one_star_or_none(two: Sequence[Process]) -> None:
    job = await two[0].a_video()
    await asyncio.gather(*(process.showcase.star(job.id, member(1)) for process in two))
    assert await two[0].rows.stars_of(job.id) <= 1
    await two[0].showcase.star(job.id, member(2))
    await two[0].showcase.star(job.id, member(2))
    assert await two[0].rows.stars_of(job.id) <= 1


async def test_a_crash_after_the_message_is_repaired_without_a_second_one(
    two: Sequence[Process],
) -> None:
    dying, other = two
    job = await dying.a_video()
    dying.room.dies_before_it_is_told = True
    with pytest.raises(ConnectionAbortedError):
        await dying.showcase.share(job.id, author(job))
    dying.room.dies_before_it_is_told = False
    assert await other.state(job) is PostState.POSTING
    await other.showcase.mend()
    assert await other.state(job) is PostState.POSTING, "it was not left alone for a while"
    other.pass_time(LEFT_ALONE_FOR * 2)
    await asyncio.gather(*(process.showcase.mend() for process in two))
    assert await other.state(job) is PostState.SHOWN
    assert len(other.room.messages) == 1


async def test_a_crash_before_the_message_is_repaired_by_one_process(
    two: Sequence[Process],
) -> None:
    job = await two[0].a_video()
    assert await two[0].rows.begin(job, CHANNEL, two[0].clock.now(), over=())
    two[0].pass_time(LEFT_ALONE_FOR * 2)
    await asyncio.gather(*(process.showcase.mend() for process in two))
    assert list(two[0].room.messages.values()) == [job.id]
    assert await two[0].state(job) is PostState.SHOWN


async def test_while_discord_is_silent_it_is_tried_again_for_a_day(one: Process) -> None:
    job = await one.a_video()
    one.room.answers = [SILENT] * 100
    assert await one.showcase.share(job.id, author(job)) == Coming(CHANNEL)
    one.pass_time(LEFT_ALONE_FOR * 2)
    one.room.search_ends = SILENT
    await one.showcase.mend()
    assert one.room.asked == 1, "it may be there already"
    one.room.search_ends = None
    one.pass_time(LEFT_ALONE_FOR * 2)
    await one.showcase.mend()
    assert one.room.asked == 2
    one.pass_time(TRY_FOR)
    await one.showcase.mend()
    assert await one.state(job) is PostState.REFUSED
    one.room.answers = []
    assert isinstance(await one.showcase.share(job.id, author(job)), InShowcase)


async def test_what_is_deleted_while_it_is_posted_leaves_no_post(one: Process) -> None:
    job = await one.a_video()
    one.room.may_answer.clear()
    sharing = asyncio.ensure_future(one.showcase.share(job.id, author(job)))
    await one.room.was_asked.wait()
    assert await one.showcase.withdraw(job.id) is None
    one.room.may_answer.set()
    assert await sharing == Coming(CHANNEL)
    assert one.room.messages == {}
    assert await one.state(job) is None


async def test_what_another_process_found_while_it_is_posted_stays_the_one_post(
    two: Sequence[Process],
) -> None:
    slow, other = two
    job = await slow.a_video()
    slow.room.may_answer.clear()
    sharing = asyncio.ensure_future(slow.showcase.share(job.id, author(job)))
    await slow.room.was_asked.wait()
    slow.room.messages[100] = job.id
    other.pass_time(LEFT_ALONE_FOR * 2)
    await other.showcase.mend()
    slow.room.may_answer.set()
    assert await sharing == Coming(CHANNEL)
    assert slow.room.messages == {100: job.id}
    assert await other.state(job) is PostState.SHOWN


async def test_two_processes_that_withdraw_a_video_at_once_both_see_it_gone(
    two: Sequence[Process],
) -> None:
    job = await two[0].a_video()
    await two[0].showcase.share(job.id, author(job))
    withdrawn = await asyncio.gather(*(one.showcase.withdraw(job.id) for one in two))
    assert withdrawn == [None, None]
    assert two[0].room.messages == {}
    assert await two[0].state(job) is None


async def test_what_was_deleted_meanwhile_is_not_brought_by_the_repair(one: Process) -> None:
    job = await one.a_video()
    await one.rows.begin(job, CHANNEL, one.clock.now(), over=())
    await one.store.move(job, CardDeleted(), one.clock.now())
    one.pass_time(LEFT_ALONE_FOR * 2)
    await one.showcase.mend()
    assert one.room.asked == 0
    assert await one.state(job) is None


async def test_a_refusal_is_told_and_may_be_repeated(one: Process) -> None:
    job = await one.a_video()
    one.room.answers = [GONE]
    assert await one.showcase.share(job.id, author(job)) == NotShown(CHANNEL, GONE)
    assert isinstance(await one.showcase.share(job.id, author(job)), InShowcase)


async def test_managers_hear_once_a_day_why_stars_bring_nothing(one: Process) -> None:
    await one.decide(showcase_stars=1)
    jobs = [await one.a_video(number) for number in (1, 2, 3)]
    one.room.answers = [GONE] * 4
    for job in jobs[:2]:
        await one.showcase.star(job.id, member(1))
    assert one.room.told == [GONE]
    await one.showcase.star(jobs[0].id, member(2))
    assert one.room.asked == 2, "a star tried again at once"
    one.pass_time(timedelta(days=2))
    await one.showcase.star(jobs[0].id, member(3))
    assert one.room.asked == 3
    assert one.room.told == [GONE, GONE]


async def test_what_discord_does_not_delete_now_goes_later(one: Process) -> None:
    job = await one.a_video()
    await one.showcase.share(job.id, author(job))
    one.room.deletions = [NotPresented(Trouble.PASSING)]
    refused = await one.showcase.take_back(job.id, author(job))
    assert refused == Denied(ShareRefusal.NOT_NOW)
    assert await one.state(job) is PostState.TAKING_BACK
    one.pass_time(LEFT_ALONE_FOR * 2)
    await one.showcase.mend()
    assert one.room.messages == {}
    assert await one.state(job) is PostState.TAKEN_BACK


async def test_what_stands_in_a_closed_channel_is_not_said_to_be_gone(one: Process) -> None:
    job = await one.a_video()
    await one.showcase.share(job.id, author(job))
    one.room.deletions = [NotPresented(Trouble.PLACE_CLOSED)] * 2
    refused = await one.showcase.take_back(job.id, author(job))
    assert refused == Denied(ShareRefusal.OUT_OF_REACH)
    one.pass_time(LEFT_ALONE_FOR * 2)
    await one.showcase.mend()
    assert await one.state(job) is PostState.TAKING_BACK, "the channel was still closed"
    one.pass_time(LEFT_ALONE_FOR * 2)
    await one.showcase.mend()
    assert await one.state(job) is PostState.TAKEN_BACK
    assert one.room.messages == {}


@pytest.mark.parametrize(
    ("found", "refusal"),
    [(SILENT, ShareRefusal.NOT_NOW), (CLOSED, ShareRefusal.OUT_OF_REACH)],
)
async def test_a_post_that_cannot_be_looked_for_is_not_said_to_be_gone(
    one: Process, found: NotPosted, refusal: ShareRefusal
) -> None:
    job = await one.a_video()
    post = await one.rows.begin(job, CHANNEL, one.clock.now(), over=())
    assert post is not None
    await one.rows.move(post, PostState.TAKING_BACK, one.clock.now())
    one.room.search_ends = found
    assert await one.showcase.take_back(job.id, author(job)) == Denied(refusal)
    assert await one.state(job) is PostState.TAKING_BACK


async def test_a_deleted_video_whose_showcase_is_closed_leaves_it_later(one: Process) -> None:
    job = await one.a_video()
    await one.showcase.share(job.id, author(job))
    one.room.deletions = [NotPresented(Trouble.PLACE_CLOSED)]
    assert await one.showcase.withdraw(job.id) is Trouble.PLACE_CLOSED
    await one.store.move(job, CardDeleted(), one.clock.now())
    one.pass_time(LEFT_ALONE_FOR * 2)
    await one.showcase.mend()
    assert one.room.messages == {}
    assert await one.state(job) is PostState.TAKEN_BACK


async def test_a_moderator_takes_it_out_for_good(one: Process) -> None:
    job = await one.a_video()
    await one.showcase.share(job.id, author(job))
    assert await one.showcase.standing(job, author(job)) is PostState.SHOWN
    assert await one.showcase.standing(job, member(1)) is None
    await one.showcase.take_back(job.id, MODERATOR)
    taken_out = await one.showcase.share(job.id, author(job))
    assert taken_out == Denied(ShareRefusal.TAKEN_OUT)
    assert await one.showcase.standing(job, author(job)) is None
    assert await one.showcase.standing(job, MODERATOR) is PostState.REFUSED


async def test_an_authors_posts_go_with_them(one: Process) -> None:
    mine, others = await one.a_video(1), await one.a_video(2, requester_id=5)
    for job in (mine, others):
        await one.showcase.share(job.id, author(job))
    await one.showcase.star(mine.id, member(1))
    await one.showcase.forget_author(mine.requester_id)
    assert list(one.room.messages.values()) == [others.id]
    assert await one.rows.stars_of(mine.id) == 0


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"private": True}, ShareRefusal.PRIVATE),
        ({"place": HERE.model_copy(update={"guild_id": None})}, ShareRefusal.PRIVATE),
        ({"place": HERE.model_copy(update={"ephemeral": True})}, ShareRefusal.PRIVATE),
        ({"deleted": True}, ShareRefusal.GONE),
        ({"erased": True}, ShareRefusal.GONE),
        ({"media": ()}, ShareRefusal.NO_VIDEO),
        ({"state": State.RENDERED, "told": False}, ShareRefusal.NO_VIDEO),
        ({"server_id": 77}, ShareRefusal.ELSEWHERE),
    ],
)
async def test_what_is_not_public_or_not_there_is_not_shown(
    one: Process, changes: dict[str, Any], refusal: ShareRefusal
) -> None:
    job = await one.a_video(**changes)
    assert await one.showcase.share(job.id, author(job)) == Denied(refusal)
    assert await one.showcase.star(job.id, member(1)) == Denied(refusal)
    assert one.room.asked == 0


@pytest.mark.parametrize("is_what", [{"is_bot": True}, {"is_pending": True}])
async def test_bots_and_newcomers_do_nothing(one: Process, is_what: dict[str, Any]) -> None:
    job = await one.a_video()
    actor = Actor(user_id=5, guild_id=GUILD, **is_what)
    assert await one.showcase.star(job.id, actor) == Denied(ShareRefusal.NOT_ALLOWED)
    assert await one.showcase.share(job.id, actor) == Denied(ShareRefusal.NOT_ALLOWED)


async def test_of_what_is_unknown_nothing_is_done(one: Process) -> None:
    unknown = Denied(ShareRefusal.UNKNOWN)
    assert await one.showcase.star("nothing", MODERATOR) == unknown
    assert await one.showcase.share("nothing", MODERATOR) == unknown
    assert await one.showcase.take_back("nothing", MODERATOR) == unknown
    assert await one.showcase.withdraw("nothing") is None
    job = await one.a_video()
    not_shown = await one.showcase.take_back(job.id, author(job))
    assert not_shown == Denied(ShareRefusal.NOT_SHOWN)

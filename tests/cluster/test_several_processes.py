"""Several real processes over one PostgreSQL: killed, frozen, cut off and updated, none lost."""

import asyncio
import signal
from pathlib import Path

import psycopg

from bot.domain.job import State
from bot.domain.outcomes import FailureReason
from tests.cluster.crowd import a_crowd, outage, wishes
from tests.databases import PostgresServer


async def test_one_of_three_is_killed_and_its_jobs_go_on(tmp_path: Path, postgres_url: str) -> None:
    async with a_crowd(tmp_path, postgres_url) as crowd:
        doomed = await crowd.join(wishes(20, first=1000, with_picture=True))
        await crowd.join(wishes(20, first=2000, with_picture=True))
        await crowd.join(wishes(20, first=3000))
        await doomed.until("answered", times=4)
        assert await doomed.kill() == -signal.SIGKILL
        # What it had not yet asked for was never asked; what it had is the others' now.
        await crowd.until(
            lambda states: (
                states.total() > 40
                and states[State.DELIVERED] + states[State.UNSURE] == states.total()
            )
        )
        bought = [post.prompt for post in crowd.posts]
        assert len(bought) == len(set(bought))
        # Whichever process sends it, it has the picture that the first one kept.
        assert {post.prompt: post.pictures for post in crowd.posts} == {
            job.request.prompt: tuple(picture.digest for picture in job.request.frames.values())
            for job in await crowd.jobs()
            if job.request.prompt in bought and job.failure is not FailureReason.NOT_CONFIRMED
        }
        assert sum(bool(post.pictures) for post in crowd.posts) > 20
        pings = [letter for letter in crowd.letters if letter.what == "ping"]
        # One whose sender was killed before it was written down comes again from another process,
        # under the same nonce, by which Discord knows it.
        assert len({(ping.job, ping.life) for ping in pings}) == len(pings)
        assert len({ping.nonce for ping in pings}) == len({ping.job for ping in pings})


async def test_a_process_that_froze_in_mid_post_is_rescued_and_not_bought_again(
    tmp_path: Path, postgres_url: str
) -> None:
    async with a_crowd(tmp_path, postgres_url) as crowd:
        sleeper = await crowd.join(wishes(1, kind="pondering"))
        await sleeper.until("post")
        sleeper.freeze()
        await crowd.join()
        await crowd.until(lambda states: states[State.UNSURE] == 1)
        sleeper.thaw()
        await crowd.until_delivered(1)
        assert len(crowd.posts) == 1


async def test_the_database_is_away_for_a_while_and_nothing_is_lost(
    tmp_path: Path, postgres: PostgresServer, postgres_url: str
) -> None:
    async with a_crowd(tmp_path, postgres_url) as crowd:
        await crowd.join(wishes(15, first=1000, over_s=0.3))
        await crowd.join(wishes(15, first=2000, over_s=0.3))
        await crowd.until_asked(30)
        async with outage(postgres_url, postgres.admin_url):
            await asyncio.sleep(25)
        await crowd.until_delivered(30)
        bought = [post.prompt for post in crowd.posts]
        assert len(bought) == len(set(bought)) == 30


async def test_a_database_that_answers_nobody_for_a_while_loses_nothing(
    tmp_path: Path, postgres_url: str
) -> None:
    """Every connection of every pool waits for the same lock."""
    async with a_crowd(tmp_path, postgres_url) as crowd:
        await crowd.join(wishes(20, over_s=0.3))
        await crowd.until_asked(20)
        async with await psycopg.AsyncConnection.connect(postgres_url) as hog:
            await hog.execute("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE")
            await asyncio.sleep(8)
        await crowd.until_delivered(20)
        bought = [post.prompt for post in crowd.posts]
        assert len(bought) == len(set(bought)) == 20


async def test_a_rolling_update_delays_no_delivery(tmp_path: Path, postgres_url: str) -> None:
    """Nobody is ever taken for dead, so what a worker does not hand on is never delivered."""
    async with a_crowd(tmp_path, postgres_url, dead_after_s=3_600) as crowd:
        asking = await crowd.join(wishes(60, over_s=12))
        old = [await crowd.join(), await crowd.join()]
        await crowd.until_asked(1)
        for worker in old:
            await crowd.join()
            await crowd.until_at_work(4)
            assert await worker.stop() == 0
        await crowd.until_delivered(60)
        assert await asking.stop() == 0
        assert len(crowd.posts) == 60
        assert len(crowd.delays(await crowd.jobs())) == 60

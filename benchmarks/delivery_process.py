"""`python -m benchmarks.delivery_process`: the bot without the gateway, delivering what it is told.

It says when it is ready. On standard input comes a request's id; when that is delivered, it says by
how much its memory rose. With a second word on the line, it only begins, and says nothing.
"""

import asyncio
import gc
import sys
from functools import partial
from random import SystemRandom

import discord
from discord.http import Route

from benchmarks.process_figures import forget_peak, memory_bytes, peak_bytes
from benchmarks.seeding import a_rendering_job, number_of
from bot.app.foundation import open_foundation
from bot.domain.clock import SystemClock
from bot.domain.job import State
from bot.domain.preferences import Notify
from bot.features.films import job_before
from bot.features.library.library_rows import is_first_job
from bot.languages.language import load_languages
from bot.observability.garbage import collect_seldom
from bot.runner.engine import EmbeddedEngine
from bot.settings import Problems, load_settings
from bot.storage import SqlJobStore
from bot.ui.announcer import DiscordAnnouncer


async def by_a_mention(user_id: int, guild_id: int | None) -> Notify:
    """A short message beside the card, as if nothing was chosen."""
    del user_id, guild_id
    return Notify.MENTION


async def main() -> None:
    """Deliver one job after the other until the standard input ends."""
    settings = load_settings(env_file=None)
    if isinstance(settings, Problems):
        raise SystemExit("\n".join(settings.sentences))
    Route.BASE = f"{settings.runcomfy_api_url}/api/v10"
    clock, random = SystemClock(), SystemRandom()
    async with (
        open_foundation(settings, clock=clock, random=random) as ground,
        discord.Client(intents=discord.Intents.none()) as client,
    ):
        await client.login(settings.discord_token.get_secret_value())
        announcer = DiscordAnnouncer(
            client=client,
            languages=load_languages(),
            clock=clock,
            forecasts=ground.forecasts,
            notify_of=by_a_mention,
            before_of=partial(job_before, ground.store),
            is_first=partial(is_first_job, ground.store.database),
            servers=ground.servers,
        )
        engine = EmbeddedEngine(
            store=ground.store,
            watch=ground.workshop(announcer).watch,
            clock=clock,
            random=random,
            drain_timeout_s=1,
        )
        await engine.start()
        print("ready", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            request_id, *only_begin = line.split()
            if only_begin:
                await begin(request_id, ground.store, engine)
            else:
                print(await deliver(request_id, ground.store, engine), flush=True)
        await engine.stop()


async def begin(request_id: str, store: SqlJobStore, engine: EmbeddedEngine) -> str:
    """Watch one from now on; the job's id."""
    job = a_rendering_job(number_of(request_id), request_id)
    await store.add(job)
    engine.enqueue(job.id)
    return job.id


async def deliver(request_id: str, store: SqlJobStore, engine: EmbeddedEngine) -> int:
    """Deliver one; the bytes by which memory rose above where it was."""
    gc.collect()
    forget_peak()
    idle_bytes = memory_bytes()
    job_id = await begin(request_id, store, engine)
    while await state_of(job_id, store) is not State.DELIVERED:  # noqa: ASYNC110 - a row tells nobody
        await asyncio.sleep(0.02)
    return peak_bytes() - idle_bytes


async def state_of(job_id: str, store: SqlJobStore) -> State | None:
    """Where a job stands."""
    job = await store.get(job_id)
    return None if job is None else job.state


if __name__ == "__main__":
    collect_seldom()  # as the bot does before it serves
    asyncio.run(main())

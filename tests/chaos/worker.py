"""`python -m tests.chaos.worker`: the bot without Discord's client, to be killed at any moment.

Its orders come on standard input; on standard output it says what it is about to do.
"""

import asyncio
import hashlib
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.actor import Actor
from bot.domain.clock import SystemClock
from bot.domain.denied import Denied
from bot.domain.forecast import Forecasts
from bot.domain.generation.picture import Picture
from bot.domain.generation.request import GenerationRequest
from bot.domain.job import JobId, Place, Reach, State
from bot.domain.line import AtOnce
from bot.domain.money.policy import DeclineReason, OperatorLimits
from bot.domain.money.price import Prices
from bot.domain.outcomes import CancelOutcome, FailureReason, Sighting, SubmitOutcome
from bot.domain.ports import NO_FRAMES, Clock, Frames, Provider, StoreUnavailable
from bot.features.admission import Admission
from bot.features.ordering import Asked, AskedBefore, AskOutcome, AskUnclear, Ordering
from bot.features.pictures import Pictures
from bot.features.servers.key_ring import KeyRing
from bot.features.servers.server_keys import KeyEncryption, KeyRows
from bot.features.servers.servers import ServerRows, Servers
from bot.observability.logs import configure_logging, keep_out_of_logs
from bot.runcomfy.connect import connect_runcomfy
from bot.runner.cluster import ClusterEngine, Rhythm
from bot.runner.engine import EmbeddedEngine
from bot.runner.files.keeper import FileKeeper
from bot.runner.line import Line
from bot.runner.polling import Polling
from bot.runner.watch import Workshop
from bot.runner.watches import WatchJob
from bot.storage import SqlJobStore, default_database_url, open_store
from bot.storage.data_lock import locked
from bot.storage.ledger import SqlLedger
from bot.storage.tables.jobs import pictures
from bot.storage.timings import last_times
from bot.storage.upserts import insert_unless_there
from tests.chaos.distant_discord import DistantDiscord, Say
from tests.chaos.hastened import HastenedClock
from tests.chaos.records import Orders, Wish
from tests.chaos.service import API_KEY, VANISHED, kind_of, picture_of

MIB = 1024 * 1024
AT_ONCE = 1_000
POLLS_PER_SECOND = 100
HASTENED = Rhythm(heartbeat_s=0.5, dead_after_s=3.0, round_s=15.0, fetch_s=0.2)
"""As the usual one, in a world where seconds are shorter; `round_s` is in those."""
ASKED_AGAIN_AFTER_S = 0.5
WIDENED_S = 0.01
"""The moments around the POST are drawn out by up to this, so that more kills hit them."""


class WitnessedProvider:
    """The Provider port: the real one, saying when a POST is about to leave and was answered."""

    def __init__(self, *, inner: Provider, random: Random, say: Say) -> None:
        self._inner = inner
        self._random = random
        self._say = say

    async def submit(self, request: GenerationRequest, frames: Frames = NO_FRAMES) -> SubmitOutcome:
        self._say("row")
        await asyncio.sleep(self._random.uniform(0, WIDENED_S))
        self._say("post")
        outcome = await self._inner.submit(request, frames)
        self._say("answered")
        await asyncio.sleep(self._random.uniform(0, WIDENED_S))
        return outcome

    async def look(self, request_id: str) -> Sighting:
        return await self._inner.look(request_id)

    async def cancel(self, request_id: str) -> CancelOutcome:
        return await self._inner.cancel(request_id)


@dataclass(frozen=True)
class Desk:
    """Where a person asks for a video, as the command does."""

    admission: Admission
    ordering: Ordering


@asynccontextmanager
async def assembled(
    orders: Orders, discord: DistantDiscord, random: Random
) -> AsyncGenerator[tuple[Desk, EmbeddedEngine | ClusterEngine, SqlJobStore]]:
    """The same parts in the same order as in the bot's own composition root."""
    clock = HastenedClock(start=orders.clock_start, factor=orders.hastened_by)
    data_dir = orders.folder / orders.data
    async with AsyncExitStack() as stack:
        stack.enter_context(locked(data_dir))
        database_url = orders.database_url or default_database_url(data_dir)
        store = await stack.enter_async_context(open_store(database_url))
        runcomfy = await stack.enter_async_context(
            connect_runcomfy(
                api_url=orders.service_url,
                api_key=SecretStr(API_KEY),
                file_hosts=("127.0.0.1",),
                max_download_bytes=MIB,
                proxy_url=None,
            )
        )
        files = FileKeeper(spool_dir=data_dir / "spool", archive=None)
        await files.clear(keep=await store.unfinished_ids())
        provider = WitnessedProvider(inner=runcomfy.provider, random=random, say=say)
        keyring = KeyRing(
            operator=provider,
            keys=KeyRows(database=store.database),
            encryption=KeyEncryption(()),
            connect=runcomfy.with_key,
            keep_secret=keep_out_of_logs,
            clock=clock,
        )
        workshop = Workshop(
            store=store,
            providers=keyring,
            line=Line(
                store=store, clock=clock, at_once=AT_ONCE, limits_of=lambda _guild_id: AtOnce()
            ),
            media_source=runcomfy.media_source,
            announcer=discord,
            clock=clock,
            random=random,
            files=files,
            copier=None,
            polling=Polling(
                forecasts=Forecasts(last_times=partial(last_times, store.database), clock=clock),
                clock=clock,
                per_second=POLLS_PER_SECOND,
            ),
            picture_bytes=Pictures(database=store.database, clock=clock).bytes_of,
        )
        engine = engine_over(orders, store=store, watch=workshop.watch, clock=clock, random=random)
        admission = Admission(
            jobs=store,
            servers=Servers(rows=ServerRows(database=store.database), clock=clock),
            keys=keyring,
            ledger=SqlLedger(database=store.database),
            limits=OperatorLimits(),
            prices=Prices(),
            clock=clock,
            random=random,
        )
        ordering = Ordering(
            store=store,
            providers=keyring,
            admission=admission,
            engine=engine,
            clock=clock,
        )
        stack.push_async_callback(engine.stop)
        stack.callback(admission.close)
        yield Desk(admission, ordering), engine, store


def engine_over(
    orders: Orders, *, store: SqlJobStore, watch: WatchJob, clock: Clock, random: Random
) -> EmbeddedEngine | ClusterEngine:
    if orders.database_url is None:
        return EmbeddedEngine(
            store=store,
            watch=watch,
            clock=clock,
            random=random,
            drain_timeout_s=orders.drain_timeout_s,
        )
    return ClusterEngine(
        store=store,
        watch=watch,
        clock=clock,
        random=random,
        drain_timeout_s=orders.drain_timeout_s,
        conninfo=orders.database_url,
        rhythm=replace(
            Rhythm() if orders.hastened_by == 1 else HASTENED,
            **({} if orders.dead_after_s is None else {"dead_after_s": orders.dead_after_s}),
        ),
    )


async def live(orders: Orders) -> None:
    """One life: take up what is there, ask for what is wished, go on until SIGTERM."""
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    random = Random(orders.seed)  # noqa: S311 - jitter
    discord = DistantDiscord(orders=orders, random=random, say=say)
    async with assembled(orders, discord, random) as (desk, engine, store):
        await engine.start()
        await asyncio.gather(*(ask(wish, desk, store, discord) for wish in orders.wishes))
        while not stopping.is_set():
            if not engine.watching and await is_idle(store):
                say("idle")
            await SystemClock().sleep(0.02, wake=stopping)


async def is_idle(store: SqlJobStore) -> bool:
    """Whether no job needs work; while the database is away nobody knows."""
    try:
        return not await store.unfinished()
    except StoreUnavailable:
        return False


async def ask(wish: Wish, desk: Desk, store: SqlJobStore, discord: DistantDiscord) -> None:
    """As a person does it: what was not taken, and cost nothing, is asked for again.

    Under the same interaction, which such a row gives up: the next life asks under it as well.
    """
    await asyncio.sleep(wish.after_s)
    picture = await picture_in(wish, store) if wish.with_picture else None
    while True:
        asked = await ask_once(wish, desk, discord, picture)
        match asked:
            case Asked(job) | AskedBefore(job) | AskUnclear(job):
                if await is_taken(job.id, store):
                    return
            case Denied(why):
                assert why is DeclineReason.STORE_DOWN
        await asyncio.sleep(ASKED_AGAIN_AFTER_S)


async def picture_in(wish: Wish, store: SqlJobStore) -> Picture:
    """The picture of a wish, kept before it is asked for as the command does it.

    It is laid down as it is: to make one fit to be sent takes a process and most of a life.
    """
    data = picture_of(wish.prompt)
    digest, kind = hashlib.sha256(data).hexdigest(), "image/jpeg"
    row = {"digest": digest, "media_type": kind, "data": data, "used_at": SystemClock().now()}

    async def lay_down(connection: AsyncConnection) -> None:
        first = insert_unless_there(connection.dialect.name, pictures)
        await connection.execute(first.values(row))

    while kind_of(wish.prompt) != VANISHED:
        try:
            await store.database.transact(lay_down)
        except StoreUnavailable:
            await asyncio.sleep(ASKED_AGAIN_AFTER_S)
        else:
            break
    return Picture(digest=digest, media_type=kind, width_px=300, height_px=300)


async def is_taken(job_id: JobId, store: SqlJobStore) -> bool:
    """What its card says in the end: that it goes on, or that it was never confirmed."""
    while True:
        try:
            job = await store.get(job_id)
        except StoreUnavailable:
            job = None
        if job is not None and job.state is not State.ASKED:
            return job.failure is not FailureReason.NOT_CONFIRMED
        await asyncio.sleep(ASKED_AGAIN_AFTER_S)


async def ask_once(
    wish: Wish, desk: Desk, discord: DistantDiscord, picture: Picture | None
) -> AskOutcome:
    """As the command does it: the card is the acknowledgement, and then the row is written."""
    admitted = await desk.admission.admit(
        GenerationRequest(prompt=wish.prompt, start_frame=picture),
        Actor(user_id=1, guild_id=1),
        interaction_id=wish.interaction_id,
        private=False,
        locale="en",
    )
    if isinstance(admitted, Denied):
        return admitted
    place = Place(
        channel_id=1,
        message_id=wish.interaction_id,
        guild_id=1,
        reach=Reach.BOT,
        upload_limit_bytes=MIB,
    )
    await discord.open(admitted.placed(place))
    return await desk.ordering.ask(admitted, place)


def say(moment: str) -> None:
    sys.stdout.write(f"{moment}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # Started ahead of time: the imports are over when the orders come. Without any, it ends.
    if line := sys.stdin.readline():
        configure_logging(level="INFO", secrets=())
        say("born")
        asyncio.run(live(Orders.model_validate_json(line)))

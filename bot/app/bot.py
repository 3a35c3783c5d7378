"""Builds the bot on Discord, and closes it in reverse."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Final

from aiohttp import TraceConfig
from sqlalchemy import make_url

from bot.app.command_registration import CommandRegistration
from bot.app.foundation import (
    Foundation,
    database_url,
    ground_of,
    locked_ground,
    open_foundation,
)
from bot.app.owner import owner_news
from bot.app.services import services_of
from bot.client import KlingBot
from bot.domain.clock import ServiceTime, SystemClock
from bot.domain.ports import Clock
from bot.domain.servers import NEWS
from bot.features.drain import Farewell, drain_so_far, end_drain, mind_drain
from bot.features.films import job_before
from bot.features.library.library_rows import is_first_job
from bot.features.owner.owner_news import OwnerNews
from bot.features.preferences import People, notify_of
from bot.features.retention import STEPS, DailyRun, Ground, Pruned
from bot.features.terminal_jobs import GENERATED, AnnouncerByPlace, FolderAnnouncer
from bot.languages.language import load_languages
from bot.languages.translation import CatalogueTranslator
from bot.observability.date_headers import hear_dates
from bot.observability.garbage import collect_if_due
from bot.observability.metrics.server import served
from bot.runcomfy.live_prices import LivePrices
from bot.runner.engine import EmbeddedEngine
from bot.runner.tasks import Housekeeping, going_on
from bot.runner.watches import WatchJob
from bot.settings import Settings
from bot.storage import SqlJobStore
from bot.storage.engine import conninfo
from bot.ui.announcer import DiscordAnnouncer
from bot.ui.key_news import DiscordManagers
from bot.ui.operator_news import OperatorNews
from bot.ui.server_rooms import ServerRooms

if TYPE_CHECKING:
    from bot.observability.metrics.monitor import Monitor
    from bot.runner.cluster import ClusterEngine

_NO_PRICES: Final = "couldn't read the catalogue's prices"
_PRICES_AWAITED_S: Final = 5.0

Stopping = Callable[[object, BaseException | None, object], Awaitable[None]]
"""What to do on leaving, given the error that caused it; None after a stop on request."""


@dataclass(frozen=True, slots=True)
class App:
    """What `bot.app.run` runs."""

    bot: KlingBot
    registration: CommandRegistration
    engine: "EmbeddedEngine | ClusterEngine"
    store: SqlJobStore
    monitor: "Monitor | None"


@asynccontextmanager
async def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    random: Random | None = None,
    client: type[KlingBot] = KlingBot,
) -> AsyncGenerator[App]:
    """Build the bot, not yet logged in; on leaving, drain it and close everything in reverse.

    Raises:
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
        DataFolderInUse: another process works on the same data folder or database file.
        CannotListen: METRICS_ADDR cannot be used.
    """
    # A given clock is not checked against the services.
    service_time = ServiceTime() if clock is None else None
    clock = clock or SystemClock(service_time)
    random = random or SystemRandom()
    async with AsyncExitStack() as stack:
        stack.enter_context(locked_ground(settings))
        base = await stack.enter_async_context(
            open_foundation(settings, clock=clock, random=random, service_time=service_time)
        )
        mind_drain(base.servers)
        database = base.store.database
        people = People(database=database)
        await people.load()
        bot = client(languages=load_languages(), http_trace=_http_trace(base))
        await stack.enter_async_context(_monitored(bot, base))
        managers = DiscordManagers(
            client=bot, languages=bot.languages, servers=base.servers, clock=clock
        )
        base.keyring.report_to(managers.key_broke)
        registration = _registration(bot, base)
        rooms = ServerRooms(
            client=bot,
            servers=base.servers,
            pictures=base.pictures,
            languages=bot.languages,
            clock=clock,
        )
        workshop = base.workshop(_announcer(bot, base, people=people), reviews=rooms)
        base.observer.add(_farewell(bot, base, people))
        live_prices = await _prices_at_start(base)
        news = None
        if settings.owner_messages:
            news = owner_news(bot, base, people=people, live_prices=live_prices)
        engine = _engine(
            base,
            watch=workshop.watch,
            housekeeping=_housekeeping(bot, base, managers, live_prices, news),
        )
        bot.services = services_of(bot, base, people=people, engine=engine, rooms=rooms)
        # These close from last to first: refuse orders, drain the jobs, leave Discord.
        stack.push_async_callback(bot.close)
        stack.push_async_exit(_stopping(engine, base))
        stack.callback(bot.services.admission.close)
        if base.monitor is not None:
            stack.callback(base.monitor.stop)
        yield App(bot, registration, engine, store=base.store, monitor=base.monitor)


@asynccontextmanager
async def _monitored(bot: KlingBot, base: Foundation) -> AsyncGenerator[None]:
    if base.monitor is None or base.settings.metrics_addr is None:
        yield
        return
    base.monitor.listen_to(bot)
    async with served(base.monitor, address=base.settings.metrics_addr):
        yield


async def _prices_at_start(base: Foundation) -> LivePrices:
    """Read the prices before any member can order; a service that hangs delays that a little."""
    live_prices = base.live_prices()
    with going_on(_NO_PRICES, expected=(TimeoutError,)):
        async with asyncio.timeout(_PRICES_AWAITED_S):
            await live_prices.run()
    return live_prices


def _stopping(engine: "EmbeddedEngine | ClusterEngine", base: Foundation) -> Stopping:
    async def stop(_: object, error: BaseException | None, __: object) -> None:
        await engine.stop()
        # A process that ends by an error is restarted automatically, even in the middle of a drain.
        if engine.was_last and error is None:
            await end_drain(base.servers)

    return stop


def _registration(bot: KlingBot, base: Foundation) -> CommandRegistration:
    registration = CommandRegistration(
        bot,
        translator=CatalogueTranslator(bot.languages),
        dev_guild_id=base.settings.dev_guild_id,
        clock=base.clock,
    )
    if base.monitor is not None:
        base.monitor.check("commands", registration.why_not_registered)
    return registration


def _daily(base: Foundation, bot: KlingBot) -> DailyRun:
    async def left_servers(_: Ground) -> Pruned:
        return Pruned("servers that were left", await bot.services.privacy.servers_seen(bot.is_in))

    ground = ground_of(base.settings, store=base.store, now=base.clock.now())
    heard = None if base.service_time is None else base.service_time.near
    steps = (*STEPS, left_servers)
    return DailyRun(ground=ground, clock=base.clock, heard=heard, steps=steps)


def _housekeeping(
    bot: KlingBot,
    base: Foundation,
    managers: DiscordManagers,
    live_prices: LivePrices,
    news: OwnerNews | None,
) -> Housekeeping:
    daily = _daily(base, bot)

    async def keep_house() -> None:
        collect_if_due()
        # Another process may have received managers' decisions, such as a pause.
        with going_on("couldn't read what managers decided"):
            await base.servers.load()
            await managers.tell_of_unread(base.servers.unread())
        with going_on(_NO_PRICES):
            await live_prices.run()
        if news is not None:
            with going_on("couldn't tell the owner about all troubles"):
                await news.run()
        with going_on("couldn't finish a showcase's posts"):
            await bot.services.showcase.mend()
        await daily.run()

    return keep_house


def _http_trace(base: Foundation) -> TraceConfig:
    trace = TraceConfig() if base.monitor is None else base.monitor.interactions.trace()
    return trace if base.service_time is None else hear_dates(trace, base.service_time.hear)


def _announcer(bot: KlingBot, base: Foundation, *, people: People) -> AnnouncerByPlace:
    on_discord = DiscordAnnouncer(
        client=bot,
        languages=bot.languages,
        clock=base.clock,
        forecasts=base.forecasts,
        notify_of=partial(notify_of, people, base.servers),
        before_of=partial(job_before, base.store),
        servers=base.servers,
        is_first=partial(is_first_job, base.store.database),
    )
    folder = base.settings.data_dir / GENERATED
    return AnnouncerByPlace(terminal=FolderAnnouncer(folder=folder), otherwise=on_discord)


def _engine(
    base: Foundation, *, watch: WatchJob, housekeeping: Housekeeping
) -> "EmbeddedEngine | ClusterEngine":
    """The embedded engine over SQLite, the shared one over PostgreSQL."""
    url = database_url(base.settings)
    drain_timeout_s = float(base.settings.drain_timeout_s)
    if make_url(url).get_backend_name() == "sqlite":
        return EmbeddedEngine(
            store=base.store,
            watch=watch,
            clock=base.clock,
            random=base.random,
            drain_timeout_s=drain_timeout_s,
            housekeeping=housekeeping,
        )
    from bot.runner.cluster import ClusterEngine  # noqa: PLC0415 - procrastinate is an extra

    return ClusterEngine(
        store=base.store,
        watch=watch,
        clock=base.clock,
        random=base.random,
        drain_timeout_s=drain_timeout_s,
        conninfo=conninfo(url),
        housekeeping=housekeeping,
        news={NEWS: base.servers.heard_of},
    )


def _farewell(bot: KlingBot, base: Foundation, people: People) -> Farewell:
    """Tells the operator who drains the bot when it is safe to stop."""
    news = OperatorNews(client=bot, languages=bot.languages, people=people, clock=base.clock)
    return Farewell(
        servers=base.servers,
        so_far=lambda: drain_so_far(base.store.database, base.clock.now()),
        tell=news.safe_to_stop,
    )

"""The composition root: builds everything, and closes it in reverse."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from random import Random, SystemRandom

from aiohttp import TraceConfig

from bot.app.command_registration import CommandRegistration
from bot.app.engines import RunningEngine, engine_for
from bot.app.foundation import Foundation, copier_of, ground_of, laid_foundation, locked_ground
from bot.app.operated import farewell, managers_of, operations
from bot.client import KlingBot
from bot.domain.clock import ServiceTime, SystemClock
from bot.domain.ports import Clock, Engine
from bot.features.allowance import AllowanceDesk
from bot.features.draining import end_drain, mind_drain, with_farewell
from bot.features.erasure import Eraser
from bot.features.library import Library
from bot.features.library_store import SqlLibrary
from bot.features.notifications import Notifying
from bot.features.ordering import Desk
from bot.features.preferences import Personal
from bot.features.preferences_store import SqlPending, SqlPreferences
from bot.features.privacy import PersonalData
from bot.features.privacy_store import SqlPrivacy
from bot.features.refetching import Refetcher
from bot.features.reports import Reports
from bot.features.retention import STEPS, DailyRun, Ground, Pruned
from bot.features.reviews import Reviews
from bot.features.server_settings import ManagerDesk
from bot.features.spending import SpendingDesk
from bot.features.spending_store import SqlSpending
from bot.features.storyboards import Storyboards
from bot.features.storyboards_store import SqlDraftStore
from bot.features.styles import Styles
from bot.features.terminal_jobs import GENERATED, AnnouncerByPlace, FolderAnnouncer
from bot.languages.language import load_languages
from bot.languages.translation import CatalogueTranslator
from bot.observability.date_headers import hear_dates
from bot.observability.metrics.monitor import Monitor
from bot.observability.metrics.server import served
from bot.observability.observed import observed
from bot.observability.tracing import traced
from bot.runner.going_on import going_on
from bot.settings import Settings
from bot.storage import SqlJobStore
from bot.storage.ledger import SqlLedger
from bot.ui.announcer import DiscordAnnouncer
from bot.ui.context import Services
from bot.ui.operators import ApplicationOperators
from bot.ui.removing import DiscordCardRemover
from bot.ui.server_rooms import ServerRooms

Stopping = Callable[[object, BaseException | None, object], Awaitable[None]]
"""What is done on leaving, by the error that made us leave; None when we were told to."""


@dataclass(frozen=True, slots=True)
class App:
    """The parts that whoever runs the bot has to hold in hand."""

    bot: KlingBot
    registration: CommandRegistration
    desk: Desk
    engine: RunningEngine
    store: SqlJobStore
    monitor: Monitor


@asynccontextmanager
async def assembled(
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
    clock, service_time = _clock(clock)
    random = random or SystemRandom()
    async with AsyncExitStack() as stack:
        stack.enter_context(locked_ground(settings))
        base = await stack.enter_async_context(
            laid_foundation(settings, clock=clock, random=random, service_time=service_time)
        )
        await stack.enter_async_context(served(base.monitor, address=settings.metrics_addr))
        mind_drain(base.servers)
        people = await _people(base)
        bot = client(languages=load_languages(), http_trace=_http_trace(base))
        base.monitor.listen_to(bot)
        managers = managers_of(bot, base)
        registration = _registration(bot, base)
        rooms = _rooms(bot, base)
        workshop = base.workshop(_announcer(bot, base, people=people), reviews=rooms)
        daily = _daily(base, bot)

        async def chore() -> None:
            # Another process may have heard what managers decided, such as a pause.
            with going_on("what managers decided could not be read"):
                await base.servers.load()
                await managers.tell_of_unread(base.servers.unread())
            await daily.run()

        engine = engine_for(
            base,
            watch=with_farewell(
                traced(observed(workshop.watch, observer=base.monitor.observer)),
                farewell(bot, base, people),
            ),
            chore=chore,
        )
        bot.services = _services(bot, base, people=people, engine=engine, rooms=rooms)
        # Closed from the last to the first: no more wishes, drain the jobs, leave Discord.
        stack.push_async_callback(bot.close)
        stack.push_async_exit(_stopping(engine, base))
        stack.callback(bot.services.ordering.close)
        stack.callback(base.monitor.stop)
        yield App(
            bot, registration, bot.services.ordering, engine, store=base.store, monitor=base.monitor
        )


def _clock(brought: Clock | None) -> tuple[Clock, ServiceTime | None]:
    """The clock to go by; whoever brings one vouches for it."""
    if brought is not None:
        return brought, None
    service_time = ServiceTime()
    return SystemClock(service_time), service_time


def _services(
    bot: KlingBot, base: Foundation, *, people: Personal, engine: Engine, rooms: ServerRooms
) -> Services:
    ordering, spending = base.desk(engine), _spending(base)
    return Services(
        ordering=ordering,
        library=_library(bot, base),
        storyboards=_storyboards(base),
        preferences=people,
        styles=Styles(database=base.store.database, clock=base.clock),
        servers=base.servers,
        server_settings=ManagerDesk(servers=base.servers),
        server_keys=base.keys,
        allowance=_allowance(base, people),
        spending=spending,
        reviews=_reviews(base, engine),
        reports=_reports(base, rooms),
        privacy=_privacy(base, people),
        operations=operations(base, ordering, spending),
        operators=ApplicationOperators(client=bot, clock=base.clock),
    )


def _stopping(engine: RunningEngine, base: Foundation) -> Stopping:
    async def stop(_: object, error: BaseException | None, __: object) -> None:
        await engine.stop()
        # Who ends by an error is started again by itself, in the middle of a drain as well.
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
    base.monitor.check("commands", registration.why_not_registered)
    return registration


def _storyboards(base: Foundation) -> Storyboards:
    drafts = SqlDraftStore(database=base.store.database)
    return Storyboards(store=drafts, clock=base.clock, random=base.random)


def _library(bot: KlingBot, base: Foundation) -> Library:
    return Library(
        store=base.store,
        shelves=SqlLibrary(database=base.store.database),
        files=base.files,
        refetcher=Refetcher(
            files=base.files,
            media_source=base.runcomfy.media_source,
            copier=copier_of(base.settings),
            random=base.random,
        ),
        cards=DiscordCardRemover(client=bot, clock=base.clock),
        clock=base.clock,
    )


def _rooms(bot: KlingBot, base: Foundation) -> ServerRooms:
    return ServerRooms(client=bot, servers=base.servers, languages=bot.languages, clock=base.clock)


def _reviews(base: Foundation, engine: Engine) -> Reviews:
    return Reviews(
        jobs=base.store,
        servers=base.servers,
        engine=engine,
        limits=base.limits,
        clock=base.clock,
    )


def _reports(base: Foundation, rooms: ServerRooms) -> Reports:
    return Reports(
        database=base.store.database,
        jobs=base.store,
        room=rooms,
        servers=base.servers,
        clock=base.clock,
    )


async def _people(base: Foundation) -> Personal:
    people = Personal(
        choices=SqlPreferences(database=base.store.database),
        pending=SqlPending(database=base.store.database),
        clock=base.clock,
    )
    await people.load()
    return people


def _privacy(base: Foundation, memory: Personal) -> PersonalData:
    people = SqlPrivacy(database=base.store.database)
    return PersonalData(
        people=people,
        eraser=Eraser(store=base.store, people=people, files=base.files, clock=base.clock),
        memory=memory,
        clock=base.clock,
    )


def _daily(base: Foundation, bot: KlingBot) -> DailyRun:
    async def left_servers(_: Ground) -> Pruned:
        return Pruned("servers that were left", await bot.services.privacy.servers_seen(bot.is_in))

    ground = ground_of(base.settings, store=base.store, now=base.clock.now())
    heard = None if base.service_time is None else base.service_time.near
    steps = (*STEPS, left_servers)
    return DailyRun(ground=ground, clock=base.clock, heard=heard, steps=steps)


def _http_trace(base: Foundation) -> TraceConfig:
    trace = base.monitor.interactions.trace()
    return trace if base.service_time is None else hear_dates(trace, base.service_time.hear)


def _allowance(base: Foundation, people: Personal) -> AllowanceDesk:
    return AllowanceDesk(
        servers=base.servers,
        people=people,
        keys=base.keyring,
        ledger=SqlLedger(database=base.store.database),
        jobs=base.store,
        shelves=SqlLibrary(database=base.store.database),
        limits=base.limits,
        at_once=base.settings.max_in_flight,
        clock=base.clock,
    )


def _spending(base: Foundation) -> SpendingDesk:
    return SpendingDesk(
        store=SqlSpending(database=base.store.database),
        servers=base.servers,
        zone=base.limits.zone,
        clock=base.clock,
    )


def _announcer(bot: KlingBot, base: Foundation, *, people: Personal) -> AnnouncerByPlace:
    on_discord = DiscordAnnouncer(
        client=bot,
        languages=bot.languages,
        clock=base.clock,
        expectations=base.expectations,
        notify_choices=Notifying(people=people, servers=base.servers),
    )
    folder = base.settings.data_dir / GENERATED
    return AnnouncerByPlace(terminal=FolderAnnouncer(folder=folder), otherwise=on_discord)

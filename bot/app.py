"""The composition root: builds everything, and closes it in reverse."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random, SystemRandom

from imageio_ffmpeg import get_ffmpeg_exe

from bot.admission import Admission
from bot.cards.announcer import DiscordAnnouncer
from bot.cards.language import load_languages
from bot.cards.removing import DiscordCardRemover
from bot.client import KlingBot
from bot.clock import SystemClock
from bot.data_lock import locked
from bot.desk import Desk
from bot.expecting import RecentExpectations
from bot.files.keeper import Archive, FileKeeper
from bot.generation.expectation import Expectations
from bot.generation.line import AtOnceOf
from bot.generation.policy import OperatorLimits, at_once_in
from bot.generation.ports import Clock
from bot.generation.servers import EVERYWHERE
from bot.keyring import KeyRing
from bot.library import Library
from bot.personal import Personal
from bot.refetching import Refetcher
from bot.runcomfy.connect import connect_runcomfy
from bot.runner.engine import EmbeddedEngine
from bot.runner.line import Line
from bot.runner.polling import Polling
from bot.runner.workshop import Workshop
from bot.servers import ServerDesk
from bot.settings import Settings
from bot.storage import SqlJobStore, default_database_url, open_store
from bot.storage.drafts import SqlDraftStore
from bot.storage.ledger import SqlLedger
from bot.storage.library import SqlLibrary
from bot.storage.preferences import SqlPending, SqlPreferences
from bot.storage.servers import SqlServers
from bot.storage.styles import SqlStyles
from bot.storage.timings import SqlTimings
from bot.storyboards import Storyboards
from bot.styling import Styling
from bot.tracing import traced
from bot.transcoding.ffmpeg import FfmpegCopier

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class App:
    """The parts that whoever runs the bot has to hold in hand."""

    bot: KlingBot
    desk: Desk
    engine: EmbeddedEngine
    store: SqlJobStore


@asynccontextmanager
async def assembled(
    settings: Settings, *, clock: Clock | None = None, random: Random | None = None
) -> AsyncGenerator[App]:
    """Build the bot, not yet logged in; on leaving, drain it and close everything in reverse.

    Raises:
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
        DataFolderInUse: another process works on the same data folder.
    """
    clock = clock or SystemClock()
    random = random or SystemRandom()
    async with AsyncExitStack() as stack:
        stack.enter_context(locked(settings.data_dir))
        store = await stack.enter_async_context(open_store(database_url(settings)))
        runcomfy = await stack.enter_async_context(
            connect_runcomfy(
                api_url=settings.runcomfy_api_url,
                api_key=settings.runcomfy_api_key,
                file_hosts=settings.runcomfy_file_hosts,
                max_download_bytes=settings.max_download_mib * MIB,
            )
        )
        files = FileKeeper(
            spool_dir=settings.data_dir / "spool", archive=archive_of(settings), clock=clock
        )
        await files.clear(keep=[job.id for job in await store.unfinished()])
        people = await _people(store, clock)
        servers = ServerDesk(store=SqlServers(database=store.database), clock=clock)
        await servers.load()
        keyring = KeyRing(operator=runcomfy.provider)
        limits = _limits(settings)
        expectations = RecentExpectations(timings=SqlTimings(database=store.database), clock=clock)
        bot = _bot(settings, people=people, servers=servers, store=store)
        workshop = Workshop(
            store=store,
            providers=keyring,
            line=Line(
                store=store,
                clock=clock,
                at_once=settings.max_in_flight,
                limits_of=_at_once_of(servers, limits),
            ),
            media_source=runcomfy.media_source,
            announcer=_announcer(bot, people=people, expectations=expectations, clock=clock),
            clock=clock,
            random=random,
            files=files,
            copier=_copier(settings),
            polling=Polling(
                expectations=expectations, clock=clock, per_second=settings.polls_per_second
            ),
        )
        engine = EmbeddedEngine(
            store=store,
            watch=traced(workshop.watch),
            clock=clock,
            random=random,
            drain_timeout_s=settings.drain_timeout_s,
        )
        admission = Admission(
            servers=servers,
            keys=keyring,
            ledger=SqlLedger(database=store.database),
            limits=limits,
            clock=clock,
        )
        desk = Desk(
            store=store,
            providers=keyring,
            admission=admission,
            engine=engine,
            clock=clock,
            random=random,
        )
        bot.serve(desk)
        drafts = SqlDraftStore(database=store.database)
        bot.draft_with(Storyboards(store=drafts, clock=clock, random=random))
        refetcher = Refetcher(files=files, media_source=runcomfy.media_source, random=random)
        bot.lend(_library(bot, store=store, files=files, refetcher=refetcher, clock=clock))
        # Closed from the last to the first: no more wishes, drain the jobs, leave Discord.
        stack.push_async_callback(bot.close)
        stack.push_async_callback(engine.stop)
        stack.callback(desk.close)
        yield App(bot=bot, desk=desk, engine=engine, store=store)


def archive_of(settings: Settings) -> Archive | None:
    """The archive that the settings mean, if any."""
    if settings.archive_dir is None:
        return None
    return Archive(
        folder=settings.archive_dir,
        max_bytes=settings.archive_max_mib * MIB,
        max_age=timedelta(days=settings.archive_max_days),
    )


def _library(
    bot: KlingBot, *, store: SqlJobStore, files: FileKeeper, refetcher: Refetcher, clock: Clock
) -> Library:
    return Library(
        store=store,
        shelves=SqlLibrary(database=store.database),
        files=files,
        refetcher=refetcher,
        cards=DiscordCardRemover(client=bot, clock=clock),
        clock=clock,
    )


async def _people(store: SqlJobStore, clock: Clock) -> Personal:
    people = Personal(
        choices=SqlPreferences(database=store.database),
        pending=SqlPending(database=store.database),
        clock=clock,
    )
    await people.load()
    return people


def _bot(
    settings: Settings, *, people: Personal, servers: ServerDesk, store: SqlJobStore
) -> KlingBot:
    return KlingBot(
        dev_guild_id=settings.dev_guild_id,
        languages=load_languages(),
        people=people,
        servers=servers,
        styles=Styling(store=SqlStyles(database=store.database)),
    )


def _announcer(
    bot: KlingBot, *, people: Personal, expectations: Expectations, clock: Clock
) -> DiscordAnnouncer:
    return DiscordAnnouncer(
        client=bot,
        languages=bot.languages,
        clock=clock,
        expectations=expectations,
        notify_choices=people,
    )


def _limits(settings: Settings) -> OperatorLimits:
    return OperatorLimits(
        total=settings.total_limit,
        per_server=settings.server_limit,
        per_user=settings.user_limit,
        cooldown_s=settings.cooldown_s,
        at_once_per_user=settings.user_in_flight,
        zone=settings.time_zone,
    )


def _at_once_of(servers: ServerDesk, limits: OperatorLimits) -> AtOnceOf:
    return lambda guild_id: at_once_in(servers.known(guild_id), servers.known(EVERYWHERE), limits)


def _copier(settings: Settings) -> FfmpegCopier | None:
    if not settings.fit_copies:
        return None
    return FfmpegCopier(ffmpeg=str(settings.ffmpeg_path or get_ffmpeg_exe()))


def database_url(settings: Settings) -> str:
    """The database that the settings mean: theirs, or the file in the data folder."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return default_database_url(settings.data_dir)

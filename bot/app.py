"""The composition root: builds everything, runs until it is told to stop, closes in reverse."""

import asyncio
import logging
import signal
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random, SystemRandom
from types import FrameType

import aiohttp
import discord
from imageio_ffmpeg import get_ffmpeg_exe
from pydantic import SecretStr

from bot.cards.announcer import DiscordAnnouncer
from bot.cards.language import load_languages
from bot.cards.removing import DiscordCardRemover
from bot.client import KlingBot
from bot.clock import SystemClock
from bot.data_lock import locked
from bot.desk import Desk
from bot.expecting import RecentExpectations
from bot.files.keeper import Archive, FileKeeper
from bot.generation.ports import Clock
from bot.library import Library
from bot.personal import Personal
from bot.refetching import Refetcher
from bot.runcomfy.connect import connect_runcomfy
from bot.runner.engine import EmbeddedEngine
from bot.runner.workshop import Workshop
from bot.settings import Settings
from bot.storage import SqlJobStore, default_database_url, open_store
from bot.storage.drafts import SqlDraftStore
from bot.storage.library import SqlLibrary
from bot.storage.preferences import SqlPending, SqlPreferences
from bot.storage.styles import SqlStyles
from bot.storage.timings import SqlTimings
from bot.storyboards import Storyboards
from bot.styling import Styling
from bot.transcoding.ffmpeg import FfmpegCopier

logger = logging.getLogger(__name__)

MIB = 1024 * 1024
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
AUTHENTICATION_FAILED = 4004
"""The gateway's close code for a token that was reset after the log-in."""
MISSING_ACCESS = 50001
NOT_ACCEPTED = "Discord does not accept DISCORD_TOKEN: copy it again from the Developer Portal."


class NotServed(Exception):  # noqa: N818 - says what is so, not what went wrong
    """Discord cannot be reached, or does not take the bot; the text is a sentence of what to do."""


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
            spool_dir=settings.data_dir / "spool", archive=_archive(settings), clock=clock
        )
        await files.clear(keep=[job.id for job in await store.unfinished()])
        people = await _people(store, clock)
        bot = _bot(settings, people=people, store=store)
        workshop = Workshop(
            store=store,
            provider=runcomfy.provider,
            media_source=runcomfy.media_source,
            announcer=_announcer(bot, people=people, store=store, clock=clock),
            clock=clock,
            random=random,
            files=files,
            copier=_copier(settings),
        )
        engine = EmbeddedEngine(
            store=store,
            watch=workshop.watch,
            clock=clock,
            random=random,
            drain_timeout_s=settings.drain_timeout_s,
        )
        desk = Desk(
            store=store, provider=runcomfy.provider, engine=engine, clock=clock, random=random
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


async def run(settings: Settings) -> None:
    """Run the real bot until SIGTERM or Ctrl-C; then drain: no job is cancelled or lost.

    Raises:
        NotServed: Discord cannot be reached, or does not take the bot.
        DataFolderInUse: another process works on the same data folder.
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
    """
    with _stop_signal() as stopping:
        async with assembled(settings) as app:
            with _told_in_a_sentence():
                await _serve(app, token=settings.discord_token, stopping=stopping)
        logger.info("stopped")


async def _serve(app: App, *, token: SecretStr, stopping: asyncio.Event) -> None:
    logging_in = asyncio.create_task(app.bot.login(token.get_secret_value()), name="log-in")
    if await _done(logging_in, unless=stopping):
        await app.engine.start()
        gateway = asyncio.create_task(app.bot.connect(), name="gateway")
        # Left open when told to stop: who asks for something meanwhile is told so.
        await _done(gateway, unless=stopping)
    logging_in.cancel()
    logger.info("stopping: jobs in flight are finished or left for the next start")


async def _done(work: asyncio.Task[None], *, unless: asyncio.Event) -> bool:
    """Wait for `work`, and raise what it raises; False when `unless` was sooner."""
    sooner = asyncio.create_task(unless.wait(), name="stop signal")
    await asyncio.wait({work, sooner}, return_when=asyncio.FIRST_COMPLETED)
    sooner.cancel()
    if not work.done():
        return False
    await work
    return True


@contextmanager
def _stop_signal() -> Generator[asyncio.Event]:
    """Set by SIGTERM and Ctrl-C, the first time; what comes later has nothing to add.

    Not by the loop's own handlers: they end with the loop, and an impatient second Ctrl-C would
    find the interpreter on its way out and leave a traceback.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        loop.call_soon_threadsafe(stopping.set)

    for number in STOP_SIGNALS:
        signal.signal(number, stop)
    try:
        yield stopping
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def _told_in_a_sentence() -> Generator[None]:
    """Turn what discord.py raises when it cannot serve into what an operator can do about it."""
    try:
        yield
    except discord.LoginFailure as error:
        raise NotServed(NOT_ACCEPTED) from error
    except discord.ConnectionClosed as error:
        if error.code == AUTHENTICATION_FAILED:
            raise NotServed(NOT_ACCEPTED) from error
        raise NotServed(f"Discord ended the connection for good (code {error.code}).") from error
    except discord.HTTPException as error:
        if error.code == MISSING_ACCESS:
            raise NotServed(
                "Discord lets the bot register no commands in the server of DEV_GUILD_ID: "
                "invite it there."
            ) from error
        raise NotServed(f"Discord answers HTTP {error.status}. Please try again later.") from error
    except (aiohttp.ClientError, OSError) as error:
        reason = type(error).__name__
        raise NotServed(f"Discord cannot be reached ({reason}). Please try again.") from error


def _archive(settings: Settings) -> Archive | None:
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


def _bot(settings: Settings, *, people: Personal, store: SqlJobStore) -> KlingBot:
    return KlingBot(
        dev_guild_id=settings.dev_guild_id,
        languages=load_languages(),
        people=people,
        styles=Styling(store=SqlStyles(database=store.database)),
    )


def _announcer(
    bot: KlingBot, *, people: Personal, store: SqlJobStore, clock: Clock
) -> DiscordAnnouncer:
    timings = SqlTimings(database=store.database)
    return DiscordAnnouncer(
        client=bot,
        languages=bot.languages,
        clock=clock,
        expectations=RecentExpectations(timings=timings, clock=clock),
        notify_choices=people,
    )


def _copier(settings: Settings) -> FfmpegCopier | None:
    if not settings.fit_copies:
        return None
    return FfmpegCopier(ffmpeg=str(settings.ffmpeg_path or get_ffmpeg_exe()))


def database_url(settings: Settings) -> str:
    """The database that the settings mean: theirs, or the file in the data folder."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return default_database_url(settings.data_dir)

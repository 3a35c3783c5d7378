"""What the bot on Discord and the terminal share: store, service, files, ledger and line."""

from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from aiohttp import TraceConfig

from bot.domain.clock import ServiceTime
from bot.domain.forecast import Forecasts
from bot.domain.line import AtOnceOf
from bot.domain.money.policy import OperatorLimits, at_once_in
from bot.domain.money.price import Prices
from bot.domain.observer import Observer
from bot.domain.ports import Announcer, Clock, Engine, ReviewRoom
from bot.domain.servers import EVERYWHERE
from bot.features.admission import Admission
from bot.features.ordering import Ordering
from bot.features.pictures import Pictures
from bot.features.retention import Ground
from bot.features.servers.key_ring import KeyRing
from bot.features.servers.server_keys import KeyEncryption, KeyRows, ServerKeys
from bot.features.servers.servers import ServerRows, Servers
from bot.observability.date_headers import hear_dates
from bot.observability.log_context import LogContext
from bot.observability.logs import keep_out_of_logs
from bot.runcomfy.connect import RunComfy, connect_runcomfy
from bot.runcomfy.key_check import KeyCheck
from bot.runcomfy.live_prices import LivePrices
from bot.runner.files.keeper import Archive, FileKeeper
from bot.runner.line import Line
from bot.runner.polling import Polling
from bot.runner.transcoding.ffmpeg import FfmpegCopier
from bot.runner.watch import Workshop
from bot.settings import Settings
from bot.storage import SqlJobStore, default_database_url, open_store
from bot.storage.census import SqlCensus
from bot.storage.data_lock import locked, locked_file
from bot.storage.engine import sqlite_file
from bot.storage.ledger import SqlLedger
from bot.storage.timings import last_times

if TYPE_CHECKING:
    from bot.observability.metrics.monitor import Monitor

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Foundation:
    """Parts that do not depend on whether people ask on Discord or at a terminal."""

    settings: Settings
    clock: Clock
    random: Random
    monitor: "Monitor | None"
    """None where METRICS_ADDR is not set."""
    observer: Observer
    store: SqlJobStore
    runcomfy: RunComfy
    files: FileKeeper
    servers: Servers
    keyring: KeyRing
    keys: ServerKeys
    limits: OperatorLimits
    forecasts: Forecasts
    pictures: Pictures
    prices: Prices
    copier: FfmpegCopier | None
    """One for all, so that it makes one copy or film at a time."""
    service_time: ServiceTime | None = None
    """The time according to the services; None where the clock needs no check."""

    def workshop(self, announcer: Announcer, *, reviews: ReviewRoom | None = None) -> Workshop:
        """Makes watches that show jobs through `announcer` and ask moderators through `reviews`."""
        return Workshop(
            store=self.store,
            providers=self.keyring,
            line=Line(
                store=self.store,
                clock=self.clock,
                at_once=self.settings.max_in_flight,
                limits_of=self.at_once_of(),
                reviews=reviews,
            ),
            media_source=self.runcomfy.media_source,
            announcer=announcer,
            clock=self.clock,
            random=self.random,
            files=self.files,
            picture_bytes=self.pictures.bytes_of,
            pictures_by_link=self.settings.runcomfy_images == "link",
            copier=self.copier,
            polling=Polling(
                forecasts=self.forecasts,
                clock=self.clock,
                per_second=self.settings.polls_per_second,
            ),
            observer=self.observer,
        )

    def live_prices(self) -> LivePrices:
        """Raises `prices` to those of the catalogue."""
        return LivePrices(
            prices=self.prices,
            api_url=self.settings.runcomfy_api_url,
            account_url=self.settings.runcomfy_account_url,
            api_key=self.settings.runcomfy_api_key,
            clock=self.clock,
            proxy_url=self.settings.proxy_url,
        )

    def admission(self) -> Admission:
        """Decides which orders are allowed, by all rules on this foundation."""
        return Admission(
            jobs=self.store,
            servers=self.servers,
            keys=self.keyring,
            ledger=SqlLedger(database=self.store.database),
            limits=self.limits,
            prices=self.prices,
            clock=self.clock,
            random=self.random,
        )

    def ordering(self, admission: Admission, engine: Engine) -> Ordering:
        """The use cases of ordering; `engine` watches the jobs."""
        return Ordering(
            store=self.store,
            providers=self.keyring,
            admission=admission,
            engine=engine,
            clock=self.clock,
        )

    def at_once_of(self) -> AtOnceOf:
        """How many jobs may be under way at once, per server and per person."""
        known = self.servers.known
        return lambda guild_id: at_once_in(known(guild_id), known(EVERYWHERE), self.limits)


@contextmanager
def locked_ground(settings: Settings) -> Generator[None]:
    """Lock the data folder for this process, and the SQLite file, if any, wherever it is.

    Raises:
        DataFolderInUse: another process works there, or the folder cannot be written.
        DatabaseUnusable: the settings name an unsupported database.
    """
    file = sqlite_file(database_url(settings))
    with locked(settings.data_dir), nullcontext() if file is None else locked_file(file):
        yield


@asynccontextmanager
async def open_foundation(
    settings: Settings, *, clock: Clock, random: Random, service_time: ServiceTime | None = None
) -> AsyncGenerator[Foundation]:
    """Open everything, and close it in reverse order. The caller has locked the ground.

    `service_time` collects the time from the services' answers.

    Raises:
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
    """
    async with AsyncExitStack() as stack:
        monitor, observer = _monitor(settings, clock=clock), Observer(LogContext())
        prices = Prices()
        store = await stack.enter_async_context(
            open_store(database_url(settings), observer=observer)
        )
        if monitor is not None:
            observer.add(monitor.observer)
            monitor.estimate_by(prices)
            monitor.ask(SqlCensus(database=store.database))
            await stack.enter_async_context(monitor.loop_lag.measured())
        traces = [hear_dates(TraceConfig(), service_time.hear)] if service_time is not None else []
        runcomfy = await stack.enter_async_context(
            connect_runcomfy(
                api_url=settings.runcomfy_api_url,
                api_key=settings.runcomfy_api_key,
                file_hosts=settings.runcomfy_file_hosts,
                max_download_bytes=settings.max_download_mib * MIB,
                proxy_url=settings.proxy_url,
                trace_configs=traces,
            )
        )
        files = FileKeeper(spool_dir=settings.data_dir / "spool", archive=archive_of(settings))
        await files.clear(keep=await store.unfinished_ids())
        servers = Servers(rows=ServerRows(database=store.database), clock=clock)
        await servers.load()
        keyring, keys = _keys(settings, store=store, runcomfy=runcomfy, clock=clock)
        await keyring.load()
        yield Foundation(
            settings=settings,
            clock=clock,
            random=random,
            monitor=monitor,
            observer=observer,
            store=store,
            runcomfy=runcomfy,
            files=files,
            servers=servers,
            keyring=keyring,
            keys=keys,
            limits=settings.limits,
            forecasts=Forecasts(last_times=partial(last_times, store.database), clock=clock),
            pictures=Pictures(database=store.database, clock=clock),
            prices=prices,
            copier=copier_of(settings),
            service_time=service_time,
        )


def _monitor(settings: Settings, *, clock: Clock) -> "Monitor | None":
    if settings.metrics_addr is None:
        return None
    from bot.observability.metrics.monitor import (  # noqa: PLC0415 - loaded when wanted: 2 MiB
        Monitor,
    )

    return Monitor(clock=clock)


def key_check(settings: Settings) -> KeyCheck:
    """Asks RunComfy about a key and its account, by the way that the operator set."""
    return KeyCheck(
        api_url=settings.runcomfy_api_url,
        account_url=settings.runcomfy_account_url,
        proxy_url=settings.proxy_url,
    )


def _keys(
    settings: Settings, *, store: SqlJobStore, runcomfy: RunComfy, clock: Clock
) -> tuple[KeyRing, ServerKeys]:
    rows, encryption = KeyRows(database=store.database), KeyEncryption(settings.secret_keys)
    keyring = KeyRing(
        operator=runcomfy.provider,
        keys=rows,
        encryption=encryption,
        connect=runcomfy.with_key,
        keep_secret=keep_out_of_logs,
        clock=clock,
    )
    desk = ServerKeys(
        rows=rows,
        encryption=encryption,
        check=key_check(settings),
        forget=keyring.forget,
        keep_secret=keep_out_of_logs,
        clock=clock,
    )
    return keyring, desk


def archive_of(settings: Settings) -> Archive | None:
    """The archive of the settings, if any."""
    if settings.archive_dir is None:
        return None
    return Archive(
        folder=settings.archive_dir,
        max_bytes=settings.archive_max_mib * MIB,
        max_age=timedelta(days=settings.archive_max_days),
    )


def ground_of(
    settings: Settings, *, store: SqlJobStore, now: datetime, dry_run: bool = False
) -> Ground:
    """The places with data that expires."""
    return Ground(
        store=store,
        spool_dir=settings.data_dir / "spool",
        archive=archive_of(settings),
        now=now,
        prompts_kept_for=timedelta(days=settings.retention_days),
        pictures_kept_for=timedelta(days=settings.image_retention_days),
        dry_run=dry_run,
    )


def database_url(settings: Settings) -> str:
    """The database of the settings; by default the file in the data folder."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return default_database_url(settings.data_dir)


def copier_of(settings: Settings) -> FfmpegCopier | None:
    """The tool that inspects videos and makes copies; None where the operator disabled ffmpeg."""
    return FfmpegCopier(ffmpeg=settings.ffmpeg_path) if settings.fit_copies else None

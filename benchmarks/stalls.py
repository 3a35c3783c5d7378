"""Stalls: how late the event loop is while members send the worst that they can."""

import asyncio
import gc
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

from PIL import Image
from pydantic import SecretStr
from sqlalchemy import insert

from benchmarks.process_figures import LoopLag
from benchmarks.processes import line_of, started
from benchmarks.report import Bar, Report, percentile
from benchmarks.seeding import live_jobs, seed
from bot.domain.clock import SystemClock
from bot.domain.generation.picture import ATTACHMENT_MAX_BYTES, Picture
from bot.domain.generation.request import PROMPT_MAX_CHARS, GenerationRequest
from bot.domain.generation.storyboard_text import read_shots
from bot.domain.job import Job, State
from bot.domain.money.entries import reserved
from bot.domain.outcomes import SubmitRefused
from bot.domain.servers import ServerSettings
from bot.features.library.library import REMEMBERED_JOBS
from bot.features.library.library_rows import LibraryRows, Way
from bot.features.pictures import Pictures
from bot.features.privacy import Eraser, Privacy, PrivacyRows
from bot.features.servers.server_keys import KeyEncryption
from bot.features.servers.servers import ServerRows, Servers
from bot.features.spending import Spending
from bot.features.word_check import WordCheck
from bot.languages.language import load_languages
from bot.observability.garbage import collect_seldom
from bot.runcomfy.connect import RunComfy, connect_runcomfy
from bot.runner.files.keeper import FileKeeper
from bot.runner.sent_pictures import SentPictures
from bot.storage import SqlJobStore, default_database_url, open_store
from bot.storage.engine import create_engine, for_writes
from bot.storage.tables.jobs import ledger, ledger_accounts, server_settings
from cogs.kling_admin import spend

BAR_S: Final = 0.02
TIMES: Final = 10
JOBS: Final = 10_000
MEMBER: Final = 1_400_000_000_000_000_000
SERVER: Final = 1_500_000_000_000_000_000
_ENTRIES: Final = 500
_LIGATURE: Final = "ﷺ"
"""One character that is read as eighteen letters."""
_SETTLED_S: Final = 0.05

Drive = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class _Stall:
    p99_s: float
    longest_s: float


async def run(times: int = TIMES, jobs: int = JOBS) -> Report:
    """Drive each at its worst, so many times, while the loop's lag is measured."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-stalls-")))
        database_url = default_database_url(folder)
        async with open_store(database_url):
            pass
        await _seed(database_url, jobs)
        runcomfy = await stack.enter_async_context(_refusing_service())
        store = await stack.enter_async_context(open_store(database_url))
        drives = _of_texts() | _of_rows(store, folder) | await _of_pictures(store, runcomfy)
        drives["garbage, once a minute"] = lambda: _now(gc.collect)
        collect_seldom()  # as the bot does before it serves
        measured = {name: await _measured(drive, times) for name, drive in drives.items()}
    worst_s = max(stall.longest_s for stall in measured.values())
    return Report(
        title="Stalls",
        what=(
            f"Each is driven {times} times, one after the other, at the worst that a member can "
            f"send. A member has {jobs:,} jobs with the longest prompts in SQLite, and a server as "
            "many, each of another member."
        ),
        tables=[
            [
                {
                    "what": name,
                    "lag p99": f"{stall.p99_s * 1e3:.1f} ms",
                    "longest": f"{stall.longest_s * 1e3:.1f} ms",
                }
                for name, stall in measured.items()
            ]
        ],
        bars=[Bar("no stall above 20 ms", f"{worst_s * 1e3:.1f} ms", worst_s <= BAR_S)],
    )


async def _seed(database_url: str, many: int) -> None:
    """The jobs, their money, and the settings of a thousand servers."""
    longest = GenerationRequest(prompt="a kite " * (PROMPT_MAX_CHARS // 7))
    jobs, entries, counted = list[Job](), list[dict[str, object]](), list[dict[str, object]]()
    now = datetime.now(UTC)
    for number, job in enumerate(live_jobs(2 * many)):
        user_id, guild_id = (MEMBER, 1) if number < many else (number, SERVER)
        asked = {"requester_id": user_id, "server_id": guild_id, "created_at": now}
        jobs.append(job.model_copy(update={**asked, "request": longest}))
        entry = reserved(jobs[-1])
        values: dict[str, object] = {name: getattr(entry, name) for name in entry.__slots__}
        entries.append(values | {"kind": entry.kind.value})
        account = {"scope": "member", "owner_id": guild_id, "subject_id": user_id}
        counted += [{"job_id": job.id, "period": period, **account} for period in ("day", "month")]
    await seed(database_url, jobs)
    listed = ServerSettings(words=tuple(f"forbidden{number}" for number in range(100)))
    settings = listed.model_dump_json(exclude_defaults=True)
    engine = create_engine(database_url)
    async with for_writes(engine).begin() as connection:
        await connection.execute(insert(ledger), entries)
        await connection.execute(insert(ledger_accounts), counted)
        rows = [{"guild_id": number + 1, "settings": settings} for number in range(1_000)]
        await connection.execute(insert(server_settings), rows)
    await engine.dispose()


@asynccontextmanager
async def _refusing_service() -> AsyncGenerator[RunComfy]:
    async with started("watching_service") as service:
        api_url = f"http://127.0.0.1:{(await line_of(service)).strip()}"
        async with connect_runcomfy(
            api_url=api_url,
            api_key=SecretStr("key"),
            file_hosts=(),
            max_download_bytes=1,
            proxy_url=None,
        ) as runcomfy:
            yield runcomfy


async def _now(call: Callable[[], object]) -> object:
    return call()


async def _nothing_shown(user_id: int) -> None:
    """There is no showcase here."""
    del user_id


def _of_texts() -> dict[str, Drive]:
    words = WordCheck()
    listed = tuple(f"forbidden{number}*word" for number in range(_ENTRIES))
    server = ServerSettings(words=listed, builtin_words=True)
    worst_text = GenerationRequest(prompt=_LIGATURE * PROMPT_MAX_CHARS)
    plain = GenerationRequest(prompt="a kite " * (PROMPT_MAX_CHARS // 7))
    encryption = KeyEncryption([SecretStr("a" * 43 + "=")])
    bars = [spend.Bar(f"{day}", 10**9 + day, 10**8) for day in range(1, 32)]
    english = load_languages().of("en")
    shots = "\n".join(["15 s: " + "a shot " * 70] * 5)

    return {
        "words of a prompt of ligatures": lambda: words.matches(worst_text, server, 1),
        "words of a long plain prompt": lambda: words.matches(plain, server, 1),
        "chart of a month": lambda: asyncio.to_thread(spend.draw_bars, bars, english.dollars),
        "storyboard as text": lambda: _now(lambda: read_shots(shots)),
        "encryption of a key": lambda: _now(
            lambda: encryption.encrypt(SecretStr("k" * 200), guild_id=1)
        ),
        "catalogues, once at start": lambda: asyncio.to_thread(load_languages),
    }


def _of_rows(store: SqlJobStore, folder: Path) -> dict[str, Drive]:
    clock, database = SystemClock(), store.database
    rows = PrivacyRows(database=database)
    files = FileKeeper(spool_dir=folder, archive=None)
    privacy = Privacy(
        rows=rows,
        eraser=Eraser(store=store, rows=rows, files=files, clock=clock),
        forget_choices=lambda _: None,
        take_from_showcases=_nothing_shown,
        clock=clock,
    )
    library = LibraryRows(database=database)
    servers = Servers(rows=ServerRows(database=database), clock=clock)
    spending = Spending(database=database, servers=servers, zone=ZoneInfo("UTC"), clock=clock)

    async def suggest() -> object:
        return await library.listed(
            MEMBER, states=frozenset(State), beyond=None, way=Way.OLDER, limit=REMEMBERED_JOBS
        )

    async def month() -> object:
        return spend.spend_view(await spending.month_of(SERVER), load_languages().of("en"))

    return {
        f"export of {JOBS:,} jobs": lambda: privacy.export(MEMBER),
        "prompts suggested": suggest,
        f"month of {JOBS:,} members": month,
        "decisions of 1,000 servers": servers.load,
    }


async def _of_pictures(store: SqlJobStore, runcomfy: RunComfy) -> dict[str, Drive]:
    clock = SystemClock()
    pictures = Pictures(database=store.database, clock=clock)
    attached = await asyncio.to_thread(a_large_picture)
    picture = await pictures.take(attached, user_id=MEMBER)
    if not isinstance(picture, Picture):
        raise TypeError(f"the picture was refused: {picture.why.fault}")
    request = GenerationRequest(prompt="a kite", start_frame=picture, end_frame=picture)
    job = live_jobs(1)[0].model_copy(update={"request": request})
    sent = SentPictures(picture_bytes=pictures.bytes_of, by_link=False, clock=clock)

    async def buy() -> None:
        frames = await sent.frames_of(job)
        outcome = await runcomfy.provider.submit(request, frames or {})
        if not isinstance(outcome, SubmitRefused):
            raise TypeError(f"the service was to refuse it: {outcome}")

    return {
        "picture of 10 MB, taken in": lambda: pictures.take(attached, user_id=MEMBER),
        "two pictures, sent and quoted": buy,
    }


def a_large_picture() -> bytes:
    """As large as an attachment may be, and as a sent picture."""
    noise = Image.effect_noise((4096, 4096), 40)
    for quality in range(99, 50, -1):
        noise.save(file := BytesIO(), "JPEG", quality=quality)
        if file.tell() <= ATTACHMENT_MAX_BYTES:
            return file.getvalue()
    raise RuntimeError("no quality makes it small enough")


async def _measured(drive: Drive, times: int) -> _Stall:
    lag = LoopLag()
    measuring = asyncio.create_task(lag.measure())
    await asyncio.sleep(_SETTLED_S)
    lag.late_s.clear()
    for _ in range(times):
        await drive()
        # The meter sleeps meanwhile: whatever held the loop is seen when it wakes.
        await asyncio.sleep(_SETTLED_S)
    measuring.cancel()
    await asyncio.gather(measuring, return_exceptions=True)
    return _Stall(percentile(lag.late_s, 0.99), max(lag.late_s))

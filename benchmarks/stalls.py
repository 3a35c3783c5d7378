"""Stalls: how late the event loop is while members send the worst that they can."""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from os import urandom
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pydantic import SecretStr

from benchmarks.process_figures import LoopLag
from benchmarks.report import Bar, Report, percentile
from benchmarks.seeding import live_jobs, seed
from bot.domain.clock import SystemClock
from bot.domain.job import State
from bot.domain.models import Option
from bot.domain.picture import SENT_MAX_BYTES, Picture
from bot.domain.request import PROMPT_MAX_CHARS, GenerationRequest
from bot.domain.servers import ServerSettings
from bot.domain.storyboard_text import read_shots
from bot.features.library_rows import LibraryRows, Way
from bot.features.privacy import Eraser, Privacy, PrivacyRows
from bot.features.server_keys import KeyEncryption
from bot.features.word_check import WordCheck
from bot.languages.language import load_languages
from bot.observability.garbage import collect_seldom
from bot.runcomfy.wire import body_of
from bot.runner.files.keeper import FileKeeper
from bot.storage import SqlJobStore, default_database_url, open_store
from cogs.kling_admin import spend

BAR_S: Final = 0.02
TIMES: Final = 20
JOBS: Final = 10_000
MEMBER: Final = 1_400_000_000_000_000_000
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
    collect_seldom()  # as the bot does before it serves
    with TemporaryDirectory(prefix="bench-stalls-") as folder:
        database_url = default_database_url(Path(folder))
        async with open_store(database_url):
            pass
        theirs = [job.model_copy(update={"requester_id": MEMBER}) for job in live_jobs(jobs)]
        await seed(database_url, theirs)
        async with open_store(database_url) as store:
            drives = _drives(store, Path(folder))
            measured = {name: await _measured(drive, times) for name, drive in drives.items()}
    worst_s = max(stall.longest_s for stall in measured.values())
    return Report(
        title="Stalls",
        what=(
            f"Each is driven {times} times, one after the other, at the worst that a member can "
            f"send. A member has {jobs:,} jobs in SQLite."
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


def _drives(store: SqlJobStore, folder: Path) -> Mapping[str, Drive]:
    words, clock = WordCheck(), SystemClock()
    listed = tuple(f"forbidden{number}*word" for number in range(_ENTRIES))
    server = ServerSettings(words=listed, builtin_words=True)
    worst_text = GenerationRequest(prompt=_LIGATURE * PROMPT_MAX_CHARS)
    plain = GenerationRequest(prompt="a kite " * (PROMPT_MAX_CHARS // 7))
    rows = PrivacyRows(database=store.database)
    privacy = Privacy(
        rows=rows,
        eraser=Eraser(
            store=store, rows=rows, files=FileKeeper(spool_dir=folder, archive=None), clock=clock
        ),
        forget_choices=lambda _: None,
        clock=clock,
    )
    library = LibraryRows(database=store.database)
    picture = Picture(digest="0" * 64, media_type="image/jpeg", width_px=4096, height_px=4096)
    pictured = GenerationRequest(prompt="a kite", start_frame=picture, end_frame=picture)
    uri = f"data:image/jpeg;base64,{b64encode(urandom(SENT_MAX_BYTES)).decode()}"
    encryption = KeyEncryption([SecretStr("a" * 43 + "=")])
    bars = [spend.Bar(f"{day}", 10**9 + day, 10**8) for day in range(1, 32)]
    english = load_languages().of("en")
    shots = "\n".join(["15 s: " + "a shot " * 70] * 5)

    async def suggest() -> object:
        return await library.listed(
            MEMBER, states=frozenset(State), beyond=None, way=Way.OLDER, limit=200
        )

    async def now(call: Callable[[], object]) -> object:
        return call()

    return {
        "words of a prompt of ligatures": lambda: words.matches(worst_text, server, 1),
        "words of a long plain prompt": lambda: words.matches(plain, server, 1),
        f"export of {JOBS:,} jobs": lambda: privacy.export(MEMBER),
        "prompts suggested": suggest,
        "chart of a month": lambda: asyncio.to_thread(spend.draw_bars, bars, english.dollars),
        "storyboard as text": lambda: now(lambda: read_shots(shots)),
        "body with two pictures": lambda: now(
            lambda: body_of(pictured, {Option.START_FRAME: uri, Option.END_FRAME: uri})
        ),
        "encryption of a key": lambda: now(
            lambda: encryption.encrypt(SecretStr("k" * 200), guild_id=1)
        ),
        "catalogues, once at start": lambda: asyncio.to_thread(load_languages),
    }


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

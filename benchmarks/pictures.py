"""Pictures: what fifty photographs at once cost the event loop and the machine's memory."""

import asyncio
import threading
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image

from benchmarks.process_figures import LoopLag, memory_bytes
from benchmarks.report import Bar, Report, percentile
from bot.domain.clock import SystemClock
from bot.domain.generation.picture import Picture
from bot.features.pictures import Pictures
from bot.storage import default_database_url, open_store

AT_ONCE: Final = 50
SIZE_PX: Final = (4000, 3000)
LAG_BAR_S: Final = 0.02
MEMORY_BAR_BYTES: Final = 200 * 1000 * 1000
_LOOK_S: Final = 0.005
_ORIENTATION: Final = 0x0112
_CHILDREN: Final = Path("/proc/self/task")


async def run(at_once: int = AT_ONCE, size_px: tuple[int, int] = SIZE_PX) -> Report:
    """Let so many members attach a photograph in the same moment."""
    with TemporaryDirectory(prefix="bench-pictures-") as folder:
        photographs = [Path(folder) / f"{number}.jpg" for number in range(at_once)]
        await asyncio.to_thread(_take_photographs, photographs, size_px)
        async with open_store(default_database_url(Path(folder))) as store:
            pictures = Pictures(database=store.database, clock=SystemClock())
            lag, memory = LoopLag(), _Memory()
            measuring = asyncio.create_task(lag.measure())
            with memory:
                began = time.monotonic()
                await asyncio.gather(*(_attach(pictures, one) for one in photographs))
                took_s = time.monotonic() - began
            measuring.cancel()
            await asyncio.gather(measuring, return_exceptions=True)
    lag_s = percentile(lag.late_s, 0.99)
    megapixels = size_px[0] * size_px[1] / 1_000_000
    row = {
        "pictures": f"{at_once} of {megapixels:.0f} megapixels",
        "each": f"{took_s / at_once:.2f} s",
        "loop lag p50": f"{percentile(lag.late_s, 0.5) * 1e3:.1f} ms",
        "p99": f"{lag_s * 1e3:.1f} ms",
        "longest": f"{max(lag.late_s) * 1e3:.0f} ms",
        "memory above idle": f"{memory.above_idle / 1e6:.0f} MB",
    }
    return Report(
        title="Pictures",
        what=(
            "JPEG photographs that were held upright, attached in the same moment, each read, "
            "decoded, turned, scaled, encoded and kept in SQLite. Memory is what is resident at "
            "most, above idle, of the bot and the process that decodes together."
        ),
        tables=[[row]],
        bars=[
            Bar("loop lag p99 ≤ 20 ms", f"{lag_s * 1e3:.1f} ms", lag_s <= LAG_BAR_S),
            Bar(
                "memory above idle ≤ 200 MB",
                f"{memory.above_idle / 1e6:.0f} MB",
                memory.above_idle <= MEMORY_BAR_BYTES,
            ),
        ],
    )


async def _attach(pictures: Pictures, photograph: Path) -> None:
    async def fetch() -> bytes:
        return await asyncio.to_thread(photograph.read_bytes)

    taken = await pictures.fetch(fetch, declared_bytes=1, user_id=1)
    if not isinstance(taken, Picture):
        raise TypeError(f"a photograph was refused: {taken.why.fault}")


def _take_photographs(paths: list[Path], size_px: tuple[int, int]) -> None:
    """Photographs of much detail, no two alike, from a phone that was held upright."""
    width, height = size_px
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    grain = Image.effect_noise((width // 4, height // 4), 90).resize(size_px)  # pyright: ignore[reportUnknownMemberType] - Pillow's types name numpy, which is not here
    photograph = Image.merge("RGB", [grain, grain.transpose(Image.Transpose.ROTATE_180), grain])
    for number, path in enumerate(paths):
        photograph.putpixel((number, 0), (255, 255, 255))
        photograph.save(path, "JPEG", quality=85, exif=exif)


class _Memory:
    """Looks again and again, in a thread, at what is resident of this process and its children."""

    def __init__(self) -> None:
        self._idle = self._most = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    @property
    def above_idle(self) -> int:
        return self._most - self._idle

    def __enter__(self) -> None:
        self._idle = self._most = memory_bytes()
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(_LOOK_S):
            self._most = max(self._most, memory_bytes() + sum(map(_resident, _children())))


def _children() -> list[str]:
    found: list[str] = []
    for task in _CHILDREN.iterdir():
        with suppress(OSError):  # a thread that ended meanwhile
            found += (task / "children").read_text(encoding="ascii").split()
    return found


def _resident(process_id: str) -> int:
    with suppress(OSError, StopIteration):  # a process that ended meanwhile
        lines = Path(f"/proc/{process_id}/status").read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) * 1024
    return 0

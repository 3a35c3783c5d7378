"""Pictures are read in a process of its own, which is as bounded as it is replaceable."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.denied import Denied
from bot.domain.generation.picture import ATTACHMENT_MAX_BYTES, PictureFault, PictureRefusal
from bot.runner import picture_reader
from bot.runner.picture_reader import ReadPicture, read_picture
from tests.patience import PATIENCE_S, RUNS_OUT_S, until
from tests.pictures import a_bomb, a_picture, saved

A_JPEG = saved(a_picture(), "JPEG")
A_WORKER = "import sys, json\nsys.stdin.buffer.read()\n"


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another program in the worker's place."""
    program = tmp_path / "worker.py"
    monkeypatch.setattr(picture_reader, "_WORKER", program)
    return program


async def fault_of(data: bytes, *, longest_s: float = PATIENCE_S) -> PictureFault:
    read = await read_picture(data, longest_s=longest_s)
    assert isinstance(read, Denied)
    return read.why.fault


async def test_a_picture_comes_back_with_what_a_request_keeps_of_it() -> None:
    data = saved(a_picture())
    read = await read_picture(data, link="https://cdn.discordapp.com/a.png")
    assert isinstance(read, ReadPicture)
    assert read.data.startswith(b"\xff\xd8\xff")
    assert (read.picture.width_px, read.picture.height_px) == (480, 320)
    assert (read.picture.media_type, read.picture.link) == (
        "image/jpeg",
        "https://cdn.discordapp.com/a.png",
    )
    again = await read_picture(data)
    assert isinstance(again, ReadPicture)
    assert again.picture.digest == read.picture.digest
    assert "xff" not in repr(read)
    assert "cdn" not in repr(read)


async def test_a_refusal_says_the_size() -> None:
    read = await read_picture(saved(a_picture((299, 400))))
    assert read == Denied(PictureRefusal(PictureFault.TOO_SMALL, 299, 400))


async def test_a_bomb_and_half_a_picture_are_refused() -> None:
    assert await fault_of(a_bomb(100_000, 100_000)) is PictureFault.TOO_MANY_PIXELS
    assert await fault_of(a_bomb(1_000, 1_000)) is PictureFault.UNREADABLE
    whole = saved(a_picture(), "JPEG")
    assert await fault_of(whole[: len(whole) // 2]) is PictureFault.UNREADABLE


async def test_more_than_an_attachment_may_have_starts_no_process(worker: Path) -> None:
    assert not worker.exists()
    assert await fault_of(bytes(ATTACHMENT_MAX_BYTES + 1)) is PictureFault.TOO_LARGE


@pytest.mark.parametrize(
    "says",
    [
        "raise SystemExit(3)",
        "print('no json')",
        "print(json.dumps({'width_px': 400}))",
        "print(json.dumps({'width_px': 4, 'height_px': 4}))",
        "print(json.dumps({'fault': 'other', 'width_px': 1, 'height_px': 1}))",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    ],
)
async def test_whatever_the_worker_says_is_checked(worker: Path, says: str) -> None:
    worker.write_text(A_WORKER + says)
    assert await fault_of(b"x") is PictureFault.UNREADABLE


async def test_a_worker_that_reads_nothing_is_no_error_of_the_bot(worker: Path) -> None:
    worker.write_text("import os\nos.close(0)\nraise SystemExit(1)")
    assert await fault_of(bytes(ATTACHMENT_MAX_BYTES)) is PictureFault.UNREADABLE


async def test_a_worker_that_never_stops_talking_is_stopped(worker: Path) -> None:
    worker.write_text(A_WORKER + "while True: sys.stdout.buffer.write(bytes(1_000_000))")
    assert await fault_of(b"x") is PictureFault.UNREADABLE


async def test_a_worker_that_hangs_is_killed(worker: Path) -> None:
    worker.write_text(A_WORKER + "import time; time.sleep(3600)")
    assert await fault_of(b"x", longest_s=RUNS_OUT_S) is PictureFault.TOOK_TOO_LONG


async def test_a_caller_that_gives_up_leaves_no_process(worker: Path, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    worker.write_text(
        f"import os, pathlib, time\npathlib.Path({str(mark)!r}).write_text(str(os.getpid()))\n"
        "time.sleep(3600)"
    )
    reading = asyncio.create_task(read_picture(b"x", longest_s=PATIENCE_S))
    await until(lambda: mark.exists() and bool(mark.read_text()))
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert not Path(f"/proc/{mark.read_text()}").exists()


@pytest.mark.parametrize(
    ("does", "fault"),
    [
        ("bytearray(800 * 1024 * 1024)", PictureFault.UNREADABLE),
        ("open(sys.argv[0] + '.out', 'wb', 0).write(b'x' * 10)", PictureFault.UNREADABLE),
        ("while True: pass", PictureFault.TOOK_TOO_LONG),
    ],
)
async def test_memory_files_and_time_are_bounded(
    worker: Path, monkeypatch: pytest.MonkeyPatch, does: str, fault: PictureFault
) -> None:
    confined = Path(picture_reader.__file__).with_name("picture_worker.py").read_text()
    begins = "    out = sys.stdout.buffer\n"
    body = confined.replace(begins, f"    {does}\n{begins}")
    assert body != confined
    worker.write_text(body)
    monkeypatch.setattr(picture_reader, "LIMITS", {**picture_reader.LIMITS, "time_max_s": 1})
    # Without its limits it would answer with the picture.
    assert await fault_of(saved(a_picture())) is fault


async def test_the_worker_knows_no_secret(worker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "canary")
    worker.write_text(
        A_WORKER + "import os\nassert 'canary' not in str(os.environ)\n"
        "print(json.dumps({'fault': 'too_small', 'width_px': 1, 'height_px': 2}))"
    )
    assert await fault_of(b"x") is PictureFault.TOO_SMALL


@settings(max_examples=15)
@given(
    st.one_of(
        st.binary(max_size=200), st.integers(0, len(A_JPEG) // 2).map(lambda end: A_JPEG[:end])
    )
)
async def test_any_bytes_are_answered(data: bytes) -> None:
    assert await fault_of(data) in (PictureFault.NOT_A_PICTURE, PictureFault.UNREADABLE)

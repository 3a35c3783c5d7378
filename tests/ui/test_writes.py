"""What stands in the way of a write to Discord, and when it is tried again."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import aiohttp
import discord
import pytest

from bot.domain.ports import Trouble
from bot.ui.writes import attempt, once, trouble_of
from tests.clocks import FakeClock


def an_error(status: int, code: int = 0) -> discord.HTTPException:
    response = SimpleNamespace(status=status, reason="as it happens", headers={})
    return discord.HTTPException(response, {"code": code, "message": "no"})  # pyright: ignore[reportArgumentType] - the three fields that the library reads


@pytest.mark.parametrize(
    ("status", "code", "trouble"),
    [
        (500, 0, Trouble.PASSING),
        (503, 0, Trouble.PASSING),
        (429, 0, Trouble.PASSING),
        (413, 0, Trouble.TOO_LARGE),
        (400, 40005, Trouble.TOO_LARGE),
        (400, 50045, Trouble.TOO_LARGE),
        (404, 10008, Trouble.CARD_GONE),
        (404, 10003, Trouble.PLACE_CLOSED),
        (403, 50013, Trouble.PLACE_CLOSED),
        (403, 50001, Trouble.PLACE_CLOSED),
        (403, 50007, Trouble.PLACE_CLOSED),
        (403, 50278, Trouble.PLACE_CLOSED),
        (400, 50083, Trouble.PLACE_CLOSED),
        (401, 50027, Trouble.KEY_DEAD),
        (404, 10015, Trouble.KEY_DEAD),
        (400, 50035, Trouble.REFUSED),
        (400, 240000, Trouble.REFUSED),
        (403, 20009, Trouble.REFUSED),
        (403, 0, Trouble.PASSING),
        (404, 0, Trouble.PASSING),
    ],
)
def test_an_error_of_discord_means_one_thing(status: int, code: int, trouble: Trouble) -> None:
    assert trouble_of(an_error(status, code)) is trouble


def failing(*errors: Exception) -> tuple[Callable[[], Awaitable[str]], list[Exception]]:
    left = list(errors)

    async def write() -> str:
        if left:
            raise left.pop(0)
        return "written"

    return write, left


async def through_time(write: Callable[[], Awaitable[str]]) -> str | Trouble:
    clock = FakeClock()
    writing = asyncio.ensure_future(attempt(write, clock=clock))
    while not writing.done():
        await asyncio.sleep(0)
        if (due := clock.next_due()) is not None:
            clock.move_to(due)
    return writing.result()


@pytest.mark.parametrize(
    "error",
    [
        an_error(503),
        an_error(429),
        aiohttp.ClientConnectionError(),
        ConnectionResetError(),
        TimeoutError(),
    ],
)
async def test_what_passes_is_tried_again(error: Exception) -> None:
    write, left = failing(error, error)
    assert await through_time(write) == "written"
    assert left == []


@pytest.mark.parametrize("error", [an_error(502), OSError()])
async def test_what_does_not_pass_soon_is_left_for_later(error: Exception) -> None:
    write, left = failing(*[error] * 4)
    assert await through_time(write) is Trouble.PASSING
    assert len(left) == 1


async def test_a_definite_refusal_is_not_repeated() -> None:
    write, left = failing(an_error(404, 10008), an_error(404, 10008))
    assert await through_time(write) is Trouble.CARD_GONE
    assert len(left) == 1


@pytest.mark.parametrize(
    "error",
    [
        KeyError("retry_after"),
        RuntimeError("Unreachable code in HTTP handling"),
        TypeError("string indices must be integers"),
        ValueError("no JSON"),
        discord.RateLimited(300.0),
    ],
)
async def test_whatever_the_library_raises_passes_with_one_warning_at_the_most(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    write, left = failing(*[error] * 4)
    assert await through_time(write) is Trouble.PASSING
    assert len(left) == 1
    assert len(caplog.records) == (0 if isinstance(error, discord.RateLimited) else 1)
    assert all(record.exc_info is None for record in caplog.records)


async def test_what_may_not_be_repeated_is_tried_once() -> None:
    write, left = failing(an_error(503), an_error(503))
    assert await once(write) is Trouble.PASSING
    assert len(left) == 1


async def test_a_fault_of_ours_in_drawing_is_not_taken_for_trouble_of_discord() -> None:
    def drawn_wrong() -> Awaitable[str]:
        raise KeyError("a word that is missing")

    with pytest.raises(KeyError):
        await attempt(drawn_wrong, clock=FakeClock())

"""What was decided stays decided, whatever was being read meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import pytest

from bot.domain.servers import NOTHING_DECIDED, ServerSettings
from bot.features.servers.servers import ServerRows, Servers
from bot.storage import open_store
from tests.clocks import FakeClock

CLUB, OTHER, MONA = 1, 2, 3
PAUSED = ServerSettings(paused_because="a holiday")


class SlowToTell(ServerRows):
    """Reads at once, and tells it when it is let."""

    def let(self) -> None:
        self._letting.set()

    async def has_read(self) -> None:
        await self._has_read.wait()

    def slow_down(self) -> None:
        self._letting, self._has_read = asyncio.Event(), asyncio.Event()

    async def of(self, guild_id: int) -> ServerSettings:
        read = await super().of(guild_id)
        await self._told()
        return read

    async def everywhere(self) -> Mapping[int, ServerSettings]:
        read = await super().everywhere()
        await self._told()
        return read

    async def _told(self) -> None:
        self._has_read.set()
        await self._letting.wait()


Reading = Callable[[Servers], Awaitable[object]]


def _load(desk: Servers) -> Awaitable[object]:
    return desk.load()


def _current(desk: Servers) -> Awaitable[object]:
    return desk.current(CLUB)


@pytest.mark.parametrize("reading", [_load, _current])
async def test_a_pause_is_not_lost_to_a_reading_that_began_before_it(
    sqlite_url: str, reading: Reading
) -> None:
    async with open_store(sqlite_url) as store:
        kept = SlowToTell(database=store.database)
        desk = Servers(rows=kept, clock=FakeClock())
        kept.slow_down()
        read = asyncio.ensure_future(reading(desk))
        await kept.has_read()
        await desk.change(CLUB, {"paused_because": "a holiday"}, by_user_id=MONA)
        kept.let()
        await read
        assert desk.known(CLUB) == PAUSED


async def test_what_others_decided_is_taken_in_with_the_next_reading(sqlite_url: str) -> None:
    async with open_store(sqlite_url) as store:
        kept = ServerRows(database=store.database)
        desk, elsewhere = (Servers(rows=kept, clock=FakeClock()) for _ in range(2))
        await desk.change(CLUB, {"spoiler": True}, by_user_id=MONA)
        await elsewhere.change(CLUB, {"paused_because": "a holiday"}, by_user_id=MONA)
        await elsewhere.change(OTHER, {"spoiler": True}, by_user_id=MONA)
        assert desk.known(OTHER) == NOTHING_DECIDED
        await desk.load()
        assert desk.known(CLUB).paused_because == "a holiday"
        assert desk.known(OTHER).spoiler
        await elsewhere.change(CLUB, {"paused_because": None}, by_user_id=MONA)
        assert (await desk.current(CLUB)).paused_because is None


async def test_a_pause_is_not_lost_to_another_change_at_the_same_time(sqlite_url: str) -> None:
    async with open_store(sqlite_url) as store:
        desk = Servers(rows=ServerRows(database=store.database), clock=FakeClock())
        await asyncio.gather(
            desk.change(CLUB, {"paused_because": "a holiday"}, by_user_id=MONA),
            *(desk.change(CLUB, {"words": (f"{n}",)}, by_user_id=MONA) for n in range(10)),
        )
        seen = desk.known(CLUB)
        assert seen.paused_because == "a holiday"
        assert await desk.current(CLUB) == seen

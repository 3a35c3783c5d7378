"""A drain: nothing new is taken or sent, and its end is told once."""

import pytest

from bot.domain.actor import Actor
from bot.domain.policy import DeclineReason, OperatorLimits, at_once_in, objection
from bot.domain.ports import StoreUnavailable
from bot.domain.request import GenerationRequest
from bot.domain.servers import BY_THE_BOT, EVERYWHERE, NOTHING_DECIDED, Changes, ServerSettings
from bot.features.draining import Farewell, end_drain
from bot.features.operations_ports import Drain
from tests.runner.stand_ins import UndecidedServers

BOSS = 11
DRAINED = ServerSettings(drained_by=BOSS)


class Bot(UndecidedServers):
    """One decision about everything, what is under way, and who was told."""

    def __init__(self) -> None:
        self.everywhere = NOTHING_DECIDED
        self.under_way: int | None = 0
        self.told: list[int] = []
        self.changes: list[tuple[int, Changes, int]] = []
        self.farewell = Farewell(servers=self, so_far=self.so_far, tell=self.tell)

    def known(self, guild_id: int | None) -> ServerSettings:
        assert guild_id == EVERYWHERE
        return self.everywhere

    async def change(
        self, guild_id: int, changes: Changes, *, by_user_id: int
    ) -> ServerSettings | None:
        self.changes.append((guild_id, changes, by_user_id))
        return self.everywhere

    async def so_far(self) -> Drain:
        if self.under_way is None:
            raise StoreUnavailable
        return Drain(self.under_way)

    async def tell(self, user_id: int) -> None:
        self.told.append(user_id)


@pytest.fixture
def bot() -> Bot:
    return Bot()


async def test_nobody_is_told_anything_while_nothing_is_drained(bot: Bot) -> None:
    await bot.farewell.watch_finished("job-1")
    assert bot.told == []


async def test_who_drains_is_told_once_when_the_last_has_ended(bot: Bot) -> None:
    bot.everywhere = DRAINED
    for bot.under_way in (2, 1, 0, 0):
        await bot.farewell.watch_finished("job-1")
    assert bot.told == [BOSS]


async def test_the_next_drain_is_told_again(bot: Bot) -> None:
    for bot.everywhere in (DRAINED, NOTHING_DECIDED, DRAINED):
        await bot.farewell.watch_finished("job-1")
    assert bot.told == [BOSS, BOSS]


async def test_what_cannot_be_known_is_not_said(bot: Bot) -> None:
    bot.everywhere, bot.under_way = DRAINED, None
    await bot.farewell.watch_finished("job-1")
    assert bot.told == []
    bot.under_way = 0
    await bot.farewell.watch_finished("job-1")
    assert bot.told == [BOSS]


@pytest.mark.parametrize(
    ("everywhere", "changes"),
    [(NOTHING_DECIDED, []), (DRAINED, [(EVERYWHERE, {"drained_by": None}, BY_THE_BOT)])],
)
async def test_the_last_that_stops_ends_the_drain(
    bot: Bot, everywhere: ServerSettings, changes: list[tuple[int, Changes, int]]
) -> None:
    bot.everywhere = everywhere
    await end_drain(bot)
    assert bot.changes == changes


def test_a_drained_bot_takes_no_wish_and_sends_nothing() -> None:
    wish, asker = GenerationRequest(prompt="a kite"), Actor(user_id=1)
    assert (
        objection(wish, asker, server=NOTHING_DECIDED, everywhere=DRAINED) is DeclineReason.DRAINING
    )
    assert at_once_in(NOTHING_DECIDED, DRAINED, OperatorLimits()).is_paused
    assert not at_once_in(NOTHING_DECIDED, NOTHING_DECIDED, OperatorLimits()).is_paused

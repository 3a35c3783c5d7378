"""Of each trouble the owner gets one message when it begins and one when it ends, come what may."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.domain.owner_trouble import (
    BalanceLow,
    BalanceUsedUp,
    DiskNearlyFull,
    JobUnsure,
    OwnerMessage,
    OwnerTrouble,
    OwnKeyRefused,
    ServerJoined,
)
from bot.features.owner.owner_news import OwnerNews, Seen
from bot.storage import SqlJobStore, open_store
from bot.storage.tables.jobs import owner_troubles
from tests.clocks import FakeClock
from tests.domain.samples import NOON

LOGGER = "bot.features.owner.owner_news"
KEY = OwnKeyRefused()
DISK = DiskNearlyFull(free_bytes=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
KINDS = ("key_refused", "disk_nearly_full", "job_unsure", "balance_used_up", "balance_low")


def unsure(number: int) -> JobUnsure:
    return JobUnsure(job_id=f"job-{number}", at=NOON, price_microusd=1, duration_s=5, card=None)


class Process:
    """One of the bot's processes: what it sees, and what it told."""

    def __init__(self, store: SqlJobStore, clock: FakeClock, told: list[OwnerMessage]) -> None:
        self.sees: list[OwnerTrouble] = []
        self.knows: tuple[str, ...] = KINDS
        self.told = told
        self.reaches = True
        self.dies = False
        self.news = OwnerNews(
            database=store.database, looks=(self.look, self.broken), tell=self.tell, clock=clock
        )

    async def look(self) -> Seen:
        return {kind: [one for one in self.sees if one.kind == kind] for kind in self.knows}

    async def broken(self) -> Seen:
        raise OSError

    async def tell(self, message: OwnerMessage) -> bool:
        # Others get their turn, as while Discord is waited for.
        await asyncio.sleep(0)
        if self.reaches:
            self.told.append(message)
        if self.dies:
            raise asyncio.CancelledError
        return self.reaches


class Bot:
    """Two processes on one database, and one owner."""

    def __init__(self, store: SqlJobStore, other: SqlJobStore) -> None:
        self.store = store
        self.clock = FakeClock(NOON)
        self.told: list[OwnerMessage] = []
        self.one, self.two = (Process(at, self.clock, self.told) for at in (store, other))

    async def minutes(self, count: int, *processes: Process) -> None:
        """Each looks once a minute, all of them at once."""
        for _ in range(count):
            self.clock.move_to(self.clock.now() + MINUTE)
            await asyncio.gather(
                *(process.news.run() for process in processes or (self.one, self.two))
            )

    def both_see(self, *troubles: OwnerTrouble) -> None:
        self.one.sees = self.two.sees = list(troubles)

    @property
    def said(self) -> list[str]:
        """What the owner read; Discord shows a message once that comes again by its name."""
        shown = {message.name: message for message in self.told}
        return [
            f"{message.phase} "
            + " ".join(one.trouble.subject or one.trouble.kind for one in message.episodes)
            for message in shown.values()
        ]


@pytest.fixture
async def bot(database_url: str) -> AsyncGenerator[Bot]:
    async with open_store(database_url) as store, open_store(database_url) as other:
        yield Bot(store, other)


async def test_two_processes_that_see_the_same_send_one_message_for_each_end(bot: Bot) -> None:
    bot.both_see(KEY)
    await bot.minutes(20)
    bot.both_see()
    await bot.minutes(20)
    assert bot.said == ["began key_refused", "ended key_refused"]
    assert len(bot.told) == 2


async def test_what_is_not_known_neither_begins_nor_ends_anything(bot: Bot) -> None:
    bot.both_see(KEY)
    await bot.minutes(1)
    bot.both_see()
    bot.one.knows = bot.two.knows = ()
    await bot.minutes(60)
    assert bot.said == ["began key_refused"]


async def test_a_crash_while_it_is_told_repeats_it_under_its_name_and_not_at_once(
    bot: Bot,
) -> None:
    bot.both_see(unsure(1), unsure(2))
    bot.one.dies = True
    with pytest.raises(asyncio.CancelledError):
        await bot.one.news.run()
    bot.both_see(unsure(1), unsure(2), unsure(3))
    await bot.minutes(1, bot.two)
    assert len(bot.told) == 1
    await bot.minutes(3, bot.two)
    assert [message.name for message in bot.told[:2]] == [bot.told[0].name] * 2
    assert bot.said == ["began job-1 job-2"]
    await bot.minutes(70, bot.two)
    assert bot.said == ["began job-1 job-2", "began job-3"]


async def test_what_ended_while_a_crash_kept_its_message_open_is_told_with_its_end(
    bot: Bot,
) -> None:
    bot.both_see(KEY)
    bot.one.dies = True
    with pytest.raises(asyncio.CancelledError):
        await bot.one.news.run()
    bot.both_see()
    await bot.minutes(10, bot.two)
    assert bot.said == ["began key_refused", "ended key_refused"]


async def test_what_ended_before_it_could_be_told_is_not_told(bot: Bot) -> None:
    bot.both_see(KEY)
    bot.one.reaches = bot.two.reaches = False
    await bot.minutes(1)
    # No message about it may have arrived: its process gave it up before it was sent.
    await bot.store.database.write(update(owner_troubles).values(message=None))
    bot.both_see()
    bot.one.reaches = bot.two.reaches = True
    await bot.minutes(10)
    assert bot.told == []


async def test_an_owner_who_cannot_be_reached_is_tried_again_every_few_minutes(bot: Bot) -> None:
    bot.both_see(KEY)
    bot.one.reaches = bot.two.reaches = False
    await bot.minutes(10)
    assert bot.told == []
    bot.one.reaches = bot.two.reaches = True
    await bot.minutes(3)
    assert bot.said == ["began key_refused"]
    assert len(bot.told) == 1


async def test_what_one_process_sees_for_itself_is_over_when_no_process_sees_it(bot: Bot) -> None:
    bot.one.sees = [DISK]
    await bot.minutes(30)
    assert bot.said == ["began disk_nearly_full"]
    bot.one.sees = []
    await bot.minutes(3)
    assert bot.said == ["began disk_nearly_full"]
    await bot.minutes(3)
    assert bot.said == ["began disk_nearly_full", "ended disk_nearly_full"]


async def test_the_same_again_within_a_day_is_told_when_the_day_is_over_if_it_lasts(
    bot: Bot,
) -> None:
    for _ in range(3):
        bot.both_see(KEY)
        await bot.minutes(5)
        bot.both_see()
        await bot.minutes(5)
    assert bot.said == ["began key_refused", "ended key_refused"]
    bot.both_see(KEY)
    await bot.minutes(1)
    bot.clock.move_to(NOON + DAY)
    await bot.minutes(2)
    assert bot.said == ["began key_refused", "ended key_refused", "began key_refused"]
    bot.both_see()
    await bot.minutes(1)
    assert bot.said[3:] == ["ended key_refused"]


async def test_troubles_that_come_in_numbers_are_told_together_once_an_hour(bot: Bot) -> None:
    for number in range(40):
        bot.both_see(*(unsure(one) for one in range(number + 1)))
        await bot.minutes(2)
    assert [message.count("job-") for message in bot.said] == [1, 30]
    bot.both_see()
    await bot.minutes(1)
    assert bot.said[2].startswith("ended job-0")
    assert bot.said[2].count("job-") == 31


async def test_the_end_of_both_troubles_with_the_balance_is_one_message(bot: Bot) -> None:
    bot.both_see(BalanceLow(left_microusd=2, day_microusd=3))
    await bot.minutes(2)
    bot.both_see(BalanceUsedUp(left_microusd=0))
    bot.one.knows = bot.two.knows = ("balance_used_up",)
    await bot.minutes(2)
    bot.both_see()
    bot.one.knows = bot.two.knows = KINDS
    await bot.minutes(2)
    assert bot.said == [
        "began balance_low",
        "began balance_used_up",
        "ended balance_low balance_used_up",
    ]


async def test_what_happens_once_is_told_once_and_again_after_a_day(bot: Bot) -> None:
    joined = ServerJoined(guild_id=7, name="Kites", members=3, is_paid_for=True)
    await asyncio.gather(*(one.news.happened(joined) for one in (bot.one, bot.two)))
    await bot.minutes(2)
    await bot.one.news.happened(joined)
    await bot.minutes(2)
    assert bot.said == ["began 7"]
    bot.clock.move_to(NOON + DAY + HOUR)
    await bot.minutes(2)
    assert bot.said == ["began 7"]
    await bot.two.news.happened(joined)
    await bot.minutes(2)
    assert bot.said == ["began 7", "began 7"]


async def test_a_new_server_is_no_warning_in_the_log(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await bot.one.news.happened(ServerJoined(guild_id=7, name="Kites", members=3, is_paid_for=True))
    bot.both_see(KEY)
    await bot.minutes(2)

    assert [(one.levelname, one.getMessage()) for one in caplog.records if one.name == LOGGER] == [
        ("INFO", "telling the owner about server_joined:7 (began)"),
        ("WARNING", "telling the owner about key_refused (began)"),
    ]


async def test_a_time_that_a_clock_ahead_wrote_holds_nothing_up(bot: Bot) -> None:
    bot.both_see(KEY, DISK)
    bot.one.reaches = bot.two.reaches = False
    await bot.minutes(1)
    await bot.store.database.write(
        update(owner_troubles).values(
            claimed_until=NOON + 9 * DAY, seen_at=NOON + 9 * DAY, version=owner_troubles.c.version
        )
    )
    bot.one.reaches = bot.two.reaches = True
    await bot.minutes(1)
    assert sorted(bot.said) == ["began disk_nearly_full", "began key_refused"]
    bot.both_see()
    await bot.minutes(7)
    assert len(bot.said) == 4


async def test_a_trouble_of_a_newer_version_is_left_to_it(bot: Bot) -> None:
    bot.both_see(KEY)
    await bot.minutes(1)
    of_newer = '{"kind": "of_a_newer_version"}'
    await bot.store.database.write(update(owner_troubles).values(trouble=of_newer))
    bot.both_see(DISK)
    await bot.minutes(3)
    assert bot.said == ["began key_refused", "began disk_nearly_full"]
    rows = await bot.store.database.rows(select(owner_troubles.c.trouble))
    assert of_newer in {row["trouble"] for row in rows}

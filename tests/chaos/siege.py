"""Kills the bot again and again, then lets it finish in peace."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from signal import SIGKILL
from typing import Final

from tests.chaos.processes import Town, Worker, open_town
from tests.chaos.records import Wish, now
from tests.chaos.service import VANISHED

AIMS: Final = (
    *("start", "any", "any", "row", "post", "post", "answered", "show"),
    *("fetch", "deliver", "ping", "end"),
)
"""When to kill: soon after the start, at any time, or at a moment that the worker announces."""
LIFE_MAX_S: Final = 1.5
"""A life in which the moment does not come is ended all the same."""
WISHED: Final = (
    *("smooth", "hesitant") * 6,
    *("crowded", "moody", "dripping", "halved", "doomed") * 2,
    *("down", "swallowed", "torn", VANISHED),
)
DISCORD_FAULTS: Final = 0.03
STOPPED: Final = 0.1
"""The share of lives that end by SIGTERM, besides the kills."""
ASKED_AGAIN: Final = 0.15
"""The share of interactions that come a second time, often to a later process."""
WITH_PICTURE: Final = 0.4


@dataclass(slots=True)
class Siege:
    """What was done to the bot."""

    clock_start: datetime
    wishes: list[Wish] = field(default_factory=list[Wish])
    kills: list[datetime] = field(default_factory=list[datetime])
    aims: Counter[str] = field(default_factory=Counter[str])
    own_deaths: list[str] = field(default_factory=list[str])
    """Lives that did not end by the kill, or cleanly after SIGTERM."""
    lives: int = 0


async def besiege(folder: Path, *, kills: int, seed: int) -> Siege:
    """Kill `kills` workers over `folder`; the last one runs until nothing needs work."""
    random = Random(seed)  # noqa: S311 - a siege guards no secret
    async with open_town(folder) as town:
        town.orders.discord_faults = DISCORD_FAULTS
        siege = Siege(town.orders.clock_start)
        following = await town.worker()
        while len(siege.kills) < kills:
            worker, following = following, await town.worker()
            await _one_life(worker, town, siege, random)
            siege.lives += 1
        await following.begin(town.orders.model_copy(update={"life": siege.lives}))
        await following.until("idle")
        if (status := await following.stop()) != 0:
            siege.own_deaths.append(f"the last life ended with {status}")
    return siege


async def _one_life(worker: Worker, town: Town, siege: Siege, random: Random) -> None:
    wishes = tuple(_wish(siege, random) for _ in range(random.randint(1, 3)))
    changes = {"life": siege.lives, "seed": random.getrandbits(32), "wishes": wishes}
    await worker.begin(town.orders.model_copy(update=changes))
    aim = random.choice(AIMS)
    with suppress(TimeoutError):
        async with asyncio.timeout(LIFE_MAX_S):
            await _wait_for(aim, worker, random)
    # Before it has begun to listen for it, SIGTERM would be just another kill.
    gentle = aim != "start" and random.random() < STOPPED
    expected, status = (0, await worker.stop()) if gentle else (-SIGKILL, await worker.kill())
    siege.aims["stopped" if gentle else aim] += 1
    if not gentle:
        siege.kills.append(now())
    if status != expected:
        siege.own_deaths.append(f"life {siege.lives} ended with {status}, not {expected}")


async def _wait_for(aim: str, worker: Worker, random: Random) -> None:
    match aim:
        case "start":
            await asyncio.sleep(random.uniform(0, 0.1))
        case "any":
            await asyncio.sleep(random.uniform(0, 1))
        case _:
            await worker.until(aim, times=random.choice((1, 1, 2, 3)))
            # At once, in what the moment is the beginning of, or in what comes next.
            await asyncio.sleep(random.choice((0, 1, 4)) * random.uniform(0, 0.04))


def _wish(siege: Siege, random: Random) -> Wish:
    after_s = random.uniform(0, 0.2)
    if siege.wishes and random.random() < ASKED_AGAIN:
        return random.choice(siege.wishes).model_copy(update={"after_s": after_s})
    number = 1000 + len(siege.wishes)
    kind = random.choice(WISHED)
    wish = Wish(
        interaction_id=number,
        prompt=f"{kind} kite {number}",
        after_s=after_s,
        with_picture=kind == VANISHED or random.random() < WITH_PICTURE,
    )
    siege.wishes.append(wish)
    return wish

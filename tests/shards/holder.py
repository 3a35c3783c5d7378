"""`python -m tests.shards.holder URL PLAN RECOMMENDED BEAT_S`: holds slots, and says which."""

import asyncio
import sys

from bot.domain.clock import SystemClock
from bot.shards.plan import read_plan
from bot.shards.slots import ShardSlots

BEAT_S = 0.05
BEATS_TO_LIVE = 60
"""How many may be missed before the server ends the session."""


async def hold(database_url: str, plan: str, *, recommended: int, beat_s: float) -> None:
    slots = ShardSlots(
        database_url=database_url,
        plan=read_plan(plan),
        recommended=recommended,
        clock=SystemClock(),
        beat_s=beat_s,
        idle_limit_s=beat_s * BEATS_TO_LIVE,
    )
    keeping = asyncio.create_task(slots.keep())
    saying = asyncio.create_task(say(slots))
    await asyncio.wait({keeping, saying}, return_when=asyncio.FIRST_COMPLETED)
    sys.stdout.write(f"{type(keeping.exception()).__name__}\n")


async def say(slots: ShardSlots) -> None:
    while True:
        for shard_id in await slots.taken():
            sys.stdout.write(f"{shard_id}/{slots.count}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(
        hold(sys.argv[1], sys.argv[2], recommended=int(sys.argv[3]), beat_s=float(sys.argv[4]))
    )

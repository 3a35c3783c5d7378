"""`python -m tests.cluster`: two workers share 200 jobs, one is killed, and all are delivered."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bot.domain.job import State
from tests.cluster.crowd import Crowd, a_crowd, wishes
from tests.databases import postgres_server

JOBS = 200


async def demonstrate(crowd: Crowd) -> bool:
    """Whether every job was delivered, and bought once."""
    doomed = await crowd.join()
    say("one worker runs; another asks for 200 videos and works as well")
    await crowd.join(wishes(JOBS, kind="patient", over_s=20))
    await crowd.until_asked(JOBS)
    await crowd.until_none_is(State.WAITING, State.SUBMITTING)
    states = await crowd.states()
    say(f"before the kill: {told(states)}")
    await doomed.kill()
    killed_at = time.monotonic()
    await crowd.until_delivered(JOBS)
    took_s = time.monotonic() - killed_at
    delays = crowd.delays(await crowd.jobs())
    say(f"afterwards: {told(await crowd.states())}")
    say("")
    say("| what | figure |")
    say("|---|---|")
    say(f"| jobs delivered | {(await crowd.states())[State.DELIVERED]} of {JOBS} |")
    say(f"| POSTs | {len(crowd.posts)} |")
    say(f"| POSTs per job, at most | {most_posts(crowd)} |")
    say(f"| from the kill to the last delivery | {took_s:.1f} s |")
    say(f"| from completed to delivered, median | {median(delays):.2f} s |")
    say(f"| from completed to delivered, at most | {delays[-1]:.2f} s |")
    return len(crowd.posts) == JOBS == len(delays)


def most_posts(crowd: Crowd) -> int:
    """How often the most often bought was bought."""
    prompts = [post.prompt for post in crowd.posts]
    return max(map(prompts.count, prompts))


def told(states: dict[State, int]) -> str:
    """The states that any job is in."""
    return ", ".join(f"{count} {state.value}" for state, count in sorted(states.items()) if count)


def say(line: str) -> None:
    """At once, for whoever watches."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(folder: Path, database_url: str) -> bool:
    """The demonstration in a town of its own."""
    async with a_crowd(folder, database_url, hastened_by=1) as crowd:
        return await demonstrate(crowd)


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory(prefix="crowd-") as temporary,
        postgres_server() as server,
        server.fresh_database() as url,
    ):
        succeeded = asyncio.run(main(Path(temporary), url))
    sys.exit(not succeeded)

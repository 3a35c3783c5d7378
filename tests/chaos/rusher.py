"""One process of a rush: opens the store, says that it is ready, and asks at the word."""

import asyncio
import sys

from bot.storage import open_store
from tests.chaos.rush import Part, ask_part


async def main() -> None:
    part = Part.model_validate_json(sys.stdin.readline())
    async with open_store(part.url) as store:
        await store.standings()  # a connection stands before the word
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        answers = await ask_part(store, part)
    sys.stdout.write(answers.model_dump_json())


if __name__ == "__main__":
    asyncio.run(main())

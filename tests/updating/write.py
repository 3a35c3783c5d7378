"""`python -m tests.updating.write`: keeps the present schema, with jobs in every state, as SQL.

Run it once, at the first release; until then, whenever the only migration is changed in place.
Afterwards never again: what it wrote then is what is out there, and every later version is held
against it.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from bot.playground.videos import VideoLibrary
from bot.storage import default_database_url
from tests.databases import postgres_server
from tests.live.bot_process import open_town
from tests.updating.dumps import dumped, first_schema
from tests.updating.first_life import live


async def write(database_url: str, folder: Path) -> None:
    """Live a first life over this empty database, and keep what it leaves."""
    async with open_town(folder, VideoLibrary(folder=folder)) as town:
        await live(town, database_url)
        target = first_schema(database_url)
        target.parent.mkdir(exist_ok=True)
        target.write_text(dumped(database_url), encoding="utf-8")
        sys.stdout.write(f"{target.name}: {target.stat().st_size} bytes\n")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server:
        town = Path(folder)
        asyncio.run(write(default_database_url(town / "data"), town))
        with server.fresh_database() as url:
            asyncio.run(write(url, town))


if __name__ == "__main__":
    main()

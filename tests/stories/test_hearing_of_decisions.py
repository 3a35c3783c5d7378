"""What was decided in one process is heard in the others before anybody asks for anything."""

from pathlib import Path

from sqlalchemy import text

from bot.domain.servers import EVERYWHERE
from bot.features.servers.servers import ServerRows, Servers
from bot.playground.videos import VideoLibrary
from bot.storage import open_store
from tests.stories.harness import told_story

LISTENING = text("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN%kling_servers%'")


async def test_a_pause_in_one_process_is_heard_in_the_others_at_once(
    tmp_path: Path, videos: VideoLibrary, postgres_url: str
) -> None:
    async with (
        told_story(data_dir=tmp_path / "data", videos=videos, database_url=postgres_url) as story,
        open_store(postgres_url) as store,
    ):
        elsewhere = Servers(rows=ServerRows(database=store.database), clock=story.clock)
        while not await store.database.rows(LISTENING):
            await story.settle()
        here = story.services.servers
        for guild_id in (story.guild.id, EVERYWHERE):
            await elsewhere.change(guild_id, {"paused_because": "a holiday"}, by_user_id=1)
            await story.wait_for(lambda: here.known(guild_id).paused_because == "a holiday")  # noqa: B023 - waited for

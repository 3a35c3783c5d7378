"""Fixtures that the whole suite shares."""

import gc
import os
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.storage import default_database_url
from tests.databases import PostgresServer, lay_migrated_file, postgres_server

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest and tempfile make folders of their own in it
ROOM_BYTES = 4 * 1024**3


def keep_files_in_memory() -> None:
    """Keep what tests write in memory: each commit waits for a disk, for milliseconds.

    Not where memory is scarce or programs may not run in it; and TMPDIR has the last word.
    """
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK):
        place = os.statvfs(MEMORY)
        runs_programs = not place.f_flag & os.ST_NOEXEC
        if runs_programs and place.f_bavail * place.f_frsize >= ROOM_BYTES:
            os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def pytest_configure() -> None:
    """A busy machine is no reason for a property to fail, and neither is chance.

    `make search` takes the other profile and looks at other examples each time.
    """
    keep_files_in_memory()
    patient = [HealthCheck.too_slow]
    settings.register_profile(
        "searching", deadline=None, suppress_health_check=patient, max_examples=1_000
    )
    settings.register_profile(
        "steady", deadline=None, suppress_health_check=patient, derandomize=True
    )
    settings.load_profile("steady")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: no collection of garbage need look at it again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a test logs may be no text at all, and has to reach other processes nevertheless."""
    report = yield
    report.sections = [
        (name, said.encode(errors="backslashreplace").decode()) for name, said in report.sections
    ]
    return report


@pytest.fixture
def new_sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that is not there yet."""
    return default_database_url(tmp_path)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file with all its tables and no rows yet."""
    lay_migrated_file(tmp_path)
    return default_database_url(tmp_path)


@pytest.fixture(scope="session")
def postgres() -> Generator[PostgresServer]:
    """One server for the whole run, started when the first test asks for it."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def new_postgres_url(postgres: PostgresServer) -> Generator[str]:
    """A PostgreSQL database without tables."""
    with postgres.fresh_database() as url:
        yield url


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Generator[str]:
    """A PostgreSQL database with all its tables and no rows yet."""
    with postgres.migrated_database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def new_database_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind as nothing but its server or folder made it."""
    return str(request.getfixturevalue(f"new_{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind, with tables and no rows: what asks for this runs on both."""
    return str(request.getfixturevalue(f"{request.param}_url"))

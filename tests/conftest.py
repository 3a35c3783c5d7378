"""Fixtures that the whole suite shares."""

from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.storage import default_database_url
from tests.databases import PostgresServer, lay_migrated_file, postgres_server


def pytest_configure() -> None:
    """A busy machine is no reason for a property to fail, and neither is chance.

    `make search` takes the other profile and looks at other examples each time.
    """
    patient = [HealthCheck.too_slow]
    settings.register_profile(
        "searching", deadline=None, suppress_health_check=patient, max_examples=1_000
    )
    settings.register_profile(
        "steady", deadline=None, suppress_health_check=patient, derandomize=True
    )
    settings.load_profile("steady")


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

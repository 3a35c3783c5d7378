"""A store over each database, fresh for every test."""

from collections.abc import AsyncGenerator

import pytest

from bot.storage import SqlJobStore, open_store


@pytest.fixture
async def store(database_url: str) -> AsyncGenerator[SqlJobStore]:
    """The store of one process."""
    async with open_store(database_url) as opened:
        yield opened


@pytest.fixture
async def other_store(database_url: str, store: SqlJobStore) -> AsyncGenerator[SqlJobStore]:
    """The store of another process over the same database."""
    assert store
    async with open_store(database_url) as opened:
        yield opened

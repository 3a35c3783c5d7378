"""Fixtures of the runner's tests."""

from collections.abc import AsyncGenerator

import pytest

from bot.storage import SqlJobStore, open_store
from tests.clocks import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def store(sqlite_url: str) -> AsyncGenerator[SqlJobStore]:
    async with open_store(sqlite_url) as opened:
        yield opened

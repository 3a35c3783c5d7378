"""Fixtures for the adapter's tests."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.clocks import FakeClock
from tests.runcomfy.stand_in import Service, connected, served


@pytest.fixture
async def service(tmp_path: Path) -> AsyncGenerator[Service]:
    """The adapter, connected to a stand-in whose time stands still."""
    clock = FakeClock()
    async with served(tmp_path, clock) as server, connected(server.url) as runcomfy:
        yield Service(server=server, runcomfy=runcomfy, clock=clock)

"""Fixtures of the stories in a browser: a playground, and a person at its page."""

from collections.abc import AsyncGenerator

import pytest

from tests.playground.driver import (
    BROWSER,
    Playground,
    Visitor,
    playground_at_a_terminal,
    visitor,
)


@pytest.fixture
async def opened() -> AsyncGenerator[Playground]:
    async with playground_at_a_terminal() as (playground, _):
        yield playground


@pytest.fixture
async def you(opened: Playground) -> AsyncGenerator[Visitor]:
    assert BROWSER is not None
    async with visitor(await opened.address(), browser=BROWSER) as newcomer:
        yield newcomer

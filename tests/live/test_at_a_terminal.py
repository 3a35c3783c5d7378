"""What an operator sees at a terminal: tables and colours, which no script ever reads."""

import re
from typing import Final

import pytest

from bot.domain.job import State
from bot.storage import default_database_url, open_store
from tests.domain.samples import a_job
from tests.live.bot_process import Town

DRAWN: Final = re.compile(r"[\x1b─│╭╮╰╯━]")
PROMPT: Final = "[red]a kite[/red] over the sea, and over all the mountains behind it"
REQUESTER: Final = 1_100_000_000_000_000_077


def without_colour(lines: list[str]) -> list[str]:
    return [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]


@pytest.fixture
async def kept(town: Town) -> None:
    """Two jobs in the operator's database, with the numbers that real ones have."""
    async with open_store(default_database_url(town.data_dir)) as store:
        for number, state in enumerate((State.UNSURE, State.DELIVERED), 1):
            job = a_job(number, state=state, prompt=PROMPT)
            cost = 12_336_000 if state is State.DELIVERED else None
            changed = {"id": f"3fa85f645717456{number}", "requester_id": REQUESTER}
            await store.add(job.model_copy(update={**changed, "cost_microusd": cost}))


@pytest.mark.usefixtures("kept")
async def test_jobs_are_a_table_whose_figures_stand_at_the_right(town: Town) -> None:
    async with town.seen_at_a_terminal("jobs") as jobs:
        assert await jobs.ended() == 0

    assert "\x1b[32mdelivered" in "".join(jobs.out)
    heads, _, newest, oldest, _, number = without_colour(jobs.out)
    assert heads.split() == ["job", "state", "age", "cost", "video", "by"]
    assert newest.split()[:2] == ["3fa85f6457174562", "delivered"]
    assert newest.index("$12.336") + len("$12.336") == oldest.index("~$0.84") + len("~$0.84")
    assert heads.index("cost") + len("cost") == newest.index("$12.336") + len("$12.336")
    assert str(REQUESTER) in newest
    assert number == "2 jobs, newest first."


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    "command", ["jobs", "jobs --prompts", "ledger", "resolve", "prune --dry-run"]
)
async def test_a_table_keeps_within_the_terminal_and_its_jobs_whole(
    town: Town, command: str
) -> None:
    async with town.seen_at_a_terminal(*command.split(), columns=80) as narrow:
        assert await narrow.ended() == 0
    seen = without_colour(narrow.out)
    assert max(map(len, seen)) <= 80
    assert any("──" in line for line in seen)
    assert command.startswith("prune") or any("3fa85f6457174561" in line for line in seen)
    if "--prompts" in command:
        assert "[red]a" in "".join(seen)

    piped = await town.command(*command.split())
    assert await piped.ended() == 0
    assert [line for line in piped.out if DRAWN.search(line)] == []


@pytest.mark.usefixtures("kept")
async def test_without_colours_where_they_are_not_wanted(town: Town) -> None:
    async with town.seen_at_a_terminal("jobs", NO_COLOR="1") as jobs:
        assert await jobs.ended() == 0
    assert "\x1b[3" not in "".join(jobs.out)


@pytest.mark.usefixtures("kept")
async def test_unsure_jobs_come_with_what_to_type(town: Town) -> None:
    async with town.seen_at_a_terminal("resolve") as resolve:
        assert await resolve.ended() == 0
    seen = without_colour(resolve.out)
    assert "1 unsure job. Look each up in RunComfy's list of generations." in seen
    assert seen[-1] == "It is not there:  `python -m bot resolve JOB --write-off`"

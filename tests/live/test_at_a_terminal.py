"""What an operator sees at a terminal: tables and colours, which no script ever reads."""

import re
import signal
from typing import Final

import pytest

from bot.domain.job import State
from bot.storage import default_database_url, open_store
from tests.domain.samples import a_job
from tests.live.bot_process import Town
from tests.live.objects import BOT_ID

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


async def test_a_start_shows_who_the_bot_is_and_what_may_be_spent(town: Town) -> None:
    async with town.seen_at_a_terminal(
        "run", TOTAL_LIMIT="5 USD/day", USER_LIMIT="1 video/day"
    ) as run:
        await run.until(lambda: any("Invite: " in line for line in run.out))
        run.tell(signal.SIGTERM)
        assert await run.ended() == 0

    assert not [line for line in run.log if "invite me" in line]
    *panel, invite = without_colour(run.out)
    assert max(map(len, panel)) <= 80
    assert panel[0].startswith("╭─ Kling bot is running ─")
    said = " ".join(" ".join(line.strip("│").split()) for line in panel[1:-1])
    assert f"Bot kling#0000 ({BOT_ID})" in said
    assert "Serves 1 server: " in said
    assert "Limits $5.00 a day in all; 1 video a day for each member" in said
    assert "Balance $1000.00, about 1190 videos of 5 s with sound" in said
    assert "Stop Press Ctrl-C. RunComfy goes on, and the next start delivers its videos." in said
    assert invite.startswith(f"Invite: https://discord.com/oauth2/authorize?client_id={BOT_ID}&")


async def test_a_start_with_a_key_that_runcomfy_refuses_says_so_in_the_panel(town: Town) -> None:
    async with town.seen_at_a_terminal(
        "run", columns=120, RUNCOMFY_API_KEY="another-key-than-runcomfy-has"
    ) as run:
        await run.until(lambda: any("Invite: " in line for line in run.out))
        run.tell(signal.SIGTERM)
        assert await run.ended() == 0
    assert "RunComfy doesn't accept RUNCOMFY_API_KEY." in "".join(run.out)


async def test_a_start_without_a_limit_says_so_in_the_panel_as_well(town: Town) -> None:
    async with town.seen_at_a_terminal("run", columns=120) as run:
        await run.says("No limit is set")
        run.tell(signal.SIGTERM)
        assert await run.ended() == 0
    assert "none. Set one in .env, such as TOTAL_LIMIT=5 USD/day" in "".join(run.out)

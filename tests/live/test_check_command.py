"""`python -m bot check` as an operator types it: marks, an exit status, JSON, and no secret."""

import json

from tests.live.bot_process import Town
from tests.live.objects import BOT_ID


async def test_when_all_is_well_every_line_has_its_mark(town: Town) -> None:
    check = await town.command("check", "--min-free-mib", "1", TOTAL_LIMIT="5 USD/day")

    assert await check.ended() == 0
    assert check.log == []
    assert len(check.out) == 12
    assert [line for line in check.out if not line.startswith("✔ ")] == []
    assert f"✔ Discord token      accepted, for the application kling ({BOT_ID})" in check.out
    assert town.runcomfy.posts == []
    assert not town.data_dir.exists()


async def test_what_is_wrong_is_told_in_json_as_well(town: Town) -> None:
    town.runcomfy.api_key = "a-newer-key"
    check = await town.command("check", "--json")

    assert await check.ended() == 1
    report = json.loads("\n".join(check.out))
    said = {one["name"]: one for one in report["checks"]}
    assert report["ready"] is False
    assert said["RunComfy key"]["outcome"] == "failed"
    assert said["balance"]["outcome"] == "skipped"
    assert said["Discord token"]["outcome"] == "passed"


async def test_a_terminal_without_the_signs_gets_letters(town: Town) -> None:
    check = await town.command("check", DISCORD_TOKEN="", PYTHONIOENCODING="ascii")

    assert await check.ended() == 1
    assert check.out[0] == (
        "x settings           DISCORD_TOKEN is missing: put your bot's token into .env "
        "(see .env.example), or let `python -m bot init` write it."
    )
    assert {line[:2] for line in check.out[1:]} == {"- "}


async def test_at_a_terminal_it_ends_with_what_to_do_next(town: Town) -> None:
    ready = ("check", "--min-free-mib", "1")
    async with town.seen_at_a_terminal(*ready, TOTAL_LIMIT="5 USD/day") as check:
        assert await check.ended() == 0
    assert check.out[-1] == "Ready: `python -m bot run`"

    async with town.seen_at_a_terminal(*ready) as check:
        assert await check.ended() == 0
    assert check.out[-1] == "Ready, with 1 warning: `python -m bot run`"

    async with town.seen_at_a_terminal("check", DISCORD_TOKEN="") as check:
        assert await check.ended() == 1
    assert check.out[-1] == "Not ready. Fix settings. Then run `python -m bot check` again."

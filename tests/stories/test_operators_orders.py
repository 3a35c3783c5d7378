"""`/kling-operator`: whoever runs the bot sees and decides, and nobody else."""

from pathlib import Path
from typing import Literal

import pytest
import simcord
from discord.types.team import Team, TeamMember
from discord.types.user import User
from pydantic import SecretStr

from bot.domain.job import State
from bot.domain.money.policy import DeclineReason
from bot.domain.servers import BY_THE_BOT
from bot.playground.runcomfy_scenario import Scenario
from bot.playground.videos import VideoLibrary
from bot.ui.operator_news import SAFE_TO_STOP
from bot.ui.words.declines import REASONS
from tests.stories.harness import Story, private_words, told_story
from tests.stories.operators import administrator, answer, own, run, told, trail, unsure_job

BOUND = "Found. I'm watching it now, and its requester gets the video."
DRAINING = "Draining: I take and send nothing new."
RESUMED = "Back on: taking requests again."
NO_UNSURE = "No job is unsure."
ONLY_OPERATORS = "Only the bot's owner can do that."
Role = Literal["admin", "developer", "read_only"]
COMMANDS: dict[str, dict[str, str]] = {
    "overview": {},
    "servers": {},
    "unsure": {},
    "audit": {},
    "pause": {"reason": "no reason"},
    "resume": {},
    "drain": {},
    "block": {"server": "1"},
    "unblock": {"server": "1"},
}


def user_payload(user: simcord.UserHandle) -> User:
    return {
        "id": user.id,
        "username": user.name,
        "discriminator": "0",
        "avatar": None,
        "global_name": None,
    }


# --- who may --------------------------------------------------------------------------------------


async def test_a_servers_administrator_is_refused_whatever_they_ask(
    story: Story, operator: simcord.MemberActor
) -> None:
    assert operator
    stranger = administrator(story, "admin of the server")
    for command, options in COMMANDS.items():
        result = await stranger.slash(story.channel, f"kling-operator {command}", **options)
        assert private_words(result) == ONLY_OPERATORS
    assert await trail(story) == []
    story.expected_errors = len(COMMANDS)  # the library's own name for a refused check


async def test_members_do_not_even_see_it(story: Story) -> None:
    seen = story.alice.available_commands(story.channel)
    assert "kling" in seen
    assert not [name for name in seen if name.startswith("kling-operator")]


async def test_a_stranger_who_presses_an_operators_buttons_is_refused(
    story: Story, operator: simcord.MemberActor
) -> None:
    await unsure_job(story)
    shown = answer(await run(story, operator, "unsure"))
    overview = answer(await run(story, operator, "overview"))
    window = await operator.click(shown.message, custom_id=shown.custom_id("It is there…"))
    # Theirs no longer: the application was handed to somebody else.
    story.world.belong_to(story.bob.user)
    await story.advance(6 * 60)
    pressed = [
        await operator.click(card.message, custom_id=card.custom_id(label))
        for card, label in (
            (shown, "It is there…"),
            (shown, "It is not there"),
            (overview, "Look again"),
        )
    ]
    pressed.append(await operator.submit_modal(window, {"request": "r-1"}))
    for result in pressed:
        assert private_words(result) == ONLY_OPERATORS
    assert (await story.job()).state is State.UNSURE


async def test_of_a_team_those_who_may_act_for_it_are_operators(story: Story) -> None:
    names = ("admin", "developer", "reader", "invited", "owner")
    people = {name: administrator(story, f"team {name}") for name in names}

    def member(name: str, role: Role, *, state: int = 2) -> TeamMember:
        return TeamMember(
            user=user_payload(people[name].user),
            membership_state=state,
            permissions=["*"],
            team_id=1,
            role=role,
        )

    story.world.team = Team(  # pyright: ignore[reportCallIssue] - Discord says owner_user_id
        id=1,
        name="The kites",
        owner_user_id=str(people["owner"].id),
        icon=None,
        members=[
            member("admin", "admin"),
            member("developer", "developer"),
            member("reader", "read_only"),
            member("invited", "admin", state=1),
        ],
    )
    story.expected_errors = 2
    allowed: set[str] = set()
    for name, person in people.items():
        result = await person.slash(story.channel, "kling-operator overview")
        if "The whole bot" in answer(result).text:
            allowed.add(name)
    assert allowed == {"admin", "developer", "owner"}


async def test_while_discord_does_not_say_who_owns_it_the_last_known_owner_decides(
    story: Story, operator: simcord.MemberActor
) -> None:
    assert "The whole bot" in await told(story, operator, "overview")
    await story.advance(6 * 60)
    story.env.inject_error("GET", "/oauth2/applications/@me", status=500, code=0, times=10)
    assert "The whole bot" in await told(story, operator, "overview")
    story.expected_errors = 1
    stranger = administrator(story, "another")
    result = await stranger.slash(story.channel, "kling-operator overview")
    assert private_words(result) == ONLY_OPERATORS


# --- seeing ---------------------------------------------------------------------------------------


async def test_the_overview_tells_jobs_money_and_balance(
    story: Story, operator: simcord.MemberActor
) -> None:
    text = await told(story, operator, "overview")
    assert "Jobs: no jobs yet" in text
    assert "Left at RunComfy: **$1,000.00**" in text
    await story.kling()
    await story.until(State.DELIVERED)
    await story.kling("a long queue")
    shown = await run(story, operator, "overview")
    text = answer(shown).text
    assert "Jobs: in the queue 1 · delivered 1" in text
    assert "This month by your key: **$0.84** · 2 videos · $0.84 reserved" in text
    assert "This month by servers' own keys: **$0.00** · 0 videos" in text
    assert "Left at RunComfy: **$999.16**" in text
    await story.advance(120)
    await operator.click(answer(shown).message, custom_id="kling:operator:look")
    assert "delivered 2" in answer(shown).text


async def test_a_balance_that_runcomfy_does_not_tell_is_left_open(
    story: Story, operator: simcord.MemberActor
) -> None:
    story.server.api_key = "another"
    assert "RunComfy doesn't say" in await told(story, operator, "overview")


async def test_servers_are_listed_with_jobs_spend_keys_and_blocks(
    story: Story, operator: simcord.MemberActor
) -> None:
    assert (
        await told(story, operator, "servers")
        == "No server has done or decided anything this month."
    )
    chess = story.env.create_guild("Chess Club")
    story.server.other_keys["canary-chess-key"] = "chess"
    keys = story.services.server_keys
    await keys.give(chess.id, SecretStr("canary-chess-key"), by_user_id=1)
    await run(story, operator, "block", server="99")
    await story.kling()
    await story.until(State.DELIVERED)
    await story.kling("a long queue")
    await story.alice.user.slash("kling", prompt="a kite at home, in a long queue")
    await story.settle()
    lines = (await told(story, operator, "servers")).splitlines()
    assert lines[0] == "### Servers this month"
    assert lines[1] == (
        f"- Kite Club `{story.guild.id}` · **$0.84** · 2 videos · $0.84 reserved · "
        "1 under way, 0 waiting"
    )
    assert lines[2].startswith("- direct messages · **$0.00** · 1 video · $0.84 reserved")
    rest = "\n".join(lines[3:])
    assert f"Chess Club `{chess.id}` · **$0.00** · 0 videos · 🔑 by its own key" in rest
    assert "a server that I am not in `99`" in rest
    assert "⛔ blocked" in rest
    assert "canary" not in "\n".join(lines)


# --- deciding -------------------------------------------------------------------------------------


async def test_a_pause_stops_everybody_with_its_reason_until_it_is_resumed(
    story: Story, operator: simcord.MemberActor
) -> None:
    story.server.default = Scenario(queue_s=60)
    before = await story.kling()
    assert await told(story, operator, "pause", reason="the cash is *counted*") == (
        "Paused everywhere: I take and send nothing new, and show members your reason. "
        "What is under way goes on. `/kling-operator resume` ends it."
    )
    refused = private_words(await story.kling())
    assert refused.startswith("I'm paused right now: the cash is")
    assert "⏸️ Paused everywhere: the cash is" in await told(story, operator, "overview")
    await story.world.restart_bot()
    await story.settle()
    assert "I'm paused right now" in private_words(await story.kling())
    await story.advance(120)
    assert story.card(before).is_ready
    assert await told(story, operator, "resume") == RESUMED
    await story.kling()
    assert len(story.server.posts) == 2
    assert await trail(story) == [("paused_because", operator.id), ("paused_because", operator.id)]


async def test_ending_what_never_began_says_so_and_leaves_no_trace(
    story: Story, operator: simcord.MemberActor
) -> None:
    assert await told(story, operator, "resume") == "Nothing is paused or draining."
    said = await told(story, operator, "unblock", server=str(story.guild.id))
    assert said == "**Kite Club** isn't blocked."
    await told(story, operator, "block", server=str(story.guild.id))
    said = await told(story, operator, "block", server=str(story.guild.id))
    assert said == "**Kite Club** is already blocked."
    assert await trail(story) == [("blocked_by_operator", operator.id)]


async def test_a_blocked_server_is_refused_alone_and_its_own_trail_tells_why(
    story: Story, operator: simcord.MemberActor
) -> None:
    here = str(story.guild.id)
    said = await told(story, operator, "block", server=here)
    assert "**Kite Club** can't make any more videos" in said
    assert private_words(await story.kling()) == REASONS[DeclineReason.SERVER_BLOCKED]
    await story.alice.user.slash("kling", prompt="a kite at home")
    await story.settle()
    assert len(story.server.posts) == 1
    assert await trail(story, story.guild.id) == [("blocked_by_operator", operator.id)]
    await told(story, operator, "unblock", server=here)
    await story.kling()
    assert len(story.server.posts) == 2


@pytest.mark.parametrize("typed", ["", "kite", "0", "-1", "9" * 30, "١٢٣"])
async def test_what_is_no_servers_id_blocks_nothing(
    story: Story, operator: simcord.MemberActor, typed: str
) -> None:
    said = await told(story, operator, "block", server=typed or " ")
    assert said == (
        "I know no server by that name, or more than one. Pick one from the list, or paste its id."
    )
    assert await trail(story) == []


async def test_servers_are_suggested_to_operators_by_name_or_id(
    story: Story, operator: simcord.MemberActor
) -> None:
    story.env.create_guild("Chess Club")
    found = await operator.autocomplete(story.channel, "kling-operator block", "server", "kite")
    assert [(choice["name"], choice["value"]) for choice in found] == [
        ("Kite Club", str(story.guild.id))
    ]


async def test_a_drain_takes_nothing_new_finishes_and_says_when_it_is_safe_to_stop(
    story: Story, operator: simcord.MemberActor
) -> None:
    story.server.default = Scenario(queue_s=30)
    first = await story.kling()
    said = await told(story, operator, "drain")
    assert DRAINING in said
    assert "⏳ Draining: 1 video is still under way." in said
    assert private_words(await story.kling()) == REASONS[DeclineReason.DRAINING]
    direct = story.messages(operator.user.dm_channel)
    assert direct == []
    await story.advance(120)
    assert story.card(first).is_ready
    (news,) = story.messages(operator.user.dm_channel)
    assert news.content == SAFE_TO_STOP
    assert "✅ Everything under way is finished" in await told(story, operator, "overview")
    await story.world.restart_bot()
    await story.settle()
    await story.kling()
    assert len(story.server.posts) == 2
    assert await trail(story) == [("drained_by", BY_THE_BOT), ("drained_by", operator.id)]


async def test_what_waits_is_kept_for_after_the_drain(tmp_path: Path, videos: VideoLibrary) -> None:
    async with told_story(
        data_dir=tmp_path / "data",
        videos=videos,
        changes={"max_in_flight": 1},
    ) as story:
        operator = own(story)
        await story.kling("the first")
        waiting = await story.kling("the second")
        assert "1 video is still" in await told(story, operator, "drain")
        await story.advance(120)
        assert len(story.server.posts) == 1
        assert "Paused for now" in story.card(waiting).text
        assert len(story.messages(operator.user.dm_channel)) == 1
        await told(story, operator, "resume")
        await story.advance(120)
        assert story.card(waiting).is_ready


async def test_with_nothing_under_way_it_is_safe_at_once(
    story: Story, operator: simcord.MemberActor
) -> None:
    assert "✅ Everything under way is finished" in await told(story, operator, "drain")
    assert "began to drain the bot" in await told(story, operator, "audit")


# --- unsure jobs ----------------------------------------------------------------------------------


async def test_everything_is_said_in_the_operators_language(
    story: Story, operator: simcord.MemberActor
) -> None:
    story.world.locale = "it"
    for command in ("overview", "unsure", "drain", "resume"):
        text = await told(story, operator, command)
        assert text not in (NO_UNSURE, RESUMED)
        assert "The whole bot" not in text
        assert DRAINING not in text

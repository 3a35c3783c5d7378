"""`/kling-admin pause`, `resume`, `block`, `unblock`, `reset` and `audit`: order, on record."""

import pytest
import simcord

from bot.domain.job import State
from bot.domain.money.ledger import Caps
from bot.domain.servers import EVERYWHERE, NOTHING_DECIDED, RoleRule
from bot.playground.runcomfy_scenario import Scenario
from bot.ui.gate import DATABASE_AWAY
from tests.stories.harness import Story, private_words
from tests.stories.panel import (
    a_manager,
    change,
    opened,
    say_anybody_may_see,
    settings_of,
    trail,
)

NOT_A_MANAGER = "You need the Manage Server permission for that."


@pytest.fixture
def manager(story: Story) -> simcord.MemberActor:
    return a_manager(story)


async def admin(story: Story, by: simcord.MemberActor, command: str, **options: object) -> str:
    told = await by.slash(story.channel, f"kling-admin {command}", **options)
    await story.settle()
    assert told.ephemeral
    return private_words(told)


async def audit(story: Story, by: simcord.MemberActor) -> list[str]:
    shown = await by.slash(story.channel, "kling-admin audit")
    assert shown.ephemeral
    return story.card(shown).text.split("\n")


# --- pausing --------------------------------------------------------------------------------------


async def test_a_pause_tells_everybody_why_and_keeps_what_waits_in_its_place(
    story: Story, manager: simcord.MemberActor
) -> None:
    await change(story, at_once=1)
    story.server.will(Scenario(queue_s=60, rendering_s=60))
    await story.kling("the first")
    await story.advance(1)
    waiting = await story.kling("the second")
    told = await admin(story, manager, "pause", reason="Holidays *until* Monday")
    assert told.startswith("Paused. I tell members: Holidays \\*until\\* Monday")
    assert settings_of(story).paused_because == "Holidays *until* Monday"
    refused = private_words(await story.kling("the third"))
    assert refused.startswith("Videos are paused in this server: Holidays")
    assert len(await story.jobs()) == 2
    await story.advance(600)
    first, second = await story.jobs()
    assert (first.state, second.state) == (State.DELIVERED, State.WAITING)
    assert len(story.server.posts) == 1
    assert "Paused for now. You keep your place in line: #1." in story.card(waiting).text
    assert (await admin(story, manager, "resume")).startswith("Back on: taking requests again.")
    await story.advance(600)
    assert [job.state for job in await story.jobs()] == [State.DELIVERED] * 2


async def test_a_pause_outlives_a_restart_and_can_be_given_another_reason(
    story: Story, manager: simcord.MemberActor
) -> None:
    await admin(story, manager, "pause", reason="one")
    await admin(story, manager, "pause", reason="two")
    await story.world.restart_bot()
    assert private_words(await story.kling()).endswith("two")
    panel = await opened(story, manager)
    assert "⏸️ Videos are paused in this server: two" in panel.text


async def test_a_pause_needs_a_reason_and_a_resume_a_pause(
    story: Story, manager: simcord.MemberActor
) -> None:
    assert (await admin(story, manager, "pause", reason="  ")).startswith("Please give a reason")
    assert await admin(story, manager, "resume") == "Nothing is paused in this server."
    assert await trail(story) == []


async def test_a_manager_ends_no_pause_of_the_operator(
    story: Story, manager: simcord.MemberActor
) -> None:
    servers = story.services.servers
    await servers.change(EVERYWHERE, {"paused_because": "maintenance"}, by_user_id=1)
    await admin(story, manager, "pause", reason="ours")
    told = await admin(story, manager, "resume")
    assert told.startswith("This server's pause is over. The bot's owner has paused the bot too")
    assert private_words(await story.kling()) == "I'm paused right now: maintenance"
    await servers.change(EVERYWHERE, {"paused_because": None}, by_user_id=1)
    await change(story, blocked_by_operator=True)
    assert await admin(story, manager, "resume") == "Nothing is paused in this server."
    panel = await opened(story, manager)
    assert "The bot's owner has blocked this server." in panel.text
    assert settings_of(story).blocked_by_operator
    with pytest.raises(ValueError, match="managers do not decide"):
        await story.services.server_settings.choose(
            story.guild.id, {"blocked_by_operator": False}, by_user_id=manager.id
        )


# --- blocking -------------------------------------------------------------------------------------


async def test_a_blocked_member_is_refused_until_they_are_unblocked(
    story: Story, manager: simcord.MemberActor
) -> None:
    told = await admin(story, manager, "block", user=story.alice)
    assert told.startswith(f"<@{story.alice.id}> can't make videos here any more.")
    refused = private_words(await story.kling())
    assert refused == (
        "You can't make videos in this server. Ask a moderator if you think that's a mistake."
    )
    assert await story.jobs() == []
    assert await admin(story, manager, "block", user=story.alice) == "They're already blocked."
    await admin(story, manager, "unblock", user=story.alice)
    await story.kling()
    assert len(await story.jobs()) == 1
    assert await admin(story, manager, "unblock", user=story.alice) == "They aren't blocked."


async def test_a_manager_can_block_neither_themselves_nor_bots(
    story: Story, manager: simcord.MemberActor
) -> None:
    robot = story.guild.add_member(story.env.create_user("robot", bot=True))
    assert await admin(story, manager, "block", user=manager) == "You can't block yourself."
    assert (await admin(story, manager, "block", user=robot)).startswith("Bots can't make")
    assert settings_of(story) == NOTHING_DECIDED


async def test_two_managers_who_block_at_once_block_both(
    story: Story, manager: simcord.MemberActor
) -> None:
    other = a_manager(story, "max")
    await admin(story, manager, "block", user=story.alice)
    await admin(story, other, "block", user=story.bob)
    assert settings_of(story).blocked_user_ids == (story.alice.id, story.bob.id)


# --- a fresh start --------------------------------------------------------------------------------


async def test_a_member_is_given_a_fresh_start_in_their_limits(
    story: Story, manager: simcord.MemberActor
) -> None:
    await change(story, member_caps=Caps(day_videos=1))
    await story.kling()
    await story.until(State.DELIVERED)
    assert "You've used today's 1 video." in private_words(await story.kling())
    told = await admin(story, manager, "reset", user=story.alice)
    assert told.startswith(f"<@{story.alice.id}> starts fresh: 1 video ($0.84) less counts today")
    await story.kling()
    assert len(await story.jobs()) == 2
    assert (await audit(story, manager))[1].endswith(
        f"<@{manager.id}> · reset the limits of <@{story.alice.id}>"
    )


async def test_who_asked_for_nothing_needs_no_fresh_start(
    story: Story, manager: simcord.MemberActor
) -> None:
    told = await admin(story, manager, "reset", user=story.bob)
    assert told == f"Nothing counted towards the limits of <@{story.bob.id}> yet."


# --- the trail ------------------------------------------------------------------------------------


async def test_the_trail_says_in_plain_words_who_decided_what_newest_first(
    story: Story, manager: simcord.MemberActor
) -> None:
    kites = story.guild.create_role("Kite flyers")
    other = a_manager(story, "max")
    panel = await opened(story, manager)
    await panel.choose("kling:admin:roles:allowed_role_ids", kites)
    await panel.turn_to("what")
    await panel.set("longest_duration_s", "10")
    await panel.set("longest_duration_s", "5")
    yours = await opened(story, other, "much")
    await yours.fill("kling:admin:caps:server:0", day_microusd="5")
    await admin(story, manager, "pause", reason="lunch")
    await admin(story, other, "resume")
    await admin(story, other, "block", user=story.alice)
    await admin(story, other, "unblock", user=story.alice)
    await change(
        story,
        role_rules={kites.id: RoleRule(each=Caps(day_videos=2), is_reviewed=True)},
        denied_channel_ids=(story.channel.id,),
        log_channel_id=story.channel.id,
        words=("kite*",),
        blocked_by_operator=True,
        notify="none",
        ask_above_microusd=0,
    )
    title, *lines = await audit(story, manager)
    assert title == "### Who changed what, newest first"
    assert [line.split(" · ", 2)[2] for line in lines] == [
        "Ask about the price before a video is made: Never → Always",
        ("How members are notified: By a mention beside it → Not at all"),
        "Blocked by the operator: No → Yes",
        "Words: added kite\\*",
        f"Channel for reports: None → <#{story.channel.id}>",
        f"Excluded channels: added <#{story.channel.id}>",
        f"<@&{kites.id}>: nothing of their own → each 2 videos a day; reviewed",
        f"unblocked <@{story.alice.id}>",
        f"blocked <@{story.alice.id}>",
        "resumed",
        "paused: lunch",
        "Limits of the server: no limit → $5.00 a day",
        "Longest video: 10 s → 5 s",
        "Longest video: No limit → 10 s",
        f"Roles that may make videos: added <@&{kites.id}>",
    ]
    now = int(story.clock.now().timestamp())
    assert all(line.startswith(f"- <t:{now}:f> · <@") for line in lines)
    assert f"<@{manager.id}> · paused" in "\n".join(lines)
    assert f"<@{other.id}> · resumed" in "\n".join(lines)


async def test_the_trail_says_who_added_changed_and_removed_a_style(
    story: Story, manager: simcord.MemberActor
) -> None:
    other = a_manager(story, "max")
    for command, by in (("add", manager), ("edit", other)):
        window = await by.slash(story.channel, f"kling-admin style {command}", name="*Noir*")
        await by.submit_modal(window, {"prompt": f"black, by {by.id}", "negative": ""})
    await other.slash(story.channel, "kling-admin style remove", name="*noir*")
    await story.settle()
    _, *lines = await audit(story, manager)
    assert [line.split(" · ", 1)[1] for line in lines] == [
        f"<@{other.id}> · removed the style **\\*noir\\***",
        f"<@{other.id}> · changed the style **\\*Noir\\***",
        f"<@{manager.id}> · added the style **\\*Noir\\***",
    ]


async def test_an_empty_trail_and_one_that_cannot_be_read_are_said_to_be(
    story: Story, manager: simcord.MemberActor
) -> None:
    assert await audit(story, manager) == ["Nothing has been decided for this server yet."]
    await story.world.app.store.close()
    story.expected_errors = 1
    told = await manager.slash(story.channel, "kling-admin audit")
    assert private_words(told) == DATABASE_AWAY


async def test_the_longest_trail_fits_into_one_message(
    story: Story, manager: simcord.MemberActor
) -> None:
    for number in range(30):
        ids = tuple(10**19 + number * 100 + one for one in range(25))
        await change(story, allowed_role_ids=ids)
    lines = await audit(story, manager)
    assert len("\n".join(lines)) <= 4_000
    assert len(lines) > 2


async def test_what_another_version_wrote_is_shown_as_it_stands(
    story: Story, manager: simcord.MemberActor
) -> None:
    servers = story.services.servers
    await servers.note(story.guild.id, "moon_phase", by_user_id=0, before='"old"', after='"*new*"')
    await servers.note(story.guild.id, "notify", by_user_id=0, after='"by pigeon"')
    _, newest, oldest = await audit(story, manager)
    assert newest.endswith('the bot itself · notify: nothing → "by pigeon"')
    assert oldest.endswith('moon phase: "old" → "\\*new\\*"')


# --- who may --------------------------------------------------------------------------------------


async def test_members_and_strangers_can_do_none_of_it(
    story: Story, manager: simcord.MemberActor
) -> None:
    assert manager
    say_anybody_may_see(story)
    commands: list[tuple[str, dict[str, object]]] = [
        ("audit", {}),
        ("pause", {"reason": "x"}),
        ("resume", {}),
        ("block", {"user": story.bob}),
        ("unblock", {"user": story.bob}),
        ("reset", {"user": story.bob}),
    ]
    story.expected_errors = len(commands)
    for command, options in commands:
        assert await admin(story, story.alice, command, **options) == NOT_A_MANAGER
    assert settings_of(story) == NOTHING_DECIDED
    assert await trail(story) == []


async def test_without_the_database_managers_are_told_so(
    story: Story, manager: simcord.MemberActor
) -> None:
    await story.world.app.store.close()
    story.expected_errors = 3
    for command, options in (
        ("pause", {"reason": "x"}),
        ("block", {"user": story.bob}),
        ("reset", {"user": story.bob}),
    ):
        told = await admin(story, manager, command, **options)
        assert told == DATABASE_AWAY

"""Windows: each is its sender's own, asks anew who that is, and outlives a restart."""

from dataclasses import dataclass
from typing import Any

import discord
import pytest
import simcord

from bot.domain.generation.request import GenerationRequest
from bot.domain.job import State
from bot.features.styles import Styles
from bot.playground.runcomfy_scenario import Closes, Fault, Scenario
from tests.stories.harness import Story, private_words
from tests.stories.panel import settings_of

CLUB_KEY, CHESS_KEY = "canary-club-key-77aa", "canary-chess-key-88bb"
ACCEPTED_BUT_LOST = Scenario(on_submit=(Fault(Closes(), times=1, accepted=True),), queue_s=30)


@dataclass
class Server:
    """A server with somebody who manages it."""

    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    manager: simcord.MemberActor


@pytest.fixture
def kites(story: Story) -> Server:
    return managed(story, story.guild, story.channel)


@pytest.fixture
def chess(story: Story) -> Server:
    guild = story.env.create_guild("Chess Club")
    return managed(story, guild, guild.create_text_channel("videos"))


def managed(story: Story, guild: simcord.GuildHandle, channel: simcord.ChannelHandle) -> Server:
    story.server.other_keys |= {CLUB_KEY: "club", CHESS_KEY: "chess"}
    role = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    who = story.env.create_user(f"manager of {guild.name}")
    return Server(guild, channel, guild.add_member(who, roles=[role]))


async def key_window(server: Server) -> simcord.InteractionResult:
    shown = await server.manager.slash(server.channel, "kling-admin key")
    assert shown.response is not None
    window = await server.manager.click(shown.response, custom_id="kling:key:give")
    assert window.modal is not None
    return window


async def tail_of(story: Story, server: Server) -> str | None:
    key = await story.services.server_keys.of_server(server.guild.id)
    return None if key is None else key.tail


async def lose_role(story: Story, server: Server) -> None:
    role = server.guild.roles["Managers"]
    story.env.backend.remove_member_role(server.guild.id, server.manager.id, role.id)
    await story.settle()


# --- several at once ------------------------------------------------------------------------------


async def test_of_two_servers_with_open_windows_each_gets_its_own_key(
    story: Story, kites: Server, chess: Server
) -> None:
    first, second = await key_window(kites), await key_window(chess)
    for server, window, key in ((kites, first, CLUB_KEY), (chess, second, CHESS_KEY)):
        told = await server.manager.submit_modal(window, {"key": key})
        await story.settle()
        assert private_words(told).startswith("RunComfy accepted the key.")
    assert await tail_of(story, kites) == "77aa"
    assert await tail_of(story, chess) == "88bb"


async def test_of_two_open_windows_for_one_job_both_are_answered(
    story: Story, operator: simcord.MemberActor
) -> None:
    story.server.will(ACCEPTED_BUT_LOST)
    await story.kling()
    (there,) = story.server.jobs
    windows: list[simcord.InteractionResult] = []
    for _ in range(2):
        shown = await operator.slash(story.channel, "kling-operator unsure")
        await story.settle()
        card = story.card(shown)
        windows.append(await operator.click(card.message, custom_id=card.custom_id("It is there…")))
    wrong, right = windows
    told = [
        await operator.submit_modal(wrong, {"request": "not an id"}),
        await operator.submit_modal(right, {"request": there}),
    ]
    await story.settle()
    assert private_words(told[0]).startswith("That isn't a request id.")
    assert private_words(told[1]) == "Found. I'm watching it now, and its requester gets the video."
    assert (await story.job()).state is not State.UNSURE


# --- windows that were open for long --------------------------------------------------------------


async def test_windows_from_before_a_restart_are_taken(story: Story, kites: Server) -> None:
    key = await key_window(kites)
    words = await kites.manager.slash(kites.channel, "kling-admin words add")
    style = await kites.manager.slash(kites.channel, "kling-admin style add", name="a: city")
    await story.world.restart_bot()
    await kites.manager.submit_modal(key, {"key": CLUB_KEY})
    await kites.manager.submit_modal(words, {"words": "knot"})
    await kites.manager.submit_modal(style, {"prompt": "neon", "negative": ""})
    await story.settle()
    assert await tail_of(story, kites) == "77aa"
    assert settings_of(story).words == ("knot",)
    styles = Styles(database=story.world.app.store.database, clock=story.clock)
    own = await styles.own(kites.guild.id) or ()
    assert [one.style.name for one in own] == ["a: city"]


async def test_a_request_that_was_being_changed_before_a_restart_is_asked_for(story: Story) -> None:
    story.server.will(Scenario(queue_s=60))
    asked = await story.kling(private=True, spoiler=True, style="noir")
    await story.until(State.DELIVERED)
    card = story.card(asked)
    window = await story.alice.click(card.message, custom_id=card.custom_id("Change…"))
    await story.world.restart_bot()
    await submit_changed(story, window, "a blue kite")
    first, second = await story.jobs()
    assert second.request == first.request.model_copy(update={"prompt": "a blue kite"})
    assert second.request.style is not None
    assert second.private
    assert second.spoiler


async def test_the_text_of_a_message_that_was_being_changed_before_a_restart_is_asked_for(
    story: Story,
) -> None:
    message = await story.bob.send(story.channel, "a kite")
    window = await story.alice.context_menu(story.channel, "Make a Kling video", message)
    await story.world.restart_bot()
    await submit_changed(story, window, "a blue kite")
    assert (await story.job()).request == GenerationRequest(prompt="a blue kite")


async def test_of_two_open_windows_that_change_requests_each_says_what_its_own_sender_typed(
    story: Story,
) -> None:
    message = await story.bob.send(story.channel, "a kite")
    menu = "Make a Kling video"
    hers = await story.alice.context_menu(story.channel, menu, message)
    his = await story.bob.context_menu(story.channel, menu, message)
    await submit_changed(story, his, "his kite", by=story.bob)
    await submit_changed(story, hers, "her kite")
    told = {(job.requester_id, job.request.prompt) for job in await story.jobs()}
    assert told == {(story.alice.id, "her kite"), (story.bob.id, "his kite")}


async def submit_changed(
    story: Story,
    window: simcord.InteractionResult,
    prompt: str,
    *,
    by: simcord.MemberActor | None = None,
) -> None:
    """Send a window off with another prompt and everything else as it is."""
    assert window.modal is not None
    controls = [label["component"] for label in window.modal["components"]]
    values: dict[str, Any] = {
        control["custom_id"]: [one["value"] for one in control["options"] if one.get("default")]
        if "options" in control
        else control.get("value", "")
        for control in controls
    }
    await (by or story.alice).submit_modal(window, {**values, "prompt": prompt})
    await story.settle()


async def test_who_lost_the_permission_meanwhile_can_submit_no_window_any_more(
    story: Story, kites: Server
) -> None:
    manager = kites.manager
    style = await manager.slash(kites.channel, "kling-admin style add", name="city")
    await manager.submit_modal(style, {"prompt": "neon", "negative": ""})
    command, names = "kling-admin", ("words add", "words remove")
    windows = [await manager.slash(kites.channel, f"{command} {name}") for name in names]
    added = await manager.slash(kites.channel, f"{command} style add", name="evil")
    edited = await manager.slash(kites.channel, f"{command} style edit", name="city")
    key = await key_window(kites)
    await lose_role(story, kites)
    told = [await manager.submit_modal(one, {"words": "kite"}) for one in windows]
    evil = {"prompt": "evil", "negative": ""}
    told += [await manager.submit_modal(one, evil) for one in (added, edited)]
    told.append(await manager.submit_modal(key, {"key": CLUB_KEY}))
    for result in told:
        assert private_words(result) == "You need the Manage Server permission for that."
    assert settings_of(story).words == ()
    styles = Styles(database=story.world.app.store.database, clock=story.clock)
    own = await styles.own(kites.guild.id) or ()
    assert [one.style.prompt for one in own] == ["neon"]
    assert await tail_of(story, kites) is None

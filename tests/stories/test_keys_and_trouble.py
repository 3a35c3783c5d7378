"""What stands in the way of keys and of operators: no database, nobody to be reached."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import discord
import pytest
import simcord
from pydantic import SecretStr

from bot.observability.logs import FLOORS, OWN_LOGGERS, configure_logging
from bot.playground.runcomfy_scenario import Scenario
from bot.playground.videos import VideoLibrary
from bot.ui.gate import DATABASE_AWAY
from tests.stories.harness import Card, Story, private_words, told_story

KEY, NEXT_KEY = "canary-club-key-77aa", "canary-next-99cc"


@pytest.fixture
async def manager(story: Story) -> simcord.MemberActor:
    return await a_manager_with_a_key(story)


async def a_manager_with_a_key(story: Story) -> simcord.MemberActor:
    """A member who gave the server its key."""
    role = story.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    manager = story.guild.add_member(story.env.create_user("manager"), roles=[role])
    story.server.other_keys[KEY] = "club"
    keys = story.services.server_keys
    await keys.give(story.guild.id, SecretStr(KEY), by_user_id=manager.id)
    return manager


async def shown(story: Story, manager: simcord.MemberActor) -> Card:
    result = await manager.slash(story.channel, "kling-admin key")
    assert result.response is not None
    return Card(result.response)


async def test_without_the_database_nothing_is_given_or_removed_and_managers_are_told(
    story: Story, manager: simcord.MemberActor
) -> None:
    card, question = await shown(story, manager), await shown(story, manager)
    await manager.click(question.message, custom_id="kling:key:remove")
    await story.world.app.store.close()
    story.expected_errors = 1
    asked = await manager.slash(story.channel, "kling-admin key")
    assert private_words(asked) == DATABASE_AWAY
    for message, step in ((card.message, "remove"), (question.message, "remove-now")):
        removed = await manager.click(message, custom_id=f"kling:key:{step}")
        assert private_words(removed) == DATABASE_AWAY
    window = await manager.click(card.message, custom_id="kling:key:give")
    given = await manager.submit_modal(window, {"key": KEY})
    await story.settle()
    assert private_words(given) == DATABASE_AWAY


async def test_a_key_that_somebody_else_removed_meanwhile_is_said_to_be_gone(
    story: Story, manager: simcord.MemberActor
) -> None:
    card, question = await shown(story, manager), await shown(story, manager)
    await manager.click(question.message, custom_id="kling:key:remove")
    await story.services.server_keys.remove(story.guild.id, by_user_id=1)
    for message, step in ((card.message, "remove"), (question.message, "remove-now")):
        pressed = await manager.click(message, custom_id=f"kling:key:{step}")
        assert private_words(pressed) == "This server has no key."


@pytest.mark.parametrize(
    ("locale", "removes", "yes", "no", "asks"),
    [
        (
            "en-US",
            "Remove it",
            "Yes, remove the key",
            "Keep the key",
            "Remove this server's own key",
        ),
        (
            "it",
            "Rimuovila",
            "Sì, rimuovi la chiave",
            "Tieni la chiave",
            "Rimuovo la chiave di questo server",
        ),
    ],
)
async def test_who_removes_a_key_is_asked_first_and_may_keep_it_after_a_restart_too(
    story: Story,
    manager: simcord.MemberActor,
    locale: str,
    removes: str,
    yes: str,
    no: str,
    asks: str,
) -> None:
    story.world.locale = locale
    asked = await manager.slash(story.channel, "kling-admin key")
    before = story.card(asked).text
    await manager.click(story.card(asked).message, custom_id="kling:key:remove")
    assert story.card(asked).heading.startswith(asks)
    assert story.card(asked).buttons == [yes, no]
    await story.world.restart_bot()
    await manager.click(story.card(asked).message, custom_id=story.card(asked).custom_id(no))
    await story.settle()
    assert story.card(asked).text == before
    assert removes in story.card(asked).buttons
    assert await story.services.server_keys.of_server(story.guild.id) is not None


async def test_where_the_operator_does_not_pay_a_removal_says_that_nothing_is_made(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    changes = {"allowed_servers": frozenset({1})}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
        manager = await a_manager_with_a_key(story)
        asked = await manager.slash(story.channel, "kling-admin key")
        await manager.click(story.card(asked).message, custom_id="kling:key:remove")
        told = await story.press("Yes, remove the key", asked, by=manager)
        assert told.startswith("Removed. I make nothing new here until you give me another key")
        assert "doesn't pay for videos in this server" in story.card(asked).text


async def test_the_trail_tells_of_given_replaced_broken_and_removed(
    story: Story, manager: simcord.MemberActor
) -> None:
    keys = story.services.server_keys
    story.server.other_keys[NEXT_KEY] = "next"
    await keys.give(story.guild.id, SecretStr(NEXT_KEY), by_user_id=manager.id)
    del story.server.other_keys[NEXT_KEY]
    await story.kling()
    card = await shown(story, manager)
    await manager.click(card.message, custom_id="kling:key:remove")
    await manager.click(card.message, custom_id="kling:key:remove-now")
    await story.settle()
    trail = await story.services.servers.audit(story.guild.id)
    assert trail is not None
    assert [entry.what for entry in trail] == [
        "key_removed",
        "key_broken",
        "key_replaced",
        "key_given",
    ]
    assert "canary" not in repr(trail)


async def test_where_the_log_channel_is_closed_the_giver_is_told_directly(
    story: Story, manager: simcord.MemberActor
) -> None:
    log = story.guild.create_text_channel("log")
    changes = {"log_channel_id": log.id}
    await story.services.servers.change(story.guild.id, changes, by_user_id=manager.id)
    story.env.inject_error("POST", f"/channels/{log.id}/messages", status=403, code=50001)
    del story.server.other_keys[KEY]
    await story.kling()
    (news,) = story.messages(manager.user.dm_channel)
    assert "no longer accepts the key" in news.content


async def test_who_cannot_be_reached_finds_it_on_the_card_and_the_log_says_so(
    story: Story, manager: simcord.MemberActor, caplog: pytest.LogCaptureFixture
) -> None:
    story.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=5)
    del story.server.other_keys[KEY]
    with caplog.at_level(logging.WARNING):
        await story.kling()
    assert f"couldn't tell any manager of server {story.guild.id} about its key" in caplog.text
    assert "RunComfy stopped accepting it" in (await shown(story, manager)).text


@pytest.mark.parametrize("path", ["/users/@me/channels", "messages"])
async def test_an_operator_who_cannot_be_told_of_the_end_of_a_drain_reads_it_in_the_log(
    story: Story, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    role = story.guild.create_role("Boss", permissions=discord.Permissions(administrator=True))
    boss = story.guild.add_member(story.env.create_user("boss"), roles=[role])
    story.world.belong_to(boss.user)
    if path == "messages":
        path = f"/channels/{boss.user.dm_channel.id}/messages"
    story.server.will(Scenario(queue_s=5, rendering_s=5))
    await story.kling()
    drained = await boss.slash(story.channel, "kling-operator drain")
    await story.settle()
    assert drained.response is not None
    assert (
        "Draining: I take and send nothing new. I'll tell you in a direct message when "
        "it's safe to stop me. The drain ends when I'm stopped (with several processes: "
        "the last one), or with `/kling-operator resume`."
    ) in Card(drained.response).text
    story.env.inject_error("POST", path, status=403, code=50007, times=5)
    with caplog.at_level(logging.INFO):
        await story.advance(60)
    assert "drained: everything under way is finished" in caplog.text
    assert "couldn't tell the operator that the drain is over" in caplog.text


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    touched = [logging.getLogger(name) for name in ("", *OWN_LOGGERS, *FLOORS)]
    before = [(logger, logger.level, list(logger.handlers)) for logger in touched]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


@pytest.mark.usefixtures("logging_as_it_was", "manager")
async def test_after_a_restart_the_log_knows_a_key_as_soon_as_it_is_used(story: Story) -> None:
    await story.world.restart_bot()
    await story.settle()
    written = io.StringIO()
    configure_logging(level="DEBUG", secrets=(), stream=written)
    await story.kling()
    assert story.server.posts[-1].key == KEY
    logging.getLogger("bot.anywhere").error("what if somebody logs %s", KEY)
    assert "what if somebody logs [redacted]" in written.getvalue()
    assert KEY not in written.getvalue()

"""A paid video reaches its requester, whatever happened to the place meanwhile."""

from collections.abc import Callable
from typing import Any

import discord
import pytest

from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.job import State
from bot.features.ordering import BringRefusal
from bot.playground.runcomfy_scenario import Answers, Fault, Scenario, unavailable
from bot.ui.words import cards as words
from tests.faults.censor import Censor
from tests.stories.harness import Card, Story, private_words


async def rendering(story: Story) -> int:
    """Alice asked in the channel, and it is being rendered; the card's id."""
    asked = await story.kling()
    assert asked.response is not None
    await story.until(State.RENDERING)
    return asked.response.id


async def test_a_deleted_card_comes_back_as_a_new_one_that_mentions_the_requester(
    story: Story,
) -> None:
    card_id = await rendering(story)
    story.env.backend.delete_message(story.channel.id, card_id)
    job = await story.until(State.DELIVERED)
    card, ping = story.messages()[-2:]
    assert Card(card).is_ready
    assert len(card.attachments) == 1
    assert job.place.message_id == card.id
    assert [user.id for user in ping.mentions] == [story.alice.id]


def channel_deleted(story: Story) -> None:
    story.env.backend.delete_channel(story.channel.id)


def bot_kicked(story: Story) -> None:
    story.env.backend.remove_guild(story.guild.id)


def refused(status: int, code: int) -> Callable[[Story], None]:
    def injected(story: Story) -> None:
        path = f"/channels/{story.channel.id}/messages*"
        story.env.inject_error("*", path, status=status, code=code, times=None)

    return injected


CLOSED_PLACES = {
    "the channel is deleted": channel_deleted,
    "the bot is kicked": bot_kicked,
    "the bot may no longer see the channel": refused(403, 50001),
    "the bot may no longer write there": refused(403, 50013),
    "the thread is archived": refused(400, 50083),
    "the thread is locked": refused(403, 160005),
}


@pytest.mark.parametrize("close", CLOSED_PLACES.values(), ids=CLOSED_PLACES.keys())
async def test_a_closed_place_sends_it_to_the_requester_directly(
    story: Story, close: Callable[[Story], None]
) -> None:
    await rendering(story)
    close(story)
    job = await story.until(State.DELIVERED)
    card, ping = story.messages(story.alice.user.dm_channel)
    assert Card(card).is_ready
    assert len(card.attachments) == 1
    assert ping.content.endswith("your video is ready.\n> a red kite over the sea")
    assert job.place.channel_id == story.alice.user.dm_channel.id
    assert len(story.server.posts) == 1


async def test_a_requester_who_takes_no_messages_is_offered_it_at_the_next_command(
    story: Story,
) -> None:
    await rendering(story)
    refused(403, 50013)(story)
    direct = story.alice.user.dm_channel
    story.env.inject_error(
        "POST", f"/channels/{direct.id}/messages", status=403, code=50007, times=None
    )
    await story.advance(20 * 60)
    assert (await story.job()).state is State.RENDERED

    story.env.backend.faults.clear()
    elsewhere = story.guild.create_text_channel("elsewhere")
    next_one = await story.alice.slash(elsewhere, "kling", prompt="a long queue of kites")
    await story.settle()
    (offer,) = next_one.followups
    assert offer.ephemeral
    assert words.KEPT in Card(offer).text

    pressed = await story.alice.click(
        offer.message, custom_id=Card(offer).custom_id("Send it here")
    )
    await story.settle()
    assert pressed.response is not None
    assert pressed.ephemeral
    assert Card(pressed.response).is_ready
    assert len(Card(pressed.response).message.attachments) == 1
    kept, _ = await story.jobs()
    assert kept.state is State.DELIVERED


async def test_a_kept_video_is_brought_to_its_requester_alone(story: Story) -> None:
    await rendering(story)
    story.env.inject_error("*", "/channels/*/messages*", status=403, code=50013, times=None)
    await story.advance(20 * 60)
    kept = await story.job()
    place = kept.place.model_copy(update={"channel_id": 1})
    bob = Actor(user_id=story.bob.id, guild_id=story.guild.id, manages_messages=True)
    answer = await story.services.ordering.bring(kept.id, bob, place)
    assert answer == Denied(BringRefusal.NOT_YOURS)
    assert (await story.job()).place == kept.place


@pytest.mark.parametrize("status", [500, 502, 503, 429])
async def test_a_discord_that_stumbles_is_tried_again(story: Story, status: int) -> None:
    card_id = await rendering(story)
    path = f"/channels/{story.channel.id}/messages/{card_id}"
    story.env.inject_error("PATCH", path, status=status, times=12)
    await story.until(State.DELIVERED)
    (card,) = [message for message in story.messages() if message.id == card_id]
    assert Card(card).is_ready


async def test_what_the_library_raises_by_a_slip_of_its_own_is_tried_again(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    await rendering(story)
    slips = [KeyError("retry_after")] * 7
    Censor(story, lambda sent: slips.pop() if sent.method == "PATCH" and slips else None)
    await story.until(State.DELIVERED)
    assert slips == []
    assert len(story.server.posts) == 1
    assert "a write to Discord broke off: KeyError" in caplog.text
    assert "Traceback" not in caplog.text


async def test_a_delivery_is_tried_for_a_day_with_growing_gaps_and_over_restarts(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    await rendering(story)
    story.env.inject_error("PATCH", "/channels/*", status=503, times=None)
    await story.until(State.RENDERED)
    before = len(story.env.http_requests)
    await story.advance(12 * 3600)
    await story.world.restart_bot()
    await story.advance(11 * 3600)
    tries = len(story.env.http_requests) - before
    assert 100 < tries < 300
    downloads = len(story.server.file_requests)
    assert downloads == 1
    story.env.backend.faults.clear()
    await story.until(State.DELIVERED)
    assert len(story.server.file_requests) == downloads
    assert "canary" not in caplog.text


async def test_after_a_day_it_is_still_kept_and_tried(story: Story) -> None:
    await rendering(story)
    story.env.inject_error("PATCH", "/channels/*", status=503, times=None)
    await story.until(State.RENDERED)
    await story.leap(30 * 3600)
    assert (await story.job()).state is State.RENDERED
    story.env.backend.faults.clear()
    await story.leap(25 * 3600)
    assert (await story.job()).state is State.DELIVERED


async def test_a_repeated_ping_carries_the_nonce_of_the_first(story: Story) -> None:
    await rendering(story)
    path = f"/channels/{story.channel.id}/messages"
    story.env.inject_error("POST", path, status=503, times=2)
    await story.until(State.DELIVERED)
    posts = [entry for entry in story.env.http_requests if entry.method == "POST"]
    sent: list[Any] = [entry.json for entry in posts if entry.path == path]
    assert len(sent) == 3
    assert len({entry["nonce"] for entry in sent}) == 1
    assert all(entry["enforce_nonce"] for entry in sent)
    assert len(story.messages()) == 2


async def test_a_file_that_cannot_be_had_comes_as_a_link(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    story.server.will(Scenario(on_file=(Fault(Answers(410, "no")),)))
    asked = await story.kling()
    job = await story.until(State.DELIVERED)
    assert story.card(asked).is_ready
    assert story.card(asked).links == [job.media[0].url]
    assert "couldn't fetch a file" in caplog.text


async def test_a_file_that_cannot_be_had_yet_is_a_link_until_it_replaces_it(story: Story) -> None:
    story.server.will(Scenario(on_file=(Fault(unavailable(), times=45),)))
    asked = await story.kling()
    await story.until(State.RENDERED)
    await story.advance(60)
    job = await story.job()
    assert job.state is State.RENDERED
    assert story.card(asked).is_ready
    assert story.card(asked).links == [job.media[0].url]
    assert [Card(message).text for message in story.messages()[1:]] == [""]  # the mention
    await story.world.restart_bot()
    edits = len(story.env.http_requests)
    await story.advance(60)
    assert (await story.job()).state is State.RENDERED
    # Nothing new is to be said, so nothing is written to Discord.
    assert [entry.method for entry in story.env.http_requests[edits:]].count("PATCH") == 0

    await story.advance(1_800)
    assert (await story.job()).state is State.DELIVERED
    card = story.card(asked)
    assert len(card.message.attachments) == len(card.gallery) == 1
    assert card.links == []
    assert len(story.messages()) == 2, "told once"


async def test_what_waits_for_its_file_is_not_offered_and_can_be_brought_nowhere_else(
    story: Story,
) -> None:
    story.server.will(Scenario(on_file=(Fault(unavailable()),)))
    await story.kling()
    job = await story.until(State.RENDERED)
    await story.advance(1_200)
    desk = story.services.ordering
    assert await desk.kept_for(story.alice.id) == []
    answer = await desk.bring(job.id, Actor(user_id=story.alice.id), job.place)
    assert answer == Denied(BringRefusal.NOTHING_KEPT)


async def test_who_was_shown_a_link_and_can_be_reached_no_more_keeps_the_link(
    story: Story,
) -> None:
    story.server.will(Scenario(on_file=(Fault(unavailable(), times=30),)))
    asked = await story.kling()
    await story.until(State.RENDERED)
    await story.advance(60)
    story.env.inject_error("*", "/channels/*/messages*", status=403, code=50013, times=None)
    job = await story.until(State.DELIVERED, within_s=6 * 3_600)
    assert story.card(asked).links == [job.media[0].url]


async def test_a_disk_that_takes_nothing_delays_the_file_and_not_the_video(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    spool = story.world.settings.data_dir / "spool"
    spool.write_text("no folder")
    asked = await story.kling()
    job = await story.until(State.RENDERED)
    await story.advance(60)
    assert story.card(asked).links == [job.media[0].url]
    assert "couldn't write its files to the disk" in caplog.text

    spool.unlink()
    await story.until(State.DELIVERED)
    assert len(story.card(asked).gallery) == 1
    assert story.card(asked).links == []


async def test_nothing_of_a_delivered_video_stays_in_the_spool(story: Story) -> None:
    await story.kling()
    await story.until(State.DELIVERED)
    assert list((story.world.settings.data_dir / "spool").iterdir()) == []


async def test_a_thread_is_a_place_like_any_other(story: Story) -> None:
    story.env.backend.create_thread(story.channel.id, "kites", story.alice.id)
    (thread,) = story.channel.threads
    asked = await story.alice.slash(thread, "kling", prompt="a kite in a thread")
    await story.settle()
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready
    assert story.messages(thread)[-1].content.endswith("your video is ready.\n> a kite in a thread")


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ("send_messages", "Send Messages"),
        ("attach_files", "Attach Files"),
        ("embed_links", "Embed Links"),
        ("read_message_history", "Read Message History"),
    ],
)
async def test_where_it_could_not_deliver_it_does_not_buy(
    story: Story, missing: str, named: str
) -> None:
    assert story.guild.me is not None
    denied = discord.PermissionOverwrite.from_pair(
        discord.Permissions.none(), discord.Permissions(**{missing: True})
    )
    narrow = story.guild.create_text_channel("narrow", overwrites={story.guild.me: denied})
    asked = await story.alice.slash(narrow, "kling", prompt="a kite")
    told = private_words(asked)
    assert named in told
    assert "Nothing was charged" in told
    assert story.server.posts == []
    assert await story.jobs() == []


async def test_a_private_answer_needs_no_permission_of_the_bot(story: Story) -> None:
    assert story.guild.me is not None
    denied = discord.PermissionOverwrite(send_messages=False, attach_files=False)
    narrow = story.guild.create_text_channel("narrow", overwrites={story.guild.me: denied})
    asked = await story.alice.slash(narrow, "kling", prompt="a kite", private=True)
    await story.settle()
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready

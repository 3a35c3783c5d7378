"""What Discord refuses is never sent again unchanged, and the video arrives all the same."""

import json
from typing import Any

import pytest

from bot.domain.job import State
from bot.features.library.library import LibraryRefusal
from bot.playground.runcomfy_jobs import ACCOUNT
from bot.playground.runcomfy_scenario import Answers, Fault, Output, Scenario
from bot.ui.words import cards as words
from cogs.generations.details import REFUSALS
from tests.faults.censor import Censor, Opinion, Sent, refusal
from tests.stories.harness import Card, Story, private_words

MIB = 1024 * 1024
REQUEST_ID = "a-request-with-an-id"


def nothing_twice(censor: Censor) -> None:
    assert len(censor.refused) == len(set(censor.refused))


def over(limit_bytes: int) -> Opinion:
    def opinion(sent: Sent) -> Exception | None:
        return refusal(400, 50045) if any(size > limit_bytes for size in sent.sizes) else None

    return opinion


def no_links(sent: Sent) -> Exception | None:
    """Discord's link filter."""
    return refusal(400, 240000) if sent.has_links else None


def address_of(story: Story, name: str, *, chars: int = 0) -> str:
    """A signed address at the stand-in, at least so long."""
    address = f"{story.server.url}/files/{ACCOUNT}/{REQUEST_ID}/{name}?signed="
    return address + "s" * (chars - len(address))


def result_with(*addresses: str) -> Scenario:
    """A result whose files the service gives to nobody: for good a matter of links."""
    output = {"videos": list(addresses)}
    body = {"request_id": REQUEST_ID, "status": "succeeded", "output": output}
    return Scenario(
        request_id=REQUEST_ID,
        on_result=(Fault(Answers(200, json.dumps(body), {"Content-Type": "application/json"})),),
        on_file=(Fault(Answers(410, "no")),),
    )


@pytest.mark.parametrize("chars", [512, 513, 2_000])
async def test_a_signed_address_of_any_length_is_delivered(story: Story, chars: int) -> None:
    address = address_of(story, "kite.mp4", chars=chars)
    story.server.will(result_with(address))
    asked = await story.kling()
    await story.until(State.DELIVERED)
    card = story.card(asked)
    assert card.is_ready
    assert card.links == ([address] if chars <= 512 else [])
    assert (f"[Open video](<{address}>)" in card.text) is (chars > 512)


async def test_an_address_that_no_message_has_room_for_comes_in_a_file(story: Story) -> None:
    address = address_of(story, "kite.mp4", chars=4_096)
    story.server.will(result_with(address))
    asked = await story.kling()
    await story.until(State.DELIVERED)
    (attachment,) = story.card(asked).message.attachments
    assert attachment.filename == "addresses.txt"
    assert (await attachment.read()).decode() == address


async def test_sixty_results_come_in_several_messages(story: Story) -> None:
    addresses = [address_of(story, f"{number}.mp4") for number in range(60)]
    story.server.will(result_with(*addresses))
    asked = await story.kling()
    await story.until(State.DELIVERED)
    seen = [link for message in story.messages() for link in Card(message).links]
    assert sorted(seen) == sorted(addresses)
    assert story.card(asked).is_ready


async def test_where_links_are_filtered_the_address_comes_in_a_file(story: Story) -> None:
    story.server.will(result_with(address := address_of(story, "kite.mp4")))
    censor = Censor(story, no_links)
    asked = await story.kling()
    await story.until(State.DELIVERED)
    assert story.card(asked).is_ready
    (attachment,) = story.card(asked).message.attachments
    assert (await attachment.read()).decode() == address
    nothing_twice(censor)


async def test_a_refused_card_gives_way_to_the_file_alone(story: Story) -> None:
    censor = Censor(
        story, lambda sent: refusal(400, 50035) if sent.sizes and "Again" in sent.body else None
    )
    asked = await story.kling()
    await story.until(State.DELIVERED)
    card = story.card(asked)
    assert len(card.gallery) == 1
    assert card.text == ""
    assert len(censor.refused) == 1


async def test_what_is_taken_in_no_form_comes_directly_and_the_card_says_so(story: Story) -> None:
    def opinion(sent: Sent) -> Exception | None:
        is_result = sent.sizes or sent.has_links
        there = f"/channels/{story.channel.id}/"
        return refusal(403, 20009) if is_result and sent.path.startswith(there) else None

    censor = Censor(story, opinion)
    asked = await story.kling()
    job = await story.until(State.DELIVERED)
    assert words.SENT_DIRECTLY in story.card(asked).text
    card, _ = story.messages(story.alice.user.dm_channel)
    assert Card(card).is_ready
    assert len(card.attachments) == 1
    assert job.place.message_id == card.id
    nothing_twice(censor)


async def test_a_file_that_turns_out_too_large_is_uploaded_once_and_comes_as_a_copy(
    story: Story,
) -> None:
    story.world.upload_limit_bytes = 20 * MIB
    story.server.will(Scenario(video_over_bytes=13 * MIB))
    censor = Censor(story, over(10 * MIB))
    asked = await story.kling(duration=15)
    job = await story.until(State.DELIVERED)
    card = story.card(asked)
    (attachment,) = card.message.attachments
    assert attachment.filename.endswith("-copy.mp4")
    assert attachment.size <= 10 * MIB
    assert card.links == [job.media[0].url]
    assert len(censor.refused) == 1


async def test_a_vanished_boosted_server_leaves_a_copy_that_plays_in_a_direct_message(
    story: Story,
) -> None:
    story.world.upload_limit_bytes = 100 * MIB
    story.server.will(Scenario(video_over_bytes=13 * MIB))
    await story.kling(duration=15)
    await story.until(State.RENDERING)
    story.env.backend.delete_channel(story.channel.id)
    judge, direct = over(10 * MIB), story.alice.user.dm_channel
    censor = Censor(story, lambda sent: judge(sent) if f"/{direct.id}/" in sent.path else None)
    await story.until(State.DELIVERED)
    card, _ = story.messages(direct)
    (attachment,) = card.attachments
    assert attachment.filename.endswith("-copy.mp4")
    # Where nothing is known the limit is Discord's default, and Discord is the judge.
    assert [max(sent.sizes) > 10 * MIB for sent in censor.refused] == [True]


async def test_a_direct_message_takes_what_fits_the_default_though_the_server_took_less(
    story: Story,
) -> None:
    story.world.upload_limit_bytes = 10 * MIB
    story.server.will(Scenario(video_over_bytes=13 * MIB))
    await story.kling(duration=15)
    await story.until(State.RENDERING)
    story.env.backend.delete_channel(story.channel.id)
    await story.until(State.DELIVERED)
    card, _ = story.messages(story.alice.user.dm_channel)
    (attachment,) = card.attachments
    assert attachment.size > 13 * MIB


async def test_of_two_videos_the_good_one_is_not_lost_with_the_other(story: Story) -> None:
    story.server.will(Scenario(output=Output.VIDEOS))
    censor = Censor(story, lambda sent: refusal(400, 50035) if len(sent.sizes) > 1 else None)
    asked = await story.kling()
    await story.until(State.DELIVERED)
    card, *others = [message for message in story.messages() if message.attachments]
    assert card.id == story.card(asked).message.id
    assert [len(message.attachments) for message in (card, *others)] == [1, 1]
    assert all(other.reference and other.reference.message_id == card.id for other in others)
    nothing_twice(censor)


async def test_a_new_card_carries_the_same_nonce_at_each_try(story: Story) -> None:
    asked = await story.kling()
    assert asked.response is not None
    await story.until(State.RENDERING)
    story.env.backend.delete_message(story.channel.id, asked.response.id)
    path = f"/channels/{story.channel.id}/messages"
    story.env.inject_error("POST", path, status=503, times=7)
    job = await story.until(State.DELIVERED)
    posts = [entry for entry in story.env.http_requests if entry.method == "POST"]
    nonces = [entry.json["nonce"] for entry in posts if entry.path == path and entry.json]
    cards = [nonce for nonce in nonces if nonce.startswith("card")]
    assert len(cards) == 8
    assert set(cards) == {f"card{job.id}"}


async def test_sent_again_it_steps_down_as_well(story: Story) -> None:
    await story.kling()
    job = await story.until(State.DELIVERED)
    story.env.inject_error("POST", "/webhooks/*", status=413, code=40005, times=1)
    listed = await story.alice.slash(story.channel, "generations list")
    await story.settle()
    assert listed.response is not None
    card = Card(listed.response)
    sent = await story.alice.click(card.message, custom_id=card.custom_id("Send it to me"))
    await story.settle()
    answer = Card((sent.response, *sent.followups)[-1])
    assert answer.links == [job.media[0].url]
    assert "Discord doesn't take the file here. This is its address at RunComfy." in answer.text

    story.env.inject_error("POST", "/webhooks/*", status=503, times=1)
    sent = await story.alice.click(card.message, custom_id=card.custom_id("Send it to me"))
    await story.settle()
    assert private_words(sent) == REFUSALS[LibraryRefusal.NOT_TAKEN]


class Archived:
    """A thread that Discord closed for being silent: whoever edits in it is refused."""

    def __init__(self, story: Story) -> None:
        story.env.backend.create_thread(story.channel.id, "kites", story.alice.id)
        (self.thread,) = story.channel.threads
        self._story = story
        self.refusals = 0

    def archive(self, *, locked: bool = False) -> None:
        """Let a long time have passed, or a moderator have locked it."""
        self._metadata.archived, self._metadata.locked = True, locked

    @property
    def is_archived(self) -> bool:
        return self._metadata.archived

    def opinion(self, sent: Sent) -> Exception | None:
        if f"/{self.thread.id}/" not in sent.path:
            return None
        if sent.method == "POST" and not self._metadata.locked:
            self._metadata.archived = False  # a new message opens it
        if not self.is_archived:
            return None
        self.refusals += 1
        return refusal(400, 50083)

    @property
    def _metadata(self) -> Any:  # noqa: ANN401 - the simulated Discord's own
        channel: Any = self._story.env.backend.get_channel(self.thread.id)
        return channel.thread_metadata


async def test_a_thread_that_time_has_archived_is_opened_for_the_video(story: Story) -> None:
    kites = Archived(story)
    Censor(story, kites.opinion)
    asked = await story.alice.slash(kites.thread, "kling", prompt="a kite in a thread")
    await story.settle()
    kites.archive()
    await story.until(State.RENDERING)
    assert kites.is_archived, "news in between opened it"
    job = await story.until(State.DELIVERED)
    assert not kites.is_archived
    assert kites.refusals > 1
    card = story.card(asked)
    assert card.is_ready
    assert len(card.gallery) == 1
    assert job.place.channel_id == kites.thread.id
    assert story.messages(kites.thread)[-1].content.startswith(f"<@{story.alice.id}>")


async def test_a_locked_thread_leaves_it_to_a_direct_message(story: Story) -> None:
    kites = Archived(story)
    Censor(story, kites.opinion)
    await story.alice.slash(kites.thread, "kling", prompt="a kite in a thread")
    await story.settle()
    kites.archive(locked=True)
    story.env.inject_error(
        "PATCH", f"/channels/{kites.thread.id}", status=403, code=50013, times=None
    )
    job = await story.until(State.DELIVERED)
    card, _ = story.messages(story.alice.user.dm_channel)
    assert len(card.attachments) == 1
    assert job.place.message_id == card.id


async def test_a_thread_whose_opening_meets_a_passing_trouble_is_waited_for(story: Story) -> None:
    kites = Archived(story)
    Censor(story, kites.opinion)
    asked = await story.alice.slash(kites.thread, "kling", prompt="a kite in a thread")
    await story.settle()
    kites.archive()
    path = f"/channels/{kites.thread.id}"
    story.env.inject_error("PATCH", path, status=503, code=0, times=4)
    job = await story.until(State.DELIVERED)
    assert job.place.channel_id == kites.thread.id
    assert story.card(asked).is_ready

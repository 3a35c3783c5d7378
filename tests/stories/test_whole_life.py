"""A video from the command to the ping."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.domain.job import State
from bot.playground.videos import VideoLibrary
from tests.patience import until
from tests.stories.harness import Story, told_story


async def test_a_prompt_becomes_a_video_on_the_same_card(story: Story) -> None:
    asked = await story.kling("a red kite over the sea")
    assert asked.response is not None
    assert not asked.ephemeral
    card_id = asked.response.id

    assert story.card(asked).heading == "🕓 In the queue"
    assert "Cancel" in story.card(asked).buttons

    await story.until(State.RENDERING)
    assert story.card(asked).heading == "🎬 Rendering"
    assert story.card(asked).buttons == []

    await story.until(State.DELIVERED)
    card = story.card(asked)
    assert card.message.id == card_id
    assert card.is_ready
    (shown,) = card.gallery
    (attachment,) = card.message.attachments
    assert attachment.filename.endswith(".mp4")
    assert attachment.url in shown["media"]["url"]
    assert "a red kite over the sea" in shown["description"]
    assert len(story.server.posts) == 1


async def test_the_requester_alone_is_notified_by_a_short_reply(story: Story) -> None:
    asked = await story.kling()
    await story.until(State.DELIVERED)
    ping = story.messages()[-1]
    assert ping.content == f"{story.alice.mention} your video is ready.\n> a red kite over the sea"
    assert [user.id for user in ping.mentions] == [story.alice.id]
    assert ping.reference is not None
    assert asked.response is not None
    assert ping.reference.message_id == asked.response.id
    sent: list[dict[str, Any]] = [
        entry.json
        for entry in story.env.http_requests
        if entry.method == "POST" and entry.path == f"/channels/{story.channel.id}/messages"
        if entry.json is not None
    ]
    (allowed,) = [message["allowed_mentions"] for message in sent]
    assert {**allowed, "replied_user": allowed.get("replied_user", False)} == {
        "parse": [],
        "users": [story.alice.id],
        "replied_user": False,
    }


async def test_every_change_of_state_costs_one_edit(story: Story) -> None:
    await story.kling()
    await story.until(State.DELIVERED)
    edits = [entry for entry in story.env.http_requests if entry.method == "PATCH"]
    # Sending, queued, rendering, rendered, delivered: the first card came with the command.
    assert len(edits) == 5


async def test_the_card_says_everything_that_was_asked(story: Story) -> None:
    asked = await story.kling(
        "a *bold* kite",
        duration=10,
        aspect="9:16",
        sound=False,
        negative_prompt="clouds",
        guidance=0.8,
    )
    text = story.card(asked).text
    assert r"a \*bold\* kite" in text
    assert "10 s · 9:16 · silent · guidance 0.8 · negative prompt" in text
    assert "about $1.12" in text
    assert story.alice.mention in text
    began = int(story.clock.now().timestamp())
    assert f"<t:{began}:R>" in text
    (bought,) = story.server.posts
    assert bought.input == {
        "prompt": "a *bold* kite",
        "duration": 10,
        "aspect_ratio": "9:16",
        "sound": False,
        "negative_prompt": "clouds",
        "cfg_scale": 0.8,
        "shot_type": "customize",
    }


async def test_a_long_prompt_is_shortened_on_the_card_and_sent_whole(story: Story) -> None:
    prompt = "kite " * 400
    asked = await story.kling(prompt.strip())
    quoted = next(line for line in story.card(asked).text.splitlines() if line.startswith("> "))
    assert quoted.endswith("…")
    assert len(quoted) <= 302
    assert story.server.posts[0].input["prompt"] == prompt.strip()


async def test_the_price_is_gone_once_it_came_as_it_was_said(story: Story) -> None:
    asked = await story.kling()
    assert "about $0.84" in story.card(asked).text
    job = await story.until(State.DELIVERED)
    assert job.cost_microusd is not None
    assert "$" not in story.card(asked).text


async def test_the_first_card_in_the_queue_has_the_position_already(story: Story) -> None:
    asked = await story.kling("a long queue of kites")
    assert "Position in RunComfy's queue: 12" in story.card(asked).text
    edits = [entry for entry in story.env.http_requests if entry.method == "PATCH"]
    assert len(edits) == 2


async def test_the_queue_position_is_shown_and_edits_are_seldom(story: Story) -> None:
    asked = await story.kling("a long queue of kites")
    seen = {line for line in story.card(asked).text.splitlines() if "Position" in line}
    before = len(story.env.http_requests)
    started = story.clock.now()
    while (await story.job()).state is State.QUEUED:
        await story.advance(1)
        seen |= {line for line in story.card(asked).text.splitlines() if "Position" in line}
        assert story.clock.now() - started < timedelta(minutes=30)
    edits = [entry for entry in story.env.http_requests[before:] if entry.method == "PATCH"]
    queued_s = (story.clock.now() - started).total_seconds()
    assert len(seen) >= 2
    assert len(edits) <= queued_s / 15 + 2


async def test_on_postgresql_it_is_the_same_story(
    tmp_path: Path, videos: VideoLibrary, postgres_url: str
) -> None:
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, database_url=postgres_url
    ) as story:
        asked = await story.kling()
        await until(lambda: story.world.app.engine.watching)
        await story.advance(5)
        await story.world.restart_bot()
        # What is to be done is handed out by the database, which knows no virtual clock.
        await until(lambda: story.world.app.engine.watching)
        await story.advance(60)
        assert story.card(asked).is_ready
        assert len(story.server.posts) == 1
        cancelled = await story.kling("a long queue of kites")
        await until(lambda: story.card(cancelled).heading == "🕓 In the queue")
        assert await story.press("Cancel", cancelled) == "Cancelled. It costs nothing."

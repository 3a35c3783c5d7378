"""A job never loses its picture: over restarts, erasure, deletion, housekeeping and backups."""

import logging
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.job import State
from bot.features.retention import Ground, prune
from bot.observability.logs import FLOORS
from bot.playground.runcomfy_scenario import Fault, Hangs, Scenario, rate_limited
from bot.playground.videos import VideoLibrary
from bot.runner.cadence import LATE_ANSWER_GRACE_S
from bot.storage import default_database_url
from bot.storage.maintenance.backup import BackedUp, back_up
from bot.storage.maintenance.restore import Restored, restore
from bot.storage.tables.jobs import pictures
from tests.pictures import a_picture, saved
from tests.stories.harness import Card, Story, as_file, told_story
from tests.stories.pictures import made_from, posted, sent_off
from tests.stories.test_after import pressed, response
from tests.stories.test_films import newest_card
from tests.stories.test_pictures import asked_with, looked_at
from tests.stories.test_privacy import ERASED_ONE, days, erase
from tests.stories.test_review import Reviewed

KITE = saved(a_picture((480, 320)))
SLOW = Scenario(queue_s=20, rendering_s=40)
REFUSED_ONCE = Scenario(on_submit=(Fault(rate_limited("30"), times=1),))


async def kept(story: Story) -> list[bytes]:
    """The pictures in the database."""
    rows = await story.world.app.store.database.rows(select(pictures.c.data))
    return [bytes(row["data"]) for row in rows]


def sent(story: Story) -> list[bytes]:
    """The picture of each POST, in order; each has exactly one."""
    found = list[bytes]()
    for post in story.server.posts:
        (picture,) = post.pictures.values()
        found.append(picture)
    return found


# --- over a restart -----------------------------------------------------------------------------


async def test_a_job_that_waits_sends_its_picture_after_the_restart(story: Story) -> None:
    story.server.will(REFUSED_ONCE)
    await asked_with(story, image=KITE)
    assert (await story.job()).state is State.WAITING
    (picture,) = await kept(story)
    await story.world.restart_bot()
    await story.until(State.DELIVERED)
    assert sent(story) == [picture, picture]
    assert [post.request_id is not None for post in story.server.posts] == [False, True]


async def test_a_job_in_mid_post_is_never_sent_again_and_its_card_says_so(story: Story) -> None:
    story.server.will(Scenario(on_submit=(Fault(Hangs(), accepted=True),)))
    await story.alice.slash(story.channel, "kling", prompt="a kite", image=as_file(KITE))
    await story.wait_for(lambda: len(story.server.jobs) == 1)
    assert (await story.job()).state is State.SUBMITTING
    await story.world.restart_bot()
    await story.advance(LATE_ANSWER_GRACE_S + 10)
    assert (await story.job()).state is State.UNSURE
    await story.advance(3_600)
    assert sent(story) == await kept(story)


@pytest.mark.parametrize("state", [State.QUEUED, State.RENDERING, State.RENDERED])
async def test_a_job_at_the_service_is_delivered_after_the_restart_and_bought_once(
    story: Story, state: State
) -> None:
    story.server.will(SLOW)
    await asked_with(story, image=KITE)
    if state is State.RENDERED:
        path = f"/channels/{story.channel.id}/messages/*"
        await story.until(State.RENDERING)
        story.env.inject_error("PATCH", path, status=503, times=5)
    await story.until(state)
    await story.world.restart_bot()
    await story.until(State.DELIVERED)
    assert newest_card(story).is_ready
    assert sent(story) == await kept(story)


async def test_what_a_moderator_approves_after_a_restart_is_sent_with_its_picture(
    story: Story,
) -> None:
    server = Reviewed(story)
    await server.decide()
    await looked_at(story, await server.ask(image=as_file(KITE)))
    assert (await story.job()).state is State.IN_REVIEW
    await story.world.restart_bot()
    await story.advance(3_600)
    await server.press("Approve")
    await story.until(State.DELIVERED)
    assert sent(story) == await kept(story)


async def test_a_yes_to_the_price_after_a_restart_is_sent_with_its_picture(story: Story) -> None:
    await story.services.preferences.change(story.alice.id, {"ask_above_microusd": 0})
    asked = await asked_with(story, image=KITE)
    await story.world.restart_bot()
    question = next(Card(one) for one in asked.followups if "Generate?" in Card(one).text)
    await pressed(story, "Generate", question)
    await story.until(State.DELIVERED)
    assert sent(story) == await kept(story)


async def test_a_window_that_was_open_over_a_restart_still_has_its_picture(story: Story) -> None:
    window = await made_from(story, await posted(story, KITE, text="look at my kite"))
    await story.world.restart_bot()
    await looked_at(story, await sent_off(story, window))
    await story.until(State.DELIVERED)
    assert sent(story) == await kept(story)


async def test_another_machine_sends_what_it_finds_in_the_database(
    tmp_path: Path, videos: VideoLibrary, postgres_url: str
) -> None:
    """The bot that was asked is gone with its disk before it could send."""
    async with told_story(
        data_dir=tmp_path / "data", videos=videos, database_url=postgres_url
    ) as story:
        story.server.will(REFUSED_ONCE)
        await asked_with(story, image=KITE)
        (picture,) = await kept(story)
        story.world.settings = story.world.settings.model_copy(
            update={"data_dir": tmp_path / "another"}
        )
        await story.world.restart_bot()
        rows = story.world.app.store
        for _ in range(120):
            await story.advance(1)
            if not await rows.unfinished():
                break
        assert sent(story) == [picture, picture]
        assert newest_card(story).is_ready


# --- while it waits -----------------------------------------------------------------------------


async def test_who_erases_everything_keeps_the_picture_of_what_is_under_way_and_no_longer(
    story: Story,
) -> None:
    story.server.will(REFUSED_ONCE)
    await asked_with(story, image=KITE)
    (picture,) = await kept(story)
    assert "1 is still under way: ask again when it is over." in await erase(story)
    await story.until(State.DELIVERED)
    assert sent(story) == [picture, picture]
    assert await erase(story) == ERASED_ONE
    assert await kept(story) == []


async def test_who_erased_everything_and_never_came_back_leaves_no_picture(story: Story) -> None:
    story.server.will(REFUSED_ONCE)
    await asked_with(story, image=KITE)
    await erase(story)
    await story.until(State.DELIVERED)
    await days(story, 1)
    assert await kept(story) == []


async def test_deleting_a_video_takes_no_picture_from_one_that_waits(story: Story) -> None:
    await asked_with(story, image=KITE)
    await story.until(State.DELIVERED)
    story.server.will(REFUSED_ONCE)
    await pressed(story, "Again", newest_card(story))
    first, again = await story.jobs()
    assert (first.state, again.state) == (State.DELIVERED, State.WAITING)
    card = next(Card(one) for one in story.messages() if one.id == first.place.message_id)
    question = await pressed(story, "Delete", card)
    await pressed(story, "Yes, delete it", Card(await response(question)))
    await story.advance(600)
    assert (await story.jobs())[1].state is State.DELIVERED
    assert len(set(sent(story))) == 1
    assert len(sent(story)) == 3


async def test_the_daily_run_takes_no_picture_from_a_job_that_waits(
    story: Story, tmp_path: Path
) -> None:
    story.server.will(REFUSED_ONCE)
    await asked_with(story, image=KITE)
    (picture,) = await kept(story)
    much_later = Ground(
        store=story.world.app.store,
        spool_dir=tmp_path / "no-spool",
        archive=None,
        now=story.clock.now() + timedelta(days=365),
        prompts_kept_for=timedelta(days=90),
        pictures_kept_for=timedelta(days=7),
        dry_run=False,
    )
    await prune(much_later)
    assert await kept(story) == [picture]
    await story.until(State.DELIVERED)
    assert sent(story) == [picture, picture]
    await prune(much_later)
    assert await kept(story) == []


# --- in the log ---------------------------------------------------------------------------------


async def test_the_log_has_nothing_of_a_picture_even_where_it_says_everything(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    for library, lowest in FLOORS.items():
        caplog.set_level(lowest, library)  # as in the bot's own log
    caplog.set_level(logging.DEBUG)
    story.server.will(REFUSED_ONCE)
    await asked_with(story, image=KITE, last_image=saved(a_picture((320, 480))))
    await story.until(State.DELIVERED)
    await pressed(story, "Again", newest_card(story))
    assert "POST /v1/models/kling/kling-3.0/pro/image-to-video: HTTP 429" in caplog.text
    sent_bytes = [KITE, *await kept(story)]
    assert len(sent_bytes) == 3
    for data in sent_bytes:
        for quoted in (b64encode(data[:60]).decode(), repr(data[:20])[2:-1], data[:20].hex()):
            assert quoted not in caplog.text
    assert "base64," not in caplog.text


# --- in a backup --------------------------------------------------------------------------------


async def test_a_restored_backup_has_the_picture_and_buys_nothing_by_itself(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    data_dir, copy = tmp_path / "data", tmp_path / "copy.sqlite3"
    url = default_database_url(data_dir)
    async with told_story(data_dir=data_dir, videos=videos) as story:
        story.server.will(REFUSED_ONCE)
        await asked_with(story, image=KITE)
        (picture,) = await kept(story)
        assert isinstance(await back_up(url, copy), BackedUp)
        await story.until(State.DELIVERED)
        at = story.clock.now()
    assert isinstance(await restore(url, copy, at), Restored)
    async with told_story(data_dir=data_dir, videos=videos) as story:
        await story.advance(600)
        assert (await story.job()).state is State.UNSURE
        assert story.server.posts == []
        assert await kept(story) == [picture]

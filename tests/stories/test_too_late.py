"""What is too late, too large, gone or refused is told, and costs nothing."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.job import State
from bot.domain.lifecycle import CardDeleted
from bot.domain.money.policy import DeclineReason
from bot.features.films import FilmRefusal
from bot.features.library.library import LibraryRefusal
from bot.features.waiting_orders import QUESTION_LIFE
from bot.playground.videos import VideoLibrary
from bot.storage.open import FILE_NAME
from bot.ui.words.declines import REASONS
from cogs.generations.details import REFUSALS as LIBRARY_REFUSALS
from cogs.generations.films import NOT_TAKEN, REFUSALS
from cogs.kling.message_menu import LOST
from cogs.kling_me.privacy import NOT_FORGOTTEN, TOO_LARGE
from tests.pictures import a_picture, saved
from tests.stories.harness import Card, Story, private_words, told_story
from tests.stories.panel import change
from tests.stories.pictures import made_from, posted
from tests.stories.test_after import a_delivered_video, pressed
from tests.stories.test_films import (
    a_chain,
    forget_files,
    joined,
    newest_card,
    private_text,
    sent,
)

FORMS = 4
"""In how many forms a video is offered to Discord, ever simpler ones."""
KITE, SEA = (saved(a_picture(size)) for size in ((480, 320), (320, 480)))


async def test_a_bot_that_is_about_to_stop_takes_no_order(story: Story) -> None:
    story.services.admission.close()
    told = private_words(await story.kling())
    assert told == REASONS[DeclineReason.RESTARTING]
    by = Actor(user_id=story.alice.id)
    assert await story.services.admission.refusal(by) is DeclineReason.RESTARTING
    assert await story.jobs() == []


async def test_who_is_blocked_is_told_before_a_picture_is_looked_at(story: Story) -> None:
    await change(story, blocked_user_ids=(story.alice.id,))
    told = private_words(await story.kling(image=KITE))
    assert told == REASONS[DeclineReason.BLOCKED]
    assert await story.jobs() == []


async def test_a_picture_that_is_chosen_too_late_has_to_be_asked_for_again(story: Story) -> None:
    shown = await made_from(story, await posted(story, KITE, SEA, text="two pictures"))
    assert shown.response is not None
    (select,) = [part for part in Card(shown.response).parts if "options" in part]
    story.clock.move_to(story.clock.now() + QUESTION_LIFE + timedelta(seconds=1))
    told = await story.alice.select(shown.response, ["1"], custom_id=select["custom_id"])
    assert told.modal is None
    assert private_words(told) == LOST


async def test_a_video_that_discord_does_not_take_again_is_told(story: Story) -> None:
    asked = await a_delivered_video(story)
    story.env.inject_error("POST", "/webhooks/*", status=400, code=50035, times=FORMS)
    told = await pressed(story, "Send it to me", story.card(asked))
    assert private_words(told) == LIBRARY_REFUSALS[LibraryRefusal.NOT_TAKEN]


async def test_an_export_that_is_too_large_for_discord_is_told(story: Story) -> None:
    await a_delivered_video(story)
    story.world.upload_limit_bytes = 100
    told = await story.alice.slash(story.channel, "kling-me export")
    assert private_words(told) == TOO_LARGE


async def test_the_details_of_a_private_video_link_to_no_message(story: Story) -> None:
    asked = await a_delivered_video(story, private=True)
    details = await pressed(story, "Details", story.card(asked))
    assert details.response is not None
    assert "](https://discord.com/channels/" not in Card(details.response).text


async def test_who_takes_no_direct_messages_deletes_a_video_all_the_same(story: Story) -> None:
    asked = await a_delivered_video(story)
    story.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    question = await pressed(story, "Delete", story.card(asked))
    assert question.response is not None
    await pressed(story, "Yes, delete it", Card(question.response))
    assert (await story.job()).deleted
    assert not [one for one in story.messages() if Card(one).buttons]


async def test_an_erasure_that_cannot_be_written_is_admitted(story: Story) -> None:
    await a_delivered_video(story)
    asked = await story.alice.slash(story.channel, "kling-me erase")
    with closing(sqlite3.connect(story.world.settings.data_dir / FILE_NAME)) as database:
        database.execute("ALTER TABLE jobs RENAME TO jobs_away")
        told = await pressed(story, "Erase everything", story.card(asked))
        database.execute("ALTER TABLE jobs_away RENAME TO jobs")
    assert private_words(told) == NOT_FORGOTTEN
    assert not (await story.job()).erased


# --- films and continuations ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        (400, 50035, NOT_TAKEN),
        (413, 40005, REFUSALS[FilmRefusal.TOO_LARGE]),
    ],
)
async def test_a_film_that_discord_refuses_is_told(
    story: Story, status: int, code: int, told: str
) -> None:
    await a_chain(story)
    story.env.inject_error("POST", "/webhooks/*", status=status, code=code, times=None)
    assert private_text(await joined(story, newest_card(story))) == told


async def test_without_ffmpeg_no_video_is_continued(tmp_path: Path, videos: VideoLibrary) -> None:
    changes = {"fit_copies": False}
    async with told_story(data_dir=tmp_path / "d", videos=videos, changes=changes) as story:
        asked = await a_delivered_video(story)
        told = await pressed(story, "Continue…", story.card(asked))
        assert private_words(told) == REFUSALS[FilmRefusal.NO_FFMPEG]
        no_frame = await story.services.films.last_frame(await story.job())
        assert no_frame == Denied(FilmRefusal.NO_FFMPEG)


async def test_a_video_that_is_gone_when_the_window_is_sent_is_not_continued(story: Story) -> None:
    asked = await a_delivered_video(story, duration=3)
    card = story.card(asked)
    window = await pressed(story, "Continue…", card)
    story.env.backend.get_message(story.channel.id, card.message.id).attachments.clear()
    forget_files(story)
    told = await sent(story, window)
    assert private_text(told) == REFUSALS[FilmRefusal.GONE]
    assert len(await story.jobs()) == 1


async def test_a_video_that_was_deleted_when_the_window_is_sent_is_not_continued(
    story: Story,
) -> None:
    asked = await a_delivered_video(story, duration=3)
    window = await pressed(story, "Continue…", story.card(asked))
    job = await story.job()
    await story.world.app.store.move(job, CardDeleted(), story.clock.now())
    told = await sent(story, window)
    assert private_words(told) == REFUSALS[FilmRefusal.GONE]
    assert len(await story.jobs()) == 1


async def test_what_is_no_film_says_why(story: Story) -> None:
    await a_delivered_video(story, duration=3)
    job, films = await story.job(), story.services.films
    by = Actor(user_id=job.requester_id)
    assert await films.chain("nothing", by) == Denied(FilmRefusal.UNKNOWN)
    assert await films.chain(job.id, by) == Denied(FilmRefusal.ONE_PART)
    for changes, why in (
        ({"deleted": True}, FilmRefusal.GONE),
        ({"state": State.RENDERED}, FilmRefusal.NOT_FINISHED),
        ({"media": ()}, FilmRefusal.NOT_FINISHED),
    ):
        changed = job.model_copy(update=dict[str, Any](changes))
        assert await films.last_frame(changed) == Denied(why)
    async with films.film([job, job.model_copy(update={"media": ()})]) as film:
        assert film == Denied(FilmRefusal.NOT_FINISHED)

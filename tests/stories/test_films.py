"""A video goes on from where another one ended, and a chain of them becomes one film."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import discord
import pytest
import simcord
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image

from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.job import Job, State
from bot.features.films import Film, FilmRefusal
from bot.languages.language import load_languages
from bot.playground.runcomfy_scenario import Answers, Fault, Scenario
from bot.playground.videos import VideoLibrary
from cogs.generations.films import REFUSALS
from cogs.kling import continuation
from tests.patience import until
from tests.stories.harness import Card, Story, told_story
from tests.stories.test_after import controls, filled_in, pressed, submitted

NEXT = "the kite comes down"


async def delivered(story: Story, count: int) -> list[Job]:
    """All jobs, once so many are delivered."""
    for _ in range(600):
        jobs = await story.jobs()
        if len(jobs) == count and all(job.state is State.DELIVERED for job in jobs):
            return jobs
        await story.advance(1)
    raise AssertionError([job.state for job in await story.jobs()])


async def continued(
    story: Story, card: Card, *, by: simcord.MemberActor | None = None, **changes: str
) -> simcord.InteractionResult:
    """Press *Continue…*, say what happens next, and send it."""
    window = await pressed(story, "Continue…", card, by=by)
    return await sent(story, window, by=by, **changes)


async def sent(
    story: Story,
    window: simcord.InteractionResult,
    *,
    by: simcord.MemberActor | None = None,
    **changes: str,
) -> simcord.InteractionResult:
    """Send the form off, and wait until the last picture was taken."""
    result = await submitted(story, window, {continuation.NEXT_LABEL: NEXT, **changes}, by=by)
    await until(lambda: result.response is None or "One moment" not in private_text(result))
    await story.settle()
    return result


async def joined(
    story: Story, card: Card, *, by: simcord.MemberActor | None = None
) -> simcord.InteractionResult:
    """Press *Join*, and wait until the film is made, or is not."""
    result = await pressed(story, "Join", card, by=by)
    await until(lambda: "This takes a moment" not in private_text(result))
    await story.settle()
    return result


def newest_card(story: Story) -> Card:
    """The last message in the channel that has buttons."""
    return [card for one in story.messages() if (card := Card(one)).buttons][-1]


async def a_chain(story: Story, length: int = 2) -> list[Job]:
    """So many delivered videos, each of which continues the one before."""
    await story.kling(duration=3)
    jobs = await delivered(story, 1)
    for count in range(2, length + 1):
        await continued(story, newest_card(story))
        jobs = await delivered(story, count)
    return jobs


def private_text(result: simcord.InteractionResult) -> str:
    """What stands in the private answer now."""
    assert result.response is not None
    assert result.ephemeral
    return Card(result.response).text or result.response.content


def film_in(story: Story) -> discord.Attachment:
    """The only film in the channel."""
    attached = [file for message in story.messages() for file in message.attachments]
    (film,) = [file for file in attached if "kling-film-" in file.filename]
    return film


async def length_s(film: discord.Attachment, folder: Path) -> float:
    file = folder / "film.mp4"
    file.write_bytes(await film.read())
    said = subprocess.run(  # noqa: S603, ASYNC221 - the ffmpeg of the wheel
        [get_ffmpeg_exe(), "-i", str(file)], capture_output=True, text=True, check=False
    ).stderr
    found = re.search(r"Duration: 00:00:(\d\d\.\d\d)", said)
    assert found is not None, said
    return float(found[1])


async def test_what_happens_next_begins_with_the_last_picture(story: Story) -> None:
    await story.kling(duration=4, sound=False, negative_prompt="rain")
    await delivered(story, 1)
    first_card = newest_card(story)
    link = story.messages()[0].jump_url
    window = await pressed(story, "Continue…", first_card)
    assert list(controls(window)) == [
        "What happens next",
        "What it should not show",
        "How long it is",
        "Sound",
    ]
    assert [*filled_in(window).values()][-3:] == ["rain", "4", "False"]
    result = await sent(story, window)
    first, second = await story.jobs()
    assert second.continues == first.id
    assert second.request.prompt == NEXT
    assert second.request.negative_prompt == "rain"
    assert (second.request.duration_s, second.request.sound) == (4, False)
    frame = second.request.start_frame
    assert frame is not None
    assert (frame.width_px, frame.height_px) == (640, 360)
    kept = await story.services.pictures.bytes_of(frame.digest)
    assert kept is not None
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (640, 360)
    assert len(story.server.posts) == 2
    card = newest_card(story)
    assert f"continues [an earlier video]({link})" in card.text
    assert result.response is None, "the private note is gone"
    await delivered(story, 2)
    card = newest_card(story)
    assert f"continues [an earlier video]({link})" in card.text
    assert card.buttons == [
        *("Send it to me", "Again · $0.45", "Change…", "Continue…"),
        *("Join", "Details", "Delete"),
    ]
    assert "Join" not in Card(first_card.message).buttons


async def test_join_makes_one_film_of_the_chain_at_no_cost(story: Story, tmp_path: Path) -> None:
    jobs = await a_chain(story, 3)
    await story.world.restart_bot()  # the chain is in the rows
    await story.settle()
    result = await joined(story, newest_card(story))
    assert private_text(result) == "🎞️ The film is ready. It was made here, at no cost."
    assert await length_s(film_in(story), tmp_path) == pytest.approx(9.0, abs=0.1)
    film = newest_message(story)
    assert Card(film).heading == "🎞️ 3 videos as one film, 9 s"
    assert len(Card(film).gallery) == 1
    assert len(story.server.posts) == len(jobs) == 3
    assert not [*spool(story).iterdir()]


def newest_message(story: Story) -> discord.Message:
    return story.messages()[-1]


def spool(story: Story) -> Path:
    return story.world.settings.data_dir / "spool"


async def test_again_continues_the_same_video(story: Story) -> None:
    first, second = await a_chain(story)
    await pressed(story, "Again", newest_card(story))
    third = (await story.jobs())[-1]
    assert third.continues == second.continues == first.id
    assert third.request.start_frame == second.request.start_frame


async def test_a_price_that_is_asked_about_keeps_what_it_continues(story: Story) -> None:
    await story.kling(duration=3)
    (first,) = await delivered(story, 1)
    await story.services.preferences.change(story.alice.id, {"ask_above_microusd": 0})
    result = await continued(story, newest_card(story))
    assert len(await story.jobs()) == 1
    question = Card(result.followups[-1])
    await pressed(story, "Generate", question)
    assert (await story.jobs())[-1].continues == first.id


async def test_a_stranger_may_continue_and_join_their_own(story: Story) -> None:
    await story.kling(duration=3)
    await delivered(story, 1)
    await continued(story, newest_card(story), by=story.bob)
    await delivered(story, 2)
    refused = await joined(story, newest_card(story))
    assert private_text(refused) == "Only this video's requester can do that."
    result = await joined(story, newest_card(story), by=story.bob)
    assert private_text(result).startswith("🎞️ The film is ready.")


@pytest.mark.parametrize("place", ["archive", "card", "service"])
async def test_a_video_is_taken_from_wherever_it_still_is(
    tmp_path: Path, videos: VideoLibrary, place: str
) -> None:
    """From one place alone: the others are emptied."""
    changes = {"archive_dir": tmp_path / "archive"}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
        await a_chain(story)
        card = newest_card(story)
        if place != "archive":
            shutil.rmtree(tmp_path / "archive")
        if place != "card":
            # The bot reads cards, and the first one is no more.
            delete_card(story)
        if place != "service":
            forget_files(story)
        told = private_text(await joined(story, card))
        assert told.startswith("🎞️ The film is ready"), told


def delete_card(story: Story) -> None:
    """A moderator deletes the first card."""
    story.env.backend.delete_message(story.channel.id, story.messages()[0].id)


def forget_files(story: Story) -> None:
    """The service keeps no file any more."""
    for job in story.server.jobs.values():
        job.scenario = replace(job.scenario, on_file=(Fault(Answers(404)),))


async def test_a_video_that_is_nowhere_any_more_is_told_and_costs_nothing(story: Story) -> None:
    await a_chain(story)
    card = newest_card(story)
    delete_card(story)
    forget_files(story)
    told = private_text(await joined(story, card))
    assert told == REFUSALS[FilmRefusal.GONE]


@pytest.mark.parametrize("code", ["en-US", "it"])
@pytest.mark.parametrize("why", FilmRefusal)
def test_each_refusal_is_a_sentence_in_both_languages(why: FilmRefusal, code: str) -> None:
    said = load_languages().of(code).say(REFUSALS[why], seconds=60)
    assert said.endswith(".")
    assert (said == REFUSALS[why].replace("{seconds}", "60")) is (code == "en-US")


async def test_a_deleted_video_can_be_no_part(story: Story) -> None:
    await a_chain(story)
    first, second = (Card(one) for one in story.messages() if Card(one).buttons)
    question = await pressed(story, "Delete", first)
    assert question.response is not None
    await pressed(story, "Yes, delete it", Card(question.response))
    assert private_text(await pressed(story, "Join", second)) == REFUSALS[FilmRefusal.GONE]
    assert len(story.server.posts) == 2


async def test_a_film_has_a_bound_which_the_refusal_names(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    changes = {"join_max_s": 5}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
        await a_chain(story)
        refused = private_text(await pressed(story, "Join", newest_card(story)))
        assert refused.startswith("The film would be too long: I join at most 5 s.")
        story.world.locale = "it"
        refused = private_text(await pressed(story, "Join", newest_card(story)))
        assert refused.startswith("Il filmato sarebbe troppo lungo: unisco al massimo 5 s.")


async def test_where_ffmpeg_is_switched_off_both_say_so(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    async with told_story(data_dir=tmp_path / "data", videos=videos) as story:
        await a_chain(story)
    changes = {"fit_copies": False}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
        jobs = await story.jobs()
        actor = Actor(user_id=jobs[-1].requester_id)
        parts = await story.services.films.chain(jobs[-1].id, actor)
        assert parts == jobs
        async with story.services.films.film(jobs) as film:
            assert film == Denied(FilmRefusal.NO_FFMPEG)
        assert story.services.films.refusal(jobs[0]) is FilmRefusal.NO_FFMPEG


async def test_one_film_is_made_at_a_time(story: Story) -> None:
    jobs = await a_chain(story)
    films = story.services.films
    async with films.film(jobs) as one:
        assert isinstance(one, Film)
        result = await joined(story, newest_card(story))
        assert private_text(result) == REFUSALS[FilmRefusal.BUSY]
        async with films.film(jobs) as other:
            assert other == Denied(FilmRefusal.BUSY)
    assert private_text(await joined(story, newest_card(story))).startswith("🎞️")


async def test_a_disk_without_room_is_told_for_both_and_costs_nothing(story: Story) -> None:
    await a_chain(story)
    shutil.rmtree(spool(story), ignore_errors=True)
    spool(story).write_text("no folder")
    card = newest_card(story)
    assert private_text(await continued(story, card)) == REFUSALS[FilmRefusal.DISK_FULL]
    assert private_text(await joined(story, card)) == REFUSALS[FilmRefusal.DISK_FULL]
    assert len(story.server.posts) == 2
    spool(story).unlink()
    assert private_text(await joined(story, card)).startswith("🎞️ The film is ready.")


async def test_a_film_that_fits_in_no_form_is_told_and_its_parts_stay(story: Story) -> None:
    await a_chain(story)
    story.world.upload_limit_bytes = 1_000
    result = await joined(story, newest_card(story))
    assert private_text(result) == REFUSALS[FilmRefusal.TOO_LARGE]
    assert len(story.messages()) == 4, "two cards and two notifications"


async def test_a_film_that_is_too_large_comes_as_a_copy_that_fits(
    story: Story, tmp_path: Path
) -> None:
    story.server.default = Scenario(video_over_bytes=400_000)
    await a_chain(story)
    story.world.upload_limit_bytes = 300_000
    result = await joined(story, newest_card(story))
    assert private_text(result).startswith("🎞️ The film is ready.")
    film = film_in(story)
    assert film.size <= 300_000
    assert await length_s(film, tmp_path) == pytest.approx(6.0, abs=0.1)

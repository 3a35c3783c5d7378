"""A video over the limit of its place: a copy that plays there, and the way to the original."""

from pathlib import Path

import pytest

from bot.domain.job import State
from bot.playground.runcomfy_scenario import Fault, Scenario
from bot.playground.videos import VideoLibrary
from tests.runcomfy.answers import file_of
from tests.runner.transcoding.test_what_plays import made
from tests.stories.harness import Story, told_story

OVER_TEN_MIB = 11 * 1024 * 1024
LIMIT = 10 * 1024 * 1024


async def test_a_copy_that_fits_plays_on_the_card_beside_a_link_to_the_original(
    story: Story,
) -> None:
    story.server.will(Scenario(video_over_bytes=OVER_TEN_MIB))
    asked = await story.kling(duration=15)
    job = await story.until(State.DELIVERED)
    card = story.card(asked)
    (attachment,) = card.message.attachments
    assert attachment.filename.endswith("-copy.mp4")
    assert 0 < attachment.size <= LIMIT
    assert len(card.gallery) == 1
    assert card.buttons[0] == "Open in full quality"
    assert card.links == [job.media[0].url]


async def test_a_video_that_most_clients_only_hear_comes_as_a_copy_beside_the_original(
    story: Story, tmp_path: Path
) -> None:
    picture = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=24:d=1")
    video = await made(tmp_path, "hevc.mp4", *picture, "-c:v", "libx265")
    told_wrong = file_of(video.read_bytes(), "binary/octet-stream")
    story.server.will(Scenario(on_file=(Fault(told_wrong),)))
    asked = await story.kling()
    job = await story.until(State.DELIVERED)
    card = story.card(asked)
    (attachment,) = card.message.attachments
    assert attachment.filename.endswith("-copy.mp4")
    assert len(card.gallery) == 1
    assert card.links == [job.media[0].url]


async def test_a_place_that_takes_next_to_nothing_gets_the_link_alone(story: Story) -> None:
    story.world.upload_limit_bytes = 5_000
    asked = await story.kling()
    await story.until(State.DELIVERED)
    assert story.card(asked).message.attachments == []
    assert story.card(asked).buttons[0] == "Open video"


@pytest.mark.parametrize(("fit_copies", "ffmpeg"), [(False, None), (True, "/nowhere/ffmpeg")])
async def test_without_copies_or_without_an_encoder_there_is_the_link(
    tmp_path: Path,
    videos: VideoLibrary,
    fit_copies: bool,  # noqa: FBT001 - a column of the table
    ffmpeg: str | None,
) -> None:
    changes = {"fit_copies": fit_copies, "ffmpeg_path": None if ffmpeg is None else Path(ffmpeg)}
    async with told_story(data_dir=tmp_path / "d", videos=videos, changes=changes) as story:
        story.server.will(Scenario(video_over_bytes=OVER_TEN_MIB))
        asked = await story.kling()
        await story.until(State.DELIVERED)
        assert story.card(asked).message.attachments == []
        assert story.card(asked).buttons[0] == "Open video"


async def test_the_archive_keeps_the_original_after_the_delivery(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    archive_dir = tmp_path / "archive"
    changes = {"archive_dir": archive_dir}
    async with told_story(data_dir=tmp_path / "d", videos=videos, changes=changes) as story:
        asked = await story.kling()
        job = await story.until(State.DELIVERED)
        (attachment,) = story.card(asked).message.attachments
        (original,) = (archive_dir / job.id).iterdir()
        assert original.stat().st_size == attachment.size


async def test_a_video_over_the_largest_download_is_a_link(
    tmp_path: Path, videos: VideoLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    changes = {"max_download_mib": 1}
    async with told_story(data_dir=tmp_path / "d", videos=videos, changes=changes) as story:
        story.server.will(Scenario(video_over_bytes=1_100_000))
        asked = await story.kling()
        await story.until(State.DELIVERED)
        assert story.card(asked).message.attachments == []
        assert story.card(asked).buttons[0] == "Open video"
        assert "MAX_DOWNLOAD_MIB" in caplog.text

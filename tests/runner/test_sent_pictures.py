"""Pictures leave as data URIs or as links; a refusal tells the operator of the other way."""

import logging
from datetime import timedelta

import pytest

from bot.domain import outcomes
from bot.domain.generation.models import Option
from bot.domain.generation.picture import Picture
from bot.domain.job import Job, State
from bot.domain.outcomes import FailureReason
from bot.runner.sent_pictures import SentPictures
from bot.storage import SqlJobStore
from tests.clocks import FakeClock
from tests.domain.samples import a_job
from tests.runner.test_not_sent import Bench

LINK = "https://cdn.discordapp.com/attachments/1/2/kite.png"
FIRST = Picture(digest="1" * 64, media_type="image/png", width_px=400, height_px=300, link=LINK)
LAST = Picture(digest="2" * 64, media_type="image/jpeg", width_px=400, height_px=300)
KEPT = {FIRST.digest: b"first", LAST.digest: b"last"}


async def kept(digest: str) -> bytes | None:
    return KEPT.get(digest)


def with_frames(job: Job, first: Picture = FIRST) -> Job:
    request = job.request.model_copy(update={"start_frame": first, "end_frame": LAST})
    return job.model_copy(update={"request": request})


def sent_pictures(clock: FakeClock, *, by_link: bool) -> SentPictures:
    return SentPictures(picture_bytes=kept, by_link=by_link, clock=clock)


async def test_their_bytes_are_sent_in_the_request(clock: FakeClock) -> None:
    frames = await sent_pictures(clock, by_link=False).frames_of(with_frames(a_job()))
    assert frames == {
        Option.START_FRAME: b"data:image/png;base64,Zmlyc3Q=",
        Option.END_FRAME: b"data:image/jpeg;base64,bGFzdA==",
    }


@pytest.mark.parametrize(
    ("left", "is_sent"),
    [(timedelta(hours=2), True), (timedelta(minutes=59), False), (timedelta(days=-1), False)],
)
async def test_a_link_that_ends_soon_gives_way_to_the_bytes(
    clock: FakeClock,
    left: timedelta,
    is_sent: bool,  # noqa: FBT001 - a column of the table
) -> None:
    link = f"{LINK}?ex={int((clock.now() + left).timestamp()):x}&is=1"
    job = with_frames(a_job(), FIRST.model_copy(update={"link": link}))
    frames = await sent_pictures(clock, by_link=True).frames_of(job)
    assert frames is not None
    assert (frames[Option.START_FRAME] == link) == is_sent


async def test_by_link_a_picture_without_one_is_sent_in_the_request_all_the_same(
    clock: FakeClock,
) -> None:
    frames = await sent_pictures(clock, by_link=True).frames_of(with_frames(a_job()))
    assert frames == {
        Option.START_FRAME: LINK,
        Option.END_FRAME: b"data:image/jpeg;base64,bGFzdA==",
    }


async def test_where_one_is_gone_nothing_is_sent(clock: FakeClock) -> None:
    gone = FIRST.model_copy(update={"digest": "3" * 64})
    job = with_frames(a_job(), gone)
    assert await sent_pictures(clock, by_link=False).frames_of(job) is None


@pytest.mark.parametrize(("by_link", "other"), [(False, "link"), (True, "inline")])
async def test_the_operator_is_told_of_the_other_way_once_an_hour(
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
    by_link: bool,  # noqa: FBT001 - a column of the table
    other: str,
) -> None:
    pictures = sent_pictures(clock, by_link=by_link)
    for _ in range(3):
        pictures.refused(with_frames(a_job()))
        clock.move_to(clock.now() + timedelta(seconds=1_190))
    (told,) = caplog.messages
    assert told.endswith(f"RUNCOMFY_IMAGES={other}")
    clock.move_to(clock.now() + timedelta(seconds=60))
    pictures.refused(with_frames(a_job()))
    assert len(caplog.messages) == 2


async def test_a_refused_picture_ends_its_job_uncharged_and_only_its_refusal_tells_the_operator(
    store: SqlJobStore, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    for number, reason in enumerate((FailureReason.INPUT_REFUSED, FailureReason.PICTURE_REFUSED)):
        bench = Bench(store, clock, outcomes.SubmitRefused(reason))
        job = a_job(number).model_copy(
            update={"created_at": clock.now(), "state_since": clock.now()}
        )
        await store.add(job)
        await bench.send(job)
        row = await store.get(job.id)
        assert row is not None
        assert (row.state, row.failure, row.request_id) == (State.FAILED, reason, None)
    (told,) = caplog.messages
    assert "RUNCOMFY_IMAGES=link" in told

"""What passes through the ports is told, once and in the words of the domain."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.domain.job import Job, State
from bot.domain.observing import Content, Observer, Unobserved, Way
from bot.domain.outcomes import CancelTooLate, NotSent, StillRendering
from bot.domain.ports import (
    FilesWithin,
    LocalFile,
    NotPresented,
    Presented,
    PresentOutcome,
    Trouble,
)
from bot.observability.observed import ObservedAnnouncer, ObservedProviders, observed
from bot.runner.watch import Signals
from tests.clocks import FakeClock
from tests.domain.samples import A_VIDEO, HERE, a_job
from tests.runner.stand_ins import OneKey, RecordingAnnouncer, ScriptedProvider, none_other

MIB = 1024 * 1024
ELSEWHERE = HERE.model_copy(update={"channel_id": 9, "upload_limit_bytes": 10 * MIB})


class Hearing(Unobserved):
    """Writes down what it hears."""

    def __init__(self) -> None:
        self.heard: list[object] = []

    def job_seen(self, job: Job) -> None:
        self.heard.append(("seen", job.id))

    def watch_began(self, job_id: str) -> None:
        self.heard.append(("began", job_id))

    def watch_ended(self, job_id: str) -> None:
        self.heard.append(("ended", job_id))

    def submitted(self, outcome: object, *, took_s: float, key_id: int | None = None) -> None:
        self.heard.append((outcome, took_s, key_id))

    def looked(self, request_id: str, sighting: object, *, key_id: int | None = None) -> None:
        self.heard.append((request_id, sighting, key_id))

    def delivered(self, way: Way, content: Content, *, size_bytes: int) -> None:
        self.heard.append((way, content, size_bytes))

    def not_delivered(self, trouble: Trouble) -> None:
        self.heard.append(trouble)


class Delivering(RecordingAnnouncer):
    """Answers every delivery like this."""

    def __init__(self, outcome: PresentOutcome) -> None:
        super().__init__()
        self._outcome = outcome

    async def deliver(
        self, job: Job, files: Sequence[LocalFile], *, within: FilesWithin
    ) -> PresentOutcome:
        del job, files, within
        return self._outcome


def a_file(size_bytes: int, *, is_copy: bool = False) -> LocalFile:
    return LocalFile(Path("kite.mp4"), "kite.mp4", size_bytes, A_VIDEO, is_copy)


async def test_purchases_and_looks_are_told_and_answered_as_they_were() -> None:
    told, clock, key_id = Hearing(), FakeClock(), 7
    service = ScriptedProvider(
        submits=[NotSent()], sightings=[StillRendering()], cancels=[CancelTooLate()]
    )
    provider = await ObservedProviders(OneKey(service), observer=told, clock=clock).of(key_id)

    assert await provider.submit(a_job().request) == NotSent()
    assert await provider.look("r-1") == StillRendering()
    assert await provider.cancel("r-1") == CancelTooLate()
    assert service.bought == [a_job().request]
    assert told.heard == [(NotSent(), 0.0, key_id), ("r-1", StillRendering(), key_id)]


@pytest.mark.parametrize(
    ("presented", "heard"),
    [
        (Presented(files=[a_file(5)]), (Way.CARD, Content.ORIGINAL, 5)),
        (Presented(files=[a_file(5), a_file(7)]), (Way.CARD, Content.ORIGINAL, 12)),
        (Presented(files=[a_file(5, is_copy=True)]), (Way.CARD, Content.COPY, 5)),
        (Presented(), (Way.CARD, Content.LINK, 0)),
        (
            Presented(HERE.model_copy(update={"message_id": 8}), files=[a_file(5)]),
            (Way.NEW_CARD, Content.ORIGINAL, 5),
        ),
        (Presented(ELSEWHERE, files=[a_file(5)]), (Way.DIRECT, Content.ORIGINAL, 5)),
        (Presented(ELSEWHERE), (Way.DIRECT, Content.LINK, 0)),
        (NotPresented(Trouble.PASSING), Trouble.PASSING),
    ],
)
async def test_a_delivery_is_told_with_its_way_and_what_was_attached(
    presented: PresentOutcome, heard: object
) -> None:
    told = Hearing()
    announcer = ObservedAnnouncer(Delivering(presented), observer=told)

    assert await announcer.deliver(a_job(), [a_file(99)], within=none_other) == presented
    assert told.heard == [heard]


async def test_what_is_no_delivery_is_the_announcers_own() -> None:
    told, inner = Hearing(), RecordingAnnouncer()
    announcer = ObservedAnnouncer(inner, observer=told)

    await announcer.show(a_job(), service_silent=True)
    await announcer.ping(a_job())

    assert (inner.shown, inner.silent) == ([a_job()], [True])
    assert told.heard == []


async def test_how_a_key_stands_is_the_providers_own() -> None:
    inner = OneKey(ScriptedProvider())
    providers = ObservedProviders(inner, observer=Hearing(), clock=FakeClock())
    await providers.turned_invalid(3)

    assert inner.invalid == [3]
    assert await providers.standing(3) == await inner.standing(3)


class Breaking:
    """A watch that breaks."""

    async def run(self) -> None:
        raise ConnectionError


@pytest.mark.parametrize("row", [None, a_job(state=State.QUEUED)])
async def test_a_watch_is_told_from_its_beginning_to_its_end_however_it_ends(
    row: Job | None,
) -> None:
    told = Hearing()
    watch = observed(lambda job_id, signals: Breaking(), observer=told)  # noqa: ARG005 - breaks

    with pytest.raises(ConnectionError):
        await watch("job-1", Signals(asyncio.Event(), row)).run()

    seen = [] if row is None else [("seen", "job-1")]
    assert told.heard == [("began", "job-1"), *seen, ("ended", "job-1")]


def test_nobody_has_to_listen() -> None:
    nobody: Observer = Unobserved()
    nobody.job_seen(a_job())
    nobody.job_moved(a_job(), a_job())
    nobody.watch_began("job-1")
    nobody.watch_ended("job-1")
    nobody.submitted(NotSent(), took_s=1)
    nobody.looked("r-1", StillRendering())
    nobody.delivered(Way.CARD, Content.ORIGINAL, size_bytes=1)
    nobody.not_delivered(Trouble.PASSING)

    assert vars(nobody) == {}

"""What a watch does is told to the listeners, once and in the words of the domain."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from bot.domain.forecast import Forecast, Forecasts
from bot.domain.job import Job, JobId, State
from bot.domain.observer import Observer
from bot.domain.outcomes import FetchOutcome, Media, StillRendering, SubmitAccepted
from bot.domain.ports import FilesWithin, LocalFile, NotPresented, PresentOutcome, Trouble
from bot.runner.files.keeper import FileKeeper
from bot.runner.polling import Polling
from bot.runner.watch import Workshop
from bot.runner.watches import Signals
from bot.storage import SqlJobStore
from tests.clocks import FakeClock
from tests.domain.samples import a_job
from tests.patience import until
from tests.runner.stand_ins import (
    OneKey,
    RecordingAnnouncer,
    ScriptedProvider,
    no_pictures,
    open_line,
)


class Hearing(Observer):
    """Writes down what it hears."""

    def __init__(self) -> None:
        self.heard: list[object] = []

    def job_seen(self, job: Job) -> None:
        self.heard.append(("seen", job.id))

    def watch_began(self, job_id: JobId) -> None:
        self.heard.append(("began", job_id))

    def watch_ended(self, job_id: JobId) -> None:
        self.heard.append(("ended", job_id))

    async def watch_finished(self, job_id: JobId) -> None:
        self.heard.append(("finished", job_id))

    def submitted(self, outcome: object, *, took_s: float, key_id: int | None = None) -> None:
        self.heard.append((outcome, took_s, key_id))

    def looked(self, request_id: str, sighting: object, *, key_id: int | None = None) -> None:
        self.heard.append((request_id, sighting, key_id))

    def presented(self, job: Job, outcome: PresentOutcome) -> None:
        self.heard.append((job.id, outcome))


class Refusing(RecordingAnnouncer):
    """Discord does not take a result now."""

    async def deliver(
        self, job: Job, files: Sequence[LocalFile], *, within: FilesWithin
    ) -> PresentOutcome:
        del job, files, within
        return NotPresented(Trouble.PASSING)


class NoForecast(Forecasts):
    """Nothing is known of former jobs."""

    def __init__(self) -> None:
        pass

    async def of(self, job: Job) -> Forecast | None:
        del job
        return None


class NoMedia:
    """A job without a result asks for none."""

    async def fetch(self, media: Media, into: Path) -> FetchOutcome:
        raise AssertionError(f"nothing to fetch: {media}, {into}")


def a_workshop(
    store: SqlJobStore, clock: FakeClock, provider: ScriptedProvider, told: Observer, spool: Path
) -> Workshop:
    return Workshop(
        store=store,
        providers=OneKey(provider),
        line=open_line(store, clock),
        media_source=NoMedia(),
        announcer=Refusing(),
        clock=clock,
        random=Random(1),  # noqa: S311 - jitter
        files=FileKeeper(spool_dir=spool, archive=None),
        copier=None,
        polling=Polling(forecasts=NoForecast(), clock=clock, per_second=10),
        picture_bytes=no_pictures,
        observer=Observer(told),
    )


async def watched_until_it_sleeps(workshop: Workshop, clock: FakeClock, signals: Signals) -> None:
    watch = asyncio.create_task(workshop.watch("job-1", signals))
    await until(lambda: clock.sleeping == 1)
    signals.drain()
    await watch


async def test_a_purchase_and_a_poll_are_told_between_beginning_and_end(
    store: SqlJobStore, clock: FakeClock, tmp_path: Path
) -> None:
    told, key_id = Hearing(), 7
    await store.add(a_job().model_copy(update={"key_id": key_id}))
    provider = ScriptedProvider(submits=[SubmitAccepted("r-1")], sightings=[StillRendering()])
    workshop = a_workshop(store, clock, provider, told, tmp_path)

    await watched_until_it_sleeps(workshop, clock, Signals(asyncio.Event()))

    assert provider.bought == [a_job().request]
    assert told.heard == [
        ("began", "job-1"),
        (SubmitAccepted("r-1"), 0.0, key_id),
        ("r-1", StillRendering(), key_id),
        ("ended", "job-1"),
        ("finished", "job-1"),
    ]


async def test_what_discord_answers_to_a_result_is_told(
    store: SqlJobStore, clock: FakeClock, tmp_path: Path
) -> None:
    told, rendered = Hearing(), a_job(state=State.RENDERED)
    await store.add(rendered)
    workshop = a_workshop(store, clock, ScriptedProvider(), told, tmp_path)

    await watched_until_it_sleeps(workshop, clock, Signals(asyncio.Event(), rendered))

    assert told.heard == [
        ("began", "job-1"),
        ("seen", "job-1"),
        ("job-1", NotPresented(Trouble.PASSING)),
        ("ended", "job-1"),
        ("finished", "job-1"),
    ]


class Breaking(ScriptedProvider):
    """Nobody foresaw what this does."""

    async def look(self, request_id: str) -> StillRendering:
        raise ConnectionError(request_id)


@pytest.mark.parametrize("is_row_given", [False, True])
async def test_a_watch_that_breaks_is_told_to_have_ended_and_not_to_have_finished(
    store: SqlJobStore, clock: FakeClock, tmp_path: Path, *, is_row_given: bool
) -> None:
    told, queued = Hearing(), a_job(state=State.QUEUED).model_copy(update={"request_id": "r-1"})
    await store.add(queued)
    workshop = a_workshop(store, clock, Breaking(), told, tmp_path)

    with pytest.raises(ConnectionError):
        await workshop.watch("job-1", Signals(asyncio.Event(), queued if is_row_given else None))

    seen = [("seen", "job-1")] if is_row_given else []
    assert told.heard == [("began", "job-1"), *seen, ("ended", "job-1")]


async def test_listeners_hear_in_their_order_and_nobody_has_to_listen() -> None:
    heard: list[str] = []

    class Named(Observer):
        def __init__(self, name: str) -> None:
            self._name = name

        def watch_began(self, job_id: JobId) -> None:
            heard.append(f"{self._name}: {job_id} began")

        async def watch_finished(self, job_id: JobId) -> None:
            heard.append(f"{self._name}: {job_id} finished")

    observer = Observer(Named("first"))
    observer.add(Named("second"))
    for everybody in (observer, Observer()):
        everybody.watch_began("job-1")
        everybody.job_seen(a_job())
        everybody.job_moved(a_job(), a_job())
        everybody.watch_ended("job-1")
        await everybody.watch_finished("job-1")

    assert heard == [
        "first: job-1 began",
        "second: job-1 began",
        "first: job-1 finished",
        "second: job-1 finished",
    ]

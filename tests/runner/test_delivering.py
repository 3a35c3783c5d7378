"""A rendered video comes to its requester, and what breaks on one way leads to the next."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bot.domain import lifecycle
from bot.domain.job import Job, State
from bot.domain.outcomes import Fetched, FetchOutcome, Media, MediaKind, NotFetched
from bot.domain.ports import (
    FilesWithin,
    LocalFile,
    NotCopied,
    NotPresented,
    Playing,
    Presented,
    PresentOutcome,
    StoreUnavailable,
    Trouble,
)
from bot.runner.delivery import (
    DeliveredResult,
    Deliverer,
    DeliveryOvertaken,
    DeliveryPostponed,
    DeliveryResult,
)
from bot.runner.files.keeper import FileKeeper
from bot.storage import SqlJobStore
from tests.clocks import FakeClock
from tests.domain.samples import a_job
from tests.runner.stand_ins import FailingStore, RecordingAnnouncer

DAY = timedelta(days=1)
KITE = Media(kind=MediaKind.VIDEO, url="https://files.runcomfy.net/kite.mp4")


class HastyClock(FakeClock):
    """Whoever sleeps is at once as much later as they wanted."""

    async def sleep(self, seconds: float, *, wake: asyncio.Event | None = None) -> None:
        del wake
        self.move_to(self.now() + timedelta(seconds=seconds))


class Source:
    """Answers in turn what it is told to, or raises it; afterwards there is a file."""

    def __init__(self, answers: Iterable[FetchOutcome | Exception]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def fetch(self, media: Media, into: Path) -> FetchOutcome:
        del media
        self.asked += 1
        match self.answers.pop(0) if self.answers else Fetched(4, "video/mp4"):
            case Exception() as error:
                raise error
            case Fetched() as fetched:
                into.write_bytes(b"kite")
                return fetched
            case outcome:
                return outcome


class Copier:
    """Makes no copy, for the reason that it is told."""

    def __init__(self, *, passing: bool = False, playing: Playing = Playing.AS_IT_IS) -> None:
        self._passing, self._playing = passing, playing
        self.inspected = 0

    async def inspect(self, video: Path) -> Playing:
        assert video.exists()
        self.inspected += 1
        return self._playing

    async def copy(
        self, source: Path, into: Path, *, limit_bytes: int, duration_s: float, sound: bool
    ) -> NotCopied:
        del source, into, limit_bytes, duration_s, sound
        return NotCopied("no", passing=self._passing)


class Presenter(RecordingAnnouncer):
    """Raises or answers in turn what it is told to, and afterwards takes everything."""

    def __init__(self, answers: Iterable[PresentOutcome | Exception] = ()) -> None:
        super().__init__()
        self.answers = list(answers)
        self.presented: list[int] = []
        self.pinged = 0

    async def deliver(
        self, job: Job, files: Sequence[LocalFile], *, within: FilesWithin
    ) -> PresentOutcome:
        del job, within
        self.presented.append(len(files))
        answer = self.answers.pop(0) if self.answers else Presented()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def ping(self, job: Job) -> PresentOutcome:
        self.pinged += 1
        return await super().ping(job)


class Delivery:
    """One rendered job, and the deliverer around it."""

    def __init__(
        self,
        store: SqlJobStore,
        clock: FakeClock,
        spool_dir: Path,
        *,
        source: Source,
        presenter: Presenter,
        copier: Copier | None = None,
        away: Sequence[str] = (),
    ) -> None:
        self.source, self.presenter = source, presenter
        self.store, self.clock = store, clock
        self.files = FileKeeper(spool_dir=spool_dir, archive=None)
        random = Random(1)  # noqa: S311 - jitter
        self._deliverer = Deliverer(
            store=FailingStore(store, is_away=lambda call: call in away),
            media_source=source,
            copier=copier,
            files=self.files,
            announcer=presenter,
            clock=clock,
            random=random,
        )
        self.result: DeliveryResult | None = None

    async def rendered(self, limit_bytes: int = 1_000) -> None:
        job = a_job()
        place = job.place.model_copy(update={"upload_limit_bytes": limit_bytes})
        await self.store.add(job.model_copy(update={"place": place}))
        events = (
            lifecycle.SendingBegan(),
            lifecycle.Accepted("r"),
            lifecycle.RenderingSucceeded((KITE,), None),
        )
        for event in events:
            assert await self.store.move(await self.job(), event, self.clock.now()) is not None

    async def job(self) -> Job:
        job = await self.store.get(a_job().id)
        assert job is not None
        return job

    async def tried(self) -> DeliveryResult:
        self.result = await self._deliverer.deliver(await self.job())
        return self.result


@pytest.fixture
def spool_dir(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def clock() -> HastyClock:
    return HastyClock()


NEVER = NotFetched("HTTP 410", passing=False)
NOT_YET = NotFetched("HTTP 503", passing=True)


async def test_a_file_that_is_there_is_presented_once_and_told_once(
    store: SqlJobStore, clock: HastyClock, spool_dir: Path
) -> None:
    a = Delivery(store, clock, spool_dir, source=Source(()), presenter=Presenter())
    await a.rendered()
    assert isinstance(await a.tried(), DeliveredResult)
    assert (a.presenter.presented, a.presenter.pinged) == ([1], 1)
    assert (await a.job()).state is State.DELIVERED
    assert list(spool_dir.iterdir()) == []


async def test_a_file_that_will_never_be_had_is_a_link_for_good(
    store: SqlJobStore, clock: HastyClock, spool_dir: Path
) -> None:
    a = Delivery(store, clock, spool_dir, source=Source([NEVER]), presenter=Presenter())
    await a.rendered()
    assert isinstance(await a.tried(), DeliveredResult)
    assert (a.source.asked, a.presenter.presented, a.presenter.pinged) == (1, [0], 1)


async def test_a_file_that_may_yet_come_is_a_link_meanwhile_and_told_once(
    store: SqlJobStore, clock: HastyClock, spool_dir: Path
) -> None:
    a = Delivery(store, clock, spool_dir, source=Source([NOT_YET] * 6), presenter=Presenter())
    await a.rendered()
    for _ in range(2):
        assert isinstance(await a.tried(), DeliveryPostponed)
        assert (await a.job()).state is State.RENDERED
        assert (a.presenter.presented, a.presenter.pinged) == ([0], 1)
    assert isinstance(await a.tried(), DeliveredResult)
    assert (a.presenter.presented, a.presenter.pinged) == ([0, 1], 1)


@pytest.mark.parametrize("error", [RuntimeError("nobody foresaw this"), OSError(28, "no space")])
async def test_an_error_that_nobody_foresaw_while_fetching_is_a_link_meanwhile(
    store: SqlJobStore,
    clock: HastyClock,
    spool_dir: Path,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    source = Source([error] * 100)
    a = Delivery(store, clock, spool_dir, source=source, presenter=Presenter())
    await a.rendered()
    for _ in range(5):
        assert isinstance(await a.tried(), DeliveryPostponed)
    assert a.presenter.presented == [0]
    assert len([said for said in caplog.records if said.levelno == logging.ERROR]) == 5
    clock.move_to(clock.now() + DAY)
    assert isinstance(await a.tried(), DeliveredResult)
    assert (a.presenter.presented, a.presenter.pinged) == ([0, 0], 1)


async def test_files_that_break_the_presenting_are_a_link_meanwhile_and_tried_again(
    store: SqlJobStore, clock: HastyClock, spool_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = KeyError("retry_after")
    presenter = Presenter([broken, Presented(), broken, Presented()])
    a = Delivery(store, clock, spool_dir, source=Source(()), presenter=presenter)
    await a.rendered()
    assert isinstance(await a.tried(), DeliveryPostponed)
    assert isinstance(await a.tried(), DeliveryPostponed)
    assert "couldn't show its files" in caplog.text
    assert presenter.presented == [1, 0, 1]
    assert isinstance(await a.tried(), DeliveredResult)
    assert (presenter.presented, presenter.pinged) == ([1, 0, 1, 1], 1)
    assert a.source.asked == 1


async def test_files_that_break_the_presenting_for_a_day_are_a_link_for_good(
    store: SqlJobStore, clock: HastyClock, spool_dir: Path
) -> None:
    broken = KeyError("retry_after")
    presenter = Presenter([broken, Presented(), broken])
    a = Delivery(store, clock, spool_dir, source=Source(()), presenter=presenter)
    await a.rendered()
    await a.tried()
    clock.move_to(clock.now() + DAY)
    assert isinstance(await a.tried(), DeliveredResult)
    assert presenter.presented == [1, 0, 1, 0]


@pytest.mark.parametrize("trouble", [Trouble.PLACE_CLOSED, Trouble.KEY_DEAD, Trouble.REFUSED])
async def test_who_has_a_link_and_can_be_reached_no_more_keeps_it(
    store: SqlJobStore, clock: HastyClock, spool_dir: Path, trouble: Trouble
) -> None:
    presenter = Presenter([Presented(), NotPresented(trouble)])
    a = Delivery(store, clock, spool_dir, source=Source([NOT_YET] * 3), presenter=presenter)
    await a.rendered()
    await a.tried()
    assert isinstance(await a.tried(), DeliveredResult)
    assert presenter.pinged == 1


async def test_a_discord_that_stumbles_over_the_file_is_tried_again_beside_the_link(
    store: SqlJobStore, clock: HastyClock, spool_dir: Path
) -> None:
    presenter = Presenter([Presented(), NotPresented(Trouble.PASSING)])
    a = Delivery(store, clock, spool_dir, source=Source([NOT_YET] * 3), presenter=presenter)
    await a.rendered()
    await a.tried()
    assert isinstance(await a.tried(), DeliveryPostponed)
    assert isinstance(await a.tried(), DeliveredResult)


@pytest.mark.parametrize(("passing", "ends"), [(True, DeliveryPostponed), (False, DeliveredResult)])
async def test_a_copy_that_the_disk_forbids_is_made_later_and_any_other_is_a_link(
    store: SqlJobStore,
    clock: HastyClock,
    spool_dir: Path,
    passing: bool,  # noqa: FBT001 - a column of the table
    ends: type[DeliveryResult],
) -> None:
    copier = Copier(passing=passing)
    a = Delivery(store, clock, spool_dir, source=Source(()), presenter=Presenter(), copier=copier)
    await a.rendered(limit_bytes=3)
    assert isinstance(await a.tried(), ends)
    assert a.presenter.presented == [0]


async def test_a_link_that_could_not_be_written_down_is_shown_again_and_lost_by_nobody(
    store: SqlJobStore, clock: HastyClock, spool_dir: Path
) -> None:
    source = Source([NOT_YET] * 3)
    a = Delivery(store, clock, spool_dir, source=source, presenter=Presenter(), away=["LinkShown"])
    await a.rendered()
    with pytest.raises(StoreUnavailable):
        await a.tried()
    assert (await a.job()).told is False


class MovesMeanwhile(Presenter):
    """Somebody else writes the row while the result is presented."""

    def __init__(self, store: SqlJobStore, clock: FakeClock) -> None:
        super().__init__()
        self._store, self._clock = store, clock

    async def deliver(
        self, job: Job, files: Sequence[LocalFile], *, within: FilesWithin
    ) -> PresentOutcome:
        await self._store.move(job, lifecycle.CardMoved(job.place), self._clock.now())
        return await super().deliver(job, files, within=within)


@pytest.mark.parametrize("answers", [[], [NOT_YET] * 3])
async def test_whoever_wrote_the_row_meanwhile_is_read_again_and_no_file_is_deleted(
    store: SqlJobStore, clock: HastyClock, spool_dir: Path, answers: list[FetchOutcome]
) -> None:
    presenter = MovesMeanwhile(store, clock)
    a = Delivery(store, clock, spool_dir, source=Source(answers), presenter=presenter)
    await a.rendered()
    assert isinstance(await a.tried(), DeliveryOvertaken)
    kept = [file.name for folder in spool_dir.iterdir() for file in folder.iterdir()]
    assert kept == ([] if answers else ["original-1.mp4"])


@pytest.mark.parametrize(
    ("playing", "named", "presented"),
    [
        (Playing.AS_IT_IS, "original-1.mp4", [1]),
        (Playing.AS_A_COPY, "original-1.needs-copy.mp4", [0]),
        (Playing.NOT_AT_ALL, "original-1.unreadable.mp4", [0]),
    ],
)
async def test_a_file_is_looked_at_once_and_its_name_remembers_what_was_found(
    store: SqlJobStore,
    clock: HastyClock,
    spool_dir: Path,
    playing: Playing,
    named: str,
    presented: list[int],
) -> None:
    copier = Copier(playing=playing)
    presenter = Presenter([NotPresented(Trouble.PASSING), Presented()])
    a = Delivery(store, clock, spool_dir, source=Source(()), presenter=presenter, copier=copier)
    await a.rendered()
    assert isinstance(await a.tried(), DeliveryPostponed)
    assert [file.name for folder in spool_dir.iterdir() for file in folder.iterdir()] == [named]
    assert isinstance(await a.tried(), DeliveredResult)
    assert (copier.inspected, a.source.asked) == (1, 1)
    assert presenter.presented == presented * 2


@pytest.mark.parametrize("trouble", [Trouble.PASSING, Trouble.PLACE_CLOSED, Trouble.KEY_DEAD])
async def test_who_was_shown_nothing_yet_is_not_said_to_have_it(
    store: SqlJobStore, clock: HastyClock, spool_dir: Path, trouble: Trouble
) -> None:
    presenter = Presenter([NotPresented(trouble)])
    a = Delivery(store, clock, spool_dir, source=Source(()), presenter=presenter)
    await a.rendered()
    assert isinstance(await a.tried(), DeliveryPostponed)
    assert (await a.job()).state is State.RENDERED
    assert presenter.pinged == 0


class PausesAtThePing(Presenter):
    """Discord takes its time to say that the requester was told."""

    def __init__(self) -> None:
        super().__init__()
        self.is_telling, self.goes_on = asyncio.Event(), asyncio.Event()

    async def ping(self, job: Job) -> PresentOutcome:
        self.is_telling.set()
        await self.goes_on.wait()
        return await super().ping(job)


async def test_a_stop_between_the_showing_and_the_marking_lets_the_row_be_written(
    store: SqlJobStore, clock: HastyClock, spool_dir: Path
) -> None:
    presenter = PausesAtThePing()
    a = Delivery(store, clock, spool_dir, source=Source(()), presenter=presenter)
    await a.rendered()
    trying = asyncio.create_task(a.tried())
    await presenter.is_telling.wait()
    trying.cancel()
    presenter.goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await trying
    assert (await a.job()).state is State.DELIVERED

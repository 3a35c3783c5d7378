"""The runner's neighbours in their simplest form: told what to answer, they say what they saw."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from random import Random

from bot.domain.generation.request import GenerationRequest
from bot.domain.job import HoldReason, Job, JobId
from bot.domain.lifecycle import Event
from bot.domain.line import AtOnce, Decide, InLine, Standing
from bot.domain.money.keys import KeyStanding, KeyUsable, OperatorPays, PayingKey
from bot.domain.money.ledger import Account, Balance, Reservation
from bot.domain.money.policy import OperatorLimits
from bot.domain.money.price import Prices
from bot.domain.outcomes import CancelOutcome, Sighting, SubmitOutcome, Unanswered
from bot.domain.ports import (
    NO_FRAMES,
    NOTHING_HELD,
    AddOutcome,
    BeginOutcome,
    Clock,
    FilesWithin,
    Frames,
    JobStore,
    LocalFile,
    Presented,
    PresentOutcome,
    Provider,
    Providers,
    StoreUnavailable,
)
from bot.domain.servers import NOTHING_DECIDED, ServerSettings
from bot.features.admission import Admission
from bot.runner.line import Line


async def no_pictures(digest: str) -> bytes | None:
    """No picture is kept."""
    del digest
    return None


class ScriptedProvider:
    """Answers in the order that was written down; counts what was bought."""

    def __init__(
        self,
        *,
        submits: Iterable[SubmitOutcome] = (),
        sightings: Iterable[Sighting] = (),
        cancels: Iterable[CancelOutcome] = (),
    ) -> None:
        self.bought: list[GenerationRequest] = []
        self._submits = list(submits)
        self._sightings = list(sightings)
        self._cancels = list(cancels)

    async def submit(self, request: GenerationRequest, frames: Frames = NO_FRAMES) -> SubmitOutcome:
        del frames
        self.bought.append(request)
        return self._submits.pop(0)

    async def look(self, request_id: str) -> Sighting:
        del request_id
        return self._sightings.pop(0) if self._sightings else Unanswered("nothing is scripted")

    async def cancel(self, request_id: str) -> CancelOutcome:
        del request_id
        return self._cancels.pop(0)


class OneKey:
    """`Providers` of one rendering service, whoever pays."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.standings: dict[int, KeyStanding] = {}
        self.invalid: list[int] = []

    async def of(self, key_id: int | None) -> Provider:
        del key_id
        return self.provider

    async def with_keys(self) -> frozenset[int]:
        return frozenset()

    async def paying_in(self, guild_id: int | None) -> PayingKey:
        del guild_id
        return OperatorPays()

    async def standing(self, key_id: int) -> KeyStanding:
        return self.standings.get(key_id, KeyUsable())

    async def turned_invalid(self, key_id: int) -> None:
        self.invalid.append(key_id)


class UndecidedServers:
    """`SettingsLookup` of servers in which nothing was decided."""

    def known(self, guild_id: int | None) -> ServerSettings:
        del guild_id
        return NOTHING_DECIDED

    async def current(self, guild_id: int | None) -> ServerSettings:
        return self.known(guild_id)

    def blocking(self, user_id: int) -> frozenset[int]:
        del user_id
        return frozenset()


class EmptyLedger:
    """Nobody spent anything."""

    async def balances(self, accounts: Collection[Account]) -> Mapping[Account, Balance]:
        return dict.fromkeys(accounts, Balance())

    async def again_at(self, user_id: int) -> datetime | None:
        del user_id
        return None

    async def cool_down(self, user_id: int, *, again_at: datetime) -> None:
        raise AssertionError(f"nobody is refused here: {user_id}, {again_at}")


def open_admission(clock: Clock, keys: Providers, *, jobs: JobStore) -> Admission:
    """Lets everybody in."""
    return Admission(
        jobs=jobs,
        servers=UndecidedServers(),
        keys=keys,
        ledger=EmptyLedger(),
        limits=OperatorLimits(),
        prices=Prices(),
        clock=clock,
        random=Random(1),  # noqa: S311 - ids of a test
    )


def open_line(store: JobStore, clock: Clock, *, at_once: int = 1_000) -> Line:
    """A line with places for everybody, unless said otherwise."""
    return Line(store=store, clock=clock, at_once=at_once, limits_of=lambda _: AtOnce())


async def none_other(limit_bytes: int) -> Sequence[LocalFile]:
    """The files for another limit: there are none."""
    del limit_bytes
    return ()


class NotingEngine:
    """Notes what it is asked to watch."""

    def __init__(self) -> None:
        self.enqueued: list[JobId] = []

    def enqueue(self, job_id: JobId) -> None:
        self.enqueued.append(job_id)


class RecordingAnnouncer:
    """Takes everything, or answers what `outcomes` says in turn."""

    def __init__(self, outcomes: Iterable[PresentOutcome] = ()) -> None:
        self.shown: list[Job] = []
        self.silent: list[bool] = []
        self.in_line: list[InLine | None] = []
        self._outcomes = list(outcomes)

    async def show(
        self, job: Job, *, service_silent: bool = False, in_line: InLine | None = None
    ) -> PresentOutcome:
        self.in_line.append(in_line)
        self.shown.append(job)
        self.silent.append(service_silent)
        return self._outcomes.pop(0) if self._outcomes else Presented()

    async def deliver(
        self, job: Job, files: Sequence[LocalFile], *, within: FilesWithin
    ) -> PresentOutcome:
        del job, within
        return Presented(files=files)

    async def ping(self, job: Job) -> PresentOutcome:
        del job
        return Presented()


class FailingStore:
    """The real store behind a database that is away whenever `is_away` says so."""

    def __init__(self, store: JobStore, *, is_away: Callable[[str], bool]) -> None:
        self._store = store
        self._is_away = is_away

    def _reach(self, call: str) -> None:
        if self._is_away(call):
            raise StoreUnavailable("the database is away")

    async def add(self, job: Job, reservation: Reservation = NOTHING_HELD) -> AddOutcome:
        self._reach("add")
        return await self._store.add(job, reservation)

    async def begin_sending(self, job: Job, at: datetime, decide: Decide) -> BeginOutcome:
        self._reach("SendingBegan")
        return await self._store.begin_sending(job, at, decide)

    async def standings(self) -> Sequence[Standing]:
        self._reach("standings")
        return await self._store.standings()

    async def get(self, job_id: JobId) -> Job | None:
        self._reach("get")
        return await self._store.get(job_id)

    async def unfinished(self) -> Sequence[Job]:
        self._reach("unfinished")
        return await self._store.unfinished()

    async def unfinished_ids(self) -> Sequence[JobId]:
        self._reach("unfinished_ids")
        return await self._store.unfinished_ids()

    async def rendered_for(self, requester_id: int) -> Sequence[Job]:
        self._reach("rendered_for")
        return await self._store.rendered_for(requester_id)

    async def held_now(self, key_id: int | None, at: datetime) -> HoldReason | None:
        self._reach("held_now")
        return await self._store.held_now(key_id, at)

    async def move(self, job: Job, event: Event, at: datetime) -> Job | None:
        self._reach(type(event).__name__)
        return await self._store.move(job, event, at)

    async def bind(self, job: Job, request_id: str, at: datetime) -> Job | None:
        self._reach("bind")
        return await self._store.bind(job, request_id, at)


def never() -> bool:
    """Nothing is being stopped."""
    return False

"""The runner's neighbours in their simplest form: told what to answer, they say what they saw."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from bot.generation.job import Job, JobId
from bot.generation.lifecycle import Event
from bot.generation.outcomes import CancelOutcome, Sighting, SubmitOutcome, Unanswered
from bot.generation.ports import (
    Added,
    AlreadyThere,
    JobStore,
    LocalFile,
    Presented,
    PresentOutcome,
    StoreUnavailable,
)
from bot.generation.request import GenerationRequest


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

    async def submit(self, request: GenerationRequest) -> SubmitOutcome:
        self.bought.append(request)
        return self._submits.pop(0)

    async def look(self, request_id: str) -> Sighting:
        del request_id
        return self._sightings.pop(0) if self._sightings else Unanswered("nothing is scripted")

    async def cancel(self, request_id: str) -> CancelOutcome:
        del request_id
        return self._cancels.pop(0)


class RecordingAnnouncer:
    """Takes everything, or answers what `outcomes` says in turn."""

    def __init__(self, outcomes: Iterable[PresentOutcome] = ()) -> None:
        self.shown: list[Job] = []
        self.silent: list[bool] = []
        self._outcomes = list(outcomes)

    async def show(self, job: Job, *, service_silent: bool = False) -> PresentOutcome:
        self.shown.append(job)
        self.silent.append(service_silent)
        return self._outcomes.pop(0) if self._outcomes else Presented()

    async def deliver(self, job: Job, files: Sequence[LocalFile]) -> PresentOutcome:
        del job, files
        return Presented()

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

    async def add(self, job: Job) -> Added | AlreadyThere:
        self._reach("add")
        return await self._store.add(job)

    async def get(self, job_id: JobId) -> Job | None:
        self._reach("get")
        return await self._store.get(job_id)

    async def unfinished(self) -> Sequence[Job]:
        self._reach("unfinished")
        return await self._store.unfinished()

    async def rendered_for(self, requester_id: int) -> Sequence[Job]:
        self._reach("rendered_for")
        return await self._store.rendered_for(requester_id)

    async def move(self, job: Job, event: Event, at: datetime) -> Job | None:
        self._reach(type(event).__name__)
        return await self._store.move(job, event, at)

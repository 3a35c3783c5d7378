"""The ports as they are, with somebody listening: what passes through is told to an observer."""

from collections.abc import Sequence

from bot.domain.job import Job, JobId
from bot.domain.observing import Content, Observer, Way
from bot.domain.outcomes import CancelOutcome, Sighting, SubmitOutcome
from bot.domain.ports import (
    Announcer,
    Clock,
    FilesWithin,
    LocalFile,
    NotPresented,
    Presented,
    PresentOutcome,
    Provider,
    Providers,
)
from bot.domain.request import GenerationRequest
from bot.runner.watch import Signals
from bot.runner.watches import WatchFactory, Watching


class ObservedProvider:
    """A provider whose purchases and looks are told."""

    def __init__(
        self, provider: Provider, *, observer: Observer, clock: Clock, key_id: int | None
    ) -> None:
        self._provider = provider
        self._key_id = key_id
        self._observer = observer
        self._clock = clock

    async def submit(self, request: GenerationRequest) -> SubmitOutcome:
        """Buy one generation, and tell what came of it."""
        began_at = self._clock.now()
        outcome = await self._provider.submit(request)
        took_s = (self._clock.now() - began_at).total_seconds()
        self._observer.submitted(outcome, took_s=took_s, key_id=self._key_id)
        return outcome

    async def look(self, request_id: str) -> Sighting:
        """See where a request stands, and tell it."""
        sighting = await self._provider.look(request_id)
        self._observer.looked(request_id, sighting, key_id=self._key_id)
        return sighting

    async def cancel(self, request_id: str) -> CancelOutcome:
        """Ask to cancel."""
        return await self._provider.cancel(request_id)


class ObservedProviders:
    """The service with whichever key, its purchases and looks told."""

    def __init__(self, providers: Providers, *, observer: Observer, clock: Clock) -> None:
        self.standing = providers.standing
        self.turned_invalid = providers.turned_invalid
        self._providers = providers
        self._observer = observer
        self._clock = clock

    async def of(self, key_id: int | None) -> Provider:
        """The service with that key."""
        provider = await self._providers.of(key_id)
        return ObservedProvider(provider, observer=self._observer, clock=self._clock, key_id=key_id)


class ObservedAnnouncer:
    """An announcer whose deliveries are told; everything else is the announcer's own."""

    def __init__(self, announcer: Announcer, *, observer: Observer) -> None:
        self.show = announcer.show
        self.ping = announcer.ping
        self._announcer = announcer
        self._observer = observer

    async def deliver(
        self, job: Job, files: Sequence[LocalFile], *, within: FilesWithin
    ) -> PresentOutcome:
        """Bring the result, and tell on which way and how large it was."""
        outcome = await self._announcer.deliver(job, files, within=within)
        match outcome:
            case Presented():
                self._observer.delivered(
                    _way(job, outcome),
                    _content(outcome.files),
                    size_bytes=sum(file.size_bytes for file in outcome.files),
                )
            case NotPresented(trouble):
                self._observer.not_delivered(trouble)
        return outcome


def observed(watch: WatchFactory, *, observer: Observer) -> WatchFactory:
    """The same watches, their beginnings and ends told."""

    def observed_watch(job_id: JobId, signals: Signals) -> Watching:
        return _ObservedWatch(job_id, watch(job_id, signals), observer, row=signals.row)

    return observed_watch


class _ObservedWatch:
    __slots__ = ("_job_id", "_observer", "_row", "_watch")

    def __init__(
        self, job_id: JobId, watch: Watching, observer: Observer, *, row: Job | None
    ) -> None:
        self._job_id = job_id
        self._watch = watch
        self._observer = observer
        self._row = row

    async def run(self) -> None:
        """Run the watch."""
        self._observer.watch_began(self._job_id)
        if self._row is not None:
            self._observer.job_seen(self._row)
            self._row = None  # thousands wait for minutes, and none needs it any more
        try:
            await self._watch.run()
        finally:
            self._observer.watch_ended(self._job_id)


def _way(job: Job, presented: Presented) -> Way:
    if presented.place is None:
        return Way.CARD
    same_channel = presented.place.channel_id == job.place.channel_id
    return Way.NEW_CARD if same_channel else Way.DIRECT


def _content(sent: Sequence[LocalFile]) -> Content:
    if not sent:
        return Content.LINK
    return Content.COPY if any(file.is_copy for file in sent) else Content.ORIGINAL

"""Brings a rendered video to the requester: fetched, presented, told, and only then marked."""

import logging
import shutil
from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import assert_never

from bot.generation import lifecycle
from bot.generation.job import Job
from bot.generation.outcomes import Fetched, Media, MediaKind, NotFetched, TooLarge
from bot.generation.ports import (
    Announcer,
    Clock,
    JobStore,
    LocalFile,
    MediaSource,
    NotPresented,
    Presented,
    PresentOutcome,
    Trouble,
)
from bot.runner.cadence import DELIVER_FOR_S, delivery_gap_s, retry_delay_s
from bot.runner.unbroken import unbroken

logger = logging.getLogger(__name__)

FETCH_ATTEMPTS = 3
FILES_PER_MESSAGE = 10
"""Discord's limit of attachments to a message."""

_SUFFIXES = {
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "video/quicktime": ".mov",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/gif": ".gif",
}
_FALLBACK_SUFFIX = {MediaKind.VIDEO: ".mp4", MediaKind.IMAGE: ".png"}


@dataclass(frozen=True, slots=True)
class DeliveredResult:
    """The requester has it, and the row says so."""

    job: Job


@dataclass(frozen=True, slots=True)
class DeliveryPostponed:
    """Discord does not take it now; try again after `delay_s`."""

    job: Job
    delay_s: float


@dataclass(frozen=True, slots=True)
class DeliveryLeft:
    """Tried for a day: it is kept as rendered, for the requester to ask for."""


@dataclass(frozen=True, slots=True)
class DeliveryOvertaken:
    """Somebody else wrote the row first: read it again."""


DeliveryResult = DeliveredResult | DeliveryPostponed | DeliveryLeft | DeliveryOvertaken


class Deliverer:
    """Delivers results. Everything it repeats after a crash shows nothing twice."""

    def __init__(
        self,
        *,
        store: JobStore,
        media_source: MediaSource,
        announcer: Announcer,
        clock: Clock,
        random: Random,
        spool_dir: Path,
    ) -> None:
        self._store = store
        self._media_source = media_source
        self._announcer = announcer
        self._clock = clock
        self._random = random
        self._spool_dir = spool_dir

    async def deliver(self, job: Job) -> DeliveryResult:
        """Deliver a rendered job once; the spooled files are gone afterwards, come what may."""
        spool = self._spool_dir / job.id
        await to_thread(spool.mkdir, parents=True, exist_ok=True)
        try:
            files = await self._fetch_all(job, spool)
            outcome = await self._present(job, files)
        finally:
            await to_thread(shutil.rmtree, spool, ignore_errors=True)
        match outcome:
            case Presented():
                return await unbroken(self._mark(job, outcome))
            case NotPresented(trouble):
                return self._postpone(job, trouble)
            case _:
                assert_never(outcome)

    async def _present(self, job: Job, files: Sequence[LocalFile]) -> PresentOutcome:
        outcome = await self._announcer.deliver(job, files)
        if isinstance(outcome, NotPresented) and outcome.trouble is Trouble.TOO_LARGE:
            # The limit that Discord declares has been seen to overstate: the link always fits.
            return await self._announcer.deliver(job, ())
        return outcome

    async def _mark(self, job: Job, presented: Presented) -> DeliveryResult:
        current: Job | None = job
        if presented.place is not None:
            current = await self._move(job, lifecycle.CardMoved(presented.place))
        if current is None:
            return DeliveryOvertaken()
        # Told before marked: after a crash in between, the same ping carries the same nonce.
        await self._announcer.ping(current)
        delivered = await self._move(current, lifecycle.Delivered())
        return DeliveryOvertaken() if delivered is None else DeliveredResult(delivered)

    def _postpone(self, job: Job, trouble: Trouble) -> DeliveryResult:
        since_rendered = self._clock.now() - job.state_since
        if since_rendered >= timedelta(seconds=DELIVER_FOR_S):
            logger.error("job %s: not delivered within a day (%s); kept", job.id, trouble.value)
            return DeliveryLeft()
        logger.warning("job %s: not delivered yet (%s)", job.id, trouble.value)
        return DeliveryPostponed(job, delivery_gap_s(since_rendered.total_seconds(), self._random))

    async def _move(self, job: Job, event: lifecycle.Event) -> Job | None:
        return await self._store.move(job, event, self._clock.now())

    # --- files --------------------------------------------------------------------------------

    async def _fetch_all(self, job: Job, spool: Path) -> list[LocalFile]:
        fetched = [
            await self._fetch(job, media, spool / f"{number}")
            for number, media in enumerate(job.media[:FILES_PER_MESSAGE], start=1)
        ]
        limit_bytes = job.place.upload_limit_bytes
        return [file for file in fetched if file is not None and file.size_bytes <= limit_bytes]

    async def _fetch(self, job: Job, media: Media, into: Path) -> LocalFile | None:
        for attempt in range(1, FETCH_ATTEMPTS + 1):
            outcome = await self._media_source.fetch(media, into)
            match outcome:
                case Fetched(size_bytes, content_type):
                    suffix = _SUFFIXES.get(content_type, _FALLBACK_SUFFIX[media.kind])
                    return LocalFile(into, f"kling-{job.id}-{into.name}{suffix}", size_bytes, media)
                case TooLarge():
                    logger.warning("job %s: a file is over the download limit", job.id)
                    return None
                case NotFetched(what_happened, passing):
                    logger.warning("job %s: a file was not fetched (%s)", job.id, what_happened)
                    if not passing or attempt == FETCH_ATTEMPTS:
                        return None
                    await self._clock.sleep(retry_delay_s(attempt, None, self._random))
                case _:
                    assert_never(outcome)
        return None

"""The library: what people may do with the videos that they asked for before."""

import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import assert_never

from bot.domain import lifecycle
from bot.domain.actor import Actor
from bot.domain.job import NOBODY, Job, JobId, State
from bot.domain.ports import Clock, JobStore, NotPresented, Presented, StoreUnavailable, Trouble
from bot.features.library_ports import (
    DELETABLE_STATES,
    CardRemover,
    Deleted,
    Details,
    Found,
    Happening,
    KeptFiles,
    LibraryRefusal,
    LibraryStore,
    Mark,
    NotServed,
    Page,
    Prompt,
    Shelf,
    Spent,
    VideoAnswer,
    Way,
    job_of_token,
)
from bot.features.refetching import Refetcher

logger = logging.getLogger(__name__)

REMEMBERED_JOBS = 100
"""How far back suggestions look: what a person types is answered within three seconds."""

_OUT_OF_REACH = frozenset({Trouble.KEY_DEAD, Trouble.PLACE_CLOSED})


class Library:
    """Serves people from the rows that stand; what it deletes, it deletes before it says so."""

    def __init__(
        self,
        *,
        store: JobStore,
        shelves: LibraryStore,
        files: KeptFiles,
        refetcher: Refetcher,
        cards: CardRemover,
        clock: Clock,
    ) -> None:
        self._store = store
        self._shelves = shelves
        self._files = files
        self._refetcher = refetcher
        self._cards = cards
        self._clock = clock

    # --- looking ------------------------------------------------------------------------------

    async def page(
        self, requester_id: int, *, shelf: Shelf, beyond: Mark | None, way: Way, size: int
    ) -> Page | NotServed:
        """A page of somebody's jobs; one that would be cut short at its newer end is the first."""
        try:
            found = await self._shelves.listed(
                requester_id, states=shelf.states, beyond=beyond, way=way, limit=size + 1
            )
        except StoreUnavailable:
            logger.exception("a list could not be read")
            return NotServed(LibraryRefusal.STORE_DOWN)
        goes_on = len(found) > size
        if beyond is None or (way is Way.OLDER and found):
            return _page(found[:size], newer=beyond is not None, older=goes_on)
        if way is Way.NEWER and goes_on:
            return _page(found[:size][::-1], newer=True, older=True)
        return await self.page(requester_id, shelf=shelf, beyond=None, way=Way.OLDER, size=size)

    async def recent(self, requester_id: int, *, containing: str, limit: int) -> Sequence[Job]:
        """Somebody's last jobs whose prompts contain this, newest first."""
        return (await self._matching(requester_id, containing))[:limit]

    async def recent_prompts(
        self, requester_id: int, *, containing: str, limit: int
    ) -> Sequence[Job]:
        """Like `recent`, each prompt once."""
        newest: dict[str, Job] = {}
        for job in await self._matching(requester_id, containing):
            newest.setdefault(job.request.prompt, job)
        return list(newest.values())[:limit]

    async def full_prompt(self, typed: str, requester_id: int) -> Prompt | NotServed:
        """What was typed; or, where that is a `prompt_token`, the prompt that it stands for.

        A token that cannot be resolved is refused: nobody wants to pay for a video of it.
        """
        job_id = job_of_token(typed)
        if job_id is None:
            return Prompt(typed)
        found = await self._find(job_id)
        if isinstance(found, NotServed):
            unknown = found.refusal is LibraryRefusal.UNKNOWN_JOB
            return NotServed(LibraryRefusal.UNKNOWN_PROMPT) if unknown else found
        if found.requester_id != requester_id:
            return NotServed(LibraryRefusal.UNKNOWN_PROMPT)
        if found.erased:
            return NotServed(LibraryRefusal.ERASED)
        return Prompt(found.request.prompt)

    async def details(self, job_id: JobId, by: Actor) -> Details | NotServed:
        """All about a job, for its requester or a moderator."""
        job = await self._find_for(job_id, by, moderators=True)
        if isinstance(job, NotServed):
            return job
        try:
            history = await self._shelves.history(job_id)
        except StoreUnavailable:
            logger.exception("the history of job %s could not be read", job_id)
            return NotServed(LibraryRefusal.STORE_DOWN)
        return Details(job, times_spent(history, self._clock.now()))

    async def reusable(self, job_id: JobId, by: Actor) -> Found | NotServed:
        """A job whose request anybody who can see its card may use; a private one's is private."""
        job = await self._find(job_id)
        if isinstance(job, NotServed):
            return job
        if job.erased:
            return NotServed(LibraryRefusal.ERASED)
        if job.requester_id != by.user_id and (job.private or not by.can_see(job)):
            return NotServed(LibraryRefusal.NOT_YOURS)
        return Found(job)

    # --- deleting -----------------------------------------------------------------------------

    async def deletable(self, job_id: JobId, by: Actor) -> Found | NotServed:
        """A job that its requester, or a moderator, may delete now."""
        job = await self._find_for(job_id, by, moderators=True)
        if isinstance(job, NotServed):
            return job
        if job.deleted:
            return NotServed(LibraryRefusal.ALREADY_DELETED)
        # An end that is yet to be told would come back as a new card.
        if job.state not in DELETABLE_STATES or job.needs_work:
            return NotServed(LibraryRefusal.STILL_GOING_ON)
        return Found(job)

    async def delete(self, job_id: JobId, by: Actor) -> Deleted | NotServed:
        """Delete the card and the kept copy, and only then mark the job: it may be repeated."""
        found = await self.deletable(job_id, by)
        if isinstance(found, NotServed):
            return found
        try:
            history = await self._shelves.history(job_id)
        except StoreUnavailable:
            logger.exception("the history of job %s could not be read", job_id)
            return NotServed(LibraryRefusal.STORE_DOWN)
        removed = await self._cards.remove(found.job, history)
        match removed:
            case Presented():
                card_is_gone = True
            case NotPresented(trouble):
                if trouble not in _OUT_OF_REACH:
                    logger.warning("the card of job %s stays (%s)", job_id, trouble.value)
                    return NotServed(LibraryRefusal.DISCORD_SILENT)
                card_is_gone = False
            case _:
                assert_never(removed)
        try:
            await self._files.forget(job_id)
        except OSError:
            logger.exception("the kept copy of job %s could not be deleted", job_id)
            return NotServed(LibraryRefusal.STORE_DOWN)
        return await self._mark_deleted(job_id, card_is_gone=card_is_gone)

    async def _mark_deleted(self, job_id: JobId, *, card_is_gone: bool) -> Deleted | NotServed:
        # The watch may be writing that the end was told: whoever is second reads again.
        job = await self._find(job_id)
        while isinstance(job, Job) and not job.deleted:
            try:
                moved = await self._store.move(job, lifecycle.CardDeleted(), self._clock.now())
            except StoreUnavailable:
                logger.exception("job %s could not be marked as deleted", job_id)
                return NotServed(LibraryRefusal.STORE_DOWN)
            job = moved or await self._find(job_id)
        return job if isinstance(job, NotServed) else Deleted(job, card_is_gone)

    # --- sending again ------------------------------------------------------------------------

    @asynccontextmanager
    async def video(
        self, job_id: JobId, by: Actor, *, limit_bytes: int
    ) -> AsyncGenerator[VideoAnswer]:
        """The files of a delivered job, for its requester alone."""
        job = await self._find_for(job_id, by, moderators=False)
        if isinstance(job, NotServed):
            yield job
        elif job.deleted:
            yield NotServed(LibraryRefusal.ALREADY_DELETED)
        elif job.erased:
            yield NotServed(LibraryRefusal.ERASED)
        elif job.state is not State.DELIVERED:
            yield NotServed(LibraryRefusal.NO_VIDEO)
        else:
            async with self._refetcher.video(job, limit_bytes=limit_bytes) as answer:
                yield answer

    # --- finding ------------------------------------------------------------------------------

    async def _find(self, job_id: JobId) -> Job | NotServed:
        try:
            job = await self._store.get(job_id)
        except StoreUnavailable:
            logger.exception("job %s could not be read", job_id)
            return NotServed(LibraryRefusal.STORE_DOWN)
        return job or NotServed(LibraryRefusal.UNKNOWN_JOB)

    async def _find_for(self, job_id: JobId, by: Actor, *, moderators: bool) -> Job | NotServed:
        job = await self._find(job_id)
        if isinstance(job, NotServed) or job.requester_id == by.user_id:
            return job
        if moderators and by.moderates(job):
            return job
        if not (job.erased and job.requester_id == NOBODY):
            return NotServed(LibraryRefusal.NOT_YOURS)
        # The row does not know whose it was, and Discord may: its message answers their command.
        return job if by.asked_for(job) else NotServed(LibraryRefusal.NOBODYS)

    async def _matching(self, requester_id: int, containing: str) -> Sequence[Job]:
        try:
            last = await self._shelves.listed(
                requester_id,
                states=frozenset(State),
                beyond=None,
                way=Way.OLDER,
                limit=REMEMBERED_JOBS,
            )
        except StoreUnavailable:
            logger.warning("no suggestions: the store is down")
            return []
        wanted = containing.strip().casefold()
        return [job for job in last if not job.erased and wanted in job.request.prompt.casefold()]


def times_spent(history: Sequence[Happening], now: datetime) -> list[Spent]:
    """How long a job was in each state; of an end, which lasts for ever, nothing is said."""
    spent: dict[State, timedelta] = {}
    ends = [*(happening.at for happening in history), now][1:]
    for happening, end in zip(history, ends, strict=True):
        # To people what is not confirmed yet waits already.
        state = State.WAITING if happening.state is State.ASKED else happening.state
        spent[state] = spent.get(state, timedelta()) + (end - happening.at)
    return [Spent(state, time) for state, time in spent.items() if state not in DELETABLE_STATES]


def _page(jobs: Sequence[Job], *, newer: bool, older: bool) -> Page:
    return Page(
        jobs=jobs,
        newer=Mark.at(jobs[0]) if newer else None,
        older=Mark.at(jobs[-1]) if older else None,
    )

"""The library: what members may do with the videos that they asked for before."""

import logging
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from bot.domain import lifecycle
from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.job import LIVE_STATES, NOBODY, Job, JobId, State
from bot.domain.outages import unless_away
from bot.domain.ports import (
    Clock,
    JobStore,
    LocalFile,
    NotPresented,
    Presented,
    PresentOutcome,
    Trouble,
)
from bot.features.library.library_rows import Cursor, Happening, LibraryRows, Way
from bot.runner.files.keeper import FileKeeper

logger = logging.getLogger(__name__)

REMEMBERED_JOBS = 100
"""How many jobs suggestions search: Discord wants an answer to typing within three seconds."""

_OUT_OF_REACH = frozenset({Trouble.KEY_DEAD, Trouble.PLACE_CLOSED})
DELETABLE_STATES = frozenset({State.DELIVERED, State.FAILED, State.CANCELLED})
"""Finished jobs: any other still has something to tell, or waits for a person's decision."""
_TOKEN = re.compile(r"↺ (?P<job_id>[0-9a-f]{16})")


def prompt_token(job_id: JobId) -> str:
    """A short stand-in for a job's prompt, which no member types by chance."""
    return f"↺ {job_id}"


def job_of_token(typed: str) -> JobId | None:
    """The job whose prompt a token stands for; None for any other text."""
    token = _TOKEN.fullmatch(typed.strip())
    return None if token is None else token["job_id"]


class Filter(StrEnum):
    """Which of a person's jobs are listed."""

    ALL = "all"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNSURE = "unsure"

    @property
    def states(self) -> frozenset[State]:
        """The states of the jobs that it lets through."""
        match self:
            case Filter.ALL:
                return frozenset(State)
            case Filter.RUNNING:
                return LIVE_STATES
            case Filter.READY:
                return frozenset({State.DELIVERED})
            case Filter.FAILED | Filter.CANCELLED | Filter.UNSURE:
                return frozenset({State(self.value)})


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryPage:
    """A part of a person's list, newest first, and where it continues."""

    jobs: Sequence[Job]
    newer: Cursor | None
    older: Cursor | None


@dataclass(frozen=True, slots=True)
class TimeIn:
    """How long a job was in a state, over all its stays."""

    state: State
    time: timedelta


class LibraryRefusal(StrEnum):
    """Why something was not done: each has its own message."""

    UNKNOWN_JOB = "unknown_job"
    UNKNOWN_PROMPT = "unknown_prompt"
    NOT_YOURS = "not_yours"
    NOBODYS = "nobodys"
    """The member who asked for it erased their data."""
    STILL_GOING_ON = "still_going_on"
    NO_VIDEO = "no_video"
    GONE = "gone"
    ALREADY_DELETED = "already_deleted"
    ERASED = "erased"
    DISCORD_SILENT = "discord_silent"
    FETCH_FAILED = "fetch_failed"
    NOT_TAKEN = "not_taken"
    NOT_NOW = "not_now"
    """The disk does not delete the kept copy."""


@dataclass(frozen=True, slots=True)
class Details:
    """All that is known about a job, with its states in order."""

    job: Job
    spent: Sequence[TimeIn]


@dataclass(frozen=True, slots=True)
class Deleted:
    """The kept copy is deleted and the job marked."""

    job: Job
    card_is_gone: bool
    """Whether its card and its post in a showcase are deleted too: either may be out of reach."""


@dataclass(frozen=True, slots=True)
class VideoFiles:
    """The files of a result, on this machine's disk while the context is open.

    A file that is too large for its destination is left out, and left to a link.
    """

    job: Job
    files: Sequence[LocalFile]


VideoAnswer = VideoFiles | Denied[LibraryRefusal]


RemoveCard = Callable[[Job, Sequence[Happening]], Awaitable[PresentOutcome]]
"""Deletes a job's message on Discord, and what was sent because of it, as found in its history.

A message that is already gone counts as deleted.
"""


class Library:
    """Answers members from the stored rows; reports a deletion only after it is done.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    def __init__(
        self,
        *,
        jobs: JobStore,
        rows: LibraryRows,
        files: FileKeeper,
        files_of: Callable[[Job, int], AbstractAsyncContextManager[VideoAnswer]],
        remove_card: RemoveCard,
        let_go_of_pictures: Callable[[JobId, int], Awaitable[None]],
        take_from_showcase: Callable[[JobId], Awaitable[Trouble | None]],
        clock: Clock,
    ) -> None:
        self._jobs = jobs
        self._rows = rows
        self._files = files
        self._files_of = files_of
        self._remove_card = remove_card
        self._let_go_of_pictures = let_go_of_pictures
        self._take_from_showcase = take_from_showcase
        self._clock = clock

    # --- viewing ------------------------------------------------------------------------------

    async def page(
        self, requester_id: int, *, which: Filter, beyond: Cursor | None, way: Way, size: int
    ) -> LibraryPage | Denied[LibraryRefusal]:
        """A page of a person's jobs; one that is cut short at its newer end becomes the first."""
        found = await self._rows.listed(
            requester_id, states=which.states, beyond=beyond, way=way, limit=size + 1
        )
        goes_on = len(found) > size
        if beyond is None or (way is Way.OLDER and found):
            return _page(found[:size], newer=beyond is not None, older=goes_on)
        if way is Way.NEWER and goes_on:
            return _page(found[:size][::-1], newer=True, older=True)
        return await self.page(requester_id, which=which, beyond=None, way=Way.OLDER, size=size)

    async def recent(self, requester_id: int, *, containing: str, limit: int) -> Sequence[Job]:
        """A person's last jobs whose prompts contain this, newest first."""
        return (await self._matching(requester_id, containing))[:limit]

    async def recent_prompts(
        self, requester_id: int, *, containing: str, limit: int
    ) -> Sequence[Job]:
        """Like `recent`, each prompt once."""
        newest: dict[str, Job] = {}
        for job in await self._matching(requester_id, containing):
            newest.setdefault(job.request.prompt, job)
        return list(newest.values())[:limit]

    async def full_prompt(self, typed: str, requester_id: int) -> str | Denied[LibraryRefusal]:
        """The typed text; or the prompt, if the text is a `prompt_token`.

        A token that cannot be resolved is refused: no member wants to pay for a video of it.
        """
        job_id = job_of_token(typed)
        if job_id is None:
            return typed
        found = await self._find(job_id)
        if isinstance(found, Denied):
            unknown = found.why is LibraryRefusal.UNKNOWN_JOB
            return Denied(LibraryRefusal.UNKNOWN_PROMPT) if unknown else found
        if found.requester_id != requester_id:
            return Denied(LibraryRefusal.UNKNOWN_PROMPT)
        if found.erased:
            return Denied(LibraryRefusal.ERASED)
        return found.request.prompt

    async def details(self, job_id: JobId, by: Actor) -> Details | Denied[LibraryRefusal]:
        """All about a job, for its requester or a moderator."""
        job = await self._find_for(job_id, by, moderators=True)
        if isinstance(job, Denied):
            return job
        history = await self._rows.history(job_id)
        return Details(job, times_spent(history, self._clock.now()))

    async def reusable(self, job_id: JobId, by: Actor) -> Job | Denied[LibraryRefusal]:
        """A job whose request all who see its card may reuse; if private, its requester alone."""
        job = await self._find(job_id)
        if isinstance(job, Denied):
            return job
        if job.erased:
            return Denied(LibraryRefusal.ERASED)
        if job.requester_id != by.user_id and (job.private or not by.can_see(job)):
            return Denied(LibraryRefusal.NOT_YOURS)
        return job

    # --- deleting -----------------------------------------------------------------------------

    async def deletable(self, job_id: JobId, by: Actor) -> Job | Denied[LibraryRefusal]:
        """A job that its requester, or a moderator, may delete now."""
        job = await self._find_for(job_id, by, moderators=True)
        if isinstance(job, Denied):
            return job
        if job.deleted:
            return Denied(LibraryRefusal.ALREADY_DELETED)
        # An end that is not announced yet would come back as a new card.
        if job.state not in DELETABLE_STATES or job.needs_work:
            return Denied(LibraryRefusal.STILL_GOING_ON)
        return job

    async def delete(self, job_id: JobId, by: Actor) -> Deleted | Denied[LibraryRefusal]:
        """Delete the showcase post, the card, the kept copy and pictures that only this job shows.

        Then mark the job, so it can be retried.
        """
        found = await self.deletable(job_id, by)
        if isinstance(found, Denied):
            return found
        in_showcase = await self._take_from_showcase(job_id)
        if in_showcase not in (None, *_OUT_OF_REACH):
            return Denied(LibraryRefusal.DISCORD_SILENT)
        history = await self._rows.history(job_id)
        removed = await self._remove_card(found, history)
        match removed:
            case Presented():
                card_is_gone = in_showcase is None
            case NotPresented(trouble):
                if trouble not in _OUT_OF_REACH:
                    logger.warning("job %s: couldn't delete its card (%s)", job_id, trouble.value)
                    return Denied(LibraryRefusal.DISCORD_SILENT)
                card_is_gone = False
            case _:
                assert_never(removed)
        try:
            await self._files.forget(job_id)
        except OSError:
            logger.exception("job %s: couldn't delete its kept copy", job_id)
            return Denied(LibraryRefusal.NOT_NOW)
        await self._let_go_of_pictures(job_id, found.requester_id)
        return await self._mark_deleted(job_id, card_is_gone=card_is_gone)

    async def _mark_deleted(
        self, job_id: JobId, *, card_is_gone: bool
    ) -> Deleted | Denied[LibraryRefusal]:
        # The watch may be recording that the end was announced: the second writer reads again.
        job = await self._find(job_id)
        while isinstance(job, Job) and not job.deleted:
            moved = await self._jobs.move(job, lifecycle.CardDeleted(), self._clock.now())
            job = moved or await self._find(job_id)
        return job if isinstance(job, Denied) else Deleted(job, card_is_gone)

    # --- sending again ------------------------------------------------------------------------

    @asynccontextmanager
    async def video(
        self, job_id: JobId, by: Actor, *, limit_bytes: int
    ) -> AsyncGenerator[VideoAnswer]:
        """The files of a delivered job, for its requester alone."""
        job = await self._find_for(job_id, by, moderators=False)
        if isinstance(job, Denied):
            yield job
        elif job.deleted:
            yield Denied(LibraryRefusal.ALREADY_DELETED)
        elif job.erased:
            yield Denied(LibraryRefusal.ERASED)
        elif job.state is not State.DELIVERED:
            yield Denied(LibraryRefusal.NO_VIDEO)
        else:
            async with self._files_of(job, limit_bytes) as answer:
                yield answer

    # --- finding ------------------------------------------------------------------------------

    async def _find(self, job_id: JobId) -> Job | Denied[LibraryRefusal]:
        job = await self._jobs.get(job_id)
        return job or Denied(LibraryRefusal.UNKNOWN_JOB)

    async def _find_for(
        self, job_id: JobId, by: Actor, *, moderators: bool
    ) -> Job | Denied[LibraryRefusal]:
        job = await self._find(job_id)
        if isinstance(job, Denied) or job.requester_id == by.user_id:
            return job
        if moderators and by.moderates(job):
            return job
        if not (job.erased and job.requester_id == NOBODY):
            return Denied(LibraryRefusal.NOT_YOURS)
        # The row does not name the requester, but Discord may: the card answers their command.
        return job if by.asked_for(job) else Denied(LibraryRefusal.NOBODYS)

    async def _matching(self, requester_id: int, containing: str) -> Sequence[Job]:
        listed = self._rows.listed(
            requester_id,
            states=frozenset(State),
            beyond=None,
            way=Way.OLDER,
            limit=REMEMBERED_JOBS,
        )
        last = await unless_away(listed, (), "couldn't suggest videos")
        wanted = containing.strip().casefold()
        return [job for job in last if not job.erased and wanted in job.request.prompt.casefold()]


def times_spent(history: Sequence[Happening], now: datetime) -> list[TimeIn]:
    """How long a job was in each state; final states, which last for ever, are left out."""
    spent: dict[State, timedelta] = {}
    ends = [*(happening.at for happening in history), now][1:]
    for happening, end in zip(history, ends, strict=True):
        # To members, an unconfirmed job is already waiting.
        state = State.WAITING if happening.state is State.ASKED else happening.state
        spent[state] = spent.get(state, timedelta()) + (end - happening.at)
    return [TimeIn(state, time) for state, time in spent.items() if state not in DELETABLE_STATES]


def _page(jobs: Sequence[Job], *, newer: bool, older: bool) -> LibraryPage:
    return LibraryPage(
        jobs=jobs,
        newer=Cursor.at(jobs[0]) if newer else None,
        older=Cursor.at(jobs[-1]) if older else None,
    )

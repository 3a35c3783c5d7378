"""What people ask about the videos that they asked for: every answer, and the ports behind it."""

import re
from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol, Self

from bot.domain.actor import Actor
from bot.domain.job import LIVE_STATES, Job, JobId, State
from bot.domain.ports import LocalFile, PresentOutcome

DELETABLE_STATES = frozenset({State.DELIVERED, State.FAILED, State.CANCELLED})
"""What is over: anything else is still to be told, or to be decided by a person."""


_TOKEN = re.compile(r"↺ (?P<job_id>[0-9a-f]{16})")


def prompt_token(job_id: JobId) -> str:
    """A short stand-in for the prompt of a job; nobody types this by chance."""
    return f"↺ {job_id}"


def job_of_token(typed: str) -> JobId | None:
    """The job whose prompt a token stands for; None for everything else that is typed."""
    token = _TOKEN.fullmatch(typed.strip())
    return None if token is None else token["job_id"]


class Shelf(StrEnum):
    """Which of somebody's jobs are listed."""

    ALL = "all"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNSURE = "unsure"

    @property
    def states(self) -> frozenset[State]:
        """The states of the jobs that are on it."""
        match self:
            case Shelf.ALL:
                return frozenset(State)
            case Shelf.RUNNING:
                return LIVE_STATES
            case Shelf.READY:
                return frozenset({State.DELIVERED})
            case Shelf.FAILED | Shelf.CANCELLED | Shelf.UNSURE:
                return frozenset({State(self.value)})


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in somebody's list, between jobs; it holds while jobs are added or vanish."""

    created_at: datetime
    job_id: JobId

    @classmethod
    def at(cls, job: Job) -> Self:
        """The place of this job."""
        return cls(job.created_at, job.id)


class Way(StrEnum):
    """Where to go on from a mark."""

    OLDER = "older"
    NEWER = "newer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of somebody's list, newest first, and where it goes on."""

    jobs: Sequence[Job]
    newer: Mark | None
    older: Mark | None


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a job's history: from `at` on it was in `state`."""

    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class Spent:
    """How long a job was in a state, all its stays together."""

    state: State
    time: timedelta


class LibraryRefusal(StrEnum):
    """Why something was not done: each is told in its own words."""

    UNKNOWN_JOB = "unknown_job"
    UNKNOWN_PROMPT = "unknown_prompt"
    NOT_YOURS = "not_yours"
    NOBODYS = "nobodys"
    """Whoever asked for it had themselves erased."""
    STILL_GOING_ON = "still_going_on"
    NO_VIDEO = "no_video"
    GONE = "gone"
    ALREADY_DELETED = "already_deleted"
    ERASED = "erased"
    DISCORD_SILENT = "discord_silent"
    FETCH_FAILED = "fetch_failed"
    NOT_TAKEN = "not_taken"
    STORE_DOWN = "store_down"


@dataclass(frozen=True, slots=True)
class NotServed:
    """Everything stays as it was."""

    refusal: LibraryRefusal


@dataclass(frozen=True, slots=True)
class Found:
    """The job that may be used for what was asked."""

    job: Job


@dataclass(frozen=True, slots=True)
class Details:
    """All that is known about a job, its states in the order in which it came into them."""

    job: Job
    spent: Sequence[Spent]


@dataclass(frozen=True, slots=True)
class Deleted:
    """The kept copy is gone and the job is marked; so is its card, unless out of reach."""

    job: Job
    card_is_gone: bool


@dataclass(frozen=True, slots=True)
class VideoFiles:
    """The files of a result, on this machine's disk as long as the context is open.

    What is too large for where it shall go is not among them, and is left to a link.
    """

    job: Job
    files: Sequence[LocalFile]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt in full."""

    text: str


VideoAnswer = VideoFiles | NotServed


class LibraryStore(Protocol):
    """Somebody's jobs and their history, read alone.

    Raises:
        StoreUnavailable: the database cannot be reached now.
    """

    async def listed(
        self,
        requester_id: int,
        *,
        states: Collection[State],
        beyond: Mark | None,
        way: Way,
        limit: int,
    ) -> Sequence[Job]:
        """At most `limit` jobs beyond the mark, those nearest to it first.

        Without a mark, from the newest on to older ones, or from the oldest on to newer ones.
        """
        ...

    async def history(self, job_id: JobId) -> Sequence[Happening]:
        """What happened to a job, in order."""
        ...


class KeptFiles(Protocol):
    """The result files on this machine's disk."""

    async def archived(self, job_id: JobId) -> Sequence[Path]:
        """The originals of a delivered job, as far as the archive still has them."""
        ...

    async def folder(self, job_id: JobId) -> Path:
        """A folder to fetch into.

        Raises:
            OSError: the disk does not take it.
        """
        ...

    async def forget(self, job_id: JobId) -> None:
        """Delete whatever is kept under this name; nothing there is no error.

        Raises:
            OSError: something could not be deleted.
        """
        ...


class CardRemover(Protocol):
    """Takes cards away from Discord."""

    async def remove(self, job: Job, history: Sequence[Happening]) -> PresentOutcome:
        """Delete the job's message, and what was sent because of it, found by its history.

        What is gone already counts as deleted.
        """
        ...


class FrontLibrary(Protocol):
    """The use cases around finished and former jobs: all that commands and buttons may call."""

    async def page(
        self, requester_id: int, *, shelf: Shelf, beyond: Mark | None, way: Way, size: int
    ) -> Page | NotServed:
        """A page of somebody's jobs, newest first."""
        ...

    async def recent(self, requester_id: int, *, containing: str, limit: int) -> Sequence[Job]:
        """Somebody's last jobs whose prompts contain this; nothing when the store is down."""
        ...

    async def recent_prompts(
        self, requester_id: int, *, containing: str, limit: int
    ) -> Sequence[Job]:
        """Like `recent`, each prompt once, told by the newest job that has it."""
        ...

    async def full_prompt(self, typed: str, requester_id: int) -> Prompt | NotServed:
        """What was typed; or, where that is a `prompt_token`, the prompt that it stands for."""
        ...

    async def reusable(self, job_id: JobId, by: Actor) -> Found | NotServed:
        """A job whose request somebody wants to use again."""
        ...

    async def details(self, job_id: JobId, by: Actor) -> Details | NotServed:
        """All about a job, for its requester or a moderator."""
        ...

    async def deletable(self, job_id: JobId, by: Actor) -> Found | NotServed:
        """A job that somebody wants to delete, before they are asked whether they are sure."""
        ...

    async def delete(self, job_id: JobId, by: Actor) -> Deleted | NotServed:
        """Delete the card and the kept copy, and mark the job."""
        ...

    def video(
        self, job_id: JobId, by: Actor, *, limit_bytes: int
    ) -> AbstractAsyncContextManager[VideoAnswer]:
        """The files of a delivered job, for its requester alone."""
        ...

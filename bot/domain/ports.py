"""What the domain needs from the outside, as protocols that the adapters fulfil."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto
from pathlib import Path
from typing import Protocol

from bot.domain.job import HoldReason, Job, JobId, Place
from bot.domain.keys import KeyStanding
from bot.domain.ledger import OverCap, Reservation, TooSoon
from bot.domain.lifecycle import Event
from bot.domain.line import Decide, InLine, Standing
from bot.domain.outcomes import CancelOutcome, FetchOutcome, Media, Sighting, SubmitOutcome
from bot.domain.request import GenerationRequest


class Clock(Protocol):
    """Time, injected: wall time for rows, sleeping for waits.

    `SystemClock`; in tests `FakeClock`, whose time passes when it is told to.
    """

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    async def sleep(self, seconds: float, *, wake: asyncio.Event | None = None) -> None:
        """Sleep for `seconds`, or until `wake` is set, whichever comes first."""
        ...


class Provider(Protocol):
    """The rendering service. Never raises for what a service may do: everything is an outcome.

    `RunComfyProvider`, and in the key ring `WatchedKey`, `Keyless` and `KeyUnread` around it;
    in tests `ScriptedProvider`.
    """

    async def submit(self, request: GenerationRequest) -> SubmitOutcome:
        """Buy one generation. Sends exactly one POST, whatever happens."""
        ...

    async def look(self, request_id: str) -> Sighting:
        """See where an accepted request stands. Free, may be repeated."""
        ...

    async def cancel(self, request_id: str) -> CancelOutcome:
        """Ask to cancel; the answer is the service's, confirmed."""
        ...


class Providers(Protocol):
    """The rendering service by the key that pays: `KeyRing`; in tests `OneKey`."""

    async def of(self, key_id: int | None) -> Provider:
        """The service with a server's own key, None for the operator's.

        A key that is gone gives a provider that refuses to buy and sees nothing; never raises.
        """
        ...

    async def standing(self, key_id: int) -> KeyStanding:
        """Whether something may still be bought with a server's own key.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        ...

    async def turned_invalid(self, key_id: int) -> None:
        """The service refuses a server's own key: its server is paused; never raises."""
        ...


class MediaSource(Protocol):
    """Where result files are fetched from: `MediaDownloader`; in tests `ScriptedSource`."""

    async def fetch(self, media: Media, into: Path) -> FetchOutcome:
        """Stream one file to `into`. On any other outcome than Fetched nothing is left there."""
        ...


@dataclass(frozen=True, slots=True)
class Added:
    """The row stands, committed."""


@dataclass(frozen=True, slots=True)
class AlreadyThere:
    """This interaction already has a job: a doubled event, or a second process."""

    job: Job


AddOutcome = Added | AlreadyThere | OverCap | TooSoon

BeginOutcome = Job | InLine | None
"""The job as it is being sent; or its place in the line; or None when it no longer waits."""

NOTHING_HELD = Reservation()


class JobStore(Protocol):
    """The truth about jobs. Every write is one transaction, committed when the call returns.

    `SqlJobStore`; in tests `FailingStore`, a database that is away at chosen calls.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    async def add(self, job: Job, reservation: Reservation = NOTHING_HELD) -> AddOutcome:
        """Insert a new job and reserve its price; the interaction id decides whether it is new.

        With any other answer than Added nothing was written or reserved.
        """
        ...

    async def begin_sending(self, job: Job, at: datetime, decide: Decide) -> BeginOutcome:
        """Write SendingBegan if `decide`, of all who wait and are under way now, lets it go.

        Of any number of processes that decide at once, each sees what the others decided.
        """
        ...

    async def standings(self) -> Sequence[Standing]:
        """All who wait in the line and all who are under way, as of now."""
        ...

    async def get(self, job_id: JobId) -> Job | None:
        """The job as it stands now."""
        ...

    async def unfinished(self) -> Sequence[Job]:
        """All jobs that need work (`Job.needs_work`), oldest first."""
        ...

    async def unfinished_ids(self) -> Sequence[JobId]:
        """The ids of `unfinished`, in any order: of thousands these are read in a moment."""
        ...

    async def rendered_for(self, requester_id: int) -> Sequence[Job]:
        """Somebody's rendered jobs that are not delivered, oldest first."""
        ...

    async def held_now(self, key_id: int | None, at: datetime) -> HoldReason | None:
        """What holds jobs back that the same key pays for, in whatever process; None for nothing.

        A server's own key by its id, the operator's by None.
        """
        ...

    async def move(self, job: Job, event: Event, at: datetime) -> Job | None:
        """Write what `lifecycle.after(job, event, at)` says, if nobody wrote since `job` was read.

        Returns the job as written; None when the table forbids the move or another writer was
        first, and then nothing was written. The move is kept in the job's history as well.
        """
        ...

    async def bind(self, job: Job, request_id: str, at: datetime) -> Job | None:
        """Write that a person found the request of an unsure job; None also if another job has it.

        Of two jobs that are bound to one request at once, one is. What the service itself says is
        written by `move`, and never refused for that.
        """
        ...


class StoreUnavailable(Exception):  # noqa: N818 - says what is so, not what went wrong
    """The database cannot be reached or written now; nothing was written."""


class RowUnreadable(StoreUnavailable):
    """The database works; this one row was written by another version, or is damaged.

    Waiting does not mend it here. It stays as it is: the version that wrote it goes on with it.
    """


@dataclass(frozen=True, slots=True)
class Copied:
    """A smaller copy lies at the path that was asked for."""

    size_bytes: int


@dataclass(frozen=True, slots=True)
class NotCopied:
    """No copy; nothing was left behind. `passing` says that the disk stood in the way."""

    what_happened: str
    passing: bool = False


CopyOutcome = Copied | NotCopied


class Playing(Enum):
    """How a video can be shown on Discord, by what it is and not by what it is said to be."""

    AS_IT_IS = auto()
    AS_A_COPY = auto()
    """Most clients play it not, or only its sound."""
    NOT_AT_ALL = auto()
    """It cannot be read, or is larger than any video should be: a link has to do."""


class Copier(Protocol):
    """Knows whether a video plays, and makes a copy of it that does, or that fits.

    `FfmpegCopier`; tests of deliveries have one that makes what it is told to.
    """

    async def inspect(self, video: Path) -> Playing:
        """Look at the file itself.

        Raises:
            OSError: it cannot be read from the disk.
        """
        ...

    async def copy(
        self, source: Path, into: Path, *, limit_bytes: int, duration_s: float, sound: bool
    ) -> CopyOutcome:
        """Write a copy of at most `limit_bytes` that plays inline."""
        ...


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A result file on this machine's disk, ready to be uploaded."""

    path: Path
    name: str
    size_bytes: int
    media: Media
    is_copy: bool = False
    """Whether it is a smaller copy, and the original is worth a link beside it."""


FilesWithin = Callable[[int], Awaitable[Sequence[LocalFile]]]
"""The files of a result of which each has at most so many bytes, smaller copies among them."""


class Trouble(StrEnum):
    """Why Discord did not take a write, in the distinctions that decide what to do next."""

    PASSING = "passing"
    """5xx, 429, a broken connection: the same again, later, may work."""
    TOO_LARGE = "too_large"
    """The upload is over the limit of the place."""
    CARD_GONE = "card_gone"
    """The message was deleted."""
    PLACE_CLOSED = "place_closed"
    """Channel gone, permission lost, bot removed, thread archived or locked."""
    KEY_DEAD = "key_dead"
    """The interaction's token has died, and nothing else may edit that message."""
    REFUSED = "refused"
    """Discord refuses for a reason that this bot does not expect."""


@dataclass(frozen=True, slots=True)
class Presented:
    """Discord confirmed: people can see it, at `place` when that is not the old one."""

    place: Place | None = None
    files: Sequence[LocalFile] = ()
    """Which files of a result are attached there."""
    stale_at: datetime | None = None
    """When what it says has to be said differently, though nothing about the job changed."""


@dataclass(frozen=True, slots=True)
class NotPresented:
    """Discord did not take it."""

    trouble: Trouble


PresentOutcome = Presented | NotPresented


class Announcer(Protocol):
    """Shows jobs to people: the only writer to Discord beside the answers to interactions.

    `DiscordAnnouncer`, `TerminalAnnouncer` and `FolderAnnouncer`; in tests `RecordingAnnouncer`.
    """

    async def show(
        self, job: Job, *, service_silent: bool = False, in_line: InLine | None = None
    ) -> PresentOutcome:
        """Edit the job's card so that it says where the job stands.

        `service_silent` adds that the service has not answered for a while, `in_line` where it
        waits in our own line.
        """
        ...

    async def deliver(
        self, job: Job, files: Sequence[LocalFile], *, within: FilesWithin
    ) -> PresentOutcome:
        """Bring the result to the requester: `files` attached, links to what is not among them.

        The files fit the job's place, as far as that is known; `within` gives them for another
        limit, where it turns out otherwise.
        """
        ...

    async def ping(self, job: Job) -> PresentOutcome:
        """Tell the requester in one short new message how it ended: an edit notifies nobody."""
        ...


class Engine(Protocol):
    """Watches jobs: the embedded engine, the cluster's and the single one; tests have their own."""

    def enqueue(self, job_id: JobId) -> None:
        """Watch a job whose row is committed; a job already watched is looked at again at once."""
        ...

"""What the domain needs from outside, as protocols that the adapters implement."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from pathlib import Path
from typing import Final, Protocol

from bot.domain.generation.models import Option
from bot.domain.generation.request import GenerationRequest
from bot.domain.job import HoldReason, Job, JobId, Place
from bot.domain.lifecycle import Event
from bot.domain.line import Decide, InLine, Standing
from bot.domain.money.keys import KeyStanding, PayingKey
from bot.domain.money.ledger import OverCap, Reservation, TooSoon
from bot.domain.outcomes import CancelOutcome, FetchOutcome, Media, Sighting, SubmitOutcome


class Clock(Protocol):
    """Time, injected: wall time for rows, sleeping for waits.

    `SystemClock`; in tests `FakeClock`, whose time the test advances.
    """

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...

    async def sleep(self, seconds: float, *, wake: asyncio.Event | None = None) -> None:
        """Sleep for `seconds`, or until `wake` is set if that is sooner."""
        ...


Frames = Mapping[Option, str | bytes]
"""A request's pictures as the service reads them: a link, or a data URI, as bytes in base64."""
NO_FRAMES: Final[Frames] = {}
PictureBytes = Callable[[str], Awaitable[bytes | None]]
"""The bytes of a kept picture by its digest; None if it is no longer kept.

Raises:
    StoreUnavailable: the database cannot be read now.
"""


class Provider(Protocol):
    """The rendering service. It never raises for the service's failures: each is an outcome.

    `RunComfyProvider`, and in the key ring `WatchedKey`, `Keyless` and `KeyUnread` around it; in
    tests `ScriptedProvider`.
    """

    async def submit(self, request: GenerationRequest, frames: Frames = NO_FRAMES) -> SubmitOutcome:
        """Buy one generation. Sends exactly one POST in every case."""
        ...

    async def look(self, request_id: str) -> Sighting:
        """Poll the state of an accepted request. Free, may be repeated."""
        ...

    async def cancel(self, request_id: str) -> CancelOutcome:
        """Ask to cancel; the answer is the service's own."""
        ...


class Providers(Protocol):
    """Which key pays where, and the rendering service for each: `KeyRing`; in tests `OneKey`."""

    async def paying_in(self, guild_id: int | None) -> PayingKey:
        """Who pays for a new video in a server; None stands for direct messages.

        Raises:
            StoreUnavailable: this cannot be read now, so nothing may be bought.
        """
        ...

    async def with_keys(self) -> frozenset[int]:
        """The servers that have a key of their own, accepted or not.

        Raises:
            StoreUnavailable: this cannot be read now.
        """
        ...

    async def of(self, key_id: int | None) -> Provider:
        """The service with a server's own key; None stands for the operator's.

        For a key that is gone, the provider refuses to buy and finds nothing; never raises.
        """
        ...

    async def standing(self, key_id: int) -> KeyStanding:
        """Whether a server's own key can still buy.

        Raises:
            StoreUnavailable: this cannot be read now.
        """
        ...

    async def turned_invalid(self, key_id: int) -> None:
        """Record that the service refuses a server's own key and pause the server; never raises."""
        ...


class MediaSource(Protocol):
    """Fetches result files: `MediaDownloader`; in tests `ScriptedSource`."""

    async def fetch(self, media: Media, into: Path) -> FetchOutcome:
        """Stream one file to `into`. Any outcome other than Fetched leaves nothing there."""
        ...


@dataclass(frozen=True, slots=True)
class Added:
    """The row was written and committed."""


@dataclass(frozen=True, slots=True)
class AlreadyThere:
    """This interaction already has a job: a duplicate event, or a second process."""

    job: Job


AddOutcome = Added | AlreadyThere | OverCap | TooSoon

BeginOutcome = Job | InLine | None
"""The job as it is being sent; or its place in the line; or None if it no longer waits."""

NOTHING_HELD = Reservation()


class JobStore(Protocol):
    """Stores the jobs. Every write is one transaction, committed when the call returns.

    `SqlJobStore`; in tests `FailingStore`, whose database fails at chosen calls.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    async def add(self, job: Job, reservation: Reservation = NOTHING_HELD) -> AddOutcome:
        """Insert a new job and reserve its price; the interaction id decides whether it is new.

        With any answer other than Added, nothing was written or reserved.
        """
        ...

    async def begin_sending(self, job: Job, at: datetime, decide: Decide) -> BeginOutcome:
        """Write SendingBegan if `decide` lets it go, given all jobs that wait or are in progress.

        Processes that decide at the same time see each other's decisions.
        """
        ...

    async def standings(self) -> Sequence[Standing]:
        """The queue entries of all jobs that wait in the line or are in progress."""
        ...

    async def get(self, job_id: JobId) -> Job | None:
        """The current row of the job."""
        ...

    async def unfinished(self) -> Sequence[Job]:
        """All jobs that need work (`Job.needs_work`), oldest first."""
        ...

    async def unfinished_ids(self) -> Sequence[JobId]:
        """The ids of `unfinished`, in any order: fast even for thousands."""
        ...

    async def rendered_for(self, requester_id: int) -> Sequence[Job]:
        """The requester's rendered jobs that are not delivered, oldest first."""
        ...

    async def held_now(self, key_id: int | None, at: datetime) -> HoldReason | None:
        """Why jobs with this key are held back now, in any process; None if they are not.

        A server's own key by its id, the operator's by None.
        """
        ...

    async def move(self, job: Job, event: Event, at: datetime) -> Job | None:
        """Write `lifecycle.after(job, event, at)`, unless the row changed since it was read.

        Returns the job as written; None if the table forbids the event or another writer was first,
        and then nothing was written. The event is added to the job's history too.
        """
        ...

    async def bind(self, job: Job, request_id: str, at: datetime) -> Job | None:
        """Write the request id that a person found for an unsure job; None if another job has it.

        If two jobs are bound to one request at once, only one succeeds. The service's own answers
        are written by `move`, which never refuses them for that reason.
        """
        ...


class StoreUnavailable(Exception):  # noqa: N818 - says what is so, not what went wrong
    """The database cannot be read or written now; nothing was written."""


class RowUnreadable(StoreUnavailable):
    """The database works, but this row was written by another version, or is damaged.

    Waiting does not help. The row is left unchanged, so that the right version can continue it.
    """


@dataclass(frozen=True, slots=True)
class Copied:
    """A smaller copy lies at the requested path."""

    size_bytes: int


@dataclass(frozen=True, slots=True)
class NotCopied:
    """No copy, and nothing was left behind. `passing` says that the disk was the reason."""

    what_happened: str
    passing: bool = False


CopyOutcome = Copied | NotCopied


class Playing(Enum):
    """How a video can be shown on Discord, judged by its content, not its declared type."""

    AS_IT_IS = auto()
    AS_A_COPY = auto()
    """Most clients do not play it, or play only its sound."""
    NOT_AT_ALL = auto()
    """It is unreadable, or larger than any video should be: it is shown as a link."""


class Copier(Protocol):
    """Checks whether a video plays, and makes a copy that plays or that fits.

    `FfmpegCopier`; the tests of deliveries use their own.
    """

    async def inspect(self, video: Path) -> Playing:
        """Inspect the file itself.

        Raises:
            OSError: the file cannot be read from the disk.
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
    """Whether it is a smaller copy, so that a link to the original is worth adding."""


FilesWithin = Callable[[int], Awaitable[Sequence[LocalFile]]]
"""A result's files of at most so many bytes each, smaller copies included."""


class Trouble(StrEnum):
    """Why Discord refused a write, as far as it decides what to do next."""

    PASSING = "passing"
    """5xx, 429, a broken connection: a later retry may work."""
    TOO_LARGE = "too_large"
    """The upload exceeds the limit of the place."""
    CARD_GONE = "card_gone"
    """The message was deleted."""
    PLACE_CLOSED = "place_closed"
    """Channel gone, permission lost, bot removed, thread archived or locked."""
    KEY_DEAD = "key_dead"
    """The interaction's token has expired, and no other token may edit that message."""
    REFUSED = "refused"
    """Discord refuses for an unexpected reason."""


@dataclass(frozen=True, slots=True)
class Presented:
    """Discord confirmed that it is visible; `place` is set if that is a new place."""

    place: Place | None = None
    files: Sequence[LocalFile] = ()
    """The result files that are attached there."""
    stale_at: datetime | None = None
    """When its text becomes outdated although the job does not change."""


@dataclass(frozen=True, slots=True)
class NotPresented:
    """Discord refused the write."""

    trouble: Trouble


PresentOutcome = Presented | NotPresented


class Announcer(Protocol):
    """Shows jobs to people: the only writer to Discord besides the answers to interactions.

    `DiscordAnnouncer`, `TerminalAnnouncer` and `FolderAnnouncer`; in tests `RecordingAnnouncer`.
    """

    async def show(
        self, job: Job, *, service_silent: bool = False, in_line: InLine | None = None
    ) -> PresentOutcome:
        """Edit the job's card to show its current state.

        `service_silent` adds that the service has not answered for a while; `in_line` adds its
        place in our own line.
        """
        ...

    async def deliver(
        self, job: Job, files: Sequence[LocalFile], *, within: FilesWithin
    ) -> PresentOutcome:
        """Bring the result to the requester: `files` attached, the other files as links.

        The files fit the job's place as far as its limit is known; `within` gives them for another
        limit if the real one differs.
        """
        ...

    async def ping(self, job: Job) -> PresentOutcome:
        """Tell the requester the result in a short new message: an edit notifies no one."""
        ...


REVIEW_LIFE: Final = timedelta(days=1)
"""How long moderators have; after that the job is declined."""


class ReviewRoom(Protocol):
    """Where moderators are asked about jobs, and told how each review ended.

    `bot.ui.server_rooms.ServerRooms` in Discord; `NotingRoom` in the runner's tests.
    """

    async def ask(self, job: Job) -> PresentOutcome:
        """Show the moderators a job; repeats show it once. Presented says where it is shown.

        A trouble that is not passing means that the moderators cannot be asked; the managers of the
        server have been told of it then.
        """
        ...

    async def tell(self, job: Job) -> PresentOutcome:
        """Redraw the question to show how the review ended."""
        ...


class Engine(Protocol):
    """Watches jobs: the embedded, the cluster's and the single engine; tests have their own."""

    def enqueue(self, job_id: JobId) -> None:
        """Watch a job whose row is committed; if it is already watched, wake its watch."""
        ...

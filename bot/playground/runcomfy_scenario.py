"""What may happen to a purchase at the stand-in, and the known faults by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, Generic, TypeVar

from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Answers:
    """A different answer. Text and bytes are sent as they are, all else as JSON."""

    status: int
    body: JsonValue | bytes = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Says:
    """The true answer, but with this word for its status or outcome."""

    word: str


@dataclass(frozen=True, slots=True)
class Hangs:
    """No answer at all; of a file, the first half is sent."""


@dataclass(frozen=True, slots=True)
class Delays:
    """The true answer, but only after this many seconds of the event loop."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Closes:
    """The connection is closed instead of an answer."""


@dataclass(frozen=True, slots=True)
class CutsOff:
    """Half of what was announced is sent, then the connection is closed."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Of a file: a false Content-Length."""

    size_bytes: int


@dataclass(frozen=True, slots=True)
class Drips:
    """Of a file: this many bytes at a time, with pauses of the event loop between."""

    bytes_at_a_time: int
    pause_s: float
    bytes_at_first: int = 0
    """The bytes that come at once before the drip."""


@dataclass(frozen=True, slots=True)
class NeverEnds:
    """Of a file: bytes without a Content-Length and without an end."""


How = Answers | Says | Hangs | Delays | Closes | CutsOff
"""What may be wrong with the answer of a call."""
FileHow = Answers | Hangs | Delays | Closes | CutsOff | Claims | Drips | NeverEnds
"""What may be wrong with a file."""
HowT_co = TypeVar("HowT_co", covariant=True, bound=How | FileHow)


@dataclass(frozen=True, slots=True)
class Fault(Generic[HowT_co]):
    """What goes wrong with a call: the first `times` times, or for ever."""

    how: HowT_co
    times: int | None = None
    accepted: bool = False
    """Of a submission: the job is accepted and charged nonetheless; only the answer is faulty."""


def fault_at(faults: Sequence[Fault[HowT_co]], call: int) -> Fault[HowT_co] | None:
    """The fault of the call with this number, counted from 0: each fault takes its turns."""
    for fault in faults:
        if fault.times is None or call < fault.times:
            return fault
        call -= fault.times
    return None


class Ending(Enum):
    """How a job ends if no caller cancels it."""

    SUCCEEDS = auto()
    FAILS = auto()
    CANCELLED_THERE = auto()
    """The service itself cancels it, when its turn would have come."""


class Output(Enum):
    """What a success lists. UNREADABLE is an undocumented form."""

    VIDEO = auto()
    VIDEOS = auto()
    IMAGE = auto()
    IMAGES = auto()
    NOTHING = auto()
    NULL = auto()
    UNREADABLE = auto()


class Cost(Enum):
    """How a result says what it cost."""

    NUMBER = auto()
    TEXT = auto()
    ABSENT = auto()


class Cancelling(Enum):
    """The effect of a cancel."""

    HONEST = auto()
    """Cancels while queued, refuses afterwards."""
    REFUSED = auto()
    """Refuses, queued or not."""
    REQUESTED = auto()
    """Says `cancellation_requested`, and cancels a little later if it is still queued then."""


DEFAULT_ERROR: Final = "The generation failed for an internal reason."


@dataclass(frozen=True, slots=True)
class Scenario:
    """One job, from its submission to its files. The defaults are a good run of 12 s."""

    queue_s: float = 4.0
    queue_position: int = 3
    rendering_s: float = 8.0
    ending: Ending = Ending.SUCCEEDS
    error: JsonValue = DEFAULT_ERROR
    output: Output = Output.VIDEO
    video_over_bytes: int | None = None
    cost: Cost = Cost.NUMBER
    cancelling: Cancelling = Cancelling.HONEST
    cancel_takes_s: float = 1.0
    shouts: bool = False
    """Whether all words of the status and the result are in capital letters."""
    request_id: str | None = None
    links_to: str | None = None
    """A base address other than this server's for the links in the answers."""
    files_at: str | None = None
    """A base address other than this server's for the files."""
    on_submit: tuple[Fault[How], ...] = ()
    """A fault with a number of times keeps the scenario for the following POSTs."""
    on_status: tuple[Fault[How], ...] = ()
    on_result: tuple[Fault[How], ...] = ()
    on_cancel: tuple[Fault[How], ...] = ()
    on_file: tuple[Fault[FileHow], ...] = ()


ERROR_MESSAGES: Final[Mapping[int, str]] = {
    400001: "Invalid model id",
    400002: "Insufficient balance, please top up",
    400004: "Invalid, expired or revoked API key",
    403001: "This request does not belong to you",
    404001: "Request not found",
}
"""RunComfy's error codes. The words are ours: only the codes are known."""


def api_error(code: int, *, status: int | None = None) -> Answers:
    """One of the service's own errors; its HTTP status is in its code unless told, 200 included."""
    return Answers(
        code // 1000 if status is None else status,
        {"error_code": code, "error_message": ERROR_MESSAGES[code]},
    )


def rate_limited(retry_after: str | None = None) -> Answers:
    """429, with `Retry-After` in seconds or as a date, or without."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Answers(429, {"message": "Too many requests"}, headers)


def unavailable(status: int = 503) -> Answers:
    """A gateway's error page, which is no JSON."""
    return Answers(
        status, "<html><h1>Service Unavailable</h1></html>", {"Content-Type": "text/html"}
    )


def malformed(status: int = 200) -> Answers:
    """JSON that breaks off in the middle."""
    return Answers(status, '{"request_id": "req', {"Content-Type": "application/json"})

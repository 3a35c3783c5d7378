"""Turns replies into outcomes, as pure functions: every guess is the one that loses nothing."""

from dataclasses import dataclass
from typing import assert_never

from bot.domain.outcomes import (
    CancelConfirmed,
    CancelDeclined,
    CancelledThere,
    CancelOutcome,
    CancelTooLate,
    Failed,
    FailureReason,
    Gone,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Sighting,
    StillQueued,
    StillRendering,
    SubmitAccepted,
    SubmitOutcome,
    SubmitRefused,
    Succeeded,
    Unanswered,
    Unclear,
)
from bot.runcomfy.body import JsonObject, read_object
from bot.runcomfy.errors import REFUSALS, ErrorKind, error_code, error_kind
from bot.runcomfy.output import Files, NoFiles, UnreadableOutput
from bot.runcomfy.transport import Answer, NoAnswer, NoConnection, Reply
from bot.runcomfy.wire import (
    CancelAnswer,
    CancelWord,
    ResultAnswer,
    ResultWord,
    StatusAnswer,
    StatusWord,
    SubmitAnswer,
)


@dataclass(frozen=True, slots=True)
class AskResult:
    """The status alone is no verdict: the result decides."""

    finished: bool
    """Whether the status says that rendering is over."""


@dataclass(frozen=True, slots=True)
class AskStatus:
    """The answer to the cancel decides nothing: the status does.

    `refused` is true if the service said that there is nothing to cancel any more, which it says
    for running and cancelled requests alike.
    """

    refused: bool


def read_submit(reply: Reply, *, has_pictures: bool = False) -> SubmitOutcome:
    """The outcome of the paid POST. Refused only if certainly nothing was bought.

    An answer that is not RunComfy's own, such as a firewall's page with a 403, proves nothing: a
    filter in between may refuse the request, but it may also withhold the answer to one that was
    passed on. So the outcome is unknown; and since a single prompt may cause it, it says nothing
    about the key.
    """
    match reply:
        case NoConnection():
            return NotSent()
        case NoAnswer(what_happened=what):
            return OutcomeUnknown(what)
        case Answer(status=429, retry_after_s=retry_after_s):
            return RateLimited(retry_after_s)
        case Answer(status=status, body=body):
            return _read_submit_answer(status, body, has_pictures=has_pictures)
        case _:
            assert_never(reply)


def _read_submit_answer(status: int, body: bytes | None, *, has_pictures: bool) -> SubmitOutcome:
    document = read_object(body)
    if _is_2xx(status) and document is not None:
        request_id = SubmitAnswer.model_validate(document).request_id
        if request_id is not None:
            # Even beside an error: polling a nonexistent id costs nothing.
            return SubmitAccepted(request_id)
    reason = _refusal(status, document)
    if reason is FailureReason.PICTURE_REFUSED and not has_pictures:
        # The words of a request without pictures may be quoted.
        reason = FailureReason.INPUT_REFUSED
    if reason is not None:
        return SubmitRefused(reason)
    if _is_2xx(status):
        return OutcomeUnknown("an acceptance without a readable request id")
    return OutcomeUnknown(f"HTTP {status}")


def _refusal(status: int, document: JsonObject | None) -> FailureReason | None:
    kind = error_kind(status, document)
    # With HTTP 200, "not found" could concern a request that was just accepted.
    if kind is None or (_is_2xx(status) and kind is ErrorKind.NOT_FOUND):
        return None
    return REFUSALS.get(kind)


def read_status(reply: Reply) -> Sighting | AskResult:
    """The state of a request. For all but waiting and rendering, the result is asked for."""
    document = _document(reply)
    if not isinstance(document, dict):
        return document
    answer = StatusAnswer.model_validate(document)
    match answer.status:
        case StatusWord.IN_QUEUE:
            return StillQueued(answer.queue_position)
        case StatusWord.IN_PROGRESS:
            return StillRendering()
        case StatusWord.COMPLETED:
            return AskResult(finished=True)
        # An unknown word may mean anything, and asking for the result is free.
        case StatusWord.CANCELLED | None:
            return AskResult(finished=False)
        case _:
            assert_never(answer.status)


def read_result(reply: Reply, asked: AskResult) -> Sighting:
    """The verdict, if there is one. `succeeded` counts only with a file in a readable output."""
    document = _document(reply)
    if not isinstance(document, dict):
        return document
    answer = ResultAnswer.model_validate(document)
    match answer.status:
        case ResultWord.SUCCEEDED:
            return _read_success(answer, contradicted=error_code(document) is not None)
        case ResultWord.FAILED:
            return Failed(answer.failure, answer.cost_microusd)
        case ResultWord.CANCELLED:
            return CancelledThere()
        case ResultWord.IN_QUEUE | ResultWord.IN_PROGRESS if asked.finished:
            # The result lags behind the status: a finished request is not queued again.
            return StillRendering()
        case ResultWord.IN_QUEUE:
            return StillQueued()
        case ResultWord.IN_PROGRESS:
            return StillRendering()
        case None:
            return Unclear("a result in unknown words")
        case _:
            assert_never(answer.status)


def _read_success(answer: ResultAnswer, *, contradicted: bool) -> Sighting:
    if contradicted:
        return Unclear("success and an error code in one answer")
    match answer.output:
        case Files(media=media):
            return Succeeded(media, answer.cost_microusd)
        case NoFiles():
            # A verdict on a paid job: only here, where the whole output was understood.
            return Failed(FailureReason.NOTHING_PRODUCED, answer.cost_microusd)
        case UnreadableOutput():
            return Unclear("a success whose output is unreadable")
        case _:
            assert_never(answer.output)


def read_cancel(reply: Reply) -> CancelOutcome | AskStatus:
    """The service's answer to a cancel; without an answer, nothing is assumed."""
    match reply:
        case Answer(status=429 | 408, retry_after_s=retry_after_s):
            return Unanswered(f"HTTP {reply.status}", retry_after_s)
        case Answer(status=status, retry_after_s=retry_after_s) if status >= 500:  # noqa: PLR2004 - HTTP's own number
            return Unanswered(f"HTTP {status}", retry_after_s)
        case Answer(status=status, body=body):
            # A refusal counts with any HTTP status, since none is documented for it.
            answer = CancelAnswer.model_validate(read_object(body) or {})
            if answer.outcome is CancelWord.CANCELLED and _is_2xx(status):
                return CancelConfirmed()
            return AskStatus(refused=answer.outcome is CancelWord.NOT_CANCELLABLE)
        case NoConnection(what_happened=what) | NoAnswer(what_happened=what):
            return Unanswered(what)
        case _:
            assert_never(reply)


def read_status_after_cancel(sighting: Sighting, asked: AskStatus) -> CancelOutcome:
    """The outcome of a cancel, by a poll of the request after it."""
    match sighting:
        case CancelledThere():
            # "Not cancellable" is also the answer to a second action on the same button.
            return CancelConfirmed()
        case StillRendering() | Succeeded() | Failed():
            return CancelTooLate()
        case StillQueued() | Gone() | Unclear() | Unanswered() if asked.refused:
            return CancelDeclined()
        case Unanswered():
            return sighting
        case StillQueued() | Gone() | Unclear():
            return Unanswered("asked to cancel, not yet confirmed")
        case _:
            assert_never(sighting)


def _document(reply: Reply) -> JsonObject | Gone | Unclear | Unanswered:
    """The answer to a poll, or why it is unusable. No error on either side is a verdict."""
    match reply:
        case NoConnection(what_happened=what) | NoAnswer(what_happened=what):
            return Unanswered(what)
        case Answer(status=status, body=body, retry_after_s=retry_after_s):
            document = read_object(body)
            kind = error_kind(status, document)
            if kind is ErrorKind.NOT_FOUND:
                return Gone()
            # A refused key or an empty account says nothing about a job that was accepted.
            # "Not your request" says nothing about the key: people also type other accounts' ids.
            if kind is not None or not _is_2xx(status):
                what = f"HTTP {status} ({kind or 'not followed'})"
                return Unanswered(
                    what,
                    retry_after_s,
                    key_refused=kind is ErrorKind.KEY,
                    rate_limited=kind is ErrorKind.RATE_LIMITED,
                )
            if body is None:
                return Unanswered("the answer was cut off")
            return Unclear("an unreadable answer") if document is None else document
        case _:
            assert_never(reply)


def _is_2xx(status: int) -> bool:
    return 200 <= status < 300  # noqa: PLR2004 - HTTP's own numbers

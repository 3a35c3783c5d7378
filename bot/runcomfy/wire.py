"""Parses RunComfy's answers: accepts any bytes, returns only what is certainly understood.

Extra keys, nulls and wrong types never fail an answer; a field that cannot be understood is None.
Status and result have different vocabularies; an unknown word is None too.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import partial
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue
from pydantic_core import to_json

from bot.domain.generation.request import GenerationRequest
from bot.domain.outcomes import FailureReason
from bot.domain.ports import Frames
from bot.runcomfy.errors import failure_reason
from bot.runcomfy.output import Output, UnreadableOutput, read_output

REQUEST_ID_MAX_CHARS: Final = 200
"""Longer ids are not accepted: real ones are UUIDs."""
_COST_MAX_USD: Final = 10_000
"""A clip costs a few dollars: a larger sum is an error that must not reach the accounts."""
_SUM_MAX_USD: Final = 1_000_000_000
_POSITION_MAX: Final = 1_000_000
_MICROUSD_PER_USD: Final = 1_000_000

WordT = TypeVar("WordT", bound=StrEnum)


class StatusWord(StrEnum):
    """The words of `/status`. `completed` means finished, successfully or not."""

    IN_QUEUE = "in_queue"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class ResultWord(StrEnum):
    """The words of `/result`: only this tells success from failure."""

    IN_QUEUE = "in_queue"
    IN_PROGRESS = "in_progress"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class CancelWord(StrEnum):
    """Final answers to a cancel; `cancellation_requested` is not final."""

    CANCELLED = "cancelled"
    NOT_CANCELLABLE = "not_cancellable"


def read_request_id(value: JsonValue) -> str | None:
    """The id as text, if it is safe in a URL and in a database."""
    if isinstance(value, int) and not isinstance(value, bool):
        # Checked first: Python refuses to print numbers of thousands of digits.
        value = str(value) if 0 <= value < 10**REQUEST_ID_MAX_CHARS else None
    if not isinstance(value, str):
        return None
    text = value.strip()
    # Dots alone would go up in the path of the URL that contains them.
    usable = text.isprintable() and len(text) <= REQUEST_ID_MAX_CHARS and text.strip(".")
    return text if usable else None


def read_cost_microusd(value: JsonValue) -> int | None:
    """Dollars, as a number or as text, in whole micro-dollars; None if invalid."""
    microusd = read_microusd(value)
    plausible = microusd is not None and 0 <= microusd <= _COST_MAX_USD * _MICROUSD_PER_USD
    return microusd if plausible else None


def read_microusd(value: JsonValue) -> int | None:
    """Any sum of dollars, also negative; None if invalid or far too large."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        # Converted through text, so that 0.84 stays 0.84 and not the nearest binary fraction.
        usd = Decimal(str(value).strip())
    except (InvalidOperation, ValueError):
        return None
    if not usd.is_finite() or abs(usd) > _SUM_MAX_USD:
        return None
    return round(usd * _MICROUSD_PER_USD)


def _read_position(value: JsonValue) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    # A database's integer column is narrower than JSON's numbers.
    return value if 0 <= value <= _POSITION_MAX else None


def _read_word(value: JsonValue, *, words: type[WordT]) -> WordT | None:
    if not isinstance(value, str):
        return None
    said = value.strip().lower()
    return next((word for word in words if word.value == said), None)


class _Reply(BaseModel):
    """An object whose every field is read by a function that cannot fail."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class SubmitAnswer(_Reply):
    """The answer to the paid POST. Its URLs are not read: ours are built from the id."""

    request_id: Annotated[str | None, BeforeValidator(read_request_id)] = None


class StatusAnswer(_Reply):
    """The answer of `/status`."""

    status: Annotated[StatusWord | None, BeforeValidator(partial(_read_word, words=StatusWord))] = (
        None
    )
    queue_position: Annotated[int | None, BeforeValidator(_read_position)] = None


class ResultAnswer(_Reply):
    """The answer of `/result`. Of its `error` only the class is kept."""

    status: Annotated[ResultWord | None, BeforeValidator(partial(_read_word, words=ResultWord))] = (
        None
    )
    output: Annotated[Output, BeforeValidator(read_output)] = UnreadableOutput()
    failure: Annotated[FailureReason, BeforeValidator(failure_reason), Field(alias="error")] = (
        FailureReason.GENERATION_FAILED
    )
    cost_microusd: Annotated[
        int | None, BeforeValidator(read_cost_microusd), Field(alias="cost")
    ] = None


class CancelAnswer(_Reply):
    """The answer to a cancel. Its `status` is not read: it says "cancelled" too early."""

    outcome: Annotated[
        CancelWord | None, BeforeValidator(partial(_read_word, words=CancelWord))
    ] = None


def body_of(request: GenerationRequest, frames: Frames) -> Sequence[bytes]:
    """The paid POST's body: every option that the model has, under its name there.

    An option that is empty is left out, since null is not documented. Each data URI is a piece of
    its own: to put megabytes together, or to look for what JSON escapes in them, would hold up the
    event loop.
    """
    values = {**request.said, **frames}
    pieces, text = list[bytes](), b""
    for option, name in request.model.names.items():
        value = values.get(option)
        if value is None:
            continue
        text += b"%b%b:" % (b"," if text else b"{", to_json(name))
        if isinstance(value, bytes):
            pieces += (text + b'"', value)  # base64 has nothing to escape
            text = b'"'
        else:
            text += to_json(value)
    return [*pieces, text + b"}"]

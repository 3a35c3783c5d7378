"""A storyboard in progress: its shots, every way to edit them, and what is missing.

All functions are pure: an edit returns a new storyboard, or None if it is not possible.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.domain.generation.models import PRO, USUAL, model_of
from bot.domain.generation.picture import Picture
from bot.domain.generation.request import (
    DURATION_MAX_S,
    PROMPT_MAX_CHARS,
    SHOTS_MAX,
    SHOTS_MIN,
    Aspect,
    GenerationRequest,
    QualityName,
    Shot,
)
from bot.domain.generation.storyboard_text import UnreadableText, read_shots
from bot.domain.job import JobId
from bot.domain.money.price import Prices

STRIP_CELLS: Final = 2 * DURATION_MAX_S
"""Two characters a second: the strip fits on one line of a phone."""

DRAFT_LIFE: Final = timedelta(days=1)
"""A draft that has not been touched for this long is deleted."""

DraftId = str


class Want(StrEnum):
    """What a storyboard still needs before it can be generated."""

    OVERALL_PROMPT = "overall_prompt"
    MORE_SHOTS = "more_shots"
    LESS_TIME = "less_time"


class Storyboard(BaseModel):
    """The choices so far, complete enough to be generated or not."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    prompt: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=PROMPT_MAX_CHARS)
    ] = ""
    """Applies to the whole video."""
    shots: tuple[Shot, ...] = ()
    selected: int | None = None
    """The index of the shot that the buttons act on."""
    aspect: Aspect = Aspect.LANDSCAPE
    sound: bool = True
    quality: QualityName = PRO
    start_frame: Picture | None = None
    """The picture that the video begins with. Its shape follows it, and `aspect` waits."""
    private: bool = False
    spoiler: bool = False
    unread_text: str | None = None
    """An unreadable text from the text form, kept so that the person can correct it."""

    @property
    def duration_s(self) -> int:
        """The total duration of all shots."""
        return sum(shot.duration_s for shot in self.shots)

    def price_microusd(self, prices: Prices) -> int:
        """The expected price of the current storyboard."""
        model = model_of(self.quality, starts_from_picture=self.start_frame is not None) or USUAL
        return prices.price_microusd(model, self.duration_s, sound=self.sound)

    @property
    def wants(self) -> tuple[Want, ...]:
        """What is missing; empty if it can be generated."""
        missing = {
            Want.OVERALL_PROMPT: not self.prompt,
            Want.MORE_SHOTS: len(self.shots) < SHOTS_MIN,
            Want.LESS_TIME: self.duration_s > DURATION_MAX_S,
        }
        return tuple(want for want, is_missing in missing.items() if is_missing)

    @property
    def is_full(self) -> bool:
        """Whether no further shot may be added."""
        return len(self.shots) >= SHOTS_MAX

    def options(self) -> dict[str, object]:
        """The fields of its GenerationRequest."""
        return {
            "prompt": self.prompt,
            "shots": self.shots,
            "duration_s": self.duration_s,
            "aspect": self.aspect,
            "sound": self.sound,
            "quality": self.quality,
            "start_frame": self.start_frame,
        }


Edit = Callable[[Storyboard], Storyboard | None]
"""One change. It may be applied again, to what another action has written meanwhile."""


class Draft(BaseModel):
    """A storyboard as a row: whose it is, and whether it is being sent."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: DraftId
    owner_id: int
    board: Storyboard
    version: int = 0
    touched_at: datetime
    inspired_by: JobId | None = None
    """The job of the showcase that it is made like."""
    taken_by: int | None = None
    """The id under which it is being generated; until that ends, no other action may do so."""
    asked_by: int | None = None
    """The first interaction that asked for it. Later ones ask under the same id, so that of several
    price questions a single yes buys."""

    @property
    def expires_at(self) -> datetime:
        """When it is deleted unless it is touched again."""
        return self.touched_at + DRAFT_LIFE


def storyboard_of(
    request: GenerationRequest, *, private: bool, spoiler: bool = False
) -> Storyboard:
    """A storyboard to edit, from an earlier request."""
    return Storyboard(
        prompt=request.prompt,
        shots=request.shots,
        selected=0 if request.shots else None,
        aspect=request.aspect,
        quality=request.quality,
        start_frame=request.start_frame,
        sound=request.sound,
        private=private,
        spoiler=spoiler,
    )


def with_prompt(board: Storyboard, prompt: str) -> Storyboard:
    """Set the prompt for the whole video.

    Raises:
        pydantic.ValidationError: the prompt is too long.
    """
    return Storyboard.model_validate({**board.model_dump(), "prompt": prompt})


def added(board: Storyboard, shot: Shot) -> Storyboard | None:
    """Append a shot and select it; None if there is no room."""
    if board.is_full:
        return None
    return _with_shots(board, (*board.shots, shot), selected=len(board.shots))


def changed(board: Storyboard, index: int, shot: Shot) -> Storyboard | None:
    """Replace a shot, or append it if the old one was removed meanwhile."""
    if index >= len(board.shots):
        return added(board, shot)
    shots = (*board.shots[:index], shot, *board.shots[index + 1 :])
    return _with_shots(board, shots, selected=index)


def picked(board: Storyboard, index: int) -> Storyboard | None:
    """Select a shot."""
    if not 0 <= index < len(board.shots):
        return None
    return board.model_copy(update={"selected": index})


def moved(board: Storyboard, by: int) -> Storyboard | None:
    """Swap the selected shot with its neighbour: -1 is towards the beginning."""
    here = board.selected
    if here is None or not 0 <= here + by < len(board.shots):
        return None
    shots = list(board.shots)
    shots[here], shots[here + by] = shots[here + by], shots[here]
    return _with_shots(board, shots, selected=here + by)


def removed(board: Storyboard) -> Storyboard | None:
    """Remove the selected shot; its successor is selected, or the new last one."""
    here = board.selected
    if here is None:
        return None
    shots = (*board.shots[:here], *board.shots[here + 1 :])
    return _with_shots(board, shots, selected=min(here, len(shots) - 1) if shots else None)


def retold(board: Storyboard, text: str) -> Storyboard:
    """Replace all shots from the text form; an unreadable text is kept beside them."""
    match read_shots(text):
        case UnreadableText():
            return board.model_copy(update={"unread_text": text})
        case shots:
            return _with_shots(board, shots, selected=0)


def timeline(shots: Sequence[Shot]) -> str:
    """A strip of `STRIP_CELLS` characters that shows each shot's share of the longest video.

    A storyboard that is too long fills the strip, so that the shares can still be compared.
    """
    ends_s = list(accumulate((shot.duration_s for shot in shots), initial=0))
    whole_s = max(DURATION_MAX_S, ends_s[-1])
    edges = [round(end_s * STRIP_CELLS / whole_s) for end_s in ends_s]
    strip = "".join(
        f"{number}{'━' * (end - start - 2)}{'┃' if end - start > 1 else ''}"
        for number, (start, end) in enumerate(pairwise(edges), start=1)
    )
    return strip.ljust(STRIP_CELLS, "·")


def _with_shots(board: Storyboard, shots: Sequence[Shot], *, selected: int | None) -> Storyboard:
    # Once the shots change, an older unreadable text is outdated.
    update = {"shots": tuple(shots), "selected": selected, "unread_text": None}
    return board.model_copy(update=update)

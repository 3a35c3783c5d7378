"""A person's own preferences."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.generation.request import DURATION_MAX_S, DURATION_MIN_S, Aspect, QualityName

ASK_ABOVE_CHOICES_MICROUSD: Final = (0, 500_000, 1_000_000, 1_500_000, 2_000_000)
"""The amounts above which the bot can ask first; the most expensive video in Pro costs $2.52."""


class Notify(StrEnum):
    """How a person is notified that their video is ready."""

    MENTION = "mention"
    DIRECT = "direct"
    NONE = "none"


class Preferences(BaseModel):
    """One person's preferences; None leaves it to Discord or to the model and is the default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    notify: Notify | None = None
    """How they are notified of results; None uses the setting of the server."""
    language: Annotated[str | None, Field(max_length=16)] = None
    aspect: Aspect | None = None
    duration_s: Annotated[int | None, Field(ge=DURATION_MIN_S, le=DURATION_MAX_S)] = None
    sound: bool | None = None
    quality: QualityName | None = None
    ask_above_microusd: Annotated[int | None, Field(ge=0)] = None
    """The price above which they are asked before buying; None never asks."""

    @property
    def defaults(self) -> dict[str, object]:
        """Default values for omitted options, by the fields of GenerationRequest.

        Without the quality: it gives way to what the place offers (`policy.default_quality`).
        """
        chosen = {
            "aspect": self.aspect,
            "duration_s": self.duration_s,
            "sound": self.sound,
        }
        return {option: value for option, value in chosen.items() if value is not None}

    def wants_to_be_asked(self, estimate_microusd: int) -> bool:
        """Whether the person is asked first at this price."""
        return self.ask_above_microusd is not None and estimate_microusd > self.ask_above_microusd

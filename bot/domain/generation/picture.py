"""A picture that a video begins or ends with: what a request keeps of it, without its bytes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

SIDE_MIN_PX: Final = 300
"""The shortest side that the models take."""
RATIO_MAX: Final = 2.5
"""The longer side divided by the shorter one, at most."""
PIXELS_MAX: Final = 32_000_000
"""Compared with what the header says, before anything is decoded. It is the cap of RunComfy's own
client."""
LONG_SIDE_MAX_PX: Final = 4096
"""A larger picture is scaled down. The largest video has 3840, a photograph of 12 megapixels 4032:
to scale that one would cost a third more memory for nothing."""
ATTACHMENT_MAX_BYTES: Final = 10 * 1024 * 1024
"""The largest attachment that the bot reads."""
SENT_MAX_BYTES: Final = 4 * 1024 * 1024
"""The largest picture that is kept and sent: RunComfy's own client sends 6 MiB at most, and base64
makes a third more of it."""


class Picture(BaseModel):
    """A picture by its content. Its bytes are in the database, once for the same content."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the bytes that are sent: checked, turned upright, without metadata."""
    media_type: Annotated[str, StringConstraints(pattern=r"^image/(png|jpeg|webp)$")]
    width_px: Annotated[int, Field(ge=SIDE_MIN_PX)]
    height_px: Annotated[int, Field(ge=SIDE_MIN_PX)]
    link: Annotated[str | None, Field(max_length=2_000, repr=False)] = None
    """Discord's own link to the attachment. It ends after about a day."""


class PictureFault(StrEnum):
    """What is wrong with a picture: each has its own message, which says what to change."""

    TOO_LARGE = "too_large"
    """It has more than `ATTACHMENT_MAX_BYTES`, or more than Discord declared."""
    NOT_FETCHED = "not_fetched"
    """Discord did not hand over the attachment. The same again may work."""
    NOT_A_PICTURE = "not_a_picture"
    """By its first bytes it is no PNG, JPEG, WEBP, BMP, GIF or HEIC."""
    UNREADABLE = "unreadable"
    """It is damaged, or it needs too much memory."""
    TOO_SMALL = "too_small"
    """A side is shorter than `SIDE_MIN_PX`."""
    TOO_NARROW = "too_narrow"
    """The ratio of its sides is beyond `RATIO_MAX`."""
    TOO_MANY_PIXELS = "too_many_pixels"
    """It has more than `PIXELS_MAX`."""
    TOOK_TOO_LONG = "took_too_long"


@dataclass(frozen=True, slots=True)
class PictureRefusal:
    """Why a picture is not taken, with its size where that is the reason; 0 is unknown."""

    fault: PictureFault
    width_px: int = 0
    height_px: int = 0

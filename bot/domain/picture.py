"""A picture that a video begins or ends with: what a request keeps of it, without its bytes."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

SIDE_MIN_PX: Final = 300
"""The shortest side that the models take."""
RATIO_MAX: Final = 2.5
"""The longer side divided by the shorter one, at most."""
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
    link: Annotated[str, Field(max_length=2_000, repr=False)] | None = None
    """Discord's own link to the attachment. It ends after about a day."""

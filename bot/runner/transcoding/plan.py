"""How to encode a copy under a size: bitrates and height, as a pure function."""

from dataclasses import dataclass
from typing import Final

AUDIO_BITS_PER_S: Final = 96_000
FILL: Final = 0.92
"""The share of the limit that is aimed at: the container, and the encoder's aim, need the rest."""
LEAST_VIDEO_BITS_PER_S: Final = 150_000
"""Below it the picture falls apart: the link is the better answer."""

_HEIGHT_FROM_BITS_PER_S: Final = ((1_200_000, 720), (500_000, 480), (0, 360))


@dataclass(frozen=True, slots=True)
class EncodingPlan:
    """What the encoder is told. The short side is at most `short_side_px`, never enlarged."""

    video_bits_per_s: int
    audio_bits_per_s: int
    short_side_px: int


def plan_copy(*, limit_bytes: int, duration_s: float, sound: bool) -> EncodingPlan | None:
    """The best plan that ends under `limit_bytes`, or None when nothing watchable would fit."""
    audio = AUDIO_BITS_PER_S if sound else 0
    video = int(limit_bytes * 8 * FILL / duration_s) - audio
    if video < LEAST_VIDEO_BITS_PER_S:
        return None
    short_side_px = next(px for least, px in _HEIGHT_FROM_BITS_PER_S if video >= least)
    return EncodingPlan(video_bits_per_s=video, audio_bits_per_s=audio, short_side_px=short_side_px)

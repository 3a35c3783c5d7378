"""The expected price of a generation, in whole micro-dollars: money is never a float."""

from typing import Final

from bot.domain.request import GenerationRequest

SILENT_MICROUSD_PER_S: Final = 112_000
"""RunComfy's published price of a second without sound: $0.112."""
SOUND_MICROUSD_PER_S: Final = 168_000
"""RunComfy's published price of a second with sound: $0.168."""


def estimate_microusd(request: GenerationRequest) -> int:
    """Estimate the price in advance; the result's actual cost replaces it later."""
    return price_microusd(request.duration_s, sound=request.sound)


def price_microusd(duration_s: int, *, sound: bool) -> int:
    """The expected price of a video of this length."""
    return duration_s * (SOUND_MICROUSD_PER_S if sound else SILENT_MICROUSD_PER_S)

"""What a generation is expected to cost, in whole micro-dollars: money is never a float."""

from typing import Final

from bot.domain.request import GenerationRequest

SILENT_MICROUSD_PER_S: Final = 112_000
"""RunComfy's published price of a second without sound: $0.112."""
SOUND_MICROUSD_PER_S: Final = 168_000
"""RunComfy's published price of a second with sound: $0.168."""


def estimate_microusd(request: GenerationRequest) -> int:
    """Estimate the price before the fact; the result's own cost replaces it afterwards."""
    return price_microusd(request.duration_s, sound=request.sound)


def price_microusd(duration_s: int, *, sound: bool) -> int:
    """What so many seconds are expected to cost."""
    return duration_s * (SOUND_MICROUSD_PER_S if sound else SILENT_MICROUSD_PER_S)

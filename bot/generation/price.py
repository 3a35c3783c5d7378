"""What a generation is expected to cost, in whole micro-dollars: money is never a float."""

from typing import Final

from bot.generation.request import GenerationRequest

SILENT_MICROUSD_PER_S: Final = 112_000
"""RunComfy's published price of a second without sound: $0.112."""
SOUND_MICROUSD_PER_S: Final = 168_000
"""RunComfy's published price of a second with sound: $0.168."""


def estimate_microusd(request: GenerationRequest) -> int:
    """Estimate the price before the fact; the result's own cost replaces it afterwards."""
    per_second = SOUND_MICROUSD_PER_S if request.sound else SILENT_MICROUSD_PER_S
    return per_second * request.duration_s

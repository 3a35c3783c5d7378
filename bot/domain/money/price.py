"""The expected price of a generation, in whole micro-dollars: money is never a float."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.generation.models import MODELS, USUAL, Model
from bot.domain.generation.request import DURATION_DEFAULT_S, DURATION_MIN_S, GenerationRequest


@dataclass(frozen=True, slots=True)
class PerSecond:
    """What a second of video costs."""

    silent_microusd: int
    sound_microusd: int


class Prices:
    """What the models cost: as declared, or as the service's catalogue says where that is more.

    An estimate that is too high gives money back in the end; one that is too low passes a cap.
    """

    def __init__(self) -> None:
        self._raised: dict[str, PerSecond] = {}

    def of_model(self, model: Model) -> PerSecond:
        """What a second of this model costs now."""
        declared = PerSecond(model.silent_microusd_per_s, model.sound_microusd_per_s)
        return self._raised.get(model.id, declared)

    @property
    def raised(self) -> Mapping[str, PerSecond]:
        """The models, by id, that cost more by the catalogue than declared."""
        return self._raised

    def estimate_microusd(self, request: GenerationRequest) -> int:
        """Estimate the price in advance; the result's actual cost replaces it later."""
        return self.price_microusd(request.model, request.duration_s, sound=request.sound)

    def price_microusd(self, model: Model, duration_s: int, *, sound: bool) -> int:
        """The expected price of a video of this length."""
        second = self.of_model(model)
        return duration_s * (second.sound_microusd if sound else second.silent_microusd)

    def hear(self, model: Model, *, silent_microusd: int, sound_microusd: int | None) -> bool:
        """Take over the catalogue's prices where they are higher; returns whether they are.

        Where the catalogue names no price with sound, it rises in proportion.
        """
        silent, sound = model.silent_microusd_per_s, model.sound_microusd_per_s
        raised = PerSecond(
            max(silent, silent_microusd),
            max(sound, sound_microusd or -(-sound * silent_microusd // silent)),
        )
        if raised == PerSecond(silent, sound):
            self._raised.pop(model.id, None)
            return False
        self._raised[model.id] = raised
        return True

    @property
    def usual_microusd(self) -> int:
        """A video with default options: limits in money and in number are compared by it."""
        return self.price_microusd(USUAL, DURATION_DEFAULT_S, sound=True)

    def cheapest_microusd(self, models: Iterable[Model] = MODELS) -> int:
        """The shortest silent video of the cheapest model."""
        return min(self.price_microusd(model, DURATION_MIN_S, sound=False) for model in models)

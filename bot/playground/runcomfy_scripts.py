"""Chooses a purchase's scenario: the scripted one, the one its prompt names, or the default."""

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bot.playground.runcomfy_scenario import (
    Answers,
    Cancelling,
    Closes,
    Ending,
    Fault,
    How,
    Output,
    Says,
    Scenario,
    api_error,
    fault_at,
    malformed,
    rate_limited,
    unavailable,
)

_HUGE_BYTES: Final = 11 * 1024 * 1024

WORDS: Final[Mapping[str, tuple[str, Scenario]]] = MappingProxyType(
    {
        # Phrases before words, since the first match counts.
        "long queue": (
            "waits 90 s in the queue, behind 12 others: time enough to cancel",
            Scenario(queue_s=90, queue_position=12),
        ),
        "slow": ("renders for a minute", Scenario(rendering_s=60)),
        "late": (
            "renders for 35 minutes: the card says that it takes long, and it comes all the same",
            Scenario(rendering_s=35 * 60),
        ),
        "fail": (
            "fails while it renders",
            Scenario(ending=Ending.FAILS, error={"type": "internal", "message": "worker died"}),
        ),
        "refuse": (
            "is refused by the content filter",
            Scenario(
                ending=Ending.FAILS, error="Blocked by content moderation: sensitive content."
            ),
        ),
        "dropped": (
            "is cancelled by the service itself",
            Scenario(ending=Ending.CANCELLED_THERE),
        ),
        "stubborn": (
            "cannot be cancelled, though it waits in the queue for 30 s",
            Scenario(queue_s=30, cancelling=Cancelling.REFUSED),
        ),
        "storm": (
            "is asked about in vain for a while: errors, broken answers, strange words",
            Scenario(
                on_status=(
                    Fault(unavailable(), times=2),
                    Fault(rate_limited("1"), times=1),
                    Fault(malformed(), times=1),
                    Fault(Closes(), times=1),
                    Fault(api_error(404001), times=1),
                    Fault(Says("processing"), times=1),
                    Fault(Answers(200, {"error_code": 500000, "error_message": "oops"}), times=1),
                )
            ),
        ),
        "lost": (
            "is accepted and charged, but the answer is lost: the bot cannot know",
            Scenario(on_submit=(Fault(unavailable(502), accepted=True),)),
        ),
        "busy": (
            "meets a service that is busy twice, and is accepted the third time",
            Scenario(on_submit=(Fault(rate_limited("3"), times=2),)),
        ),
        "broke": (
            "finds no money left on the account; a minute later there is some again",
            Scenario(on_submit=(Fault(api_error(400002, status=402), times=1),)),
        ),
        "several": ("gives two videos", Scenario(output=Output.VIDEOS)),
        "image": ("gives an image instead of a video", Scenario(output=Output.IMAGE)),
        "nothing": ("succeeds, but gives no file at all", Scenario(output=Output.NOTHING)),
        "huge": (
            "gives a video of over 10 MiB, more than Discord takes",
            Scenario(video_over_bytes=_HUGE_BYTES),
        ),
        "unreachable": (
            "gives a video whose file cannot be fetched",
            # Not a 404, which a late file would give as well.
            Scenario(on_file=(Fault(Answers(403, "forbidden")),)),
        ),
    }
)
"""Word → what it does, and the scenario that does it. The first in a prompt counts."""


def scenario_of(prompt: str) -> Scenario | None:
    """The scenario that the prompt chooses, by whole words."""
    for word, (_, scenario) in WORDS.items():
        if re.search(rf"\b{re.escape(word)}\b", prompt, re.IGNORECASE):
            return scenario
    return None


@dataclass(slots=True)
class _Script:
    scenario: Scenario
    attempts: int = 0


class Scripts:
    """Hands out scenarios, one per purchase, however many POSTs the purchase takes."""

    def __init__(self) -> None:
        self.default = Scenario()
        self._willing: deque[_Script] = deque()
        self._by_prompt: dict[str, _Script] = {}

    def add(self, *scenarios: Scenario) -> None:
        """Script the next submissions, in order."""
        self._willing.extend(_Script(scenario) for scenario in scenarios)

    def take(self, prompt: str) -> tuple[Scenario, Fault[How] | None]:
        """The scenario of this POST, and its fault, if any.

        After a fault with a number of times the scenario stays for the next POST: for any next
        POST if it was scripted, otherwise for the next one with this prompt.
        """
        scripted = bool(self._willing)
        script = self._willing[0] if scripted else self._of_prompt(prompt)
        fault = fault_at(script.scenario.on_submit, script.attempts)
        script.attempts += 1
        # A temporary refusal belongs to a purchase that will be tried again.
        stays = fault is not None and fault.times is not None and not fault.accepted
        if not stays and scripted:
            self._willing.popleft()
        elif not stays:
            del self._by_prompt[prompt]
        return script.scenario, fault

    def _of_prompt(self, prompt: str) -> _Script:
        fresh = _Script(scenario_of(prompt) or self.default)
        return self._by_prompt.setdefault(prompt, fresh)

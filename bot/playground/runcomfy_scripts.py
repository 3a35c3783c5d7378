"""Which scenario a purchase follows: the scripted, the one that its prompt names, the default."""

from collections import deque
from dataclasses import dataclass

from bot.playground.runcomfy_scenario import Fault, How, Scenario, fault_at
from bot.playground.runcomfy_words import scenario_of


@dataclass(slots=True)
class _Script:
    scenario: Scenario
    attempts: int = 0


class Scripts:
    """Hands out scenarios, each to one purchase, however many POSTs that one takes."""

    def __init__(self) -> None:
        self.default = Scenario()
        self._willing: deque[_Script] = deque()
        self._by_prompt: dict[str, _Script] = {}

    def add(self, *scenarios: Scenario) -> None:
        """Script the next submissions, in order."""
        self._willing.extend(_Script(scenario) for scenario in scenarios)

    def take(self, prompt: str) -> tuple[Scenario, Fault[How] | None]:
        """The scenario of this POST, and what goes wrong with it.

        After a fault that lasts a number of times the scenario stays for the next POST: the next
        one at all if it was scripted, the next one with this prompt otherwise.
        """
        scripted = bool(self._willing)
        script = self._willing[0] if scripted else self._of_prompt(prompt)
        fault = fault_at(script.scenario.on_submit, script.attempts)
        script.attempts += 1
        # A refusal that passes belongs to a purchase that will be tried again.
        stays = fault is not None and fault.times is not None and not fault.accepted
        if not stays and scripted:
            self._willing.popleft()
        elif not stays:
            del self._by_prompt[prompt]
        return script.scenario, fault

    def _of_prompt(self, prompt: str) -> _Script:
        fresh = _Script(scenario_of(prompt) or self.default)
        return self._by_prompt.setdefault(prompt, fresh)

"""What goes wrong at the two services while the soak lasts: by chance, and never for good."""

import re
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from types import MappingProxyType
from typing import Final

from bot.playground.runcomfy_scenario import Closes, CutsOff, Fault, Scenario, rate_limited
from tests.live.discord_server import Call, Mishap

QUEUE_MAX_S: Final = 0.2
RENDERING_MAX_S: Final = 0.7
BAD_AT_RUNCOMFY: Final = 0.05
"""The share of jobs with which something goes wrong at RunComfy."""
BAD_AT_DISCORD: Final = 0.02
"""The share of calls."""
FAULTS: Final[Mapping[str, Scenario]] = MappingProxyType(
    {
        "429 to a POST": Scenario(on_submit=(Fault(rate_limited("1"), times=1),)),
        "429 to a poll": Scenario(on_status=(Fault(rate_limited("1"), times=1),)),
        "reset of two polls": Scenario(on_status=(Fault(Closes(), times=2),)),
        "429 to a result": Scenario(on_result=(Fault(rate_limited("1"), times=1),)),
        "reset of a result": Scenario(on_result=(Fault(Closes(), times=1),)),
        "half a file": Scenario(on_file=(Fault(CutsOff(), times=1),)),
        "reset of a file": Scenario(on_file=(Fault(Closes(), times=1),)),
    }
)
"""No answer to a POST is lost: its job would be unsure, which is another story."""
_ACKNOWLEDGES: Final = re.compile(r"/callback$")
_CAN_REPEAT: Final = re.compile(r"/channels/\d+/messages(/\d+)?$")
"""Edits, and messages with a nonce."""


def fault(random: Random) -> str | None:
    """What goes wrong with the next job at RunComfy."""
    return random.choice([*FAULTS]) if random.random() < BAD_AT_RUNCOMFY else None


def scenario(random: Random, fault: str | None) -> Scenario:
    """How the next job goes, with this fault."""
    return replace(
        FAULTS[fault] if fault else Scenario(),
        queue_s=random.uniform(0, QUEUE_MAX_S),
        rendering_s=random.uniform(0, RENDERING_MAX_S),
    )


def mishap(call: Call, random: Random) -> Mishap | None:
    """What goes wrong with a call at Discord."""
    if random.random() >= BAD_AT_DISCORD:
        return None
    if _CAN_REPEAT.search(call.path):
        return random.choice(("limited", "unheard", "unanswered"))
    return "limited" if _ACKNOWLEDGES.search(call.path) else None

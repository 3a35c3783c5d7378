"""How seldom Python looks for garbage: with thousands of live jobs each time takes a while.

Nearly all garbage goes at once, by its last reference; only cycles wait for such a look. While it
goes on the event loop stands still, at Python's own settings several times a minute for half a
second with ten thousand jobs.
"""

import gc
from typing import Final

NEW_OBJECTS: Final = 20_000
"""So many more than went before the youngest are looked through: a few megabytes."""
YOUNG_ROUNDS: Final = 20
MIDDLE_ROUNDS: Final = 100


def collect_seldom() -> None:
    """Look seldom from here on, and never again at what is there now: modules do not go away."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, YOUNG_ROUNDS, MIDDLE_ROUNDS)

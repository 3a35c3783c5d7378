"""Makes Python's garbage collection rare: with thousands of live jobs each run takes a while.

Nearly all garbage is freed at once, with its last reference; only cycles wait for a collection.
The event loop stands still during one: with Python's defaults and ten thousand jobs for half a
second, several times a minute.
"""

import gc
from typing import Final

NEW_OBJECTS: Final = 5_000
"""A collection of the youngest objects begins after so many new ones: about a megabyte."""
YOUNG_ROUNDS: Final = 10
MIDDLE_ROUNDS: Final = 20
"""After so many rounds what was in use is looked at again: else it would stay for good."""


def collect_seldom() -> None:
    """Collect rarely from now on, and never what exists now: modules do not go away."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, YOUNG_ROUNDS, MIDDLE_ROUNDS)

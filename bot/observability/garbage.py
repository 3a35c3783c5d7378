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
DUE_ROUNDS: Final = 20
"""After so many rounds what lives for long is looked at too: else garbage in it would stay."""
FORCED_ROUNDS: Final = 1_000
"""Python looks at it by itself, in the middle of any work, only after so many."""


def collect_seldom() -> None:
    """Collect rarely from now on, and never what exists now: what a bot is built of stays."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, YOUNG_ROUNDS, FORCED_ROUNDS)


def collect_if_due() -> None:
    """Look at all that lives, if a million objects were made since; the loop stands still.

    Called between other work, when little lives: in the middle of an export it is ten times as
    much, and all of it would be looked at.
    """
    if gc.get_count()[2] >= DUE_ROUNDS:
        gc.collect()

"""Python looks for garbage more seldom than by itself, but it does look."""

import gc
import weakref
from collections.abc import Generator

import pytest

from bot.observability.garbage import NEW_OBJECTS, collect_if_due, collect_seldom


@pytest.fixture
def as_before() -> Generator[None]:
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()


class Cycle:
    def __init__(self) -> None:
        self.itself = self


@pytest.mark.usefixtures("as_before")
def test_what_is_there_is_left_alone_and_what_comes_is_collected_in_the_end() -> None:
    collect_seldom()
    assert gc.get_freeze_count() > 0

    gone = weakref.ref(Cycle())
    made = [[number] for number in range(NEW_OBJECTS + 1_000)]

    assert gone() is None
    assert len(made) > NEW_OBJECTS


@pytest.mark.usefixtures("as_before")
def test_what_was_in_use_for_long_is_collected_as_well_as_a_bot_goes_on() -> None:
    gone = used_for_long(garbage_meanwhile=500_000)
    assert gone() is not None

    leave_garbage(1_500_000)
    assert gone() is not None  # Python did not look by itself, in the middle of something

    collect_if_due()

    assert gone() is None


@pytest.mark.usefixtures("as_before")
def test_a_bot_that_did_little_does_not_stand_still_for_its_garbage() -> None:
    gone = used_for_long(garbage_meanwhile=100_000)

    collect_if_due()

    assert gone() is not None


def used_for_long(*, garbage_meanwhile: int) -> weakref.ref[Cycle]:
    """A cycle that outlived the first looks of the collector, and is in use no more."""
    collect_seldom()
    # So that what is in use is known to be little, as in a bot: a part of it may become garbage.
    gc.collect()
    in_use = Cycle()
    leave_garbage(garbage_meanwhile)
    return weakref.ref(in_use)


def leave_garbage(many: int) -> None:
    for _ in range(many):
        itself = list[object]()
        itself.append(itself)

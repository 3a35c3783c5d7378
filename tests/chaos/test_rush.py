"""Two hundred who ask in the same moment never pass a cap, nor the number that may be sent."""

import pytest

from tests.chaos.rush import Crowd, Figures, crowd, rush, rush_of_processes

Capture = pytest.CaptureFixture[str]


def printed(found: Figures | Crowd, capsys: Capture) -> None:
    """Show the figures also where the test is passed."""
    with capsys.disabled():
        print(f"\n{found}")  # noqa: T201 - figures are for people


async def test_of_200_at_once_against_a_cap_of_5_exactly_5_are_accepted(
    database_url: str, capsys: Capture
) -> None:
    found = await rush(database_url, asks=200, cap=5, seed=7, stores=3)
    printed(found, capsys)
    assert (found.asked, found.accepted, found.refused) == (200, 5, 195)
    assert found.books_agree


async def test_and_from_several_processes_as_well(postgres_url: str, capsys: Capture) -> None:
    found = await rush_of_processes(postgres_url, asks=200, cap=5, seed=7, processes=2)
    printed(found, capsys)
    assert (found.asked, found.accepted, found.refused) == (200, 5, 195)
    assert found.books_agree


async def test_never_more_are_sent_at_once_than_may_be(database_url: str, capsys: Capture) -> None:
    found = await crowd(database_url, jobs=40, at_once=5, per_user=2, stores=2)
    printed(found, capsys)
    assert (found.sent, found.most_under_way) == (40, 5)
    assert found.most_of_one_user <= 2

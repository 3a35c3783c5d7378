"""Figures for a terminal are short, exact where money is concerned, and harmless."""

from datetime import timedelta

import pytest

from bot.domain.figures import on_one_line, said_age, said_bytes, said_dollars, without_markup


@pytest.mark.parametrize(
    ("microusd", "said"),
    [
        (0, "$0.00"),
        (840_000, "$0.84"),
        (336_000, "$0.336"),
        (1_000_000_000, "$1000.00"),
        (-500_000, "-$0.50"),
    ],
)
def test_sums(microusd: int, said: str) -> None:
    assert said_dollars(microusd) == said


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 B"),
        (1_023, "1023 B"),
        (1_024, "1.0 KiB"),
        (512 * 1024**2, "512.0 MiB"),
        (1_610_612_736, "1.5 GiB"),
        (10**18, "931322574.6 GiB"),
    ],
)
def test_sizes(size: int, said: str) -> None:
    assert said_bytes(size) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-5, "0 s"), (59, "59 s"), (60, "1 min"), (7_199, "1 h"), (86_400 * 3, "3 d")],
)
def test_ages(seconds: int, said: str) -> None:
    assert said_age(timedelta(seconds=seconds)) == said


def test_a_text_neither_ends_the_line_nor_steers_the_terminal() -> None:
    assert on_one_line("a kite\x1b[2J\nover the sea ☀") == "a kite\\x1b[2J\\nover the sea ☀"


def test_what_was_written_for_discord_is_plain_on_a_terminal() -> None:
    assert without_markup("It was **not** sent. It renews <t:1795392000:R>.") == (
        "It was not sent. It renews at 2026-11-23 00:00 UTC."
    )

"""What stands before a video from the terminal is said with what ends the wait."""

from bot.cli.terminal.bench import Behind
from bot.domain.line import WaitReason


def test_a_pause_is_said_with_what_ends_it() -> None:
    said = str(Behind(WaitReason.PAUSED, (), is_alone=True))
    assert said == "Sending is paused: `/kling-operator resume` on Discord ends that."

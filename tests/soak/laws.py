"""What became of each job, by its number: at RunComfy, in the rows and at Discord."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """One job from all sides."""

    number: int
    bought: int
    """The POSTs that RunComfy accepted."""
    states: Sequence[str]
    """Of each row that came of the command."""
    attached: int
    """The bytes of the video on its card, as they arrived; 0 without one."""
    pings: frozenset[str]
    """The nonces of the messages that notified the member: one that repeats is seen once."""


def breaches(stories: Iterable[Story], *, video_bytes: int) -> list[str]:
    """A sentence for each law that a job broke."""
    return [
        f"no. {story.number}: {breach}" for story in stories for breach in _of(story, video_bytes)
    ]


def _of(story: Story, video_bytes: int) -> Iterable[str]:
    if story.bought != 1:
        yield f"bought {story.bought} times"
    if [*story.states] != ["delivered"]:
        yield f"its rows say {', '.join(story.states) or 'nothing'}"
    if story.attached != video_bytes:
        yield f"{story.attached} bytes of the video are on its card"
    if len(story.pings) != 1:
        yield f"notified {len(story.pings)} times"

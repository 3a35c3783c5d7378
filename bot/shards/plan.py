"""The shards that a process wants, from the command line: `auto`, `0-3/8`, `5/8`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MAX_SHARDS: Final = 4_096
"""More than ten times what the largest bots have, to catch typing errors."""
_FIXED: Final = re.compile(r"(?P<shards>[0-9, -]+)/\s*(?P<count>[0-9]+)")
_SPAN: Final = re.compile(r"\s*([0-9]+)\s*(?:-\s*([0-9]+)\s*)?")


@dataclass(frozen=True, slots=True)
class AnyShards:
    """Any free shards, of as many as Discord recommends or others have agreed on."""


@dataclass(frozen=True, slots=True)
class TheseShards:
    """These of `count`, and no others."""

    ids: tuple[int, ...]
    """Ascending, without repetition."""
    count: int


ShardPlan = AnyShards | TheseShards


def read_plan(text: str) -> ShardPlan:
    """Parse the argument.

    Raises:
        ValueError: with a sentence that says what is allowed.
    """
    if text.strip().casefold() == "auto":
        return AnyShards()
    parts = _FIXED.fullmatch(text.strip())
    spans = [_SPAN.fullmatch(span) for span in parts["shards"].split(",")] if parts else [None]
    if parts is None or None in spans:
        raise ValueError("it must be auto, or shards and their number, such as 0-3/8 or 0,5/8")
    count = int(parts["count"])
    if not 1 <= count <= MAX_SHARDS:
        raise ValueError(f"the number after the stroke must be from 1 to {MAX_SHARDS}")
    ids = tuple(sorted(set(_ids(span for span in spans if span is not None))))
    if not ids or ids[-1] >= count:
        raise ValueError(f"of {count} shards the last is {count - 1}, and a span goes upwards")
    return TheseShards(ids=ids, count=count)


def wanted(plan: ShardPlan, count: int) -> range | tuple[int, ...]:
    """The shards that a process may serve, once their number is known."""
    return range(count) if isinstance(plan, AnyShards) else plan.ids


def _ids(spans: Iterable[re.Match[str]]) -> Iterable[int]:
    for span in spans:
        first, last = int(span[1]), int(span[2] or span[1])
        if last >= MAX_SHARDS or last < first:
            # Neither expanded nor skipped: it becomes an id that no count allows.
            yield MAX_SHARDS
        else:
            yield from range(first, last + 1)

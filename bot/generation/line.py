"""Our own line: who may send next when more is asked than may be under way at once.

Fair without a memory: servers take turns, people within a server take turns, and of one person's
jobs the oldest goes first. What somebody has under way counts as turns already taken.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.generation.job import JobId, State

UNDER_WAY_STATES = frozenset({State.SUBMITTING, State.QUEUED, State.RENDERING})
"""States in which a job takes one of the places at the service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One job that waits in the line or is under way."""

    job_id: JobId
    guild_id: int | None
    user_id: int
    created_at: datetime
    is_under_way: bool

    @property
    def server(self) -> tuple[str, int]:
        """Whom it takes turns with: its server, or its person alone in direct messages."""
        return ("user", self.user_id) if self.guild_id is None else ("guild", self.guild_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOnce:
    """How many may be under way at once; None is no limit of its own."""

    per_user: int | None = None
    per_server: int | None = None
    is_paused: bool = False
    """Nothing is sent from there for now; what waits keeps its place."""


class WaitReason(StrEnum):
    """What a job in the line waits for."""

    OTHERS = "others"
    """All places are taken."""
    OWN = "own"
    """Its requester has as many under way as one person may."""
    SERVER = "server"
    """Its server has as many under way as it may."""
    PAUSED = "paused"
    """Sending is paused, there or altogether."""


@dataclass(frozen=True, slots=True)
class Go:
    """It may be sent now."""


@dataclass(frozen=True, slots=True)
class InLine:
    """It waits; `position` counts from 1 over everybody who waits."""

    position: int
    reason: WaitReason


Turn = Go | InLine
AtOnceOf = Callable[[int | None], AtOnce]
"""The limits of a server by its id; None asks for those of direct messages."""
Decide = Callable[[Iterable[Standing]], Mapping[JobId, Turn]]
"""`turns`, with its limits given."""


def turns(
    standings: Iterable[Standing], *, at_once: int, limits_of: AtOnceOf
) -> Mapping[JobId, Turn]:
    """What each waiting job may do now."""
    everybody = list(standings)
    under_way = [one for one in everybody if one.is_under_way]
    of_server = Counter(one.server for one in under_way)
    of_user = Counter(one.user_id for one in under_way)
    free = at_once - len(under_way)
    decided: dict[JobId, Turn] = {}
    position = 0
    for one in in_order(everybody):
        limits = limits_of(one.guild_id)
        if limits.is_paused:
            reason = WaitReason.PAUSED
        elif limits.per_user is not None and of_user[one.user_id] >= limits.per_user:
            reason = WaitReason.OWN
        elif limits.per_server is not None and of_server[one.server] >= limits.per_server:
            reason = WaitReason.SERVER
        elif free <= 0:
            reason = WaitReason.OTHERS
        else:
            decided[one.job_id] = Go()
            free -= 1
            of_user[one.user_id] += 1
            of_server[one.server] += 1
            continue
        position += 1
        decided[one.job_id] = InLine(position, reason)
    return decided


def in_order(standings: Iterable[Standing]) -> list[Standing]:
    """The waiting jobs in the order in which they may go."""
    everybody = list(standings)
    within_server = _ranked(everybody, lambda one: (one.server, one.user_id), lambda _: 0)
    between_servers = _ranked(
        everybody, lambda one: one.server, lambda one: within_server[one.job_id]
    )
    waiting = [one for one in everybody if not one.is_under_way]
    return sorted(
        waiting, key=lambda one: (between_servers[one.job_id], one.created_at, one.job_id)
    )


def _ranked(
    everybody: Iterable[Standing],
    group_of: Callable[[Standing], object],
    first_by: Callable[[Standing], int],
) -> Mapping[JobId, int]:
    """Each waiting job's turn within its group: after what the group has under way."""
    taken: Counter[object] = Counter()
    groups: defaultdict[object, list[Standing]] = defaultdict(list)
    for one in everybody:
        if one.is_under_way:
            taken[group_of(one)] += 1
        else:
            groups[group_of(one)].append(one)
    return {
        one.job_id: taken[group] + rank
        for group, members in groups.items()
        for rank, one in enumerate(
            sorted(members, key=lambda one: (first_by(one), one.created_at, one.job_id))
        )
    }

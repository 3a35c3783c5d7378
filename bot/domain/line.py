"""Our own line: which job is sent next when there are more jobs than may be in progress at once.

Servers take turns, the members of a server take turns, and each member's oldest job goes first. A
member's jobs in progress count as turns already taken. Among members with equal turns, the one who
has waited longest since arriving or since their last job was sent goes first, so every job gets its
turn.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.job import JobId, State

UNDER_WAY_STATES = frozenset({State.SUBMITTING, State.QUEUED, State.RENDERING})
"""States in which a job takes one of the places at the service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A queue entry: one job that waits in the line or is in progress."""

    job_id: JobId
    guild_id: int | None
    user_id: int
    created_at: datetime
    is_under_way: bool
    server_sent_at: datetime | None = None
    """When a job of its server was last sent; None if long ago or never."""
    user_sent_at: datetime | None = None
    """When a job of its requester in that server was last sent."""
    held_until: datetime | None = None
    """Until then it is not sent, even when it is its turn."""
    operator_pays: bool = True
    """Whether the operator's key pays, not the server's own."""

    @property
    def server(self) -> tuple[str, int]:
        """The group that takes turns: its server, or in direct messages its requester."""
        return ("user", self.user_id) if self.guild_id is None else ("guild", self.guild_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOnce:
    """How many jobs may be in progress at once; None is no separate limit."""

    per_user: int | None = None
    per_user_by_operator: int | None = None
    """Of the jobs that the operator pays for: the smaller of this and `per_user` applies."""
    per_server: int | None = None
    is_paused: bool = False
    """Nothing is sent from there for now; waiting jobs keep their place."""

    def for_one_person(self, *, operator_pays: bool) -> int | None:
        """How many jobs of one person may be in progress at once."""
        caps = (self.per_user, self.per_user_by_operator if operator_pays else None)
        return min((cap for cap in caps if cap is not None), default=None)


class WaitReason(StrEnum):
    """What a job in the line waits for."""

    OTHERS = "others"
    """All places are taken."""
    OWN = "own"
    """Its requester has as many jobs in progress as one person may."""
    SERVER = "server"
    """Its server has as many jobs in progress as it may."""
    PAUSED = "paused"
    """Sending is paused, in its server or everywhere."""


@dataclass(frozen=True, slots=True)
class Go:
    """It may be sent now."""


@dataclass(frozen=True, slots=True)
class InLine:
    """It waits; `position` counts from 1 over all waiting jobs."""

    position: int
    reason: WaitReason


Turn = Go | InLine
AtOnceOf = Callable[[int | None], AtOnce]
"""The limits of a server by its id; None asks for those of direct messages."""
Decide = Callable[[Iterable[Standing]], Mapping[JobId, Turn]]
"""`turns`, with the limits already given."""


def turns(
    standings: Iterable[Standing],
    *,
    now: datetime,
    at_once: int,
    limits_of: AtOnceOf,
    tries: JobId | None = None,
) -> Mapping[JobId, Turn]:
    """What each waiting job may do now; jobs that are held back are left out.

    Otherwise the jobs of a closed account would block the front of the line. The job that probes
    the account is in the line again.
    """
    everybody = [
        one
        for one in standings
        if one.held_until is None or one.held_until <= now or one.job_id == tries
    ]
    under_way = [one for one in everybody if one.is_under_way]
    of_server = Counter(one.server for one in under_way)
    of_user = Counter(one.user_id for one in under_way)
    free = at_once - len(under_way)
    decided: dict[JobId, Turn] = {}
    position = 0
    for one in in_order(everybody):
        limits = limits_of(one.guild_id)
        per_user = limits.for_one_person(operator_pays=one.operator_pays)
        if limits.is_paused:
            reason = WaitReason.PAUSED
        elif per_user is not None and of_user[one.user_id] >= per_user:
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
    """The waiting jobs in the order in which they may be sent."""
    everybody = list(standings)
    waiting = [one for one in everybody if not one.is_under_way]

    def person(one: Standing) -> object:
        return (one.server, one.user_id)

    def server(one: Standing) -> object:
        return one.server

    own = _turns_of(everybody, person, key=lambda one: (one.created_at, one.job_id))
    since = _waiting_since(waiting, person, lambda one: one.user_sent_at)
    within = _turns_of(
        everybody,
        server,
        key=lambda one: (own[one.job_id], since[person(one)], one.created_at, one.job_id),
    )
    since |= _waiting_since(waiting, server, lambda one: one.server_sent_at)
    return sorted(
        waiting,
        key=lambda one: (within[one.job_id], since[server(one)], one.created_at, one.job_id),
    )


def _turns_of(
    everybody: Iterable[Standing],
    group_of: Callable[[Standing], object],
    *,
    key: Callable[[Standing], tuple[Any, ...]],
) -> Mapping[JobId, int]:
    """Each waiting job's turn within its group, after the group's jobs in progress."""
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
        for rank, one in enumerate(sorted(members, key=key))
    }


def _waiting_since(
    waiting: Iterable[Standing],
    group_of: Callable[[Standing], object],
    sent_at: Callable[[Standing], datetime | None],
) -> dict[object, datetime]:
    """Since when each group has waited for its next turn: since it came, or since its last turn."""
    since: dict[object, datetime] = {}
    for one in sorted(waiting, key=lambda one: one.created_at, reverse=True):
        since[group_of(one)] = max(one.created_at, sent_at(one) or one.created_at)
    return since

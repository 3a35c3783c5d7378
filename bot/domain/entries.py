"""The ledger's entries: what each job holds and has cost, written with the moves of its life.

Entries are only ever added. An entry says by how much it changes what is held and what is spent.
Adjustments are entries of an account alone: they change what its cap counts, and no job's money.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.job import Job, JobId, State
from bot.domain.ledger import Account


class EntryKind(StrEnum):
    """What happened to a job's money."""

    RESERVED = "reserved"
    SETTLED = "settled"
    RETURNED = "returned"
    MOVED = "moved"
    """Held for another key from here on: taken from the one, and put on the other."""


FINAL_KINDS = frozenset({EntryKind.SETTLED, EntryKind.RETURNED})
"""With one of these a job's money comes to its end; only what was written off may begin again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger."""

    job_id: JobId
    at: datetime
    kind: EntryKind
    why: str
    """The event that it came with, in the words of the job's history."""
    user_id: int | None
    """None once the person had themselves erased."""
    guild_id: int | None
    key_id: int | None
    """The server's own key that pays; None is the operator's."""
    held_change_microusd: int
    spent_change_microusd: int
    videos_change: int
    is_estimate: bool
    """Whether the amount spent is the estimate, because the service did not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """What a person had one account count otherwise; a line of the ledger as well."""

    account: Account
    at: datetime
    by_user_id: int
    why: str
    spent_change_microusd: int
    videos_change: int


def reserved(job: Job) -> Entry:
    """The entry that a job begins with."""
    return _entry(job, EntryKind.RESERVED, at=job.created_at, why="Added", held=1)


def entries_after(before: Job, moved: Job, *, why: str, at: datetime) -> Sequence[Entry]:
    """The entries that a move brings along, none for one that leaves the money where it is.

    A job that another key will pay for takes along what it holds, so that the entries of each key
    add up to what that key pays.
    """
    if moved.key_id != before.key_id:
        return (
            _entry(before, EntryKind.MOVED, at=at, why=why, held=-1, videos=-1),
            _entry(moved, EntryKind.MOVED, at=at, why=why, held=1),
        )
    last = _last_entry(before, moved, why=why, at=at)
    return () if last is None else (last,)


def _last_entry(before: Job, moved: Job, *, why: str, at: datetime) -> Entry | None:
    """The entry with which a job's money comes to its end.

    An unsure job stays reserved until a person resolves it.
    """
    if moved.state is State.QUEUED and before.state is State.FAILED:
        # Written off, and bought all the same: what was returned is held again.
        return _entry(moved, EntryKind.RESERVED, at=at, why=why, held=1)
    comes_to_its_end = moved.state in (State.RENDERED, State.FAILED, State.CANCELLED)
    if moved.state is before.state or not comes_to_its_end:
        return None
    spent = moved.counted_microusd or 0
    if not spent and moved.state is not State.RENDERED:
        return _entry(moved, EntryKind.RETURNED, at=at, why=why, held=-1, videos=-1)
    return _entry(moved, EntryKind.SETTLED, at=at, why=why, held=-1, videos=0, spent_microusd=spent)


def _entry(
    job: Job,
    kind: EntryKind,
    *,
    at: datetime,
    why: str,
    held: int,
    videos: int = 1,
    spent_microusd: int = 0,
) -> Entry:
    return Entry(
        job_id=job.id,
        at=at,
        kind=kind,
        why=why,
        user_id=job.requester_id,
        guild_id=job.server_id,
        key_id=job.key_id,
        held_change_microusd=held * job.estimate_microusd,
        spent_change_microusd=spent_microusd,
        videos_change=videos,
        is_estimate=kind is EntryKind.SETTLED and job.cost_microusd is None,
    )

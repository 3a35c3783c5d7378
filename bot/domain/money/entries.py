"""The ledger's entries: what each job reserves and costs, written together with its state changes.

Entries are only ever added. An entry says by how much the reserved and spent amounts change.
Adjustments belong to an account only: they change what its cap counts, not a job's cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.job import Job, JobId, State
from bot.domain.money.ledger import Account


class EntryKind(StrEnum):
    """What happened to a job's money."""

    RESERVED = "reserved"
    SETTLED = "settled"
    RETURNED = "returned"
    MOVED = "moved"
    """Now reserved for another key: subtracted from the old key and added to the new one."""


FINAL_KINDS = frozenset({EntryKind.SETTLED, EntryKind.RETURNED})
"""These end a job's money; only a job that was written off may reserve again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger."""

    job_id: JobId
    at: datetime
    kind: EntryKind
    why: str
    """The event that caused it, as the job's history names it."""
    user_id: int | None
    """None after the person had their data erased."""
    guild_id: int | None
    key_id: int | None
    """The server's own key that pays; None is the operator's."""
    held_change_microusd: int
    spent_change_microusd: int
    videos_change: int
    is_estimate: bool
    """Whether the amount spent is the estimate because the service gave no cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A correction of what one account counts, made by a person; also a line of the ledger."""

    account: Account
    at: datetime
    by_user_id: int
    why: str
    spent_change_microusd: int
    videos_change: int


def reserved(job: Job) -> Entry:
    """The first entry of a job."""
    return _entry(job, EntryKind.RESERVED, at=job.created_at, why="Added", held=1)


def entries_after(before: Job, moved: Job, *, why: str, at: datetime) -> Sequence[Entry]:
    """The entries that a state change causes; none if the money does not change.

    When another key is going to pay for a job, the reservation moves to that key, so that the
    entries of each key add up to what that key pays.
    """
    if moved.key_id != before.key_id:
        return (
            _entry(before, EntryKind.MOVED, at=at, why=why, held=-1, videos=-1),
            _entry(moved, EntryKind.MOVED, at=at, why=why, held=1),
        )
    last = _last_entry(before, moved, why=why, at=at)
    return () if last is None else (last,)


def _last_entry(before: Job, moved: Job, *, why: str, at: datetime) -> Entry | None:
    """The entry that ends a job's money, if this state change ends it.

    An unsure job stays reserved until a person resolves it.
    """
    if moved.state is State.QUEUED and before.state is State.FAILED:
        # It was written off but had been bought after all: reserve the returned amount again.
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

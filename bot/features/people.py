"""Where the tables name people: what the export includes, and what an erasure does to it.

A test fails if a column that names a person is missing from `NAMINGS`. Not included is what
servers decided about a member (that they blocked them): it is in a server's settings and in its
audit log, belongs to the server, and goes with it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Table

from bot.domain.money.ledger import Scope
from bot.storage.tables.jobs import (
    account_balances,
    audit_entries,
    cooldowns,
    jobs,
    ledger,
    ledger_accounts,
    ledger_adjustments,
    pending_wishes,
    picture_uses,
    preferences,
    reports,
    storyboard_drafts,
)
from bot.storage.tables.keys import server_keys
from bot.storage.tables.showcase import showcase_posts, stars


class Fate(StrEnum):
    """What happens to a row when a member erases their data."""

    GOES = "goes"
    UNNAMED = "unnamed"
    """It stays without the name, once its job does not name them either."""
    BY_ITSELF = "by_itself"
    """An erasure does not delete it; `Naming.because` says why, and when it goes."""


@dataclass(frozen=True, slots=True)
class Naming:
    """One way in which a table names a person."""

    name: str
    """Its name in the export."""
    table: Table
    columns: Sequence[Column[Any]]
    """Those that may hold a person's id."""
    of: Callable[[int], ColumnElement[bool]]
    """The rows that name this person."""
    fate: Fate
    because: str = ""
    shown: Sequence[str] = ()
    """The columns in the export; none means all. The others may name other people."""


def _named_by(
    name: str,
    column: Column[Any],
    fate: Fate,
    *,
    because: str = "",
    shown: Sequence[str] = (),
) -> Naming:
    return Naming(name, column.table, (column,), lambda who: column == who, fate, because, shown)


def _counted(name: str, table: Table) -> Naming:
    scope, owner_id, subject_id = table.c.scope, table.c.owner_id, table.c.subject_id

    def of(who: int) -> ColumnElement[bool]:
        is_member = (scope == Scope.MEMBER.value) & (subject_id == who)
        return is_member | ((scope == Scope.OPERATOR_USER.value) & (owner_id == who))

    because = "an erasure must give no new budget: this month and the one before"
    shown = [column.name for column in table.c if column.name != "by_user_id"]
    return Naming(name, table, (owner_id, subject_id), of, Fate.BY_ITSELF, because, shown)


VIDEOS: Final = _named_by(
    "videos", jobs.c.requester_id, Fate.BY_ITSELF, because="jobs are erased one by one, as they end"
)
"""A person's jobs; exported as jobs, not as rows."""
NAMINGS: Final[Sequence[Naming]] = (
    VIDEOS,
    _named_by("choices", preferences.c.user_id, Fate.GOES),
    _named_by("drafts", storyboard_drafts.c.owner_id, Fate.GOES),
    _named_by("questions", pending_wishes.c.requester_id, Fate.GOES),
    _named_by("pictures", picture_uses.c.user_id, Fate.GOES),
    _named_by("reports", reports.c.by_user_id, Fate.GOES),
    _named_by("stars", stars.c.user_id, Fate.GOES),
    _named_by("showcase", showcase_posts.c.author_id, Fate.UNNAMED),
    _named_by("ledger", ledger.c.user_id, Fate.UNNAMED),
    _named_by(
        "cooldowns",
        cooldowns.c.user_id,
        Fate.BY_ITSELF,
        because="an erasure must not end the pause: until it is over",
    ),
    _counted("balances", account_balances),
    _counted("counted_videos", ledger_accounts),
    _counted("adjustments", ledger_adjustments),
    _named_by(
        "adjustments_made",
        ledger_adjustments.c.by_user_id,
        Fate.BY_ITSELF,
        because="who changed what a member's limit counts: as long as it is counted",
        shown=("at", "by_user_id", "why", "scope", "period"),
    ),
    _named_by(
        "decisions",
        audit_entries.c.by_user_id,
        Fate.BY_ITSELF,
        because="the trail of who decided what: of a server until 30 days after the bot left it",
        shown=("guild_id", "at", "by_user_id", "what"),
    ),
    _named_by(
        "reviews",
        jobs.c.reviewed_by,
        Fate.BY_ITSELF,
        because="who decided about a video: as long as its prompt",
        shown=("id", "server_id", "state", "reviewed_by", "declined_because"),
    ),
    _named_by(
        "keys_given",
        server_keys.c.set_by,
        Fate.BY_ITSELF,
        because="whom to tell when it fails: until it is removed, and no job needs it any more",
        shown=("id", "guild_id", "tail", "set_by", "set_at", "removed_at", "broken_at"),
    ),
)
"""All of them."""

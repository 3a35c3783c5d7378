"""Drafts of storyboards in the jobs' database: every write is one conditional statement."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    RowMapping,
    Select,
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.job import State
from bot.domain.storyboard import Draft, DraftId, Storyboard
from bot.storage.database import Database
from bot.storage.tables import jobs, pending_wishes, storyboard_drafts
from bot.storage.unreadable import reading

_drafts = storyboard_drafts.c
_is_confirmed = jobs.c.state != State.ASKED.value
"""What is not, may never be sent: the draft is still its owner's then."""
_is_bought = exists().where(jobs.c.interaction_id == _drafts.asked_by, _is_confirmed)
"""Whether a job came of it, which may be long after the asking: when a question about the price
was answered."""


class SqlDraftStore:
    """The DraftStore port. `touched_at` is when it was edited or taken last.

    However often it is asked for, it is under the id of the first interaction that did, and of
    that id there can be one job: a draft buys once, and is not found any more afterwards.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def add(self, draft: Draft) -> None:
        """Write a new draft."""
        row = draft.model_dump(exclude={"board"}) | {"board": draft.board.model_dump_json()}
        await self._database.write(insert(storyboard_drafts).values(row))

    async def get(self, draft_id: DraftId) -> Draft | None:
        """The draft as it stands now."""
        found = await self._database.rows(_newest_first(_drafts.id == draft_id))
        return next(map(draft_of, found), None)

    async def newest_of(self, owner_id: int) -> Draft | None:
        """What somebody worked on last, of what can be read."""
        theirs = _newest_first(_drafts.owner_id == owner_id)
        return next(iter(await self._database.readable(theirs, draft_of)), None)

    async def save(self, draft: Draft, board: Storyboard, at: datetime) -> Draft | None:
        """Write another storyboard, unless somebody wrote or took it since `draft` was read."""
        edited = draft.model_copy(update={"board": board})
        return await self._replace(draft, edited, at, ends_question=True)

    async def take(self, draft: Draft, interaction_id: int, at: datetime) -> Draft | None:
        """Let one interaction generate it, unless somebody wrote or took it meanwhile."""
        under = draft.asked_by or interaction_id
        taken = draft.model_copy(update={"taken_by": under, "asked_by": under})
        return await self._replace(draft, taken, at, ends_question=False)

    async def settle(self, draft: Draft) -> bool:
        """End a taking by what the jobs say; a later taking by another interaction is let be."""
        # Takings share their id; a version is one taking's own.
        is_this_taking = (
            (_drafts.id == draft.id)
            & (_drafts.taken_by == draft.taken_by)
            & (_drafts.version == draft.version)
        )
        has_a_job = exists().where(jobs.c.interaction_id == draft.taken_by, _is_confirmed)
        gone = await self._database.write(
            delete(storyboard_drafts).where(is_this_taking, has_a_job)
        )
        if gone:
            return True
        await self._database.write(
            update(storyboard_drafts)
            .where(is_this_taking, ~has_a_job)
            .values(taken_by=None, version=_drafts.version + 1)
        )
        return False

    async def remove(self, draft: Draft) -> bool:
        """Throw it away, unless it was taken or is gone."""
        untaken = delete(storyboard_drafts).where(
            _drafts.id == draft.id, _drafts.taken_by.is_(None)
        )

        async def write(connection: AsyncConnection) -> bool:
            is_removed = (await connection.execute(untaken)).rowcount > 0
            if is_removed:
                await connection.execute(_question_of(draft))
            return is_removed

        return await self._database.transact(write)

    async def _replace(
        self, read: Draft, wanted: Draft, at: datetime, *, ends_question: bool
    ) -> Draft | None:
        as_it_was_read = (
            (_drafts.id == read.id)
            & (_drafts.version == read.version)
            & _drafts.taken_by.is_(None)
            & ~_is_bought
        )
        written = wanted.model_copy(update={"version": read.version + 1, "touched_at": at})
        replaced = (
            update(storyboard_drafts)
            .where(as_it_was_read)
            .values(
                board=written.board.model_dump_json(),
                taken_by=written.taken_by,
                asked_by=written.asked_by,
                version=written.version,
                touched_at=written.touched_at,
            )
        )

        async def write(connection: AsyncConnection) -> Draft | None:
            if not (await connection.execute(replaced)).rowcount:
                return None
            if ends_question:
                await connection.execute(_question_of(read))
            return written

        return await self._database.transact(write)


def draft_of(row: RowMapping) -> Draft:
    """The draft that a row tells of.

    Raises:
        RowUnreadable: the row was not written by this program, or by another version of it.
    """
    with reading(f"draft {row['id']}"):
        board = Storyboard.model_validate_json(row["board"])
        return Draft.model_validate({**row, "board": board})


def _newest_first(where: ColumnElement[bool]) -> Select[Any]:
    unbought = select(storyboard_drafts).where(where, ~_is_bought)
    return unbought.order_by(_drafts.touched_at.desc(), _drafts.id)


def _question_of(draft: Draft) -> Delete:
    """A question about its price that waits: a yes to it would buy what the draft was then."""
    return delete(pending_wishes).where(pending_wishes.c.interaction_id == draft.asked_by)

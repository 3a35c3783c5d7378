"""Drafts of storyboards in the jobs' database: every write is one conditional statement."""

from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import ColumnElement, delete, exists, insert, select, update

from bot.generation.ports import StoreUnavailable
from bot.generation.storyboard import Draft, DraftId, Storyboard
from bot.storage.database import Database
from bot.storage.tables import jobs, storyboard_drafts

_drafts = storyboard_drafts.c
_is_bought = exists().where(jobs.c.interaction_id == _drafts.asked_by)
"""Whether a job came of the last asking, which may be long after it: when a question about the
price was answered."""


class SqlDraftStore:
    """The DraftStore port. `touched_at` is when it was edited or taken last.

    A draft is not found any more once a job came of it as it is; an edit makes it another one.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def add(self, draft: Draft) -> None:
        """Write a new draft."""
        row = draft.model_dump(exclude={"board"}) | {"board": draft.board.model_dump_json()}
        await self._database.write(insert(storyboard_drafts).values(row))

    async def get(self, draft_id: DraftId) -> Draft | None:
        """The draft as it stands now."""
        return await self._first(_drafts.id == draft_id)

    async def newest_of(self, owner_id: int) -> Draft | None:
        """What somebody worked on last."""
        return await self._first(_drafts.owner_id == owner_id)

    async def save(self, draft: Draft, board: Storyboard, at: datetime) -> Draft | None:
        """Write another storyboard, unless somebody wrote or took it since `draft` was read."""
        return await self._replace(draft, draft.model_copy(update={"board": board}), at)

    async def take(self, draft: Draft, interaction_id: int, at: datetime) -> Draft | None:
        """Let one interaction generate it, unless somebody wrote or took it meanwhile."""
        return await self._replace(draft, draft.model_copy(update={"taken_by": interaction_id}), at)

    async def settle(self, draft: Draft) -> bool:
        """End a taking by what the jobs say; a later taking by another interaction is let be."""
        is_this_taking = (_drafts.id == draft.id) & (_drafts.taken_by == draft.taken_by)
        has_a_job = exists().where(jobs.c.interaction_id == draft.taken_by)
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
        return await self._database.write(untaken) > 0

    async def purge(self, untouched_since: datetime) -> None:
        """Throw away all that nobody has touched since then."""
        await self._database.write(
            delete(storyboard_drafts).where(_drafts.touched_at <= untouched_since)
        )

    async def _first(self, where: ColumnElement[bool]) -> Draft | None:
        newest_first = (
            select(storyboard_drafts)
            .where(where, ~_is_bought)
            .order_by(_drafts.touched_at.desc(), _drafts.id)
            .limit(1)
        )
        for row in await self._database.rows(newest_first):
            try:
                board = Storyboard.model_validate_json(row["board"])
            except ValidationError:
                # Without the chain: it may quote the document that it could not read.
                raise StoreUnavailable(f"the row of draft {row['id']} cannot be read") from None
            return Draft.model_validate({**row, "board": board})
        return None

    async def _replace(self, read: Draft, wanted: Draft, at: datetime) -> Draft | None:
        as_it_was_read = (
            (_drafts.id == read.id)
            & (_drafts.version == read.version)
            & _drafts.taken_by.is_(None)
            & ~_is_bought
        )
        written = wanted.model_copy(update={"version": read.version + 1, "touched_at": at})
        count = await self._database.write(
            update(storyboard_drafts)
            .where(as_it_was_read)
            .values(
                board=written.board.model_dump_json(),
                taken_by=written.taken_by,
                asked_by=written.taken_by,
                version=written.version,
                touched_at=written.touched_at,
            )
        )
        return written if count else None

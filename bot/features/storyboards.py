"""Storyboards: drafts that survive restarts, belong to one owner, and buy once."""

import logging
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any, Final

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

from bot.domain.denied import Denied
from bot.domain.generation.picture import Picture
from bot.domain.generation.storyboard import Draft, DraftId, Edit, Storyboard
from bot.domain.job import JobId, State
from bot.domain.outages import unless_away
from bot.domain.ports import Clock
from bot.storage.database import Database
from bot.storage.tables.jobs import jobs, pending_wishes, storyboard_drafts
from bot.storage.unreadable import reading

logger = logging.getLogger(__name__)

TAKING_LIFE: Final = timedelta(minutes=2)
"""A taking that is older was ended by a crash: Discord gives an answer 3 s, the database 45 s."""
_ATTEMPTS: Final = 5
"""Concurrent actions of one person: more of them at once do not come from a human."""


class DraftRefusal(StrEnum):
    """Why nothing was done; the draft, if there is one, is unchanged."""

    GONE = "gone"
    """Sent, discarded or expired."""
    NOT_YOURS = "not_yours"
    BEING_SENT = "being_sent"
    NOT_POSSIBLE = "not_possible"
    """Not possible with the current shots: the member acted on an outdated view of them."""


DraftAnswer = Draft | Denied[DraftRefusal]
"""The current draft."""


_drafts = storyboard_drafts.c
_is_confirmed = jobs.c.state != State.ASKED.value
"""An unconfirmed job may never be sent: the draft is still its owner's then."""
_is_bought = exists().where(jobs.c.interaction_id == _drafts.asked_by, _is_confirmed)
"""Whether it became a job; that may be long after the request, when the member confirmed the
price."""


class DraftRows:
    """The drafts' rows: every write is one conditional statement, committed when it returns.

    `touched_at` is when a draft was last edited or taken.

    However often a draft is sent, its job has the id of the first interaction that sent it, and
    an id can have one job only: a draft buys once, and is not found any more afterwards.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def add(self, draft: Draft) -> None:
        """Write a new draft."""
        row = draft.model_dump(exclude={"board"}) | {"board": draft.board.model_dump_json()}
        await self._database.write(insert(storyboard_drafts).values(row))

    async def get(self, draft_id: DraftId) -> Draft | None:
        """The current draft."""
        found = await self._database.rows(_newest_first(_drafts.id == draft_id))
        return next(map(draft_of, found), None)

    async def newest_of(self, owner_id: int) -> Draft | None:
        """The readable draft that a person worked on last."""
        theirs = _newest_first(_drafts.owner_id == owner_id)
        return next(iter(await self._database.readable(theirs, draft_of)), None)

    async def save(self, draft: Draft, board: Storyboard, at: datetime) -> Draft | None:
        """Save a new storyboard, unless it was written or taken since `draft` was read."""
        edited = draft.model_copy(update={"board": board})
        return await self._replace(draft, edited, at, ends_question=True)

    async def take(self, draft: Draft, interaction_id: int, at: datetime) -> Draft | None:
        """Let one interaction send it, unless another process wrote or took it meanwhile."""
        under = draft.asked_by or interaction_id
        taken = draft.model_copy(update={"taken_by": under, "asked_by": under})
        return await self._replace(draft, taken, at, ends_question=False)

    async def settle(self, draft: Draft) -> bool:
        """End a taking: delete the draft if its interaction has a job by now, else release it.

        Returns whether it was deleted. A later taking by another interaction is left alone.
        """
        # Several takings share their id; the version belongs to one.
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
        """Delete it, unless it was taken or is gone."""
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
    """The draft in a row.

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
    """Its pending price question: a yes to it would buy the former version of the draft."""
    return delete(pending_wishes).where(pending_wishes.c.interaction_id == draft.asked_by)


class Storyboards:
    """Carries out members' actions on drafts.

    A draft is a row per builder, not per person, so that editing an older storyboard does not
    discard a newer one; opening without a choice finds the one that was worked on last.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    def __init__(self, *, rows: DraftRows, clock: Clock, random: Random) -> None:
        self._rows = rows
        self._clock = clock
        self._random = random

    async def open(
        self, owner_id: int, otherwise: Storyboard, *, picture: Picture | None = None
    ) -> Draft:
        """The draft that a person worked on last, or a new one; with this picture, if any."""

        def pictured(board: Storyboard) -> Storyboard:
            return board.model_copy(update={"start_frame": picture})

        newest = await self._rows.newest_of(owner_id)
        current = None if newest is None else await self._current(newest.id)
        if current is not None and current.taken_by is None:
            if picture is None:
                return current
            edited = await self.edit(current.id, owner_id, pictured)
            if isinstance(edited, Draft):
                return edited
        return await self.begin(owner_id, otherwise if picture is None else pictured(otherwise))

    async def begin(
        self, owner_id: int, board: Storyboard, *, inspired_by: JobId | None = None
    ) -> Draft:
        """A new draft from an existing storyboard, perhaps of the showcase."""
        draft = Draft(
            id=f"{self._random.getrandbits(64):016x}",
            owner_id=owner_id,
            board=board,
            inspired_by=inspired_by,
            touched_at=self._clock.now(),
        )
        await self._rows.add(draft)
        return draft

    async def show(self, draft_id: DraftId, owner_id: int) -> DraftAnswer:
        """The draft, for its owner."""
        draft = await self._current(draft_id)
        if draft is None:
            return Denied(DraftRefusal.GONE)
        if draft.owner_id != owner_id:
            return Denied(DraftRefusal.NOT_YOURS)
        if draft.taken_by is not None:
            return Denied(DraftRefusal.BEING_SENT)
        return draft

    async def edit(self, draft_id: DraftId, owner_id: int, edit: Edit) -> DraftAnswer:
        """Change the current draft: of two actions at once neither is lost."""
        for _ in range(_ATTEMPTS):
            shown = await self.show(draft_id, owner_id)
            if isinstance(shown, Denied):
                return shown
            board = edit(shown.board)
            if board is None:
                return Denied(DraftRefusal.NOT_POSSIBLE)
            saved = await self._rows.save(shown, board, self._clock.now())
            if saved is not None:
                return saved
        return Denied(DraftRefusal.NOT_POSSIBLE)

    async def take(self, draft_id: DraftId, owner_id: int, interaction_id: int) -> DraftAnswer:
        """Let one interaction send it: of two actions at once the database lets one pass."""
        shown = await self.show(draft_id, owner_id)
        if isinstance(shown, Denied):
            return shown
        if shown.board.wants:
            return Denied(DraftRefusal.NOT_POSSIBLE)
        taken = await self._rows.take(shown, interaction_id, self._clock.now())
        return Denied(DraftRefusal.BEING_SENT) if taken is None else taken

    async def settle(self, draft: Draft) -> bool:
        """End a taking as the jobs tell; left to a later action if they cannot be read."""
        said = f"draft {draft.id} stays locked for {TAKING_LIFE}"
        settling = self._rows.settle(draft)
        return bool(await unless_away(settling, None, said, level=logging.ERROR))

    async def discard(self, draft_id: DraftId, owner_id: int) -> DraftAnswer:
        """Delete it."""
        shown = await self.show(draft_id, owner_id)
        if isinstance(shown, Denied):
            return shown
        is_removed = await self._rows.remove(shown)
        return shown if is_removed else Denied(DraftRefusal.BEING_SENT)

    async def _current(self, draft_id: DraftId) -> Draft | None:
        """The current draft, without a taking that a crash ended.

        An expired one is there until the daily run deletes it, which checks what time it is: a
        clock that jumped costs no member a storyboard.
        """
        draft = await self._rows.get(draft_id)
        if draft is None:
            return None
        age = self._clock.now() - draft.touched_at
        if draft.taken_by is not None and age >= TAKING_LIFE:
            await self._rows.settle(draft)
            draft = await self._rows.get(draft_id)
        return draft

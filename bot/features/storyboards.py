"""The use cases of storyboards: drafts that survive restarts, are their owner's, and buy once."""

import logging
from datetime import timedelta
from random import Random
from typing import Final

from bot.domain.ports import Clock, StoreUnavailable
from bot.domain.storyboard import Draft, DraftId, Edit, Storyboard
from bot.features.storyboards_ports import (
    DraftAnswer,
    Drafted,
    DraftRefusal,
    DraftStore,
    NotDrafted,
)

logger = logging.getLogger(__name__)

TAKING_LIFE: Final = timedelta(minutes=2)
"""A taking that is older was ended by a crash: Discord gives an answer 3 s, the database 45 s."""
_ATTEMPTS: Final = 5
"""Presses of one person that overtake each other; more at once is no person."""


class Storyboards:
    """Carries out what people do with drafts.

    A draft is a row per builder, not per person, so that changing an older storyboard does not
    throw away a newer one; opening without more finds the one that was worked on last.
    """

    def __init__(self, *, store: DraftStore, clock: Clock, random: Random) -> None:
        self._store = store
        self._clock = clock
        self._random = random

    async def open(self, owner_id: int, otherwise: Storyboard) -> DraftAnswer:
        """What somebody worked on last, or a new draft."""
        try:
            newest = await self._store.newest_of(owner_id)
            current = None if newest is None else await self._current(newest.id)
            if current is not None and current.taken_by is None:
                return Drafted(current)
        except StoreUnavailable as failure:
            return _store_down(failure)
        return await self.begin(owner_id, otherwise)

    async def begin(self, owner_id: int, board: Storyboard) -> DraftAnswer:
        """A new draft from a storyboard that was made before."""
        draft = Draft(
            id=f"{self._random.getrandbits(64):016x}",
            owner_id=owner_id,
            board=board,
            touched_at=self._clock.now(),
        )
        try:
            await self._store.add(draft)
        except StoreUnavailable as failure:
            return _store_down(failure)
        return Drafted(draft)

    async def show(self, draft_id: DraftId, owner_id: int) -> DraftAnswer:
        """The draft, for its owner."""
        try:
            draft = await self._current(draft_id)
        except StoreUnavailable as failure:
            return _store_down(failure)
        if draft is None:
            return NotDrafted(DraftRefusal.GONE)
        if draft.owner_id != owner_id:
            return NotDrafted(DraftRefusal.NOT_YOURS)
        if draft.taken_by is not None:
            return NotDrafted(DraftRefusal.BEING_SENT)
        return Drafted(draft)

    async def edit(self, draft_id: DraftId, owner_id: int, edit: Edit) -> DraftAnswer:
        """Change it, upon what it is by now: of two presses at once neither is lost."""
        for _ in range(_ATTEMPTS):
            shown = await self.show(draft_id, owner_id)
            if isinstance(shown, NotDrafted):
                return shown
            board = edit(shown.draft.board)
            if board is None:
                return NotDrafted(DraftRefusal.NOT_POSSIBLE)
            try:
                saved = await self._store.save(shown.draft, board, self._clock.now())
            except StoreUnavailable as failure:
                return _store_down(failure)
            if saved is not None:
                return Drafted(saved)
        return NotDrafted(DraftRefusal.NOT_POSSIBLE)

    async def take(self, draft_id: DraftId, owner_id: int, interaction_id: int) -> DraftAnswer:
        """Let one interaction generate it: the database lets one of two presses pass."""
        shown = await self.show(draft_id, owner_id)
        if isinstance(shown, NotDrafted):
            return shown
        if shown.draft.board.wants:
            return NotDrafted(DraftRefusal.NOT_POSSIBLE)
        try:
            taken = await self._store.take(shown.draft, interaction_id, self._clock.now())
        except StoreUnavailable as failure:
            return _store_down(failure)
        return NotDrafted(DraftRefusal.BEING_SENT) if taken is None else Drafted(taken)

    async def settle(self, draft: Draft) -> bool:
        """End a taking by what the jobs say; left to a later press when they cannot be read."""
        try:
            return await self._store.settle(draft)
        except StoreUnavailable:
            logger.exception("draft %s stays taken for %s", draft.id, TAKING_LIFE)
            return False

    async def discard(self, draft_id: DraftId, owner_id: int) -> DraftAnswer:
        """Throw it away."""
        shown = await self.show(draft_id, owner_id)
        if isinstance(shown, NotDrafted):
            return shown
        try:
            is_removed = await self._store.remove(shown.draft)
        except StoreUnavailable as failure:
            return _store_down(failure)
        return shown if is_removed else NotDrafted(DraftRefusal.BEING_SENT)

    async def _current(self, draft_id: DraftId) -> Draft | None:
        """The draft as it is by now: not taken by what a crash has ended.

        One that had its time is there until the daily run takes it away, which knows what time it
        is: a clock that jumped costs nobody a storyboard.
        """
        draft = await self._store.get(draft_id)
        if draft is None:
            return None
        age = self._clock.now() - draft.touched_at
        if draft.taken_by is not None and age >= TAKING_LIFE:
            await self._store.settle(draft)
            draft = await self._store.get(draft_id)
        return draft


def _store_down(failure: StoreUnavailable) -> NotDrafted:
    logger.warning("a draft could not be read or written: %s", failure)
    return NotDrafted(DraftRefusal.STORE_DOWN)

"""Drafts of storyboards: what people can do with them, what they are answered, where they lie."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.storyboard import Draft, DraftId, Edit, Storyboard


class DraftRefusal(StrEnum):
    """Why nothing was done; the draft, if there is one, stands as it was."""

    GONE = "gone"
    """Sent, discarded or expired."""
    NOT_YOURS = "not_yours"
    BEING_SENT = "being_sent"
    NOT_POSSIBLE = "not_possible"
    """Not with the shots as they are by now: it was pressed on an older picture of them."""
    STORE_DOWN = "store_down"


@dataclass(frozen=True, slots=True)
class Drafted:
    """The draft as it stands now."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class NotDrafted:
    """Nothing was written."""

    refusal: DraftRefusal


DraftAnswer = Drafted | NotDrafted


class DraftStore(Protocol):
    """Where drafts lie. Every write is one conditional statement, committed when it returns.

    Raises:
        StoreUnavailable: the database cannot be reached or written now.
    """

    async def add(self, draft: Draft) -> None:
        """Write a new draft."""
        ...

    async def get(self, draft_id: DraftId) -> Draft | None:
        """The draft as it stands now; None as well once a job came of it as it is."""
        ...

    async def newest_of(self, owner_id: int) -> Draft | None:
        """What somebody worked on last."""
        ...

    async def save(self, draft: Draft, board: Storyboard, at: datetime) -> Draft | None:
        """Write another storyboard, unless somebody wrote or took it since `draft` was read."""
        ...

    async def take(self, draft: Draft, interaction_id: int, at: datetime) -> Draft | None:
        """Let one interaction generate it, unless somebody wrote or took it meanwhile."""
        ...

    async def settle(self, draft: Draft) -> bool:
        """End a taking: the draft goes if its interaction has a job by now, else it is free again.

        Returns whether it went.
        """
        ...

    async def remove(self, draft: Draft) -> bool:
        """Throw it away; returns False if it was taken or is gone."""
        ...


class StoryboardDesk(Protocol):
    """The use cases of storyboards: all that commands and buttons may call."""

    async def open(self, owner_id: int, otherwise: Storyboard) -> DraftAnswer:
        """What somebody worked on last, or a new draft of this storyboard."""
        ...

    async def begin(self, owner_id: int, board: Storyboard) -> DraftAnswer:
        """A new draft from a storyboard that was made before."""
        ...

    async def show(self, draft_id: DraftId, owner_id: int) -> DraftAnswer:
        """The draft, for its owner."""
        ...

    async def edit(self, draft_id: DraftId, owner_id: int, edit: Edit) -> DraftAnswer:
        """Change it, for its owner."""
        ...

    async def take(self, draft_id: DraftId, owner_id: int, interaction_id: int) -> DraftAnswer:
        """Let one interaction generate it, for its owner; every other press is refused."""
        ...

    async def settle(self, draft: Draft) -> bool:
        """Say that the interaction which took it is through: gone if it has a job, else free."""
        ...

    async def discard(self, draft_id: DraftId, owner_id: int) -> DraftAnswer:
        """Throw it away, for its owner; it is answered as it was."""
        ...

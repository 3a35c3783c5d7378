"""What people choose for themselves, and the wishes that wait for their word about the price."""

import logging
from collections.abc import Mapping

from bot.domain.ports import Clock, StoreUnavailable
from bot.domain.preferences import PendingStore, PendingWish, Preferences, PreferenceStore
from bot.features.promptly import promptly

logger = logging.getLogger(__name__)

USUAL = Preferences()


class Personal:
    """Everybody's choices are in memory as last seen, since the language of an answer cannot wait.

    What decides about money or messages is read anew, so that two processes agree.
    """

    def __init__(self, *, choices: PreferenceStore, pending: PendingStore, clock: Clock) -> None:
        self._choices = choices
        self._pending = pending
        self._clock = clock
        self._known: dict[int, Preferences] = {}

    async def load(self) -> None:
        """Read everybody's choices.

        Raises:
            StoreUnavailable: the database cannot be reached.
        """
        self._known = dict(await self._choices.everybody())

    def known(self, user_id: int) -> Preferences:
        """Somebody's choices as they were last seen; waits for nothing."""
        return self._known.get(user_id, USUAL)

    async def current(self, user_id: int) -> Preferences:
        """Somebody's choices, read anew if the database answers soon, else as known."""
        try:
            return self._remember(user_id, await promptly(self._choices.of(user_id)))
        except StoreUnavailable:
            logger.warning("somebody's choices could not be read; they are taken as last seen")
            return self.known(user_id)

    async def change(self, user_id: int, changes: Mapping[str, object]) -> Preferences | None:
        """Change somebody's choices; None when they could not be written.

        Raises:
            pydantic.ValidationError: there is no such choice.
        """
        checked = Preferences.model_validate(dict(changes)).model_dump(include=set(changes))
        try:
            return self._remember(user_id, await self._choices.change(user_id, checked))
        except StoreUnavailable:
            logger.exception("somebody's choices could not be written")
            return None

    def forget(self, user_id: int) -> None:
        """Remember nothing of somebody whose choices were erased."""
        self._known.pop(user_id, None)

    async def hold(self, pending: PendingWish) -> bool:
        """Keep a wish until its price is confirmed; False when it could not be written."""
        try:
            await self._pending.hold(pending)
        except StoreUnavailable:
            logger.exception("a wish that waits for a word could not be written")
            return False
        return True

    async def held(self, interaction_id: int, by_user_id: int) -> PendingWish | None:
        """A wish of theirs that can still be confirmed.

        Raises:
            StoreUnavailable: the database cannot be reached now.
        """
        pending = await self._pending.held(interaction_id)
        if pending is None or pending.requester_id != by_user_id:
            return None
        return pending if self._clock.now() < pending.expires_at else None

    async def take(self, pending: PendingWish) -> bool:
        """Take a wish for confirming or forgetting it: of all presses, one is told True.

        Raises:
            StoreUnavailable: the database cannot be written now.
        """
        return await self._pending.take(pending, now=self._clock.now())

    def _remember(self, user_id: int, choices: Preferences) -> Preferences:
        if choices == USUAL:
            self._known.pop(user_id, None)
        else:
            self._known[user_id] = choices
        return choices

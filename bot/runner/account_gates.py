"""Gates before the paid POST: closed for all jobs of an account while the service refuses it."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.domain.job import HOLD_LIMIT, HoldReason
from bot.domain.outcomes import FailureReason
from bot.domain.ports import Clock
from bot.runner.cadence import ACCOUNT_PROBE_S

logger = logging.getLogger(__name__)

ACCOUNT_TROUBLES: Final[Mapping[FailureReason, HoldReason]] = {
    FailureReason.KEY_REFUSED: HoldReason.KEY_REFUSED,
    FailureReason.NO_BALANCE: HoldReason.NO_BALANCE,
}
"""Refusals that concern the paying account: all its other jobs would be refused too."""


class AccountGate:
    """Stops all jobs of one key while it is refused, except one probe a minute.

    A refused POST is not charged, so a waiting job serves as the probe.
    """

    def __init__(self, *, clock: Clock, key_id: int | None = None) -> None:
        self._clock = clock
        self._account = "this account" if key_id is None else f"the account of server key {key_id}"
        self._trouble: FailureReason | None = None
        self._next_probe_at: datetime | None = None

    @property
    def trouble(self) -> FailureReason | None:
        """Why nothing is sent now, or None if sending works."""
        return self._trouble

    def wait_s(self) -> float:
        """Seconds until the caller may send; at 0 the caller is let through and must send."""
        now = self._clock.now()
        if self._next_probe_at is None:
            return 0.0
        wait_s = (self._next_probe_at - now).total_seconds()
        # A wait longer than one pause means that the clock was set back.
        if 0 < wait_s <= ACCOUNT_PROBE_S:
            return wait_s
        self._next_probe_at = now + timedelta(seconds=ACCOUNT_PROBE_S)
        return 0.0

    def close(self, trouble: FailureReason) -> None:
        """Record that sending was refused because of the account, and log an error once."""
        if self._trouble is not trouble:
            logger.error(
                "RunComfy refuses %s (%s): the bot sends nothing until that's fixed. Waiting jobs "
                "fail after %d minutes, uncharged",
                self._account,
                trouble.value,
                HOLD_LIMIT.total_seconds() // 60,
            )
        self._trouble = trouble
        self._next_probe_at = self._clock.now() + timedelta(seconds=ACCOUNT_PROBE_S)

    def open(self) -> None:
        """Record that sending works (again)."""
        if self._trouble is not None:
            logger.warning("RunComfy takes requests of %s again", self._account)
        self._trouble = None
        self._next_probe_at = None


class AccountGates:
    """A gate for each key: the operator's under None, and one for each server's own key."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._gates: dict[int | None, AccountGate] = {}

    def of(self, key_id: int | None) -> AccountGate:
        """The gate of one key."""
        return self._gates.setdefault(key_id, AccountGate(clock=self._clock, key_id=key_id))

"""Keeps a job's card up to date: at every change of state, and rarely in between."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.job import HoldReason, Job, State
from bot.domain.line import InLine
from bot.domain.ports import Announcer, Clock, NotPresented, PresentOutcome
from bot.runner.cadence import CARD_GAP_S


@dataclass(frozen=True, slots=True)
class _Said:
    """What the card says: if this is unchanged, an edit would change nothing."""

    state: State
    queue_position: int | None
    service_silent: bool
    in_line: InLine | None
    held_because: HoldReason | None
    tried_until: datetime | None
    is_cancellable: bool


class CardKeeper:
    """Redraws one job's card when its text would change."""

    def __init__(self, *, announcer: Announcer, clock: Clock) -> None:
        self._announcer = announcer
        self._clock = clock
        self._said: _Said | None = None
        self._said_at: datetime | None = None
        self._stale_at: datetime | None = None
        self._turn = asyncio.Lock()

    @property
    def shown_state(self) -> State | None:
        """The state that the card shows now, as far as this watch knows."""
        return None if self._said is None else self._said.state

    @property
    def is_due(self) -> bool:
        """Whether enough time has passed for an edit within the same state."""
        if self._said_at is None:
            return True
        return self._clock.now() - self._said_at >= timedelta(seconds=CARD_GAP_S)

    def already_says(self, job: Job) -> None:
        """Record that the command's first answer has already drawn the card."""
        self._remember(self._saying(job, service_silent=False))

    async def show(
        self, job: Job, *, service_silent: bool = False, in_line: InLine | None = None
    ) -> PresentOutcome | None:
        """Edit the card if that is worthwhile; None if it was not edited.

        Always worthwhile: a change of state, of what the job waits for, or the end of the time to
        cancel. Other changes wait their turn, and a later call shows them.
        """
        async with self._turn:
            saying = self._saying(job, service_silent=service_silent, in_line=in_line)
            if saying == self._said and not self._is_stale:
                return None
            if self._can_wait(saying) and not self.is_due:
                return None
            outcome = await self._announcer.show(
                job, service_silent=service_silent, in_line=in_line
            )
            if isinstance(outcome, NotPresented):
                self._remember(self._said, stale_at=self._stale_at)
            else:
                self._remember(saying, stale_at=outcome.stale_at)
            return outcome

    def _can_wait(self, saying: _Said) -> bool:
        """Whether it equals what the card says, except for numbers that progress."""
        said = self._said
        if said is None:
            return False
        return _but_for_figures(said) == _but_for_figures(saying)

    @property
    def _is_stale(self) -> bool:
        return self._stale_at is not None and self._clock.now() >= self._stale_at

    def _remember(self, said: _Said | None, *, stale_at: datetime | None = None) -> None:
        self._said = said
        self._stale_at = stale_at
        self._said_at = self._clock.now()

    def _saying(self, job: Job, *, service_silent: bool, in_line: InLine | None = None) -> _Said:
        return _Said(
            state=job.state,
            queue_position=job.queue_position,
            service_silent=service_silent,
            in_line=in_line,
            held_because=job.held_because,
            tried_until=job.tried_until,
            is_cancellable=job.is_cancellable,
        )


def _but_for_figures(said: _Said) -> tuple[object, ...]:
    return (said.state, said.in_line is None, said.held_because, said.is_cancellable)

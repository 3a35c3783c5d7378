"""What there is that the bot's owner should know: each look at some kinds of trouble."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import false, select

from bot.domain.job import HoldReason, Job, State
from bot.domain.money.price import Prices
from bot.domain.observer import Observer
from bot.domain.outcomes import NotSent, OutcomeUnknown, Sighting, SubmitOutcome, Unanswered
from bot.domain.owner_trouble import (
    BalanceLow,
    BalanceUsedUp,
    ChargedMore,
    DiskNearlyFull,
    JobUnsure,
    OwnKeyRefused,
    PriceRaised,
    RunComfySilent,
    VideoUndelivered,
    about,
)
from bot.domain.ports import Clock, JobStore
from bot.features.owner.owner_news import Seen
from bot.runcomfy.account import AccountBalance, BalanceOutcome, CatalogueOutcome, KeyRefused
from bot.storage.database import Database
from bot.storage.rows import job_of
from bot.storage.tables.jobs import jobs

UNDELIVERED_FOR: Final = timedelta(minutes=15)
SILENT_FOR: Final = timedelta(minutes=15)
ACCOUNT_EVERY: Final = timedelta(minutes=5)
"""How often the account is asked, for free."""
MIN_FREE_BYTES: Final = 1024**3
_NEWEST: Final = 100

AskAccount = Callable[[], Awaitable[tuple[CatalogueOutcome, BalanceOutcome]]]
"""What the catalogue and the balance say to the operator's key."""
LinkOf = Callable[[Job], str | None]
"""The address of a job's card."""


class Hearing(Observer):
    """Since when RunComfy has given no usable answer to this process."""

    def __init__(self, *, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._silent_since: datetime | None = None
        self._asked_at: datetime | None = None

    def submitted(
        self, outcome: SubmitOutcome, *, took_s: float, key_id: int | None = None
    ) -> None:
        """Record whether a purchase was answered."""
        del took_s, key_id
        self.heard(is_answer=not isinstance(outcome, NotSent | OutcomeUnknown))

    def looked(self, request_id: str, sighting: Sighting, *, key_id: int | None = None) -> None:
        """Record whether a poll was answered; a refusal of a key or of haste is an answer."""
        del request_id, key_id
        is_silence = isinstance(sighting, Unanswered) and not (
            sighting.key_refused or sighting.rate_limited
        )
        self.heard(is_answer=not is_silence)

    def heard(self, *, is_answer: bool) -> None:
        """Record one call."""
        self._asked_at = self._clock.now()
        if is_answer:
            self._silent_since = None
        elif self._silent_since is None:
            self._silent_since = self._asked_at

    @property
    def is_idle(self) -> bool:
        """Whether nothing was asked lately, so that nothing is known."""
        asked_at = self._asked_at
        return asked_at is None or self._clock.now() - asked_at >= ACCOUNT_EVERY

    async def look(self) -> Seen:
        """Whether RunComfy is silent."""
        if self.is_idle and self._silent_since is None:
            return {}
        since = self._silent_since
        is_silent = since is not None and self._clock.now() - since >= SILENT_FOR
        return {"runcomfy_silent": [RunComfySilent(since=since)] if since and is_silent else []}


class AccountLook:
    """The operator's key and balance, asked every few minutes."""

    def __init__(
        self,
        *,
        ask: AskAccount,
        hearing: Hearing,
        store: JobStore,
        likely_day_microusd: Callable[[], Awaitable[int]],
        prices: Prices,
        clock: Clock,
    ) -> None:
        self._ask = ask
        self._hearing = hearing
        self._store = store
        self._likely_day_microusd = likely_day_microusd
        self._prices = prices
        self._clock = clock
        self._asked_at: datetime | None = None
        self._seen: Seen = {}

    async def look(self) -> Seen:
        """What is wrong with them; what was seen last, where that is fresh."""
        now = self._clock.now()
        if self._asked_at is None or not timedelta() <= now - self._asked_at < ACCOUNT_EVERY:
            self._asked_at = now
            catalogue, balance = await self._ask()
            if self._hearing.is_idle:
                self._hearing.heard(is_answer=not isinstance(catalogue, Unanswered))
            held = await self._store.held_now(None, now)
            self._seen = {**_of_key(catalogue, held), **await self._of_balance(balance, held)}
        return self._seen

    async def _of_balance(self, balance: BalanceOutcome, held: HoldReason | None) -> Seen:
        if not isinstance(balance, AccountBalance):
            if held is HoldReason.NO_BALANCE:
                return {"balance_used_up": [BalanceUsedUp(left_microusd=None)]}
            return {}
        left = balance.microusd
        if left < self._prices.cheapest_microusd():
            return {"balance_used_up": [BalanceUsedUp(left_microusd=left)]}
        day = await self._likely_day_microusd()
        low = [BalanceLow(left_microusd=left, day_microusd=day)] if left < day else []
        return {"balance_used_up": [], "balance_low": low}


def _of_key(catalogue: CatalogueOutcome, held: HoldReason | None) -> Seen:
    if isinstance(catalogue, Unanswered):
        is_refused = held is HoldReason.KEY_REFUSED
        return {"key_refused": [OwnKeyRefused()]} if is_refused else {}
    return {"key_refused": [OwnKeyRefused()] if isinstance(catalogue, KeyRefused) else []}


class JobsLook:
    """Jobs that need the owner, by their rows."""

    def __init__(self, *, database: Database, link_of: LinkOf, clock: Clock) -> None:
        self._database = database
        self._link_of = link_of
        self._clock = clock

    async def look(self) -> Seen:
        """Those that are unsure, or not delivered; and those that cost more than estimated."""
        now = self._clock.now()
        is_unsure = jobs.c.state == State.UNSURE.value
        is_stuck = (
            (jobs.c.state == State.RENDERED.value)
            & (jobs.c.told == false())
            & (jobs.c.state_since <= now - UNDELIVERED_FOR)
        )
        costs_more = (jobs.c.cost_microusd > jobs.c.estimate_microusd) & (
            jobs.c.key_id.is_(None) & (jobs.c.created_at >= now - timedelta(days=1))
        )
        newest = select(jobs).where(costs_more).order_by(jobs.c.created_at.desc())
        unsure = await self._database.readable(select(jobs).where(is_unsure), job_of)
        stuck = await self._database.readable(select(jobs).where(is_stuck), job_of)
        dear = await self._database.readable(newest.limit(_NEWEST), job_of)
        return {
            "job_unsure": [
                JobUnsure.model_validate(self._about(job, job.sent_at or job.created_at))
                for job in unsure
            ],
            "video_undelivered": [
                VideoUndelivered.model_validate(self._about(job, job.state_since)) for job in stuck
            ],
            "charged_more": list({job.model_id: _charged(job) for job in reversed(dear)}.values()),
        }

    def _about(self, job: Job, at: datetime) -> dict[str, object]:
        return about(job, self._link_of(job), at)


def _charged(job: Job) -> ChargedMore:
    return ChargedMore(
        model_id=job.model_id,
        job_id=job.id,
        estimate_microusd=job.estimate_microusd,
        cost_microusd=job.cost_microusd or 0,
    )


def prices_look(prices: Prices, *, is_known: Callable[[], bool]) -> Callable[[], Awaitable[Seen]]:
    """Models that cost more than the bot was made for, once the catalogue was heard."""

    async def look() -> Seen:
        raised = [
            PriceRaised(
                model_id=model_id,
                silent_microusd=second.silent_microusd,
                sound_microusd=second.sound_microusd,
            )
            for model_id, second in prices.raised.items()
        ]
        return {"price_raised": raised} if raised or is_known() else {}

    return look


def disk_look(
    folders: Sequence[Path], *, min_free_bytes: int = MIN_FREE_BYTES
) -> Callable[[], Awaitable[Seen]]:
    """Whether one of these folders has little room left."""

    async def look() -> Seen:
        free_bytes = await asyncio.to_thread(
            lambda: min(shutil.disk_usage(folder).free for folder in folders)
        )
        is_full = free_bytes < min_free_bytes
        return {"disk_nearly_full": [DiskNearlyFull(free_bytes=free_bytes)] if is_full else []}

    return look

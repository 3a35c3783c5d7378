"""A member's remaining limits here and the jobs they wait for: `/allowance`."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.actor import Actor
from bot.domain.generation.models import MODELS
from bot.domain.job import LIVE_STATES, Job, State
from bot.domain.line import AtOnce, InLine, turns
from bot.domain.money.calendar import Span
from bot.domain.money.keys import OperatorPays
from bot.domain.money.ledger import Account, Balance, Hold, Ledger, Scope, is_too_soon
from bot.domain.money.policy import OperatorLimits, at_once_in, holds_for, offered_qualities
from bot.domain.money.price import Prices
from bot.domain.ports import Clock, JobStore, Providers
from bot.domain.servers import EVERYWHERE
from bot.features.library.library_rows import LibraryRows, Way
from bot.features.preferences import People
from bot.features.servers.servers import Servers

UNDER_WAY_SHOWN = 8
_SOME_KEY = 0
"""Any key of the server's own, valid or not: it only matters that it is not the operator's."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One account that has a cap, and its balance."""

    hold: Hold
    balance: Balance
    usual_microusd: int
    """The price by which limits in money and in number are compared."""
    cheapest_microusd: int
    """The price of the cheapest video that may be made there."""

    @property
    def left_microusd(self) -> int | None:
        """What may still be spent; None if only videos are counted."""
        cap = self.hold.cap_microusd
        return None if cap is None else max(0, cap - self.balance.taken_microusd)

    @property
    def left_videos(self) -> int | None:
        """How many videos may still be made; None if only money is counted."""
        cap = self.hold.cap_videos
        return None if cap is None else max(0, cap - self.balance.videos)

    @property
    def is_used_up(self) -> bool:
        """Whether not even the cheapest video fits any more."""
        left_microusd = self.left_microusd
        is_too_little = left_microusd is not None and left_microusd < self.cheapest_microusd
        return is_too_little or self.left_videos == 0

    @property
    def usual_videos_left(self) -> int:
        """How many videos of the usual price still fit."""
        by_money, by_number = self.left_microusd, self.left_videos
        counts = [] if by_money is None else [by_money // self.usual_microusd]
        return min([*counts, *([] if by_number is None else [by_number])])


@dataclass(frozen=True, slots=True)
class UnderWay:
    """One of their unfinished jobs, and its place in our queue if it waits there."""

    job: Job
    in_line: InLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """The whole allowance, as it is now."""

    limits: Sequence[Limit]
    """Every limit that applies to them here, the tightest first."""
    today: Balance
    """What counts for them here today, limited or not."""
    this_month: Balance
    under_way: Sequence[UnderWay]
    """Oldest first."""
    at_once: int
    """How many of their jobs may be under way at once."""
    again_at: datetime | None
    """When they may ask again, if that is in the future."""
    ask_above_microusd: int | None
    """A price above this needs their confirmation: the lower of their own sum and the server's."""
    offered: Sequence[str]
    """The qualities that may be used here."""
    server_pays: bool
    """Whether the server's own key pays."""

    @property
    def tightest(self) -> Limit | None:
        """The limit that runs out first."""
        return self.limits[0] if self.limits else None

    def within(self, span: Span) -> Sequence[Limit]:
        """The limits of the day, or of the month."""
        return [limit for limit in self.limits if limit.hold.span is span]


def tightest_first(limits: Sequence[Limit]) -> Sequence[Limit]:
    """Fewest usual videos left first; among equals, the one that renews last."""

    def tightness(limit: Limit) -> tuple[int, int, float]:
        left_microusd = limit.left_microusd
        money = limit.usual_microusd if left_microusd is None else left_microusd
        return (limit.usual_videos_left, money, -limit.hold.renews_at.timestamp())

    return sorted(limits, key=tightness)


class Allowances:
    """Reads a person's limits, as far as the database answers."""

    def __init__(
        self,
        *,
        servers: Servers,
        people: People,
        keys: Providers,
        ledger: Ledger,
        jobs: JobStore,
        library: LibraryRows,
        limits: OperatorLimits,
        prices: Prices,
        at_once: int,
        clock: Clock,
    ) -> None:
        self._servers = servers
        self._people = people
        self._keys = keys
        self._ledger = ledger
        self._jobs = jobs
        self._library = library
        self._limits = limits
        self._prices = prices
        self._at_once = at_once
        self._clock = clock

    async def of(self, asker: Actor) -> Allowance:
        """What they may still do here.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        now = self._clock.now()
        server = await self._servers.current(asker.guild_id)
        paying = await self._keys.paying_in(asker.guild_id)
        server_pays = not isinstance(paying, OperatorPays)
        holds = holds_for(
            asker,
            server=server,
            everywhere=await self._servers.current(EVERYWHERE),
            limits=self._limits,
            key_id=_SOME_KEY if server_pays else None,
            at=now,
        )
        balances = await self._ledger.balances([hold.account for hold in holds])
        again_at = await self._ledger.again_at(asker.user_id)
        choices = await self._people.current(asker.user_id)
        sums = (choices.ask_above_microusd, server.ask_above_microusd)
        at_once = self._at_once_in(asker.guild_id)
        offered = offered_qualities(server, self._limits)
        cheapest = self._prices.cheapest_microusd(one for one in MODELS if one.quality in offered)
        return Allowance(
            limits=tightest_first(
                [
                    Limit(hold, balances[hold.account], self._prices.usual_microusd, cheapest)
                    for hold in holds
                    if hold.is_limited
                ]
            ),
            today=_own(holds, balances, Span.DAY, asker),
            this_month=_own(holds, balances, Span.MONTH, asker),
            under_way=await self._under_way(asker.user_id),
            at_once=at_once.for_one_person(operator_pays=not server_pays) or self._at_once,
            again_at=again_at if is_too_soon(again_at, now, self._limits.cooldown_s) else None,
            ask_above_microusd=min((s for s in sums if s is not None), default=None),
            offered=offered,
            server_pays=server_pays,
        )

    async def _under_way(self, user_id: int) -> Sequence[UnderWay]:
        theirs = await self._library.listed(
            user_id, states=LIVE_STATES, beyond=None, way=Way.NEWER, limit=UNDER_WAY_SHOWN
        )
        if all(job.state is not State.WAITING for job in theirs):
            return [UnderWay(job, None) for job in theirs]
        places = await asyncio.to_thread(
            turns,
            await self._jobs.standings(),
            now=self._clock.now(),
            at_once=self._at_once,
            limits_of=self._at_once_in,
        )

        def place_of(job: Job) -> InLine | None:
            turn = places.get(job.id)
            return turn if isinstance(turn, InLine) else None

        return [UnderWay(job, place_of(job)) for job in theirs]

    def _at_once_in(self, guild_id: int | None) -> AtOnce:
        known = self._servers.known
        return at_once_in(known(guild_id), known(EVERYWHERE), self._limits)


def _own(
    holds: Sequence[Hold], balances: Mapping[Account, Balance], span: Span, asker: Actor
) -> Balance:
    """What counts for the person alone: in a server what they made there, else everything."""
    scope = Scope.OPERATOR_USER if asker.guild_id is None else Scope.MEMBER
    return next(
        balances[hold.account] for hold in holds if (hold.account.scope, hold.span) == (scope, span)
    )

"""The use case behind `/allowance`: one person's limits, prices and jobs, as they stand."""

import asyncio
from collections.abc import Mapping, Sequence

from bot.domain.actor import Actor
from bot.domain.calendar import Span
from bot.domain.job import LIVE_STATES, Job, State
from bot.domain.keys import OperatorPays, PayingKeys
from bot.domain.ledger import Account, Balance, Hold, Ledger, Scope, is_too_soon
from bot.domain.line import AtOnce, InLine, turns
from bot.domain.policy import OperatorLimits, at_once_in, holds_for
from bot.domain.ports import Clock, JobStore
from bot.domain.servers import EVERYWHERE, Servers
from bot.features.allowance_ports import Allowance, Limit, UnderWay, tightest_first
from bot.features.library_ports import LibraryStore, Way
from bot.features.preferences import People

UNDER_WAY_SHOWN = 8
_SOME_KEY = 0
"""Any key of the server's own, working or not: what counts is that it is not the operator's."""


class AllowanceDesk:
    """Fulfils `Allowances`; raises StoreUnavailable where the database does not answer."""

    def __init__(
        self,
        *,
        servers: Servers,
        people: People,
        keys: PayingKeys,
        ledger: Ledger,
        jobs: JobStore,
        shelves: LibraryStore,
        limits: OperatorLimits,
        at_once: int,
        clock: Clock,
    ) -> None:
        self._servers = servers
        self._people = people
        self._keys = keys
        self._ledger = ledger
        self._jobs = jobs
        self._shelves = shelves
        self._limits = limits
        self._at_once = at_once
        self._clock = clock

    async def of(self, asker: Actor) -> Allowance:
        """What they may still do, where they are."""
        now = self._clock.now()
        server = await self._servers.current(asker.guild_id)
        paying = await self._keys.paying_in(asker.guild_id)
        server_pays = not isinstance(paying, OperatorPays)
        holds = holds_for(
            asker,
            server=server,
            limits=self._limits,
            key_id=_SOME_KEY if server_pays else None,
            at=now,
        )
        balances = await self._ledger.balances([hold.account for hold in holds])
        again_at = await self._ledger.again_at(asker.user_id)
        choices = await self._people.current(asker.user_id)
        sums = (choices.ask_above_microusd, server.ask_above_microusd)
        at_once = self._at_once_in(asker.guild_id)
        return Allowance(
            limits=tightest_first(
                [Limit(hold, balances[hold.account]) for hold in holds if hold.is_limited]
            ),
            today=_own(holds, balances, Span.DAY, asker),
            this_month=_own(holds, balances, Span.MONTH, asker),
            under_way=await self._under_way(asker.user_id),
            at_once=at_once.for_one_person(operator_pays=not server_pays) or self._at_once,
            again_at=again_at if is_too_soon(again_at, now, self._limits.cooldown_s) else None,
            ask_above_microusd=min((s for s in sums if s is not None), default=None),
            server_pays=server_pays,
        )

    async def _under_way(self, user_id: int) -> Sequence[UnderWay]:
        theirs = await self._shelves.listed(
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
    """What counts for the person alone: in a server what they made there, else all."""
    scope = Scope.OPERATOR_USER if asker.guild_id is None else Scope.MEMBER
    return next(
        balances[hold.account] for hold in holds if (hold.account.scope, hold.span) == (scope, span)
    )

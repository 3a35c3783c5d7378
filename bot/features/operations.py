"""Operations: an overview of the bot, and the operators' decisions about all of it."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.job import State
from bot.domain.money.calendar import Span
from bot.domain.money.ledger import NO_CAPS, Caps
from bot.domain.money.policy import OperatorLimits
from bot.domain.ports import Clock, JobStore
from bot.domain.servers import EVERYWHERE, NOTHING_DECIDED, ServerSettings
from bot.features.drain import Drain, drain_so_far
from bot.features.servers.server_keys import KeyRows
from bot.features.servers.servers import ServerRows, Servers
from bot.features.spending import NOTHING_SPENT, Spend, Spending, total
from bot.storage.census import SqlCensus
from bot.storage.database import Database

LeftOnAccount = Callable[[], Awaitable[int | None]]
"""Asks for the balance at RunComfy, in micro-dollars; None if it does not answer."""


@dataclass(frozen=True, slots=True)
class Overview:
    """An overview of the bot."""

    by_state: Mapping[State, int]
    """All jobs ever; a state without jobs is left out."""
    by_operator: Spend
    """This month, by the operator's key."""
    by_servers: Spend
    """This month, by servers' own keys."""
    balance_microusd: int | None
    """The balance at RunComfy; None if it does not answer."""
    paused_because: str | None
    drain: Drain | None
    """The drain in progress, if there is one."""
    is_unread: bool = False
    """Whether decisions about the whole bot cannot be read: it is then paused until resumed."""
    total_caps: Caps = NO_CAPS
    """The limit of everything that an operator set on Discord."""
    unlimited: "Unlimited | None" = None
    """Who can spend the whole balance; None if there is a limit."""


@dataclass(frozen=True, slots=True)
class Unlimited:
    """Without any limit these can spend the whole balance."""

    servers: int
    """Those that the operator's key pays for."""
    direct_messages: bool
    """And everyone who writes to the bot directly."""


@dataclass(frozen=True, slots=True)
class ServerLine:
    """An overview of one server."""

    guild_id: int | None
    """None for direct messages."""
    under_way: int = 0
    waiting: int = 0
    by_operator: Spend = NOTHING_SPENT
    """This month, by the operator's key."""
    by_itself: Spend = NOTHING_SPENT
    """This month, by its own key."""
    has_key: bool = False
    is_blocked: bool = False
    is_paused: bool = False


class Operations:
    """What operators see and decide, over all servers; callers check that the actor is one.

    Raises, in every method:
        StoreUnavailable: the database cannot be reached; a write may not have been made.
    """

    def __init__(
        self,
        *,
        jobs: JobStore,
        database: Database,
        servers: Servers,
        spending: Spending,
        left_on_account: LeftOnAccount,
        limits: OperatorLimits,
        clock: Clock,
    ) -> None:
        self._jobs = jobs
        self._database = database
        self._servers = servers
        self._spending = spending
        self._left_on_account = left_on_account
        self._limits = limits
        self._clock = clock

    async def overview(self, guild_ids: Collection[int] = ()) -> Overview:
        """An overview of the bot, which is in these servers."""
        spent = await self._spending.everywhere()
        everywhere = await self._servers.current(EVERYWHERE)
        return Overview(
            by_state=await SqlCensus(database=self._database).jobs_by_state(),
            by_operator=total(one.spend for one in spent if one.by_operator),
            by_servers=total(one.spend for one in spent if not one.by_operator),
            balance_microusd=await self._left_on_account(),
            paused_because=everywhere.paused_because,
            is_unread=everywhere.is_unread,
            drain=None
            if everywhere.drained_by is None
            else await drain_so_far(self._database, self._clock.now()),
            total_caps=everywhere.total_caps,
            unlimited=await self._unlimited(everywhere, guild_ids),
        )

    async def _unlimited(
        self, everywhere: ServerSettings, guild_ids: Collection[int]
    ) -> Unlimited | None:
        if self._limits.is_spending_limited or everywhere.total_caps.is_set:
            return None
        with_keys = await KeyRows(database=self._database).servers_with_keys()
        paid = {one for one in guild_ids if self._limits.pays_for(one)} - set(with_keys)
        return Unlimited(len(paid), self._limits.direct_messages)

    async def servers(self) -> Sequence[ServerLine]:
        """Every server with a job or a decision this month, the largest spender first."""
        spent = await self._spending.everywhere()
        standings = await self._jobs.standings()
        with_keys = await KeyRows(database=self._database).servers_with_keys()
        ids: dict[int | None, None] = dict.fromkeys(one.guild_id for one in spent)
        ids |= dict.fromkeys(one.guild_id for one in standings)
        settings = {
            guild_id: chosen
            for guild_id, chosen in (await ServerRows(database=self._database).everywhere()).items()
            if guild_id != EVERYWHERE
        }
        restricted = {guild_id for guild_id, chosen in settings.items() if _is_restricted(chosen)}
        ids |= dict.fromkeys(sorted(with_keys | restricted))

        def line(guild_id: int | None) -> ServerLine:
            here = [one for one in spent if one.guild_id == guild_id]
            there = [one for one in standings if one.guild_id == guild_id]
            chosen = (
                NOTHING_DECIDED if guild_id is None else settings.get(guild_id, NOTHING_DECIDED)
            )
            return ServerLine(
                guild_id=guild_id,
                under_way=sum(one.is_under_way for one in there),
                waiting=sum(not one.is_under_way for one in there),
                by_operator=total(one.spend for one in here if one.by_operator),
                by_itself=total(one.spend for one in here if not one.by_operator),
                has_key=guild_id in with_keys,
                is_blocked=chosen.is_blocked,
                is_paused=chosen.paused_because is not None or chosen.is_unread,
            )

        return [line(guild_id) for guild_id in ids]

    async def pause(self, because: str, *, by_user_id: int) -> None:
        """Take nothing new and send nothing, anywhere, until resumed."""
        await self._change(EVERYWHERE, {"paused_because": because}, by_user_id)

    async def resume(self, *, by_user_id: int) -> bool:
        """End a pause and a drain, and drop what cannot be read; whether there was any."""
        resumed = {"paused_because": None, "drained_by": None, "unread": frozenset[str]()}
        return await self._change(EVERYWHERE, resumed, by_user_id)

    async def limit(self, span: Span, microusd: int | None, *, by_user_id: int) -> Caps:
        """Set what the operator's key pays for in a day or a month; all such limits as they are.

        Any other limit stays. None takes this one away.
        """
        name = "day_microusd" if span is Span.DAY else "month_microusd"

        def edit(now: ServerSettings) -> Mapping[str, Any]:
            return {"total_caps": now.total_caps.model_copy(update={name: microusd})}

        changed = await self._servers.change(EVERYWHERE, edit, by_user_id=by_user_id)
        return changed.total_caps

    async def block(self, guild_id: int, *, by_user_id: int) -> bool:
        """Let a server ask for no more videos; False if it was blocked already."""
        return await self._change(guild_id, {"blocked_by_operator": True}, by_user_id)

    async def unblock(self, guild_id: int, *, by_user_id: int) -> bool:
        """Let it ask again; False when it was not blocked."""
        return await self._change(guild_id, {"blocked_by_operator": False}, by_user_id)

    async def drain(self, *, by_user_id: int) -> Drain:
        """Take nothing new, and finish what is under way."""
        await self._change(EVERYWHERE, {"drained_by": by_user_id}, by_user_id)
        return await self._drain_so_far()

    async def _drain_so_far(self) -> Drain:
        return await drain_so_far(self._database, self._clock.now())

    async def _change(self, guild_id: int, changes: Mapping[str, Any], by_user_id: int) -> bool:
        """Write the changes; whether any value is different now."""
        different: list[bool] = []

        def edit(now: ServerSettings) -> Mapping[str, Any]:
            # Called again if another writer came first.
            # An unreadable value is never counted as unchanged.
            different[:] = [
                any(
                    name in now.unread or getattr(now, name) != value
                    for name, value in changes.items()
                )
            ]
            return changes if different[0] else {}

        await self._servers.change(guild_id, edit, by_user_id=by_user_id)
        return different == [True]


def _is_restricted(settings: ServerSettings) -> bool:
    return settings.is_blocked or settings.is_unread or settings.paused_because is not None

"""The use cases of whoever runs the bot: how everything stands, and decisions about all of it."""

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, assert_never

from bot.domain import lifecycle
from bot.domain.job import Job, JobId
from bot.domain.outcomes import (
    CancelledThere,
    Failed,
    Gone,
    StillQueued,
    StillRendering,
    Succeeded,
    Unanswered,
    Unclear,
)
from bot.domain.ports import Clock, Engine, JobStore, Providers
from bot.domain.servers import (
    EVERYWHERE,
    JOB_BOUND,
    JOB_WRITTEN_OFF,
    NOTHING_DECIDED,
    ServerSettings,
)
from bot.features.operations_ports import (
    REQUEST_ID_MAX_CHARS,
    Binding,
    Drain,
    LeftOnAccount,
    OperatorStore,
    Overview,
    ServerLine,
)
from bot.features.resolving import ResolveOutcome, note_resolved, resolve
from bot.features.server_keys import KeyRows
from bot.features.servers import ServerRows, Servers
from bot.features.spending import NOTHING_SPENT, Spending

logger = logging.getLogger(__name__)

KEPT_FOR: Final = timedelta(minutes=5)
"""A result that could not be delivered for so long waits for its requester, and not for us."""


class DrainLook:
    """How far a drain has come; fulfils `DrainSoFar`."""

    def __init__(self, *, store: OperatorStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self) -> Drain:
        """Count what is under way now.

        Raises:
            StoreUnavailable: it cannot be known now.
        """
        since = self._clock.now() - KEPT_FOR
        return Drain(await self._store.under_way(rendered_since=since))


class OperatorDesk:
    """Fulfils `Operations`."""

    def __init__(
        self,
        *,
        store: OperatorStore,
        jobs: JobStore,
        providers: Providers,
        servers: Servers,
        decisions: ServerRows,
        keys: KeyRows,
        spendings: Spending,
        left_on_account: LeftOnAccount,
        engine: Engine,
        clock: Clock,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._providers = providers
        self._servers = servers
        self._decisions = decisions
        self._keys = keys
        self._spendings = spendings
        self._left_on_account = left_on_account
        self._drain_so_far = DrainLook(store=store, clock=clock)
        self._engine = engine
        self._clock = clock

    async def overview(self) -> Overview:
        """How everything stands."""
        spent = await self._spendings.everywhere()
        everywhere = await self._servers.current(EVERYWHERE)
        return Overview(
            by_state=await self._store.jobs_by_state(),
            by_operator=sum((one.spend for one in spent if one.by_operator), NOTHING_SPENT),
            by_servers=sum((one.spend for one in spent if not one.by_operator), NOTHING_SPENT),
            balance_microusd=await self._left_on_account(),
            paused_because=everywhere.paused_because,
            is_unread=everywhere.is_unread,
            drain=None if everywhere.drained_by is None else await self._drain_so_far(),
        )

    async def servers(self) -> Sequence[ServerLine]:
        """Every server that did or decided anything this month, the largest spender first."""
        spent = await self._spendings.everywhere()
        standings = await self._jobs.standings()
        with_keys = await self._keys.servers_with_keys()
        ids: dict[int | None, None] = dict.fromkeys(one.guild_id for one in spent)
        ids |= dict.fromkeys(one.guild_id for one in standings)
        settings = {
            guild_id: chosen
            for guild_id, chosen in (await self._decisions.everywhere()).items()
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
                by_operator=sum((one.spend for one in here if one.by_operator), NOTHING_SPENT),
                by_itself=sum((one.spend for one in here if not one.by_operator), NOTHING_SPENT),
                has_key=guild_id in with_keys,
                is_blocked=chosen.is_blocked,
                is_paused=chosen.paused_because is not None or chosen.is_unread,
            )

        return [line(guild_id) for guild_id in ids]

    async def unsure(self) -> Sequence[Job]:
        """The jobs that wait for a person's decision, oldest first."""
        return await self._store.unsure()

    async def bind(self, job_id: JobId, request_id: str, *, by_user_id: int) -> Binding:
        """It is there, under this id: checked for free, then watched from here on."""
        request_id = request_id.strip()
        if not re.fullmatch(rf"[!-~]{{1,{REQUEST_ID_MAX_CHARS}}}", request_id):
            return Binding.MALFORMED
        job = await self._jobs.get(job_id)
        if job is None:
            return Binding.NOT_UNSURE
        if await self._store.job_with(request_id) not in (None, job_id):
            return Binding.TAKEN
        objection = await self._is_missing(job, request_id)
        if objection is not None:
            return objection
        found = lifecycle.Accepted(request_id)
        return await self._decided(job, found, JOB_BOUND, by_user_id=by_user_id)

    async def write_off(self, job_id: JobId, *, by_user_id: int) -> Binding:
        """It is not there: closed, and what was held for it is free again."""
        job = await self._jobs.get(job_id)
        if job is None:
            return Binding.NOT_UNSURE
        return await self._decided(
            job, lifecycle.WrittenOff(), JOB_WRITTEN_OFF, by_user_id=by_user_id
        )

    async def pause(self, because: str, *, by_user_id: int) -> None:
        """Take no new wishes and send nothing, anywhere, until it is resumed."""
        await self._change(EVERYWHERE, {"paused_because": because}, by_user_id)

    async def resume(self, *, by_user_id: int) -> bool:
        """End a pause and a drain, and go on without what cannot be read; whether any was."""
        resumed = {"paused_because": None, "drained_by": None, "unread": frozenset[str]()}
        return await self._change(EVERYWHERE, resumed, by_user_id)

    async def block(self, guild_id: int, *, by_user_id: int) -> bool:
        """Let a server ask for no more videos; False when it could ask for none before."""
        return await self._change(guild_id, {"blocked_by_operator": True}, by_user_id)

    async def unblock(self, guild_id: int, *, by_user_id: int) -> bool:
        """Let it ask again; False when it was not blocked."""
        return await self._change(guild_id, {"blocked_by_operator": False}, by_user_id)

    async def drain(self, *, by_user_id: int) -> Drain:
        """Take no more wishes and let what is under way finish."""
        await self._change(EVERYWHERE, {"drained_by": by_user_id}, by_user_id)
        return await self._drain_so_far()

    async def _is_missing(self, job: Job, request_id: str) -> Binding | None:
        """Why it should not be bound, by the service's own word; None when it is there."""
        provider = await self._providers.of(job.key_id)
        match await provider.look(request_id):
            case StillQueued() | StillRendering() | Succeeded() | Failed() | CancelledThere():
                return None
            case Gone():
                return Binding.NOT_THERE
            case Unclear() | Unanswered():
                return Binding.SILENT

    async def _decided(
        self,
        job: Job,
        decision: lifecycle.Accepted | lifecycle.WrittenOff,
        what: str,
        *,
        by_user_id: int,
    ) -> Binding:
        outcome = await resolve(self._jobs, job.id, decision, self._clock.now())
        match outcome:
            case ResolveOutcome.RESOLVED:
                self._engine.enqueue(job.id)
                logger.info("job %s was resolved by %d: %s", job.id, by_user_id, what)
                await note_resolved(self._servers, job, what, by_user_id=by_user_id)
                return Binding.RESOLVED
            case ResolveOutcome.NOT_UNSURE | ResolveOutcome.UNKNOWN_JOB:
                return Binding.NOT_UNSURE
            case ResolveOutcome.TAKEN:
                return Binding.TAKEN
            case _:
                assert_never(outcome)

    async def _change(self, guild_id: int, changes: Mapping[str, Any], by_user_id: int) -> bool:
        """Whether anything is other than before."""
        different: list[bool] = []

        def edit(now: ServerSettings) -> Mapping[str, Any]:
            # Called again where somebody else wrote in between.
            # What cannot be read is not known to be the same.
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

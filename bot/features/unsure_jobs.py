"""Unsure jobs: the operator checks RunComfy's list of generations and decides about each."""

import json
import logging
import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from bot.domain import lifecycle
from bot.domain.denied import Denied
from bot.domain.job import Job, JobId, State
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
from bot.domain.ports import Clock, JobStore, Providers
from bot.domain.servers import EVERYWHERE, JOB_BOUND, JOB_WRITTEN_OFF
from bot.features.servers.servers import Servers
from bot.storage.database import Database
from bot.storage.rows import job_of
from bot.storage.tables.jobs import jobs

logger = logging.getLogger(__name__)

REQUEST_ID_MAX_CHARS: Final = 200


class ResolveRefusal(StrEnum):
    """Why a job is unchanged."""

    UNKNOWN_JOB = "unknown_job"
    NOT_UNSURE = "not_unsure"
    """It was resolved already."""
    MALFORMED = "malformed"
    TAKEN = "taken"
    """Another job has this request."""
    NOT_THERE = "not_there"
    """RunComfy does not know this request by the key that paid."""
    SILENT = "silent"
    """RunComfy did not answer, so it was not bound."""


ResolveAnswer = Job | Denied[ResolveRefusal]
"""The current job, or why nothing was changed."""


class UnsureJobs:
    """Resolves them, for the operator's card and for the shell.

    Raises, in every method:
        StoreUnavailable: nothing was written, or that could not be confirmed.
    """

    def __init__(
        self,
        *,
        store: JobStore,
        database: Database,
        servers: Servers,
        clock: Clock,
        providers: Providers | None = None,
        enqueue: Callable[[JobId], None] | None = None,
    ) -> None:
        """Without `providers` no request is checked; without `enqueue` a sweep picks it up."""
        self._store = store
        self._database = database
        self._servers = servers
        self._clock = clock
        self._providers = providers
        self._enqueue = enqueue

    async def all(self) -> Sequence[Job]:
        """Those that wait for a decision, oldest first."""
        unsure = select(jobs).where(jobs.c.state == State.UNSURE.value)
        oldest_first = unsure.order_by(jobs.c.created_at, jobs.c.id)
        return await self._database.many_readable(oldest_first, job_of)

    async def bind(self, job_id: JobId, request_id: str, *, by_user_id: int) -> ResolveAnswer:
        """Bind it to this request: checked for free, then watched from here on."""
        request_id = request_id.strip()
        if not re.fullmatch(rf"[!-~]{{1,{REQUEST_ID_MAX_CHARS}}}", request_id):
            return Denied(ResolveRefusal.MALFORMED)
        job = await self._store.get(job_id)
        if job is None:
            return Denied(ResolveRefusal.UNKNOWN_JOB)
        if self._providers is not None:
            # A mistyped id would otherwise be watched for nothing.
            objection = await self._objection(job, request_id, self._providers)
            if objection is not None:
                return Denied(objection)
        decision = lifecycle.Accepted(request_id)
        return await self._resolve(job_id, decision, JOB_BOUND, by_user_id=by_user_id)

    async def write_off(self, job_id: JobId, *, by_user_id: int) -> ResolveAnswer:
        """Close it as not generated, and release what was reserved for it."""
        return await self._resolve(
            job_id, lifecycle.WrittenOff(), JOB_WRITTEN_OFF, by_user_id=by_user_id
        )

    async def _objection(
        self, job: Job, request_id: str, providers: Providers
    ) -> ResolveRefusal | None:
        """Why it should not be bound; None if the service has it, by the key that paid."""
        having = select(jobs.c.id).where(jobs.c.request_id == request_id).limit(1)
        if any(row["id"] != job.id for row in await self._database.rows(having)):
            return ResolveRefusal.TAKEN
        provider = await providers.of(job.key_id)
        match await provider.look(request_id):
            case StillQueued() | StillRendering() | Succeeded() | Failed() | CancelledThere():
                return None
            case Gone():
                return ResolveRefusal.NOT_THERE
            case Unclear() | Unanswered():
                return ResolveRefusal.SILENT

    async def _resolve(
        self,
        job_id: JobId,
        decision: lifecycle.Accepted | lifecycle.WrittenOff,
        what: str,
        *,
        by_user_id: int,
    ) -> ResolveAnswer:
        job = await self._store.get(job_id)
        while job is not None and job.state is State.UNSURE:
            at = self._clock.now()
            match decision:
                case lifecycle.Accepted(request_id):
                    resolved = await self._store.bind(job, request_id, at)
                case lifecycle.WrittenOff():
                    resolved = await self._store.move(job, decision, at)
            if resolved is not None:
                logger.info("job %s: resolved by %d: %s", job.id, by_user_id, what)
                if self._enqueue is not None:
                    self._enqueue(job_id)
                await self._servers.note(
                    job.server_id or EVERYWHERE,
                    what,
                    by_user_id=by_user_id,
                    after=json.dumps(job.id),
                )
                return resolved
            latest = await self._store.get(job_id)
            if latest == job:
                return Denied(ResolveRefusal.TAKEN)
            # Its card was updated meanwhile, which wrote the row: the decision may still fit.
            job = latest
        why = ResolveRefusal.UNKNOWN_JOB if job is None else ResolveRefusal.NOT_UNSURE
        return Denied(why)

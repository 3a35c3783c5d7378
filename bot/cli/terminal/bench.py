"""The composition root of the terminal: one generation on the same foundation as the bot's."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from random import Random
from typing import Final, assert_never

from bot import as_invoked
from bot.app.foundation import Foundation, database_url, locked_ground, open_foundation
from bot.cli.terminal.screen import Screen, TerminalAnnouncer
from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.generation.request import GenerationRequest
from bot.domain.job import Job, JobId
from bot.domain.line import UNDER_WAY_STATES, InLine, Standing, WaitReason, turns
from bot.domain.money.policy import DeclineWhy
from bot.domain.ports import Clock
from bot.features.admission import Admission
from bot.features.ordering import Asked, AskedBefore, AskUnclear, Ordering
from bot.features.pictures import Pictures, Taken
from bot.features.terminal_jobs import OPERATOR_ID, TERMINAL, is_from_terminal, question_id
from bot.runner.engine import SingleEngine
from bot.settings import Settings
from bot.storage import open_store
from bot.storage.engine import sqlite_file

SHOWN: Final = 5
"""How many of the jobs ahead are named."""


class NotResumed(Enum):
    """Why a job is not resumed at a terminal."""

    UNKNOWN_JOB = "unknown_job"
    NOT_FROM_TERMINAL = "not_from_terminal"
    """A member asked for it on Discord, and the bot delivers it there."""


@dataclass(frozen=True, slots=True)
class Behind:
    """It would have to wait for these jobs or the end of a pause; this process ends neither."""

    reason: WaitReason
    others: Sequence[Job]
    is_alone: bool
    """No bot works on this database now, so the wait would not end."""

    def __str__(self) -> str:
        if self.reason is WaitReason.PAUSED:
            return "Sending is paused: `/kling-operator resume` on Discord ends that."
        ids = [job.id for job in self.others]
        more = f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else ""
        ahead = f"Other videos come first: {', '.join(ids[:SHOWN])}{more}."
        here = any(map(is_from_terminal, self.others))
        bring = f", or bring one by `{as_invoked('generate --resume JOB')}`" if here else ""
        if self.is_alone:
            return f"{ahead} No bot watches them now: start one{bring}."
        return f"{ahead} They go on while a bot runs on this database; else start one{bring}."


@dataclass(frozen=True, slots=True)
class Bench:
    """The parts that one generation at a terminal needs."""

    base: Foundation
    admission: Admission
    ordering: Ordering
    engine: SingleEngine
    announcer: TerminalAnnouncer

    async def behind(self, job_id: JobId | None) -> Behind | None:
        """What a waiting or new job would wait for; None if it may be sent at once.

        Raises:
            StoreUnavailable: the database cannot be read now.
        """
        base = self.base
        standings = list(await base.store.standings())
        if job_id is None:
            standings.append(_asked_last(base.clock))
        wanted = job_id or ""
        decided = turns(
            standings,
            now=base.clock.now(),
            at_once=base.settings.max_in_flight,
            limits_of=base.at_once_of(),
            tries=wanted,
        )
        ours = {one.job_id for one in standings if one.user_id == OPERATOR_ID}
        turn = decided.get(wanted) if wanted in ours else None
        if not isinstance(turn, InLine):
            return None
        others = [
            job
            for job in await base.store.unfinished()
            if (job.state in UNDER_WAY_STATES or job.id in decided)
            and job.id != job_id
            and (turn.reason is not WaitReason.OWN or job.requester_id == OPERATOR_ID)
        ]
        is_alone = sqlite_file(database_url(base.settings)) is not None
        return Behind(turn.reason, others, is_alone)

    async def ask(self, request: GenerationRequest) -> Job | DeclineWhy:
        """Order a new generation, like everybody: under all rules, and through the ledger."""
        order = await self.admission.admit(
            request,
            Actor(user_id=OPERATOR_ID, is_operator=True),
            interaction_id=question_id(self.base.random),
            private=True,
            locale="en",
        )
        if isinstance(order, Denied):
            return order.why
        answer = await self.ordering.ask(order, TERMINAL)
        match answer:
            case Asked(job) | AskedBefore(job) | AskUnclear(job):
                return job
            case Denied(why):
                return why
            case _:
                assert_never(answer)

    async def resume(self, job_id: JobId) -> Job | NotResumed:
        """Resume a job that was left at a terminal; one that is over is only read.

        Raises:
            StoreUnavailable: the database cannot be read now.
        """
        job = await self.base.store.get(job_id)
        if job is None:
            return NotResumed.UNKNOWN_JOB
        if not is_from_terminal(job):
            return NotResumed.NOT_FROM_TERMINAL
        if job.needs_work:
            self.engine.enqueue(job.id)
        else:
            self.engine.over.set()
        return job


def _asked_last(clock: Clock) -> Standing:
    return Standing(
        job_id="",
        guild_id=TERMINAL.guild_id,
        user_id=OPERATOR_ID,
        created_at=clock.now(),
        is_under_way=False,
    )


async def take_picture(settings: Settings, data: bytes, *, clock: Clock) -> Taken:
    """Check the operator's picture, and keep it where a job finds it.

    Raises:
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
    """
    async with open_store(database_url(settings)) as store:
        return await Pictures(database=store.database, clock=clock).take(data, user_id=OPERATOR_ID)


@asynccontextmanager
async def open_bench(
    settings: Settings, *, screen: Screen, output: Path | None, clock: Clock, random: Random
) -> AsyncGenerator[Bench]:
    """Open what one generation needs; on leaving, its job stays in the state it has.

    Raises:
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
        DataFolderInUse: the bot, or another generation, works on the same data folder.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(locked_ground(settings))
        base = await stack.enter_async_context(
            open_foundation(settings, clock=clock, random=random)
        )
        announcer = TerminalAnnouncer(
            screen=screen,
            output=output,
            folder=Path.cwd(),
            forecasts=base.forecasts,
            clock=clock,
        )
        engine = SingleEngine(
            watch=base.workshop(announcer).watch,
            clock=clock,
            random=random,
            drain_timeout_s=settings.drain_timeout_s,
        )
        stack.push_async_callback(engine.stop)
        admission = base.admission()
        ordering = base.ordering(admission, engine)
        yield Bench(
            base=base, admission=admission, ordering=ordering, engine=engine, announcer=announcer
        )

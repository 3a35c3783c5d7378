"""The composition root of the terminal: one generation on the same foundation as the bot's."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from random import Random
from typing import assert_never

from bot.desk import Desk
from bot.foundation import laid_foundation, locked_ground
from bot.generation.answers import Asked, AskedBefore, Asker, Declined, DeclineWhy
from bot.generation.job import Job, JobId
from bot.generation.ports import Clock, JobStore
from bot.generation.request import GenerationRequest
from bot.runner.single import SingleEngine
from bot.settings import Settings
from bot.terminal.announcer import Screen, TerminalAnnouncer
from bot.terminal.place import OPERATOR_ID, TERMINAL, is_from_terminal, question_id
from bot.tracing import traced


class NotResumed(Enum):
    """Why a job is not taken up at a terminal."""

    UNKNOWN_JOB = "unknown_job"
    NOT_FROM_TERMINAL = "not_from_terminal"
    """Somebody asked for it on Discord, and it is brought there."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What one generation at a terminal needs in hand."""

    store: JobStore
    desk: Desk
    engine: SingleEngine
    announcer: TerminalAnnouncer
    random: Random

    async def ask(self, request: GenerationRequest) -> Job | DeclineWhy:
        """Ask for a new generation, as everybody does: through the desk and the ledger."""
        wish = await self.desk.admit(
            request,
            Asker(user_id=OPERATOR_ID),
            interaction_id=question_id(self.random),
            private=True,
            locale="en",
        )
        if isinstance(wish, Declined):
            return wish.why
        answer = await self.desk.ask(wish, TERMINAL)
        match answer:
            case Asked(job) | AskedBefore(job):
                return job
            case Declined(why):
                return why
            case _:
                assert_never(answer)

    async def resume(self, job_id: JobId) -> Job | NotResumed:
        """Take up a job that was left at a terminal; one that is over is only read.

        Raises:
            StoreUnavailable: the database cannot be read now.
        """
        job = await self.store.get(job_id)
        if job is None:
            return NotResumed.UNKNOWN_JOB
        if not is_from_terminal(job):
            return NotResumed.NOT_FROM_TERMINAL
        if job.needs_work:
            self.engine.enqueue(job.id)
        else:
            self.engine.over.set()
        return job


@asynccontextmanager
async def open_bench(
    settings: Settings, *, screen: Screen, output: Path | None, clock: Clock, random: Random
) -> AsyncGenerator[Bench]:
    """Open what one generation needs; on leaving, its job is put down as it stands.

    Raises:
        StoreUnavailable, DatabaseUnusable, DatabaseTooNew: the database cannot serve.
        DataFolderInUse: the bot, or another generation, works on the same data folder.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(locked_ground(settings))
        base = await stack.enter_async_context(
            laid_foundation(settings, clock=clock, random=random)
        )
        announcer = TerminalAnnouncer(screen=screen, output=output, folder=Path.cwd())
        engine = SingleEngine(
            watch=traced(base.workshop(announcer).watch),
            clock=clock,
            random=random,
            drain_timeout_s=settings.drain_timeout_s,
        )
        stack.push_async_callback(engine.stop)
        yield Bench(
            store=base.store,
            desk=base.desk(engine),
            engine=engine,
            announcer=announcer,
            random=random,
        )

"""Random lives of random jobs, written by two stores, held against the lifecycle as the model."""

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime
from itertools import count
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete

from bot.domain.job import Job, JobId
from bot.domain.lifecycle import Event, after
from bot.domain.ports import Added, AlreadyThere
from bot.storage import SqlJobStore, open_store
from bot.storage.tables.jobs import metadata
from tests.domain.samples import INSTANTS, events
from tests.domain.samples import jobs as any_jobs
from tests.storage.behind import done, history

WHICH = st.integers(0, 1)


class StoreAndModel(RuleBasedStateMachine):
    """Two stores over one database, and a dictionary that says what must be in it."""

    read_before = Bundle("read_before")

    url: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.open = AsyncExitStack()
        self.stores: list[SqlJobStore] = []
        self.model: dict[JobId, Job] = {}
        self.told: dict[JobId, list[tuple[int, str, str]]] = {}
        self.numbers = count(1)

    @initialize()
    def begin_with_nothing(self) -> None:
        self.restart()
        emptied = [delete(table) for table in reversed(metadata.sorted_tables)]
        self.loop.run(done(self.url, *emptied))

    @rule()
    def restart(self) -> None:
        self.loop.run(self.open.aclose())
        self.stores = [
            self.loop.run(self.open.enter_async_context(open_store(self.url))) for _ in range(2)
        ]

    @rule(target=read_before, job=any_jobs(), which=WHICH)
    def add(self, job: Job, which: int) -> Job:
        number = next(self.numbers)
        job = job.model_copy(update={"id": f"job-{number}", "interaction_id": number, "version": 0})
        assert self.loop.run(self.stores[which].add(job)) == Added()
        self.model[job.id] = job
        self.told[job.id] = [(0, "Added", job.state.value)]
        return job

    @rule(job=read_before, which=WHICH)
    def add_again(self, job: Job, which: int) -> None:
        doubled = job.model_copy(update={"id": "a-doubled-event"})
        answer = self.loop.run(self.stores[which].add(doubled))
        assert answer == AlreadyThere(self.model[job.id])

    @rule(target=read_before, job=read_before, event=events(), at=INSTANTS, which=WHICH)
    def move_what_was_read_before(self, job: Job, event: Event, at: datetime, which: int) -> Job:
        stands = self.model[job.id]
        expected = after(stands, event, at) if job.version == stands.version else None
        assert self.loop.run(self.stores[which].move(job, event, at)) == expected
        return self.took_note(stands, event, expected)

    @rule(target=read_before, job=read_before, event=events(), at=INSTANTS, which=WHICH)
    def move_what_is_read_now(self, job: Job, event: Event, at: datetime, which: int) -> Job:
        stands = self.loop.run(self.stores[1 - which].get(job.id))
        assert stands is not None
        assert stands == self.model[job.id]
        expected = after(stands, event, at)
        assert self.loop.run(self.stores[which].move(stands, event, at)) == expected
        return self.took_note(stands, event, expected)

    @rule(job=read_before, rivals=st.lists(events(), min_size=2, max_size=5), at=INSTANTS)
    def move_all_at_once(self, job: Job, rivals: list[Event], at: datetime) -> None:
        stands = self.model[job.id]

        async def all_at_once() -> list[Job | None]:
            writes = (self.stores[n % 2].move(stands, e, at) for n, e in enumerate(rivals))
            return await asyncio.gather(*writes)

        answers = self.loop.run(all_at_once())

        possible = [after(stands, event, at) for event in rivals]
        winners = [n for n, answer in enumerate(answers) if answer is not None]
        assert len(winners) == (1 if any(possible) else 0)
        for winner in winners:
            assert answers[winner] == possible[winner]
            self.took_note(stands, rivals[winner], answers[winner])

    def took_note(self, stands: Job, event: Event, written: Job | None) -> Job:
        if written is None:
            return stands
        self.model[written.id] = written
        self.told[written.id].append((written.version, type(event).__name__, written.state.value))
        return written

    @precondition(lambda self: bool(self.stores))
    @invariant()
    def the_unfinished_are_those_that_need_work_oldest_first(self) -> None:
        need_work = [job for job in self.model.values() if job.needs_work]
        need_work.sort(key=lambda job: (job.created_at, job.id))
        assert self.loop.run(self.stores[0].unfinished()) == need_work

    def teardown(self) -> None:
        try:
            for job_id, job in self.model.items():
                assert self.loop.run(self.stores[0].get(job_id)) == job
                assert self.loop.run(history(self.url, job_id)) == self.told[job_id]
        finally:
            self.loop.run(self.open.aclose())
            self.loop.close()


@pytest.mark.hypothesis
def test_whatever_happens_the_store_agrees_with_the_lifecycle(database_url: str) -> None:
    class Here(StoreAndModel):
        url = database_url

    run_state_machine_as_test(
        Here,
        settings=settings(max_examples=settings().max_examples // 8, stateful_step_count=20),
    )

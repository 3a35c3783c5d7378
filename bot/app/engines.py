"""Which engine watches the jobs: the database says whether there may be other processes."""

from typing import Protocol

from sqlalchemy import make_url

from bot.app.foundation import Foundation, database_url
from bot.domain.job import JobId
from bot.domain.ports import Engine
from bot.domain.servers import NEWS
from bot.runner.engine import EmbeddedEngine
from bot.runner.going_on import Chore
from bot.runner.watches import WatchFactory
from bot.storage.engine import conninfo


class RunningEngine(Engine, Protocol):
    """An engine in the hands of whoever runs the bot."""

    @property
    def watching(self) -> frozenset[JobId]:
        """The jobs that have a watch in this process now."""
        ...

    @property
    def was_last(self) -> bool:
        """Whether it is stopped, and nobody else works on the jobs of this database."""
        ...

    async def stop(self, *, drain_timeout_s: float | None = None) -> None:
        """Drain, within another time than usual if that is said."""
        ...


def engine_for(base: Foundation, *, watch: WatchFactory, chore: Chore) -> RunningEngine:
    """The embedded engine over SQLite, the shared one over PostgreSQL."""
    url = database_url(base.settings)
    drain_timeout_s = float(base.settings.drain_timeout_s)
    if make_url(url).get_backend_name() == "sqlite":
        return EmbeddedEngine(
            store=base.store,
            watch=watch,
            clock=base.clock,
            random=base.random,
            drain_timeout_s=drain_timeout_s,
            chore=chore,
        )
    from bot.runner.cluster import ClusterEngine  # noqa: PLC0415 - procrastinate is an extra

    return ClusterEngine(
        store=base.store,
        watch=watch,
        clock=base.clock,
        random=base.random,
        drain_timeout_s=drain_timeout_s,
        conninfo=conninfo(url),
        chore=chore,
        news={NEWS: base.servers.heard_of},
    )

"""What time other machines say it is, by the `Date` of their answers."""

from datetime import timedelta
from types import SimpleNamespace

from aiohttp import ClientSession, TraceConfig, TraceRequestEndParams

from bot.domain.clock import time_said_by
from bot.domain.ports import Clock


class DateHeaders:
    """Collects how far each answer's time is from this machine's, to the second."""

    def __init__(self, *, clock: Clock) -> None:
        self.offsets = list[timedelta]()
        """Above zero where the other is ahead, so that this machine is behind."""
        self._clock = clock

    def listening(self) -> TraceConfig:
        """For a session whose answers shall be heard."""
        trace = TraceConfig()
        trace.on_request_end.append(self._hear)
        return trace

    async def _hear(
        self, session: ClientSession, context: SimpleNamespace, params: TraceRequestEndParams
    ) -> None:
        del session, context
        if (said := time_said_by(params.response)) is not None:
            self.offsets.append(said - self._clock.now())

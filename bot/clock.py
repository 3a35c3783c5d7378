"""The system's clock behind the domain's `Clock` port."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime


class SystemClock:
    """Real time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float, *, wake: asyncio.Event | None = None) -> None:
        """Sleep on the event loop's monotonic clock, or until `wake` is set."""
        if wake is None:
            await asyncio.sleep(seconds)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await wake.wait()

"""The system clock behind the domain's `Clock` port, checked against the services' clocks."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

logger = logging.getLogger(__name__)

JUMP: Final = timedelta(minutes=5)
"""A clock that is set is never this far off; a smaller error deletes or denies nothing too soon."""


def _since_boot_s() -> float:
    """Seconds on a clock that is never set; includes time asleep where the system can tell."""
    # Neither macOS nor Windows has it; there the monotonic clock is the nearest.
    clock: int | None = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class ServiceTime:
    """The services' time, from the `Date` header of each service's latest answer."""

    def __init__(self, *, passed_s: Callable[[], float] = _since_boot_s) -> None:
        self._passed_s = passed_s
        self._said: dict[str | None, tuple[datetime, float]] = {}

    def hear(self, host: str | None, said: datetime) -> None:
        """Record the time that a host reports."""
        self._said[host] = (said, self._passed_s())

    def near(self, now: datetime) -> datetime | None:
        """The service time nearest to `now`: a clock counts as wrong only if all services disagree.

        None until a service has reported a time.
        """
        passed_s = self._passed_s()
        times = [said + timedelta(seconds=passed_s - at_s) for said, at_s in self._said.values()]
        return min(times, key=lambda one: abs(one - now), default=None)


class SystemClock:
    """Real time. If this machine's clock has jumped, the services' time is used instead."""

    def __init__(
        self,
        service_time: ServiceTime | None = None,
        *,
        system: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._service_time = service_time
        self._system = system
        self._is_off = False

    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        now = self._system()
        said = None if self._service_time is None else self._service_time.near(now)
        is_off = said is not None and abs(said - now) > JUMP
        if is_off is not self._is_off:
            self._is_off = is_off
            if said is not None and is_off:
                seconds = round((now - said).total_seconds())
                logger.error(
                    "this machine's clock is %d s %s: the bot uses Discord's and RunComfy's time "
                    "until it's right. Set it by NTP",
                    abs(seconds),
                    "ahead" if seconds > 0 else "behind",
                )
            else:
                logger.warning("this machine's clock is right again")
        return said if said is not None and is_off else now

    async def sleep(self, seconds: float, *, wake: asyncio.Event | None = None) -> None:
        """Sleep on the event loop's monotonic clock, or until `wake` is set."""
        if wake is None:
            await asyncio.sleep(seconds)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await wake.wait()

"""Serves `/healthz`, `/readyz` and `/metrics` over HTTP, to every client that can connect."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from yarl import URL

if TYPE_CHECKING:
    from aiohttp import web

    from bot.observability.metrics.monitor import Monitor

logger = logging.getLogger(__name__)

NOT_READY = 503


class CannotListen(Exception):  # noqa: N818 - says what is so, not what went wrong
    """The server cannot listen at METRICS_ADDR; the text is a sentence that says why."""


@asynccontextmanager
async def served(monitor: "Monitor", *, address: str) -> AsyncGenerator[None]:
    """Serve at `host:port` until the block ends.

    `monitor.url` has the address, with the real port if it was 0.

    Raises:
        CannotListen: another process has the port, or this machine has no such address.
    """
    from aiohttp import web  # noqa: PLC0415 - loaded when wanted: it costs 15 ms and 2 MiB

    asked_for = URL(f"http://{address}")
    runner = web.AppRunner(_application(monitor), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, asked_for.host, asked_for.port).start()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise CannotListen(f"METRICS_ADDR {address} can't be used: {reason}.") from error
        port: int = runner.addresses[0][1]
        monitor.url = str(asked_for.with_port(port).origin())
        logger.info("health and metrics: %s", monitor.url)
        yield
    finally:
        monitor.url = None
        await runner.cleanup()


def _application(monitor: "Monitor") -> "web.Application":
    from aiohttp import web  # noqa: PLC0415 - see above
    from prometheus_client.exposition import choose_encoder  # noqa: PLC0415 - see above

    async def healthz(request: web.Request) -> web.Response:
        """Answer: that alone shows that the process lives and its event loop runs."""
        del request
        return web.json_response({"alive": True, "event_loop_lag_s": monitor.loop_lag.last_s})

    async def readyz(request: web.Request) -> web.Response:
        del request
        found = await monitor.readiness()
        status = web.HTTPOk.status_code if found.is_ready else NOT_READY
        said = {"ready": found.is_ready, "checks": dict(found.findings)}
        return web.json_response(said, status=status)

    async def metrics(request: web.Request) -> web.Response:
        await monitor.refresh()
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        body = encode(monitor.registry)
        return web.Response(body=body, headers={"Content-Type": content_type})

    application = web.Application()
    application.router.add_get("/healthz", healthz)
    application.router.add_get("/readyz", readyz)
    application.router.add_get("/metrics", metrics)
    return application

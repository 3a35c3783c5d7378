"""The time by other machines' clocks, from the `Date` headers of their answers."""

from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

from aiohttp import ClientResponse, ClientSession, TraceConfig, TraceRequestEndParams


def hear_dates(trace: TraceConfig, hear: Callable[[str | None, datetime], None]) -> TraceConfig:
    """Extend the trace: `hear` gets each answer's host and its `Date`."""

    async def ended(
        session: ClientSession, context: SimpleNamespace, params: TraceRequestEndParams
    ) -> None:
        del session, context
        if (said := _time_said_by(params.response)) is not None:
            hear(params.url.host, said)

    trace.on_request_end.append(ended)
    return trace


def _time_said_by(response: ClientResponse) -> datetime | None:
    """The answer's `Date`; None without one, or if a cache gave the answer."""
    if "Age" in response.headers:
        return None
    try:
        said = parsedate_to_datetime(response.headers.get("Date", ""))
    except (ValueError, OverflowError):
        return None
    return said if said.tzinfo is not None else None

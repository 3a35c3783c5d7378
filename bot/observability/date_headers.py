"""What time other machines say it is, by the `Date` of their answers."""

from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

from aiohttp import ClientResponse, ClientSession, TraceConfig, TraceRequestEndParams


def hear_dates(trace: TraceConfig, hear: Callable[[str | None, datetime], None]) -> TraceConfig:
    """The same trace; `hear` is told each answer's host, and when it was sent by its own clock."""

    async def ended(
        session: ClientSession, context: SimpleNamespace, params: TraceRequestEndParams
    ) -> None:
        del session, context
        if (said := _time_said_by(params.response)) is not None:
            hear(params.url.host, said)

    trace.on_request_end.append(ended)
    return trace


def _time_said_by(response: ClientResponse) -> datetime | None:
    """None if the answer does not say, or if a cache gave it."""
    if "Age" in response.headers:
        return None
    try:
        said = parsedate_to_datetime(response.headers.get("Date", ""))
    except (ValueError, OverflowError):
        return None
    return said if said.tzinfo is not None else None

"""The runner's delays and time limits, in seconds."""

from datetime import timedelta
from random import Random
from typing import Final

GONE_GAP_S: Final = 15.0
"""Minimum time between two polls of a request that RunComfy denies knowing."""
SLOW_POLL_S: Final = 60.0
GIVE_UP_AFTER: Final = timedelta(days=1)
LOOK_AT_LEAST: Final = timedelta(hours=1)
"""Minimum time for polling an old job, as after days offline or with a request id found late."""
CONFIRM_WITHIN_S: Final = 120.0
"""How long a desk may take to confirm a job; the database's own timeouts are shorter."""
GONE_FOR_S: Final = 10 * 60.0
"""How long RunComfy must deny knowing an accepted request before the bot believes it."""
LATE_ANSWER_GRACE_S: Final = 150.0
"""How long a job found during its POST is left alone: another process may still write the answer.

Longer than a purchase may take."""
CARD_GAP_S: Final = 15.0
"""Minimum time between two edits of a card within one state."""
SILENT_AFTER_FAILURES: Final = 5
"""Failed polls in a row after which the card says that the service does not answer."""
ACCOUNT_PROBE_S: Final = 60.0
"""Time between attempts while the account itself is refused (key, balance)."""

DELIVER_FOR_S: Final = 24 * 60 * 60.0
"""How long delivery of a rendered video to Discord is retried, across restarts."""
DELIVERY_GAP_MAX_S: Final = 30 * 60.0
KEPT_GAP_S: Final = 24 * 60 * 60.0
"""Time between tries after that: a paid video is never given up."""

_BACKOFF_FIRST_S = 2.0
_BACKOFF_MAX_S = 60.0


def retry_delay_s(failures: int, retry_after_s: float | None, random: Random) -> float:
    """Seconds until the next attempt after `failures` failed ones in a row (1 or more).

    Exponential, with full jitter over the upper half. It is never shorter than the service asked
    for, but an absurd Retry-After cannot delay a job longer than a slow poll.
    """
    ceiling = min(_BACKOFF_MAX_S, _BACKOFF_FIRST_S * 2 ** min(failures - 1, 10))
    backoff = random.uniform(ceiling / 2, ceiling)
    return max(backoff, min(retry_after_s or 0.0, SLOW_POLL_S))


def delivery_gap_s(since_rendered_s: float, random: Random) -> float:
    """Seconds until the next try to deliver: a quarter of the wait so far, 5 s to half an hour.

    After a day it becomes once a day. It depends only on the row, so that a restart neither hammers
    Discord nor starts over.
    """
    if since_rendered_s >= DELIVER_FOR_S:
        return KEPT_GAP_S
    return random.uniform(0.8, 1.2) * min(DELIVERY_GAP_MAX_S, max(5.0, since_rendered_s / 4))

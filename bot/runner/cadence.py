"""How long the runner waits, and for how long it tries: all in seconds."""

from datetime import timedelta
from random import Random
from typing import Final

POLL_MAX_S: Final = 15.0
SLOW_POLL_S: Final = 60.0
GIVE_UP_AFTER: Final = timedelta(days=1)
LOOK_AT_LEAST: Final = timedelta(hours=1)
"""At a job of that age: who was down for days, or is told of its request then, looks first."""
CONFIRM_WITHIN_S: Final = 120.0
"""How long a desk may take to confirm a job; the database's own time limits end sooner."""
GONE_FOR_S: Final = 10 * 60.0
"""How long RunComfy may say that it does not know an accepted request before that is believed."""
LATE_ANSWER_GRACE_S: Final = 150.0
"""How long a job found in mid-POST is left alone: another process may yet write the answer.

Longer than a purchase may take."""
CARD_GAP_S: Final = 15.0
"""Least time between two edits of a card within one state."""
SILENT_AFTER_FAILURES: Final = 5
"""Failed looks in a row after which the card says that the service does not answer."""
ACCOUNT_PROBE_S: Final = 60.0
"""Between attempts while the account itself is refused (key, balance)."""

DELIVER_FOR_S: Final = 24 * 60 * 60.0
"""How long a rendered video is brought to Discord again and again, over restarts."""
DELIVERY_GAP_MAX_S: Final = 30 * 60.0
KEPT_GAP_S: Final = 24 * 60 * 60.0
"""Between tries after that: a paid video is never given up."""

_BACKOFF_FIRST_S = 2.0
_BACKOFF_MAX_S = 60.0


def retry_delay_s(failures: int, retry_after_s: float | None, random: Random) -> float:
    """Seconds until the next attempt after `failures` failed ones in a row (1 or more).

    Exponential with full jitter over its upper half; never sooner than the service asked for,
    but an absurd Retry-After cannot put a job to sleep for longer than a slow poll.
    """
    ceiling = min(_BACKOFF_MAX_S, _BACKOFF_FIRST_S * 2 ** min(failures - 1, 10))
    backoff = random.uniform(ceiling / 2, ceiling)
    return max(backoff, min(retry_after_s or 0.0, SLOW_POLL_S))


def delivery_gap_s(since_rendered_s: float, random: Random) -> float:
    """Seconds until the next try to deliver: a quarter of the wait so far, 5 s to half an hour.

    After a day of that it is once a day. It depends on the row alone, so that a restart neither
    hammers Discord nor starts over.
    """
    if since_rendered_s >= DELIVER_FOR_S:
        return KEPT_GAP_S
    return random.uniform(0.8, 1.2) * min(DELIVERY_GAP_MAX_S, max(5.0, since_rendered_s / 4))

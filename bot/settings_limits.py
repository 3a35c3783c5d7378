"""Limits as an operator writes them: `10 USD/day, 100 USD/month, 20 videos/day`."""

import re
from decimal import Decimal
from typing import Final

from bot.domain.figures import said_dollars
from bot.domain.ledger import Caps

EXAMPLE: Final = "10 USD/day, 100 USD/month, 20 videos/day"
MICROUSD_PER_USD: Final = 1_000_000

_LIMIT = re.compile(
    r"(?P<dollar>\$)?\s*(?P<number>\d{1,9}(?:\.\d{1,6})?)\s*(?P<unit>usd|videos?)?"
    r"\s*(?:/|\bper\b|\ba\b)\s*(?P<span>day|month)",
    re.IGNORECASE,
)


def caps_of(text: object) -> object:
    """The caps that a text names; what is no text is left to its model.

    Raises:
        ValueError: a part of it is no limit, or one is named twice; the text says how to write it.
    """
    if not isinstance(text, str):
        return text
    found: dict[str, int] = {}
    for part in text.split(","):
        name, value = _limit(part.strip())
        if name in found:
            raise ValueError(f'names one limit twice: write it as "{EXAMPLE}".')
        found[name] = value
    return Caps(**found)


def _limit(part: str) -> tuple[str, int]:
    match = _LIMIT.fullmatch(part)
    if match is None:
        raise ValueError(f'must be limits such as "{EXAMPLE}".')
    unit, span = (match["unit"] or "").lower(), match["span"].lower()
    if match["dollar"] or unit == "usd":
        if unit.startswith("video"):
            raise ValueError(f'must be limits such as "{EXAMPLE}".')
        return f"{span}_microusd", int(Decimal(match["number"]) * MICROUSD_PER_USD)
    if not unit or "." in match["number"]:
        raise ValueError(f'must be limits such as "{EXAMPLE}".')
    return f"{span}_videos", int(match["number"])


def unlimited_warning(
    *, servers: int | None, direct_messages: bool, balance_microusd: int | None
) -> str:
    """What it means that no limit is set, as far as the servers and the balance are known."""
    where = "your servers" if servers is None else f"{servers} server{'' if servers == 1 else 's'}"
    anywhere = " or in direct messages" if direct_messages else ""
    balance = "" if balance_microusd is None else f" ({said_dollars(balance_microusd)})"
    return (
        f"No limit is set: anyone in {where}{anywhere} can spend the whole balance{balance}. "
        f"Set one, as in TOTAL_LIMIT=5 USD/day."
    )

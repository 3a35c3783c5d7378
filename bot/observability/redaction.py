"""Removes secrets from a text: the known ones, and whatever has the shape of one."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, quote_plus

from pydantic import SecretStr

REDACTED: Final = "[redacted]"

# The repetitions before a fixed character are bounded, so that a long text cannot stall the loop.
_SHAPES: Final = (
    # Discord bot token: the bot's id in base64, a time, a signature.
    (re.compile(r"[\w-]{23,32}\.[\w-]{6,7}\.[\w-]{27,}", re.ASCII), REDACTED),
    # Discord interaction token, at any position: base64 of "interaction:" and more.
    (re.compile(r"aW50ZXJhY3Rpb246[\w+/=%-]*", re.ASCII), REDACTED),
    (re.compile(r"(/(?:webhooks|interactions)/[^/\s]{1,64}/)[^\s/?#'\"<>)\]]+"), rf"\1{REDACTED}"),
    (re.compile(r"\b(bearer\s+)[^\s'\",;]+", re.IGNORECASE), rf"\1{REDACTED}"),
    (re.compile(r"([a-z][a-z0-9+.-]{0,30}://)(?:[^\s/@]*@)+", re.IGNORECASE), rf"\1{REDACTED}@"),
)


class Redactor:
    """Removes the given secrets from a text, and whatever has the shape of an unknown one."""

    def __init__(self, secrets: Sequence[SecretStr]) -> None:
        self._spellings: set[str] = set()
        self._given: re.Pattern[str] | None = None
        self.learn(*secrets)

    def learn(self, *secrets: SecretStr) -> None:
        """Remove these as well from now on: some secrets are only given while the bot runs."""
        plain = {secret.get_secret_value() for secret in secrets} - {""}
        spellings = {
            spelling
            for text in plain
            for spelling in (text, repr(text)[1:-1], quote(text, safe=""), quote_plus(text))
        }
        if spellings <= self._spellings:
            return
        self._spellings |= spellings
        # Longest first, so that a secret inside a longer one leaves no rest of the longer one.
        longest_first = sorted(self._spellings, key=len, reverse=True)
        self._given = re.compile("|".join(map(re.escape, longest_first)))

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        if self._given is not None:
            text = self._given.sub(REDACTED, text)
        for shape, replacement in _SHAPES:
            text = shape.sub(replacement, text)
        return text

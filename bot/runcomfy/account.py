"""The operator's RunComfy account: its balance, and the catalogue's price. Free calls.

The addresses and fields are those that RunComfy's own clients use.
"""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientSession, DummyCookieJar, TraceConfig
from pydantic import JsonValue, SecretStr

from bot.domain.generation.models import USUAL
from bot.domain.outcomes import Unanswered
from bot.runcomfy.body import JsonObject, read_object
from bot.runcomfy.connect import ApiTimeouts, check_key, checked_api_url
from bot.runcomfy.errors import ErrorKind, error_kind
from bot.runcomfy.proxy import connector_by
from bot.runcomfy.transport import Answer, ApiTransport
from bot.runcomfy.wire import read_cost_microusd, read_microusd

BALANCE_PATH: Final = "/prod/v2/balance"
OK: Final = 200

_KEY_KINDS: Final = frozenset({ErrorKind.KEY, ErrorKind.FORBIDDEN})
_MODEL_KINDS: Final = frozenset({ErrorKind.MODEL, ErrorKind.NOT_FOUND})
_PER_SECOND: Final = re.compile(r"(?:per|/)?[ _-]*(?:s|sec|second)s?", re.IGNORECASE)
_WITH_SOUND: Final = re.compile(
    r"\$\s?(\d+(?:\.\d+)?)(?:\s*(?:/|per)\s*s(?:ec(?:ond)?)?)?\s+with\s+(?:sound|audio)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """The account's balance; it may be negative."""

    microusd: int


@dataclass(frozen=True, slots=True)
class ListedModel:
    """The catalogue has the model. Prices that cannot be understood are None."""

    microusd_per_s: int | None
    """The base price, if the catalogue charges per second."""
    sound_microusd_per_s: int | None
    """The price with sound: the catalogue has it only in a note for people."""
    options: frozenset[str] | None = None
    """The names of the fields that it takes; None if the catalogue does not say."""
    required: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ModelMissing:
    """The catalogue does not know the model."""


@dataclass(frozen=True, slots=True)
class KeyRefused:
    """The key is wrong, expired or revoked."""


BalanceOutcome = AccountBalance | KeyRefused | Unanswered
CatalogueOutcome = ListedModel | ModelMissing | KeyRefused | Unanswered


class RunComfyAccount:
    """Two GET calls that cost nothing and may be repeated."""

    def __init__(
        self, *, models: ApiTransport, billing: ApiTransport, answer_timeout_s: float
    ) -> None:
        self._models = models
        self._billing = billing
        self._answer_timeout_s = answer_timeout_s

    async def balance(self) -> BalanceOutcome:
        """The account's balance."""
        fields = await _asked(self._billing, BALANCE_PATH, self._answer_timeout_s)
        if isinstance(fields, ErrorKind):
            return KeyRefused() if fields in _KEY_KINDS else Unanswered(fields.value)
        if isinstance(fields, Unanswered):
            return fields
        left_microusd = read_balance_microusd(fields)
        return (
            Unanswered("no balance in it")
            if left_microusd is None
            else AccountBalance(left_microusd)
        )

    async def model(self, model_id: str = USUAL.id) -> CatalogueOutcome:
        """Whether the catalogue has the model, and at what price."""
        fields = await _asked(self._models, f"/v1/models/{model_id}", self._answer_timeout_s)
        if isinstance(fields, ErrorKind):
            if fields in _KEY_KINDS:
                return KeyRefused()
            return ModelMissing() if fields in _MODEL_KINDS else Unanswered(fields.value)
        return fields if isinstance(fields, Unanswered) else read_model(fields)


@asynccontextmanager
async def connect_account(
    *,
    api_url: str,
    account_url: str,
    api_key: SecretStr,
    timeouts: ApiTimeouts | None = None,
    proxy_url: SecretStr | None,
    trace_configs: Sequence[TraceConfig] = (),
) -> AsyncGenerator[RunComfyAccount]:
    """Open a session for the account; nothing is sent yet.

    `trace_configs` observe the calls, for example for response headers.

    Raises:
        ValueError: an address or the key cannot be used; the text never repeats the key.
    """
    check_key(api_key)
    addresses = [checked_api_url(url) for url in (api_url, account_url)]
    timeouts = timeouts or ApiTimeouts()
    async with ClientSession(
        connector=connector_by(proxy_url),
        cookie_jar=DummyCookieJar(),
        trace_configs=list(trace_configs),
    ) as session:
        models, billing = (
            ApiTransport(
                base_url=address,
                api_key=api_key,
                connect_timeout_s=timeouts.connect_s,
                reading=session,
                writing=session,
            )
            for address in addresses
        )
        yield RunComfyAccount(models=models, billing=billing, answer_timeout_s=timeouts.answer_s)


def read_balance_microusd(fields: JsonObject) -> int | None:
    """The balance, exact where the service gives it exactly; None if it gives none."""
    exact = fields.get("balance_microdollars")
    if isinstance(exact, int) and not isinstance(exact, bool):
        return exact
    return read_microusd(fields.get("balance_usd"))


def read_model(fields: JsonObject) -> ListedModel:
    """The catalogue's price, as far as it is certainly understood."""
    unit, note = fields.get("price_unit"), fields.get("pricing_note")
    per_second = isinstance(unit, str) and _PER_SECOND.fullmatch(unit.strip()) is not None
    options, required = _options_in(fields.get("input_schema"))
    with_sound = _WITH_SOUND.search(note) if isinstance(note, str) else None
    return ListedModel(
        microusd_per_s=read_cost_microusd(fields.get("base_price_usd")) if per_second else None,
        sound_microusd_per_s=read_cost_microusd(with_sound[1]) if with_sound else None,
        options=options,
        required=required,
    )


def _options_in(schema: JsonValue) -> tuple[frozenset[str] | None, frozenset[str]]:
    if not isinstance(schema, dict):
        return None, frozenset()
    options, required = schema.get("properties"), schema.get("required")
    return (
        frozenset(options) if isinstance(options, dict) else None,
        frozenset(map(str, required)) if isinstance(required, list) else frozenset(),
    )


async def _asked(
    transport: ApiTransport, path: str, answer_timeout_s: float
) -> JsonObject | ErrorKind | Unanswered:
    reply = await transport.request("GET", path, answer_timeout_s=answer_timeout_s)
    if not isinstance(reply, Answer):
        return Unanswered(reply.what_happened)
    fields = read_object(reply.body)
    if (kind := error_kind(reply.status, fields)) is not None:
        if kind in (ErrorKind.INDEFINITE, ErrorKind.RATE_LIMITED):
            return Unanswered(f"HTTP {reply.status}", reply.retry_after_s)
        return kind
    if reply.status != OK or fields is None:
        return Unanswered(f"HTTP {reply.status} without an answer in it")
    return fields

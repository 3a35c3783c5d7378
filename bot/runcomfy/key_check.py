"""Checks whether RunComfy accepts a key: asks the catalogue and the balance, free of charge."""

from contextlib import AbstractAsyncContextManager
from typing import Final, assert_never

from pydantic import SecretStr

from bot.domain.denied import Denied
from bot.domain.money.keys import KeyAnswer, KeyRefusal, KeyTaken
from bot.domain.outcomes import Unanswered
from bot.runcomfy.account import (
    AccountBalance,
    BalanceOutcome,
    CatalogueOutcome,
    KeyRefused,
    ListedModel,
    ModelMissing,
    RunComfyAccount,
    connect_account,
)
from bot.runcomfy.connect import ApiTimeouts

PATIENCE: Final = ApiTimeouts(connect_s=5.0, answer_s=10.0)
"""A manager waits for the answer."""


class KeyCheck:
    """Implements `CheckKey`; each key is checked over its own connections."""

    def __init__(
        self,
        *,
        api_url: str,
        account_url: str,
        timeouts: ApiTimeouts = PATIENCE,
        proxy_url: SecretStr | None,
    ) -> None:
        self._api_url = api_url
        self._account_url = account_url
        self._timeouts = timeouts
        self._proxy_url = proxy_url

    async def __call__(self, key: SecretStr) -> KeyAnswer:
        """Ask the catalogue, which needs a valid key, and then the balance."""
        async with self._account(key) as account:
            match await account.model():
                case KeyRefused():
                    return Denied(KeyRefusal.REFUSED)
                case Unanswered():
                    return Denied(KeyRefusal.SILENT)
                case ListedModel() | ModelMissing():
                    return _judged(await account.balance())

    async def left_microusd(self, key: SecretStr) -> int | None:
        """The balance of a key's account; None if the service does not tell it."""
        async with self._account(key) as account:
            said = await account.balance()
        return said.microusd if isinstance(said, AccountBalance) else None

    async def look(self, key: SecretStr) -> tuple[CatalogueOutcome, BalanceOutcome]:
        """What the catalogue and the balance say."""
        async with self._account(key) as account:
            return await account.model(), await account.balance()

    def _account(self, key: SecretStr) -> AbstractAsyncContextManager[RunComfyAccount]:
        return connect_account(
            api_url=self._api_url,
            account_url=self._account_url,
            api_key=key,
            timeouts=self._timeouts,
            proxy_url=self._proxy_url,
        )


def _judged(said: BalanceOutcome) -> KeyAnswer:
    match said:
        case AccountBalance(microusd):
            return KeyTaken(microusd)
        case KeyRefused():
            return Denied(KeyRefusal.REFUSED)
        case Unanswered():
            # The key was accepted; the balance is only additional information.
            return KeyTaken(None)
        case _:
            assert_never(said)

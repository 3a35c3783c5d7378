"""Whether RunComfy takes a key: asked of the catalogue and the balance, which cost nothing."""

from contextlib import AbstractAsyncContextManager
from typing import Final, assert_never

from pydantic import SecretStr

from bot.domain.denied import Denied
from bot.domain.keys import KeyAnswer, KeyRefusal, KeyTaken
from bot.domain.outcomes import Unanswered
from bot.runcomfy.account import (
    AccountBalance,
    BalanceOutcome,
    KeyRefused,
    ListedModel,
    ModelMissing,
    RunComfyAccount,
    connect_account,
)
from bot.runcomfy.connect import ApiTimeouts

PATIENCE: Final = ApiTimeouts(connect_s=5.0, answer_s=10.0)
"""Somebody waits for the answer."""


class KeyCheck:
    """Fulfils `CheckKey`; each key is asked about over connections of its own."""

    def __init__(self, *, api_url: str, account_url: str, timeouts: ApiTimeouts = PATIENCE) -> None:
        self._api_url = api_url
        self._account_url = account_url
        self._timeouts = timeouts

    async def __call__(self, key: SecretStr) -> KeyAnswer:
        """Ask the catalogue, which answers nobody without a key, and then what is left."""
        async with self._account(key) as account:
            match await account.model():
                case KeyRefused():
                    return Denied(KeyRefusal.REFUSED)
                case Unanswered():
                    return Denied(KeyRefusal.SILENT)
                case ListedModel() | ModelMissing():
                    return _judged(await account.balance())

    async def left_microusd(self, key: SecretStr) -> int | None:
        """What is left on the account of a key; None when it is not said."""
        async with self._account(key) as account:
            said = await account.balance()
        return said.microusd if isinstance(said, AccountBalance) else None

    def _account(self, key: SecretStr) -> AbstractAsyncContextManager[RunComfyAccount]:
        return connect_account(
            api_url=self._api_url,
            account_url=self._account_url,
            api_key=key,
            timeouts=self._timeouts,
        )


def _judged(said: BalanceOutcome) -> KeyAnswer:
    match said:
        case AccountBalance(microusd):
            return KeyTaken(microusd)
        case KeyRefused():
            return Denied(KeyRefusal.REFUSED)
        case Unanswered():
            # The key was taken; what is left on it is only said for convenience.
            return KeyTaken(None)
        case _:
            assert_never(said)

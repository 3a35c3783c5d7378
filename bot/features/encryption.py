"""Seals servers' keys with Fernet: encrypted and signed, each for its own server alone."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr


class Sealer:
    """Fulfils `Sealing`. The first secret encrypts, and all of them open: so they are rotated."""

    def __init__(self, secrets: Sequence[SecretStr]) -> None:
        fernets = [Fernet(secret.get_secret_value()) for secret in secrets]
        self._first = fernets[0] if fernets else None
        self._all = MultiFernet(fernets) if fernets else None

    @property
    def is_possible(self) -> bool:
        """Whether there is a secret to encrypt with."""
        return self._all is not None

    def seal(self, key: SecretStr, *, guild_id: int) -> str:
        """The key as it is kept.

        Raises:
            ValueError: there is nothing to encrypt with.
        """
        if self._all is None:
            raise ValueError("there is no SECRET_KEY to encrypt with")
        # With the server's id inside, so that a row that is copied to another server is no key.
        return self._all.encrypt(f"{guild_id} {key.get_secret_value()}".encode()).decode()

    def open(self, sealed: str, *, guild_id: int) -> SecretStr | None:
        """The key; None where no secret fits, or somebody has changed what was kept."""
        if self._all is None:
            return None
        try:
            opened = self._all.decrypt(sealed).decode()
        except InvalidToken:
            return None
        whose, _, key = opened.partition(" ")
        return SecretStr(key) if whose == str(guild_id) else None

    def renewed(self, sealed: str) -> str | None:
        """The same under the first secret; None where it is already, or cannot be opened."""
        if self._first is None or self._all is None:
            return None
        try:
            self._first.decrypt(sealed)
        except InvalidToken:
            pass
        else:
            return None
        try:
            return self._all.rotate(sealed).decode()
        except InvalidToken:
            return None

"""Keys are kept so that a copy of the database gives none away, and secrets can be rotated."""

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.features.encryption import Sealer

KEY = SecretStr("canary-server-key-77aa")
SERVER, ANOTHER = 1_100_000_000_000_000_003, 1_100_000_000_000_000_004
OLD, NEW, THIRD = (SecretStr(Fernet.generate_key().decode()) for _ in range(3))


def opened(sealer: Sealer, sealed: str, *, guild_id: int = SERVER) -> str | None:
    key = sealer.open(sealed, guild_id=guild_id)
    return None if key is None else key.get_secret_value()


def test_a_sealed_key_opens_again_and_shows_nothing_of_itself() -> None:
    sealer = Sealer([OLD])
    sealed = sealer.seal(KEY, guild_id=SERVER)
    assert opened(sealer, sealed) == "canary-server-key-77aa"
    assert "canary" not in sealed
    assert sealer.seal(KEY, guild_id=SERVER) != sealed


def test_it_opens_for_the_server_that_it_was_given_for_alone() -> None:
    sealer = Sealer([OLD])
    assert opened(sealer, sealer.seal(KEY, guild_id=SERVER), guild_id=ANOTHER) is None


def test_with_another_secret_it_does_not_open() -> None:
    assert opened(Sealer([NEW]), Sealer([OLD]).seal(KEY, guild_id=SERVER)) is None


@pytest.mark.parametrize("place", [0, 9, 40, -2])
def test_what_was_tampered_with_does_not_open(place: int) -> None:
    sealer = Sealer([OLD])
    sealed = sealer.seal(KEY, guild_id=SERVER)
    other = "A" if sealed[place] != "A" else "B"
    tampered = sealed[:place] + other + sealed[place:][1:]
    assert opened(sealer, tampered) is None
    assert opened(sealer, "not even a token") is None


def test_the_first_secret_encrypts_and_all_of_them_open() -> None:
    sealed = Sealer([OLD]).seal(KEY, guild_id=SERVER)
    rotating = Sealer([NEW, OLD])
    assert opened(rotating, sealed) == "canary-server-key-77aa"
    assert opened(Sealer([NEW]), rotating.seal(KEY, guild_id=SERVER)) == "canary-server-key-77aa"


def test_a_key_is_renewed_once_under_the_first_secret() -> None:
    sealed = Sealer([OLD]).seal(KEY, guild_id=SERVER)
    rotating = Sealer([NEW, OLD])
    renewed = rotating.renewed(sealed)
    assert renewed is not None
    assert opened(Sealer([NEW]), renewed) == "canary-server-key-77aa"
    assert rotating.renewed(renewed) is None


def test_what_no_secret_opens_is_left_as_it_is() -> None:
    sealed = Sealer([THIRD]).seal(KEY, guild_id=SERVER)
    assert Sealer([NEW, OLD]).renewed(sealed) is None
    assert Sealer([]).renewed(sealed) is None


def test_without_a_secret_nothing_is_sealed_or_opened() -> None:
    sealer = Sealer([])
    assert not sealer.is_possible
    assert Sealer([OLD]).is_possible
    assert opened(sealer, Sealer([OLD]).seal(KEY, guild_id=SERVER)) is None
    with pytest.raises(ValueError, match="no SECRET_KEY") as refusal:
        sealer.seal(KEY, guild_id=SERVER)
    assert "canary" not in str(refusal.value)

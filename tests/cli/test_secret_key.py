"""`new-secret-key` prints what SECRET_KEY takes, anew each time."""

from pydantic import SecretStr
from typer.testing import CliRunner

from bot.cli.commands import cli
from bot.settings_checks import fernet_secrets


def test_every_secret_is_new_and_fits() -> None:
    made = {CliRunner().invoke(cli, ["new-secret-key"]).output.strip() for _ in range(3)}
    assert len(made) == 3
    for secret in made:
        assert fernet_secrets(SecretStr(secret)).get_secret_value() == secret

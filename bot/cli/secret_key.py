"""`new-secret-key`: a secret that servers' own keys are encrypted with."""

from cryptography.fernet import Fernet

from bot.cli.shell import tell


def new_secret_key() -> None:
    """Make a secret for SECRET_KEY, and print it; nothing is written down anywhere."""
    tell(Fernet.generate_key().decode())

"""`new-secret-key`: a secret that servers' own keys are encrypted with."""

import typer
from cryptography.fernet import Fernet


def new_secret_key() -> None:
    """Make a secret for SECRET_KEY, and print it; nothing is written down anywhere."""
    typer.echo(Fernet.generate_key().decode())

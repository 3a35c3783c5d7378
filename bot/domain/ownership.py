"""Whose files these are: which user this process is, and what it cannot write."""

import os
from getpass import getuser
from pathlib import Path


def is_root() -> bool:
    """Whether this is root's process; Windows has no such user."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def this_user() -> str:
    """Whose process this is, as in `user bot`."""
    return _named(os.geteuid()) if hasattr(os, "geteuid") else f"user {getuser()}"


def not_ours(*paths: Path) -> str | None:
    """A sentence, without its full stop, about the first that this process cannot write.

    None if it can write all. In place of one that does not exist stands the nearest folder above.
    """
    for path in paths:
        there = next(one for one in (path, *path.absolute().parents) if os.path.lexists(one))
        needed = os.R_OK | os.W_OK | (os.X_OK if there.is_dir() else 0)
        # By the effective user, as files are opened; Windows knows no other.
        effective = os.access in os.supports_effective_ids
        if not os.access(there, needed, effective_ids=effective):
            return _said(there)
    return None


def _said(path: Path) -> str:
    us, owner = this_user(), _named(path.lstat().st_uid)
    if owner == us:
        return f"{path} belongs to {us}, who can't write to it: check its permissions"
    return f"{path} belongs to {owner}, and {us} can't write to it: give it to {us}"


def _named(uid: int) -> str:
    try:
        from pwd import getpwuid  # noqa: PLC0415 - there is none on Windows

        return f"user {getpwuid(uid).pw_name}"
    except (ModuleNotFoundError, KeyError):
        # For example in a container that runs under an arbitrary number.
        return f"user {uid}"

"""What cannot be written is named with whose it is, wherever the bot would write."""

import asyncio
import os
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from bot.cli.checks.machine import check_room
from bot.cli.checks.outcome import Broken
from bot.domain.ownership import not_ours, this_user
from bot.domain.ports import StoreUnavailable
from bot.runner.files.keeper import FileKeeper
from bot.settings_checks import data_dir
from bot.storage.data_lock import DataFolderInUse, locked
from bot.storage.open import ours

NOBODY = 65_534


@pytest.fixture
def closed() -> Generator[Path]:
    """A folder of this user's that they may not write; root is another user meanwhile."""
    is_root = os.geteuid() == 0
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o500)
    if is_root:
        os.chown(folder, NOBODY, -1)
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o700)
        folder.rmdir()


def test_an_own_folder_that_is_closed_and_anothers_are_told_apart(closed: Path) -> None:
    us = this_user()
    own = f"{closed} belongs to {us}, who can't write to it: check its permissions"
    assert not_ours(closed / "file") == own
    anothers = f"/ belongs to user root, and {us} can't write to it: give it to {us}"
    assert not_ours(Path("/")) == anothers


def test_everything_that_would_write_there_says_so(
    closed: Path, caplog: pytest.LogCaptureFixture
) -> None:
    said = not_ours(closed)
    assert said is not None
    assert asyncio.run(check_room(closed, min_free_bytes=1)) == Broken(f"{said}.")
    with pytest.raises(ValueError, match="belongs to"):
        data_dir(closed)
    with pytest.raises(StoreUnavailable, match="belongs to"):
        ours(closed / "bot.sqlite3")
    with pytest.raises(DataFolderInUse, match="belongs to"), locked(closed):
        raise AssertionError("it was locked")
    asyncio.run(FileKeeper(spool_dir=closed, archive=None).clear(keep=()))
    assert f"{said}; until then cards show links" in caplog.text

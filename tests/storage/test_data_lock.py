"""One process per data folder, and per database file."""

import os
from pathlib import Path

import pytest

from bot.storage.data_lock import DataFolderInUse, locked, locked_file


def test_a_folder_is_held_once_and_free_again_afterwards(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with locked(folder):
        with pytest.raises(DataFolderInUse, match="in use by another bot process"), locked(folder):
            pass
        assert folder.stat().st_mode & 0o777 == 0o700
    with locked(folder):
        pass


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with (
        pytest.raises(
            DataFolderInUse, match=r"/file/data can't be used by user \w+ \(Not a directory\)"
        ),
        locked(tmp_path / "file" / "data"),
    ):
        pass


def test_a_database_is_held_once_by_whatever_name(tmp_path: Path) -> None:
    there = tmp_path / "there" / "bot.sqlite3"
    there.parent.mkdir()
    there.touch()
    (tmp_path / "alias").symlink_to(there)
    with locked_file(there):
        with (
            pytest.raises(DataFolderInUse, match="alias is in use"),
            locked_file(tmp_path / "alias"),
        ):
            pass
        with locked_file(there.with_name("another.sqlite3")), locked(there.parent):
            pass
    with locked_file(tmp_path / "alias"):
        pass


def test_a_lock_that_root_made_can_be_held_by_the_folders_owner(tmp_path: Path) -> None:
    somebody = os.geteuid() or 64_123
    os.chown(tmp_path, somebody, -1)
    with locked(tmp_path), locked_file(tmp_path / "bot.sqlite3"):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {"lock", "bot.sqlite3.lock"}
    assert {path.stat().st_uid for path in tmp_path.iterdir()} == {somebody}

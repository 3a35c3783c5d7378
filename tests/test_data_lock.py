"""One process per data folder."""

from pathlib import Path

import pytest

from bot.data_lock import DataFolderInUse, locked


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
    with pytest.raises(DataFolderInUse, match="cannot be used"), locked(tmp_path / "file" / "data"):
        pass

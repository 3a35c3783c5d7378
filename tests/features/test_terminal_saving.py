"""A result is saved where it is wanted, whole, and over nobody's file."""

from pathlib import Path

import pytest

from bot.domain.ports import LocalFile
from bot.features.terminal_saving import save
from tests.domain.samples import A_VIDEO


def a_file(folder: Path, name: str = "kling-j1-1.mp4", content: bytes = b"video") -> LocalFile:
    (folder / "spool").mkdir(exist_ok=True)
    path = folder / "spool" / name
    path.write_bytes(content)
    return LocalFile(path=path, name=name, size_bytes=len(content), media=A_VIDEO)


async def test_without_a_wish_it_lies_in_the_folder_under_its_own_name(tmp_path: Path) -> None:
    (saved,) = await save([a_file(tmp_path)], None, folder=tmp_path / "new")
    assert saved == tmp_path / "new" / "kling-j1-1.mp4"
    assert saved.read_bytes() == b"video"


async def test_a_wish_is_a_file_or_a_folder(tmp_path: Path) -> None:
    wanted = [tmp_path / "kite.mp4", tmp_path / "bare", tmp_path]
    saved = [(await save([a_file(tmp_path)], wish, folder=tmp_path))[0] for wish in wanted]
    assert [path.name for path in saved] == ["kite.mp4", "bare.mp4", "kling-j1-1.mp4"]


async def test_several_files_get_numbers(tmp_path: Path) -> None:
    files = [a_file(tmp_path, f"kling-j1-{n}.mp4", bytes([n])) for n in (1, 2, 3)]
    saved = await save(files, tmp_path / "kite.mp4", folder=tmp_path)
    assert [path.name for path in saved] == ["kite.mp4", "kite-2.mp4", "kite-3.mp4"]


async def test_what_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "kite.mp4").write_bytes(b"another")
    (tmp_path / "kite (2).mp4").write_bytes(b"one more")
    (saved,) = await save([a_file(tmp_path)], tmp_path / "kite.mp4", folder=tmp_path)
    assert saved.name == "kite (3).mp4"
    assert (tmp_path / "kite.mp4").read_bytes() == b"another"


async def test_the_same_once_more_is_there_once(tmp_path: Path) -> None:
    saved = [
        await save([a_file(tmp_path)], tmp_path / "kite.mp4", folder=tmp_path) for _ in range(2)
    ]
    assert saved[0] == saved[1]
    assert [path.name for path in tmp_path.glob("*.mp4")] == ["kite.mp4"]


async def test_half_a_file_is_not_left(tmp_path: Path) -> None:
    # It opens and cannot be read, as on a disk that fails in the middle.
    broken = Path("/proc/self/mem")
    file = LocalFile(path=broken, name="kite.mp4", size_bytes=5, media=A_VIDEO)
    with pytest.raises(OSError, match="Input/output error"):
        await save([file], tmp_path / "kite.mp4", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []

"""Saves a result where its asker wants it: whole or not at all, and over nobody's file."""

import asyncio
import filecmp
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from bot.domain.ports import LocalFile


async def save(files: Sequence[LocalFile], wanted: Path | None, *, folder: Path) -> list[Path]:
    """Copy the files to `wanted`, a file or a folder; without it into `folder`, by their names.

    A name that is taken gets a number, unless the very same file is there already: what is saved
    once more after a crash is there once.

    Raises:
        OSError: a file could not be written; nothing half is left of it.
    """
    return [
        await asyncio.to_thread(_save, file, wanted, folder, number)
        for number, file in enumerate(files, start=1)
    ]


def _save(file: LocalFile, wanted: Path | None, folder: Path, number: int) -> Path:
    if wanted is None or wanted.is_dir():
        target = (wanted or folder) / file.name
    else:
        stem = wanted.stem if number == 1 else f"{wanted.stem}-{number}"
        target = wanted.with_name(stem + (wanted.suffix or file.path.suffix))
    target.parent.mkdir(parents=True, exist_ok=True)
    names = _names(target)
    while True:
        name = next(names)
        if name.exists() and filecmp.cmp(file.path, name, shallow=False):
            return name
        with suppress(FileExistsError):
            _copy(file.path, name)
            return name


def _names(target: Path) -> Iterator[Path]:
    yield target
    for number in count(2):
        yield target.with_name(f"{target.stem} ({number}){target.suffix}")


def _copy(source: Path, target: Path) -> None:
    # Made anew or not at all: of two who save at once nobody writes over the other.
    with source.open("rb") as original, target.open("xb") as copy:
        try:
            shutil.copyfileobj(original, copy)
            copy.flush()
            os.fsync(copy.fileno())
        except OSError:
            target.unlink(missing_ok=True)
            raise

"""Files of another owner, such as root who once tried the bot: a sentence names both."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from bot.playground.runcomfy_scenario import Scenario
from bot.playground.videos import VideoLibrary
from tests.live.bot_process import Town, open_town

USER = 64_123
"""Of no name on this machine, as in a container that runs under an arbitrary number."""
# It may read everything, since Python itself may be in root's home, and write what is its own: so
# its coverage is not measured, which would be written beside ours.
AS_USER = (
    *("env", "--unset=COVERAGE_PROCESS_CONFIG"),
    *("setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"),
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
)

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(
        os.geteuid() != 0 or shutil.which("setpriv") is None,
        reason="only root can give files away",
    ),
]


@pytest.fixture
async def town(videos: VideoLibrary) -> AsyncGenerator[Town]:
    """An operator without rights, in a folder of their own; that of pytest is closed to them."""
    folder = Path(tempfile.mkdtemp(prefix="others-"))
    os.chown(folder, USER, USER)
    try:
        async with open_town(folder, videos) as opened:
            opened.program = (*AS_USER, sys.executable, "-m", "tests.live.start")
            yield opened
    finally:
        shutil.rmtree(folder)


def theirs(folder: Path) -> Path:
    folder.mkdir()
    os.chown(folder, USER, USER)
    return folder


def a_folder_of_root(town: Town) -> Path:
    town.data_dir.mkdir()
    return town.data_dir


def a_database_of_root(town: Town) -> Path:
    file = theirs(town.data_dir) / "bot.sqlite3"
    file.touch(mode=0o600)
    return file


def a_side_file_of_root(town: Town) -> Path:
    a_database_of_root(town)
    os.chown(town.data_dir / "bot.sqlite3", USER, USER)
    file = town.data_dir / "bot.sqlite3-wal"
    file.touch(mode=0o600)
    return file


def a_lock_of_root(town: Town) -> Path:
    file = theirs(town.data_dir) / "lock"
    file.touch(mode=0o600)
    return file


GIVEN_AWAY = f"belongs to user root, and user {USER} can't write to it: give it to user {USER}"


@pytest.mark.parametrize(
    ("left", "status"),
    [
        (a_folder_of_root, 2),
        (a_lock_of_root, 1),
        (a_database_of_root, 1),
        (a_side_file_of_root, 1),
    ],
)
async def test_a_start_names_what_it_cannot_write_and_who_cannot(
    town: Town, left: Callable[[Town], Path], status: int
) -> None:
    path = left(town)
    bot = await town.start()

    assert await bot.ended() == status
    (sentence,) = [line for line in bot.log if "belongs to" in line]
    assert f"{path.name} {GIVEN_AWAY}" in sentence
    assert "Traceback" not in "\n".join(bot.log)


async def test_a_spool_of_root_costs_files_and_no_start_and_the_log_names_it(town: Town) -> None:
    (theirs(town.data_dir) / "spool").mkdir()
    town.runcomfy.default = Scenario(queue_s=0, rendering_s=0)
    bot = await town.joined()

    said = await bot.says("until then cards show links instead of videos")
    assert f"data/spool {GIVEN_AWAY}; until then" in said
    interaction = await town.discord.slash("kling", prompt="a red kite", duration=3)
    await bot.until(lambda: "http" in json.dumps(town.discord.card(interaction)))
    assert len(town.runcomfy.posts) == 1


@pytest.mark.parametrize("name", ["spool", "generated"])
async def test_check_names_it_too(town: Town, name: str) -> None:
    (theirs(town.data_dir) / name).mkdir()
    check = await town.command("check", "--json", "--min-free-mib", "1")

    assert await check.ended() == 1
    said = {one["name"]: one for one in json.loads("\n".join(check.out))["checks"]}
    assert said["room for data"]["outcome"] == "failed"
    assert said["room for data"]["says"] == f"data/{name} {GIVEN_AWAY}."


async def test_check_names_a_database_of_root(town: Town) -> None:
    a_database_of_root(town)
    check = await town.command("check", "--json", "--min-free-mib", "1")

    assert await check.ended() == 1
    said = {one["name"]: one for one in json.loads("\n".join(check.out))["checks"]}
    assert GIVEN_AWAY in said["database"]["says"]

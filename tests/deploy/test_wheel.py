"""The wheel, installed in a bare environment: a command in an empty folder, and no checkout."""

import os
import re
import site
import subprocess
import sys
import tomllib
import venv
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import pytest
from aiohttp import ClientSession

from bot.playground.videos import VideoLibrary
from tests.live.bot_process import KEY, ROOT, TOKEN, Town, open_town
from tests.live.objects import BOT_ID
from tests.meta.sources import text_files
from tests.patience import PATIENCE_S

TOOLS: Final = Path(sys.executable).parent
PROJECT: Mapping[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SCRIPTS: Final = "Scripts" if os.name == "nt" else "bin"


def done(*command: str | Path, cwd: Path) -> None:
    ended = subprocess.run(  # noqa: S603 - a tool of our own environment
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=PATIENCE_S
    )
    assert ended.returncode == 0, ended.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as for a release, without a network."""
    folder = tmp_path_factory.mktemp("dist")
    done(TOOLS / "uv", "build", "--wheel", "--offline", "--out-dir", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel alone; the packages that it needs are those of the tests."""
    folder = tmp_path_factory.mktemp("bare") / "venv"
    venv.create(folder, symlinks=os.name != "nt")
    install = ("pip", "install", "--offline", "--no-index", "--no-deps", "--python", folder, wheel)
    done(TOOLS / "uv", *install, cwd=folder)
    (ours,) = folder.glob("**/site-packages")
    theirs = next(path for path in site.getsitepackages() if path.endswith("site-packages"))
    (ours / "packages.pth").write_text(f"{theirs}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> VideoLibrary:
    return VideoLibrary(folder=tmp_path_factory.mktemp("videos"))


@pytest.fixture
async def town(environment: Path, tmp_path: Path, videos: VideoLibrary) -> AsyncGenerator[Town]:
    """An operator's empty folder on a machine that has the wheel and no checkout."""
    home = tmp_path / "empty"
    home.mkdir()
    # The command's own script, with a Discord on loopback in place of the real one.
    script = tmp_path / "kling-bot.py"
    script.write_bytes((ROOT / "tests" / "live" / "start.py").read_bytes())
    async with open_town(home, videos) as opened:
        opened.program = (str(environment / SCRIPTS / "python"), str(script))
        opened.python_path = ""
        yield opened


def the_command(environment: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """`kling-bot` as the wheel installed it; nobody types."""
    return subprocess.run(  # noqa: S603 - the wheel's own command
        [environment / SCRIPTS / "kling-bot", *arguments],
        cwd=cwd,
        env={"PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[=<>;]", one.strip(), maxsplit=1)[0].lower() for one in requirements}


def test_it_holds_every_file_of_the_bot_and_what_its_licences_need(wheel: Path) -> None:
    with ZipFile(wheel) as opened:
        inside = {name for name in opened.namelist() if not name.endswith("/")}
    ours = {str(path.relative_to(ROOT).as_posix()) for path in text_files()}
    expected = {name for name in ours if name.split("/")[0] in {"bot", "cogs"}}

    assert len(expected) > 200
    assert {name for name in inside if ".dist-info/" not in name} == expected
    licences = {Path(name).name for name in inside if "/licenses/" in name}
    assert licences == {"LICENSE", "THIRD_PARTY_NOTICES"}


def test_it_asks_for_the_packages_that_are_pinned() -> None:
    pinned = (ROOT / "requirements" / "run.in").read_text(encoding="utf-8").split()
    assert names(PROJECT["dependencies"]) == names(pinned)
    for extra, needed in PROJECT["optional-dependencies"].items():
        listed = (ROOT / "requirements" / f"{extra}.in").read_text(encoding="utf-8").splitlines()
        assert names(needed) == names([line for line in listed if not line.startswith("-r")])


def test_its_command_names_itself_and_takes_nothing_from_a_checkout(
    environment: Path, tmp_path: Path
) -> None:
    helped = the_command(environment, "--help", cwd=tmp_path)
    assert "Usage: kling-bot" in helped.stdout
    versioned = the_command(environment, "--version", cwd=tmp_path)
    assert versioned.stdout == f"kling-bot {PROJECT['version']}\n"
    refused = the_command(environment, "run", cwd=tmp_path)
    assert refused.returncode == 2
    assert "or let `kling-bot init` write it." in refused.stderr
    alone = the_command(environment, "init", cwd=tmp_path)
    assert alone.returncode == 1
    assert "There is no terminal to ask at." in alone.stderr
    assert list(tmp_path.iterdir()) == []


async def test_from_an_empty_folder_to_a_delivered_video(town: Town) -> None:
    bare = {"DISCORD_TOKEN": "", "RUNCOMFY_API_KEY": ""}
    async with town.at_a_terminal("init", **bare) as (command, terminal):
        await command.is_told_in_secret(TOKEN, "Bot token", at=terminal)
        await command.is_told_in_secret(KEY, "RunComfy API key", at=terminal)
        assert await command.ended() == 0
    assert f"client_id={BOT_ID}" in "\n".join(command.out)
    assert command.out[-1] == "Then start it:  kling-bot run"

    check = await town.command("check", "--min-free-mib", "1", **bare)
    assert await check.ended() == 0

    bot = await town.joined(**bare)
    interaction = await town.discord.slash("kling", prompt="a red kite", duration=3)
    await bot.until(lambda: town.runcomfy.posts)
    town.pass_time(600)
    await bot.until(lambda: town.discord.card(interaction).get("attachments"))
    assert (town.folder / "data" / "bot.sqlite3").exists()
    assert not [line for line in bot.log if str(ROOT / "bot") in line]


async def test_its_playground_opens_and_serves_its_page(town: Town) -> None:
    playing = await town.command("play")
    await playing.until(lambda: any(line.startswith("http://") for line in playing.out))
    (address,) = [line for line in playing.out if line.startswith("http://")]

    async with ClientSession() as session, session.get(address) as page:
        assert page.status == 200

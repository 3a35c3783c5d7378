"""`python -m bot play`: what it says, what it hears, how it ends, and why it may not open."""

import asyncio
import os
import socket
import sys
import tempfile
import termios
from asyncio.subprocess import PIPE
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http import HTTPStatus
from io import StringIO
from pathlib import Path
from queue import Queue
from signal import SIGHUP, SIGINT, SIGTERM, Signals, getsignal, signal
from threading import Event
from typing import TextIO

import pytest
from aiohttp import ClientSession

from bot.playground.play import CannotPlay, has_a_browser, play
from bot.playground.stage import FIRST_COMMAND
from bot.storage.data_lock import locked
from bot.storage.open import FILE_NAME
from tests.patience import PATIENCE_S
from tests.playground.driver import playground, playground_at_a_terminal


@contextmanager
def keyboard() -> Generator[tuple[TextIO, Callable[[str], object]]]:
    """A pipe: where to listen, and how to press keys."""
    readable, writable = os.pipe()
    with os.fdopen(readable) as stdin, os.fdopen(writable, "wb", buffering=0) as keys:
        yield stdin, lambda text: keys.write(text.encode())


async def played(
    keys: str,
    *,
    data_dir: Path | None = None,
    port: int = 0,
    open_page: Callable[[str], object] | None = None,
) -> None:
    """Play with these keys already pressed."""
    with keyboard() as (stdin, press):
        press(keys)
        playing = play(data_dir=data_dir, port=port, stdin=stdin, open_page=open_page)
        await asyncio.wait_for(playing, PATIENCE_S)


class Terminal(StringIO):
    """Where something is said to a person."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def signals() -> Generator[None]:
    """As they were: a playground that ends ignores them, and here the process lives on."""
    former = {number: signal(number, getsignal(number)) for number in (SIGHUP, SIGINT, SIGTERM)}
    yield
    for number, handler in former.items():
        signal(number, handler)


@pytest.fixture
def taken_port() -> Generator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


# --- as a command -----------------------------------------------------------------------------


@pytest.mark.parametrize("number", [SIGINT, SIGTERM, SIGHUP])
async def test_it_says_its_address_and_ends_when_it_is_told_to(number: Signals) -> None:
    async with playground() as opened:
        assert await opened.address()
        assert await opened.says("Type this there: (.*)") == f"Type this there: {FIRST_COMMAND}"
        opened.signal(number)
        ended = await opened.end()

    assert (ended.status, ended.complained) == (0, "")
    assert ended.said.endswith("The playground is closed.\n")


async def test_a_terminal_restarts_the_bot_by_r_and_ends_it_by_ctrl_c() -> None:
    async with playground_at_a_terminal() as (opened, terminal):
        former = termios.tcgetattr(terminal)
        await opened.says("Keys here")
        opened.press("r")
        await opened.says("The bot has restarted. Its jobs go on.")
        opened.press("r")
        await opened.says("The bot has restarted. Its jobs go on.")
        opened.press("\x03")
        ended = await opened.end()
        found_again = termios.tcgetattr(terminal)

    assert (ended.status, ended.complained) == (0, "")
    assert found_again == former


async def test_a_pipe_is_heard_until_it_ends_and_the_page_stays_open() -> None:
    async with playground(stdin=PIPE) as opened, ClientSession() as session:
        address = await opened.address()
        opened.pipe("r\n")
        await opened.says("The bot has restarted")
        await opened.close_pipe()
        async with session.get(address) as page:
            assert page.status == HTTPStatus.OK
        opened.signal(SIGINT)
        ended = await opened.end()

    assert (ended.status, ended.complained) == (0, "")


async def test_it_opens_with_its_standard_input_closed() -> None:
    async with playground(redirected="<&-") as opened:
        await opened.address()
        opened.signal(SIGINT)
        assert (await opened.end()).status == 0


async def test_a_taken_port_is_one_sentence(taken_port: int) -> None:
    async with playground("--port", str(taken_port)) as refused:
        ended = await refused.end()

    assert (ended.status, ended.said) == (1, "")
    assert ended.complained.startswith(
        "The playground can't use this port (Address already in use): "
    )
    assert ended.complained.count("\n") == 1


# --- in this process --------------------------------------------------------------------------


async def test_a_taken_port_closes_what_was_open_already(taken_port: int, tmp_path: Path) -> None:
    with pytest.raises(CannotPlay, match="choose another with --port"):
        await played("", data_dir=tmp_path, port=taken_port)

    await played("q", data_dir=tmp_path)  # the folder's lock was let go


async def test_a_browser_is_shown_the_page_and_need_not_come_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown, closed = Queue[str](), Event()

    def open_page(address: str) -> None:
        shown.put(address)
        closed.wait()

    await played("q", open_page=open_page)
    closed.set()

    assert f"Its page is here:\n\n{shown.get(timeout=PATIENCE_S)}\n" in capsys.readouterr().out


@pytest.mark.parametrize("display", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_a_browser_opens_at_a_terminal_with_a_display_and_never_over_ssh(
    display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    there = {display: ":0"}

    assert has_a_browser(Terminal(), there)
    assert not has_a_browser(Terminal(), there | {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"})
    assert not has_a_browser(Terminal(), {})
    assert not has_a_browser(StringIO(), there), "its output goes into a file"
    assert not has_a_browser(None, there)


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_some_systems_need_no_display_to_be_named(
    platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)

    assert has_a_browser(Terminal(), {})


async def test_a_named_folder_keeps_the_data_for_the_next_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await played("q", data_dir=tmp_path / "kept")
    kept = (tmp_path / "kept" / FILE_NAME).stat().st_ino
    await played("q", data_dir=tmp_path / "kept")

    assert (tmp_path / "kept" / FILE_NAME).stat().st_ino == kept
    assert capsys.readouterr().out.count("The playground is closed.") == 2


async def test_without_a_folder_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    await played("q")

    assert not list(tmp_path.iterdir())


async def test_an_end_in_the_middle_of_a_restart_is_an_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    await played("rq")

    said = capsys.readouterr().out
    assert "The bot has restarted" in said
    assert said.endswith("The playground is closed.\n")


async def test_a_restart_that_fails_is_told_and_ends_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    database = tmp_path / FILE_NAME
    with keyboard() as (stdin, press):
        playing = asyncio.create_task(play(data_dir=tmp_path, port=0, stdin=stdin))
        said = ""
        async with asyncio.timeout(PATIENCE_S):
            while "Keys here" not in said:
                await asyncio.sleep(0.005)
                said += capsys.readouterr().out
            database.rename(tmp_path / "elsewhere")
            database.mkdir()
            press("r")
            with pytest.raises(CannotPlay, match="didn't start again"):
                await playing

    assert "couldn't restart the bot" in caplog.text


async def test_a_folder_that_somebody_else_uses_is_left_to_them(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(CannotPlay, match="is in use by another bot process"):
        await played("", data_dir=tmp_path)


async def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotPlay, match=r"^--data-dir must be a folder .*\.$"):
        await played("", data_dir=tmp_path / "file")


async def test_a_database_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(CannotPlay, match=r"^The bot can't use the database: "):
        await played("", data_dir=tmp_path)


async def test_no_place_for_temporary_files_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(
        CannotPlay, match=r"^The playground can't write a file: No such file or directory"
    ):
        await played("")

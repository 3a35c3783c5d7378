"""`python -m tests.live.without_posix …`: the command line without what Windows lacks.

Only the bot's own code misses it: libraries have their own ways on each system, and Python itself
would not run here without. `imports` loads every module of the bot and says how many.
"""

import asyncio
import builtins
import importlib
import os
import pkgutil
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Final, NoReturn

import bot
import cogs

MODULES: Final = frozenset(
    {"crypt", "curses", "fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog"}
    | {"termios", "tty"}
)
# By "Availability: Unix" and "not Windows" in Python's documentation.
NAMES: Final[Mapping[ModuleType, str]] = {
    os: (
        "chown fchmod fchown fork forkpty getegid geteuid getgid getgroups getloadavg "
        "getpgid getpgrp getpriority getsid getuid killpg lchown mkfifo mknod nice "
        "openpty pathconf sched_getaffinity setegid seteuid setgid setpgid setpriority "
        "setsid setuid statvfs sync sysconf tcgetpgrp tcsetpgrp uname O_CLOEXEC "
        "O_DIRECTORY O_NOFOLLOW"
    ),
    signal: (
        "SIGALRM SIGCHLD SIGHUP SIGKILL SIGPIPE SIGQUIT SIGUSR1 SIGUSR2 SIGWINCH SIGXCPU "
        "alarm pthread_kill pthread_sigmask setitimer sigwait"
    ),
    socket: "AF_UNIX SO_REUSEPORT",
    time: "CLOCK_BOOTTIME CLOCK_MONOTONIC CLOCK_REALTIME clock_gettime tzset",
}
"""The names that these modules lack there, with spaces between."""
LOOPS: Final = ("add_reader", "remove_reader", "add_writer", "add_signal_handler")


class Without(ModuleType):
    """A module of the standard library without some of its names."""

    def __init__(self, whole: ModuleType, missing: Sequence[str]) -> None:
        super().__init__(whole.__name__)
        self._whole = whole
        self._missing = missing

    def __getattr__(self, name: str) -> object:
        if name in self._missing:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return getattr(self._whole, name)


def hide() -> None:
    """From here on, what the bot imports is as on Windows."""
    less = {whole.__name__: Without(whole, names.split()) for whole, names in NAMES.items()}
    imported = builtins.__import__

    def importing(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - as Python calls it
        locals: Mapping[str, object] | None = None,  # noqa: A002 - likewise
        fromlist: tuple[str, ...] = (),
        level: int = 0,
    ) -> ModuleType:
        ours = str((globals or {}).get("__name__", "")).startswith(("bot", "cogs"))
        if ours and not level:
            if name in MODULES:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            if name in less:
                return less[name]
        return imported(name, globals, locals, fromlist, level)

    builtins.__import__ = importing
    for method in LOOPS:
        setattr(asyncio.SelectorEventLoop, method, unknown_to_windows)


def unknown_to_windows(*arguments: object) -> NoReturn:
    """As the loop of Windows answers."""
    del arguments
    raise NotImplementedError


def main() -> None:
    hide()
    if sys.argv[1:] == ["imports"]:
        found = [
            module.name
            for package in (bot, cogs)
            for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        ]
        names = [name for name in found if not name.endswith("__main__")]
        for name in names:
            importlib.import_module(name)
        sys.stdout.write(f"{len(names)}\n")
        return
    importlib.import_module("tests.live.start").main()


if __name__ == "__main__":
    main()

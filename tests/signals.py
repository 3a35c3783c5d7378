"""Signals to processes that asyncio started, without taking their status from whoever waits."""

import os
from asyncio.subprocess import Process
from contextlib import suppress
from signal import Signals


def tell(process: Process, number: Signals) -> None:
    """Send a signal, if it is there to hear it.

    `Process.send_signal` first asks for the status of one that has just ended, and asyncio then
    has only 255 to tell.
    """
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)

"""What a process can say of itself: its memory, and how promptly its event loop turns."""

import asyncio
from pathlib import Path
from typing import Final

MIB: Final = 1024 * 1024
TICK_S: Final = 0.01
_STATUS: Final = Path("/proc/self/status")
_CLEAR_REFS: Final = Path("/proc/self/clear_refs")


def memory_bytes() -> int:
    """What is resident now."""
    return _from_status("VmRSS")


def peak_bytes() -> int:
    """The most that was resident since the start, or since `forget_peak`."""
    return _from_status("VmHWM")


def forget_peak() -> None:
    """Let the peak begin anew at what is resident now."""
    _CLEAR_REFS.write_text("5", encoding="ascii")


class LoopLag:
    """Sleeps for a hundredth of a second again and again, and notes by how much it woke late."""

    def __init__(self) -> None:
        self.late_s: list[float] = []

    async def measure(self) -> None:
        """Go on until cancelled."""
        now = asyncio.get_running_loop().time
        while True:
            due = now() + TICK_S
            await asyncio.sleep(TICK_S)
            self.late_s.append(now() - due)


def _from_status(name: str) -> int:
    lines = _STATUS.read_text(encoding="ascii").splitlines()
    line = next(line for line in lines if line.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024

"""What to do where a generation at the terminal would wait for what nobody there brings about."""

from typing import Final

from bot.cli.terminal.generating import Behind
from bot.domain.line import WaitReason
from bot.features.terminal_place import is_from_terminal

SHOWN: Final = 5


def behind_line(behind: Behind) -> str:
    """What it waits for, and how that comes to an end."""
    if behind.reason is WaitReason.PAUSED:
        return "Sending is paused: `/kling-operator resume` on Discord ends that."
    ids = [job.id for job in behind.others]
    more = f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else ""
    ahead = f"Other videos come first: {', '.join(ids[:SHOWN])}{more}."
    here = any(map(is_from_terminal, behind.others))
    bring = ", or bring one by `python -m bot generate --resume JOB`" if here else ""
    if behind.is_alone:
        return f"{ahead} Nobody watches them now: start the bot{bring}."
    return f"{ahead} They go on while a bot runs on this database; else start one{bring}."

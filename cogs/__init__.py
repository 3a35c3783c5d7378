"""The commands: each validates, calls one feature, and shows one card."""

from typing import Final

EXTENSIONS: Final = (
    "cogs.allowance",
    "cogs.generations.command",
    "cogs.greetings",
    "cogs.kling.command",
    "cogs.kling_admin.command",
    "cogs.kling_help",
    "cogs.kling_me.command",
    "cogs.kling_operator.command",
    "cogs.moderation.report",
    "cogs.showcase.share",
    "cogs.storyboard.command",
)
"""What discord.py loads; commands are registered in this order."""

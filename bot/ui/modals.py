"""The parts that every modal is built from. The typed text goes to the route's handler."""

from collections.abc import Iterable
from typing import Any

import discord
from discord import ui

from bot.domain.generation.request import DURATION_MAX_S, DURATION_MIN_S
from bot.languages.language import Language


def modal_of(title: str, custom_id: str, *parts: ui.Item[Any]) -> ui.Modal:
    """A modal whose custom_id belongs to a route, so that the library need not remember it."""
    modal = ui.Modal(title=title, custom_id=custom_id)
    for part in parts:
        modal.add_item(part)
    modal.stop()
    return modal


def labelled(
    parts: Iterable[tuple[str, str | None, ui.Item[Any]]], language: Language
) -> list[ui.Label[Any]]:
    """Inputs under their labels, which are marked texts; a description is said already."""
    return [
        ui.Label(text=language.say(text), description=description, component=component)
        for text, description, component in parts
    ]


def paragraph(
    custom_id: str, *, max_length: int, default: str | None = None, required: bool = True
) -> ui.TextInput[Any]:
    """An input of several lines; Discord refuses an empty default."""
    return ui.TextInput(
        style=discord.TextStyle.paragraph,
        custom_id=custom_id,
        default=default or None,
        required=required,
        max_length=max_length,
    )


def seconds_select(custom_id: str, chosen_s: int, language: Language) -> ui.Select[Any]:
    """A select of every length that a video, or one of its shots, may have."""
    return ui.Select(
        custom_id=custom_id,
        options=[
            discord.SelectOption(
                label=language.say("{seconds} s", seconds=seconds),
                value=str(seconds),
                default=seconds == chosen_s,
            )
            for seconds in range(DURATION_MIN_S, DURATION_MAX_S + 1)
        ],
    )

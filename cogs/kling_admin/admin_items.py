"""The buttons and selects of the settings panel, with their state in their custom_ids."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, Self

import discord
from discord import ui

from bot.features.ordering import Ordering
from bot.features.server_settings import CapsKind, CapsOf, Several
from bot.ui.context import Interaction, is_manager
from bot.ui.layout import component_id
from bot.ui.pressed import Pressed
from cogs.kling_admin import admin_presses as presses
from cogs.kling_admin.admin_choices import Choice
from cogs.kling_admin.admin_state import Limits, Page, draw_of

NO_ROLE: Final = 0


class Verb(StrEnum):
    """What a button or a select of fixed options does."""

    PAGE = "page"
    CAPS = "caps"
    ZONE = "zone"
    TIDY = "tidy"
    DROP = "drop"
    CHOOSE = "choose"
    LIMITS = "limits"
    REVIEW = "review"


_BUTTONS: Final = "page|caps|zone|tidy|drop"
_SELECTS: Final = "choose|limits|review"
_SUBJECT: Final = r"(?P<subject>[a-z_]*):(?P<role_id>[0-9]{1,20})"


class PanelButton(
    Pressed,
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=rf"kling:admin:(?P<verb>{_BUTTONS}):{_SUBJECT}",
):
    """A button of the panel."""

    def __init__(
        self,
        verb: Verb,
        subject: str = "",
        *,
        role_id: int = NO_ROLE,
        label: str = "",
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
    ) -> None:
        super().__init__(
            ui.Button(
                style=style,
                label=label,
                disabled=disabled,
                custom_id=f"kling:admin:{verb}:{subject}:{role_id}",
            )
        )
        self.verb = verb
        self.subject = subject
        self.role_id = role_id

    @classmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Rebuild the button from its custom_id."""
        del item
        return cls(Verb(match["verb"]), match["subject"], role_id=int(match["role_id"]))

    async def pressed(self, desk: Ordering, interaction: Interaction) -> None:
        """Do what it says, for whoever may manage the server."""
        del desk
        if not await is_manager(interaction):
            return
        draw = draw_of(interaction.client)
        match self.verb:
            case Verb.PAGE:
                await presses.turn_to(interaction, Page(self.subject), draw=draw)
            case Verb.CAPS:
                target = CapsOf(CapsKind(self.subject), self.role_id)
                await presses.open_caps_form(interaction, target)
            case Verb.ZONE:
                await presses.open_zone_form(interaction)
            case Verb.TIDY:
                await presses.tidy(interaction, Several(self.subject), draw=draw)
            case Verb.DROP:
                await presses.change_rule(interaction, self.role_id, None, draw=draw)
            case _:
                raise ValueError("no button does that")


class PanelSelect(
    Pressed,
    ui.DynamicItem[ui.Select[ui.LayoutView]],
    template=rf"kling:admin:(?P<verb>{_SELECTS}):{_SUBJECT}",
):
    """A select of fixed options."""

    def __init__(
        self,
        verb: Verb,
        subject: str = "",
        *,
        labels: Mapping[str, str],
        chosen: str = "",
        role_id: int = NO_ROLE,
    ) -> None:
        super().__init__(
            ui.Select(
                id=component_id(verb, subject, role_id, chosen),
                custom_id=f"kling:admin:{verb}:{subject}:{role_id}",
                options=[
                    discord.SelectOption(label=label, value=value, default=value == chosen)
                    for value, label in labels.items()
                ],
            )
        )
        self.verb = verb
        self.subject = subject
        self.role_id = role_id

    @classmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Rebuild the select from its custom_id; what was chosen comes with the press."""
        del item
        verb, role_id = Verb(match["verb"]), int(match["role_id"])
        return cls(verb, match["subject"], labels={}, role_id=role_id)

    async def pressed(self, desk: Ordering, interaction: Interaction) -> None:
        """Take what was chosen, from whoever may manage the server."""
        del desk
        if not await is_manager(interaction):
            return
        (value,) = self.item.values
        draw = draw_of(interaction.client)
        match self.verb:
            case Verb.CHOOSE:
                await presses.choose(interaction, Choice(self.subject), value, draw=draw)
            case Verb.LIMITS:
                await presses.choose_limits(interaction, self.role_id, Limits(value), draw=draw)
            case Verb.REVIEW:
                change = presses.reviewed(is_reviewed=value == "yes")
                await presses.change_rule(interaction, self.role_id, change, draw=draw)
            case _:
                raise ValueError("no select does that")


PANEL_BUTTONS = (PanelButton, PanelSelect)
"""What a client registers so that presses on old panels find their way."""

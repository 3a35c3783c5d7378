"""The four steps of set-up as private cards, and its end.

What a manager chose and has not saved yet stands in the message's own selects, so that a step works
after any restart. `seen` tells whether what a step is about to change is still as it was drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import discord
from discord import ui

from bot.domain.money.keys import ServerKey
from bot.domain.money.policy import OperatorLimits, offered_qualities
from bot.domain.servers import ServerSettings
from bot.features.servers.server_settings import CapsKind, CapsOf, Several
from bot.languages.language import Language, marked
from bot.ui.layout import component_id, row_of, view_of
from bot.ui.routes import Route
from cogs.kling_admin import settings as table
from cogs.kling_admin.key import NOT_OFFERED
from cogs.kling_admin.panel import PAGE, There, gone_from
from cogs.kling_admin.selects import channels_select, roles_select, select
from cogs.kling_admin.summary import payer_lines, summary


class Step(StrEnum):
    """The steps in their order; who pays comes before all that can be bought."""

    PAYER = "payer"
    MUCH = "much"
    WHERE = "where"
    WHO = "who"
    DONE = "done"

    @property
    def next(self) -> "Step":
        """The step after this one."""
        steps = list(Step)
        return steps[min(steps.index(self) + 1, len(steps) - 1)]

    @property
    def before(self) -> "Step":
        """The step before this one."""
        steps = list(Step)
        return steps[max(steps.index(self) - 1, 0)]


class Topic(StrEnum):
    """What one select of a step decides."""

    SERVER = "server"
    MEMBER = "member"
    CHANNELS = "channels"
    ROLES = "roles"
    QUALITIES = "qualities"


PARTS: Final[Mapping[Step, Sequence[Topic]]] = {
    Step.MUCH: (Topic.SERVER, Topic.MEMBER),
    Step.WHERE: (Topic.CHANNELS,),
    Step.WHO: (Topic.ROLES, Topic.QUALITIES),
}
LISTS: Final[Mapping[Topic, Several]] = {
    Topic.CHANNELS: Several.ALLOWED_CHANNELS,
    Topic.ROLES: Several.ALLOWED_ROLES,
}
CAPS: Final[Mapping[Topic, tuple[CapsOf, str]]] = {
    Topic.SERVER: (CapsOf(CapsKind.SERVER), "day_microusd"),
    Topic.MEMBER: (CapsOf(CapsKind.MEMBERS), "day_videos"),
}
"""Whose limits a part decides, and which of them."""
NO_LIMIT: Final = "-"
_SUGGESTED: Final = {Topic.SERVER: 5_000_000, Topic.MEMBER: 3}
_OFFERED: Final = {
    Topic.SERVER: (1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000),
    Topic.MEMBER: (1, 2, 3, 5, 10, 20),
}
BEGIN: Final = Route("kling:setup:begin")
SHOW: Final = Route("kling:setup:show:{step}", step="|".join(Step))
GIVE_KEY: Final = Route("kling:setup:key")
KEY_MODAL: Final = Route("kling:setup-form:key")
PICK: Final = Route("kling:setup:pick:{part}:{seen}", part="|".join(Topic), seen="[0-9a-f]+")
SAVE: Final = Route("kling:setup:save:{step}:{seen}", step="|".join(PARTS), seen="[0-9a-f]+")

_TITLES: Final[Mapping[Step, str]] = {
    Step.PAYER: marked("### Set up · 1 of 4: who pays"),
    Step.MUCH: marked("### Set up · 2 of 4: how much a day"),
    Step.WHERE: marked("### Set up · 3 of 4: where"),
    Step.WHO: marked("### Set up · 4 of 4: who, and which qualities"),
    Step.DONE: marked("### All set"),
}
_NOTE: Final = marked("Only you see this. Nothing changes before you press *Save and go on*.")
_PART_TITLES: Final[Mapping[Topic, str]] = {
    Topic.SERVER: marked("**The whole server together**"),
    Topic.MEMBER: marked("**Each member**"),
    Topic.CHANNELS: marked(
        "**Only in these channels and categories**\n-# None chosen: everywhere."
    ),
    Topic.ROLES: marked("**Who may make videos**\n-# No role chosen: everyone."),
    Topic.QUALITIES: marked("**Qualities**"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """One step, as it is drawn."""

    step: Step
    settings: ServerSettings
    there: There
    limits: OperatorLimits
    key: ServerKey | None = None
    takes_keys: bool = True
    chosen: Mapping[Topic, Sequence[str]] = field(default_factory=dict[Topic, Sequence[str]])
    """What was chosen and is not saved yet."""
    seen: str | None = None
    """The digest of what was there when the step was first drawn; None: it is drawn for the first
    time."""
    has_changed: bool = False
    """Whether another manager changed it meanwhile."""


def digest(step: Step, settings: ServerSettings) -> str:
    """Changes with everything that the step would write."""
    state = [now_in(part, settings) for part in PARTS[step]]
    return f"{component_id(step, state):x}"


def now_in(part: Topic, settings: ServerSettings) -> list[str]:
    """What holds, as the select of this part would say it."""
    if part in LISTS:
        ids: tuple[int, ...] = getattr(settings, LISTS[part])
        return [str(one) for one in ids]
    if part is Topic.QUALITIES:
        return [table.chosen("qualities", settings)]
    whose, name = CAPS[part]
    cap: int | None = getattr(whose.in_settings(settings), name)
    return [NO_LIMIT if cap is None else str(cap)]


def proposed(part: Topic, settings: ServerSettings, here: There) -> list[str]:
    """What the select shows at first: what holds, or a sensible limit where there is none."""
    if part in LISTS:
        gone = gone_from(LISTS[part], settings, here)
        return [one for one in now_in(part, settings) if int(one) not in gone]
    if part in CAPS and not CAPS[part][0].in_settings(settings).is_set:
        return [str(_SUGGESTED[part])]
    return now_in(part, settings)


def setup_card(shown: Setup, language: Language) -> ui.LayoutView:
    """Draw a step with its choices already made, or the end."""
    container = ui.Container[ui.LayoutView](accent_colour=discord.Colour.blurple())
    heading = [language.say(_TITLES[shown.step])]
    if shown.step in PARTS:
        heading.append(f"-# {language.say(_NOTE)}")
    if shown.has_changed:
        heading.append(
            language.say("Another manager has just changed this. Please look again, then save.")
        )
    container.add_item(ui.TextDisplay("\n".join(heading)))
    if shown.step in (Step.PAYER, Step.DONE):
        lines = _payer_text(shown, language) if shown.step is Step.PAYER else _end(shown, language)
        container.add_item(ui.TextDisplay("\n".join(lines)))
    for part in PARTS.get(shown.step, ()):
        container.add_item(ui.TextDisplay(language.say(_PART_TITLES[part])))
        container.add_item(row_of(_select(part, shown, language)))
    container.add_item(row_of(*_buttons(shown, language)))
    return view_of(container)


def _payer_text(shown: Setup, language: Language) -> list[str]:
    lines = payer_lines(language, shown.key, shown.limits, guild_id=shown.there.guild_id)
    if not shown.takes_keys:
        return [*lines, f"-# {language.say(NOT_OFFERED)}"]
    if shown.key is None and shown.limits.pays_for(shown.there.guild_id):
        said = language.say("Or this server pays for itself, with a RunComfy key of its own.")
        return [*lines, said]
    return lines


def _end(shown: Setup, language: Language) -> list[str]:
    offered = offered_qualities(shown.settings, shown.limits)
    guild_id = shown.there.guild_id
    return [
        summary(language, shown.settings, guild_id=guild_id, offered=offered),
        *payer_lines(language, shown.key, shown.limits, guild_id=guild_id),
        "-# "
        + language.say("Members begin with `/kling`. `/kling-help` shows them how, with examples."),
    ]


def _select(part: Topic, shown: Setup, language: Language) -> ui.Item[ui.LayoutView]:
    chosen = shown.chosen.get(part, proposed(part, shown.settings, shown.there))
    custom_id = PICK.of(part=part, seen=shown.seen or digest(shown.step, shown.settings))
    if part in LISTS:
        draw = roles_select if part is Topic.ROLES else channels_select
        return draw(LISTS[part], [int(one) for one in chosen], custom_id=custom_id)
    if part is Topic.QUALITIES:
        labels = table.options("qualities", shown.settings, language)
    else:
        labels = _amounts(part, now_in(part, shown.settings), language)
    return select(custom_id, labels, chosen=chosen[0])


def _amounts(part: Topic, now: Sequence[str], language: Language) -> dict[str, str]:
    """The limits on offer by their values, the present one among them."""
    amounts = sorted({*_OFFERED[part], *(int(one) for one in now if one != NO_LIMIT)})
    return {
        **{
            str(one): language.say("{amount} a day", amount=language.dollars(one))
            if part is Topic.SERVER
            else language.plural("{number} video a day", "{number} videos a day", one)
            for one in amounts
        },
        NO_LIMIT: language.say("No limit"),
    }


def _buttons(shown: Setup, language: Language) -> list[ui.Button[ui.LayoutView]]:
    step = shown.step
    if step is Step.DONE:
        return [
            _button(marked("Go through it again"), SHOW.of(step=Step.PAYER), language),
            _button(marked("All settings"), PAGE.of(page=table.PanelPage.WHO), language),
        ]
    onward = SHOW.of(step=step.next)
    if step is not Step.PAYER:
        seen = shown.seen or digest(step, shown.settings)
        return [
            _button(
                marked("Save and go on"), SAVE.of(step=step, seen=seen), language, is_first=True
            ),
            _button(marked("Skip"), onward, language),
            _button(marked("Back"), SHOW.of(step=step.before), language),
        ]
    by_operator = shown.key is None and shown.limits.pays_for(shown.there.guild_id)
    pays = by_operator or (shown.key is not None and shown.key.broken_at is None)
    next_label = marked("Leave it so") if pays else marked("Skip")
    buttons = [_button(next_label, onward, language, is_first=pays)]
    if shown.takes_keys:
        label = marked("Give a key…") if shown.key is None else marked("Replace it…")
        key = _button(label, GIVE_KEY.of(), language, is_first=not pays)
        buttons.insert(1 if pays else 0, key)
    return buttons


def _button(
    label: str, custom_id: str, language: Language, *, is_first: bool = False
) -> ui.Button[ui.LayoutView]:
    style = discord.ButtonStyle.primary if is_first else discord.ButtonStyle.secondary
    return ui.Button(style=style, label=language.say(label), custom_id=custom_id)

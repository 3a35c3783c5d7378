"""The settings panel of a server: private pages of selects, redrawn after every choice.

The fullest page has 35 components of the 40 that Discord allows. Pages, roles and settings
are in the custom_ids, so that a panel works after any restart, for people who are managers by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import discord
from discord import ui

from bot.domain.servers import REASON_MAX_CHARS, RoleRule, ServerSettings
from bot.features.servers.server_settings import CapsKind, Several
from bot.languages.language import Language, marked
from bot.ui.context import Interaction
from bot.ui.key_news import unread_line
from bot.ui.layout import component_id, fitting, row_of, view_of
from bot.ui.plain_text import as_text
from bot.ui.routes import Route
from cogs.kling_admin import settings as table
from cogs.kling_admin import texts as words
from cogs.kling_admin.selects import channel_select, channels_select, roles_select, select
from cogs.kling_admin.settings import ListSetting, PanelPage
from cogs.kling_admin.summary import summary

_NO_ROLE_RULES: Final = marked("None yet: the same rules for everyone.")
_ROLE_RULES: Final = marked("Rules for single roles")
_NOTE: Final = marked("Only you see this. Changes apply at once, for everyone here.")
_ROLE_ID: Final = "[0-9]{1,20}"
PAGE: Final = Route("kling:admin:page:{page}:0", page="|".join(PanelPage))
CAPS: Final = Route("kling:admin:caps:{kind}:{role_id}", kind="|".join(CapsKind), role_id=_ROLE_ID)
ZONE: Final = Route("kling:admin:zone::0")
TIDY: Final = Route("kling:admin:tidy:{several}:0", several="|".join(Several))
DROP: Final = Route("kling:admin:drop::{role_id}", role_id=_ROLE_ID)
CHOOSE: Final = Route("kling:admin:choose:{choice}:0", choice="|".join(table.CHOICES))
LIMITS: Final = Route("kling:admin:limits::{role_id}", role_id=_ROLE_ID)
REVIEW: Final = Route("kling:admin:review::{role_id}", role_id=_ROLE_ID)
RULES: Final = Route("kling:admin:roles:rules")
"""The select of roles that shows a role's rules."""

NO_ROLE: Final = 0
BUTTONS_PER_ROW: Final = 3
"""As many as a phone shows side by side."""
_ACCENT: Final = discord.Colour.blurple()
_RULES_MAX_CHARS: Final = 1_900
"""Rules up to this length are shown; the other roles' names and the rest of the page still fit."""


class Limits(StrEnum):
    """Which limits hold for each member with a role."""

    USUAL = "usual"
    OWN = "own"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """The server's roles and channels, as Discord told us; None where we do not know."""

    guild_id: int
    role_ids: frozenset[int] | None = None
    channel_ids: frozenset[int] | None = None

    def has_role(self, role_id: int) -> bool:
        """Whether the role exists, as far as we know."""
        return self.role_ids is None or role_id in self.role_ids

    def has_channel(self, channel_id: int) -> bool:
        """Whether the channel exists, as far as we know."""
        return self.channel_ids is None or channel_id in self.channel_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One state of the panel."""

    settings: ServerSettings
    there: There
    offered: Sequence[str] = ()
    """The qualities that may be chosen there."""
    page: PanelPage = PanelPage.WHO
    role_id: int = 0
    """The role whose rules are shown, on the page WHO."""


def there(interaction: Interaction) -> There:
    """What the server of an interaction has."""
    guild = interaction.guild
    # No role at all, not even everybody's, means that Discord told us nothing of it yet.
    if guild is None or not guild.roles:
        return There(guild_id=interaction.guild_id or 0)
    return There(
        guild_id=guild.id,
        role_ids=frozenset(role.id for role in guild.roles),
        channel_ids=frozenset(one.id for one in (*guild.channels, *guild.threads)),
    )


def gone_from(several: Several, settings: ServerSettings, here: There) -> list[int]:
    """The roles or channels of a list that were deleted."""
    is_there = here.has_role if table.LISTS[several].are_roles else here.has_channel
    ids: tuple[int, ...] = getattr(settings, several)
    return [one for one in ids if not is_there(one)]


def panel(shown: Panel, language: Language) -> ui.LayoutView:
    """Draws one page with everything that can be chosen on it."""
    container = ui.Container[ui.LayoutView](accent_colour=_ACCENT)
    container.add_item(ui.TextDisplay(_heading(shown, language)))
    for part in _parts(shown, language):
        container.add_item(part)
    buttons = _page_buttons(shown, language)
    for start in range(0, len(buttons), BUTTONS_PER_ROW):
        container.add_item(row_of(*buttons[start : start + BUTTONS_PER_ROW]))
    return view_of(container)


_Parts = list[ui.Item[ui.LayoutView]]


def _heading(shown: Panel, language: Language) -> str:
    rules = summary(language, shown.settings, guild_id=shown.there.guild_id, offered=shown.offered)
    lines = [language.say("### Settings of this server"), rules, f"-# {language.say(_NOTE)}"]
    if shown.settings.unread:
        lines.append(unread_line(language, shown.settings.unread))
    if shown.settings.blocked_by_operator:
        lines.append(
            language.say("⛔ The bot's owner has blocked this server. Only they can change that.")
        )
    if shown.settings.paused_because is not None:
        reason = as_text(shown.settings.paused_because, REASON_MAX_CHARS)
        lines.append(language.say("⏸️ Videos are paused in this server: {reason}", reason=reason))
    return "\n".join(lines)


def _parts(shown: Panel, language: Language) -> _Parts:
    match shown.page:
        case PanelPage.WHO if shown.role_id:
            return _rule_parts(shown, language)
        case PanelPage.WHO:
            return [
                *_lists(shown, language),
                *_rules(shown, language),
                *_choices(shown, language),
            ]
        case PanelPage.WHERE | PanelPage.WHAT:
            return [*_lists(shown, language), *_choices(shown, language)]
        case PanelPage.MUCH:
            return [*_limits(shown, language), *_choices(shown, language)]
        case PanelPage.MORE:
            zone = ui.Button[ui.LayoutView](
                label=language.say("Another time zone…"), custom_id=ZONE.of()
            )
            return [*_choices(shown, language), row_of(zone), *_channels(shown, language)]
        case PanelPage.SHOWCASE:
            return [*_channels(shown, language), *_choices(shown, language)]


def _title(text: str, hint: str = "") -> ui.TextDisplay[ui.LayoutView]:
    return ui.TextDisplay(f"**{text}**\n-# {hint}" if hint else f"**{text}**")


def _choices(shown: Panel, language: Language) -> _Parts:
    """All settings of this page with one value out of a fixed set."""
    parts: _Parts = []
    for name, setting in table.CHOICES.items():
        if setting.page is shown.page:
            hint = language.say(setting.hint) if setting.hint else ""
            parts.append(_title(language.say(setting.title), hint))
            labels = table.options(name, shown.settings, language)
            now = table.chosen(name, shown.settings)
            parts.append(row_of(select(CHOOSE.of(choice=name), labels, chosen=now)))
    return parts


def _lists(shown: Panel, language: Language) -> _Parts:
    """All lists of roles or channels of this page."""
    return [
        part
        for several, setting in table.LISTS.items()
        if setting.page is shown.page
        for part in _list_parts(several, setting, shown, language)
    ]


def _list_parts(several: Several, setting: ListSetting, shown: Panel, language: Language) -> _Parts:
    gone = gone_from(several, shown.settings, shown.there)
    ids: tuple[int, ...] = getattr(shown.settings, several)
    hint = language.say(setting.hint)
    if gone:
        hint = language.plural(
            "{number} that was chosen is deleted by now.",
            "{number} that were chosen are deleted by now.",
            len(gone),
        )
    picked = [one for one in ids if one not in gone]
    parts: _Parts = [
        _title(language.say(setting.title), hint),
        row_of((roles_select if setting.are_roles else channels_select)(several, picked)),
    ]
    if gone:
        tidy = language.say("Take out what was deleted")
        parts.append(row_of(ui.Button(label=tidy, custom_id=TIDY.of(several=several))))
    return parts


def _rules(shown: Panel, language: Language) -> _Parts:
    rules = shown.settings.role_rules
    names = [words.role_name(language, one, guild_id=shown.there.guild_id) for one in rules]
    said = (
        f"- {name}: {words.rule_line(language, rule)}"
        for name, rule in zip(names, rules.values(), strict=True)
    )
    lines = fitting(said, _RULES_MAX_CHARS)
    if untold := names[len(lines) :]:
        lines.append(words.more_rules(language, untold))
    listed = "\n".join(lines) or f"-# {language.say(_NO_ROLE_RULES)}"
    text = f"**{language.say(_ROLE_RULES)}**\n{listed}"
    pick = ui.RoleSelect[ui.LayoutView](
        id=component_id("rules"),
        custom_id=RULES.of(),
        placeholder=language.say("Pick a role to see or change its rules"),
    )
    return [ui.TextDisplay(text), row_of(pick), *_gone_rules(shown, language)]


def _gone_rules(shown: Panel, language: Language) -> _Parts:
    """A button that deletes the rules of a deleted role: no select offers that role any more."""
    gone = [one for one in shown.settings.role_rules if not shown.there.has_role(one)]
    if not gone:
        return []
    drop = language.say("Remove the rules of a deleted role")
    return [row_of(ui.Button(label=drop, custom_id=DROP.of(role_id=gone[0])))]


def _rule_parts(shown: Panel, language: Language) -> _Parts:
    role_id = shown.role_id
    rule = shown.settings.role_rules.get(role_id, RoleRule())
    name = words.role_name(language, role_id, guild_id=shown.there.guild_id)
    about = words.rule_line(language, rule)
    if not shown.there.has_role(role_id):
        about = language.say(words.ROLE_GONE)
    elif rule.is_reviewed and shown.settings.review_channel_id is None:
        about += "\n" + language.say(
            "No review channel is chosen, so nothing is reviewed. Choose one under *Calendar, "
            "channels*."
        )
    return [
        _title(language.say("Rules for {role}", role=name), about),
        _title(language.say("Limits of each of them")),
        row_of(_limits_select(role_id, rule, language)),
        _title(language.say("Review by a moderator")),
        row_of(_review_select(role_id, rule, language)),
        row_of(
            _caps_button(CapsKind.EACH, marked("Limits of each…"), language, role_id),
            _caps_button(CapsKind.TOGETHER, marked("Limits of all together…"), language, role_id),
            ui.Button(
                style=discord.ButtonStyle.danger,
                label=language.say("Remove these rules"),
                custom_id=DROP.of(role_id=role_id),
                disabled=role_id not in shown.settings.role_rules,
            ),
        ),
    ]


def _limits_select(role_id: int, rule: RoleRule, language: Language) -> ui.Select[ui.LayoutView]:
    now = Limits.USUAL if rule.each is None else Limits.OWN
    labels = {
        Limits.USUAL.value: language.say("As for all members"),
        Limits.OWN.value: language.say("Limits of their own"),
        Limits.EXEMPT.value: language.say("None: neither members' nor roles' limits"),
    }
    now = Limits.EXEMPT if rule.is_exempt else now
    return select(LIMITS.of(role_id=role_id), labels, chosen=now)


def _review_select(role_id: int, rule: RoleRule, language: Language) -> ui.Select[ui.LayoutView]:
    labels = {
        "no": language.say("Not needed"),
        "yes": language.say("A moderator approves each video first"),
    }
    now = "yes" if rule.is_reviewed else "no"
    return select(REVIEW.of(role_id=role_id), labels, chosen=now)


def _limits(shown: Panel, language: Language) -> _Parts:
    text = "\n".join(
        f"**{language.say(setting.title)}**: "
        f"{words.caps_line(language, getattr(shown.settings, name))}"
        for name, setting in table.CAPS.items()
    )
    buttons = (
        _caps_button(setting.kind, setting.button, language) for setting in table.CAPS.values()
    )
    return [ui.TextDisplay(text), row_of(*buttons)]


def _caps_button(
    kind: CapsKind, label: str, language: Language, role_id: int = NO_ROLE
) -> ui.Button[ui.LayoutView]:
    custom_id = CAPS.of(kind=kind, role_id=role_id)
    return ui.Button(label=language.say(label), custom_id=custom_id)


def _channels(shown: Panel, language: Language) -> _Parts:
    parts: _Parts = []
    for name, setting in table.CHANNELS.items():
        if setting.page is not shown.page:
            continue
        chosen: int | None = getattr(shown.settings, name)
        is_gone = chosen is not None and not shown.there.has_channel(chosen)
        hint = language.say(setting.hint) if setting.hint else ""
        if is_gone:
            hint = language.say("The chosen channel was deleted.")
        picked = [] if chosen is None or is_gone else [chosen]
        parts.append(_title(language.say(setting.title), hint))
        parts.append(row_of(channel_select(name, picked, language)))
    return parts


def _page_buttons(shown: Panel, language: Language) -> list[ui.Button[ui.LayoutView]]:
    return [
        ui.Button(
            custom_id=PAGE.of(page=page),
            label=language.say(table.PAGES[page]),
            style=discord.ButtonStyle.primary
            if page is shown.page
            else discord.ButtonStyle.secondary,
            disabled=page is shown.page and not shown.role_id,
        )
        for page in PanelPage
    ]

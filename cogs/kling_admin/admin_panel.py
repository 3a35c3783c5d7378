"""The settings panel of a server: private pages of selects, drawn anew after every choice.

The fullest page has 30 components of the 40 that Discord allows. Pages, roles and settings stand
in the custom_ids, so that a panel works after any restart, for whoever may manage by then.
"""

import re
from typing import Final

import discord
from discord import ui

from bot.domain.servers import REASON_MAX_CHARS, RoleRule
from bot.features.server_settings import CapsKind, Several
from bot.languages.language import Language
from bot.ui.context import Interaction, is_manager
from bot.ui.key_news import unread_line
from bot.ui.layout import fitting, row_of, view_of
from bot.ui.modals import Submission, take_window
from bot.ui.plain_text import as_text
from cogs.kling_admin import admin_choices
from cogs.kling_admin import words_admin as words
from cogs.kling_admin.admin_choices import Choice
from cogs.kling_admin.admin_forms import ADMIN_WINDOW, admin_form_of
from cogs.kling_admin.admin_items import NO_ROLE, PANEL_BUTTONS, PanelButton, PanelSelect, Verb
from cogs.kling_admin.admin_picks import PICKS, RULES, ChannelPick, RolePick
from cogs.kling_admin.admin_presses import submit
from cogs.kling_admin.admin_state import PAGE_OF, Limits, Page, Panel, Single, gone_from

_ACCENT: Final = discord.Colour.blurple()
_RULES_MAX_CHARS: Final = 2_400
"""So many are told; of the others the names alone, and the rest of the page, fit as well."""
_SINGLE_TITLES: Final = {Single.LOG: words.LOG_TITLE, Single.REVIEW: words.REVIEW_TITLE}


def panel(shown: Panel, language: Language) -> ui.LayoutView:
    """One page with everything that can be chosen on it."""
    container = ui.Container[ui.LayoutView](accent_colour=_ACCENT)
    container.add_item(ui.TextDisplay(_heading(shown, language)))
    for part in _parts(shown, language):
        container.add_item(part)
    container.add_item(row_of(*_page_buttons(shown, language)))
    return view_of(container)


async def take_admin_form(interaction: Interaction) -> None:
    """Carry out a submitted window of the panel, for whoever may manage by now."""
    await take_window(interaction, ADMIN_WINDOW, _take)


async def _take(interaction: Interaction, submission: Submission, match: re.Match[str]) -> None:
    if await is_manager(interaction):
        await submit(interaction, admin_form_of(submission, match), draw=panel)


_Parts = list[ui.Item[ui.LayoutView]]


def _heading(shown: Panel, language: Language) -> str:
    lines = [language.say(words.TITLE), f"-# {language.say(words.NOTE)}"]
    if shown.settings.unread:
        lines.append(unread_line(language, shown.settings.unread))
    if shown.settings.blocked_by_operator:
        lines.append(language.say(words.BLOCKED_BY_OPERATOR))
    if shown.settings.paused_because is not None:
        reason = as_text(shown.settings.paused_because, REASON_MAX_CHARS)
        lines.append(language.say(words.PAUSED, reason=reason))
    return "\n".join(lines)


def _parts(shown: Panel, language: Language) -> _Parts:
    match shown.page:
        case Page.WHO if shown.role_id:
            return _rule_parts(shown, language)
        case Page.WHO:
            return [*_several(Several.ALLOWED_ROLES, shown, language), *_rules(shown, language)]
        case Page.WHERE:
            return [
                *_several(Several.ALLOWED_CHANNELS, shown, language),
                *_several(Several.DENIED_CHANNELS, shown, language),
                *_choices(shown, language),
            ]
        case Page.WHAT:
            return _choices(shown, language)
        case Page.MUCH:
            return [*_limits(shown, language), *_choices(shown, language)]
        case Page.MORE:
            zone = PanelButton(Verb.ZONE, label=language.say(words.ZONE_BUTTON))
            return [*_choices(shown, language), row_of(zone), *_channels(shown, language)]


def _title(text: str, hint: str = "") -> ui.TextDisplay[ui.LayoutView]:
    return ui.TextDisplay(f"**{text}**\n-# {hint}" if hint else f"**{text}**")


def _choices(shown: Panel, language: Language) -> _Parts:
    """All settings of this page that are one of some."""
    parts: _Parts = []
    for choice in Choice:
        if PAGE_OF[choice] is shown.page:
            hint = words.AT_ONCE_PERSON_HINT if choice is Choice.AT_ONCE_PERSON else ""
            title = language.say(admin_choices.TITLES[choice])
            parts.append(_title(title, language.say(hint) if hint else ""))
            labels = admin_choices.options(choice, shown.settings, language)
            now = admin_choices.chosen(choice, shown.settings)
            parts.append(row_of(PanelSelect(Verb.CHOOSE, choice, labels=labels, chosen=now)))
    return parts


def _several(several: Several, shown: Panel, language: Language) -> _Parts:
    gone = gone_from(several, shown.settings, shown.there)
    ids: tuple[int, ...] = getattr(shown.settings, several)
    hint = language.say(words.SEVERAL_HINTS[several])
    if gone:
        hint = language.plural(
            "{number} that was chosen is deleted by now.",
            "{number} that were chosen are deleted by now.",
            len(gone),
        )
    picked = [one for one in ids if one not in gone]
    is_roles = several is Several.ALLOWED_ROLES
    parts: _Parts = [
        _title(language.say(words.SEVERAL_TITLES[several]), hint),
        row_of(RolePick(several, picked) if is_roles else ChannelPick(several, picked)),
    ]
    if gone:
        tidy = PanelButton(Verb.TIDY, several, label=language.say(words.TIDY_BUTTON))
        parts.append(row_of(tidy))
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
    listed = "\n".join(lines) or f"-# {language.say(words.NO_ROLE_RULES)}"
    text = f"**{language.say(words.ROLE_RULES)}**\n{listed}"
    pick = RolePick(RULES, [], placeholder=language.say(words.PICK_ROLE))
    return [ui.TextDisplay(text), row_of(pick), *_gone_rules(shown, language)]


def _gone_rules(shown: Panel, language: Language) -> _Parts:
    """A way to the rules of a deleted role: no select offers it any more."""
    gone = [one for one in shown.settings.role_rules if not shown.there.has_role(one)]
    if not gone:
        return []
    drop = PanelButton(Verb.DROP, role_id=gone[0], label=language.say(words.DROP_DELETED_BUTTON))
    return [row_of(drop)]


def _rule_parts(shown: Panel, language: Language) -> _Parts:
    role_id = shown.role_id
    rule = shown.settings.role_rules.get(role_id, RoleRule())
    name = words.role_name(language, role_id, guild_id=shown.there.guild_id)
    about = words.rule_line(language, rule)
    if not shown.there.has_role(role_id):
        about = language.say(words.ROLE_GONE)
    elif rule.is_reviewed and shown.settings.review_channel_id is None:
        about += "\n" + language.say(words.NO_REVIEW_CHANNEL)
    return [
        _title(language.say(words.ROLE_TITLE, role=name), about),
        _title(language.say(words.ROLE_LIMITS)),
        row_of(_limits_select(role_id, rule, language)),
        _title(language.say(words.REVIEW)),
        row_of(_review_select(role_id, rule, language)),
        row_of(
            _caps_button(CapsKind.EACH, words.EACH_BUTTON, language, role_id),
            _caps_button(CapsKind.TOGETHER, words.TOGETHER_BUTTON, language, role_id),
            PanelButton(
                Verb.DROP,
                role_id=role_id,
                label=language.say(words.DROP_RULE_BUTTON),
                style=discord.ButtonStyle.danger,
                disabled=role_id not in shown.settings.role_rules,
            ),
        ),
    ]


def _limits_select(role_id: int, rule: RoleRule, language: Language) -> PanelSelect:
    now = Limits.USUAL if rule.each is None else Limits.OWN
    labels = {
        Limits.USUAL.value: language.say(words.AS_USUAL),
        Limits.OWN.value: language.say(words.OWN_LIMITS),
        Limits.EXEMPT.value: language.say(words.EXEMPT),
    }
    now = Limits.EXEMPT if rule.is_exempt else now
    return PanelSelect(Verb.LIMITS, labels=labels, chosen=now, role_id=role_id)


def _review_select(role_id: int, rule: RoleRule, language: Language) -> PanelSelect:
    labels = {"no": language.say(words.NOT_REVIEWED), "yes": language.say(words.REVIEWED)}
    now = "yes" if rule.is_reviewed else "no"
    return PanelSelect(Verb.REVIEW, labels=labels, chosen=now, role_id=role_id)


def _limits(shown: Panel, language: Language) -> _Parts:
    settings = shown.settings
    text = "\n".join(
        f"**{language.say(title)}**: {words.caps_line(language, caps)}"
        for title, caps in (
            (words.SERVER_LIMITS, settings.server_caps),
            (words.MEMBER_LIMITS, settings.member_caps),
        )
    )
    return [
        ui.TextDisplay(text),
        row_of(
            _caps_button(CapsKind.SERVER, words.SERVER_BUTTON, language),
            _caps_button(CapsKind.MEMBERS, words.MEMBER_BUTTON, language),
        ),
    ]


def _caps_button(
    kind: CapsKind, label: str, language: Language, role_id: int = NO_ROLE
) -> PanelButton:
    return PanelButton(Verb.CAPS, kind, role_id=role_id, label=language.say(label))


def _channels(shown: Panel, language: Language) -> _Parts:
    parts: _Parts = []
    for single in Single:
        chosen: int | None = getattr(shown.settings, single)
        is_gone = chosen is not None and not shown.there.has_channel(chosen)
        hint = language.say(words.CHANNEL_GONE) if is_gone else ""
        picked = [] if chosen is None or is_gone else [chosen]
        parts.append(_title(language.say(_SINGLE_TITLES[single]), hint))
        parts.append(
            row_of(ChannelPick(single, picked, placeholder=language.say(words.NO_CHANNEL)))
        )
    return parts


def _page_buttons(shown: Panel, language: Language) -> list[PanelButton]:
    return [
        PanelButton(
            Verb.PAGE,
            page,
            label=language.say(words.PAGES[page]),
            style=discord.ButtonStyle.primary
            if page is shown.page
            else discord.ButtonStyle.secondary,
            disabled=page is shown.page and not shown.role_id,
        )
        for page in Page
    ]


PANEL_ITEMS = (*PANEL_BUTTONS, *PICKS)
"""What a client registers so that presses on old panels find their way."""

"""The table of what managers decide for their server.

A row drives all of it: the panel's part on its page, what a choice there writes, and the words of
the audit log. So a new setting is a field of `ServerSettings`, a row here, and its rule.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any, Final, TypeAlias

from bot.domain.generation.models import qualities
from bot.domain.generation.request import DURATION_MAX_S, DURATION_MIN_S
from bot.domain.preferences import ASK_ABOVE_CHOICES_MICROUSD, Notify
from bot.domain.servers import ServerSettings, ShownBy
from bot.domain.time_zones import COMMON_ZONES
from bot.features.servers.server_settings import CapsKind, Several
from bot.languages.language import Language, marked
from bot.ui.words.personal import ask_above

OPTIONS_MAX: Final = 25
_AT_ONCE_CHOICES: Final = (*range(1, 11), 12, 15, 20, 25, 30, 40, 50, 75, 100)
NO_CHANNEL: Final = marked("None")


class PanelPage(StrEnum):
    """The panel's pages."""

    WHO = "who"
    WHERE = "where"
    WHAT = "what"
    MUCH = "much"
    MORE = "more"
    SHOWCASE = "showcase"


PAGES: Mapping[PanelPage, str] = {
    PanelPage.WHO: marked("Who"),
    PanelPage.WHERE: marked("Where"),
    PanelPage.WHAT: marked("What"),
    PanelPage.MUCH: marked("How much"),
    PanelPage.MORE: marked("Calendar, channels"),
    PanelPage.SHOWCASE: marked("Showcase"),
}
ValueWords: TypeAlias = Callable[[Language, Any], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceSetting:
    """One value out of a fixed set: a select."""

    page: PanelPage | None
    """None: it is not on the panel, since a command of its own changes it."""
    title: str
    audit_title: str = ""
    """A short title for the audit log, where the panel's explains more than a line needs."""
    hint: str = ""
    values: Sequence[object]
    words: ValueWords
    """Says a value; it may be one that is not offered (any more)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSetting:
    """Several roles or channels: a select that Discord fills."""

    page: PanelPage
    title: str
    audit_title: str
    hint: str
    are_roles: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSetting:
    """A channel that the bot writes in."""

    page: PanelPage = PanelPage.MORE
    title: str
    audit_title: str
    hint: str = ""
    may_be_forum: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CapsSetting:
    """Limits, on the page MUCH: a button that opens a modal."""

    kind: CapsKind
    title: str
    button: str
    audit_title: str


ServerSetting: TypeAlias = ChoiceSetting | ListSetting | ChannelSetting | CapsSetting


def _either(*, false: str, true: str) -> ValueWords:
    return lambda language, value: language.say(true if value else false)


def _or_none(none: str, words: ValueWords) -> ValueWords:
    """The words for None, and for any other value."""
    return lambda language, value: language.say(none) if value is None else words(language, value)


def _seconds(language: Language, value: object) -> str:
    return language.say("{seconds} s", seconds=value)


def _choices_of(names: Sequence[str]) -> list[str]:
    """Every choice of one or several of them, as stored."""
    sizes = range(1, len(names) + 1)
    return [",".join(some) for size in sizes for some in combinations(names, size)]


def _quality_names(language: Language, value: str) -> str:
    if not value:
        return language.say("The bot's default")
    return ", ".join(qualities().get(one, one) for one in value.split(","))


def _itself(_: Language, value: object) -> str:
    return str(value)


_YES_OR_NO: Final = _either(false=marked("No"), true=marked("Yes"))
_NOTIFY: Final[Mapping[Notify, str]] = {
    Notify.MENTION: marked("By a mention beside it"),
    Notify.DIRECT: marked("By a direct message"),
    Notify.NONE: marked("Not at all"),
}

_SHOWN_BY: Final[Mapping[ShownBy, str]] = {
    ShownBy.AUTHORS: marked("Authors and moderators, with Share"),
    ShownBy.MODERATORS: marked("Moderators alone, with Share"),
    ShownBy.STARS: marked("Everyone together, with stars alone"),
}

SETTINGS: Final[Mapping[str, ServerSetting]] = {
    Several.ALLOWED_ROLES: ListSetting(
        page=PanelPage.WHO,
        title=marked("Who may make videos"),
        audit_title=marked("Roles that may make videos"),
        hint=marked("No role chosen: everyone may."),
        are_roles=True,
    ),
    Several.PICTURE_ROLES: ListSetting(
        page=PanelPage.WHO,
        title=marked("Who may use pictures"),
        audit_title=marked("Roles that may use pictures"),
        hint=marked("No role chosen: everyone may."),
        are_roles=True,
    ),
    "pictures_allowed": ChoiceSetting(
        page=PanelPage.WHO,
        title=marked("Pictures that videos begin or end with"),
        audit_title=marked("Pictures"),
        values=(True, False),
        words=_either(false=marked("Not allowed"), true=marked("Allowed")),
    ),
    Several.ALLOWED_CHANNELS: ListSetting(
        page=PanelPage.WHERE,
        title=marked("Only in these channels and categories"),
        audit_title=marked("Allowed channels"),
        hint=marked("None chosen: everywhere."),
    ),
    Several.DENIED_CHANNELS: ListSetting(
        page=PanelPage.WHERE,
        title=marked("Never in these channels and categories"),
        audit_title=marked("Excluded channels"),
        hint=marked("None chosen: none is excluded."),
    ),
    "age_restricted_only": ChoiceSetting(
        page=PanelPage.WHERE,
        title=marked("Age-restricted channels"),
        values=(False, True),
        words=_either(
            false=marked("Not needed"),
            true=marked("Only in age-restricted channels"),
        ),
    ),
    "pictures_age_restricted_only": ChoiceSetting(
        page=PanelPage.WHERE,
        title=marked("Pictures that videos begin or end with"),
        audit_title=marked("Where pictures may be used"),
        values=(False, True),
        words=_either(
            false=marked("Wherever videos may be made"),
            true=marked("Only in age-restricted channels"),
        ),
    ),
    "private_by_default": ChoiceSetting(
        page=PanelPage.WHAT,
        title=marked("Who sees a video, unless its requester chooses"),
        audit_title=marked("Who sees a video"),
        values=(False, True),
        words=_either(false=marked("Everyone in the channel"), true=marked("Only its requester")),
    ),
    "longest_duration_s": ChoiceSetting(
        page=PanelPage.WHAT,
        title=marked("Longest video"),
        values=(None, *range(DURATION_MIN_S, DURATION_MAX_S)),
        words=_or_none(marked("No limit"), _seconds),
    ),
    "sound_allowed": ChoiceSetting(
        page=PanelPage.WHAT,
        title=marked("Sound"),
        values=(True, False),
        words=_either(false=marked("Silent videos only"), true=marked("Each member decides")),
    ),
    "qualities": ChoiceSetting(
        page=PanelPage.WHAT,
        title=marked("Qualities that may be used"),
        hint=marked("Only those that the bot's owner allows count."),
        values=("", *_choices_of(tuple(qualities()))),
        words=_quality_names,
    ),
    "default_quality": ChoiceSetting(
        page=PanelPage.WHAT,
        title=marked("Default quality for members"),
        audit_title=marked("Default quality"),
        values=(None, *qualities()),
        words=_or_none(marked("The bot's default"), lambda _, value: qualities().get(value, value)),
    ),
    "spoiler": ChoiceSetting(
        page=PanelPage.WHAT,
        title=marked("Results behind a spoiler"),
        values=(False, True),
        words=_YES_OR_NO,
    ),
    "notify": ChoiceSetting(
        page=PanelPage.WHAT,
        title=marked("How members are notified, unless they chose themselves"),
        audit_title=marked("How members are notified"),
        values=[way.value for way in Notify],
        words=lambda language, value: language.say(_NOTIFY[Notify(value)]),
    ),
    "ask_above_microusd": ChoiceSetting(
        page=PanelPage.WHAT,
        title=marked("Ask about the price before a video is made"),
        values=(None, *ASK_ABOVE_CHOICES_MICROUSD),
        words=ask_above,
    ),
    "prices_hidden": ChoiceSetting(
        page=PanelPage.WHAT,
        title=marked("Prices on cards"),
        values=(False, True),
        words=_either(false=marked("Shown"), true=marked("Hidden")),
    ),
    "server_caps": CapsSetting(
        kind=CapsKind.SERVER,
        title=marked("The whole server together"),
        button=marked("Limits of the server…"),
        audit_title=marked("Limits of the server"),
    ),
    "member_caps": CapsSetting(
        kind=CapsKind.MEMBERS,
        title=marked("Each member"),
        button=marked("Limits of each member…"),
        audit_title=marked("Limits of each member"),
    ),
    "at_once_per_user": ChoiceSetting(
        page=PanelPage.MUCH,
        title=marked("Videos of one person at the same time"),
        hint=marked("While the bot's owner pays, never more than the owner allows."),
        values=(None, *_AT_ONCE_CHOICES),
        words=_or_none(marked("The bot's default"), _itself),
    ),
    "at_once": ChoiceSetting(
        page=PanelPage.MUCH,
        title=marked("Videos of the whole server at the same time"),
        values=(None, *_AT_ONCE_CHOICES),
        words=_or_none(marked("No limit"), _itself),
    ),
    "time_zone": ChoiceSetting(
        page=PanelPage.MORE,
        title=marked("Calendar: where a day and a month begin"),
        audit_title=marked("Time zone"),
        values=(None, *COMMON_ZONES),
        words=_or_none(marked("The time zone of the bot"), _itself),
    ),
    "log_channel_id": ChannelSetting(
        title=marked("Channel for reports and notices to managers"),
        audit_title=marked("Channel for reports"),
    ),
    "review_channel_id": ChannelSetting(
        title=marked("Channel in which moderators review"),
        audit_title=marked("Review channel"),
    ),
    "showcase_channel_id": ChannelSetting(
        page=PanelPage.SHOWCASE,
        title=marked("Channel or forum that shows the best videos"),
        audit_title=marked("Showcase channel"),
        hint=marked("Public videos get *Share* and ⭐ then. In a forum each video is a post."),
        may_be_forum=True,
    ),
    "showcase_by": ChoiceSetting(
        page=PanelPage.SHOWCASE,
        title=marked("Who may put videos there"),
        audit_title=marked("Who fills the showcase"),
        values=[by.value for by in ShownBy],
        words=lambda language, value: language.say(_SHOWN_BY[ShownBy(value)]),
    ),
    "showcase_stars": ChoiceSetting(
        page=PanelPage.SHOWCASE,
        title=marked("Stars that bring a video there by themselves"),
        audit_title=marked("Stars for the showcase"),
        hint=marked("Everyone has one star for each video, but authors none for their own."),
        values=(None, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50),
        words=_or_none(marked("No number of them"), _itself),
    ),
    "builtin_words": ChoiceSetting(
        page=None,
        title=marked("Built-in list of words"),
        values=(False, True),
        words=_YES_OR_NO,
    ),
}
"""The settings by their names in `ServerSettings`, in the order of the panel."""

CHOICES: Final[Mapping[str, ChoiceSetting]] = {
    name: setting
    for name, setting in SETTINGS.items()
    if isinstance(setting, ChoiceSetting) and setting.page is not None
}
LISTS: Final[Mapping[Several, ListSetting]] = {
    Several(name): setting for name, setting in SETTINGS.items() if isinstance(setting, ListSetting)
}
CHANNELS: Final[Mapping[str, ChannelSetting]] = {
    name: setting for name, setting in SETTINGS.items() if isinstance(setting, ChannelSetting)
}
CAPS: Final[Mapping[str, CapsSetting]] = {
    name: setting for name, setting in SETTINGS.items() if isinstance(setting, CapsSetting)
}


def chosen(name: str, settings: ServerSettings) -> str:
    """The current setting as the value of its option: as JSON, so any old panel can be read."""
    return json.dumps(settings.model_dump(mode="json")[name])


def change_of(name: str, value: str) -> dict[str, Any]:
    """The change to ServerSettings that an option means; pydantic checks what it says.

    Raises:
        ValueError: no option of ours has such a value.
    """
    return {name: json.loads(value)}


def options(name: str, settings: ServerSettings, language: Language) -> dict[str, str]:
    """All options by their values, always including the current one."""
    setting = CHOICES[name]
    offered = {json.dumps(value): setting.words(language, value) for value in setting.values}
    now = chosen(name, settings)
    if now not in offered:
        label = setting.words(language, json.loads(now))
        offered = dict([*offered.items()][: OPTIONS_MAX - 1]) | {now: label}
    return offered

"""What managers choose for their server, on which page, and what each option means.

An option's value is the setting itself as JSON, so that any choice on an old panel can be read.
"""

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, assert_never

from bot.domain.preferences import ASK_ABOVE_CHOICES_MICROUSD, Notify
from bot.domain.request import DURATION_MAX_S, DURATION_MIN_S
from bot.domain.servers import ServerSettings
from bot.domain.time_zones import COMMON_ZONES
from bot.features.server_settings import Several
from bot.languages.language import Language
from bot.ui import words_personal
from cogs.kling_admin import texts as words

OPTIONS_MAX: Final = 25
_AT_ONCE_CHOICES: Final = (*range(1, 11), 12, 15, 20, 25, 30, 40, 50, 75, 100)


class SettingChoice(StrEnum):
    """Settings with one value out of a fixed set, by their names in ServerSettings."""

    AGE = "age_restricted_only"
    PRIVATE = "private_by_default"
    LONGEST = "longest_duration_s"
    SOUND = "sound_allowed"
    SPOILER = "spoiler"
    NOTIFY = "notify"
    ASK_ABOVE = "ask_above_microusd"
    AT_ONCE_PERSON = "at_once_per_user"
    AT_ONCE_SERVER = "at_once"
    ZONE = "time_zone"


class PanelPage(StrEnum):
    """The panel's pages."""

    WHO = "who"
    WHERE = "where"
    WHAT = "what"
    MUCH = "much"
    MORE = "more"


class Single(StrEnum):
    """Settings that hold one channel, by their names in ServerSettings."""

    LOG = "log_channel_id"
    REVIEW = "review_channel_id"


class Limits(StrEnum):
    """Which limits hold for each member with a role."""

    USUAL = "usual"
    OWN = "own"
    EXEMPT = "exempt"


PAGE_OF: dict[SettingChoice | Several, PanelPage] = {
    Several.ALLOWED_ROLES: PanelPage.WHO,
    Several.ALLOWED_CHANNELS: PanelPage.WHERE,
    Several.DENIED_CHANNELS: PanelPage.WHERE,
    SettingChoice.AGE: PanelPage.WHERE,
    SettingChoice.PRIVATE: PanelPage.WHAT,
    SettingChoice.LONGEST: PanelPage.WHAT,
    SettingChoice.SOUND: PanelPage.WHAT,
    SettingChoice.SPOILER: PanelPage.WHAT,
    SettingChoice.NOTIFY: PanelPage.WHAT,
    SettingChoice.ASK_ABOVE: PanelPage.WHAT,
    SettingChoice.AT_ONCE_PERSON: PanelPage.MUCH,
    SettingChoice.AT_ONCE_SERVER: PanelPage.MUCH,
    SettingChoice.ZONE: PanelPage.MORE,
}


TITLES: Mapping[SettingChoice, str] = {
    SettingChoice.AGE: words.AGE_TITLE,
    SettingChoice.PRIVATE: words.PRIVATE_TITLE,
    SettingChoice.LONGEST: words.LONGEST_TITLE,
    SettingChoice.SOUND: words.SOUND_TITLE,
    SettingChoice.SPOILER: words.SPOILER_TITLE,
    SettingChoice.NOTIFY: words.NOTIFY_TITLE,
    SettingChoice.ASK_ABOVE: words.ASK_TITLE,
    SettingChoice.AT_ONCE_PERSON: words.AT_ONCE_PERSON,
    SettingChoice.AT_ONCE_SERVER: words.AT_ONCE_SERVER,
    SettingChoice.ZONE: words.ZONE_TITLE,
}


def chosen(choice: SettingChoice, settings: ServerSettings) -> str:
    """The current setting, as the value of its option."""
    return _value(settings.model_dump(mode="json")[choice])


def change_of(choice: SettingChoice, value: str) -> dict[str, Any]:
    """The change to ServerSettings that an option means; pydantic checks what it says.

    Raises:
        ValueError: no option of ours has such a value.
    """
    return {choice.value: json.loads(value)}


def options(choice: SettingChoice, settings: ServerSettings, language: Language) -> dict[str, str]:
    """All options by their values, always including the current one."""
    offered = _offered(choice, language)
    now = chosen(choice, settings)
    if now not in offered:
        label = value_words(choice, json.loads(now), language)
        offered = dict([*offered.items()][: OPTIONS_MAX - 1]) | {now: label}
    return offered


def value_words(choice: SettingChoice, value: object, language: Language) -> str:
    """A value of a setting in plain words."""
    match choice:
        case SettingChoice.AGE:
            return language.say(words.AGE_ONLY if value else words.AGE_ANYWHERE)
        case SettingChoice.PRIVATE:
            return language.say(words.FOR_REQUESTER if value else words.FOR_ALL)
        case SettingChoice.SOUND:
            return language.say(words.SOUND_ALLOWED if value else words.SILENT_ONLY)
        case SettingChoice.SPOILER:
            return language.say(words.YES if value else words.NO)
        case SettingChoice.NOTIFY:
            return language.say(words.NOTIFY_LABELS[Notify(value)])
        case SettingChoice.LONGEST:
            return _or_unset(value, language.say("{seconds} s", seconds=value), language)
        case SettingChoice.ASK_ABOVE:
            return _asked_words(value, language)
        case SettingChoice.AT_ONCE_PERSON | SettingChoice.AT_ONCE_SERVER:
            is_persons = choice is SettingChoice.AT_ONCE_PERSON
            unset = words.AS_THE_BOT if is_persons else words.NO_LIMIT
            return str(value) if value is not None else language.say(unset)
        case SettingChoice.ZONE:
            return str(value) if value is not None else language.say(words.ZONE_OF_BOT)
        case _:
            assert_never(choice)


def _offered(choice: SettingChoice, language: Language) -> dict[str, str]:
    return {_value(value): value_words(choice, value, language) for value in _values(choice)}


def _values(choice: SettingChoice) -> Sequence[object]:
    match choice:
        case SettingChoice.AGE | SettingChoice.PRIVATE | SettingChoice.SPOILER:
            return (False, True)
        case SettingChoice.SOUND:
            return (True, False)
        case SettingChoice.NOTIFY:
            return [way.value for way in Notify]
        case SettingChoice.LONGEST:
            return (None, *range(DURATION_MIN_S, DURATION_MAX_S))
        case SettingChoice.ASK_ABOVE:
            return (None, *ASK_ABOVE_CHOICES_MICROUSD)
        case SettingChoice.AT_ONCE_PERSON | SettingChoice.AT_ONCE_SERVER:
            return (None, *_AT_ONCE_CHOICES)
        case SettingChoice.ZONE:
            return (None, *COMMON_ZONES)
        case _:
            assert_never(choice)


def _asked_words(value: object, language: Language) -> str:
    if not isinstance(value, int):
        return language.say(words_personal.NEVER_ASK)
    if value == 0:
        return language.say(words_personal.ALWAYS_ASK)
    return language.say(words_personal.ASK_ABOVE, price=language.dollars(value))


def _or_unset(value: object, said: str, language: Language) -> str:
    return said if value is not None else language.say(words.NO_LIMIT)


def _value(value: object) -> str:
    return json.dumps(value)

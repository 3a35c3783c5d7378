"""Every row of the table of servers' settings is drawn, chosen from, written and audited."""

import json
import re
from typing import Any

import pytest

from bot.domain.servers import NOTHING_DECIDED, AuditEntry, ServerSettings
from bot.languages.language import load_languages
from cogs.kling_admin.audit import trail, what_words
from cogs.kling_admin.panel import Panel, There, panel
from cogs.kling_admin.settings import CHOICES, SETTINGS, PanelPage, change_of, chosen, options
from tests.domain.samples import NOON

LANGUAGES = load_languages()
ENGLISH = LANGUAGES.of("en")
BY_COMMANDS = {
    "role_rules",
    "blocked_user_ids",
    "blocked_by_operator",
    "paused_because",
    "drained_by",
    "total_caps",
    "words",
    "unread",
}
"""What has no row: a command of its own, or a page of its own, changes it."""


def test_every_setting_has_a_row_or_a_command_of_its_own() -> None:
    assert SETTINGS.keys() | BY_COMMANDS == set(ServerSettings.model_fields)
    assert not SETTINGS.keys() & BY_COMMANDS


def test_every_row_with_a_page_is_on_the_panel() -> None:
    drawn = ""
    for page in PanelPage:
        view: Any = panel(
            Panel(settings=NOTHING_DECIDED, there=There(guild_id=1), page=page), ENGLISH
        )
        drawn += json.dumps(view.to_components())
    caps = {"server_caps", "member_caps"}
    assert drawn.count("kling:admin:caps:") == len(caps)
    for name in SETTINGS.keys() - caps:
        is_drawn = re.search(rf':{name}(:0)?"', drawn) is not None
        assert is_drawn is (name != "builtin_words")


@pytest.mark.parametrize("code", LANGUAGES.codes)
@pytest.mark.parametrize("name", CHOICES)
def test_every_option_is_a_choice_that_comes_back_as_itself(name: str, code: str) -> None:
    offered = options(name, NOTHING_DECIDED, LANGUAGES.of(code))
    assert 2 <= len(offered) <= 25
    assert len(set(offered.values())) == len(offered)
    for value, label in offered.items():
        settings = ServerSettings.model_validate(change_of(name, value))
        assert chosen(name, settings) == value
        assert 1 <= len(label) <= 100
        assert len(value) <= 100
        assert "{" not in label


@pytest.mark.parametrize("name", CHOICES)
def test_the_audit_log_says_every_choice_as_the_panel_does(name: str) -> None:
    offered = options(name, NOTHING_DECIDED, ENGLISH)
    (before, said_before), *_, (after, said_after) = offered.items()
    line = what_words(ENGLISH, name, json.loads(before), json.loads(after), guild_id=1)
    title = ENGLISH.say(CHOICES[name].audit_title or CHOICES[name].title)
    assert line == f"{title}: {said_before} → {said_after}"


@pytest.mark.parametrize(
    ("what", "said"),
    [("review_approved", "approved video ab12"), ("review_declined", "declined video ab12")],
)
def test_the_audit_log_says_what_a_moderator_decided(what: str, said: str) -> None:
    assert what_words(ENGLISH, what, None, "ab12", guild_id=1) == said


def test_what_another_version_decided_without_values_is_named() -> None:
    entry = AuditEntry(guild_id=1, at=NOON, by_user_id=9, what="key_of_1999", before="", after="")
    assert trail(ENGLISH, [entry], guild_id=1).endswith("· key of 1999")

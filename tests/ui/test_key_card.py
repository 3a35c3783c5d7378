"""The card of a server's key: what it says in each state, and that no part of a key is on it."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.denied import Denied
from bot.domain.money.keys import KEY_MAX_CHARS, KeyRefusal, ServerKey
from bot.domain.outcomes import FailureReason
from bot.features.servers.server_keys import KeyGiven
from bot.languages.language import Language, load_languages
from cogs.kling_admin.audit import what_words
from cogs.kling_admin.key import NOT_OFFERED, NOT_TAKEN, key_card, key_form, outcome_words
from tests.domain.samples import LATER, NOON

PAYS = "It pays for every video made here."
ENGLISH = load_languages().of("en")
KEY = ServerKey(id=1, guild_id=3, tail="77aa", set_by=77, set_at=NOON)
BROKEN = replace(KEY, broken_at=LATER, broken_why=FailureReason.KEY_REFUSED)
LANGUAGES = [load_languages().of(code) for code in load_languages().codes]


def parts(payload: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = list(payload)
    for part in found:
        found.extend(part.get("components", []))
    return found


def drawn(key: ServerKey | None, *, are_offered: bool = True) -> tuple[str, list[str]]:
    """The text of the card, and the labels of its buttons."""
    all_parts = parts(
        key_card(ENGLISH, key, are_offered=are_offered, operator_pays=True).to_components()
    )
    text = "\n".join(part["content"] for part in all_parts if "content" in part)
    return text, [part["label"] for part in all_parts if "label" in part]


def test_without_a_key_one_can_be_given() -> None:
    text, labels = drawn(None)
    assert (
        "This server has none: the bot's owner pays for its videos, within the owner's limits."
    ) in text
    assert labels == ["Give a key…"]


def test_a_key_is_shown_by_its_tail_with_who_gave_it_and_when() -> None:
    text, labels = drawn(KEY)
    assert "Ends in `…77aa`, given by <@77> <t:" in text
    assert PAYS in text
    assert labels == ["Replace it…", "Remove it"]


def test_a_broken_key_says_since_when_and_what_to_do() -> None:
    text, labels = drawn(BROKEN)
    assert "stopped accepting it <t:" in text
    assert PAYS not in text
    assert labels == ["Replace it…", "Remove it"]


def test_where_keys_are_not_offered_an_old_one_can_still_be_removed() -> None:
    assert drawn(None, are_offered=False)[1] == []
    text, labels = drawn(KEY, are_offered=False)
    assert NOT_OFFERED in text
    assert labels == ["Remove it"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_window_obeys_discord_in_every_language(language: Language) -> None:
    window = key_form(language).to_dict()
    assert 1 <= len(window["title"]) <= 45
    (label,) = window["components"]
    assert label["component"]["max_length"] == KEY_MAX_CHARS
    assert len(label["label"]) <= 45
    assert len(label["description"]) <= 100
    assert "value" not in label["component"]


def test_every_outcome_has_its_words_and_only_a_known_balance_is_told() -> None:
    assert set(NOT_TAKEN) == set(KeyRefusal)
    for why in KeyRefusal:
        assert outcome_words(ENGLISH, Denied(why)) == NOT_TAKEN[why]
    assert outcome_words(ENGLISH, KeyGiven(KEY, 1_500_000)).endswith(
        "$1.50 is left on its account."
    )
    assert "left" not in outcome_words(ENGLISH, KeyGiven(KEY, None))


def test_the_audit_log_speaks_of_keys_by_their_tails() -> None:
    said = [
        what_words(ENGLISH, what, before, after, guild_id=1)
        for what, before, after in (
            ("key_given", None, "77aa"),
            ("key_replaced", "77aa", "88bb"),
            ("key_removed", "88bb", None),
            ("key_broken", "88bb", "key_refused"),
        )
    ]
    assert said == [
        "gave a RunComfy key that ends in …77aa",
        "replaced the RunComfy key …77aa by …88bb",
        "removed the RunComfy key …88bb",
        "RunComfy stopped accepting the key …88bb",
    ]
    with pytest.raises(KeyError):
        what_words(ENGLISH, "key_broken", "88bb", "another_reason", guild_id=1)

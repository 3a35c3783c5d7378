"""Words about a server's own RunComfy key; they never contain more of the key than its tail."""

import discord

from bot.domain.keys import KeyRefusal, ServerKey
from bot.features.server_keys import KeyGiven
from bot.languages.language import Language, marked
from bot.ui.plain_text import as_text

SERVER_NAME_SHOWN_CHARS = 80

TITLE = marked("### This server's own RunComfy key")
NO_KEY = marked(
    "This server has none: whoever runs this bot pays for its videos, within their limits."
)
PAYS = marked("It pays for every video that is asked for here.")
NOT_OFFERED = marked(
    "This bot is not set up to take keys. Whoever runs it can change that with `SECRET_KEY`."
)
HOW_IT_IS_KEPT = marked(
    "A key is checked without spending anything, kept encrypted, and never shown again."
)
GIVE_LABEL = marked("Give a key…")
REPLACE_LABEL = marked("Replace it…")
REMOVE_LABEL = marked("Remove it")

FORM_TITLE = marked("RunComfy key of this server")
KEY_LABEL = marked("RunComfy API key")
KEY_HINT = marked("From your RunComfy profile. Its balance pays for this server's videos.")

REMOVED = marked(
    "Removed. New videos are paid by whoever runs this bot; those under way are still watched "
    "with the key that bought them, and then its last copy is erased."
)
NOTHING_TO_REMOVE = marked("This server has no key (any more).")
NOT_TAKEN: dict[KeyRefusal, str] = {
    KeyRefusal.NOT_OFFERED: NOT_OFFERED,
    KeyRefusal.MALFORMED: marked(
        "That cannot be a RunComfy key. Please copy it again, whole; nothing was changed."
    ),
    KeyRefusal.REFUSED: marked(
        "RunComfy does not accept this key. Please copy it again from your profile there; "
        "nothing was changed."
    ),
    KeyRefusal.SILENT: marked(
        "RunComfy gave no answer about this key, so it was not kept. Please try again in a minute."
    ),
}


def key_line(language: Language, key: ServerKey) -> str:
    """Which key it is, who gave it, and when."""
    return language.say(
        "Ends in `…{tail}`, given by {who} {when}.",
        tail=key.tail,
        who=f"<@{key.set_by}>",
        when=discord.utils.format_dt(key.set_at, "R"),
    )


def broken_line(language: Language, key: ServerKey) -> str:
    """Since when the key is no longer accepted, and what to do."""
    since = "" if key.broken_at is None else discord.utils.format_dt(key.broken_at, "R")
    return language.say(
        "⚠️ RunComfy stopped accepting it {when}. Nothing is made or charged here until you give "
        "a new one.",
        when=since,
    )


def given_line(language: Language, given: KeyGiven) -> str:
    """Says that the key counts from now on, and its account's balance."""
    said = [language.say("RunComfy accepts it. It pays for this server's videos from now on.")]
    if given.left_microusd is not None:
        left = language.dollars(given.left_microusd)
        said.append(language.say("{amount} is left on its account.", amount=left))
    return " ".join(said)


def broke_news(language: Language, key: ServerKey, server_name: str) -> str:
    """The message to the managers, sent once."""
    return language.say(
        "⚠️ RunComfy no longer accepts the key of {server} that ends in `…{tail}`. Videos are "
        "paused there, and nothing is charged. Give a new key with `/kling-admin key`.",
        server=f"**{as_text(server_name, SERVER_NAME_SHOWN_CHARS)}**",
        tail=key.tail,
    )

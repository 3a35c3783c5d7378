"""The catalogues of words: what the code says, gathered, and brought into each language's list.

`make words` runs this. The list of texts comes from the code itself: those that are said or marked,
and those that Discord asks to have translated when the commands are registered.
"""

import asyncio
import re
from io import BytesIO
from pathlib import Path
from typing import Any, Final, TypeAlias

import discord
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from discord import app_commands
from discord.app_commands import TranslationContextTypes, locale_str

from bot.client import load_cogs
from bot.languages.language import LOCALES_DIR, NAME_CONTEXT
from bot.languages.translation import is_typed_name
from bot.ui.context import Client
from tests.meta.sources import PRODUCT, ROOT

KEYWORDS: Final = {"say": None, "marked": None, "plural": (1, 2)}
SOURCES: Final = [("**.py", "python")]
WIDTH: Final = 100
HEADER: Final = ("Language:", "Plural-Forms:", "MIME-Version:", "Content-")
"""What a header has to say; the rest changes with every run or tells nobody anything."""

Key: TypeAlias = "tuple[str | None, str]"
"""The context of a text, and the text."""


def said_by_the_code() -> Catalog:
    """Every text that a catalogue has to have, without translations."""
    words = Catalog(charset="utf-8", fuzzy=False)
    for folder in PRODUCT:
        for _, _, text, comments, context in extract_from_dir(
            ROOT / folder, SOURCES, keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            words.add(text, auto_comments=comments, context=context)
    for (context, text), comment in asyncio.run(asked_for_commands()).items():
        words.add(text, auto_comments=[comment], context=context)
    return words


async def asked_for_commands() -> dict[Key, str]:
    """What discord.py asks to have translated of all commands, with a comment for translators."""
    recorder = _Recorder()
    await declared_commands(recorder)
    return recorder.asked


async def declared_commands(translator: app_commands.Translator) -> list[dict[str, Any]]:
    """All commands as they would be registered."""
    async with Client(command_prefix="", intents=discord.Intents.none()) as bot:
        await load_cogs(bot)
        declared = bot.tree.get_commands()
        return [await each.get_translated_payload(bot.tree, translator) for each in declared]


class _Recorder(app_commands.Translator):
    def __init__(self) -> None:
        self.asked: dict[Key, str] = {}

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        del locale
        if is_typed_name(context):
            comment = "What people type: lower case, no spaces, 32 characters at most."
            self.asked[NAME_CONTEXT, string.message] = comment
        else:
            self.asked[None, string.message] = "Shown while a command is typed: 100 at most."
        return None


def catalogue_paths(folder: Path = LOCALES_DIR) -> list[Path]:
    """Where the catalogue of each language is, or will be: one for every folder."""
    return sorted(
        language / "LC_MESSAGES" / "messages.po"
        for language in folder.iterdir()
        if language.is_dir()
    )


def read(path: Path) -> Catalog:
    """A catalogue as it is; a language that was just begun has an empty one."""
    code = path.parent.parent.name.replace("-", "_")
    if not path.exists():
        return Catalog(locale=code, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def brought_up_to_date(catalogue: Catalog, words: Catalog) -> bytes:
    """The file of a catalogue with every text of the code, and no other; translations are kept."""
    catalogue.update(words, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.header_comment = "# The words of the bot. `make words` brings this list up to date."
    file = BytesIO()
    write_po(file, catalogue, width=WIDTH, no_location=True, sort_output=True, ignore_obsolete=True)
    header, texts = file.getvalue().split(b"\n\n", 1)
    told = [line for line in header.splitlines() if _is_told(line.decode())]
    return b"\n".join([*told, b"", texts.rstrip(), b""])


def _is_told(line: str) -> bool:
    field = re.match(r'"[A-Z][A-Za-z-]+:', line)
    return field is None or line.startswith(tuple(f'"{kept}' for kept in HEADER))


def is_translated(message: Message) -> bool:
    """Whether every form of a text is there in the other language."""
    said = message.string
    return all([said] if isinstance(said, str) else said or [""])


def main() -> None:
    """Bring every catalogue up to date, and say what is left to translate."""
    words = said_by_the_code()
    for path in catalogue_paths():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(brought_up_to_date(read(path), words))
        catalogue = read(path)
        left = sum(1 for message in catalogue if not is_translated(message))
        print(f"{catalogue.locale}: {len(catalogue)} texts, {left} to translate")  # noqa: T201 - it is what the command says


if __name__ == "__main__":
    main()

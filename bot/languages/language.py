"""The bot's languages: texts from gettext catalogues, numbers and money formatted by Babel.

English is the language of the code. A catalogue is
`bot/languages/locales/<code>/LC_MESSAGES/messages.po` and is read directly at start: adding a
language needs no build step.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

import discord
from babel import Locale
from babel.dates import format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

LOCALES_DIR: Final = Path(__file__).with_name("locales")
ENGLISH: Final = "en"
NAME_CONTEXT: Final = "name"
"""The catalogue context for names of commands and options, which must match Discord's pattern."""


def marked(text: str) -> str:
    """Mark a text for the catalogues in place; `Language.say` translates it later."""
    return text


class Language:
    """One language."""

    def __init__(self, *, code: str, words: NullTranslations) -> None:
        self._code = code
        self._locale = Locale.parse(code, sep="-")
        self._words = words

    @property
    def code(self) -> str:
        """Its code in Discord's form, such as "it" or "pt-BR"."""
        return self._code

    def say(self, text: str, /, **values: object) -> str:
        """The text in this language, with its {placeholders} filled."""
        said = self._words.gettext(text)
        return said.format(**values) if values else said

    def name(self, text: str, /) -> str:
        """The name of a command or an option: lower case, without spaces."""
        return self._words.pgettext(NAME_CONTEXT, text)

    def plural(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The form for the number; the text contains it as {number}."""
        said = self._words.ngettext(one, many, number)
        return said.format(number=self.number(number), **values)

    def number(self, value: float | Decimal) -> str:
        """A number with this language's decimal and group separators."""
        return format_decimal(value, locale=self._locale)

    def dollars(self, microusd: int) -> str:
        """A sum in dollars, rounded to the cent: "$0.84", "0,84 USD"."""
        return format_currency(Decimal(microusd) / 1_000_000, "USD", locale=self._locale)

    def day(self, day: date, /) -> str:
        """A day without its year: "Nov 22", "22 nov"."""
        return format_skeleton("MMMd", day, locale=self._locale)

    def month(self, day: date, /) -> str:
        """The month of a day: "November 2026", "novembre 2026"."""
        return format_skeleton("yMMMM", day, locale=self._locale)


class Languages:
    """All languages; speakers of other languages are answered in English."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._languages = languages

    def of(self, code: str | discord.Locale | None) -> Language:
        """The language for a code in Discord's form ("it", "en-US", "pt-BR"), or English."""
        return self.spoken(code or ENGLISH) or self._languages[ENGLISH]

    def spoken(self, code: str | discord.Locale) -> Language | None:
        """The language for a code if the bot has it; "es" serves "es-ES" and "es-419" alike."""
        wanted = str(code)
        return self._languages.get(wanted) or self._languages.get(wanted.split("-", 1)[0])

    @property
    def codes(self) -> list[str]:
        """The codes of all languages."""
        return sorted(self._languages)


def load_languages(folder: Path = LOCALES_DIR) -> Languages:
    """Read all catalogues.

    Raises:
        OSError, babel.messages.pofile.PoFileError: a catalogue cannot be read.
        babel.UnknownLocaleError: a folder's name is not a language code such as "it" or "pt_BR".
    """
    languages = {ENGLISH: Language(code=ENGLISH, words=NullTranslations())}
    for catalogue in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        code = catalogue.parent.parent.name.replace("_", "-")
        words = _words(catalogue, code)
        languages[code] = Language(code=code, words=words)
    return Languages(languages)


@cache
def _words(catalogue: Path, code: str) -> GNUTranslations:
    compiled = BytesIO()
    write_mo(
        compiled,
        read_po(BytesIO(catalogue.read_bytes()), locale=code.replace("-", "_"), abort_invalid=True),
    )
    compiled.seek(0)
    return GNUTranslations(compiled)

"""Languages: figures as their readers write them, and English for whoever speaks another one."""

from pathlib import Path

import discord
import pytest
from babel import UnknownLocaleError
from babel.messages.pofile import PoFileError
from discord import Locale
from hypothesis import given
from hypothesis import strategies as st

from bot.languages.language import ENGLISH, Language, load_languages, marked

LANGUAGES = load_languages()
ITALIAN = LANGUAGES.of("it")
NBSP = "\N{NO-BREAK SPACE}"


def a_catalogue(folder: Path, code: str, text: str) -> Path:
    """A folder of languages with one more."""
    path = folder / code / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    path.write_text(head + text, encoding="utf-8")
    return folder


def test_english_and_italian_are_spoken() -> None:
    assert {"en", "it"} <= set(LANGUAGES.codes)


@pytest.mark.parametrize(
    ("code", "spoken"),
    [
        (Locale.italian, "it"),
        ("it-CH", "it"),
        (Locale.american_english, "en"),
        (Locale.british_english, "en"),
        ("tlh", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_who_speaks_another_language_is_answered_in_english(
    code: Locale | str | None, spoken: str
) -> None:
    assert LANGUAGES.of(code).code == spoken


@given(st.text() | st.sampled_from(list(Locale)))
def test_no_code_is_too_strange(code: str | Locale) -> None:
    assert LANGUAGES.of(code).code in LANGUAGES.codes


@pytest.mark.parametrize(
    ("microusd", "in_english", "in_italian"),
    [
        (840_000, "$0.84", f"0,84{NBSP}USD"),
        (4_200_000, "$4.20", f"4,20{NBSP}USD"),
        (1_234_500_000, "$1,234.50", f"1.234,50{NBSP}USD"),
        (0, "$0.00", f"0,00{NBSP}USD"),
    ],
)
def test_money_is_written_as_its_readers_write_it(
    microusd: int, in_english: str, in_italian: str
) -> None:
    assert LANGUAGES.of("en").dollars(microusd) == in_english
    assert ITALIAN.dollars(microusd) == in_italian


def test_numbers_are_written_as_their_readers_write_them() -> None:
    assert (LANGUAGES.of("en").number(2_500), ITALIAN.number(2_500)) == ("2,500", "2.500")
    assert (LANGUAGES.of("en").number(0.5), ITALIAN.number(0.5)) == ("0.5", "0,5")


def test_a_text_is_said_with_its_values() -> None:
    assert ITALIAN.say("about {price}", price="x") == "circa x"
    assert ITALIAN.say(marked("Cancel")) == "Annulla"
    assert LANGUAGES.of("en").say("about {price}", price="{odd}") == "about {odd}"


def test_a_text_without_translation_is_said_in_english() -> None:
    assert ITALIAN.say("A {thing} that nobody wrote.", thing="text") == (
        "A text that nobody wrote."
    )


def test_a_name_is_another_word_than_a_text_that_reads_alike(tmp_path: Path) -> None:
    folder = a_catalogue(
        tmp_path, "de",
        'msgid "duration"\nmsgstr "Dauer"\n\nmsgctxt "name"\nmsgid "duration"\nmsgstr "dauer"\n',
    )  # fmt: skip
    german = load_languages(folder).of("de")
    assert (german.say("duration"), german.name("duration")) == ("Dauer", "dauer")
    assert german.name("aspect") == "aspect"


def test_a_number_chooses_its_form(tmp_path: Path) -> None:
    folder = a_catalogue(
        tmp_path, "it",
        'msgid "{number} kite over {place}"\nmsgid_plural "{number} kites over {place}"\n'
        'msgstr[0] "{number} aquilone su {place}"\nmsgstr[1] "{number} aquiloni su {place}"\n',
    )  # fmt: skip
    languages = load_languages(folder)

    def kites(language: Language, number: int) -> str:
        one, many = "{number} kite over {place}", "{number} kites over {place}"
        return language.plural(one, many, number, place="Bari")

    italian, english = languages.of("it"), languages.of("en")
    assert [kites(italian, number) for number in (0, 1, 2)] == [
        "0 aquiloni su Bari",
        "1 aquilone su Bari",
        "2 aquiloni su Bari",
    ]
    assert kites(italian, 1_000) == "1.000 aquiloni su Bari"
    assert kites(english, 1) == "1 kite over Bari"


@pytest.mark.parametrize("folder_name", ["pt_BR", "pt-BR"])
def test_a_language_of_one_country_has_the_code_that_discord_gives_it(
    tmp_path: Path, folder_name: str
) -> None:
    folder = a_catalogue(tmp_path, folder_name, 'msgid "Cancel"\nmsgstr "Cancelar"\n')
    brazilian = load_languages(folder).of(Locale.brazil_portuguese)
    assert (brazilian.code, brazilian.say("Cancel")) == ("pt-BR", "Cancelar")
    # A job keeps the code, and finds its language again by it.
    assert load_languages(folder).of(brazilian.code).code == "pt-BR"


def test_one_language_serves_all_countries_that_speak_it(tmp_path: Path) -> None:
    languages = load_languages(a_catalogue(tmp_path, "es", ""))
    assert languages.of(Locale.spain_spanish).code == "es"
    assert languages.of(Locale.latin_american_spanish).code == "es"
    assert languages.spoken("fr") is None


def test_a_broken_catalogue_is_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises(PoFileError):
        load_languages(a_catalogue(tmp_path, "it", "msgid what?\n"))


def test_a_folder_that_is_no_language_is_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises((UnknownLocaleError, ValueError)):
        load_languages(a_catalogue(tmp_path, "klingon", ""))


def test_without_catalogues_english_is_left(tmp_path: Path) -> None:
    assert load_languages(tmp_path).codes == [ENGLISH]


def test_every_code_is_one_that_discord_knows() -> None:
    known = {locale.value.split("-")[0] for locale in discord.Locale} | {
        locale.value for locale in discord.Locale
    }
    assert set(LANGUAGES.codes) <= known

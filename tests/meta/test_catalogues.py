"""Every text is translated into every language, and fits into what Discord leaves for it."""

import ast
import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any, Final

import pytest
from babel.messages.catalog import Catalog, Message

from bot.languages.language import load_languages
from bot.languages.translation import CatalogueTranslator
from tests.catalogues import (
    brought_up_to_date,
    catalogue_paths,
    declared_commands,
    is_translated,
    read,
    said_by_the_code,
)
from tests.meta.literals import bypassing, said_in
from tests.meta.sources import named, parsed, python_files

SHOWN_TO_PEOPLE: Final = ("bot/ui", "cogs")
ADVICE: Final = "run `make words`, then translate what is new"

NAME: Final = re.compile(r"[-_'\w]{1,32}")
LONGEST_TEXT: Final = 100
LONGEST_COMMAND: Final = 8_000
CHAT_INPUT: Final = 1
SUBCOMMANDS: Final = {1, 2}
TOLD: Final = re.compile(r"`/([^`]+)`")

a_catalogue = pytest.mark.parametrize("path", catalogue_paths(), ids=lambda path: path.parts[-3])


@pytest.fixture(scope="module")
def words() -> Catalog:
    """What the code says."""
    return said_by_the_code()


@pytest.fixture(scope="module")
def declared() -> list[dict[str, Any]]:
    """All commands as they are registered, in all languages."""
    return asyncio.run(declared_commands(CatalogueTranslator(load_languages())))


# --- catalogues -----------------------------------------------------------------------------------


def texts(catalogue: Catalog) -> set[tuple[str | None, str]]:
    return {(message.context, str(message.id)) for message in catalogue if message.id}


def test_the_code_says_something_in_many_words(words: Catalog) -> None:
    assert len(texts(words)) > 80
    assert (None, "Cancelled. It costs nothing.") in texts(words)
    assert ("name", "duration") in texts(words)


@a_catalogue
def test_a_catalogue_has_every_text_of_the_code_and_no_other(path: Path, words: Catalog) -> None:
    kept = texts(read(path))
    assert texts(words) - kept == set(), f"missing: {ADVICE}"
    assert kept - texts(words) == set(), f"not said any more: {ADVICE}"
    assert path.read_bytes() == brought_up_to_date(read(path), words), ADVICE


@a_catalogue
def test_everything_is_translated_for_certain_and_in_every_form(path: Path) -> None:
    catalogue = read(path)
    assert [message.id for message in catalogue if not is_translated(message)] == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert len(catalogue.obsolete) == 0
    for message in catalogue:
        if message.pluralizable:
            assert len(message.string or ()) == catalogue.num_plurals, message.id


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def forms(said: Any) -> list[str]:  # noqa: ANN401 - Babel's own union
    return [said] if isinstance(said, str) else list(said)


def differing(message: Message) -> list[str]:
    """The translations of a text that are to be filled with something else."""
    asked = [holes(form) for form in forms(message.id)]
    return [said for said in forms(message.string) if said and holes(said) not in asked]


@a_catalogue
def test_a_translation_is_filled_with_the_same_values(path: Path) -> None:
    assert [said for message in read(path) if message.id for said in differing(message)] == []


@a_catalogue
def test_a_translation_keeps_the_marks_around_it(path: Path) -> None:
    """Its picture, what is stressed, and that it has but one line: cards are laid out by them."""

    def marks(text: str) -> list[str]:
        return re.findall(r"^[^\w\s{(«\"'/-]+ |\*\*|`|\n", text)

    for message in read(path):
        if message.id and is_translated(message):
            asked = [marks(form) for form in forms(message.id)]
            assert all(marks(said) in asked for said in forms(message.string)), message.id


def test_a_value_that_was_mistyped_is_seen() -> None:
    assert differing(Message("about {price}", "circa {prezzo}")) == ["circa {prezzo}"]
    assert differing(Message(("{number} shot", "{number} shots"), ("un piano", "{number}"))) == [
        "un piano"
    ]


def test_every_text_that_is_said_is_listed(words: Catalog) -> None:
    """Babel does not look into f-strings: name such a text in a table, and say it by its name."""
    listed = {form for message in words if message.id for form in forms(message.id)}
    unlisted = [
        f"{named(path)}:{line} {text!r}"
        for path in python_files("bot", "cogs")
        for line, text in said_in(parsed(path))
        if text not in listed
    ]
    assert unlisted == []


def test_a_text_in_an_f_string_is_seen() -> None:
    assert list(said_in(ast.parse("f'[{language.say(\"here\")}](there)'"))) == [(1, "here")]


# --- what bypasses the language -------------------------------------------------------------------


def test_no_text_for_people_bypasses_their_language() -> None:
    found = [
        f"{named(path)}:{line} {text!r}"
        for path in python_files(*SHOWN_TO_PEOPLE)
        for line, text in bypassing(parsed(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "ui.TextDisplay('Hello')",
        "ui.TextDisplay(f'### {language.say(title)} done')",
        "ui.Button[ui.LayoutView](label='Again', custom_id='kling:again')",
        "await interaction.response.send_message('No.', ephemeral=True)",
        "await tell_privately(interaction, 'Yes' if done else other)",
        "class Form(ui.Modal, title='Change'): ...",
        "ui.TextInput(label=language.say('Prompt'), placeholder='A kite')",
        "class Form(ui.Modal):\n    prompt = ui.TextInput(label='Prompt')",
        "def words(number):\n    return f'{number} of many'",
        "def words(language):\n    return language.say('{a}', a='not this')",
        "app_commands.Choice(name='Newest', value='1')",
        "choices = [app_commands.Choice(name='Newest', value='1')]",
    ],
)
def test_this_rule_sees_what_it_forbids(line: str) -> None:
    source = line if line.startswith(("class", "def")) else f"async def shown():\n    {line}"
    assert list(bypassing(ast.parse(source)))


@pytest.mark.parametrize(
    "line",
    [
        "ui.TextDisplay(language.say('Hello there'))",
        "ui.TextDisplay(f'### {language.say(title)}')",
        "ui.Button(label=language.say(words.AGAIN), custom_id='kling:again')",
        "raise TypeError('this client has no desk')",
        "Choice(match['choice'])",
        "CHOICES = [app_commands.Choice(name='Newest', value='1')]",
        "logger.warning('the apology %s was lost', reference)",
        "language.plural('{number} kite flies', '{number} kites fly', number)",
    ],
)
def test_this_rule_leaves_alone_what_is_said(line: str) -> None:
    assert not list(bypassing(ast.parse(f"def shown():\n    '''What it does.'''\n    {line}")))


# --- commands that texts tell of ------------------------------------------------------------------


def paths(command: dict[str, Any], code: str) -> dict[str, str]:
    """The command and its subcommands: how they are typed in English, and in the language."""
    name, said = command["name"], in_every_language(command, "name")[code]
    below = [part for part in command.get("options", []) if part["type"] in SUBCOMMANDS]
    inner = {f"{name} {k}": f"{said} {v}" for part in below for k, v in paths(part, code).items()}
    return {name: said} | inner


@a_catalogue
def test_a_command_is_told_of_by_the_name_that_its_reader_sees(
    path: Path, declared: list[dict[str, Any]]
) -> None:
    code = path.parts[-3].replace("_", "-")
    typed = {k: v for command in declared for k, v in paths(command, code).items()}
    told = 0
    for message in read(path):
        for english, said in zip(forms(message.id), forms(message.string), strict=False):
            asked = [typed[name] for name in TOLD.findall(english)]
            assert asked == TOLD.findall(said), english
            told += len(asked)
    assert told > 5


# --- Discord's limits -----------------------------------------------------------------------------


def parts(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A command, its subcommands and its options."""
    yield command
    for option in command.get("options", []):
        yield from parts(option)


def in_every_language(part: dict[str, Any], field: str) -> dict[str, str]:
    """A text of a command by language; what is not translated is English in all of them."""
    english = str(part.get(field, ""))
    localized: dict[str, str] = part.get(f"{field}_localizations") or {}
    # Discord has two kinds of Spanish, and one catalogue serves both.
    by_code = {locale.split("-")[0]: said for locale, said in localized.items()} | localized
    return {code: by_code.get(code, english) for code in load_languages().codes}


def test_names_of_commands_and_options_obey_discord(declared: list[dict[str, Any]]) -> None:
    assert declared
    for command in declared:
        if command.get("type", CHAT_INPUT) != CHAT_INPUT:
            assert all(1 <= len(n) <= 32 for n in in_every_language(command, "name").values())
            continue
        for part in parts(command):
            for name in in_every_language(part, "name").values():
                assert NAME.fullmatch(name), name
                assert name == name.lower(), name


def test_two_options_never_have_the_same_name(declared: list[dict[str, Any]]) -> None:
    siblings = [declared, *(part.get("options", []) for each in declared for part in parts(each))]
    for options in siblings:
        for code in load_languages().codes:
            names = [
                (option.get("type"), in_every_language(option, "name")[code])
                if options is declared
                else in_every_language(option, "name")[code]
                for option in options
            ]
            assert len(set(names)) == len(names), names


def test_descriptions_and_choices_obey_discord(declared: list[dict[str, Any]]) -> None:
    for command in declared:
        for part in parts(command):
            if command.get("type", CHAT_INPUT) == CHAT_INPUT:
                for description in in_every_language(part, "description").values():
                    assert 1 <= len(description) <= LONGEST_TEXT, description
            assert len(part.get("options", [])) <= 25
            assert len(part.get("choices", [])) <= 25
            for choice in part.get("choices", []):
                for name in in_every_language(choice, "name").values():
                    assert 1 <= len(name) <= LONGEST_TEXT, name


def test_a_whole_command_obeys_discord(declared: list[dict[str, Any]]) -> None:
    """Discord counts names, descriptions and values, each in its longest language."""
    for command in declared:
        length = 0
        for part in parts(command):
            for field in ("name", "description"):
                length += max(map(len, in_every_language(part, field).values()))
            for choice in part.get("choices", []):
                length += max(map(len, in_every_language(choice, "name").values()))
                length += len(str(choice["value"]))
        assert length <= LONGEST_COMMAND, command["name"]

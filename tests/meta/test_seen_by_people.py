"""What people and their tools hold on to: texts, commands, custom_ids, shell, metrics, tables.

A change of the code's structure must not change any of it. Each part is compared with
`seen_by_people/<part>.txt`. After a wanted change, write them with `REWRITE_SNAPSHOTS=1`, read the
difference, and say in the commit what changed. The cards themselves are in tests/ui/snapshots.
"""

import asyncio
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import discord
import pytest
from discord import app_commands
from discord.app_commands import TranslationContextTypes, locale_str
from pydantic import JsonValue
from sqlalchemy import Index
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from typer.testing import CliRunner

from bot.cli.commands import cli
from bot.observability.metrics.monitor import Monitor
from bot.settings import Settings
from bot.storage.tables.jobs import metadata
from bot.storage.tables.keys import complete_for_postgresql
from tests.catalogues import declared_commands, said_by_the_code
from tests.clocks import FakeClock
from tests.ui.gallery import CARDS, FORMS, LANGUAGES

KEPT: Final = Path(__file__).parent / "seen_by_people"
REWRITES: Final = bool(os.environ.get("REWRITE_SNAPSHOTS"))


def texts() -> list[str]:
    """Every text that a catalogue translates, by its id."""
    return sorted({repr((message.context, message.id)) for message in said_by_the_code()})


def custom_ids() -> list[str]:
    """An example of every custom_id of a card or a modal that Discord may send back."""
    english = LANGUAGES.of("en")
    cards: list[Any] = [CARDS[name](english).to_components() for name in CARDS]
    forms: list[Any] = [FORMS[name](english).to_dict() for name in FORMS]
    found = {custom_id for part in (*cards, *forms) for custom_id in ids_in(part)}
    return sorted(one for one in found if one.startswith("kling:"))


def ids_in(part: JsonValue) -> Iterator[str]:
    match part:
        case dict():
            found = part.get("custom_id")
            yield from [found] if isinstance(found, str) else []
            yield from ids_in(list(part.values()))
        case list():
            for inner in part:
                yield from ids_in(inner)
        case _:
            return


def commands() -> list[str]:
    """Every command as Discord is told of it, in English."""
    declared = asyncio.run(declared_commands(NoTranslator()))
    text = json.dumps(sorted(declared, key=lambda one: (one["type"], one["name"])), indent=1)
    return text.splitlines()


class NoTranslator(app_commands.Translator):
    """Leaves every text as it is."""

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> None:
        del string, locale, context


def shell() -> list[str]:
    """The help of every command of the shell, as a terminal of 100 columns shows it."""
    names = sorted(
        str(each.name or each.callback.__name__)
        for each in cli.registered_commands
        if each.callback
    )
    helps = [[], *([name.replace("_", "-")] for name in names)]
    shown = [
        CliRunner().invoke(cli, [*command, "--help"], env={"COLUMNS": "100", "TERM": "dumb"})
        for command in helps
    ]
    return [line.rstrip() for one in shown for line in one.stdout.splitlines()]


def metrics() -> list[str]:
    """Every metric with its kind, its labels and its help."""
    registry = Monitor(clock=FakeClock()).registry
    return sorted(
        f"{family.type} {family.name}: {family.documentation}"
        f" {sorted({label for sample in family.samples for label in sample.labels})}"
        for family in registry.collect()
        if family.name.startswith("kling_")
    )


def tables() -> list[str]:
    """Every table and index in both databases' own words."""
    complete_for_postgresql()
    dialects = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}
    statements = [
        f"{name}: {str(made.compile(dialect=dialect)).strip()}"
        for name, dialect in dialects.items()
        for table in metadata.sorted_tables
        for made in (CreateTable(table), *map(CreateIndex, _by_name(table.indexes)))
    ]
    return "\n".join(statements).splitlines()


def _by_name(indexes: set[Index]) -> list[Index]:
    return sorted(indexes, key=lambda index: str(index.name))


def settings() -> list[str]:
    """Every setting with its default and its explanation."""
    return [
        f"{name.upper()} = {'(required)' if field.is_required() else field.default!r}:"
        f" {field.description}"
        for name, field in Settings.model_fields.items()
    ]


PARTS: Final[Mapping[str, Callable[[], list[str]]]] = {
    "texts": texts,
    "custom_ids": custom_ids,
    "commands": commands,
    "shell": shell,
    "metrics": metrics,
    "tables": tables,
    "settings": settings,
}


@pytest.mark.parametrize("name", PARTS)
def test_what_people_hold_on_to_is_as_it_was(name: str) -> None:
    lines = PARTS[name]()
    path = KEPT / f"{name}.txt"
    if REWRITES:
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert len(lines) >= 10
    assert lines == path.read_text(encoding="utf-8").splitlines()

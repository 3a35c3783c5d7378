"""The tables of the README and of docs/, drawn from the code that they describe.

`python -m tools.readme` writes them into the documents, between their markers. A test compares.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, get_origin

from pydantic.fields import FieldInfo
from typer import Context
from typer.cli import get_docs_for_click
from typer.main import get_command

from bot.cli.commands import cli
from bot.domain.figures import said_dollars
from bot.domain.generation.models import MODELS, USUAL, Model, Option
from bot.domain.generation.request import DURATION_DEFAULT_S
from bot.domain.money.price import Prices
from bot.playground.runcomfy_scripts import WORDS
from bot.settings import Settings

COMMAND: Final = "kling-bot"
ROOT: Final = Path(__file__).parents[1]
LENGTHS_S: Final = (5, 10, 15)
VIDEOS_A_DAY: Final = (5, 20, 100)
DAYS_A_MONTH: Final = 30
PRICES: Final = Prices()


def words_table() -> str:
    """What each word in a prompt does in the playground."""
    rows = ((f"`{word}`", meaning) for word, (meaning, _) in WORDS.items())
    return _table(("a prompt with", "makes a job that"), rows)


def settings_table() -> str:
    """Each setting, with its default."""
    rows = (
        (f"`{name.upper()}`", _default(field), field.description or "")
        for name, field in Settings.model_fields.items()
    )
    return _table(("setting", "default", "what it is"), rows)


def models_table() -> str:
    """Each model: what it takes, and what a second and the usual five seconds cost."""

    def dollars(model: Model, seconds: int) -> str:
        silent, sound = (
            said_dollars(PRICES.price_microusd(model, seconds, sound=with_sound))
            for with_sound in (False, True)
        )
        return silent if silent == sound else f"{silent} silent, {sound} with sound"

    rows = (
        (
            model.label,
            _begins_with(model),
            f"{model.duration_min_s} to {model.duration_max_s} s",
            dollars(model, 1),
            dollars(model, DURATION_DEFAULT_S),
            f"`{model.id}`",
        )
        for model in MODELS
    )
    heads = ("quality", "begins with", "length", "a second", "five seconds", "RunComfy's model")
    return _table(heads, rows)


def costs_table() -> str:
    """What a video costs by quality and length, and what a number of them each day come to."""

    def row(model: Model, *, sound: bool) -> tuple[str, ...]:
        prices = [PRICES.price_microusd(model, seconds, sound=sound) for seconds in LENGTHS_S]
        usual = PRICES.price_microusd(model, DURATION_DEFAULT_S, sound=sound)
        months = [usual * videos * DAYS_A_MONTH for videos in VIDEOS_A_DAY]
        priced_by_sound = model.silent_microusd_per_s != model.sound_microusd_per_s
        kind = (", with sound" if sound else ", silent") if priced_by_sound else ""
        name = f"{model.label}{kind}"
        is_usual = model is USUAL and sound
        return (
            f"**{name}**" if is_usual else name,
            *map(said_dollars, prices),
            *(f"${math.ceil(whole / 1_000_000):,}" for whole in months),
        )

    rows = [
        row(model, sound=sound)
        for model in MODELS
        if not model.starts_from_picture
        for sound in sorted({model.silent_microusd_per_s == model.sound_microusd_per_s, True})
    ]
    heads = (
        "a video",
        *(f"{seconds} s" for seconds in LENGTHS_S),
        *(f"{videos} a day" for videos in VIDEOS_A_DAY),
    )
    return _table(heads, rows)


def commands_text() -> str:
    """Each command of the shell, as its own `--help` says it."""
    command = get_command(cli)
    context = Context(command)
    pages = get_docs_for_click(obj=command, ctx=context, name=COMMAND)
    # The page has its own heading, and a list of commands that are cut off in mid-sentence.
    _, heading, commands = pages.partition(f"## `{COMMAND} ")
    return (heading + commands).replace("&gt;", ">").replace("&lt;", "<").strip()


def _begins_with(model: Model) -> str:
    if not model.starts_from_picture:
        return "words"
    return "a picture, may end on one" if model.has(Option.END_FRAME) else "a picture"


DRAWN: Final[Mapping[str, Mapping[str, Callable[[], str]]]] = {
    "README.md": {"costs": costs_table},
    "docs/costs.md": {"models": models_table, "costs": costs_table},
    "docs/settings.md": {"settings": settings_table},
    "docs/commands.md": {"commands": commands_text},
    "docs/playground.md": {"words": words_table},
}
"""What is drawn into each document, by the name in its markers."""


def redrawn(document: str, parts: Mapping[str, Callable[[], str]]) -> str:
    """The document with its parts drawn again.

    Raises:
        ValueError: a marker is missing.
    """
    for name, draw in parts.items():
        before, begin, rest = document.partition(f"<!-- {name} -->")
        _, end, behind = rest.partition(f"<!-- end of {name} -->")
        if not begin or not end:
            raise ValueError(f"the document lacks the markers around its {name}")
        document = f"{before}{begin}\n\n{draw()}\n\n{end}{behind}"
    return document


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (heads, tuple("---" for _ in heads), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    if field.default is None:
        return "none"
    if get_origin(field.annotation) is tuple:
        return f"`{','.join(field.default)}`"
    if field.annotation is bool:
        return f"`{str(field.default).lower()}`"
    return f"`{field.default}`"


def main() -> None:
    """Draw all documents again."""
    for name, parts in DRAWN.items():
        path = ROOT / name
        path.write_text(redrawn(path.read_text(encoding="utf-8"), parts), encoding="utf-8")


if __name__ == "__main__":
    main()

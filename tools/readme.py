"""The README's tables, generated from the code that they describe, so that they stay up to date.

`python -m tools.readme` writes them into README.md, between their markers.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import get_origin

from pydantic.fields import FieldInfo

from bot.domain.figures import said_dollars
from bot.domain.models import MODELS, Model, Option
from bot.domain.price import Prices
from bot.domain.request import DURATION_DEFAULT_S
from bot.playground.runcomfy_scripts import WORDS
from bot.settings import Settings

README = Path(__file__).parents[1] / "README.md"


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
    prices = Prices()

    def dollars(model: Model, seconds: int) -> str:
        silent, sound = (
            said_dollars(prices.price_microusd(model, seconds, sound=with_sound))
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


def _begins_with(model: Model) -> str:
    if not model.starts_from_picture:
        return "words"
    return "a picture, may end on one" if model.has(Option.END_FRAME) else "a picture"


def redrawn(readme: str) -> str:
    """The README with all its tables generated again.

    Raises:
        ValueError: a marker is missing.
    """
    tables = (
        ("models", models_table()),
        ("words", words_table()),
        ("settings", settings_table()),
    )
    for name, table in tables:
        before, begin, rest = readme.partition(f"<!-- {name} -->")
        _, end, behind = rest.partition(f"<!-- end of {name} -->")
        if not begin or not end:
            raise ValueError(f"the README lacks the markers around its {name}")
        readme = f"{before}{begin}\n\n{table}\n\n{end}{behind}"
    return readme


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


if __name__ == "__main__":
    document = Path(sys.argv[1]) if len(sys.argv) > 1 else README
    document.write_text(redrawn(document.read_text(encoding="utf-8")), encoding="utf-8")

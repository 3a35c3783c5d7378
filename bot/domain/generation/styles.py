"""Styles: named texts that are added to a prompt, stored apart from what the person typed."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

STYLE_NAME_MAX_CHARS: Final = 32
SNIPPET_MAX_CHARS: Final = 300
STYLES_PER_SERVER: Final = 25
"""As many as Discord offers in one autocomplete."""
NEAREST_SHOWN: Final = 3
_LIKENESS: Final = 0.4
"""How similar a name must be to be suggested, from 0 to 1."""

_Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=STYLE_NAME_MAX_CHARS)
]
_Snippet = Annotated[str, StringConstraints(strip_whitespace=True, max_length=SNIPPET_MAX_CHARS)]


def folded(text: str) -> str:
    """The text for comparisons: without accents, capitals and extra spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())


class Style(BaseModel):
    """A name, and what it adds to the prompt, to the negative prompt, or to both.

    Raises:
        pydantic.ValidationError: a text is too long, the name is blank, or it adds nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: _Name
    prompt: _Snippet = ""
    negative_prompt: _Snippet = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.prompt and not self.negative_prompt:
            raise ValueError("a style adds something")
        if not folded(self.name):
            raise ValueError("accents alone are no name")
        return self


BUILT_IN: Final = (
    Style(
        name="cinematic",
        prompt="cinematic look, shallow depth of field, soft natural light, film grain, "
        "slow deliberate camera movement",
        negative_prompt="flat lighting, shaky camera",
    ),
    Style(
        name="anime",
        prompt="hand-drawn anime, clean line art, cel shading, painted backgrounds, "
        "expressive motion",
        negative_prompt="photorealistic, 3D render",
    ),
    Style(
        name="documentary",
        prompt="documentary footage, handheld camera, available light, true colours, "
        "unposed and observed",
        negative_prompt="staged, glossy, stylised colours",
    ),
    Style(
        name="clay",
        prompt="stop-motion clay animation, visible fingerprints, miniature set, "
        "slightly stepped movement",
        negative_prompt="smooth computer animation",
    ),
    Style(
        name="watercolour",
        prompt="moving watercolour painting, wet edges, paper texture, translucent layers",
        negative_prompt="hard outlines, photorealistic",
    ),
    Style(
        name="noir",
        prompt="black and white film noir, hard shadows, venetian blinds, wet streets at night",
        negative_prompt="colour, bright daylight",
    ),
)
"""The styles that every server has. Their names are translated when they are shown."""


@dataclass(frozen=True, slots=True)
class ServerStyle:
    """A style of one server. Each edit increments `version`, so that no edit is lost unnoticed."""

    style: Style
    version: int


@dataclass(frozen=True, slots=True)
class OfferedStyle:
    """A style as one reader is offered it: with a label in their own language."""

    style: Style
    label: str


@dataclass(frozen=True, slots=True)
class UnknownStyle:
    """No style has this name; `nearest` are the labels of similar ones."""

    wanted: str
    nearest: tuple[str, ...]


def with_own(own: Sequence[Style]) -> list[Style]:
    """A server's own styles and the built-in ones; its own come first and take precedence."""
    names = {folded(style.name) for style in own}
    return [*own, *(style for style in BUILT_IN if folded(style.name) not in names)]


def matching(typed: str, offered: Sequence[OfferedStyle]) -> list[OfferedStyle]:
    """Styles whose name or label, or a word in it, begins with the typed text."""
    beginning = folded(typed)
    return [one for one in offered if any(_begins(name, beginning) for name in _names(one))]


def find(wanted: str, offered: Sequence[OfferedStyle]) -> Style | UnknownStyle:
    """The style of that name or label, in any spelling; else the nearest labels."""
    by_label = {folded(one.label): one for one in offered}
    # Names come before labels: a server's own "argilla" is not the built-in one's Italian label.
    by_name = by_label | {folded(one.style.name): one for one in offered}
    found = by_name.get(folded(wanted))
    if found is not None:
        return found.style
    near = get_close_matches(folded(wanted), list(by_name), n=2 * NEAREST_SHOWN, cutoff=_LIKENESS)
    labels = list(dict.fromkeys(by_name[name].label for name in near))
    return UnknownStyle(wanted, tuple(labels[:NEAREST_SHOWN]))


def added(text: str, snippet: str) -> str:
    """What a person typed, followed by the style's text."""
    if not text or not snippet:
        return text or snippet
    # A finished sentence needs no comma; this covers the full stops of all scripts.
    ended = unicodedata.category(text[-1]) == "Po"
    return f"{text} {snippet}" if ended else f"{text}, {snippet}"


def _names(one: OfferedStyle) -> tuple[str, str]:
    return folded(one.style.name), folded(one.label)


def _begins(name: str, beginning: str) -> bool:
    return name.startswith(beginning) or any(word.startswith(beginning) for word in name.split())

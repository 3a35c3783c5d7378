"""A small word list that servers may switch on: sexual content about minors, sex, and gore.

It is a start, not a complete list: managers add their own words. Words that are innocent in most
prompts ("child", "blood", "naked truth") are not listed by themselves.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Category(StrEnum):
    """The category of a listed word."""

    MINORS = "minors"
    SEXUAL = "sexual"
    GORE = "gore"


_YOUNG: Final = ("child", "children", "kid", "kids", "girl", "boy", "teen", "minor", "toddler")

BUILT_IN_WORDS: Final[Mapping[Category, tuple[str, ...]]] = {
    Category.MINORS: (
        "loli",
        "lolicon",
        "shota",
        "shotacon",
        "pedo*",
        "paedo*",
        "jailbait",
        "csam",
        "underage sex*",
        "child porn*",
        "child abuse",
        *(f"{adjective} {young}" for young in _YOUNG for adjective in ("nude", "naked", "sexy")),
    ),
    Category.SEXUAL: (
        "*porn*",
        "hentai",
        "nsfw",
        "blowjob*",
        "handjob*",
        "cumshot*",
        "gangbang*",
        "masturbat*",
        "orgasm*",
        "bestiality",
        "incest*",
        "rape",
        "raped",
        "raping",
        "rapist*",
        "upskirt*",
        "undressing",
    ),
    Category.GORE: (
        "gore",
        "gory",
        "snuff film",
        "beheading*",
        "decapitat*",
        "disembowel*",
        "dismember*",
        "mutilat*",
        "torture porn",
        "self harm",
        "suicide",
    ),
}

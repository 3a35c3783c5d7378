"""Parts of a result, one message each, and the simpler parts that replace a refused one.

Discord refuses a message for its size, for a link, for a word, or for no reason that it gives. Each
step down shows less at once, so that the steps end, and none leaves out a file or an address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final, assert_never

from bot.domain.job import Job
from bot.domain.outcomes import Media
from bot.domain.ports import LocalFile
from bot.ui.layout import MOST_CHARS

MIB: Final = 1024 * 1024
DEFAULT_LIMIT_BYTES: Final = 20 * MIB
"""The largest file that Discord takes, unless boosts or anything else changes that limit."""
FORMER_LIMIT_BYTES: Final = 10 * MIB
"""The default until 2026, which some of Discord's servers still enforced after the change."""
ROOM_BYTES: Final = 25 * MIB
"""The limit on all files of a message together, or on a single one where more is allowed."""
FILES_PER_MESSAGE: Final = 10
LINKS_PER_MESSAGE: Final = 20
"""With their rows and a card's buttons, these stay within 40 components."""
LINK_BUTTON_MAX_CHARS: Final = 512
ENCLOSED_NAME: Final = "addresses.txt"


class LinkForm(Enum):
    """How links are shown, each way harder to refuse than the one before."""

    BUTTONS = auto()
    """An address that is too long for a button is written as text."""
    WRITTEN = auto()
    ENCLOSED = auto()
    """In a text file, which Discord's filters do not read and which has room for any length."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a result."""

    files: tuple[LocalFile, ...] = ()
    links: tuple[Media, ...] = ()
    link_form: LinkForm = LinkForm.BUTTONS
    is_card: bool = False
    """Whether it takes the place of the job's card; all others follow it."""
    is_bare: bool = False
    """Whether it is its content alone, without words and buttons."""

    @property
    def media(self) -> tuple[Media, ...]:
        """Everything it shows, as files or links."""
        return (*(file.media for file in self.files), *self.links)


def whole(job: Job, files: Sequence[LocalFile]) -> Part:
    """The result in one message: `files` play, and the rest is a link, also beside a copy."""
    originals = {file.media.url for file in files if not file.is_copy}
    links = tuple(media for media in job.media if media.url not in originals)
    return Part(files=tuple(files), links=links, is_card=True)


def fits(part: Part, *, text_chars: int, limit_bytes: int) -> bool:
    """Whether Discord can take it, as far as is known before it is sent."""
    room_bytes = max(ROOM_BYTES, limit_bytes)
    return (
        text_chars <= MOST_CHARS
        and len(part.files) <= FILES_PER_MESSAGE
        and sum(file.size_bytes for file in part.files) <= room_bytes
    )


def has_too_many_links(part: Part) -> bool:
    """Whether it cannot even be drawn."""
    return part.link_form is not LinkForm.ENCLOSED and len(part.links) > LINKS_PER_MESSAGE


def halves(part: Part) -> tuple[Part, ...]:
    """The same in two messages, or in none where it cannot be split."""
    if part.links and part.files:
        return _without_links(part)
    if len(part.files) > 1:
        middle = len(part.files) // 2
        rest = replace(part, files=part.files[middle:], is_card=False)
        return (replace(part, files=part.files[:middle]), rest)
    if len(part.links) > 1:
        middle = len(part.links) // 2
        rest = replace(part, links=part.links[middle:], is_card=False)
        return (replace(part, links=part.links[:middle]), rest)
    return ()


def simpler(part: Part) -> tuple[Part, ...]:
    """The parts to send instead of one that Discord refused; empty when none is left."""
    if part.files and part.links:
        return _without_links(part)
    if len(part.files) > 1:
        return halves(part)
    if part.files:
        if part.is_card and not part.is_bare:
            return (replace(part, is_bare=True),)
        return (Part(links=part.media, is_card=part.is_card),)
    match part.link_form:
        case LinkForm.BUTTONS:
            return (replace(part, link_form=LinkForm.WRITTEN),)
        case LinkForm.WRITTEN:
            return (replace(part, link_form=LinkForm.ENCLOSED),)
        case LinkForm.ENCLOSED:
            return () if part.is_bare else (replace(part, is_bare=True),)
        case _:
            assert_never(part.link_form)


def with_smaller_files(part: Part, smaller: Mapping[str, LocalFile], *, most_bytes: int) -> Part:
    """The same with files up to a limit: a copy and the link beside it, or the link alone.

    `smaller` has the copies by their addresses.
    """
    files: list[LocalFile] = []
    links = list(part.links)
    for file in part.files:
        fitting = file if file.size_bytes <= most_bytes else smaller.get(file.media.url)
        if fitting is None or fitting.size_bytes > most_bytes:
            links.append(file.media)
            continue
        files.append(fitting)
        if fitting.is_copy:
            links.append(file.media)
    # A copy had its link already.
    by_address = {media.url: media for media in links}
    return replace(part, files=tuple(files), links=tuple(by_address.values()))


def next_limit_bytes(part: Part) -> int:
    """The next size to try after a file was too large; 0 when a link has to do."""
    largest = max(file.size_bytes for file in part.files)
    limits = (DEFAULT_LIMIT_BYTES, FORMER_LIMIT_BYTES)
    return next((limit for limit in limits if limit < largest), 0)


def _without_links(part: Part) -> tuple[Part, ...]:
    links = Part(links=part.links, link_form=part.link_form)
    return (replace(part, links=()), links)

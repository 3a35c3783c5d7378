"""Somebody's videos: a list page by page, and one of them with all that is known about it.

Discord's limits per message are 40 components and 4,000 characters; a full page has 33 components.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from discord import ui

from bot.domain.job import Job, State
from bot.features.library_ports import Deleted, Details, Mark, Page, Shelf, Way
from bot.languages.language import Language
from bot.ui import words
from bot.ui import words_library as own_words
from bot.ui.after import PressButton, Verb, job_buttons, verbs_after
from bot.ui.buttons import cancel_button
from bot.ui.card import add_content
from bot.ui.layout import row_of, view_of
from bot.ui.parts import Part

PAGE_JOBS = 5
LISTED_PROMPT_CHARS = 120
DETAILED_PROMPT_CHARS = 1_100
DETAILED_NEGATIVE_CHARS = 450
"""With every character escaped, both together leave a third of Discord's 4,000 to the rest."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def page_view(page: Page, language: Language, *, owner_id: int, shelf: Shelf) -> ui.LayoutView:
    """One page of a list, each job with its buttons."""
    container = ui.Container[ui.LayoutView]()
    container.add_item(ui.TextDisplay(f"### {own_words.list_title(language, shelf)}"))
    if not page.jobs:
        nothing = own_words.NONE_AT_ALL if shelf is Shelf.ALL else own_words.NONE_ON_SHELF
        container.add_item(ui.TextDisplay(language.say(nothing)))
    for job in page.jobs:
        quoted = words.quoted_prompt(job.request.prompt, shown_chars=LISTED_PROMPT_CHARS)
        container.add_item(ui.TextDisplay(f"{own_words.listed_line(language, job)}\n{quoted}"))
        container.add_item(row_of(*_listed_buttons(job, language)))
    if turns := _turns(page, language, owner_id=owner_id, shelf=shelf):
        container.add_item(row_of(*turns))
    return view_of(container)


def details_view(details: Details, language: Language, *, with_buttons: bool) -> ui.LayoutView:
    """All that is known about a job."""
    job = details.job
    container = ui.Container[ui.LayoutView]()
    container.add_item(ui.TextDisplay(f"### {own_words.heading(language, job)}"))
    container.add_item(ui.TextDisplay(_prompts(job, language)))
    container.add_item(ui.TextDisplay("\n".join(_facts(details, language))))
    if with_buttons:
        container.add_item(row_of(*_detailed_buttons(job, language)))
    return view_of(container)


def question_view(job: Job, language: Language) -> ui.LayoutView:
    """Whether somebody is sure that they want to delete a video."""
    container = ui.Container[ui.LayoutView]()
    container.add_item(ui.TextDisplay(language.say(own_words.DELETE_QUESTION)))
    quoted = words.quoted_prompt(job.request.prompt, shown_chars=LISTED_PROMPT_CHARS)
    container.add_item(ui.TextDisplay(quoted))
    container.add_item(row_of(*job_buttons(job, language, [Verb.DELETE_NOW])))
    return view_of(container)


def deleted_words(deleted: Deleted, language: Language) -> str:
    """What is told after a deletion."""
    done = own_words.DELETED if deleted.card_is_gone else own_words.DELETED_BUT_CARD
    return language.say(done)


def page_subject(owner_id: int, shelf: Shelf, way: Way, mark: Mark) -> str:
    """A page as the part of a custom_id, which may have 100 characters: this has 81 at most."""
    at_us = (mark.created_at - _EPOCH) // _MICROSECOND
    return f"{owner_id}:{shelf}:{way}:{at_us}:{mark.job_id}"


def page_of_subject(subject: str) -> tuple[int, Shelf, Way, Mark]:
    """The page that a custom_id tells of.

    Raises:
        ValueError: it was not made by `page_subject`.
    """
    owner_id, shelf, way, at_us, job_id = subject.split(":")
    mark = Mark(_EPOCH + int(at_us) * _MICROSECOND, job_id)
    return int(owner_id), Shelf(shelf), Way(way), mark


def _listed_buttons(job: Job, language: Language) -> list[ui.Item[Any]]:
    first: list[ui.Item[Any]] = []
    if job.is_cancellable:
        first = [cancel_button(job.id, language)]
    elif job.state is State.DELIVERED and not job.deleted:
        first = [*job_buttons(job, language, [Verb.RESEND])]
    return [*first, *job_buttons(job, language, [Verb.AGAIN, Verb.DETAILS])]


def _detailed_buttons(job: Job, language: Language) -> list[ui.Item[Any]]:
    if job.is_cancellable:
        return [
            cancel_button(job.id, language),
            *job_buttons(job, language, [Verb.AGAIN, Verb.CHANGE]),
        ]
    verbs = [Verb.AGAIN, Verb.CHANGE]
    if verbs_after(job.state) and not job.deleted:
        verbs.append(Verb.DELETE)
        if job.state is State.DELIVERED:
            verbs.insert(0, Verb.RESEND)
    return [*job_buttons(job, language, verbs)]


def _turns(page: Page, language: Language, *, owner_id: int, shelf: Shelf) -> list[PressButton]:
    ways = (
        (page.newer, Way.NEWER, own_words.NEWER_LABEL),
        (page.older, Way.OLDER, own_words.OLDER_LABEL),
    )
    return [
        PressButton(Verb.PAGE, page_subject(owner_id, shelf, way, mark), label=language.say(label))
        for mark, way, label in ways
        if mark is not None
    ]


def _prompts(job: Job, language: Language) -> str:
    request = job.request
    lines = [words.quoted_prompt(request.prompt, shown_chars=DETAILED_PROMPT_CHARS)]
    if request.negative_prompt:
        lines.append(f"{language.say(own_words.NEGATIVE_LABEL)}:")
        lines.append(
            words.quoted_prompt(request.negative_prompt, shown_chars=DETAILED_NEGATIVE_CHARS)
        )
    is_short = (
        len(request.prompt) <= DETAILED_PROMPT_CHARS
        and len(request.negative_prompt or "") <= DETAILED_NEGATIVE_CHARS
    )
    return "\n".join(lines if is_short else [*lines, f"-# {language.say(own_words.SHORTENED)}"])


def _facts(details: Details, language: Language) -> list[str]:
    job = details.job
    lines = [
        words.settings_line(language, job.request, private=job.private),
        words.asked_line(job.requester_id, job.created_at),
        *own_words.cost_lines(language, job),
        language.say("Number: `{job_id}`", job_id=job.id),
    ]
    if job.request_id is not None:
        lines.append(
            language.say("RunComfy's number: `{request_id}`", request_id=_code(job.request_id))
        )
    lines.extend(
        f"{words.state_heading(language, spent.state, is_picture=job.is_picture)}: "
        f"{own_words.clock_time(language, spent.time)}"
        for spent in details.spent
    )
    if (link := own_words.jump_link(job)) is not None:
        lines.append(f"[{language.say(own_words.JUMP_LABEL)}]({link})")
    return lines


def _code(text: str) -> str:
    """A service's word as it may stand between backticks."""
    return text.replace("`", "'")[:100]


def resent_view(job: Job, language: Language, part: Part) -> ui.LayoutView:
    """A message of a video that is sent once more."""
    container = ui.Container[ui.LayoutView]()
    said = own_words.RESENT if part.files else own_words.ONLY_ITS_ADDRESS
    container.add_item(ui.TextDisplay(language.say(said)))
    add_content(container, job, language, part)
    return view_of(container)

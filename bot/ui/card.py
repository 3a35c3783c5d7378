"""Draws a job as a Components V2 card: pure functions, and a new view every time.

Discord's limits per message are 40 components and 4,000 characters; the largest card has 39
components at the most, and its longest part, the prompt, is shortened to 300 characters.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never
from urllib.parse import quote

import discord
from discord import ui

from bot.domain.forecast import Forecast, can_be_expected, is_late
from bot.domain.generation.picture import Picture
from bot.domain.job import Job, State
from bot.domain.line import InLine
from bot.domain.outcomes import Media, MediaKind
from bot.features.admission import Order
from bot.languages.language import Language, marked
from bot.ui.buttons import AFTER_NOTHING, BRING, CANCEL, after_result, no, of_job
from bot.ui.layout import add_buttons, row_of, view_of
from bot.ui.parts import ENCLOSED_NAME, LINK_BUTTON_MAX_CHARS, LinkForm, Part
from bot.ui.words import cards as words
from bot.ui.words import personal as words_personal
from bot.ui.words import requests as words_requests
from bot.ui.words.declines import in_line_line
from bot.ui.words.ends import CANCEL_REFUSED, CANCELLED_BY, held_lines, will_be_tried
from bot.ui.words.library import origin_line

LINKS_PER_ROW = 5
_KEPT_IN_URLS = "%/:?#[]@!$&'*+,;=~"
"""All characters with a meaning in addresses, except parentheses: they would end a link."""
KEPT_SHOWN = 5
LINK_LIFE = timedelta(hours=20)
"""How long a card shows a picture by Discord's link to it."""

_COLOURS: dict[State, discord.Colour] = {
    State.ASKED: discord.Colour.light_grey(),
    State.IN_REVIEW: discord.Colour.gold(),
    State.WAITING: discord.Colour.light_grey(),
    State.SUBMITTING: discord.Colour.light_grey(),
    State.QUEUED: discord.Colour.blue(),
    State.RENDERING: discord.Colour.purple(),
    State.RENDERED: discord.Colour.purple(),
    State.DELIVERED: discord.Colour.green(),
    State.FAILED: discord.Colour.red(),
    State.CANCELLED: discord.Colour.dark_grey(),
    State.UNSURE: discord.Colour.orange(),
}


def opening(order: Order, language: Language, *, before: Job | None = None) -> ui.LayoutView:
    """The first answer to the command, before anything was saved.

    `before` is the job that it continues or was made like, here and below.
    """
    container = _frame(order.begins_as, language.say(words.HEADINGS[order.begins_as]))
    price = words.price_line(language, order.estimate_microusd, None)
    _add_request(
        container,
        quoted=words.quoted_prompt(order.request.prompt),
        small=[
            words.asked_line(order.requester_id, order.asked_at),
            words_requests.settings_line(language, order.request, private=order.private),
            *([] if order.prices_hidden else [price]),
        ],
        picture=thumbnail(order.request.start_frame, language, spoiler=order.spoiler),
    )
    if order.comes_from is not None:
        container.add_item(ui.TextDisplay(f"-# {origin_line(language, order, before)}"))
    if order.is_reviewed:
        container.add_item(ui.TextDisplay(language.say(words.AWAITS_REVIEW)))
    elif (warning := will_be_tried(order, language)) is not None:
        container.add_item(ui.TextDisplay(warning))
    add_buttons(container, row_of(CANCEL.of(order.job_id, language)))
    return view_of(container)


def progress(
    job: Job,
    language: Language,
    now: datetime,
    *,
    service_silent: bool = False,
    in_line: InLine | None = None,
    forecast: Forecast | None = None,
    before: Job | None = None,
    prices_hidden: bool = False,
) -> ui.LayoutView:
    """The job's state, and when it may be done if enough similar jobs are known."""
    container = _frame(job.state, words.heading(language, job))
    # Discord's link to the picture ends after a day.
    is_shown = job.is_live and now - job.created_at < LINK_LIFE
    frame = job.request.start_frame if is_shown else None
    picture = thumbnail(frame, language, spoiler=job.spoiler)
    _add_job(container, job, language, before, picture, prices_hidden=prices_hidden)
    lines = _status_lines(job, language, in_line, prices_hidden=prices_hidden)
    if service_silent:
        lines.append(language.say(words.SERVICE_SILENT))
    elif is_late(job, forecast, now):
        lines.append(language.say(words.TAKES_LONG))
    for line in lines:
        container.add_item(ui.TextDisplay(line))
    if forecast is not None and can_be_expected(job):
        line = words_personal.forecast_line(language, job, forecast, now)
        container.add_item(ui.TextDisplay(f"-# {line}"))
    if job.is_cancellable:
        add_buttons(container, row_of(CANCEL.of(job.id, language)))
    elif job.state is State.DELIVERED:
        _add_after_result(container, job, language, prices_hidden=prices_hidden)
    elif job.state in (State.FAILED, State.CANCELLED):
        offered = of_job(AFTER_NOTHING, job, language, prices_hidden=prices_hidden)
        add_buttons(container, row_of(*offered))
    return view_of(container)


def result(
    job: Job,
    language: Language,
    part: Part,
    *,
    before: Job | None = None,
    prices_hidden: bool = False,
    has_showcase: bool = False,
) -> ui.LayoutView:
    """A message of the finished job: its files play inline, everything else is a link.

    Where its server has a showcase, a public video offers a way there.
    """
    if part.is_bare or not part.is_card:
        container = ui.Container[ui.LayoutView]()
        add_content(container, job, language, part)
        return view_of(container)
    # What was made says for itself that it is ready.
    container = ui.Container[ui.LayoutView](accent_colour=_COLOURS[State.DELIVERED])
    done = job.model_copy(update={"state": State.DELIVERED})
    _add_job(container, done, language, before, prices_hidden=prices_hidden)
    if job.is_picture:
        container.add_item(ui.TextDisplay(language.say(words.ONLY_A_PICTURE)))
    add_content(container, job, language, part)
    _add_after_result(
        container, job, language, prices_hidden=prices_hidden, has_showcase=has_showcase
    )
    return view_of(container)


def with_help(view: ui.LayoutView, language: Language) -> ui.LayoutView:
    """A person's first card, with one quiet line that shows them where help is."""
    hint = language.say("New here? `/kling-help` has examples, prices and what's left today.")
    return view_of(*view.children, ui.TextDisplay(f"-# {hint}"))


def sent_directly(job: Job, language: Language, *, prices_hidden: bool = False) -> ui.LayoutView:
    """The card of a result that came as a direct message, since Discord refused every form here."""
    done = job.model_copy(update={"state": State.DELIVERED})
    container = _frame(State.DELIVERED, words.heading(language, done))
    container.add_item(ui.TextDisplay(language.say(words.SENT_DIRECTLY)))
    _add_after_result(container, job, language, prices_hidden=prices_hidden)
    return view_of(container)


def add_content(
    container: ui.Container[ui.LayoutView], job: Job, language: Language, part: Part
) -> None:
    """The files and links of one message."""
    if part.files:
        gallery = ui.MediaGallery[ui.LayoutView]()
        for file in part.files:
            gallery.add_item(
                media=f"attachment://{file.name}",
                description=words.video_alt(
                    language, job.request.prompt, is_picture=file.media.kind is MediaKind.IMAGE
                ),
                spoiler=job.spoiler,
            )
        container.add_item(gallery)
    if not part.links:
        return
    if part.link_form is LinkForm.ENCLOSED:
        container.add_item(ui.File[ui.LayoutView](f"attachment://{ENCLOSED_NAME}"))
        return
    copied = {file.media.url for file in part.files if file.is_copy}
    if part.is_card and not part.is_bare and any(one.url not in copied for one in part.links):
        container.add_item(ui.TextDisplay(language.say(words.ONLY_A_LINK)))
    short: list[tuple[str, str]] = []
    long: list[tuple[str, str]] = []
    for media in part.links:
        fits = part.link_form is LinkForm.BUTTONS and len(media.url) <= LINK_BUTTON_MAX_CHARS
        label = _link_label(media, language, is_copied=media.url in copied)
        (short if fits else long).append((label, media.url))
    if long:
        container.add_item(ui.TextDisplay("\n".join(_written(*link) for link in long)))
    for start in range(0, len(short), LINKS_PER_ROW):
        buttons = [
            ui.Button[ui.LayoutView](style=discord.ButtonStyle.link, label=label, url=url)
            for label, url in short[start : start + LINKS_PER_ROW]
        ]
        container.add_item(row_of(*buttons))


def _add_after_result(
    container: ui.Container[ui.LayoutView],
    job: Job,
    language: Language,
    *,
    prices_hidden: bool,
    has_showcase: bool = False,
) -> None:
    rows = after_result(job, has_showcase=has_showcase)
    drawn = (of_job(row, job, language, prices_hidden=prices_hidden) for row in rows)
    add_buttons(container, *(row_of(*buttons) for buttons in drawn))


def kept(jobs: Sequence[Job], language: Language) -> ui.LayoutView:
    """Offers videos that could not be delivered where they were requested."""
    container = ui.Container[ui.LayoutView]()
    container.add_item(ui.TextDisplay(language.say(words.KEPT)))
    for job in jobs[:KEPT_SHOWN]:
        container.add_item(ui.TextDisplay(words.quoted_prompt(job.request.prompt)))
        container.add_item(row_of(BRING.of(job.id, language)))
    add_buttons(container, row_of(no(language, marked("Not now"))))
    return view_of(container)


def _status_lines(
    job: Job, language: Language, in_line: InLine | None, *, prices_hidden: bool
) -> list[str]:
    match job.state:
        case State.IN_REVIEW:
            return [language.say(words.AWAITS_REVIEW)]
        case State.WAITING if in_line is not None:
            return [in_line_line(language, in_line)]
        case State.WAITING:
            return held_lines(language, job)
        case State.QUEUED:
            return _queued_lines(job, language)
        case State.RENDERING:
            return [language.say(words.BILLED_FROM_HERE)]
        case State.FAILED:
            return [words.failure_line(language, job, prices_hidden=prices_hidden)]
        case State.CANCELLED if job.cancelled_by is not None:
            return [language.say(said) for said in CANCELLED_BY[job.cancelled_by]]
        case State.UNSURE:
            return [words.unsure_line(language, job)]
        case State.ASKED | State.SUBMITTING | State.RENDERED | State.DELIVERED | State.CANCELLED:
            return []
        case _:
            assert_never(job.state)


def _queued_lines(job: Job, language: Language) -> list[str]:
    lines: list[str] = []
    if job.queue_position is not None:
        lines.append(words.position_line(language, job.queue_position))
    if job.cancel_refused_at is not None:
        lines.append(language.say(CANCEL_REFUSED))
    return lines


def _frame(state: State, heading: str) -> ui.Container[ui.LayoutView]:
    container = ui.Container[ui.LayoutView](accent_colour=_COLOURS[state])
    container.add_item(ui.TextDisplay(f"### {heading}"))
    return container


def _add_job(
    container: ui.Container[ui.LayoutView],
    job: Job,
    language: Language,
    before: Job | None,
    picture: ui.Thumbnail[ui.LayoutView] | None = None,
    *,
    prices_hidden: bool,
) -> None:
    small = [
        words.asked_line(job.requester_id, job.created_at),
        words_requests.settings_line(language, job.request, private=job.private),
    ]
    if not prices_hidden and _price_matters(job, language):
        small.append(words.price_line(language, job.estimate_microusd, job.cost_microusd))
    _add_request(
        container, quoted=words.quoted_prompt(job.request.prompt), small=small, picture=picture
    )
    if job.comes_from is not None:
        container.add_item(ui.TextDisplay(f"-# {origin_line(language, job, before)}"))


def _price_matters(job: Job, language: Language) -> bool:
    """Whether it can still be saved, is in doubt, or came otherwise than was said."""
    match job.state:
        case State.ASKED | State.IN_REVIEW | State.WAITING | State.SUBMITTING | State.QUEUED:
            return True
        case State.UNSURE:
            return True
        case State.CANCELLED | State.FAILED:
            # It was not charged, or its own sentence says what is known.
            return job.cost_microusd is not None
        case State.RENDERING | State.RENDERED | State.DELIVERED:
            estimate = language.dollars(job.estimate_microusd)
            return job.cost_microusd is not None and language.dollars(job.cost_microusd) != estimate
        case _:
            assert_never(job.state)


def thumbnail(
    frame: Picture | None, language: Language, *, spoiler: bool
) -> ui.Thumbnail[ui.LayoutView] | None:
    """A first frame, small; None if there is none, or none that is anywhere on Discord."""
    if frame is None or frame.link is None:
        return None
    described = language.say("The picture that the video begins with")
    return ui.Thumbnail(frame.link, description=described, spoiler=spoiler)


def _add_request(
    container: ui.Container[ui.LayoutView],
    *,
    quoted: str,
    small: Sequence[str],
    picture: ui.Thumbnail[ui.LayoutView] | None,
) -> None:
    prompt = ui.TextDisplay[ui.LayoutView](quoted)
    container.add_item(prompt if picture is None else ui.Section(prompt, accessory=picture))
    container.add_item(ui.TextDisplay(f"-# {' · '.join(small)}"))


def _link_label(media: Media, language: Language, *, is_copied: bool) -> str:
    if is_copied:
        return language.say(words.ORIGINAL_LABEL)
    is_video = media.kind is MediaKind.VIDEO
    return language.say(words.LINK_LABEL if is_video else words.IMAGE_LINK_LABEL)


def _written(label: str, url: str) -> str:
    """A link in text; characters that would end it early are encoded, which keeps the address."""
    return f"[{label}](<{quote(url, safe=_KEPT_IN_URLS)}>)"

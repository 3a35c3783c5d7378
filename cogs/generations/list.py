"""A person's videos, page by page.

Discord's limits per message are 40 components and 4,000 characters; a full page has 33 components.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

import discord
from discord import ui

from bot.domain.denied import Denied
from bot.domain.job import Job, State
from bot.features.library.library import Filter, LibraryPage
from bot.features.library.library_rows import Cursor, Way
from bot.languages.language import Language, marked
from bot.ui.buttons import AGAIN, CANCEL, DETAILS, RESEND, of_job
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.layout import row_of, view_of
from bot.ui.routes import Action, Route
from bot.ui.words import cards as words
from bot.ui.words.library import JUMP_LABEL, jump_link
from cogs.generations.details import LISTED_PROMPT_CHARS, heading, may_have_cost, refuse

PAGE_JOBS: Final = 5
PAGE: Final = Route(
    "kling:page:{owner_id}:{which}:{way}:{at_us}:{job_id}",
    owner_id="[0-9]{1,20}",
    which="|".join(Filter),
    way="|".join(Way),
    at_us="-?[0-9]+",
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


FILTERS: dict[Filter, str] = {
    Filter.ALL: marked("all"),
    Filter.RUNNING: marked("under way"),
    Filter.READY: marked("ready"),
    Filter.FAILED: marked("failed"),
    Filter.CANCELLED: marked("cancelled"),
    Filter.UNSURE: marked("unsure"),
}


async def show_page(
    interaction: Interaction, *, which: Filter, beyond: Cursor | None, way: Way
) -> None:
    """Show a page of a member's list: in place of another page, or as a new private answer."""
    owner_id = interaction.user.id
    page = await interaction.client.services.library.page(
        owner_id, which=which, beyond=beyond, way=way, size=PAGE_JOBS
    )
    if isinstance(page, Denied):
        await refuse(interaction, page)
        return
    view = page_view(page, language_of(interaction), owner_id=owner_id, which=which)
    if interaction.message is None:
        await interaction.response.send_message(view=view, ephemeral=True)
    else:
        await interaction.response.edit_message(view=view)


async def turn_page(interaction: Interaction, action: Action) -> None:
    """Replace this page with another, for the owner of the list."""
    owner_id, which, way, cursor = page_of(action)
    if interaction.user.id != owner_id:
        await tell_privately(
            interaction,
            language_of(interaction).say(
                "This is another person's list. Yours is `/generations list`."
            ),
        )
        return
    await show_page(interaction, which=which, beyond=cursor, way=way)


def page_view(
    page: LibraryPage, language: Language, *, owner_id: int, which: Filter
) -> ui.LayoutView:
    """One page of a list, each job with its buttons."""
    container = ui.Container[ui.LayoutView]()
    container.add_item(ui.TextDisplay(f"### {list_title(language, which)}"))
    if not page.jobs:
        nothing = (
            marked("You have no videos yet. Try `/kling`.")
            if which is Filter.ALL
            else marked("None of your videos is in that state.")
        )
        container.add_item(ui.TextDisplay(language.say(nothing)))
    for job in page.jobs:
        quoted = words.quoted_prompt(job.request.prompt, shown_chars=LISTED_PROMPT_CHARS)
        container.add_item(ui.TextDisplay(f"{listed_line(language, job)}\n{quoted}"))
        container.add_item(row_of(*_listed_buttons(job, language)))
    if turns := _turns(page, language, owner_id=owner_id, which=which):
        container.add_item(row_of(*turns))
    return view_of(container)


def list_title(language: Language, which: Filter) -> str:
    """The title of a list."""
    title = language.say("Your videos")
    return title if which is Filter.ALL else f"{title}: {language.say(FILTERS[which])}"


def listed_line(language: Language, job: Job) -> str:
    """One job of a list: state, length, cost, time, and the link to its card."""
    parts = [
        f"**{heading(language, job)}**",
        language.say("{seconds} s", seconds=job.request.duration_s),
    ]
    if may_have_cost(job):
        parts.append(words.price_line(language, job.estimate_microusd, job.cost_microusd))
    parts.append(discord.utils.format_dt(job.created_at, "R"))
    if (link := jump_link(job)) is not None:
        parts.append(f"[{language.say(JUMP_LABEL)}]({link})")
    elif job.private and not job.deleted:
        parts.append(language.say("private"))
    return " · ".join(parts)


def _listed_buttons(job: Job, language: Language) -> list[ui.Button[ui.LayoutView]]:
    offered = [AGAIN, DETAILS]
    if job.is_cancellable:
        offered.insert(0, CANCEL)
    elif job.state is State.DELIVERED and not job.deleted:
        offered.insert(0, RESEND)
    return of_job(offered, job, language)


def _turns(
    page: LibraryPage, language: Language, *, owner_id: int, which: Filter
) -> list[ui.Button[ui.LayoutView]]:
    ways = (
        (page.newer, Way.NEWER, marked("Newer")),
        (page.older, Way.OLDER, marked("Older")),
    )
    return [
        ui.Button(label=language.say(label), custom_id=page_id(owner_id, which, way, cursor))
        for cursor, way, label in ways
        if cursor is not None
    ]


def page_id(owner_id: int, which: Filter, way: Way, cursor: Cursor) -> str:
    """The custom_id of a page: 92 characters at most, of the 100 that Discord allows."""
    at_us = (cursor.created_at - _EPOCH) // _MICROSECOND
    return PAGE.of(owner_id=owner_id, which=which, way=way, at_us=at_us, job_id=cursor.job_id)


def page_of(action: Action) -> tuple[int, Filter, Way, Cursor]:
    """The page that a custom_id names."""
    cursor = Cursor(_EPOCH + int(action["at_us"]) * _MICROSECOND, action["job_id"])
    return int(action["owner_id"]), Filter(action["which"]), Way(action["way"]), cursor


ROUTES: Final = ((PAGE, turn_page),)

"""The buttons of a job's cards: how each looks, and its route."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import discord
from discord import ui

from bot.domain.job import Job, JobId
from bot.languages.language import Language, marked
from bot.ui.routes import Route


@dataclass(frozen=True, slots=True)
class JobButton:
    """A button that does one thing with a job."""

    route: Route
    label: str
    style: discord.ButtonStyle = discord.ButtonStyle.secondary

    def of(self, job_id: JobId, language: Language) -> ui.Button[ui.LayoutView]:
        """The button of one job."""
        custom_id = self.route.of(job_id=job_id)
        return ui.Button(style=self.style, label=language.say(self.label), custom_id=custom_id)


CANCEL: Final = JobButton(
    Route("kling:cancel:{job_id}"), marked("Cancel"), discord.ButtonStyle.danger
)
BRING: Final = JobButton(
    Route("kling:bring:{job_id}"), marked("Send it here"), discord.ButtonStyle.primary
)
AGAIN: Final = JobButton(Route("kling:again:{job_id}"), marked("Again"))
CHANGE: Final = JobButton(Route("kling:change:{job_id}"), marked("Change…"))
CONTINUE: Final = JobButton(Route("kling:continue:{job_id}"), marked("Continue…"))
JOIN: Final = JobButton(Route("kling:join:{job_id}"), marked("Join"))
DETAILS: Final = JobButton(Route("kling:details:{job_id}"), marked("Details"))
RESEND: Final = JobButton(
    Route("kling:resend:{job_id}"), marked("Send it to me"), discord.ButtonStyle.success
)
DELETE: Final = JobButton(Route("kling:delete:{job_id}"), marked("Delete"))
DELETE_NOW: Final = JobButton(
    Route("kling:deletenow:{job_id}"), marked("Yes, delete it"), discord.ButtonStyle.danger
)
SHARE: Final = JobButton(
    Route("kling:share:{job_id}"), marked("Share"), discord.ButtonStyle.success
)
STAR: Final = JobButton(Route("kling:star:{job_id}"), "⭐")
LIKE: Final = JobButton(
    Route("kling:like:{job_id}"), marked("Make one like this"), discord.ButtonStyle.primary
)
TAKE_BACK: Final = JobButton(Route("kling:take-back:{job_id}"), marked("Take back"))
KEEP: Final = Route("kling:keep")
"""The no to a question that stands in a private message of its own."""
AFTER_NOTHING: Final = (AGAIN, CHANGE, DETAILS)


def no(language: Language, label: str, custom_id: str = KEEP.of()) -> ui.Button[ui.LayoutView]:
    """The no that every question offers beside its yes."""
    return ui.Button(label=language.say(label), custom_id=custom_id)


def after_result(
    job: Job, *, has_showcase: bool = False
) -> tuple[Sequence[JobButton], Sequence[JobButton]]:
    """Two rows of what a card offers with its video: what to do with it first, then the rest.

    Where its server has a showcase, a public video offers a way there before all else.
    """
    made_of_it = (AGAIN, CHANGE, *(() if job.is_picture else (CONTINUE,)))
    rest = (*((JOIN,) if job.continues is not None else ()), DETAILS, DELETE)
    if has_showcase and not (job.private or job.is_picture):
        return (SHARE, STAR, *made_of_it), (RESEND, *rest)
    return (RESEND, *made_of_it), rest


def of_job(
    offered: Sequence[JobButton], job: Job, language: Language, *, prices_hidden: bool = False
) -> list[ui.Button[ui.LayoutView]]:
    """The buttons of one job; *Again* says what it costs, since a press buys at once."""
    buttons = [button.of(job.id, language) for button in offered]
    if not prices_hidden:
        price = language.dollars(job.estimate_microusd)
        for button, shown in zip(offered, buttons, strict=True):
            if button is AGAIN:
                shown.label = language.say("Again · {price}", price=price)
    return buttons


def star_button(job_id: JobId, language: Language, *, stars: int = 0) -> ui.Button[ui.LayoutView]:
    """Gives a star, and says how many there are."""
    button = STAR.of(job_id, language)
    button.label = star_label(language, stars)
    return button


def star_label(language: Language, stars: int) -> str:
    """What stands on it."""
    return f"{STAR.label} {language.number(stars)}" if stars else STAR.label

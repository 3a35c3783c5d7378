"""The buttons of a job's cards: how each looks, and its route."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import discord
from discord import ui

from bot.domain.job import JobId, State
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
AGAIN: Final = JobButton(
    Route("kling:again:{job_id}"), marked("Again"), discord.ButtonStyle.primary
)
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
AFTER_RESULT: Final = (AGAIN, CHANGE, CONTINUE, DETAILS, DELETE)
AFTER_NOTHING: Final = (AGAIN, CHANGE, DETAILS)


def buttons_after(state: State) -> Sequence[JobButton]:
    """What a card offers once its job is over; nothing for an unsure job, which may still end."""
    match state:
        case State.DELIVERED:
            return AFTER_RESULT
        case State.FAILED | State.CANCELLED:
            return AFTER_NOTHING
        case _:
            return ()

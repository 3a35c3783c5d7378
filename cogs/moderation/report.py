"""*Report this video* in a message's menu: finds the job, asks for the reason, and says thanks.

Discord allows an application five entries of each kind; *Make a Kling video* is the other one.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import discord
from discord import app_commands, ui

from bot.domain.denied import Denied
from bot.domain.job import JobId
from bot.features.reports import REPORT_REASON_MAX_CHARS, ReportRefusal
from bot.languages.language import Language, marked
from bot.ui.buttons import AGAIN, CANCEL, CHANGE, DELETE, DETAILS, LIKE
from bot.ui.context import Client, Interaction, asking_actor, language_of, tell_privately
from bot.ui.modals import modal_of, paragraph
from bot.ui.routes import Action, Route
from cogs.moderation import review

MENU_NAME: Final = "Report this video"
REPORT_MODAL: Final = Route("kling:report:{job_id}:{message_id}", message_id="[0-9]{1,20}")
_OF_A_JOB: Final = (CANCEL, AGAIN, CHANGE, DETAILS, DELETE, LIKE)
"""Every card, and every post in a showcase, that has buttons has one of these."""
_REASON: Final = "reason"


REPORT_REFUSALS: dict[ReportRefusal, str] = {
    ReportRefusal.NOT_MINE: marked(
        "That's not one of my videos. Please choose the message with the video."
    ),
    ReportRefusal.NO_LOG_CHANNEL: marked(
        "This server has no report channel. Please tell a moderator yourself."
    ),
    ReportRefusal.NOT_IN_A_SERVER: marked(
        "There are no moderators here to tell. You can delete this video yourself."
    ),
    ReportRefusal.NOT_ALLOWED: marked("You can't report videos in this server."),
    ReportRefusal.ALREADY: marked("You reported this video already. Thank you."),
    ReportRefusal.TOO_SOON: marked("Slow down a little: you can report the next one in a minute."),
    ReportRefusal.CLOSED: marked(
        "I can't post in this server's report channel. Please tell a moderator yourself."
    ),
    ReportRefusal.NOT_NOW: marked("I couldn't send your report. Please try again in a minute."),
}


async def report_message(interaction: Interaction, message: discord.Message) -> None:
    """Open the modal if the message is a card of ours, else say what to do."""
    language = language_of(interaction)
    myself = interaction.client.user
    is_mine = myself is not None and message.author.id == myself.id
    job_id = job_of_message(message) if is_mine else None
    if job_id is None:
        await _refuse(interaction, ReportRefusal.NOT_MINE)
        return
    reports, asker = interaction.client.services.reports, await asking_actor(interaction)
    found = await reports.reportable(job_id, message.id, asker)
    if isinstance(found, Denied):
        await _refuse(interaction, found.why)
    else:
        await interaction.response.send_modal(report_form(job_id, message.id, language))


def job_of_message(message: discord.Message) -> JobId | None:
    """The job that a card is about, by its buttons: they come along with the message."""
    for custom_id in _custom_ids(message.components):
        for button in _OF_A_JOB:
            if (found := button.route.match(custom_id)) is not None:
                return found["job_id"]
    return None


def _custom_ids(components: Sequence[Any]) -> Iterator[str]:
    for component in components:
        custom_id: object = getattr(component, "custom_id", None)
        if isinstance(custom_id, str):
            yield custom_id
        yield from _custom_ids(getattr(component, "children", ()))


def report_form(job_id: JobId, message_id: int, language: Language) -> ui.Modal:
    """Asks what is wrong with the card's video."""
    reason = paragraph(_REASON, required=False, max_length=REPORT_REASON_MAX_CHARS)
    return modal_of(
        language.say("Report this video"),
        REPORT_MODAL.of(job_id=job_id, message_id=message_id),
        ui.Label(text=language.say("What is wrong with it (optional)"), component=reason),
    )


async def report(interaction: Interaction, action: Action) -> None:
    """Pass on what a submitted modal says."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    reports, asker = interaction.client.services.reports, await asking_actor(interaction)
    answer = await reports.report(
        action["job_id"],
        int(action["message_id"]),
        asker,
        because=action.texts.get(_REASON, ""),
    )
    if isinstance(answer, Denied):
        await _refuse(interaction, answer.why)
    else:
        await tell_privately(
            interaction,
            language_of(interaction).say(
                "Thank you. The moderators of this server have your report."
            ),
        )


async def _refuse(interaction: Interaction, refusal: ReportRefusal) -> None:
    text = language_of(interaction).say(REPORT_REFUSALS[refusal])
    await tell_privately(interaction, text)


async def setup(bot: Client) -> None:
    """Called by discord.py when the extension is loaded."""
    bot.routes.add((REPORT_MODAL, report), *review.ROUTES)
    bot.tree.add_command(
        # The card comes with the interaction: no privileged intent is needed.
        app_commands.ContextMenu(
            name=MENU_NAME,
            callback=report_message,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=False, private_channel=False
            ),
        )
    )

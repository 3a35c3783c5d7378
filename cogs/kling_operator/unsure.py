"""The unsure jobs, and an operator's decision about each: RunComfy has it, or does not."""

from collections.abc import Sequence
from typing import Final

import discord
from discord import ui

from bot.domain.denied import Denied
from bot.domain.job import Job, JobId
from bot.features.unsure_jobs import REQUEST_ID_MAX_CHARS, ResolveRefusal
from bot.languages.language import Language, marked
from bot.ui.buttons import no
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.layout import add_buttons, note, row_of, view_of
from bot.ui.modals import modal_of
from bot.ui.routes import Action, Route
from cogs.kling_operator.operator import answer, operator_only

_UNSURE_NOTE: Final = marked(
    "Look for each one in RunComfy's list of generations: the account that paid, at that time."
)
THERE: Final = Route("kling:unsure:there:{job_id}")
NOT_THERE: Final = Route("kling:unsure:not-there:{job_id}")
"""Asks first."""
CLOSE: Final = Route("kling:unsure:close:{job_id}")
LIST: Final = Route("kling:unsure:list")
BIND_MODAL: Final = Route("kling:bind:{job_id}")
UNSURE_SHOWN: Final = 8
"""As many as one message takes, with a text and two buttons each."""
_REQUEST: Final = "request"


_NOT_UNSURE: Final = marked("That job isn't unsure any more. Nothing was changed.")
NOT_RESOLVED: dict[ResolveRefusal, str] = {
    ResolveRefusal.UNKNOWN_JOB: _NOT_UNSURE,
    ResolveRefusal.NOT_UNSURE: _NOT_UNSURE,
    ResolveRefusal.MALFORMED: marked("That isn't a request id. Please copy the whole id again."),
    ResolveRefusal.NOT_THERE: marked(
        "RunComfy doesn't know this request under the key that paid for the job. Please "
        "check the id."
    ),
    ResolveRefusal.TAKEN: marked("Another job already has this request. Please check the id."),
    ResolveRefusal.SILENT: marked(
        "RunComfy didn't answer about this request, so nothing changed. Please try again."
    ),
}


async def show_unsure(interaction: Interaction) -> None:
    """Show the jobs that wait for a decision."""
    await answer(interaction, lambda _: interaction.client.services.unsure_jobs.all(), unsure_card)


async def ask_for_request(interaction: Interaction, action: Action) -> None:
    """Ask for the id under which the job was found."""
    if await operator_only(interaction):
        form = bind_form(action["job_id"], language_of(interaction))
        await interaction.response.send_modal(form)


async def bind(interaction: Interaction, action: Action) -> None:
    """Bind the job to the request id that the operator typed."""
    if await operator_only(interaction):
        request_id = action.texts.get(_REQUEST, "")
        await _resolved(interaction, action["job_id"], request_id=request_id)


async def ask_to_close(interaction: Interaction, action: Action) -> None:
    """Ask in the list's place whether RunComfy really does not have it."""
    if not await operator_only(interaction):
        return
    language, unsure = language_of(interaction), interaction.client.services.unsure_jobs
    found = [job for job in await unsure.all() if job.id == action["job_id"]]
    if not found:
        await tell_privately(interaction, language.say(_NOT_UNSURE))
        return
    await interaction.response.edit_message(view=close_question(found[0], language))


async def show_list_again(interaction: Interaction, _: Action) -> None:
    """A no: put the list back."""
    if await operator_only(interaction):
        jobs = await interaction.client.services.unsure_jobs.all()
        view = unsure_card(language_of(interaction), jobs)
        await interaction.response.edit_message(view=view)


async def write_off(interaction: Interaction, action: Action) -> None:
    """Close the job: RunComfy does not have it."""
    if await operator_only(interaction):
        await _resolved(interaction, action["job_id"], request_id=None)


async def _resolved(interaction: Interaction, job_id: JobId, *, request_id: str | None) -> None:
    """Carry out a decision, say what came of it, and redraw the list."""
    await interaction.response.defer()
    language, unsure = language_of(interaction), interaction.client.services.unsure_jobs
    by_user_id = interaction.user.id
    if request_id is None:
        outcome = await unsure.write_off(job_id, by_user_id=by_user_id)
    else:
        outcome = await unsure.bind(job_id, request_id, by_user_id=by_user_id)
    left = await unsure.all()
    if isinstance(outcome, Denied):
        said = NOT_RESOLVED[outcome.why]
    else:
        said = (
            marked("Closed. Its requester is told, and the money reserved for it is free again.")
            if request_id is None
            else marked("Found. I'm watching it now, and its requester gets the video.")
        )
    view = unsure_card(language, left)
    await interaction.edit_original_response(
        view=view, allowed_mentions=discord.AllowedMentions.none()
    )
    await tell_privately(interaction, language.say(said))


def unsure_card(language: Language, jobs: Sequence[Job]) -> ui.LayoutView:
    """The unsure jobs, the oldest first, each with both answers."""
    if not jobs:
        return note(language.say("No job is unsure."))
    container = ui.Container[ui.LayoutView](accent_colour=discord.Colour.orange())
    container.add_item(ui.TextDisplay(language.say("### Jobs that need your decision")))
    container.add_item(ui.TextDisplay(f"-# {language.say(_UNSURE_NOTE)}"))
    for job in jobs[:UNSURE_SHOWN]:
        container.add_item(ui.TextDisplay(unsure_lines(language, job)))
        container.add_item(row_of(*decision_buttons(job.id, language)))
    left = len(jobs) - UNSURE_SHOWN
    if left > 0:
        more = language.plural("… and {number} more", "… and {number} more", left)
        container.add_item(ui.TextDisplay(f"-# {more}"))
    return view_of(container)


def decision_buttons(job_id: JobId, language: Language) -> tuple[ui.Button[ui.LayoutView], ...]:
    """Both answers to whether RunComfy has the job."""
    return (
        ui.Button(
            style=discord.ButtonStyle.primary,
            label=language.say("It is there…"),
            custom_id=THERE.of(job_id=job_id),
        ),
        ui.Button(
            style=discord.ButtonStyle.danger,
            label=language.say("It is not there"),
            custom_id=NOT_THERE.of(job_id=job_id),
        ),
    )


def close_question(job: Job, language: Language) -> ui.LayoutView:
    """Says what closing a job does, and offers both answers."""
    container = ui.Container[ui.LayoutView](accent_colour=discord.Colour.orange())
    asked = language.say("Close this job, because RunComfy doesn't have it?")
    container.add_item(ui.TextDisplay(f"### {asked}"))
    container.add_item(ui.TextDisplay(unsure_lines(language, job)))
    container.add_item(
        ui.TextDisplay(
            language.say(
                "Its requester is told that there will be no video, and what was reserved for it "
                "is free again. You can't undo this."
            )
        )
    )
    close = ui.Button[ui.LayoutView](
        style=discord.ButtonStyle.danger,
        label=language.say("Yes, close it"),
        custom_id=CLOSE.of(job_id=job.id),
    )
    add_buttons(container, row_of(close, no(language, marked("No, go back"), LIST.of())))
    return view_of(container)


def unsure_lines(language: Language, job: Job) -> str:
    """What finds the job in RunComfy's list; without the prompt, which is not ours to read."""
    sent = job.sent_at or job.created_at
    request = job.request
    said = [
        f"`{job.id}`",
        discord.utils.format_dt(sent, "F"),
        f"{request.duration_s} s",
        request.aspect.value,
        language.dollars(job.estimate_microusd),
    ]
    if job.request_id is not None:
        said.append(f"`{job.request_id}`")
    if job.key_id is not None:
        server = job.server_id
        said.append(language.say("🔑 on the account of its server {server}", server=server))
    return " · ".join(said)


def bind_form(job_id: JobId, language: Language) -> ui.Modal:
    """Asks for the id under which an unsure job was found."""
    label = ui.Label[ui.LayoutView](
        text=language.say("Its request id at RunComfy"),
        component=ui.TextInput(custom_id=_REQUEST, max_length=REQUEST_ID_MAX_CHARS),
    )
    return modal_of(language.say("The request that was found"), BIND_MODAL.of(job_id=job_id), label)


ROUTES: Final = (
    (THERE, ask_for_request),
    (NOT_THERE, ask_to_close),
    (CLOSE, write_off),
    (LIST, show_list_again),
    (BIND_MODAL, bind),
)

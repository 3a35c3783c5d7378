"""*Continue…*: a new video that begins with the last picture of an earlier one."""

from typing import Any, Final

import discord
from discord import ui

from bot.domain.denied import Denied
from bot.domain.generation.request import PROMPT_MAX_CHARS
from bot.domain.job import Job, JobId
from bot.languages.language import Language, marked
from bot.ui.buttons import CONTINUE
from bot.ui.context import Interaction, actor_of, language_of, tell_privately
from bot.ui.layout import note
from bot.ui.modals import labelled, modal_of, paragraph, seconds_select
from bot.ui.routes import Action, Route
from bot.ui.words import library as words
from bot.ui.writes import once
from cogs.generations.details import refuse
from cogs.generations.films import film_refusal
from cogs.kling.ordering import ask_for, may_ask
from cogs.kling.pictures import may_give_pictures

CONTINUE_MODAL: Final = Route("kling:continue-form:{job_id}")
TITLE = marked("Continue this video")
NEXT_LABEL = marked("What happens next")
NEXT_HINT = marked("It begins with the last picture of this video.")
SOUND_LABEL = marked("Sound")
TAKING_FRAME = marked("One moment, I'm taking the last picture of the video…")
NO_PICTURE = marked("This video's last picture can't start another one. Nothing was charged.")
_OF_ITS_OWN: Final = {"shots", "cutting", "end_frame"}
"""What the next video does not take over from the one before."""
_PROMPT, _NEGATIVE, _DURATION, _SOUND = "prompt", "negative", "duration", "sound"


async def continue_video(interaction: Interaction, action: Action) -> None:
    """Open the modal, with the options of the video that is continued."""
    job = await _continuable(interaction, action["job_id"])
    if job is None or not await may_ask(interaction):
        return
    if not await may_give_pictures(interaction):
        return
    await interaction.response.send_modal(continue_form(job, language_of(interaction)))


async def ask_for_next(interaction: Interaction, action: Action) -> None:
    """Take the last picture, and order what happens next, like any other video."""
    job = await _continuable(interaction, action["job_id"])
    if job is None:
        return
    # The video may have to be fetched first, so this acknowledges the modal before.
    language, services = language_of(interaction), interaction.client.services
    moment = note(language.say(TAKING_FRAME))
    await interaction.response.send_message(view=moment, ephemeral=True)
    frame = await services.films.last_frame(job)
    if isinstance(frame, Denied):
        said = film_refusal(interaction, frame.why)
        await interaction.edit_original_response(view=note(said))
        return
    picture = await services.pictures.take(frame, user_id=interaction.user.id)
    if isinstance(picture, Denied):
        await interaction.edit_original_response(view=note(language.say(NO_PICTURE)))
        return
    options = {**job.request.model_dump(exclude=_OF_ITS_OWN), **_typed(action)}
    await ask_for(
        interaction,
        {**options, "start_frame": picture},
        private=job.private or None,
        spoiler=job.spoiler,
        continues=job.id,
    )
    # The member may have dismissed it already.
    await once(interaction.delete_original_response)


async def _continuable(interaction: Interaction, job_id: JobId) -> Job | None:
    """The job, if a video of this member can continue it; else None, after telling them why."""
    services = interaction.client.services
    job = await services.library.reusable(job_id, actor_of(interaction))
    if isinstance(job, Denied):
        await refuse(interaction, job)
        return None
    why = services.films.refusal(job)
    if why is not None:
        await tell_privately(interaction, film_refusal(interaction, why))
    return job if why is None else None


def continue_form(before: Job, language: Language) -> ui.Modal:
    """Asks what happens next. The shape follows the picture, so it is no question."""
    request = before.request
    prompt = paragraph(_PROMPT, max_length=PROMPT_MAX_CHARS)
    negative = paragraph(
        _NEGATIVE, default=request.negative_prompt, required=False, max_length=PROMPT_MAX_CHARS
    )
    parts = (
        (NEXT_LABEL, language.say(NEXT_HINT), prompt),
        (words.NEGATIVE_LABEL, None, negative),
        (words.DURATION_LABEL, None, seconds_select(_DURATION, request.duration_s, language)),
        (SOUND_LABEL, None, _sounds(language, chosen=request.sound)),
    )
    return modal_of(
        language.say(TITLE),
        CONTINUE_MODAL.of(job_id=before.id),
        *labelled(parts, language),
    )


def _sounds(language: Language, *, chosen: bool) -> ui.Select[Any]:
    return ui.Select(
        custom_id=_SOUND,
        options=[
            discord.SelectOption(
                label=language.say(words.SOUND[sound]), value=f"{sound}", default=sound is chosen
            )
            for sound in (True, False)
        ],
    )


def _typed(action: Action) -> dict[str, Any]:
    """The values of the submitted modal, by the fields of GenerationRequest."""
    return {
        "prompt": action.texts[_PROMPT],
        "negative_prompt": action.texts.get(_NEGATIVE, ""),
        "duration_s": int(action.choices[_DURATION][0]),
        "sound": action.choices[_SOUND][0] == f"{True}",
    }


ROUTES: Final = ((CONTINUE.route, continue_video), (CONTINUE_MODAL, ask_for_next))

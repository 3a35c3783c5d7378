"""*Again*, *Change…* and *Make a Kling video*: new orders from an earlier request or a message."""

from collections.abc import Mapping
from typing import Any, Final

import discord
from discord import app_commands, ui

from bot.domain.denied import Denied
from bot.domain.job import JobId
from bot.domain.request import PROMPT_MAX_CHARS, Aspect, GenerationRequest
from bot.domain.storyboard import storyboard_of
from bot.domain.visible import is_blank
from bot.languages.language import Language
from bot.ui import words_library as words
from bot.ui.buttons import AGAIN, CHANGE
from bot.ui.context import Interaction, actor_of, language_of, tell_privately
from bot.ui.modals import modal_of, paragraph, seconds_select
from bot.ui.routes import Action, Route
from cogs.generations.details import refuse
from cogs.kling.ordering import ask_for, is_private_there, may_ask
from cogs.storyboard.builder import open_builder

MENU_NAME: Final = "Make a Kling video"
CHANGE_MODAL: Final = Route("kling:change-form:{job_id}", job_id="[0-9a-z]*")
"""With the id of the job that is changed; with none for the text of a message."""
GUIDANCE_STEPS: Final = 10
_PROMPT, _NEGATIVE = "prompt", "negative"
_DURATION, _PICTURE, _GUIDANCE = "duration", "picture", "guidance"
_SOUND, _SILENT = "sound", "silent"
_ASPECTS = {
    Aspect.LANDSCAPE: words.LANDSCAPE,
    Aspect.PORTRAIT: words.PORTRAIT,
    Aspect.SQUARE: words.SQUARE,
}


def message_command() -> app_commands.ContextMenu:
    """An entry in a message's menu. The text comes with it: no privileged intent is needed."""
    return app_commands.ContextMenu(
        name=MENU_NAME,
        callback=make_a_video,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        ),
    )


async def make_a_video(interaction: Interaction, message: discord.Message) -> None:
    """Open the modal with the message's text as the prompt."""
    if not await may_ask(interaction):
        return
    language = language_of(interaction)
    text = text_of(message)[:PROMPT_MAX_CHARS].strip()
    if is_blank(text):
        await tell_privately(interaction, language.say(words.NO_TEXT))
        return
    choices = await interaction.client.services.preferences.current(interaction.user.id)
    request = GenerationRequest.model_validate({**choices.defaults, "prompt": text})
    await interaction.response.send_modal(change_form(request, language))


def text_of(message: discord.Message) -> str:
    """The text of a message, or of the one that it forwards."""
    forwarded = (snapshot.content for snapshot in message.message_snapshots)
    return next((text for text in (message.content, *forwarded) if text.strip()), "").strip()


async def again(interaction: Interaction, action: Action) -> None:
    """Order the same again, for the person who used the button."""
    await _ask_anew(interaction, action["job_id"], {})


async def change(interaction: Interaction, action: Action) -> None:
    """Open the modal with everything filled in; a storyboard is changed in its builder."""
    job = await interaction.client.services.library.reusable(
        action["job_id"], actor_of(interaction)
    )
    if isinstance(job, Denied):
        await refuse(interaction, job)
        return
    if job.request.shots:
        private = job.private or await is_private_there(interaction)
        board = storyboard_of(job.request, private=private, spoiler=job.spoiler)
        await open_builder(interaction, board)
        return
    if not await may_ask(interaction):
        return
    form = change_form(job.request, language_of(interaction), job_id=job.id)
    await interaction.response.send_modal(form)


async def ask_for_changed(interaction: Interaction, action: Action) -> None:
    """Order what a submitted modal says, like any other video."""
    options = changed_options(action)
    if action["job_id"]:
        await _ask_anew(interaction, action["job_id"], options)
    else:
        await ask_for(interaction, options, private=None)


async def _ask_anew(interaction: Interaction, job_id: JobId, changes: Mapping[str, Any]) -> None:
    job = await interaction.client.services.library.reusable(job_id, actor_of(interaction))
    if isinstance(job, Denied):
        await refuse(interaction, job)
        return
    # A private job stays private; a public one is public again only where the server wants it.
    options, private = {**job.request.model_dump(), **changes}, job.private or None
    await ask_for(
        interaction, options, private=private, spoiler=job.spoiler, continues=job.continues
    )


def change_form(
    before: GenerationRequest, language: Language, *, job_id: JobId | None = None
) -> ui.Modal:
    """A filled-in request; Discord allows five inputs, so one select makes two choices.

    Options that it does not show, such as the style, stay as in the job that is changed, if any.
    """
    style = before.style
    hint = language.say("The style “{name}” is added.", name=style.name) if style else None
    prompt = paragraph(_PROMPT, default=before.prompt, max_length=PROMPT_MAX_CHARS)
    negative = paragraph(
        _NEGATIVE, default=before.negative_prompt, required=False, max_length=PROMPT_MAX_CHARS
    )
    picture = _pictures(before.aspect, sound=before.sound, language=language)
    parts = (
        (words.PROMPT_LABEL, hint, prompt),
        (words.NEGATIVE_LABEL, None, negative),
        (words.DURATION_LABEL, None, seconds_select(_DURATION, before.duration_s, language)),
        (words.PICTURE_LABEL, None, picture),
        (
            words.GUIDANCE_LABEL,
            language.say(words.GUIDANCE_HINT),
            _guidances(before.guidance, language),
        ),
    )
    return modal_of(
        language.say(words.MODAL_TITLE),
        CHANGE_MODAL.of(job_id=job_id or ""),
        *(
            ui.Label(text=language.say(text), description=description, component=component)
            for text, description, component in parts
        ),
    )


def changed_options(action: Action) -> dict[str, Any]:
    """The values of a submitted modal, by the fields of GenerationRequest."""
    texts, choices = action.texts, action.choices
    aspect, _, sound = choices[_PICTURE][0].partition(" ")
    return {
        "prompt": texts[_PROMPT],
        "negative_prompt": texts.get(_NEGATIVE, ""),
        "duration_s": int(choices[_DURATION][0]),
        "aspect": aspect,
        "sound": sound == _SOUND,
        "guidance": float(choices[_GUIDANCE][0]),
    }


def _pictures(chosen: Aspect, *, sound: bool, language: Language) -> ui.Select[Any]:
    return ui.Select(
        custom_id=_PICTURE,
        options=[
            discord.SelectOption(
                label=f"{language.say(label)}, {language.say(words.SOUND[with_sound])}",
                value=f"{aspect.value} {_SOUND if with_sound else _SILENT}",
                default=(aspect, with_sound) == (chosen, sound),
            )
            for aspect, label in _ASPECTS.items()
            for with_sound in (True, False)
        ],
    )


def _guidances(chosen: float, language: Language) -> ui.Select[Any]:
    # A value that was chosen by command stays on offer, between the round ones.
    steps = {step / GUIDANCE_STEPS for step in range(GUIDANCE_STEPS + 1)} | {chosen}
    return ui.Select(
        custom_id=_GUIDANCE,
        options=[
            discord.SelectOption(
                label=language.number(value), value=repr(value), default=value == chosen
            )
            for value in sorted(steps)
        ],
    )


ROUTES: Final = (
    (AGAIN.route, again),
    (CHANGE.route, change),
    (CHANGE_MODAL, ask_for_changed),
)

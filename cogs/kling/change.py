"""*Again*, *Change…* and *Make one like this*: new orders from an earlier request."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import discord
from discord import ui

from bot.domain.denied import Denied
from bot.domain.generation.models import qualities
from bot.domain.generation.request import PROMPT_MAX_CHARS, Aspect, GenerationRequest
from bot.domain.generation.storyboard import storyboard_of
from bot.domain.job import JobId
from bot.languages.language import Language, marked
from bot.ui.buttons import AGAIN, CHANGE, LIKE
from bot.ui.context import Interaction, actor_of, language_of
from bot.ui.modals import labelled, modal_of, paragraph, seconds_select
from bot.ui.routes import Action, Route
from bot.ui.words import library as words
from cogs.generations.details import refuse
from cogs.kling import pictures
from cogs.kling.ordering import ask_for, is_private_there, may_ask
from cogs.storyboard.builder import change_in_builder

CHANGE_MODAL: Final = Route("kling:change-form:{job_id}", job_id="[0-9a-z]*")
"""With the id of the job that is changed; with none for the text of a message."""
LIKE_MODAL: Final = Route("kling:like-form:{job_id}")
GUIDANCE_STEPS: Final = 10
_PROMPT, _NEGATIVE = "prompt", "negative"
_DURATION, _PICTURE, _GUIDANCE = "duration", "picture", "guidance"
_SOUND, _SILENT = "sound", "silent"
_UPLOAD, _NO_SHAPE = "upload", "-"
LOOK_LABEL: Final = marked("Sound and quality")
UPLOAD_LABEL: Final = marked("Another picture")
UPLOAD_HINT: Final = marked("Leave it empty to keep the same picture.")
_ASPECTS = {
    Aspect.LANDSCAPE: words.LANDSCAPE,
    Aspect.PORTRAIT: words.PORTRAIT,
    Aspect.SQUARE: words.SQUARE,
}


async def again(interaction: Interaction, action: Action) -> None:
    """Order the same again, for the person who used the button."""
    await _ask_anew(interaction, action["job_id"], {})


async def change(interaction: Interaction, action: Action) -> None:
    """Open the modal with everything filled in; a storyboard is changed in its builder."""
    await _open(interaction, action["job_id"], CHANGE_MODAL)


async def make_one_like(interaction: Interaction, action: Action) -> None:
    """Open the same modal from the showcase: the new video remembers which one inspired it."""
    await _open(interaction, action["job_id"], LIKE_MODAL)


async def ask_for_one_like(interaction: Interaction, action: Action) -> None:
    """Order what a modal opened from the showcase says."""
    await _ask_changed(interaction, action, is_like=True)


async def ask_for_changed(interaction: Interaction, action: Action) -> None:
    """Order what a submitted modal says, like any other video."""
    if action["job_id"]:
        await _ask_changed(interaction, action)
    else:
        await ask_for(interaction, changed_options(action), private=None)


async def _open(interaction: Interaction, job_id: JobId, modal: Route) -> None:
    job = await interaction.client.services.library.reusable(job_id, actor_of(interaction))
    if isinstance(job, Denied):
        await refuse(interaction, job)
        return
    inspired_by = job.id if modal is LIKE_MODAL else job.inspired_by
    if job.request.shots:
        private = job.private or await is_private_there(interaction)
        board = storyboard_of(job.request, private=private, spoiler=job.spoiler)
        await change_in_builder(interaction, board, inspired_by=inspired_by)
        return
    if not await may_ask(interaction):
        return
    form = change_form(
        job.request,
        language_of(interaction),
        offered=offered_in(interaction),
        job_id=job.id,
        modal=modal,
    )
    await interaction.response.send_modal(form)


async def _ask_changed(interaction: Interaction, action: Action, *, is_like: bool = False) -> None:
    options, job_id = changed_options(action), action["job_id"]
    if not (files := action.files.get(_UPLOAD)):
        await _ask_anew(interaction, job_id, options, continues=not is_like, is_like=is_like)
        return
    frames = await pictures.taken(interaction, {"start_frame": files[0]})
    if frames is not None:
        # What it continues began with another picture.
        await _ask_anew(interaction, job_id, options | frames, continues=False, is_like=is_like)
        await pictures.done_reading(interaction)


async def _ask_anew(
    interaction: Interaction,
    job_id: JobId,
    changes: Mapping[str, Any],
    *,
    continues: bool = True,
    is_like: bool = False,
) -> None:
    job = await interaction.client.services.library.reusable(job_id, actor_of(interaction))
    if isinstance(job, Denied):
        await refuse(interaction, job)
        return
    request = job.request
    frames = request.frames.values()
    if "start_frame" not in changes and not await pictures.are_kept(interaction, frames):
        return
    # A private job stays private; a public one is public again only where the server wants it.
    await ask_for(
        interaction,
        {**request.model_dump(), **changes},
        private=job.private or None,
        spoiler=job.spoiler,
        continues=job.continues if continues else None,
        inspired_by=job.id if is_like else job.inspired_by,
        shown_microusd=None if changes else job.estimate_microusd,
    )


def offered_in(interaction: Interaction) -> tuple[str, ...]:
    """The qualities that may be chosen where the member is."""
    return interaction.client.services.admission.offered_qualities(interaction.guild_id)


async def request_of(interaction: Interaction, prompt: str) -> GenerationRequest:
    """A request for a form, as `/kling` would make it of this prompt alone."""
    choices = await interaction.client.services.preferences.current(interaction.user.id)
    quality = interaction.client.services.admission.default_quality(
        interaction.guild_id, choices.quality
    )
    return GenerationRequest.model_validate(
        {**choices.defaults, "prompt": prompt, "quality": quality}
    )


def change_form(
    before: GenerationRequest,
    language: Language,
    *,
    offered: Collection[str],
    job_id: JobId | None = None,
    modal: Route = CHANGE_MODAL,
    title: str = words.MODAL_TITLE,
) -> ui.Modal:
    """A filled-in request; Discord allows five inputs, so one select makes up to three choices.

    Options that it does not show, such as the style, stay as in the job that is changed, if any.
    """
    style = before.style
    hint = language.say("The style “{name}” is added.", name=style.name) if style else None
    return request_form(
        before,
        language,
        title=language.say(title),
        custom_id=modal.of(job_id=job_id or ""),
        prompt=before.prompt,
        offered=offered,
        hint=hint,
        takes_picture=before.start_frame is not None,
    )


def request_form(
    before: GenerationRequest,
    language: Language,
    *,
    title: str,
    custom_id: str,
    prompt: str,
    offered: Collection[str],
    hint: str | None = None,
    has_picture: bool = False,
    takes_picture: bool = False,
) -> ui.Modal:
    """A modal for a request. With a picture the shape is no question.

    Where another picture may be handed over instead, guidance has no place.
    """
    typed = paragraph(_PROMPT, default=prompt, max_length=PROMPT_MAX_CHARS)
    negative = paragraph(
        _NEGATIVE, default=before.negative_prompt, required=False, max_length=PROMPT_MAX_CHARS
    )
    has_picture = has_picture or takes_picture
    look = _looks(before, language, offered, has_picture=has_picture)
    parts: list[tuple[str, str | None, ui.Item[Any]]] = [
        (words.PROMPT_LABEL, hint, typed),
        (words.NEGATIVE_LABEL, None, negative),
        (words.DURATION_LABEL, None, seconds_select(_DURATION, before.duration_s, language)),
        (LOOK_LABEL if has_picture else words.PICTURE_LABEL, None, look),
    ]
    if takes_picture:
        upload = ui.FileUpload[Any](custom_id=_UPLOAD, required=False, max_values=1)
        parts.append((UPLOAD_LABEL, language.say(UPLOAD_HINT), upload))
    else:
        guidances = _guidances(before.guidance, language)
        parts.append((words.GUIDANCE_LABEL, language.say(words.GUIDANCE_HINT), guidances))
    return modal_of(title, custom_id, *labelled(parts, language))


def changed_options(action: Action) -> dict[str, Any]:
    """The values of a submitted modal, by the fields of GenerationRequest."""
    texts, choices = action.texts, action.choices
    # A modal that was open during an update has no quality in it.
    aspect, sound, *quality = choices[_PICTURE][0].split(" ")
    options: dict[str, Any] = {
        "prompt": texts[_PROMPT],
        "negative_prompt": texts.get(_NEGATIVE, ""),
        "duration_s": int(choices[_DURATION][0]),
        "sound": sound == _SOUND,
    }
    if aspect != _NO_SHAPE:
        options["aspect"] = aspect
    if quality:
        options["quality"] = quality[0]
    if _GUIDANCE in choices:
        options["guidance"] = float(choices[_GUIDANCE][0])
    return options


def _looks(
    before: GenerationRequest,
    language: Language,
    offered: Collection[str],
    *,
    has_picture: bool,
) -> ui.Select[Any]:
    """Shape, unless the picture decides it, with sound and quality: 18 options at most."""
    chosen = (_NO_SHAPE if has_picture else before.aspect.value, before.sound, before.quality)
    shapes = (
        {_NO_SHAPE: ""}
        if has_picture
        else {aspect.value: f"{language.say(label)}, " for aspect, label in _ASPECTS.items()}
    )
    return ui.Select(
        custom_id=_PICTURE,
        options=[
            discord.SelectOption(
                label=f"{shape}{language.say(words.SOUND[with_sound])}, {label}",
                value=f"{aspect} {_SOUND if with_sound else _SILENT} {quality}",
                default=(aspect, with_sound, quality) == chosen,
            )
            for quality, label in qualities().items()
            if quality in offered
            for aspect, shape in shapes.items()
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
    (LIKE.route, make_one_like),
    (LIKE_MODAL, ask_for_one_like),
)

"""The storyboard builder: what its buttons, selects and modals do with a draft."""

import asyncio
from functools import partial
from typing import Final, assert_never

import discord
from discord import ui
from pydantic import ValidationError

from bot.domain.denied import Denied
from bot.domain.generation.models import qualities
from bot.domain.generation.request import Aspect, Shot
from bot.domain.generation.storyboard import (
    Draft,
    DraftId,
    Edit,
    Storyboard,
    added,
    changed,
    moved,
    picked,
    removed,
    retold,
    with_prompt,
)
from bot.domain.job import JobId
from bot.domain.visible import is_blank
from bot.features.storyboards import DraftAnswer, DraftRefusal
from bot.languages.language import marked
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.layout import note
from bot.ui.routes import Action
from bot.ui.writes import once
from cogs.kling import pictures
from cogs.kling.ordering import ask_for, is_private_there, may_ask
from cogs.storyboard import modals
from cogs.storyboard.card import (
    BUTTON,
    SELECT,
    BuilderChoice,
    Verb,
    builder,
    discard_question,
)
from cogs.storyboard.modals import Form, FormKind, form_of

REFUSALS: dict[DraftRefusal, str] = {
    DraftRefusal.GONE: marked(
        "This storyboard was sent, discarded, or left alone for a day. `/storyboard` "
        "starts a new one."
    ),
    DraftRefusal.NOT_YOURS: marked("This storyboard belongs to another person."),
    DraftRefusal.BEING_SENT: marked("This storyboard is being sent right now."),
    DraftRefusal.NOT_POSSIBLE: marked(
        "The storyboard has changed, so that's no longer possible. `/storyboard` shows it as it is."
    ),
}


PICTURE_GONE: Final = marked(
    "I no longer have this storyboard's picture. Remove it, or attach another with "
    "`/storyboard`. Nothing was charged."
)
BEGINS_WITHOUT: Final = marked(
    "I no longer have that video's picture, so this storyboard begins without one. Attach "
    "another with `/storyboard`."
)


def _louder(board: Storyboard) -> Storyboard:
    return board.model_copy(update={"sound": not board.sound})


def _more_private(board: Storyboard) -> Storyboard:
    return board.model_copy(update={"private": not board.private})


def _covered(board: Storyboard) -> Storyboard:
    return board.model_copy(update={"spoiler": not board.spoiler})


def _without_picture(board: Storyboard) -> Storyboard:
    return board.model_copy(update={"start_frame": None})


_EDITS: Final[dict[Verb, Edit]] = {
    Verb.UP: partial(moved, by=-1),
    Verb.DOWN: partial(moved, by=1),
    Verb.REMOVE: removed,
    Verb.SOUND: _louder,
    Verb.PRIVATE: _more_private,
    Verb.SPOILER: _covered,
    Verb.NO_PICTURE: _without_picture,
}


async def open_builder(interaction: Interaction, image: discord.Attachment | None = None) -> None:
    """Answer with a builder for the latest storyboard or a new one; a picture begins it."""
    if not await may_ask(interaction, with_picture=image is not None):
        return
    read = None if image is None else await pictures.taken(interaction, {"start_frame": image})
    if image is not None and read is None:
        return
    picture = None if read is None else read["start_frame"]
    services, owner_id = interaction.client.services, interaction.user.id
    chosen, is_private = await asyncio.gather(
        services.preferences.current(owner_id), is_private_there(interaction)
    )
    empty = Storyboard(
        aspect=chosen.aspect or Aspect.LANDSCAPE,
        sound=chosen.sound is not False,
        quality=services.admission.default_quality(interaction.guild_id, chosen.quality),
        private=is_private,
    )
    view = _drawn(interaction, await services.storyboards.open(owner_id, empty, picture=picture))
    if picture is None:
        await interaction.response.send_message(view=view, ephemeral=True)
    else:
        await interaction.edit_original_response(view=view)


async def change_in_builder(
    interaction: Interaction, board: Storyboard, *, inspired_by: JobId | None = None
) -> None:
    """Answer with a builder for an earlier storyboard, without its picture if that is gone."""
    if not await may_ask(interaction):
        return
    services, owner_id, frame = interaction.client.services, interaction.user.id, board.start_frame
    is_gone = frame is not None and not await services.pictures.used_again(frame, owner_id)
    draft = await services.storyboards.begin(
        owner_id, _without_picture(board) if is_gone else board, inspired_by=inspired_by
    )
    await interaction.response.send_message(view=_drawn(interaction, draft), ephemeral=True)
    if is_gone:
        await tell_privately(interaction, language_of(interaction).say(BEGINS_WITHOUT))


async def press(interaction: Interaction, action: Action) -> None:
    """Do what a button says."""
    verb, draft_id = Verb(action["verb"]), action["draft_id"]
    boards = interaction.client.services.storyboards
    if verb is Verb.GENERATE:
        await _generate(interaction, draft_id)
    elif verb is Verb.DISCARD:
        await _ask_to_discard(interaction, await boards.show(draft_id, interaction.user.id))
    elif verb is Verb.DISCARD_NOW:
        await _discard(interaction, draft_id)
    elif verb is Verb.KEEP:
        await _redraw(interaction, await boards.show(draft_id, interaction.user.id))
    elif verb in _EDITS:
        answer = await boards.edit(draft_id, interaction.user.id, _EDITS[verb])
        await _redraw(interaction, answer)
    else:
        await _open_form(interaction, verb, await boards.show(draft_id, interaction.user.id))


async def choose(interaction: Interaction, action: Action) -> None:
    """Apply what the member chose in a select."""
    choice, (value,) = BuilderChoice(action["choice"]), action.values

    def edit(board: Storyboard) -> Storyboard | None:
        match choice:
            case BuilderChoice.SHOT:
                return picked(board, int(value))
            case BuilderChoice.ASPECT:
                return board.model_copy(update={"aspect": Aspect(value)})
            case BuilderChoice.QUALITY:
                # A card of another version may offer one that this version does not know.
                is_known = value in qualities()
                return board.model_copy(update={"quality": value}) if is_known else None
            case _:
                assert_never(choice)

    boards = interaction.client.services.storyboards
    await _redraw(interaction, await boards.edit(action["draft_id"], interaction.user.id, edit))


async def submit(interaction: Interaction, action: Action) -> None:
    """Apply what the member typed into a modal."""
    form = form_of(action)
    is_shot = form.kind in (FormKind.ADD, FormKind.EDIT)
    try:
        edit = None if is_shot and is_blank(form.text) else _edit_of(form)
    except ValidationError:
        edit = None
    if edit is None:
        language = language_of(interaction)
        await tell_privately(
            interaction, language.say("Please say what happens in the shot. Nothing was changed.")
        )
        return
    answer = await interaction.client.services.storyboards.edit(
        form.draft_id, interaction.user.id, edit
    )
    await _redraw(interaction, answer)


def _edit_of(form: Form) -> Edit:
    match form.kind:
        case FormKind.ADD:
            return partial(added, shot=_shot_of(form))
        case FormKind.EDIT:
            return partial(changed, index=form.index, shot=_shot_of(form))
        case FormKind.PROMPT:
            return partial(with_prompt, prompt=form.text)
        case FormKind.TEXT:
            return partial(retold, text=form.text)
        case _:
            assert_never(form.kind)


def _shot_of(form: Form) -> Shot:
    return Shot.model_validate({"prompt": form.text, "duration_s": form.length_s})


async def _open_form(interaction: Interaction, verb: Verb, answer: DraftAnswer) -> None:
    if isinstance(answer, Denied):
        await _refuse(interaction, answer)
        return
    draft, language = answer, language_of(interaction)
    if verb is Verb.TEXT:
        modal = modals.text_form(draft, language)
    elif verb is Verb.PROMPT:
        modal = modals.prompt_form(draft, language)
    elif verb is Verb.EDIT and draft.board.selected is not None:
        modal = modals.edit_form(draft, draft.board.selected, language)
    else:
        modal = modals.add_form(draft, language)
    await interaction.response.send_modal(modal)


async def _generate(interaction: Interaction, draft_id: DraftId) -> None:
    boards = interaction.client.services.storyboards
    draft = await boards.take(draft_id, interaction.user.id, interaction.id)
    if isinstance(draft, Denied):
        await _refuse(interaction, draft)
        return
    was_bought = False
    try:
        board = draft.board
        frames = [] if board.start_frame is None else [board.start_frame]
        if await pictures.are_kept(interaction, frames, gone=PICTURE_GONE):
            await ask_for(
                interaction,
                board.options(),
                private=board.private,
                spoiler=board.spoiler,
                under=draft.taken_by,
                inspired_by=draft.inspired_by,
            )
    finally:
        # In every case: the jobs say whether it was bought; if not, the draft is free again.
        was_bought = await boards.settle(draft)
    if was_bought and interaction.message is not None:
        sent = note(
            language_of(interaction).say(
                "Sent. Your storyboard has its own card now. `/storyboard` starts a new one."
            )
        )
        # Only tidiness: a builder that stays says at its next action that it was sent.
        message_id = interaction.message.id
        await once(lambda: interaction.followup.edit_message(message_id, view=sent))


async def _ask_to_discard(interaction: Interaction, answer: DraftAnswer) -> None:
    if isinstance(answer, Denied):
        await _refuse(interaction, answer)
        return
    question = discard_question(answer, language_of(interaction))
    await interaction.response.edit_message(view=question)


async def _discard(interaction: Interaction, draft_id: DraftId) -> None:
    answer = await interaction.client.services.storyboards.discard(draft_id, interaction.user.id)
    if isinstance(answer, Denied):
        await _refuse(interaction, answer)
        return
    discarded = note(language_of(interaction).say("Discarded. `/storyboard` starts a new one."))
    await interaction.response.edit_message(view=discarded)


async def _redraw(interaction: Interaction, answer: DraftAnswer) -> None:
    if isinstance(answer, Denied):
        await _refuse(interaction, answer)
    else:
        await interaction.response.edit_message(view=_drawn(interaction, answer))


def _drawn(interaction: Interaction, draft: Draft) -> ui.LayoutView:
    services = interaction.client.services
    return builder(
        draft,
        language_of(interaction),
        services.prices,
        offered=services.admission.offered_qualities(interaction.guild_id),
    )


async def _refuse(interaction: Interaction, refused: Denied[DraftRefusal]) -> None:
    refusal = REFUSALS[refused.why]
    await tell_privately(interaction, language_of(interaction).say(refusal))


ROUTES: Final = ((BUTTON, press), (SELECT, choose), (modals.MODAL, submit))

"""What the buttons, selects and modals of the storyboard builder do: one use case, one answer."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from functools import partial
from typing import Final, assert_never

from discord import ui
from pydantic import ValidationError

from bot.domain.request import Aspect, Shot
from bot.domain.storyboard import (
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
from bot.domain.visible import is_blank
from bot.features.storyboards_ports import (
    DraftAnswer,
    Drafted,
    NotDrafted,
    StoryboardDesk,
)
from bot.languages.language import Language
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.layout import note
from bot.ui.writes import once
from cogs.kling.ordering import ask_for
from cogs.storyboard import builder_forms, words_storyboard
from cogs.storyboard.builder_forms import Form, FormKind

Draw = Callable[[Draft, Language], ui.LayoutView]
"""How a draft is drawn: given, since the card is made of the buttons whose presses these are."""


class Verb(StrEnum):
    """What a button does."""

    ADD = "add"
    EDIT = "edit"
    UP = "up"
    DOWN = "down"
    REMOVE = "remove"
    PROMPT = "prompt"
    TEXT = "text"
    SOUND = "sound"
    PRIVATE = "private"
    SPOILER = "spoiler"
    GENERATE = "generate"
    DISCARD = "discard"


class Choice(StrEnum):
    """What a select chooses."""

    SHOT = "shot"
    ASPECT = "aspect"


def _louder(board: Storyboard) -> Storyboard:
    return board.model_copy(update={"sound": not board.sound})


def _more_private(board: Storyboard) -> Storyboard:
    return board.model_copy(update={"private": not board.private})


def _covered(board: Storyboard) -> Storyboard:
    return board.model_copy(update={"spoiler": not board.spoiler})


_EDITS: Final[dict[Verb, Edit]] = {
    Verb.UP: partial(moved, by=-1),
    Verb.DOWN: partial(moved, by=1),
    Verb.REMOVE: removed,
    Verb.SOUND: _louder,
    Verb.PRIVATE: _more_private,
    Verb.SPOILER: _covered,
}


async def press(interaction: Interaction, verb: Verb, draft_id: DraftId, *, draw: Draw) -> None:
    """A button was pressed."""
    boards = interaction.client.services.storyboards
    if verb is Verb.GENERATE:
        await _generate(interaction, draft_id)
    elif verb is Verb.DISCARD:
        await _discard(interaction, draft_id)
    elif verb in _EDITS:
        answer = await boards.edit(draft_id, interaction.user.id, _EDITS[verb])
        await _redraw(interaction, answer, draw)
    else:
        await _open_form(interaction, verb, await boards.show(draft_id, interaction.user.id))


async def choose(
    interaction: Interaction,
    choice: Choice,
    draft_id: DraftId,
    value: str,
    *,
    draw: Draw,
) -> None:
    """Something was chosen in a select."""

    def edit(board: Storyboard) -> Storyboard | None:
        match choice:
            case Choice.SHOT:
                return picked(board, int(value))
            case Choice.ASPECT:
                return board.model_copy(update={"aspect": Aspect(value)})
            case _:
                assert_never(choice)

    answer = await interaction.client.services.storyboards.edit(draft_id, interaction.user.id, edit)
    await _redraw(interaction, answer, draw)


async def submit(interaction: Interaction, form: Form, *, draw: Draw) -> None:
    """A modal was submitted."""
    is_shot = form.kind in (FormKind.ADD, FormKind.EDIT)
    try:
        edit = None if is_shot and is_blank(form.text) else _edit_of(form)
    except ValidationError:
        edit = None
    if edit is None:
        language = language_of(interaction)
        await tell_privately(interaction, language.say(words_storyboard.BLANK_SHOT))
        return
    answer = await interaction.client.services.storyboards.edit(
        form.draft_id, interaction.user.id, edit
    )
    await _redraw(interaction, answer, draw)


async def show_new(
    interaction: Interaction,
    opening: Callable[[StoryboardDesk], Awaitable[DraftAnswer]],
    *,
    draw: Draw,
) -> None:
    """Answer with a builder of its own, for whoever acted alone."""
    language = language_of(interaction)
    match await opening(interaction.client.services.storyboards):
        case Drafted(draft):
            await interaction.response.send_message(view=draw(draft, language), ephemeral=True)
        case NotDrafted() as refused:
            await _refuse(interaction, refused)


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
    if isinstance(answer, NotDrafted):
        await _refuse(interaction, answer)
        return
    draft, language = answer.draft, language_of(interaction)
    if verb is Verb.TEXT:
        modal = builder_forms.text_form(draft, language)
    elif verb is Verb.PROMPT:
        modal = builder_forms.prompt_form(draft, language)
    elif verb is Verb.EDIT and draft.board.selected is not None:
        modal = builder_forms.edit_form(draft, draft.board.selected, language)
    else:
        modal = builder_forms.add_form(draft, language)
    await interaction.response.send_modal(modal)


async def _generate(interaction: Interaction, draft_id: DraftId) -> None:
    boards = interaction.client.services.storyboards
    answer = await boards.take(draft_id, interaction.user.id, interaction.id)
    if isinstance(answer, NotDrafted):
        await _refuse(interaction, answer)
        return
    draft = answer.draft
    was_bought = False
    try:
        board = draft.board
        await ask_for(
            interaction,
            board.options(),
            private=board.private,
            spoiler=board.spoiler,
            under=draft.taken_by,
        )
    finally:
        # Whatever came of it: the jobs say whether it was bought, and if not the draft is free.
        was_bought = await boards.settle(draft)
    if was_bought and interaction.message is not None:
        sent = note(language_of(interaction).say(words_storyboard.SENT))
        # Only tidiness: a builder that stays says at its next press that it was sent.
        message_id = interaction.message.id
        await once(lambda: interaction.followup.edit_message(message_id, view=sent))


async def _discard(interaction: Interaction, draft_id: DraftId) -> None:
    answer = await interaction.client.services.storyboards.discard(draft_id, interaction.user.id)
    if isinstance(answer, NotDrafted):
        await _refuse(interaction, answer)
        return
    discarded = note(language_of(interaction).say(words_storyboard.DISCARDED))
    await interaction.response.edit_message(view=discarded)


async def _redraw(interaction: Interaction, answer: DraftAnswer, draw: Draw) -> None:
    match answer:
        case Drafted(draft):
            view = draw(draft, language_of(interaction))
            await interaction.response.edit_message(view=view)
        case NotDrafted():
            await _refuse(interaction, answer)
        case _:
            assert_never(answer)


async def _refuse(interaction: Interaction, refused: NotDrafted) -> None:
    refusal = words_storyboard.REFUSALS[refused.refusal]
    await tell_privately(interaction, language_of(interaction).say(refusal))

"""The storyboard builder: a draft as a private card, and what its buttons, selects and modals do.

The largest card has 29 components of the 40 that Discord allows, and its prompts are shortened.
"""

import asyncio
from enum import StrEnum
from functools import partial
from typing import Final, assert_never

import discord
from discord import ui
from pydantic import ValidationError

from bot.domain.denied import Denied
from bot.domain.models import PRO
from bot.domain.price import Prices
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
from bot.domain.storyboard_text import UnreadableText, read_shots
from bot.domain.visible import is_blank
from bot.features.storyboards import DraftAnswer, DraftRefusal
from bot.languages.language import Language
from bot.ui import words
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.layout import note, row_of, view_of
from bot.ui.routes import Action, Route
from bot.ui.writes import once
from cogs.kling.ordering import ask_for, is_private_there, may_ask
from cogs.storyboard import modals
from cogs.storyboard import texts as said
from cogs.storyboard.modals import Form, FormKind, form_of

_ACCENT: Final = discord.Colour.teal()


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


class BuilderChoice(StrEnum):
    """What a select chooses."""

    SHOT = "shot"
    ASPECT = "aspect"


BUTTON: Final = Route("kling:board:{verb}:{draft_id}", verb="|".join(Verb))
SELECT: Final = Route("kling:board-choice:{choice}:{draft_id}", choice="|".join(BuilderChoice))


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


async def open_builder(interaction: Interaction, board: Storyboard | None = None) -> None:
    """Answer with a builder for this storyboard, or for the latest one."""
    if not await may_ask(interaction):
        return
    boards, owner_id = interaction.client.services.storyboards, interaction.user.id
    if board is None:
        chosen, is_private = await asyncio.gather(
            interaction.client.services.preferences.current(owner_id), is_private_there(interaction)
        )
        empty = Storyboard(
            aspect=chosen.aspect or Aspect.LANDSCAPE,
            sound=chosen.sound is not False,
            quality=chosen.quality or PRO,
            private=is_private,
        )
        draft = await boards.open(owner_id, empty)
    else:
        draft = await boards.begin(owner_id, board)
    view = builder(draft, language_of(interaction), interaction.client.services.prices)
    await interaction.response.send_message(view=view, ephemeral=True)


async def press(interaction: Interaction, action: Action) -> None:
    """Do what a button says."""
    verb, draft_id = Verb(action["verb"]), action["draft_id"]
    boards = interaction.client.services.storyboards
    if verb is Verb.GENERATE:
        await _generate(interaction, draft_id)
    elif verb is Verb.DISCARD:
        await _discard(interaction, draft_id)
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
        await tell_privately(interaction, language.say(said.BLANK_SHOT))
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
        await ask_for(
            interaction,
            board.options(),
            private=board.private,
            spoiler=board.spoiler,
            under=draft.taken_by,
        )
    finally:
        # In every case: the jobs say whether it was bought; if not, the draft is free again.
        was_bought = await boards.settle(draft)
    if was_bought and interaction.message is not None:
        sent = note(language_of(interaction).say(said.SENT))
        # Only tidiness: a builder that stays says at its next action that it was sent.
        message_id = interaction.message.id
        await once(lambda: interaction.followup.edit_message(message_id, view=sent))


async def _discard(interaction: Interaction, draft_id: DraftId) -> None:
    answer = await interaction.client.services.storyboards.discard(draft_id, interaction.user.id)
    if isinstance(answer, Denied):
        await _refuse(interaction, answer)
        return
    discarded = note(language_of(interaction).say(said.DISCARDED))
    await interaction.response.edit_message(view=discarded)


async def _redraw(interaction: Interaction, answer: DraftAnswer) -> None:
    if isinstance(answer, Denied):
        await _refuse(interaction, answer)
    else:
        view = builder(answer, language_of(interaction), interaction.client.services.prices)
        await interaction.response.edit_message(view=view)


async def _refuse(interaction: Interaction, refused: Denied[DraftRefusal]) -> None:
    refusal = said.REFUSALS[refused.why]
    await tell_privately(interaction, language_of(interaction).say(refusal))


def builder(draft: Draft, language: Language, prices: Prices) -> ui.LayoutView:
    """The draft as it is now, with everything that can be done with it."""
    board = draft.board
    container = ui.Container[ui.LayoutView](accent_colour=_ACCENT)
    for text in _texts(draft, language, prices):
        container.add_item(ui.TextDisplay(text))
    if board.shots:
        container.add_item(row_of(_shot_select(draft, language)))
    for row in _button_rows(draft, language):
        container.add_item(row)
    container.add_item(row_of(_aspect_select(draft, language)))
    container.add_item(row_of(*_last_buttons(draft, language)))
    return view_of(container)


def _texts(draft: Draft, language: Language, prices: Prices) -> list[str]:
    board = draft.board
    texts = [
        f"### {language.say(said.HEADING)}",
        words.quoted_prompt(board.prompt) if board.prompt else language.say(said.NO_PROMPT),
        _shot_list(board, language) if board.shots else language.say(said.NO_SHOTS),
        said.strip(language, board),
        said.choices_line(language, draft, prices),
    ]
    if board.unread_text is not None:
        read = read_shots(board.unread_text)
        if isinstance(read, UnreadableText):
            texts.append("\n".join(said.fault_lines(language, read.faults)))
    if board.wants:
        texts.append("\n".join(said.wants_lines(language, board)))
    return texts


def _shot_list(board: Storyboard, language: Language) -> str:
    return "\n".join(
        said.shot_line(language, number, shot, is_selected=number - 1 == board.selected)
        for number, shot in enumerate(board.shots, start=1)
    )


def _shot_select(draft: Draft, language: Language) -> ui.Select[ui.LayoutView]:
    return ui.Select(
        custom_id=SELECT.of(choice=BuilderChoice.SHOT, draft_id=draft.id),
        placeholder=language.say(said.PICK),
        options=[
            discord.SelectOption(
                label=said.shot_option(language, index + 1, shot),
                value=str(index),
                default=index == draft.board.selected,
            )
            for index, shot in enumerate(draft.board.shots)
        ],
    )


def _aspect_select(draft: Draft, language: Language) -> ui.Select[ui.LayoutView]:
    return ui.Select(
        custom_id=SELECT.of(choice=BuilderChoice.ASPECT, draft_id=draft.id),
        options=[
            discord.SelectOption(
                label=language.say(said.ASPECTS[aspect]),
                value=aspect.value,
                default=aspect is draft.board.aspect,
            )
            for aspect in Aspect
        ],
    )


def _button_rows(draft: Draft, language: Language) -> list[ui.ActionRow[ui.LayoutView]]:
    board = draft.board
    here, last = board.selected, len(board.shots) - 1
    none_selected = here is None
    text = said.AS_TEXT if board.unread_text is None else said.CORRECT_TEXT
    sound = said.SOUND_ON if board.sound else said.SOUND_OFF
    seen_by = said.PRIVATE if board.private else said.PUBLIC
    covered = said.SPOILER_ON if board.spoiler else said.SPOILER_OFF

    def button(verb: Verb, label: str, *, disabled: bool = False) -> ui.Button[ui.LayoutView]:
        custom_id = BUTTON.of(verb=verb, draft_id=draft.id)
        return ui.Button(label=language.say(label), custom_id=custom_id, disabled=disabled)

    return [
        row_of(
            button(Verb.ADD, said.ADD, disabled=board.is_full),
            button(Verb.EDIT, said.EDIT, disabled=none_selected),
            button(Verb.UP, said.MOVE_UP, disabled=none_selected or here == 0),
            button(Verb.DOWN, said.MOVE_DOWN, disabled=none_selected or here == last),
            button(Verb.REMOVE, said.REMOVE, disabled=none_selected),
        ),
        row_of(
            button(Verb.PROMPT, said.PROMPT),
            button(Verb.TEXT, text),
            button(Verb.SOUND, sound),
            button(Verb.PRIVATE, seen_by),
            button(Verb.SPOILER, covered),
        ),
    ]


def _last_buttons(
    draft: Draft, language: Language
) -> tuple[ui.Button[ui.LayoutView], ui.Button[ui.LayoutView]]:
    return (
        ui.Button(
            style=discord.ButtonStyle.success,
            label=language.say(said.GENERATE),
            custom_id=BUTTON.of(verb=Verb.GENERATE, draft_id=draft.id),
            disabled=bool(draft.board.wants),
        ),
        ui.Button(
            style=discord.ButtonStyle.danger,
            label=language.say(said.DISCARD),
            custom_id=BUTTON.of(verb=Verb.DISCARD, draft_id=draft.id),
        ),
    )


ROUTES: Final = ((BUTTON, press), (SELECT, choose), (modals.MODAL, submit))

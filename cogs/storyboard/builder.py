"""The storyboard builder: a draft drawn as a private card, and the way from its parts to a press.

The largest card has 29 components of the 40 that Discord allows, and its prompts are shortened.
"""

import asyncio
import re
from typing import Any, Self

import discord
from discord import ui

from bot.domain.request import Aspect
from bot.domain.storyboard import Draft, DraftId, Storyboard
from bot.domain.storyboard_text import Unreadable, read_shots
from bot.features.ordering_ports import FrontDesk
from bot.languages.language import Language
from bot.ui import words
from bot.ui.context import Interaction
from bot.ui.layout import row_of
from bot.ui.modals import Submission, take_window
from bot.ui.pressed import Pressed
from cogs.kling.ordering import is_private_there, may_ask
from cogs.storyboard import words_storyboard as said
from cogs.storyboard.builder_forms import BOARD_WINDOW, form_of
from cogs.storyboard.builder_presses import Choice, Verb, choose, press, show_new, submit

_ACCENT = discord.Colour.teal()


def builder(draft: Draft, language: Language) -> ui.LayoutView:
    """The draft as it stands, with everything that can be done with it."""
    board = draft.board
    container = ui.Container[ui.LayoutView](accent_colour=_ACCENT)
    for text in _texts(draft, language):
        container.add_item(ui.TextDisplay(text))
    if board.shots:
        container.add_item(row_of(_shot_select(draft, language)))
    for row in _button_rows(draft, language):
        container.add_item(row)
    container.add_item(row_of(_aspect_select(draft, language)))
    container.add_item(row_of(*_last_buttons(draft, language)))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _texts(draft: Draft, language: Language) -> list[str]:
    board = draft.board
    texts = [
        f"### {language.say(said.HEADING)}",
        words.quoted_prompt(board.prompt) if board.prompt else language.say(said.NO_PROMPT),
        _shot_list(board, language) if board.shots else language.say(said.NO_SHOTS),
        said.strip(language, board),
        said.choices_line(language, draft),
    ]
    if board.unread_text is not None:
        read = read_shots(board.unread_text)
        if isinstance(read, Unreadable):
            texts.append("\n".join(said.fault_lines(language, read.faults)))
    if board.wants:
        texts.append("\n".join(said.wants_lines(language, board)))
    return texts


def _shot_list(board: Storyboard, language: Language) -> str:
    return "\n".join(
        said.shot_line(language, number, shot, is_selected=number - 1 == board.selected)
        for number, shot in enumerate(board.shots, start=1)
    )


class DraftButton(
    Pressed,
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=r"kling:board:(?P<verb>[a-z]+):(?P<draft_id>[0-9a-z]+)",
):
    """A button of the builder."""

    def __init__(
        self,
        verb: Verb,
        draft_id: DraftId,
        *,
        label: str = "",
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
    ) -> None:
        super().__init__(
            ui.Button(
                style=style,
                label=label,
                disabled=disabled,
                custom_id=f"kling:board:{verb.value}:{draft_id}",
            )
        )
        self.verb = verb
        self.draft_id = draft_id

    @classmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Rebuild the button from its custom_id."""
        del item
        return cls(Verb(match["verb"]), match["draft_id"])

    async def pressed(self, desk: FrontDesk, interaction: Interaction) -> None:
        """Do what it says."""
        del desk
        await press(interaction, self.verb, self.draft_id, draw=builder)


class DraftSelect(
    Pressed,
    ui.DynamicItem[ui.Select[ui.LayoutView]],
    template=r"kling:board-choice:(?P<choice>[a-z]+):(?P<draft_id>[0-9a-z]+)",
):
    """A select of the builder."""

    def __init__(self, choice: Choice, draft_id: DraftId, *, placeholder: str = "") -> None:
        super().__init__(
            ui.Select(
                custom_id=f"kling:board-choice:{choice.value}:{draft_id}",
                placeholder=placeholder or None,
            )
        )
        self.choice = choice
        self.draft_id = draft_id

    @classmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Rebuild the select from its custom_id; what was chosen in it comes with the press."""
        del item
        return cls(Choice(match["choice"]), match["draft_id"])

    async def pressed(self, desk: FrontDesk, interaction: Interaction) -> None:
        """Take what was chosen."""
        del desk
        (value,) = self.item.values
        await choose(interaction, self.choice, self.draft_id, value, draw=builder)


BUILDER_ITEMS = (DraftButton, DraftSelect)
"""What a client registers so that presses on builders find their way after a restart."""


async def open_builder(interaction: Interaction, board: Storyboard | None = None) -> None:
    """Answer with a builder: of this storyboard, or of the one that was worked on last."""
    if not await may_ask(interaction):
        return
    owner_id = interaction.user.id
    if board is None:
        chosen, is_private = await asyncio.gather(
            interaction.client.services.preferences.current(owner_id), is_private_there(interaction)
        )
        empty = Storyboard(
            aspect=chosen.aspect or Aspect.LANDSCAPE,
            sound=chosen.sound is not False,
            private=is_private,
        )
        await show_new(interaction, lambda boards: boards.open(owner_id, empty), draw=builder)
    else:
        await show_new(interaction, lambda boards: boards.begin(owner_id, board), draw=builder)


async def take_form(interaction: Interaction) -> None:
    """Carry out a submitted modal of the builder."""
    await take_window(interaction, BOARD_WINDOW, _take)


async def _take(interaction: Interaction, submission: Submission, match: re.Match[str]) -> None:
    await submit(interaction, form_of(submission, match), draw=builder)


def _shot_select(draft: Draft, language: Language) -> DraftSelect:
    select = DraftSelect(Choice.SHOT, draft.id, placeholder=language.say(said.PICK))
    for index, shot in enumerate(draft.board.shots):
        select.item.add_option(
            label=said.shot_option(language, index + 1, shot),
            value=str(index),
            default=index == draft.board.selected,
        )
    return select


def _aspect_select(draft: Draft, language: Language) -> DraftSelect:
    select = DraftSelect(Choice.ASPECT, draft.id)
    for aspect in Aspect:
        select.item.add_option(
            label=language.say(said.ASPECTS[aspect]),
            value=aspect.value,
            default=aspect is draft.board.aspect,
        )
    return select


def _button_rows(draft: Draft, language: Language) -> list[ui.ActionRow[ui.LayoutView]]:
    board = draft.board
    here, last = board.selected, len(board.shots) - 1
    none_selected = here is None
    text = said.AS_TEXT if board.unread_text is None else said.CORRECT_TEXT
    sound = said.SOUND_ON if board.sound else said.SOUND_OFF
    seen_by = said.PRIVATE if board.private else said.PUBLIC
    covered = said.SPOILER_ON if board.spoiler else said.SPOILER_OFF

    def button(verb: Verb, label: str, *, disabled: bool = False) -> DraftButton:
        return DraftButton(verb, draft.id, label=language.say(label), disabled=disabled)

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


def _last_buttons(draft: Draft, language: Language) -> tuple[DraftButton, DraftButton]:
    return (
        DraftButton(
            Verb.GENERATE,
            draft.id,
            label=language.say(said.GENERATE),
            style=discord.ButtonStyle.success,
            disabled=bool(draft.board.wants),
        ),
        DraftButton(
            Verb.DISCARD,
            draft.id,
            label=language.say(said.DISCARD),
            style=discord.ButtonStyle.danger,
        ),
    )

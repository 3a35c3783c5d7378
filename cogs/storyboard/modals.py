"""The modals of the storyboard builder, and reading what members submit.

A modal's custom_id names its draft and shot.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from discord import ui

from bot.domain.generation.request import (
    DURATION_DEFAULT_S,
    PROMPT_MAX_CHARS,
    SHOT_PROMPT_MAX_CHARS,
    Shot,
)
from bot.domain.generation.storyboard import Draft, DraftId
from bot.domain.generation.storyboard_text import write_shots
from bot.languages.language import Language
from bot.ui.modals import modal_of, paragraph, seconds_select
from bot.ui.routes import Action, Route

TEXT_MAX_CHARS: Final = 4_000
"""What Discord takes in one text input; five shots of full length need 2,600."""
TEXT: Final = "text"
LENGTH: Final = "length"


class FormKind(StrEnum):
    """What a modal is for."""

    ADD = "add"
    EDIT = "edit"
    PROMPT = "prompt"
    TEXT = "text"


MODAL: Final = Route(
    "kling:board-form:{kind}:{draft_id}:{index}", kind="|".join(FormKind), index="[0-9]+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A submitted modal."""

    kind: FormKind
    draft_id: DraftId
    index: int
    """Which shot it is for, where it is for one."""
    text: str
    length_s: int | None


def add_form(draft: Draft, language: Language) -> ui.Modal:
    """Asks for a new shot."""
    title = language.say("Add a shot")
    return _shot_form(_custom_id(FormKind.ADD, draft), title, language, shot=None)


def edit_form(draft: Draft, index: int, language: Language) -> ui.Modal:
    """Asks for a new version of a shot."""
    title = language.say("Edit shot {number}", number=index + 1)
    custom_id = _custom_id(FormKind.EDIT, draft, index)
    return _shot_form(custom_id, title, language, shot=draft.board.shots[index])


def prompt_form(draft: Draft, language: Language) -> ui.Modal:
    """Asks for the overall prompt."""
    text = paragraph(TEXT, default=draft.board.prompt, max_length=PROMPT_MAX_CHARS)
    return modal_of(
        language.say("Overall prompt"),
        _custom_id(FormKind.PROMPT, draft),
        ui.Label(text=language.say("What holds for the whole video"), component=text),
    )


def text_form(draft: Draft, language: Language) -> ui.Modal:
    """Shows all shots as text, or what was typed before and could not be read."""
    text = draft.board.unread_text or write_shots(draft.board.shots)
    return modal_of(
        language.say("Storyboard as text"),
        _custom_id(FormKind.TEXT, draft),
        ui.Label(
            text=language.say("A line for each shot"),
            description=language.say("Its length and a colon first, as in “5s: the kite rises”."),
            component=paragraph(TEXT, default=text, max_length=TEXT_MAX_CHARS),
        ),
    )


def form_of(action: Action) -> Form:
    """What a submitted modal says."""
    lengths = action.choices.get(LENGTH, ())
    return Form(
        kind=FormKind(action["kind"]),
        draft_id=action["draft_id"],
        index=int(action["index"]),
        text=action.texts.get(TEXT, ""),
        length_s=int(lengths[0]) if lengths else None,
    )


def _shot_form(custom_id: str, title: str, language: Language, *, shot: Shot | None) -> ui.Modal:
    text = paragraph(TEXT, default=shot.prompt if shot else None, max_length=SHOT_PROMPT_MAX_CHARS)
    length = seconds_select(LENGTH, shot.duration_s if shot else DURATION_DEFAULT_S, language)
    return modal_of(
        title,
        custom_id,
        ui.Label(text=language.say("What happens in it"), component=text),
        ui.Label(text=language.say("How long it is"), component=length),
    )


def _custom_id(kind: FormKind, draft: Draft, index: int = 0) -> str:
    return MODAL.of(kind=kind, draft_id=draft.id, index=index)

"""The storyboard builder as a private card: the draft, and everything that can be done with it.

The largest card has 32 components of the 40 that Discord allows, and its prompts are shortened.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import discord
from discord import ui

from bot.domain.generation.models import qualities
from bot.domain.generation.request import (
    DURATION_MAX_S,
    DURATION_MIN_S,
    SHOT_PROMPT_MAX_CHARS,
    SHOTS_MAX,
    SHOTS_MIN,
    Aspect,
    Shot,
)
from bot.domain.generation.storyboard import (
    Draft,
    Storyboard,
    Want,
    timeline,
)
from bot.domain.generation.storyboard_text import LineTrouble, TextFault, UnreadableText, read_shots
from bot.domain.money.price import Prices
from bot.languages.language import Language, marked
from bot.ui.buttons import no
from bot.ui.card import thumbnail
from bot.ui.layout import add_buttons, row_of, view_of
from bot.ui.plain_text import excerpt
from bot.ui.routes import Route
from bot.ui.words import cards as words
from bot.ui.words import requests as words_requests

_HEADING: Final = marked("🎞️ Storyboard")
_ACCENT: Final = discord.Colour.teal()
SHOT_SHOWN_CHARS: Final = 90
OPTION_SHOWN_CHARS: Final = 80
"""Discord allows 100 characters for a select's option, including its number and length."""
ASPECTS: dict[Aspect, str] = {
    Aspect.LANDSCAPE: marked("16:9 (landscape)"),
    Aspect.PORTRAIT: marked("9:16 (portrait)"),
    Aspect.SQUARE: marked("1:1 (square)"),
}
_LINES: dict[LineTrouble, str] = {
    LineTrouble.NO_LENGTH: marked(
        "Line {line}: begin with its length and a colon, as in `5s: the kite rises`."
    ),
    LineTrouble.NOT_WHOLE: marked("Line {line}: the length is in whole seconds, as in `5s:`."),
    LineTrouble.LENGTH_OUTSIDE: marked("Line {line}: a shot lasts {shortest} to {longest} s."),
    LineTrouble.NO_PROMPT: marked("Line {line}: say what happens, after the colon."),
    LineTrouble.PROMPT_TOO_LONG: marked(
        "Line {line}: {found} characters are too many, a shot takes {most}."
    ),
    LineTrouble.ONE_TOO_MANY: marked("Line {line}: {shots} shots are the most."),
    LineTrouble.NO_SHOTS: marked(
        "Line {line}: there is no shot in it; write one as in `5s: the kite rises`."
    ),
}


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
    NO_PICTURE = "no-picture"
    GENERATE = "generate"
    DISCARD = "discard"
    """Asks first."""
    DISCARD_NOW = "discard-now"
    KEEP = "keep"


class BuilderChoice(StrEnum):
    """What a select chooses."""

    SHOT = "shot"
    ASPECT = "aspect"
    QUALITY = "quality"


BUTTON: Final = Route("kling:board:{verb}:{draft_id}", verb="|".join(Verb))
SELECT: Final = Route("kling:board-choice:{choice}:{draft_id}", choice="|".join(BuilderChoice))


def builder(
    draft: Draft, language: Language, prices: Prices, *, offered: Sequence[str]
) -> ui.LayoutView:
    """The draft as it is now, with everything that can be done with it.

    `offered` are the qualities that may be used where it is shown.
    """
    board = draft.board
    container = ui.Container[ui.LayoutView](accent_colour=_ACCENT)
    heading, prompt, *texts = _texts(draft, language, prices)
    container.add_item(ui.TextDisplay(heading))
    shown = ui.TextDisplay[ui.LayoutView](prompt)
    picture = thumbnail(board.start_frame, language, spoiler=board.spoiler)
    container.add_item(shown if picture is None else ui.Section(shown, accessory=picture))
    for text in texts:
        container.add_item(ui.TextDisplay(text))
    if board.shots:
        container.add_item(row_of(_shot_select(draft, language)))
    for row in _button_rows(draft, language):
        container.add_item(row)
    has_picture = board.start_frame is not None
    shape = _no_picture(draft, language) if has_picture else _aspect_select(draft, language)
    container.add_item(row_of(shape))
    if tuple(offered) != (board.quality,):
        container.add_item(row_of(_quality_select(draft, language, prices, offered)))
    container.add_item(row_of(*_last_buttons(draft, language)))
    return view_of(container)


def _texts(draft: Draft, language: Language, prices: Prices) -> list[str]:
    board = draft.board
    texts = [
        f"### {language.say(_HEADING)}",
        words.quoted_prompt(board.prompt)
        if board.prompt
        else language.say("No overall prompt yet: say what holds for the whole video."),
        _shot_list(board, language)
        if board.shots
        else language.say("No shots yet. Add them one by one, or all at once as text."),
        strip(language, board),
        choices_line(language, draft, prices),
    ]
    if board.unread_text is not None:
        read = read_shots(board.unread_text)
        if isinstance(read, UnreadableText):
            texts.append("\n".join(fault_lines(language, read.faults)))
    if board.wants:
        texts.append("\n".join(wants_lines(language, board)))
    return texts


def _shot_list(board: Storyboard, language: Language) -> str:
    return "\n".join(
        shot_line(language, number, shot, is_selected=number - 1 == board.selected)
        for number, shot in enumerate(board.shots, start=1)
    )


def _shot_select(draft: Draft, language: Language) -> ui.Select[ui.LayoutView]:
    return ui.Select(
        custom_id=SELECT.of(choice=BuilderChoice.SHOT, draft_id=draft.id),
        placeholder=language.say("Which shot the buttons are for"),
        options=[
            discord.SelectOption(
                label=shot_option(language, index + 1, shot),
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
                label=language.say(ASPECTS[aspect]),
                value=aspect.value,
                default=aspect is draft.board.aspect,
            )
            for aspect in Aspect
        ],
    )


def _no_picture(draft: Draft, language: Language) -> ui.Button[ui.LayoutView]:
    return ui.Button(
        label=language.say("Remove the picture"),
        custom_id=BUTTON.of(verb=Verb.NO_PICTURE, draft_id=draft.id),
    )


def _quality_select(
    draft: Draft, language: Language, prices: Prices, offered: Sequence[str]
) -> ui.Select[ui.LayoutView]:
    """Each quality with what this storyboard costs in it.

    None of them is chosen if the draft's own is not offered any more.
    """
    labels = qualities()
    return ui.Select(
        custom_id=SELECT.of(choice=BuilderChoice.QUALITY, draft_id=draft.id),
        placeholder=language.say("Choose a quality"),
        options=[
            discord.SelectOption(
                label=labels[quality],
                value=quality,
                description=_price_part(
                    language, draft.board.model_copy(update={"quality": quality}), prices
                ),
                default=quality == draft.board.quality,
            )
            for quality in offered
        ],
    )


def _button_rows(draft: Draft, language: Language) -> list[ui.ActionRow[ui.LayoutView]]:
    board = draft.board
    here, last = board.selected, len(board.shots) - 1
    none_selected = here is None
    text = marked("As text") if board.unread_text is None else marked("Correct the text")
    sound = marked("Sound: on") if board.sound else marked("Sound: off")
    seen_by = marked("Seen by: only you") if board.private else marked("Seen by: everyone")
    covered = marked("Spoiler: on") if board.spoiler else marked("Spoiler: off")

    def button(verb: Verb, label: str, *, disabled: bool = False) -> ui.Button[ui.LayoutView]:
        custom_id = BUTTON.of(verb=verb, draft_id=draft.id)
        return ui.Button(label=language.say(label), custom_id=custom_id, disabled=disabled)

    return [
        row_of(
            button(Verb.ADD, marked("Add shot"), disabled=board.is_full),
            button(Verb.EDIT, marked("Edit"), disabled=none_selected),
            button(Verb.UP, marked("Move up"), disabled=none_selected or here == 0),
            button(Verb.DOWN, marked("Move down"), disabled=none_selected or here == last),
            button(Verb.REMOVE, marked("Remove"), disabled=none_selected),
        ),
        row_of(
            button(Verb.PROMPT, marked("Overall prompt")),
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
            label=language.say("Generate"),
            custom_id=BUTTON.of(verb=Verb.GENERATE, draft_id=draft.id),
            disabled=bool(draft.board.wants),
        ),
        ui.Button(
            style=discord.ButtonStyle.danger,
            label=language.say("Discard"),
            custom_id=BUTTON.of(verb=Verb.DISCARD, draft_id=draft.id),
        ),
    )


def discard_question(draft: Draft, language: Language) -> ui.LayoutView:
    """Takes the builder's place until it is answered."""
    container = ui.Container[ui.LayoutView](accent_colour=_ACCENT)
    asked = language.plural(
        "Discard this storyboard with its {number} shot?",
        "Discard this storyboard with its {number} shots?",
        len(draft.board.shots),
    )
    container.add_item(ui.TextDisplay(f"### {asked}"))
    if draft.board.prompt:
        container.add_item(ui.TextDisplay(words.quoted_prompt(draft.board.prompt)))
    discard = ui.Button[ui.LayoutView](
        style=discord.ButtonStyle.danger,
        label=language.say("Yes, discard it"),
        custom_id=BUTTON.of(verb=Verb.DISCARD_NOW, draft_id=draft.id),
    )
    keep = BUTTON.of(verb=Verb.KEEP, draft_id=draft.id)
    add_buttons(container, row_of(discard, no(language, marked("Keep it"), keep)))
    return view_of(container)


def shot_line(language: Language, number: int, shot: Shot, *, is_selected: bool) -> str:
    """One shot in the list, the selected one with a pointer in front."""
    said = words.quoted_prompt(shot.prompt, shown_chars=SHOT_SHOWN_CHARS).removeprefix("> ")
    seconds = language.say("{seconds} s", seconds=shot.duration_s)
    return f"{'▶ ' if is_selected else ''}**{number}** · {seconds} · {said}"


def shot_option(language: Language, number: int, shot: Shot) -> str:
    """One shot in the select, which shows plain text."""
    seconds = language.say("{seconds} s", seconds=shot.duration_s)
    return f"{number} · {seconds} · {excerpt(shot.prompt, OPTION_SHOWN_CHARS)}"


def strip(language: Language, board: Storyboard) -> str:
    """The timeline, and in words how much of the maximum length is used."""
    total = language.say(
        "{seconds} of at most {most} s", seconds=board.duration_s, most=DURATION_MAX_S
    )
    return f"`{timeline(board.shots)}`\n{total}"


def choices_line(language: Language, draft: Draft, prices: Prices) -> str:
    """What was chosen, what it costs, and how long it is kept."""
    board = draft.board
    parts = [
        *words_requests.shots_part(language, len(board.shots)),
        board.aspect.value if board.start_frame is None else language.say("from a picture"),
        qualities()[board.quality],
        language.say("with sound") if board.sound else language.say("silent"),
    ]
    if board.private:
        parts.append(language.say("private"))
    if (price := _price_part(language, board, prices)) is not None:
        parts.append(price)
    until = discord.utils.format_dt(draft.expires_at, "R")
    parts.append(language.say("the draft is thrown away {when}", when=until))
    return f"-# {' · '.join(parts)}"


def _price_part(language: Language, board: Storyboard, prices: Prices) -> str | None:
    if not board.shots:
        return None
    return words.price_line(language, board.price_microusd(prices), None)


def wants_lines(language: Language, board: Storyboard) -> list[str]:
    """What is missing before it can be generated."""
    said = {
        Want.OVERALL_PROMPT: language.say("Still to do: write the overall prompt."),
        Want.MORE_SHOTS: language.say(
            "Still to do: add shots, {fewest} to {most} make a storyboard.",
            fewest=SHOTS_MIN,
            most=SHOTS_MAX,
        ),
        Want.LESS_TIME: language.say(
            "Still to do: shorten it by {seconds} s.",
            seconds=board.duration_s - DURATION_MAX_S,
        ),
    }
    return [said[want] for want in board.wants]


def fault_lines(language: Language, faults: tuple[TextFault, ...]) -> list[str]:
    """What is wrong with a text, line by line; the shots stay as they were."""
    lines = [language.say("⚠️ I couldn't read your text, so the shots stay as they were:")]
    return lines + [_fault_line(language, fault) for fault in faults]


def _fault_line(language: Language, fault: TextFault) -> str:
    return language.say(
        _LINES[fault.trouble],
        line=language.number(fault.line),
        shortest=DURATION_MIN_S,
        longest=DURATION_MAX_S,
        found=language.number(fault.found_chars),
        most=SHOT_PROMPT_MAX_CHARS,
        shots=SHOTS_MAX,
    )

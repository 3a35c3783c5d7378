"""Every word of the storyboard builder: what it shows, what is missing, what is wrong in a line."""

from typing import Final

import discord

from bot.domain.models import qualities
from bot.domain.price import Prices
from bot.domain.request import (
    DURATION_MAX_S,
    DURATION_MIN_S,
    SHOT_PROMPT_MAX_CHARS,
    SHOTS_MAX,
    SHOTS_MIN,
    Aspect,
    Shot,
)
from bot.domain.storyboard import Draft, Storyboard, Want, timeline
from bot.domain.storyboard_text import LineTrouble, TextFault
from bot.features.storyboards import DraftRefusal
from bot.languages.language import Language, marked
from bot.ui import words, words_requests
from bot.ui.plain_text import excerpt

SHOT_SHOWN_CHARS: Final = 90
OPTION_SHOWN_CHARS: Final = 80
"""Discord allows 100 characters for a select's option, including its number and length."""

HEADING = marked("🎞️ Storyboard")
NO_PROMPT = marked("No overall prompt yet: say what holds for the whole video.")
NO_SHOTS = marked("No shots yet. Add them one by one, or all at once as text.")
SENT = marked("Sent: your storyboard is on its own card now. `/storyboard` begins another.")
DISCARDED = marked("Discarded. `/storyboard` begins another.")
BLANK_SHOT = marked("Please say what happens in the shot. Nothing was changed.")

ADD = marked("Add shot")
EDIT = marked("Edit")
MOVE_UP = marked("Move up")
MOVE_DOWN = marked("Move down")
REMOVE = marked("Remove")
PROMPT = marked("Overall prompt")
AS_TEXT = marked("As text")
CORRECT_TEXT = marked("Correct the text")
SOUND_ON = marked("Sound: on")
SOUND_OFF = marked("Sound: off")
PRIVATE = marked("Seen by: only you")
SPOILER_ON = marked("Spoiler: on")
SPOILER_OFF = marked("Spoiler: off")
PUBLIC = marked("Seen by: everybody")
GENERATE = marked("Generate")
DISCARD = marked("Discard")
PICK = marked("Which shot the buttons are for")

ASPECTS: dict[Aspect, str] = {
    Aspect.LANDSCAPE: marked("16:9 (landscape)"),
    Aspect.PORTRAIT: marked("9:16 (portrait)"),
    Aspect.SQUARE: marked("1:1 (square)"),
}

ADD_TITLE = marked("Add a shot")
EDIT_TITLE = marked("Edit shot {number}")
SHOT_LABEL = marked("What happens in it")
LENGTH_LABEL = marked("How long it is")
PROMPT_TITLE = marked("Overall prompt")
PROMPT_LABEL = marked("What holds for the whole video")
TEXT_TITLE = marked("Storyboard as text")
TEXT_LABEL = marked("A line for each shot")
TEXT_HINT = marked("Its length and a colon first, as in “5s: the kite rises”.")

REFUSALS: dict[DraftRefusal, str] = {
    DraftRefusal.GONE: marked(
        "This storyboard was sent, discarded, or left alone for a day. `/storyboard` begins "
        "another."
    ),
    DraftRefusal.NOT_YOURS: marked("This storyboard belongs to another person."),
    DraftRefusal.BEING_SENT: marked("This storyboard is being sent this very moment."),
    DraftRefusal.NOT_POSSIBLE: marked(
        "The storyboard has changed meanwhile and that is no longer possible; nothing was done. "
        "`/storyboard` shows it as it is."
    ),
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
        board.aspect.value,
        qualities()[board.quality],
        language.say("with sound") if board.sound else language.say("silent"),
    ]
    if board.private:
        parts.append(language.say("private"))
    if board.shots:
        parts.append(words.price_line(language, board.price_microusd(prices), None))
    until = discord.utils.format_dt(draft.expires_at, "R")
    parts.append(language.say("the draft is thrown away {when}", when=until))
    return f"-# {' · '.join(parts)}"


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
    lines = [language.say("⚠️ I could not read your text, so the shots are as they were:")]
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

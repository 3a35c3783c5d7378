"""Why an order was declined, in a sentence that says what to do; and a job's place in line."""

from collections.abc import Sequence
from typing import Final, assert_never

import discord

from bot.domain.ledger import OverCap, TooSoon
from bot.domain.line import InLine, WaitReason
from bot.domain.policy import DeclineReason, DeclineWhy, Paused, RoleNeeded, TooLong, WordsRefused
from bot.domain.servers import REASON_MAX_CHARS
from bot.languages.language import Language, marked
from bot.ui.plain_text import as_text
from bot.ui.words_budget import over_cap_line

WORDS_SHOWN: Final = 5
WORD_SHOWN_CHARS: Final = 60

REASONS: dict[DeclineReason, str] = {
    DeclineReason.RESTARTING: marked(
        "I am just restarting. Please try again in a minute; nothing was charged."
    ),
    DeclineReason.DRAINING: marked(
        "I am about to be restarted and only finish what is under way. Nothing was charged; please "
        "ask again in a while."
    ),
    DeclineReason.STORE_DOWN: marked(
        "I could not write this down, so I did not send it. Nothing was charged; please try again "
        "in a minute."
    ),
    DeclineReason.NOT_A_PERSON: marked("Only people can ask for videos."),
    DeclineReason.PENDING: marked(
        "Please accept the rules of this server first; then you can ask for videos."
    ),
    DeclineReason.BLOCKED: marked(
        "You cannot ask for videos in this server. Its managers can tell you why."
    ),
    DeclineReason.SERVER_BLOCKED: marked("Videos are not available in this server."),
    DeclineReason.SERVER_UNREAD: marked(
        "Some settings of this server cannot be read at the moment, so I make no videos here. Its "
        "managers can see in `/kling-admin settings` which; nothing was charged."
    ),
    DeclineReason.PAUSED_UNREAD: marked(
        "I cannot read my own settings at the moment, so I take nothing new. My operator has been "
        "told; nothing was charged."
    ),
    DeclineReason.NOT_IN_THIS_CHANNEL: marked(
        "Videos cannot be asked for in this channel. Please use another one."
    ),
    DeclineReason.AGE_RESTRICTED_ONLY: marked(
        "In this server, videos can only be asked for in age-restricted channels."
    ),
    DeclineReason.SOUND_NOT_ALLOWED: marked(
        "This server makes silent videos only. Please ask again with `sound: False`."
    ),
    DeclineReason.NOTHING_TO_SEE: marked(
        "Nothing can be seen of the prompt, the negative prompt or a shot: it holds invisible "
        "characters alone. Please write it in words; nothing was charged."
    ),
    DeclineReason.KEY_BROKEN: marked(
        "This server's RunComfy key is no longer accepted. Its managers have been told; nothing "
        "was charged."
    ),
    DeclineReason.NO_DIRECT_MESSAGES: marked(
        "Here I make videos for my operator alone. Please ask in a server that has added me; "
        "nothing was charged."
    ),
    DeclineReason.BLOCKED_ELSEWHERE: marked(
        "You cannot ask for videos here, since a server has blocked you. Its managers can tell "
        "you why; nothing was charged."
    ),
    DeclineReason.SERVER_NOT_PAID_FOR: marked(
        "My operator does not pay for videos in this server. Its managers can have it pay for "
        "itself with `/kling-admin key`; nothing was charged."
    ),
}

WAITS: dict[WaitReason, str] = {
    WaitReason.OTHERS: marked("Waiting for a free place. Position in line: {position}."),
    WaitReason.OWN: marked(
        "It starts when one of your other videos is done. Position in line: {position}."
    ),
    WaitReason.SERVER: marked(
        "It starts when one of this server's other videos is done. Position in line: {position}."
    ),
    WaitReason.PAUSED: marked("Paused for now. It keeps its place in line: {position}."),
}


def decline_line(language: Language, why: DeclineWhy) -> str:
    """The reason for a decline, in one or two sentences; a declined order costs nothing."""
    match why:
        case DeclineReason():
            return language.say(REASONS[why])
        case Paused(because, everywhere):
            paused = (
                marked("I am paused at the moment: {reason}")
                if everywhere
                else marked("Videos are paused in this server: {reason}")
            )
            return language.say(paused, reason=as_text(because, REASON_MAX_CHARS))
        case RoleNeeded(role_ids):
            roles = ", ".join(f"<@&{role_id}>" for role_id in role_ids)
            return language.say("In this server you need one of these roles: {roles}", roles=roles)
        case TooLong(longest_s):
            return language.say(
                "In this server a video may be {seconds} s long at most.", seconds=longest_s
            )
        case WordsRefused(found):
            return refused_words_line(language, found)
        case OverCap():
            return over_cap_line(language, why)
        case TooSoon(again_at):
            return language.say(
                "That was quick. Please ask again {when}.",
                when=discord.utils.format_dt(again_at, "R"),
            )
        case _:
            assert_never(why)


def refused_words_line(language: Language, found: Sequence[str]) -> str:
    """The requester's own words that are not allowed, as they wrote them."""
    shown = [f"“{as_text(word, WORD_SHOWN_CHARS)}”" for word in found[:WORDS_SHOWN]]
    return language.say(
        "This server does not want this in a prompt: {words}. Please word it differently; nothing "
        "was charged.",
        words=", ".join(shown) + ("…" if len(found) > WORDS_SHOWN else ""),
    )


def in_line_line(language: Language, in_line: InLine) -> str:
    """The job's place in our own line, and what it waits for."""
    return language.say(WAITS[in_line.reason], position=language.number(in_line.position))

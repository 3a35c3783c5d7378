"""The words around finished and former videos: buttons, questions, lists and details."""

from datetime import datetime, timedelta

import discord
from babel import Locale
from babel.dates import format_timedelta

from bot.domain.job import Job, State
from bot.features.library import Filter, LibraryRefusal
from bot.languages.language import Language, marked
from bot.ui import words
from bot.ui.plain_text import as_text, excerpt

CHOICE_MAX_CHARS = 100
"""Discord's limit on a choice's name, and on its value."""

AGAIN_LABEL = marked("Again")
CHANGE_LABEL = marked("Change…")
DELETE_LABEL = marked("Delete")
DETAILS_LABEL = marked("Details")
RESEND_LABEL = marked("Send it to me")
DELETE_NOW_LABEL = marked("Yes, delete it")
NEWER_LABEL = marked("Newer")
OLDER_LABEL = marked("Older")
JUMP_LABEL = marked("go to it")

DELETE_QUESTION = marked("Delete this video, and my copy if I kept one?")
DELETED = marked("Deleted. I keep no copy of it.")
DELETED_BUT_CARD = marked(
    "I keep no copy of it any more, but I cannot reach the message with the video: please delete "
    "or dismiss it yourself."
)
RESENT = marked("Here it is again.")
ONLY_ITS_ADDRESS = marked(
    "Discord does not take the file here; this is its address at the service."
)
TITLE = marked("Your videos")
NONE_AT_ALL = marked("I know of no video of yours. Try `/kling`.")
NONE_OF_THESE = marked("None of your videos is in that state.")
NO_TEXT = marked(
    "That message has no text that I could make a video from. Please choose one with words."
)
NOT_YOUR_LIST = marked("This is somebody else's list. Yours is `/generations list`.")
DELETED_HEADING = marked("🗑️ Deleted")
SHORTENED = marked("Change… shows all of it.")

MODAL_TITLE = marked("Change and make a new video")
PROMPT_LABEL = marked("What the video shows")
NEGATIVE_LABEL = marked("What it should not show")
DURATION_LABEL = marked("How long it is")
PICTURE_LABEL = marked("Shape and sound")
GUIDANCE_LABEL = marked("How closely to follow the prompt")
GUIDANCE_HINT = marked("0 is free, 1 is strict.")

LANDSCAPE = marked("16:9 (landscape)")
PORTRAIT = marked("9:16 (portrait)")
SQUARE = marked("1:1 (square)")
SOUND = {True: marked("with sound"), False: marked("silent")}

FILTERS: dict[Filter, str] = {
    Filter.ALL: marked("all"),
    Filter.RUNNING: marked("under way"),
    Filter.READY: marked("ready"),
    Filter.FAILED: marked("failed"),
    Filter.CANCELLED: marked("cancelled"),
    Filter.UNSURE: marked("unsure"),
}

REFUSALS: dict[LibraryRefusal, str] = {
    LibraryRefusal.UNKNOWN_JOB: marked("I do not know this video any more."),
    LibraryRefusal.UNKNOWN_PROMPT: marked(
        "I do not have that prompt any more. Please type it. Nothing was charged."
    ),
    LibraryRefusal.NOT_YOURS: marked(
        "Only the person who asked for this video, or a moderator, can do that."
    ),
    LibraryRefusal.NOBODYS: marked(
        "Whoever asked for this video had their data erased, so I do not know any more whose it "
        "is. A moderator can still delete it."
    ),
    LibraryRefusal.STILL_GOING_ON: marked(
        "This video is still under way. Cancel it, or wait until it is over."
    ),
    LibraryRefusal.NO_VIDEO: marked("There is no finished video to send."),
    LibraryRefusal.GONE: marked(
        "The video is gone: I have no copy of it, and the service does not keep it any more."
    ),
    LibraryRefusal.ALREADY_DELETED: marked("This video was deleted."),
    LibraryRefusal.ERASED: marked(
        "Its prompt and its links were erased, so I cannot do that any more."
    ),
    LibraryRefusal.DISCORD_SILENT: marked(
        "Discord did not let me delete it just now. Please try again in a moment."
    ),
    LibraryRefusal.FETCH_FAILED: marked(
        "I could not fetch it just now. Please try again in a moment."
    ),
    LibraryRefusal.NOT_TAKEN: marked(
        "Discord did not take it just now. Please try again in a moment."
    ),
    LibraryRefusal.NOT_NOW: marked("I could not do that just now. Please try again in a moment."),
}

NOT_FOUND = marked(
    "You have no video called “{typed}”. Type a word of its prompt and pick it from the list that "
    "appears, or look it up with `/generations list`."
)


def not_found(language: Language, typed: str) -> str:
    """Says that nothing matches what the member typed."""
    return language.say(NOT_FOUND, typed=as_text(typed, CHOICE_MAX_CHARS))


def heading(language: Language, job: Job) -> str:
    """A job's state in words."""
    return language.say(DELETED_HEADING) if job.deleted else words.heading(language, job)


def list_title(language: Language, which: Filter) -> str:
    """The title of a list."""
    if which is Filter.ALL:
        return language.say(TITLE)
    return f"{language.say(TITLE)}: {language.say(FILTERS[which])}"


def listed_line(language: Language, job: Job) -> str:
    """One job of a list: state, length, cost, time, and the link to its card."""
    parts = [
        f"**{heading(language, job)}**",
        language.say("{seconds} s", seconds=job.request.duration_s),
    ]
    if may_have_cost(job):
        parts.append(words.price_line(language, job.estimate_microusd, job.cost_microusd))
    parts.append(discord.utils.format_dt(job.created_at, "R"))
    if (link := jump_link(job)) is not None:
        parts.append(f"[{language.say(JUMP_LABEL)}]({link})")
    elif job.private and not job.deleted:
        parts.append(language.say("private"))
    return " · ".join(parts)


def may_have_cost(job: Job) -> bool:
    """Whether the job may have cost something: a refused or cancelled one was not charged."""
    return job.cost_microusd is not None or job.state not in (State.CANCELLED, State.FAILED)


def jump_link(job: Job) -> str | None:
    """The address of the job's card; None for a private one, which only its requester can see."""
    place = job.place
    if job.deleted or place.ephemeral or not place.message_id:
        return None
    where = place.guild_id or "@me"
    return f"https://discord.com/channels/{where}/{place.channel_id}/{place.message_id}"


def choice_label(language: Language, job: Job, now: datetime) -> str:
    """A job as a suggestion: the beginning of its prompt, and its time."""
    when = ago(language, now - job.created_at)
    return f"{excerpt(job.request.prompt, CHOICE_MAX_CHARS - len(when) - 3)} · {when}"


def ago(language: Language, age: timedelta) -> str:
    """Like "3 hours ago", for plain text, where Discord would show its timestamps as code."""
    locale = Locale.parse(language.code, sep="-")
    return format_timedelta(-age, add_direction=True, locale=locale)


def clock_time(language: Language, time: timedelta) -> str:
    """A span to the second, like on a stop-watch."""
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return language.say("{hours} h {minutes} min", hours=hours, minutes=minutes)
    if minutes:
        return language.say("{minutes} min {seconds} s", minutes=minutes, seconds=seconds)
    return language.say("{seconds} s", seconds=seconds)


def cost_lines(language: Language, job: Job) -> list[str]:
    """The expected cost, and the cost that the service named."""
    estimated = language.say("Estimated: {price}", price=language.dollars(job.estimate_microusd))
    if job.cost_microusd is not None:
        actual = language.say("Cost: {price}", price=language.dollars(job.cost_microusd))
    elif may_have_cost(job):
        actual = language.say("Cost: not named by the service so far")
    else:
        actual = language.say("Cost: none named by the service")
    return [estimated, actual]

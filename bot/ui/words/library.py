"""The words of the modal that changes a video, and the links to cards."""

from bot.domain.job import Job
from bot.features.admission import Order
from bot.languages.language import Language, marked
from bot.ui.plain_text import as_text

CHOICE_MAX_CHARS = 100
"""Discord's limit on a choice's name, and on its value."""

INSPIRED_CHARS = 40
"""How much of its prompt tells which video another one was made like."""

JUMP_LABEL = marked("go to it")

NO_TEXT = marked(
    "That message has no text and no picture to make a video from. Please choose another one."
)

MODAL_TITLE = marked("Change and make a new video")
NEW_TITLE = marked("Make a video")
"""Of the same modal where there is no video yet that could be changed."""
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


def jump_link(job: Job) -> str | None:
    """The address of the job's card; None for a private one, which only its requester can see."""
    place = job.place
    if job.deleted or place.ephemeral or not place.message_id:
        return None
    where = place.guild_id or "@me"
    return f"https://discord.com/channels/{where}/{place.channel_id}/{place.message_id}"


def origin_line(language: Language, of: Job | Order, before: Job | None) -> str:
    """Says of a card which video it continues, or was made like."""
    if of.continues is not None:
        return continues_line(language, before)
    return inspired_line(language, before)


def inspired_line(language: Language, before: Job | None) -> str:
    """Says which video of the showcase another one was made like, unless that one is gone."""
    link = None if before is None else jump_link(before)
    if before is None or link is None or before.erased:
        return language.say("💡 inspired by another video")
    said = language.say(
        "💡 inspired by {author}'s “{prompt}”",
        author=f"<@{before.requester_id}>",
        prompt=as_text(before.request.prompt, INSPIRED_CHARS),
    )
    return f"{said} · [{language.say(JUMP_LABEL)}]({link})"


def continues_line(language: Language, before: Job | None) -> str:
    """Says of a card which video it continues, with a link unless that one is private or gone."""
    link = None if before is None else jump_link(before)
    if link is None:
        return language.say("↪️ continues an earlier video")
    return language.say("↪️ continues [an earlier video]({link})", link=link)

"""What is said about people's own data."""

from bot.features.privacy import Forgotten
from bot.languages.language import Language, marked

EXPORTED = marked("This is everything I keep about you.")
TOO_LARGE = marked(
    "There is more than Discord lets me send here. Please ask whoever runs this bot for it."
)
FORGET_TITLE = marked("Erase your data?")
FORGET_WHAT = marked(
    "I will erase your prompts, the links to your videos, my copies of them, your drafts and your "
    "settings. This cannot be undone. Amounts spent stay in the books without your name. "
    "Messages that I posted stay in their channels: use Delete on them first if you want them "
    "gone."
)
FORGET_LABEL = marked("Erase everything")
NOT_YOURS = marked("Only the person who asked can answer this.")
NOT_FORGOTTEN = marked(
    "I could not erase everything just now. Please try again in a moment; what is erased stays "
    "erased."
)


def forgotten_line(language: Language, forgotten: Forgotten) -> str:
    """What came of it, and what is left to do."""
    said = language.say("Done: your drafts and settings are erased.")
    if forgotten.videos:
        said = language.plural(
            "Done: what I kept of {number} video is erased, and so are your drafts and settings.",
            "Done: what I kept of {number} videos is erased, and so are your drafts and settings.",
            forgotten.videos,
        )
    sentences = [said]
    if forgotten.prompts_alone:
        sentences.append(
            language.plural(
                "{number} has not reached you yet, or is unsure: its prompt is erased, and the "
                "rest can be when that is settled.",
                "{number} have not reached you yet, or are unsure: their prompts are erased, and "
                "the rest can be when that is settled.",
                forgotten.prompts_alone,
            )
        )
    if forgotten.still_under_way:
        sentences.append(
            language.plural(
                "{number} is still under way: ask again when it is over.",
                "{number} are still under way: ask again when they are over.",
                forgotten.still_under_way,
            )
        )
    if forgotten.unread:
        sentences.append(
            language.plural(
                "{number} cannot be read at the moment and stands as it was; whoever runs this bot "
                "has been told.",
                "{number} cannot be read at the moment and stand as they were; whoever runs this "
                "bot has been told.",
                forgotten.unread,
            )
        )
    return " ".join(sentences)

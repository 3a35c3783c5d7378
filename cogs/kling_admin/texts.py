"""The words of `/kling-admin`: the panel of a server's settings, and what managers are told."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.ledger import Caps
from bot.domain.servers import RoleRule
from bot.features.server_settings import CapsKind, SettingsRefusal
from bot.features.spending import Counted, FreshStart
from bot.languages.language import Language, marked
from bot.ui.key_news import QUOTED_CHARS
from bot.ui.plain_text import as_text

# --- the panel ------------------------------------------------------------------------------------

TITLE: Final = marked("### Settings of this server")
NOTE: Final = marked("Only you see this. A choice counts at once, for everybody here.")
PAUSED: Final = marked("⏸️ Videos are paused in this server: {reason}")
BLOCKED_BY_OPERATOR: Final = marked(
    "⛔ The operator of this bot has blocked this server. Only they can change that."
)
ROLE_RULES: Final = marked("Rules for single roles")
NO_ROLE_RULES: Final = marked("None yet: the same holds for everybody.")
PICK_ROLE: Final = marked("Pick a role to see or change its rules")
ROLE_TITLE: Final = marked("Rules for {role}")
EVERYBODY: Final = marked("everybody")
ROLE_GONE: Final = marked("This role was deleted. Its rules count for nobody.")
ROLE_LIMITS: Final = marked("Limits of each of them")
AS_USUAL: Final = marked("As for all members")
OWN_LIMITS: Final = marked("Limits of their own")
EXEMPT: Final = marked("None: neither members' nor roles' limits")
REVIEW: Final = marked("Review by a moderator")
NOT_REVIEWED: Final = marked("Not needed")
REVIEWED: Final = marked("A moderator approves each video first")
NO_REVIEW_CHANNEL: Final = marked(
    "No review channel is chosen, so nothing is reviewed. Choose one under *Calendar, channels*."
)
EACH_BUTTON: Final = marked("Limits of each…")
TOGETHER_BUTTON: Final = marked("Limits of all together…")
DROP_RULE_BUTTON: Final = marked("Remove these rules")
DROP_DELETED_BUTTON: Final = marked("Remove the rules of a deleted role")
CHANNEL_GONE: Final = marked("The channel that was chosen is deleted by now.")
TIDY_BUTTON: Final = marked("Take out what was deleted")
ZONE_BUTTON: Final = marked("Another time zone…")

# --- modals ---------------------------------------------------------------------------------------

CAPS_TITLES: Mapping[CapsKind, str] = {
    CapsKind.SERVER: marked("Limits of the server"),
    CapsKind.MEMBERS: marked("Limits of each member"),
    CapsKind.EACH: marked("Limits of each with this role"),
    CapsKind.TOGETHER: marked("Limits of all with this role"),
}
CAPS_LABELS: Mapping[str, str] = {
    "day_microusd": marked("Dollars a day"),
    "month_microusd": marked("Dollars a month"),
    "day_videos": marked("Videos a day"),
    "month_videos": marked("Videos a month"),
}
UNLIMITED_HINT: Final = marked("no limit")
ZONE_FORM_TITLE: Final = marked("Time zone")
ZONE_LABEL: Final = marked("A city, such as Rome or New York")
UNREAD_DOLLARS: Final = marked(
    "I cannot read “{typed}” as an amount of dollars. Please write it like 5 or 5.50, up to "
    "{most}; leave it empty for no limit. Nothing was changed."
)
UNREAD_COUNT: Final = marked(
    "I cannot read “{typed}” as a number of videos. Please write a whole number up to {most}; "
    "leave it empty for no limit. Nothing was changed."
)
UNKNOWN_ZONE: Final = marked(
    "I know no time zone for “{typed}”. Please write a large city of yours. Nothing was changed."
)
WHICH_ZONE: Final = marked(
    "I do not know for certain which time zone “{typed}” is. Did you mean {nearest}? Nothing was "
    "changed."
)

# --- answers --------------------------------------------------------------------------------------

CANNOT_WRITE_THERE: Final = marked(
    "I may not write in {channel} yet. Please allow me to view it and to send messages there, "
    "then choose it again. Nothing was changed."
)
REFUSALS: Mapping[SettingsRefusal, str] = {
    SettingsRefusal.YOURSELF: marked("You cannot block yourself."),
    SettingsRefusal.NOT_A_PERSON: marked("Bots cannot ask for videos anyway."),
    SettingsRefusal.BLOCKED_ALREADY: marked("They are blocked already."),
    SettingsRefusal.NOT_BLOCKED: marked("They are not blocked."),
    SettingsRefusal.BLOCKED_FULL: marked(
        "So many people are blocked here that there is no room for more. Unblock somebody, or "
        "choose under `/kling-admin settings` which roles may ask."
    ),
    SettingsRefusal.NO_REASON: marked("Please give a reason: it is shown to whoever asks."),
    SettingsRefusal.NOT_PAUSED: marked("Nothing is paused in this server."),
    SettingsRefusal.RULES_FULL: marked(
        "25 roles have rules of their own, and there is no room for more. Remove those of another "
        "role first. Nothing was changed."
    ),
    SettingsRefusal.TOO_MANY: marked(
        "Somebody else chose here as well, and together it is more than 25. Please choose again. "
        "Nothing was changed."
    ),
    SettingsRefusal.UNREAD: marked(
        "What is kept of this setting cannot be read, so it cannot be changed in part, and nothing "
        "was. `/kling-admin settings` says what you can do."
    ),
}
PAUSED_NOW: Final = marked(
    "Paused. Whoever asks is told: {reason}\nWhat waits keeps its place in line; what RunComfy has "
    "already is delivered. `/kling-admin resume` goes on."
)
RESUMED: Final = marked("Videos can be asked for again, and the line goes on.")
STILL_PAUSED: Final = marked(
    "Your server's own pause is over. The operator of this bot, however, has paused it as well: "
    "videos can be asked for once that is over."
)
BLOCKED: Final = marked(
    "{user} cannot ask for videos here any more. Videos that were asked for already go on."
)
UNBLOCKED: Final = marked("{user} can ask for videos here again.")
COUNTED: Final = marked(
    "The limits count at once. Already counted: {today} today, {month} this month."
)
COUNTED_OF_EACH: Final = marked(
    "The limits count at once. Of any member, the most already counted is {today} today, {month} "
    "this month."
)
STARTED_AFRESH: Final = marked(
    "{user} starts afresh: today counts {day} less and this month {month} less towards their "
    "limits. The server's limits are not affected."
)
NOTHING_TO_RESET: Final = marked("Nothing counted towards the limits of {user} yet.")


def quoted(text: str) -> str:
    """What a person typed, as plain text and shortened."""
    return as_text(text, QUOTED_CHARS)


def caps_line(language: Language, caps: Caps) -> str:
    """All limits in one line."""
    said = [
        language.say(text, amount=language.dollars(microusd))
        for microusd, text in (
            (caps.day_microusd, marked("{amount} a day")),
            (caps.month_microusd, marked("{amount} a month")),
        )
        if microusd is not None
    ]
    if caps.day_videos is not None:
        said.append(
            language.plural("{number} video a day", "{number} videos a day", caps.day_videos)
        )
    if caps.month_videos is not None:
        said.append(
            language.plural("{number} video a month", "{number} videos a month", caps.month_videos)
        )
    return ", ".join(said) if said else language.say(UNLIMITED_HINT)


def rule_line(language: Language, rule: RoleRule) -> str:
    """What is different for a role."""
    said: list[str] = []
    if rule.is_exempt:
        said.append(language.say("no limits"))
    elif rule.each is not None:
        said.append(language.say("each {limits}", limits=caps_line(language, rule.each)))
    if rule.together.is_set and not rule.is_exempt:
        together = caps_line(language, rule.together)
        said.append(language.say("all together {limits}", limits=together))
    if rule.is_reviewed:
        said.append(language.say("reviewed"))
    return "; ".join(said) if said else language.say("nothing of their own")


def more_rules(language: Language, roles: Sequence[str]) -> str:
    """Names the roles whose rules are not shown here: the select below shows each."""
    return language.plural(
        "- … and {number} more: {roles}",
        "- … and {number} more: {roles}",
        len(roles),
        roles=", ".join(roles),
    )


def counted_line(language: Language, kind: CapsKind, counted: Counted) -> str:
    """What a new limit counts already."""
    today, this_month = (
        language.plural(
            "{number} video ({amount})",
            "{number} videos ({amount})",
            balance.videos,
            amount=language.dollars(balance.taken_microusd),
        )
        for balance in (counted.today, counted.this_month)
    )
    is_of_each = kind in (CapsKind.MEMBERS, CapsKind.EACH)
    said = COUNTED_OF_EACH if is_of_each else COUNTED
    return language.say(said, today=today, month=this_month)


def role_name(language: Language, role_id: int, *, guild_id: int) -> str:
    """A role as a mention; everybody's role in words, since its name would mention them all."""
    return language.say(EVERYBODY) if role_id == guild_id else f"<@&{role_id}>"


def fresh_start(language: Language, user_id: int, start: FreshStart) -> str:
    """Says what a member's limits no longer count."""
    user = f"<@{user_id}>"
    if not start.month_videos and not start.month_microusd:
        return language.say(NOTHING_TO_RESET, user=user)

    def videos_for(videos: int, microusd: int) -> str:
        amount = language.dollars(microusd)
        return language.plural(
            "{number} video ({amount})", "{number} videos ({amount})", videos, amount=amount
        )

    return language.say(
        STARTED_AFRESH,
        user=user,
        day=videos_for(start.day_videos, start.day_microusd),
        month=videos_for(start.month_videos, start.month_microusd),
    )

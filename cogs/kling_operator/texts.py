"""Words for the operator: the state of everything, and the results of their decisions."""

import discord

from bot.domain.job import Job, State
from bot.domain.servers import REASON_MAX_CHARS
from bot.features.drain import Drain
from bot.features.operations import ServerLine
from bot.features.spending import Spend
from bot.features.unsure_jobs import ResolveRefusal
from bot.languages.language import Language, marked
from bot.ui.operator_news import SAFE_TO_STOP
from bot.ui.plain_text import as_text

ONLY_OPERATORS = marked("Only whoever runs this bot can do that.")
OVERVIEW_TITLE = marked("### The whole bot")
SERVERS_TITLE = marked("### Servers this month")
NO_SERVERS = marked("No server has done or decided anything this month.")
UNSURE_TITLE = marked("### Jobs that wait for your decision")
UNSURE_NOTE = marked(
    "Look for each in RunComfy's list of generations, of the account that paid, at that time."
)
NO_UNSURE = marked("No job is unsure.")
REFRESH_LABEL = marked("Look again")
THERE_LABEL = marked("It is there…")
NOT_THERE_LABEL = marked("It is not there")
FORM_TITLE = marked("The request that was found")
REQUEST_LABEL = marked("Its request id at RunComfy")
NOBODY_SAYS = marked("RunComfy does not say")
DIRECT_MESSAGES = marked("direct messages")
NO_JOBS = marked("no jobs yet")

PAUSED = marked(
    "Paused everywhere: nothing new is taken or sent, and whoever asks reads your reason. What is "
    "under way goes on. `/kling-operator resume` ends it."
)
RESUMED = marked("Going on: requests are taken and sent again.")
BLOCKED = marked("Blocked: {server} can ask for no more videos. What is under way goes on.")
UNBLOCKED = marked("{server} can ask for videos again.")
NOTHING_PAUSED = marked("Nothing was paused, and nothing is being drained: all goes on as before.")
BLOCKED_BEFORE = marked("{server} was blocked already.")
NOT_BLOCKED = marked("{server} was not blocked.")
NO_SUCH_SERVER = marked(
    "I know no server of that name, or several. Choose one from the list, or paste its id."
)
DRAINING = marked(
    "Draining: no more requests are taken, and nothing more is sent. I tell you by direct message "
    "when it is safe to stop. The drain ends when I am stopped (with several processes, the last "
    "of them), or with `/kling-operator resume`."
)
NO_DECISIONS = marked("No operator has decided anything yet.")

STATES: dict[State, str] = {
    State.ASKED: marked("being written down"),
    State.IN_REVIEW: marked("in review"),
    State.WAITING: marked("waiting"),
    State.SUBMITTING: marked("being sent"),
    State.QUEUED: marked("in the queue"),
    State.RENDERING: marked("rendering"),
    State.RENDERED: marked("being delivered"),
    State.UNSURE: marked("unsure"),
    State.DELIVERED: marked("delivered"),
    State.FAILED: marked("failed"),
    State.CANCELLED: marked("cancelled"),
}

_NOT_UNSURE = marked("That job is not unsure (any more); nothing was changed.")
NOT_RESOLVED: dict[ResolveRefusal, str] = {
    ResolveRefusal.UNKNOWN_JOB: _NOT_UNSURE,
    ResolveRefusal.NOT_UNSURE: _NOT_UNSURE,
    ResolveRefusal.MALFORMED: marked("That is no request id. Please copy it again, whole."),
    ResolveRefusal.NOT_THERE: marked(
        "RunComfy does not know this request by the key that paid for the job. Please check the id."
    ),
    ResolveRefusal.TAKEN: marked("Another job has this request already. Please check the id."),
    ResolveRefusal.SILENT: marked(
        "RunComfy gave no answer about this request, so it was not bound. Please try again."
    ),
}
BOUND = marked("Found: it is watched from here on, and its requester gets the video.")
WRITTEN_OFF = marked("Closed: its requester is told, and what was reserved for it is free again.")


def states_line(language: Language, by_state: dict[State, int]) -> str:
    """The number of jobs in each state, in the order of the lifecycle."""
    said = [
        f"{language.say(name)} {language.number(by_state[state])}"
        for state, name in STATES.items()
        if by_state.get(state)
    ]
    return " · ".join(said) or language.say(NO_JOBS)


def spend_line(language: Language, spend: Spend) -> str:
    """What was spent, how much of it is an estimate, and what is reserved."""
    videos = language.plural("{number} video", "{number} videos", spend.videos)
    said = [f"**{language.dollars(spend.spent_microusd)}**", videos]
    if spend.estimated_microusd:
        estimated = language.dollars(spend.estimated_microusd)
        said.append(language.say("{amount} of it estimated", amount=estimated))
    if spend.held_microusd:
        held = language.dollars(spend.held_microusd)
        said.append(language.say("{amount} reserved", amount=held))
    return " · ".join(said)


UNREAD = marked(
    "⛔ My decisions about the whole bot cannot be read, so nothing is taken and nothing is sent. "
    "They are damaged, or a newer version wrote them: `/kling-operator resume` goes on without "
    "them."
)


def paused_line(language: Language, because: str) -> str:
    """Says that everything is paused, and why."""
    reason = as_text(because, REASON_MAX_CHARS)
    return language.say("⏸️ Paused everywhere: {reason}", reason=reason)


def drain_line(language: Language, drain: Drain) -> str:
    """The progress of a drain."""
    if drain.is_safe_to_stop:
        return f"✅ {language.say(SAFE_TO_STOP)}"
    return language.plural(
        "⏳ Draining: {number} video is still under way.",
        "⏳ Draining: {number} videos are still under way.",
        drain.under_way,
    )


def server_line(language: Language, line: ServerLine, name: str | None) -> str:
    """One server: its jobs, its spending and its permissions."""
    if line.guild_id is None:
        who = language.say(DIRECT_MESSAGES)
    else:
        who = server_name(language, line.guild_id, name)
    said = [who, spend_line(language, line.by_operator)]
    if line.under_way or line.waiting:
        said.append(
            language.say(
                "{under_way} under way, {waiting} waiting",
                under_way=language.number(line.under_way),
                waiting=language.number(line.waiting),
            )
        )
    if line.has_key or line.by_itself.videos:
        own = spend_line(language, line.by_itself)
        said.append(language.say("🔑 by its own key: {spend}", spend=own))
    if line.is_blocked:
        said.append(language.say("⛔ blocked"))
    if line.is_paused:
        said.append(language.say("⏸️ paused by its managers"))
    return f"- {' · '.join(said)}"


def server_name(language: Language, guild_id: int, name: str | None) -> str:
    """A server's name, where the bot is in it, and its id."""
    shown = as_text(name, 60) if name else language.say("a server that I am not in")
    return f"{shown} `{guild_id}`"


def unsure_lines(language: Language, job: Job) -> str:
    """What finds the job in RunComfy's list; without the prompt, which is not ours to read."""
    sent = job.sent_at or job.created_at
    request = job.request
    said = [
        f"`{job.id}`",
        discord.utils.format_dt(sent, "F"),
        f"{request.duration_s} s",
        request.aspect.value,
        language.dollars(job.estimate_microusd),
    ]
    if job.request_id is not None:
        said.append(f"`{job.request_id}`")
    if job.key_id is not None:
        server = job.server_id
        said.append(language.say("🔑 on the account of its server {server}", server=server))
    return " · ".join(said)

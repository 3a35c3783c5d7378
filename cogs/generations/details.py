"""Shows all that is known about one video, sends it again, and deletes it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final, assert_never

import discord
from discord import ui

from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.job import Job, JobId, State
from bot.domain.ports import LocalFile, Trouble
from bot.domain.showcase import PostState
from bot.features.library.library import (
    DELETABLE_STATES,
    Deleted,
    Details,
    LibraryRefusal,
    VideoFiles,
)
from bot.languages.language import Language, marked
from bot.ui.buttons import (
    AGAIN,
    CANCEL,
    CHANGE,
    DELETE,
    DELETE_NOW,
    DETAILS,
    KEEP,
    RESEND,
    SHARE,
    TAKE_BACK,
    JobButton,
    no,
    of_job,
)
from bot.ui.card import add_content
from bot.ui.context import Interaction, actor_of, language_of, tell_privately
from bot.ui.layout import add_buttons, note, row_of, view_of
from bot.ui.parts import Part, whole
from bot.ui.plain_text import as_text
from bot.ui.presentation import Message, Presenting, Tried
from bot.ui.routes import Action
from bot.ui.words import cards as words
from bot.ui.words import library as own_words
from bot.ui.words import requests as words_requests
from bot.ui.words.library import CHOICE_MAX_CHARS
from bot.ui.writes import once

_SHORTENED: Final = marked("Change… shows all of it.")
LISTED_PROMPT_CHARS: Final = 120
DETAILED_PROMPT_CHARS: Final = 1_050
DETAILED_NEGATIVE_CHARS: Final = 450
"""With every character escaped, both leave a third of Discord's 4,000 characters to the rest."""


REFUSALS: dict[LibraryRefusal, str] = {
    LibraryRefusal.UNKNOWN_JOB: marked("I don't know this video any more."),
    LibraryRefusal.UNKNOWN_PROMPT: marked(
        "I don't have that prompt any more. Please type it. Nothing was charged."
    ),
    LibraryRefusal.NOT_YOURS: marked("Only this video's requester or a moderator can do that."),
    LibraryRefusal.NOBODYS: marked(
        "This video's requester had their data erased, so I no longer know whose it is. A "
        "moderator can still delete it."
    ),
    LibraryRefusal.STILL_GOING_ON: marked(
        "This video is still under way. Cancel it, or wait until it is over."
    ),
    LibraryRefusal.NO_VIDEO: marked("There is no finished video to send."),
    LibraryRefusal.GONE: marked(
        "The video is gone: I have no copy, and RunComfy no longer keeps it."
    ),
    LibraryRefusal.ALREADY_DELETED: marked("This video was deleted."),
    LibraryRefusal.ERASED: marked("Its prompt and links were erased, so I can't do that any more."),
    LibraryRefusal.DISCORD_SILENT: marked(
        "Discord didn't let me delete it. Please try again in a moment."
    ),
    LibraryRefusal.FETCH_FAILED: marked("I couldn't fetch it. Please try again in a moment."),
    LibraryRefusal.NOT_TAKEN: marked("Discord didn't take it. Please try again in a moment."),
    LibraryRefusal.NOT_NOW: marked("That didn't work. Please try again in a moment."),
}


async def details(interaction: Interaction, action: Action) -> None:
    """Show all that is known to the requester or a moderator."""
    await show_details(interaction, action["job_id"], actor_of(interaction))


async def show_details(
    interaction: Interaction, job_id: JobId, by: Actor, *, is_typed: bool = False
) -> None:
    """Show all that is known to this person; the requester also gets the buttons.

    A typed id may be anything; the answer reveals nothing about other people's jobs.
    """
    found = await interaction.client.services.library.details(job_id, by)
    unknown = (Denied(LibraryRefusal.UNKNOWN_JOB), Denied(LibraryRefusal.NOT_YOURS))
    if is_typed and found in unknown:
        await tell_privately(interaction, not_found(language_of(interaction), job_id))
        return
    if isinstance(found, Denied):
        await refuse(interaction, found)
        return
    is_theirs = found.job.requester_id == by.user_id
    before = await interaction.client.services.films.before(found.job.comes_from)
    view = details_view(
        found,
        language_of(interaction),
        with_buttons=is_theirs,
        before=before,
        shown=await _showcase_button(interaction, found.job, by),
    )
    await interaction.response.send_message(
        view=view,
        ephemeral=True,
        allowed_mentions=discord.AllowedMentions.none(),
    )


async def _showcase_button(interaction: Interaction, job: Job, by: Actor) -> JobButton | None:
    """What this person may do with the video in the showcase of its server."""
    match await interaction.client.services.showcase.standing(job, by):
        case PostState.SHOWN:
            return TAKE_BACK
        case PostState.REFUSED:
            return SHARE
        case _:
            return None


async def delete(interaction: Interaction, action: Action) -> None:
    """Ask in private whether they are sure."""
    found = await interaction.client.services.library.deletable(
        action["job_id"], actor_of(interaction)
    )
    if isinstance(found, Denied):
        await refuse(interaction, found)
        return
    question = question_view(found, language_of(interaction))
    await interaction.response.send_message(view=question, ephemeral=True)


async def keep(interaction: Interaction, _: Action) -> None:
    """A no to a question: replace it with a confirmation."""
    said = language_of(interaction).say("All right, nothing was changed.")
    if interaction.message is None or not interaction.message.flags.ephemeral:
        await tell_privately(interaction, said)
        return
    await interaction.response.edit_message(view=note(said))


async def delete_now(interaction: Interaction, action: Action) -> None:
    """Delete it, and replace the question with the outcome."""
    await interaction.response.defer()
    language = language_of(interaction)
    outcome = await interaction.client.services.library.delete(
        action["job_id"], actor_of(interaction)
    )
    if isinstance(outcome, Denied):
        text = language.say(REFUSALS[outcome.why])
    else:
        text = deleted_words(outcome, language)
    await interaction.edit_original_response(view=note(text))


async def resend(interaction: Interaction, action: Action) -> None:
    """Send the video once more, visible to its requester alone."""
    # The video may have to be fetched first, so this acknowledges the action before.
    await interaction.response.defer(ephemeral=True, thinking=True)
    by, library = actor_of(interaction), interaction.client.services.library
    async with library.video(
        action["job_id"], by, limit_bytes=interaction.filesize_limit
    ) as answer:
        match answer:
            case Denied():
                await refuse(interaction, answer)
            case VideoFiles():
                await _send_again(interaction, answer)
            case _:
                assert_never(answer)


async def _send_again(interaction: Interaction, found: VideoFiles) -> None:
    job, language = found.job, language_of(interaction)

    async def send(message: Message) -> int | Trouble:
        view = message.draw()

        async def follow_up() -> int:
            files = message.opened()
            sent = await interaction.followup.send(
                view=view, files=files, ephemeral=True, wait=True
            )
            return sent.id

        # Sent once: Discord takes no nonce here, so a repeat could show it twice.
        return await once(follow_up)

    async def no_smaller(limit_bytes: int) -> Sequence[LocalFile]:
        del limit_bytes
        return ()

    shown = await Presenting(
        draw=lambda part: resent_view(job, language, part),
        send=send,
        within=no_smaller,
        limit_bytes=interaction.filesize_limit,
        tried=Tried(),
        now=interaction.created_at,
    ).show(replace(whole(job, found.files), is_card=False))
    if isinstance(shown, Trouble):
        await refuse(interaction, Denied(LibraryRefusal.NOT_TAKEN))


async def refuse(interaction: Interaction, answer: Denied[LibraryRefusal]) -> None:
    """Say in private why something was not done."""
    text = language_of(interaction).say(REFUSALS[answer.why])
    await tell_privately(interaction, text)


def details_view(
    details: Details,
    language: Language,
    *,
    with_buttons: bool,
    before: Job | None = None,
    shown: JobButton | None = None,
) -> ui.LayoutView:
    """All that is known about a job; `before` is the one that it continues or was made like."""
    job = details.job
    container = ui.Container[ui.LayoutView]()
    container.add_item(ui.TextDisplay(f"### {heading(language, job)}"))
    container.add_item(ui.TextDisplay(_prompts(job, language)))
    container.add_item(ui.TextDisplay("\n".join(_facts(details, language, before))))
    if with_buttons:
        container.add_item(row_of(*_detailed_buttons(job, language, shown)))
    return view_of(container)


def question_view(job: Job, language: Language) -> ui.LayoutView:
    """Asks the member whether they are sure that they want to delete a video."""
    container = ui.Container[ui.LayoutView]()
    container.add_item(
        ui.TextDisplay(language.say("Delete this video, and my copy if I kept one?"))
    )
    quoted = words.quoted_prompt(job.request.prompt, shown_chars=LISTED_PROMPT_CHARS)
    container.add_item(ui.TextDisplay(quoted))
    buttons = (DELETE_NOW.of(job.id, language), no(language, marked("Keep it")))
    add_buttons(container, row_of(*buttons))
    return view_of(container)


def resent_view(job: Job, language: Language, part: Part) -> ui.LayoutView:
    """One message of a video that is sent again."""
    container = ui.Container[ui.LayoutView]()
    said = (
        marked("Here it is again.")
        if part.files
        else marked("Discord doesn't take the file here. This is its address at RunComfy.")
    )
    container.add_item(ui.TextDisplay(language.say(said)))
    add_content(container, job, language, part)
    return view_of(container)


def deleted_words(deleted: Deleted, language: Language) -> str:
    """What the member is told after a deletion."""
    done = (
        marked("Deleted. I keep no copy of it.")
        if deleted.card_is_gone
        else marked(
            "My copy is gone, but I can't reach the message with the video. Please delete "
            "or dismiss it yourself."
        )
    )
    return language.say(done)


def _detailed_buttons(
    job: Job, language: Language, shown: JobButton | None
) -> list[ui.Button[ui.LayoutView]]:
    offered = [AGAIN, CHANGE] if shown is None else [shown, AGAIN, CHANGE]
    if job.is_cancellable:
        offered.insert(0, CANCEL)
    elif job.state in DELETABLE_STATES and not job.deleted:
        offered.append(DELETE)
        if job.state is State.DELIVERED:
            offered.insert(0, RESEND)
    return of_job(offered, job, language)


def _prompts(job: Job, language: Language) -> str:
    request = job.request
    lines = [words.quoted_prompt(request.prompt, shown_chars=DETAILED_PROMPT_CHARS)]
    if request.negative_prompt:
        lines.append(f"{language.say(own_words.NEGATIVE_LABEL)}:")
        lines.append(
            words.quoted_prompt(request.negative_prompt, shown_chars=DETAILED_NEGATIVE_CHARS)
        )
    is_short = (
        len(request.prompt) <= DETAILED_PROMPT_CHARS
        and len(request.negative_prompt or "") <= DETAILED_NEGATIVE_CHARS
    )
    return "\n".join(lines if is_short else [*lines, f"-# {language.say(_SHORTENED)}"])


def _facts(details: Details, language: Language, before: Job | None) -> list[str]:
    job = details.job
    lines = [
        words_requests.settings_line(language, job.request, private=job.private),
        words.asked_line(job.requester_id, job.created_at),
        *cost_lines(language, job),
        language.say("Model: `{model_id}`", model_id=job.model_id),
        language.say("Number: `{job_id}`", job_id=job.id),
    ]
    if job.request_id is not None:
        lines.append(
            language.say("RunComfy's number: `{request_id}`", request_id=_code(job.request_id))
        )
    lines.extend(
        f"{words.state_heading(language, spent.state, is_picture=job.is_picture)}: "
        f"{clock_time(language, spent.time)}"
        for spent in details.spent
    )
    if job.comes_from is not None:
        lines.append(own_words.origin_line(language, job, before))
    if (link := own_words.jump_link(job)) is not None:
        lines.append(f"[{language.say(own_words.JUMP_LABEL)}]({link})")
    return lines


def not_found(language: Language, typed: str) -> str:
    """Says that nothing matches what the member typed."""
    return language.say(
        "You have no video called “{typed}”. Type a word of its prompt and pick it from the list "
        "that appears, or look it up with `/generations list`.",
        typed=as_text(typed, CHOICE_MAX_CHARS),
    )


def heading(language: Language, job: Job) -> str:
    """A job's state in words."""
    return language.say("🗑️ Deleted") if job.deleted else words.heading(language, job)


def may_have_cost(job: Job) -> bool:
    """Whether the job may have cost something: a refused or cancelled one was not charged."""
    return job.cost_microusd is not None or job.state not in (State.CANCELLED, State.FAILED)


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
        actual = language.say("Cost: RunComfy hasn't said yet")
    else:
        actual = language.say("Cost: nothing, as far as RunComfy says")
    return [estimated, actual]


def _code(text: str) -> str:
    """A service's word as it may stand between backticks."""
    return text.replace("`", "'")[:100]


ROUTES: Final = (
    (DETAILS.route, details),
    (DELETE.route, delete),
    (DELETE_NOW.route, delete_now),
    (KEEP, keep),
    (RESEND.route, resend),
)

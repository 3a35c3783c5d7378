"""Shows all that is known about one video, sends it again, and deletes it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, assert_never

import discord
from discord import ui

from bot.domain.actor import Actor
from bot.domain.denied import Denied
from bot.domain.job import Job, JobId, State
from bot.domain.ports import LocalFile, Trouble
from bot.features.library import Deleted, Details, LibraryRefusal, VideoFiles
from bot.languages.language import Language
from bot.ui import words
from bot.ui import words_library as own_words
from bot.ui.buttons import (
    AGAIN,
    CANCEL,
    CHANGE,
    DELETE,
    DELETE_NOW,
    DETAILS,
    RESEND,
    buttons_after,
)
from bot.ui.card import add_content
from bot.ui.context import Interaction, actor_of, language_of, tell_privately
from bot.ui.layout import note, row_of, view_of
from bot.ui.parts import Part, whole
from bot.ui.presentation import Message, Presenting, Tried
from bot.ui.routes import Action
from bot.ui.writes import once

LISTED_PROMPT_CHARS: Final = 120
DETAILED_PROMPT_CHARS: Final = 1_100
DETAILED_NEGATIVE_CHARS: Final = 450
"""With every character escaped, both leave a third of Discord's 4,000 characters to the rest."""


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
        await tell_privately(interaction, own_words.not_found(language_of(interaction), job_id))
        return
    if isinstance(found, Denied):
        await refuse(interaction, found)
        return
    is_theirs = found.job.requester_id == by.user_id
    await interaction.response.send_message(
        view=details_view(found, language_of(interaction), with_buttons=is_theirs),
        ephemeral=True,
        allowed_mentions=discord.AllowedMentions.none(),
    )


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


async def delete_now(interaction: Interaction, action: Action) -> None:
    """Delete it, and replace the question with the outcome."""
    await interaction.response.defer()
    language = language_of(interaction)
    outcome = await interaction.client.services.library.delete(
        action["job_id"], actor_of(interaction)
    )
    if isinstance(outcome, Denied):
        text = language.say(own_words.REFUSALS[outcome.why])
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
    text = language_of(interaction).say(own_words.REFUSALS[answer.why])
    await tell_privately(interaction, text)


def details_view(details: Details, language: Language, *, with_buttons: bool) -> ui.LayoutView:
    """All that is known about a job."""
    job = details.job
    container = ui.Container[ui.LayoutView]()
    container.add_item(ui.TextDisplay(f"### {own_words.heading(language, job)}"))
    container.add_item(ui.TextDisplay(_prompts(job, language)))
    container.add_item(ui.TextDisplay("\n".join(_facts(details, language))))
    if with_buttons:
        container.add_item(row_of(*_detailed_buttons(job, language)))
    return view_of(container)


def question_view(job: Job, language: Language) -> ui.LayoutView:
    """Asks the member whether they are sure that they want to delete a video."""
    container = ui.Container[ui.LayoutView]()
    container.add_item(ui.TextDisplay(language.say(own_words.DELETE_QUESTION)))
    quoted = words.quoted_prompt(job.request.prompt, shown_chars=LISTED_PROMPT_CHARS)
    container.add_item(ui.TextDisplay(quoted))
    container.add_item(row_of(DELETE_NOW.of(job.id, language)))
    return view_of(container)


def resent_view(job: Job, language: Language, part: Part) -> ui.LayoutView:
    """One message of a video that is sent again."""
    container = ui.Container[ui.LayoutView]()
    said = own_words.RESENT if part.files else own_words.ONLY_ITS_ADDRESS
    container.add_item(ui.TextDisplay(language.say(said)))
    add_content(container, job, language, part)
    return view_of(container)


def deleted_words(deleted: Deleted, language: Language) -> str:
    """What the member is told after a deletion."""
    done = own_words.DELETED if deleted.card_is_gone else own_words.DELETED_BUT_CARD
    return language.say(done)


def _detailed_buttons(job: Job, language: Language) -> list[ui.Button[ui.LayoutView]]:
    offered = [AGAIN, CHANGE]
    if job.is_cancellable:
        offered.insert(0, CANCEL)
    elif buttons_after(job.state) and not job.deleted:
        offered.append(DELETE)
        if job.state is State.DELIVERED:
            offered.insert(0, RESEND)
    return [button.of(job.id, language) for button in offered]


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
    return "\n".join(lines if is_short else [*lines, f"-# {language.say(own_words.SHORTENED)}"])


def _facts(details: Details, language: Language) -> list[str]:
    job = details.job
    lines = [
        words.settings_line(language, job.request, private=job.private),
        words.asked_line(job.requester_id, job.created_at),
        *own_words.cost_lines(language, job),
        language.say("Number: `{job_id}`", job_id=job.id),
    ]
    if job.request_id is not None:
        lines.append(
            language.say("RunComfy's number: `{request_id}`", request_id=_code(job.request_id))
        )
    lines.extend(
        f"{words.state_heading(language, spent.state, is_picture=job.is_picture)}: "
        f"{own_words.clock_time(language, spent.time)}"
        for spent in details.spent
    )
    if (link := own_words.jump_link(job)) is not None:
        lines.append(f"[{language.say(own_words.JUMP_LABEL)}]({link})")
    return lines


def _code(text: str) -> str:
    """A service's word as it may stand between backticks."""
    return text.replace("`", "'")[:100]


ROUTES: Final = (
    (DETAILS.route, details),
    (DELETE.route, delete),
    (DELETE_NOW.route, delete_now),
    (RESEND.route, resend),
)

"""What the buttons of finished videos and of lists do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, assert_never

import discord

from bot.domain.actor import Actor
from bot.domain.job import JobId
from bot.domain.ports import LocalFile, Trouble
from bot.domain.storyboard import storyboard_of
from bot.features.library_ports import (
    LibraryRefusal,
    Mark,
    NotServed,
    Shelf,
    VideoFiles,
    Way,
)
from bot.ui import words_library as own_words
from bot.ui.after import Press, Verb
from bot.ui.context import Interaction, actor_of, language_of, tell_privately
from bot.ui.layout import note
from bot.ui.modals import Submission, take_window
from bot.ui.parts import whole
from bot.ui.presenting import Message, Presenting, Tried
from bot.ui.writes import once
from cogs.generations.listing import (
    PAGE_JOBS,
    deleted_words,
    details_view,
    page_of_subject,
    page_view,
    question_view,
    resent_view,
)
from cogs.kling.asking import ask_for, is_private_there, may_ask
from cogs.kling.change_form import CHANGE_WINDOW, change_form, changed_options
from cogs.storyboard.builder import open_builder


async def again(interaction: Interaction, job_id: JobId) -> None:
    """Ask for the same once more, for whoever pressed."""
    await _ask_anew(interaction, job_id, {})


async def change(interaction: Interaction, job_id: JobId) -> None:
    """Open the window with everything filled in; a storyboard is changed in its builder."""
    found = await interaction.client.services.library.reusable(job_id, actor_of(interaction))
    if isinstance(found, NotServed):
        await refuse(interaction, found)
        return
    job = found.job
    if job.request.shots:
        private = job.private or await is_private_there(interaction)
        board = storyboard_of(job.request, private=private, spoiler=job.spoiler)
        await open_builder(interaction, board)
        return
    if not await may_ask(interaction):
        return
    form = change_form(job.request, language_of(interaction), job_id=job.id)
    await interaction.response.send_modal(form)


async def take_change(interaction: Interaction) -> None:
    """Ask for what a submitted window says, like for any other video."""
    await take_window(interaction, CHANGE_WINDOW, _ask_for_changed)


async def _ask_for_changed(
    interaction: Interaction, submission: Submission, match: re.Match[str]
) -> None:
    options = changed_options(submission)
    if match["job_id"]:
        await _ask_anew(interaction, match["job_id"], options)
    else:
        await ask_for(interaction, options, private=None)


async def _ask_anew(interaction: Interaction, job_id: JobId, changes: Mapping[str, Any]) -> None:
    found = await interaction.client.services.library.reusable(job_id, actor_of(interaction))
    if isinstance(found, NotServed):
        await refuse(interaction, found)
        return
    job = found.job
    # What was private stays so; what was public is so again only where the server wants it.
    options, private = {**job.request.model_dump(), **changes}, job.private or None
    await ask_for(interaction, options, private=private, spoiler=job.spoiler)


async def details(interaction: Interaction, job_id: JobId) -> None:
    """Tell all that is known, to the requester or a moderator."""
    await show_details(interaction, job_id, actor_of(interaction))


async def show_details(
    interaction: Interaction, job_id: JobId, by: Actor, *, is_typed: bool = False
) -> None:
    """Tell all that is known to somebody; the requester is offered what can be done as well.

    An id that was typed may be anything, and nothing is said of jobs of others.
    """
    found = await interaction.client.services.library.details(job_id, by)
    unknown = (NotServed(LibraryRefusal.UNKNOWN_JOB), NotServed(LibraryRefusal.NOT_YOURS))
    if is_typed and found in unknown:
        await tell_privately(interaction, own_words.not_found(language_of(interaction), job_id))
        return
    if isinstance(found, NotServed):
        await refuse(interaction, found)
        return
    is_theirs = found.job.requester_id == by.user_id
    await interaction.response.send_message(
        view=details_view(found, language_of(interaction), with_buttons=is_theirs),
        ephemeral=True,
        allowed_mentions=discord.AllowedMentions.none(),
    )


async def delete(interaction: Interaction, job_id: JobId) -> None:
    """Ask in private whether they are sure."""
    found = await interaction.client.services.library.deletable(job_id, actor_of(interaction))
    if isinstance(found, NotServed):
        await refuse(interaction, found)
        return
    question = question_view(found.job, language_of(interaction))
    await interaction.response.send_message(view=question, ephemeral=True)


async def delete_now(interaction: Interaction, job_id: JobId) -> None:
    """Delete it, and put the outcome in the question's place."""
    await interaction.response.defer()
    language = language_of(interaction)
    outcome = await interaction.client.services.library.delete(job_id, actor_of(interaction))
    if isinstance(outcome, NotServed):
        text = language.say(own_words.REFUSALS[outcome.refusal])
    else:
        text = deleted_words(outcome, language)
    await interaction.edit_original_response(view=note(text))


async def resend(interaction: Interaction, job_id: JobId) -> None:
    """Send the video once more, seen by its requester alone."""
    # It may have to be fetched first, so the press is acknowledged before.
    await interaction.response.defer(ephemeral=True, thinking=True)
    by, library = actor_of(interaction), interaction.client.services.library
    async with library.video(job_id, by, limit_bytes=interaction.filesize_limit) as answer:
        match answer:
            case NotServed():
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

        # Once: Discord takes no nonce here, so a repeat could show it twice.
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
        await refuse(interaction, NotServed(LibraryRefusal.NOT_TAKEN))


async def turn_page(interaction: Interaction, subject: str) -> None:
    """Show another page in the place of this one, to the owner of the list."""
    owner_id, shelf, way, mark = page_of_subject(subject)
    if interaction.user.id != owner_id:
        await tell_privately(interaction, language_of(interaction).say(own_words.NOT_YOUR_LIST))
        return
    await show_page(interaction, shelf=shelf, beyond=mark, way=way)


async def show_page(
    interaction: Interaction, *, shelf: Shelf, beyond: Mark | None, way: Way
) -> None:
    """Show a page of somebody's list: in the place of another, or as a new private answer."""
    owner_id = interaction.user.id
    page = await interaction.client.services.library.page(
        owner_id, shelf=shelf, beyond=beyond, way=way, size=PAGE_JOBS
    )
    if isinstance(page, NotServed):
        await refuse(interaction, page)
        return
    view = page_view(page, language_of(interaction), owner_id=owner_id, shelf=shelf)
    if interaction.message is None:
        await interaction.response.send_message(view=view, ephemeral=True)
    else:
        await interaction.response.edit_message(view=view)


async def refuse(interaction: Interaction, answer: NotServed) -> None:
    """Say in private why something was not done."""
    text = language_of(interaction).say(own_words.REFUSALS[answer.refusal])
    await tell_privately(interaction, text)


PRESSES: Mapping[Verb, Press] = {
    Verb.AGAIN: again,
    Verb.CHANGE: change,
    Verb.DETAILS: details,
    Verb.RESEND: resend,
    Verb.DELETE: delete,
    Verb.DELETE_NOW: delete_now,
    Verb.PAGE: turn_page,
}
"""What each verb does: the client carries them to the buttons."""

"""*Make a Kling video* in a message's menu: from its text, or from a picture in it."""

from typing import Final

import discord
from discord import app_commands, ui

from bot.domain.denied import Denied
from bot.domain.generation.picture import ATTACHMENT_MAX_BYTES
from bot.domain.generation.request import PROMPT_MAX_CHARS, GenerationRequest
from bot.domain.visible import is_blank
from bot.features.pictures import Taken
from bot.features.waiting_orders import WaitingOrder
from bot.languages.language import Language, marked
from bot.ui.attachments import take_linked, take_picture
from bot.ui.buttons import no
from bot.ui.context import Interaction, language_of, tell_privately
from bot.ui.layout import note, row_of, view_of
from bot.ui.plain_text import excerpt
from bot.ui.routes import Action, Route
from bot.ui.words import library as words
from bot.ui.words.requests import bad_picture
from cogs.kling import pictures
from cogs.kling.change import (
    change_form,
    changed_options,
    offered_in,
    request_form,
    request_of,
)
from cogs.kling.ordering import ask_for, may_ask

MENU_NAME: Final = "Make a Kling video"
PICTURE_MODAL: Final = Route("kling:picture-form:{asked}", asked="[0-9]+")
"""With the id of the interaction under which the picture is kept."""
PICK: Final = Route("kling:picture-choice:{asked}", asked="[0-9]+")
WHICH: Final = marked("Which picture should the video begin with?")
MODAL_TITLE: Final = marked("A video from this picture")
LOST: Final = marked(
    "I don't have that picture any more. Please choose it again. Nothing was charged."
)
PICTURES_SHOWN: Final = 10
"""As many as Discord shows in one gallery."""
_NO_PROMPT: Final = "…"
"""Stands for the text of a message that has none."""
_LABEL_MAX_CHARS: Final = 80


def message_command() -> app_commands.ContextMenu:
    """An entry in a message's menu. The message comes with it: no privileged intent is needed."""
    return app_commands.ContextMenu(
        name=MENU_NAME,
        callback=make_a_video,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        ),
    )


async def make_a_video(interaction: Interaction, message: discord.Message) -> None:
    """Open the modal with the message's picture, and with its text as the prompt."""
    if not await may_ask(interaction):
        return
    language = language_of(interaction)
    text, shown = text_of(message)[:PROMPT_MAX_CHARS].strip(), pictures_of(message)
    if shown and not await pictures.may_give_pictures(interaction):
        return
    request = await request_of(interaction, _NO_PROMPT if is_blank(text) else text)
    if len(shown) == 1:
        await interaction.response.send_modal(_picture_form(request, interaction))
        attachment = shown[0]
        read = await take_picture(
            interaction.client.services.pictures, attachment, user_id=interaction.user.id
        )
        await _keep(interaction, interaction.id, request, read)
    elif shown:
        await _keep(interaction, interaction.id, request, None)
        view = _choice_of(shown, interaction.id, language)
        await interaction.response.send_message(view=view, ephemeral=True)
    elif is_blank(text):
        await tell_privately(interaction, language.say(words.NO_TEXT))
    else:
        form = change_form(
            request, language, offered=offered_in(interaction), title=words.NEW_TITLE
        )
        await interaction.response.send_modal(form)


async def pick(interaction: Interaction, action: Action) -> None:
    """Open the modal for the picture that was chosen among several."""
    asked = int(action["asked"])
    waiting = await interaction.client.services.waiting_orders.find(asked, interaction.user.id)
    links = _links_in(interaction.message)
    place = int(action.values[0])
    if waiting is None or place >= len(links):
        await tell_privately(interaction, language_of(interaction).say(LOST))
        return
    await interaction.response.send_modal(_picture_form(waiting.request, interaction))
    read = await take_linked(
        interaction.client.services.pictures,
        interaction.client,
        links[place],
        user_id=interaction.user.id,
    )
    await _keep(interaction, interaction.id, waiting.request, read)


async def ask_for_pictured(interaction: Interaction, action: Action) -> None:
    """Order what the modal says, with the picture that was read while the member typed."""
    language, orders = language_of(interaction), interaction.client.services.waiting_orders
    await interaction.response.send_message(
        view=note(language.say(pictures.READING)), ephemeral=True
    )
    waiting = await orders.find_soon(int(action["asked"]), interaction.user.id)
    if waiting is None or waiting.request.start_frame is None:
        await interaction.edit_original_response(view=note(language.say(LOST)))
        return
    options = {**waiting.request.model_dump(), **changed_options(action)}
    await ask_for(interaction, options, private=None)
    await pictures.done_reading(interaction)


async def _keep(
    interaction: Interaction, asked: int, request: GenerationRequest, read: Taken | None
) -> None:
    """Keep what the modal cannot carry; a picture that is refused is said to be, in private."""
    if isinstance(read, Denied):
        line = bad_picture(language_of(interaction), read.why)
        await tell_privately(interaction, line)
    # Also after a refusal: a modal that is submitted all the same finds that there is no picture.
    frame = None if isinstance(read, Denied) else read
    kept = request if frame is None else request.model_copy(update={"start_frame": frame})
    await interaction.client.services.waiting_orders.keep(
        WaitingOrder(
            interaction_id=asked,
            requester_id=interaction.user.id,
            request=kept,
            private=False,
            asked_at=interaction.created_at,
        )
    )


def text_of(message: discord.Message) -> str:
    """The text of a message, or of the one that it forwards."""
    forwarded = (snapshot.content for snapshot in message.message_snapshots)
    return next((text for text in (message.content, *forwarded) if text.strip()), "").strip()


def pictures_of(message: discord.Message) -> list[discord.Attachment]:
    """The pictures of a message and of those that it forwards, as far as they are small enough."""
    forwarded = [one for snapshot in message.message_snapshots for one in snapshot.attachments]
    attached = [*message.attachments, *forwarded]
    shown = [one for one in attached if (one.content_type or "").startswith("image/")]
    # A single one that is too large is refused with its reason.
    small = [one for one in shown if one.size <= ATTACHMENT_MAX_BYTES]
    return small[:PICTURES_SHOWN] or shown[:1]


def _picture_form(request: GenerationRequest, interaction: Interaction) -> ui.Modal:
    language = language_of(interaction)
    return request_form(
        request,
        language,
        title=language.say(MODAL_TITLE),
        custom_id=PICTURE_MODAL.of(asked=f"{interaction.id}"),
        offered=offered_in(interaction),
        prompt="" if request.prompt == _NO_PROMPT else request.prompt,
        has_picture=True,
    )


def _choice_of(shown: list[discord.Attachment], asked: int, language: Language) -> ui.LayoutView:
    """The pictures, and a select of them. The links stand in the message alone."""
    container = ui.Container[ui.LayoutView]()
    container.add_item(ui.TextDisplay(language.say(WHICH)))
    gallery = ui.MediaGallery[ui.LayoutView]()
    for attachment in shown:
        gallery.add_item(media=attachment.url, spoiler=attachment.is_spoiler())
    container.add_item(gallery)
    options = [
        discord.SelectOption(
            label=excerpt(f"{place}. {attachment.filename}", _LABEL_MAX_CHARS), value=f"{place - 1}"
        )
        for place, attachment in enumerate(shown, start=1)
    ]
    container.add_item(row_of(ui.Select(custom_id=PICK.of(asked=f"{asked}"), options=options)))
    container.add_item(row_of(no(language, marked("None of them"))))
    return view_of(container)


def _links_in(message: discord.Message | None) -> list[str]:
    """The links of the gallery in a message of ours."""
    return [
        item.media.url
        for container in (message.components if message is not None else ())
        if isinstance(container, discord.Container)
        for part in container.children
        if isinstance(part, discord.MediaGalleryComponent)
        for item in part.items
    ]


ROUTES: Final = ((PICK, pick), (PICTURE_MODAL, ask_for_pictured))

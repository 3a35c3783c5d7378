"""What an interaction gives its handler: the features, who acts where, and ways to answer.

The actor is read from the interaction itself, not from the library's cache of the server: that is
empty where the bot is no member, in an outage, and between the gateway's READY and that server's
turn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import discord
from discord.ext import commands

from bot.domain.actor import Actor
from bot.domain.job import INTERACTION_TOKEN_LIFE, Place, Reach
from bot.domain.money.policy import OperatorLimits
from bot.domain.money.price import Prices
from bot.features.admission import Admission
from bot.features.allowance import Allowances
from bot.features.films import Films
from bot.features.greetings import Greetings
from bot.features.library.library import Library
from bot.features.operations import Operations
from bot.features.ordering import Ordering
from bot.features.pictures import Pictures
from bot.features.preferences import People
from bot.features.privacy import Privacy
from bot.features.reports import Reports
from bot.features.reviews import Reviews
from bot.features.servers.server_keys import ServerKeys
from bot.features.servers.server_settings import ServerManagement
from bot.features.servers.servers import Servers
from bot.features.showcase.showcase import Showcase
from bot.features.spending import Spending
from bot.features.storyboards import Storyboards
from bot.features.styles import Styles
from bot.features.unsure_jobs import UnsureJobs
from bot.features.waiting_orders import WaitingOrders
from bot.languages.language import Language, Languages, marked
from bot.ui.operators import ApplicationOperators
from bot.ui.routes import Routes


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What people can do: one attribute per feature."""

    admission: Admission
    prices: Prices
    limits: OperatorLimits
    ordering: Ordering
    library: Library
    films: Films
    showcase: Showcase
    storyboards: Storyboards
    preferences: People
    waiting_orders: WaitingOrders
    pictures: Pictures
    styles: Styles
    greetings: Greetings
    servers: Servers
    server_settings: ServerManagement
    server_keys: ServerKeys
    allowance: Allowances
    spending: Spending
    reviews: Reviews
    reports: Reports
    privacy: Privacy
    operations: Operations
    unsure_jobs: UnsureJobs
    operators: ApplicationOperators


class Client(commands.Bot):
    """The Discord client as commands and buttons know it."""

    languages: Languages
    services: Services
    """Set once, before the log-in: some services need this client to show what they do."""
    routes: Routes
    """The cogs fill it when they are loaded."""
    command_ids: Mapping[str, int]
    """The ids of our commands by their names, once Discord has told them."""


Interaction = discord.Interaction[Client]


def language_of(interaction: Interaction) -> Language:
    """The language of the person who acted, for answers that only they read.

    Their own choice goes before their Discord client's language.
    """
    client = interaction.client
    chosen = client.services.preferences.known(interaction.user.id).language
    return client.languages.of(chosen or interaction.locale)


def card_language_of(interaction: Interaction, *, private: bool) -> Language:
    """The language of a card: the server's where everybody reads it, else its reader's."""
    public = None if private else interaction.guild_locale
    if public is None:
        return language_of(interaction)
    return interaction.client.languages.of(public)


async def tell_privately(interaction: Interaction, text: str) -> None:
    """Answer the person who acted, in private.

    Raises:
        discord.HTTPException: Discord did not take it.
    """
    if interaction.response.is_done():
        await interaction.followup.send(text, ephemeral=True)
    else:
        await interaction.response.send_message(text, ephemeral=True)


def actor_of(interaction: Interaction) -> Actor:
    """Who used the command or button, and where."""
    person, message = interaction.user, interaction.message
    member = person if isinstance(person, discord.Member) else None
    answers = None if message is None else message.interaction_metadata
    # From the interaction: the gateway may not have announced the server yet.
    is_governed = interaction.is_guild_integration()
    return Actor(
        user_id=person.id,
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id,
        channel_ids=_channels(interaction),
        role_ids=frozenset() if member is None else _roles(member),
        is_bot=person.bot,
        is_pending=member is not None and member.pending,
        manages_messages=interaction.permissions.manage_messages,
        in_age_restricted=is_age_restricted(interaction.channel),
        by_user_install=interaction.guild_id is not None and not is_governed,
        has_asked=answers is not None and answers.user.id == interaction.user.id,
    )


async def asking_actor(interaction: Interaction) -> Actor:
    """The actor for admission: where no manager governs, operators may ask."""
    actor = actor_of(interaction)
    # This may ask Discord; a button that buys nothing need not wait for that.
    is_operator = not interaction.is_guild_integration() and (
        await interaction.client.services.operators.include(actor.user_id)
    )
    return replace(actor, is_operator=is_operator)


async def manager_of(interaction: Interaction) -> int | None:
    """The server that this person manages and is in; None, after telling them, if there is none.

    While they only type, they get no suggestions; they are told when they send it.
    """
    if interaction.guild_id is not None and interaction.permissions.manage_guild:
        return interaction.guild_id
    if interaction.type is not discord.InteractionType.autocomplete:
        await tell_privately(
            interaction,
            language_of(interaction).say("You need the Manage Server permission for that."),
        )
    return None


async def is_manager(interaction: Interaction) -> bool:
    """Whether the person may manage the server at this moment; one who may not is told so."""
    return await manager_of(interaction) is not None


def place_of(interaction: Interaction, *, message_id: int, private: bool) -> Place:
    """The place of a card that was just sent as the answer to `interaction`."""
    return Place(
        channel_id=interaction.channel_id or 0,
        message_id=message_id,
        guild_id=interaction.guild_id,
        reach=_reach(interaction, private=private),
        ephemeral=private,
        interaction_token=interaction.token,
        interaction_token_until=interaction.created_at + INTERACTION_TOKEN_LIFE,
        upload_limit_bytes=interaction.filesize_limit,
    )


def may_write_in(channel: discord.abc.GuildChannel) -> bool:
    """Whether the bot may view a channel and send messages there."""
    granted = channel.permissions_for(channel.guild.me)
    return granted.view_channel and granted.send_messages


def missing_permissions(interaction: Interaction, *, private: bool) -> list[str]:
    """Permissions that the bot lacks to deliver in the channel; texts by Discord's names.

    Discord sends the bot's permissions in that very channel, thread or forum post along with the
    interaction, so this asks for nothing. Private answers need none of them.
    """
    if interaction.guild_id is None or _reach(interaction, private=private) is Reach.INTERACTION:
        return []
    granted = interaction.app_permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    may_send = granted.send_messages_in_threads if in_thread else granted.send_messages
    needed = {
        marked("View Channel"): granted.view_channel,
        marked("Send Messages in Threads") if in_thread else marked("Send Messages"): may_send,
        marked("Attach Files"): granted.attach_files,
        marked("Embed Links"): granted.embed_links,
        marked("Read Message History"): granted.read_message_history,
    }
    return [name for name, has in needed.items() if not (has or granted.administrator)]


def _roles(member: discord.Member) -> frozenset[int]:
    """All of the actor's roles, and everybody's role, whose id is the server's."""
    # `roles` leaves out what the cache does not know; only this private name has the ids as sent.
    ids = member._roles  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    return frozenset((*ids, member.guild.id))


def _channels(interaction: Interaction) -> frozenset[int]:
    channel = interaction.channel
    within = channel.parent if isinstance(channel, discord.Thread) else channel
    ids = {interaction.channel_id, getattr(channel, "parent_id", None)}
    ids.add(getattr(within, "category_id", None))
    return frozenset(one for one in ids if one is not None)


def is_age_restricted(channel: object) -> bool:
    """Discord marks the channel; a thread follows its channel."""
    if isinstance(channel, discord.TextChannel | discord.VoiceChannel | discord.StageChannel):
        return channel.is_nsfw()
    return isinstance(channel, discord.Thread) and channel.is_nsfw()


def _reach(interaction: Interaction, *, private: bool) -> Reach:
    """Whether the bot's own token will be able to edit the answer.

    It never reaches ephemeral messages, nor servers and conversations where the app is only
    installed by its user.
    """
    if private or interaction.context.private_channel:
        return Reach.INTERACTION
    if interaction.guild_id is None:
        return Reach.BOT
    is_member = interaction.client.get_guild(interaction.guild_id) is not None
    return Reach.BOT if is_member else Reach.INTERACTION

"""What an interaction brings along for its handler: the features, and who reads the answer how."""

from dataclasses import dataclass

import discord
from discord.ext import commands

from bot.features.allowance import AllowanceDesk
from bot.features.library import Library
from bot.features.operations import OperatorDesk
from bot.features.ordering import Desk
from bot.features.preferences import Personal
from bot.features.privacy import PersonalData
from bot.features.reports import Reports
from bot.features.reviews import ReviewDesk
from bot.features.server_keys import KeyDesk
from bot.features.server_settings import ManagerDesk
from bot.features.servers import ServerDesk
from bot.features.spending import SpendingDesk
from bot.features.storyboards import Storyboards
from bot.features.styles import Styling
from bot.languages.language import Language, Languages
from bot.ui.operators import ApplicationOperators


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What people can do, a feature each."""

    ordering: Desk
    library: Library
    storyboards: Storyboards
    preferences: Personal
    styles: Styling
    servers: ServerDesk
    server_settings: ManagerDesk
    server_keys: KeyDesk
    allowance: AllowanceDesk
    spending: SpendingDesk
    reviews: ReviewDesk
    reports: Reports
    privacy: PersonalData
    operations: OperatorDesk
    operators: ApplicationOperators


class Client(commands.Bot):
    """The Discord client as commands and buttons know it."""

    languages: Languages
    services: Services
    """Set once, before the log-in: some of them need this client to show what they do."""


Interaction = discord.Interaction[Client]


def language_of(interaction: Interaction) -> Language:
    """The language of the person who acted, for answers that only they read.

    What they chose for themselves goes before what their Discord speaks.
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

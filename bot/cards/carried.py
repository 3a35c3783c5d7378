"""What the Discord client carries to commands and cards beside the desk."""

import discord

from bot.generation.allowance import Allowances, HasAllowances
from bot.generation.keys import HasKeys, ServerKeys
from bot.generation.managing import HasManagement, Management
from bot.generation.operating import HasOperations, Operations, Operators
from bot.generation.preferences import HasPeople, People
from bot.generation.privacy import HasPrivacy, Privacy
from bot.generation.servers import HasServers, Servers
from bot.generation.spending import HasSpendings, Spendings
from bot.generation.styles import HasStyles, Styles


def people_of(client: discord.Client) -> People:
    """The use cases around people's own choices.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    if not isinstance(client, HasPeople):
        raise TypeError("this Discord client carries no people")
    return client.people


def styles_of(client: discord.Client) -> Styles:
    """The use cases around styles.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    if not isinstance(client, HasStyles):
        raise TypeError("this Discord client carries no styles")
    return client.styles


def servers_of(client: discord.Client) -> Servers:
    """The use cases around servers' decisions.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    if not isinstance(client, HasServers):
        raise TypeError("this Discord client carries no servers")
    return client.servers


def allowances_of(client: discord.Client) -> Allowances:
    """What may be asked about somebody's own limits.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    if not isinstance(client, HasAllowances):
        raise TypeError("this Discord client carries no allowances")
    return client.allowances


def spendings_of(client: discord.Client) -> Spendings:
    """The use cases around money spent.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    if not isinstance(client, HasSpendings):
        raise TypeError("this Discord client carries no sums")
    return client.spendings


def privacy_of(client: discord.Client) -> Privacy:
    """The use cases around people's data.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    if not isinstance(client, HasPrivacy):
        raise TypeError("this Discord client carries no privacy")
    return client.privacy


def management_of(client: discord.Client) -> Management:
    """The use cases of whoever manages a server.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    if not isinstance(client, HasManagement):
        raise TypeError("this Discord client carries no management")
    return client.management


def keys_of(client: discord.Client) -> ServerKeys:
    """The use cases around servers' own keys.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    if not isinstance(client, HasKeys):
        raise TypeError("this Discord client carries no keys")
    return client.keys


def operations_of(client: discord.Client) -> Operations:
    """The use cases of whoever runs the bot.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    return _operated(client).operations


def operators_of(client: discord.Client) -> Operators:
    """Who runs the bot.

    Raises:
        TypeError: this client does not know; a wiring mistake.
    """
    return _operated(client).operators


def _operated(client: discord.Client) -> HasOperations:
    if not isinstance(client, HasOperations):
        raise TypeError("this Discord client carries no operations")
    return client

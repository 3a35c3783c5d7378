"""What the Discord client carries to commands and cards."""

from typing import TypeVar

import discord

from bot.domain.keys import HasKeys, ServerKeys
from bot.domain.preferences import HasPeople, People
from bot.domain.servers import HasServers, Servers
from bot.domain.styles import HasStyles, Styles
from bot.features.allowance_ports import Allowances, HasAllowances
from bot.features.operations_ports import HasOperations, Operations, Operators
from bot.features.ordering_ports import FrontDesk, HasDesk
from bot.features.privacy_ports import HasPrivacy, Privacy
from bot.features.server_settings_ports import HasManagement, Management
from bot.features.spending_ports import HasSpendings, Spendings

T = TypeVar("T")


def carrier(client: discord.Client, kind: type[T], what: str) -> T:
    """The client as what carries this, `what` being its name in a complaint.

    Raises:
        TypeError: it carries none; a wiring mistake.
    """
    if not isinstance(client, kind):
        raise TypeError(f"this Discord client carries no {what}")
    return client


def desk_of(client: discord.Client) -> FrontDesk:
    """The desk that the client carries.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    return carrier(client, HasDesk, "desk").desk


def people_of(client: discord.Client) -> People:
    """The use cases around people's own choices.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    return carrier(client, HasPeople, "people").people


def styles_of(client: discord.Client) -> Styles:
    """The use cases around styles.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    return carrier(client, HasStyles, "styles").styles


def servers_of(client: discord.Client) -> Servers:
    """The use cases around servers' decisions.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    return carrier(client, HasServers, "servers").servers


def allowances_of(client: discord.Client) -> Allowances:
    """What may be asked about somebody's own limits.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    return carrier(client, HasAllowances, "allowances").allowances


def spendings_of(client: discord.Client) -> Spendings:
    """The use cases around money spent.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    return carrier(client, HasSpendings, "sums").spendings


def privacy_of(client: discord.Client) -> Privacy:
    """The use cases around people's data.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    return carrier(client, HasPrivacy, "privacy").privacy


def management_of(client: discord.Client) -> Management:
    """The use cases of whoever manages a server.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    return carrier(client, HasManagement, "management").management


def keys_of(client: discord.Client) -> ServerKeys:
    """The use cases around servers' own keys.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    return carrier(client, HasKeys, "keys").keys


def operations_of(client: discord.Client) -> Operations:
    """The use cases of whoever runs the bot.

    Raises:
        TypeError: this client carries none; a wiring mistake.
    """
    return carrier(client, HasOperations, "operations").operations


def operators_of(client: discord.Client) -> Operators:
    """Who runs the bot.

    Raises:
        TypeError: this client does not know; a wiring mistake.
    """
    return carrier(client, HasOperations, "operations").operators

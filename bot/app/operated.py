"""What the composition root builds for those who decide: a server's managers, and the operators."""

import logging

from bot.app.foundation import Foundation
from bot.client import KlingBot
from bot.features.draining import Farewell
from bot.features.operations import DrainLook, OperatorDesk
from bot.features.operations_store import SqlOverview
from bot.features.ordering import Desk
from bot.features.preferences import Personal
from bot.features.server_keys_store import SqlKeys
from bot.features.server_settings_store import SqlServers
from bot.features.spending import SpendingDesk
from bot.runcomfy.key_check import KeyCheck
from bot.settings import Settings
from bot.settings_limits import unlimited_warning
from bot.ui.key_news import DiscordManagers
from bot.ui.operator_news import OperatorNews

logger = logging.getLogger(__name__)


async def warn_if_unlimited(bot: KlingBot, settings: Settings) -> None:
    """Say in the log what it means that no limit is set, once the servers are known."""
    if settings.limits_set:
        return
    await bot.wait_until_ready()
    paid = settings.allowed_servers
    account = KeyCheck(api_url=settings.runcomfy_api_url, account_url=settings.runcomfy_account_url)
    warning = unlimited_warning(
        servers=sum(paid is None or guild.id in paid for guild in bot.guilds),
        direct_messages=settings.direct_messages,
        balance_microusd=await account.left_microusd(settings.runcomfy_api_key),
    )
    logger.warning("%s", warning)


def managers_of(bot: KlingBot, base: Foundation) -> DiscordManagers:
    """Tells servers' managers what stops their servers, first of all that a key turned invalid."""
    managers = DiscordManagers(
        client=bot, languages=bot.languages, servers=base.servers, clock=base.clock
    )
    base.keyring.report_to(managers)
    return managers


def farewell(bot: KlingBot, base: Foundation, people: Personal) -> Farewell:
    """Tells whoever drains the bot when it is safe to stop."""
    news = OperatorNews(client=bot, languages=bot.languages, people=people, clock=base.clock)
    return Farewell(servers=base.servers, so_far=_drain_look(base), tell=news.safe_to_stop)


def operations(base: Foundation, desk: Desk, spending: SpendingDesk) -> OperatorDesk:
    """What the operators can do."""
    settings, database = base.settings, base.store.database
    account = KeyCheck(api_url=settings.runcomfy_api_url, account_url=settings.runcomfy_account_url)
    return OperatorDesk(
        store=SqlOverview(store=base.store),
        jobs=base.store,
        resolver=desk,
        providers=base.keyring,
        servers=base.servers,
        decisions=SqlServers(database=database),
        keys=SqlKeys(database=database),
        spendings=spending,
        left_on_account=lambda: account.left_microusd(settings.runcomfy_api_key),
        drain_so_far=_drain_look(base),
    )


def _drain_look(base: Foundation) -> DrainLook:
    return DrainLook(store=SqlOverview(store=base.store), clock=base.clock)

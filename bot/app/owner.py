"""Builds what tells the bot's owner of troubles."""

import discord

from bot.app.foundation import Foundation, key_check
from bot.client import KlingBot
from bot.domain.owner_trouble import OwnerMessage, ServerJoined
from bot.features.owner.owner_looks import AccountLook, Hearing, JobsLook, disk_look, prices_look
from bot.features.owner.owner_news import OwnerNews
from bot.features.preferences import People
from bot.runcomfy.live_prices import LivePrices
from bot.runner.tasks import going_on
from bot.ui.operator_news import OperatorNews
from bot.ui.words.library import jump_link
from cogs.kling_operator.news import owner_card

_NAME_KEPT_CHARS = 100


def owner_news(
    bot: KlingBot, base: Foundation, *, people: People, live_prices: LivePrices
) -> OwnerNews:
    """All looks at what the owner should know, and the way to them."""
    settings, database = base.settings, base.store.database
    sender = OperatorNews(client=bot, languages=bot.languages, people=people, clock=base.clock)
    account = key_check(settings)
    hearing = Hearing(clock=base.clock)
    base.observer.add(hearing)

    async def tell(message: OwnerMessage) -> bool:
        owners = await bot.services.operators.all()
        return await sender.tell(message, owners=owners, draw=owner_card)

    async def likely_day_microusd() -> int:
        # The services are there once the bot is built.
        return await bot.services.spending.likely_day_microusd()

    folders = [settings.data_dir, *([settings.archive_dir] if settings.archive_dir else [])]
    looks = (
        AccountLook(
            ask=lambda: account.look(settings.runcomfy_api_key),
            hearing=hearing,
            store=base.store,
            likely_day_microusd=likely_day_microusd,
            prices=base.prices,
            clock=base.clock,
        ).look,
        hearing.look,
        JobsLook(database=database, link_of=jump_link, clock=base.clock).look,
        prices_look(base.prices, is_known=lambda: live_prices.is_known),
        disk_look(folders),
    )
    news = OwnerNews(database=database, looks=looks, tell=tell, clock=base.clock)

    async def on_guild_join(guild: discord.Guild) -> None:
        joined = ServerJoined(
            guild_id=guild.id,
            name=guild.name[:_NAME_KEPT_CHARS],
            members=guild.member_count,
            is_paid_for=base.limits.pays_for(guild.id),
        )
        with going_on("couldn't write down for the owner that the bot joined a server"):
            await news.happened(joined)

    bot.add_listener(on_guild_join)
    return news

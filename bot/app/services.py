"""Builds what people can do: one attribute of `Services` per feature."""

from bot.app.foundation import Foundation, key_check
from bot.client import KlingBot
from bot.domain.ports import Engine
from bot.features.allowance import Allowances
from bot.features.films import Films
from bot.features.greetings import Greetings
from bot.features.library.library import Library
from bot.features.library.library_rows import LibraryRows
from bot.features.operations import Operations
from bot.features.preferences import People
from bot.features.privacy import Eraser, Privacy, PrivacyRows
from bot.features.reports import Reports
from bot.features.reviews import Reviews
from bot.features.servers.server_settings import ServerManagement
from bot.features.showcase.showcase import Showcase
from bot.features.showcase.showcase_rows import ShowcaseRows
from bot.features.spending import Spending
from bot.features.storyboards import DraftRows, Storyboards
from bot.features.styles import Styles
from bot.features.unsure_jobs import UnsureJobs
from bot.features.video_files import VideoFinder
from bot.features.waiting_orders import WaitingOrders
from bot.storage.ledger import SqlLedger
from bot.ui.card_removal import DiscordCardRemover
from bot.ui.card_videos import CardVideos
from bot.ui.context import Services
from bot.ui.operators import ApplicationOperators
from bot.ui.server_rooms import ServerRooms
from bot.ui.showcase_room import DiscordShowcase


def services_of(
    bot: KlingBot, base: Foundation, *, people: People, engine: Engine, rooms: ServerRooms
) -> Services:
    """Every feature, on this foundation and this client."""
    database = base.store.database
    admission = base.admission()
    ordering = base.ordering(admission, engine)
    finder = _finder(bot, base)
    showcase = _showcase(bot, base, finder)
    spending = Spending(
        database=database,
        servers=base.servers,
        zone=base.limits.zone,
        clock=base.clock,
    )
    return Services(
        admission=admission,
        prices=base.prices,
        limits=base.limits,
        ordering=ordering,
        library=_library(bot, base, finder, showcase),
        films=_films(base, finder),
        showcase=showcase,
        storyboards=Storyboards(
            rows=DraftRows(database=database), clock=base.clock, random=base.random
        ),
        preferences=people,
        waiting_orders=WaitingOrders(database=database, clock=base.clock),
        pictures=base.pictures,
        styles=Styles(database=database, clock=base.clock),
        greetings=Greetings(database=database, clock=base.clock),
        servers=base.servers,
        server_settings=ServerManagement(servers=base.servers),
        server_keys=base.keys,
        allowance=_allowance(base, people),
        spending=spending,
        reviews=Reviews(
            jobs=base.store,
            servers=base.servers,
            engine=engine,
            limits=base.limits,
            clock=base.clock,
        ),
        reports=_reports(base, rooms, showcase),
        privacy=_privacy(base, people, showcase),
        operations=_operations(base, spending),
        unsure_jobs=UnsureJobs(
            store=base.store,
            database=database,
            servers=base.servers,
            clock=base.clock,
            providers=base.keyring,
            enqueue=engine.enqueue,
        ),
        operators=ApplicationOperators(client=bot, clock=base.clock),
    )


def _finder(bot: KlingBot, base: Foundation) -> VideoFinder:
    on_cards = CardVideos(client=bot, clock=base.clock)
    return VideoFinder(
        files=base.files,
        media_source=base.runcomfy.media_source,
        copier=base.copier,
        original_on_card=on_cards.original,
        copy_on_card=on_cards.copy,
        random=base.random,
    )


def _films(base: Foundation, finder: VideoFinder) -> Films:
    return Films(
        jobs=base.store,
        finder=finder,
        files=base.files,
        copier=base.copier,
        film_max_s=base.settings.join_max_s,
        random=base.random,
    )


def _reports(base: Foundation, rooms: ServerRooms, showcase: Showcase) -> Reports:
    return Reports(
        database=base.store.database,
        jobs=base.store,
        pass_on=rooms.pass_on,
        servers=base.servers,
        is_shown_as=showcase.is_post,
        clock=base.clock,
    )


def _showcase(bot: KlingBot, base: Foundation, finder: VideoFinder) -> Showcase:
    return Showcase(
        rows=ShowcaseRows(database=base.store.database),
        jobs=base.store,
        servers=base.servers,
        room=DiscordShowcase(
            client=bot, servers=base.servers, languages=bot.languages, clock=base.clock
        ),
        showable=finder.showable,
        clock=base.clock,
    )


def _library(bot: KlingBot, base: Foundation, finder: VideoFinder, showcase: Showcase) -> Library:
    return Library(
        jobs=base.store,
        rows=LibraryRows(database=base.store.database),
        files=base.files,
        files_of=finder.files_of,
        remove_card=DiscordCardRemover(client=bot, clock=base.clock).remove,
        let_go_of_pictures=base.pictures.let_go,
        take_from_showcase=showcase.withdraw,
        clock=base.clock,
    )


def _privacy(base: Foundation, memory: People, showcase: Showcase) -> Privacy:
    rows = PrivacyRows(database=base.store.database)
    return Privacy(
        rows=rows,
        eraser=Eraser(store=base.store, rows=rows, files=base.files, clock=base.clock),
        forget_choices=memory.forget,
        take_from_showcases=showcase.forget_author,
        clock=base.clock,
    )


def _allowance(base: Foundation, people: People) -> Allowances:
    return Allowances(
        servers=base.servers,
        people=people,
        keys=base.keyring,
        ledger=SqlLedger(database=base.store.database),
        jobs=base.store,
        library=LibraryRows(database=base.store.database),
        limits=base.limits,
        prices=base.prices,
        at_once=base.settings.max_in_flight,
        clock=base.clock,
    )


def _operations(base: Foundation, spending: Spending) -> Operations:
    """The operators' use cases."""
    settings = base.settings
    account = key_check(settings)
    return Operations(
        jobs=base.store,
        database=base.store.database,
        servers=base.servers,
        spending=spending,
        left_on_account=lambda: account.left_microusd(settings.runcomfy_api_key),
        limits=base.limits,
        clock=base.clock,
    )

"""Looking for words keeps no other server waiting, and never the event loop."""

import asyncio
import threading

from bot.domain.generation.request import GenerationRequest
from bot.domain.servers import ServerSettings
from bot.features.word_check import WordCheck
from tests.patience import PATIENCE_S, until

STORM = GenerationRequest(prompt="a storm")


class Entry(str):
    """An entry that notes where it is looked at, and holds up the look until it may go on."""

    __slots__ = ("may_go_on", "seen_by")

    def __init__(self, _: str) -> None:
        self.may_go_on = threading.Event()
        self.seen_by: list[int] = []

    def startswith(self, *_: object) -> bool:
        self.seen_by.append(threading.get_ident())
        assert self.may_go_on.wait(PATIENCE_S)
        return False


def listing(*words: str) -> ServerSettings:
    return ServerSettings.model_construct(words=words)


async def test_words_are_looked_for_in_a_thread_of_their_own() -> None:
    entry = Entry("storm")
    looking = asyncio.create_task(WordCheck().matches(STORM, listing(entry), 1))
    await until(lambda: entry.seen_by)
    assert threading.get_ident() not in entry.seen_by
    entry.may_go_on.set()
    assert [match.written for match in await looking] == ["storm"]


async def test_where_nothing_is_listed_nothing_is_looked_for() -> None:
    assert await WordCheck().matches(STORM, ServerSettings(), 1) == ()


async def test_one_server_has_one_look_at_a_time_and_keeps_no_other_waiting() -> None:
    check, first, second, elsewhere = WordCheck(), Entry("a"), Entry("a"), Entry("storm")
    looks = [
        asyncio.create_task(check.matches(STORM, listing(entry), guild_id))
        for entry, guild_id in ((first, 1), (second, 1), (elsewhere, 2))
    ]
    elsewhere.may_go_on.set()
    assert [match.written for match in await looks[2]] == ["storm"]
    await until(lambda: first.seen_by)
    assert not second.seen_by
    first.may_go_on.set()
    await until(lambda: second.seen_by)
    second.may_go_on.set()
    await asyncio.gather(*looks)

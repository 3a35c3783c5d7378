"""Safe from the first minute: a missing limit is said plainly, and set where it is read."""

import re
from pathlib import Path

import pytest
import simcord

from bot.domain.money.ledger import Caps
from bot.domain.servers import EVERYWHERE
from bot.features.servers.servers import ServerRows
from bot.playground.videos import VideoLibrary
from bot.storage import open_store
from bot.ui.words.declines import NOT_PAID_FOR_HOW
from tests.stories.harness import Card, Story, private_words, told_story
from tests.stories.operators import own
from tests.stories.panel import a_manager
from tests.stories.test_operators_orders import ONLY_OPERATORS, answer, run, told, trail
from tests.stories.test_who_is_served import NOT_PAID, with_settings

UNLIMITED = "No limit is set: anyone in 1 server can spend the whole balance ($1,000.00)."
DONE = (
    "Done: together, all servers can spend **{limits}** with your key. If you've set "
    "`TOTAL_LIMIT` too, the stricter one holds."
)
SPENT = re.compile(r"The bot's budget for today is used up|the bot has \$[0-9.]+ left today")


async def typed(
    story: Story, by: simcord.MemberActor, amount: str, period: str = "day"
) -> tuple[str, Card]:
    """Set the limit from the overview; what is said, and the overview then."""
    shown = await run(story, by, "overview")
    window = await by.click(answer(shown).message, custom_id="kling:operator:limit:overview")
    result = await by.submit_modal(window, {"amount": amount, "period": [period]})
    await story.settle()
    return private_words(result), answer(shown)


async def test_without_any_limit_the_overview_says_who_can_spend_what(
    story: Story, operator: simcord.MemberActor
) -> None:
    shown = answer(await run(story, operator, "overview"))
    assert UNLIMITED in shown.text
    assert "So can anyone who writes to me in a direct message." in shown.text
    assert "Set a limit…" in shown.buttons


async def test_a_server_that_pays_for_itself_is_not_counted(
    story: Story, operator: simcord.MemberActor
) -> None:
    chess = story.env.create_guild("Chess Club")
    assert "anyone in 2 servers can spend" in await told(story, operator, "overview")
    await with_settings(story, allowed_servers=frozenset({chess.id}), direct_messages=False)
    text = await told(story, operator, "overview")
    assert UNLIMITED in text
    assert "direct message" not in text


async def test_a_balance_that_runcomfy_does_not_tell_is_not_made_up(
    story: Story, operator: simcord.MemberActor
) -> None:
    story.server.api_key = "another"
    text = await told(story, operator, "overview")
    assert "anyone in 1 server can spend the whole balance." in text


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
async def test_the_button_sets_one_that_holds_at_once_and_after_a_restart(
    tmp_path: Path, videos: VideoLibrary, database: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgres" else None
    async with told_story(data_dir=tmp_path / "data", videos=videos, database_url=url) as story:
        operator = own(story)
        said, overview = await typed(story, operator, "$1")
        assert said == DONE.format(limits="$1.00 a day")
        assert "No limit is set" not in overview.text
        assert "Limit for everything: $1.00 a day" in overview.text
        await story.kling()
        assert SPENT.search(private_words(await story.kling()))
        assert len(story.server.posts) == 1
        await story.world.restart_bot()
        await story.settle()
        assert SPENT.search(private_words(await story.kling()))
        assert len(story.server.posts) == 1
        assert await trail(story) == [("total_caps", operator.id)]
        audit = await told(story, operator, "audit")
        assert "Limit for everything: no limit → $1.00 a day" in audit


async def test_another_process_holds_to_it(
    tmp_path: Path, videos: VideoLibrary, postgres_url: str
) -> None:
    async with (
        told_story(data_dir=tmp_path / "data", videos=videos, database_url=postgres_url) as story,
        open_store(postgres_url) as store,
    ):
        await ServerRows(database=store.database).change(
            EVERYWHERE, {"total_caps": Caps(day_microusd=1)}, by_user_id=1, at=story.clock.now()
        )
        assert SPENT.search(private_words(await story.kling()))
        assert story.server.posts == []


async def test_of_total_limit_and_what_was_set_here_the_stricter_holds(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    changes = {"total_limit": Caps(day_microusd=1_000_000)}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
        operator = own(story)
        assert "No limit is set" not in await told(story, operator, "overview")
        await typed(story, operator, "500")
        await story.kling()
        assert SPENT.search(private_words(await story.kling()))
        await typed(story, operator, "0.50", "month")
        assert "budget for this month" in private_words(await story.kling())
        assert len(story.server.posts) == 1


async def test_a_day_and_a_month_are_set_apart_and_an_empty_amount_takes_one_away(
    story: Story, operator: simcord.MemberActor
) -> None:
    await typed(story, operator, "5")
    said, _ = await typed(story, operator, "20,50", "month")
    assert said == DONE.format(limits="$5.00 a day, $20.50 a month")
    said, _ = await typed(story, operator, "")
    assert said == DONE.format(limits="$20.50 a month")
    said, overview = await typed(story, operator, "", "month")
    assert said.startswith("The limit that was set here is gone.")
    assert UNLIMITED in overview.text


async def test_an_amount_that_is_none_changes_nothing(
    story: Story, operator: simcord.MemberActor
) -> None:
    said, _ = await typed(story, operator, "a **lot**")
    assert said.startswith(r"I can't read “a \*\*lot\*\*” as an amount of dollars.")
    assert await trail(story) == []


async def test_no_stranger_opens_or_submits_it(story: Story, operator: simcord.MemberActor) -> None:
    shown = answer(await run(story, operator, "overview"))
    window = await operator.click(shown.message, custom_id="kling:operator:limit:overview")
    story.world.belong_to(story.bob.user)
    await story.advance(6 * 60)
    pressed = await operator.click(shown.message, custom_id="kling:operator:limit:overview")
    submitted = await operator.submit_modal(window, {"amount": "9", "period": ["day"]})
    assert [private_words(one) for one in (pressed, submitted)] == [ONLY_OPERATORS] * 2
    assert await trail(story) == []


async def test_it_is_all_said_in_italian(story: Story, operator: simcord.MemberActor) -> None:
    story.world.locale = "it"
    text = await told(story, operator, "overview")
    assert "Non c'è nessun limite: chiunque in 1 server può spendere tutto il saldo" in text
    said, _ = await typed(story, operator, "5")
    assert said.startswith("Fatto: tutti i server insieme possono spendere **5,00")


# --- servers that the operator does not pay for ---------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "begins"),
    [
        ("en-US", ("There are no videos in this server yet", "The bot's owner doesn't pay")),
        ("it", ("In questo server non ci sono ancora video", "Il proprietario del bot non paga")),
    ],
)
async def test_a_member_is_told_kindly_and_a_manager_how_to_add_a_key(
    story: Story, locale: str, begins: tuple[str, str]
) -> None:
    await with_settings(story, allowed_servers=frozenset({1}))
    mona, story.world.locale = a_manager(story), locale
    to_member = private_words(await story.kling())
    to_manager = private_words(await mona.slash(story.channel, "kling", prompt="a kite"))
    assert to_member.startswith(begins[0])
    assert to_manager.startswith(begins[1])
    assert ("`/kling-admin key`" if locale == "en-US" else "`/kling-admin chiave`") in to_manager
    if locale == "en-US":
        assert (to_member, to_manager) == (NOT_PAID, NOT_PAID_FOR_HOW)
    assert story.server.posts == []

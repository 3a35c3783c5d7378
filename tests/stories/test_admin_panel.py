"""`/kling-admin settings`: one private panel, whose every choice counts at once and is kept."""

from typing import Any

import discord
import pytest
import simcord

from bot.domain.money.ledger import Caps
from bot.domain.preferences import Notify
from bot.domain.servers import NOTHING_DECIDED, ROLE_RULES_MAX, RoleRule
from bot.ui.gate import DATABASE_AWAY
from tests.stories.harness import Story, private_words
from tests.stories.panel import (
    SELECTS,
    OpenPanel,
    a_manager,
    change,
    opened,
    say_anybody_may_see,
    settings_of,
    trail,
)

NOT_A_MANAGER = "You need the Manage Server permission for that."
PAGES = ("who", "where", "what", "much", "more")
ROLES = "kling:admin:roles:allowed_role_ids"
RULES = "kling:admin:roles:rules"
ALLOWED = "kling:admin:channels:allowed_channel_ids"
DENIED = "kling:admin:channels:denied_channel_ids"


@pytest.fixture
def manager(story: Story) -> simcord.MemberActor:
    return a_manager(story)


# --- the panel ------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["en-US", "it"])
async def test_every_page_is_within_discords_limits(
    story: Story, manager: simcord.MemberActor, locale: str
) -> None:
    story.world.locale = locale
    caps = Caps(day_microusd=12_500_000, month_microusd=125_500_000, day_videos=10, month_videos=99)
    roles = [story.guild.create_role(f"Kite flyers {one}") for one in range(ROLE_RULES_MAX)]
    rule = RoleRule(each=caps, together=caps, is_reviewed=True)
    rules = dict.fromkeys([role.id for role in roles], rule)
    await change(story, role_rules=rules, paused_because="*" * 200)
    panel = await opened(story, manager)
    assert all(f"<@&{role.id}>" in panel.text for role in roles)
    for page in PAGES:
        if page != "who":
            await panel.turn_to(page)
        assert len(panel.parts) <= 40
        assert len(panel.text) <= 4_000
        for select in (part for part in panel.parts if part["type"] in SELECTS):
            options = select.get("options", [])
            assert len(options) <= 25
            assert all(len(option["label"]) <= 100 for option in options)
            values = [option["value"] for option in options]
            assert len(set(values)) == len(values)


@pytest.mark.parametrize(
    ("page", "setting", "value", "label", "kept"),
    [
        ("where", "age_restricted_only", "true", "Only in age-restricted channels", True),
        ("who", "pictures_allowed", "false", "Not allowed", False),
        (
            *("where", "pictures_age_restricted_only", "true"),
            *("Only in age-restricted channels", True),
        ),
        ("what", "private_by_default", "true", "Only its requester", True),
        ("what", "longest_duration_s", "8", "8 s", 8),
        ("what", "sound_allowed", "false", "Silent videos only", False),
        (
            "what",
            "qualities",
            '"standard,pro"',
            "Standard (720p), Pro (1080p)",
            ("standard", "pro"),
        ),
        ("what", "default_quality", '"standard"', "Standard (720p)", "standard"),
        ("what", "spoiler", "true", "Yes", True),
        ("what", "prices_hidden", "true", "Hidden", True),
        ("what", "notify", '"none"', "Not at all", Notify.NONE),
        ("what", "ask_above_microusd", "500000", "When it costs more than $0.50", 500_000),
        ("much", "at_once_per_user", "1", "1", 1),
        ("much", "at_once", "4", "4", 4),
        ("more", "time_zone", '"Europe/Rome"', "Europe/Rome", "Europe/Rome"),
    ],
)
async def test_a_choice_counts_at_once_is_kept_and_stands_in_the_trail(
    story: Story, manager: simcord.MemberActor, page: str, setting: str, value: str, label: str,
    kept: object,
) -> None:  # fmt: skip
    panel = await opened(story, manager, page)
    before = panel.chosen(setting)
    await panel.set(setting, value)
    assert panel.chosen(setting) == label != before
    assert getattr(settings_of(story), setting) == kept
    await story.world.restart_bot()
    assert getattr(settings_of(story), setting) == kept
    (entry,) = await trail(story)
    assert (entry.what, entry.by_user_id) == (setting, manager.id)


async def test_a_panel_from_before_a_restart_works_as_before(
    story: Story, manager: simcord.MemberActor
) -> None:
    panel = await opened(story, manager)
    await story.world.restart_bot()
    await panel.turn_to("what")
    await panel.set("longest_duration_s", "5")
    assert panel.chosen("longest_duration_s") == "5 s"
    assert settings_of(story).longest_duration_s == 5


async def test_without_the_database_a_choice_is_said_not_to_be_kept(
    story: Story, manager: simcord.MemberActor
) -> None:
    panel = await opened(story, manager, "what")
    await story.world.app.store.close()
    told = await panel.set("sound_allowed", "false")
    assert private_words(told) == DATABASE_AWAY
    assert panel.chosen("sound_allowed") == "Each member decides"


# --- who may --------------------------------------------------------------------------------------


async def test_members_and_strangers_are_refused_even_if_discord_let_them(
    story: Story, manager: simcord.MemberActor
) -> None:
    say_anybody_may_see(story)
    story.expected_errors = 4
    for somebody in (story.alice, story.moderator):
        for command, options in (("settings", {}), ("pause", {"reason": "mine now"})):
            told = await somebody.slash(story.channel, f"kling-admin {command}", **options)
            assert private_words(told) == NOT_A_MANAGER
    assert settings_of(story) == NOTHING_DECIDED
    assert (await opened(story, manager)).text


async def test_it_is_for_servers_alone(story: Story) -> None:
    command = dict(story.env.backend.commands[None]["kling-admin", 1])
    assert int(command["default_member_permissions"]) == discord.Permissions.manage_guild.flag
    assert command["contexts"] == [0]
    assert command["integration_types"] == [0]
    story.env.backend.commands[None]["kling-admin", 1]["contexts"] = None
    say_anybody_may_see(story)
    story.expected_errors = 1
    told = await story.alice.user.slash("kling-admin settings")
    assert private_words(told) == NOT_A_MANAGER


async def test_who_lost_the_permission_meanwhile_can_press_nothing_any_more(
    story: Story, manager: simcord.MemberActor
) -> None:
    kites = story.guild.create_role("Kite flyers")
    panel = await opened(story, manager)
    where = await opened(story, manager, "where")
    what = await opened(story, manager, "what")
    much = await opened(story, manager, "much")
    window = await much.press("kling:admin:caps:server:0")
    (role,) = [one for one in story.guild.roles.values() if one.name == "Managers of mona"]
    story.env.backend.remove_member_role(story.guild.id, manager.id, role.id)
    for told in (
        await panel.press("kling:admin:page:what:0"),
        await panel.choose(ROLES, kites),
        await where.choose(DENIED, story.channel),
        await what.set("spoiler", "true"),
        await much.press("kling:admin:caps:server:0"),
        await much.submit(window, day_microusd="5"),
    ):
        assert private_words(told) == NOT_A_MANAGER
    assert settings_of(story) == NOTHING_DECIDED
    assert await trail(story) == []


# --- roles and channels ---------------------------------------------------------------------------


async def test_only_chosen_roles_may_generate(story: Story, manager: simcord.MemberActor) -> None:
    kites = story.guild.create_role("Kite flyers")
    story.env.backend.add_member_role(story.guild.id, story.bob.id, kites.id)
    panel = await opened(story, manager)
    await panel.choose(ROLES, kites)
    assert panel.picked(ROLES) == [kites.id]
    told = private_words(await story.kling())
    assert told == f"In this server you need one of these roles: <@&{kites.id}>"
    await story.bob.slash(story.channel, "kling", prompt="a blue kite")
    await story.settle()
    assert len(await story.jobs()) == 1
    await panel.choose(ROLES)
    await story.kling()
    assert len(await story.jobs()) == 2


async def test_channels_are_allowed_and_excluded(
    story: Story, manager: simcord.MemberActor
) -> None:
    other = story.guild.create_text_channel("other")
    panel = await opened(story, manager, "where")
    await panel.choose(ALLOWED, other)
    assert private_words(await story.kling()).startswith("Videos are off in this channel.")
    await panel.choose(ALLOWED, other, story.channel)
    await panel.choose(DENIED, story.channel)
    assert private_words(await story.kling()).startswith("Videos are off in this channel.")
    assert await story.jobs() == []
    await panel.choose(DENIED)
    await story.kling()
    assert len(await story.jobs()) == 1


async def test_two_managers_who_choose_roles_at_once_undo_nothing_of_each_other(
    story: Story, manager: simcord.MemberActor
) -> None:
    red, blue, old = (story.guild.create_role(name) for name in ("Red", "Blue", "Old"))
    await change(story, allowed_role_ids=(old.id,))
    mine, yours = await opened(story, manager), await opened(story, a_manager(story, "max"))
    await mine.choose(ROLES, old, red)
    await yours.choose(ROLES, blue)
    assert settings_of(story).allowed_role_ids == (red.id, blue.id)
    assert yours.picked(ROLES) == [red.id, blue.id]
    await mine.turn_to("where")
    await mine.turn_to("who")
    assert mine.picked(ROLES) == [red.id, blue.id]


async def test_the_last_of_two_managers_decides_and_both_see_it(
    story: Story, manager: simcord.MemberActor
) -> None:
    mine = await opened(story, manager, "what")
    yours = await opened(story, a_manager(story, "max"), "what")
    await mine.set("longest_duration_s", "5")
    await yours.set("sound_allowed", "false")
    assert yours.chosen("longest_duration_s") == "5 s"
    await yours.set("longest_duration_s", "9")
    await mine.set("spoiler", "true")
    assert mine.chosen("longest_duration_s") == "9 s"
    assert mine.chosen("sound_allowed") == "Silent videos only"


async def test_what_was_deleted_is_said_to_be_and_can_be_taken_out(
    story: Story, manager: simcord.MemberActor
) -> None:
    red, blue = (story.guild.create_role(name) for name in ("Red", "Blue"))
    other = story.guild.create_text_channel("other")
    panel = await opened(story, manager)
    await panel.choose(ROLES, red, blue)
    await panel.turn_to("where")
    await panel.choose(ALLOWED, other, story.channel)
    story.env.backend.delete_role(story.guild.id, red.id)
    story.env.backend.delete_channel(other.id)
    await panel.turn_to("who")
    assert panel.picked(ROLES) == [blue.id]
    assert "1 that was chosen is deleted by now." in panel.text
    assert settings_of(story).allowed_role_ids == (red.id, blue.id)
    await panel.press("kling:admin:tidy:allowed_role_ids:0")
    assert settings_of(story).allowed_role_ids == (blue.id,)
    assert "was deleted" not in panel.text
    await panel.turn_to("where")
    await panel.press("kling:admin:tidy:allowed_channel_ids:0")
    assert settings_of(story).allowed_channel_ids == (story.channel.id,)


async def test_a_role_that_is_deleted_between_opening_and_choosing_does_no_harm(
    story: Story, manager: simcord.MemberActor
) -> None:
    red = story.guild.create_role("Red")
    panel = await opened(story, manager)
    await panel.choose(RULES, red)
    story.env.backend.delete_role(story.guild.id, red.id)
    told = await panel.choose(f"kling:admin:limits::{red.id}", "exempt")
    assert private_words(told) == "This role was deleted. Its rules no longer count."
    assert "This role was deleted." in panel.text
    assert settings_of(story).role_rules == {}


async def test_the_log_channel_must_be_one_that_the_bot_may_write_in(
    story: Story, manager: simcord.MemberActor
) -> None:
    log = "kling:admin:channels:log_channel_id"
    panel = await opened(story, manager, "more")
    closed = story.guild.create_text_channel(
        "closed",
        overwrites={story.guild.default_role: discord.PermissionOverwrite(send_messages=False)},
    )
    told = await panel.choose(log, closed)
    assert private_words(told).startswith(f"I can't write in <#{closed.id}> yet.")
    assert panel.picked(log) == []
    await panel.choose(log, story.channel)
    assert panel.picked(log) == [story.channel.id]
    assert settings_of(story).log_channel_id == story.channel.id
    await panel.choose("kling:admin:channels:review_channel_id", story.channel)
    await panel.choose(log)
    assert settings_of(story).log_channel_id is None
    assert settings_of(story).review_channel_id == story.channel.id


# --- rules of roles -------------------------------------------------------------------------------


async def rules_of(panel: OpenPanel, role: simcord.RoleHandle) -> None:
    await panel.choose(RULES, role)
    assert f"Rules for <@&{role.id}>" in panel.text


async def test_a_role_is_exempt_reviewed_and_limited(
    story: Story, manager: simcord.MemberActor
) -> None:
    red = story.guild.create_role("Red")
    panel = await opened(story, manager)
    await rules_of(panel, red)
    await panel.choose(f"kling:admin:limits::{red.id}", "exempt")
    await panel.choose(f"kling:admin:review::{red.id}", "yes")
    assert settings_of(story).role_rules == {red.id: RoleRule(is_exempt=True, is_reviewed=True)}
    assert "No review channel is chosen" in panel.text
    window = await panel.choose(f"kling:admin:limits::{red.id}", "own")
    await panel.submit(window, day_videos="3", month_microusd="5,50")
    each = Caps(day_videos=3, month_microusd=5_500_000)
    assert settings_of(story).role_rules == {red.id: RoleRule(each=each, is_reviewed=True)}
    assert "each $5.50 a month, 3 videos a day; reviewed" in panel.text
    await panel.fill(f"kling:admin:caps:together:{red.id}", day_microusd="$10")
    rule = settings_of(story).role_rules[red.id]
    assert rule == RoleRule(each=each, together=Caps(day_microusd=10_000_000), is_reviewed=True)
    await panel.turn_to("who")
    assert f"- <@&{red.id}>: each $5.50 a month" in panel.text
    await rules_of(panel, red)
    await panel.press(f"kling:admin:drop::{red.id}")
    assert settings_of(story).role_rules == {}
    assert "Who may make videos" in panel.text


async def test_limits_of_their_own_may_be_none_and_the_usual_ones_can_come_back(
    story: Story, manager: simcord.MemberActor
) -> None:
    red = story.guild.create_role("Red")
    panel = await opened(story, manager)
    await rules_of(panel, red)
    await panel.fill(f"kling:admin:caps:each:{red.id}")
    assert settings_of(story).role_rules == {red.id: RoleRule(each=Caps())}
    await panel.choose(f"kling:admin:limits::{red.id}", "usual")
    assert settings_of(story).role_rules == {}


async def test_the_rules_of_a_deleted_role_can_be_removed(
    story: Story, manager: simcord.MemberActor
) -> None:
    red = story.guild.create_role("Red")
    await change(story, role_rules={red.id: RoleRule(is_exempt=True)})
    story.env.backend.delete_role(story.guild.id, red.id)
    panel = await opened(story, manager)
    await panel.press(f"kling:admin:drop::{red.id}")
    assert settings_of(story).role_rules == {}


async def test_two_managers_can_write_the_rules_of_two_roles_at_once(
    story: Story, manager: simcord.MemberActor
) -> None:
    red, blue = (story.guild.create_role(name) for name in ("Red", "Blue"))
    mine, yours = await opened(story, manager), await opened(story, a_manager(story, "max"))
    await rules_of(mine, red)
    await rules_of(yours, blue)
    await mine.choose(f"kling:admin:limits::{red.id}", "exempt")
    await yours.choose(f"kling:admin:review::{blue.id}", "yes")
    assert set(settings_of(story).role_rules) == {red.id, blue.id}


# --- what is typed --------------------------------------------------------------------------------


async def test_limits_are_typed_leniently_and_shown_as_they_are_kept(
    story: Story, manager: simcord.MemberActor
) -> None:
    panel = await opened(story, manager, "much")
    typed = {"day_microusd": "$5.50", "month_microusd": "50,5", "day_videos": " 10 "}
    await panel.fill("kling:admin:caps:server:0", **typed)
    await panel.fill("kling:admin:caps:members:0", day_videos="2", month_videos="20")
    assert settings_of(story).server_caps == Caps(
        day_microusd=5_500_000, month_microusd=50_500_000, day_videos=10
    )
    assert settings_of(story).member_caps == Caps(day_videos=2, month_videos=20)
    assert "The whole server together**: $5.50 a day, $50.50 a month, 10 videos a day" in panel.text
    window = await panel.press("kling:admin:caps:server:0")
    assert window.modal is not None
    shown = [part["component"].get("value") for part in window.modal["components"]]
    assert shown == ["5.50", "50.50", "10", None]
    await panel.submit(window, day_microusd="", month_microusd="", day_videos="")
    assert settings_of(story).server_caps == Caps()


@pytest.mark.parametrize("typed", ["five", "-5", "1,000", "€5", "9999999", "<@1>", "5.555"])
async def test_an_amount_that_cannot_be_read_is_refused_politely(
    story: Story, manager: simcord.MemberActor, typed: str
) -> None:
    panel = await opened(story, manager, "much")
    told = await panel.fill("kling:admin:caps:server:0", day_microusd=typed, day_videos="3")
    words = private_words(told)
    assert "isn't an amount in dollars" in words
    assert "Write it like 5 or 5.50" in words
    assert "<@1>" not in words
    assert settings_of(story) == NOTHING_DECIDED


async def test_a_count_that_cannot_be_read_is_refused_politely(
    story: Story, manager: simcord.MemberActor
) -> None:
    panel = await opened(story, manager, "much")
    told = await panel.fill("kling:admin:caps:members:0", day_videos="2.5", day_microusd="5")
    assert "Write a whole number" in private_words(told)
    assert settings_of(story) == NOTHING_DECIDED


async def test_a_window_from_before_a_restart_is_taken(
    story: Story, manager: simcord.MemberActor
) -> None:
    panel = await opened(story, manager, "much")
    window = await panel.press("kling:admin:caps:server:0")
    await story.world.restart_bot()
    await panel.submit(window, day_microusd="5")
    assert settings_of(story).server_caps == Caps(day_microusd=5_000_000)
    assert "$5.00 a day" in panel.text


async def test_two_managers_who_type_different_limits_at_once_both_count(
    story: Story, manager: simcord.MemberActor
) -> None:
    mine = await opened(story, manager, "much")
    yours = await opened(story, a_manager(story, "max"), "much")
    windows = [await one.press("kling:admin:caps:server:0") for one in (mine, yours)]
    await mine.submit(windows[0], day_microusd="5")
    await yours.submit(windows[1], month_videos="9")
    assert settings_of(story).server_caps == Caps(day_microusd=5_000_000, month_videos=9)


@pytest.mark.parametrize(
    ("typed", "kept"), [("rome", "Europe/Rome"), ("New York", "America/New_York"), ("utc", "UTC")]
)
async def test_a_time_zone_is_typed_by_its_city(
    story: Story, manager: simcord.MemberActor, typed: str, kept: str
) -> None:
    panel = await opened(story, manager, "more")
    await panel.fill("kling:admin:zone::0", zone=typed)
    assert settings_of(story).time_zone == kept
    assert panel.chosen("time_zone") == kept


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("Rom", "Did you mean `Europe/Rome`?"), ("xyzzy", "Please type a large city near you.")],
)
async def test_a_time_zone_that_is_none_is_refused_with_the_nearest(
    story: Story, manager: simcord.MemberActor, typed: str, answer: str
) -> None:
    panel = await opened(story, manager, "more")
    told = await panel.fill("kling:admin:zone::0", zone=typed)
    assert answer in private_words(told)
    assert settings_of(story).time_zone is None


async def test_a_zone_that_is_not_among_the_common_ones_is_shown_as_chosen(
    story: Story, manager: simcord.MemberActor
) -> None:
    await change(story, time_zone="Asia/Kathmandu")
    panel: Any = await opened(story, manager, "more")
    assert panel.chosen("time_zone") == "Asia/Kathmandu"

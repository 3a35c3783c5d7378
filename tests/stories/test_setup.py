"""`/kling-admin setup`: four private steps, each saved or skipped, and a summary at the end."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import simcord

from bot.domain.money.ledger import Caps
from bot.domain.servers import NOTHING_DECIDED
from bot.playground.videos import VideoLibrary
from bot.ui.gate import DATABASE_AWAY
from tests.stories.harness import Card, Story, private_words, told_story
from tests.stories.panel import (
    OpenPanel,
    a_manager,
    change,
    opened,
    parts_of,
    say_anybody_may_see,
    settings_of,
    trail,
)
from tests.stories.test_own_keys import CLUB_KEY, NOT_A_MANAGER

EVERYONE = "Everyone may make videos, everywhere, up to 15 s, Standard / Pro"


@dataclass
class SetUp:
    """One manager's set-up, as it is at each moment."""

    story: Story
    shown: simcord.InteractionResult
    by: simcord.MemberActor

    @property
    def card(self) -> Card:
        assert self.shown.response is not None
        return Card(self.shown.response)

    def part(self, name: str) -> dict[str, Any]:
        """The select that decides this."""
        assert self.shown.response is not None
        parts = parts_of(self.shown.response.components)
        begins = f"kling:setup:pick:{name}:"
        return next(part for part in parts if part.get("custom_id", "").startswith(begins))

    def chosen(self, name: str) -> list[str]:
        """What a select shows as chosen."""
        part = self.part(name)
        labels = [one["label"] for one in part.get("options", []) if one.get("default")]
        return labels or [str(one["id"]) for one in part.get("default_values", [])]

    async def choose(self, name: str, *values: Any) -> None:  # noqa: ANN401 - handles of any kind
        assert self.shown.response is not None
        custom_id = self.part(name)["custom_id"]
        await self.by.select(self.shown.response, values, custom_id=custom_id)
        await self.story.settle()

    async def press(self, label: str) -> simcord.InteractionResult:
        assert self.shown.response is not None
        custom_id = self.card.custom_id(label)
        pressed = await self.by.click(self.shown.response, custom_id=custom_id)
        await self.story.settle()
        return pressed


async def begun(story: Story, by: simcord.MemberActor) -> SetUp:
    shown = await by.slash(story.channel, "kling-admin setup")
    await story.settle()
    assert shown.ephemeral, f"no set-up: {shown}"
    return SetUp(story, shown, by)


async def test_it_asks_who_pays_before_anything_that_can_be_bought(story: Story) -> None:
    setup = await begun(story, a_manager(story))
    assert setup.card.heading == "Set up · 1 of 4: who pays"
    assert "The bot's owner pays: " in setup.card.text
    assert "Or this server pays for itself" in setup.card.text
    assert setup.card.buttons == ["Leave it so", "Give a key…"]
    assert settings_of(story) == NOTHING_DECIDED


async def test_a_server_is_set_up_with_the_choices_already_made(story: Story) -> None:
    setup = await begun(story, a_manager(story))
    await setup.press("Leave it so")
    assert (setup.chosen("server"), setup.chosen("member")) == (["$5.00 a day"], ["3 videos a day"])
    await setup.press("Save and go on")
    await setup.press("Save and go on")
    assert setup.card.heading == "Set up · 4 of 4: who, and which qualities"
    await setup.press("Save and go on")
    assert setup.card.heading == "All set"
    rules = f"{EVERYONE}, 3 videos a day each; $5.00 a day for the server"
    assert setup.card.text.split("\n")[1] == rules
    assert settings_of(story) == NOTHING_DECIDED.model_copy(
        update={
            "server_caps": Caps(day_microusd=5_000_000),
            "member_caps": Caps(day_videos=3),
        }
    )
    assert [entry.what for entry in await trail(story)] == ["member_caps", "server_caps"]


async def test_all_of_it_is_chosen_saved_and_summed_up_over_restarts(story: Story) -> None:
    flyers = story.guild.create_role("Kite flyers")
    other = story.guild.create_text_channel("more-videos")
    setup = await begun(story, a_manager(story))
    await setup.press("Leave it so")
    await setup.choose("server", "10000000")
    await story.world.restart_bot()
    await setup.choose("member", "-")
    assert (setup.chosen("server"), setup.chosen("member")) == (["$10.00 a day"], ["No limit"])
    assert settings_of(story) == NOTHING_DECIDED, "a choice alone writes nothing"
    await setup.press("Save and go on")
    await setup.choose("channels", story.channel, other)
    await story.world.restart_bot()
    await setup.press("Save and go on")
    await setup.choose("roles", flyers)
    await setup.choose("qualities", '"standard"')
    assert setup.chosen("roles") == [str(flyers.id)]
    await setup.press("Save and go on")
    where = f"in <#{story.channel.id}> and <#{other.id}>"
    assert setup.card.text.split("\n")[1] == (
        f"Members with <@&{flyers.id}> may make videos, {where}, up to 15 s, Standard, no limit "
        "each; $10.00 a day for the server"
    )
    settings = settings_of(story)
    assert settings.allowed_channel_ids == (story.channel.id, other.id)
    assert settings.allowed_role_ids == (flyers.id,)
    assert settings.qualities == ("standard",)
    decided = {entry.what for entry in await trail(story)}
    assert decided == {"server_caps", "allowed_channel_ids", "allowed_role_ids", "qualities"}


async def test_every_step_can_be_skipped_and_then_nothing_is_changed(story: Story) -> None:
    setup = await begun(story, a_manager(story))
    await setup.press("Leave it so")
    await setup.choose("member", "1")
    for _ in range(3):
        await setup.press("Skip")
    assert setup.card.heading == "All set"
    assert f"{EVERYONE}, no limit each; no limit for the server ⚠" in setup.card.text
    assert settings_of(story) == NOTHING_DECIDED
    assert await trail(story) == []


async def test_back_and_all_settings_lead_where_they_say(story: Story) -> None:
    setup = await begun(story, a_manager(story))
    await setup.press("Leave it so")
    await setup.press("Back")
    assert setup.card.heading == "Set up · 1 of 4: who pays"
    for label in ("Leave it so", "Skip", "Skip", "Skip", "Go through it again"):
        await setup.press(label)
    assert setup.card.heading == "Set up · 1 of 4: who pays"
    for label in ("Leave it so", "Skip", "Skip", "Skip", "All settings"):
        await setup.press(label)
    assert setup.card.heading == "Settings of this server"


async def test_what_was_decided_before_is_what_it_begins_with(story: Story) -> None:
    await change(
        story, server_caps=Caps(day_microusd=3_330_000, month_videos=9), qualities=("standard",)
    )
    setup = await begun(story, a_manager(story))
    await setup.press("Leave it so")
    assert setup.chosen("server") == ["$3.33 a day"]
    await setup.choose("server", "-")
    await setup.press("Save and go on")
    assert settings_of(story).server_caps == Caps(month_videos=9), "the month's limit went"
    await setup.press("Skip")
    assert setup.chosen("qualities") == ["Standard (720p)"]


async def test_a_channel_is_taken_out_and_a_deleted_one_is_left_to_the_panel(story: Story) -> None:
    other = story.guild.create_text_channel("more-videos")
    await change(story, allowed_channel_ids=(story.channel.id, other.id, 7))
    setup = await begun(story, a_manager(story))
    await setup.press("Leave it so")
    await setup.press("Skip")
    assert setup.chosen("channels") == [str(story.channel.id), str(other.id)]
    await setup.choose("channels", other)
    await setup.press("Save and go on")
    assert settings_of(story).allowed_channel_ids == (other.id, 7)


async def test_of_two_managers_at_once_neither_undoes_the_other(story: Story) -> None:
    setup = await begun(story, a_manager(story))
    await setup.press("Leave it so")
    await change(story, server_caps=Caps(day_microusd=1_000_000))
    await setup.press("Save and go on")
    assert "Another manager has just changed this." in setup.card.text
    assert settings_of(story).server_caps == Caps(day_microusd=1_000_000)
    assert settings_of(story).member_caps == Caps()
    await setup.press("Save and go on")
    assert settings_of(story).server_caps == Caps(day_microusd=5_000_000)


async def test_a_key_of_its_own_is_given_in_the_first_step(story: Story) -> None:
    story.server.other_keys |= {CLUB_KEY: "club"}
    setup = await begun(story, a_manager(story))
    window = await setup.press("Give a key…")
    told = await setup.by.submit_modal(window, {"key": "nonsense"})
    await story.settle()
    assert "That isn't a RunComfy key." in private_words(told)
    assert setup.card.heading == "Set up · 1 of 4: who pays"
    window = await setup.press("Give a key…")
    told = await setup.by.submit_modal(window, {"key": CLUB_KEY})
    await story.settle()
    assert "RunComfy accepted the key." in private_words(told)
    assert setup.card.heading == "Set up · 2 of 4: how much a day"
    await setup.press("Back")
    assert f"This server pays with its own RunComfy key (`…{CLUB_KEY[-4:]}`)." in setup.card.text
    assert setup.card.buttons == ["Leave it so", "Replace it…"]


async def test_where_the_operator_does_not_pay_only_a_key_is_offered(
    tmp_path: Path, videos: VideoLibrary
) -> None:
    changes = {"allowed_servers": frozenset({1})}
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
        setup = await begun(story, a_manager(story))
        assert "The bot's owner doesn't pay for videos in this server" in setup.card.text
        assert setup.card.buttons == ["Give a key…", "Skip"]
        for label in ("Skip", "Skip", "Skip", "Skip"):
            await setup.press(label)
        assert "it needs a RunComfy key of its own" in setup.card.text


async def test_the_operators_limits_are_told(tmp_path: Path, videos: VideoLibrary) -> None:
    changes = {
        "total_limit": Caps(day_microusd=20_000_000),
        "server_limit": Caps(day_microusd=2_000_000),
        "user_limit": Caps(day_videos=3),
        "secret_key": None,
    }
    async with told_story(data_dir=tmp_path / "data", videos=videos, changes=changes) as story:
        setup = await begun(story, a_manager(story))
        assert (
            "The bot's owner pays: $2.00 a day for this server, 3 videos a day for each "
            "person, $20.00 a day for all servers together." in setup.card.text
        )
        assert "This bot isn't set up to take keys." in setup.card.text
        assert setup.card.buttons == ["Leave it so"]


async def test_members_and_strangers_are_told_which_permission_they_need(story: Story) -> None:
    say_anybody_may_see(story)
    story.expected_errors = 1
    told = await story.alice.slash(story.channel, "kling-admin setup")
    assert private_words(told) == NOT_A_MANAGER


async def test_who_lost_the_permission_meanwhile_changes_nothing(story: Story) -> None:
    mona = a_manager(story)
    setup = await begun(story, mona)
    window = await setup.press("Give a key…")
    await setup.press("Leave it so")
    (role,) = [one for one in story.guild.roles.values() if one.name == "Managers of mona"]
    story.env.backend.remove_member_role(story.guild.id, mona.id, role.id)
    for label in ("Save and go on", "Skip"):
        assert private_words(await setup.press(label)) == NOT_A_MANAGER
    told = await mona.submit_modal(window, {"key": CLUB_KEY})
    await story.settle()
    assert private_words(told) == NOT_A_MANAGER
    assert settings_of(story) == NOTHING_DECIDED
    assert await trail(story) == []


async def test_while_the_database_is_away_it_says_so_and_writes_nothing(story: Story) -> None:
    setup = await begun(story, a_manager(story))
    await setup.press("Leave it so")
    await story.world.app.store.close()
    told = await setup.press("Save and go on")
    assert private_words(told) == DATABASE_AWAY
    assert setup.card.heading == "Set up · 2 of 4: how much a day"


async def test_an_italian_manager_sets_up_in_italian(story: Story) -> None:
    story.world.locale = "it"
    setup = await begun(story, a_manager(story))
    assert setup.card.heading == "Configura · 1 di 4: chi paga"
    await setup.press("Lascia così")
    for _ in range(3):
        await setup.press("Salva e continua")
    assert setup.card.heading == "Tutto pronto"
    assert (
        "Tutti possono fare video, ovunque, fino a 15 s, Standard / Pro, 3 video al giorno a "
        "testa; 5,00\N{NO-BREAK SPACE}USD al giorno per il server" in setup.card.text
    )


# --- the panel opens with the summary -------------------------------------------------------------


async def test_the_panel_opens_with_what_holds_in_one_sentence(story: Story) -> None:
    mona = a_manager(story)
    panel: OpenPanel = await opened(story, mona)
    assert f"{EVERYONE}, no limit each; no limit for the server ⚠" in panel.text
    await change(
        story,
        allowed_channel_ids=(story.channel.id,),
        denied_channel_ids=(7,),
        longest_duration_s=10,
        qualities=("pro",),
        member_caps=Caps(day_videos=3),
    )
    await panel.turn_to("much")
    assert (
        f"Everyone may make videos, in <#{story.channel.id}>, not in <#7>, up to 10 s, Pro, 3 "
        "videos a day each; no limit for the server ⚠" in panel.text
    )


@pytest.mark.parametrize("number", [6, 25])
async def test_of_many_roles_the_first_are_named(story: Story, number: int) -> None:
    await change(story, allowed_role_ids=tuple(range(100, 100 + number)))
    panel = await opened(story, a_manager(story))
    first = ", ".join(f"<@&{one}>" for one in range(100, 105))
    assert f"Members with {first} and {number - 5} more may make videos, everywhere" in panel.text

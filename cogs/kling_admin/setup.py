"""Set-up in one minute: four private steps, each saved or skipped, and a summary at the end."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import discord

from bot.domain.denied import Denied
from bot.features.servers.server_keys import KeyGiven
from bot.features.servers.server_settings import SettingsRefusal
from bot.ui.context import Interaction, language_of, manager_of, tell_privately
from bot.ui.routes import Action
from cogs.kling_admin import settings as table
from cogs.kling_admin import texts as words
from cogs.kling_admin.changes import of_managers
from cogs.kling_admin.key import key_form, key_in, outcome_words
from cogs.kling_admin.panel import there
from cogs.kling_admin.setup_card import (
    BEGIN,
    CAPS,
    GIVE_KEY,
    KEY_MODAL,
    LISTS,
    NO_LIMIT,
    PARTS,
    PICK,
    SAVE,
    SHOW,
    Setup,
    Step,
    Topic,
    digest,
    now_in,
    proposed,
    setup_card,
)


async def open_setup(interaction: Interaction, _: Action | None = None) -> None:
    """Answer a manager with the first step, in private."""
    view = setup_card(await _at(interaction, Step.PAYER), language_of(interaction))
    await interaction.response.send_message(
        view=view, ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
    )


async def show(interaction: Interaction, action: Action) -> None:
    """Show another step; what was chosen on this one and not saved is skipped."""
    view = setup_card(await _at(interaction, Step(action["step"])), language_of(interaction))
    await interaction.response.edit_message(view=view)


async def pick(interaction: Interaction, action: Action) -> None:
    """Show a choice as made; nothing is written."""
    part = Topic(action["part"])
    step = next(one for one, parts in PARTS.items() if part in parts)
    chosen = {**_chosen_on(interaction.message), part: action.values}
    shown = await _at(interaction, step, chosen=chosen, seen=action["seen"])
    await interaction.response.edit_message(view=setup_card(shown, language_of(interaction)))


async def save(interaction: Interaction, action: Action) -> None:
    """Write what the step shows and show the next, unless another manager changed it meanwhile."""
    await interaction.response.defer()
    step, chosen = Step(action["step"]), _chosen_on(interaction.message)
    settings = await interaction.client.services.servers.current(interaction.guild_id)
    wanted = {part: chosen.get(part, now_in(part, settings)) for part in PARTS[step]}
    is_done = all([*now_in(part, settings)] == [*values] for part, values in wanted.items())
    if not is_done and digest(step, settings) != action["seen"]:
        shown = await _at(interaction, step, chosen=wanted, has_changed=True)
        await _redraw(interaction, shown)
        return
    refusals = [] if is_done else await _written(interaction, wanted)
    await _redraw(interaction, await _at(interaction, step if refusals else step.next))
    for why in refusals:
        await tell_privately(interaction, language_of(interaction).say(words.REFUSALS[why]))


async def _written(
    interaction: Interaction, wanted: Mapping[Topic, Sequence[str]]
) -> list[SettingsRefusal]:
    """Write the parts that differ from what holds, each with its line in the audit log."""
    services, guild_id = interaction.client.services, interaction.guild_id or 0
    writer, by_user_id = services.server_settings, interaction.user.id
    refusals: list[SettingsRefusal] = []
    for part, values in wanted.items():
        now = services.servers.known(guild_id)
        if [*now_in(part, now)] == [*values]:
            continue
        if part in LISTS:
            drawn = [int(one) for one in proposed(part, now, there(interaction))]
            answer = await writer.pick(
                guild_id,
                LISTS[part],
                seen=drawn,
                picked=[int(one) for one in values],
                by_user_id=by_user_id,
            )
        elif part in CAPS:
            whose, name = CAPS[part]
            seen = whose.in_settings(now)
            cap = None if values[0] == NO_LIMIT else int(values[0])
            typed = seen.model_copy(update={name: cap})
            answer = await writer.limit(
                guild_id, whose, seen=seen, typed=typed, by_user_id=by_user_id
            )
        else:
            change = table.change_of("qualities", values[0])
            answer = await writer.choose(guild_id, change, by_user_id=by_user_id)
        if isinstance(answer, Denied):
            refusals.append(answer.why)
    return refusals


async def ask_for_key(interaction: Interaction, _: Action) -> None:
    """Open the window for a key of the server's own."""
    form = key_form(language_of(interaction), custom_id=KEY_MODAL.of())
    await interaction.response.send_modal(form)


async def give_key(interaction: Interaction, action: Action) -> None:
    """Check the key and keep it; with a good one, go on."""
    guild_id = await manager_of(interaction)
    if guild_id is None:
        return
    await interaction.response.defer()
    outcome = await interaction.client.services.server_keys.give(
        guild_id, key_in(action), by_user_id=interaction.user.id
    )
    step = Step.MUCH if isinstance(outcome, KeyGiven) else Step.PAYER
    await _redraw(interaction, await _at(interaction, step))
    await tell_privately(interaction, outcome_words(language_of(interaction), outcome))


async def _at(
    interaction: Interaction,
    step: Step,
    *,
    chosen: Mapping[Topic, Sequence[str]] | None = None,
    seen: str | None = None,
    has_changed: bool = False,
) -> Setup:
    services, guild_id = interaction.client.services, interaction.guild_id or 0
    return Setup(
        step=step,
        settings=await services.servers.current(guild_id),
        there=there(interaction),
        limits=services.limits,
        key=None if step in PARTS else await services.server_keys.of_server(guild_id),
        takes_keys=services.server_keys.are_offered,
        chosen=chosen or {},
        seen=seen,
        has_changed=has_changed,
    )


async def _redraw(interaction: Interaction, shown: Setup) -> None:
    await interaction.edit_original_response(
        view=setup_card(shown, language_of(interaction)),
        allowed_mentions=discord.AllowedMentions.none(),
    )


def _chosen_on(message: discord.Message | None) -> dict[Topic, Sequence[str]]:
    """What the selects of a step show as chosen."""
    chosen: dict[Topic, Sequence[str]] = {}
    for menu in _selects(() if message is None else message.components):
        found = PICK.match(menu.custom_id or "")
        if found is not None:
            ids = [str(one.id) for one in menu.default_values]
            chosen[Topic(found["part"])] = ids or [o.value for o in menu.options if o.default]
    return chosen


def _selects(parts: Sequence[Any]) -> Iterator[discord.SelectMenu]:
    for part in parts:
        if isinstance(part, discord.SelectMenu):
            yield part
        yield from _selects(getattr(part, "children", ()))


ROUTES: Final = (
    *(
        (route, of_managers(handler))
        for route, handler in (
            (BEGIN, open_setup),
            (SHOW, show),
            (PICK, pick),
            (SAVE, save),
            (GIVE_KEY, ask_for_key),
        )
    ),
    (KEY_MODAL, give_key),
)

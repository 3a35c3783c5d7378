"""The buttons under a question to moderators; their state is in the custom_id."""

import re
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any, Protocol, Self, runtime_checkable

import discord
from discord import ui

from bot.domain.job import JobId
from bot.features.ordering_ports import FrontDesk
from bot.languages.language import Language
from bot.ui import words_reviews as words
from bot.ui.context import Interaction
from bot.ui.pressed import Pressed


class ReviewVerb(StrEnum):
    """What a press means."""

    APPROVE = "approve"
    DECLINE = "decline"
    READ = "read"


ReviewPress = Callable[[Interaction, JobId], Awaitable[None]]

_LABELS: Mapping[ReviewVerb, str] = {
    ReviewVerb.APPROVE: words.APPROVE_LABEL,
    ReviewVerb.DECLINE: words.DECLINE_LABEL,
    ReviewVerb.READ: words.READ_ALL_LABEL,
}
_STYLES: Mapping[ReviewVerb, discord.ButtonStyle] = {
    ReviewVerb.APPROVE: discord.ButtonStyle.success,
    ReviewVerb.DECLINE: discord.ButtonStyle.danger,
}


@runtime_checkable
class HasReviewPresses(Protocol):
    """What carries the doing to the buttons: the Discord client."""

    @property
    def review_presses(self) -> Mapping[ReviewVerb, ReviewPress]:
        """What each verb does."""
        ...


class ReviewButton(
    Pressed,
    ui.DynamicItem[ui.Button[ui.LayoutView]],
    template=rf"kling:review:(?P<verb>{'|'.join(ReviewVerb)}):(?P<job_id>[0-9a-z]+)",
):
    """Decides about a job, for who may manage messages where it is shown."""

    def __init__(self, verb: ReviewVerb, job_id: JobId, language: Language | None = None) -> None:
        super().__init__(
            ui.Button(
                style=_STYLES.get(verb, discord.ButtonStyle.secondary),
                label="" if language is None else language.say(_LABELS[verb]),
                custom_id=f"kling:review:{verb}:{job_id}",
            )
        )
        self.verb = verb
        self.job_id = job_id

    @classmethod
    def rebuilt(cls, item: ui.Item[Any], match: re.Match[str]) -> Self:
        """Rebuild the button from its custom_id."""
        del item
        return cls(ReviewVerb(match["verb"]), match["job_id"])

    async def pressed(self, desk: FrontDesk, interaction: Interaction) -> None:
        """Have it carried out."""
        del desk
        client = interaction.client
        if not isinstance(client, HasReviewPresses):
            raise TypeError("this Discord client carries no presses on reviews")
        await client.review_presses[self.verb](interaction, self.job_id)


REVIEW_ITEMS = (ReviewButton,)
"""What a client registers so that presses on old questions find their way."""

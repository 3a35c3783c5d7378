"""Who acts, where, and what they may do there, as Discord reports it with the interaction."""

from dataclasses import dataclass

from bot.domain.job import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An actor in one place. Their permissions there say nothing about other places.

    A custom_id names any job, so each job is compared with the place of the interaction.
    """

    user_id: int
    guild_id: int | None = None
    channel_id: int | None = None
    channel_ids: frozenset[int] = frozenset()
    """The channel itself, the channel of its thread, and its category."""
    role_ids: frozenset[int] = frozenset()
    is_bot: bool = False
    is_pending: bool = False
    """Whether they have not yet accepted the rules of the server."""
    manages_messages: bool = False
    """Whether they may manage messages in that channel."""
    in_age_restricted: bool = False
    by_user_install: bool = False
    """Whether they installed the bot for themselves and the server did not install it."""
    is_operator: bool = False
    """Whether they own the application or are in its team; looked up only where they may ask."""
    has_asked: bool = False
    """Whether Discord says that they triggered the message that they acted on."""

    @property
    def is_ungoverned(self) -> bool:
        """Whether no manager governs here: in direct messages and with the actor's own install."""
        return self.guild_id is None or self.by_user_install

    def moderates(self, job: Job) -> bool:
        """Whether they may moderate a job: only in the server where it was requested."""
        return self.manages_messages and self.is_in_server_of(job)

    def reviews(self, job: Job) -> bool:
        """Whether they may decide about a job: only in the channel of its review question."""
        # A question is posted before the row has its channel.
        in_its_channel = job.review_channel_id in (None, self.channel_id)
        return self.moderates(job) and in_its_channel

    def can_see(self, job: Job) -> bool:
        """Whether its public card may be visible to them."""
        if job.server_id is None:
            return self.guild_id is None and self.channel_id == job.place.channel_id
        return self.is_in_server_of(job)

    def asked_for(self, job: Job) -> bool:
        """Whether Discord says that they requested a job whose row names no requester."""
        # The place of its card may be erased too.
        in_its_channel = job.place.channel_id in (0, self.channel_id)
        return self.has_asked and self.guild_id == job.place.guild_id and in_its_channel

    def is_in_server_of(self, job: Job) -> bool:
        """Whether they act in the server where it was requested; False for direct messages."""
        return self.guild_id is not None and self.guild_id == job.server_id

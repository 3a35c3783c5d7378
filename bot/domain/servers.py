"""What a server's managers decide for their server, and the audit log of those decisions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Protocol
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    field_validator,
)

from bot.domain.generation.request import DURATION_MAX_S, DURATION_MIN_S, QualityName
from bot.domain.money.ledger import NO_CAPS, Caps
from bot.domain.preferences import Notify

EVERYWHERE: Final = 0
"""The id under which the operator's decisions for the whole bot are stored."""
BY_THE_BOT: Final = 0
"""The actor in the audit log for what the bot itself found out."""
AT_THE_SHELL: Final = -1
"""The actor in the audit log for decisions that an operator made at the shell."""
NO_RESTRICTIONS: Final = frozenset(
    {
        "notify",
        "log_channel_id",
        "default_quality",
        "prices_hidden",
        "showcase_channel_id",
        "showcase_by",
        "showcase_stars",
    }
)
"""Settings that restrict no member. Each other one is a restriction: while it cannot be read, the
server is paused."""
OPERATORS_SETTINGS: Final = frozenset({"blocked_by_operator"})
"""A server's settings that only operators may change."""
JOB_BOUND: Final = "job_bound"
JOB_WRITTEN_OFF: Final = "job_written_off"
"""The audit log's name for decisions about unsure jobs."""
BY_OPERATORS: Final = OPERATORS_SETTINGS | {JOB_BOUND, JOB_WRITTEN_OFF}
"""The audit log's names for operators' decisions about single servers."""
NEWS: Final = "kling_servers"
"""The PostgreSQL channel that tells processes which servers' decisions changed, by their ids."""
REASON_MAX_CHARS: Final = 200
WORDS_MAX: Final = 500
"""How many words and patterns one server may list."""
WORD_MAX_CHARS: Final = 100
ROLE_RULES_MAX: Final = 25
"""How many roles may have their own rules: what one select menu of Discord shows."""
AT_ONCE_MAX: Final = 100


def _named(value: object) -> object:
    return [one for one in value.split(",") if one] if isinstance(value, str) else value


QualityNames = Annotated[
    tuple[QualityName, ...],
    BeforeValidator(_named),
    # One text, so that the panel and the audit log take the choice as a whole.
    PlainSerializer(",".join, when_used="json"),
]


class ShownBy(StrEnum):
    """Who may put videos into a server's showcase by hand."""

    AUTHORS = "authors"
    """The requester and moderators."""
    MODERATORS = "moderators"
    STARS = "stars"
    """No one by hand: stars alone bring them there."""


class RoleRule(BaseModel):
    """Different rules for members with a role."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    is_exempt: bool = False
    """Whether they are exempt from member and role limits; the server's own limits still apply."""
    each: Caps | None = None
    """The limits of each member with the role, instead of the usual ones."""
    together: Caps = NO_CAPS
    """The limits of all members with the role together."""
    is_reviewed: bool = False
    """Whether a moderator has to approve their orders."""


class ServerSettings(BaseModel):
    """All decisions for one server; the defaults are those of a server without any."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    # --- who and where
    allowed_role_ids: tuple[int, ...] = ()
    """The roles that may generate; none means every member."""
    role_rules: Mapping[int, RoleRule] = Field(default_factory=dict[int, RoleRule])
    allowed_channel_ids: tuple[int, ...] = ()
    """The allowed channels; none means all."""
    denied_channel_ids: tuple[int, ...] = ()
    blocked_user_ids: tuple[int, ...] = ()
    paused_because: Annotated[str, Field(max_length=REASON_MAX_CHARS)] | None = None
    """Why new orders are refused; shown to members who try. None: they are accepted."""
    blocked_by_operator: bool = False
    drained_by: int | None = None
    """For the whole bot only: the operator who is draining it before a stop."""
    total_caps: Caps = NO_CAPS
    """For the whole bot only: the limit of everything that the operator's key pays for.

    TOTAL_LIMIT holds beside it, and of both the stricter.
    """

    # --- what
    private_by_default: bool = False
    longest_duration_s: Annotated[int, Field(ge=DURATION_MIN_S, le=DURATION_MAX_S)] | None = None
    sound_allowed: bool = True
    qualities: QualityNames = ()
    """The qualities that may be used; none chosen means those of the operator."""
    default_quality: QualityName | None = None
    """The quality of requests that name none; None is the bot's own default."""
    pictures_allowed: bool = True
    picture_role_ids: tuple[int, ...] = ()
    """The roles that may use pictures; none means all who may generate."""
    pictures_age_restricted_only: bool = False
    spoiler: bool = False
    ask_above_microusd: Annotated[int, Field(ge=0)] | None = None
    prices_hidden: bool = False
    """Whether cards show no prices; questions and private answers do."""
    notify: Notify = Notify.MENTION
    time_zone: str | None = None
    """The time zone of its limits; None is the bot's own."""

    # --- how much
    server_caps: Caps = NO_CAPS
    member_caps: Caps = NO_CAPS
    at_once_per_user: Annotated[int, Field(ge=1, le=AT_ONCE_MAX)] | None = None
    at_once: Annotated[int, Field(ge=1, le=AT_ONCE_MAX)] | None = None

    # --- the showcase
    showcase_channel_id: int | None = None
    """The channel or forum where the best videos are shown; None: there is no showcase."""
    showcase_by: ShownBy = ShownBy.AUTHORS
    showcase_stars: Annotated[int, Field(ge=1)] | None = 3
    """How many stars bring a video there by themselves; None: no number does."""

    # --- moderation
    log_channel_id: int | None = None
    review_channel_id: int | None = None
    builtin_words: bool = False
    words: tuple[Annotated[str, Field(min_length=1, max_length=WORD_MAX_CHARS)], ...] = ()
    """Words and patterns (with `*`) that a prompt may not contain."""
    age_restricted_only: bool = False

    unread: frozenset[str] = frozenset()
    """The names of stored settings that cannot be read: damaged, or from a newer version.

    This field is not stored. The value here of such a setting is not what was decided. Writing the
    setting repairs it; until then the stored value stays.
    """

    @property
    def is_unread(self) -> bool:
        """Whether a restriction may be among the unread; then orders and sending are stopped."""
        return not self.unread <= NO_RESTRICTIONS

    @property
    def is_blocked(self) -> bool:
        """Whether the operator blocked it, or may have."""
        return self.blocked_by_operator or not self.unread.isdisjoint(OPERATORS_SETTINGS)

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        if name is not None:
            try:
                # ZoneInfo caches it; listing all names would read 600 files each time.
                ZoneInfo(name)
            except (OSError, LookupError) as error:
                raise ValueError("no such time zone") from error
        return name

    def zone(self, usual: ZoneInfo) -> ZoneInfo:
        """The time zone of its limits."""
        return usual if self.time_zone is None else ZoneInfo(self.time_zone)


NOTHING_DECIDED: Final = ServerSettings()
Edit = Callable[[ServerSettings], Mapping[str, Any]]
"""What to change, given the settings under the write lock; {}: nothing."""
Changes = Mapping[str, Any] | Edit
"""The settings to write by name, or a function that finds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One decision, by whom and when: written to the audit log and never changed."""

    guild_id: int
    at: datetime
    by_user_id: int
    what: str
    """What was decided: a setting's name, or a verb such as `key_given`."""
    before: str
    """As JSON. For a list the removed items, for a mapping the changed ones."""
    after: str
    """As JSON. For a list the added items, for a mapping the changed ones."""


class SettingsLookup(Protocol):
    """Reads servers' decisions: `Servers`, and `UndecidedServers` in tests."""

    def known(self, guild_id: int | None) -> ServerSettings:
        """A server's decisions as last read, without waiting; defaults if there is no server."""
        ...

    async def current(self, guild_id: int | None) -> ServerSettings:
        """A server's decisions, read again if the database answers soon, else as last read."""
        ...

    def blocking(self, user_id: int) -> frozenset[int]:
        """The servers whose managers blocked this person, as last read."""
        ...

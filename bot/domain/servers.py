"""What a server's managers decide about their server, and the audit log of who decided it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Protocol
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.domain.ledger import NO_CAPS, Caps
from bot.domain.preferences import Notify
from bot.domain.request import DURATION_MAX_S, DURATION_MIN_S

EVERYWHERE: Final = 0
"""The id under which the operator's own decisions about the whole bot are kept."""
BY_THE_BOT: Final = 0
"""Whom the audit log names for what the bot itself found out."""
AT_THE_SHELL: Final = -1
"""Whom the audit log names where an operator decided at the shell."""
NO_RESTRICTIONS: Final = frozenset({"notify", "log_channel_id"})
"""Settings that hold nobody back. All others do: as long as one of them cannot be read, the server
is paused."""
OPERATORS_SETTINGS: Final = frozenset({"blocked_by_operator"})
"""Of a server's settings those that operators alone decide."""
JOB_BOUND: Final = "job_bound"
JOB_WRITTEN_OFF: Final = "job_written_off"
"""What the audit log calls decisions about unsure jobs."""
BY_OPERATORS: Final = OPERATORS_SETTINGS | {JOB_BOUND, JOB_WRITTEN_OFF}
"""What operators alone decide about single servers, as the audit log calls it."""
NEWS: Final = "kling_servers"
"""The channel in which processes over one PostgreSQL hear whose decisions changed, by their ids."""
REASON_MAX_CHARS: Final = 200
WORDS_MAX: Final = 500
"""How many words and patterns one server may list."""
WORD_MAX_CHARS: Final = 100
ROLE_RULES_MAX: Final = 25
"""How many roles may have rules of their own: what one select of Discord shows."""
AT_ONCE_MAX: Final = 100


class RoleRule(BaseModel):
    """What is different for members with a role."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    is_exempt: bool = False
    """Whether the limits of members and roles do not hold for them; the server's own still do."""
    each: Caps | None = None
    """The limits of each of them instead of the members' usual ones."""
    together: Caps = NO_CAPS
    """The limits of all of them taken together."""
    is_reviewed: bool = False
    """Whether a moderator has to approve what they ask for."""


class ServerSettings(BaseModel):
    """All that can be decided for one server; as it stands here nobody decided anything."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    # --- who and where
    allowed_role_ids: tuple[int, ...] = ()
    """Who may generate; nobody named is everybody."""
    role_rules: Mapping[int, RoleRule] = Field(default_factory=dict[int, RoleRule])
    allowed_channel_ids: tuple[int, ...] = ()
    """Where; none named is everywhere."""
    denied_channel_ids: tuple[int, ...] = ()
    blocked_user_ids: tuple[int, ...] = ()
    paused_because: Annotated[str, Field(max_length=REASON_MAX_CHARS)] | None = None
    """Why nothing new may be asked for; shown to whoever tries. None: it may."""
    blocked_by_operator: bool = False
    drained_by: int | None = None
    """Of the whole bot alone: the operator who lets it finish what is under way, to be stopped."""

    # --- what
    private_by_default: bool = False
    longest_duration_s: Annotated[int, Field(ge=DURATION_MIN_S, le=DURATION_MAX_S)] | None = None
    sound_allowed: bool = True
    spoiler: bool = False
    ask_above_microusd: Annotated[int, Field(ge=0)] | None = None
    notify: Notify = Notify.MENTION
    time_zone: str | None = None
    """The calendar of its limits; None is the bot's own."""

    # --- how much
    server_caps: Caps = NO_CAPS
    member_caps: Caps = NO_CAPS
    at_once_per_user: Annotated[int, Field(ge=1, le=AT_ONCE_MAX)] | None = None
    at_once: Annotated[int, Field(ge=1, le=AT_ONCE_MAX)] | None = None

    # --- moderation
    log_channel_id: int | None = None
    review_channel_id: int | None = None
    builtin_words: bool = False
    words: tuple[Annotated[str, Field(min_length=1, max_length=WORD_MAX_CHARS)], ...] = ()
    """Words and patterns (with `*`) that a prompt may not contain."""
    age_restricted_only: bool = False

    unread: frozenset[str] = frozenset()
    """The names of what is kept and cannot be read: damaged, or written by a newer version.

    It is not kept itself. Whatever stands in the place of such a setting here is not what was
    decided. Writing it cures it; what is left unwritten stays as it is.
    """

    @property
    def is_unread(self) -> bool:
        """Whether a restriction may be among it: then nothing is taken and nothing is sent."""
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
                # Remembered by zoneinfo: listing all names would read 600 files each time.
                ZoneInfo(name)
            except (OSError, LookupError) as error:
                raise ValueError("no such time zone") from error
        return name

    def zone(self, usual: ZoneInfo) -> ZoneInfo:
        """The calendar that its limits follow."""
        return usual if self.time_zone is None else ZoneInfo(self.time_zone)


NOTHING_DECIDED: Final = ServerSettings()
Edit = Callable[[ServerSettings], Mapping[str, Any]]
"""What to change, by the settings as they stand once nobody else can write them; {}: nothing."""
Changes = Mapping[str, Any] | Edit
"""The settings to write by their names, or how to find them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One decision, by whom and when: what is written to the audit log and never changed."""

    guild_id: int
    at: datetime
    by_user_id: int
    what: str
    """The name of what was decided: a setting's name, or a verb such as `key_given`."""
    before: str
    """As JSON. Of a list what was taken out, of a mapping what changed: the rest says nothing."""
    after: str
    """As JSON. Of a list what was put in, of a mapping what changed."""


class SettingsLookup(Protocol):
    """Servers' decisions as they are asked for: `Servers`, and `UndecidedServers` in tests."""

    def known(self, guild_id: int | None) -> ServerSettings:
        """A server's decisions as last seen; waits for nothing. None, no server: none made."""
        ...

    async def current(self, guild_id: int | None) -> ServerSettings:
        """A server's decisions, read again if the database answers soon, else as last seen."""
        ...

    def blocking(self, user_id: int) -> frozenset[int]:
        """The servers whose managers blocked this person, as last seen."""
        ...

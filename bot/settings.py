"""The operator's choices, from the environment and `.env`; a wrong one becomes a plain sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import as_invoked
from bot import settings_checks as checks
from bot.domain.figures import said_dollars
from bot.domain.generation.request import DURATION_MIN_S
from bot.domain.money.ledger import NO_CAPS, Caps
from bot.domain.money.policy import OperatorLimits

ENV_FILE: Final = Path(".env")
MAX_DOWNLOAD_MIB_CEILING: Final = 10_000
POLLS_PER_SECOND_CEILING: Final = 1_000
DRAIN_TIMEOUT_S_CEILING: Final = 600
MAX_IN_FLIGHT_CEILING: Final = 1_000
JOIN_MAX_S_CEILING: Final = 180
RETENTION_DAYS_CEILING: Final = 3_650
UTC_ZONE: Final = ZoneInfo("UTC")

_EXPECTED: Final[Mapping[str, str]] = {
    "discord_token": "your bot's token",
    "runcomfy_api_key": "your RunComfy API key",
    "runcomfy_images": "inline or link",
    "polls_per_second": f"a whole number from 1 to {POLLS_PER_SECOND_CEILING}",
    "max_in_flight": f"a whole number from 1 to {MAX_IN_FLIGHT_CEILING}",
    "user_in_flight": f"a whole number from 1 to {MAX_IN_FLIGHT_CEILING}",
    "direct_messages": "on or off",
    "owner_messages": "on or off",
    "cooldown_s": "a whole number of seconds from 0 to 3600",
    "log_level": "DEBUG, INFO, WARNING or ERROR",
    "log_format": "auto, human or json",
    "dev_guild_id": "a server's id, which is a number (right-click the server, Copy Server ID)",
    "max_download_mib": f"a whole number from 1 to {MAX_DOWNLOAD_MIB_CEILING}",
    "fit_copies": "true or false",
    "ffmpeg_path": "the path of a program",
    "join_max_s": f"a whole number of seconds from {DURATION_MIN_S} to {JOIN_MAX_S_CEILING}",
    "archive_dir": "the path of a folder",
    "archive_max_mib": "a whole number of MiB, 1 or more",
    "archive_max_days": "a whole number of days, 1 or more",
    "image_retention_days": f"a whole number of days from 1 to {RETENTION_DAYS_CEILING}",
    "retention_days": f"a whole number of days from 1 to {RETENTION_DAYS_CEILING}",
    "drain_timeout_s": f"a whole number of seconds from 1 to {DRAIN_TIMEOUT_S_CEILING}",
}
"""The expected value, for fields without a check that explains it."""


@dataclass(frozen=True, slots=True)
class Problems:
    """Why the bot cannot start: a sentence for each setting, without its value."""

    sentences: tuple[str, ...]


class Settings(BaseSettings):
    """All settings, checked. Only the composition root reads them."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    discord_token: Annotated[
        SecretStr,
        AfterValidator(checks.one_secret),
        AfterValidator(checks.bot_token),
        Field(description="The bot's token: Discord Developer Portal, your application, page Bot."),
    ]
    runcomfy_api_key: Annotated[
        SecretStr,
        AfterValidator(checks.one_secret),
        Field(description="The RunComfy API key that pays for the videos: your RunComfy profile."),
    ]
    runcomfy_api_url: Annotated[
        str,
        AfterValidator(checks.api_url),
        Field(description="Where RunComfy's API is. Plain http works for this machine alone."),
    ] = "https://model-api.runcomfy.net"
    runcomfy_account_url: Annotated[
        str,
        AfterValidator(checks.api_url),
        Field(description="Where RunComfy says how much is left on the account."),
    ] = "https://api.runcomfy.net"
    runcomfy_file_hosts: Annotated[
        tuple[str, ...],
        NoDecode,
        BeforeValidator(checks.split_at_commas),
        AfterValidator(checks.file_hosts),
        Field(description="Hosts that the bot may fetch videos from, and all hosts below them."),
    ] = ("runcomfy.net",)
    runcomfy_images: Annotated[
        Literal["inline", "link"],
        BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value),
        Field(description="How pictures go to RunComfy: inline, or as a link to Discord's file."),
    ] = "inline"
    polls_per_second: Annotated[
        int,
        Field(
            ge=1,
            le=POLLS_PER_SECOND_CEILING,
            description="Most polls of RunComfy in a second, for all running jobs together.",
        ),
    ] = 10
    total_limit: Annotated[
        Caps | None,
        NoDecode,
        BeforeValidator(checks.caps_of),
        Field(description=f"Limit of the whole bot, such as {checks.LIMIT_EXAMPLE}."),
    ] = None
    server_limit: Annotated[
        Caps | None,
        NoDecode,
        BeforeValidator(checks.caps_of),
        Field(description="The same for each server, unless it pays with its own key."),
    ] = None
    user_limit: Annotated[
        Caps | None,
        NoDecode,
        BeforeValidator(checks.caps_of),
        Field(description="The same for each person, where your key pays."),
    ] = None
    qualities: Annotated[
        tuple[str, ...] | None,
        NoDecode,
        # The last of these runs first.
        BeforeValidator(checks.qualities_of),
        BeforeValidator(checks.split_at_commas),
        Field(description="Qualities to choose from. Unset: standard,pro; 4k if managers allow."),
    ] = None
    direct_messages: Annotated[
        bool,
        Field(description="Whether people outside your team may order in direct messages."),
    ] = False
    owner_messages: Annotated[
        bool,
        Field(description="Whether the bot messages you and your team about troubles."),
    ] = True
    allowed_servers: Annotated[
        frozenset[int] | None,
        NoDecode,
        # The last of these runs first.
        BeforeValidator(checks.server_ids),
        BeforeValidator(checks.split_at_commas),
        Field(description="IDs of the servers that your key pays for. Unset: all servers."),
    ] = None
    max_in_flight: Annotated[
        int,
        Field(
            ge=1,
            le=MAX_IN_FLIGHT_CEILING,
            description="Most videos at the same time. Others wait in the bot's own line.",
        ),
    ] = 10
    user_in_flight: Annotated[
        int, Field(ge=1, le=MAX_IN_FLIGHT_CEILING, description="The same for one person.")
    ] = 2
    cooldown_s: Annotated[
        int, Field(ge=0, le=3_600, description="Seconds between two requests of one person.")
    ] = 5
    time_zone: Annotated[
        ZoneInfo,
        BeforeValidator(checks.time_zone),
        Field(description="Time zone of the days and months in limits, such as Europe/Rome."),
    ] = UTC_ZONE
    data_dir: Annotated[
        Path,
        AfterValidator(checks.data_dir),
        Field(description="Folder where the bot keeps its database and temporary files."),
    ] = Path("./data")
    database_url: Annotated[
        Annotated[SecretStr, AfterValidator(checks.database_url)] | None,
        Field(description="A PostgreSQL database, instead of the SQLite file in DATA_DIR."),
    ] = None
    proxy_url: Annotated[
        Annotated[SecretStr, AfterValidator(checks.proxy_url)] | None,
        Field(description="Proxy to Discord and RunComfy, like http://user:password@host:port."),
    ] = None
    secret_key: Annotated[
        Annotated[SecretStr, AfterValidator(checks.fernet_secrets)] | None,
        Field(description="Encrypts the RunComfy keys that servers bring. Unset: they can't."),
    ] = None
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value),
        Field(description="How much the bot logs: DEBUG, INFO, WARNING or ERROR."),
    ] = "INFO"
    log_format: Annotated[
        Literal["auto", "human", "json"],
        BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value),
        Field(description="Form of the log: human, json, or auto (human on a terminal)."),
    ] = "auto"
    metrics_addr: Annotated[
        Annotated[str, AfterValidator(checks.listen_address)] | None,
        Field(description="Address for /healthz, /readyz and /metrics. Unset: none of them."),
    ] = None
    dev_guild_id: Annotated[
        int | None,
        Field(
            gt=0,
            description="For development: the ID of the one server that gets the commands.",
        ),
    ] = None
    max_download_mib: Annotated[
        int,
        Field(ge=1, le=MAX_DOWNLOAD_MIB_CEILING, description="Largest video fetched, in MiB."),
    ] = 500
    fit_copies: Annotated[
        bool,
        Field(description="Whether to make a playable copy of a video that Discord won't play."),
    ] = True
    ffmpeg_path: Annotated[
        Path | None,
        Field(description="Your own ffmpeg, instead of the one that comes with the bot."),
    ] = None
    join_max_s: Annotated[
        int,
        Field(
            ge=DURATION_MIN_S,
            le=JOIN_MAX_S_CEILING,
            description="Longest film that Join makes, in seconds.",
        ),
    ] = 60
    archive_dir: Annotated[
        Path | None,
        Field(description="Folder where the bot keeps delivered originals. Unset: it keeps none."),
    ] = None
    archive_max_mib: Annotated[
        int,
        Field(ge=1, description="Largest size of the archive, in MiB. The oldest go first."),
    ] = 10_000
    archive_max_days: Annotated[int, Field(ge=1, description="Days that originals stay in it.")] = (
        30
    )
    retention_days: Annotated[
        int,
        Field(
            ge=1,
            le=RETENTION_DAYS_CEILING,
            description="Days until the bot erases prompts and links. The ledger stays.",
        ),
    ] = 90
    image_retention_days: Annotated[
        int,
        Field(
            ge=1,
            le=RETENTION_DAYS_CEILING,
            description="Days that the bot keeps a picture after its last use. Again needs it.",
        ),
    ] = 7
    drain_timeout_s: Annotated[
        int,
        Field(
            ge=1,
            le=DRAIN_TIMEOUT_S_CEILING,
            description="Seconds that a stop waits for work under way. A purchase may take 130.",
        ),
    ] = 150

    @model_validator(mode="before")
    @classmethod
    def _unwrap(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Remove what copying adds, spaces and quotes, and treat a blank value as not set."""
        bare = {
            name: checks.unquoted(value) if isinstance(value, str) else value
            for name, value in values.items()
        }
        return {name: value for name, value in bare.items() if value != ""}

    @property
    def limits_set(self) -> tuple[str, ...]:
        """The limits in money or number that are set, by their names in the environment."""
        limits = {
            "TOTAL_LIMIT": self.total_limit,
            "SERVER_LIMIT": self.server_limit,
            "USER_LIMIT": self.user_limit,
        }
        return tuple(name for name, caps in limits.items() if caps is not None and caps.is_set)

    @property
    def limits(self) -> OperatorLimits:
        """The operator's limits, set or default."""
        return OperatorLimits(
            total=self.total_limit or NO_CAPS,
            per_server=self.server_limit or NO_CAPS,
            per_user=self.user_limit or NO_CAPS,
            cooldown_s=self.cooldown_s,
            at_once_per_user=self.user_in_flight,
            zone=self.time_zone,
            direct_messages=self.direct_messages,
            paid_server_ids=self.allowed_servers,
            qualities=self.qualities or (),
        )

    @property
    def secrets(self) -> tuple[SecretStr, ...]:
        """The values that must never appear in a log."""
        addresses = (self.database_url, self.proxy_url)
        given = (self.discord_token, self.runcomfy_api_key, *addresses, self.secret_key)
        known = (secret for secret in given if secret is not None)
        passwords = (one for address in addresses for one in checks.passwords_in(address))
        return (*known, *self.secret_keys, *passwords)

    @property
    def secret_keys(self) -> tuple[SecretStr, ...]:
        """The secrets of SECRET_KEY: the first encrypts, and all of them decrypt."""
        return checks.secrets_in(self.secret_key)


def load_settings(*, env_file: Path | None = ENV_FILE, **given: str) -> Settings | Problems:
    """Read the environment and `env_file`; the environment wins, and the file may be missing.

    What is `given`, by field name, wins over both.

    Never raises for an operator's mistake, and no problem repeats a value.
    """
    # Passed as a mapping, because the required fields come from the environment.
    source: dict[str, Any] = {"_env_file": env_file, **given}
    try:
        return Settings(**source)
    except ValidationError as refusal:
        return Problems(tuple(_sentence(error) for error in refusal.errors()))
    except (OSError, UnicodeError):
        return Problems((f"{env_file} can't be read: it must be a UTF-8 text file of yours.",))


def unused_proxy_warning(settings: Settings, environment: Mapping[str, str]) -> str | None:
    """Says that a proxy of the environment is not used; None where there is none, or PROXY_URL."""
    named = [
        name for name in ("HTTPS_PROXY", "ALL_PROXY") if {name, name.lower()} & environment.keys()
    ]
    if settings.proxy_url is not None or not named:
        return None
    return (
        f"{named[0]} is set, but the bot doesn't use it: to go through that proxy, set PROXY_URL "
        "to the same address."
    )


def unlimited_warning(
    *, servers: int | None, direct_messages: bool, balance_microusd: int | None
) -> str:
    """Says what a missing limit means, as far as the servers and the balance are known."""
    where = "your servers" if servers is None else f"{servers} server{'' if servers == 1 else 's'}"
    anywhere = " or in direct messages" if direct_messages else ""
    balance = "" if balance_microusd is None else f" ({said_dollars(balance_microusd)})"
    return (
        f"No limit is set: anyone in {where}{anywhere} can spend the whole balance{balance}. "
        f"Set one, such as TOTAL_LIMIT=5 USD/day."
    )


def _sentence(error: ErrorDetails) -> str:
    field = str(error["loc"][0])
    name = field.upper()
    match error["type"]:
        case "missing":
            return (
                f"{name} is missing: put {_EXPECTED[field]} into .env (see .env.example), "
                f"or let `{as_invoked('init')}` write it."
            )
        case "value_error":
            return f"{name} {error.get('ctx', {})['error']}"
        case _:
            return f"{name} must be {_EXPECTED[field]}."

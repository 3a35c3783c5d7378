"""An operator writes settings down; the bot takes them, or says in a sentence what is wrong."""

import re
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.runcomfy.connect import ApiTimeouts
from bot.runner.cadence import LATE_ANSWER_GRACE_S
from bot.settings import Problems, Settings, load_settings
from bot.settings_checks import caps_of

TOKEN = "MTE4OTk5ODg4Nzc3NjY2NTU1.GcAnAr.y-canary-signature-of-a-token-000"
KEY = "rc-canary-key-0f9e8d7c"
REQUIRED = {"DISCORD_TOKEN": TOKEN, "RUNCOMFY_API_KEY": KEY}


@pytest.fixture(autouse=True)
def an_environment_without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def written(env_file: Path, **lines: str) -> Settings | Problems:
    env_file.write_text(
        "".join(f"{name}={value}\n" for name, value in lines.items()), encoding="utf-8"
    )
    return load_settings(env_file=env_file)


def settings(env_file: Path, **lines: str) -> Settings:
    loaded = written(env_file, **(REQUIRED | lines))
    assert isinstance(loaded, Settings), loaded
    return loaded


def problem(env_file: Path, **lines: str) -> str:
    loaded = written(env_file, **(REQUIRED | lines))
    assert isinstance(loaded, Problems), loaded
    (sentence,) = loaded.sentences
    return sentence


def test_two_secrets_are_enough_and_the_rest_has_defaults(env_file: Path) -> None:
    loaded = settings(env_file)

    assert loaded.discord_token.get_secret_value() == TOKEN
    assert loaded.runcomfy_api_key.get_secret_value() == KEY
    assert loaded.runcomfy_api_url == "https://model-api.runcomfy.net"
    assert loaded.runcomfy_file_hosts == ("runcomfy.net",)
    assert loaded.data_dir == Path("data")
    assert loaded.database_url is None
    assert (loaded.log_level, loaded.log_format) == ("INFO", "auto")
    assert loaded.metrics_addr is None
    assert loaded.dev_guild_id is None
    assert (loaded.max_download_mib, loaded.drain_timeout_s) == (500, 150)


@pytest.mark.parametrize("written", ["pro,4k", " 4K , pro,", "4k,pro,pro"])
def test_qualities_are_named_in_any_order(env_file: Path, written: str) -> None:
    assert settings(env_file).limits.qualities == ()
    assert settings(env_file, QUALITIES=written).limits.qualities == ("pro", "4k")


@pytest.mark.parametrize("written", ["8k", "pro,8k", ","])
def test_a_quality_that_is_not_declared_is_refused(env_file: Path, written: str) -> None:
    assert problem(env_file, QUALITIES=written) == (
        "QUALITIES must be qualities with commas between, of: standard, pro, 4k."
    )


def test_everything_can_be_set(env_file: Path, tmp_path: Path) -> None:
    loaded = settings(
        env_file,
        RUNCOMFY_API_URL="http://127.0.0.1:8188/base/",
        RUNCOMFY_FILE_HOSTS="runcomfy.net, *.Example.org,127.0.0.1",
        DATA_DIR=str(tmp_path / "made" / "later"),
        DATABASE_URL="postgresql://bot:pa%40ss@db.example.org:5432/kling",
        LOG_LEVEL="debug",
        LOG_FORMAT="JSON",
        DEV_GUILD_ID="123456789012345678",
        MAX_DOWNLOAD_MIB="64",
        DRAIN_TIMEOUT_S="5",
    )

    assert loaded.runcomfy_api_url == "http://127.0.0.1:8188/base"
    assert loaded.runcomfy_file_hosts == ("runcomfy.net", "example.org", "127.0.0.1")
    assert loaded.data_dir == tmp_path / "made" / "later"
    assert loaded.database_url is not None
    assert loaded.database_url.get_secret_value().endswith(":pa%40ss@db.example.org:5432/kling")
    assert (loaded.log_level, loaded.log_format) == ("DEBUG", "json")
    assert loaded.dev_guild_id == 123456789012345678
    assert (loaded.max_download_mib, loaded.drain_timeout_s) == (64, 5)


def test_nothing_set_at_all_is_two_sentences(env_file: Path) -> None:
    assert load_settings(env_file=env_file) == Problems(
        (
            (
                "DISCORD_TOKEN is missing: put your bot's token into .env (see .env.example), "
                "or let `python -m bot init` write it."
            ),
            (
                "RUNCOMFY_API_KEY is missing: put your RunComfy API key into .env "
                "(see .env.example), or let `python -m bot init` write it."
            ),
        )
    )


def test_every_mistake_gets_its_sentence_at_once_in_the_order_of_the_example(
    env_file: Path,
) -> None:
    loaded = written(env_file, DISCORD_TOKEN="a b", LOG_LEVEL="loud", DRAIN_TIMEOUT_S="soon")

    assert isinstance(loaded, Problems)
    assert [sentence.split()[0] for sentence in loaded.sentences] == [
        "DISCORD_TOKEN",
        "RUNCOMFY_API_KEY",
        "LOG_LEVEL",
        "DRAIN_TIMEOUT_S",
    ]


def test_the_file_in_the_working_directory_is_read_unless_another_is_named(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(env_file)
    monkeypatch.chdir(env_file.parent)

    assert isinstance(load_settings(), Settings)
    assert isinstance(load_settings(env_file=None), Problems)


def test_the_environment_wins_over_the_file(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_DOWNLOAD_MIB", "7")
    monkeypatch.setenv("LOG_LEVEL", "")

    loaded = settings(env_file, MAX_DOWNLOAD_MIB="9", LOG_LEVEL="ERROR")

    assert loaded.max_download_mib == 7
    assert loaded.log_level == "ERROR", "a blank one in the environment hides nothing"


def test_settings_of_other_programs_in_the_same_file_are_let_alone(env_file: Path) -> None:
    assert settings(env_file, COMPOSE_PROJECT_NAME="kling").log_level == "INFO"


@pytest.mark.parametrize("blank", ["", "   ", '""', '" "', "\"''\""])
def test_a_blank_value_means_unset(env_file: Path, blank: str) -> None:
    loaded = settings(env_file, **{f.upper(): blank for f in optional_fields()})

    assert loaded == settings(env_file)


@pytest.mark.parametrize("blank", ["", "'  '"])
def test_a_blank_secret_is_a_missing_one(env_file: Path, blank: str) -> None:
    assert problem(env_file, DISCORD_TOKEN=blank).startswith("DISCORD_TOKEN is missing:")


def optional_fields() -> list[str]:
    return [name for name, field in Settings.model_fields.items() if not field.is_required()]


def test_what_copying_adds_around_a_secret_is_taken_off(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Containers hand quotes over as they stand, where the reader of .env takes them off.
    monkeypatch.setenv("DISCORD_TOKEN", f' "{TOKEN}" \n')
    monkeypatch.setenv("RUNCOMFY_API_KEY", f"' {KEY}'")

    loaded = load_settings(env_file=env_file)

    assert isinstance(loaded, Settings)
    assert loaded.discord_token.get_secret_value() == TOKEN
    assert loaded.runcomfy_api_key.get_secret_value() == KEY


def test_a_file_from_a_windows_editor_is_read(env_file: Path) -> None:
    env_file.write_text(f"DISCORD_TOKEN={TOKEN}\r\nRUNCOMFY_API_KEY={KEY}\r\n", "utf-8-sig")

    assert isinstance(load_settings(env_file=env_file), Settings)


def test_a_file_that_is_no_utf8_text_is_a_sentence(env_file: Path) -> None:
    env_file.write_text(f"DISCORD_TOKEN={TOKEN}\n", encoding="utf-16")

    assert load_settings(env_file=env_file) == Problems(
        (f"{env_file} can't be read: it must be a UTF-8 text file of yours.",)
    )


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("DISCORD_TOKEN", f"Bot {TOKEN}", "without the word 'Bot' before it"),
        ("DISCORD_TOKEN", f"{TOKEN[:9]} {TOKEN[9:]}", "copy it again"),
        ("DISCORD_TOKEN", f"{TOKEN[:-1]}ö", "copy it again"),
        ("DISCORD_TOKEN", "your-token-here", "still holds a placeholder"),
        ("DISCORD_TOKEN", "<token>", "still holds a placeholder"),
        ("DISCORD_TOKEN", "changeme", "still holds a placeholder"),
        ("DISCORD_TOKEN", "118999888777666555", "on the Bot page"),
        ("DISCORD_TOKEN", "0f" * 32, "on the Bot page"),
        ("RUNCOMFY_API_KEY", f"Bearer {KEY}", "without the word 'Bearer' before it"),
        ("RUNCOMFY_API_KEY", "xxxxxxxx", "still holds a placeholder"),
        ("RUNCOMFY_API_KEY", "api_key", "still holds a placeholder"),
        ("RUNCOMFY_API_URL", "model-api.canary.net", "must begin with https://"),
        ("RUNCOMFY_API_URL", "http://canary.net", "plain http is for this machine alone"),
        ("RUNCOMFY_API_URL", "http://10.0.0.7", "plain http is for this machine alone"),
        ("RUNCOMFY_API_URL", "ftp://canary.net", "must be an address that begins with https://"),
        ("RUNCOMFY_API_URL", "https:///canary", "names a host"),
        ("RUNCOMFY_API_URL", "https://canary.net:port", "check host and port"),
        ("RUNCOMFY_API_URL", "https://[canary.net", "check host and port"),
        ("RUNCOMFY_API_URL", "https://me:canary@canary.net", "no user"),
        ("RUNCOMFY_API_URL", "https://canary.net/?a=b", "no user, '?'"),
        ("RUNCOMFY_FILE_HOSTS", "https://canary.net", "must be host names"),
        ("RUNCOMFY_FILE_HOSTS", "runcomfy.net,net", "must be host names"),
        ("RUNCOMFY_FILE_HOSTS", "*", "must be host names"),
        ("RUNCOMFY_FILE_HOSTS", "10.0.0.7", "no address in numbers"),
        ("RUNCOMFY_FILE_HOSTS", "127.0.0.1:8080", "no port"),
        ("DATABASE_URL", "mysql://bot:canary@db/kling", "must begin with postgresql://"),
        ("DATABASE_URL", "canary", "must begin with postgresql://"),
        ("DATABASE_URL", "db.canary.org/kling", "must begin with postgresql://"),
        ("LOG_LEVEL", "canary", "must be DEBUG, INFO, WARNING or ERROR."),
        ("DEV_GUILD_ID", "canary", "must be a server's id"),
        ("DEV_GUILD_ID", "-5", "must be a server's id"),
        ("MAX_DOWNLOAD_MIB", "0", "must be a whole number from 1 to 10000."),
        ("MAX_DOWNLOAD_MIB", "10001", "must be a whole number from 1 to 10000."),
        ("DRAIN_TIMEOUT_S", "1.5", "must be a whole number of seconds from 1 to 600."),
        ("DRAIN_TIMEOUT_S", "601", "must be a whole number of seconds from 1 to 600."),
    ],
)
def test_a_mistake_is_named_without_the_value(
    env_file: Path, name: str, value: str, says: str
) -> None:
    sentence = problem(env_file, **{name: f"'{value}'"})

    assert sentence.startswith(f"{name} ")
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "canary" not in sentence
    assert len(value) < 6 or value not in sentence


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_plain_http_is_taken_for_this_machine(env_file: Path, host: str) -> None:
    loaded = settings(env_file, RUNCOMFY_API_URL=f"http://{host}:8188")

    assert loaded.runcomfy_api_url == f"http://{host}:8188"


def test_the_data_folder_may_be_given_from_home(
    env_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert settings(env_file, DATA_DIR="~/kling").data_dir == tmp_path / "kling"


def test_the_data_folder_cannot_lie_below_a_file(env_file: Path, tmp_path: Path) -> None:
    (tmp_path / "canary").touch(mode=0o700)

    sentence = problem(env_file, DATA_DIR=str(tmp_path / "canary" / "data"))

    assert (
        sentence == "DATA_DIR must be a folder that the bot can make or write to: this is neither."
    )


def test_the_data_folder_must_have_a_possible_name(env_file: Path) -> None:
    assert problem(env_file, DATA_DIR="d" * 300) == (
        "DATA_DIR isn't a path that this machine can use."
    )


def test_no_secret_shows_when_settings_are_printed(env_file: Path) -> None:
    loaded = settings(env_file, DATABASE_URL="postgresql://bot:canary-password@db/kling")

    for text in (repr(loaded), str(loaded), loaded.model_dump_json()):
        assert "runcomfy.net" in text
        assert TOKEN not in text
        assert KEY not in text
        assert "canary-password" not in text
    assert [secret.get_secret_value() for secret in loaded.secrets] == [
        TOKEN,
        KEY,
        "postgresql://bot:canary-password@db/kling",
        "canary-password",
        "canary-password",
    ]


@pytest.mark.parametrize(
    ("address", "passwords"),
    [
        ("postgresql://bot:p%40ss%2fword@db/kling", {"p%40ss%2fword", "p@ss/word"}),
        ("postgresql://bot@db/kling?password=canary", {"canary"}),
        ("postgresql://bot@db/kling", set[str]()),
        ("sqlite:///kling.sqlite3", set[str]()),
    ],
)
def test_the_password_of_the_database_is_a_secret_of_its_own(
    env_file: Path, address: str, passwords: set[str]
) -> None:
    loaded = settings(env_file, DATABASE_URL=address)

    given = {secret.get_secret_value() for secret in loaded.secrets}
    assert given - {TOKEN, KEY, address} == passwords


def test_an_address_that_cannot_be_read_is_refused_without_quoting_it(env_file: Path) -> None:
    said = problem(env_file, DATABASE_URL="postgresql://bot:canary@[db/kling")
    assert said == "DATABASE_URL isn't an address: look at its brackets and its password."


@pytest.mark.parametrize(
    "address", ["http://host:3128", "https://u:canary-pass@host:8443", "socks5://127.0.0.1:1080"]
)
def test_a_proxy_is_named_by_its_kind_host_and_port(env_file: Path, address: str) -> None:
    loaded = settings(env_file, PROXY_URL=address)
    assert loaded.proxy_url is not None
    assert loaded.proxy_url.get_secret_value() == address
    given = {secret.get_secret_value() for secret in loaded.secrets}
    assert given - {TOKEN, KEY} == ({address, "canary-pass"} if "canary" in address else {address})


@pytest.mark.parametrize(
    "address", ["squid:3128", "http://squid", "ftp://squid:21", "http://[::1:1"]
)
def test_what_is_no_proxy_is_refused_without_quoting_it(env_file: Path, address: str) -> None:
    said = problem(env_file, PROXY_URL=address)
    assert said.startswith("PROXY_URL must be a proxy's address with its port")
    assert address not in said


def test_settings_cannot_be_changed_once_read(env_file: Path) -> None:
    loaded = settings(env_file)

    with pytest.raises(ValidationError, match="frozen"):
        loaded.log_level = "DEBUG"
    assert loaded.log_level == "INFO"


def test_each_field_is_described_in_a_sentence() -> None:
    assert len(Settings.model_fields) >= 10
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


@given(
    st.dictionaries(
        st.sampled_from([name.upper() for name in Settings.model_fields]),
        st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")),
    )
)
def test_whatever_stands_in_the_environment_is_taken_or_refused_in_sentences(
    values: dict[str, str],
) -> None:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in values.items():
            environment.setenv(name, value)
        loaded = load_settings(env_file=None)

    match loaded:
        case Settings():
            assert loaded.discord_token.get_secret_value()
        case Problems(sentences):
            assert sentences
            assert all(re.fullmatch(r"[A-Z_]+ [ -~]+\.", sentence) for sentence in sentences)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("9464", "127.0.0.1:9464"),
        (":9464", "127.0.0.1:9464"),
        ("0.0.0.0:9464", "0.0.0.0:9464"),
        ("metrics.example.org:80", "metrics.example.org:80"),
        ("[::1]:0", "[::1]:0"),
    ],
)
def test_a_port_alone_is_on_this_machine(env_file: Path, written: str, meant: str) -> None:
    assert settings(env_file, METRICS_ADDR=written).metrics_addr == meant


@pytest.mark.parametrize(
    "written", ["localhost", "65536", "1.2.3.4:", "::1:9464", "http://a:80", "-1", "a b:80", "٣"]
)
def test_what_nobody_can_listen_at_is_refused(env_file: Path, written: str) -> None:
    assert problem(env_file, METRICS_ADDR=written) == (
        "METRICS_ADDR must be a port, or host:port such as 127.0.0.1:9464 or [::1]:9464."
    )


def test_a_secret_key_is_one_or_several_of_which_none_shows(env_file: Path) -> None:
    one, other = (Fernet.generate_key().decode() for _ in range(2))
    loaded = settings(env_file, SECRET_KEY=f"{one} , {other}")

    assert [secret.get_secret_value() for secret in loaded.secret_keys] == [one, other]
    given = {secret.get_secret_value() for secret in loaded.secrets}
    assert {one, other} < given
    assert one not in repr(loaded)


def test_without_a_secret_key_there_is_none(env_file: Path) -> None:
    assert settings(env_file).secret_keys == ()


@pytest.mark.parametrize("typed", ["change-me", "c2hvcnQ=", "=" * 44, "canary with spaces"])
def test_a_secret_key_that_encrypts_nothing_is_refused_without_quoting_it(
    env_file: Path, typed: str
) -> None:
    loaded = written(env_file, DISCORD_TOKEN=TOKEN, RUNCOMFY_API_KEY=KEY, SECRET_KEY=typed)

    assert isinstance(loaded, Problems)
    (sentence,) = loaded.sentences
    assert sentence.startswith("SECRET_KEY must come from `python -m bot new-secret-key`, whole")
    assert typed not in sentence


def test_a_purchase_and_the_writing_of_its_answer_fit_into_the_drain_and_into_the_grace() -> None:
    timeouts = ApiTimeouts()
    purchase_s = timeouts.connect_s + timeouts.purchase_s
    assert purchase_s + 10 < Settings.model_fields["drain_timeout_s"].default
    assert purchase_s + 10 < LATE_ANSWER_GRACE_S
    assert (
        f"A purchase may take {purchase_s:g}"
        in f"{Settings.model_fields['drain_timeout_s'].description}"
    )


def test_the_servers_that_the_operator_pays_for_are_ids_with_commas_between(env_file: Path) -> None:
    assert settings(env_file).allowed_servers is None
    loaded = settings(env_file, ALLOWED_SERVERS="1234567890, 42,")
    assert loaded.allowed_servers == {1_234_567_890, 42}


@pytest.mark.parametrize("typed", ["Kite Club", "1 2", "0", "-5", "1,x", "9" * 20, ","])
def test_a_server_that_is_no_id_is_told_in_a_sentence(env_file: Path, typed: str) -> None:
    assert problem(env_file, ALLOWED_SERVERS=typed) == (
        "ALLOWED_SERVERS must be servers' ids with commas between "
        "(right-click a server, Copy Server ID)."
    )


@pytest.mark.parametrize(("typed", "on"), [("on", True), ("true", True), ("off", False)])
def test_direct_messages_are_switched_on_on_purpose(
    env_file: Path, typed: str, on: bool  # noqa: FBT001 - cases
) -> None:  # fmt: skip
    assert not settings(env_file).direct_messages
    assert settings(env_file, DIRECT_MESSAGES=typed).direct_messages is on
    assert problem(env_file, DIRECT_MESSAGES="sometimes") == "DIRECT_MESSAGES must be on or off."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("$5/day, 6 USD/day", "names one limit twice"),
        ("$5 videos/day", "must be limits such as"),
        ("5/day", "must be limits such as"),
        ("1.5 videos/day", "must be limits such as"),
    ],
)
def test_a_limit_that_can_be_read_in_two_ways_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        caps_of(text)

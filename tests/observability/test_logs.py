"""The log can be read, holds no secret however it got there, and no user can forge a line of it."""

import io
import logging
import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.observability.logs import (
    CONTINUED,
    FLOORS,
    OWN_LOGGERS,
    configure_logging,
    keep_out_of_logs,
)

RECORD = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO|WARNING|ERROR) +[\w.]+: ")
BOT_TOKEN = "MTE4OTk5ODg4Nzc3NjY2NTU1.GcAnAr.y-canary-signature-of-a-token-000"
INTERACTION_TOKEN = "aW50ZXJhY3Rpb246MTE4Y2FuYXJ5OmNhbmFyeS1jYW5hcnk"


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    touched = [logging.getLogger(name) for name in ("", *OWN_LOGGERS, *FLOORS)]
    before = [(logger, logger.level, list(logger.handlers)) for logger in touched]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


def log_into(stream: io.StringIO, *secrets: str, level: str = "DEBUG") -> None:
    configure_logging(
        level=level,
        secrets=[SecretStr(text) for text in secrets],
        stream=stream,
        log_format="human",
    )


def test_a_record_is_one_line_with_time_level_logger_and_text(stream: io.StringIO) -> None:
    log_into(stream)

    logging.getLogger("bot.runner").warning("the service did not answer, %d times", 3)

    (line,) = stream.getvalue().splitlines()
    assert RECORD.match(line)
    assert line.endswith("Z WARNING  bot.runner: the service did not answer, 3 times")


@pytest.fixture
def a_machine_in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as there:
        there.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("a_machine_in_tokyo")
def test_the_time_is_utc(stream: io.StringIO) -> None:
    log_into(stream)
    record = logging.LogRecord("bot", logging.INFO, __file__, 1, "hello", None, None)
    record.created = 1767323045.678

    logging.getLogger("bot").handle(record)

    assert stream.getvalue().startswith("2026-01-02T03:04:05.678Z INFO ")


def test_configuring_again_replaces_what_was_there(stream: io.StringIO) -> None:
    log_into(io.StringIO())
    log_into(stream, "first-secret")
    log_into(stream, "second-secret")

    logging.getLogger("bot").info("first-secret second-secret")

    (line,) = stream.getvalue().splitlines()
    assert line.endswith("first-secret [redacted]")


def test_without_a_stream_the_log_goes_to_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(level="INFO", secrets=[], log_format="human")

    logging.getLogger("bot").info("hello")

    assert capsys.readouterr().err.endswith("bot: hello\n")


@pytest.mark.parametrize(
    "logger", ["bot.runcomfy", "cogs.kling", "discord.http", "aiohttp.client", "sqlalchemy.engine"]
)
def test_a_given_secret_is_taken_out_of_every_loggers_records(
    stream: io.StringIO, logger: str
) -> None:
    log_into(stream, "canary-key-1")

    logging.getLogger(logger).error("sent %s with %r", {"key": "canary-key-1"}, "canary-key-1")

    assert "canary" not in stream.getvalue()
    assert stream.getvalue().endswith("sent {'key': '[redacted]'} with '[redacted]'\n")


@pytest.mark.parametrize("spelling", ["ca'na\\ry/+ é", repr("ca'na\\ry/+ é")[1:-1]])
def test_a_secret_is_known_in_its_other_spellings(stream: io.StringIO, spelling: str) -> None:
    log_into(stream, "ca'na\\ry/+ é")

    logging.getLogger("bot").info("%s|%s|%s", spelling, "ca%27na%5Cry%2F%2B%20%C3%A9", "end")

    assert stream.getvalue().endswith("bot: [redacted]|[redacted]|end\n")


def test_a_secret_that_begins_another_leaves_no_rest_of_it(stream: io.StringIO) -> None:
    log_into(stream, "canary", "canary-and-more")

    logging.getLogger("bot").info("canary-and-more canary")

    assert stream.getvalue().endswith("bot: [redacted] [redacted]\n")


def test_an_empty_secret_takes_out_nothing(stream: io.StringIO) -> None:
    log_into(stream, "")

    logging.getLogger("bot").info("hello")

    assert stream.getvalue().endswith("bot: hello\n")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"token={BOT_TOKEN}.", "token=[redacted]."),
        (f"Authorization: Bot {BOT_TOKEN}", "Authorization: Bot [redacted]"),
        ("{'Authorization': 'Bearer canary'}", "{'Authorization': 'Bearer [redacted]'}"),
        ("authorization: bearer canary, next", "authorization: bearer [redacted], next"),
        (
            "PATCH https://discord.com/api/v10/webhooks/118/canary/messages/@original failed",
            "PATCH https://discord.com/api/v10/webhooks/118/[redacted]/messages/@original failed",
        ),
        (
            "POST '/interactions/118/canary'/callback?with_response=true",
            "POST '/interactions/118/[redacted]'/callback?with_response=true",
        ),
        (f"{{'token': '{INTERACTION_TOKEN}'}}", "{'token': '[redacted]'}"),
        (
            "cannot reach postgresql+psycopg://bot:canary@db.example.org/kling",
            "cannot reach postgresql+psycopg://[redacted]@db.example.org/kling",
        ),
        ("https://u:can@ary@example.org/@me", "https://[redacted]@example.org/@me"),
        ("https://canary@example.org", "https://[redacted]@example.org"),
        ("https://example.org:8080/users/@me", "https://example.org:8080/users/@me"),
        ("bot.runner.watch took 1.25 s", "bot.runner.watch took 1.25 s"),
    ],
)
def test_what_is_shaped_like_a_secret_is_taken_out_though_nobody_gave_it(
    stream: io.StringIO, text: str, written: str
) -> None:
    log_into(stream)

    logging.getLogger("discord.webhook.async_").info("%s", text)

    assert stream.getvalue().endswith(f": {written}\n")


def fail_with(text: str) -> None:
    raise ConnectionError(text)


def test_whoever_watches_a_command_is_told_an_errors_kind_and_no_traceback(
    stream: io.StringIO,
) -> None:
    configure_logging(level="ERROR", secrets=(), stream=stream, log_format="human", traces=False)

    try:
        fail_because_of("whatever")
    except RuntimeError:
        logging.getLogger("bot").exception("it broke")
    logging.getLogger("bot").error("it is tried again")

    broke, again = stream.getvalue().splitlines()
    assert broke.endswith("bot: it broke [error=RuntimeError]")
    assert again.endswith("bot: it is tried again")


def fail_because_of(text: str) -> None:
    try:
        fail_with(text)
    except ConnectionError as cause:
        raise RuntimeError(f"after {text}") from cause


def test_a_traceback_is_kept_readable_and_redacted_with_its_causes(stream: io.StringIO) -> None:
    log_into(stream, "canary-key-1")

    try:
        fail_because_of(f"canary-key-1 and {BOT_TOKEN} and https://u:canary@example.org")
    except RuntimeError:
        logging.getLogger("bot").exception("it broke", stack_info=True)

    head, *trace = stream.getvalue().splitlines()
    assert head.endswith("bot: it broke")
    assert all(line.startswith(CONTINUED) for line in trace)
    assert f"{CONTINUED}Traceback (most recent call last):" in trace
    assert f"{CONTINUED}Stack (most recent call last):" in trace
    redacted = "[redacted] and [redacted] and https://[redacted]@example.org"
    assert f"{CONTINUED}ConnectionError: {redacted}" in trace
    assert f"{CONTINUED}RuntimeError: after {redacted}" in trace
    assert "canary-key" not in stream.getvalue()


def test_a_stack_alone_is_shown_too(stream: io.StringIO) -> None:
    log_into(stream)

    logging.getLogger("bot").info("here", stack_info=True)

    assert f"\n{CONTINUED}Stack (most recent call last):\n" in stream.getvalue()


def test_a_line_break_in_a_prompt_forges_no_record(stream: io.StringIO) -> None:
    log_into(stream)

    logging.getLogger("bot").info(
        "prompt %s", "kite\n2026-01-02T03:04:05.678Z INFO bot: paid\r\x1b"
    )

    (line,) = stream.getvalue().splitlines()
    assert line.endswith(r"prompt kite\n2026-01-02T03:04:05.678Z INFO bot: paid\r\x1b")


@given(text=st.text(st.characters(), max_size=200), name=st.text(min_size=1, max_size=20))
def test_no_text_whatever_forges_a_record(text: str, name: str) -> None:
    stream = io.StringIO()
    log_into(stream)

    try:
        fail_with(text)
    except ConnectionError:
        logging.getLogger("bot").exception("%s", text)
        record = logging.LogRecord(f"bot.{name}", logging.INFO, name, 1, text, None, None)
        logging.getLogger("bot").handle(record)

    lines = stream.getvalue().splitlines()
    records = [line for line in lines if not line.startswith(CONTINUED)]
    assert len(records) == 2
    assert all(line.isprintable() for line in lines)
    assert stream.getvalue().encode(), "and it can be written to any UTF-8 file"


@given(
    secret=st.text("abc019-._~%/+'\"\\\n é", min_size=4).filter(str.strip),
    around=st.text("ABC:=|"),
)
def test_a_given_secret_is_taken_out_wherever_it_stands(secret: str, around: str) -> None:
    stream = io.StringIO()
    log_into(stream, secret)

    logging.getLogger("bot").info("%s%s%s", around, secret, around)

    assert stream.getvalue().endswith(f"{around}[redacted]{around}\n")


def test_the_bot_alone_speaks_at_debug(stream: io.StringIO) -> None:
    log_into(stream, level="DEBUG")

    for name in ("bot.runner", "cogs.kling", "discord.gateway", "discord.http", "aiosqlite"):
        logging.getLogger(name).debug("a payload with a prompt")
        logging.getLogger(name).info("a plain word")

    assert [line.split()[1:3] for line in stream.getvalue().splitlines()] == [
        ["DEBUG", "bot.runner:"],
        ["INFO", "bot.runner:"],
        ["DEBUG", "cogs.kling:"],
        ["INFO", "cogs.kling:"],
        ["INFO", "discord.gateway:"],
    ]


def test_libraries_that_talk_too_much_are_kept_down(stream: io.StringIO) -> None:
    log_into(stream, level="INFO")

    for name in ("sqlalchemy.engine.Engine", "alembic.runtime.migration", "aiohttp.access"):
        logging.getLogger(name).info("chatter")
        logging.getLogger(name).warning("a warning")

    assert [line.split()[2] for line in stream.getvalue().splitlines()] == [
        "sqlalchemy.engine.Engine:",
        "alembic.runtime.migration:",
    ]


def test_at_error_nobody_warns(stream: io.StringIO) -> None:
    log_into(stream, level="ERROR")

    for name in ("bot.runner", "discord.client", "alembic", "aiohttp.server"):
        logging.getLogger(name).warning("a warning")
        logging.getLogger(name).error("an error")

    assert [line.split()[1] for line in stream.getvalue().splitlines()] == ["ERROR"] * 4


def test_a_call_that_cannot_be_formatted_is_named_without_its_arguments(
    stream: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    log_into(stream)
    handler = logging.getLogger().handlers[-1]

    handler.handle(
        logging.LogRecord("bot", logging.INFO, "bot/runner.py", 7, "%d", ("canary",), None)
    )

    assert stream.getvalue() == "Couldn't write a log record (TypeError): bot/runner.py:7\n"
    assert capsys.readouterr().err == ""


def test_a_closed_stream_does_not_break_the_bot(
    stream: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    log_into(stream)
    stream.close()

    logging.getLogger("bot").info("canary")

    assert capsys.readouterr().err == ""


def test_a_secret_that_is_learnt_while_the_bot_runs_is_redacted_too(stream: io.StringIO) -> None:
    log_into(stream)
    keep_out_of_logs(SecretStr("canary-of-a-server"))

    logging.getLogger("bot.runner").warning("here comes canary-of-a-server")

    assert "canary" not in stream.getvalue()
    assert stream.getvalue().endswith("here comes [redacted]\n")

"""Where no person reads along, each record is one JSON object, as safe as the lines for people."""

import io
import json
import logging
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.observability.log_context import ABOUT, Ids
from bot.observability.logs import FLOORS, OWN_LOGGERS, LogFormat, configure_logging
from bot.observability.redaction import REDACTED


@contextmanager
def bound(**ids: Any) -> Generator[None]:  # noqa: ANN401 - also what is no id
    """A task that is bound to these ids."""
    token = ABOUT.set(Ids(ids))
    yield
    ABOUT.reset(token)


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    touched = [logging.getLogger(name) for name in ("", *OWN_LOGGERS, *FLOORS)]
    before = [(logger, logger.level, list(logger.handlers)) for logger in touched]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


class Terminal(io.StringIO):
    """Somebody sits before it."""

    def isatty(self) -> bool:
        return True


def log_into(stream: io.StringIO, *secrets: str, log_format: LogFormat = "auto") -> logging.Logger:
    configure_logging(
        level="DEBUG",
        secrets=[SecretStr(text) for text in secrets],
        stream=stream,
        log_format=log_format,
    )
    return logging.getLogger("bot.runner")


def objects(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_record_is_an_object_with_time_level_logger_and_message() -> None:
    stream = io.StringIO()

    log_into(stream).warning("the service did not answer, %d times", 3)

    (record,) = objects(stream)
    assert record.pop("time").endswith("Z")
    assert record == {
        "level": "WARNING",
        "logger": "bot.runner",
        "message": "the service did not answer, 3 times",
    }


@pytest.mark.parametrize(
    ("log_format", "stream", "is_json"),
    [
        ("auto", io.StringIO(), True),
        ("auto", Terminal(), False),
        ("json", Terminal(), True),
        ("human", io.StringIO(), False),
    ],
)
def test_a_terminal_gets_lines_and_everything_else_json_unless_told(
    log_format: LogFormat, stream: io.StringIO, *, is_json: bool
) -> None:
    log_into(stream, log_format=log_format).info("hello")

    assert stream.getvalue().startswith("{") is is_json


def test_what_the_work_is_about_is_said_in_fields_of_their_own() -> None:
    stream = io.StringIO()
    logger = log_into(stream)

    with bound(job="ab12", request="r-1", server=None):
        logger.info("no verdict")
    logger.info("something else")

    about, other = objects(stream)
    assert (about["job"], about["request"]) == ("ab12", "r-1")
    assert "server" not in about, "nothing is said of what is not known"
    assert "job" not in other


def test_for_people_it_stands_at_the_end_of_the_line_once() -> None:
    stream = io.StringIO()
    logger = log_into(stream, log_format="human")

    with bound(job="ab12", request="r-1", server=77):
        logger.info("job %s: RunComfy gave no usable answer", "ab12")

    assert stream.getvalue().endswith(
        "job ab12: RunComfy gave no usable answer [request=r-1 server=77]\n"
    )


def fail() -> None:
    raise ConnectionError('canary-key-1 "quoted"\nand https://u:canary@example.org')


def test_an_exception_is_a_field_and_redacted() -> None:
    stream = io.StringIO()
    logger = log_into(stream, "canary-key-1")

    try:
        fail()
    except ConnectionError:
        logger.exception("it broke", stack_info=True)

    (record,) = objects(stream)
    assert record["message"] == "it broke"
    assert "Traceback (most recent call last):" in record["exception"]
    assert f'{REDACTED} "quoted"\nand https://{REDACTED}@example.org' in record["exception"]
    assert record["stack"].startswith("Stack (most recent call last):")
    assert "canary" not in stream.getvalue()


@pytest.mark.parametrize("secret", ['ca"na\\ry', "ca\nary", "cänary", "can/ary"])
def test_a_secret_is_taken_out_before_json_spells_it_otherwise(secret: str) -> None:
    stream = io.StringIO()
    logger = log_into(stream, secret)

    with bound(request=f"<{secret}>"):
        logger.error("sent %s and %r", secret, secret)

    (record,) = objects(stream)
    assert record["message"].replace("'", "") == f"sent {REDACTED} and {REDACTED}"
    assert record["request"] == f"<{REDACTED}>"


def test_what_is_no_text_is_written_as_one_and_redacted() -> None:
    stream = io.StringIO()
    logger = log_into(stream, "canary")

    with bound(server=["canary"]):
        logger.info("hello")
    with bound(server=1_300_000_000_000_000_001):
        logger.info("hello")

    assert [record["server"] for record in objects(stream)] == [
        f"['{REDACTED}']",
        "1300000000000000001",
    ]


@given(text=st.text(st.characters(), max_size=200))
def test_no_text_whatever_breaks_the_object_or_forges_another(text: str) -> None:
    stream = io.StringIO()
    logger = log_into(stream)

    with bound(request=text):
        logger.info("%s", text)

    (line,) = stream.getvalue().split("\n")[:-1]
    assert line.isascii()
    assert line.isprintable()
    assert set(json.loads(line)) == {"time", "level", "logger", "message", "request"}

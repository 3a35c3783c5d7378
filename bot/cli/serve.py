"""Serves until a signal, and says in a sentence why it could not; without the CLI's library."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from bot.app.run import NeverServed, NotServed
from bot.observability.logs import configure_logging, log_pythons_own_words
from bot.observability.metrics.server import CannotListen
from bot.observability.redaction import Redactor
from bot.settings import Problems, Settings, load_settings, unused_proxy_warning
from bot.storage.errors import in_a_sentence

COULD_NOT = 1
"""The exit status of a command that failed."""
BAD_SETTINGS = 2
"""The exit status where settings or arguments are missing or wrong: no restart mends that."""

redact = Redactor(())
"""Removes the settings' secrets from sentences that quote a driver or a library."""

logger = logging.getLogger(__name__)


def serve(app: Callable[[Settings], Coroutine[Any, Any, None]]) -> int:
    """Serve with the settings of the environment and .env; returns the exit status."""
    settings = load_settings()
    if isinstance(settings, Problems):
        return _refused(*settings.sentences, status=BAD_SETTINGS)
    redact.learn(*settings.secrets)
    configure_logging(
        level=settings.log_level, secrets=settings.secrets, log_format=settings.log_format
    )
    log_pythons_own_words()
    if (warning := unused_proxy_warning(settings, os.environ)) is not None:
        logger.warning("%s", warning)
    return _ran(app(settings))


def _ran(running: Coroutine[Any, Any, None]) -> int:
    try:
        with in_a_sentence(NotServed):
            asyncio.run(running)
    except NeverServed as error:
        return _refused(str(error), status=BAD_SETTINGS)
    except (NotServed, CannotListen) as error:
        return _refused(str(error))
    except Exception:  # the last gate: Python would print it, with any secret in its text
        logger.exception("the bot stopped because of an unexpected error")
        return _refused(
            "The bot stopped because of an unexpected error. The log above has the details."
        )
    return 0


def _refused(*sentences: str, status: int = COULD_NOT) -> int:
    for sentence in sentences:
        print(redact(sentence), file=sys.stderr, flush=True)  # noqa: T201 - what it is for
    return status

"""What can go wrong between the store and its database, told without quoting any row."""

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError  # noqa: A004 - SQLAlchemy's, of the pool

from bot.domain.ports import StoreUnavailable
from bot.storage.data_lock import DataFolderInUse

_HOST = re.compile(r"host (?:name )?(['\"]).*?\1")


class DatabaseUnusable(Exception):  # noqa: N818 - says what is so, not what went wrong
    """The database cannot be used as it is configured; the text says in a sentence what to do."""


class DatabaseTooNew(DatabaseUnusable):
    """The database was written by a newer version of this program; nothing was changed in it."""


class RowRefused(StoreUnavailable):
    """The database works, but refuses this row: an equal one exists already."""


@contextmanager
def translated() -> Generator[None]:
    """Turn every failure of the database into StoreUnavailable.

    Raises:
        StoreUnavailable: the text names the failure and contains nothing of the data.
        sqlalchemy.exc.StatementError: a value that was sent to no database, such as a naive
            datetime: a bug, which waiting does not fix.
    """
    try:
        yield
    except IntegrityError:
        # Without the chain: PostgreSQL quotes the whole refused row, including prompt and token.
        raise RowRefused("the database refused the row") from None
    except DBAPIError as error:
        raise StoreUnavailable(f"the database failed: {_brief(error)}") from error
    except TimeoutError as error:
        raise StoreUnavailable("the database is too busy: no connection was free") from error


@contextmanager
def in_a_sentence(raised: Callable[[str], Exception]) -> Generator[None]:
    """Where the database or the data folder cannot serve, raise `raised` with a sentence."""
    try:
        yield
    except DataFolderInUse as error:
        raise raised(str(error)) from error
    except (StoreUnavailable, DatabaseUnusable) as error:
        raise raised(f"The bot can't use the database: {error}") from error


def _brief(error: DBAPIError) -> str:
    """The driver's message if it is about the server; only the error's name if about values."""
    name = type(error.orig).__name__
    if name != "OperationalError":
        return name
    words = " ".join(str(error.orig).split())
    # An invalid host may be the rest of a password with an unescaped character in it.
    return f"{name}: {_HOST.sub('its host', words)}"

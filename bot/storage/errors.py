"""What can go wrong between the store and its database, said without quoting any row."""

import re
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError  # noqa: A004 - SQLAlchemy's, of the pool

from bot.domain.ports import StoreUnavailable

_HOST = re.compile(r"host (?:name )?(['\"]).*?\1")


class DatabaseUnusable(Exception):  # noqa: N818 - says what is so, not what went wrong
    """The database cannot be used as it is configured; the text says in a sentence what to do."""


class DatabaseTooNew(DatabaseUnusable):
    """The database was written by a newer version of this program; nothing was changed in it."""


class RowRefused(StoreUnavailable):
    """The database works, and refuses this very row: one like it is there already."""


@contextmanager
def translated() -> Generator[None]:
    """Turn every failure of the database within into StoreUnavailable.

    Raises:
        StoreUnavailable: the text names the failure and holds nothing of what was to be written.
        sqlalchemy.exc.StatementError: a value that no database was asked to take, such as a naive
            instant: a mistake in the program, which waiting does not mend.
    """
    try:
        yield
    except IntegrityError:
        # Without the chain: PostgreSQL quotes the whole refused row, prompt and token included.
        raise RowRefused("the database refused the row") from None
    except DBAPIError as error:
        raise StoreUnavailable(f"the database failed: {_brief(error)}") from error
    except TimeoutError as error:
        raise StoreUnavailable("the database is too busy: no connection was free") from error


def _brief(error: DBAPIError) -> str:
    """The driver's words where they speak of the server, and its error's name where of values."""
    name = type(error.orig).__name__
    if name != "OperationalError":
        return name
    words = " ".join(str(error.orig).split())
    # A host that is none may be the rest of a password with a sign in it that was not escaped.
    return f"{name}: {_HOST.sub('its host', words)}"

"""Rows that cannot be read: each is left out, logged once, and not changed."""

import logging
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import RowMapping

from bot import as_invoked
from bot.domain.ports import RowUnreadable

T = TypeVar("T")

logger = logging.getLogger(__name__)


@contextmanager
def reading(what: str) -> Generator[None]:
    """Turn any error in a row's values into RowUnreadable, which quotes nothing of the row.

    Raises:
        RowUnreadable: the row was not written by this version, or is damaged.
    """
    try:
        yield
    except (ValueError, TypeError, RecursionError):
        # Without the chain: errors of pydantic and JSON contain what they could not read.
        raise RowUnreadable(f"{what} can't be read") from None


class UnreadableRows:
    """The unreadable rows of one database: each is logged once, not every minute."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    @property
    def said(self) -> Sequence[str]:
        """All messages so far."""
        return sorted(self._said)

    def say(self, what: str) -> None:
        """Tell the operator, unless done before."""
        if what not in self._said:
            self._said.add(what)
            logger.error(
                "%s: another version wrote it, or it's damaged. The bot leaves it as it is and "
                "goes on; `%s` lists what can't be read",
                what,
                as_invoked("check"),
            )

    def left_out(self, rows: Iterable[RowMapping], read: Callable[[RowMapping], T]) -> list[T]:
        """The rows as converted by `read`; a row that it cannot read is logged and left out."""
        found: list[T] = []
        for row in rows:
            try:
                found.append(read(row))
            except RowUnreadable as why:
                self.say(str(why))
        return found

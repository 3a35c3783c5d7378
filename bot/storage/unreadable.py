"""Rows that cannot be read: each costs itself alone, is said once, and is left as it is."""

import logging
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import RowMapping

from bot.domain.ports import RowUnreadable

T = TypeVar("T")

logger = logging.getLogger(__name__)


@contextmanager
def reading(what: str) -> Generator[None]:
    """Turn whatever a row's values raise into RowUnreadable, which quotes nothing of the row.

    Raises:
        RowUnreadable: the row was not written by this version, or is damaged.
    """
    try:
        yield
    except (ValueError, TypeError, RecursionError):
        # Without the chain: the errors of pydantic and JSON carry what they could not read.
        raise RowUnreadable(f"{what} cannot be read") from None


class UnreadableRows:
    """What could not be read of one database: the log says each once, and not every minute."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    @property
    def said(self) -> Sequence[str]:
        """All of it so far."""
        return sorted(self._said)

    def say(self, what: str) -> None:
        """Tell the operator, unless that was done before."""
        if what not in self._said:
            self._said.add(what)
            logger.error(
                "%s: another version wrote it, or it is damaged. It is left as it is, and all "
                "else goes on; `python -m bot check` lists what cannot be read",
                what,
            )

    def left_out(self, rows: Iterable[RowMapping], read: Callable[[RowMapping], T]) -> list[T]:
        """What `read` makes of each row; a row that it cannot read is said and left out."""
        found: list[T] = []
        for row in rows:
            try:
                found.append(read(row))
            except RowUnreadable as why:
                self.say(str(why))
        return found

"""The bot's storage: every job, in one SQLite file or in PostgreSQL."""

from bot.storage.errors import DatabaseTooNew, DatabaseUnusable
from bot.storage.open import default_database_url, open_store
from bot.storage.store import SqlJobStore

__all__ = [
    "DatabaseTooNew",
    "DatabaseUnusable",
    "SqlJobStore",
    "default_database_url",
    "open_store",
]

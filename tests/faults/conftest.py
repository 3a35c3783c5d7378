"""Faults are stories as well."""

from tests.stories.conftest import story, videos

__all__ = ["story", "videos"]

"""Windows of different people never hold each other's words, whatever the library remembers."""

from discord import ui

import bot.client  # every window that can be shown is loaded
from tests.ui.gallery import FORMS, LANGUAGES

ENGLISH = LANGUAGES.of("en")


def test_no_window_is_read_from_the_librarys_memory() -> None:
    assert bot.client.KlingBot
    assert {kind.__module__.split(".")[0] for kind in ui.Modal.__subclasses__()} <= {"discord"}


async def test_every_window_says_by_its_custom_id_what_it_is_for_and_is_not_remembered() -> None:
    for name, draw in FORMS.items():
        window = draw(ENGLISH)
        assert window.custom_id.startswith("kling:"), name
        assert len(window.custom_id) <= 100, name
        assert window.is_finished(), name

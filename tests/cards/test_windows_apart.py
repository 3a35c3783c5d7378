"""Windows of different people never hold each other's words, whatever the library remembers."""

from discord import ui

import bot.client  # every window that can be shown is loaded
from bot.cards.modals import ChangeModal
from bot.generation.request import GenerationRequest
from tests.cards.gallery import FORMS, LANGUAGES

ENGLISH = LANGUAGES.of("en")


def test_only_a_window_that_shares_its_custom_id_with_none_is_read_from_the_librarys_memory() -> (
    None
):
    assert bot.client.KlingBot
    readers = {kind for kind in ui.Modal.__subclasses__() if "on_submit" in vars(kind)}
    assert readers == {ChangeModal}
    request = GenerationRequest(prompt="a kite")
    one, other = (ChangeModal(request, language=ENGLISH) for _ in range(2))
    assert one.custom_id != other.custom_id


def test_every_other_window_says_by_its_custom_id_what_it_is_for() -> None:
    for name, draw in FORMS.items():
        window = draw(ENGLISH)
        assert isinstance(window, ChangeModal) or window.custom_id.startswith("kling:"), name
        assert len(window.custom_id) <= 100, name

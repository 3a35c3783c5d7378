"""A job from the terminal is told apart from all that Discord gives ids to."""

from random import SystemRandom

from bot.features.terminal_place import OPERATOR_ID, TERMINAL, asker, is_from_terminal, question_id
from tests.domain.samples import a_job


def test_its_ids_are_none_of_discords() -> None:
    ids = {question_id(SystemRandom()) for _ in range(100)}
    assert len(ids) == 100
    assert all(-(2**63) <= number < 0 for number in ids)


def test_it_is_known_by_its_place() -> None:
    assert is_from_terminal(a_job(1).model_copy(update={"place": TERMINAL}))
    assert not is_from_terminal(a_job(1))


def test_who_asked_is_said_for_a_list() -> None:
    assert [asker(OPERATOR_ID), asker(77), asker(None)] == ["the terminal", "77", "somebody erased"]

"""Which pins the index is asked about: all that people install, with their conditions."""

from tools.wheels import pins


def test_every_pin_of_those_who_run_or_try_the_bot_is_asked_about() -> None:
    asked = pins()

    assert len(asked) > 50
    assert len({pin.split("==")[0] for pin in asked}) == len(asked)
    assert any(pin.startswith("pillow-heif==") for pin in asked)
    assert any(pin.startswith("colorama==") and "win32" in pin for pin in asked)
    assert not any(pin.startswith("ruff==") for pin in asked)

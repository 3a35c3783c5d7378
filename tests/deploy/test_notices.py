"""The notices name what the image carries, in the versions that are pinned."""

import re
from importlib.metadata import distribution

import pytest

from tests.deploy.dockerfile import stages
from tests.deploy.notices import NOTICES, PINS, Pin, licence_of, notices, pins
from tests.meta.sources import ROOT

PINNED = pins(PINS.read_text(encoding="utf-8"))


def test_the_notices_are_those_of_the_pinned_packages() -> None:
    assert NOTICES.read_text(encoding="utf-8") == notices(PINNED), "run `make notices`"


def test_every_pin_of_the_image_is_named_and_no_other() -> None:
    text = NOTICES.read_text(encoding="utf-8")
    named = re.findall(r"^([A-Za-z0-9._-]+) (\d\S*): ", text, re.MULTILINE)
    assert [Pin(*one) for one in named] == PINNED
    assert {"psycopg", "imageio-ffmpeg", "discord-py"} <= {pin.name for pin in PINNED}
    assert not {"colorama", "audioop-lts"} & {pin.name for pin in PINNED}


@pytest.mark.parametrize(("name", "licence"), [("psycopg", "LGPL-3.0-only"), ("rich", "MIT")])
def test_a_licence_is_what_the_package_says(name: str, licence: str) -> None:
    assert licence_of(distribution(name)) == licence


def test_no_package_of_the_image_says_nothing_of_its_licence() -> None:
    assert [pin for pin in PINNED if "see its" in licence_of(distribution(pin.name))] == []


def test_the_image_carries_them() -> None:
    image = stages((ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8"))[-1]
    assert "THIRD_PARTY_NOTICES /app/THIRD_PARTY_NOTICES" in [step.rest for step in image.steps]

"""Whatever a member attaches becomes a plain upright picture, or is refused for what it is."""

import io
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.domain.generation.picture import LONG_SIDE_MAX_PX, PIXELS_MAX, SENT_MAX_BYTES
from bot.runner.picture_reader import LIMITS
from bot.runner.picture_worker import PictureLimits, Sent, Unfit, decoded
from tests.pictures import (
    LEFT,
    RIGHT,
    a_bomb,
    a_heic,
    a_picture,
    a_profile,
    a_webp_that_claims,
    exif_of_a_phone,
    saved,
)


def limits(**changed: float) -> PictureLimits:
    known: dict[str, Any] = {**LIMITS, **changed}
    return PictureLimits(**known)


def shown(data: bytes) -> Image.Image:
    """What is sent of it."""
    sent = decoded(data, limits())
    assert isinstance(sent, Sent), sent
    image = Image.open(io.BytesIO(sent.jpeg))
    image.load()
    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert image.size == (sent.width_px, sent.height_px)
    return image


def is_near(image: Image.Image, across: float, down: float, colour: tuple[int, int, int]) -> bool:
    """Whether it has this colour there, as nearly as a JPEG keeps it."""
    found = image.getpixel((int(across * image.width), int(down * image.height)))
    assert isinstance(found, tuple)
    return max(abs(one - other) for one, other in zip(found, colour, strict=True)) <= 20


KINDS = {
    "PNG": lambda: saved(a_picture()),
    "JPEG": lambda: saved(a_picture(), "JPEG"),
    "JPEG, progressive": lambda: saved(a_picture(), "JPEG", progressive=True),
    "JPEG, CMYK": lambda: saved(a_picture(mode="CMYK"), "JPEG"),
    "WEBP": lambda: saved(a_picture(), "WEBP"),
    "WEBP, lossless": lambda: saved(a_picture(), "WEBP", lossless=True),
    "WEBP, transparent": lambda: saved(a_picture(mode="RGBA"), "WEBP"),
    "BMP": lambda: saved(a_picture(), "BMP"),
    "GIF": lambda: saved(a_picture(), "GIF"),
    "PNG, palette": lambda: saved(a_picture(mode="P")),
    "HEIC": a_heic,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_by_what_it_is(kind: str) -> None:
    image = shown(KINDS[kind]())
    assert image.size == (480, 320)
    assert is_near(image, 0.25, 0.5, LEFT)
    assert is_near(image, 0.75, 0.5, RIGHT)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_of_an_animated_picture_the_first_frame_counts(kind: str) -> None:
    frames = [Image.new("RGB", (400, 400), colour) for colour in ("red", "green", "blue")]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    assert is_near(shown(data), 0.5, 0.5, (255, 0, 0))


@pytest.mark.parametrize(("value", "expected"), [(0, 0), (128 * 256, 128), (65_535, 255)])
def test_sixteen_bits_of_grey_keep_their_shades(value: int, expected: int) -> None:
    grey = Image.new("I;16", (400, 400), value)
    assert is_near(shown(saved(grey)), 0.5, 0.5, (expected, expected, expected))


def test_where_one_could_see_through_it_is_white() -> None:
    clear = Image.new("RGBA", (400, 400), (200, 0, 0, 0))
    clear.paste((200, 0, 0, 255), (0, 0, 200, 400))
    image = shown(saved(clear))
    assert is_near(image, 0.75, 0.5, (255, 255, 255))
    assert is_near(image, 0.25, 0.5, (200, 0, 0))


@pytest.mark.parametrize(
    ("orientation", "red_at"),
    [(1, (0.1, 0.5)), (3, (0.9, 0.5)), (6, (0.5, 0.1)), (8, (0.5, 0.9))],
)
def test_a_phone_that_was_held_otherwise_is_turned_upright(
    orientation: int, red_at: tuple[float, float]
) -> None:
    image = shown(saved(a_picture(), "JPEG", exif=exif_of_a_phone(orientation)))
    assert image.size == ((320, 480) if orientation in (6, 8) else (480, 320))
    assert is_near(image, *red_at, LEFT)


@pytest.mark.parametrize("profile", [None, a_profile()], ids=["no profile", "profile"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_the_pixels_is_sent(kind: str, profile: bytes | None) -> None:
    how: dict[str, Any] = {"comment": "canary-comment"} if kind == "JPEG" else {}
    how |= {"exif": exif_of_a_phone(6), "icc_profile": profile}
    if kind != "PNG":
        how["xmp"] = b"<x:xmpmeta>canary-xmp</x:xmpmeta>"
    data = saved(a_picture(), kind, **how)
    assert b"canary-gps" in data
    sent = decoded(data, limits())
    assert isinstance(sent, Sent)
    assert b"canary" not in sent.jpeg
    image = Image.open(io.BytesIO(sent.jpeg))
    assert not image.getexif()
    assert image.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_colours_of_another_profile_become_srgb() -> None:
    """A broken profile counts as none."""
    profiled = saved(a_picture(), "JPEG", icc_profile=b"no profile at all" * 20)
    assert shown(profiled).size == (480, 320)


def test_a_large_picture_is_scaled_down_and_fits() -> None:
    noise = Image.effect_noise((5_000, 2_500), 200).convert("RGB")
    sent = decoded(saved(noise, "JPEG", quality=70), limits())
    assert isinstance(sent, Sent)
    assert (sent.width_px, sent.height_px) == (LONG_SIDE_MAX_PX, LONG_SIDE_MAX_PX // 2)
    assert len(sent.jpeg) <= SENT_MAX_BYTES


def test_what_does_not_fit_at_the_lowest_quality_becomes_smaller() -> None:
    noise = saved(Image.effect_noise((1_000, 1_000), 200), "PNG")
    sent = decoded(noise, limits(bytes_max=100_000))
    assert isinstance(sent, Sent)
    assert sent.width_px < 1_000
    assert len(sent.jpeg) <= 100_000


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (saved(a_picture((299, 400))), Unfit("too_small", 299, 400)),
        (saved(a_picture((753, 300))), Unfit("too_narrow", 753, 300)),
        (saved(a_picture((300, 753))), Unfit("too_narrow", 300, 753)),
        (a_bomb(100_000, 100_000), Unfit("too_many_pixels", 100_000, 100_000)),
        (a_bomb(8_001, 4_000), Unfit("too_many_pixels", 8_001, 4_000)),
        (a_webp_that_claims(16_000, 16_000), Unfit("too_many_pixels", 16_000, 16_000)),
        (a_webp_that_claims(200, 400), Unfit("too_small", 200, 400)),
        (b"a text that is called picture.png", Unfit("not_a_picture")),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Unfit("not_a_picture")),
        (b"%PDF-1.7 and so on", Unfit("not_a_picture")),
        (saved(a_picture(), "TIFF"), Unfit("not_a_picture")),
        (b"", Unfit("not_a_picture")),
        (b"\0\0\0\x18ftypmp42 a video", Unfit("not_a_picture")),
    ],
)
def test_what_cannot_be_a_frame_is_named(data: bytes, fault: Unfit) -> None:
    assert decoded(data, limits()) == fault


@pytest.mark.parametrize("size", [(300, 300), (750, 300), (300, 750)])
def test_the_bounds_themselves_are_taken(size: tuple[int, int]) -> None:
    assert shown(saved(a_picture(size))).size == size


@pytest.mark.parametrize("kind", ["VP8 ", "VP8L"])
def test_a_webp_says_its_size_before_it_is_opened(kind: str) -> None:
    data = saved(a_picture((290, 400)), "WEBP", lossless=kind == "VP8L")
    assert data[12:16] == kind.encode()
    assert decoded(data, limits()) == Unfit("too_small", 290, 400)


def test_heic_is_refused_where_its_library_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    data = a_heic()
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert decoded(data, limits()) == Unfit("not_a_picture")


def test_the_cap_on_pixels_is_the_services_own() -> None:
    assert PIXELS_MAX == 32_000_000


SMALL = limits(side_min_px=8, pixels_max=1_000_000)
SMALL_ONES = tuple(
    saved(a_picture((24, 16)), kind) for kind in ("PNG", "JPEG", "WEBP", "BMP", "GIF")
)


@given(st.sampled_from(SMALL_ONES), st.data())
def test_a_picture_with_other_bytes_in_it_is_one_or_is_none(
    data: bytes, drawn: st.DataObject
) -> None:
    """Any error of the decoder ends the worker, and counts as unreadable: none ends the bot."""
    changed = bytearray(data)
    for at in drawn.draw(st.lists(st.integers(0, len(data) - 1), max_size=6)):
        changed[at] = drawn.draw(st.integers(0, 255))
    cut = changed[: drawn.draw(st.integers(0, len(changed)))]
    try:
        outcome = decoded(bytes(cut), SMALL)
    except Exception:  # noqa: BLE001 - whichever: the worker ends by it
        return
    if isinstance(outcome, Sent):
        assert Image.open(io.BytesIO(outcome.jpeg)).size == (outcome.width_px, outcome.height_px)

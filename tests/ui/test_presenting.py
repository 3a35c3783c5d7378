"""A result arrives in some form, whatever Discord refuses, and nothing refused is repeated."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.job import Job, State
from bot.domain.outcomes import Media, MediaKind
from bot.domain.ports import LocalFile, Trouble
from bot.languages.language import load_languages
from bot.ui import card
from bot.ui.parts import ENCLOSED_NAME, MIB, LinkForm, Part, whole
from bot.ui.presentation import STUCK_AFTER, Message, Presenting, Shown, Tried
from tests.domain.samples import NOON, a_job
from tests.ui.test_card import all_parts, text_of

ENGLISH = load_languages().of("en")

Judge = Callable[[Part], Trouble | None]


def a_video(number: int, *, url_chars: int = 0) -> Media:
    url = f"https://files.example/{number}?"
    return Media(kind=MediaKind.VIDEO, url=url + "s" * max(0, url_chars - len(url)))


def a_file(media: Media, size_bytes: int, *, is_copy: bool = False) -> LocalFile:
    number = media.url.partition("?")[0].rpartition("/")[2]
    name = f"kling-{number}{'-copy' if is_copy else ''}.mp4"
    return LocalFile(Path("unread"), name, size_bytes, media, is_copy)


def a_result(*media: Media) -> Job:
    return a_job(state=State.RENDERED).model_copy(update={"media": media})


class Discord:
    """Takes what its judge takes, and holds every message against the limits that are known."""

    def __init__(self, judge: Judge = lambda _: None) -> None:
        self.judge: Judge = judge
        self.sent: list[Part] = []
        self.taken: list[Part] = []
        self.nonces: list[str] = []
        self._refused: set[str] = set()

    async def send(self, message: Message) -> int | Trouble:
        view, part = message.draw(), message.part
        self._keeps_to_the_limits(part, view)
        body = f"{view.to_components()}{part.files}{part.links}"
        assert body not in self._refused, "what was refused was sent again"
        self.sent.append(part)
        self.nonces.append(message.nonce)
        trouble = self.judge(part)
        if trouble is None:
            self.taken.append(part)
            return 100 + len(self.taken)
        if trouble is not Trouble.PASSING:
            self._refused.add(body)
        return trouble

    def _keeps_to_the_limits(self, part: Part, view: ui.LayoutView) -> None:
        components = all_parts(view)
        assert 1 < len(components) <= 40
        assert len(text_of(view)) <= 4_000
        assert all(len(item.get("url", "")) <= 512 for item in components)
        assert len(part.files) <= 10
        assert sum(file.size_bytes for file in part.files) <= 25 * MIB
        shown = {item["media"]["url"] for one in components for item in one.get("items", ())}
        assert shown == {f"attachment://{file.name}" for file in part.files}


def presenting(
    discord: Discord,
    job: Job,
    *,
    smaller: Sequence[LocalFile] = (),
    tried: Tried | None = None,
    now: datetime = NOON,
) -> Presenting:
    async def within(limit_bytes: int) -> Sequence[LocalFile]:
        return [file for file in smaller if file.size_bytes <= limit_bytes]

    return Presenting(
        draw=lambda part: card.result(job, ENGLISH, part),
        send=discord.send,
        within=within,
        limit_bytes=20 * MIB,
        tried=tried or Tried(),
        now=now,
    )


def has_links(part: Part) -> Trouble | None:
    """Discord's filter of links: it reads messages and no files."""
    filtered = part.links and part.link_form is not LinkForm.ENCLOSED
    return Trouble.REFUSED if filtered else None


async def test_what_nothing_speaks_against_is_one_message() -> None:
    video, other = a_video(1), a_video(2)
    job, discord = a_result(video, other), Discord()
    file = a_file(video, 5 * MIB)
    shown = await presenting(discord, job).show(whole(job, [file]))
    assert shown == Shown(101, (file,), ())
    assert discord.sent == [Part((file,), (other,), is_card=True)]


async def test_an_address_that_is_too_long_for_a_button_is_written() -> None:
    video = a_video(1, url_chars=513)
    job, discord = a_result(video), Discord()
    assert isinstance(await presenting(discord, job).show(whole(job, ())), Shown)
    (part,) = discord.taken
    assert f"[Open video](<{video.url}>)" in text_of(card.result(job, ENGLISH, part))


async def test_an_address_that_is_too_long_for_any_message_is_enclosed() -> None:
    video = a_video(1, url_chars=4_096)
    job, discord = a_result(video), Discord()
    assert isinstance(await presenting(discord, job).show(whole(job, ())), Shown)
    (part,) = discord.sent
    assert part == Part(links=(video,), link_form=LinkForm.ENCLOSED, is_card=True)
    view = card.result(job, ENGLISH, part)
    assert f"attachment://{ENCLOSED_NAME}" in str(view.to_components())


async def test_a_long_address_does_not_take_the_good_video_along() -> None:
    good, other = a_video(1), a_video(2, url_chars=4_000)
    job, discord = a_result(good, other), Discord()
    file = a_file(good, 5 * MIB)
    shown = await presenting(discord, job).show(whole(job, [file]))
    assert shown == Shown(101, (file,), ())
    first, second = discord.taken
    assert first == Part((file,), is_card=True)
    assert second.links == (other,)


async def test_parentheses_do_not_end_a_written_address() -> None:
    video = Media(kind=MediaKind.VIDEO, url="https://files.example/a(1)>%20[b]?c=d&e" + "f" * 500)
    job = a_result(video)
    text = text_of(card.result(job, ENGLISH, whole(job, ())))
    assert f"(<https://files.example/a%281%29%3E%20[b]?c=d&e{'f' * 500}>)" in text


async def test_sixty_files_come_in_several_messages() -> None:
    media = [a_video(number) for number in range(60)]
    job, discord = a_result(*media), Discord()
    files = [a_file(one, MIB) for one in media[:10]]
    shown = await presenting(discord, job).show(whole(job, files))
    assert isinstance(shown, Shown)
    assert shown.missing == ()
    seen = [one.url for part in discord.taken for one in part.media]
    assert sorted(seen) == sorted(one.url for one in media)
    assert [part.is_card for part in discord.taken] == [True, *[False] * (len(discord.taken) - 1)]


async def test_files_that_are_too_much_together_come_one_after_the_other() -> None:
    videos = [a_video(1), a_video(2)]
    job, discord = a_result(*videos), Discord()
    files = [a_file(video, 15 * MIB) for video in videos]
    shown = await presenting(discord, job).show(whole(job, files))
    assert shown == Shown(101, tuple(files), ())
    assert [part.files for part in discord.sent] == [(files[0],), (files[1],)]


async def test_where_links_are_refused_the_file_plays_and_the_addresses_are_enclosed() -> None:
    video, other = a_video(1), a_video(2)
    job, discord = a_result(video, other), Discord(has_links)
    file = a_file(video, MIB)
    shown = await presenting(discord, job).show(whole(job, [file]))
    assert shown == Shown(101, (file,), ())
    assert discord.taken == [
        Part((file,), is_card=True),
        Part(links=(other,), link_form=LinkForm.ENCLOSED),
    ]
    assert len(discord.sent) == 5


async def test_where_the_words_are_refused_the_file_comes_alone() -> None:
    video = a_video(1)
    job = a_result(video)
    discord = Discord(lambda part: None if part.is_bare else Trouble.REFUSED)
    file = a_file(video, MIB)
    assert await presenting(discord, job).show(whole(job, [file])) == Shown(101, (file,), ())
    assert text_of(card.result(job, ENGLISH, discord.taken[0])) == ""


async def test_where_the_file_is_refused_its_link_comes() -> None:
    video = a_video(1)
    job = a_result(video)
    discord = Discord(lambda part: Trouble.REFUSED if part.files else None)
    assert await presenting(discord, job).show(whole(job, [a_file(video, MIB)])) == Shown(
        101, (), ()
    )
    assert discord.taken == [Part(links=(video,), is_card=True)]


async def test_a_card_that_is_refused_in_every_form_is_the_callers_trouble() -> None:
    video = a_video(1)
    job, discord = a_result(video), Discord(lambda _: Trouble.REFUSED)
    tried = Tried()
    files = [a_file(video, MIB)]
    assert await presenting(discord, job, tried=tried).show(whole(job, files)) is Trouble.REFUSED
    before = len(discord.sent)
    assert await presenting(discord, job, tried=tried).show(whole(job, files)) is Trouble.REFUSED
    assert len(discord.sent) == before


async def test_nothing_follows_a_card_that_is_refused_in_every_form() -> None:
    videos = [a_video(1), a_video(2)]
    job = a_result(*videos)
    discord = Discord(lambda part: Trouble.REFUSED if part.is_card else None)
    files = [a_file(video, MIB) for video in videos]
    assert await presenting(discord, job).show(whole(job, files)) is Trouble.REFUSED
    assert discord.taken == []


def over(limit_bytes: int) -> Judge:
    def judge(part: Part) -> Trouble | None:
        is_over = any(file.size_bytes > limit_bytes for file in part.files)
        return Trouble.TOO_LARGE if is_over else None

    return judge


@pytest.mark.parametrize(
    ("declared", "real", "uploads"),
    [
        (13 * MIB, 10 * MIB, [13 * MIB, 9 * MIB]),
        (24 * MIB, 20 * MIB, [24 * MIB, 19 * MIB]),
        (24 * MIB, 10 * MIB, [24 * MIB, 19 * MIB, 9 * MIB]),
        (24 * MIB, 5 * MIB, [24 * MIB, 19 * MIB, 9 * MIB]),
        (9 * MIB, 5 * MIB, [9 * MIB]),
    ],
)
async def test_what_is_too_large_comes_as_a_smaller_copy_and_at_last_as_a_link(
    declared: int, real: int, uploads: list[int]
) -> None:
    video = a_video(1)
    job, discord = a_result(video), Discord(over(real))
    copies = [a_file(video, size, is_copy=True) for size in (19 * MIB, 9 * MIB)]

    async def within(limit_bytes: int) -> Sequence[LocalFile]:
        return [file for file in copies if file.size_bytes <= limit_bytes][:1]

    showing = presenting(discord, job)
    showing._within = within  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    shown = await showing.show(whole(job, [a_file(video, declared)]))
    assert [part.files[0].size_bytes for part in discord.sent if part.files] == uploads
    assert isinstance(shown, Shown)
    (part,) = discord.taken
    assert part.is_card
    assert part.links == (video,)
    assert [file.size_bytes for file in part.files] == [size for size in uploads if size <= real]


async def test_what_was_learnt_of_one_file_holds_for_the_others() -> None:
    videos = [a_video(1), a_video(2), a_video(3)]
    job, discord = a_result(*videos), Discord(over(10 * MIB))
    files = [a_file(video, 12 * MIB) for video in videos]
    copies = [a_file(video, 9 * MIB, is_copy=True) for video in videos]
    shown = await presenting(discord, job, smaller=copies).show(whole(job, files))
    assert isinstance(shown, Shown)
    assert shown.files == tuple(copies)
    assert sum(file.size_bytes > 10 * MIB for part in discord.sent for file in part.files) == 1


async def test_after_a_passing_trouble_the_steps_are_not_gone_down_again() -> None:
    video, other = a_video(1), a_video(2)
    job, discord, tried = a_result(video, other), Discord(), Tried()

    def judge(part: Part) -> Trouble | None:
        return has_links(part) or (Trouble.PASSING if discord.taken else None)

    discord.judge = judge
    parts = whole(job, [a_file(video, MIB)])
    assert await presenting(discord, job, tried=tried).show(parts) is Trouble.PASSING
    refused = len(discord.sent)
    discord.judge = has_links
    assert isinstance(await presenting(discord, job, tried=tried).show(parts), Shown)
    # The card is drawn once more, and the addresses come at last; nothing else is sent.
    assert len(discord.sent) - refused == 2


async def test_what_has_arrived_is_not_sent_again() -> None:
    videos = [a_video(number) for number in range(5)]
    job, discord, tried = a_result(*videos), Discord(), Tried()
    files = [a_file(video, 12 * MIB) for video in videos]
    discord.judge = lambda _: Trouble.PASSING if len(discord.taken) == 2 else None
    assert await presenting(discord, job, tried=tried).show(whole(job, files)) is Trouble.PASSING
    discord.judge = lambda _: None
    shown = await presenting(discord, job, tried=tried).show(whole(job, files))
    assert isinstance(shown, Shown)
    assert shown.files == tuple(files)
    assert sum(part.files == (files[2],) for part in discord.taken) == 1


async def test_a_place_that_closes_behind_the_card_leaves_the_rest_to_another() -> None:
    videos = [a_video(1), a_video(2)]
    job, discord = a_result(*videos), Discord()
    discord.judge = lambda part: None if part.is_card else Trouble.PLACE_CLOSED
    files = [a_file(video, 15 * MIB) for video in videos]
    shown = await presenting(discord, job).show(whole(job, files))
    assert shown == Shown(101, (files[0],), (videos[1],))


async def test_after_a_day_of_passing_troubles_a_simpler_message_is_tried_as_well() -> None:
    video, other = a_video(1), a_video(2)
    job, discord, tried = a_result(video, other), Discord(), Tried()
    discord.judge = lambda part: Trouble.PASSING if part.links else None
    parts = whole(job, [a_file(video, MIB)])
    for age in (timedelta(), STUCK_AFTER - timedelta(seconds=1)):
        showing = presenting(discord, job, tried=tried, now=NOON + age)
        assert await showing.show(parts) is Trouble.PASSING
    late = presenting(discord, job, tried=tried, now=NOON + STUCK_AFTER)
    shown = await late.show(parts)
    assert shown is Trouble.PASSING or isinstance(shown, Shown)
    assert discord.taken[0] == Part(parts.files, is_card=True)


async def test_whatever_passes_by_itself_never_ends_in_another_place() -> None:
    video = a_video(1)
    job, discord, tried = a_result(video), Discord(lambda _: Trouble.PASSING), Tried()
    for days in range(4):
        now = NOON + timedelta(days=days)
        showing = presenting(discord, job, tried=tried, now=now)
        assert await showing.show(whole(job, [a_file(video, MIB)])) is Trouble.PASSING


async def test_the_same_body_carries_the_same_nonce_and_another_one_another() -> None:
    videos = [a_video(1), a_video(2)]
    job, discord = a_result(*videos), Discord()
    files = [a_file(video, 15 * MIB) for video in videos]
    for _ in range(2):
        await presenting(discord, job).show(whole(job, files))
    assert discord.nonces[:2] == discord.nonces[2:]
    assert len(set(discord.nonces)) == 2
    assert all(len(nonce) <= 25 for nonce in discord.nonces)


@given(data=st.data(), sizes=st.lists(st.integers(1, 20), max_size=12))
@settings(deadline=None, max_examples=60)
def test_whatever_is_refused_nothing_is_sent_twice_and_nothing_is_forgotten(
    data: st.DataObject, sizes: list[int]
) -> None:
    lengths = st.sampled_from([0, 512, 513, 1_500, 3_900, 4_096])
    media = [a_video(n, url_chars=data.draw(lengths)) for n in range(len(sizes) + 1)]
    job = a_result(*media)
    files = [
        a_file(one, size * MIB, is_copy=size % 3 == 0)
        for one, size in zip(media, sizes, strict=False)
    ][:10]
    outcomes = st.sampled_from([None, None, Trouble.REFUSED, Trouble.TOO_LARGE])
    discord = Discord(lambda _: data.draw(outcomes))
    shown: Any = asyncio.run(presenting(discord, job).show(whole(job, files)))
    if isinstance(shown, Shown):
        seen = [one.url for part in discord.taken for one in part.media]
        assert {*seen, *(one.url for one in shown.missing)} >= {one.url for one in media}
    else:
        assert shown is Trouble.REFUSED
        assert not any(part.is_card for part in discord.taken)

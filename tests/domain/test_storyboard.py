"""Storyboards are edited without surprises, and their text form says exactly what is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.domain.generation.models import PRO, model_of, qualities
from bot.domain.generation.picture import Picture
from bot.domain.generation.request import (
    DURATION_MAX_S,
    PROMPT_MAX_CHARS,
    SHOT_PROMPT_MAX_CHARS,
    SHOTS_MAX,
    Aspect,
    GenerationRequest,
    Shot,
)
from bot.domain.generation.storyboard import (
    STRIP_CELLS,
    Storyboard,
    Want,
    added,
    changed,
    moved,
    picked,
    removed,
    retold,
    storyboard_of,
    timeline,
    with_prompt,
)
from bot.domain.generation.storyboard_text import (
    LineTrouble,
    TextFault,
    UnreadableText,
    read_shots,
    write_shots,
)
from bot.domain.money.price import Prices
from tests.domain.samples import fitting_shots, shots, texts

KITE = Picture(digest="0f" * 32, media_type="image/png", width_px=480, height_px=320)
ONE, TWO, THREE = (Shot(prompt=word, duration_s=3) for word in ("one", "two", "three"))
LONG_WORD = "k" * SHOT_PROMPT_MAX_CHARS


def a_board(*with_shots: Shot, selected: int | None = None, prompt: str = "kite") -> Storyboard:
    return Storyboard(prompt=prompt, shots=with_shots, selected=selected)


def boards() -> st.SearchStrategy[Storyboard]:
    """Any storyboard that may come about, finished or not."""
    some = st.lists(shots(), max_size=SHOTS_MAX).map(tuple)
    return some.flatmap(
        lambda some: st.builds(
            Storyboard,
            prompt=texts(max_size=20),
            shots=st.just(some),
            selected=st.sampled_from(range(len(some))) if some else st.none(),
            unread_text=st.none() | texts(max_size=20),
            quality=st.sampled_from([*qualities()]),
            start_frame=st.none() | st.just(KITE),
        )
    )


# --- the text form --------------------------------------------------------------------------------


@given(st.lists(shots(), min_size=1, max_size=SHOTS_MAX))
def test_what_is_written_is_read_back_as_it_was(some: list[Shot]) -> None:
    assert read_shots(write_shots(some)) == tuple(some)


@pytest.mark.parametrize(
    "line",
    [
        "5s: a kite",
        " 5 s :a kite ",
        "5: a kite",
        "5 Seconds: a  kite",
        "05s\uff1aa kite",
        "+5 sec: a kite",
    ],
)
def test_a_length_may_be_written_as_people_write_it(line: str) -> None:
    assert read_shots(line) == (Shot(prompt="a kite", duration_s=5),)


def test_a_colon_within_the_prompt_belongs_to_it() -> None:
    assert read_shots("5s: she says: up!") == (Shot(prompt="she says: up!", duration_s=5),)


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        ("the kite rises", LineTrouble.NO_LENGTH),
        ("5s the kite rises", LineTrouble.NO_LENGTH),
        ("the kite: rises", LineTrouble.NO_LENGTH),
        (": the kite rises", LineTrouble.NO_LENGTH),
        ("five s: the kite rises", LineTrouble.NO_LENGTH),
        ("5min: the kite rises", LineTrouble.NO_LENGTH),
        ("4.5s: the kite rises", LineTrouble.NOT_WHOLE),
        ("4,5: the kite rises", LineTrouble.NOT_WHOLE),
        ("2s: the kite rises", LineTrouble.LENGTH_OUTSIDE),
        ("16s: the kite rises", LineTrouble.LENGTH_OUTSIDE),
        ("-5s: the kite rises", LineTrouble.LENGTH_OUTSIDE),
        ("9" * 5_000 + "s: the kite rises", LineTrouble.LENGTH_OUTSIDE),
        ("5s:", LineTrouble.NO_PROMPT),
        ("5s: \u3000", LineTrouble.NO_PROMPT),
        (f"5s: {LONG_WORD}k", LineTrouble.PROMPT_TOO_LONG),
    ],
)
def test_each_mistake_has_its_own_name(line: str, trouble: LineTrouble) -> None:
    read = read_shots(f"3s: before\n\n{line}\n3s: after")
    assert isinstance(read, UnreadableText)
    assert [(fault.line, fault.trouble) for fault in read.faults] == [(3, trouble)]


def test_how_much_too_long_a_prompt_is_is_said() -> None:
    fault = TextFault(1, LineTrouble.PROMPT_TOO_LONG, found_chars=513)
    assert read_shots(f"5s:  {LONG_WORD}k ") == UnreadableText((fault,))


@pytest.mark.parametrize("text", ["", " \n\t\n "])
def test_a_text_without_shots_is_a_mistake_in_its_first_line(text: str) -> None:
    assert read_shots(text) == UnreadableText((TextFault(1, LineTrouble.NO_SHOTS),))


def test_the_first_shot_too_many_is_pointed_to() -> None:
    text = "\n".join(["3s: one more"] * (SHOTS_MAX + 2))
    assert read_shots(text) == UnreadableText((TextFault(SHOTS_MAX + 1, LineTrouble.ONE_TOO_MANY),))


GOOD_LINES = shots().map(lambda shot: write_shots([shot]))
BAD_LINES = st.sampled_from(["the kite", "2s: up", "16s: down", "3.5s: on", "4s:", "x: y"])


@given(st.lists(st.tuples(st.booleans(), GOOD_LINES, BAD_LINES), min_size=1, max_size=SHOTS_MAX))
def test_every_malformed_line_is_pointed_to_and_no_other(
    lines: list[tuple[bool, str, str]],
) -> None:
    text = "\n".join(good if is_good else bad for is_good, good, bad in lines)
    read = read_shots(text)
    wrong = [number for number, (is_good, _, _) in enumerate(lines, start=1) if not is_good]
    if isinstance(read, UnreadableText):
        assert [fault.line for fault in read.faults] == wrong
    else:
        assert wrong == []
        assert len(read) == len(lines)


@given(texts(max_size=300))
def test_any_text_at_all_is_either_shots_or_mistakes_in_its_lines(text: str) -> None:
    read = read_shots(text)
    if isinstance(read, UnreadableText):
        lines = [fault.line for fault in read.faults]
        assert lines == sorted(set(lines))
        assert 1 <= lines[0] <= lines[-1] <= max(1, len(text.splitlines()))
    else:
        assert read_shots(write_shots(read)) == read


# --- edits ----------------------------------------------------------------------------------------


def test_a_shot_is_added_at_the_end_and_selected() -> None:
    assert added(a_board(ONE, selected=0), TWO) == a_board(ONE, TWO, selected=1)


def test_no_sixth_shot_is_added() -> None:
    full = a_board(*[ONE] * SHOTS_MAX, selected=0)
    assert full.is_full
    assert added(full, TWO) is None
    assert changed(full, SHOTS_MAX, TWO) is None
    assert changed(full, 1, TWO) is not None


def test_a_shot_is_changed_where_it_stands_or_comes_to_the_end() -> None:
    assert changed(a_board(ONE, TWO, selected=0), 1, THREE) == a_board(ONE, THREE, selected=1)
    assert changed(a_board(ONE, selected=0), 4, THREE) == a_board(ONE, THREE, selected=1)


def test_only_a_shot_that_is_there_is_picked() -> None:
    assert picked(a_board(ONE, TWO, selected=0), 1) == a_board(ONE, TWO, selected=1)
    assert picked(a_board(ONE, TWO, selected=0), 2) is None
    assert picked(a_board(ONE, TWO, selected=0), -1) is None


def test_the_selected_shot_and_its_neighbour_change_places() -> None:
    assert moved(a_board(ONE, TWO, THREE, selected=1), 1) == a_board(ONE, THREE, TWO, selected=2)
    assert moved(a_board(ONE, TWO, THREE, selected=1), -1) == a_board(TWO, ONE, THREE, selected=0)
    assert moved(a_board(ONE, TWO, selected=0), -1) is None
    assert moved(a_board(ONE, TWO, selected=1), 1) is None
    assert moved(a_board(), 1) is None


def test_after_a_removal_the_next_shot_is_selected() -> None:
    assert removed(a_board(ONE, TWO, THREE, selected=1)) == a_board(ONE, THREE, selected=1)
    assert removed(a_board(ONE, TWO, selected=1)) == a_board(ONE, selected=0)
    assert removed(a_board(ONE, selected=0)) == a_board()
    assert removed(a_board()) is None


def test_a_text_replaces_all_shots_or_is_kept_beside_them() -> None:
    board = a_board(ONE, selected=0)
    wrong = retold(board, "3s two")
    assert (wrong.shots, wrong.unread_text) == ((ONE,), "3s two")
    assert retold(wrong, "3s: two\n3s: three") == a_board(TWO, THREE, selected=0)
    assert added(wrong, TWO) == a_board(ONE, TWO, selected=1)


def test_the_overall_prompt_has_the_limit_of_every_prompt() -> None:
    assert with_prompt(a_board(ONE), "  a kite\n").prompt == "a kite"
    with pytest.raises(ValidationError):
        with_prompt(a_board(ONE), "k" * (PROMPT_MAX_CHARS + 1))


@given(boards(), st.integers(0, 6), st.sampled_from([-1, 1]), shots(), texts(max_size=40))
def test_no_edit_leads_to_a_storyboard_that_cannot_be(
    board: Storyboard, index: int, by: int, shot: Shot, text: str
) -> None:
    for edited in (
        added(board, shot),
        changed(board, index, shot),
        picked(board, index),
        moved(board, by),
        removed(board),
        retold(board, text),
    ):
        if edited is not None:
            assert len(edited.shots) <= SHOTS_MAX
            assert (edited.selected is None) == (not edited.shots)
            assert edited.selected is None or 0 <= edited.selected < len(edited.shots)
            assert edited.prompt == board.prompt
            assert (edited.start_frame, edited.quality) == (board.start_frame, board.quality)


@given(boards())
def test_moving_there_and_back_changes_nothing(board: Storyboard) -> None:
    there = moved(board, 1)
    if there is not None:
        back = moved(there, -1)
        assert back == board.model_copy(update={"unread_text": None})


# --- ready or not ---------------------------------------------------------------------------------


@given(boards())
def test_it_can_be_generated_exactly_when_nothing_is_wanted(board: Storyboard) -> None:
    if board.wants:
        with pytest.raises(ValidationError):
            GenerationRequest.model_validate(board.options())
    else:
        request = GenerationRequest.model_validate(board.options())
        assert request.shots == board.shots
        assert request.start_frame == board.start_frame
        assert request.model.quality == board.quality
        prices = Prices()
        assert prices.estimate_microusd(request) == board.price_microusd(prices)


def test_what_is_wanted_is_said_in_order() -> None:
    assert Storyboard().wants == (Want.OVERALL_PROMPT, Want.MORE_SHOTS)
    long = Shot(prompt="long", duration_s=15)
    assert a_board(long, ONE).wants == (Want.LESS_TIME,)
    assert a_board(ONE, TWO).wants == ()


@given(fitting_shots(), st.sampled_from([*qualities()]), st.none() | st.just(KITE))
def test_a_request_becomes_the_storyboard_that_it_was(
    some: tuple[Shot, ...], quality: str, frame: Picture | None
) -> None:
    chosen = {"aspect": Aspect.SQUARE, "private": True, "quality": quality, "start_frame": frame}
    board = a_board(*some, selected=0).model_copy(update=chosen)
    request = GenerationRequest.model_validate(board.options())
    assert storyboard_of(request, private=True) == board


def test_a_request_of_one_piece_becomes_a_storyboard_without_shots() -> None:
    board = storyboard_of(GenerationRequest(prompt="kite", sound=False), private=False)
    assert board == Storyboard(prompt="kite", sound=False)


@given(boards())
def test_a_storyboard_is_read_back_as_it_was_written(board: Storyboard) -> None:
    assert Storyboard.model_validate_json(board.model_dump_json()) == board


def test_with_a_picture_the_price_is_of_the_model_that_takes_one() -> None:
    prices = Prices()
    pictured = model_of(PRO, starts_from_picture=True)
    assert pictured is not None
    prices.hear(pictured, silent_microusd=1_000_000, sound_microusd=2_000_000)
    board = a_board(ONE, TWO)
    assert board.price_microusd(prices) == 6 * 168_000
    assert board.model_copy(update={"start_frame": KITE}).price_microusd(prices) == 12_000_000


# --- the timeline ---------------------------------------------------------------------------------


def test_the_timeline_shows_each_shots_share_and_what_is_left() -> None:
    strip = timeline([Shot(prompt="one", duration_s=5), Shot(prompt="two", duration_s=4)])
    assert strip == "1━━━━━━━━┃2━━━━━━┃············"
    assert timeline([]) == "·" * STRIP_CELLS
    assert timeline([Shot(prompt="one", duration_s=DURATION_MAX_S)]) == f"1{'━' * 28}┃"


@given(st.lists(shots(), max_size=SHOTS_MAX))
def test_the_timeline_always_has_one_width_and_every_number_in_order(some: list[Shot]) -> None:
    strip = timeline(some)
    assert len(strip) == STRIP_CELLS
    numbers = [character for character in strip if character.isdigit()]
    assert numbers == [str(number) for number in range(1, len(some) + 1)]
    total_s = sum(shot.duration_s for shot in some)
    assert strip.count("·") == 2 * max(0, DURATION_MAX_S - total_s)

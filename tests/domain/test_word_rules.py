"""Rules about words: where they are looked for, and how a list grows and shrinks."""

from bot.domain.generation.request import GenerationRequest, Shot
from bot.domain.generation.styles import Style
from bot.domain.moderation.builtin_words import BUILT_IN_WORDS
from bot.domain.moderation.word_rules import entries_of, matches, with_added, without
from bot.domain.servers import WORDS_MAX, ServerSettings

NO_STORMS = ServerSettings(words=("storm", "-clothes"))


def asking(prompt: str = "a kite", **fields: object) -> GenerationRequest:
    return GenerationRequest.model_validate({"prompt": prompt, **fields})


def refused_words(request: GenerationRequest, server: ServerSettings) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.written for match in matches(request, server)))


def test_the_prompt_every_shot_and_the_style_are_looked_at() -> None:
    shots = (Shot(prompt="a calm", duration_s=3), Shot(prompt="the Storm", duration_s=3))
    style = Style(name="s", prompt="stormy STORM light")
    assert refused_words(asking("a storm"), NO_STORMS) == ("storm",)
    assert refused_words(asking(shots=shots, duration_s=6), NO_STORMS) == ("Storm",)
    assert refused_words(asking(style=style), NO_STORMS) == ("STORM",)
    assert refused_words(asking(), NO_STORMS) == ()


def test_a_negative_prompt_may_name_what_is_not_wanted() -> None:
    assert refused_words(asking(negative_prompt="storm"), NO_STORMS) == ()
    style = Style(name="calm", negative_prompt="storm")
    assert refused_words(asking(style=style), NO_STORMS) == ()


def test_what_nobody_may_leave_out_is_looked_for_in_negative_prompts_alone() -> None:
    assert refused_words(asking("a shop for clothes"), NO_STORMS) == ()
    assert refused_words(asking(negative_prompt="hats, Clothes"), NO_STORMS) == ("Clothes",)
    style = Style(name="bare", negative_prompt="clothes")
    assert refused_words(asking(style=style), NO_STORMS) == ("clothes",)


def test_the_built_in_list_counts_only_where_it_is_switched_on() -> None:
    off, on = ServerSettings(words=("storm",)), ServerSettings(builtin_words=True)
    an_entry = next(iter(BUILT_IN_WORDS.values()))[0]
    assert entries_of(off) == ("storm",)
    assert refused_words(asking(an_entry), off) == ()
    assert refused_words(asking(an_entry), on) == (an_entry,)


def test_the_same_word_is_told_once() -> None:
    shots = (Shot(prompt="storm", duration_s=3), Shot(prompt="storm", duration_s=3))
    assert refused_words(asking("storm", shots=shots, duration_s=6), NO_STORMS) == ("storm",)


def test_lines_become_entries_in_small_letters_each_once() -> None:
    listing = with_added(("storm",), "  Child   Abuse \n\nSTORM\nGore*\ngore*")
    assert listing.words == ("storm", "child abuse", "gore*")
    assert listing.is_whole


def test_what_says_too_little_or_too_much_is_not_taken_and_named() -> None:
    listing = with_added((), "a\n*\nok\n" + "x" * 101)
    assert listing.words == ("ok",)
    assert listing.too_short == ("a", "*")
    assert listing.too_long == ("x" * 101,)
    assert not listing.is_whole


def test_an_entry_that_is_longer_than_it_looks_is_not_taken() -> None:
    listing = with_added((), "\ufdfa" * 13)
    assert listing.words == ()
    assert listing.too_long == ("\ufdfa" * 13,)


def test_a_list_has_an_end() -> None:
    full = tuple(f"word{number}" for number in range(WORDS_MAX - 1))
    listing = with_added(full, "one\ntwo\nthree")
    assert listing.words == (*full, "one")
    assert listing.no_room == 2


def test_removing_goes_by_the_word_and_not_by_its_capitals() -> None:
    assert without(("storm", "gore*", "rain"), "Storm\nGORE*\nsnow") == ("rain",)

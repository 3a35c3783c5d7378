"""Moderation: listed words are found however simply they are disguised, and innocent ones pass."""

from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.moderation.builtin_words import BUILT_IN_WORDS
from bot.domain.moderation.letter_folds import folded
from bot.domain.moderation.listed_words import (
    FOLDED_MAX_LETTERS,
    READ_MAX_LETTERS,
    UNREADABLE,
    Listed,
    Match,
    is_matchable,
    is_too_long,
    letters_to_read,
)
from bot.domain.moderation.word_list import WordList
from bot.domain.servers import WORD_MAX_CHARS
from tests.domain.samples import texts

LISTED = ("bad", "ass", "hell", "sex", "tit", "cock", "cunt", "rape", "rapist", "penis", "shit")
INNOCENT = (
    "Scunthorpe class assess assassin Essex Sussex Middlesex cocktail peacock Hancock grape drapes "
    "therapist Penistone shiitake title constitution Titan hello shell Michelle Shitake badger "
    "badminton Lightwater Arsenal bass grass passage assistant cockpit cockatoo scrape parapet "
    "Matsushita sextant sextet dictionary analysis Saturday pussycat-willow"
)

LATIN = st.sampled_from("abcdefghijklmnopqrstuvwxyz")
A_WORD = st.text(LATIN, min_size=3, max_size=12)


def found_in(text: str, entries: Iterable[str]) -> tuple[str, ...]:
    """The text's own words that are listed, as they are written, each once and in their order."""
    return tuple(dict.fromkeys(match.written for match in Listed(entries).matches_in(text)))


@pytest.mark.parametrize("word", LISTED)
def test_a_listed_word_is_found_as_it_is_written(word: str) -> None:
    text = f"A kite, {word.upper()}! and the sea"
    assert found_in(text, LISTED) == (f"{word.upper()}!",) or found_in(text, LISTED) == (
        word.upper(),
    )


@pytest.mark.parametrize("word", INNOCENT.split())
def test_an_innocent_word_that_contains_a_listed_one_passes(word: str) -> None:
    assert found_in(word, LISTED) == ()
    assert found_in(f"the {word.lower()} of a {word.upper()}", LISTED) == ()


def test_innocent_text_full_of_them_passes() -> None:
    assert found_in(INNOCENT, LISTED) == ()
    assert found_in("As a badge, good bass: 4x4 in 2031, at 50mm f/1.8!", LISTED) == ()


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("BAD", "case"),
        ("bàd", "an accent"),
        ("ba\u0301d", "an accent of its own"),
        ("\uff42\uff41\uff44", "wide letters"),
        ("\U0001d4eb\U0001d4ea\U0001d4ed", "mathematical letters"),
        ("ʙᴀᴅ", "small capitals"),
        ("b\u200ba\u2060d", "characters without width"),
        ("b\u202ea\u2066d", "turned directions"),
        ("b\u00adad", "a soft hyphen"),
        ("b\ufe0fad", "a selector"),
        ("b\u3164ad", "a blank letter"),
        ("bаd", "a Cyrillic а"),  # noqa: RUF001 - that is what is tried
        ("bαd", "a Greek α"),  # noqa: RUF001 - that is what is tried
        ("b4d", "a digit"),
        ("b@d", "a symbol"),
        ("b@d!", "a symbol before a mark"),
        ("baaaad", "a stretched letter"),
        ("bbbaddd", "stretched letters"),
        ("b.a.d", "points"),
        ("b-a-d", "hyphens"),
        ("b_a_d", "underscores"),
        ("b a d", "spaces"),
        ("b  a  d", "wide spaces"),
        ("b.4.d", "points and a digit"),
        ("B A D", "spaces and capitals"),
    ],
)
def test_a_simply_disguised_word_is_found_and_told_as_it_was_written(
    written: str, kind: str
) -> None:
    for text in (written, f"paint a {written} thing", f"the sea: {written}."):
        told = found_in(text, ["bad"])
        assert len(told) == 1, kind
        assert told[0].rstrip("!") == written.rstrip("!"), kind


def test_words_that_are_only_like_a_listed_one_pass() -> None:
    assert found_in("good food for a loose noose", ["god", "fod", "lose"]) == ()
    assert found_in("as I was at a lake", ["ass", "lik"]) == ()
    assert found_in("455 and 8008", ["ass", "boob"]) == ()
    assert found_in("plan b: a day", ["bad"]) == ()
    assert found_in("a b c d e", ["bad", "abc"]) == ()


def test_a_russian_text_is_read_as_russian() -> None:
    # The Russian for "mouth" is drawn like an English word.
    assert found_in("большой рот и нос", ["pot"]) == ()
    assert found_in("a large рот for the plants", ["pot"]) == ("рот",)
    assert found_in("плохой ветер", ["плохой"]) == ("плохой",)
    assert found_in("ΚΑΚΌΣ άνεμος", ["κακος"]) == ("ΚΑΚΌΣ",)


def test_words_of_scripts_with_vowel_signs_are_whole_words_too() -> None:
    assert found_in("यह बुरा है", ["बुरा"]) == ("बुरा",)
    assert found_in("यह बुराई है", ["बुरा"]) == ()


@pytest.mark.parametrize(
    ("pattern", "found", "passes"),
    [
        ("porn*", "pornography", "popcorn"),
        ("*porn", "foodporn", "pornstar"),
        ("*porn*", "foodpornstar", "corn"),
        ("p*n", "person", "persons"),
        ("a*b*c", "axxbyyc", "acb"),
        ("ab*ba", "abba", "aba"),
    ],
)
def test_a_star_stands_for_any_letters_within_a_word(pattern: str, found: str, passes: str) -> None:
    assert found_in(f"some {found} here", [pattern]) == (found,)
    assert found_in(f"some {passes} here", [pattern]) == ()
    assert found_in("*** p\nn *", [pattern]) == ()


def test_a_pattern_sees_through_disguises_as_well() -> None:
    assert found_in("f00dp0rn", ["*porn*"]) == ("f00dp0rn",)
    assert found_in("p.o.r.n.s", ["porn*"]) == ("p.o.r.n.s",)


def test_several_words_are_found_one_after_the_other() -> None:
    assert found_in("no Child\n Abuse here", ["child abuse"]) == ("Child\n Abuse",)
    assert found_in("children, ab4sed", ["child abased"]) == ()
    assert found_in("child of abuse", ["child abuse"]) == ()
    assert found_in("children abu$ed", ["child* abused"]) == ("children abu$ed",)


def test_what_is_found_is_told_once_in_order_and_by_its_longest_find() -> None:
    assert found_in("hell and bad and hell", ["bad", "hell"]) == ("hell", "bad")
    (match,) = Listed(["child abuse", "child", "abuse"]).matches_in("child abuse")
    assert (match.entry, match.written) == ("child abuse", "child abuse")


def test_an_entry_may_be_disguised_itself() -> None:
    assert found_in("such an ass", ["a$$"]) == ("ass",)
    assert found_in("such ASSES", ["Ä$s*"]) == ("ASSES",)
    assert found_in("420 friendly", ["420"]) == ("420",)


@pytest.mark.parametrize("entry", ["", " ", "*", "***", "a*", "!", "…", "\u200b", "*a*", "* *"])
def test_an_entry_that_says_too_little_is_not_matchable(entry: str) -> None:
    assert not is_matchable(entry)


@pytest.mark.parametrize("entry", ["ab", "ab*", "*ab*", "a b", "猫猫", "1488"])
def test_an_entry_of_two_letters_is_matchable(entry: str) -> None:
    assert is_matchable(entry)


def test_nothing_listed_finds_nothing() -> None:
    assert found_in("anything at all", []) == ()
    assert found_in("", LISTED) == ()
    assert found_in("anything", ["", "*", "!"]) == ()


# --- whatever is written --------------------------------------------------------------------------


@given(A_WORD, texts(max_size=40), texts(max_size=40))
def test_a_word_between_spaces_is_found_in_any_text(word: str, before: str, after: str) -> None:
    assert any(word in told for told in found_in(f"{before} , {word} , {after}", [word]))


@given(A_WORD, st.data())
def test_any_one_letter_may_be_stretched(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    times = data.draw(st.integers(3, 9))
    stretched = word[:place] + word[place] * times + word[place + 1 :]
    assert found_in(stretched, [word]) == (stretched,)


@given(A_WORD, st.sampled_from([" ", ".", "-", "_", "  ", " . ", "/", "\u2022"]))
def test_any_word_may_be_spelled_out(word: str, between: str) -> None:
    spelled = between.join(word)
    assert found_in(spelled, [word]) == (spelled,)


@given(A_WORD, st.text(st.sampled_from("\u200b\u200d\u202e\u2066\ufeff\u00ad"), min_size=1))
def test_what_nobody_sees_hides_no_word(word: str, unseen: str) -> None:
    assert found_in(unseen.join(word), [word]) == (unseen.join(word),)


@given(A_WORD, A_WORD, A_WORD)
def test_a_word_within_a_word_is_never_found(before: str, word: str, after: str) -> None:
    whole = before + word + after
    assume(set(whole) > set(word))
    assert found_in(whole, [word]) == ()
    assert found_in(whole, [f"*{word}*"]) == (whole,)


@given(texts(max_size=200), st.lists(texts(max_size=20), max_size=8))
def test_what_is_told_stands_in_the_text(text: str, words: list[str]) -> None:
    assert all(told in text and told for told in found_in(text, words))


# --- the work -------------------------------------------------------------------------------------

_RANDOM = Random(11)  # noqa: S311 - a test repeats itself, it guards no secret
HARD_LISTS: dict[str, list[str]] = {
    "words": ["".join(_RANDOM.choices("bcdfgmnprst", k=8)) for _ in range(500)],
    "patterns": [f"*{''.join(_RANDOM.choices('bcdfgmnprst', k=5))}*" for _ in range(500)],
    "many stars": [f"{'*a' * 48}{number}"[-100:] for number in range(500)],
    "the same words": [f"{'ab ' * 31}a*{number}" for number in range(500)],
    "patterns in a row": [f"{'a* *a ' * 16}{number}" for number in range(500)],
    "all that match": [f"*a*{' *a*' * (number % 24)}" for number in range(500)],
    "ligatures": ["\ufdfa" * 97 + f"{number}" for number in range(500)],
}
HARD_TEXTS: dict[str, str] = {
    "words": " ".join("".join(_RANDOM.choices("abcdefghij", k=5)) for _ in range(417)),
    "the same word": "ab " * 834,
    "letters": "a " * 1_250,
    "one letter": "a" * 2_500,
    "digits": "a1!" * 834,
    "symbols": "a1! " * 625,
    "points": "a." * 1_250,
    "accents": "a" + "\u0301" * 2_499,
    "Cyrillic": "а1 " * 834,  # noqa: RUF001 - that is what is tried
    "Greek and Latin": "aα" * 1_250,  # noqa: RUF001 - that is what is tried
    "all at once": "$аα1!aaab!$" * 228,  # noqa: RUF001 - that is what is tried
    "Japanese": "哈哈哈猫は4Kで走る！" * 228,  # noqa: RUF001 - that is what is tried
    "squares": "㌖1!а" * 625,  # noqa: RUF001 - that is what is tried
    "Korean": "값비싼 " * 625,
    "shorter ligatures": "\ufdfb1!aaa" * 357,
}


class Counted(WordList):
    """Counts how often all entries are moved on by a letter: the whole work of matching."""

    moves = 0

    def _passed_by(self, letter: str) -> int:
        self.moves += 1
        return super()._passed_by(letter)


@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS)
def test_no_text_has_more_readings_than_the_bound(text: str) -> None:
    assert letters_to_read(text[:2_500]) < READ_MAX_LETTERS
    found = found_in(text[:2_500], ["zebra"])
    assert found == (), "what people may write is not disguised beyond reading"


@pytest.mark.parametrize("entries", HARD_LISTS.values(), ids=HARD_LISTS)
def test_each_reading_of_a_text_is_read_once_whatever_is_listed(entries: list[str]) -> None:
    words = Counted((entry, entry.replace("\ufdfa", "a").split()) for entry in entries)
    text = HARD_TEXTS["the same word"][:2_500].split()

    found = list(words.found_in([word] for word in text))

    assert words.moves <= sum(map(len, text)) == 1_667
    assert len(found) <= len(text)


@pytest.mark.parametrize("entries", HARD_LISTS.values(), ids=HARD_LISTS)
def test_a_list_costs_no_more_than_its_letters(entries: list[str]) -> None:
    # A bit for each letter and for the end of each word, of which there are half as many.
    assert Listed(entries).size <= 500 * (WORD_MAX_CHARS * 3 // 2 + 1)


def test_a_text_that_is_disguised_beyond_reading_is_refused() -> None:
    text = f"a kite $bbb{'㌖㌖㌖㌖1!' * 250}"
    (match,) = Listed(["zebra"]).matches_in(text)
    assert letters_to_read(text) > READ_MAX_LETTERS
    assert match.entry == UNREADABLE
    assert match.written.startswith("$bbb")
    assert Listed([]).matches_in(text) == ()


def test_a_text_of_ligatures_that_stand_for_a_longer_one_is_refused_unread() -> None:
    (match,) = Listed(["zebra"]).matches_in("a zebra " + "\ufdfa" * 2_492)
    assert match == Match(UNREADABLE, "\ufdfa")
    assert letters_to_read("\ufdfa" * 2_500) == 0
    assert found_in("\ufdfa" * 900 + " zebra", ["zebra"]) == ("zebra",)


def test_no_writing_of_people_folds_into_more_than_the_bound() -> None:
    most = max(len(folded(text[:2_500]).text) for text in HARD_TEXTS.values())
    assert 5_000 < most <= FOLDED_MAX_LETTERS
    assert len(folded("값" * 2_500).text) == FOLDED_MAX_LETTERS


def test_an_entry_from_before_there_was_a_bound_holds_by_its_beginning() -> None:
    long_ago = "\ufdfa" * 20
    assert is_too_long(long_ago)
    assert Listed([long_ago]).matches_in(f"{long_ago} !")
    assert found_in("\ufdfa" * 19, [long_ago]) == ("\ufdfa" * 13,)
    assert found_in("\ufdfa" * 3, [long_ago]) == ()
    one_word = "\ufb03" * 40
    assert is_too_long(one_word)
    assert found_in(f"a {one_word} b", [one_word]) == (one_word,)


# --- the built-in list ----------------------------------------------------------------------------


def test_the_built_in_list_is_short_and_every_entry_can_be_found() -> None:
    entries = [entry for group in BUILT_IN_WORDS.values() for entry in group]
    assert len(entries) == len(set(entries)) < 100
    assert all(is_matchable(entry) for entry in entries)
    for entry in entries:
        assert found_in(entry.replace("*", ""), [entry])


@pytest.mark.parametrize(
    "prompt",
    [
        "a child flies a red kite over the sea with her mother",
        "a teenage detective in the rain, film noir, blood-red neon",
        "children playing football at school, sunny",
        "a nude-coloured dress on a mannequin",
        "a young woman in a red coat, golden hour",
        "a gorgeous gorge, a Gothic gargoyle, a therapist in Essex with a cocktail",
        "an assassin in a dark alley, cinematic",
        INNOCENT,
    ],
)
def test_the_built_in_list_lets_innocent_prompts_pass(prompt: str) -> None:
    assert found_in(prompt, [one for group in BUILT_IN_WORDS.values() for one in group]) == ()

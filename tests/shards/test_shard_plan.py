"""What an operator may type behind --shards."""

import pytest

from bot.shards.plan import MAX_SHARDS, AnyShards, TheseShards, read_plan, wanted


@pytest.mark.parametrize("text", ["auto", " AUTO "])
def test_auto_wants_all_that_there_are(text: str) -> None:
    plan = read_plan(text)

    assert plan == AnyShards()
    assert list(wanted(plan, 3)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "ids", "count"),
    [
        ("0-3/8", (0, 1, 2, 3), 8),
        ("5/8", (5,), 8),
        ("0/1", (0,), 1),
        ("6, 0-2 ,2/8", (0, 1, 2, 6), 8),
        (" 7 - 7 / 8 ", (7,), 8),
        (f"{MAX_SHARDS - 1}/{MAX_SHARDS}", (MAX_SHARDS - 1,), MAX_SHARDS),
    ],
)
def test_shards_are_named_one_by_one_or_as_spans(
    text: str, ids: tuple[int, ...], count: int
) -> None:
    plan = read_plan(text)

    assert plan == TheseShards(ids=ids, count=count)
    assert wanted(plan, count) == ids


@pytest.mark.parametrize(
    "text", ["", "all", "3", "-1/8", "0-/8", "a-b/8", "0-3/", "1,,2/8", "1.5/8"]
)
def test_anything_else_is_told_what_it_must_be(text: str) -> None:
    with pytest.raises(ValueError, match=r"^it must be auto, or shards and their number"):
        read_plan(text)


@pytest.mark.parametrize("text", ["8/8", "0-8/8", "3-1/8", "0-9999999999/8"])
def test_a_shard_beyond_the_last_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^of 8 shards the last is 7"):
        read_plan(text)


@pytest.mark.parametrize("count", [0, MAX_SHARDS + 1])
def test_a_number_of_shards_that_no_bot_has_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"must be from 1 to {MAX_SHARDS}"):
        read_plan(f"0/{count}")

"""Answers as they should be and as they should never be, for property tests."""

import json
from collections.abc import Mapping
from random import Random
from typing import Final

from hypothesis import strategies as st
from pydantic import JsonValue

ANSWER_KEYS: Final = (
    "request_id",
    "status",
    "queue_position",
    "outcome",
    "output",
    "error",
    "cost",
    "error_code",
    "error_message",
    "message",
    "detail",
)
WORDS: Final = (
    "in_queue",
    "in_progress",
    "completed",
    "cancelled",
    "succeeded",
    "failed",
    "not_cancellable",
    "SUCCEEDED",
    "processing",
    "success",
    "canceled",
    "",
)
ODDITIES: Final[tuple[JsonValue, ...]] = (
    *(None, True, -1, 1e308, "", [], {}, [None], {"video": None}, "\ud83d", 400004, "500123"),
)
VIDEO_URL: Final = "https://playgrounds-storage-public.runcomfy.net/acct/kite.mp4"

GOOD_ANSWERS: Final[tuple[Mapping[str, JsonValue], ...]] = (
    {"request_id": "8f14e45f", "status_url": "https://x.example", "cancel_url": "https://x"},
    {"request_id": "8f14e45f", "status": "in_queue", "queue_position": 2},
    {"request_id": "8f14e45f", "status": "completed", "status_url": "https://x.example"},
    {"request_id": "8f14e45f", "status": "succeeded", "output": {"video": VIDEO_URL}, "cost": 0.84},
    {"request_id": "8f14e45f", "status": "succeeded", "output": {"videos": [VIDEO_URL]}},
    {"request_id": "8f14e45f", "status": "failed", "error": {"message": "sensitive"}},
    {"request_id": "8f14e45f", "status": "cancelled", "outcome": "cancelled"},
    {"error_code": 400004, "error_message": "Invalid key"},
    {"detail": [{"loc": ["body", "prompt"], "msg": "too long"}]},
)


def any_json() -> st.SearchStrategy[JsonValue]:
    """JSON of any shape, in which the service's own words and addresses turn up often."""
    leaves: st.SearchStrategy[JsonValue] = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=12),
        st.sampled_from([*WORDS, VIDEO_URL, 400001, 400002, 400004, 403001, 404001, 0.84, "0.84"]),
    )
    keys = st.one_of(st.sampled_from([*ANSWER_KEYS, "video", "videos", "image"]), st.text())
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)
        ),
        max_leaves=8,
    )


def mutated(random: Random) -> bytes:
    """A good answer with something wrong with it: a value, a key, or its very bytes."""
    answer: dict[str, JsonValue] = dict(random.choice(GOOD_ANSWERS))
    for _ in range(random.randint(0, 2)):
        key = random.choice([*answer, *ANSWER_KEYS])
        answer[key] = random.choice(
            [
                None,
                True,
                -1,
                1e308,
                "",
                [],
                {},
                [None],
                {"video": None},
                *WORDS,
                "\ud83d",
                VIDEO_URL,
            ]
        )
    if random.random() < 0.2:
        answer.pop(random.choice(list(answer)))
    body = bytearray(json.dumps(answer).encode())
    for _ in range(random.choice([0, 0, 1, 3])):
        where = random.randrange(len(body))
        body[where : where + random.randint(0, 3)] = random.randbytes(random.randint(0, 3))
    return bytes(body[: random.choice([None, None, None, random.randrange(len(body) + 1)])])

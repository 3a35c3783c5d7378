"""The operator's cards stay within Discord's limits, however much there is to say."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.job import State
from bot.domain.money.ledger import Caps
from bot.features.drain import Drain
from bot.features.operations import Overview, ServerLine, Unlimited
from bot.features.spending import Spend
from bot.features.unsure_jobs import ResolveRefusal
from bot.languages.language import Language, load_languages
from bot.ui.audit_lines import operators_words
from cogs.kling_operator.decisions import guild_id_in
from cogs.kling_operator.overview import STATES, overview_card, servers_card
from cogs.kling_operator.unsure import NOT_RESOLVED, UNSURE_SHOWN, unsure_card, unsure_lines
from tests.domain.samples import a_job

LANGUAGES = [load_languages().of(code) for code in load_languages().codes]
ENGLISH = load_languages().of("en")
MUCH = Spend(held_microusd=1, spent_microusd=10**12, estimated_microusd=10**9, videos=10**6)


def parts(payload: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = list(payload)
    for part in found:
        found.extend(part.get("components", []))
    return found


def text_of(payload: list[dict[str, Any]]) -> str:
    return "\n".join(part["content"] for part in parts(payload) if "content" in part)


LOUD = Overview(
    by_state=dict.fromkeys(State, 10**6),
    by_operator=MUCH,
    by_servers=MUCH,
    balance_microusd=10**12,
    paused_because="*" * 200,
    drain=Drain(10**6),
    total_caps=Caps(day_microusd=10**12, month_microusd=10**12),
    unlimited=Unlimited(10**6, direct_messages=True),
    is_unread=True,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_at_its_longest_fits_a_message(language: Language) -> None:
    lines = [
        ServerLine(
            10**18 + number,
            under_way=9,
            waiting=9,
            by_operator=MUCH,
            by_itself=MUCH,
            has_key=True,
            is_blocked=True,
            is_paused=True,
        )
        for number in range(200)
    ]
    jobs = [a_job(number, state=State.UNSURE) for number in range(50)]
    for view in (
        overview_card(language, LOUD),
        servers_card(language, lines, lambda _: "**name** " * 20),
        unsure_card(language, jobs),
    ):
        payload = view.to_components()
        assert len(parts(payload)) <= 40
        assert len(text_of(payload)) <= 4_000


def test_every_state_and_every_answer_has_its_words() -> None:
    assert set(STATES) == set(State)
    assert set(NOT_RESOLVED) == set(ResolveRefusal)


def test_what_does_not_fit_is_counted() -> None:
    lines = [ServerLine(10**18 + number) for number in range(200)]
    text = text_of(servers_card(ENGLISH, lines, lambda _: None).to_components())
    shown = text.count("a server that I am not in")
    assert text.endswith(f"… and {200 - shown} more")
    jobs = [a_job(number, state=State.UNSURE) for number in range(UNSURE_SHOWN + 1)]
    assert "… and 1 more" in text_of(unsure_card(ENGLISH, jobs).to_components())


def test_an_overview_says_only_what_is_so() -> None:
    quiet = replace(LOUD, paused_because=None, drain=None, balance_microusd=None, by_state={})
    text = text_of(overview_card(ENGLISH, quiet).to_components())
    assert "Paused" not in text
    assert "Draining" not in text
    assert "Left at RunComfy: RunComfy doesn't say" in text
    assert "Jobs: no jobs yet" in text


def test_nothing_that_somebody_named_can_do_anything_on_a_card() -> None:
    line = ServerLine(7)
    text = text_of(servers_card(ENGLISH, [line], lambda _: "<@1> **b** `c`").to_components())
    assert r"\<\@1\> \*\*b\*\* \`c\`" in text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("123456789012345678", 123456789012345678),
        (" 7 ", 7),
        ("0", None),
        ("-7", None),
        ("", None),
        ("\u0667", None),
        (str(2**63), None),
        ("1" * 400, None),
    ],
)
def test_a_servers_id_is_read_and_the_whole_bots_own_number_is_none(
    typed: str, read: int | None
) -> None:
    assert guild_id_in(typed) == read


def test_the_audit_log_tells_the_operators_decisions() -> None:
    said = [
        operators_words(ENGLISH, what, None, after)
        for what, after in (
            ("job_bound", "job-1"),
            ("job_written_off", "job-1"),
            ("drained_by", 7),
            ("drained_by", None),
            ("blocked_by_operator", True),
        )
    ]
    assert said == [
        "found the request of the unsure job job-1",
        "closed the unsure job job-1",
        "began to drain the bot",
        "ended the drain",
        "Blocked by the operator: No → Yes",
    ]


def test_decisions_that_cannot_be_read_are_on_the_overview() -> None:
    unread = "⛔ I can't read your decisions about the whole bot"
    assert unread in text_of(overview_card(ENGLISH, LOUD).to_components())
    readable = overview_card(ENGLISH, replace(LOUD, is_unread=False))
    assert unread not in text_of(readable.to_components())


def test_an_unsure_job_is_listed_with_the_number_that_it_has_at_runcomfy() -> None:
    job = a_job(state=State.UNSURE).model_copy(update={"request_id": "r-1"})
    assert unsure_lines(ENGLISH, job).endswith(" · `r-1`")
    unknown = job.model_copy(update={"request_id": None})
    assert "r-1" not in unsure_lines(ENGLISH, unknown)

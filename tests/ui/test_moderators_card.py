"""Moderators' cards: within Discord's limits whatever is typed, and every word can be read."""

from typing import Any

from discord import ui

from bot.domain.erasure import by_age
from bot.domain.generation.models import Option
from bot.domain.generation.request import GenerationRequest, Shot
from bot.domain.generation.styles import Style
from bot.domain.job import Job, State
from bot.domain.lifecycle import Erased, after
from bot.domain.outcomes import FailureReason
from bot.domain.servers import REASON_MAX_CHARS
from bot.features.reports import REPORT_REASON_MAX_CHARS, Report
from bot.languages.language import load_languages
from bot.ui import moderators_card
from bot.ui.attachments import ShownPicture
from bot.ui.moderators_card import decision_line
from tests.domain.samples import NOON, a_job

LANGUAGES = load_languages()
WORST = GenerationRequest(
    prompt="*" * 2_000,
    negative_prompt="_" * 2_000,
    duration_s=15,
    shots=tuple(Shot(prompt="~" * 512, duration_s=3) for _ in range(5)),
    style=Style(name="|" * 32, prompt="soft light", negative_prompt="harsh light"),
)

PICTURES = (
    ShownPicture(Option.START_FRAME, "image/png", b"png"),
    ShownPicture(Option.END_FRAME, "image/jpeg", None),
)


def worst(state: State = State.IN_REVIEW, **changes: Any) -> Job:  # noqa: ANN401 - any field
    return a_job(state=state).model_copy(update={"request": WORST, **changes})


def characters(view: ui.LayoutView) -> int:
    return sum(
        len(item.content) for item in view.walk_children() if isinstance(item, ui.TextDisplay)
    )


def test_the_longest_cards_keep_to_discords_limit_in_every_language() -> None:
    declined = worst(
        State.FAILED,
        failure=FailureReason.REVIEW_DECLINED,
        reviewed_by=2**63,
        declined_because="`" * REASON_MAX_CHARS,
    )
    because = "*" * REPORT_REASON_MAX_CHARS
    report = Report(job=worst(), by_user_id=2**63, because=because, at=NOON)
    for code in LANGUAGES.codes:
        language = LANGUAGES.of(code)
        for view in (
            moderators_card.to_be_reviewed(worst(), language, PICTURES),
            moderators_card.reviewed(declined, language, PICTURES),
            moderators_card.reported(report, language, PICTURES),
        ):
            assert 1_000 < characters(view) <= 4_000
            assert view.total_children_count <= 40


def test_every_word_can_be_read() -> None:
    text = moderators_card.full_text(worst())
    assert WORST.prompt in text
    assert text.count("3s: " + "~" * 512) == 5
    assert "soft light" in text
    assert "harsh light" in text
    assert "_" * 2_000 in text
    assert moderators_card.is_shortened(worst())
    assert not moderators_card.is_shortened(a_job())
    assert moderators_card.full_text(a_job()) == "a red kite"


def test_who_decided_is_not_named_any_more_once_their_name_is_forgotten() -> None:
    english = LANGUAGES.of("en")
    declined = worst(State.FAILED, failure=FailureReason.REVIEW_DECLINED, reviewed_by=7)
    assert decision_line(english, declined) == "❌ Declined by <@7>"
    forgotten = by_age(declined.model_copy(update={"told": True}))
    assert isinstance(forgotten, Erased)
    left = after(declined, forgotten, NOON)
    assert left is not None
    assert decision_line(english, left) == "❌ Declined by a moderator"

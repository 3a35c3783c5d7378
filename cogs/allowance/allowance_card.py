"""`/allowance` as one private card.

Ten limits of the longest words and eight jobs are some 3,800 of the 4,000 characters that
Discord takes.
"""

from collections.abc import Sequence

from discord import ui

from bot.domain.calendar import Span
from bot.domain.job import State
from bot.domain.policy import DeclineWhy
from bot.features.allowance import Allowance, UnderWay
from bot.languages.language import Language
from bot.ui import words
from bot.ui.layout import view_of
from bot.ui.words_declines import decline_line, in_line_line
from bot.ui.words_ends import hold_line
from cogs.allowance import words_allowance as said

LIMITS_SHOWN = 10
LIMITS_SHOWN_TO_THE_REFUSED = 4
"""Fewer, since why they may not ask takes room as well, and counts more."""
PROMPT_SHOWN_CHARS = 40


def allowance_card(
    allowance: Allowance, language: Language, *, refusal: DeclineWhy | None
) -> ui.LayoutView:
    """Why they may not ask here if so, what is left, what it costs, and what is under way."""
    container = ui.Container[ui.LayoutView]()
    paid_by = [language.say(said.SERVER_PAYS)] if allowance.server_pays else []
    note = " ".join([language.say(said.NOTE), *paid_by])
    sections = [
        [language.say(said.TITLE), f"-# {note}", *_refused_lines(refusal, language)],
        _span_lines(allowance, Span.DAY, language, is_refused=refusal is not None),
        _span_lines(allowance, Span.MONTH, language, is_refused=refusal is not None),
        [language.say(said.PRICES_TITLE), *said.price_lines(language)],
        [
            language.say(said.UNDER_WAY_TITLE),
            *_under_way_lines(allowance.under_way, language),
            f"-# {said.at_once_line(language, allowance)}",
        ],
        [
            language.say(said.ASKED_TITLE),
            said.asked_line(language, allowance),
            *said.again_line(language, allowance),
        ],
    ]
    for lines in sections:
        container.add_item(ui.TextDisplay("\n".join(lines)))
    return view_of(container)


def _refused_lines(refusal: DeclineWhy | None, language: Language) -> list[str]:
    return [] if refusal is None else [f"⛔ {decline_line(language, refusal)}"]


def _span_lines(
    allowance: Allowance, span: Span, language: Language, *, is_refused: bool
) -> list[str]:
    counted = allowance.today if span is Span.DAY else allowance.this_month
    lines = [f"{language.say(said.SPANS[span])} · {said.counted_line(language, counted)}"]
    most = LIMITS_SHOWN_TO_THE_REFUSED if is_refused else LIMITS_SHOWN
    shown = [one for one in allowance.limits[:most] if one.hold.span is span]
    lines += [
        said.limit_line(language, limit, is_tightest=limit is allowance.tightest) for limit in shown
    ]
    if not allowance.within(span) and not is_refused:
        lines.append(language.say(said.NO_LIMITS))
    return lines + said.more_line(language, len(allowance.within(span)) - len(shown))


def _under_way_lines(under_way: Sequence[UnderWay], language: Language) -> list[str]:
    lines: list[str] = []
    for one in under_way:
        stands = words.heading(language, one.job)
        if one.in_line is not None:
            stands = in_line_line(language, one.in_line)
        elif one.job.state is State.WAITING and one.job.held_because is not None:
            # All of it would be too long here: until when, its card says.
            own_key = one.job.key_id is not None
            stands = hold_line(language, one.job.held_because, own_key=own_key)
        elif one.job.state is State.QUEUED and one.job.queue_position is not None:
            stands = f"{stands} · {words.position_line(language, one.job.queue_position)}"
        quoted = words.quoted_prompt(one.job.request.prompt, shown_chars=PROMPT_SHOWN_CHARS)
        lines.append(f"{quoted}\n{stands}")
    return lines or [language.say(said.NOTHING_UNDER_WAY)]

"""Every card and every window that the bot draws, in every state, for the snapshots."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from discord import ui

from bot.domain.actor import Actor
from bot.domain.forecast import Forecast
from bot.domain.generation.models import FOUR_K, Option, qualities
from bot.domain.generation.picture import Picture
from bot.domain.generation.request import Aspect, GenerationRequest, Shot
from bot.domain.generation.storyboard import Draft, Storyboard, retold
from bot.domain.generation.styles import BUILT_IN, ServerStyle, Style
from bot.domain.job import Canceller, HoldReason, Job, State
from bot.domain.money.calendar import Span
from bot.domain.money.ledger import Account, Balance, Hold, Scope
from bot.domain.money.policy import DeclineReason, DeclineWhy
from bot.domain.money.price import Prices
from bot.domain.outcomes import FailureReason, Media, MediaKind
from bot.domain.ports import LocalFile
from bot.domain.preferences import Notify, Preferences
from bot.features.admission import Order
from bot.features.allowance import Allowance, Limit
from bot.features.library.library import Details, Filter, LibraryPage, TimeIn
from bot.features.library.library_rows import Cursor
from bot.features.reports import Report
from bot.features.waiting_orders import WaitingOrder
from bot.languages.language import Language, Languages, load_languages
from bot.ui import card, moderators_card
from bot.ui.attachments import ShownPicture
from bot.ui.buttons import SHARE, TAKE_BACK
from bot.ui.parts import whole
from bot.ui.showcase_card import post_view
from bot.ui.words.library import NEW_TITLE
from cogs.generations.details import details_view, question_view
from cogs.generations.list import page_view
from cogs.kling.change import LIKE_MODAL, change_form
from cogs.kling.price_question import question
from cogs.kling_admin.key import key_form
from cogs.kling_admin.styles import style_form
from cogs.kling_admin.words import word_form
from cogs.kling_help import help_card
from cogs.kling_me.privacy import forget_question
from cogs.kling_me.settings import settings_card
from cogs.kling_operator.unsure import bind_form, close_question
from cogs.moderation.report import report_form
from cogs.moderation.review import decline_form
from cogs.storyboard import modals as builder_forms
from cogs.storyboard.card import builder, discard_question
from tests.domain.samples import A_VIDEO, AN_IMAGE, LATER, NOON, a_job
from tests.ui.gallery_admin import ADMIN_CARDS, ADMIN_FORMS
from tests.ui.gallery_operator import OPERATOR_CARDS, OPERATOR_FORMS

LANGUAGES: Final[Languages] = load_languages()

DrawCard = Callable[[Language], ui.LayoutView]
DrawForm = Callable[[Language], ui.Modal]


def shown(state: State, **changes: Any) -> Job:  # noqa: ANN401 - any field
    return a_job(state=state).model_copy(update={"id": "0a1b2c", **changes})


def progress(
    job: Job, *, service_silent: bool = False, forecast: Forecast | None = None
) -> DrawCard:
    return lambda language: card.progress(
        job, language, LATER, service_silent=service_silent, forecast=forecast
    )


def held(reason: HoldReason, key_id: int | None = None) -> Job:
    return shown(State.WAITING, held_since=NOON, held_because=reason, key_id=key_id)


def charged(**counted: int | None) -> Job:
    return shown(State.FAILED, request_id="r", **counted)


def result(job: Job, *files: LocalFile, has_showcase: bool = False) -> DrawCard:
    return lambda language: card.result(job, language, whole(job, files), has_showcase=has_showcase)


def shown_in_showcase(file_name: str | None, *, stars: int, **changes: Any) -> DrawCard:  # noqa: ANN401 - any field
    job = DONE.model_copy(update={"request": CHOSEN, **changes})
    return lambda language: post_view(job, language, file_name=file_name, stars=stars)


def a_file(media: Media, *, is_copy: bool = False) -> LocalFile:
    path = Path("unread")
    return LocalFile(path=path, name="kling.mp4", size_bytes=1, media=media, is_copy=is_copy)


def built(board: Storyboard) -> DrawCard:
    return lambda language: builder(a_draft(board), language, Prices(), offered=tuple(qualities()))


def a_draft(board: Storyboard) -> Draft:
    return Draft(id="0a1b2c", owner_id=77, board=board, touched_at=NOON)


def listed(*jobs: Job, which: Filter = Filter.ALL, goes_on: bool = False) -> DrawCard:
    mark = Cursor(NOON, "0a1b2c") if goes_on else None
    page = LibraryPage(jobs=jobs, newer=mark, older=mark)
    return lambda language: page_view(page, language, owner_id=77, which=which)


def detailed(job: Job, *spent: TimeIn) -> DrawCard:
    details = Details(job=job, spent=spent)
    return lambda language: details_view(details, language, with_buttons=True)


FIRST = ShownPicture(Option.START_FRAME, "image/png", b"png")
LAST = ShownPicture(Option.END_FRAME, "image/jpeg", b"jpeg")


def asked(job: Job, *pictures: ShownPicture) -> DrawCard:
    return lambda language: moderators_card.to_be_reviewed(job, language, pictures)


def decided(job: Job) -> DrawCard:
    return lambda language: moderators_card.reviewed(job, language, ())


def reported(because: str, *pictures: ShownPicture) -> DrawCard:
    report = Report(job=DONE, by_user_id=99, because=because, at=LATER)
    return lambda language: moderators_card.reported(report, language, pictures)


def settings(choices: Preferences) -> DrawCard:
    return lambda language: settings_card(choices, language, LANGUAGES)


def helping(refusal: DeclineWhy | None = None) -> DrawCard:
    account = Account(Scope.MEMBER, 1, 77, "2026-11-22")
    prices = Prices()
    limit = Limit(
        Hold(account, Span.DAY, None, 3, LATER),
        Balance(videos=1),
        prices.usual_microusd,
        prices.cheapest_microusd(),
    )
    allowance = Allowance(
        limits=[limit], today=Balance(), this_month=Balance(), under_way=(), at_once=2,
        again_at=None, ask_above_microusd=None, offered=("standard", "pro"), server_pays=True,
    )  # fmt: skip
    return lambda language: help_card(
        allowance, language, prices=prices, refusal=refusal, in_server=True
    )


SHOTS: Final = (
    Shot(prompt="the kite rises", duration_s=5),
    Shot(prompt="it dives", duration_s=4),
    Shot(prompt="it lands on the sand", duration_s=3),
)
KITE: Final = Picture(
    digest="0f" * 32,
    media_type="image/png",
    width_px=480,
    height_px=320,
    link="https://files.example/kite.png",
)
BOARD: Final = Storyboard(prompt="a red kite", shots=SHOTS, selected=1)
CHOSEN: Final = GenerationRequest(
    prompt="A *red* kite <@1>\nover the sea",
    negative_prompt="rain",
    duration_s=15,
    aspect=Aspect.PORTRAIT,
    sound=False,
    guidance=0.75,
)
STYLED: Final = GenerationRequest(prompt="a red kite", style=BUILT_IN[0])
IN_SHOTS: Final = GenerationRequest(prompt="a red kite", duration_s=12, shots=SHOTS)
WISH: Final = Order(
    job_id="0a1b2c", interaction_id=1, asker=Actor(user_id=77), request=CHOSEN, private=True,
    estimate_microusd=Prices().estimate_microusd(CHOSEN), locale="en", asked_at=LATER,
)  # fmt: skip
PENDING: Final = WaitingOrder(
    interaction_id=1, requester_id=77, request=CHOSEN, private=True, asked_at=LATER
)
ANOTHER: Final = Media(kind=MediaKind.VIDEO, url="https://files.example/other.mp4")
DONE: Final = shown(State.DELIVERED, media=(A_VIDEO, ANOTHER, AN_IMAGE), cost_microusd=843_000)
PICTURE: Final = shown(State.DELIVERED, media=(AN_IMAGE,), cost_microusd=843_000)
LONG_AGO: Final = LATER - timedelta(hours=1)
A_MINUTE_AGO: Final = LATER - timedelta(minutes=1)
USUAL: Final = Forecast(median_s=120, most_s=240)
EVERYTHING: Final = Preferences(
    notify=Notify.DIRECT, language="it", aspect=Aspect.SQUARE, duration_s=10, sound=False,
    ask_above_microusd=500_000,
)  # fmt: skip

CARDS: Final[Mapping[str, DrawCard]] = {
    "opening": lambda language: card.opening(WISH, language),
    **{state.value: progress(shown(state)) for state in State},
    **{
        f"failed_{reason.value}": progress(shown(State.FAILED, failure=reason))
        for reason in FailureReason
    },
    "queued_with_position": progress(shown(State.QUEUED, queue_position=1_234)),
    "queued_service_silent": progress(shown(State.QUEUED), service_silent=True),
    "queued_in_a_style": progress(shown(State.QUEUED, request=STYLED)),
    "queued_in_shots": progress(shown(State.QUEUED, request=IN_SHOTS)),
    "rendering_expected": progress(shown(State.RENDERING, sent_at=A_MINUTE_AGO), forecast=USUAL),
    "rendering_any_moment": progress(
        shown(State.RENDERING, sent_at=LATER - timedelta(minutes=3)), forecast=USUAL
    ),
    "rendering_takes_long": progress(shown(State.RENDERING, sent_at=LONG_AGO)),
    "failed_and_charged": progress(charged(cost_microusd=420_000, counted_microusd=420_000)),
    "failed_and_counted": progress(charged(cost_microusd=None, counted_microusd=840_000)),
    "failed_free": progress(charged(cost_microusd=0, counted_microusd=0)),
    "failed_uncounted": progress(charged(cost_microusd=None, counted_microusd=0)),
    **{f"waiting_{reason.value}": progress(held(reason)) for reason in HoldReason},
    "waiting_no_balance_of_its_own": progress(held(HoldReason.NO_BALANCE, key_id=9)),
    **{
        f"cancelled_by_{canceller.value}": progress(shown(State.CANCELLED, cancelled_by=canceller))
        for canceller in Canceller
    },
    "queued_and_not_cancellable": progress(
        shown(State.QUEUED, queue_position=3, cancel_refused_at=LATER)
    ),
    "opening_while_held": lambda language: card.opening(
        replace(WISH, held=HoldReason.RATE_LIMITED), language
    ),
    "failed_declined_because": progress(
        shown(
            State.FAILED,
            failure=FailureReason.REVIEW_DECLINED,
            reviewed_by=88,
            declined_because="too *loud* <@1>",
        )
    ),
    "opening_reviewed": lambda language: card.opening(replace(WISH, is_reviewed=True), language),
    "review": asked(shown(State.IN_REVIEW, request=CHOSEN)),
    "review_in_shots": asked(shown(State.IN_REVIEW, request=IN_SHOTS, private=True)),
    "review_in_a_style": asked(shown(State.IN_REVIEW, request=STYLED)),
    "review_approved": decided(shown(State.QUEUED, reviewed_by=88)),
    "review_declined": decided(
        shown(State.FAILED, failure=FailureReason.REVIEW_DECLINED, reviewed_by=88)
    ),
    "review_declined_because": decided(
        shown(
            State.FAILED,
            failure=FailureReason.REVIEW_DECLINED,
            reviewed_by=88,
            declined_because="too *loud* <@1>",
        )
    ),
    "review_expired": decided(shown(State.FAILED, failure=FailureReason.REVIEW_EXPIRED)),
    "review_cancelled": decided(shown(State.CANCELLED)),
    "report": reported("not *nice* <@1>"),
    "report_without_a_reason": reported(""),
    "report_of_a_picture": reported("", FIRST),
    "review_of_pictures": asked(shown(State.IN_REVIEW), FIRST, LAST),
    "review_of_pictures_that_are_gone": asked(
        shown(State.IN_REVIEW), replace(FIRST, data=None), replace(LAST, data=None)
    ),
    "unsure_unsent": progress(shown(State.UNSURE, sent_at=LATER)),
    "unsure_unseen": progress(shown(State.UNSURE, request_id="r")),
    "unsure_lost": progress(
        shown(State.UNSURE, request_id="r", failure=FailureReason.REQUEST_LOST)
    ),
    "result": result(DONE, a_file(A_VIDEO)),
    "result_as_a_copy": result(DONE, a_file(A_VIDEO, is_copy=True)),
    "result_whose_copy_is_all": result(
        DONE.model_copy(update={"media": (A_VIDEO,)}), a_file(A_VIDEO, is_copy=True)
    ),
    "result_as_links": result(DONE),
    "result_for_a_showcase": result(DONE, a_file(A_VIDEO), has_showcase=True),
    "queued_inspired": lambda language: card.progress(
        shown(State.QUEUED, inspired_by="1"), language, LATER, before=DONE
    ),
    "queued_inspired_by_what_is_gone": progress(shown(State.QUEUED, inspired_by="1")),
    "showcase_post": shown_in_showcase("kling.mp4", stars=0),
    "showcase_post_starred": shown_in_showcase("SPOILER_kling.mp4", stars=1_234, spoiler=True),
    "showcase_post_without_its_video": shown_in_showcase(None, stars=1),
    "result_a_picture": result(PICTURE, a_file(AN_IMAGE)),
    "rendered_a_picture": progress(PICTURE.model_copy(update={"state": State.RENDERED})),
    "kept": lambda language: card.kept([DONE, shown(State.RENDERED, id="3d4e5f")], language),
    "price_question": lambda language: question(PENDING, 1_680_000, language),
    "settings": settings(Preferences()),
    "settings_all_chosen": settings(EVERYTHING),
    "builder": built(BOARD),
    "builder_with_a_picture": built(BOARD.model_copy(update={"start_frame": KITE})),
    "builder_in_4k": built(BOARD.model_copy(update={"quality": FOUR_K})),
    "builder_discarding": lambda language: discard_question(a_draft(BOARD), language),
    "builder_empty": built(Storyboard()),
    "builder_too_long": built(BOARD.model_copy(update={"shots": (SHOTS * 2)[:5], "sound": False})),
    "builder_with_an_unread_text": built(retold(BOARD, "5s: the kite rises\nit dives\n99s: x\n4:")),
    "list": listed(DONE, shown(State.QUEUED, id="3d4e5f"), goes_on=True),
    "list_empty": listed(),
    "list_of_failed_empty": listed(which=Filter.FAILED),
    "list_of_failed": listed(shown(State.FAILED), which=Filter.FAILED),
    "details": detailed(
        DONE.model_copy(update={"request": CHOSEN, "request_id": "request-1"}),
        TimeIn(State.QUEUED, timedelta(seconds=9)),
        TimeIn(State.RENDERING, timedelta(seconds=125)),
        TimeIn(State.RENDERED, timedelta(hours=1, minutes=2)),
    ),
    "details_queued": detailed(shown(State.QUEUED), TimeIn(State.WAITING, timedelta(seconds=1))),
    "details_a_picture": detailed(PICTURE, TimeIn(State.RENDERED, timedelta(seconds=2))),
    "details_inspired_and_shown": lambda language: details_view(
        Details(job=DONE.model_copy(update={"inspired_by": "1"}), spent=()),
        language,
        with_buttons=True,
        before=DONE,
        shown=TAKE_BACK,
    ),
    "details_to_be_shared": lambda language: details_view(
        Details(job=DONE, spent=()), language, with_buttons=True, shown=SHARE
    ),
    "details_failed": detailed(shown(State.FAILED)),
    "queued_first": lambda language: card.with_help(
        card.progress(shown(State.QUEUED), language, LATER), language
    ),
    "help": helping(),
    "help_refused": helping(DeclineReason.PENDING),
    "delete_question": lambda language: question_view(DONE, language),
    "forget_question": lambda language: forget_question(77, language),
    "close_question": lambda language: close_question(shown(State.UNSURE, sent_at=LATER), language),
    **ADMIN_CARDS,
    **OPERATOR_CARDS,
}

FORMS: Final[Mapping[str, DrawForm]] = {
    "form_change": lambda language: change_form(CHOSEN, language, offered=qualities()),
    "form_change_styled": lambda language: change_form(STYLED, language, offered=qualities()),
    "form_new": lambda language: change_form(
        CHOSEN, language, offered=qualities(), title=NEW_TITLE
    ),
    "form_like": lambda language: change_form(
        CHOSEN, language, offered=qualities(), job_id="0a1b2c", modal=LIKE_MODAL
    ),
    "form_decline": lambda language: decline_form("0a1b2c", language),
    "form_key": key_form,
    "form_binding": lambda language: bind_form("0a1b2c", language),
    "form_report": lambda language: report_form("0a1b2c", 3, language),
    "form_words_to_add": lambda language: word_form(language, removes=False),
    "form_words_to_remove": lambda language: word_form(language, removes=True),
    "form_style": lambda language: style_form("clay", language),
    "form_style_edited": lambda language: style_form(
        "k" * 32,
        language,
        edited=ServerStyle(style=Style(name="k" * 32, prompt="soft clay"), version=1),
    ),
    "form_shot": lambda language: builder_forms.add_form(a_draft(BOARD), language),
    "form_shot_edited": lambda language: builder_forms.edit_form(a_draft(BOARD), 1, language),
    "form_overall_prompt": lambda language: builder_forms.prompt_form(a_draft(BOARD), language),
    "form_storyboard_as_text": lambda language: builder_forms.text_form(a_draft(BOARD), language),
    **ADMIN_FORMS,
    **OPERATOR_FORMS,
}

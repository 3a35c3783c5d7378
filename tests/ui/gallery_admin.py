"""Every page of managers' panel, its windows, the month's sums and the trail, for the snapshots."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from discord import ui

from bot.domain.money.keys import ServerKey
from bot.domain.money.ledger import Caps
from bot.domain.money.policy import OperatorLimits
from bot.domain.preferences import Notify
from bot.domain.servers import (
    NOTHING_DECIDED,
    REASON_MAX_CHARS,
    ROLE_RULES_MAX,
    AuditEntry,
    RoleRule,
    ServerSettings,
)
from bot.features.servers.server_settings import SEVERAL_MAX, CapsKind, CapsOf
from bot.features.spending import DaySum, MonthOfServer, Spend
from bot.languages.language import Language
from bot.ui.layout import note
from cogs.greetings import greeting
from cogs.kling_admin.audit import trail
from cogs.kling_admin.key import key_card, key_form, removal_question
from cogs.kling_admin.limits import caps_form, zone_form
from cogs.kling_admin.panel import Panel, There, panel
from cogs.kling_admin.settings import PanelPage
from cogs.kling_admin.setup_card import KEY_MODAL, Setup, Step, setup_card
from cogs.kling_admin.spend import spend_view
from tests.domain.samples import NOON

RED, BLUE, GONE, VIDEOS, LOG = 11, 12, 13, 21, 22
KITE_CLUB: Final = There(
    guild_id=1, role_ids=frozenset({1, RED, BLUE}), channel_ids=frozenset({VIDEOS, LOG})
)
DECIDED: Final = ServerSettings(
    allowed_role_ids=(RED, GONE),
    role_rules={
        RED: RoleRule(
            each=Caps(day_videos=3, month_microusd=20_000_000),
            together=Caps(day_microusd=9_000_000),
            is_reviewed=True,
        ),
        BLUE: RoleRule(is_exempt=True, together=Caps(day_microusd=9_000_000)),
        GONE: RoleRule(is_exempt=True),
    },
    allowed_channel_ids=(VIDEOS,),
    denied_channel_ids=(LOG, GONE),
    paused_because="*Holidays*",
    blocked_by_operator=True,
    private_by_default=True,
    longest_duration_s=10,
    sound_allowed=False,
    spoiler=True,
    ask_above_microusd=1_000_000,
    notify=Notify.DIRECT,
    time_zone="Asia/Kathmandu",
    server_caps=Caps(day_microusd=5_000_000, month_videos=1),
    member_caps=Caps(day_videos=2),
    at_once_per_user=1,
    at_once=7,
    log_channel_id=LOG,
    review_channel_id=GONE,
    age_restricted_only=True,
)
LARGE: Final = Caps(
    day_microusd=99_999_990_000,
    month_microusd=999_999_990_000,
    day_videos=99_999,
    month_videos=999_999,
)
FULL: Final = DECIDED.model_copy(
    update={
        "role_rules": {
            10**18 + number: RoleRule(each=LARGE, together=LARGE, is_reviewed=True)
            for number in range(ROLE_RULES_MAX)
        },
        "paused_because": "*" * REASON_MAX_CHARS,
        "allowed_role_ids": tuple(range(10**18, 10**18 + SEVERAL_MAX)),
        "allowed_channel_ids": tuple(range(10**18, 10**18 + SEVERAL_MAX)),
        "denied_channel_ids": tuple(range(10**18, 10**18 + SEVERAL_MAX)),
        "server_caps": LARGE,
        "member_caps": LARGE,
    }
)
MONTH: Final = MonthOfServer(
    days=[date(2026, 11, day) for day in range(1, 31)],
    zone=ZoneInfo("Europe/Rome"),
    lines=[
        DaySum(date(2026, 11, 2), 77, Spend(0, 2_520_000, 840_000, 2)),
        DaySum(date(2026, 11, 22), 78, Spend(840_000, 0, 0, 1)),
        DaySum(date(2026, 11, 22), None, Spend(0, 12_600_000, 0, 15)),
    ],
)

A_KEY: Final = ServerKey(id=9, guild_id=1, tail="77aa", set_by=77, set_at=NOON)
DrawCard = Callable[[Language], ui.LayoutView]
DrawForm = Callable[[Language], ui.Modal]


def page(shown: PanelPage, settings: ServerSettings = DECIDED, role_id: int = 0) -> DrawCard:
    state = Panel(
        settings=settings,
        there=KITE_CLUB,
        offered=("standard", "pro"),
        page=shown,
        role_id=role_id,
    )
    return lambda language: panel(state, language)


def step(
    shown: Step,
    settings: ServerSettings = DECIDED,
    key: ServerKey | None = None,
    paid_server_ids: frozenset[int] | None = None,
) -> DrawCard:
    limits = OperatorLimits(
        total=Caps(day_microusd=20_000_000),
        per_server=Caps(month_microusd=50_000_000),
        per_user=Caps(day_videos=3),
        paid_server_ids=paid_server_ids,
    )
    state = Setup(step=shown, settings=settings, there=KITE_CLUB, limits=limits, key=key)
    return lambda language: setup_card(state, language)


def key_of(key: ServerKey | None, *, operator_pays: bool = True) -> DrawCard:
    return lambda language: key_card(language, key, are_offered=True, operator_pays=operator_pays)


def greeted(limits: OperatorLimits, help_id: int | None = None) -> DrawCard:
    return lambda language: greeting(language, guild_id=1, key=None, limits=limits, help_id=help_id)


def caps(kind: CapsKind) -> DrawForm:
    return lambda language: caps_form(CapsOf(kind, RED), DECIDED, language)


def an_entry(what: str, before: str, after: str) -> AuditEntry:
    return AuditEntry(guild_id=1, at=NOON, by_user_id=77, what=what, before=before, after=after)


TRAIL: Final = (
    an_entry("paused_because", "null", '"Holidays"'),
    an_entry("allowed_role_ids", f"[{RED}]", f"[{BLUE}]"),
    an_entry("role_rules", "{}", '{"11": {"is_exempt": true}, "1": {"is_reviewed": true}}'),
    an_entry("server_caps", "{}", '{"day_microusd": 5000000}'),
    an_entry("time_zone", "null", '"Europe/Rome"'),
)

ADMIN_CARDS: Final[Mapping[str, DrawCard]] = {
    **{f"panel_{one}": page(one, NOTHING_DECIDED) for one in PanelPage},
    **{f"panel_{one}_decided": page(one) for one in PanelPage},
    "panel_who_full": page(PanelPage.WHO, FULL),
    "panel_role": page(PanelPage.WHO, role_id=RED),
    "panel_role_of_everybody": page(PanelPage.WHO, role_id=1),
    "panel_role_exempt": page(PanelPage.WHO, role_id=BLUE),
    "panel_role_gone": page(PanelPage.WHO, role_id=GONE),
    **{f"setup_{one}": step(one, NOTHING_DECIDED) for one in Step},
    **{f"setup_{one}_decided": step(one) for one in Step},
    "setup_payer_with_a_key": step(Step.PAYER, key=A_KEY),
    "setup_payer_with_a_broken_key": step(Step.PAYER, key=replace(A_KEY, broken_at=NOON)),
    "setup_payer_not_paid_for": step(Step.PAYER, paid_server_ids=frozenset()),
    "key_none": key_of(None),
    "key_none_and_not_paid_for": key_of(None, operator_pays=False),
    "key_given": key_of(A_KEY),
    "key_question": lambda language: removal_question(language, A_KEY),
    "greeting": greeted(OperatorLimits()),
    "greeting_within_limits": greeted(OperatorLimits(per_server=Caps(day_microusd=2_000_000)), 5),
    "greeting_not_paid_for": greeted(OperatorLimits(paid_server_ids=frozenset())),
    "spend": lambda language: spend_view(MONTH, language),
    "audit": lambda language: note(trail(language, TRAIL, guild_id=1)),
}

ADMIN_FORMS: Final[Mapping[str, DrawForm]] = {
    **{f"form_caps_{kind}": caps(kind) for kind in CapsKind},
    "form_setup_key": lambda language: key_form(language, custom_id=KEY_MODAL.of()),
    "form_time_zone": lambda language: zone_form(DECIDED, language),
}

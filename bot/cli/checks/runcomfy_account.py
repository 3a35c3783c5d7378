"""Checks that RunComfy takes the key, that the account has money, and the model's price."""

from typing import Final, assert_never

from bot.cli.checks.outcome import Broken, Outcome, Passed, Skipped
from bot.domain.figures import said_dollars, said_number
from bot.domain.outcomes import Unanswered
from bot.domain.price import (
    SILENT_MICROUSD_PER_S,
    SOUND_MICROUSD_PER_S,
    estimate_microusd,
    price_microusd,
)
from bot.domain.request import DURATION_MIN_S, GenerationRequest
from bot.runcomfy.account import (
    AccountBalance,
    BalanceOutcome,
    CatalogueOutcome,
    KeyRefused,
    ListedModel,
    ModelMissing,
)

CHEAPEST_MICROUSD: Final = price_microusd(DURATION_MIN_S, sound=False)
_USUAL: Final = GenerationRequest(prompt="any")
_NO_MODEL: Final = "RunComfy no longer has this model: look for a newer version of this bot."
_UNCOMPARED: Final = "there; its price is not given by the second, so compare it yourself"


def judged_key(said: CatalogueOutcome) -> Outcome:
    """Whether RunComfy took the key: the catalogue answers no caller without one."""
    match said:
        case ListedModel() | ModelMissing():
            return Passed("taken")
        case KeyRefused():
            return Broken(
                "RunComfy does not accept RUNCOMFY_API_KEY: copy it again from your profile there."
            )
        case Unanswered(what_happened):
            return _silent(what_happened)
        case _:
            assert_never(said)


def judged_balance(said: BalanceOutcome) -> Outcome:
    """Whether the account can pay for any video."""
    match said:
        case AccountBalance(microusd) if microusd < CHEAPEST_MICROUSD:
            return Broken(
                f"The balance is {said_dollars(microusd)}, and the shortest video costs "
                f"{said_dollars(CHEAPEST_MICROUSD)}: put money on your RunComfy account."
            )
        case AccountBalance(microusd):
            videos = said_number(microusd // estimate_microusd(_USUAL), "video")
            return Passed(
                f"{said_dollars(microusd)}: about {videos} of {_USUAL.duration_s} s with sound"
            )
        case KeyRefused():
            return Skipped("only told to a key that is taken")
        case Unanswered(what_happened):
            return _silent(what_happened)
        case _:
            assert_never(said)


def judged_model(said: CatalogueOutcome) -> Outcome:
    """Whether the model is there, at the price that cards and budgets use."""
    match said:
        case ListedModel(None, _):
            return Passed(_UNCOMPARED)
        case ListedModel(silent, with_sound):
            return _judged_price(silent or 0, with_sound)
        case ModelMissing():
            return Broken(_NO_MODEL)
        case KeyRefused():
            return Skipped("only told to a key that is taken")
        case Unanswered(what_happened):
            return _silent(what_happened)
        case _:
            assert_never(said)


def _judged_price(silent_microusd: int, with_sound_microusd: int | None) -> Outcome:
    if silent_microusd != SILENT_MICROUSD_PER_S:
        return _differs(silent_microusd, "", SILENT_MICROUSD_PER_S)
    if with_sound_microusd is None:
        return Passed(
            f"there, at {said_dollars(silent_microusd)} per second as estimated; "
            "the price with sound is not named"
        )
    if with_sound_microusd != SOUND_MICROUSD_PER_S:
        return _differs(with_sound_microusd, " with sound", SOUND_MICROUSD_PER_S)
    return Passed(
        f"there, at {said_dollars(silent_microusd)} per second and "
        f"{said_dollars(with_sound_microusd)} with sound, as estimated"
    )


def _differs(said_microusd: int, what: str, estimated_microusd: int) -> Broken:
    return Broken(
        f"RunComfy asks {said_dollars(said_microusd)} per second{what} and this bot estimates with "
        f"{said_dollars(estimated_microusd)}: look for a newer version of it."
    )


def _silent(what_happened: str) -> Broken:
    return Broken(f"RunComfy gives no usable answer ({what_happened}). Please try again later.")

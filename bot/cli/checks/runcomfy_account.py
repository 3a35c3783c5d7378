"""Checks that RunComfy takes the key, that the account has money, and the models' prices."""

from collections.abc import Iterable, Mapping
from typing import Final, assert_never

from bot.app.run import KEY_NOT_ACCEPTED
from bot.cli.checks.outcome import Broken, Outcome, Passed, Skipped, Warned
from bot.domain.figures import said_dollars, said_number
from bot.domain.generation.models import USUAL, Model, model_named
from bot.domain.generation.request import DURATION_DEFAULT_S
from bot.domain.money.price import Prices
from bot.domain.outcomes import Unanswered
from bot.runcomfy.account import (
    AccountBalance,
    BalanceOutcome,
    CatalogueOutcome,
    KeyRefused,
    ListedModel,
    ModelMissing,
)

CHEAPEST_MICROUSD: Final = Prices().cheapest_microusd()


def judged_key(said: CatalogueOutcome) -> Outcome:
    """Whether RunComfy took the key: the catalogue answers no caller without one."""
    match said:
        case ListedModel() | ModelMissing():
            return Passed("accepted")
        case KeyRefused():
            return Broken(KEY_NOT_ACCEPTED)
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
            videos = said_number(microusd // Prices().usual_microusd, "video")
            return Passed(
                f"{said_dollars(microusd)}: about {videos} of {DURATION_DEFAULT_S} s with sound"
            )
        case KeyRefused():
            return Skipped("RunComfy tells this only to a key it accepts")
        case Unanswered(what_happened):
            return _silent(what_happened)
        case _:
            assert_never(said)


def judged_models(said: Mapping[str, CatalogueOutcome]) -> Outcome:
    """Whether the models are there, as declared, by the answer about each model's id."""
    wrong: list[str] = []
    for model_id, answer in said.items():
        model = model_named(model_id)
        match answer:
            case KeyRefused():
                return Skipped("RunComfy tells this only to a key it accepts")
            case Unanswered(what_happened):
                return _silent(what_happened)
            case ModelMissing():
                wrong.append(f"{model_id} is gone.")
            case ListedModel() if model is not None:
                wrong += _differences(model, answer)
            case _:
                pass
    if not wrong:
        return Passed(f"{said_number(len(said), 'model')}, at the prices that this bot expects")
    advice = " ".join([*wrong, "Look for a newer version of this bot."])
    return Broken(advice) if isinstance(said.get(USUAL.id), ModelMissing) else Warned(advice)


def _differences(model: Model, listed: ListedModel) -> Iterable[str]:
    silent, sound = listed.microusd_per_s, listed.sound_microusd_per_s
    if silent is None:
        yield f"{model.id} gives no price by the second: compare it yourself."
    elif silent != model.silent_microusd_per_s:
        yield _priced(model.id, silent, "", model.silent_microusd_per_s)
    if sound is not None and sound != model.sound_microusd_per_s:
        yield _priced(model.id, sound, " with sound", model.sound_microusd_per_s)
    names = frozenset(model.names.values())
    if listed.options is not None and (unknown := names - listed.options):
        yield f"{model.id} doesn't take {', '.join(sorted(unknown))}."
    if new := listed.required - names:
        yield f"{model.id} needs {', '.join(sorted(new))}, which this bot doesn't send."


def _priced(model_id: str, asked_microusd: int, how: str, estimated_microusd: int) -> str:
    what_holds = (
        "the higher price holds" if asked_microusd > estimated_microusd else "the estimate is kept"
    )
    return (
        f"{model_id} costs {said_dollars(asked_microusd)} per second{how}, and this bot estimates "
        f"with {said_dollars(estimated_microusd)}: {what_holds}."
    )


def _silent(what_happened: str) -> Broken:
    return Broken(f"RunComfy gives no usable answer ({what_happened}). Please try again later.")
